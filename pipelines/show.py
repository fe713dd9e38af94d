"""Draw a stored row again and say what differs: the proof that a row is a pure function of its address."""

import json
import re
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from msgspec.structs import replace

from pipelines.manifest import Manifest, read_manifest
from pipelines.recipe import Recipe
from pipelines.shard import read_rows
from pipelines.store import Store
from pipelines.work import Session
from renderers.core.errors import ConfigError, PictureBroken
from renderers.core.image import decode_png
from renderers.core.jsonable import to_json
from renderers.core.renderer import Rejected
from renderers.core.sample import make_row
from renderers.labels.grammars import GRAMMARS

_ID = re.compile(r"(?P<recipe>[^/]+)/(?P<part>[^/]+)/(?P<split>[^/]+)/(?P<index>\d+)")


def find_row(dataset: Path, row_id: str) -> tuple[Manifest, dict[str, Any]]:
    """A row of a complete data set.

    Raises:
        ConfigError: no such data set, or no row of that id in it.
    """
    store = Store(str(dataset))
    manifest = read_manifest(store)
    match = _ID.fullmatch(row_id)
    if match is None:
        raise ConfigError(
            f"{row_id!r} is no id; ids look like {manifest.recipe}/{manifest.parts[0]['name']}/train/000000042"
        )
    index = int(match["index"])
    for file in manifest.files:
        if (file.part, file.split) == (match["part"], match["split"]) and file.start <= index < file.stop:
            for row in read_rows(store, file.path):
                if row["id"] == row_id:
                    return manifest, row
    raise ConfigError(f"no row {row_id} in {dataset}")


class Redraw:
    """Draws rows of a data set again. A context manager: it keeps engines open."""

    def __init__(self, manifest: Manifest) -> None:
        """Raises ConfigError where the recipe's renderers are not what they were."""
        plain = {"name": manifest.recipe, "seed": manifest.seed, "parts": manifest.parts}
        self.recipe = Recipe.from_plain(plain)
        self._then = {part["name"]: part["version"] for part in manifest.parts}
        self._session = Session(self.recipe)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.__exit__(kind, error, trace)

    def differences(self, row: dict[str, Any]) -> list[str]:
        """What is not as stored when a row is drawn again; empty = identical, byte for byte."""
        part = self.recipe.part(row["id"].split("/")[1])
        now, then = part.version, row["renderer_version"]
        differences = [f"renderer_version: was {then}, is {now}"] if now != then else []
        spec = self._session.draw(part, row["id"].split("/")[2], row["index"], row["attempt"])
        if to_json(spec) != row["spec"]:
            return [
                *differences,
                "spec: the draw gives another picture: " + _first_difference(row["spec"], to_json(spec)),
            ]
        (outcome,) = self._session.render(part.renderer, [spec])
        degraded = self._session.degrade_and_verify(part, row["index"], row["attempt"], outcome)
        if isinstance(degraded, Rejected):
            return [*differences, f"the picture is rejected now: {degraded.reason}: {degraded.detail}"]
        address = self._session.address(part, row["id"].split("/")[2], row["index"], row["attempt"])
        # Another version was reported above, once.
        address = replace(address, recipe_digest=row["recipe_digest"], renderer_version=then)
        again = make_row(address, degraded.rendered, spec, part.renderer.format, degradation=degraded.severity)
        return differences + [
            _difference(column, row[column], again[column])
            for column in row
            if _plain(row[column]) != _plain(again[column])
        ]


def _plain(value: Any) -> Any:
    # float32 columns come back as the nearest double; compare what was stored.
    if isinstance(value, float):
        return float(np.float32(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _difference(column: str, stored: Any, drawn: Any) -> str:
    if column == "image":
        return "image: " + _pixel_difference(stored["bytes"], drawn["bytes"])
    return f"{column}: " + _first_difference(str(stored), str(drawn))


def _pixel_difference(stored: bytes, drawn: bytes) -> str:
    try:
        before, after = decode_png(stored), decode_png(drawn)
    except PictureBroken as error:
        return str(error)
    if before.shape != after.shape:
        return f"was {before.shape[1]} x {before.shape[0]} px, is {after.shape[1]} x {after.shape[0]} px"
    apart = np.abs(before.astype(int) - after.astype(int))
    if not apart.any():
        return "the same pixels, encoded to other bytes"
    changed = np.count_nonzero(apart)
    return f"{changed} of {apart.size} samples differ, by {apart.max()} at most, {apart.mean():.4f} on average"


def _first_difference(stored: str, drawn: str) -> str:
    pairs = zip_longest(stored, drawn)
    at = next((index for index, (a, b) in enumerate(pairs) if a != b), 0)
    return f"at character {at} was …{stored[at : at + 40]!r}, is …{drawn[at : at + 40]!r}"


def pretty(row: dict[str, Any]) -> str:
    """The target of a row as a person reads it; as it stands where it is damaged."""
    markup: str = row["markup"]
    if row["format"] == "chart-json" and GRAMMARS["chart-json"].check(markup) is None:
        return json.dumps(json.loads(markup), ensure_ascii=False, indent=2)
    return markup
