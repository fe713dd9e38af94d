"""The Mathpix-markdown reader as a script, for pages that got_model writes; it finds this by an entry point."""

from renderers.core.errors import EngineStartError
from templates import installed

_BUNDLE = "mathpix-markdown-it/es5/bundle.js"


def reader_script() -> str:
    """JavaScript that gives a page `window.render` and `window.loadMathJax`.

    Raises:
        EngineStartError: it is not installed.
    """
    path = installed("mathpix_formulas", _BUNDLE)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise EngineStartError("mathpix-markdown-it is not installed: run make setup") from error
