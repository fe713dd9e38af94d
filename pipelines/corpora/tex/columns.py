r"""Types of columns that a document defines, \newcolumntype{C}{>{\centering}p{2cm}}, written out in its tables."""

import re
from collections.abc import Mapping

from pipelines.corpora.stats import Rejection
from pipelines.corpora.tex.definitions import Macro, end_of_group

_BEGIN = re.compile(r"\\begin\s*\{(tabular\*?|tabularx|tabulary|longtable|array)\}\s*(?:\[[^\[\]]*\]\s*)?")
_WIDE = frozenset(("tabular*", "tabularx", "tabulary"))
_PRINTS = frozenset("><@!pmbwWX")
"""Columns whose groups hold no columns but text or a length."""
_MAX_ROUNDS = 8


def expand_columns(text: str, types: Mapping[str, Macro], max_chars: int) -> str:
    """The text with the column list of each table in the columns that LaTeX and its packages know.

    Args:
        text: of formulas or tables.
        types: by letter.
        max_chars: length of the result, characters.

    Raises:
        Rejection: no end, or too long.
    """
    pieces: list[str] = []
    copied_to = 0
    for match in _BEGIN.finditer(text):
        start = match.end()
        if match[1] in _WIDE:
            start = max(start, end_of_group(text, start))
            start += len(text[start:]) - len(text[start:].lstrip())
        end = end_of_group(text, start) if text[start : start + 1] == "{" else -1
        if end < 0 or start < copied_to:
            continue
        columns = text[start + 1 : end - 1]
        for _ in range(_MAX_ROUNDS):
            written = _write_out(columns, types)
            if written == columns:
                break
            columns = written
            if len(columns) > max_chars:
                raise Rejection("over_limit", "too long when expanded")
        else:
            raise Rejection("macro_endless", text[start:end])
        pieces += (text[copied_to : start + 1], columns)
        copied_to = end - 1
    return "".join([*pieces, text[copied_to:]])


def _write_out(columns: str, types: Mapping[str, Macro]) -> str:
    pieces: list[str] = []
    at = 0
    while at < len(columns):
        char = columns[at]
        at += 1
        if char == "\\":
            pieces.append(columns[at - 1 : at + 1])
            at += 1
            continue
        macro = types.get(char)
        groups: list[str] = []
        num = len(macro.signature) if macro else 2 if char in "*wW" else int(char in _PRINTS or char == "{")
        at -= char == "{"
        for _ in range(num):
            end = end_of_group(columns, at) if columns[at : at + 1] == "{" else -1
            if end < 0:
                break
            groups.append(columns[at:end])
            at = end
        if macro is not None and macro.body is not None:
            pieces.append(re.sub(r"#(\d)", lambda slot, given=groups: _argument(slot, given), macro.body))  # type: ignore[misc]
        elif char == "*" and len(groups) == 2:
            pieces += ("*", groups[0], "{", _write_out(groups[1][1:-1], types), "}")
        else:
            pieces += ("" if char == "{" else char, *groups)
    return "".join(pieces)


def _argument(slot: re.Match[str], groups: list[str]) -> str:
    number = int(slot[1])
    if not 1 <= number <= len(groups):
        raise Rejection("macro_misused", f"a column has no #{number}")
    return groups[number - 1][1:-1]
