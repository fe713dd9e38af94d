"""A corpus of text as a table, and which of its rows belong to which split.

A document belongs to one split, by the hash of its text, with its headings and verses. Where a language has so few
documents that a split would have next to nothing, its paragraphs and headings do, each by its own hash.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from renderers.content.prose.overlap import Texts, run_chars, shared_runs, stretch_without, with_runs
from renderers.core.split import SPLITS, split_of_digest

COLUMNS = ("document", "place", "kind", "language", "text")
KINDS = ("paragraph", "heading", "verse")

_MIN_PARAGRAPHS = 16
"""A language whose documents leave a split with fewer is split by paragraph."""
_CHUNK_ROWS = 512

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class SplitRows(NamedTuple):
    """What one split has of a corpus.

    Attributes:
        rows: which rows.
        stretches: start and end, in characters, of what it has of a paragraph, by row, where that is not all.
    """

    rows: Mask
    stretches: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class ProseTable:
    """The rows of a corpus; immutable. What was found out about them is kept.

    Attributes:
        digest: sha256 of the file.
        table: with the columns `COLUMNS`.
    """

    digest: str
    table: pa.Table

    @cached_property
    def text(self) -> pa.LargeStringArray:
        """All text in one buffer."""
        return self.table.column("text").cast(pa.large_string()).combine_chunks()

    @cached_property
    def documents(self) -> Rows:
        """Number of each row's document."""
        return np.asarray(self.table.column("document"), dtype=np.int64)

    @cached_property
    def lengths(self) -> Rows:
        """Characters of each row."""
        return np.asarray(pc.utf8_length(self.table.column("text")), dtype=np.int64)

    @cached_property
    def kinds(self) -> dict[str, Mask]:
        """Which rows are of each kind."""
        return {kind: np.asarray(pc.equal(self.table.column("kind"), kind)) for kind in KINDS}

    @cached_property
    def languages(self) -> dict[str, Mask]:
        """Which rows are of each language that has paragraphs, BCP 47, sorted."""
        column = self.table.column("language")
        masks = {name: np.asarray(pc.equal(column, name)) for name in sorted(pc.unique(column).to_pylist())}
        return {name: mask for name, mask in masks.items() if (mask & self.kinds["paragraph"]).any()}

    @cached_property
    def poems(self) -> Rows:
        """First row and number of lines of each poem, shape (poems, 2): lines that follow each other."""
        rows = np.flatnonzero(self.kinds["verse"])
        positions = np.asarray(self.table.column("place"), dtype=np.int64)[rows]
        breaks = (np.diff(self.documents[rows], prepend=-1) != 0) | (np.diff(positions, prepend=-2) != 1)
        firsts = np.flatnonzero(breaks)
        return np.stack([rows[firsts], np.diff(firsts, append=len(rows))], axis=1)

    def rows_of(self, split: str) -> SplitRows:
        """What a split has. Those for evaluation lose what other splits say too: see `overlap`."""
        own = self._splits == SPLITS.index(split)
        if split == "train":
            return SplitRows(own, {})
        shared = shared_runs(
            (texts for _, texts in self._texts(own)),
            (texts for _, texts in self._texts(~own)),
        )
        rows, stretches = own.copy(), {}
        for chunk, texts in self._texts(own) if len(shared) else ():
            for index in np.flatnonzero(with_runs(texts, shared)).tolist():
                row = int(chunk[index])
                stretch = stretch_without(texts.texts[index], texts.num_chars, shared)
                if stretch is None or not self.kinds["paragraph"][row]:
                    rows[row] = False
                else:
                    stretches[row] = stretch
        for first, num in self.poems:
            rows[first : first + num] &= rows[first : first + num].all()
        return SplitRows(rows, stretches)

    def _texts(self, rows: Mask) -> Iterator[tuple[Rows, Texts]]:
        """Rows in chunks, each of one size of runs, and their texts."""
        sizes = {run_chars(name) for name in self.languages}
        for size in sorted(sizes):
            of_size = np.any([mask for name, mask in self.languages.items() if run_chars(name) == size], axis=0)
            indices = np.flatnonzero(rows & of_size)
            for first in range(0, len(indices), _CHUNK_ROWS):
                chunk = indices[first : first + _CHUNK_ROWS]
                yield chunk, Texts(self.text.take(pa.array(chunk)).to_pylist(), size)

    @cached_property
    def _splits(self) -> npt.NDArray[np.int8]:
        """The split of each row, as an index in `SPLITS`."""
        order = np.argsort(self.documents, kind="stable")
        bounds = np.append(np.flatnonzero(np.diff(self.documents[order], prepend=-1)), len(order))
        in_order = (np.diff(order) == 1).all()
        text = self.text if in_order else self.text.take(pa.array(order))
        splits = np.zeros(len(order), np.int8)
        splits[order] = np.repeat(_classes(_digests(text, bounds)), np.diff(bounds))
        for mask in self.languages.values():
            paragraphs, headings = (np.flatnonzero(mask & self.kinds[kind]) for kind in ("paragraph", "heading"))
            if np.bincount(splits[paragraphs], minlength=len(SPLITS)).min() < _MIN_PARAGRAPHS:
                splits[headings] = _classes(self._digests_of(headings))
                splits[paragraphs] = _some_for_each(self._digests_of(paragraphs))
        return splits

    def _digests_of(self, rows: Rows) -> list[bytes]:
        return _digests(self.text.take(pa.array(rows)), np.arange(len(rows) + 1))


def _digests(text: pa.LargeStringArray, bounds: Rows) -> list[bytes]:
    """The sha256 of the text from each bound to the next; bounds are indices of `text`."""
    _, offsets, data = text.buffers()
    ends = np.frombuffer(offsets, np.int64)[text.offset + bounds].tolist()
    view = memoryview(data) if data is not None else memoryview(b"")
    return [hashlib.sha256(view[start:end]).digest() for start, end in pairwise(ends)]


def _classes(digests: list[bytes]) -> npt.NDArray[np.int8]:
    return np.array([SPLITS.index(split_of_digest(digest)) for digest in digests], np.int8)


def _some_for_each(digests: list[bytes]) -> npt.NDArray[np.int8]:
    """The same, but that a split that has none takes one of another that has several, so that three are enough."""
    classes = _classes(digests)
    order = sorted(range(len(digests)), key=digests.__getitem__)
    for split in range(len(SPLITS)):
        counts = np.bincount(classes, minlength=len(SPLITS))
        if not counts[split] and (counts.max() > 1 or split == 0):
            classes[next(index for index in order if classes[index] == counts.argmax())] = split
    return classes
