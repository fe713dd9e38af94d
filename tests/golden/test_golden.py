"""Specs, labels and pictures stay what they were: a change of any is a change of `version`, made on purpose.

`make golden` records them. Specs and labels are compared exactly; pixels with a tolerance, since another FreeType or
Chromium moves antialiasing: the mean difference of a sample below 1.01 and fewer than 0.1 % of the samples off by more
than 32. Source of the tolerance: manim's frame tests.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from pipelines.work import Session
from renderers.core.image import decode_png, encode_png
from renderers.core.jsonable import to_json
from renderers.core.registry import make_renderer, renderer_names
from renderers.core.renderer import Rendered, versions_of
from renderers.core.rng import rng_at
from tests.made_prose import write_prose

FOLDER = Path(__file__).parent
NUM = 10
_MEAN, _OFF_BY, _OFF_FRAC = 1.01, 32, 0.001


@pytest.fixture(scope="module")
def knobs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What renderers are given, that their specs do not change with the packages of the machine."""
    prose = write_prose(tmp_path_factory.mktemp("prose") / "prose.parquet")
    return {name: {"prose": prose} for name in ("html_documents", "html_lines", "mathpix_pages")}


@pytest.mark.parametrize("name", renderer_names())
def test_pictures_are_as_recorded(
    name: str, knobs: dict[str, dict[str, str]], session: Session, request: pytest.FixtureRequest
) -> None:
    renderer = make_renderer(name, knobs.get(name, {}))
    specs, outcomes = [], []
    for index in range(NUM):
        for attempt in range(20):  # the first draw that is kept
            spec = renderer.draw(rng_at(7, name, index, attempt), session.corpus)
            (outcome,) = session.render(renderer, [spec])
            if isinstance(outcome, Rendered):
                specs.append(to_json(spec))
                outcomes.append(outcome)
                break
    folder = FOLDER / name
    record = folder / "record.json"
    now = {
        "versions": versions_of(renderer),
        "cases": [{"spec": spec, "markup": outcome.markup} for spec, outcome in zip(specs, outcomes, strict=True)],
    }
    if request.config.getoption("--record-golden"):
        folder.mkdir(exist_ok=True)
        record.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for place, outcome in enumerate(outcomes):
            (folder / f"{place}.png").write_bytes(encode_png(outcome.image))
        return
    then = json.loads(record.read_text(encoding="utf-8"))
    tools = "" if then["versions"] == now["versions"] else f" (recorded with {then['versions']}, now {now['versions']})"
    assert len(now["cases"]) == len(then["cases"]) == NUM
    for place, (mine, recorded) in enumerate(zip(now["cases"], then["cases"], strict=True)):
        assert mine["spec"] == recorded["spec"], f"{name} {place}: another spec is drawn"
        assert mine["markup"] == recorded["markup"], f"{name} {place}: another label"
        picture = decode_png((folder / f"{place}.png").read_bytes())
        assert picture.shape == outcomes[place].image.shape, f"{name} {place}: another size{tools}"
        apart = np.abs(picture.astype(int) - outcomes[place].image.astype(int))
        assert apart.mean() < _MEAN, f"{name} {place}: mean difference {apart.mean():.2f}{tools}"
        off = np.count_nonzero(apart > _OFF_BY) / apart.size
        assert off < _OFF_FRAC, f"{name} {place}: {off:.2%} of the samples differ{tools}"
