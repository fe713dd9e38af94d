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
    """A paragraph, a heading, or a line of verse, in the order of the schema.

    Attributes:
        document: number of the document, from 0.
        place: number of the piece in its document, from 1, counted before pieces are rejected; verse takes one
            for each line and one more.
        kind: see `Piece`.
        language: tag of BCP 47.
        text: one line.
        origin: of the document.
        licence: of the document.
    """

    document: int
    place: int
    kind: str
    language: str
    text: str
    origin: str
    licence: str
