"""The command `glyphmill`. Its words are stable: scripts depend on them.

Exit codes: 0 done; 1 the work failed; 2 the user's mistake, or something is not installed.
"""

import logging
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from renderers.core.errors import ConfigError, FactoryError, NotInstalled, printable
from renderers.core.machine import lack

if TYPE_CHECKING:
    from pipelines.corpora.output import Built


class Count(click.ParamType[int]):
    """A whole number, 1 or more; "1e6" and "1_000_000" are numbers too."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; fails for fractions, zero, and what is no number."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is not a number; give a whole one, such as 1000 or 1e6", param, ctx)
        if not number.is_finite() or number != number.to_integral_value() or not 1 <= number <= 10**12:
            self.fail(f"{value!r}: give a whole number from 1 to 1e12, such as 1000 or 1e6", param, ctx)
        return int(number)


class _Commands(click.Group):
    """Turns what is raised on purpose into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigError, NotInstalled) as error:
            _fail(str(error), 2)
        except FactoryError as error:
            _fail(str(error), 1)
        except KeyboardInterrupt:
            _fail("interrupted", 1)
        except (OSError, MemoryError) as error:
            lacking = lack(error)
            if lacking is None:
                raise
            _fail(lacking, 1)


def _fail(line: str, code: int) -> None:
    hint = "" if code == 2 else "\nwhat was committed is safe: the same command goes on from there"
    sys.stderr.write(f"glyphmill: {printable(line)}{hint}\n")
    sys.exit(code)


def _console() -> Console:
    """Standard output; where it is no terminal, wide enough that no table is folded."""
    return Console() if sys.stdout.isatty() else Console(width=140)


DATASET = click.argument("dataset", type=click.Path(path_type=Path))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("-v", "--verbose", is_flag=True, help="Say what happens inside.")
@click.version_option(package_name="glyphmill")
def main(verbose: bool) -> None:
    """A data mill for OCR-2.0 models: random content, real engines, proven labels, Parquet."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")


@main.command()
@click.argument("recipe")
@click.option("-n", "num", type=Count(), default=1000, show_default=True, help="Rows; 1e6 is a number.")
@click.option("-o", "out", type=str, default=None, help="Folder of the data set. [default: data/RECIPE]")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=None, help="Another seed, other rows. [default: 0]")
@click.option(
    "--workers", type=click.IntRange(0, 100_000), default=None, help="Processes; 0: this one. [default: all cores]"
)
@click.option("--ray", "address", default=None, help="Address of a Ray cluster. [default: started here]")
@click.option("--fresh", is_flag=True, help="Delete the data set that is there and start over.")
def render(
    recipe: str, num: int, out: str | None, seed: int | None, workers: int | None, address: str | None, fresh: bool
) -> None:
    """Make a data set of N rows by RECIPE (a name, or a Python file), or go on with it, or make it larger."""
    from dataclasses import replace

    from pipelines.manifest import split_rows
    from pipelines.progress import summary
    from pipelines.recipe import load_recipe
    from pipelines.run import Machine, render

    chosen = load_recipe(recipe)
    if seed is not None:
        chosen = replace(chosen, seed=seed)
    folder = out or f"data/{chosen.name}"
    manifest, made = render(chosen, num, folder, Machine(workers, address), fresh)
    if not made:
        click.echo(f"{folder} is complete: {manifest.kept:,} rows, nothing to do")
    else:
        _console().print(summary(manifest))
    for part, rows in split_rows(manifest).items():
        if lacking := [split for split, num in rows.items() if not num]:
            click.echo(f"{part}: no row for {' or '.join(lacking)}; a part has all splits from 32 rows on")
    click.echo(f"content {manifest.content_sha256}")
    click.echo(f"{folder}: look at it with  glyphmill report {folder}")


@main.command()
@DATASET
@click.argument("row_id", metavar="ID")
@click.option("--image", type=click.Path(path_type=Path), default=None, help="Also write the stored picture there.")
def show(dataset: Path, row_id: str, image: Path | None) -> None:
    """Draw the row ID again and say whether it is identical to what is stored; exit 1 where it is not."""
    from pipelines.show import Redraw, find_row, pretty

    manifest, row = find_row(dataset, row_id)
    click.echo(pretty(row))
    if image is not None:
        try:
            image.write_bytes(row["image"]["bytes"])
        except OSError as error:
            raise ConfigError(f"picture {image} cannot be written: {error.strerror}") from error
    with Redraw(manifest) as redraw:
        differences = redraw.differences(row)
    for difference in differences:
        click.echo(printable(f"differs: {difference}"))
    click.echo("identical" if not differences else f"{row_id} is not what is stored")
    sys.exit(1 if differences else 0)


@main.command()
@DATASET
@click.option("--sample", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="Share drawn again.")
def verify(dataset: Path, sample: float) -> None:
    """Check all digests and the accounting of DATASET, and draw a sample of it again; exit 1 on any difference."""
    from pipelines.audit import audit

    num = 0
    for num, finding in enumerate(audit(dataset, sample), 1):
        click.echo(printable(f"{finding.where}: {finding.what}"))
    click.echo(f"{num} findings" if num else "sound")
    sys.exit(1 if num else 0)


@main.command()
@DATASET
@click.option("-n", "num", type=Count(), default=200, show_default=True, help="Pictures to show.")
@click.option("-o", "out", type=click.Path(path_type=Path), default=None, help="[default: DATASET/report/index.html]")
def report(dataset: Path, num: int, out: Path | None) -> None:
    """Write one HTML page with pictures, boxes, labels, statistics and rejects of DATASET."""
    from pipelines.report.page import write_report

    click.echo(write_report(dataset, out, num))


@main.command()
def doctor() -> None:
    """List every tool with its version, and how to install what is missing; exit 1 if something is."""
    from pipelines.doctor import examine

    checks = examine()
    table = Table(box=None)
    for head in ("tool", "version", "used by"):
        table.add_column(head)
    for check in checks:
        table.add_row(check.tool, check.found or f"[red]missing[/]: {check.remedy}", ", ".join(check.used_by) or "all")
    _console().print(table)
    sys.exit(0 if all(check.found for check in checks) else 1)


@main.command()
@click.argument("recipe")
@click.option("-n", "num", type=Count(), default=1000, show_default=True, help="Rows of the run to estimate.")
def estimate(recipe: str, num: int) -> None:
    """Time a small probe of RECIPE here and print what N rows cost: hours, core-hours and GB."""
    from pipelines.estimate import estimate, num_cores
    from pipelines.recipe import load_recipe

    costs = estimate(load_recipe(recipe), num)
    cores = num_cores()
    table = Table(title=f"{num:,} rows of {recipe} on {cores} cores like these", title_justify="left")
    for head in ("part", "rows", "samples/s/core", "core-hours", "hours", "GB"):
        table.add_column(head, justify="left" if head == "part" else "right")
    lines = [(cost.part, cost.rows, cost.core_s, cost.num_bytes) for cost in costs]
    lines.append(("all", num, sum(cost.core_s for cost in costs), sum(cost.num_bytes for cost in costs)))
    for name, rows, core_s, num_bytes in lines:
        hours = core_s / 3600
        speed = rows / core_s if core_s else 0.0
        table.add_row(
            name, f"{rows:,}", f"{speed:,.1f}", f"{hours:,.2f}", f"{hours / cores:,.2f}", f"{num_bytes / 1e9:,.2f}"
        )
    _console().print(table)


CORPUS_OUT = click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, help="A .parquet file, or a folder for it."
)
CORPUS_LICENCE = click.option(
    "--licence", default=None, help="Licence of all rows. [default: what SOURCE says of itself]"
)
CORPUS_REJECTS = click.option(
    "--rejects", type=click.Path(path_type=Path), default=None, help="Also write refusals there, JSON lines."
)


@main.group()
def corpus() -> None:
    """Build a corpus from what you have."""


@corpus.command("tex")
@click.argument("source", type=click.Path(path_type=Path))
@CORPUS_OUT
@CORPUS_LICENCE
@CORPUS_REJECTS
@click.option("--max-chars", type=click.IntRange(1), default=2000, show_default=True, help="Longest markup.")
def corpus_tex(source: Path, out: Path, licence: str | None, rejects: Path | None, max_chars: int) -> None:
    """Take formulas and tables out of SOURCE: a .tex file, a folder, a .tar.gz as arXiv gives it, a folder of those."""
    from pipelines.corpora.tex.corpus import build

    _print_built(build(source, out, licence, rejects, max_chars))


@corpus.command("text")
@click.argument("source", type=click.Path(path_type=Path))
@CORPUS_OUT
@click.option("--language", default=None, help="Of all text, as a tag of BCP 47. [default: found out]")
@CORPUS_LICENCE
@click.option("--encoding", default=None, help="Of text, Markdown and HTML. [default: found out for each file]")
@click.option("--column", default="text", show_default=True, help="Where JSON lines and tables have their text.")
@click.option("--min-chars", type=click.IntRange(1), default=20, show_default=True, help="Shortest paragraph.")
@click.option("--max-chars", type=click.IntRange(100), default=10_000, show_default=True, help="Longest paragraph.")
@CORPUS_REJECTS
def corpus_text(
    source: Path,
    out: Path,
    language: str | None,
    licence: str | None,
    encoding: str | None,
    column: str,
    min_chars: int,
    max_chars: int,
    rejects: Path | None,
) -> None:
    """Take paragraphs out of SOURCE: text, Markdown, HTML, JSON lines, Parquet, Arrow, gzipped or not, or a folder."""
    from pipelines.corpora.text.corpus import build
    from pipelines.corpora.text.filters import Limits

    _print_built(build(source, out, language, licence, column, Limits(min_chars, max_chars), rejects, encoding))


@corpus.command("molecules")
@click.argument("source", type=click.Path(path_type=Path))
@CORPUS_OUT
@CORPUS_LICENCE
@click.option(
    "--most", "max_rows", type=Count(), default=10_000_000, show_default=True, help="Molecules, then no more are read."
)
@CORPUS_REJECTS
def corpus_molecules(source: Path, out: Path, licence: str | None, max_rows: int, rejects: Path | None) -> None:
    """Take molecules out of SOURCE: .smi, .csv, .tsv or .parquet, gzipped or not, a folder, a Python wheel."""
    from pipelines.corpora.molecules import build

    _print_built(build(source, out, licence, rejects, max_rows))


@corpus.command("prose")
@click.option("-o", "out", type=click.Path(path_type=Path), default=None, help="[default: where make setup puts it]")
@CORPUS_REJECTS
def corpus_prose(out: Path | None, rejects: Path | None) -> None:
    """Build the corpus of text that everyone has, out of the packages that make setup installs."""
    from pipelines.corpora.text.default import build_default

    _print_built(build_default(out, rejects))


def _print_built(built: "Built") -> None:
    table = Table(box=None)
    table.add_column("what")
    table.add_column("how many", justify="right")
    groups = (("kept", built.kept), ("refused", built.stats.pieces), ("not read", built.stats.files))
    table.add_row("found", f"{built.num_found:,}")
    for title, counts in (*groups, ("note", built.stats.notes)):
        for name, num in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            table.add_row(f"{title}: {name}", f"{num:,}")
    _console().print(table)
    click.echo(f"{sum(built.kept.values()):,} rows in {built.path}")
