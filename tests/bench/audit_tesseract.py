"""`python -m tests.bench.audit_tesseract`: an independent reader against our targets, on clean pages.

What is compared: the words that tesseract finds, each put into that line of ours whose box holds its middle, so the
order of lines is ours and a box that is wrong costs characters. On both sides blanks, bullets and leaders
are dropped, quotes, dashes and wide forms are made alike (NFKC), and the hyphen that breaks a word is dropped. What was
read outside of all lines counts as too much. Left out by knobs: handwriting (notes) and lines that run downwards.
"""

import argparse
import io
import os
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from pipelines.verify import verify
from renderers.content.documents.document import KINDS
from renderers.core.corpora import Corpora
from renderers.core.renderer import Region, Rendered
from renderers.core.rng import rng_at
from renderers.engines.chromium import Chromium
from renderers.html_documents import DocumentSpec, HtmlDocuments

_MODELS = {"en": "eng", "zh": "chi_sim"}
_WANTED = {"en": 0.03, "zh": 0.08}
_SEGMENTATION = {"line": 7, "paragraph": 6, "receipt": 4, "form": 4, "contents": 4}
"""Of tesseract, by kind; 3 (find the columns) for the others."""

_CAP_PX = {"en": 26.0, "zh": 30.0}
"""Pictures are enlarged until a capital is so high. Source: tesseract's manual, ImproveQuality."""

_SURE = 0.12
"""A document beyond this error rate is listed."""

_ALIKE = str.maketrans("“”„«»‘’‚‹›′`–—−‐|", "\"\"\"\"\"'''''''----l")
_DROPPED = re.compile(r"[\s•▪·*]|[.。_…]{3,}|…")


@dataclass(frozen=True)
class Reading:
    """One document: what it says, what was read, how many characters differ."""

    index: int
    spec: DocumentSpec
    rendered: Rendered
    wanted: str
    read: str
    outside: str

    @property
    def edits(self) -> int:
        return int(Levenshtein.distance(self.wanted, self.read)) + len(self.outside)

    @property
    def rate(self) -> float:
        return self.edits / max(1, len(self.wanted))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.audit_tesseract", description=__doc__)
    parser.add_argument("--num", type=int, default=200, help="documents of each language")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="readers at a time")
    parser.add_argument("--languages", nargs="*", default=[*_MODELS], choices=[*_MODELS])
    parser.add_argument("--worst", type=Path, help="folder for the pictures of those listed")
    chosen = parser.parse_args()
    console = Console(width=160)
    for language in chosen.languages:
        with Chromium() as engine, ThreadPoolExecutor(chosen.jobs) as readers:
            kept = documents(engine, language, chosen.num, chosen.seed)
            readings = list(readers.map(lambda each: read(*each), kept))
        _report(console, language, readings, chosen.worst)


def documents(engine: Chromium, language: str, num: int, seed: int) -> Iterator[tuple[int, DocumentSpec, Rendered]]:
    """Kept documents of a language with their index."""
    kinds: dict[Any, float] = {kind: weight for kind, weight in HtmlDocuments().kinds.items() if kind != "notes"}
    assert set(kinds) < set(KINDS)
    renderer = HtmlDocuments(kinds=kinds, languages={language: 1.0})
    corpora, kept, index = Corpora(renderer.corpora(), "train"), 0, 0
    while kept < num:
        specs = [(at, renderer.draw(rng_at(seed, "audit", at), corpora)) for at in range(index, index + renderer.batch)]
        specs = [(at, spec) for at, spec in specs if not spec.style.vertical]
        index += renderer.batch
        for (at, spec), one in zip(specs, renderer.render(engine, [spec for _, spec in specs]), strict=True):
            if isinstance(one, Rendered) and verify(one, renderer.format) is None and kept < num:
                kept += 1
                yield at, spec, one


def read(index: int, spec: DocumentSpec, rendered: Rendered) -> Reading:
    """What tesseract reads of a document."""
    language = spec.document.language
    cap_px = rendered.smallest_glyph_px * rendered.image.shape[0] / 1024
    scale = min(4.0, max(1.0, _CAP_PX[language] / cap_px))
    border = 24
    image = Image.fromarray(rendered.image).convert("L")
    if np.median(np.asarray(image)) < 128:
        image = ImageOps.invert(image)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    paper = int(np.bincount(np.asarray(image).ravel(), minlength=256).argmax())
    data = io.BytesIO()
    ImageOps.expand(image, border, paper).save(data, "png")
    command = ["tesseract", "stdin", "stdout", "-l", _MODELS[language], "--dpi", "300"]
    command += ["--psm", str(_SEGMENTATION.get(spec.document.kind, 3)), "tsv"]
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=data.getvalue(), capture_output=True, check=True, env=environment)
    words = [(word, (x - border) / scale, (y - border) / scale) for word, x, y in _words(done.stdout.decode())]
    return _compare(index, spec, rendered, words)


def _words(table: str) -> Iterator[tuple[str, float, float]]:
    """Each word and its middle."""
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip():
            left, top, width, height = map(float, cells[6:10])
            yield cells[11], left + width / 2, top + height / 2


def _compare(index: int, spec: DocumentSpec, rendered: Rendered, words: list[tuple[str, float, float]]) -> Reading:
    lines = _lines(rendered)
    frames = np.array([line.box for line in lines])
    found: list[list[str]] = [[] for _ in lines]
    outside: list[str] = []
    for word, x, y in words:
        beside = np.maximum(0, np.maximum(frames[:, 0] - x, x - frames[:, 2]))
        beside += np.maximum(0, np.maximum(frames[:, 1] - y, y - frames[:, 3]))
        nearest = int(np.argmin(beside))
        if beside[nearest] > 0.5 * (frames[nearest, 3] - frames[nearest, 1]):
            outside.append(word)
        else:
            found[nearest].append(word)
    read = ["".join(row) for row in found]
    whole = "".join(
        _plain(text.removesuffix("-") if line.text[-1:] != "-" else text)
        for line, text in zip(lines, read, strict=True)
    )
    wanted = "".join(_plain(line.text) for line in lines)
    return Reading(index, spec, rendered, wanted, whole, _plain("".join(outside)))


def _lines(rendered: Rendered) -> list[Region]:
    """Regions of lines; a block of one line is itself its line."""
    regions = [region for region in rendered.regions if region.kind != "word"]
    return [
        region
        for at, region in enumerate(regions)
        if region.kind == "line" or at + 1 == len(regions) or regions[at + 1].kind != "line"
    ]


def _plain(text: str) -> str:
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_ALIKE))


def _report(console: Console, language: str, readings: list[Reading], worst: Path | None) -> None:
    edits, total = sum(one.edits for one in readings), sum(len(one.wanted) for one in readings)
    rates = sorted(one.rate for one in readings)
    console.print(
        f"{language}: {len(readings)} documents, {total} characters, error rate {edits / total:.4f} "
        f"(wanted < {_WANTED[language]}), of a document: median {rates[len(rates) // 2]:.4f}, "
        f"90 % below {rates[int(0.9 * len(rates))]:.4f}"
    )
    by_kind: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for one in readings:
        by_kind[one.spec.document.kind] += one.edits
        sizes[one.spec.document.kind] += len(one.wanted)
    console.print("  " + ", ".join(f"{kind} {by_kind[kind] / sizes[kind]:.3f}" for kind in sizes))
    table = Table("index", "kind", "font", "rate", "too much", "wanted", "read")
    listed = [one for one in sorted(readings, key=lambda one: -one.rate) if one.rate > _SURE]
    for one in listed:
        font = "/".join(dict.fromkeys((one.spec.style.families[0], one.spec.style.display[0])))
        wanted, read = _first_difference(one)
        table.add_row(str(one.index), one.spec.document.kind, font, f"{one.rate:.3f}", one.outside[:20], wanted, read)
        if worst is not None:
            worst.mkdir(parents=True, exist_ok=True)
            Image.fromarray(one.rendered.image).save(worst / f"{language}-{one.index}.png")
            (worst / f"{language}-{one.index}.txt").write_text(f"{one.rendered.markup}\n-----\n{one.read}\n", "utf-8")
    console.print(table)


def _first_difference(one: Reading) -> tuple[str, str]:
    """A piece of both from where they part."""
    at = next((at for at, (a, b) in enumerate(zip(one.wanted, one.read, strict=False)) if a != b), len(one.read))
    return one.wanted[max(0, at - 6) : at + 24], one.read[max(0, at - 6) : at + 24]


if __name__ == "__main__":
    main()
