"""The row: what the mill writes, what Hugging Face and got_model read.

One struct, one Arrow schema, and the digest of a row. The schema carries the `huggingface` metadata key, so that
`datasets` decodes pictures without an argument; it must match the Arrow types field for field or it is ignored.
Source: `datasets`, `Features.from_arrow_schema`.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from renderers.core.image import encode_png, shrink_to_grey
from renderers.core.jsonable import to_json
from renderers.core.prompts import PROMPTS, task_of
from renderers.core.renderer import Region, Rendered

SCHEMA_VERSION = 1

_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_REGION = pa.struct(
    [
        ("box", pa.list_(pa.float32(), 4)),
        ("text", pa.string()),
        ("kind", pa.string()),
        ("span", pa.list_(pa.int32(), 2)),
        ("order", pa.int32()),
    ]
)
_DIFFICULTY = pa.struct(
    [
        ("tokens", pa.int32()),
        ("depth", pa.int32()),
        ("smallest_glyph_px", pa.float32()),
        ("contrast", pa.float32()),
        ("degradation", pa.float32()),
    ]
)
_FIELDS = [
    ("id", pa.string()),
    ("image", _IMAGE),
    ("markup", pa.string()),
    ("format", pa.string()),
    ("alternates", pa.string()),
    ("task", pa.string()),
    ("prompt", pa.string()),
    ("language", pa.string()),
    ("regions", pa.list_(_REGION)),
    ("width", pa.int32()),
    ("height", pa.int32()),
    ("difficulty", _DIFFICULTY),
    ("spec", pa.string()),
    ("seed", pa.int64()),
    ("index", pa.int64()),
    ("attempt", pa.int32()),
    ("recipe_digest", pa.string()),
    ("renderer_version", pa.string()),
]


def hub_features(kind: pa.DataType) -> dict[str, Any]:
    """An Arrow type in the JSON form of `datasets.Features`."""
    if kind == _IMAGE:
        return {"_type": "Image"}
    if pa.types.is_struct(kind):
        return {kind.field(at).name: hub_features(kind.field(at).type) for at in range(kind.num_fields)}
    if pa.types.is_fixed_size_list(kind):
        return {"feature": hub_features(kind.value_type), "length": kind.list_size, "_type": "List"}
    if pa.types.is_list(kind):
        return {"feature": hub_features(kind.value_type), "_type": "List"}
    return {"dtype": {"float": "float32", "double": "float64"}.get(str(kind), str(kind)), "_type": "Value"}


def with_hub_metadata(fields: list[tuple[str, pa.DataType]]) -> pa.Schema:
    """A schema that Hugging Face reads as it is."""
    features = {name: hub_features(kind) for name, kind in fields}
    info = json.dumps({"info": {"features": features}})
    return pa.schema(fields, metadata={"huggingface": info, "glyphmill_schema": str(SCHEMA_VERSION)})


SCHEMA = with_hub_metadata(_FIELDS)
"""Arrow schema of a data set's shards."""

REJECT_SCHEMA = with_hub_metadata(
    [
        ("id", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("image", _IMAGE),
        ("spec", pa.string()),
        ("part", pa.string()),
        ("split", pa.string()),
        ("index", pa.int64()),
        ("attempt", pa.int32()),
    ]
)
"""Arrow schema of the quarantine: one row for each rejected draw that was kept to be looked at."""


class Address(msgspec.Struct, frozen=True):
    """Where a sample comes from: enough, with the recipe, to draw it again."""

    recipe: str
    part: str
    split: str
    index: int
    attempt: int
    seed: int
    recipe_digest: str
    renderer_version: str

    @property
    def id(self) -> str:
        """`recipe/part/split/000000042`."""
        return row_id(self.recipe, self.part, self.split, self.index)


def row_id(recipe: str, part: str, split: str, index: int) -> str:
    """The id of a row; ids of a data set sort by part, split, index."""
    return f"{recipe}/{part}/{split}/{index:09d}"


_TOKEN = re.compile(r"[A-Za-z]+|[^\sA-Za-z]")


def num_tokens(markup: str) -> int:
    """Length of a target in tokens: runs of Latin letters, and each other character that is no blank.

    A measure of difficulty that needs no vocabulary; a byte-pair vocabulary gives somewhat fewer.
    """
    return sum(1 for _ in _TOKEN.finditer(markup))


def make_row(
    address: Address,
    rendered: Rendered,
    spec: Any,
    markup_format: str,
    degradation: float = 0.0,
) -> dict[str, Any]:
    """A row of `SCHEMA` from what a renderer gave, degraded by 0..1."""
    pixels = shrink_to_grey(rendered.image)
    return {
        "id": address.id,
        "image": {
            "bytes": encode_png(pixels, noisy=degradation > 0),
            "path": f"{address.part}-{address.split}-{address.index:09d}.png",
        },
        "markup": rendered.markup,
        "format": markup_format,
        "alternates": to_json(dict(rendered.alternates)),
        "task": task_of(markup_format),
        "prompt": PROMPTS[task_of(markup_format)],
        "language": rendered.language,
        "regions": _region_rows(rendered.regions),
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "difficulty": {
            "tokens": num_tokens(rendered.markup),
            "depth": rendered.depth,
            "smallest_glyph_px": float(rendered.smallest_glyph_px),
            "contrast": float(rendered.contrast),
            "degradation": degradation,
        },
        "spec": to_json(spec),
        "seed": address.seed,
        "index": address.index,
        "attempt": address.attempt,
        "recipe_digest": address.recipe_digest,
        "renderer_version": address.renderer_version,
    }


def kind_of(spec: str | None, fallback: str) -> str:
    """What kind of picture a spec draws: its `kind`, or that of its first part that has one, else the fallback."""
    try:
        plain = json.loads(spec or "")
    except (ValueError, RecursionError):
        return fallback
    if not isinstance(plain, dict):
        return fallback
    kinds = [part["kind"] for part in (plain, *plain.values()) if isinstance(part, dict) and "kind" in part]
    return next((kind for kind in kinds if kind and isinstance(kind, str)), fallback)


def _region_rows(regions: Sequence[Region]) -> list[dict[str, Any]]:
    # Quarters of a pixel: finer says nothing, and float noise would cost a third of the file.
    boxes = (np.rint(np.array([region.box for region in regions], np.float64) * 4) / 4 + 0.0).tolist()  # no -0
    return [
        {"box": box, "text": region.text, "kind": region.kind, "span": list(region.span), "order": region.order}
        for region, box in zip(regions, boxes, strict=True)
    ]


_TEXT_COLUMNS = [name for name, _ in _FIELDS if name != "image"]


def row_digest(row: dict[str, Any]) -> str:
    """sha256 (hex) over every column of a row, pictures by their bytes; equal rows have equal digests."""
    total = hashlib.sha256(row["image"]["bytes"])
    difficulty = {name: _float32(value) for name, value in row["difficulty"].items()}
    plain = {name: row[name] for name in _TEXT_COLUMNS} | {"path": row["image"]["path"], "difficulty": difficulty}
    total.update(to_json(plain).encode())
    return total.hexdigest()


def _float32(value: float) -> float:
    # As Arrow stores it, so that a row read back has the digest of the row written.
    return float(pa.scalar(value, pa.float32()).as_py()) if isinstance(value, float) else value
