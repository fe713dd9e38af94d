"""What all tests share: engines opened once, one small real data set, and the switch that records goldens."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipelines.recipe import load_recipe
from pipelines.work import Session
from tests.e2e import mill

# No hub from here, nor from what is started: what is not a folder is not there. Read at the first import of its client.
os.environ["HF_HUB_OFFLINE"] = "1"

# A machine that is busy with other work is slow, and no test is wrong by that.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-golden", metavar="REASON", help="record the samples of raised versions, and why, instead of comparing"
    )


def pytest_configure(config: pytest.Config) -> None:
    reason = config.getoption("--record-golden")
    if reason is not None and not reason.strip():
        raise pytest.UsageError("--record-golden wants a reason: what changed, and why")


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    """Engines of the recipe `charts`, open for the whole run."""
    with Session(load_recipe("charts")) as session:
        yield session


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete data set of 96 charts. Not to be changed: copy it."""
    out = tmp_path_factory.mktemp("charts") / "dataset"
    # A process of its own: Playwright allows one browser driver a thread, and `session` may hold it.
    done = mill.run("render", "charts", "-n", "96", "-o", out, "--workers", "0")
    assert done.code == 0, done.err
    return out
