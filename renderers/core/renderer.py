"""What a renderer and an engine are.

Two halves: `draw` makes every choice and touches no pixel, `render` touches pixels and makes no choice. All state that
changes lives in an Engine; a renderer is a frozen dataclass of knobs. So a sample is a pure function of its address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self, TypeAlias, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from renderers.core.corpora import Corpora, Sources

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""A picture: (H, W, 3) RGB or (H, W) grey, uint8."""

NO_SPAN = (-1, -1)
"""Span of a region whose text is on the picture but not in the target (a tick of an axis, say)."""


class Region(msgspec.Struct, frozen=True, gc=False):
    """A box on the picture and the characters of the target that it shows.

    Attributes:
        box: x0, y0, x1, y1 in px of the stored picture, y down, x1 and y1 exclusive.
        text: what is inked there; for a mark (a bar, a point) the number that it shows. A mark of several numbers is
            several regions with one box.
        kind: role in the picture: title, x_title, category, series, value, tick, bar, slice, point, ...
        span: start and end character in the markup, or NO_SPAN.
        order: position in reading order, from 0.
    """

    box: tuple[float, float, float, float]
    text: str
    kind: str
    span: tuple[int, int] = NO_SPAN
    order: int = 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture that was proven to show its target.

    Attributes:
        image: pixels; grey pictures are stored as (H, W).
        markup: the target, canonical in its grammar.
        regions: in reading order.
        language: BCP 47.
        alternates: the same picture in other markups, {format: text}.
        depth: nesting depth of the target.
        smallest_glyph_px: height of a capital or digit of the smallest text, in px at the 1024 x 1024 that GOT reads.
        contrast: lowest contrast ratio of a text to its background, 1..21 (WCAG 2).
    """

    image: Pixels
    markup: str
    regions: tuple[Region, ...]
    language: str
    alternates: Mapping[str, str] = field(default_factory=dict)
    depth: int = 1
    smallest_glyph_px: float = 0.0
    contrast: float = 0.0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A picture that does not show its target, or not legibly.

    Attributes:
        reason: a past fact in snake case, from a small set: `glyph_missing`, `text_overlap`.
        detail: what exactly, for a person.
        image: the picture, where there is one, for the quarantine.
    """

    reason: str
    detail: str = ""
    image: Pixels | None = None


Outcome: TypeAlias = Rendered | Rejected


class ProofFailed(Exception):
    """Raised in a proof where a picture is no sample; what proves makes a `Rejected` of it.

    Attributes:
        reason, detail: of the `Rejected`.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


class Engine(Protocol):
    """One drawing program, kept open: a context manager.

    Raises:
        EngineStartError: from `__enter__`, with the line that installs what is missing.
    """

    name: ClassVar[str]

    @classmethod
    def versions(cls) -> dict[str, str]:
        """{tool: version} of everything that can change a pixel; raises EngineStartError if a tool is missing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def kill(self) -> None:
        """End its programs at once, from any thread; a call that waits for them then raises EngineCrash."""

    def rss_bytes(self) -> int:
        """Memory that its programs hold now, besides this process."""

    def probe(self) -> None:
        """Draw something that can always be drawn: what raises here is the fault of the machine, not of a spec."""


Spec = TypeVar("Spec")
E_contra = TypeVar("E_contra", bound=Engine, contravariant=True)


class Renderer(Protocol[Spec, E_contra]):
    """One kind of picture. A frozen dataclass: its fields are the knobs a recipe sets.

    Attributes:
        name: file name = template folder = test = golden folder.
        engine: the class of the engine that `render` is given.
        spec: the class of its specs (a frozen msgspec.Struct).
        format: grammar of the target, see `renderers.labels`.
        templates: what it reads under `templates/`, folders and single files; what another renderer alone reads is not
            among them. They are part of its version.
        version: raised by hand when the same spec draws another picture or another spec is drawn.
        batch: how many specs make good runs of the engine; those of one `batch_key` are rendered in one call.
    """

    name: ClassVar[str]
    engine: ClassVar[type[Any]]
    spec: ClassVar[type[Any]]
    format: ClassVar[str]
    templates: ClassVar[tuple[str, ...]]
    version: ClassVar[int]
    batch: ClassVar[int]

    def tools(self) -> dict[str, str]:
        """{tool: version} of what can change a pixel besides the engine; raises EngineStartError if one is missing."""

    def corpora(self) -> Sources:
        """What it draws from; a session opens it and hands it to `draw`."""

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> Spec:
        """Every choice; pure, under 5 ms, no pixels, no files.

        `corpora` holds what `corpora()` names, and more maybe, of the split that the sample is for.
        """

    def content_key(self, spec: Spec) -> str:
        """What makes two samples the same: the canonical content, without its style. Splits are cut by it."""

    def batch_key(self, spec: Spec) -> str:
        """What specs share that one run of the engine can hold, such as fonts; pictures are kept for one run only."""

    def render(self, engine: E_contra, specs: Sequence[Spec]) -> list[Outcome]:
        """One outcome for each spec, in order; nothing random, and independent of the other specs in the batch."""


AnyRenderer: TypeAlias = Renderer[Any, Any]


def by_batch_key(renderer: AnyRenderer, specs: Sequence[Any]) -> dict[str, list[int]]:
    """{batch key: indices into `specs`}, both in the order in which they come."""
    indices: dict[str, list[int]] = {}
    for index, spec in enumerate(specs):
        indices.setdefault(renderer.batch_key(spec), []).append(index)
    return indices


def versions_of(renderer: AnyRenderer) -> dict[str, str]:
    """{tool: version} of all that draws a renderer's pictures.

    Raises:
        EngineStartError: one is missing; the message has the line that installs it.
    """
    engine: type[Engine] = renderer.engine
    return engine.versions() | renderer.tools()
