"""The record of a renderer: its version with the reasons of all before it, ten specs with their labels, ten pictures.

What is drawn and the version move together. Something drawn that differs from the record while the version is the
recorded one is a mistake, or a change whose version was forgotten; neither is recorded. A raised version is recorded
with a reason, also where the ten samples are what they were: a change may show in other samples only.
"""

import datetime
import json
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from renderers.core.image import decode_png, encode_png
from renderers.core.renderer import Pixels

_MAX_MEAN_DIFF, _OFF_BY, _MAX_OFF_FRAC = 1.01, 32, 0.001
_FILE = "record.json"


class NotAsRecorded(AssertionError):
    """What is drawn and what is recorded disagree; the message says what to do."""


class Change(msgspec.Struct, frozen=True):
    """Why a renderer has a version.

    Attributes:
        date: when it was recorded, YYYY-MM-DD.
    """

    version: int
    date: str
    reason: str


class Case(msgspec.Struct, frozen=True):
    """One sample: its spec as JSON and its label."""

    spec: str
    markup: str


class Record(msgspec.Struct, frozen=True):
    """What `record.json` holds.

    Attributes:
        version: of the renderer; that of the last change in `history`.
        history: of all versions, oldest first.
        versions: {tool: version} of what drew the pictures.
        cases: in the order of the pictures 0.png, 1.png, ...
    """

    version: int
    history: list[Change]
    versions: dict[str, str]
    cases: list[Case]


@dataclass(frozen=True)
class Drawn:
    """What a renderer draws now.

    Attributes:
        version: of the renderer.
        tools: {tool: version} of what drew the pictures.
        images: one for each case.
    """

    name: str
    version: int
    tools: dict[str, str]
    cases: list[Case]
    images: list[Pixels]


def read_record(folder: Path) -> Record:
    """The record in a golden folder.

    Raises:
        NotAsRecorded: there is none.
    """
    if not (folder / _FILE).is_file():
        raise NotAsRecorded(f'{folder.name} has no record; make one: REASON="..." make golden')
    return msgspec.json.decode((folder / _FILE).read_bytes(), type=Record)


def check(drawn: Drawn, folder: Path) -> None:
    """Compare what is drawn now with the record in a golden folder.

    Raises:
        NotAsRecorded: they disagree.
    """
    record = read_record(folder)
    difference = _first_difference(drawn, record, folder)
    _check_version(drawn, record, difference)
    if drawn.version > record.version:
        what = difference or "the recorded samples are what they were"
        raise NotAsRecorded(
            f"{drawn.name}: version {drawn.version} is not recorded ({what}); "
            'look at the pictures, then record it: REASON="..." make golden'
        )


def update(drawn: Drawn, folder: Path, reason: str) -> None:
    """Record what is drawn now where its version was raised; where nothing changed, no file is touched.

    Raises:
        NotAsRecorded: what is drawn changed and its version did not.
    """
    if not (folder / _FILE).exists():
        folder.mkdir(exist_ok=True)
        _write(drawn, [], folder, reason)
        return
    record = read_record(folder)
    difference = _first_difference(drawn, record, folder)
    _check_version(drawn, record, difference)
    if drawn.version == record.version:
        return
    if not difference:  # Pictures and tools stay: they belong together.
        images = [decode_png((folder / f"{index}.png").read_bytes()) for index in range(len(record.cases))]
        drawn = Drawn(drawn.name, drawn.version, record.versions, record.cases, images)
    _write(drawn, record.history, folder, reason)


def _check_version(drawn: Drawn, record: Record, difference: str) -> None:
    if drawn.version < record.version:
        raise NotAsRecorded(
            f"{drawn.name}: version {drawn.version} is lower than the recorded {record.version}; "
            f"rows of two kinds would bear one version: raise it in renderers/{drawn.name}.py"
        )
    if difference and drawn.version == record.version:
        raise NotAsRecorded(
            f"{drawn.name}: {difference}, and its version is still {record.version}. Not meant: undo it. Meant: "
            f'raise `version` in renderers/{drawn.name}.py, then REASON="..." make golden'
        )


def _first_difference(drawn: Drawn, record: Record, folder: Path) -> str:
    """What the first sample that is not as recorded shows, for a person; empty where all are as recorded."""
    if len(drawn.cases) != len(record.cases):
        return f"{len(drawn.cases)} samples are drawn, {len(record.cases)} are recorded"
    same_tools = drawn.tools == record.versions
    tools = "" if same_tools else f" (recorded with {record.versions}, drawn with {drawn.tools})"
    for index, (case, recorded) in enumerate(zip(drawn.cases, record.cases, strict=True)):
        if case.spec != recorded.spec:
            return f"sample {index} has another spec"
        if case.markup != recorded.markup:
            return f"sample {index} has another label"
        difference = _difference_of(drawn.images[index], decode_png((folder / f"{index}.png").read_bytes()))
        if difference:
            return f"sample {index} {difference}{tools}"
    return ""


def _difference_of(image: Pixels, recorded: Pixels) -> str:
    if image.shape != recorded.shape:
        return f"has another shape, {image.shape} where {recorded.shape} is recorded"
    diff = np.abs(image.astype(int) - recorded.astype(int))
    if diff.mean() >= _MAX_MEAN_DIFF:
        return f"differs by {diff.mean():.2f} levels of grey on average"
    off_frac = np.count_nonzero(diff > _OFF_BY) / diff.size
    return f"differs by more than {_OFF_BY} levels of grey in {off_frac:.2%}" if off_frac >= _MAX_OFF_FRAC else ""


def _write(drawn: Drawn, history: list[Change], folder: Path, reason: str) -> None:
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    history = [*history, Change(drawn.version, today, reason)]
    record = Record(drawn.version, history, drawn.tools, drawn.cases)
    plain = json.dumps(msgspec.to_builtins(record), ensure_ascii=False, indent=1)
    (folder / _FILE).write_text(plain + "\n", encoding="utf-8")
    for index, image in enumerate(drawn.images):
        picture = folder / f"{index}.png"
        # Another compressor packs the same pixels into other bytes, which would be a difference that nobody can see.
        if not picture.exists() or not np.array_equal(decode_png(picture.read_bytes()), image):
            picture.write_bytes(encode_png(image))
