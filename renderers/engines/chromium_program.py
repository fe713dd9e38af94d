"""Which programs stand behind the browser engine, its own and the Node.js that drives it, and whether they start.

Both are asked for their version before anything is drawn: a program that lacks a library of the system says so only
when it is started, and Playwright then says no more than that a pipe broke.
"""

import os
import re
import shutil
import subprocess
from functools import cache

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Error

from renderers.core.errors import EngineStartError
from renderers.core.machine import memory_limit
from renderers.engines.version import ask_version

_CANDIDATES = (
    "/usr/lib/chromium/chromium-headless-shell", "chrome-headless-shell",
    "/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome",
)  # fmt: skip
"""The shell without windows prints itself, where the whole browser hands each print to another process: 9 ms a document
instead of 22. Debian's binaries come before its wrapper scripts, which add flags of the machine's own."""

INSTALL_LINE = "apt-get install chromium-headless-shell (or set GLYPHMILL_CHROMIUM to a Chromium or Chrome)"

_LIBRARY = re.compile(r"lib(?P<name>.+)\.so\.(?P<version>\d+)")
_MISSING_LIBRARY = re.compile(r"^\s*(\S+) => not found$", re.MULTILINE)


@cache
def find_chromium() -> str:
    """The browser's program.

    Raises:
        EngineStartError: there is none; the message says how to install it.
    """
    chosen = os.environ.get("GLYPHMILL_CHROMIUM")
    for candidate in (chosen,) if chosen else _CANDIDATES:
        found = shutil.which(candidate)
        if found:
            return found
    raise EngineStartError(f"{chosen or 'Chromium'} is not there: {INSTALL_LINE}")


def browser_version() -> str:
    """Number of the browser's version, and whether it is the shell without windows.

    Raises:
        EngineStartError: it is missing or does not start; the message says what to install.
    """
    program = find_chromium()
    answer = _ask_version(program, INSTALL_LINE)
    number = next((word for word in answer.split() if word[0].isdigit()), answer)
    return f"{number} headless shell" if program.endswith("headless-shell") else number


@cache
def check_driver() -> None:
    """Whether the Node.js that Playwright drives the browser with starts.

    Raises:
        EngineStartError: it does not; the message says what to install.
    """
    again = "pip install --force-reinstall playwright (or set PLAYWRIGHT_NODEJS_PATH to a Node.js)"
    try:
        program, _ = compute_driver_executable()
    except Error as error:
        raise EngineStartError(f"Playwright has no Node.js: {again}") from error
    _ask_version(program, again)


def _ask_version(program: str, install_line: str) -> str:
    try:
        done = ask_version(program)
    except (OSError, subprocess.SubprocessError) as error:
        raise does_not_start(program, str(error), install_line) from error
    if done.returncode == 0:
        return done.stdout.strip()
    libraries = _missing_libraries(program)
    if libraries:
        packages = " ".join(dict.fromkeys(map(package_of_library, libraries)))
        raise EngineStartError(f"{program} lacks {', '.join(libraries)}; install them: apt-get install {packages}")
    why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    raise does_not_start(program, why, install_line)


def does_not_start(program: str, why: str, install_line: str) -> EngineStartError:
    """What is said of a program that is there: where memory is limited that is the likely reason, not the program."""
    limit = memory_limit()
    remedy = (
        f"{limit}, and it reserves much more than it uses: lift the limit" if limit else f"install it: {install_line}"
    )
    return EngineStartError(f"{program} does not start: {why}; {remedy}")


def _missing_libraries(program: str) -> list[str]:
    """Shared libraries that the dynamic linker finds nowhere; none where there is no ldd, or the file is a script."""
    try:
        done = subprocess.run(["ldd", program], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return []
    return _MISSING_LIBRARY.findall(done.stdout)


def package_of_library(library: str) -> str:
    """The Debian package of a shared library, by its name. Source: Debian Policy, section 8.1."""
    match = _LIBRARY.match(library)
    if match is None:
        return library
    name = match["name"].replace("_", "-").lower()
    return f"lib{name}{'-' if name[-1].isdigit() else ''}{match['version']}"
