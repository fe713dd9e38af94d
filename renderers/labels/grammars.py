"""Which grammar a format has."""

from types import ModuleType

from renderers.labels import charts, text
from renderers.labels.latex import grammar as latex
from renderers.labels.markdown import grammar as markdown
from renderers.labels.smiles import grammar as smiles
from renderers.labels.tables import grammar as tables
from renderers.labels.tikz import grammar as tikz

GRAMMARS: dict[str, ModuleType] = {
    "chart-json": charts,
    "latex": latex,
    "latex-table": tables,
    "mathpix-markdown": markdown,
    "plain": text,
    "smiles": smiles,
    "tikz": tikz,
}
"""{format of a row, of `FORMATS`: module with `normalize`, `check`, `equal` and `inked_spans`}."""
