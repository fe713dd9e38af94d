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
from functools import cache
from typing import Any

import msgspec

from pipelines.plan import Shard
from pipelines.recipe import NAME, Recipe
from pipelines.shard import Receipt
from pipelines.store import Store
from renderers.content.fonts import all_files
from renderers.core.errors import ConfigError, ShardError
from renderers.core.jsonable import from_json, to_json
from renderers.core.sample import SCHEMA_VERSION
from renderers.core.split import SPLITS

_RUN = ".glyphmill/run.json"
_RECEIPTS = ".glyphmill/receipts"
_STAGING = ".glyphmill/parts"
MANIFEST = "manifest.json"
_DATA_NAME = re.compile(rf"data/{NAME.pattern}/(?:{'|'.join(SPLITS)})-\d{{9,}}-\d{{9,}}\.parquet")


class Run(msgspec.Struct, frozen=True):
    """What a folder is being filled with."""

    recipe: dict[str, Any]
    recipe_digest: str
    corpus_digest: str
    seed: int
    schema_version: int = SCHEMA_VERSION


class File(msgspec.Struct, frozen=True):
    """A shard of a complete data set."""

    path: str
    part: str
    split: str
    start: int
    stop: int
    rows: int
    num_bytes: int
    sha256: str

    @property
    def shard(self) -> Shard:
        """Which rows it holds."""
        return Shard(self.part, self.split, self.start, self.stop)


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
    recipe_digest: str
    corpus_digest: str
    seed: int
    parts: list[dict[str, Any]]
    content_sha256: str
    rows_requested: int
    num_draws: int
    kept: int
    rejected: dict[str, int]
    failed: int
    files: list[File]
    versions: dict[str, str]
    fonts: dict[str, str]
    seconds: float
    peak_rss_bytes: int
    part_stats: dict[str, dict[str, Any]]
    schema_version: int = SCHEMA_VERSION


def refuse_foreign_files(store: Store) -> None:
    """Check that a folder is empty or holds a data set of ours.

    Raises:
        ConfigError: other files are in it.
    """
    foreign = [name for name in store.folders() if name != ".glyphmill"]
    if foreign and not store.exists(_RUN):
        raise ConfigError(
            f"output {store.root} is not empty and no data set of ours (it holds {foreign[0]}); give another folder"
        )


def claim(store: Store, recipe: Recipe, corpus_digest: str, fresh: bool) -> None:
    """Bind a folder to a recipe and seed, or check that it is; only for the driver that holds its lock.

    Raises:
        ConfigError: the folder holds something else.
    """
    mine = Run(recipe.plain(), recipe.digest, corpus_digest, recipe.seed)
    if store.exists(_RUN) and not fresh:
        theirs = _read_run(store)
        _refuse_other(store, mine, theirs)
        return
    for folder in ("data", "rejected", ".glyphmill/receipts", _STAGING, "report"):
        store.delete_folder(folder)
    for name in (MANIFEST, "README.md"):
        store.delete(name)
    store.write_bytes(_RUN, to_json(mine).encode())


def _read_run(store: Store) -> Run:
    try:
        return from_json(store.read_bytes(_RUN), Run)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{store.path(_RUN)} is damaged ({error}); start over with --fresh") from error


def _refuse_other(store: Store, mine: Run, theirs: Run) -> None:
    origin = f"output {store.root} was made by"
    if theirs.recipe_digest != mine.recipe_digest:
        same = theirs.recipe.get("name") == mine.recipe["name"]
        what = f"recipe {theirs.recipe.get('name')}" + (" with other knobs or an older version" if same else "")
        raise ConfigError(f"{origin} {what}; give another folder, or start over with --fresh")
    if theirs.seed != mine.seed:
        raise ConfigError(
            f"{origin} seed {theirs.seed}, not {mine.seed}; give another folder, or start over with --fresh"
        )
    if (theirs.corpus_digest, theirs.schema_version) != (mine.corpus_digest, mine.schema_version):
        raise ConfigError(f"{origin} another corpus or version; give another folder, or start over with --fresh")


def staging_name(shard: Shard, attempt: str) -> str:
    """The file that a worker writes a shard to; the attempt keeps two workers with one shard apart."""
    return f"{_STAGING}/{shard.part}-{shard.name}-{attempt}.parquet"


def rejects_name(name: str) -> str:
    """The file for the rejects of a shard that is written to `name`."""
    return name.removesuffix(".parquet") + ".rejected"


def commit(store: Store, receipt: Receipt, made: str) -> None:
    """Take a shard that a worker made into the data set: the file, its quarantine, and last its receipt.

    Raises:
        ShardError: it cannot be written, or the folder was deleted meanwhile.
    """
    if not store.exists(_RUN):
        raise ShardError(f"output {store.root} is gone: somebody deleted it while this run was at work; run it again")
    shard = receipt.shard
    store.move(made, data_name(shard))
    if receipt.rejects:
        store.move(rejects_name(made), _quarantine_name(shard))
    store.write_bytes(_receipt_name(shard), to_json(receipt).encode())


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
            receipt = from_json(store.read_bytes(name), Receipt)
        except msgspec.DecodeError:
            continue
        file = data_name(receipt.shard)
        same = name == _receipt_name(receipt.shard) and store.size_bytes(file) == receipt.num_bytes
        if same and (not by_bytes or store.sha256(file) == receipt.sha256):
            found[receipt.shard] = receipt
    return found


def sweep(store: Store, done: Iterable[Shard]) -> None:
    """Remove what belongs to no committed shard. Only for the one driver that holds the folder.

    Args:
        store: the folder.
        done: the shards that are committed.
    """
    store.delete_folder(_STAGING)
    for name in store.list("", ".tmp"):
        store.delete(name)
    ours = {name for shard in done for name in (data_name(shard), _quarantine_name(shard), _receipt_name(shard))}
    for folder in ("data", "rejected", _RECEIPTS):
        for name in set(store.list(folder, "")) - ours:
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
    if not store.exists(MANIFEST):
        raise ConfigError(f"{store.root} holds no complete data set ({MANIFEST} is missing); render into it first")
    try:
        manifest = from_json(store.read_bytes(MANIFEST), Manifest)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{store.path(MANIFEST)} is damaged: {error}") from error
    for file in manifest.files:
        # So nothing outside of the folder is ever read for one of its shards.
        if file.path != data_name(file.shard) or not is_data_name(file.path):
            raise ConfigError(f"{store.path(MANIFEST)} is damaged: {file.path!r} is no file of a data set")
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
        versions=_joined(receipt.versions for receipt in receipts),
        fonts=_font_digests(),
        seconds=round(sum(receipt.seconds for receipt in receipts), 3),
        peak_rss_bytes=max((receipt.peak_rss_bytes for receipt in receipts), default=0),
        part_stats={part.name: _part_stats(part.name, receipts) for part in recipe.parts},
    )


@cache
def _font_digests() -> dict[str, str]:
    """{file name: sha256 in hex} of the fonts that this machine has: hundreds of MB, read once a process."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for _, file in all_files() if file.is_file()}


def content_sha256(receipts: Iterable[Receipt]) -> str:
    """The digest of a data set's rows by part, split and index, from the receipts of its shards in any order."""
    total = hashlib.sha256()
    for receipt in sorted(receipts, key=lambda receipt: receipt.shard):
        total.update(receipt.row_digests.encode())
    return total.hexdigest()


def _joined(versions: Iterable[dict[str, str]]) -> dict[str, str]:
    seen: dict[str, set[str]] = {}
    for one in versions:
        for tool, version in one.items():
            seen.setdefault(tool, set()).add(version)
    return {tool: ", ".join(sorted(versions)) for tool, versions in sorted(seen.items())}


def _part_stats(part: str, receipts: list[Receipt]) -> dict[str, Any]:
    mine = [receipt for receipt in receipts if receipt.shard.part == part]
    rejected: Counter[str] = Counter()
    for receipt in mine:
        rejected.update(receipt.rejected)
    return {
        "rows": sum(receipt.rows for receipt in mine),
        "num_draws": sum(receipt.num_draws for receipt in mine),
        "rejected": dict(sorted(rejected.items())),
        "failed": sum(receipt.failed for receipt in mine),
        "seconds": round(sum(receipt.seconds for receipt in mine), 3),
        "num_bytes": sum(receipt.num_bytes for receipt in mine),
        "peak_rss_bytes": max((receipt.peak_rss_bytes for receipt in mine), default=0),
    }
