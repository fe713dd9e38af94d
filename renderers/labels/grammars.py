"""Which grammar a format has."""

from types import ModuleType

from renderers.labels import charts, latex, markdown, smiles, tables, text, tikz

GRAMMARS: dict[str, ModuleType] = {
    "chart-json": charts,
    "latex": latex,
    "latex-table": tables,
    "mathpix-markdown": markdown,
    "plain": text,
    "smiles": smiles,
    "tikz": tikz,
}
"""{format of a row: module with `normalize`, `check`, `equal` and `inked_spans`}."""
