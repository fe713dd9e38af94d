"""Answers of `got-model read` as an HTML page: each picture, and beside it the text rendered as Mathpix-markdown.

One file that needs no network. What the model answered is data in it, never markup of the page: the reader is told to
show HTML as text. Without the reader (a machine that only trains) the text is shown as it is.
"""

import base64
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

import jinja2

from got_model.generate import Answer
from renderers.core.errors import ConfigError, EngineError

_GROUP = "got_model.reader_scripts"
"""Entry points of this group are functions without arguments that return JavaScript."""

_MEDIA = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".gif": "gif", ".bmp": "bmp"}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline';
 font-src data:; script-src 'unsafe-inline' 'unsafe-eval'">
<title>What was read</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; }
  section { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; padding: 1.5rem 0; border-top: 1px solid #ccc; }
  img { max-width: 100%; }
  .cut { color: #a00; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  @media (max-width: 50rem) { section { grid-template-columns: 1fr; } }
</style>
{% if script %}<script>{{ script | safe }}</script>{% endif %}
</head>
<body>
{% for section in sections %}
<section>
  <div>{% for uri in section.pictures %}<img alt="" src="{{ uri }}">{% endfor %}</div>
  <div>
    <article data-text="{{ section.text }}"><pre>{{ section.text }}</pre></article>
    {% if section.cut %}<p class="cut">Cut here: the limit of tokens was reached.</p>{% endif %}

  </div>
</section>
{% endfor %}
{% if script %}<script>
  if (window.loadMathJax) window.loadMathJax();
  for (const article of document.querySelectorAll("article")) {
    const set = window.render(article.dataset.text, { htmlTags: false });
    if (set && set.trim()) article.innerHTML = set;
  }
</script>{% endif %}
</body>
</html>
"""


def write_html(path: Path, images: Sequence[Path], answers: Sequence[Answer]) -> None:
    """Write pictures and what was read in them; one answer to several pictures stands beside all of them.

    Raises:
        ConfigError: the page cannot be written.
    """
    groups = [list(images)] if len(answers) == 1 else [[image] for image in images]
    sections = [
        {"pictures": [_data_uri(image) for image in group], "text": answer.text, "cut": answer.cut}
        for group, answer in zip(groups, answers, strict=True)
    ]
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(_PAGE)
    try:
        path.write_text(page.render(sections=sections, script=_script()), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error


def _script() -> str:
    for point in entry_points(group=_GROUP):
        try:
            script: str = point.load()()
        except (ImportError, EngineError):
            continue
        # Inside of a page a script ends where its text says so, strings included.
        return script.replace("</script", "<\\/script")
    return ""


def _data_uri(image: Path) -> str:
    kind = _MEDIA.get(image.suffix.lower(), "png")
    return f"data:image/{kind};base64,{base64.b64encode(image.read_bytes()).decode()}"
