"""Which metrics there are: the file names in `got_model/metrics`. Nothing is registered by hand."""

from dataclasses import MISSING, fields
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from got_model.metrics.core.metric import Metric, Mode
from got_model.metrics.core.typesetter import Typesetter
from renderers.core.errors import ConfigError
from renderers.core.formats import FORMATS

_FOLDER = Path(__file__).parents[1]


@cache
def metric_names() -> tuple[str, ...]:
    """Names of all metrics, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.py") if path.stem != "__init__"))


def metric_class(name: str) -> type[Any]:
    """The class of a metric.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in metric_names():
        raise ConfigError(f"no metric is named {name!r}; there are: {', '.join(metric_names())}")
    return cast("type[Any]", import_module(f"got_model.metrics.{name}").METRIC)


def make_metric(name: str, typesetter: Typesetter | None = None, mode: Mode = "standard") -> Metric | None:
    """A metric, or None where it needs a typesetter and there is none.

    Raises:
        ConfigError: there is none of that name.
    """
    kind = metric_class(name)
    given: dict[str, Any] = {"mode": mode}
    if typesetter is not None:
        given["typesetter"] = typesetter
    knobs = {field.name: field for field in fields(kind)}
    if any(knob.default is MISSING and knob.name not in given for knob in knobs.values()):
        return None
    return cast("Metric", kind(**{key: value for key, value in given.items() if key in knobs}))


def needs_typesetter(markup_format: str) -> bool:
    """Whether a metric of a format draws formulas, so that a typesetter is worth looking for."""
    kinds = [kind for kind in map(metric_class, metric_names()) if markup_format in kind.formats]
    return any(field.name == "typesetter" for kind in kinds for field in fields(kind))


def metrics_for(markup_format: str, typesetter: Typesetter | None = None, mode: Mode = "standard") -> list[Metric]:
    """The metrics that score targets of a format; without a typesetter those that draw formulas are left out.

    Raises:
        ConfigError: there is no such format.
    """
    if markup_format not in FORMATS:
        raise ConfigError(f"no metric scores the format {markup_format!r}; there are: {', '.join(FORMATS)}")
    names = [name for name in metric_names() if markup_format in metric_class(name).formats]
    made = [make_metric(name, typesetter, mode) for name in names]
    return [metric for metric in made if metric is not None]
