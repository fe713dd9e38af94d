"""A data set is a folder: shards, their receipts, and, written last, the manifest that says it is complete.

    .glyphmill/run.json                     recipe and seed, written first: what may be added here
    .glyphmill/receipts/<part>/<shard>.json a shard is committed if and only if its receipt exists
    .glyphmill/parts/                       files that workers are writing
    data/<part>/<shard>.parquet             <shard>: train-000000000-000001000
    rejected/<part>/<shard>.parquet         quarantine
    README.md manifest.json                 written when all shards are there; the manifest last

No file is ever renamed once it is committed: growing adds files. What no receipt names is swept by the next run.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, TypeAlias

import msgspec

from pipelines.accounting import Natural, PartStats, Seconds, font_digests, joined, part_stats
from pipelines.plan import Shard
from pipelines.recipe import NAME, Recipe
from pipelines.shard import Receipt, unreadable
from pipelines.store import Store
from renderers.core.errors import ConfigError, ShardCorrupt, ShardError
from renderers.core.jsonable import from_json, to_json
from renderers.core.sample import SCHEMA_VERSION
from renderers.core.split import SPLITS
from renderers.core.stored import one_line

RUN = ".glyphmill/run.json"
_RECEIPTS = ".glyphmill/receipts"
STAGING = ".glyphmill/parts"
MANIFEST = "manifest.json"
_DATA_NAME = re.compile(rf"data/{NAME.pattern}/(?:{'|'.join(SPLITS)})-\d{{9,}}-\d{{9,}}\.parquet")


_Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class File(msgspec.Struct, frozen=True):
    """A shard of a complete data set."""

    path: str
    part: str
    split: str
    start: Natural
    stop: Natural
    rows: Natural
    num_bytes: Natural
    sha256: _Sha256

    @property
    def shard(self) -> Shard:
        """Which rows it holds."""
        return Shard(self.part, self.split, self.start, self.stop)


class _PartPlain(msgspec.Struct, frozen=True):
    """A part as `Part.plain` gives it.

    Attributes:
        weight: above 0, the share of the rows relative to the other parts.
    """

    name: Annotated[str, msgspec.Meta(pattern=f"^{NAME.pattern}$")]
    renderer: str
    version: str
    weight: Annotated[float, msgspec.Meta(gt=0)]
    knobs: dict[str, Any]
    effects: dict[str, Any] | None = None


class Manifest(msgspec.Struct, frozen=True):
    """A complete data set. `num_draws` = `kept` + sum of `rejected` + `failed`, all in draws.

    Attributes:
        recipe: name.
        recipe_digest, corpus_digest, seed: with the code, they fix every byte.
        parts: of the recipe, as `Recipe.plain` gives them.
        content_sha256: over the digests of all rows by part, split and index; independent of workers and shards.
        rows_requested: rows the user wanted; = kept.
        num_draws, kept, rejected, failed: the accounting of draws.
        files: the shards.
        versions: {tool: version}; several are joined by ", " where the data set grew under different ones.
        fonts: {file name: sha256}.
        seconds: of work, over all workers.
        peak_rss_bytes: of the largest worker and its programs.
        part_stats: for each part rows, rejected, seconds, num_bytes.
    """

    recipe: str
    recipe_digest: _Sha256
    corpus_digest: str
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    parts: list[dict[str, Any]]
    content_sha256: _Sha256
    rows_requested: Natural
    num_draws: Natural
    kept: Natural
    rejected: dict[str, Natural]
    failed: Natural
    files: list[File]
    versions: dict[str, str]
    fonts: dict[str, str]
    seconds: Seconds
    peak_rss_bytes: Natural
    part_stats: dict[str, dict[str, Any]]
    schema_version: int = SCHEMA_VERSION


def staging_name(shard: Shard, attempt: str) -> str:
    """The file that a worker writes a shard to; the attempt keeps two workers with one shard apart."""
    return f"{STAGING}/{shard.part}-{shard.name}-{attempt}.parquet"


def rejects_name(name: str) -> str:
    """The file for the rejects of a shard that is written to `name`."""
    return name.removesuffix(".parquet") + ".rejected"


def commit(store: Store, receipt: Receipt, made: str) -> None:
    """Take a shard that a worker made into the data set: the file, its quarantine, and last its receipt.

    Raises:
        ShardError: it cannot be written, or the folder was deleted meanwhile.
    """
    if not store.exists(RUN):
        raise ShardError(f"output {store.root} is gone: somebody deleted it while this run was at work; run it again")
    shard = receipt.shard
    store.move(made, data_name(shard))
    if receipt.rejects:
        store.move(rejects_name(made), _quarantine_name(shard))
    store.write_bytes(_receipt_name(shard), receipt_bytes(receipt))


def receipt_bytes(receipt: Receipt) -> bytes:
    """A receipt as JSON, and a digest of it: one byte that changes is seen."""
    plain = to_json(receipt)
    return f'{plain[:-1]},"receipt_sha256":"{hashlib.sha256(plain.encode()).hexdigest()}"}}'.encode()


def _read_receipt(store: Store, name: str) -> Receipt:
    data = store.read_bytes(name)
    receipt = from_json(data, Receipt)
    # Those of older runs have no digest.
    if data not in (receipt_bytes(receipt), to_json(receipt).encode()):
        raise msgspec.ValidationError("it is not what was written")
    return receipt


def data_name(shard: Shard) -> str:
    """The file of a committed shard."""
    return f"data/{shard.part}/{shard.name}.parquet"


def is_data_name(name: str) -> bool:
    """Whether a file of that name can be a shard's: below data/, and nowhere else."""
    return _DATA_NAME.fullmatch(name) is not None


def _quarantine_name(shard: Shard) -> str:
    return f"rejected/{shard.part}/{shard.name}.parquet"


def _receipt_name(shard: Shard) -> str:
    return f"{_RECEIPTS}/{shard.part}/{shard.name}.json"


def committed(store: Store, *, by_bytes: bool = True) -> dict[Shard, Receipt]:
    """Receipts of all shards that are there.

    A receipt that is damaged or not that of its name, or whose file is another one, does not count: that shard is made
    again.

    Args:
        store: the folder.
        by_bytes: compare each file's sha256; else its size alone, which reads nothing.
    """
    found: dict[Shard, Receipt] = {}
    for name in store.list(_RECEIPTS, ".json"):
        try:
            receipt = _read_receipt(store, name)
        except (msgspec.DecodeError, ShardCorrupt):
            continue
        file = data_name(receipt.shard)
        same = name == _receipt_name(receipt.shard) and store.size_bytes(file) == receipt.num_bytes
        if same and (not by_bytes or _is_of(store, file, receipt.sha256)):
            found[receipt.shard] = receipt
    return found


def _is_of(store: Store, file: str, sha256: str) -> bool:
    try:
        return store.sha256(file) == sha256
    except ShardCorrupt:
        return False


def sweep(store: Store, done: Iterable[Shard]) -> None:
    """Remove what belongs to no committed shard. Only for the one driver that holds the folder.

    Args:
        store: the folder.
        done: the shards that are committed.
    """
    store.delete_folder(STAGING)
    for name in store.list("", ".tmp"):
        store.delete(name)
    ours = {name for shard in done for name in (data_name(shard), _quarantine_name(shard), _receipt_name(shard))}
    for folder in ("data", "rejected", _RECEIPTS):
        for name in set(store.list(folder, "")) - ours:
            # A link to where what is ours lies: somebody moved it to another disk.
            if not any(one.startswith(f"{name}/") for one in ours):
                store.delete(name)
        store.delete_empty_folders(folder)
    for name, _ in unreadable(store, "rejected"):  # It was there to be looked at; its shard is whole without it.
        store.delete(name)


def is_complete(store: Store, num: int) -> bool:
    """Whether the folder holds a finished data set of exactly so many rows; a damaged manifest says nothing."""
    try:
        return read_manifest(store).rows_requested == num
    except ConfigError:
        return False


def read_manifest(store: Store) -> Manifest:
    """The manifest of a complete data set.

    Raises:
        ConfigError: there is none, or it is damaged, or it names a file that is none of a data set's.
    """
    path = store.path(MANIFEST)
    if not store.exists(MANIFEST):
        raise ConfigError(f"{store.root} holds no complete data set ({MANIFEST} is missing); render into it first")
    try:
        manifest = from_json(store.read_bytes(MANIFEST), Manifest)
        parts = {part.name for part in msgspec.convert(manifest.parts, list[_PartPlain])}
        msgspec.convert(manifest.part_stats, dict[str, PartStats])
    except (msgspec.DecodeError, ShardCorrupt) as error:
        raise ConfigError(f"{path} is damaged: {one_line(error)}") from error
    if manifest.schema_version != SCHEMA_VERSION:
        raise ConfigError(f"{path} is of schema version {manifest.schema_version}, this reads {SCHEMA_VERSION}")
    if not parts or len(parts) != len(manifest.parts) or not set(manifest.part_stats) <= parts:
        raise ConfigError(f"{path} is damaged: its parts have no names of their own")
    for file in manifest.files:
        # So nothing outside of the folder is ever read for one of its shards.
        if file.path != data_name(file.shard) or not is_data_name(file.path):
            raise ConfigError(f"{path} is damaged: {file.path[:200]!r} is no file of a data set")
        if file.part not in parts:
            raise ConfigError(f"{path} is damaged: {file.path} is of no part of the recipe")
        if not 0 < file.rows <= file.stop - file.start:
            raise ConfigError(f"{path} is damaged: {file.path} cannot have {file.rows} rows")
    if len({file.path for file in manifest.files}) != len(manifest.files):
        raise ConfigError(f"{path} is damaged: it names a file twice")
    return manifest


def split_rows(manifest: Manifest) -> dict[str, dict[str, int]]:
    """Rows of each part by split; 0 where it has none of one, as a part of few rows."""
    rows = {part["name"]: dict.fromkeys(SPLITS, 0) for part in manifest.parts}
    for file in manifest.files:
        rows[file.part][file.split] += file.rows
    return rows


def finish(store: Store, recipe: Recipe, corpus_digest: str, num: int) -> Manifest:
    """The manifest that `write_manifest` writes, after the card.

    Raises:
        ShardError: the accounting does not come out.
    """
    store.delete(MANIFEST)
    # What was read when the run began, and what it has written since.
    done = committed(store, by_bytes=False)
    receipts = [done[shard] for shard in sorted(done)]
    files = [_file(receipt) for receipt in receipts]
    return _account(recipe, corpus_digest, num, receipts, files)


def is_whole(store: Store, recipe: Recipe, corpus_digest: str, done: dict[Shard, Receipt]) -> bool:
    """Whether the manifest is what the receipts make it, and nothing lies beside the files that it names.

    Args:
        store: the folder.
        recipe: whose it is.
        corpus_digest: of the words it draws from.
        done: the shards that are committed, their files compared by their bytes.
    """
    try:
        manifest = read_manifest(store)
        receipts = [done[shard] for shard in sorted(done)]
        files = [_file(receipt) for receipt in receipts]
        again = _account(recipe, corpus_digest, manifest.rows_requested, receipts, files)
    except (ConfigError, ShardError):
        return False
    # Other fonts on this machine are another matter: what they drew is proven.
    same = msgspec.structs.replace(again, fonts=manifest.fonts) == manifest
    named = store.list("data", "") == sorted(file.path for file in manifest.files)
    return same and named and not any(unreadable(store, "rejected"))


def _file(receipt: Receipt) -> File:
    shard = receipt.shard
    return File(
        data_name(shard),
        shard.part,
        shard.split,
        shard.start,
        shard.stop,
        receipt.rows,
        receipt.num_bytes,
        receipt.sha256,
    )


def write_manifest(store: Store, manifest: Manifest) -> None:
    """Say that a data set is complete: the last file of it to be written."""
    store.write_bytes(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _account(recipe: Recipe, corpus_digest: str, num: int, receipts: list[Receipt], files: list[File]) -> Manifest:
    rejected: Counter[str] = Counter()
    for receipt in receipts:
        rejected.update(receipt.rejected)
    kept = sum(receipt.rows for receipt in receipts)
    num_draws = sum(receipt.num_draws for receipt in receipts)
    failed = sum(receipt.failed for receipt in receipts)
    if kept != num or num_draws != kept + rejected.total() + failed:
        raise ShardError(
            f"the accounting does not come out: {num} rows requested, {kept} kept; {num_draws} draws, "
            f"rejected {rejected.total()}, failed {failed}"
        )
    return Manifest(
        recipe=recipe.name,
        recipe_digest=recipe.digest,
        corpus_digest=corpus_digest,
        seed=recipe.seed,
        parts=recipe.plain()["parts"],
        content_sha256=content_sha256(receipts),
        rows_requested=num,
        num_draws=num_draws,
        kept=kept,
        rejected=dict(sorted(rejected.items())),
        failed=failed,
        files=files,
        versions=joined(receipt.versions for receipt in receipts),
        fonts=font_digests(),
        seconds=round(sum(receipt.seconds for receipt in receipts), 3),
        peak_rss_bytes=max((receipt.peak_rss_bytes for receipt in receipts), default=0),
        part_stats={part.name: part_stats(part.name, receipts) for part in recipe.parts},
    )


def content_sha256(receipts: Iterable[Receipt]) -> str:
    """The digest of a data set's rows by part, split and index, from the receipts of its shards in any order."""
    total = hashlib.sha256()
    for receipt in sorted(receipts, key=lambda receipt: receipt.shard):
        total.update(receipt.row_digests.encode())
    return total.hexdigest()
