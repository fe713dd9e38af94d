"""A recipe says what a data set is made of; a Python function returns it.

Everything that changes a byte is in it (renderers, their knobs, weights) and in its digest; machine knobs (workers,
shard size) are not. The seed stands beside the digest, so that one recipe can be drawn many times.
"""

import dataclasses
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import templates
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError, FactoryError, NotInstalled
from renderers.core.jsonable import digest
from renderers.core.registry import make_renderer
from renderers.core.renderer import AnyRenderer, versions_of
from renderers.core.sample import SCHEMA_VERSION
from renderers.effects.mix import Effects, make_effects
from renderers.effects.mix import version as effects_version

NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_RECIPES = Path(__file__).parent / "recipes"


def split_of(index: int) -> str:
    """The split of the sample at an index: one in 32 is for validation, one for test.

    A function of the index alone, so a data set that grows never moves a row.
    """
    return {8: "validation", 24: "test"}.get(index % 32, "train")


def version_of(renderer: AnyRenderer) -> str:
    """What may change a renderer's pictures without a change of knobs: its version and its templates."""
    return f"{renderer.version}+{templates.digest(renderer.templates)[:12]}"


@dataclass(frozen=True)
class Part:
    """One kind of sample in a data set; becomes a folder of shards and a configuration at Hugging Face.

    Attributes:
        renderer: with its knobs set.
        weight: share of the rows, relative to the other parts.
        name: of the part; the renderer's name unless two parts share a renderer.
        effects: what scanners and phones do to its pictures; None leaves all of them clean.
    """

    renderer: AnyRenderer
    weight: float = 1.0
    name: str = ""
    effects: Effects | None = None

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.renderer.name)
        if not NAME.fullmatch(self.name) or self.name == "data":
            raise ConfigError(f"part name {self.name!r}: lower case letters, digits, _ and - (and not 'data')")
        if not 0 < self.weight < float("inf"):
            raise ConfigError(f"part {self.name}: weight {self.weight} must be positive")

    def pinned(self) -> "Part":
        """The same, its renderer's knobs holding the sha256 of each corpus file.

        Raises:
            ConfigError: there is no such file.
        """
        files = [source.file for source in self.renderer.corpora() if source.file is not None]
        found = {file.knob: file.pinned().sha256 for file in files if not file.sha256}
        if not found:
            return self
        return dataclasses.replace(self, renderer=dataclasses.replace(self.renderer, **found))  # type: ignore[type-var]

    def licences(self) -> tuple[str, ...]:
        """Licences of the corpora that it draws from, sorted; none where all is made by the project.

        Raises:
            ConfigError: a corpus is not there, or is another one by now.
        """
        files = [source.file for source in self.renderer.corpora() if source.file is not None]
        return tuple(sorted({name for file in files for name in file.licences()}))

    def open_corpora(self, split: str) -> Corpora:
        """All that it draws from for a split.

        Raises:
            ConfigError: a corpus is not there, is another one by now, or lacks what the part wants of it.
        """
        return Corpora(self.renderer.corpora(), split)

    @property
    def version(self) -> str:
        """What may change a picture of the part without a change of knobs."""
        drawn = version_of(self.renderer)
        return drawn if self.effects is None else f"{drawn}+{effects_version()}"

    def plain(self) -> dict[str, Any]:
        """As JSON holds it. A part whose pictures stay clean says nothing of effects, so its digest is its own."""
        plain = {
            "name": self.name,
            "renderer": self.renderer.name,
            "version": self.version,
            "weight": self.weight,
            "knobs": dataclasses.asdict(self.renderer),  # type: ignore[call-overload]
        }
        return plain if self.effects is None else plain | {"effects": dataclasses.asdict(self.effects)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Part":
        """A part that `plain` wrote, with the renderer as it is now.

        Raises:
            ConfigError: the renderer, or a knob of it or of the effects, does not exist here.
        """
        effects = None if plain.get("effects") is None else make_effects(plain["effects"])
        return cls(make_renderer(plain["renderer"], plain["knobs"]), plain["weight"], plain["name"], effects)


@dataclass(frozen=True)
class Recipe:
    """What a data set is made of."""

    name: str
    parts: tuple[Part, ...]
    seed: int = 0

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ConfigError(f"recipe name {self.name!r}: lower case letters, digits, _ and -")
        names = [part.name for part in self.parts]
        if not names or len(set(names)) != len(names):
            raise ConfigError(f"recipe {self.name}: needs parts with names of their own, has {names}")
        if self.seed < 0 or self.seed >= 2**63:
            raise ConfigError(f"seed {self.seed}: must be 0 or more and below 2**63")

    @cached_property
    def digest(self) -> str:
        """sha256 over all that changes a byte, the seed left out."""
        return digest(self.plain() | {"seed": None, "schema": SCHEMA_VERSION})

    def pinned(self) -> "Recipe":
        """The same, each corpus file named with its sha256: the same for good, whatever becomes of the files.

        Raises:
            ConfigError: a corpus file is not there.
        """
        return dataclasses.replace(self, parts=tuple(part.pinned() for part in self.parts))

    def part(self, name: str) -> Part:
        """The part of that name.

        Raises:
            ConfigError: there is none.
        """
        for part in self.parts:
            if part.name == name:
                return part
        raise ConfigError(f"recipe {self.name} has no part {name!r}")

    def plain(self) -> dict[str, Any]:
        """As JSON holds it, with the sha256 of each corpus file; `from_plain` reads it.

        Raises:
            ConfigError: a corpus file is not there.
        """
        return {
            "name": self.name,
            "seed": self.seed,
            "parts": [part.plain() for part in self.pinned().parts],
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Recipe":
        """A recipe that `plain` wrote, with the renderers as they are now.

        Raises:
            ConfigError: a renderer or knob of it does not exist here.
        """
        return cls(plain["name"], tuple(Part.from_plain(part) for part in plain["parts"]), plain["seed"])


def refuse_missing(recipe: Recipe) -> None:
    """Whether all programs, packages and fonts that a recipe draws with are on this machine.

    Raises:
        NotInstalled: one is not, or does not start.
    """
    for part in recipe.parts:
        versions_of(part.renderer)


def recipe_names() -> tuple[str, ...]:
    """Names of the recipes that come with the project."""
    return tuple(sorted(path.stem for path in _RECIPES.glob("*.py") if path.stem != "__init__"))


def load_recipe(source: str) -> Recipe:
    """A recipe by name, or the function `recipe` of a Python file.

    Raises:
        ConfigError: there is none, or its code raises.
        NotInstalled: what its renderers draw from is not on this machine.
    """
    if source.endswith(".py"):
        module_name, make = _function_of(Path(source))
    elif source in recipe_names():
        module_name, make = source, import_module(f"pipelines.recipes.{source}").recipe
    else:
        raise ConfigError(
            f"no recipe is named {source!r}; there are: {', '.join(recipe_names())}; or give a file, my_recipe.py"
        )
    try:
        recipe = make()
    except (ConfigError, NotInstalled):
        raise
    except Exception as error:
        raise ConfigError(_where(module_name, error)) from error
    if not isinstance(recipe, Recipe):
        raise ConfigError(f"{source}: recipe() must return a Recipe, it returned {type(recipe).__name__}")
    return recipe


def _function_of(file: Path) -> tuple[str, Callable[[], Any]]:
    if not file.is_file():
        raise ConfigError(f"recipe file {file} does not exist")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ConfigError(f"recipe file {file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ConfigError(_where(str(file), error)) from error
    make = getattr(module, "recipe", None)
    if not callable(make):
        raise ConfigError(f"recipe file {file} has no function recipe()")
    return str(file), make


def _where(source: str, error: Exception) -> str:
    trace = error.__traceback__
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(source) or source in trace.tb_frame.f_code.co_filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    line = line or getattr(error, "lineno", 0) or 0
    kind = "" if isinstance(error, FactoryError) else f"{type(error).__name__}: "
    return f"recipe {source}, line {line}: {kind}{error}"
