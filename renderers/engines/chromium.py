"""Chromium, driven by Playwright: pages that stay warm, scripts run in them, and their print as PDF.

It reaches no network: the context is offline, every request is refused, names do not resolve, WebRTC has no sockets.
Three things may end badly and none leaves a process or a folder behind: the browser dies (EngineCrash), it hangs
(whoever watches calls `kill`), or this process is killed; for the last a tiny shell waits on a pipe and sweeps when the
pipe breaks.
Playwright lives in a thread of the engine's own: its event loop would forbid a second one in the caller's thread.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from importlib import metadata
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

import psutil
import pypdfium2
from playwright.sync_api import BrowserContext, Error, Playwright, Route, sync_playwright
from playwright.sync_api import Page as BrowserPage

from renderers.core.errors import EngineCrash, EngineError
from renderers.engines.chromium_confinement import CONFINING_FLAGS, note_refusal, why_unsandboxed
from renderers.engines.chromium_program import (
    INSTALL_LINE,
    browser_version,
    check_driver,
    does_not_start,
    find_chromium,
)
from renderers.engines.sweeper import Sweeper

T = TypeVar("T")

_STARTING = threading.Lock()
"""A driver is known by being new among this process's children: one starts at a time."""

_MAX_FOLDER = 107 - len("/org.chromium.Chromium.abcdef/SingletonSocket")
"""Length of the folder in which the browser can put its socket. Source: unix(7)."""

_PRINTS_PER_COLLECTION = 4
"""Prints after which scripts give back what they no longer use: left alone, a page that draws much grows without need,
while asked each time it takes 2 % of a document."""

# Source: reference measurements; the last four keep glyph outlines and colours the same on every machine.
_FLAGS = (
    *CONFINING_FLAGS,
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--disable-font-subpixel-positioning",
    "--force-color-profile=srgb",
)


class Page:
    """A page of the browser, kept warm; made by `Chromium.page`."""

    def __init__(self, owner: "Chromium", page: BrowserPage) -> None:
        self._owner = owner
        self._page = page
        self._crashed = False
        self._num_prints = 0
        page.on("crash", self._note_crash)

    def _note_crash(self, page: BrowserPage) -> None:
        self._crashed = True

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Error as error:
            if self._crashed or not self._owner.alive():
                raise EngineCrash(f"Chromium died: {_first_line(error)}") from error
            raise EngineError(f"the page failed: {_first_line(error)}") from error

    def fill(self, html: str, scripts: Sequence[str] = ()) -> None:
        """Replace what the page shows, then run scripts (their source) in it, in order."""
        with self._translated():
            self._owner.do(lambda: self._page.set_content(html))
            for script in scripts:
                self._owner.do(partial(self._page.add_script_tag, content=script))

    def evaluate(self, function: str, argument: str = "") -> Any:
        """What a JavaScript function, given as its source, makes of one string (JSON is fast, structures are not).

        Raises:
            EngineError: the script threw.
            EngineCrash: the browser died.
        """
        with self._translated():
            return self._owner.do(lambda: self._page.evaluate(function, argument))

    def pdf(self) -> bytes:
        """The page printed, at the sizes that its CSS `@page` rules give, with backgrounds."""
        try:
            return self._owner.do(lambda: self._page.pdf(prefer_css_page_size=True, print_background=True))
        except Error as error:  # printing runs no script of ours, so its failure is the browser's
            raise EngineCrash(f"Chromium did not print: {_first_line(error)}") from error

    def print_and_clear(self) -> bytes:
        """The page printed, then cleared by the `window.clearAll` that its scripts define, for the next batch."""
        data = self.pdf()
        self.evaluate("() => window.clearAll()")
        self._num_prints += 1
        if self._num_prints % _PRINTS_PER_COLLECTION == 0:
            # Not waited for: if the browser dies of it, the next call says so.
            self._owner.start(self._page.request_gc)
        return data

    def screenshot(self) -> bytes:
        """The page as the screen shows it, PNG."""
        with self._translated():
            return self._owner.do(self._page.screenshot)


class Chromium:
    """The browser, open."""

    name: ClassVar[str] = "chromium"

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._context: BrowserContext | None = None
        self._browser: psutil.Process | None = None
        self._driver: psutil.Process | None = None
        self._sweeper: Sweeper | None = None
        self._pages: dict[str, Page] = {}
        self._num_kills = 0
        self._thread: ThreadPoolExecutor | None = None

    def do(self, call: Callable[[], T]) -> T:
        """What a call of Playwright gives; it runs in the thread of its event loop."""
        return self.start(call).result()

    def start(self, call: Callable[[], T]) -> Future[T]:
        """The same, not waited for; calls run one after the other."""
        if self._thread is None:
            raise EngineCrash("Chromium is not open")
        return self._thread.submit(call)

    def ahead(self, calls: Iterable[Callable[[], T]]) -> Iterator[T]:
        """What calls of pages give, in order; the next one runs while the caller uses what the last one gave."""
        with ThreadPoolExecutor(1, "chromium-ahead") as thread:
            coming = deque[Future[T]]()
            for call in calls:
                coming.append(thread.submit(call))
                if len(coming) > 1:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()

    @classmethod
    def versions(cls) -> dict[str, str]:
        """Of the browser, its driver and the PDF reader.

        Raises:
            EngineStartError: the browser or its driver is missing or does not start.
        """
        check_driver()
        return {
            "chromium": browser_version(),
            "playwright": metadata.version("playwright"),
            "pdfium": str(pypdfium2.version.PDFIUM_INFO.build),
        }

    @classmethod
    def confinement(cls) -> str:
        """What holds pages that nobody trusts, in a line; a browser is opened for it.

        Raises:
            EngineStartError: the browser or its driver is missing or does not start.
        """
        if not why_unsandboxed():
            with cls():
                pass
        why = why_unsandboxed()
        return f"offline, no sandbox: {why}" if why else "offline, by its sandbox"

    def __enter__(self) -> Self:
        program = find_chromium()
        check_driver()
        self._sweeper = Sweeper("chromium", max_length=_MAX_FOLDER)
        self._thread = ThreadPoolExecutor(1, "chromium")
        try:
            self.do(lambda: self._start(program))
        except Error as error:
            self.__exit__(None, None, None)
            raise does_not_start(program, _first_line(error), INSTALL_LINE) from error
        return self

    def _start(self, program: str) -> None:
        assert self._sweeper is not None, "made by __enter__"
        own = psutil.Process()
        with _STARTING:
            before = {child.pid for child in own.children()}
            self._playwright = sync_playwright().start()
            self._driver = next(child for child in own.children() if child.pid not in before and _is_driver(child))
        self._sweeper.watch(str(self._driver.pid))
        launch = partial(
            self._playwright.chromium.launch_persistent_context,
            self._sweeper.folder,
            artifacts_dir=self._sweeper.folder,
            executable_path=program,
            headless=True,
            offline=True,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            env={**os.environ, "TMPDIR": str(self._sweeper.folder)},
            service_workers="block",
            args=list(_FLAGS),
        )
        try:
            self._context = launch(chromium_sandbox=not why_unsandboxed())
        except Error as error:
            if why_unsandboxed() or not note_refusal(error.message):
                raise
            self._context = launch(chromium_sandbox=False)
        self._context.set_default_timeout(0)
        self._context.route("**/*", _refuse)
        self._browser = self._driver.children()[0]
        # Playwright starts the browser as the leader of a process group of its own.
        self._sweeper.watch(f"-{self._browser.pid} {self._driver.pid}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # There is nothing to save, and a polite goodbye to a hung browser would hang.
        self._end_browser()
        if self._thread is not None:
            self.do(self._close)
            self._thread.shutdown()
            self._thread = None
        if self._sweeper is not None:
            self._sweeper.close()
            self._sweeper = None

    def _close(self) -> None:
        with suppress(Error):
            if self._context is not None:
                self._context.close()
        with suppress(Error):
            if self._playwright is not None:
                self._playwright.stop()
        self._playwright = self._context = self._browser = self._driver = None
        self._pages.clear()

    def kill(self) -> None:
        """End the browser; called again, its driver too. Stopped (SIGSTOP) processes die as well."""
        self._num_kills += 1
        self._end_browser()
        if self._num_kills > 1 and self._driver is not None:
            _kill_all([self._driver])

    def _end_browser(self) -> None:
        if self._browser is not None:
            family = _family(self._browser)
            with suppress(ProcessLookupError, psutil.NoSuchProcess):
                if self._browser.is_running():
                    os.killpg(self._browser.pid, signal.SIGKILL)
            _kill_all(family)

    def alive(self) -> bool:
        """Whether the browser's main process runs."""
        with suppress(psutil.NoSuchProcess):
            return self._browser is not None and self._browser.status() != psutil.STATUS_ZOMBIE
        return False

    def rss_bytes(self) -> int:
        """Memory that driver and browser have each for itself; what they share (code, fonts) does not grow."""
        total = 0
        for process in _family(self._driver) if self._driver is not None else []:
            with suppress(psutil.NoSuchProcess):
                memory = process.memory_info()
                total += memory.rss - memory.shared
        return total

    def probe(self) -> None:
        """A page of one word, printed."""
        self.page("probe", "<p>probe</p>").pdf()

    def page(self, name: str, html: str, scripts: Callable[[], Sequence[str]] = tuple) -> Page:
        """The page of that name, opened and filled when it is first asked for; `scripts` gives their sources then."""
        if name not in self._pages:
            context = self._context
            if context is None:
                raise EngineCrash("Chromium is not open")
            try:
                page = Page(self, self.do(context.new_page))
            except Error as error:
                raise EngineCrash(f"Chromium opened no page: {_first_line(error)}") from error
            page.fill(html, scripts())
            self._pages[name] = page
        return self._pages[name]


def _first_line(error: Error) -> str:
    return next(iter(error.message.strip().splitlines()), "no message")


def _refuse(route: Route) -> None:
    route.abort()


def _is_driver(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return "run-driver" in process.cmdline()
    return False


def _family(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def _kill_all(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
