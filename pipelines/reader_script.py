"""The Mathpix-markdown reader as a script, for pages that got_model writes; it finds this by an entry point."""

from renderers.drawing.printed.mathpix_reader import reader_source


def reader_script() -> str:
    """JavaScript that gives a page `window.render` and `window.loadMathJax`.

    Raises:
        EngineStartError: it is not installed.
    """
    return reader_source()
