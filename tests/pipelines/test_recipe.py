"""What is in a recipe's digest: the knobs, and whatever else may change a picture."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.recipe import Recipe
from renderers.effects.mix import Effects
from tests.pipelines.fakes import FakeWords, fake_recipe

ROOT = Path(__file__).parents[2]
VERSION = """
from pipelines.recipe import version_of
from renderers.core.registry import make_renderer
print(version_of(make_renderer("matplotlib_charts", {})))
"""

pytestmark = pytest.mark.usefixtures("fake")


def test_a_changed_template_moves_the_version_of_its_renderer(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates", ignore=shutil.ignore_patterns("__pycache__"))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}

    def version() -> str:
        command = [sys.executable, "-c", VERSION]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout

    before = version()
    menu = min((tmp_path / "templates" / "matplotlib_charts").glob("*.toml"))
    menu.write_bytes(menu.read_bytes() + b"#")
    after = version()
    assert before.split("+")[0] == after.split("+")[0], "the number that is raised by hand"
    assert before != after


def test_the_digest_holds_all_but_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = fake_recipe(refused=0.2)
    part = one.parts[0]
    others = [
        Recipe("other", one.parts),
        fake_recipe(refused=0.3),
        replace(one, parts=(replace(part, weight=2.0),)),
        replace(one, parts=(replace(part, name="other"),)),
        replace(one, parts=(replace(part, effects=Effects()),)),
        replace(one, parts=(part, replace(part, name="more"))),
    ]
    assert one.digest == replace(one, seed=5).digest
    digests = {recipe.digest for recipe in (one, *others)}
    monkeypatch.setattr(FakeWords, "version", 2)
    digests.add(fake_recipe(refused=0.2).digest)
    assert len(digests) == len(others) + 2


def test_a_recipe_that_travels_is_the_same_recipe() -> None:
    one = fake_recipe(seed=3, refused=0.2, effects=Effects(frac=0.5))
    there = Recipe.from_plain(one.plain())
    assert there == one
    assert there.digest == one.digest
