"""Which grammar a format has."""

from types import ModuleType

from renderers.labels import charts

GRAMMARS: dict[str, ModuleType] = {"chart-json": charts}
"""{format of a row: module with `normalize`, `check`, `equal` and `inked_spans`}."""
