"""Which renderers there are: the modules of the package `renderers`. Nothing is registered by hand.

The package's `__path__` says where its modules lie, so a folder that is added to it adds renderers of its own.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, cast

import msgspec

from renderers.core.errors import ConfigError
from renderers.core.renderer import AnyRenderer

_PACKAGE = "renderers"


def renderer_names() -> tuple[str, ...]:
    """Names of all renderers, sorted."""
    modules = iter_modules(import_module(_PACKAGE).__path__)
    return tuple(sorted(module.name for module in modules if not module.ispkg))


def renderer_class(name: str) -> type[Any]:
    """The class of a renderer.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in renderer_names():
        raise ConfigError(f"no renderer is named {name!r}; there are: {', '.join(renderer_names())}")
    return cast("type[Any]", import_module(f"{_PACKAGE}.{name}").RENDERER)


def make_renderer(name: str, knobs: Mapping[str, Any]) -> AnyRenderer:
    """A renderer from its name and knobs as a recipe or a manifest holds them.

    Raises:
        ConfigError: no such renderer or knob, or a knob of the wrong type.
    """
    kind = renderer_class(name)
    known = set(kind.__dataclass_fields__)
    for knob in knobs:
        if knob not in known:
            raise ConfigError(f"renderer {name} has no knob {knob!r}; it has: {', '.join(sorted(known)) or 'none'}")
    try:
        return cast("AnyRenderer", msgspec.convert(dict(knobs), kind))
    except msgspec.ValidationError as error:
        raise ConfigError(f"renderer {name}: {error}") from error
