"""Says which templates a renderer opens, by watching a process that draws and renders all its kinds of pictures.

    python -m tests.contract.opened latex_tables

A process of its own, since what is read once is kept. Out: their names relative to `templates/`, as JSON.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2] / "templates"
NUM = 20
"""Draws of each knob's value."""


def watch() -> set[str]:
    """A set that every file under `templates/` goes into when it is opened from now on."""
    seen: set[str] = set()

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and Path(arguments[0]).is_relative_to(ROOT):
            seen.add(Path(arguments[0]).relative_to(ROOT).as_posix())

    sys.addaudithook(note)
    return seen


def knobs(kind: type[Any]) -> Iterator[dict[str, Any]]:
    """The default knobs, then each choice of each table of weights alone."""
    yield {}
    default = kind()
    for field in fields(kind):
        weights = getattr(default, field.name)
        if isinstance(weights, Mapping):
            yield from ({field.name: {choice: 1.0}} for choice in weights)


def main(name: str) -> None:
    seen = watch()
    from pipelines.recipe import Part, Recipe
    from pipelines.work import Session
    from renderers.core.corpora import Corpora
    from renderers.core.errors import ConfigError
    from renderers.core.registry import make_renderer, renderer_class
    from renderers.core.rng import rng_at
    from renderers.core.split import SPLITS

    by_batch_key: dict[str, Any] = {}
    default = make_renderer(name, {})
    with Session(Recipe("watch", (Part(default),))) as session:
        for place, some in enumerate(knobs(renderer_class(name))):
            try:
                renderer = make_renderer(name, some)
            except ConfigError:  # A kind that not all languages have, or a source that needs a corpus.
                continue
            opened = [Corpora(renderer.corpora(), split) for split in SPLITS]
            for index in range(NUM):
                spec = renderer.draw(rng_at(place, name, index), opened[index % len(opened)])
                by_batch_key.setdefault(renderer.batch_key(spec), spec)
        session.render(default, list(by_batch_key.values()))
    sys.stdout.write(json.dumps(sorted(one for one in seen if not one.endswith((".py", ".pyc")))))


if __name__ == "__main__":
    main(sys.argv[1])
