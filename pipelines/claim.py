"""Whose folder it is: bound to a recipe and a seed before anything is written into it, by `.glyphmill/run.json`."""

from typing import Any

import msgspec

from pipelines.manifest import MANIFEST, RUN, STAGING
from pipelines.recipe import Recipe
from pipelines.store import Store
from renderers.core.errors import ConfigError, ShardCorrupt
from renderers.core.jsonable import from_json, to_json
from renderers.core.sample import SCHEMA_VERSION
from renderers.core.stored import one_line


class Run(msgspec.Struct, frozen=True):
    """What a folder is being filled with."""

    recipe: dict[str, Any]
    recipe_digest: str
    corpus_digest: str
    seed: int
    schema_version: int = SCHEMA_VERSION


def refuse_foreign_files(store: Store) -> None:
    """Check that a folder is empty or holds a data set of ours.

    Raises:
        ConfigError: other files are in it.
    """
    foreign = [name for name in store.folders() if name != ".glyphmill" or not store.path(name).is_dir()]
    if foreign and not store.exists(RUN):
        raise ConfigError(
            f"output {store.root} is not empty and no data set of ours (it holds {foreign[0]}); give another folder"
        )


def claim(store: Store, recipe: Recipe, corpus_digest: str, fresh: bool) -> None:
    """Bind a folder to a recipe and seed, or check that it is; only for the driver that holds its lock.

    Raises:
        ConfigError: the folder holds something else.
    """
    mine = Run(recipe.plain(), recipe.digest, corpus_digest, recipe.seed)
    if store.exists(RUN) and not fresh:
        theirs = _read_run(store)
        _refuse_other(store, mine, theirs)
        return
    for folder in ("data", "rejected", ".glyphmill/receipts", STAGING, "report"):
        store.delete_folder(folder)
    for name in (MANIFEST, "README.md"):
        store.delete(name)
    store.write_bytes(RUN, to_json(mine).encode())


def _read_run(store: Store) -> Run:
    try:
        return from_json(store.read_bytes(RUN), Run)
    except (msgspec.DecodeError, ShardCorrupt) as error:
        raise ConfigError(f"{store.path(RUN)} is damaged ({one_line(error)}); start over with --fresh") from error


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
