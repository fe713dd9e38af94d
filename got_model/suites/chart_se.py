"""ChartQA-SE and PlotQA-SE: charts to be read as OneChart's dictionary.

A JSON file a benchmark, directly in the folder, with `images` (a name) and `gts` (the dictionary) in each entry; the
pictures lie anywhere below. Answers of models that the archive brings (`pred_results`) are not read.
Source: OneChart, `ChartSE_eval/eval_ChartSE.py`, its archive ChartSE_Benchmark.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from got_model.suites.core.files import is_picture, read_json, text_of
from got_model.suites.core.suite import Sample
from renderers.core.errors import ConfigError
from renderers.core.prompts import PROMPTS
from renderers.labels.charts import ABSENT, KEYS


class _Entry(msgspec.Struct):
    images: str
    gts: dict[str, Any]


def read(folder: Path) -> list[Sample]:
    """All samples, file by file."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise ConfigError(f"{folder} holds no file such as ChartQA_test_human_filter.json")
    pictures = {path.name: path for path in sorted(folder.rglob("*")) if is_picture(path)}
    return [sample for file in files for sample in _read_file(file, pictures)]


def _read_file(file: Path, pictures: dict[str, Path]) -> list[Sample]:
    samples = []
    for at, entry in enumerate(read_json(file, list[_Entry])):
        picture = pictures.get(Path(entry.images).name)
        if picture is None:
            raise ConfigError(f"picture {entry.images!r} of {file}, entry {at}, is nowhere in {file.parent}")
        if not isinstance(entry.gts.get("values"), dict):
            raise ConfigError(f"{file}, entry {at}: gts has no dictionary `values`")
        titles = {key: text_of(entry.gts.get(key)) or ABSENT for key in KEYS[:4]}
        samples.append(
            Sample(
                id=f"{file.stem}/{at:06d}",
                images=(picture,),
                prompt=PROMPTS["format"],
                target=json.dumps(titles | {"values": entry.gts["values"]}, ensure_ascii=False, separators=(",", ":")),
                format="chart-json",
                language="en",
                metrics=("charts",),
                part=file.stem,
            )
        )
    return samples


SUITE = read
