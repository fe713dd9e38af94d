"""A renderer's version holds the templates that it reads, all of them and no others, so no edit goes unseen."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import templates
from renderers.core.registry import renderer_class, renderer_names

ROOT = Path(__file__).parents[2]

_VERSIONS_AFTER_EDITS = """
import json
from pathlib import Path
import templates
from pipelines.recipe import version_of
from renderers.core.registry import make_renderer, renderer_names
from renderers.effects.mix import version

folder = Path(templates.__file__).parent
renderers = {name: make_renderer(name, {}) for name in renderer_names()}

def versions():
    templates.digest.cache_clear()
    return {name: version_of(renderer) for name, renderer in renderers.items()} | {"effects": version()}

before, moved = versions(), {}
for file in sorted(folder.rglob("*")):
    if file.is_file() and file.suffix not in (".py", ".pyc", ".typed"):
        held = file.read_bytes()
        file.write_bytes(bytes([held[0] ^ 1]) + held[1:])
        after = versions()
        moved[file.relative_to(folder).as_posix()] = sorted(name for name in before if before[name] != after[name])
        file.write_bytes(held)
print(json.dumps(moved))
"""


def declared(name: str) -> set[str]:
    return set(templates.files(renderer_class(name).templates))


@pytest.mark.parametrize("name", renderer_names())
def test_what_a_renderer_opens_is_what_it_declares(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.contract.opened", name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == declared(name)


def test_one_changed_byte_moves_the_versions_of_those_that_read_the_file_and_no_others(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates", ignore=shutil.ignore_patterns("__pycache__"))
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", _VERSIONS_AFTER_EDITS],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    moved = json.loads(done.stdout)
    readers = {name: declared(name) for name in renderer_names()} | {"effects": set(templates.files(("effects",)))}
    assert moved == {file: sorted(name for name in readers if file in readers[name]) for file in moved}
    assert {file for file, names in moved.items() if names} == set().union(*readers.values())
    read_elsewhere = {file.split("/")[0] for file, names in moved.items() if not names}
    assert read_elsewhere <= {"apt", "card", "report", "prose", "mathpix_formulas", "pyecharts_charts"}


def test_a_template_that_is_not_there_is_said() -> None:
    with pytest.raises(FileNotFoundError, match=r"charts/none\.toml"):
        templates.digest(("charts/none.toml",))
