"""What comes back from a disk: a table and its rows are looked at as a stranger's before anything is made of them.

Between being written and being read a file may have become anything. So a schema is compared, nulls and bytes that are
no text are refused, and of each row that is used every column: type, range, and that it fits the others.
"""

import math
from collections.abc import Collection
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
import pyarrow as pa
from msgspec import Meta

from renderers.core.boxes import Box, inside
from renderers.core.errors import PictureBroken
from renderers.core.image import decode_png, png_size
from renderers.core.jsonable import from_json
from renderers.core.renderer import NO_SPAN
from renderers.core.sample import SCHEMA_VERSION
from renderers.core.split import SPLITS

UNREADABLE = (
    pa.ArrowException,
    OSError,
    ValueError,
    ArithmeticError,
    LookupError,
    MemoryError,
    RuntimeError,
)
"""All that Arrow raises of a damaged file: errors of its own, and those that C++ has for a number it believed."""

_VERSION_KEY = b"glyphmill_schema"

_Natural: TypeAlias = Annotated[int, Meta(ge=0, lt=2**62)]
_Text: TypeAlias = Annotated[str, Meta(min_length=1)]
_Id: TypeAlias = Annotated[str, Meta(pattern=rf"^[^/]+/[^/]+/(?:{'|'.join(SPLITS)})/\d{{9,}}$")]
_Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]


class _Image(msgspec.Struct, frozen=True):
    bytes: bytes
    path: str


class _Region(msgspec.Struct, frozen=True):
    """A region, column by column.

    Attributes:
        box: x0, y0, x1, y1 in px.
    """

    box: tuple[float, float, float, float]
    text: str
    kind: str
    span: tuple[int, int]
    order: _Natural


class _Difficulty(msgspec.Struct, frozen=True):
    """What a sample asks of a reader, column by column.

    Attributes:
        smallest_glyph_px: in px at the 1024 x 1024 that GOT reads.
        contrast: ratio, 1 to 21 where the row is sound.
        degradation: 0..1.
    """

    tokens: _Natural
    depth: _Natural
    smallest_glyph_px: float
    contrast: float
    degradation: _Share


class _Row(msgspec.Struct, frozen=True):
    """A row of `SCHEMA`, column by column."""

    id: _Id
    image: _Image
    markup: str
    format: _Text
    alternates: str
    task: Literal["plain", "format"]
    prompt: str
    language: str
    regions: list[_Region]
    width: int
    height: int
    difficulty: _Difficulty
    spec: str
    seed: _Natural
    index: _Natural
    attempt: _Natural
    recipe_digest: str
    renderer_version: str


class _Reject(msgspec.Struct, frozen=True):
    """A row of `REJECT_SCHEMA`."""

    id: _Id
    reason: _Text
    detail: str
    image: _Image | None
    spec: str
    part: _Text
    split: _Text
    index: _Natural
    attempt: _Natural


def one_line(error: BaseException) -> str:
    """What an error says, on one line of a length that can be read."""
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= 300 else f"{said[:300]} …"


def schema_fault(found: pa.Schema, wanted: pa.Schema, names: Collection[str] | None = None) -> str:
    """What is wrong with the schema of a file; "" where it is as wanted.

    Args:
        found: of the file.
        wanted: `SCHEMA` or `REJECT_SCHEMA`.
        names: the columns that are used; None: all of them, and no others, in their order, with their metadata.
    """
    metadata = found.metadata or {}
    version = metadata.get(_VERSION_KEY, str(SCHEMA_VERSION).encode())
    if version != str(SCHEMA_VERSION).encode():
        return f"it has schema version {version.decode('ascii', 'backslashreplace')[:40]}, this reads {SCHEMA_VERSION}"
    for name in wanted.names if names is None else names:
        fields = [field for field in found if field.name == name]
        if len(fields) != 1:
            return f"it lacks {name}" if not fields else f"it has {len(fields)} columns {name}"
        if fields[0].type != wanted.field(name).type:
            return f"its column {name} holds {_short(fields[0].type)}, not {_short(wanted.field(name).type)}"
    if names is not None:
        return ""
    if found.names != wanted.names:
        strange = next((name for name in found.names if name not in wanted.names), None)
        return (
            "its columns are in another order" if strange is None else f"it has a column {strange!r} that is not ours"
        )
    other = next((key for key, value in (wanted.metadata or {}).items() if metadata.get(key) != value), None)
    return "" if other is None else f"its metadata {other.decode()} is not what is written there"


def _short(kind: pa.DataType) -> str:
    text = str(kind)
    return text if len(text) <= 60 else f"{text[:60]} …"


def check_table(table: pa.Table, num_rows: int, names: Collection[str] = ()) -> None:
    """Look at a table that was read, before its values are taken out of it.

    Args:
        table: as Arrow gives it.
        num_rows: that the footer of its file promised.
        names: columns in which no null may stand.

    Raises:
        ValueError: says what is wrong, with the row in the table, from 0.
        pyarrow.ArrowException: its bytes are no values of its types.
    """
    if table.num_rows != num_rows:
        raise ValueError(f"it has {table.num_rows} rows where its footer promises {num_rows}")
    table.validate(full=True)
    for name in names:
        column = table.column(name)
        if column.null_count:
            raise ValueError(f"row {column.is_null().to_pylist().index(True)}: {name} is null")


def row_fault(row: dict[str, Any]) -> str:
    """Why a row of `SCHEMA` as it was read cannot be used; "" where it can: types, ranges, the size of its picture."""
    try:
        known = msgspec.convert(row, _Row)
        png_size(known.image.bytes)
    except (msgspec.ValidationError, PictureBroken) as error:
        return one_line(error)
    if int(known.id.rsplit("/", 1)[1]) != known.index:
        return f"its id is {known.id[:200]}, its index {known.index}"
    if not all(map(math.isfinite, (known.difficulty.smallest_glyph_px, known.difficulty.contrast))):
        return "its difficulty is no number"
    return next((f"box {_numbers(one.box)} is no box" for one in known.regions if not _is_finite(one.box)), "")


def _is_finite(box: Box) -> bool:
    return all(map(math.isfinite, box))


def contradiction(row: dict[str, Any]) -> str:
    """What in a row without fault does not fit the rest of it, or its picture; "" where all does."""
    known = msgspec.convert(row, _Row)
    try:
        pixels = decode_png(known.image.bytes)
    except PictureBroken as error:
        return one_line(error)
    height, width = pixels.shape[:2]
    if (width, height) != (known.width, known.height):
        return f"its picture has {width} x {height} px, it says {known.width} x {known.height}"
    return _json_fault(known) or next(filter(None, (_region_fault(region, known) for region in known.regions)), "")


def _json_fault(row: _Row) -> str:
    kinds: tuple[tuple[str, str, Any], ...] = (
        ("spec", row.spec, dict[str, Any]),
        ("alternates", row.alternates, dict[str, str]),
    )
    for name, text, kind in kinds:
        try:
            from_json(text, kind)
        except msgspec.DecodeError as error:
            return f"{name}: {one_line(error)}"
    return ""


def _region_fault(region: _Region, row: _Row) -> str:
    box: Box = region.box
    if not (box[0] < box[2] and box[1] < box[3]):
        return f"box {_numbers(box)} is no box"
    if not inside(box, row.width, row.height, slack_px=1.0):
        return f"box {_numbers(box)} is not in its picture of {row.width} x {row.height} px"
    if region.span != NO_SPAN and not 0 <= region.span[0] <= region.span[1] <= len(row.markup):
        return f"span {list(region.span)} is not in its markup of {len(row.markup)} characters"
    if region.order >= len(row.regions):
        return f"a region of order {region.order} is one of {len(row.regions)}"
    return ""


def _numbers(box: Box) -> str:
    return ", ".join(f"{edge:g}" for edge in box)


def reject_fault(row: dict[str, Any]) -> str:
    """What is wrong with a row of `REJECT_SCHEMA` as it was read; "" where nothing is."""
    try:
        known = msgspec.convert(row, _Reject)
        if known.image is not None and known.reason != "picture_size_wrong":
            png_size(known.image.bytes)
    except (msgspec.ValidationError, PictureBroken) as error:
        return one_line(error)
    return ""
