"""What receipts add up to: numbers of parts, versions of tools, digests of fonts."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, TypeAlias

import msgspec

from pipelines.shard import Receipt
from renderers.content.fonts import all_files

Natural: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
"""What is counted, or stands in an address."""
Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=0)]


class PartStats(msgspec.Struct, frozen=True):
    """What a part of a data set cost; see `Manifest`."""

    rows: Natural
    num_draws: Natural
    rejected: dict[str, Natural]
    failed: Natural
    seconds: Seconds
    num_bytes: Natural
    peak_rss_bytes: Natural


def joined(versions: Iterable[dict[str, str]]) -> dict[str, str]:
    """{tool: version} of several runs; different ones are joined by ", "."""
    seen: dict[str, set[str]] = {}
    for one in versions:
        for tool, version in one.items():
            seen.setdefault(tool, set()).add(version)
    return {tool: ", ".join(sorted(versions)) for tool, versions in sorted(seen.items())}


def part_stats(part: str, receipts: list[Receipt]) -> dict[str, Any]:
    """What a part cost, from the receipts of all: a `PartStats` as plain data."""
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


@cache
def font_digests() -> dict[str, str]:
    """{file name: sha256 in hex} of the fonts that this machine has: hundreds of MB, read once a process."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for _, file in all_files() if file.is_file()}
