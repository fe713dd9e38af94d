"""For tests of the report a small data set and one real Chromium; for those of the mill a fake renderer, found by name.

The engines of other tests may hold Playwright open in the main thread, and a thread can hold only one. So this browser
lives in a thread of its own, and tests that ask for it run there.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import renderers
from pipelines.report.page import write_report
from renderers.engines.chromium_program import find_chromium
from tests.pipelines.fakes import FakeEngine
from tests.pipelines.report_charts import build_dataset
from tests.pipelines.report_page import Visit

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
)
MORE_RENDERERS = Path(__file__).parent / "more_renderers"
_THREAD = ThreadPoolExecutor(1, "browser")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if "browser" not in pyfuncitem.fixturenames:
        return None
    wanted = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    _THREAD.submit(pyfuncitem.obj, **wanted).result()
    return True


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeEngine]:
    """The engine of `fake_words`, as where nothing was ever done; recipes find the renderer by its name."""
    monkeypatch.setattr(renderers, "__path__", [*renderers.__path__, str(MORE_RENDERERS)])
    FakeEngine.reset()
    return FakeEngine


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of 24 charts."""
    return build_dataset(tmp_path_factory.mktemp("charts set"), 24)


@pytest.fixture(scope="package")
def report(small: Path) -> Path:
    return write_report(small)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    playwright = _THREAD.submit(lambda: sync_playwright().start()).result()
    chromium = _THREAD.submit(playwright.chromium.launch, executable_path=find_chromium(), args=FLAGS.split()).result()
    yield chromium
    _THREAD.submit(chromium.close).result()
    _THREAD.submit(playwright.stop).result()


@pytest.fixture
def visit(browser: Browser, report: Path) -> Iterator[Visit]:
    visit = _THREAD.submit(Visit, browser, report).result()
    yield visit
    _THREAD.submit(visit.context.close).result()
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith("data:")] == [report.as_uri()]


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page
