"""What is installed from a wheel, away from the repository: all data is in it, and it draws."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.e2e import mill

_FOLDERS = ("renderers", "templates", "pipelines", "got_model")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what git knows, so that no leftover of a build helps."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in tracked():
        (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(mill.ROOT / name, folder / "source" / name)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    command: list[str | Path] = [sys.executable, "-m", "pip", "wheel", *options, "-w", folder, folder / "source"]
    subprocess.run(command, check=True, timeout=240)
    (built,) = folder.glob("*.whl")
    return built


def tracked() -> list[str]:
    """Files of the distribution that are in the repository, or will be."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "pyproject.toml", "README.md", "LICENSE"]
    listed = subprocess.run([*words, *_FOLDERS], cwd=mill.ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (mill.ROOT / name).is_file()]


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel in it; what it depends on is taken from this one, without the repository."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (site,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    shared = [path for path in sys.path if path.endswith("site-packages")]
    (site / "shared.pth").write_text("\n".join(shared))
    return folder / "venv" / "bin" / "python"


def run(python: Path, cwd: Path, *words: str) -> mill.Result:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-m", *words], cwd=cwd, env=env, capture_output=True, text=True, timeout=240, check=False
    )
    return mill.Result(done.returncode, done.stdout, done.stderr)


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {name for name in tracked() if name.startswith(_FOLDERS)}
    assert len([name for name in wanted if not name.endswith(".py")]) > 60
    assert wanted <= held
    assert not [name for name in held if "__pycache__" in name or name.startswith("tests")]


def test_the_wheel_draws_in_a_folder_of_its_own(python: Path, tmp_path: Path) -> None:
    """The lines that the messages give are followed to the letter until ECharts is there."""
    words = ("pipelines", "render", "charts", "-n", "24", "-o", "charts", "--workers", "0")
    done = run(python, tmp_path, *words)
    assert (done.code, done.out) == (2, ""), done.err
    (line,) = done.err.splitlines()
    assert line.startswith("glyphmill: ECharts is not installed; install it: ")
    steps = line.split("install it: ")[1].split(" && ")
    assert [step.split()[0] for step in steps] == ["mkdir", "cp", "npm"]
    for step in steps[:2]:
        subprocess.run(["sh", "-c", step], check=True)
    prefix = Path(steps[2].split("--prefix ")[1].split()[0])
    assert {path.name for path in prefix.iterdir()} == {"package.json", "package-lock.json"}
    # What npm would fetch; a test goes to no network.
    here = Path(sys.prefix) / "share" / "glyphmill" / prefix.name / "node_modules"
    (prefix / "node_modules").symlink_to(here, target_is_directory=True)
    done = run(python, tmp_path, *words)
    assert done.code == 0, done.err
    assert mill.manifest(tmp_path / "charts")["kept"] == 24
    assert run(python, tmp_path, "pipelines", "report", "charts").code == 0
    assert (tmp_path / "charts" / "report" / "index.html").is_file()


@pytest.mark.parametrize(
    ("recipe", "list_name"), [("documents", "prose.txt"), ("tables", "tex.txt"), ("molecules_mathpix", "")]
)
def test_a_wheel_says_what_its_machine_lacks_without_make(
    python: Path, recipe: str, list_name: str, tmp_path: Path
) -> None:
    env = {**os.environ, "PATH": "/bin/none"}
    env.pop("PYTHONPATH", None)
    words: list[str | Path] = [python, "-m", "pipelines", "render", recipe, "-n", "8", "-o", tmp_path / "out"]
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "make " not in done.stderr
    named = [word.strip("()") for word in done.stderr.split() if word.strip("()").endswith(".txt")]
    wanted = {"": [], "prose.txt": ["prose.txt", "requirements.txt"]}.get(list_name, [list_name])
    assert [Path(name).name for name in named] == wanted
    assert all(Path(name).is_file() for name in named)
    assert list_name or "npm ci --prefix" in done.stderr
