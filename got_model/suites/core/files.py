"""Files of a benchmark: read and checked, with the path in every complaint."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from renderers.core.errors import ConfigError

T = TypeVar("T")

_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".webp", ".bmp"))


def read_json(path: Path, kind: type[T]) -> T:
    """The value in a JSON file.

    Raises:
        ConfigError: it is missing, no JSON, or of another shape.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path} is not as the benchmark publishes it: {error}") from error


def read_text(path: Path) -> str:
    """A text file.

    Raises:
        ConfigError: it is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8: {error}") from error


def find_picture(name: str, *folders: Path) -> Path:
    """A picture in the first of some folders that has it; a name may have folders in it, but not lead out.

    Raises:
        ConfigError: none has it.
    """
    if not Path(name).is_absolute() and ".." not in Path(name).parts:
        for folder in folders:
            if (folder / name).is_file():
                return folder / name
    raise ConfigError(f"picture {name!r} is missing in {' and '.join(map(str, folders))}")


def is_picture(path: Path) -> bool:
    """Whether a file is one by its name."""
    return path.suffix.lower() in _PICTURES


def text_of(value: Any) -> str:
    """A text that an annotation may leave out."""
    return value if isinstance(value, str) else ""
