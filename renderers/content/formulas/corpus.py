"""Formulas that people wrote: the rows of a corpus that `glyphmill corpus tex` made."""

from dataclasses import dataclass
from functools import lru_cache

from renderers.content.formulas.formula import Part, num_tokens, read_parts, without_mark
from renderers.core.corpora import CorpusFile
from renderers.core.errors import ConfigError
from renderers.core.split import split_class

_COMMAND = "glyphmill corpus tex"


@dataclass(frozen=True, slots=True)
class FormulaCorpus:
    """What can be drawn of a corpus of formulas.

    Attributes:
        formulas: in LaTeX without delimiters, in the corpus' order; none where the split has none, see `FormulaSource`.
    """

    formulas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormulaSource:
    """The formulas of a file that are short enough.

    Attributes:
        file: the corpus.
        max_tokens: most characters and commands of a formula; longer ones are left out.
        is_alone: nothing else is drawn from, so that a split without a formula is refused.
    """

    file: CorpusFile
    max_tokens: int
    is_alone: bool

    def open(self, split: str) -> FormulaCorpus:
        """The formulas of a split: each belongs to that of its `formula_key`.

        Raises:
            ConfigError: it is no corpus or another one, or none of its formulas is short enough.
        """
        by_split = load_formulas(self.file.pinned(), self.max_tokens)
        if self.is_alone and split not in by_split:
            num = sum(map(len, by_split.values()))
            raise ConfigError(
                f"corpus {self.file.path}: none of its {num} formulas of at most {self.max_tokens} tokens is for "
                f"{split} (one in 32 is, by its hash); give it some 200 more, or other sources besides"
            )
        return FormulaCorpus(by_split.get(split, ()))


def formula_file(path: str, sha256: str) -> CorpusFile:
    """A corpus of formulas as the knobs `corpus` and `corpus_sha256` name it."""
    return CorpusFile(path, sha256, "corpus_sha256", _COMMAND, f"{_COMMAND} SOURCE -o {path}")


@lru_cache(maxsize=8)
def load_formulas(file: CorpusFile, max_tokens: int) -> dict[str, tuple[str, ...]]:
    """The formulas of each split that has some; kept, so that a driver that checks and a session that draws read once.

    Raises:
        ConfigError: see `FormulaSource.open`.
    """
    table = file.table(("kind", "markup"))
    kinds, markups = (table.column(name).to_pylist() for name in ("kind", "markup"))
    parts = [read_parts(markup) for kind, markup in zip(kinds, markups, strict=True) if kind != "table"]
    by_split: dict[str, list[str]] = {}
    for part in parts:
        if _stands_alone(part) and num_tokens(part[0].latex) <= max_tokens:
            # It is canonical, so this is its `formula_key`; to find that out anew takes minutes for a million.
            by_split.setdefault(split_class(without_mark(part[0].latex)), []).append(part[0].latex)
    if not by_split:
        raise ConfigError(f"corpus {file.path}: holds no formula of at most {max_tokens} tokens")
    return {split: tuple(formulas) for split, formulas in by_split.items()}


def _stands_alone(parts: tuple[Part, ...]) -> bool:
    return len(parts) == 1 and parts[0].kind != "text"
