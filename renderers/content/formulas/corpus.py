"""Formulas that people wrote: the rows of a corpus that `glyphmill corpus tex` made."""

from dataclasses import dataclass, replace
from functools import lru_cache

from renderers.content.formulas.formula import Part, num_tokens, read_parts
from renderers.core.corpora import CorpusFile
from renderers.core.errors import ConfigError

_COMMAND = "glyphmill corpus tex"


@dataclass(frozen=True, slots=True)
class FormulaCorpus:
    """What can be drawn of a corpus of formulas.

    Attributes:
        formulas: in LaTeX without delimiters, in the corpus' order; at least one.
    """

    formulas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormulaSource:
    """The formulas of a file that are short enough.

    Attributes:
        file: the corpus.
        max_tokens: most characters and commands of a formula; longer ones are left out.
    """

    file: CorpusFile
    max_tokens: int

    def open(self) -> FormulaCorpus:
        """The formulas.

        Raises:
            ConfigError: it is no corpus or another one, or none of its formulas is short enough.
        """
        return load_formulas(replace(self, file=self.file.pinned()))


def formula_file(path: str, sha256: str) -> CorpusFile:
    """A corpus of formulas as the knobs `corpus` and `corpus_sha256` name it."""
    return CorpusFile(path, sha256, "corpus_sha256", _COMMAND, f"{_COMMAND} SOURCE -o {path}")


@lru_cache(maxsize=8)
def load_formulas(source: FormulaSource) -> FormulaCorpus:
    """What `FormulaSource.open` gives; kept, so that a driver that checks and a session that draws read once."""
    table = source.file.table(("kind", "markup"))
    kinds, markups = (table.column(name).to_pylist() for name in ("kind", "markup"))
    parts = [read_parts(markup) for kind, markup in zip(kinds, markups, strict=True) if kind != "table"]
    most = source.max_tokens
    short = tuple(part[0].latex for part in parts if _stands_alone(part) and num_tokens(part[0].latex) <= most)
    if not short:
        raise ConfigError(f"corpus {source.file.path}: holds no formula of at most {most} tokens")
    return FormulaCorpus(short)


def _stands_alone(parts: tuple[Part, ...]) -> bool:
    return len(parts) == 1 and parts[0].kind != "text"
