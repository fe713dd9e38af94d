"""A small data set of real charts, some with nasty texts, that needs no renderer: for the tests of the report."""

import hashlib
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renderers.core.image import encode_png
from renderers.core.sample import REJECT_SCHEMA, SCHEMA, row_id
from renderers.labels import charts

HOSTILE = '</script><script>window.owned=1</script><img src="http://example.invalid/x.png" onerror="window.owned=2">'
UNCLOSED = '</textarea "><img src=x a" onerror=x()>'
ASTRAL = "𝒜 😀 利润"
"""Characters beyond the 16 bit plane: JavaScript counts each of them as two."""

COLORS = ("#2f6db5", "#d9822b", "#3f8f5b", "#a3467f")
WORDS = {
    "en": (("North", "South", "East", "West", "Centre"), "Harvest"),
    "zh": (("一月", "二月", "三月", "四月", "五月"), "销售报告"),
}


@mpl.rc_context({"font.family": ["DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP"]})
def draw_chart(kind: str, language: str, index: int, title: str = "") -> dict[str, Any]:
    """A chart with its target and the boxes of its texts and marks."""
    rng = np.random.default_rng(index)
    names, word = WORDS[language]
    title = title or f"{word} {2000 + index}"
    amounts = rng.integers(10, 99, len(names))
    figure = Figure(figsize=(int(rng.integers(5, 8)), 4), dpi=100, facecolor=("white", "#f4f1ea", "#eef3f8")[index % 3])
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    heading = axes.set_title(title)
    target: dict[str, Any] = {"title": title, "source": "None", "x_title": "None", "y_title": "None"}
    target["values"] = {name: str(amount) for name, amount in zip(names, amounts, strict=True)}
    text, spans = charts.write(target)
    found: list[tuple[Any, str, str, tuple[str, ...]]] = [(heading, title, "title", ("title",))]
    if kind == "pie":
        wedges, labels = axes.pie(amounts, labels=list(names), colors=COLORS)
        marks, ticks = list(wedges), list(labels)
    else:
        marks = list(axes.bar(names, amounts, color=COLORS[index % 4], width=0.35 + 0.1 * (index % 5)))
        ticks = axes.get_xticklabels()
        if kind == "line":
            marks = []
            axes.clear()
            axes.plot(names, amounts, marker="o", color=COLORS[index % 4])
            found[0] = (axes.set_title(title), title, "title", ("title",))
            ticks = axes.get_xticklabels()
    for name, amount, tick in zip(names, amounts, ticks, strict=True):
        found.append((tick, name, "category", ("values", name, "")))
        if marks:
            mark = marks[names.index(name)]
            found.append((mark, str(amount), "slice" if kind == "pie" else "bar", ("values", name)))
    figure.draw_without_rendering()
    height = canvas.get_width_height()[1]
    regions = []
    for order, (artist, said, role, path) in enumerate(found):
        box = artist.get_window_extent()
        edges = [box.x0, height - box.y1, box.x1, height - box.y0]
        regions.append({"box": edges, "text": said, "kind": role, "span": spans[path], "order": order})
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
    width = canvas.get_width_height()[0]
    html = charts.to_html(target)
    return {
        "png": encode_png(pixels), "markup": text, "html": html, "regions": regions, "width": width, "height": height,
        "spec": json.dumps({"chart": {"kind": kind, "title": title}, "style": {"dpi": 100}}, ensure_ascii=False),
    }  # fmt: skip


def make_row(part: str, split: str, index: int, chart: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "id": row_id("charts", part, split, index), "image": {"bytes": chart["png"], "path": f"{index}.png"},
        "markup": chart["markup"], "format": "chart-json", "alternates": json.dumps({"html": chart["html"]}),
        "task": "format", "prompt": "OCR with format: ", "language": language, "regions": chart["regions"],
        "width": chart["width"], "height": chart["height"],
        "difficulty": {
            "tokens": len(chart["markup"]) // 3, "depth": 2, "smallest_glyph_px": 9.0 + index % 7,
            "contrast": 4.5 + index % 11, "degradation": 0.0,
        },
        "spec": chart["spec"], "seed": 7, "index": index, "attempt": int(index % 5 == 4), "recipe_digest": "ab" * 32,
        "renderer_version": "1+0123456789ab",
    }  # fmt: skip


def make_reject(part: str, index: int, reason: str, detail: str, png: bytes | None) -> dict[str, Any]:
    return {
        "id": row_id("charts", part, "train", index), "reason": reason, "detail": detail,
        "image": {"bytes": png, "path": f"{index}.png"} if png else None,
        "spec": json.dumps({"chart": {"kind": "pie"}}), "part": part, "split": "train", "index": index, "attempt": 0,
    }  # fmt: skip


def build_dataset(root: Path, num: int) -> Path:
    """`num` charts in two parts and three splits; the first two rows of the first part are the nasty ones."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for index in range(num):
        part = ("matplotlib_charts", "pyecharts_charts")[index % 2]
        split = {10: "validation", 11: "test"}.get(index % 12, "train")
        language = ("en", "zh")[index // 2 % 2]
        chart = draw_chart(("bar", "line", "pie")[index % 3], language, index)
        if index == 0:
            chart |= hostile_target(HOSTILE) | {
                "html": f"<table><tr><td onclick='x()'>{HOSTILE}{UNCLOSED}R&amp;D safe cell</td></tr></table>"
            }
        if index == 2:
            chart |= hostile_target(ASTRAL)
        rows.setdefault((part, split), []).append(make_row(part, split, index, chart, language))
    files = []
    for (part, split), mine in rows.items():
        file = root / "data" / part / f"{split}-000000000-{num:09d}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(mine, schema=SCHEMA), file, row_group_size=5)
        data = file.read_bytes()
        files.append(
            {
                "path": str(file.relative_to(root)),
                "part": part,
                "split": split,
                "start": 0,
                "stop": num,
                "rows": len(mine),
                "num_bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
    picture = draw_chart("pie", "en", 99)["png"]
    rejects = [
        make_reject("pyecharts_charts", 3, "text_overlap", "'North' and 'East' overlap by 4.2 px", picture),
        make_reject("pyecharts_charts", 5, "text_overlap", "'Harvest' lies on '42'", picture),
        make_reject("pyecharts_charts", 9, "glyph_missing", f"no glyph for {HOSTILE}", None),
    ]
    file = root / "rejected" / "pyecharts_charts" / "train-000000000-000001000.parquet"
    file.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rejects, schema=REJECT_SCHEMA), file)
    names = {key[0] for key in rows}
    manifest = {
        "recipe": "charts", "recipe_digest": "ab" * 32, "corpus_digest": "", "content_sha256": "cd" * 32,
        "rows_requested": num, "num_draws": num + 3,
        "kept": num, "rejected": {"text_overlap": 2, "glyph_missing": 1}, "failed": 0, "files": files,
        "versions": {"matplotlib": "3.11.0", "python": "3.11.2"}, "fonts": {"DejaVuSans.ttf": "ef" * 32},
        "part_stats": {
            part: {
                "rows": num // 2, "num_draws": num // 2, "rejected": {"text_overlap": 2}, "failed": 0, "seconds": 1.25,
                "num_bytes": 9_000 * num, "peak_rss_bytes": 300_000_000,
            }
            for part in names
        },
        "seconds": 2.5, "seed": 7, "peak_rss_bytes": 300_000_000, "parts": [
            {"name": part, "renderer": part, "version": "1", "weight": 1.0, "knobs": {}} for part in names
        ],
    }  # fmt: skip
    (root / "manifest.json").write_text(json.dumps(manifest))
    return root


def hostile_target(title: str) -> dict[str, Any]:
    """A target with this title, and two regions at known places: the title, and one bar after it."""
    text, spans = charts.write(
        {"title": title, "source": "None", "x_title": "None", "y_title": "None", "values": {"North": "42"}}
    )
    regions = [
        {"box": [50.0, 5.0, 300.0, 30.0], "text": title, "kind": "title", "span": spans["title",], "order": 0},
        {"box": [60.0, 60.0, 90.0, 200.0], "text": "42", "kind": "bar", "span": spans["values", "North"], "order": 1},
    ]
    return {"markup": text, "regions": regions}
