"""`glyphmill corpus text` on text as people have it: what cannot be seen, old encodings, broken words, markup."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from renderers.core.errors import ConfigError
from renderers.labels import text as labels
from tests.pipelines.text_corpora import ENGLISH, RUSSIAN, make, of_bytes, texts


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (
            "The loss was con\ufb01rmed in the of\ufb01ce: 10\u2060%, 5 \u00b5m, a non\u2011stop.",
            "The loss was confirmed in the office: 10%, 5 \u03bcm, a non-stop.",
        ),
        (
            "สวัสดี\u200bครับ\u200b เช้าวันนั้น\u200bท่าเรือ\u200bเงียบสงบ",
            "สวัสดีครับ เช้าวันนั้นท่าเรือเงียบสงบ",
        ),
        (
            "The har\ufeffbour was quiet that morning, and nobody spoke.",
            "The harbour was quiet that morning, and nobody spoke.",
        ),
    ],
)
def test_text_is_kept_in_the_characters_of_labels(written: str, kept: str, tmp_path: Path) -> None:
    _, rows = of_bytes(f"\ufeff{written}".encode(), tmp_path)
    assert texts(rows) == [kept]
    assert labels.check(kept) is None


def test_notes_between_lines_are_no_text(tmp_path: Path) -> None:
    built, _ = of_bytes(
        f"{ENGLISH}\n\nThe ship \ufff9boat\ufffaa small one\ufffb left in the night.".encode(), tmp_path
    )
    assert built.stats.pieces == {"control_characters": 1}


TEXT_TYPES = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "dictionary of large_string": pa.dictionary(pa.int8(), pa.large_string()),
}


@pytest.mark.parametrize("kind", TEXT_TYPES)
@pytest.mark.parametrize("suffix", ["parquet", "arrow", "stream.arrow"])
def test_a_column_of_text_however_it_is_stored(kind: str, suffix: str, tmp_path: Path) -> None:
    column = pa.array([ENGLISH, None, RUSSIAN, ENGLISH]).cast(TEXT_TYPES[kind])
    table = pa.table({"text": column, "n": [1, 2, 3, 4]})
    path = tmp_path / f"a.{suffix}"
    if suffix == "parquet":
        pq.write_table(table, path)
    else:
        new = pa.ipc.new_file if suffix == "arrow" else pa.ipc.new_stream
        with new(path, table.schema) as writer:
            writer.write_table(table)
    built, rows = make(path, tmp_path)
    assert texts(rows) == [ENGLISH, RUSSIAN]
    assert built.stats.files == {"row_without_text": 1}
    assert built.stats.pieces == {"duplicate": 1}


@pytest.mark.parametrize(
    ("values", "kind"), [([[ENGLISH]], "list<element: string>"), ([ENGLISH.encode()], "binary"), ([1], "int64")]
)
def test_a_column_of_something_else_is_one_line(values: list[object], kind: str, tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": values, "title": ["The harbour"]}), tmp_path / "a.parquet")
    with pytest.raises(ConfigError) as raised:
        make(tmp_path / "a.parquet", tmp_path)
    why = f"a.parquet has no column 'text' of text, only one of {kind}; it has title; name one by --column"
    assert str(raised.value) == why


def test_rows_of_json_that_are_lists_are_counted(tmp_path: Path) -> None:
    lines = [json.dumps({"text": [ENGLISH]}), json.dumps({"text": ENGLISH})]
    built, rows = of_bytes("\n".join(lines).encode(), tmp_path, "a.jsonl")
    assert texts(rows) == [ENGLISH]
    assert built.stats.files == {"row_without_text": 1}
