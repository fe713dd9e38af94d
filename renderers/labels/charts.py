"""OneChart's dictionary as compact JSON: the target of every chart.

    {"title":"…","source":"…","x_title":"…","y_title":"…","values":{…}}

All five keys, in this order. What the picture does not have is the string "None". `values` is
`{category: value}` for one nameless series or `{series: {category: value}}`; a value is a string that is readable in
the picture, digit for digit ("12.50", "1,200", "8%"), or, for marks with several numbers (box plot, candlestick,
bubble), a dictionary of `PARTS`. Categories and series stand in reading order, so order is part of the text; `equal`
ignores it.

Source: OneChart, ChartSE evaluation (labels as Python dictionaries with these keys, missing = "None").
"""

import html
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeAlias

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span, find_fault

KEYS = ("title", "source", "x_title", "y_title", "values")
ABSENT = "None"
PARTS = ("x", "y", "size", "min", "q1", "median", "q3", "max", "open", "close", "low", "high")
"""Names of the numbers of a mark that has several; the only words of a target that are not inked."""

Path: TypeAlias = tuple[str, ...]
Values: TypeAlias = dict[str, Any]


def write(target: Mapping[str, Any]) -> tuple[str, dict[Path, Span]]:
    """The canonical text of a target and where each of its strings stands in it.

    Returns:
        The text, and for each path its span of characters, quotes left out. The path of a value is the keys that lead
        to it, `("values", "Sales", "2019")`; the path of a key ends in an empty string: `("values", "Sales", "")`.
    """
    pieces: list[str] = []
    spans: dict[Path, Span] = {}
    length = 0

    def put(text: str) -> None:
        nonlocal length
        pieces.append(text)
        length += len(text)

    def put_string(text: str, path: Path) -> None:
        encoded = json.dumps(text, ensure_ascii=False)
        spans[path] = (length + 1, length + len(encoded) - 1)
        put(encoded)

    def put_tree(node: Any, path: Path) -> None:
        if isinstance(node, str):
            put_string(node, path)
            return
        put("{")
        for index, (key, child) in enumerate(node.items()):
            put("," if index else "")
            put_string(key, (*path, key, ""))
            put(":")
            put_tree(child, (*path, key))
        put("}")

    put_tree({key: target[key] for key in KEYS}, ())
    return "".join(pieces), spans


def to_text(target: Mapping[str, Any]) -> str:
    """The text that `write` gives, without the spans: a third of its time."""
    return json.dumps({key: target[key] for key in KEYS}, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> dict[str, Any]:
    """A target as a dictionary.

    Raises:
        LabelError: it is not JSON, lacks a key, has another one, or a value that is no string or dictionary.
    """
    try:
        target = json.loads(text, object_pairs_hook=_unique)
    except (json.JSONDecodeError, RecursionError) as error:
        raise LabelError(f"not JSON: {error}") from error
    if not isinstance(target, dict) or set(target) != set(KEYS):
        raise LabelError(f"keys must be {', '.join(KEYS)}")
    for key in KEYS[:4]:
        if not isinstance(target[key], str) or not target[key]:
            raise LabelError(f"{key} must be a string that is not empty")
    if not isinstance(target["values"], dict) or not target["values"]:
        raise LabelError("values must be a dictionary that is not empty")
    _check_values(target["values"], 1)
    return target


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise LabelError(f"a key stands twice among {keys}")
    return dict(pairs)


def _check_values(values: Mapping[str, Any], level: int) -> None:
    for key, value in values.items():
        if not key:
            raise LabelError("an empty key in values")
        if isinstance(value, dict) and level < 3 and value:
            _check_values(value, level + 1)
        elif not isinstance(value, str) or not value:
            raise LabelError(f"the value of {key!r} must be a string or a dictionary, neither empty")


def normalize(text: str) -> str:
    """The canonical text: fixed key order, no blanks between tokens, characters as they are. Idempotent.

    Raises:
        LabelError: not a target.
    """
    return _rewrite(text)[0]


@lru_cache(maxsize=4)  # A row's label is checked, and then its inked spans are read.
def _rewrite(text: str) -> tuple[str, dict[Path, Span]]:
    return write(read(text))


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "key order, blanks or escapes")


def leaves(values: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """All (path, value) of `values`, in order."""
    for key, value in values.items():
        if isinstance(value, str):
            yield (*path, key), value
        else:
            yield from leaves(value, (*path, key))


def number(text: str) -> Decimal | None:
    """The number of a value, without units and separators, or None where it has none."""
    kept = "".join(char for char in text.replace("\N{MINUS SIGN}", "-") if char.isdigit() or char in ".-")
    try:
        return Decimal(kept)
    except InvalidOperation:
        return None


def equal(a: str, b: str) -> bool:
    """Whether two targets mean the same: order, letter case of "None", and ways to write a number do not count.

    Raises:
        LabelError: one of them is not a target.
    """
    return bool(_meaning(read(a)) == _meaning(read(b)))


def _meaning(target: dict[str, Any]) -> Any:
    texts = tuple(" ".join(target[key].split()) for key in KEYS[:4])
    return texts, frozenset((path, _value_meaning(value)) for path, value in leaves(target["values"]))


def _value_meaning(value: str) -> Any:
    amount = number(value)
    marks = "".join(char for char in value if not (char.isdigit() or char in ".,-\N{MINUS SIGN} \N{THIN SPACE}"))
    return (amount.normalize(), marks) if amount is not None else value


def to_html(target: Mapping[str, Any]) -> str:
    """The same data as an HTML table: categories down, series (or `PARTS`) across; title as its caption."""
    values = target["values"]
    nested = any(isinstance(value, dict) for value in values.values())
    parted = nested and all(isinstance(value, dict) and set(value) <= set(PARTS) for value in values.values())
    corner = "" if target["x_title"] == ABSENT else target["x_title"]
    if not nested:
        heads = ["" if target["y_title"] == ABSENT else target["y_title"]]
        rows = [[key, value] for key, value in values.items()]
    elif parted:
        heads = list(next(iter(values.values())))
        rows = [[key, *(value.get(part, "") for part in heads)] for key, value in values.items()]
    else:
        heads = list(values)
        names = list(dict.fromkeys(name for series in values.values() for name in series))
        rows = [[name, *(_cell(values[head].get(name, "")) for head in heads)] for name in names]
    caption = "" if target["title"] == ABSENT else f"<caption>{html.escape(target['title'], quote=False)}</caption>"
    lines = [_row([corner, *heads], "th"), *(_row(row, "td") for row in rows)]
    return f"<table>{caption}{''.join(lines)}</table>"


def _cell(value: str | Mapping[str, str]) -> str:
    return value if isinstance(value, str) else ", ".join(f"{part}={text}" for part, text in value.items())


def _row(cells: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell, quote=False)}</{tag}>" for cell in cells) + "</tr>"


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show, each with its text.

    These are all its strings but the five keys, "None" and `PARTS`; a category that several series have is inked once,
    and its span is the first in the text.
    """
    wanted = []
    keys: set[str] = set()
    for path, (start, stop) in _rewrite(text)[1].items():
        if path[-1] == "":
            key = path[-2]
            if len(path) > 2 and key not in PARTS and key not in keys:
                wanted.append(((start, stop), key))
            keys.add(key)
        elif (word := text[start:stop]) != ABSENT:
            wanted.append(((start, stop), json.loads(f'"{word}"')))
    return wanted
