"""Corpora of text made of a few bytes, and what was kept of them."""

from pathlib import Path

import pyarrow.parquet as pq

from pipelines.corpora.output import Built
from pipelines.corpora.text.corpus import build
from pipelines.corpora.text.filters import Limits

ENGLISH = "The harbour was quiet that morning, and nobody spoke of the ship. It had left in the night."
CHINESE = "那天早晨，海港很安静，没有人提起那艘船。它在夜里就离开了。"
RUSSIAN = "В то утро гавань была тиха, и никто не говорил о корабле. Он ушёл ещё ночью."


def make(source: Path, tmp_path: Path, **knobs: object) -> tuple[Built, list[dict[str, object]]]:
    out = tmp_path / "out" / "corpus.parquet"
    options = {"language": None, "licence": None, "column": "text", "limits": Limits(), "rejects": None} | knobs
    built = build(source, out, **options)  # type: ignore[arg-type]
    rows = pq.read_table(out).to_pylist()
    assert built.num_found == sum(built.kept.values()) + sum(built.stats.pieces.values())
    return built, rows


def of_bytes(raw: bytes, tmp_path: Path, name: str = "a.txt", **knobs: object) -> tuple[Built, list[dict[str, object]]]:
    source = tmp_path / name
    source.write_bytes(raw)
    return make(source, tmp_path, **knobs)


def texts(rows: list[dict[str, object]]) -> list[object]:
    return [row["text"] for row in rows]
