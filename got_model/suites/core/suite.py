"""What a suite is: a folder of a benchmark in, samples out. `SUITE = <function>` is the last line of its file."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeAlias, cast

import msgspec

from renderers.core.errors import ConfigError


class Sample(msgspec.Struct, frozen=True):
    """One question of a benchmark.

    Attributes:
        id: unique in the suite; sorts as the benchmark's own order.
        images: files, several where they are pages of one sample.
        prompt: GOT's task string.
        target: what should be read.
        format: of the target.
        language: BCP 47, or "" where the benchmark does not say.
        metrics: names of the metrics that the benchmark is scored by.
        part: the task of the benchmark.
        kind: what kind of picture it is, as the benchmark says.
        scene: whether it is scene text, scored by characters.
    """

    id: str
    images: tuple[Path, ...]
    prompt: str
    target: str
    format: str
    language: str
    metrics: tuple[str, ...]
    part: str
    kind: str = ""
    scene: bool = False


Suite: TypeAlias = Callable[[Path], list[Sample]]
"""Raises ConfigError, with the path, where the folder is not the benchmark or a file is broken."""

_FOLDER = Path(__file__).parents[1]


@cache
def suite_names() -> tuple[str, ...]:
    """Names of all suites, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.py") if path.stem != "__init__"))


def read_suite(name: str, folder: Path) -> list[Sample]:
    """The samples of a benchmark.

    Raises:
        ConfigError: no suite has that name, or the folder does not hold it.
    """
    if name not in suite_names():
        raise ConfigError(f"no suite is named {name!r}; there are: {', '.join(suite_names())}")
    if not folder.is_dir():
        raise ConfigError(f"{folder} is no folder: unpack the benchmark {name} there")
    suite = cast("Suite", import_module(f"got_model.suites.{name}").SUITE)
    samples = suite(folder)
    if not samples:
        raise ConfigError(f"{folder} holds no sample of {name}")
    return samples
