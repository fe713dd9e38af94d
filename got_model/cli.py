"""The command `got-model`. Its words are stable: scripts depend on them.

Exit codes: 0 done; 1 the work failed, or was stopped by SIGTERM or Ctrl-C; 2 the user's mistake, or something is not
installed.
"""

import logging
import os
import sys
from pathlib import Path
from typing import Any, get_args

import click

from got_model.metrics.core.metric import Mode
from got_model.prompts import COLOURS
from renderers.core.errors import ConfigError, FactoryError, NotInstalled, printable
from renderers.core.install import pip_line


class _Commands(click.Group):
    """Turns what is raised on purpose into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigError, NotInstalled) as error:
            _fail(str(error), 2)
        except ModuleNotFoundError as error:  # The mill may be installed without what trains.
            package = (error.name or "").split(".")[0]
            if package in ("", "got_model", "renderers"):
                raise
            _fail(f"the Python package {package} is not installed; install it: {pip_line('train', 'train')}", 2)
        except FactoryError as error:
            _fail(str(error), 1)
        except KeyboardInterrupt:
            _fail("interrupted; what was saved is safe", 1)


def _fail(line: str, code: int) -> None:
    sys.stderr.write(f"got-model: {printable(line)}\n")
    sys.exit(code)


class _Box(click.ParamType[tuple[float, ...]]):
    """x1,y1,x2,y2 in pixels."""

    name = "X1,Y1,X2,Y2"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """The four numbers; fails for anything else."""
        try:
            edges = tuple(float(edge) for edge in str(value).split(","))
        except ValueError:
            edges = ()
        if len(edges) != 4 or edges[0] >= edges[2] or edges[1] >= edges[3] or min(edges) < 0:
            self.fail(f"{value!r}: give left,top,right,bottom in pixels, such as 10,20,300,60", param, ctx)
        return edges


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("-v", "--verbose", is_flag=True, help="Say what happens inside.")
@click.version_option(package_name="glyphmill")
def main(verbose: bool) -> None:
    """GOT: train it on what the mill writes, score it, read with it."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")
    if not verbose:
        # transformers tells of each fall-back of its own; none is the user's business.
        logging.getLogger("transformers").setLevel(logging.ERROR)
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


@main.command()
@click.argument("stage")
@click.option("--data", multiple=True, required=True, metavar="DATASET[=WEIGHT]", help="May be given several times.")
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, metavar="CKPT", help="Folder of the run.")
@click.option("--init", default=None, metavar="CKPT", help="Start from the weights of another run, or of the hub.")
@click.option("--ray", "address", default=None, help="Address of a Ray cluster. [default: started here]")
@click.option(
    "--workers",
    type=click.IntRange(0, 100_000),
    default=None,
    help="Processes that share a step; 0: this one, without Ray. [default: the GPUs, 0 for one or none]",
)
@click.option("--resume", is_flag=True, help="Go on with the run in CKPT.")
def train(
    stage: str,
    data: tuple[str, ...],
    out: Path,
    init: str | None,
    address: str | None,
    workers: int | None,
    resume: bool,
) -> None:
    """Train STAGE: stage1, stage2, stage3, tiny, or a Python file whose function stage() returns one."""
    from got_model.data import DatasetSpec
    from got_model.stages import load_stage
    from got_model.train import TrainJob, prepare, run

    if workers is None:
        workers = _default_workers(address)
    job = TrainJob(
        stage=load_stage(stage),
        data=[DatasetSpec.parse(one) for one in data],
        out=str(out),
        init=init,
        resume=resume,
        num_workers=max(workers, 1),
    )
    job = prepare(job)
    if workers:
        from got_model.cluster import run_on_ray

        run_on_ray(job, address)
    else:
        run(job)
    click.echo(f"{out}: score it with  got-model eval {out} DATASET -o REPORT")


def _default_workers(address: str | None) -> int:
    import torch

    gpus = torch.cuda.device_count()
    return max(gpus, 1) if address or gpus > 1 else 0


@main.command("eval")
@click.argument("checkpoint")
@click.argument("dataset", metavar="DATASET[:SPLIT]")
@click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, metavar="REPORT", help="Folder of the report."
)
@click.option("-n", "num", type=click.IntRange(1), default=None, help="Rows. [default: all of the split]")
@click.option("--batch", type=click.IntRange(1), default=16, show_default=True, help="Pictures at a time.")
@click.option("--max-new-tokens", type=click.IntRange(1), default=4096, show_default=True, help="Longest answer.")
@click.option("--shuffle-pictures", is_flag=True, help="Control: each question gets another row's picture.")
@click.option("--fresh", is_flag=True, help="Ask anew what an eval into REPORT has answers to; they are used else.")
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
    default="standard",
    show_default=True,
    help="Metrics as meant, or as GOT's script has them, slips included.",
)
def evaluate(
    checkpoint: str,
    dataset: str,
    out: Path,
    num: int | None,
    batch: int,
    max_new_tokens: int,
    shuffle_pictures: bool,
    fresh: bool,
    mode: Mode,
) -> None:
    """Let CHECKPOINT read DATASET (its test split, where none is named) and score it.

    Answers are in REPORT/answers.jsonl as they come; an eval that was stopped goes on with the same command.
    """
    from got_model.evaluate import EvalConfig, evaluate

    lines = evaluate(checkpoint, dataset, out, EvalConfig(num, batch, max_new_tokens, shuffle_pictures, mode, fresh))
    for line in lines:
        click.echo(line)


@main.command()
@click.argument("predictions", type=click.Path(path_type=Path))
@click.argument("dataset", metavar="DATASET[:SPLIT]")
@click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, metavar="REPORT", help="Folder of the report."
)
@click.option("--only-answered", is_flag=True, help="Leave out samples without an answer; they count as empty else.")
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
    default="standard",
    show_default=True,
    help="Metrics as meant, or as GOT's script has them, slips included.",
)
def score(predictions: Path, dataset: str, out: Path, only_answered: bool, mode: Mode) -> None:
    """Score the answers of any model: PREDICTIONS has a line {"id": ..., "answer": ...} for each sample of DATASET."""
    from got_model.evaluate import score

    for line in score(predictions, dataset, out, mode, only_answered=only_answered):
        click.echo(line)


@main.command()
@click.argument("checkpoint")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="IMAGE...")
@click.option("--format", "formatted", is_flag=True, help="Markup, not plain text.")
@click.option("--box", type=_Box(), default=None, help="Read there alone; pixels.")
@click.option(
    "--color", "colour", type=click.Choice(COLOURS), default=None, help="Read in the frame of this colour alone."
)
@click.option("--crop", is_flag=True, help="Cut each picture into tiles first, for small print.")
@click.option("--multi-page", "pages", is_flag=True, help="The pictures are pages of one document.")
@click.option("--batch", type=click.IntRange(1), default=8, show_default=True, help="Pictures at a time.")
@click.option("--max-new-tokens", type=click.IntRange(1), default=4096, show_default=True, help="Longest answer.")
@click.option(
    "--html", type=click.Path(path_type=Path), default=None, help="Also write a page with what was read, set."
)
def read(
    checkpoint: str,
    images: tuple[Path, ...],
    formatted: bool,
    box: tuple[float, ...] | None,
    colour: str | None,
    crop: bool,
    pages: bool,
    batch: int,
    max_new_tokens: int,
    html: Path | None,
) -> None:
    """Print what CHECKPOINT reads in each IMAGE."""
    from got_model.checkpoint import load_reader
    from got_model.generate import read

    for image in images:
        if not image.is_file():
            raise ConfigError(f"no picture {image}")
    answers = read(
        load_reader(checkpoint),
        images,
        formatted=formatted,
        box=box,
        colour=colour,
        crop=crop,
        pages=pages,
        batch=batch,
        max_new_tokens=max_new_tokens,
    )
    for image, answer in zip(images, answers, strict=False):
        click.echo(answer.text)
        if answer.cut:
            click.echo(f"got-model: {image}: cut at --max-new-tokens {max_new_tokens}", err=True)
    if html is not None:
        from got_model.html_output import write_html

        write_html(html, images, answers)
