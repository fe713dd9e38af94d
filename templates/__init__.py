"""Data, not logic: one folder per renderer with its menus, styles, pages and scripts; `shared` for what several use.

Access is by name, so a renderer never builds a path; `digest` tells when a picture may have changed.
"""

import hashlib
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

_FOLDER = Path(__file__).parent


@cache
def path(renderer: str, name: str) -> Path:
    """Where a file of a renderer's template folder lies."""
    return _FOLDER / renderer / name


def installed(renderer: str, name: str) -> Path:
    """Where `make setup` put a file of a JavaScript package of a renderer: beside the Python packages."""
    return Path(sys.prefix) / "share" / "glyphmill" / renderer / "node_modules" / name


@cache
def text(renderer: str, name: str) -> str:
    """A file of a renderer's template folder as it is."""
    return path(renderer, name).read_text(encoding="utf-8")


@cache
def template(renderer: str, name: str) -> jinja2.Template:
    """A file of a renderer's template folder as a template; HTML is escaped, an unknown variable is an error."""
    environment = jinja2.Environment(
        autoescape=name.endswith((".html", ".svg")), undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(text(renderer, name))


@cache
def menu(renderer: str, name: str = "menu.toml") -> dict[str, Any]:
    """A table of choices. Shared between callers: not to be changed."""
    return tomllib.loads(text(renderer, name))


@cache
def digest(renderer: str) -> str:
    """sha256 (hex) over what a renderer and `shared` hold, names and bytes."""
    total = hashlib.sha256()
    for folder in (renderer, "shared"):
        for file in sorted((_FOLDER / folder).rglob("*")):
            if file.is_file():
                total.update(f"{file.relative_to(_FOLDER).as_posix()}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
