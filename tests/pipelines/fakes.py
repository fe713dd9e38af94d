"""A renderer and an engine for tests of the mill: real ones by their protocols, thousands of pictures a second.

What goes wrong is chosen: a spec says it of itself, and the knob `faults` has a share of the draws say it.
"""

import hashlib
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import ClassVar, Self

import msgspec
import numpy as np

from pipelines.recipe import Part, Recipe
from renderers.core.corpora import Corpora, Sources
from renderers.core.errors import EngineCrash, EngineStartError
from renderers.core.renderer import Outcome, Pixels, Region, Rejected, Rendered
from renderers.effects.mix import Effects

HEIGHT_PX, CHAR_PX, MARGIN_PX = 64, 16, 24
KILLED_AFTER_S = 60.0
"""A hanging engine gives up after this: only where nobody kills it, and then the test fails."""


class Word(msgspec.Struct, frozen=True):
    """What is drawn.

    Attributes:
        text: content.
        paper: grey of the paper, 200 to 255; style.
        fault: what goes wrong, "" where nothing does:
            refused: the renderer rejects it (`word_refused`);
            unboxed: it is rendered, and the region of its text is missing;
            raises: the renderer raises ZeroDivisionError;
            crashes: the engine dies of it;
            crashes_once: the first engine that is started dies of it, as if it were killed from outside;
            hangs: the engine waits until it is killed;
            lost: the renderer gives no outcome for it.
    """

    text: str
    paper: int = 255
    fault: str = ""


class FakeEngine:
    """Draws a word as blocks of grey, one a character. Its class counts what is done with it."""

    name: ClassVar[str] = "fake"
    num_started: ClassVar[int] = 0
    num_open: ClassVar[int] = 0
    batches: ClassVar[list[list[str]]] = []
    """The texts of each call, in the order of the calls."""
    max_batches: ClassVar[int | None] = None
    """After so many calls it cannot be started any more, as where a machine loses a program in the middle of a run."""
    held_bytes: ClassVar[int] = 0
    bad_calls: ClassVar[Collection[int]] = ()
    """Which of its calls, probes included, a machine in trouble lets no engine do."""
    num_calls: ClassVar[int] = 0
    trouble: ClassVar[Exception] = EngineCrash("fake got no memory")

    def __init__(self) -> None:
        self._killed = threading.Event()

    @classmethod
    def reset(cls) -> None:
        """As where nothing was ever done."""
        cls.num_started = cls.num_open = cls.held_bytes = 0
        cls.batches = []
        cls.max_batches = None
        cls.bad_calls, cls.num_calls = (), 0
        cls.trouble = EngineCrash("fake got no memory")

    @classmethod
    def versions(cls) -> dict[str, str]:
        return {"fake": "1.0"}

    def __enter__(self) -> Self:
        self._refuse_to_start()
        type(self).num_started += 1
        type(self).num_open += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        type(self).num_open -= 1

    def _refuse_to_start(self) -> None:
        if self.max_batches is not None and len(self.batches) >= self.max_batches:
            raise EngineStartError("fake is missing: apt-get install fake")

    def begin(self, words: Sequence[Word]) -> None:
        """The start of a batch."""
        self._refuse_to_start()
        self.batches.append([word.text for word in words])
        self._call()

    def _call(self) -> None:
        type(self).num_calls += 1
        if self.num_calls - 1 in self.bad_calls:
            raise self.trouble

    def probe(self) -> None:
        self._call()

    def ink(self, word: Word) -> Pixels:
        """(64, W) grey."""
        if word.fault == "hangs":
            assert self._killed.wait(KILLED_AFTER_S), "nobody killed an engine that hangs"
            raise EngineCrash("fake was killed")
        if word.fault == "crashes" or (word.fault == "crashes_once" and self.num_started == 1):
            raise EngineCrash(f"fake died of {word.text}")
        picture = np.full((HEIGHT_PX, 2 * MARGIN_PX + CHAR_PX * len(word.text)), word.paper, np.uint8)
        for position, value in enumerate(hashlib.sha256(word.text.encode()).digest()[: len(word.text)]):
            left = MARGIN_PX + CHAR_PX * position
            picture[MARGIN_PX:-MARGIN_PX, left + 2 : left + CHAR_PX - 2] = value // 4
        return picture

    def kill(self) -> None:
        self._killed.set()

    def rss_bytes(self) -> int:
        return self.held_bytes


@dataclass(frozen=True)
class SplitName:
    """A corpus that has the name of the split for each split."""

    file: None = None

    def open(self, split: str) -> str:
        return split


@dataclass(frozen=True)
class FakeWords:
    """Words "word 42", each with one box.

    Attributes:
        menu: how many words there are.
        sourced: they begin with what `SplitName` has instead, "train 42".
        faults: {fault of `Word`: share of the draws}.
        contrast: that its pictures are said to have.
    """

    menu: int = 1_000_000
    sourced: bool = False
    faults: Mapping[str, float] = field(default_factory=dict)
    contrast: float = 12.0

    name: ClassVar[str] = "fake_words"
    engine: ClassVar[type[FakeEngine]] = FakeEngine
    spec: ClassVar[type[Word]] = Word
    format: ClassVar[str] = "plain"
    templates: ClassVar[tuple[str, ...]] = ()
    version: ClassVar[int] = 1
    batch: ClassVar[int] = 8

    def tools(self) -> dict[str, str]:
        return {"fake-ink": "2.0"}

    def corpora(self) -> Sources:
        return (SplitName(),) if self.sourced else ()

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> Word:
        """Of `rng` alone, unless it is sourced."""
        begin = corpora[SplitName()] if self.sourced else "word"
        text, paper = f"{begin} {rng.integers(self.menu)}", int(rng.integers(200, 256))
        chance = rng.random()
        for fault, share in sorted(self.faults.items()):
            if chance < share:
                return Word(text, paper, fault)
            chance -= share
        return Word(text, paper)

    def content_key(self, spec: Word) -> str:
        return spec.text

    def batch_key(self, spec: Word) -> str:
        return "even" if len(spec.text) % 2 == 0 else "odd"

    def render(self, engine: FakeEngine, specs: Sequence[Word]) -> list[Outcome]:
        engine.begin(specs)
        return [self._outcome(engine, word) for word in specs if word.fault != "lost"]

    def _outcome(self, engine: FakeEngine, word: Word) -> Outcome:
        picture = engine.ink(word)
        if word.fault == "raises":
            raise ZeroDivisionError(word.text)
        if word.fault == "refused":
            return Rejected("word_refused", f"{word.text} was refused", picture)
        rendered = sample(word.text, picture, self.contrast)
        return replace(rendered, regions=()) if word.fault == "unboxed" else rendered


@dataclass(frozen=True)
class FakeWordsOneByOne(FakeWords):
    """The same, a word a run of the engine."""

    batch: ClassVar[int] = 1


def sample(text: str, picture: Pixels, contrast: float = 12.0) -> Rendered:
    """A sound sample of one line."""
    box = (MARGIN_PX, MARGIN_PX, picture.shape[1] - MARGIN_PX, picture.shape[0] - MARGIN_PX)
    region = Region(box, text, "line", (0, len(text)))
    return Rendered(picture, text, (region,), "en", smallest_glyph_px=20.0, contrast=contrast)


def fake_recipe(
    *, seed: int = 0, renderer: FakeWords | None = None, effects: Effects | None = None, **faults: float
) -> Recipe:
    """A recipe of one part, `words`, with a share of the draws for each fault."""
    drawn = renderer if renderer is not None else FakeWords(faults=faults)
    return Recipe("fake", (Part(drawn, name="words", effects=effects),), seed)
