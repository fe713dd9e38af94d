"""What came of an evaluation: `report.json` for machines, and `report.html`, one page that needs nothing else.

The page has no script and its security policy allows none, so whatever a model answered can only ever be shown.
"""

import base64
import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from PIL import Image, UnidentifiedImageError

from got_model.metrics.core.metric import Measure, Values
from got_model.report.difference import difference, printable
from got_model.report.groups import Scored, goodness, goodness_of, groups_of, leading, means, measures, worst_and_best
from got_model.report.plots import Curve, bar_svg, curve_svg, distribution_svg
from renderers.core.errors import ConfigError

_FOLDER = Path(__file__).parent
_SCHEMA = 1
CASES = 12
"""Worst, and best, of a format, that the page shows: only these need their pictures."""

_COLUMNS = 4
"""Measures in the tables of groups: two tables stand side by side on a laptop."""

_LARGE_BYTES, _LARGE_PX = 300_000, 1400
"""Pictures beyond are made smaller: two dozen of each format must open at once on a phone."""


def write_report(
    folder: Path,
    results: Sequence[Scored],
    totals: Mapping[str, Values] | None = None,
    facts: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    curves: Sequence[Curve] = (),
) -> Path:
    """Write both files.

    Args:
        folder: is made where it is missing.
        results: all samples that were scored.
        totals: of each format, as the metrics aggregate them; where it has none, the means over its samples.
        facts: what was evaluated: {"checkpoint": ..., "data set": ..., "mode": ...}; the first is the page's title.
        notes: what a reader must know, such as which metric was left out.
        curves: of the training that came before.

    Returns:
        Where the page lies.

    Raises:
        ConfigError: there are no results, or the folder cannot be written.
    """
    if not results:
        raise ConfigError("nothing was evaluated: there is no report of no samples")
    known = measures()
    by_format: dict[str, list[Scored]] = {}
    for sample in results:
        by_format.setdefault(sample.format, []).append(sample)
    totals_by_format = {name: dict((totals or {}).get(name) or means(samples)) for name, samples in by_format.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        data = json.dumps(_plain(results, totals_by_format, facts or {}, notes, curves), indent=1, allow_nan=False)
        (folder / "report.json").write_text(data + "\n", encoding="utf-8")
        page = folder / "report.html"
        sections = [_section(name, samples, totals_by_format[name], known) for name, samples in by_format.items()]
        page.write_text(_render(sections, facts or {}, notes, curves, len(results)), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"report {folder} cannot be written: {error.strerror}") from error
    return page


def _plain(
    results: Sequence[Scored],
    totals: Mapping[str, Values],
    facts: Mapping[str, str],
    notes: Sequence[str],
    curves: Sequence[Curve],
) -> dict[str, Any]:
    """What `report.json` holds; its keys stay."""
    return {
        "schema": _SCHEMA,
        "facts": dict(facts),
        "notes": list(notes),
        "num_samples": len(results),
        "totals": {name: _numbers(values) for name, values in totals.items()},
        "groups": {
            name: {
                what: [{"name": group.name, "num": group.num, "values": _numbers(group.values)} for group in groups]
                for what, groups in groups_of([sample for sample in results if sample.format == name]).items()
            }
            for name in totals
        },
        "curves": [
            {"name": curve.name, "x_name": curve.x_name, "points": [[_number(x), _number(y)] for x, y in curve.points]}
            for curve in curves
        ],
        "samples": [
            {
                "id": sample.id,
                "format": sample.format,
                "part": sample.part,
                "kind": sample.kind,
                "language": sample.language,
                "difficulty": _numbers(sample.difficulty),
                "scores": _numbers(sample.scores),
                "target": sample.target,
                "answer": sample.answer,
                "cut": sample.cut,
            }
            for sample in results
        ],
    }


def _numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: _number(value) for name, value in values.items()}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _section(name: str, samples: Sequence[Scored], totals: Values, known: Mapping[str, Measure]) -> dict[str, Any]:
    """What the page shows of a format."""
    cards = [measure for measure in leading(name) if measure in totals] or list(totals)[:1]
    columns = cards[:_COLUMNS]
    others = [measure for measure in totals if measure not in cards]
    worst, best = worst_and_best(samples, known, CASES)
    ranked = [goodness(sample, known) for sample in samples]
    return {
        "name": name,
        "num": len(samples),
        "num_perfect": sum(sample.answer == sample.target for sample in samples),
        "cards": [_card(measure, totals, known) for measure in cards],
        "others": [_card(measure, totals, known) for measure in others],
        "columns": [known[measure] for measure in columns],
        "plot": distribution_svg(ranked, f"score by {known[columns[0]].label}" if columns else "score"),
        "groups": {
            what.replace("_", " "): [
                {
                    "name": group.name,
                    "num": group.num,
                    "cells": [_cell(measure, group.values, known) for measure in columns],
                }
                for group in groups
            ]
            for what, groups in groups_of(samples).items()
        },
        "worst": [_case(sample, known) for sample in worst],
        "best": [_case(sample, known) for sample in best],
    }


def _card(name: str, totals: Values, known: Mapping[str, Measure]) -> dict[str, Any]:
    return {"name": name, "label": known[name].label, "best": known[name].best, "value": totals[name]}


def _cell(name: str, values: Values, known: Mapping[str, Measure]) -> dict[str, Any] | None:
    if name not in values:
        return None
    return {"value": values[name], "bar": bar_svg(goodness_of(values[name], known[name]))}


def _case(sample: Scored, known: Mapping[str, Measure]) -> dict[str, Any]:
    target, answer = difference(sample.target, sample.answer)
    shown = [name for name in leading(sample.format) if name in sample.scores]
    return {
        "id": sample.id,
        "picture": _data_uri(sample.picture_png),
        "target": target,
        "answer": answer,
        "perfect": sample.target == sample.answer,
        "facts": [fact for fact in (sample.part, sample.kind, sample.language, "cut" if sample.cut else "") if fact],
        "scores": [{"label": known[name].label, "value": sample.scores[name]} for name in shown],
        "goodness": goodness(sample, known),
    }


def _data_uri(png: bytes) -> str:
    """A picture as a data: address, smaller where it is large, or "" where it is none."""
    if not png:
        return ""
    if len(png) > _LARGE_BYTES:
        try:
            with Image.open(io.BytesIO(png)) as image:
                small = image.convert("RGB")
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            return ""
        small.thumbnail((_LARGE_PX, _LARGE_PX), Image.Resampling.LANCZOS)
        packed = io.BytesIO()
        small.save(packed, "JPEG", quality=82)
        return f"data:image/jpeg;base64,{base64.b64encode(packed.getvalue()).decode()}"
    # Benchmarks bring JPEG.
    kind = "jpeg" if png.startswith(b"\xff\xd8") else "png"
    return f"data:image/{kind};base64,{base64.b64encode(png).decode()}"


def _render(
    sections: Sequence[dict[str, Any]],
    facts: Mapping[str, str],
    notes: Sequence[str],
    curves: Sequence[Curve],
    num: int,
) -> str:
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    source = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    page = environment.from_string((_FOLDER / "page.html.j2").read_text(encoding="utf-8"))
    rendered = page.render(
        policy=f"default-src 'none'; img-src data:; style-src 'sha256-{source}'; base-uri 'none'; form-action 'none'",
        style=style,
        title=next(iter(facts.values()), "Evaluation"),
        facts=facts,
        notes=notes,
        curves=[(curve, svg) for curve in curves if (svg := curve_svg(curve))],
        sections=sections,
        num=num,
    )
    return printable(rendered)
