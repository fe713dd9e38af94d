"""Molecules that exist: the rows of a corpus that `pipelines.corpora.molecules` made."""

import hashlib
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from renderers.core.errors import ConfigError


def corpus_sha256(path: str) -> str:
    """The digest of a corpus file.

    Raises:
        ConfigError: there is no such file.
    """
    return hashlib.sha256(_bytes_of(path)).hexdigest()


@lru_cache(maxsize=8)
def corpus_molecules(path: str, sha256: str, num_heavy: tuple[int, int]) -> tuple[str, ...]:
    """The canonical SMILES of a corpus file, in its order.

    Args:
        path: of the Parquet file.
        sha256: of its bytes; what is drawn from must be what a recipe names.
        num_heavy: least and most atoms besides hydrogen; others are left out.

    Raises:
        ConfigError: it is no corpus or another one, or none of its molecules is of that size.
    """
    data = _bytes_of(path)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ConfigError(f"corpus {path}: its sha256 is {found}, not {sha256} as before")
    try:
        table = pq.read_table(pa.BufferReader(data), columns=["smiles", "num_heavy"])
    except pa.ArrowException as error:
        raise ConfigError(f"corpus {path}: not made by glyphmill corpus molecules: {error}") from error
    least, most = num_heavy
    rows = zip(*(table.column(name).to_pylist() for name in ("smiles", "num_heavy")), strict=True)
    fitting = tuple(written for written, num in rows if least <= num <= most)
    if not fitting:
        raise ConfigError(f"corpus {path}: holds no molecule of {least} to {most} atoms")
    return fitting


def _bytes_of(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        how = f"glyphmill corpus molecules SOURCE -o {path}"
        raise ConfigError(f"corpus {path}: {error.strerror}; {how} makes one") from error
