"""Is a data set what its manifest says? Digests of all files and rows, the accounting, and a sample drawn again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipelines.manifest import File, Manifest, read_manifest
from pipelines.shard import file_fault, read_rows, unreadable
from pipelines.show import Redraw
from pipelines.store import Store
from renderers.core.errors import ShardCorrupt
from renderers.core.rng import rng_at
from renderers.core.sample import row_digest


class Finding(msgspec.Struct, frozen=True):
    """Something that is not as it should be: where, and what."""

    where: str
    what: str


def audit(dataset: Path, sample_frac: float) -> Iterator[Finding]:
    """What is wrong with a data set; nothing where it is sound.

    Args:
        dataset: its folder.
        sample_frac: share of the rows that are drawn again, 0..1; which ones is fixed by their ids.
    """
    store = Store(str(dataset))
    manifest = read_manifest(store)
    yield from _accounting(manifest)
    for name in sorted(set(store.list("data", "")) - {file.path for file in manifest.files}):
        yield Finding(name, "the manifest does not name it; the next `glyphmill render` into the folder removes it")
    content = hashlib.sha256()
    with Redraw(manifest) as redraw:
        for file in sorted(manifest.files, key=lambda file: (file.part, file.split, file.start)):
            if store.size_bytes(file.path) is None:
                yield Finding(file.path, "the file is missing")
                continue
            try:
                if store.sha256(file.path) != file.sha256:
                    yield Finding(file.path, "its sha256 is not the manifest's")
                elif fault := file_fault(store, file.path, file.shard):
                    yield Finding(file.path, fault)
                yield from _rows(store, manifest, file, content, redraw, sample_frac)
            except ShardCorrupt as error:
                yield Finding(file.path, str(error))
    # The manifest does not name the draws that were rejected.
    for name, why in unreadable(store, "rejected"):
        yield Finding(name, why)
    if content.hexdigest() != manifest.content_sha256:
        yield Finding("manifest.json", f"content_sha256 of the rows is {content.hexdigest()}")


def _accounting(manifest: Manifest) -> Iterator[Finding]:
    drawn = manifest.kept + sum(manifest.rejected.values()) + manifest.failed
    if manifest.num_draws != drawn:
        yield Finding("manifest.json", f"num_draws {manifest.num_draws} is not kept + rejected + failed = {drawn}")
    rows = sum(file.rows for file in manifest.files)
    if not manifest.rows_requested == manifest.kept == rows:
        yield Finding(
            "manifest.json", f"{manifest.rows_requested} rows requested, {manifest.kept} kept, {rows} in files"
        )


def _rows(
    store: Store,
    manifest: Manifest,
    file: File,
    content: "hashlib._Hash",
    redraw: Redraw,
    sample_frac: float,
) -> Iterator[Finding]:
    num = 0
    for row in read_rows(store, file.path):
        num += 1
        content.update(row_digest(row).encode())
        if rng_at(manifest.seed, file.part, row["index"], stream="task").random() < sample_frac:
            for difference in redraw.differences(row):
                yield Finding(row["id"], difference)
    if num != file.rows:
        yield Finding(file.path, f"has {num} rows, the manifest says {file.rows}")
