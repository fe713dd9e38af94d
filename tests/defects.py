"""Browser pages that do not draw what they are told, to see that the proofs notice."""

import json
from collections.abc import Callable

import pytest

import templates

Change = Callable[[str], str]
"""Of a file's text."""


def swallow(old: str, new: str) -> Change:
    """Of a script: the reader of Mathpix-markdown reads something else."""
    return lambda script: (
        f"window.read = window.markdownToHTML; window.markdownToHTML = (text, options) =>"
        f" window.read(text.replaceAll({json.dumps(old)}, {json.dumps(new)}), options);{script}"
    )


def swapped(old: str, new: str) -> Change:
    """Of a script: a piece of it is another."""

    def change(script: str) -> str:
        assert old in script
        return script.replace(old, new, 1)

    return change


def styled(css: str) -> Change:
    """Of a page: it has more style."""
    return lambda html: html.replace("</style>", f"{css}</style>", 1)


def change_template(monkeypatch: pytest.MonkeyPatch, file: str, change: Change) -> None:
    """Templates of that file name read changed, for this test."""
    real = templates.text
    monkeypatch.setattr(
        templates, "text", lambda name, asked: change(real(name, asked)) if asked == file else real(name, asked)
    )
