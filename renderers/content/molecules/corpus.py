"""Molecules that exist: the rows of a corpus that `glyphmill corpus molecules` made."""

from dataclasses import dataclass
from functools import lru_cache

from renderers.core.corpora import CorpusFile
from renderers.core.errors import ConfigError
from renderers.core.split import split_class

_COMMAND = "glyphmill corpus molecules"


@dataclass(frozen=True, slots=True)
class MoleculeCorpus:
    """What can be drawn of a corpus of molecules.

    Attributes:
        smiles: canonical SMILES, in the corpus' order; none where the split has none, see `MoleculeSource`.
    """

    smiles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoleculeSource:
    """The molecules of a file that are of the right size.

    Attributes:
        file: the corpus.
        num_heavy: least and most atoms besides hydrogen; others are left out.
        is_alone: nothing else is drawn from, so that a split without a molecule is refused.
    """

    file: CorpusFile
    num_heavy: tuple[int, int]
    is_alone: bool

    def open(self, split: str) -> MoleculeCorpus:
        """The molecules of a split: each belongs to that of its SMILES.

        Raises:
            ConfigError: it is no corpus or another one, or none of its molecules is of that size.
        """
        by_split = load_molecules(self.file.pinned(), self.num_heavy)
        if self.is_alone and split not in by_split:
            num = sum(map(len, by_split.values()))
            raise ConfigError(
                f"corpus {self.file.path}: none of its {num} molecules of {self.num_heavy[0]} to {self.num_heavy[1]} "
                f"atoms is for {split} (one in 32 is, by its hash); give it some 200 more, or corpus_frac below 1"
            )
        return MoleculeCorpus(by_split.get(split, ()))


def molecule_file(path: str, sha256: str) -> CorpusFile:
    """A corpus of molecules as the knobs `corpus` and `corpus_sha256` name it."""
    return CorpusFile(path, sha256, "corpus_sha256", _COMMAND, f"{_COMMAND} SOURCE -o {path}")


@lru_cache(maxsize=8)
def load_molecules(file: CorpusFile, num_heavy: tuple[int, int]) -> dict[str, tuple[str, ...]]:
    """The molecules of each split that has some; kept, so that a driver that checks and a session that draws read once.

    Raises:
        ConfigError: see `MoleculeSource.open`.
    """
    table = file.table(("smiles", "num_heavy"))
    least, most = num_heavy
    by_split: dict[str, list[str]] = {}
    for written, num in zip(*(table.column(name).to_pylist() for name in ("smiles", "num_heavy")), strict=True):
        if least <= num <= most:
            by_split.setdefault(split_class(written), []).append(written)
    if not by_split:
        raise ConfigError(f"corpus {file.path}: holds no molecule of {least} to {most} atoms")
    return {split: tuple(molecules) for split, molecules in by_split.items()}
