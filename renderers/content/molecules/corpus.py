"""Molecules that exist: the rows of a corpus that `glyphmill corpus molecules` made."""

from dataclasses import dataclass, replace
from functools import lru_cache

from renderers.core.corpora import CorpusFile
from renderers.core.errors import ConfigError

_COMMAND = "glyphmill corpus molecules"


@dataclass(frozen=True, slots=True)
class MoleculeCorpus:
    """What can be drawn of a corpus of molecules.

    Attributes:
        smiles: canonical SMILES, in the corpus' order; at least one.
    """

    smiles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoleculeSource:
    """The molecules of a file that are of the right size.

    Attributes:
        file: the corpus.
        num_heavy: least and most atoms besides hydrogen; others are left out.
    """

    file: CorpusFile
    num_heavy: tuple[int, int]

    def open(self) -> MoleculeCorpus:
        """The molecules.

        Raises:
            ConfigError: it is no corpus or another one, or none of its molecules is of that size.
        """
        return load_molecules(replace(self, file=self.file.pinned()))


def molecule_file(path: str, sha256: str) -> CorpusFile:
    """A corpus of molecules as the knobs `corpus` and `corpus_sha256` name it."""
    return CorpusFile(path, sha256, "corpus_sha256", _COMMAND, f"{_COMMAND} SOURCE -o {path}")


@lru_cache(maxsize=8)
def load_molecules(source: MoleculeSource) -> MoleculeCorpus:
    """What `MoleculeSource.open` gives; kept, so that a driver that checks and a session that draws read once."""
    table = source.file.table(("smiles", "num_heavy"))
    least, most = source.num_heavy
    rows = zip(*(table.column(name).to_pylist() for name in ("smiles", "num_heavy")), strict=True)
    fitting = tuple(written for written, num in rows if least <= num <= most)
    if not fitting:
        raise ConfigError(f"corpus {source.file.path}: holds no molecule of {least} to {most} atoms")
    return MoleculeCorpus(fitting)
