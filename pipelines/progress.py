"""What a user sees of a run while it goes on: one live line on a terminal, JSON lines elsewhere; a table at its end."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from pipelines.manifest import Manifest

_LINE_S = 5.0
"""Seconds between two JSON lines."""


class Meter(Protocol):
    """Shows how far a run is."""

    def __call__(self, done: int, rejected: int) -> None:
        """Rows that are made, also those of unfinished shards, and draws rejected so far in this run."""


class _Rate:
    """Samples a second and the time left, over this run."""

    def __init__(self, rows_requested: int, at_start: int) -> None:
        self._rows_requested = rows_requested
        self._at_start = at_start
        self._started = time.monotonic()

    def __call__(self, done: int) -> tuple[float, float | None]:
        elapsed_s = max(time.monotonic() - self._started, 1e-6)
        rate = (done - self._at_start) / elapsed_s
        return rate, (self._rows_requested - done) / rate if rate > 0 else None


@contextmanager
def metering(rows_requested: int, at_start: int) -> Iterator[Meter]:
    """A meter on standard error: a live line on a terminal, JSON lines elsewhere."""
    rate = _Rate(rows_requested, at_start)
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task("", total=rows_requested, completed=at_start, rate="", eta="", rejected=0)

            def show(done: int, rejected: int) -> None:
                speed, left_s = rate(done)
                bar.update(task, completed=done, rate=f"{speed:,.0f}/s", eta=_clock(left_s), rejected=rejected)

            yield show
        return
    last_s, last_done = 0.0, -1

    def log(done: int, rejected: int) -> None:
        nonlocal last_s, last_done
        now_s = time.monotonic()
        if now_s - last_s < _LINE_S and (done < rows_requested or last_done == rows_requested):
            return
        last_s, last_done = now_s, done
        speed, left_s = rate(done)
        line: dict[str, Any] = {
            "done": done,
            "rows_requested": rows_requested,
            "per_s": round(speed, 1),
            "rejected": rejected,
        }
        line["eta_s"] = None if left_s is None else round(left_s)
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()

    yield log


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TextColumn("{task.fields[rate]}", style="bold"),
        TextColumn("{task.fields[eta]} left"),
        TextColumn("{task.fields[rejected]:,} rejected", style="dim"),
        console=Console(stderr=True),
        transient=True,
    )


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "--:--"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def summary(manifest: Manifest) -> Table:
    """The table that ends a run: a line for each part."""
    table = Table(title=f"{manifest.recipe}: {manifest.kept:,} rows", title_justify="left")
    for head in ("part", "kept", "rejected", "samples/s/core", "peak memory", "bytes/sample"):
        table.add_column(head, justify="left" if head in ("part", "rejected") else "right")
    for name, stats in manifest.part_stats.items():
        table.add_row(name, *_cells(stats))
    return table


def _cells(stats: dict[str, Any]) -> list[str]:
    rows = max(stats["rows"], 1)
    reasons = [f"{reason} {num:,}" for reason, num in stats["rejected"].items()]
    if stats["failed"]:
        reasons.append(f"failed {stats['failed']:,}")
    share = (stats["num_draws"] - stats["rows"]) / max(stats["num_draws"], 1)
    return [
        f"{stats['rows']:,}",
        f"{share:.1%}" + (f" ({', '.join(reasons)})" if reasons else ""),
        f"{stats['rows'] / max(stats['seconds'], 1e-9):,.1f}",
        f"{stats['peak_rss_bytes'] / 2**20:,.0f} MiB",
        f"{stats['num_bytes'] / rows:,.0f}",
    ]
