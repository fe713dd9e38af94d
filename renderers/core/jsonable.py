"""Specs, recipes and regions as JSON: msgspec does the work, this file fixes one canonical form.

Canonical = keys in field order (structs) or sorted (dicts), no blanks, UTF-8; so equal values have equal bytes and a
digest of the text is a digest of the value.
"""

import hashlib
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(order="deterministic")


def to_json(value: Any) -> str:
    """Canonical JSON text of a struct, dataclass, dict, list or scalar."""
    return _ENCODER.encode(value).decode()


def from_json(text: str | bytes, kind: type[T]) -> T:
    """The value of type `kind` that `to_json` wrote.

    Raises:
        msgspec.DecodeError: the text is no JSON; msgspec.ValidationError, which is one, where it has another shape.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(f"it is not UTF-8 (byte {error.start} of a text)") from error
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested too deeply") from error


def digest(value: Any) -> str:
    """sha256 (hex) of the canonical JSON of a value."""
    return hashlib.sha256(_ENCODER.encode(value)).hexdigest()
