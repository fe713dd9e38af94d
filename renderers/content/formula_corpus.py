"""Formulas that people wrote: the rows of a corpus that `glyphmill corpus tex` made."""

import hashlib
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from renderers.content.formulas import Part, num_tokens, read_parts
from renderers.core.errors import ConfigError


@lru_cache(maxsize=8)
def corpus_sha256(path: str) -> str:
    """The digest of a corpus file.

    Raises:
        ConfigError: there is no such file.
    """
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        how = f"glyphmill corpus tex SOURCE -o {path}"
        raise ConfigError(f"corpus {path}: {error.strerror}; {how} makes one") from error


@lru_cache(maxsize=8)
def corpus_formulas(path: str, max_tokens: int) -> tuple[str, ...]:
    """The formulas of a corpus file without their delimiters, in its order.

    Args:
        path: of the Parquet file.
        max_tokens: longer ones are left out.

    Raises:
        ConfigError: it is no corpus, or none of its formulas is short enough.
    """
    try:
        table = pq.read_table(path, columns=["kind", "markup"])
    except (OSError, pa.ArrowException) as error:
        raise ConfigError(f"corpus {path}: not made by glyphmill corpus tex: {error}") from error
    kinds, markups = (table.column(name).to_pylist() for name in ("kind", "markup"))
    parts = [read_parts(markup) for kind, markup in zip(kinds, markups, strict=True) if kind != "table"]
    found = tuple(part[0].latex for part in parts if _stands_alone(part) and num_tokens(part[0].latex) <= max_tokens)
    if not found:
        raise ConfigError(f"corpus {path}: holds no formula of at most {max_tokens} tokens")
    return found


def _stands_alone(parts: tuple[Part, ...]) -> bool:
    return len(parts) == 1 and parts[0].kind != "text"
