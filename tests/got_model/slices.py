"""Small data sets in the mill's format, drawn here: text on paper, so that a test chooses every row."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

from renderers.core.sample import _IMAGE, SCHEMA, with_hub_metadata

LETTERS = "ABCDEFGH"


def picture(text: str, size: tuple[int, int] = (48, 20)) -> bytes:
    image = Image.new("L", size, 250)
    ImageDraw.Draw(image).text((3, 3), text, fill=10)
    out = io.BytesIO()
    image.save(out, "png")
    return out.getvalue()


def row(at: int, text: str, split: str = "train", **changed: Any) -> dict[str, Any]:
    return {
        "id": f"slices/part/{split}/{at:09d}",
        "image": {"bytes": picture(text), "path": f"{at}.png"},
        "markup": text,
        "format": "plain",
        "alternates": "{}",
        "task": "plain",
        "prompt": "OCR: ",
        "language": "en",
        "regions": [],
        "width": 48,
        "height": 20,
        "difficulty": {"tokens": 1, "depth": 0, "smallest_glyph_px": 9.0, "contrast": 9.0, "degradation": 0.0},
        "spec": "{}",
        "seed": 0,
        "index": at,
        "attempt": 0,
        "recipe_digest": "",
        "renderer_version": "",
    } | changed


def text_of(at: int) -> str:
    return LETTERS[at % 8] + LETTERS[at // 8 % 8]


def write(folder: Path, rows: Sequence[dict[str, Any]], split: str = "train", group: int = 10) -> Path:
    """Rows as a shard of a data set in `folder`, which its manifest names."""
    schema = SCHEMA
    if rows and "images" in rows[0]:
        fields = [(name, SCHEMA.field(name).type) for name in SCHEMA.names if name != "image"]
        fields.append(("images", pa.list_(_IMAGE)))
        schema = with_hub_metadata(fields)
    data = folder / "data" / "part"
    data.mkdir(parents=True, exist_ok=True)
    path = data / f"{split}-000000000-{len(rows):09d}.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path, row_group_size=group)
    names = sorted(file.relative_to(folder).as_posix() for file in data.glob("*.parquet"))
    files = [{"path": name, "split": name.rsplit("/", 1)[1].split("-")[0]} for name in names]
    (folder / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    return path


def make(folder: Path, num: int, num_validation: int = 8) -> Path:
    """A data set of two letters a picture."""
    write(folder, [row(at, text_of(at)) for at in range(num)])
    if num_validation:
        write(folder, [row(at, text_of(at), "validation") for at in range(num_validation)], "validation")
    return folder
