"""Evaluation: a checkpoint reads a data set or a benchmark, and the field's metrics score what it read."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.progress import track

from got_model.answer_log import AnswerLog, Line, asked
from got_model.checkpoint import Checkpoint, load_reader, weights_digest
from got_model.collate import pixels_of
from got_model.data import DatasetSpec, Mixture
from got_model.generate import Answer, Question, answers, batches
from got_model.metrics.core.metric import Metric, Mode, Pair, Values
from got_model.metrics.core.registry import make_metric, metrics_for, needs_typesetter
from got_model.metrics.core.typesetter import Typesetter, find_typesetter
from got_model.predictions import read_predictions
from got_model.report.groups import Scored, leading, measures, worst_and_best
from got_model.report.page import CASES, write_report
from got_model.report.plots import Curve
from got_model.suites.core.suite import read_suite, suite_names
from got_model.trainer import last_whole_checkpoint
from renderers.core.errors import ConfigError


class EvalConfig(Struct, frozen=True):
    """Settings of an evaluation.

    Attributes:
        num: samples; None = all there are.
        batch: pictures at a time.
        max_new_tokens: an answer is cut there.
        shuffle_pictures: each question gets the picture of another: what is read then is statistics, not pixels.
        mode: of the metrics; see `Mode`.
        fresh: forget the answers that an evaluation into the same folder has got; else they are used again.
    """

    num: int | None = None
    batch: int = 16
    max_new_tokens: int = 4096
    shuffle_pictures: bool = False
    mode: Mode = "standard"
    fresh: bool = False


class _Task(Struct, frozen=True):
    """A question with all that the report says of it. `metrics` is empty where the format decides.

    Attributes:
        difficulty: {measure: value} as the row says: tokens, px, ratios.
    """

    id: str
    pictures: list[bytes]
    prompt: str
    target: str
    format: str
    language: str
    part: str
    kind: str
    difficulty: dict[str, float]
    metrics: tuple[str, ...] = ()
    scene: bool = False


def evaluate(name: str, dataset: str, out: Path, config: EvalConfig) -> list[str]:
    """Let a checkpoint read, score it, and write the report; one that was stopped goes on (`answer_log`).

    Args:
        name: of the checkpoint.
        dataset: `FOLDER`, `FOLDER:SPLIT` (else `test`), or `SUITE:FOLDER` of a benchmark.
        out: folder of the report.
        config: settings.

    Returns:
        Lines that say what came of it.

    Raises:
        ConfigError: there is no such checkpoint or data set, or `out` has answers to something else.
        LabelError: a picture is broken; says which.
    """
    tasks = _tasks(dataset)
    num = min(len(tasks), config.num or len(tasks))
    checkpoint = load_reader(name)
    indices = list(range(num))
    shown = indices[1:] + indices[:1] if config.shuffle_pictures else indices
    with AnswerLog(out, fresh=config.fresh) as log:
        answered = _read_all(checkpoint, tasks, shown, config, log)
    scored, totals, notes = _score([tasks[at] for at in indices], answered, config.mode)
    num_cut = sum(answer.cut for answer in answered)
    if num_cut:
        notes = [f"{num_cut:,} of {num:,} answers are cut at {config.max_new_tokens:,} tokens", *notes]
    facts = {"checkpoint": name, "data set": dataset, "samples": f"{num:,}", "mode": config.mode}
    if config.shuffle_pictures:
        facts["control"] = "each question has the picture of another"
    page = write_report(out, _with_pictures(scored, tasks, shown), totals, facts, notes, _curves(name))
    return [*_summary(totals), *notes[: bool(num_cut)], f"{page}: open it in a browser"]


def score(predictions: Path, dataset: str, out: Path, mode: Mode, *, only_answered: bool = False) -> list[str]:
    """Score anybody's answers, and write the report.

    Args:
        predictions: JSON lines, see `predictions`.
        dataset: as for `evaluate`.
        out: folder of the report.
        mode: of the metrics; see `Mode`.
        only_answered: leave out samples without an answer, which count as empty answers otherwise.

    Returns:
        Lines that say what came of it.

    Raises:
        ConfigError: the file or the data set cannot be read, or an answer is to no sample of it.
    """
    predicted = read_predictions(predictions)
    tasks = _tasks(dataset)
    ids = [tasks[at].id for at in range(len(tasks))]
    if strange := sorted(predicted.keys() - set(ids)):
        raise ConfigError(
            f"{predictions}: {len(strange):,} answers are to no sample of {dataset}, such as {strange[0]}"
        )
    indices = [at for at, name in enumerate(ids) if name in predicted or not only_answered]
    num_lacking = len(ids) - len(predicted)
    answered = [predicted.get(ids[at], Answer("")) for at in indices]
    scored, totals, notes = _score([tasks[at] for at in indices], answered, mode)
    if num_cut := sum(answer.cut for answer in answered):
        notes = [f"{num_cut:,} of {len(indices):,} answers are cut at their limit of tokens", *notes]
    if num_lacking:
        counted = "are left out" if only_answered else "count as empty"
        notes = [f"{num_lacking:,} of {len(ids):,} samples have no answer and {counted}", *notes]
    facts = {"answers": predictions.name, "data set": dataset, "samples": f"{len(indices):,}", "mode": mode}
    page = write_report(out, _with_pictures(scored, tasks, indices), totals, facts, notes, [])
    return [*_summary(totals), *notes, f"{page}: open it in a browser"]


class _Rows:
    """The split of a data set as tasks, read on access."""

    def __init__(self, root: str, split: str) -> None:
        self._mixture = Mixture([DatasetSpec(root)], split, kinds=True)

    def __len__(self) -> int:
        return len(self._mixture)

    def __getitem__(self, at: int) -> _Task:
        row = self._mixture[at]
        assert row is not None
        difficulty = {name: float(value) for name, value in row.difficulty.items() if value is not None}
        return _Task(
            id=row.id,
            pictures=row.pictures,
            prompt=row.prompt,
            target=row.answer,
            format=row.format,
            language=row.language,
            part=row.id.split("/")[1] if row.id.count("/") == 3 else "",
            kind=row.kind,
            difficulty=difficulty,
        )


class _Benchmark:
    """A suite as tasks, pictures read on access."""

    def __init__(self, suite: str, folder: Path) -> None:
        self._samples = read_suite(suite, folder)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, at: int) -> _Task:
        sample = self._samples[at]
        try:
            pictures = [path.read_bytes() for path in sample.images]
        except OSError as error:
            raise ConfigError(f"{sample.images[0]} cannot be read: {error.strerror}") from error
        return _Task(
            id=sample.id,
            pictures=pictures,
            prompt=sample.prompt,
            target=sample.target,
            format=sample.format,
            language=sample.language,
            part=sample.part,
            kind=sample.kind,
            difficulty={},
            metrics=sample.metrics,
            scene=sample.scene,
        )


def _tasks(dataset: str) -> "_Rows | _Benchmark":
    before, colon, after = dataset.partition(":")
    if colon and before in suite_names():
        return _Benchmark(before, Path(after))
    root, colon, split = dataset.rpartition(":")
    # The colon of an address, such as s3://bucket/data, parts nothing.
    if not colon or "/" in split:
        root, split = dataset, "test"
    return _Rows(root, split)


def _read_all(
    checkpoint: Checkpoint,
    tasks: "_Rows | _Benchmark",
    shown: Sequence[int],
    config: EvalConfig,
    log: AnswerLog,
) -> list[Answer]:
    """Answers to the first tasks, each with the picture of the one in `shown`."""
    weights = weights_digest(checkpoint)
    answered: list[Answer] = []
    step = config.batch * 4
    for start in track(
        range(0, len(shown), step),
        "reading",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ):
        indices = range(start, min(start + step, len(shown)))
        asking = [tasks[at] for at in indices]
        pictured = [tasks[shown[at]] for at in indices]
        answered += _answer(checkpoint, weights, asking, pictured, config, log)
    return answered


def _answer(
    checkpoint: Checkpoint,
    weights: str,
    tasks: Sequence[_Task],
    shown: Sequence[_Task],
    config: EvalConfig,
    log: AnswerLog,
) -> list[Answer]:
    limit = config.max_new_tokens
    keys = [asked(weights, task.prompt, pictured.pictures, limit) for task, pictured in zip(tasks, shown, strict=True)]
    found = {at: log.find(task.id, key) for at, (task, key) in enumerate(zip(tasks, keys, strict=True))}
    if None not in found.values():
        return [answer for answer in found.values() if answer is not None]
    questions = [
        Question(pixels_of(pictured.id, pictured.pictures, checkpoint.preprocessor), task.prompt)
        for task, pictured in zip(tasks, shown, strict=True)
    ]
    # Batches are those of a run that was not stopped: what else is in one moves the last digits of a question's scores.
    for members in batches(questions, config.batch):
        lacking = [at for at in members if found[at] is None]
        if not lacking:
            continue
        new = dict(zip(members, answers(checkpoint, [questions[at] for at in members], limit), strict=True))
        log.add(Line(tasks[at].id, new[at].text, new[at].cut, keys[at]) for at in lacking)
        found |= {at: new[at] for at in lacking}
    return [answer for answer in found.values() if answer is not None]


def _score(
    tasks: Sequence[_Task], answered: Sequence[Answer], mode: Mode
) -> tuple[list[Scored], dict[str, Values], list[str]]:
    """Samples in their order, the totals of each format, and what a reader must know."""
    typesetter, why_not = _typesetter({task.format for task in tasks})
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for at, task in enumerate(tasks):
        groups.setdefault((task.format, task.metrics), []).append(at)
    scores: dict[int, Values] = {at: {} for at in range(len(tasks))}
    totals: dict[str, Values] = {}
    for (markup_format, names), members in sorted(groups.items()):
        pairs = [Pair(tasks[at].target, answered[at].text, tasks[at].scene) for at in members]
        for metric in _metrics(markup_format, names, typesetter, mode):
            scored = metric.score(pairs)
            totals.setdefault(markup_format, {}).update(scored.total)
            for at, values in zip(members, scored.each, strict=True):
                scores[at].update(values)
    samples = [
        Scored(
            id=task.id,
            picture_png=b"",
            target=task.target,
            answer=answered[at].text,
            cut=answered[at].cut,
            format=task.format,
            part=task.part,
            kind=task.kind,
            language=task.language,
            difficulty=task.difficulty,
            scores=scores[at],
        )
        for at, task in enumerate(tasks)
    ]
    return samples, totals, [why_not] if why_not else []


def _typesetter(formats: set[str]) -> tuple[Typesetter | None, str]:
    return find_typesetter() if any(map(needs_typesetter, formats)) else (None, "")


def _metrics(markup_format: str, names: tuple[str, ...], typesetter: Typesetter | None, mode: Mode) -> Iterator[Metric]:
    if not names:
        yield from metrics_for(markup_format, typesetter, mode)
    for name in names:
        metric = make_metric(name, typesetter, mode)
        if metric is not None:
            yield metric


def _with_pictures(scored: Sequence[Scored], tasks: "_Rows | _Benchmark", shown: Sequence[int]) -> list[Scored]:
    """Samples of which the worst and the best of each format have their pictures, first pages of several."""
    known = measures()
    shown_ids = {
        sample.id
        for markup_format in {sample.format for sample in scored}
        for group in worst_and_best([one for one in scored if one.format == markup_format], known, CASES)
        for sample in group
    }
    return [
        _pictured(sample, tasks[shown[at]].pictures[0]) if sample.id in shown_ids else sample
        for at, sample in enumerate(scored)
    ]


def _pictured(sample: Scored, picture: bytes) -> Scored:
    from msgspec.structs import replace

    return replace(sample, picture_png=picture)


def _curves(name: str) -> list[Curve]:
    """How the run went that made a checkpoint, where it lies in the run's folder."""
    folder = Path(name) / "checkpoints"
    last = last_whole_checkpoint(folder) if folder.is_dir() else None
    if last is None:
        return []
    history = json.loads((last / "trainer_state.json").read_text(encoding="utf-8"))["log_history"]
    curves = []
    for key, label in (("loss", "training loss"), ("eval_loss", "validation loss"), ("eval_cer", "validation CER")):
        points = tuple((float(line["step"]), float(line[key])) for line in history if key in line)
        if points:
            curves.append(Curve(label, "step", points))
    return curves


def _summary(totals: dict[str, Values]) -> Iterator[str]:
    known = measures()
    for markup_format, values in totals.items():
        names = [name for name in leading(markup_format) if name in values]
        yield f"{markup_format}: " + ", ".join(f"{known[name].label} {values[name]:.4f}" for name in names)
