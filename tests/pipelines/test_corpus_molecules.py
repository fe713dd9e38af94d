"""`pipelines.corpora.molecules`: what is kept of lists and tables of SMILES, and how the rest is counted."""

import gzip
import io
import json
import os
import random
import subprocess
import sys
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
from tests.e2e.mill import Result


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


def bomb(name: str, num_mib: int = 256) -> bytes:
    """A file of a few hundred kilobytes that unpacks to so many MiB."""
    comment = b"#" * (1 << 20)
    packed = io.BytesIO()
    if name.endswith(".gz"):
        with gzip.open(packed, "wb", compresslevel=9) as stream:
            for _ in range(num_mib):
                stream.write(comment)
        return packed.getvalue()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.smi", comment * (num_mib // 8))
    return packed.getvalue()


@pytest.mark.parametrize("name", ["bomb.smi.gz", "bomb.whl", "bomb.zip"])
def test_a_bomb_takes_no_memory(name: str, tmp_path: Path) -> None:
    """Of 1.5 GiB: it took 3.2 GB. The limit of a process is what a small machine has."""
    (tmp_path / name).write_bytes(bomb(name, 1536))
    code = (
        "import resource, sys; from pipelines.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (3 << 29, 3 << 29)); main(sys.argv[1:])"
    )
    words = ("corpus", "molecules", tmp_path / name, "-o", tmp_path / "out")
    done = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "1 unpacks_too_large" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_links_that_leave_the_source_are_not_followed(tmp_path: Path) -> None:
    source = write_sources(tmp_path / "in")
    (tmp_path / "secret.smi").write_text("CCCCCCO", encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "more.smi").write_text("CCCCCCCO", encoding="utf-8")
    inside = len(molecules(built(source, tmp_path / "before").path))
    (source / "secret.smi").symlink_to(tmp_path / "secret.smi")
    (source / "secrets").symlink_to(tmp_path / "secrets")
    (source / "round").symlink_to(".")
    (source / "nowhere.smi").symlink_to("nothing")
    os.mkfifo(source / "pipe.smi")
    made = built(source, tmp_path / "out")
    assert len(molecules(made.path)) == inside
    assert (made.stats.files["link_refused"], made.stats.files["device_refused"]) == (4, 1)


def one_line(done: Result) -> str:
    assert done.code == 2, done.err
    (line,) = done.err.strip().splitlines()
    return line


def test_an_output_that_cannot_be_written_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    source = write_sources(tmp_path / "in")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.parquet")
    (tmp_path / "made.parquet" / "molecules.parquet").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    for out in ("file", "file/out.parquet", "file/deep/out", "pipe.parquet", "made.parquet", "x" * 250 + ".parquet"):
        assert "output " in one_line(mill.called("corpus", "molecules", source, "-o", tmp_path / out)), out
    for rejects in (tmp_path, tmp_path / "file" / "x", Path("/dev/full")):
        words = ("corpus", "molecules", source, "-o", tmp_path / "out", "--rejects", rejects)
        assert f"rejects {rejects} cannot be written" in one_line(mill.called(*words))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_leaves_the_corpus_as_it_was(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
    try:
        source = write_sources(tmp_path / "in")
        path = built(source, disk / "out.parquet").path
        before = path.read_bytes()
        # Of the same carbon and oxygen, in every length and order: thousands of molecules, little to compress.
        rng = random.Random(0)
        many = "\n".join("".join(rng.choices("CNOSCC", k=24)) for _ in range(8000))
        (source / "many.smi").write_text(many, encoding="utf-8")
        line = one_line(mill.called("corpus", "molecules", source, "-o", path))
        assert f"output {path} cannot be written: " in line
        assert "No space left" in line
        assert [file.name for file in disk.iterdir()] == ["out.parquet"]
        assert path.read_bytes() == before
    finally:
        subprocess.run(["umount", disk], check=True)


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
