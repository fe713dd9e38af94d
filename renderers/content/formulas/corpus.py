"""Formulas that people wrote: the rows of a corpus that `glyphmill corpus tex` made."""

import hashlib
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from renderers.content.formulas.formula import Part, num_tokens, read_parts
from renderers.core.errors import ConfigError


def corpus_sha256(path: str) -> str:
    """The digest of a corpus file.

    Raises:
        ConfigError: there is no such file.
    """
    return hashlib.sha256(_bytes_of(path)).hexdigest()


@lru_cache(maxsize=8)
def corpus_formulas(path: str, sha256: str, max_tokens: int) -> tuple[str, ...]:
    """The formulas of a corpus file without their delimiters, in its order.

    Args:
        path: of the Parquet file.
        sha256: of its bytes; what is drawn from must be what a recipe names.
        max_tokens: longer ones are left out.

    Raises:
        ConfigError: it is no corpus or another one, or none of its formulas is short enough.
    """
    data = _bytes_of(path)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ConfigError(f"corpus {path}: its sha256 is {found}, not {sha256} as before")
    try:
        table = pq.read_table(pa.BufferReader(data), columns=["kind", "markup"])
    except pa.ArrowException as error:
        raise ConfigError(f"corpus {path}: not made by glyphmill corpus tex: {error}") from error
    kinds, markups = (table.column(name).to_pylist() for name in ("kind", "markup"))
    parts = [read_parts(markup) for kind, markup in zip(kinds, markups, strict=True) if kind != "table"]
    short = tuple(part[0].latex for part in parts if _stands_alone(part) and num_tokens(part[0].latex) <= max_tokens)
    if not short:
        raise ConfigError(f"corpus {path}: holds no formula of at most {max_tokens} tokens")
    return short


def _bytes_of(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        how = f"glyphmill corpus tex SOURCE -o {path}"
        raise ConfigError(f"corpus {path}: {error.strerror}; {how} makes one") from error


def _stands_alone(parts: tuple[Part, ...]) -> bool:
    return len(parts) == 1 and parts[0].kind != "text"
