"""Damaged data sets: whatever was done to a folder, each command says so in one line, and none breaks down."""

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import got_model.cli
import pipelines.cli
from got_model.checkpoint import Record, new_checkpoint, save_checkpoint
from got_model.collate import squares_of
from got_model.data import DatasetSpec, Mixture
from got_model.imaging import ImagePreprocessor
from got_model.stages import tiny
from renderers.core.errors import FactoryError
from tests.e2e import damage, damaged_tables

RECIPE = """
from pipelines.recipe import Part, Recipe
from renderers.effects.mix import Effects
from renderers.matplotlib_charts import MatplotlibCharts
def recipe():
    return Recipe("plots", (Part(MatplotlibCharts()), Part(MatplotlibCharts(), 0.5, "worn", effects=Effects(frac=0.5))))
"""
NUM, MORE = 96, 104
ROW = "plots/matplotlib_charts/train/000000003"
LIMIT_S = 120
"""For one command: what waits for a FIFO or goes in a circle would wait for ever."""


@dataclass
class World:
    """A sound data set and what the commands need besides.

    Attributes:
        base: the data set of NUM rows. Not to be changed.
        digests: content_sha256 of NUM rows and of MORE.
        row_id: of one of its rows.
    """

    folder: Path
    base: Path
    recipe: Path
    checkpoint: Path
    answers: Path
    digests: dict[int, str]
    row_id: str


@dataclass
class Said:
    code: int
    out: str
    err: str
    broke: str


Commands = dict[str, Callable[[World, Path, Path], Said]]
"""Each is called with the world, the damaged data set, and a folder to write into."""


@contextmanager
def _limited() -> Iterator[None]:
    def end(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"no end after {LIMIT_S} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def called(*words: object, model: bool = False) -> Said:
    """A command in this process."""
    with _limited():
        main = got_model.cli.main if model else pipelines.cli.main
        done = CliRunner().invoke(main, list(map(str, words)))
    broke = ""
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        broke = "".join(traceback.format_exception(done.exception))
    return Said(done.exit_code, done.stdout, done.stderr, broke)


def _manifest_digest(dataset: Path) -> str:
    return str(json.loads((dataset / "manifest.json").read_bytes())["content_sha256"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("damage")
    recipe = folder / "plots.py"
    recipe.write_text(RECIPE)
    base, larger = folder / "base", folder / "larger"
    digests = {}
    for num, out in ((NUM, base), (MORE, larger)):
        if out == larger:
            shutil.copytree(base, larger)
        done = called("render", recipe, "-n", num, "-o", out, "--workers", 0)
        assert (done.code, done.broke) == (0, ""), done
        digests[num] = _manifest_digest(out)
    save_checkpoint(new_checkpoint(tiny()), folder / "checkpoint", Record({}, []))
    answers = folder / "answers.jsonl"
    answers.write_text('{"id": "plots/matplotlib_charts/test/000000024", "answer": "{}"}\n')
    return World(
        folder, base, recipe, folder / "checkpoint", answers, digests, "plots/matplotlib_charts/train/000000003"
    )


def _load(world: World, dataset: Path, out: Path) -> Said:
    """All that a training reads."""
    try:
        with _limited():
            preprocessor = ImagePreprocessor(side=64)
            mixture = Mixture([DatasetSpec(str(dataset))], "train")
            mixture.lengths.sum()
            for at in mixture.epoch(0, 0):
                sample = mixture[int(at)]
                assert sample is not None
                squares_of(sample.id, sample.pictures, preprocessor)
    except FactoryError as error:
        return Said(1, "", f"got-model: {error}", "")
    except Exception:
        return Said(1, "", "", traceback.format_exc())
    return Said(0, "", "", "")


CHEAP: Commands = {
    "show": lambda world, data, out: called("show", data, world.row_id),
    "show --image": lambda world, data, out: called(
        "show", data, "plots/worn/train/000000002", "--image", out / "picture.png"
    ),
    "verify": lambda world, data, out: called("verify", data, "--sample", 0),
    "report": lambda world, data, out: called("report", data, "-o", out / "report.html"),
    "score": lambda world, data, out: called("score", world.answers, data, "-o", out / "score", model=True),
    "load": _load,
}
DEAR: Commands = {
    "eval": lambda world, data, out: called(
        "eval", world.checkpoint, data, "-o", out / "eval", "--max-new-tokens", 2, model=True
    ),
    "verify --sample 1": lambda world, data, out: called("verify", data, "--sample", 1),
    f"render {NUM}": lambda world, data, out: called("render", world.recipe, "-n", NUM, "-o", data, "--workers", 0),
    f"render {MORE}": lambda world, data, out: called("render", world.recipe, "-n", MORE, "-o", data, "--workers", 0),
}


def _data(dataset: Path) -> dict[str, str]:
    """The files below data/ by their digests, or those of their rows where the manifest names them so."""
    manifest = (dataset / "manifest.json").read_text()
    found = {}
    for top, folders, names in os.walk(dataset / "data"):
        for name in [*folders, *names]:
            path = Path(top, name)
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() in manifest:
                    table = pq.read_table(path)
                    data = repr((table.schema.metadata, table.to_pylist())).encode()
                found[str(path.relative_to(dataset))] = hashlib.sha256(data).hexdigest()
            elif path.is_symlink() or not path.is_dir():
                found[str(path.relative_to(dataset))] = ""
    return found


def faults(world: World, name: str, said: Said, dataset: Path) -> Iterator[str]:
    """What is wrong with how a command took it."""
    if said.broke:
        yield said.broke[-1800:]
        return
    yield from _style(said, dataset)
    if name.startswith("verify") and said.code == 0 and _data(dataset) != _data(world.base):
        yield "sound, though data/ is not what was committed"
    if name.startswith("render") and said.code == 0:
        after = called("verify", dataset, "--sample", 0)
        if (after.code, after.broke) != (0, ""):
            yield f"rendered, and verify says {after.out[-900:]} {after.err} {after.broke[-900:]}"
        elif _manifest_digest(dataset) != world.digests[int(name.split()[1])]:
            yield "rendered, with another content"


def _style(said: Said, dataset: Path) -> Iterator[str]:
    """A failure is a line that names a file or a row, and perhaps a hint."""
    lines = [line for line in said.err.splitlines() if line and not line.startswith('{"done"')]
    hints = [line for line in lines if line.startswith("what was committed is safe")]
    if said.code not in (0, 1, 2) or "Traceback" in said.err + said.out or "Warning" in said.err:
        yield f"code {said.code}: {said.err[-900:]}"
    if not said.code:
        return
    if not lines and not (said.code == 1 and said.out):
        yield "it says nothing"
    if len(lines) - len(hints) > 1 or any(len(line) > 2000 for line in lines):
        yield f"{len(lines)} lines: {said.err[:900]}"
    if lines and not any(str(dataset) in line or "plots/" in line for line in lines):
        yield f"it names nothing: {lines}"


def damaged(world: World, tmp_path: Path, kind: damage.Damage, seed: int) -> tuple[Path, str]:
    """A damaged copy, and what was done to it; beside it stands a folder that is nobody's business."""
    folder = tmp_path / f"{kind.__name__}-{seed}"
    precious = folder / "precious"
    precious.mkdir(parents=True)
    (precious / "file.json").write_text("mine")
    (precious / "file.parquet").write_text("mine")
    dataset = folder / "set"
    shutil.copytree(world.base, dataset)
    return dataset, kind(dataset, random.Random(f"{kind.__name__} {seed}"))


def ask(
    world: World,
    tmp_path: Path,
    kind: damage.Damage,
    seed: int,
    commands: dict[str, Callable[[World, Path, Path], Said]],
) -> list[str]:
    """Damage, ask, and what was wrong."""
    dataset, what = damaged(world, tmp_path, kind, seed)
    wrong = []
    for name, command in commands.items():
        out = dataset.parent / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        found = list(faults(world, name, command(world, dataset, out), dataset))
        wrong += [f"{kind.__name__} {seed}, {name}, {what}: {fault}" for fault in found]
    precious = dataset.parent / "precious"
    if {path.name: path.read_text() for path in precious.iterdir()} != {"file.json": "mine", "file.parquet": "mine"}:
        wrong.append(f"{kind.__name__} {seed}, {what}: what lies outside was touched")
    shutil.rmtree(dataset.parent)
    return wrong


def dear_of(seed: int) -> Commands:
    """One of the commands that take seconds, after those that do not: each in its turn."""
    name = list(DEAR)[seed % len(DEAR)]
    return {**CHEAP, name: DEAR[name]}


NAMED: tuple[tuple[Callable[..., str], str, str], ...] = (
    (damaged_tables.rows_changed, "null", "row"),
    (damaged_tables.rows_changed, "box", "row"),
    (damaged_tables.rows_changed, "picture", "picture"),
    (damaged_tables.rows_changed, "short id", "row"),
    (damaged_tables.rows_changed, "nested spec", "row"),
    (damaged_tables.table_changed, "a column gone", "lacks"),
    (damaged_tables.table_changed, "a column of nulls", "row"),
    (damaged_tables.table_changed, "a column of another type", "holds"),
    (damaged_tables.table_changed, "metadata", ""),
    (damaged_tables.table_changed, "no UTF-8", "UTF8"),
)


@pytest.mark.parametrize("kind", damage.KINDS, ids=lambda kind: kind.__name__)
def test_whatever_was_damaged_each_command_says_so_in_a_line(kind: damage.Damage, world: World, tmp_path: Path) -> None:
    # Two of the dear commands for each kind, all of them for some; the thousand are slow.
    first = 2 * (damage.KINDS.index(kind) % 2)
    wrong = [one for seed in (first, first + 1) for one in ask(world, tmp_path, kind, seed, dear_of(seed))]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("block", range(6))
@pytest.mark.parametrize("kind", damage.KINDS, ids=lambda kind: kind.__name__)
def test_a_thousand_damages(kind: damage.Damage, block: int, world: World, tmp_path: Path) -> None:
    seeds = range(100 + 24 * block, 100 + 24 * (block + 1))
    wrong = [one for seed in seeds for one in ask(world, tmp_path, kind, seed, dear_of(seed))]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("broken", damage.BROKEN_JSON)
@pytest.mark.parametrize("name", ["manifest.json", ".glyphmill/run.json"])
def test_json_of_any_kind_is_a_line_that_names_it(name: str, broken: str, world: World, tmp_path: Path) -> None:
    dataset = Path(shutil.copytree(world.base, tmp_path / "set"))
    (dataset / name).write_bytes(damage.BROKEN_JSON[broken])
    commands = CHEAP if name == "manifest.json" else {f"render {MORE}": DEAR[f"render {MORE}"]}
    for command in commands.values():
        said = command(world, dataset, tmp_path)
        assert (said.code, said.broke) in ((1, ""), (2, "")), said
        assert name in said.err or "manifest" in said.err
        assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize(("damages", "name", "word"), NAMED, ids=[name for _, name, _ in NAMED])
def test_a_report_names_file_and_row(
    damages: Callable[..., str], name: str, word: str, world: World, tmp_path: Path
) -> None:
    for seed in range(3):
        dataset = Path(shutil.copytree(world.base, tmp_path / str(seed)))
        what = damages(dataset, random.Random(seed), name)
        said = CHEAP["report"](world, dataset, tmp_path)
        assert said.broke == "", what
        if said.code:
            assert Path(what.rsplit(": ")[1]).name in said.err
            assert word in said.err


def test_a_bomb_is_not_unpacked(world: World, tmp_path: Path) -> None:
    """60,000 x 60,000 px are 3.6 GB: what is seen in the header takes no memory."""
    dataset = Path(shutil.copytree(world.base, tmp_path / "set"))
    path = damaged_tables.tables(dataset)[0]
    table = pq.read_table(path)
    rows = table.to_pylist()
    for row in rows:
        row["image"]["bytes"] = damaged_tables.pictures()["a bomb"]
    damaged_tables.write(table.from_pylist(rows, schema=table.schema), path, random.Random(0))
    damaged_tables.sign(dataset, path)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in ("report", "verify", "show", "load"):
        said = CHEAP[name](world, dataset, tmp_path)
        assert said.broke == ""
        assert (said.code == 0) == (name in ("show", "load")), (name, said)
    assert "60000 x 60000" in CHEAP["report"](world, dataset, tmp_path).err
    eaten = DEAR["eval"](world, dataset, tmp_path)
    assert (eaten.code, eaten.broke) == (1, ""), eaten
    assert "absurdly large" in eaten.err
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before_kib + (1 << 20)
