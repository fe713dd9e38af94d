"""Where a corpus is written: a file of its own, and never over something that is not one of its kind."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from renderers.core.errors import ConfigError

KIND_KEY = "glyphmill_corpus"
"""Of the metadata of a corpus file: its kind, tex or text."""


def target(out: Path, name: str, kind: str) -> Path:
    """The file to write; raises ConfigError where something else is there."""
    path = out if out.suffix == ".parquet" and not out.is_dir() else out / name
    if out.exists() and not out.is_dir() and out != path:
        raise ConfigError(f"output {out} exists and is no folder; give a folder or a .parquet file")
    if path.exists() and not _is_ours(path, kind):
        raise ConfigError(f"output {path} exists and is no corpus of ours; give another name")
    if out == path.parent and out.is_dir() and not path.exists() and any(out.iterdir()):
        raise ConfigError(f"output {out} is a folder with other files in it; give an empty or a new one")
    return path


def _is_ours(path: Path, kind: str) -> bool:
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (pa.ArrowException, OSError):
        return False
    return bool(metadata.get(KIND_KEY.encode()) == kind.encode())
