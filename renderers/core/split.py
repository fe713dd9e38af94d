"""Which split a content may stand in: a function of the content alone, so the same content never stands in two."""

import hashlib

SPLITS = ("train", "validation", "test")

_NUM_CLASSES = 32


def split_class(content: str | bytes | memoryview) -> str:
    """The split that a content may stand in; of many contents, one in 32 is for validation and one for test."""
    return split_of_digest(hashlib.sha256(content.encode() if isinstance(content, str) else content).digest())


def split_of_digest(digest: bytes) -> str:
    """The same, of the sha256 of a content."""
    return {0: "validation", 1: "test"}.get(digest[0] % _NUM_CLASSES, "train")
