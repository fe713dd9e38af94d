"""A corpus is opened once, by who draws from it: a renderer is plain knobs, and a recipe's digest holds the file's."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.recipe import Part, Recipe
from pipelines.run import Machine, render
from pipelines.work import Session
from renderers.core.corpora import Corpora, CorpusFile
from renderers.core.errors import ConfigError
from renderers.core.rng import rng_at
from renderers.core.split import SPLITS, split_class
from renderers.latex_formulas import LatexFormulas
from renderers.mathpix_formulas import MathpixFormulas
from renderers.mathpix_molecules import MathpixMolecules


def write(path: Path, *smiles: str) -> Path:
    pq.write_table(pa.table({"smiles": list(smiles), "num_heavy": [len(one) for one in smiles]}), path)
    return path


def of_corpus(path: Path, sha256: str = "") -> Recipe:
    return Recipe("r", (Part(MathpixMolecules(corpus=str(path), corpus_sha256=sha256, corpus_frac=1.0)),))


def test_a_renderer_reads_no_corpus_until_it_is_opened(tmp_path: Path) -> None:
    for renderer in (
        MathpixMolecules(corpus=str(tmp_path / "none.parquet")),
        LatexFormulas(corpus=str(tmp_path / "none.parquet"), sources={"corpus": 1.0}),
    ):
        assert renderer.corpus_sha256 == ""
        with pytest.raises(ConfigError, match=r"none\.parquet: No such file or directory; glyphmill corpus"):
            Corpora(renderer.corpora(), "train")


def test_the_digest_of_a_recipe_holds_that_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", "CCO")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    before = of_corpus(path)
    assert before.parts[0].renderer == MathpixMolecules(corpus=str(path), corpus_frac=1.0)
    assert before.pinned() == of_corpus(path, sha256)
    assert before.pinned().pinned() == before.pinned()
    assert before.plain()["parts"][0]["knobs"]["corpus_sha256"] == sha256
    assert before.digest == of_corpus(path, sha256).digest
    pinned = before.pinned()
    write(path, "CCO", "CCN")
    assert of_corpus(path).digest != pinned.digest
    assert Recipe.from_plain(pinned.plain()).digest == pinned.digest


def test_a_session_opens_its_corpora_and_refuses_others(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", "CCO")
    recipe = of_corpus(path)
    with Session(recipe) as session:
        (part,) = session.recipe.parts
        write(path, "CCN")
        assert {session.draw(part, "train", index, 0).smiles for index in range(4)} == {"CCO"}
        assert session.recipe.digest != recipe.digest
    with Session(recipe) as session:
        assert session.draw(session.recipe.parts[0], "train", 0, 0).smiles == "CCN"
    with pytest.raises(ConfigError, match=r"its sha256 is [0-9a-f]{64}, not 0{64} as before"):
        Session(of_corpus(path, "0" * 64))


def test_what_is_wanted_of_a_corpus_must_be_in_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", "C")
    with pytest.raises(ConfigError, match="holds no molecule of 3 to 60 atoms"):
        Session(of_corpus(path))
    pq.write_table(pa.table({"text": ["a"]}), path)
    with pytest.raises(ConfigError, match="not made by glyphmill corpus molecules: it has no column 'smiles'"):
        Session(of_corpus(path))
    write(path)
    with pytest.raises(ConfigError, match="it is empty"):
        Session(of_corpus(path))


def write_formulas(path: Path, num: int) -> Path:
    markups = [rf"\[ x_{{{number}}}=\frac{{{number}}}{{y}}{'.' * (number % 2)} \]" for number in range(10, 10 + num)]
    pq.write_table(pa.table({"kind": ["display"] * num, "markup": markups}), path)
    return path


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("make", [LatexFormulas, MathpixFormulas])
def test_a_formula_is_drawn_for_the_split_of_its_content_key(make: type[Any], split: str, tmp_path: Path) -> None:
    path = write_formulas(tmp_path / "a.parquet", 600)
    renderer = make(corpus=str(path), sources={"corpus": 1.0}, several_frac=0.0, tag_frac=0.5)
    corpora = Corpora(renderer.corpora(), split)
    specs = [renderer.draw(rng_at(0, "a", index), corpora) for index in range(60)]
    assert {split_class(renderer.content_key(spec)) for spec in specs} == {split}
    kinds = {(part.kind, bool(part.tag), part.latex[-1] in ",.;") for spec in specs for part in spec.formula.parts}
    assert len(kinds) == 6, "inline or displayed, with a number or a mark or none"


@pytest.mark.parametrize("split", SPLITS)
def test_a_molecule_is_drawn_for_the_split_of_its_content_key(split: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", *("C" * num + end for num in range(3, 50) for end in ("N", "O", "F", "S")))
    renderer = MathpixMolecules(corpus=str(path), corpus_frac=1.0)
    corpora = Corpora(renderer.corpora(), split)
    specs = [renderer.draw(rng_at(0, "a", index), corpora) for index in range(60)]
    assert {split_class(renderer.content_key(spec)) for spec in specs} == {split}


def test_a_split_without_a_piece_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    out = tmp_path / "out"
    molecules = of_corpus(write(tmp_path / "a.parquet", "CCO", "CCN"))
    formulas = LatexFormulas(corpus=str(write_formulas(tmp_path / "b.parquet", 2)), sources={"corpus": 1.0})
    for recipe, said in (
        (
            molecules,
            "none of its 2 molecules of 3 to 60 atoms is for validation .* or corpus_frac below 1",
        ),
        (
            Recipe("r", (Part(formulas),)),
            "none of its 2 formulas of at most 140 tokens is for validation .* other",
        ),
    ):
        with pytest.raises(ConfigError, match=said):
            render(recipe, 9, str(out), Machine(workers=0))
    assert not out.exists()


def test_what_is_generated_stands_in_for_pieces_that_a_split_lacks(tmp_path: Path) -> None:
    path = str(write(tmp_path / "a.parquet", "CCO"))
    molecules = MathpixMolecules(corpus=path, corpus_frac=0.9)
    train, test = (Corpora(molecules.corpora(), split) for split in ("train", "test"))
    assert sum(molecules.draw(rng_at(0, "a", index), train).smiles == "CCO" for index in range(40)) > 30
    assert sum(molecules.draw(rng_at(0, "a", index), test).smiles == "CCO" for index in range(40)) < 5
    path = str(write_formulas(tmp_path / "b.parquet", 2))
    formulas = LatexFormulas(corpus=path, sources={"corpus": 9.0, "grammar": 1.0})
    train, test = (Corpora(formulas.corpora(), split) for split in ("train", "test"))
    assert {formulas.draw(rng_at(0, "a", index), train).formula.source for index in range(40)} == {"corpus", "grammar"}
    assert {formulas.draw(rng_at(0, "a", index), test).formula.source for index in range(40)} == {"grammar"}


@dataclass(frozen=True)
class Counted:
    """Counts how often it is opened."""

    name: str
    opened: dict[str, int]

    @property
    def file(self) -> CorpusFile | None:
        return None

    def __hash__(self) -> int:
        return hash(self.name)

    def open(self, split: str) -> str:
        self.opened[self.name] = self.opened.get(self.name, 0) + 1
        return f"{self.name} {split}"


def test_equal_sources_are_opened_once_and_others_are_not_there() -> None:
    opened: dict[str, int] = {}
    first, again, other = Counted("a", opened), Counted("a", opened), Counted("b", opened)
    corpora = Corpora([first, again], "test")
    assert (corpora[first], corpora[again], opened) == ("a test", "a test", {"a": 1})
    with pytest.raises(KeyError):
        corpora[other]
