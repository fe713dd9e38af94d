"""A shard becomes rows: draw, render in batches, degrade, verify, draw again what was rejected. No Ray, no files.

Each index is worked on by itself: which attempt it is at depends on its own outcomes alone, so batches, workers and
restarts change no byte. An engine that dies takes no sample with it: the batch is tried again, then halved until the
guilty spec is alone. Only a spec that fails between two probes that the same engine passes is guilty; where a probe
fails too, or the machine lacks something, nothing is judged and the shard is given back.
"""

import logging
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from pipelines.plan import Shard
from pipelines.recipe import Part, Recipe
from pipelines.verify import verify
from renderers.core.errors import EngineCrash, EngineError, EngineStartError, EngineTimeout, MachineFault, ShardError
from renderers.core.image import encode_png, shrink_to_grey
from renderers.core.jsonable import to_json
from renderers.core.machine import killed_for_memory, lack
from renderers.core.renderer import AnyRenderer, Outcome, Rejected, by_batch_key
from renderers.core.rng import rng_at
from renderers.core.sample import Address, make_row
from renderers.core.split import split_class
from renderers.effects.degrade import Degraded, degrade
from renderers.engines.pool import Pool

_log = logging.getLogger(__name__)

MAX_REJECTIONS = 60
"""Rejections of one index before the run fails: at 3 % rejects, 60 in a row are no accident but a broken renderer."""

_MAX_DRAWS = 5000
"""Draws until one falls into the wanted split; at 1 in 32 chance fails once in 10**69."""

_FAILURES_PER_SHARD = 5
_QUARANTINE_PER_REASON = 4
_DEADLINE_S = 120.0
_ENGINE_RENDERS = 5000
_ENGINE_BATCHES = 20
"""An engine lives for so many renders, or so many batches where these are more: those of large batches are small."""

_ENGINE_RSS_BYTES = 1 << 30


@dataclass
class ShardStats:
    """Outcomes of a shard so far; another thread reads them while the work goes on. Rows may still be packed."""

    rows: dict[int, Future[dict[str, Any]]] = field(default_factory=dict)
    rejected: Counter[str] = field(default_factory=Counter)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0
    num_draws: int = 0


@dataclass(frozen=True)
class _Draw:
    index: int
    attempt: int
    spec: Any


class Session:
    """What one process keeps open from shard to shard: corpora, renderers' engines. A context manager.

    Args:
        recipe: what is made.
        deadline_s: for one call of an engine, after which it is killed.

    Raises:
        ConfigError: a corpus is not there, is another one by now, or lacks what a part wants of it.
    """

    def __init__(self, recipe: Recipe, deadline_s: float = _DEADLINE_S) -> None:
        self.recipe = recipe.pinned()
        self._corpora = {(part.name, "train"): part.open_corpora("train") for part in self.recipe.parts}
        self._deadline_s = deadline_s
        self._pools: dict[str, Pool[Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._pools:
            self._pools.popitem()[1].__exit__(kind, error, trace)

    def pool(self, renderer: AnyRenderer) -> Pool[Any]:
        """The pool that holds a renderer's engine open."""
        name = renderer.engine.name
        if name not in self._pools:
            self._pools[name] = Pool(
                renderer.engine,
                deadline_s=self._deadline_s,
                max_renders=max(_ENGINE_RENDERS, _ENGINE_BATCHES * renderer.batch),
                max_rss_bytes=_ENGINE_RSS_BYTES,
            )
        return self._pools[name]

    def rss_bytes(self) -> int:
        """Memory of the engines' programs now, besides this process."""
        return sum(pool.rss_bytes() for pool in self._pools.values())

    def draw(self, part: Part, split: str, index: int, attempt: int) -> Any:
        """The spec at an address, drawn from what the split has of the corpora.

        Raises:
            ConfigError: a corpus has nothing for the split.
        """
        asked = part.name, split
        if asked not in self._corpora:
            self._corpora[asked] = self.recipe.part(part.name).open_corpora(split)
        return part.renderer.draw(rng_at(self.recipe.seed, part.name, index, attempt), self._corpora[asked])

    def address(self, part: Part, split: str, index: int, attempt: int) -> Address:
        """Where a sample of this recipe comes from."""
        return Address(
            recipe=self.recipe.name,
            part=part.name,
            split=split,
            index=index,
            attempt=attempt,
            seed=self.recipe.seed,
            recipe_digest=self.recipe.digest,
            renderer_version=part.version,
        )

    def degrade_and_verify(self, part: Part, index: int, attempt: int, outcome: Outcome) -> Degraded | Rejected:
        """What is stored of a renderer's outcome, or why nothing is: degraded by the part's effects, then verified."""
        if isinstance(outcome, Rejected):
            return outcome
        degraded: Degraded | Rejected = Degraded(outcome, 0.0)
        if part.effects is not None:
            degraded = degrade(outcome, part.effects, rng_at(self.recipe.seed, part.name, index, attempt, "degrade"))
        if isinstance(degraded, Rejected):
            return degraded
        clean = outcome if degraded.severity > 0 else None
        return verify(degraded.rendered, part.renderer.format, clean) or degraded

    def render(self, renderer: AnyRenderer, specs: Sequence[Any]) -> list[Outcome]:
        """One outcome for each spec, in order, whatever the engine does meanwhile; not yet verified.

        Raises:
            EngineStartError: the engine is missing.
            MachineFault: the machine cannot draw now.
        """
        outcomes = {index: outcome for run in self.runs(renderer, specs) for index, outcome in run}
        return [outcomes[index] for index in range(len(specs))]

    def runs(self, renderer: AnyRenderer, specs: Sequence[Any]) -> Iterator[list[tuple[int, Outcome]]]:
        """The same, run by run of the engine: specs of one `batch_key` are rendered together.

        Yields:
            Each outcome of a run with the index of its spec.

        Raises:
            EngineStartError: the engine is missing.
            MachineFault: the machine cannot draw now.
        """
        # The largest run holds the most pictures at a time, so it comes before the rows that a shard gathers.
        for indices in sorted(by_batch_key(renderer, specs).values(), key=len, reverse=True):
            outcomes = self._render(renderer, [specs[index] for index in indices], fresh=True)
            yield list(zip(indices, outcomes, strict=True))

    def _render(self, renderer: AnyRenderer, specs: list[Any], fresh: bool) -> list[Outcome]:
        try:
            return self._attempt(renderer, specs)
        except (EngineCrash, EngineTimeout) as error:
            _log.info("%s with %d specs: %s", renderer.name, len(specs), error)
            if fresh:  # It may have been killed from outside: the same batch once more, on a fresh engine.
                return self._render(renderer, specs, fresh=False)
        except _NEVER_THE_SPEC:
            raise
        except Exception:
            _log.info("%s raised:\n%s", renderer.name, traceback.format_exc())
        if len(specs) == 1:
            return [self._alone(renderer, specs[0])]
        middle = len(specs) // 2
        return [
            *self._render(renderer, specs[:middle], fresh=True),
            *self._render(renderer, specs[middle:], fresh=True),
        ]

    def _attempt(self, renderer: AnyRenderer, specs: list[Any]) -> list[Outcome]:
        """One call of the engine.

        Raises:
            MachineFault: what came of it is not to be judged by, since the machine lacked something meanwhile.
        """
        pool = self.pool(renderer)
        try:
            outcomes: list[Outcome] = pool.run(lambda engine: renderer.render(engine, specs), len(specs))
        except _NEVER_THE_SPEC:
            raise
        except Exception as error:
            lacking = pool.shortage or lack(error)
            if lacking:
                raise MachineFault(f"{renderer.name} cannot draw: {lacking}") from error
            raise
        if len(outcomes) != len(specs):
            raise ShardError(f"{renderer.name} gave {len(outcomes)} outcomes for {len(specs)} specs")
        if pool.shortage and any(isinstance(outcome, Rejected) for outcome in outcomes):
            raise MachineFault(f"{renderer.name} cannot draw: {pool.shortage}")
        return outcomes

    def _alone(self, renderer: AnyRenderer, spec: Any) -> Outcome:
        """What comes of a spec that failed alone: it is guilty if it fails again between two probes that succeed.

        Raises:
            MachineFault: a probe failed.
        """
        self._probe(renderer)
        try:
            return self._attempt(renderer, [spec])[0]
        except _NEVER_THE_SPEC:
            raise
        except EngineError as error:
            detail = f"{type(error).__name__}: {error}"
        except Exception:
            detail = traceback.format_exc(limit=-4)
        self._probe(renderer)
        return Rejected(_FAILED, detail)

    def _probe(self, renderer: AnyRenderer) -> None:
        pool = self.pool(renderer)
        killed = killed_for_memory()
        try:
            pool.run(lambda engine: engine.probe(), 1)
        except _NEVER_THE_SPEC:
            raise
        except Exception as error:
            lacking = pool.shortage or lack(error)
            if not lacking and killed_for_memory() > killed:
                lacking = "the kernel ends programs for want of memory"
            why = lacking or f"{type(error).__name__}: {error}"
            raise MachineFault(
                f"{renderer.engine.name} draws nothing on this machine, not even a probe: {why}"
            ) from error


_NEVER_THE_SPEC = (EngineStartError, MachineFault, ShardError)
"""What is raised where no spec is to blame."""

_FAILED = "failed"
"""Reason of a spec that breaks its engine or renderer when it is alone; counted apart from rejections."""


def work(session: Session, shard: Shard, stats: ShardStats) -> Iterator[None]:
    """Make the rows of a shard; yields after every run of the engine.

    Args:
        session: of this process.
        shard: which rows.
        stats: is filled; `rows` by index.

    Raises:
        EngineStartError: the engine is missing.
        MachineFault: the machine cannot draw now, whatever the specs.
        ShardError: an index found no acceptable draw, or too many draws failed.
    """
    part = session.recipe.part(shard.part)
    pending = [(index, 0) for index in reversed(shard.indices)]
    # Packing a picture needs neither the engine nor Python's lock.
    with ThreadPoolExecutor(1, "rows") as packer:
        rows = _ShardRows(session, part, shard.split, stats, packer)
        while pending:
            batch = [
                _draw_for_split(session, part, shard.split, *pending.pop())
                for _ in range(min(part.renderer.batch, len(pending)))
            ]
            refused: list[_Draw] = []
            for run in session.runs(part.renderer, [draw.spec for draw in batch]):
                refused += [batch[at] for at, outcome in run if not rows.keep(batch[at], outcome)]
                yield
            pending += sorted(((draw.index, draw.attempt + 1) for draw in refused), reverse=True)


@dataclass
class _ShardRows:
    """Turns each outcome of a shard into a row, or into a rejection that is counted and kept to look at."""

    session: Session
    part: Part
    split: str
    stats: ShardStats
    packer: ThreadPoolExecutor
    refusals: Counter[int] = field(default_factory=Counter)

    def keep(self, draw: _Draw, outcome: Outcome) -> bool:
        """Count and pack an outcome; False where its index has to be drawn again.

        Raises:
            ShardError: the index was rejected too often, or too many draws failed.
        """
        self.stats.num_draws += 1
        address = self.session.address(self.part, self.split, draw.index, draw.attempt)
        kept = self.session.degrade_and_verify(self.part, draw.index, draw.attempt, outcome)
        if isinstance(kept, Degraded):
            self.stats.rows[draw.index] = self.packer.submit(
                make_row, address, kept.rendered, draw.spec, self.part.renderer.format, kept.severity
            )
            return True
        _reject(self.stats, address, draw, kept)
        self.refusals[draw.index] += 1
        if self.refusals[draw.index] >= MAX_REJECTIONS:
            raise ShardError(f"{address.id} was rejected {MAX_REJECTIONS} times, last by {kept.reason}: {kept.detail}")
        return False


def _draw_for_split(session: Session, part: Part, split: str, index: int, attempt: int) -> _Draw:
    for at in range(attempt, attempt + _MAX_DRAWS):
        spec = session.draw(part, split, index, at)
        if split_class(part.renderer.content_key(spec)) == split:
            return _Draw(index, at, spec)
    raise ShardError(f"{part.name}: {_MAX_DRAWS} draws and none falls in the split {split}; its menus are too small")


def _reject(stats: ShardStats, address: Address, draw: _Draw, outcome: Rejected) -> None:
    if outcome.reason == _FAILED:
        stats.failed += 1
        if stats.failed > _FAILURES_PER_SHARD:
            raise ShardError(f"{stats.failed} draws failed, the last one {address.id}:\n{outcome.detail}")
    else:
        stats.rejected[outcome.reason] += 1
    seen = stats.failed if outcome.reason == _FAILED else stats.rejected[outcome.reason]
    if seen > _QUARANTINE_PER_REASON:
        return
    path = f"{address.part}-{address.split}-{address.index:09d}-{address.attempt}.png"
    picture = {"bytes": encode_png(shrink_to_grey(outcome.image)), "path": path} if outcome.image is not None else None
    stats.rejects.append(
        {
            "id": address.id,
            "reason": outcome.reason,
            "detail": outcome.detail,
            "image": picture,
            "spec": to_json(draw.spec),
            "part": address.part,
            "split": address.split,
            "index": address.index,
            "attempt": address.attempt,
        }
    )
