"""A real Chromium: warm pages, no network, and every way to die; none leaves a process or a folder."""

import http.server
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright._impl._driver import compute_driver_executable

from renderers.core.errors import EngineCrash, EngineError, EngineStartError, EngineTimeout
from renderers.engines.chromium import Chromium
from renderers.engines.chromium_program import check_driver, find_chromium, package_of_library
from renderers.engines.pdf import open_pdf
from renderers.engines.pool import Pool
from tests.unit.browsers import folders, leftovers, name_of, programs, short_folder

_HTML = "<p>ready</p>"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Browsers of this test keep their folders apart from those of anyone else on the machine; a short path."""
    with short_folder(monkeypatch):
        yield


@pytest.fixture
def clean(own_folder: None) -> Iterator[None]:
    """Nothing is left of an engine that this test opened, while others may stay open."""
    before = {child.pid for child in programs()}
    yield
    assert {child.pid for child in programs()} <= before
    assert not folders()


def test_a_long_folder_for_temporary_files_is_no_hindrance(
    clean: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(deep))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with Chromium() as engine:
        assert engine.page("one", _HTML).evaluate("() => 5") == 5
        words = [word for child in programs() for word in child.cmdline() if word.startswith("--user-data-dir=")]
        folder = Path(words[0].removeprefix("--user-data-dir="))
        assert len(str(folder)) < 60
        assert folder.is_dir()
    assert not folder.exists()
    assert not leftovers()


def browsers_of(act: Callable[[psutil.Process], None], before: set[int]) -> None:
    for child in programs():
        if child.pid not in before and "chrom" in name_of(child):
            with suppress(psutil.NoSuchProcess):
                act(child)


def test_a_page_stays_warm(clean: None) -> None:
    with Chromium() as engine:
        page = engine.page("one", _HTML, lambda: ("window.double = (text) => text + text;",))
        assert page.evaluate("(text) => window.double(text)", "中a") == "中a中a"
        page.evaluate("() => { window.kept = 7; }")
        assert engine.page("one", "<p>not filled again</p>") is page
        assert page.evaluate("() => window.kept") == 7
        with open_pdf(page.pdf()) as pdf:
            assert len(pdf) == 1
        assert page.screenshot().startswith(b"\x89PNG")
        assert engine.rss_bytes() > 50e6
        assert engine.alive()


def test_it_runs_in_a_thread_that_is_not_the_first(clean: None) -> None:
    answers: list[object] = []

    def work() -> None:
        with Pool(Chromium) as pool:
            answers.append(pool.run(lambda engine: engine.page("a", _HTML).evaluate("() => 1 + 1"), 1))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert answers == [2]


def test_a_script_that_throws_is_no_crash(clean: None) -> None:
    with Chromium() as engine:
        page = engine.page("one", _HTML)
        with pytest.raises(EngineError, match="boo") as caught:
            page.evaluate("() => { throw new Error('boo'); }")
        assert not isinstance(caught.value, EngineCrash)
        assert page.evaluate("() => 1") == 1


def test_a_page_reaches_no_network(clean: None) -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        with Chromium() as engine:
            page = engine.page("one", f'<img src="{address}/img"><link rel="stylesheet" href="{address}/css">')
            told = page.evaluate("(url) => fetch(url).then(() => 'reached', () => 'refused')", f"{address}/fetch")
            socket = page.evaluate(
                "(url) => new Promise((done) => { const s = new WebSocket(url); s.onopen = () => done('reached');"
                " s.onerror = () => done('refused'); })",
                address.replace("http", "ws"),
            )
        server.shutdown()
    assert (told, socket, asked) == ("refused", "refused", [])


@pytest.mark.parametrize("wanted", ["--remote-debugging-pipe", "--type=renderer"])
def test_a_killed_browser_is_a_crash_and_the_next_call_has_a_fresh_one(clean: None, wanted: str) -> None:
    before = {child.pid for child in programs()}

    def die(engine: Chromium) -> bytes:
        page = engine.page("one", _HTML)
        browsers_of(lambda child: child.kill() if wanted in child.cmdline() else None, before)
        return page.pdf()

    with Pool(Chromium, deadline_s=30) as pool:
        with pytest.raises(EngineCrash):
            pool.run(die, 1)
        assert {child.pid for child in programs()} <= before
        assert pool.run(lambda engine: engine.page("one", _HTML).evaluate("() => 5"), 1) == 5


@pytest.mark.parametrize("call", ["pdf", "loop"])
def test_a_browser_that_hangs_is_killed_at_the_deadline(clean: None, call: str) -> None:
    before = {child.pid for child in programs()}

    def hang(engine: Chromium) -> None:
        page = engine.page("one", _HTML)
        if call == "loop":
            page.evaluate("() => { while (true); }")
        browsers_of(lambda child: child.send_signal(signal.SIGSTOP), before)
        page.pdf()

    with Pool(Chromium, deadline_s=2) as pool:
        started = time.monotonic()
        with pytest.raises(EngineTimeout, match=r"2\.1 s"):
            pool.run(hang, 1)
        assert time.monotonic() - started < 30
        assert {child.pid for child in programs()} <= before
        assert pool.run(lambda engine: engine.page("one", _HTML).evaluate("() => 5"), 1) == 5


@pytest.mark.parametrize("program", ["/no/such/chromium", "/bin/true"])
def test_a_missing_chromium_says_how_to_install_it(clean: None, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLYPHMILL_CHROMIUM", program)
    find_chromium.cache_clear()
    try:
        with pytest.raises(EngineStartError, match="apt-get install chromium") as caught, Chromium():
            pass
        assert program in str(caught.value)
    finally:
        find_chromium.cache_clear()


@pytest.fixture
def broken_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The driver's own Node.js, but linked with a library that no machine has: a real process that does not start."""
    whole, _ = compute_driver_executable()
    node = tmp_path / "node"
    code = Path(whole).read_bytes()
    assert code.count(b"libatomic.so.1\0") == 1
    node.write_bytes(code.replace(b"libatomic.so.1\0", b"libatomic.so.9\0"))
    node.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    check_driver.cache_clear()
    yield node
    check_driver.cache_clear()


@pytest.mark.parametrize("ask", [Chromium.versions, Chromium().__enter__])
def test_a_driver_that_does_not_start_names_the_package_it_lacks(
    clean: None, broken_node: Path, ask: Callable[[], object]
) -> None:
    with pytest.raises(EngineStartError, match=r"lacks libatomic.so.9; .* apt-get install libatomic9$") as caught:
        ask()
    assert str(broken_node) in str(caught.value)


@pytest.mark.parametrize("program", ["/no/such/node", "/bin/false"])
def test_a_driver_that_is_none_says_what_to_do(clean: None, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", program)
    check_driver.cache_clear()
    try:
        with pytest.raises(EngineStartError, match=f"^{program} does not start: .*install") as caught, Chromium():
            pass
        assert "playwright" in str(caught.value)
    finally:
        check_driver.cache_clear()


@pytest.mark.parametrize(
    ("library", "package"),
    [("libatomic.so.1", "libatomic1"), ("libgcc_s.so.1", "libgcc-s1"), ("libstdc++.so.6", "libstdc++6"),
     ("libnss3.so", "libnss3.so"), ("libX11.so.6", "libx11-6")],
)  # fmt: skip
def test_the_package_of_a_library(library: str, package: str) -> None:
    assert package_of_library(library) == package


def test_versions_name_all_that_makes_a_pixel() -> None:
    versions = Chromium.versions()
    assert set(versions) == {"chromium", "playwright", "pdfium"}
    assert all(version[0].isdigit() for version in versions.values())
