r"""TeX: one run typesets hundreds of bodies, each a page of one PDF, from a preamble that was dumped to a format once.

A body that fails costs itself: what is surely innocent, by the transcript, is typeset again without it. What is guilty
must fail twice, between two probes that succeed, so that no bad minute of the machine is taken for an error of TeX.
Sources may be anybody's: there is no shell, no file is read or written outside the run's own folder, and CPU time,
memory, output and pages are limited from outside. Wall clock judges nothing: a program may be stopped for a while.
"""

import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import psutil

from renderers.core.errors import EngineCrash, EngineError, EngineTimeout
from renderers.core.renderer import Rejected
from renderers.engines.landlock import landlock_version
from renderers.engines.pdf import Pdf, PdfPage, open_pdf
from renderers.engines.sweeper import Sweeper
from renderers.engines.tex_log import BodyLog, read_log
from renderers.engines.tex_program import (
    Preamble,
    end_program,
    ends_within,
    find_format,
    find_program,
    program_version,
    read_head,
    start_program,
)

__all__ = ["Preamble", "Tex", "TexPage", "standalone"]

_START_S = 15.0
_PAGE_S = 0.1
"""A run may take so many s of CPU time, and so many more for each body. Measured: 0.2-1.5 s, and 2-20 ms a body."""

_WALL = 20
"""So many times its CPU time a run may last. Whoever has a pool with a deadline of its own ends it earlier."""

_MAX_PAGES = 20
"""Pages of a body after which the run ends: one is right."""

_UNSURE = ("tex_error", "tex_timeout", "page_overflow", "font_substituted")
"""What a machine in trouble looks like too: files that do not open, transcripts that break off."""


_BEGIN = r"""\newwrite\glyphmillbegun\newcount\glyphmillpages
\AddToHook{shipout/after}{\immediate\write-1{MARKpage}%
\global\advance\glyphmillpages1 \ifnum\glyphmillpages>MAXPAGES \csname @@end\endcsname\fi}
\def\glyphmillbegin#1{\immediate\write-1{MARK#1}\global\glyphmillpages0
\immediate\openout\glyphmillbegun=begun.txt\immediate\write\glyphmillbegun{#1}\immediate\closeout\glyphmillbegun}"""
"""Says which body begins: in the transcript, and in a file that is closed at once, since a TeX that has to be killed
takes the end of its transcript with it."""


def standalone(border_pt: float = 2.0, options: str = "") -> str:
    r"""The \documentclass of pages that are as large as what they hold, and a border (in pt, 0 or more)."""
    return rf"\documentclass[multi=sheet,border={border_pt:g}pt{options and ',' + options}]{{standalone}}" + "\n"


@dataclass(frozen=True, slots=True)
class TexPage:
    """A typeset page; lives as long as the `with` of its batch.

    Attributes:
        pdf: of the whole run.
        index: of the page in it.
    """

    pdf: Pdf
    index: int

    @property
    def size_pt(self) -> tuple[float, float]:
        """Width and height of the paper, 72 pt an inch."""
        return self.pdf.size_pt(self.index)

    @contextmanager
    def page(self, width_px: int, height_px: int) -> Iterator[PdfPage]:
        """The page, to be seen at exactly this size."""
        with self.pdf.page(self.index, width_px, height_px) as page:
            yield page


class Tex:
    """TeX with LaTeX. Each run is a process of its own, so there is nothing to keep warm but the formats on disk."""

    name: ClassVar[str] = "tex"

    def __init__(self) -> None:
        self._sweeper: Sweeper | None = None
        self._running: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._lock = threading.Lock()

    @classmethod
    def versions(cls) -> dict[str, str]:
        """PdfTeX and XeTeX."""
        return {program: program_version(program) for program in ("pdflatex", "xelatex")}

    @staticmethod
    def confinement() -> str:
        """What holds sources that nobody trusts, in a line."""
        version = landlock_version()
        return f"by the kernel, Landlock {version}" if version else "by its own rules alone: no Landlock in this kernel"

    def __enter__(self) -> Self:
        find_program("pdflatex")
        self._sweeper = Sweeper("tex")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if self._sweeper is not None:
            self._sweeper.close()
            self._sweeper = None

    def kill(self) -> None:
        """End the run that is going on, with all that it started."""
        with self._lock:
            self._killed = True
            if self._running is not None:
                end_program(self._running)

    def rss_bytes(self) -> int:
        """Memory of the run that is going on."""
        with self._lock:
            running = self._running
        if running is None:
            return 0
        try:
            return int(psutil.Process(running.pid).memory_info().rss)
        except psutil.Error:
            return 0

    @contextmanager
    def typeset(self, preamble: Preamble, bodies: Sequence[str]) -> Iterator[list[TexPage | Rejected]]:
        r"""One page for each body, or what is wrong with it; bodies go into \begin{sheet}...\end{sheet}.

        Raises:
            EngineError: the preamble fails.
            EngineCrash: the engine was killed, or the machine is in trouble.
            EngineTimeout: it makes no progress.
        """
        with ExitStack() as open_files:
            answers = self._typeset_all(preamble, bodies, list(range(len(bodies))), open_files)
            unsure = [index for index, answer in answers.items() if _is_unsure(answer)]
            if unsure:
                self._check(preamble)
                answers |= self._typeset_all(preamble, bodies, unsure, open_files)
                self._check(preamble)
            yield [answers[index] for index in range(len(bodies))]

    def probe(self) -> None:
        """A page of one letter."""
        self._check(_PROBE)

    def _check(self, preamble: Preamble) -> None:
        """Raises EngineCrash where TeX does not even typeset a letter."""
        run = self._run(preamble, ["x"])
        if run.pdf is None or run.logs[0].num_pages != 1 or any(_is_unsure(fault) for fault in run.logs[0].faults):
            raise EngineCrash(f"{preamble.program} does not typeset a letter: {run.last_words}")

    def _typeset_all(
        self, preamble: Preamble, bodies: Sequence[str], indices: list[int], open_files: ExitStack
    ) -> dict[int, TexPage | Rejected]:
        answers: dict[int, TexPage | Rejected] = {}
        groups = [indices]
        while groups:
            group = groups.pop()
            if group:
                groups += self._typeset_group(preamble, bodies, group, answers, open_files)
        return answers

    def _typeset_group(
        self,
        preamble: Preamble,
        bodies: Sequence[str],
        group: list[int],
        answers: dict[int, "TexPage | Rejected"],
        open_files: ExitStack,
    ) -> list[list[int]]:
        """Answers for what is sure, and groups that must be typeset again."""
        run = self._run(preamble, [bodies[index] for index in group])
        if run.pdf is None and len(group) > 1 and run.num_begun:
            # Its transcript ends somewhere: who was at work when it died must show that it dies alone.
            last = run.num_begun - 1
            return [group[:last], [group[last]], group[last + 1 :]]
        guilty, suspects = _judge(run)
        if not guilty:
            if run.pdf is None:
                raise EngineError(f"{preamble.program} made no PDF: {run.last_words}")
            pdf = open_files.enter_context(open_pdf(run.pdf))
            answers.update({index: TexPage(pdf, at) for at, index in enumerate(group)})
            return []
        answers.update({group[at]: fault for at, fault in guilty.items()})
        innocent = [index for at, index in enumerate(group) if at not in guilty and at not in suspects]
        # Most of the suspects are guilty for themselves, so they would meet one by one: halves are quicker.
        doubtful = [group[at] for at in suspects]
        half = (len(doubtful) + 1) // 2
        return [innocent, doubtful[:half], doubtful[half:]]

    def _run(self, preamble: Preamble, bodies: Sequence[str]) -> "_Run":
        mark = f"glyphmill-{secrets.token_hex(8)} "
        format_file = find_format(preamble)
        lines = [preamble.late]
        lines += [
            r"\nofiles\nonstopmode\hbadness=10000\vbadness=10000\tracinglostchars=2\showboxdepth=-1\showboxbreadth=-1"
        ]
        lines += [_BEGIN.replace("MARK", mark).replace("MAXPAGES", str(_MAX_PAGES))]
        lines += [r"\begin{document}"]
        lines += [rf"\glyphmillbegin{{{number}}}{_page_source(body)}" for number, body in enumerate(bodies)]
        lines += [rf"\glyphmillbegin{{{len(bodies)}}}"]
        assert self._sweeper is not None, "an engine is used inside its `with`"
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self._sweeper.folder))
        try:
            (folder / "job.tex").write_text("\n".join([*lines, r"\end{document}"]), encoding="utf-8")
            cpu_s = _START_S + _PAGE_S * len(bodies)
            code = self._call(preamble, format_file, folder, cpu_s)
            log = folder / "job.log"
            transcript = read_head(log).decode("utf-8", "replace").splitlines()
            logs, before = read_log(transcript, mark, len(bodies))
            begun = read_head(folder / "begun.txt").split()
            num_begun = int(begun[0]) + 1 if begun and begun[0].isdigit() else 0
            pdf = folder / "job.pdf"
            ended = code >= 0 and pdf.is_file() and any("Output written on" in line for line in transcript[-20:])
            last_words = before[0].detail if before else next(filter(None, reversed(transcript)), "no transcript")
            reached_end = num_begun > len(bodies)
            num_begun = min(num_begun, len(bodies))
            timed_out = code == -signal.SIGXCPU
            return _Run(logs, num_begun, reached_end, pdf.read_bytes() if ended else None, timed_out, last_words)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _call(self, preamble: Preamble, format_file: Path | None, folder: Path, cpu_s: float) -> int:
        """Runs the program; its exit code, that of a signal negative.

        Raises:
            EngineCrash: it was killed, by the engine or from outside.
            EngineTimeout: it lasts too long, and uses no CPU time.
        """
        with self._lock:
            if self._killed:
                raise EngineCrash("TeX was killed")
            running = start_program(preamble.program, ["job.tex"], folder, format_file, cpu_s=cpu_s)
            self._running = running
        assert self._sweeper is not None, "an engine is used inside its `with`"
        self._sweeper.watch(f"-{running.pid}")
        try:
            passed = not ends_within(running, _WALL * cpu_s)
        finally:
            end_program(running)
            self._sweeper.watch("")
            with self._lock:
                self._running = None
                killed = self._killed
        if killed:
            raise EngineCrash("TeX was killed")
        if passed:
            raise EngineTimeout(f"{preamble.program} did not end within {_WALL * cpu_s:g} s")
        code = running.returncode
        if code < 0 and -code not in _OF_A_BODY:
            raise EngineCrash(f"{preamble.program} was ended by {signal.Signals(-code).name}")
        return code


_OF_A_BODY = (signal.SIGXCPU, signal.SIGXFSZ, signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
"""What ends a program that passes a limit of ours, or that a source makes stumble; any other signal says nothing."""

_PROBE = Preamble("pdflatex", r"\documentclass{minimal}\newenvironment{sheet}{}{\clearpage}" + "\n")


def _is_unsure(answer: TexPage | Rejected) -> bool:
    return isinstance(answer, Rejected) and answer.reason in _UNSURE


@dataclass(frozen=True, slots=True)
class _Run:
    """What came of one run: `pdf` only where TeX ended by itself, `reached_end` where that was after the last body."""

    logs: list[BodyLog]
    num_begun: int
    reached_end: bool
    pdf: bytes | None
    timed_out: bool
    last_words: str


def _judge(run: _Run) -> tuple[dict[int, Rejected], list[int]]:
    """Which bodies are guilty of what, and which are only suspected: an error may spill over into the next ones.

    A font is complained of once in a run, so what stands behind such a complaint is typeset again without it.
    """
    guilty: dict[int, Rejected] = {}
    suspects: list[int] = []
    spilled = False
    for at, log in enumerate(run.logs[: run.num_begun]):
        # A first error is the cause; what TeX says afterwards of the same body may be its consequence.
        fault = next((one for one in log.faults if one.reason == "tex_error"), next(iter(log.faults), None))
        if log.num_pages > _MAX_PAGES:
            fault = Rejected("page_overflow", f"more than {_MAX_PAGES} pages")
        last = at == run.num_begun - 1
        if fault is None and last and run.pdf is None:
            fault = Rejected("tex_timeout", "too slow") if run.timed_out else Rejected("tex_error", run.last_words)
        if fault is None and last and not run.reached_end:
            fault = Rejected("tex_error", "the document ended in this page")
        if fault is None and log.num_pages != 1:
            fault = Rejected("page_overflow", f"{log.num_pages} pages")
        if fault is None:
            continue
        if spilled:
            suspects.append(at)
        else:
            guilty[at] = fault
            spilled = fault.reason in ("tex_error", "tex_timeout", "page_overflow")
    return guilty, suspects


def _page_source(body: str) -> str:
    # A comment at the body's end must not hide the end of the page.
    return f"%\n\\begin{{sheet}}%\n{body}%\n\\end{{sheet}}"
