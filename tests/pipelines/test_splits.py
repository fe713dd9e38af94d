"""Nothing that a recipe takes out of a corpus stands in two splits: no run of 8 words, no formula, no molecule.

Only what stands in the corpus is looked for: fixed phrases of letters and notices, and what is made of words, are
generated, and of them only whole targets are kept apart. Evaluation splits are drawn as often as training, so that what
they share would show.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.recipe import Recipe, load_recipe, recipe_names
from pipelines.work import Session
from renderers.content.prose.prose import default_prose_path
from renderers.core.split import SPLITS
from tests.made_prose import write_prose

HAN = ("\u3040", "\u9fff")
THAI = ("\u0e01", "\u0e4e")
RUNS = {HAN: 12, THAI: 32}


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Small corpora: {knob: path}."""
    folder = tmp_path_factory.mktemp("corpora")
    formulas = [rf"\[ x_{{{number}}}=\frac{{{number}}}{{y}} \]" for number in range(10, 900)]
    pq.write_table(pa.table({"kind": ["display"] * len(formulas), "markup": formulas}), folder / "formulas.parquet")
    smiles = ["C" * (1 + length) + end for length in range(50) for end in ("", "N", "O", "F", "Cl", "Br", "C#N", "S")]
    molecules = pa.table({"smiles": smiles, "num_heavy": [len(one) for one in smiles]})
    pq.write_table(molecules, folder / "molecules.parquet")
    return {
        "prose": write_prose(folder / "prose.parquet"),
        "formulas": str(folder / "formulas.parquet"),
        "molecules": str(folder / "molecules.parquet"),
    }


def with_corpora(recipe: Recipe, corpora: dict[str, str]) -> Recipe:
    """A recipe whose parts draw from these, all that can."""
    parts = []
    for part in recipe.parts:
        renderer: Any = part.renderer
        if hasattr(renderer, "prose"):
            renderer = replace(renderer, prose=corpora["prose"])
        elif hasattr(renderer, "sources"):
            renderer = replace(renderer, corpus=corpora["formulas"], sources={"corpus": 4.0, "grammar": 1.0})
        elif hasattr(renderer, "corpus"):
            renderer = replace(renderer, corpus=corpora["molecules"], corpus_frac=1.0)
        parts.append(replace(part, renderer=renderer))
    return replace(recipe, parts=tuple(parts))


class _Letters(dict[int, str]):
    """For `str.translate`: letters, digits and blanks stay, all else goes."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = char if unicodedata.category(char)[0] in "LMN" else " " if char.isspace() else ""
        self[code] = kept
        return kept


_LETTERS = _Letters()


def words_of(text: str) -> list[str]:
    return text.replace("\u00ad", "").lower().translate(_LETTERS).split()


def runs_of(words: list[str]) -> Iterator[str]:
    """The runs of a text of these words, each between blanks; of characters, where a script has no blanks."""
    for first in range(len(words) - 7):
        run = " ".join(words[first : first + 8])
        if not any(low <= char <= high for char in run for low, high in RUNS):
            yield f" {run} "
    joined = "".join(words)
    for (low, high), size in RUNS.items():
        start = 0
        for place, char in enumerate([*joined, ""]):
            if low <= char <= high:
                continue
            yield from (joined[first : first + size] for first in range(start, place - size + 1))
            start = place + 1


def texts_in(plain: Any) -> Iterator[str]:
    """All text of a spec."""
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict | list | tuple):
        for one in plain.values() if isinstance(plain, dict) else plain:
            yield from texts_in(one)


def pieces_of(spec: Any) -> Iterator[str]:
    """Formulas of a corpus, molecules, and runs of text, of a spec."""
    formula = getattr(spec, "formula", None)
    if formula is not None:
        yield from (part.latex.rstrip(" ,.;") for part in formula.parts if formula.source == "corpus")
    elif hasattr(spec, "smiles"):
        yield spec.smiles
    else:
        for text in texts_in(msgspec.to_builtins(spec)):
            yield from runs_of(words_of(text))


@cache
def said_in(path: str) -> tuple[str, str, set[str]]:
    """Of a corpus: its words between blanks, the same without blanks, its formulas and molecules."""
    table = pq.read_table(path)
    if "text" not in table.column_names:
        (name,) = {"markup", "smiles"} & set(table.column_names)
        return "", "", {text.removeprefix(r"\[ ").removesuffix(r" \]") for text in table.column(name).to_pylist()}
    rows = [words_of(text) for text in table.column("text").to_pylist()]
    return "\n".join(f" {' '.join(words)} " for words in rows), "\n".join("".join(words) for words in rows), set()


def is_of(piece: str, path: str) -> bool:
    words, chars, whole = said_in(path)
    return piece in whole or piece in (words if piece.startswith(" ") else chars)


def check(recipe: Recipe, num: int) -> None:
    """Draw so many specs for each split and look for what of the corpus two of them share."""
    path = path_of(recipe)
    if not path:  # All that it draws is generated.
        return
    with Session(recipe) as session:
        for part in session.recipe.parts:
            found: dict[str, set[str]] = {
                split: {piece for index in range(num) for piece in pieces_of(session.draw(part, split, index, 0))}
                for split in SPLITS
            }
            shared = {piece for one, other in combinations(SPLITS, 2) for piece in found[one] & found[other]}
            assert not [piece for piece in shared if is_of(piece, path)]
            for split, pieces in found.items():
                some = sorted(pieces)[:: 1 + len(pieces) // 300]
                assert sum(is_of(piece, path) for piece in some) >= 5, f"next to nothing of the corpus is in {split}"


def path_of(recipe: Recipe) -> str:
    """The corpus that a recipe draws from, or ""."""
    files = {source.file.path for part in recipe.parts for source in part.renderer.corpora() if source.file is not None}
    assert len(files) <= 1
    return next(iter(files), "")


@pytest.mark.parametrize("name", recipe_names())
def test_nothing_of_a_corpus_stands_in_two_splits(name: str, corpora: dict[str, str]) -> None:
    check(with_corpora(load_recipe(name), corpora), 100)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", recipe_names())
def test_nothing_of_a_corpus_stands_in_two_splits_of_thousands_of_rows(name: str, corpora: dict[str, str]) -> None:
    check(with_corpora(load_recipe(name), corpora | {"prose": str(default_prose_path())}), 1700)
