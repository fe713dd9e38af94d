"""`glyphmill report`: a data set as one HTML page that needs nothing else, not even a network.

The page is data and a little plain JavaScript: rows as JSON, each picture as base64 in a block of its own that is
decoded when it comes into view. Its security policy lets only our own script and style run, by their digests, so
whatever a target or a reject says can only ever be shown.
"""

import base64
import hashlib
import os
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

import templates
from pipelines.manifest import MANIFEST, read_manifest
from pipelines.report.rows import coded, measure, show, show_rejects, to_script_json
from pipelines.report.sample import ShardFile, find_shards, read_row_groups, spread_row_groups
from pipelines.store import Store
from renderers.core.errors import ConfigError

_SCRIPTS = ("elements.js", "filters.js", "targets.js", "cards.js", "histograms.js", "rejects.js", "report.js")
_MEASURED_ROWS = 10_000
_REJECTS_SHOWN = 96


def write_report(dataset: Path, out: Path | None = None, num: int = 200) -> Path:
    """Write the report of a data set.

    Args:
        dataset: folder of a data set, or of a run that is not done (no manifest yet).
        out: the HTML file, by default `report/index.html` in the data set.
        num: at most so many rows are shown, spread evenly over parts, splits and kinds.

    Returns:
        Where the report lies.

    Raises:
        ConfigError: there is nothing to report, the manifest is damaged, `num` is not positive, or `out` cannot be
            written.
        ShardCorrupt: a file of the data set cannot be read, or a row is none; says which.
    """
    if num < 1:
        raise ConfigError(f"a report of {num} rows: give 1 or more")
    store = Store(str(dataset))
    known = read_manifest(store) if os.path.lexists(store.path(MANIFEST)) else None
    manifest: dict[str, Any] = {} if known is None else msgspec.to_builtins(known)
    shards = find_shards(store, "data", None if known is None else known.files)
    quarantine = find_shards(store, "rejected")
    if not shards and not quarantine:
        raise ConfigError(f"{dataset} holds no data set: no data/<part>/*.parquet; run `glyphmill render` first")
    row_groups = spread_row_groups(shards, _MEASURED_ROWS)
    columns = measure(row_groups)
    rows, pictures = show(row_groups, columns, num)
    rejects, reject_pictures = show_rejects(spread_row_groups(quarantine, _MEASURED_ROWS), _REJECTS_SHOWN)
    facts = _facts(dataset, manifest, shards, quarantine)
    data = {
        "dataset": shlex.quote(str(dataset)),
        "measured": coded(columns),
        "rows": rows,
        "rejects": rejects,
        "rejected": facts["rejected"],
    }
    page = _render(facts, data, pictures, reject_pictures)
    out = out or dataset / "report" / "index.html"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8", errors="backslashreplace")  # a name may be of another encoding
    except OSError as error:
        raise ConfigError(f"report {out} cannot be written: {error.strerror}") from error
    return out


def _facts(
    dataset: Path, manifest: dict[str, Any], shards: Sequence[ShardFile], quarantine: Sequence[ShardFile]
) -> dict[str, Any]:
    """What the head and the tables of the page say."""
    rows: Counter[tuple[str, str]] = Counter()
    for shard in shards:
        rows[shard.part, shard.split] += shard.footer.num_rows
    kept = sum(rows.values())
    rejected = manifest.get("rejected")
    if rejected is None:
        rejected = Counter(reason for table in _reasons(quarantine) for reason in table["reason"].to_pylist())
    num_rejected = sum(rejected.values())
    failed = manifest.get("failed", 0)
    num_draws = manifest.get("num_draws") or kept + num_rejected + failed
    seconds = manifest.get("seconds")
    num_bytes = sum(shard.store.size_bytes(shard.name) or 0 for shard in shards)
    return {
        "recipe": manifest.get("recipe") or dataset.resolve().name,
        "dataset": str(dataset),
        "done": bool(manifest),
        "rows_requested": manifest.get("rows_requested", kept),
        "num_draws": num_draws,
        "kept": kept,
        "rejected": dict(sorted(rejected.items(), key=lambda item: (-item[1], item[0]))),
        "num_rejected": num_rejected,
        "failed": failed,
        "seconds": seconds,
        "rows_per_s": kept / seconds if seconds else None,
        "num_bytes": num_bytes,
        "row_bytes": num_bytes / kept if kept else 0,
        "parts": _parts(manifest, rows),
        "splits": sorted({split for _, split in rows}, key=lambda split: (split != "train", split)),
        "digests": {
            "recipe": manifest.get("recipe_digest"),
            "corpus": manifest.get("corpus_digest"),
            "content": manifest.get("content_sha256"),
        },
        "seed": manifest.get("seed"),
        "versions": manifest.get("versions") or {},
        "fonts": manifest.get("fonts") or {},
    }


def _parts(manifest: dict[str, Any], rows: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    renderers = {part["name"]: part.get("renderer", "") for part in manifest.get("parts") or []}
    names = sorted({part for part, _ in rows} | set(renderers))
    return [
        {
            "name": name,
            "renderer": renderers.get(name, ""),
            "rows": {split: num for (part, split), num in rows.items() if part == name},
            "stats": (manifest.get("part_stats") or {}).get(name),
        }
        for name in names
    ]


def _reasons(quarantine: Sequence[ShardFile]) -> list[pa.Table]:
    num_rows = sum(shard.footer.num_rows for shard in quarantine)
    return read_row_groups(spread_row_groups(quarantine, num_rows), ("reason",))


def _render(facts: dict[str, Any], data: dict[str, Any], pictures: list[str], reject_pictures: list[str | None]) -> str:
    style = templates.text("report", "report.css")
    script = '"use strict";\n' + "\n".join(templates.text("report", name) for name in _SCRIPTS)
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_source(style)}'; script-src '{_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return templates.template("report", "index.html").render(
        facts=facts,
        policy=policy,
        style=style,
        script=script,
        data=to_script_json(data),
        shown=len(pictures),
        num_rejects=len(reject_pictures),
        pictures=pictures,
        reject_pictures=reject_pictures,
    )


def _source(code: str) -> str:
    """The name by which a security policy allows exactly this inline code."""
    return f"sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}"
