"""`pipelines.corpora.molecules`: what is kept of lists and tables of SMILES, and how the rest is counted."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.corpora.molecules import build
from pipelines.corpora.output import Built
from renderers.content.molecules.corpus import MoleculeSource, molecule_file
from renderers.core.errors import ConfigError
from tests.e2e import mill


def built(source: Path, out: Path, most: int = 1000, rejects: Path | None = None) -> Built:
    return build(source, out, "CC0-1.0", rejects, most)


def molecules(path: Path) -> list[str]:
    return [str(one) for one in pq.read_table(path).column("smiles").to_pylist()]


def write_sources(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.smi").write_text("// names\nOCC ethanol\nCCO again\n\nC1CC bad\n", encoding="utf-8")
    (folder / "b.csv").write_text(
        'name,SMILES\n"benzene, pure",C1=CC=CC=C1\nunsaid,CC=CC\nempty,\n', encoding="utf-8-sig"
    )
    (folder / "c.txt.gz").write_bytes(gzip.compress(b"C[N+](C)(C)C\n"))
    pq.write_table(pa.table({"id": [1, 2], "canonical_smiles": ["CC#N", None]}), folder / "d.parquet")
    with zipfile.ZipFile(folder / "e.whl", "w") as archive:
        archive.writestr("data/drugs.tsv", "smiles\tdose\nCC(=O)Nc1ccc(O)cc1\t5\n")
        archive.writestr("data/readme.md", "C")
    (folder / "f.csv").write_text("name,dose\na,1\n", encoding="utf-8")
    (folder / "g.sdf").write_text("", encoding="utf-8")
    (folder / "h.csv.gz").write_bytes(b"\x1f\x8b broken")
    (folder / "i.smi").write_bytes(b"\xff\xfe\xff")
    return folder


def test_molecules_of_all_forms_are_taken_once_and_canonical(tmp_path: Path) -> None:
    made = built(write_sources(tmp_path / "in"), tmp_path / "out", rejects=tmp_path / "rejects.jsonl")
    assert molecules(made.path) == ["CCO", "c1ccccc1", "C[N+](C)(C)C", "CC#N", "CC(=O)Nc1ccc(O)cc1"]
    assert made.stats.pieces == {"duplicate": 1, "no_molecule": 1, "sides_unsaid": 1}
    assert made.stats.files == {"no_smiles": 1, "other_format": 1, "unreadable": 2}
    assert made.num_found == sum(made.kept.values()) + sum(made.stats.pieces.values())
    reasons = [json.loads(line)["reason"] for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert sorted(reasons) == sorted([*made.stats.pieces.elements(), *made.stats.files.elements()])
    rows = pq.read_table(made.path).to_pylist()
    assert {row["licence"] for row in rows} == {"CC0-1.0"}
    assert rows[0]["origin"] == "a.smi:2"
    again = built(tmp_path / "in", tmp_path / "again.parquet")
    assert again.path.read_bytes() == made.path.read_bytes()


def test_a_corpus_is_drawn_from_by_size_and_digest(tmp_path: Path) -> None:
    path = str(built(write_sources(tmp_path / "in"), tmp_path / "out").path)
    file = molecule_file(path, "").pinned()
    assert MoleculeSource(file, (3, 5), is_alone=True).open("train").smiles == ("CCO", "C[N+](C)(C)C", "CC#N")
    with pytest.raises(ConfigError, match="no molecule of 90 to 99"):
        MoleculeSource(file, (90, 99), is_alone=True).open("train")
    with pytest.raises(ConfigError, match="not 0000"):
        MoleculeSource(molecule_file(path, "0000"), (3, 5), is_alone=True).open("train")


def test_no_more_are_read_than_wanted(tmp_path: Path) -> None:
    made = built(write_sources(tmp_path / "in"), tmp_path / "out", most=2)
    assert molecules(made.path) == ["CCO", "c1ccccc1"]


def bomb(name: str) -> bytes:
    """A file of a few hundred kilobytes that unpacks to 256 MiB."""
    comment = b"#" * (1 << 20)
    packed = io.BytesIO()
    if name.endswith(".gz"):
        with gzip.open(packed, "wb", compresslevel=9) as stream:
            for _ in range(256):
                stream.write(comment)
        return packed.getvalue()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.smi", comment * 32)
    return packed.getvalue()


@pytest.mark.parametrize("name", ["bomb.smi.gz", "bomb.whl", "bomb.smi.gz.gz"])
def test_a_bomb_is_not_unpacked(name: str, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    inner = bomb(name)
    (source / name).write_bytes(gzip.compress(inner) if name.endswith(".gz.gz") else inner)
    done = mill.run("corpus", "molecules", source, "-o", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    assert "holds no molecule that can be drawn; 0 were found (1 unpacks_too_large" in done.err
    assert len(done.err.strip().splitlines()) == 1
    (source / "a.smi").write_text("CCO", encoding="utf-8")
    made = built(source, tmp_path / "out")
    assert molecules(made.path) == ["CCO"]
    assert made.stats.files["unpacks_too_large"] == 1


@pytest.mark.parametrize(("method", "flag"), [(zipfile.ZIP_BZIP2, 0), (zipfile.ZIP_LZMA, 0), (zipfile.ZIP_STORED, 1)])
def test_members_of_other_methods_and_encrypted_ones_are_not_read(method: int, flag: int, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.smi", "CCO", method)
        archive.infolist()[0].flag_bits |= flag
        archive.writestr("b.smi", "CCN")
    (tmp_path / "in.zip").write_bytes(packed.getvalue())
    made = built(tmp_path / "in.zip", tmp_path / "out")
    assert molecules(made.path) == ["CCN"]
    assert made.stats.files == {"other_format": 1}


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.smi", "CCO")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("inner.smi", inner.getvalue() + b"\xff")
        archive.writestr("b.smi", "CCN")
    made = built(tmp_path / "in.zip", tmp_path / "out")
    assert molecules(made.path) == ["CCN"]
    assert made.stats.files == {"unreadable": 1}


def test_a_source_without_molecules_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "words.txt").write_text("hello world\n", encoding="utf-8")
    for source, message in (
        ("nowhere", "does not exist"),
        ("empty", "holds no molecule"),
        ("words.txt", "holds no molecule"),
    ):
        with pytest.raises(ConfigError, match=message):
            built(tmp_path / source, tmp_path / "out")
    (tmp_path / "other.parquet").write_bytes(b"not ours")
    with pytest.raises(ConfigError, match="no corpus of ours"):
        built(tmp_path / "words.txt", tmp_path / "other.parquet")
