r"""TeX as an engine: batches, faults that cost only themselves, sources nobody trusts, programs that are killed."""

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from renderers.core.errors import EngineCrash, EngineError, EngineStartError
from renderers.core.renderer import Pixels, Rejected
from renderers.engines.pool import Pool
from renderers.engines.tex import Preamble, Tex, TexPage, standalone
from renderers.engines.tex_program import Program, find_format, find_program, start_program
from tests.unit.browsers import sweepers

PLAIN = Preamble("pdflatex", standalone() + r"\usepackage{amsmath,amssymb}" + "\n")
FORMULA = r"$x^2 + \frac{a}{b}$"


@pytest.fixture(scope="module")
def tex() -> Iterator[Tex]:
    with Tex() as engine:
        yield engine


def faults(tex: Tex, preamble: Preamble, bodies: Sequence[str]) -> list[Rejected | None]:
    with tex.typeset(preamble, bodies) as tex_pages:
        return [tex_page if isinstance(tex_page, Rejected) else None for tex_page in tex_pages]


def pixels(tex: Tex, preamble: Preamble, bodies: Sequence[str]) -> list[Pixels]:
    pictures = []
    with tex.typeset(preamble, bodies) as tex_pages:
        for tex_page in tex_pages:
            assert isinstance(tex_page, TexPage), tex_page
            width, height = tex_page.size_pt
            with tex_page.page(round(width * 2), round(height * 2)) as page:
                pictures.append(page.pixels())
    return pictures


def test_a_run_makes_a_sheet_for_each_body_with_its_own_glyphs(tex: Tex) -> None:
    with tex.typeset(PLAIN, [rf"$y_{{{number}}}$" for number in range(120)]) as tex_pages:
        for number, tex_page in enumerate(tex_pages):
            assert isinstance(tex_page, TexPage)
            with tex_page.page(200, 100) as page:
                assert page.glyphs().text == f"y{number}"
                assert page.pixels().min() < 100


@pytest.mark.parametrize(
    ("program", "late"),
    [
        ("pdflatex", ""),
        ("xelatex", r"\usepackage{unicode-math}\setmathfont{STIXTwoMath-Regular.otf}"),
    ],
)
def test_a_picture_is_the_same_in_any_batch(tex: Tex, program: str, late: str) -> None:
    preamble = Preamble(program, PLAIN.text, late)  # type: ignore[arg-type]
    bodies = [FORMULA, r"$\displaystyle\int_0^1 f(x)\,dx$", r"$\mathbb{R} \ni \alpha$", "plain text"]
    together = pixels(tex, preamble, bodies)
    alone = [pixels(tex, preamble, [body])[0] for body in bodies]
    for one, other in zip(together, alone, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (r"$\undefinedcommand$", "tex_error"),
        (r"$x", "tex_error"),
        ("{", "tex_error"),
        ("}", "tex_error"),
        ("\N{CYRILLIC CAPITAL LETTER ZHE}", "tex_error"),
        (r"{\font\f=cmr10 \f\char200}", "glyph_missing"),
        (r"\parbox{1cm}{\mbox{much too wide for so little}}", "box_overfull"),
        (r"{\fontfamily{nosuch}\selectfont a}", "font_substituted"),
        (r"\ref{nowhere}", "reference_undefined"),
        (r"a\end{sheet}\begin{sheet}b", "page_overflow"),
        (r"a\end{sheet}\end{document}", "tex_error"),
        (r"\def\a{\a\a}\a", "tex_error"),
        (r"\input{/etc/passwd}", "tex_error"),
        (r"\input{../../../../../../etc/hostname}", "tex_error"),
    ],
)
def test_a_fault_costs_itself_alone(tex: Tex, body: str, reason: str) -> None:
    found = faults(tex, PLAIN, [FORMULA, body, FORMULA, body, FORMULA])
    assert [fault.reason if fault else None for fault in found] == [None, reason, None, reason, None]
    assert found[1] is not None
    assert found[1].detail
    assert "glyphmill" not in found[1].detail
    assert faults(tex, PLAIN, [body]) == [found[1]]


def test_a_font_warning_does_not_depend_on_who_came_first(tex: Tex) -> None:
    # LaTeX complains once in a run; each of the three must be found.
    found = faults(tex, PLAIN, [r"{\fontfamily{nosuch}\selectfont a}"] * 3 + [FORMULA])
    assert [fault.reason if fault else None for fault in found] == ["font_substituted"] * 3 + [None]


def test_endless_sources_are_ended_and_cost_themselves(tex: Tex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renderers.engines.tex._START_S", 2.0)
    bodies = [
        FORMULA,
        r"\loop\iftrue\repeat",
        FORMULA,
        r"\loop\immediate\write-1{more and more}\iftrue\repeat",
        FORMULA,
    ]
    found = faults(tex, PLAIN, bodies)
    assert [fault.reason if fault else None for fault in found][:4] == [None, "tex_timeout", None, "tex_timeout"]
    assert found[4] is None


def test_what_tex_refuses_once_is_not_refused(tex: Tex, monkeypatch: pytest.MonkeyPatch) -> None:
    # As where a font or a package cannot be opened for a moment: the first run reads something else than what is there.
    spoilt: list[Path] = []

    def start(program: Program, arguments: list[str], folder: Path, *rest: object, **knobs: object) -> object:
        if not spoilt:
            spoilt.append(folder / "job.tex")
            spoilt[0].write_text(spoilt[0].read_text().replace("good", r"\cannotbeopened"), encoding="utf-8")
        return start_program(program, arguments, folder, *rest, **knobs)  # type: ignore[arg-type]

    monkeypatch.setattr("renderers.engines.tex.start_program", start)
    assert faults(tex, PLAIN, [FORMULA, "good", FORMULA, "good"]) == [None] * 4
    assert spoilt


def test_tex_that_refuses_everything_is_no_fault_of_a_body(tex: Tex, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(program: Program, arguments: list[str], folder: Path, *rest: object, **knobs: object) -> object:
        job = folder / "job.tex"
        job.write_text(job.read_text().replace(r"\begin{sheet}", r"\begin{sheet}\cannotbeopened "), encoding="utf-8")
        return start_program(program, arguments, folder, *rest, **knobs)  # type: ignore[arg-type]

    monkeypatch.setattr("renderers.engines.tex.start_program", start)
    with pytest.raises(EngineCrash, match="pdflatex does not typeset a letter"):
        faults(tex, PLAIN, [FORMULA, "good"])


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGBUS])
def test_tex_that_is_killed_is_no_fault_of_a_body(sign: signal.Signals) -> None:
    with Tex() as engine:

        def kill() -> None:
            while not (found := [one for one in psutil.Process().children(recursive=True) if "tex" in one.name()]):
                time.sleep(0.01)
            found[0].send_signal(sign)

        thread = threading.Thread(target=kill)
        thread.start()
        with pytest.raises(EngineCrash, match=sign.name):
            faults(engine, PLAIN, [r"\loop\iftrue\repeat"])
        thread.join()


def test_a_bomb_of_pages_costs_itself(tex: Tex) -> None:
    bomb = r"\count255=5000 \loop\ifnum\count255>0 \advance\count255-1 \shipout\hbox{x}\repeat"
    found = faults(tex, PLAIN, [FORMULA, bomb, FORMULA])
    assert [fault.reason if fault else None for fault in found] == [None, "page_overflow", None]


def test_there_is_no_shell_and_nothing_is_written_outside(tex: Tex, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    faults(tex, PLAIN, [rf"\immediate\write18{{touch {flag}}}x"])
    faults(tex, PLAIN, [rf"\newwrite\w\immediate\openout\w={flag} \immediate\write\w{{x}}\immediate\closeout\w x"])
    faults(tex, PLAIN, [rf"\input{{|touch {flag}}}x"])
    assert not flag.exists()


def test_a_preamble_that_fails_says_why(tex: Tex) -> None:
    broken = Preamble("pdflatex", standalone() + r"\usepackage{nosuchpackage}" + "\n")
    with pytest.raises(EngineError, match="nosuchpackage"), tex.typeset(broken, [FORMULA]):
        pass


def test_formats_are_dumped_once_by_many_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(find_format, [PLAIN] * 3))
    assert len(set(found)) == 1
    made = found[0].stat().st_mtime_ns
    assert find_format(PLAIN) == found[0]
    assert found[0].stat().st_mtime_ns == made
    assert [file.name for file in found[0].parent.iterdir()] == [found[0].name]


def test_a_killed_engine_frees_its_caller_and_leaves_no_process() -> None:
    with Tex() as engine:
        timer = threading.Timer(1.0, engine.kill)
        timer.start()
        with pytest.raises(EngineCrash), engine.typeset(PLAIN, [r"\loop\iftrue\repeat"]):
            pass
        timer.join()
        assert not [child for child in psutil.Process().children(recursive=True) if "tex" in child.name()]


def test_a_pool_kills_a_hung_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renderers.engines.tex._START_S", 60.0)

    def hang(engine: Tex) -> int:
        with engine.typeset(PLAIN, [r"\loop\iftrue\repeat"]) as tex_pages:
            return len(tex_pages)

    with Pool(Tex, deadline_s=2.0) as pool:
        with pytest.raises(EngineError, match=r"did not answer within 2\.1 s"):
            pool.run(hang, 1)
        assert pool.run(lambda engine: faults(engine, PLAIN, [FORMULA]), 1) == [None]


def test_tex_that_is_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    find_program.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(EngineStartError, match=r"pdflatex is not there; install TeX Live: make -C .* setup-tex"), Tex():
        pass
    monkeypatch.undo()
    find_program.cache_clear()


@pytest.mark.parametrize("kill_sweeper", [False, True])
def test_a_killed_owner_leaves_no_process_and_no_folder(
    kill_sweeper: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = (
        "from renderers.engines.tex import *\n"
        "with Tex() as tex:\n"
        "    print(tex._sweeper.folder, flush=True)\n"
        f"    with tex.typeset(Preamble('pdflatex', {PLAIN.text!r}), [r'\\loop\\iftrue\\repeat']): pass\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    folder = Path(owner.stdout.readline().strip())
    deadline = time.monotonic() + 30
    while not list(folder.glob("run-*/begun.txt")) and time.monotonic() < deadline:
        time.sleep(0.05)
    (run,) = [child for child in psutil.Process(owner.pid).children(recursive=True) if "latex" in child.name()]
    if kill_sweeper:
        for sweeper in sweepers(folder):
            sweeper.kill()
    owner.kill()
    owner.communicate()
    if kill_sweeper:
        assert folder.exists()
        subprocess.run([sys.executable, "-c", "from renderers.engines.tex import *\nwith Tex(): pass"], check=True)
    while (run.is_running() or list(tmp_path.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not run.is_running()
    assert not list(tmp_path.iterdir())


def test_a_killed_owner_leaves_nothing_of_a_format_it_was_dumping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    script = (
        "from renderers.engines.tex import *\n"
        "from renderers.engines.tex_program import find_format\n"
        f"find_format(Preamble('pdflatex', {PLAIN.text!r} + '\\loop\\iftrue\\repeat'))\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 60
    runs: list[psutil.Process] = []
    while not (runs and any(tmp_path.glob("glyphmill/tex/*/dump.log"))) and time.monotonic() < deadline:
        runs = [child for child in psutil.Process(owner.pid).children() if "latex" in child.name()]
    owner.kill()
    owner.wait()
    while (runs[0].is_running() or list(tmp_path.glob("glyphmill/tex/*"))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not runs[0].is_running()
    assert not list(tmp_path.glob("glyphmill/tex/*"))
