"""`glyphmill estimate`: what it says of a run must be what such a run costs."""

import re
from pathlib import Path

import pytest

from pipelines.estimate import num_cores
from tests.e2e import mill


def test_an_estimate_adds_up_and_its_bytes_are_those_of_a_run(dataset: Path) -> None:
    done = mill.run("estimate", "charts", "-n", "1e5")
    assert done.code == 0, done.err
    rows = {
        name: [float(cell.replace(",", "")) for cell in cells.split()]
        for name, cells in re.findall(r"(\w+) +((?:[\d.,]+ +){4}[\d.,]+)", done.out.replace("│", " "))
    }
    assert set(rows) == {"matplotlib_charts", "pyecharts_charts", "all"}, done.out
    assert rows["all"][0] == 1e5
    assert rows["matplotlib_charts"][0] + rows["pyecharts_charts"][0] == 1e5
    for num, per_s, core_hours, hours, _ in rows.values():
        assert core_hours == pytest.approx(num / per_s / 3600, rel=0.05, abs=0.01)
        assert hours == pytest.approx(core_hours / num_cores(), rel=0.05, abs=0.01)
    stored = sum(file.stat().st_size for file in (dataset / "data").rglob("*.parquet")) / mill.manifest(dataset)["kept"]
    assert rows["all"][4] * 1e9 / 1e5 == pytest.approx(stored, rel=0.4)


def test_an_estimate_of_what_cannot_be_is_a_users_mistake() -> None:
    done = mill.run("estimate", "nosuch", "-n", "10")
    assert done.code == 2
    assert "nosuch" in done.err
    assert mill.run("estimate", "charts", "-n", "0.5").code == 2
