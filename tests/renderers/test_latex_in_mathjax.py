"""Targets of formulas in the reader that GOT's users have: Mathpix Markdown draws them, and says no error."""

import json
from random import Random

import templates
from renderers.engines.chromium import Chromium
from renderers.labels.latex import grammar as latex
from tests.latex_formulas import Writer, every_command

PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body></body></html>'
RENDER = """(texts) => JSON.stringify(JSON.parse(texts).map(
    (text) => window.markdownToHTML(text, {htmlTags: false, width: 1000, outMath: {include_svg: true}})))"""


def targets(num: int) -> list[str]:
    found = [latex.normalize(source) for source in every_command()]
    for seed in range(num):
        source = Writer(Random(seed)).target()
        if (latex.check(source) or "not canonical").startswith("not canonical"):
            found.append(latex.normalize(source))
    return found


def test_mathjax_draws_every_target() -> None:
    bundle = templates.installed("mathpix_formulas", "mathpix-markdown-it/es5/bundle.js").read_text(encoding="utf-8")
    texts = [*targets(200), r"\( \notacommand \)"]
    with Chromium() as engine:
        page = engine.page("mathpix", PAGE, lambda: (bundle,))
        drawn = json.loads(page.evaluate(RENDER, json.dumps(texts)))
    refused = [
        text
        for text, html in zip(texts, drawn, strict=True)
        if "merror" in html or "Undefined control sequence" in html or html.count("<svg") < text.count(r"\( ")
    ]
    # The last one shows that an error would be seen.
    assert refused == texts[-1:]
