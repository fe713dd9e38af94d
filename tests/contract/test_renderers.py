"""What every renderer promises, asked of every renderer there is: a new file in `renderers/` is tested for existing."""

import dataclasses
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from pipelines.recipe import Part, Recipe
from pipelines.verify import verify
from pipelines.work import Session
from renderers.core.corpora import Corpora
from renderers.core.jsonable import from_json, to_json
from renderers.core.registry import make_renderer, renderer_class, renderer_names
from renderers.core.renderer import AnyRenderer, Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.labels.grammars import GRAMMARS

ROOT = Path(__file__).parents[2]
NUM = 24

pytestmark = pytest.mark.parametrize("name", renderer_names())


@pytest.fixture
def renderer(name: str) -> AnyRenderer:
    return make_renderer(name, {})


def draws(renderer: AnyRenderer, num: int = NUM) -> list[Any]:
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(11, renderer.name, index), corpora) for index in range(num)]


def same(one: Outcome, other: Outcome) -> bool:
    if isinstance(one, Rejected) or isinstance(other, Rejected):
        return isinstance(one, Rejected) and isinstance(other, Rejected) and one.reason == other.reason
    return (
        np.array_equal(one.image, other.image)
        and (one.markup, one.regions, dict(one.alternates)) == (other.markup, other.regions, dict(other.alternates))
        and (one.smallest_glyph_px, one.contrast) == (other.smallest_glyph_px, other.contrast)
    )


def test_one_name_everywhere(name: str) -> None:
    kind = renderer_class(name)
    assert kind.name == name
    assert (ROOT / "templates" / name).is_dir()
    assert (ROOT / "tests" / "renderers" / f"test_{name}.py").is_file()
    assert (ROOT / "tests" / "golden" / name / "record.json").is_file()


def test_a_renderer_is_a_frozen_dataclass_of_knobs(name: str, renderer: AnyRenderer) -> None:
    assert dataclasses.is_dataclass(renderer)
    field = dataclasses.fields(renderer)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(renderer, field, None)
    plain = Recipe("r", (Part(renderer),)).plain()
    assert Recipe.from_plain(msgspec.json.decode(to_json(plain))).plain() == plain
    assert renderer.format in GRAMMARS


def test_draw_is_pure_and_a_spec_is_plain_data(name: str, renderer: AnyRenderer) -> None:
    first, again = draws(renderer), draws(renderer)
    assert [to_json(spec) for spec in first] == [to_json(spec) for spec in again]
    assert len({to_json(spec) for spec in first}) == NUM
    for spec in first:
        assert isinstance(spec, renderer.spec)
        assert from_json(to_json(spec), renderer.spec) == spec
        assert renderer.content_key(from_json(to_json(spec), renderer.spec)) == renderer.content_key(spec)


def render_one(renderer: AnyRenderer, spec: Any, engine: Any) -> Outcome:
    return renderer.render(engine, [spec])[0]


def test_pictures_do_not_depend_on_their_batch(name: str, renderer: AnyRenderer, session: Session) -> None:
    specs = draws(renderer)
    pool = session.pool(renderer)
    together = pool.run(lambda engine: renderer.render(engine, specs), NUM)
    assert len(together) == NUM
    backwards = pool.run(lambda engine: renderer.render(engine, specs[::-1]), NUM)[::-1]
    assert all(same(one, other) for one, other in zip(together, backwards, strict=True))
    alone = [pool.run(partial(render_one, renderer, spec), 1) for spec in specs[:6]]
    assert all(same(one, other) for one, other in zip(together, alone, strict=False))
    assert pool.run(lambda engine: renderer.render(engine, []), 0) == []


def test_samples_hold_what_is_promised_of_all(name: str, renderer: AnyRenderer, session: Session) -> None:
    outcomes = session.render(renderer, draws(renderer, 60))
    refused = [outcome if isinstance(outcome, Rejected) else verify(outcome, renderer.format) for outcome in outcomes]
    kept = [outcome for outcome, why in zip(outcomes, refused, strict=True) if why is None]
    assert len(kept) >= 54, [(why.reason, why.detail) for why in refused if why is not None]
    for rendered in kept:
        assert isinstance(rendered, Rendered)
        assert rendered.regions
        assert {"html"} <= set(rendered.alternates) or renderer.format != "chart-json"
