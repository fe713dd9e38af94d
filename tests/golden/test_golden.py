"""Specs, labels and pictures stay what they were: a change of any is a change of `version`, made on purpose.

Specs and labels are compared exactly; pixels with a tolerance, since another FreeType or Chromium moves antialiasing:
the mean difference of a sample below 1.01 and fewer than 0.1 % of the values off by more than 32. Source of the
tolerance: manim's frame tests.

To change what a renderer draws: raise its `version`, look at what it draws, and say why:

    REASON="A dash is longer than a hyphen" make golden

which records the new version with date and reason, and of the pictures those that changed. It refuses what changed
under the recorded version, and a version below the recorded one. A version that was raised while the recorded samples
are what they were is recorded with its reason alone: a change may show in one sample of a thousand. Where no version
was raised and nothing changed, no file is touched.
"""

from pathlib import Path

import pytest

from pipelines.verify import verify
from pipelines.work import Session
from renderers.core.corpora import Corpora
from renderers.core.jsonable import to_json
from renderers.core.registry import make_renderer, renderer_names
from renderers.core.renderer import Pixels, Rendered, versions_of
from renderers.core.rng import rng_at
from tests.golden.record import Case, Drawn, check, read_record, update
from tests.made_prose import write_prose

FOLDER = Path(__file__).parent
NUM = 10


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
    cases: list[Case] = []
    images: list[Pixels] = []
    corpora = Corpora(renderer.corpora(), "train")
    for index in range(NUM):
        for attempt in range(20):  # the first draw that is kept
            spec = renderer.draw(rng_at(7, name, index, attempt), corpora)
            (outcome,) = session.render(renderer, [spec])
            if isinstance(outcome, Rendered) and verify(outcome, renderer.format) is None:
                cases.append(Case(to_json(spec), outcome.markup))
                images.append(outcome.image)
                break
    assert len(cases) == NUM
    drawn = Drawn(name, renderer.version, versions_of(renderer), cases, images)
    reason = request.config.getoption("--record-golden")
    if reason is None:
        check(drawn, FOLDER / name)
    else:
        update(drawn, FOLDER / name, reason)


@pytest.mark.parametrize("name", renderer_names())
def test_every_version_has_a_reason(name: str) -> None:
    record = read_record(FOLDER / name)
    versions = [change.version for change in record.history]
    assert versions == sorted(set(versions))
    assert versions[-1] == record.version
    assert all(change.reason.strip() for change in record.history)
