"""How a program of TeX is started: within limits, from a format that is dumped once for each preamble.

Formats lie in the user's cache folder and are shared by all workers. Their names hold the preamble, the program's
version and the state of the installed packages, so a stale one is never met.
"""

import contextlib
import gzip
import hashlib
import os
import resource
import select
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Literal, TypeAlias

from renderers.core.errors import EngineError, EngineStartError
from renderers.core.install import apt_line
from renderers.engines.landlock import start_confined
from renderers.engines.sweeper import Sweeper
from renderers.engines.tex_log import read_log
from renderers.engines.version import ask_version

Program: TypeAlias = Literal["pdflatex", "xelatex"]
"""lualatex is not offered: a page's Lua would do whatever this user may where the kernel cannot confine it."""

_INSTALL_LINE = f"install TeX Live: {apt_line('tex')}"

# Programs, libraries and fonts; what their start reads, and fontconfig's settings and caches.
_SYSTEM = (
    "/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/alternatives",
    "/etc/fonts", "/var/cache/fontconfig", "/var/lib/fonts", "/etc/papersize", "/etc/libpaper.d", "/etc/localtime",
    "/etc/texmf", "/var/lib/texmf", "/dev/urandom", "/nix/store",
)  # fmt: skip

_LIMITS = {resource.RLIMIT_AS: 4 << 30, resource.RLIMIT_FSIZE: 512 << 20, resource.RLIMIT_CORE: 0}
_MAX_LOG_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Preamble:
    r"""What stands before the bodies.

    Attributes:
        program: that typesets.
        text: from \documentclass on, all that a dumped format can hold; defines the environment `sheet`, one page.
        late: what it cannot hold, the system fonts of xelatex: read in every run.
    """

    program: Program
    text: str
    late: str = ""


@cache
def find_program(program: str) -> str:
    """The path of a program.

    Raises:
        EngineStartError: it is missing; the message says how to install it.
    """
    found = shutil.which(program)
    if found is None:
        raise EngineStartError(f"{program} is not there; {_INSTALL_LINE}")
    return found


def program_version(program: str) -> str:
    """The line in which a program names itself.

    Raises:
        EngineStartError: it does not start.
    """
    try:
        done = ask_version(find_program(program))
        done.check_returncode()
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineStartError(f"{program} does not start: {error}; {_INSTALL_LINE}") from error
    return done.stdout.splitlines()[0].strip()


@cache
def _readable() -> tuple[Path, ...]:
    """What TeX reads of the machine, and nothing that anyone would keep to himself."""
    done = subprocess.run(
        ["kpsewhich", "--expand-path=$TEXMFSYSCONFIG:$TEXMFSYSVAR:$TEXMFLOCAL:$TEXMFMAIN:$TEXMFDIST"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    trees = [word for word in done.stdout.strip().split(os.pathsep) if word]
    # TeX Live that is not the system's has programs and settings beside its trees.
    own = [Path(tree).parent for tree in trees if Path(tree).parent.joinpath("texmf.cnf").is_file()]
    return (*map(Path, (*_SYSTEM, *trees)), *own)


@cache
def _trees() -> str:
    """What stands for all installed packages: their trees' indexes are written anew when one changes."""
    done = subprocess.run(["kpsewhich", "--all", "ls-R"], capture_output=True, text=True, timeout=60, check=False)
    return "".join(f"{file}{Path(file).stat().st_mtime_ns}" for file in done.stdout.split())


def find_format(preamble: Preamble) -> Path:
    """The format that holds the preamble, dumped now if it is new.

    Raises:
        EngineError: the preamble fails, with TeX's message.
    """
    known = "\0".join(("unpacked", preamble.program, program_version(preamble.program), _trees(), preamble.text))
    digest = hashlib.sha256(known.encode()).hexdigest()[:24]
    cache_folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "glyphmill" / "tex"
    path = cache_folder / f"{digest}.fmt"
    if not path.is_file():
        cache_folder.mkdir(parents=True, exist_ok=True)
        _dump(preamble, path)
    return path


def _dump(preamble: Preamble, path: Path) -> None:
    """Several workers may do so at once: each dumps in a folder of its own, the last rename wins, all are the same."""
    with contextlib.closing(Sweeper("dump", path.parent)) as sweeper:
        folder = sweeper.folder
        # XeTeX dumps no system fonts, and the kernel chooses one as soon as the class asks for a size.
        first = r"\RequirePackage[OT1]{fontenc}" + "\n" if preamble.program == "xelatex" else ""
        (folder / "dump.tex").write_text(f"{first}{preamble.text}\n\\dump\n", encoding="utf-8")
        running = start_program(
            preamble.program, ["-halt-on-error", f"&{preamble.program}", "dump.tex"], folder, ini=True
        )
        try:
            sweeper.watch(f"-{running.pid}")
            ends_within(running, 300)
        finally:
            end_program(running)
            sweeper.watch("")
        dumped = folder / "dump.fmt"
        if running.returncode != 0 or not dumped.is_file():
            _, faults = read_log(read_head(folder / "dump.log").decode("utf-8", "replace").splitlines(), "\0", 0)
            raise EngineError(f"{preamble.program} refused the preamble: {faults[0].detail if faults else 'no reason'}")
        # A program reads a format as well that is not packed, and starts in three quarters of the time.
        unpacked = folder / "unpacked.fmt"
        with gzip.open(dumped) as packed, unpacked.open("wb") as file:
            shutil.copyfileobj(packed, file)
        unpacked.replace(path)


def start_program(
    program: Program,
    arguments: Sequence[str],
    folder: Path,
    format_file: Path | None = None,
    *,
    cpu_s: float = 300.0,
    ini: bool = False,
) -> subprocess.Popen[bytes]:
    """Starts a program in a folder, from a format where there is one; it has a process group of its own.

    Past `cpu_s` of CPU time SIGXCPU ends it.
    Where the kernel has Landlock, it writes into its folder and reads that, its format, TeX's trees and fonts, and what
    programs of the system need; else its own rules (`openin_any`, `openout_any`) must do, which cover most primitives.
    """
    options = ["-ini"] if ini else []
    if format_file is not None:
        options.append(f"-fmt={format_file.stem}")
    env = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TEXMFHOME": str(folder),
        "TEXMFVAR": str(folder),
        "TEXMFCONFIG": str(folder),
        "TEXINPUTS": ".:",
        "openin_any": "p",
        # No bitmaps are made for a font without outlines: it is an error, and its font setup leaves the menu.
        "MKTEXPK": "0",
        "MKTEXTFM": "0",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "2000",
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
        **({"TEXFORMATS": f"{format_file.parent}:"} if format_file is not None else {}),
    }
    command = [find_program(program), "-no-shell-escape", "-interaction=batchmode", *options, *arguments]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    readable = [*_readable(), *([format_file] if format_file is not None else [])]
    running = start_confined(start, readable, [folder, Path("/dev/null")])
    with contextlib.suppress(ProcessLookupError):
        for what, limit in (_LIMITS | {resource.RLIMIT_CPU: ceil(cpu_s)}).items():
            hardest = resource.getrlimit(what)[1]
            soft = limit if hardest == resource.RLIM_INFINITY else min(limit, hardest)
            resource.prlimit(running.pid, what, (soft, hardest))
    return running


def ends_within(running: subprocess.Popen[bytes], limit_s: float) -> bool:
    """Whether a program ends by itself in time; sleeps until then, where `Popen.wait` looks twenty times a second."""
    descriptor = os.pidfd_open(running.pid)
    try:
        waiter = select.poll()
        waiter.register(descriptor, select.POLLIN)
        return bool(waiter.poll(limit_s * 1e3))
    finally:
        os.close(descriptor)


def end_program(running: subprocess.Popen[bytes]) -> None:
    """The program and all that it started; xelatex starts a converter."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def read_head(log: Path) -> bytes:
    """A transcript; of an endless one its beginning."""
    if not log.is_file():
        return b""
    with log.open("rb") as file:
        return file.read(_MAX_LOG_BYTES)
