"""A corpus is opened once, by who draws from it: a renderer is plain knobs, and a recipe's digest holds the file's."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.recipe import Part, Recipe
from pipelines.work import Session
from renderers.core.corpora import Corpora, CorpusFile
from renderers.core.errors import ConfigError
from renderers.latex_formulas import LatexFormulas
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
            Corpora(renderer.corpora())


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
        assert {session.draw(part, index, 0).smiles for index in range(4)} == {"CCO"}
        assert session.recipe.digest != recipe.digest
    with Session(recipe) as session:
        assert session.draw(session.recipe.parts[0], 0, 0).smiles == "CCN"
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

    def open(self) -> str:
        self.opened[self.name] = self.opened.get(self.name, 0) + 1
        return self.name.upper()


def test_equal_sources_are_opened_once_and_others_are_not_there() -> None:
    opened: dict[str, int] = {}
    first, again, other = Counted("a", opened), Counted("a", opened), Counted("b", opened)
    corpora = Corpora([first, again])
    assert (corpora[first], corpora[again], opened) == ("A", "A", {"a": 1})
    with pytest.raises(KeyError):
        corpora[other]
