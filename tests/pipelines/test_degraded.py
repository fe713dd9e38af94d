"""The last look at a sample is at the picture that is stored: after its degradation, in every command that draws."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.audit import audit
from pipelines.recipe import Part, Recipe
from pipelines.run import Machine, render
from pipelines.show import Redraw, find_row
from pipelines.verify import MIN_CONTRAST
from pipelines.work import Session
from renderers.core.renderer import Rejected, Rendered
from renderers.effects.mix import Effects
from renderers.matplotlib_charts import MatplotlibCharts

INK_ALONE = Effects(frac=1.0, severity=(0.9, 0.9, 0.9), paper=0.0, warp=0.0, scan=0.0, photo=0.0)
PART = Part(MatplotlibCharts(), effects=INK_ALONE)
FADED = Recipe("faded", (PART,), seed=3)
LOW = 47
"""Index of a chart whose first draw is proven at a contrast of 4.2, and has 1.4 left when its toner has faded."""


@pytest.fixture
def charts() -> Iterator[Session]:
    with Session(FADED) as session:
        yield session


def test_what_degradation_takes_below_the_limit_is_rejected(charts: Session) -> None:
    (outcome,) = charts.render(PART.renderer, [charts.draw(PART, "train", LOW, 0)])
    assert isinstance(outcome, Rendered)
    assert outcome.contrast > MIN_CONTRAST
    clean = charts.degrade_and_verify(Part(PART.renderer), LOW, 0, outcome)
    assert not isinstance(clean, Rejected)
    degraded = charts.degrade_and_verify(PART, LOW, 0, outcome)
    assert isinstance(degraded, Rejected)
    assert degraded.reason == "contrast_low"
    assert degraded.image is not None
    assert not (degraded.image.shape == outcome.image.shape and (degraded.image == outcome.image).all())


def test_no_row_of_a_data_set_is_below_the_limit(tmp_path: Path) -> None:
    manifest, _ = render(FADED, 60, str(tmp_path), Machine(workers=0))
    rows = [row for file in manifest.files for row in pq.read_table(tmp_path / file.path).to_pylist()]
    assert len(rows) == 60
    assert min(row["difficulty"]["contrast"] for row in rows) >= MIN_CONTRAST
    assert manifest.rejected["contrast_low"] >= 1
    assert manifest.num_draws == manifest.kept + sum(manifest.rejected.values()) + manifest.failed
    (row,) = [row for row in rows if row["index"] == LOW]
    assert row["attempt"] > 0
    assert list(audit(tmp_path, 0.2)) == []
    with Redraw(find_row(tmp_path, row["id"])[0]) as redraw:
        assert redraw.differences(row) == []
        assert redraw.differences({**row, "attempt": 0})[-1].startswith("spec: the draw gives another picture")
