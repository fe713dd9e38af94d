"""The row: what Hugging Face sees, and that a row read back has the digest of the row written."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import Features, Image

from pipelines.card import card_feature
from renderers.core.image import decode_png, encode_png, shrink_to_grey
from renderers.core.renderer import Region, Rendered
from renderers.core.sample import REJECT_SCHEMA, SCHEMA, Address, hub_features, make_row, num_tokens, row_digest

ADDRESS = Address("charts", "part", "train", 42, 3, 0, "d", "1+abc")


def row(**changes: object) -> dict:  # type: ignore[type-arg]
    rendered = Rendered(
        image=np.arange(60 * 50 * 3, dtype=np.uint8).reshape(60, 50, 3),
        markup='{"a":"é中"}',
        regions=(Region((1.1, 2.2, 30.3, 40.4), "é中", "title", (6, 8), 0),),
        language="mul",
        alternates={"html": "<table></table>"},
        smallest_glyph_px=9.123456789,
        contrast=4.56789,
        **changes,  # type: ignore[arg-type]
    )
    return make_row(ADDRESS, rendered, {"x": 1}, "chart-json")


def test_hugging_face_takes_the_schema_as_it_is() -> None:
    for schema in (SCHEMA, REJECT_SCHEMA):
        features = Features.from_arrow_schema(schema)
        assert features["image"] == Image()
        assert features.arrow_schema.remove_metadata().equals(schema.remove_metadata())


def test_the_card_describes_the_same_features() -> None:
    described = [{"name": field.name, **card_feature(hub_features(field.type))} for field in SCHEMA]
    assert Features._from_yaml_list(described) == Features.from_arrow_schema(SCHEMA)


def test_a_row_read_back_has_its_digest() -> None:
    written = row()
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([written], schema=SCHEMA), stream)
    (read,) = pq.read_table(stream).to_pylist()
    assert row_digest(read) == row_digest(written)
    assert written["id"] == "charts/part/train/000000042"


@pytest.mark.parametrize(
    ("column", "value"),
    [("markup", "{}"), ("attempt", 4), ("spec", "{}"), ("regions", []), ("image", {"bytes": b"", "path": "x"})],
)
def test_any_change_changes_the_digest(column: str, value: object) -> None:
    assert row_digest(row() | {column: value}) != row_digest(row())


def test_grey_pictures_are_stored_grey() -> None:
    grey = np.random.default_rng(0).integers(0, 255, (40, 30), dtype=np.uint8)
    colour = np.stack([grey] * 3, axis=2)
    assert np.array_equal(shrink_to_grey(colour), grey)
    assert np.array_equal(decode_png(encode_png(grey)), grey)
    colour[0, 0, 0] ^= 1
    assert shrink_to_grey(colour) is colour
    assert np.array_equal(decode_png(encode_png(colour)), colour)


def test_tokens_are_words_and_signs() -> None:
    assert num_tokens('{"Sales": "12%"}') == 1 + 1 + 1 + 1 + 1 + 1 + 2 + 1 + 1 + 1
    assert num_tokens("中文 ab") == 3
