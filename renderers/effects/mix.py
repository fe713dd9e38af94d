"""Which effects happen together: the knobs of a recipe, and the draw of a chain that could have happened.

A picture is printed, lies on paper, and then is scanned or photographed or neither. Its strongest effect has the
severity of the sample, the others less, so one number says how bad it is.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import msgspec
import numpy as np

import templates
from renderers.core.choice import pick_int
from renderers.core.errors import ConfigError
from renderers.core.weighted import Weighted
from renderers.effects.effect import Effect
from renderers.effects.ink import Bleed, Broken, Fade, Speckle, Toner
from renderers.effects.paper import Folds, Grain, Ruling, ShowThrough, Stains, Tint
from renderers.effects.photo import Defocus, Glare, Lens, Light, Motion, Perspective, SensorNoise, Shadow
from renderers.effects.scan import Blur, Dust, EdgeShadow, Jpeg, Moire, Noise, Skew, Threshold
from renderers.effects.warp import Crumple, Curl

VERSION = 2
"""Raised by hand when the same draw gives another picture, or the same address another draw."""

AnyEffect: TypeAlias = (
    Fade | Toner | Broken | Bleed | Speckle
    | ShowThrough | Ruling | Grain | Tint | Stains | Folds
    | Curl | Crumple
    | Skew | Perspective | Lens
    | Light | Shadow | Glare | EdgeShadow
    | Blur | Defocus | Motion | Dust | Moire | Noise | SensorNoise | Threshold | Jpeg
)  # fmt: skip
"""In the order in which they happen to a picture."""

KINDS: dict[str, type[Effect]] = {kind.__name__.lower(): kind for kind in AnyEffect.__args__}
"""Every effect by name, in that order."""


class Degradation(msgspec.Struct, frozen=True):
    """What happens to one picture, in order; nothing where it stays clean."""

    effects: tuple[AnyEffect, ...] = ()


@dataclass(frozen=True)
class Effects:
    """Knobs of a part whose pictures are degraded; the defaults are the default mix.

    Attributes:
        frac: share of the samples that are degraded, 0..1.
        severity: the least, the most common and the greatest, 0..1.
        ink, paper, warp: weight of the effects of the family, relative to the default mix, 0 or more; 0 is never.
        scan, photo: weight of scanning and of photographing a picture, relative to the default mix, 0 or more.
    """

    frac: float = 0.85
    severity: tuple[float, float, float] = (0.05, 0.3, 0.9)
    ink: float = 1.0
    paper: float = 1.0
    warp: float = 1.0
    scan: float = 1.0
    photo: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.frac <= 1:
            raise ConfigError(f"effects: frac {self.frac} must be from 0 to 1")
        if not 0 <= self.severity[0] <= self.severity[1] <= self.severity[2] <= 1:
            raise ConfigError(f"effects: severity {self.severity} must be (least, most common, greatest) from 0 to 1")
        weights = {name: getattr(self, name) for name in ("ink", "paper", "warp", "scan", "photo")}
        wrong = [name for name, weight in weights.items() if not 0 <= weight < float("inf")]
        if wrong:
            raise ConfigError(f"effects: weight {wrong[0]} = {weights[wrong[0]]} must be 0 or more")
        if not (self.scan or self.photo or self.ink or self.paper):
            raise ConfigError("effects: the weights of scan, photo, ink and paper are 0, so nothing is left to happen")


def make_effects(knobs: Mapping[str, Any]) -> Effects:
    """The knobs as a recipe or a manifest holds them.

    Raises:
        ConfigError: no such knob, or one of the wrong type or range.
    """
    known = [field.name for field in dataclasses.fields(Effects)]
    for knob in knobs:
        if knob not in known:
            raise ConfigError(f"effects have no knob {knob!r}; they have: {', '.join(known)}")
    try:
        return msgspec.convert(dict(knobs), Effects)
    except msgspec.ValidationError as error:
        raise ConfigError(f"effects: {error}") from error


def version() -> str:
    """What may change a degraded picture without a change of knobs: the version of the effects and their menu."""
    return f"effects{VERSION}+{templates.digest(('effects',))[:12]}"


def tools() -> dict[str, str]:
    """{tool: version} of what draws the effects."""
    return {"opencv": cv2.__version__}


def draw(rng: np.random.Generator, knobs: Effects) -> Degradation:
    """What happens to a picture; depends on nothing else."""
    if rng.random() >= knobs.frac:
        return Degradation()
    least, usual, most = knobs.severity
    severity = float(rng.triangular(least, usual, most)) if least < most else least
    captures = templates.menu("effects")["captures"]
    weighted = [(entry["weight"] * _capture_weight(name, knobs), name) for name, entry in captures.items()]
    capture = Weighted(weighted).at(rng.random())
    names = _draw_names(rng, knobs, captures[capture])
    strongest = pick_int(0, len(names) - 1, rng.random())
    return Degradation(
        tuple(
            KINDS[name].draw(rng, severity if index == strongest else severity * rng.uniform(0.3, 1.0))  # type: ignore[misc]
            for index, name in enumerate(names)
        )
    )


def _capture_weight(name: str, knobs: Effects) -> float:
    if name == "print":  # A picture that was only printed needs something that print or paper did.
        return 1.0 if knobs.ink or knobs.paper else 0.0
    return knobs.scan if name == "scan" else knobs.photo


def _draw_names(rng: np.random.Generator, knobs: Effects, capture: dict[str, Any]) -> list[str]:
    """Some effects of a capture, in the order in which they happen."""
    weights = {
        name: weight * getattr(knobs, KINDS[name].family) if KINDS[name].family in ("ink", "paper", "warp") else weight
        for name, weight in capture["effects"].items()
    }
    num = Weighted(zip(capture["num"], range(1, len(capture["num"]) + 1), strict=True)).at(rng.random())
    candidates: Sequence[str] = capture["first"]
    taken: list[str] = []
    for _ in range(num):
        left = [(weights[name], name) for name in candidates if weights[name] > 0 and _fits(name, taken)]
        if left:
            taken.append(Weighted(left).at(rng.random()))
        candidates = list(weights)
    return [name for name in KINDS if name in taken]


def _fits(name: str, taken: Sequence[str]) -> bool:
    groups = templates.menu("effects")["alone"].values()
    return name not in taken and not any(name in group and other in group for group in groups for other in taken)
