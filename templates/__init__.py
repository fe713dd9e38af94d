"""Data, not logic: a folder for each renderer and each kind of content; `shared` is what several renderers draw with.

Access is by name, so nobody builds a path. A renderer declares what it reads; `digest` over that tells when its
pictures may have changed, so that an edited file changes the version of those that read it and of no others.
"""

import hashlib
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

_FOLDER = Path(__file__).parent

_NPM = ("package.json", "package-lock.json", ".npmrc")
"""Say what `make setup` installs; what is installed is a tool, whose version a renderer tells."""


@cache
def path(folder: str, name: str) -> Path:
    """Where a file of a template folder lies."""
    return _FOLDER / folder / name


def installed(folder: str, name: str) -> Path:
    """Where `make setup` put a file of the JavaScript packages of a template folder: beside the Python packages."""
    return Path(sys.prefix) / "share" / "glyphmill" / folder / "node_modules" / name


def installed_data(folder: str) -> Path:
    """Where `make setup` put the Python packages that a template folder takes data of, beside those that are run."""
    return Path(sys.prefix) / "share" / "glyphmill" / folder / "python_data"


@cache
def text(folder: str, name: str) -> str:
    """A file of a template folder as it is."""
    return path(folder, name).read_text(encoding="utf-8")


@cache
def template(folder: str, name: str) -> jinja2.Template:
    """A file of a template folder as a template; HTML is escaped, an unknown variable is an error."""
    environment = jinja2.Environment(
        autoescape=name.endswith((".html", ".svg")), undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(text(folder, name))


@cache
def menu(folder: str, name: str = "menu.toml") -> dict[str, Any]:
    """A table of choices. Shared between callers: not to be changed."""
    return tomllib.loads(text(folder, name))


def files(names: tuple[str, ...]) -> tuple[str, ...]:
    """The files of folders ("charts") and single files ("shared/fonts.toml"), relative to `templates/`, sorted.

    Raises:
        FileNotFoundError: one of them is not there.
    """
    return tuple(sorted({found for name in names for found in _files_at(name)}))


@cache
def digest(names: tuple[str, ...]) -> str:
    """sha256 (hex) over the names and bytes of what `files` gives.

    Raises:
        FileNotFoundError: one of them is not there.
    """
    total = hashlib.sha256()
    for name in files(names):
        total.update(f"{name}\0".encode())
        total.update(hashlib.sha256((_FOLDER / name).read_bytes()).digest())
    return total.hexdigest()


def _files_at(name: str) -> Iterator[str]:
    at = _FOLDER / name
    if not at.exists():
        raise FileNotFoundError(at)
    for file in (at,) if at.is_file() else at.rglob("*"):
        if file.is_file() and file.name not in _NPM:
            yield file.relative_to(_FOLDER).as_posix()
