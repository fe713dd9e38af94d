"""What this machine has and lacks: every tool with its version, and the line that installs what is missing.

Each question is asked by itself, so that one thing that is missing hides nothing of the rest.
"""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

import msgspec

from renderers.content.fonts import all_files
from renderers.core.corpora import Corpora
from renderers.core.errors import FactoryError
from renderers.core.install import pip_line
from renderers.core.registry import make_renderer, renderer_class, renderer_names
from renderers.core.renderer import Engine

_PACKAGES = ("ray", "pyarrow", "numpy", "pillow", "msgspec", "faker", "wordfreq")
_TRAINER = ("torch", "transformers", "peft", "nltk")


class Check(msgspec.Struct, frozen=True):
    """One tool.

    Attributes:
        tool: its name.
        found: its version, "" where it is missing.
        used_by: renderers that need it; empty = all.
        remedy: what is wrong and the line that installs it.
    """

    tool: str
    found: str
    used_by: tuple[str, ...] = ()
    remedy: str = ""


def examine() -> list[Check]:
    """All tools, engines and fonts; what several renderers use stands there once, with all of them."""
    once: dict[Check, Check] = {}
    for check in (*_packages(), *_renderers(), *_confinement(), *_fonts()):
        tool = msgspec.structs.replace(check, used_by=())
        seen = once.setdefault(tool, check)
        users = tuple(dict.fromkeys((*seen.used_by, *check.used_by))) if seen.used_by and check.used_by else ()
        once[tool] = msgspec.structs.replace(check, used_by=users)
    return list(once.values())


def _packages() -> Iterator[Check]:
    yield Check("python", platform.python_version())
    for name in _PACKAGES:
        yield _package(name, (), "pip install glyphmill")
    for name in _TRAINER:
        yield _package(name, ("got-model",), pip_line("train", "train"))
    if sys.platform.startswith("linux") and shutil.which("npm") is None:
        yield Check("npm", "", (), "apt-get install npm (only to install the JavaScript packages again)")


def _package(name: str, used_by: tuple[str, ...], remedy: str) -> Check:
    try:
        return Check(name, version(name), used_by)
    except PackageNotFoundError:
        return Check(name, "", used_by, remedy)


def _renderers() -> Iterator[Check]:
    for name in renderer_names():
        try:
            renderer = make_renderer(name, {})
            Corpora(renderer.corpora(), "train")
        except FactoryError as error:  # what it draws from is not there
            yield Check(name, "", (name,), str(error))
            continue
        yield from _asked(renderer.engine.name, name, renderer.engine.versions)
        yield from _asked(name, name, renderer.tools)


def _asked(label: str, renderer: str, ask: Callable[[], Mapping[str, str]]) -> list[Check]:
    try:
        return [Check(tool, found, (renderer,)) for tool, found in ask().items()]
    except FactoryError as error:
        return [Check(label, "", (renderer,), str(error))]


def _confinement() -> Iterator[Check]:
    """How engines are held that draw what nobody vouches for; it changes no picture, so nothing counts as missing."""
    users: dict[type[Engine], list[str]] = {}
    for name in renderer_names():
        users.setdefault(renderer_class(name).engine, []).append(name)
    for engine, names in users.items():
        ask = getattr(engine, "confinement", None)
        if ask is not None:
            with suppress(FactoryError):  # that it does not start stands beside its version
                yield Check(f"{engine.name} confined", ask(), tuple(names))


def _fonts() -> Iterator[Check]:
    packages: dict[str, list[bool]] = {}
    for package, file in all_files():
        packages.setdefault(package, []).append(file.is_file())
    for package, present in sorted(packages.items()):
        missing = "" if all(present) else f"apt-get install {package}"
        yield Check(package, "" if missing else f"{len(present)} files", (), missing)
