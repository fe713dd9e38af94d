"""A promise is held by a test that fails when it is broken: `mutations.toml` breaks each one on purpose.

Each patch is made in a copy of the packages, where the named test is run beside one that has nothing to do with it. The
named one must fail and the other pass: a copy that is merely broken fails both.
"""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import cast

import msgspec
import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("renderers", "templates", "pipelines", "tests")
COPIES = 2
BYSTANDER = "tests/pipelines/test_run.py::test_a_run_in_which_nothing_goes_wrong_keeps_every_draw"


class Mutation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A promise and how it is broken.

    Attributes:
        promise: what a user was told.
        file: that is patched.
        old, new: the text that is replaced, which stands there exactly once, and what it becomes.
        test: that must fail.
    """

    promise: str
    file: str
    old: str
    new: str
    test: str

    def patched(self, root: Path) -> str:
        """The file with the promise broken."""
        return (root / self.file).read_text(encoding="utf-8").replace(self.old, self.new)


_TABLE = tomllib.loads(Path(__file__).with_name("mutations.toml").read_text(encoding="utf-8"))
MUTATIONS = [msgspec.convert(entry, Mutation) for entry in _TABLE["mutation"]]
each_mutation = pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.promise for mutation in MUTATIONS])


def test_each_promise_is_broken_once() -> None:
    promises = [mutation.promise for mutation in MUTATIONS]
    assert len(set(promises)) == len(promises) >= 24


@each_mutation
def test_a_patch_applies_and_its_test_exists(mutation: Mutation) -> None:
    source = (ROOT / mutation.file).read_text(encoding="utf-8")
    assert source.count(mutation.old) == 1, f"{mutation.file} must hold this exactly once:\n{mutation.old}"
    assert ast.dump(ast.parse(mutation.patched(ROOT))) != ast.dump(ast.parse(source))
    file, name = mutation.test.split("::")
    tests = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tests.body if isinstance(node, ast.FunctionDef)}


def copy_packages(tree: Path) -> None:
    """A copy in which every promise is kept."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("*.png"))
    shutil.copy(ROOT / "pyproject.toml", tree)


def run_tests(tree: Path, tests: list[str]) -> "subprocess.CompletedProcess[str]":
    # Bytecode is read, which saves time, and never written: it is of the files as they were before any patch.
    env = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    words = ["-q", "-rA", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, timeout=250, check=False)


def said_of(mutation: Mutation, trees: "Queue[Path]") -> str:
    """What the named test and the bystander say in a copy where the promise is broken."""
    tree = trees.get()
    file = tree / mutation.file
    sound = file.read_text(encoding="utf-8")
    file.write_text(mutation.patched(tree), encoding="utf-8")
    try:
        return run_tests(tree, [mutation.test, BYSTANDER]).stdout
    finally:
        file.write_text(sound, encoding="utf-8")
        trees.put(tree)


@pytest.fixture(scope="module")
def said(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[str]]]:
    """By promise, what is said where it is broken; several copies are at work at a time."""
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen = [cast("Mutation", test.callspec.params["mutation"]) for test in tests if "said" in test.fixturenames]
    trees: Queue[Path] = Queue()
    for _ in range(COPIES):
        trees.put(tmp_path_factory.mktemp("mutated"))
        copy_packages(trees.queue[-1])
    done = run_tests(trees.queue[0], list(dict.fromkeys([BYSTANDER, *(mutation.test for mutation in chosen)])))
    assert done.returncode == 0, done.stdout
    with ThreadPoolExecutor(COPIES) as pool:
        yield {mutation.promise: pool.submit(said_of, mutation, trees) for mutation in chosen}
        pool.shutdown(cancel_futures=True)


@pytest.mark.slow
@each_mutation
def test_a_promise_that_is_broken_is_told(mutation: Mutation, said: dict[str, Future[str]]) -> None:
    output = said[mutation.promise].result()
    lines = output.splitlines()
    failed = {line.split()[1].split("[")[0] for line in lines if line.startswith("FAILED ")}
    assert failed == {mutation.test}, output
    assert f"PASSED {BYSTANDER}" in lines, output
