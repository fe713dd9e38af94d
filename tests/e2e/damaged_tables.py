"""Damages tables of a small data set: rows, columns, footers, pictures; see `damage`."""

import hashlib
import io
import json
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def files(dataset: Path, *folders: str) -> list[Path]:
    """Regular files below some folders, or all, sorted."""
    tops = [dataset / folder for folder in folders] or [dataset]
    return sorted(path for top in tops for path in top.rglob("*") if path.is_file())


def tables(dataset: Path) -> list[Path]:
    return files(dataset, "data")


def sign(dataset: Path, path: Path, rows: int | None = None) -> None:
    """Let manifest and receipt name a changed file as it is now, as one who forges would."""
    data = path.read_bytes()
    now = {"sha256": hashlib.sha256(data).hexdigest(), "num_bytes": len(data)} | (
        {} if rows is None else {"rows": rows}
    )
    manifest = json.loads((dataset / "manifest.json").read_bytes())
    for file in manifest["files"]:
        if file["path"] == path.relative_to(dataset).as_posix():
            file.update(now)
    (dataset / "manifest.json").write_text(json.dumps(manifest))
    receipt = dataset / ".glyphmill" / "receipts" / path.parent.name / f"{path.stem}.json"
    receipt.write_text(json.dumps(json.loads(receipt.read_bytes()) | now))


def _set(row: dict[str, Any], *keys: Any, to: Any) -> None:
    target: Any = row
    for key in keys[:-1]:
        target = target[key]
    target[keys[-1]] = to


def png(width: int, height: int, depth: int = 8, colour: int = 0, data: bytes = b"") -> bytes:
    """A PNG of any header, whatever its data."""
    header = struct.pack(">2I5B", width, height, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", data or zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _saved(mode: str, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (64, 48)).save(out, kind, **options)
    return out.getvalue()


def pictures() -> dict[str, bytes]:
    """Bytes that are no picture of ours."""
    frames = [Image.new("L", (64, 48), shade) for shade in (0, 90)]
    return {
        "a bomb": png(60_000, 60_000, data=zlib.compress(bytes(1 << 20))),
        "a wide bomb": png(2**31 - 1, 1),
        "a smaller bomb": png(12_000, 12_000),
        "no size": png(0, 0),
        "no bytes": b"",
        "garbage": b"\x89PNG\r\n\x1a\n" + b"\xaa" * 100,
        "short data": png(400, 300),
        "16 bit": png(64, 48, 16, data=zlib.compress(bytes((64 * 2 + 1) * 48))),
        "a palette": _saved("P", "PNG"),
        "animated": _saved("L", "PNG", save_all=True, append_images=frames),
        "JPEG": _saved("L", "JPEG"),
        "TIFF": _saved("L", "TIFF"),
        "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    }


_NO_EDGES = (float("nan"), float("inf"), -float("inf"), -9e9, 3e38)
_NO_SPANS = ([5, 2], [-7, 3], [0, 2**31 - 1], [2**31 - 2, 2**31 - 1], [-(2**31), 1])

ROWS: dict[str, Callable[[dict[str, Any], random.Random], None]] = {
    "unknown part": lambda row, _: _set(row, "id", to=row["id"].replace("/train/", "/x/train/")),
    "other part in the id": lambda row, _: _set(row, "id", to="plots/nothing/" + "/".join(row["id"].split("/")[2:])),
    "other split in the id": lambda row, _: _set(row, "id", to=row["id"].replace("/train/", "/dev/")),
    "short id": lambda row, _: _set(row, "id", to="x"),
    "empty id": lambda row, _: _set(row, "id", to=""),
    "id of another": lambda row, _: _set(row, "id", to=row["id"][:-3] + "001"),
    "huge index": lambda row, _: _set(row, "index", to=2**63 - 1),
    "negative index": lambda row, _: _set(row, "index", to=-1),
    "negative attempt": lambda row, _: _set(row, "attempt", to=-1),
    "huge attempt": lambda row, _: _set(row, "attempt", to=2**31 - 1),
    "other attempt": lambda row, _: _set(row, "attempt", to=row["attempt"] + 1),
    "negative seed": lambda row, _: _set(row, "seed", to=-5),
    "unknown format": lambda row, _: _set(row, "format", to="docx"),
    "other format": lambda row, _: _set(row, "format", to="latex"),
    "unknown task": lambda row, _: _set(row, "task", to="sing"),
    "unknown language": lambda row, _: _set(row, "language", to="\0\0"),
    "empty markup": lambda row, _: _set(row, "markup", to=""),
    "markup cut": lambda row, _: _set(row, "markup", to=row["markup"][:5]),
    "nested markup": lambda row, _: _set(row, "markup", to="[" * 50_000),
    "huge markup": lambda row, _: _set(row, "markup", to="x" * 2_000_000),
    "markup of controls": lambda row, _: _set(row, "markup", to="\0\x1b[2J\u202e"),
    "nested spec": lambda row, _: _set(row, "spec", to='{"a":' * 50_000),
    "spec a list": lambda row, _: _set(row, "spec", to="[1]"),
    "spec empty": lambda row, _: _set(row, "spec", to=""),
    "nested alternates": lambda row, _: _set(row, "alternates", to="[" * 50_000),
    "alternates a list": lambda row, _: _set(row, "alternates", to="[1]"),
    "alternates of numbers": lambda row, _: _set(row, "alternates", to='{"html": 5}'),
    "width zero": lambda row, _: _set(row, "width", to=0),
    "width negative": lambda row, _: _set(row, "width", to=-100),
    "width of another": lambda row, _: _set(row, "width", to=row["width"] + 1),
    "height huge": lambda row, _: _set(row, "height", to=2**31 - 1),
    "NaN difficulty": lambda row, _: _set(row, "difficulty", "contrast", to=float("nan")),
    "infinite difficulty": lambda row, _: _set(row, "difficulty", "smallest_glyph_px", to=float("inf")),
    "negative tokens": lambda row, _: _set(row, "difficulty", "tokens", to=-(2**31)),
    "no digest": lambda row, _: _set(row, "recipe_digest", to="zz"),
    "empty version": lambda row, _: _set(row, "renderer_version", to=""),
    "box": lambda row, rng: _set(
        row, "regions", 0, "box", rng.randrange(4), to=rng.choice(_NO_EDGES)
    ),
    "box turned": lambda row, _: _set(row, "regions", 0, "box", to=row["regions"][0]["box"][::-1]),
    "box outside": lambda row, _: _set(row, "regions", 0, "box", to=[9000.0, 9000.0, 9100.0, 9100.0]),
    "span": lambda row, rng: _set(
        row, "regions", 0, "span", to=rng.choice(_NO_SPANS)
    ),
    "order": lambda row, rng: _set(row, "regions", 0, "order", to=rng.choice([-1, 5000, 2**31 - 1])),
    "a hundred thousand regions": lambda row, _: _set(row, "regions", to=row["regions"][:1] * 100_000),
    "picture": lambda row, rng: _set(row, "image", "bytes", to=rng.choice(list(pictures().values()))),
    "picture path": lambda row, rng: _set(row, "image", "path", to=rng.choice(["../x.png", "/etc/passwd", "\0", ""])),
    "null": lambda row, rng: _set(row, rng.choice(list(row)), to=None),
    "null within": lambda row, rng: _set(
        row, *rng.choice([("image", "bytes"), ("image", "path"), ("difficulty", "tokens"), ("regions", 0)]), to=None
    ),
    "null in a box": lambda row, rng: _set(
        row, "regions", 0, rng.choice(["box", "text", "kind", "span", "order"]), to=None
    ),
}  # fmt: skip
"""What may be wrong with one row."""

TYPES: tuple[tuple[str, pa.DataType], ...] = (
    ("id", pa.int64()), ("id", pa.large_string()), ("markup", pa.binary()), ("markup", pa.list_(pa.string())),
    ("width", pa.int64()), ("width", pa.string()), ("index", pa.float64()), ("attempt", pa.bool_()),
    ("image", pa.binary()), ("image", pa.string()), ("regions", pa.string()), ("difficulty", pa.string()),
    ("spec", pa.dictionary(pa.int32(), pa.string())), ("language", pa.null()), ("seed", pa.timestamp("us")),
    ("format", pa.struct([("a", pa.int8())])),
)  # fmt: skip


def _of_type(name: str, kind: pa.DataType, table: pa.Table) -> pa.Table:
    at, size = table.column_names.index(name), table.num_rows
    try:
        column = table.column(name).cast(kind)
    except (pa.ArrowException, NotImplementedError):
        plain = {"bytes": [b"x"], "string": ["x"]}.get(str(kind), [None])
        plain = [["x"]] if pa.types.is_list(kind) else [b"x"] if pa.types.is_binary(kind) else plain
        column = pa.array(plain * size, kind)
    return table.set_column(at, pa.field(name, kind), column)


def _no_utf8(table: pa.Table, rng: random.Random) -> pa.Table:
    """A text column whose bytes are no text."""
    name = rng.choice([name for name in table.column_names if table.schema.field(name).type == pa.string()])
    size = table.num_rows
    offsets = pa.array(range(0, 2 * size + 1, 2), pa.int32()).buffers()[1]
    column = pa.Array.from_buffers(pa.string(), size, [None, offsets, pa.py_buffer(b"\xff\xfe" * size)])
    return table.set_column(table.column_names.index(name), table.schema.field(name), column)


def _renamed(table: pa.Table, rng: random.Random) -> pa.Table:
    names = list(table.column_names)
    names[rng.randrange(len(names))] = rng.choice(["x", "", "ID", names[0]])
    return table.rename_columns(names)


def _of_nulls(table: pa.Table, rng: random.Random) -> pa.Table:
    name = rng.choice(table.column_names)
    at, kind = table.column_names.index(name), table.schema.field(name).type
    return table.set_column(at, pa.field(name, kind), pa.nulls(table.num_rows, kind))


def _other_metadata(table: pa.Table, rng: random.Random) -> pa.Table:
    metadata = dict(table.schema.metadata or {})
    broken = [b"", b"\xff\xfe", b"null", b"[" * 50_000, b'{"part": 5}', b"{}", b"99", b"1.5"]
    how = rng.choice(["none", "one broken", "one gone"])
    if how == "none":
        return table.replace_schema_metadata(None)
    key = rng.choice(sorted(metadata))
    if how == "one gone":
        del metadata[key]
    else:
        metadata[key] = rng.choice(broken)
    return table.replace_schema_metadata(metadata)


TABLES: dict[str, Callable[[pa.Table, random.Random], pa.Table]] = {
    "a column gone": lambda table, rng: table.drop_columns([rng.choice(table.column_names)]),
    "a column renamed": _renamed,
    "a column more": lambda table, _: table.append_column("more", pa.array(range(table.num_rows))),
    "a column of nulls": _of_nulls,
    "a column of another type": lambda table, rng: _of_type(
        *rng.choice([one for one in TYPES if one[0] in table.column_names]), table
    ),
    "no UTF-8": _no_utf8,
    "no rows": lambda table, _: table.slice(0, 0),
    "no columns": lambda table, _: table.select([]),
    "a row less": lambda table, _: table.slice(1),
    "rows twice": lambda table, _: pa.concat_tables([table, table]),
    "rows turned": lambda table, _: table.take(pa.array(range(table.num_rows))[::-1]),
    "columns turned": lambda table, _: table.select(table.column_names[::-1]),
    "metadata": _other_metadata,
}  # fmt: skip


def rows_changed(dataset: Path, rng: random.Random, name: str = "") -> str:
    path = rng.choice([path for path in tables(dataset) if path.name.startswith(("train", "test"))])
    name = name or rng.choice(list(ROWS))
    table = pq.read_table(path)
    rows = table.to_pylist()
    row = rng.choice([at for at, row in enumerate(rows) if row["regions"]])
    ROWS[name](rows[row], rng)
    write(table.from_pylist(rows, schema=table.schema), path, rng)
    signed = rng.random() < 0.7
    if signed:
        sign(dataset, path)
    return f"{name} in row {row}{' signed' * signed}: {path.relative_to(dataset)}"


def table_changed(dataset: Path, rng: random.Random, name: str = "") -> str:
    path = rng.choice(tables(dataset) + files(dataset, "rejected"))
    name = name or rng.choice(list(TABLES))
    changed = TABLES[name](pq.read_table(path), rng)
    write(changed, path, rng)
    signed = rng.random() < 0.7 and path.is_relative_to(dataset / "data")
    if signed:
        sign(dataset, path, changed.num_rows if rng.random() < 0.3 else None)
    return f"{name}{' signed' * signed}: {path.relative_to(dataset)}"


def write(table: pa.Table, path: Path, rng: random.Random) -> None:
    pq.write_table(table, path, row_group_size=rng.choice([1, 10, 100]), compression=rng.choice(["none", "zstd"]))
