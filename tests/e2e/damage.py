"""Damages a small data set, in many kinds: bytes, tables, JSON, what stands in a folder. A seed fixes every choice."""

import json
import os
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.damaged_tables import files, rows_changed, table_changed, tables

Damage = Callable[[Path, random.Random], str]
"""Damages the data set in a folder; returns what was done to which file."""

BROKEN_JSON: dict[str, bytes] = {
    "deep lists": b"[" * 100_000,
    "deep whole lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "null": b"null",
    "a list": b"[]",
    "a number": b"1e999",
    "no UTF-8": b'{"recipe": "\xff\xfe"}',
    "UTF-16": '{"recipe": "x"}'.encode("utf-16"),
    "empty": b"",
    "zeros": b"\0" * 500,
    "two": b"{}{}",
    "a string": b'"manifest"',
    "nothing in it": b"{}",
}

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**30, -(10**30), 2**63, 1e300, "", "x", "../../x", "/etc/passwd", "a\0b", "\u202e",
    "\ud800", [], {}, [None], {"a": None}, [[[]]], "é" * 3000,
)  # fmt: skip
"""What a key of a JSON file may hold instead of what it should."""


def papers(dataset: Path) -> list[Path]:
    """The JSON files."""
    return [dataset / "manifest.json", dataset / ".glyphmill" / "run.json", *files(dataset, ".glyphmill/receipts")]


# ------------------------------------------------------------------------------------------------- bytes


def bytes_changed(dataset: Path, rng: random.Random) -> str:
    folder = rng.choice(["data", "rejected", ".glyphmill", ""])
    path = rng.choice(files(dataset, folder) if folder else [dataset / "manifest.json", dataset / "README.md"])
    data = bytearray(path.read_bytes())
    how = rng.choice(["flip", "flip", "flip many", "cut", "cut start", "append", "zeros", "empty", "swap", "end"])
    at = rng.randrange(len(data))
    if how == "flip":
        data[at] ^= 1 << rng.randrange(8)
    elif how == "flip many":
        for _ in range(100):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif how == "cut":
        del data[at:]
    elif how == "cut start":
        del data[: at + 1]
    elif how == "append":
        data += rng.randbytes(rng.choice([1, 8, 1000]))
    elif how == "zeros":
        data[at : at + 512] = bytes(len(data[at : at + 512]))
    elif how == "empty":
        data.clear()
    elif how == "swap":
        data = data[at:] + data[:at] if at else data[::-1]
    else:  # the footer of Parquet, the last keys of JSON
        data[-rng.randrange(1, min(400, len(data)))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    return f"{how} at {at}: {path.relative_to(dataset)}"


# ------------------------------------------------------------------------------------------------- JSON


def paper_broken(dataset: Path, rng: random.Random) -> str:
    path = rng.choice(papers(dataset)[: rng.choice([1, 2, 9])])
    name = rng.choice(list(BROKEN_JSON))
    path.write_bytes(BROKEN_JSON[name])
    return f"{name}: {path.relative_to(dataset)}"


def paper_changed(dataset: Path, rng: random.Random) -> str:
    path = rng.choice(papers(dataset)[: rng.choice([1, 1, 2, 9])])
    plain = json.loads(path.read_bytes())
    target, where = plain, []
    while True:
        key = rng.choice(list(target) if isinstance(target, dict) else range(len(target)))
        where.append(key)
        if not isinstance(target[key], dict | list) or not target[key] or rng.random() < 0.3:
            break
        target = target[key]
    how = rng.choice(["value", "value", "value", "gone", "more", "BOM", "twice"])
    if how == "gone":
        del target[key]
    elif how == "more" and isinstance(target, dict):
        target["surplus"] = VALUES[rng.randrange(len(VALUES))]
    elif how == "value":
        target[key] = rng.choice(VALUES)
    text = json.dumps(plain)
    if how == "BOM":
        text = "\ufeff" + text
    if how == "twice":
        text = text[:-1] + ', "seed": "again", "seed": 7, "recipe": []}'
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return f"{how} at {'/'.join(map(str, where))}: {path.relative_to(dataset)}"


# ------------------------------------------------------------------------------------------------- the folder


def entry_changed(dataset: Path, rng: random.Random) -> str:
    everything = sorted(path for path in dataset.rglob("*"))
    path = rng.choice([rng.choice(everything), rng.choice(papers(dataset) + tables(dataset))])
    how = rng.choice(["gone", "folder", "file", "dangling", "loop", "outside", "FIFO", "device", "full folder"])
    kept = path.read_bytes() if path.is_file() else b""
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    if how == "folder":
        path.mkdir()
    elif how == "full folder":
        (path / "inner").mkdir(parents=True)
        (path / "inner" / path.name).write_bytes(kept or b"x")
    elif how == "file":
        path.write_bytes(b"")
    elif how == "dangling":
        path.symlink_to(dataset.parent / "nowhere")
    elif how == "loop":
        path.symlink_to(path.name)
    elif how == "outside":
        precious = dataset.parent / "precious"
        path.symlink_to(precious / "file.json" if kept else precious)
    elif how == "FIFO":
        os.mkfifo(path)
    elif how == "device":
        path.symlink_to("/dev/zero")
    return f"{how}: {path.relative_to(dataset)}"


def entry_added(dataset: Path, rng: random.Random) -> str:
    folder = rng.choice([path for path in [dataset, *dataset.rglob("*")] if path.is_dir()])
    names: Sequence[bytes] = (
        b"\xff\xfe.parquet", b"train-000000000-000000001.parquet", b"x.tmp", b"x.json", b"a\nb.parquet", b"\xe9.json",
        b"train-000000000-000000032.json", b"train-\x1b[2J.parquet",
    )  # fmt: skip
    name = rng.choice(names)
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    how = rng.choice(["file", "folder", "FIFO", "dangling", "loop to the top", "outside"])
    if path.exists():
        return "nothing: manifest.json"
    if how == "file":
        path.write_bytes(rng.choice([b"", b"{}", b"[" * 100_000, tables(dataset)[0].read_bytes()]))
    elif how == "folder":
        (path / "inner").mkdir(parents=True)
    elif how == "FIFO":
        os.mkfifo(path)
    else:
        target: str | Path = {
            "dangling": "nowhere",
            "loop to the top": dataset,
            "outside": dataset.parent / "precious",
        }[how]  # type: ignore[assignment]
        path.symlink_to(target)
    return f"{how} added {name!r}: {folder.relative_to(dataset)}"


KINDS: tuple[Damage, ...] = (
    bytes_changed, rows_changed, table_changed, paper_broken, paper_changed, entry_changed, entry_added
)  # fmt: skip
