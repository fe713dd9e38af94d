"""The reader of Mathpix Markdown, MathJax being part of it, as npm installed it: its source and its version.

One npm manifest installs it, in one template folder, for all renderers that use it.
"""

import json
from pathlib import Path

import templates
from renderers.core.errors import EngineStartError
from renderers.core.install import npm_line

_TEMPLATE_FOLDER = "mathpix_formulas"
_PACKAGE = "mathpix-markdown-it"


def reader_version() -> dict[str, str]:
    """{package: version} of the reader; raises EngineStartError where it is not installed."""
    return {_PACKAGE: str(json.loads(_installed("package.json").read_bytes())["version"])}


def reader_source() -> str:
    """The reader's JavaScript; raises EngineStartError where it is not installed."""
    return _installed("es5/bundle.js").read_text(encoding="utf-8")


def _installed(file: str) -> Path:
    path = templates.installed(_TEMPLATE_FOLDER, f"{_PACKAGE}/{file}")
    if not path.is_file():
        raise EngineStartError(f"{_PACKAGE} is not installed; install it: {npm_line(_TEMPLATE_FOLDER, 'mathjax')}")
    return path
