"""What a report says of rows: columns of numbers of those that were measured, whole plain rows of those shown.

Everything here becomes JSON in the page, so shapes are chosen for the page: names of parts and kinds are numbers into a
list, spans count UTF-16 units as JavaScript does.
"""

import base64
import hashlib
import json
import math
from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.report.sample import RowGroup, pick_evenly, read_row_groups, read_rows
from renderers.core.sample import REJECT_SCHEMA, SCHEMA, kind_of

_CATEGORIES = ("part", "split", "kind", "language")
_DIFFICULTY = [field.name for field in SCHEMA.field("difficulty").type]
_MEASURED_COLUMNS = ("spec", "format", "language", "width", "height", "attempt", "markup", "regions", "difficulty")

_MAX_PICTURE_BYTES = 48 << 20
"""All pictures of a report together: a page of this size still opens at once from a disk."""


def measure(row_groups: Sequence[RowGroup]) -> dict[str, list[Any]]:
    """Columns of equal length over all rows of the row groups; None where a row does not say."""
    columns: dict[str, list[Any]] = {name: [] for name in _CATEGORIES}
    numbers = ("characters", "regions", "width", "height", "attempt", *_DIFFICULTY)
    columns |= {name: [] for name in numbers}
    for row_group, table in zip(row_groups, read_row_groups(row_groups, _MEASURED_COLUMNS), strict=True):
        size = table.num_rows
        formats = _column(table, "format", size)
        specs = _column(table, "spec", size)
        columns["part"] += [row_group.shard.part] * size
        columns["split"] += [row_group.shard.split] * size
        columns["kind"] += [kind_of(spec, name or "") for spec, name in zip(specs, formats, strict=True)]
        columns["language"] += [language or "" for language in _column(table, "language", size)]
        columns["characters"] += pc.utf8_length(table["markup"]).to_pylist()
        columns["regions"] += pc.list_value_length(table["regions"]).to_pylist()
        for name in ("width", "height", "attempt"):
            columns[name] += _column(table, name, size)
        difficulties = _column(table, "difficulty", size)
        for name in _DIFFICULTY:
            columns[name] += [tidy(value.get(name)) if value else None for value in difficulties]
    return columns


def coded(columns: dict[str, list[Any]]) -> dict[str, Any]:
    """Measured columns for the page: `names` of each category, and `columns` in which they are indices into `names`."""
    names = {field: sorted(set(columns[field])) for field in _CATEGORIES}
    indices = {field: {name: index for index, name in enumerate(names[field])} for field in _CATEGORIES}
    codes = {field: [indices[field][name] for name in columns[field]] for field in _CATEGORIES}
    return {"names": names, "columns": columns | codes}


def show(
    row_groups: Sequence[RowGroup], columns: dict[str, list[Any]], num: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of the gallery and their pictures (base64), mixed by the digest of their ids.

    Args:
        row_groups: row groups that were measured.
        columns: what `measure` said of them.
        num: rows wanted; they are spread over parts, splits and kinds, and cut where the pictures get too large.
    """
    picked = pick_evenly(list(zip(*(columns[field] for field in _CATEGORIES[:3]), strict=True)), num)
    rows = read_rows(row_groups, picked, SCHEMA.names)
    mixed = sorted(zip(picked, rows, strict=True), key=lambda pair: hashlib.sha256(pair[1]["id"].encode()).digest())
    shown: list[dict[str, Any]] = []
    pictures: list[str] = []
    left_bytes = _MAX_PICTURE_BYTES
    for at, row in mixed:
        picture = row["image"]["bytes"]
        left_bytes -= len(picture)
        if left_bytes < 0 and shown:
            break
        shown.append(_plain_row(row) | {"at": at})
        pictures.append(base64.b64encode(picture).decode())
    return shown, pictures


def show_rejects(row_groups: Sequence[RowGroup], num: int) -> tuple[list[dict[str, Any]], list[str | None]]:
    """Rejected draws, evenly by reason and kind, and their pictures (base64, or None where none was drawn)."""
    cells: list[tuple[str, str]] = []
    for table in read_row_groups(row_groups, ("reason", "spec")):
        specs = _column(table, "spec", table.num_rows)
        cells += [
            (reason or "", kind_of(spec, "")) for reason, spec in zip(table["reason"].to_pylist(), specs, strict=True)
        ]
    picked = pick_evenly([reason for reason, _ in cells], num)
    rows, pictures = [], []
    for at, row in zip(picked, read_rows(row_groups, picked, REJECT_SCHEMA.names), strict=True):
        picture = (row.pop("image", None) or {}).get("bytes")
        spec = row.pop("spec", None)
        rows.append(row | {"kind": cells[at][1], "spec": spec or ""})
        pictures.append(base64.b64encode(picture).decode() if picture else None)
    return rows, pictures


def tidy(value: Any) -> Any:
    """A number as JSON can hold it: floats of four significant places, None for what is no number."""
    if isinstance(value, float):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return value


def _plain_row(row: dict[str, Any]) -> dict[str, Any]:
    alternates = _read_json(row.get("alternates"))
    difficulty = row.get("difficulty") or {}
    plain = {name: row.get(name) for name in SCHEMA.names if name not in {"image", "regions", "difficulty"}}
    return plain | {
        "alternates": alternates if isinstance(alternates, dict) else {},
        "difficulty": {name: tidy(difficulty.get(name)) for name in _DIFFICULTY},
        "kind": kind_of(row.get("spec"), row.get("format") or ""),
        "regions": _plain_regions(row),
    }


def _plain_regions(row: dict[str, Any]) -> list[dict[str, Any]]:
    offsets = _utf16_offsets(row["markup"])
    regions = sorted(row.get("regions") or [], key=lambda region: region["order"])
    return [
        {
            "box": [round(edge, 2) for edge in region["box"]],
            "text": region["text"],
            "kind": region["kind"],
            "span": [offsets[at] if 0 <= at < len(offsets) else -1 for at in region["span"]],
        }
        for region in regions
    ]


def _utf16_offsets(text: str) -> list[int]:
    """For each position between characters, the number of UTF-16 units before it."""
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + (2 if ord(char) > 0xFFFF else 1))
    return offsets


def _column(table: pa.Table, name: str, size: int) -> list[Any]:
    return list(table[name].to_pylist()) if name in table.column_names else [None] * size


def _read_json(text: str | None) -> Any:
    try:
        return msgspec.json.decode(text) if text else None
    except (msgspec.DecodeError, RecursionError):
        return None


def to_script_json(value: Any) -> str:
    """JSON that may stand in a script block whatever it says: no `<`, so nothing can close the block."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
