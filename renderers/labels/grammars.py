"""Which grammar a format has."""

from types import ModuleType

from renderers.labels import charts, latex, tables, tikz

GRAMMARS: dict[str, ModuleType] = {
    "chart-json": charts,
    "latex": latex,
    "latex-table": tables,
    "tikz": tikz,
}
"""{format of a row: module with `normalize`, `check`, `equal` and `inked_spans`}."""
