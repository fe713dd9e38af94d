"""The rows of a corpus of text."""

from typing import NamedTuple

import pyarrow as pa

from pipelines.corpora.output import KIND_KEY

SCHEMA = pa.schema(
    [
        ("document", pa.int32()),
        ("place", pa.int32()),
        ("kind", pa.string()),
        ("language", pa.string()),
        ("text", pa.string()),
        ("origin", pa.string()),
        ("licence", pa.string()),
    ],
    metadata={KIND_KEY: "text"},
)


class Row(NamedTuple):
    """A paragraph, a heading, or a line of verse, in the order of the schema."""

    document: int
    place: int
    kind: str
    language: str
    text: str
    origin: str
    licence: str
