r"""Sources that nobody trusts: no primitive of TeX reads a secret, or writes a file, outside the run's own folder."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from renderers.core.errors import EngineError
from renderers.engines.landlock import landlock_version, start_confined
from renderers.engines.tex import Preamble, Tex, TexPage, standalone
from renderers.engines.tex_program import start_program

confined = pytest.mark.skipif(landlock_version() == 0, reason="this kernel has no Landlock")

SECRET = "Xyzzysecret"  # noqa: S105
PICTURE = (37, 81, 143)
PREAMBLE = standalone() + "\\usepackage{graphicx,listings,verbatim}\n"

# FILE is the secret: a text, a picture, a PDF, a font, a map, PostScript or a configuration.
READS = {
    "pdflatex": [
        r"\input{FILE.tex}",
        r"\makeatletter\@@input FILE.tex ",
        r"\InputIfFileExists{FILE.tex}{}{}x",
        r"\newread\r\openin\r=FILE.tex \read\r to\x\x\closein\r",
        r"\immediate\pdfobj stream file {FILE.tex}\pdfrefobj\pdflastobj x",
        r"\immediate\pdfobj file {FILE.tex}\pdfrefobj\pdflastobj x",
        r"\pdffiledump offset 0 length 100 {FILE.tex}",
        r"\pdfmdfivesum file {FILE.tex}",
        r"\pdffilesize{FILE.tex}",
        r"\pdffilemoddate{FILE.tex}",
        r"\pdfximage{FILE.png}\pdfrefximage\pdflastximage",
        r"\pdfximage{FILE.pdf}\pdfrefximage\pdflastximage",
        r"\includegraphics{FILE.png}",
        r"\includegraphics{FILE.pdf}",
        r"\pdfmapfile{=FILE.map}\font\f=secretfont \f x",
        r"\pdfmapline{=secretfont <FILE.pfb}\font\f=FILE \f x",
        r"\pdfmapline{=cmr10 CMR10 <FILE.pfb}\font\f=cmr10 \f x",
        r"\pdfmapline{=cmr10 CMR10 <FILE.enc <cmr10.pfb}\font\f=cmr10 \f x",
        r"\font\f=cmr10 \pdffontattr\f{/Secret (FILE)}\pdfglyphtounicode{A}{0041}\f x",
        r"\font\f=FILE \f A",
        r"\lstinputlisting{FILE.tex}",
        r"\verbatiminput{FILE.tex}",
        r"\special{pdf: FILE}\special{psfile=FILE.eps}x",
        r"\pdfximage{FILE.jpg}\pdfrefximage\pdflastximage",
    ],
    "xelatex": [
        r"\input{FILE.tex}",
        r"\makeatletter\@@input FILE.tex ",
        r"\InputIfFileExists{FILE.tex}{}{}x",
        r"\newread\r\openin\r=FILE.tex \read\r to\x\x\closein\r",
        r"\mdfivesum file {FILE.tex}",
        r"\filedump offset 0 length 100 {FILE.tex}",
        r"\filesize{FILE.tex}",
        r"\filemoddate{FILE.tex}",
        r"\XeTeXpicfile FILE.png ",
        r'\XeTeXpicfile "FILE.jpg" ',
        r"\XeTeXpdffile FILE.pdf ",
        r"\XeTeXpdfpagecount FILE.pdf x",
        r"\includegraphics{FILE.png}",
        r"\includegraphics{FILE.pdf}",
        r'\font\f="[FILE.otf]" \f A',
        r'\font\f="[FILE.otf]/OT" \f A',
        r"\font\f=FILE \f A",
        r"\lstinputlisting{FILE.tex}",
        r"\verbatiminput{FILE.tex}",
        r"\special{pdf:image width 20bp height 20bp (FILE.png)}x",
        r"\special{pdf:image (FILE.pdf)}x",
        r"\special{pdf:epdf (FILE.pdf)}x",
        r"\special{pdf:fstream @s (FILE.tex)}\special{pdf:put @catalog << /Secret @s >>}x",
        r"\special{pdf:stream @s (FILE.tex)}x",
        r"\special{pdf:mapfile FILE.map}\special{pdf:mapline cmr10 default FILE.pfb}\font\f=cmr10 \f x",
        r"\special{pdf:loadmapfile FILE.map}x",
        r"\special{dvipdfmx:config f FILE.map}x",
        r"\special{dvipdfmx:config D cat FILE.tex > %o}\special{psfile=FILE.eps}x",
        r"\special{dvipdfmx:config i FILE.tex}x",
        r"\special{psfile=FILE.eps llx=0 lly=0 urx=20 ury=20 rwi=200}x",
        r"\special{PSfile=FILE.eps}x",
        r"\special{ps: plotfile FILE.eps}x",
        r"\special{pdf:code FILE}\special{x:textcolor FILE}x",
        r"\special{pdf:tounicode FILE.tex}\special{pdf:majorversion 1}x",
    ],
}

WRITES = [
    r"\newwrite\w\immediate\openout\w=FILE \immediate\write\w{x}\immediate\closeout\w x",
    r"\newwrite\w\openout\w=FILE \write\w{x}\closeout\w x",
    r"\makeatletter\openout\@auxout=FILE \write\@auxout{x}x",
    r'\newwrite\w\immediate\openout\w="FILE" \immediate\write\w{x}\immediate\closeout\w x',
    r"\begin{filecontents*}[overwrite]{FILE}secret\end{filecontents*}x",
    r"\immediate\write18{touch FILE}x",
    r"\input{|touch FILE}x",
    r"\special{dvipdfmx:config D touch FILE}\special{psfile=tiger.eps}x",
    r"\special{dvipdfmx:config o FILE}x",
]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a secret in each format that TeX reads, the same name before the dot."""
    folder = tmp_path_factory.mktemp("secrets")
    file = folder / "secret"
    file.with_suffix(".tex").write_text(SECRET + "\n")
    file.with_suffix(".map").write_text(f"{SECRET} CMR10 <cmr10.pfb\nsecretfont CMR10 <cmr10.pfb\n")
    file.with_suffix(".enc").write_text(f"/{SECRET} [ {'/A ' * 256}] def\n")
    file.with_suffix(".eps").write_text(
        f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%Title: {SECRET}\nshowpage\n"
    )
    for ending in (".png", ".jpg", ".pdf"):
        Image.new("RGB", (16, 16), PICTURE).save(file.with_suffix(ending))
    with file.with_suffix(".pdf").open("ab") as pdf:
        pdf.write(f"\n% {SECRET}\n".encode())
    for name, ending in (("cmr10.pfb", ".pfb"), ("cmr10.tfm", ".tfm"), ("lmroman10-regular.otf", ".otf")):
        found = subprocess.run(["kpsewhich", name], capture_output=True, text=True, check=True).stdout.strip()
        shutil.copy(found, file.with_suffix(ending))
    return folder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every file that a run of the engine leaves in its folder, taken before the folder goes."""
    kept: list[bytes] = []
    remove = shutil.rmtree

    def keep(folder: Path, *, ignore_errors: bool = False) -> None:
        kept.extend(file.read_bytes() for file in Path(folder).rglob("*") if file.is_file() and file.name != "job.tex")
        remove(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", keep)
    return kept


def unpacked(data: bytes) -> bytes:
    """The bytes, and those of every compressed stream in them."""
    parts = [data]
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            parts.append(zlib.decompressobj().decompress(data[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def tells(data: bytes, folder: Path) -> list[str]:
    """Which of the secrets a file holds."""
    data = unpacked(data)
    found = [SECRET] if SECRET.encode() in data else []
    found += ["picture"] if bytes(PICTURE) * 8 in data else []
    text = hashlib.md5((folder / "secret.tex").read_bytes(), usedforsecurity=False).hexdigest().upper()
    found += ["digest"] if text.encode() in data else []
    found += ["dump"] if SECRET.encode().hex().upper().encode() in data else []
    return found


CASES = [(program, source) for program, sources in READS.items() for source in sources]


@confined
@pytest.mark.parametrize("way", ["absolute", "up"])
@pytest.mark.parametrize(("program", "source"), CASES)
def test_no_primitive_reads_what_lies_outside(
    program: str, source: str, way: str, secrets: Path, made: list[bytes]
) -> None:
    with Tex() as engine:
        file = secrets / "secret"
        if way == "up":
            assert engine._sweeper is not None
            run = engine._sweeper.folder / "run"
            file = Path(os.path.relpath(file, run))
        body = source.replace("FILE", str(file))
        try:
            with engine.typeset(Preamble(program, PREAMBLE), [body]) as (page,):  # type: ignore[arg-type]
                if isinstance(page, TexPage):
                    with page.page(100, 100) as seen:
                        assert SECRET[:5] not in seen.glyphs().text
                else:
                    assert SECRET not in page.detail
        except EngineError as error:
            made.append(str(error).encode())
    assert made
    assert not [word for data in made for word in tells(data, secrets)]


@confined
@pytest.mark.parametrize("program", ["pdflatex", "xelatex"])
@pytest.mark.parametrize("source", [r"\input{FILE.tex}", r"\newread\r\openin\r=FILE.tex \read\r to\x\typeout{\x}"])
def test_no_preamble_reads_what_lies_outside(
    program: str, source: str, secrets: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    preamble = PREAMBLE + source.replace("FILE", str(secrets / "secret")) + "\n"
    said = []
    for one in (Preamble(program, preamble), Preamble(program, PREAMBLE, preamble.removeprefix(PREAMBLE))):  # type: ignore[arg-type]
        try:
            with Tex() as engine, engine.typeset(one, ["x"]) as (page,):
                said.append(str(page))
        except EngineError as error:
            said.append(str(error))
    assert len(said) == 2
    assert SECRET not in "".join(said)
    assert not [file for file in tmp_path.rglob("*.fmt") if SECRET.encode() in file.read_bytes()]


@confined
@pytest.mark.parametrize("program", ["pdflatex", "xelatex"])
@pytest.mark.parametrize("source", WRITES)
def test_no_primitive_writes_what_lies_outside(
    program: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Tex() as engine:
        assert engine._sweeper is not None
        folder = engine._sweeper.folder
        (tmp_path / "there").write_text("kept")
        for file in (tmp_path / "flag", tmp_path / "there", Path(os.path.relpath(tmp_path / "flag", folder / "run"))):
            try:
                body = source.replace("FILE", str(file))
                with engine.typeset(Preamble(program, PREAMBLE), [body]):  # type: ignore[arg-type]
                    pass
            except EngineError:
                pass
        body = source.replace("FILE", "../flag")
        try:
            with engine.typeset(Preamble(program, PREAMBLE), [body]):  # type: ignore[arg-type]
                pass
        except EngineError:
            pass
        assert not list(folder.iterdir())
    assert [file.name for file in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_text() == "kept"


@confined
def test_a_program_without_rules_of_its_own_is_held_as_well(tmp_path: Path) -> None:
    """The kernel's part alone: a shell in place of TeX reads, writes, runs and connects as it likes."""
    own, outside = tmp_path / "own", tmp_path / "outside"
    own.mkdir()
    outside.mkdir()
    (outside / "secret").write_text(SECRET)

    def held(script: str) -> int:
        return start_confined(
            lambda: subprocess.Popen(["/bin/bash", "-c", script], cwd=own, stderr=subprocess.DEVNULL),
            [Path("/usr"), Path("/bin"), Path("/lib"), Path("/lib64"), Path("/no/such")],
            [own, Path("/dev/null")],
        ).wait()

    assert held("echo x > in && cat in > /dev/null && mkdir deep && mv in deep/in && rm -r deep") == 0
    for script in (
        f"cat {outside}/secret", "cat ../outside/secret", f"echo x > {outside}/new", f"rm {outside}/secret",
        f"ln -s {outside}/secret link", "mkfifo pipe", "echo 'exit 0' > run && chmod +x run && ./run", f"ls {outside}",
        f"mv {outside}/secret .", f"ln {outside}/secret .", "cat /etc/passwd", "cat /proc/self/environ",
        "kill -0 $PPID",
    ):  # fmt: skip
        assert held(script) != 0, script
    assert [file.name for file in outside.iterdir()] == ["secret"]
    assert (outside / "secret").read_text() == SECRET  # who started it is not held


def test_a_kernel_without_landlock_runs_the_program_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("renderers.engines.landlock.landlock_version", lambda: 0)
    (tmp_path / "job.tex").write_text(r"\documentclass{article}\begin{document}x\end{document}")
    assert start_program("pdflatex", ["job.tex"], tmp_path).wait() == 0
    assert (tmp_path / "job.pdf").is_file()


def test_doctor_says_how_tex_is_confined() -> None:
    command = [sys.executable, "-m", "pipelines", "doctor"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    (line,) = [line for line in done.stdout.splitlines() if line.strip().startswith("tex confined")]
    assert ("no Landlock" in line) == (landlock_version() == 0)
