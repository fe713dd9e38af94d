"""`glyphmill corpus tex` from outside: what it keeps, what it rejects and why, and that no source does harm."""

import gzip
import io
import json
import os
import tarfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.corpora.output import Built
from pipelines.corpora.tex.corpus import build
from renderers.core.errors import ConfigError, CorpusError
from renderers.labels.latex import grammar as latex
from renderers.labels.tables import grammar as tables
from tests.e2e import mill

DEBIAN = Path("/usr/share/doc/texlive-doc/latex")
LSHORT = DEBIAN / "lshort-chinese" / "src"
"""Of the package texlive-lang-chinese: a book of 12 chapters, gzipped one by one."""


def make(source: Path, tmp_path: Path, **knobs: object) -> tuple[Built, list[dict[str, str]]]:
    out = tmp_path / "out.parquet"
    options = {"licence": None, "rejects": None, "max_chars": 2000} | knobs
    built = build(source, out, **options)  # type: ignore[arg-type]
    rows = pq.read_table(out).to_pylist()
    assert built.num_found == len(rows) + sum(built.stats.pieces.values())
    return built, rows


def of_text(text: str, tmp_path: Path) -> tuple[Built, list[str]]:
    file = tmp_path / "main.tex"
    file.write_text(text, encoding="utf-8")
    built, rows = make(file, tmp_path)
    return built, [row["markup"] for row in rows]


def pack(path: Path, *members: tuple[tarfile.TarInfo | str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name) if isinstance(name, str) else name
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        (r"\newcommand{\R}{\mathbb{R}}$x\in\R$", r"\( x\in\mathbb{R} \)"),
        (r"\newcommand\R{\mathbb R}\(\R x\)", r"\( \mathbb{R}x \)"),
        (r"\newcommand{\norm}[2][2]{\|#2\|_{#1}}$\norm{x}\le\norm[1]y$", r"\( \|x\|_2\le\|y\|_1 \)"),
        (r"\def\half#1{\frac{#1}2}$$\half{\half x}$$", r"\[ \frac{\frac{x}{2}}{2} \]"),
        (r"\DeclareMathOperator{\tr}{tr}\DeclareMathOperator*\am{arg\,min}\[\am_x\tr A\]", None),
        (r"\let\eps\varepsilon $\eps>0$", r"\( \varepsilon>0 \)"),
        (r"\renewcommand{\phi}{\varphi}$\phi$", r"\( \varphi \)"),
        (r"\newcommand{\a}{1}$x$ \renewcommand{\a}{2}$\a$", r"\( 2 \)"),
        (r"\def\be{\begin{equation}}\def\ee{\end{equation}}\be a=b\label{x}\ee", r"\[ a=b \]"),
        (r"\newcommand{\bold}[1]{\mathbf#1}$\bold x$", r"\( \mathbf{x} \)"),
        ("$a % $ not here\n b$", r"\( ab \)"),
        (r"$a\text{ if $b$ holds}$", r"\( a\text{ if }b\text{ holds} \)"),
        (r"\begin{align*}a&=b\\c&=d\end{align*}", r"\[ \begin{aligned}a&=b\\c&=d\end{aligned} \]"),
        (r"\begin{gather}a\\b\end{gather}", r"\[ \begin{gathered}a\\b\end{gathered} \]"),
        (r"\newcommand\a{\alpha}\[\begin{pmatrix}1\\a\end{pmatrix}\]", r"\[ \begin{pmatrix}1\\a\end{pmatrix} \]"),
        (r"\makeatletter\newcommand\my@x{x}\def\y#1{\my@x_#1}\makeatother$\y1$", r"\( x_1 \)"),
        (r"\def\<{\langle}\let\>\rangle$\<x\>$", r"\( \langle x\rangle \)"),
        (r"\newenvironment{eq}{\begin{equation}}{\end{equation}}\begin{eq}a\end{eq}", r"\[ a \]"),
        (r"\begin {equation}a\end {equation}", r"\[ a \]"),
        ("\\[\n\\iffalse\na\\fi\nb\\]", r"\[ b \]"),
    ],
)
def test_formulas(source: str, markup: str | None, tmp_path: Path) -> None:
    _, markups = of_text(source, tmp_path)
    assert all(latex.check(found) is None for found in markups)
    assert markup is None or markups[-1] == markup


@pytest.mark.parametrize(
    "inert",
    [
        "% $x$",
        r"\verb|$x$|",
        r"\begin{verbatim}$x$\end{verbatim}",
        r"\begin{lstlisting}$x$\end{lstlisting}",
        r"\iffalse $x$ \ifx ab \fi $x$ \fi",
        r"5\$ and $$ $$ 6\$",
        r"\newcommand{\unused}{$x$}",
        r"\begin{tikzpicture}\node{$x$};\end{tikzpicture}",
        r"\\[2pt] x\]",
        r"\verb*|$x$| \mintinline[a]{sh}{$x$ {$x$}} \Verb+$x$+ \lstinline{$x$}",
        r"\url{a%20b?c=$d} \path|$x$| \href{a$b$c}{text}",
        r"\begin{sverbatim}$x\end{sverbatim}",
        r"\lstnewenvironment{sh}[1]{$}{$}\begin{sh}$x\end{sh}",
        r"\DefineVerbatimEnvironment{sh}{Verbatim}{fontsize=\small}\begin{sh}$x\end{sh}",
        r"\newenvironment{sh}{\small\verbatim}{\endverbatim}\begin{sh}$x\end{sh}",
        r"\MakeShortVerb{\|} |$x$| \DeleteShortVerb{\|} $y$ |",
        r"\lstMakeShortInline[language=sh]! !$x$! !$!",
        r"\documentclass[11pt]{ltxdoc} |$x$|",
    ],
)
def test_what_is_no_formula(inert: str, tmp_path: Path) -> None:
    built, markups = of_text(f"{inert}\n\n$y$\n\\end{{document}} $z$", tmp_path)
    assert not built.stats.pieces["not_closed"]
    assert markups == [r"\( y \)"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (r"$\unheardof x$", "command_unknown"),
        (r"$a=\eqref{b}$", "reference"),
        (r"\[\begin{unheardof}x\end{unheardof}\]", "environment_unknown"),
        ("$x\n\n", "not_closed"),
        (r"\begin{equation}x", "not_closed"),
        (r"\begin{equation}x \begin{equation}z\end{equation}", "not_closed"),
        (r"\samp{$HOME} and", "not_closed"),
        (r"\begin{longtable}{l}" + "x" * 7000 + r"\end{longtable}", "over_limit"),
        (r"\begin{tabular}{l}x\begin{tabular}{l}z\end{tabular}\end{tabular}", "not_in_grammar"),
        ("\\[x=\n\\begin{tikzcd}\na\n\\end{tikzcd}\n\\]", "environment_unknown"),
        (r"\[ \]", "empty"),
        ("$we have shown that$", "prose"),
        (r"\def\a{\a x}$\a$", "macro_endless"),
        (
            r"\def\a{\b\b}\def\b{\c\c\c\c\c\c\c\c\c\c}\def\c{\d\d\d\d\d\d\d\d\d\d}\def\d{" + "x" * 100 + r"}$\a$",
            "over_limit",
        ),
        (r"\def\a(#1){#1}$\a(x)$", "macro_unsupported"),
        (r"\newcommand\a[2]{#1#2}$\a x$", "macro_misused"),
        (f"${'x+' * 2000}x$", "over_limit"),
        (f"${'{' * 500}x{'}' * 500}$", "over_limit"),
        (r"\begin{tabular}{l}\includegraphics{x}\end{tabular}", "reference"),
        ("$q$ $q$", "duplicate"),
    ],
)
def test_reasons(source: str, reason: str, tmp_path: Path) -> None:
    built, markups = of_text(f"{source}\n\n$y$", tmp_path)
    assert r"\( y \)" in markups
    assert built.stats.pieces[reason] == 1, built.stats.pieces


def test_a_table_with_formulas_and_accents(tmp_path: Path) -> None:
    source = r"""\newcommand{\R}{\mathbb{R}}\begin{tabular}{@{}lr@{}}\toprule Caf\'e & $\R$\\ \midrule na\"{\i}ve -- x &
        12\% \\ \bottomrule\end{tabular} and \begin{tabular}{l} $\unheardof$ \end{tabular}"""
    built, (markup,) = of_text(source, tmp_path)
    assert tables.check(markup) is None
    assert "Café & \\(\\mathbb{R}\\)" in markup
    assert "naïve – x & 12\\%" in markup
    assert built.stats.pieces == {"command_unknown": 1}


def test_verbatim_text_in_a_table_stays(tmp_path: Path) -> None:
    _, (markup,) = of_text(r"\begin{tabular}{ll}\verb|\a{$}| & x\\ \url{a.b/%7E} & y\end{tabular}", tmp_path)
    assert r"\textbackslash{}a\{\$\} & x" in markup
    assert r"a.b/\%7E & y" in markup


@pytest.mark.parametrize(
    ("stray", "num"),
    [(r"\samp{$HOME/.profile} b", 1), (r"\samp{$A} or \samp{$B}", 1), ("5$", 0)],
)
def test_a_stray_dollar_costs_its_group_or_its_paragraph(stray: str, num: int, tmp_path: Path) -> None:
    _, markups = of_text(f"{stray} with that $x_1$.\n\nThen $y$", tmp_path)
    assert markups == [r"\( x_1 \)"] * num + [r"\( y \)"]


def doubling(num: int, argument: str) -> str:
    """Definitions each of which puts in the next twice."""
    names = [f"x{chr(97 + n)}" for n in range(num)]
    slot = "#1" if argument else ""
    bodies = [f"\\{name}{argument}\\{name}{argument}" for name in names[1:]]
    return "".join(rf"\def\{name}{slot}{{{body}}}" for name, body in zip(names, [*bodies, "z"], strict=True))


@pytest.mark.parametrize(
    ("definitions", "use"),
    [
        (doubling(12, "{#1}"), r"\xa{1}"),
        (doubling(25, ""), r"\xa "),
        (r"\def\xa#1{" + "#1" * 1900 + "}", r"\xa{" + "1" * 3000 + "}"),
        (r"\def\xa#1{\xb{#1}#1}\def\xb#1{\xa{#1}#1}", r"\xa{1}"),
        (r"\def\xa{\begin{equation}" + "x" * 180 + "}", r"$ $" + r"\xa " * 100),
    ],
)
def test_expansion_has_a_limit_for_a_document(definitions: str, use: str, tmp_path: Path) -> None:
    (tmp_path / "other.tex").write_text(r"\def\one#1{#1}$\one{g}$")
    formulas = "\n".join(f"${use}+{n}$" for n in range(max(60, 30_000 // len(use))))
    (tmp_path / "main.tex").write_text(f"{definitions}\n{formulas}\n$h$")
    start = time.monotonic()
    built, rows = make(tmp_path, tmp_path)
    assert time.monotonic() - start < 30
    assert r"\( g \)" in {row["markup"] for row in rows}
    counts = built.stats.pieces + built.stats.files
    assert counts.keys() & {"macro_work", "over_limit", "macro_endless", "shorthands_too_many"}, counts
    assert sum(len(row["markup"]) for row in rows) < 3_000_000


def test_a_file_that_all_documents_input_is_not_read_for_ever(tmp_path: Path) -> None:
    (tmp_path / "big.tex").write_text("words\n" * 200_000)
    for number in range(200):
        (tmp_path / f"main{number}.tex").write_text(rf"\input{{big}}$x_{{{number}}}$")
    built, rows = make(tmp_path, tmp_path)
    assert len(rows) == 200
    assert built.stats.files["inputs_too_many"] > 100


def test_near_duplicates_go_and_others_stay(tmp_path: Path) -> None:
    terms = [f"a_{{{n}}}x^{{{n}}}" for n in range(40)]
    other = [f"b_{{{n}}}y^{{{n}}}" for n in range(40)]
    formulas = ["+".join(terms), "+".join([*terms[:-1], "c"]), "+".join(other)]
    built, markups = of_text("\n".join(f"\\[{formula}\\]" for formula in formulas), tmp_path)
    assert len(markups) == 2
    assert built.stats.pieces == {"near_duplicate": 1}


def test_inputs_are_followed_inside_the_source_only(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("$s$")
    source = tmp_path / "paper"
    (source / "parts").mkdir(parents=True)
    (source / "mine.sty").write_text(r"\newcommand{\R}{\mathbb{R}} $n$")
    (source / "main.tex").write_text(
        r"\usepackage{amsmath,mine}\input{parts/one}\include{missing}\input{../secret}\input{/etc/passwd}$\R^3$\input{main}"
    )
    (source / "parts" / "one.tex").write_text(r"\input{two}$\R^1$\input main ")
    (source / "parts" / "two.tex").write_text(r"$\R^2$")
    (source / "parts" / "link.tex").symlink_to(tmp_path / "secret.tex")
    os.mkfifo(source / "pipe.tex")
    built, rows = make(source, tmp_path)
    assert [(row["markup"], row["origin"]) for row in rows] == [
        (r"\( \mathbb{R}^3 \)", "main.tex:1"),
        (r"\( \mathbb{R}^1 \)", "parts/one.tex:1"),
        (r"\( \mathbb{R}^2 \)", "parts/two.tex:1"),
    ]
    assert built.stats.files == {"input_missing": 1, "input_outside": 2, "link_refused": 1, "device_refused": 1}


def test_an_archive_of_arxiv(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    licence = b"This work is under http://creativecommons.org/licenses/by/4.0/"
    pack(folder / "a.tar.gz", ("main.tex", b"\n$a$\\input{sub/b}"), ("sub/b.tex", b"$b$"), ("LICENSE", licence))
    (folder / "0704.0001.gz").write_bytes(gzip.compress(b"\\documentclass{article}\n\n$c$"))
    (folder / "loose.tex.gz").write_bytes(gzip.compress(b"$d$"))
    (folder / "Makefile.gz").write_bytes(gzip.compress(b"$(e) $f$"))
    built, rows = make(folder, tmp_path)
    assert {(row["markup"][3:-3], row["origin"], row["licence"]) for row in rows} == {
        ("a", "a.tar.gz/main.tex:2", "CC-BY-4.0"),
        ("b", "a.tar.gz/sub/b.tex:1", "CC-BY-4.0"),
        ("c", "0704.0001.gz:3", "unknown"),
        ("d", "loose.tex.gz:1", "unknown"),
    }
    assert built.stats.files == {"file_not_tex": 1}
    _, rows = make(folder, tmp_path, licence="MIT")
    assert {row["licence"] for row in rows} == {"MIT"}


def test_hostile_members_are_counted_and_touch_nothing(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out.tex"
    inside.mkdir()
    kinds = {"sym": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "dev": tarfile.CHRTYPE, "fifo": tarfile.FIFOTYPE}
    members: list[tuple[tarfile.TarInfo | str, bytes]] = [("good.tex", b"$g$")]
    for name, kind in kinds.items():
        member = tarfile.TarInfo(f"{name}.tex")
        member.type, member.linkname = kind, "/etc/passwd"
        members.append((member, b""))
    members += [("../out.tex", b"$x$"), (str(outside), b"$x$"), ("a/../../out.tex", b"$x$"), ("in.tar.gz", b"")]
    pack(inside / "evil.tar.gz", *members)
    built, rows = make(inside, tmp_path)
    assert [row["markup"] for row in rows] == [r"\( g \)"]
    assert built.stats.files == {"link_refused": 2, "device_refused": 2, "path_outside": 3, "archive_nested": 1}
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["evil.tar.gz", "in", "out.parquet"]


def test_archives_that_are_broken_or_unpack_to_more_than_the_limit(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    good = pack(folder / "good.tar.gz", ("g.tex", b"$g$")).read_bytes()
    (folder / "cut.tar.gz").write_bytes(good[:-30])
    (folder / "noise.tar.gz").write_bytes(os.urandom(5000))
    (folder / "empty.tar.gz").write_bytes(b"")
    with gzip.open(folder / "bomb.gz", "wb", compresslevel=1) as bomb:
        for _ in range(40):
            bomb.write(bytes(1 << 20))
    header = tarfile.TarInfo("liar.tex")
    header.size = 1 << 50
    (folder / "liar.tar.gz").write_bytes(gzip.compress(header.tobuf() + b"$x$"))
    pax = tarfile.TarInfo("pax")
    pax.type, pax.size = tarfile.XHDTYPE, 1 << 40
    (folder / "pax.tar").write_bytes(pax.tobuf(tarfile.GNU_FORMAT) + b"x")
    (folder / "long.tex").write_bytes(b"$x$ " * (5 << 20))
    built, rows = make(folder, tmp_path)
    assert [row["markup"] for row in rows] == [r"\( g \)"]
    assert built.stats.files == {"archive_broken": 3, "archive_too_large": 3, "file_too_large": 2}


@pytest.mark.parametrize(
    ("raw", "markup", "note"),
    [
        ("é $x$".encode("latin-1"), r"\( x \)", "decoded as latin-1"),
        ("\\usepackage[koi8-r]{inputenc} $\\text{да}$".encode("koi8-r"), r"\( \text{да} \)", "decoded as koi8-r"),
        ("中文测试文字 $\\text{若}x$".encode("gbk"), r"\( \text{若}x \)", "decoded as gb18030"),
        ("$x$".encode("utf-16"), r"\( x \)", "decoded as utf-16"),
        (b"\xef\xbb\xbf$x$\r\n", r"\( x \)", ""),
    ],
)
def test_encodings(raw: bytes, markup: str, note: str, tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_bytes(raw)
    built, rows = make(tmp_path / "main.tex", tmp_path)
    assert [row["markup"] for row in rows] == [markup]
    assert built.stats.notes == ({note: 1} if note else {})


@pytest.mark.parametrize(
    "line",
    [
        "$" * 300_001,
        "${" * 100_000,
        r"\begin{equation}" * 20_000,
        r"\iffalse" * 40_000,
        r"\def\x{" * 40_000,
        r"\verb|" * 50_000,
        r"\input{a" * 40_000,
        "{" * 300_000,
        r"\begin{verbatim}" * 20_000,
        "\\" * 300_001,
        r"\[" * 150_000,
        r"\url{" * 60_000,
        r"\MakeShortVerb{\|}|" * 15_000,
        r"\begin {tabular}" * 20_000,
        r"\newenvironment{a}{" * 20_000,
        "\0\1" * 150_000,
    ],
    ids=lambda line: line[:16].encode().hex(),
)
def test_long_lines_take_time_in_proportion(line: str, tmp_path: Path) -> None:
    (tmp_path / "good.tex").write_text("$g$")
    (tmp_path / "line.tex").write_text(line)
    start = time.monotonic()
    _, rows = make(tmp_path, tmp_path)
    assert r"\( g \)" in {row["markup"] for row in rows}
    assert time.monotonic() - start < 20


@pytest.mark.skipif(
    not LSHORT.is_dir() and not os.environ.get("CI"), reason="packages were installed without their documentation"
)
def test_a_real_book(tmp_path: Path) -> None:
    built, rows = make(LSHORT, tmp_path, rejects=tmp_path / "rejects.jsonl")
    first = (tmp_path / "out.parquet").read_bytes()
    kinds = Counter(row["kind"] for row in rows)
    assert kinds["formula_display"] > 20
    assert kinds["formula_inline"] > 60
    assert kinds["table"] > 5
    for row in rows:
        assert (tables if row["kind"] == "table" else latex).check(row["markup"]) is None
    refused = Counter(json.loads(line)["reason"] for line in (tmp_path / "rejects.jsonl").read_text().splitlines())
    assert refused == built.stats.pieces + built.stats.files
    make(LSHORT, tmp_path)
    assert (tmp_path / "out.parquet").read_bytes() == first


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text(r"$x$ $\unheardof$")
    out = tmp_path / "corpus"
    done = mill.run("corpus", "tex", tmp_path / "main.tex", "-o", out)
    assert (done.code, done.err) == (0, "")
    assert "command_unknown" in done.out
    assert "1 rows in" in done.out
    assert mill.run("corpus", "tex", tmp_path / "main.tex", "-o", out).code == 0
    (tmp_path / "mine.parquet").write_text("mine")
    done = mill.run("corpus", "tex", tmp_path / "main.tex", "-o", tmp_path / "mine.parquet")
    assert (done.code, done.out) == (2, "")
    assert len(done.err.strip().splitlines()) == 1
    assert (tmp_path / "mine.parquet").read_text() == "mine"


def test_mistakes_are_named(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text("no formula")
    (tmp_path / "mine.txt").write_text("mine")
    main = tmp_path / "main.tex"
    for source, out, why in (
        (tmp_path / "nowhere", tmp_path / "out.parquet", "No such file"),
        (tmp_path / "mine.txt", tmp_path / "out.parquet", "is no folder"),
        (main, tmp_path, "other files"),
        (main, main, "exists"),
    ):
        with pytest.raises(ConfigError, match=why):
            build(source, out, None, None, 2000)
    with pytest.raises(CorpusError, match="0 found"):
        build(tmp_path, tmp_path / "out.parquet", None, None, 2000)
    with pytest.raises(ConfigError, match="rejects"):
        build(tmp_path, tmp_path / "out.parquet", None, tmp_path / "no" / "rejects", 2000)
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("$y\\in% the set\nf(A)$", r"\( y\in f(A) \)"),
        ("$\\alpha%\n   b$", r"\( \alpha b \)"),
        ("\\newcommand{\\e}{\\in%\nx} $a\\e$", r"\( a\in x \)"),
        (r"$\hskip 5pt plus 1pt minus 1pt w$", r"\( w \)"),
        (r"\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}$\abs{x}$", r"\( |x| \)"),
        (r"\DeclarePairedDelimiter\abs{\lvert}{\rvert}$\abs*{\frac ab}$", r"\( \left|\frac{a}{b}\right| \)"),
        (r"\DeclarePairedDelimiter\abs{\lvert}{\rvert}$\abs[\big]{y}$", r"\( \big|y\big| \)"),
        (r"\NewDocumentCommand{\d}{O{x} m}{\frac{#2}{#1}}$\d{f}+\d[t]{g}$", r"\( \frac{f}{x}+\frac{g}{t} \)"),
        (r"\NewDocumentCommand\E{s o m}{E\IfNoValueF{#2}{_{#2}}\IfBooleanTF{#1}{[#3]}{(#3)}}$\E*{X}+\E[q]{Y}$",
         r"\( E[X]+E_q(Y) \)"),
        (r"$\mathbbm{1}_A$", r"\( \mathbb{1}_A \)"),
        (r"$$x=y \eqno(1)$$", r"\[ x=y\tag{1} \]"),
        (r"$$x=y\leqno{\rm (2.3)}$$", r"\[ x=y\tag{2.3} \]"),
        (r"$\pmatrix{a&b\cr c&d\cr}$", r"\( \begin{pmatrix}a&b\\c&d\end{pmatrix} \)"),
        (r"$\matrix{a&b}$", r"\( \begin{matrix}a&b\end{matrix} \)"),
        (r"$$\eqalign{a&=b\cr c&=d\cr}$$", r"\[ \begin{aligned}a&=b\\c&=d\end{aligned} \]"),
        ("\\begin{tabular}{l}a\\\\\\hline%\nc\\end{tabular}",
         "\\begin{tabular}{l}\na \\\\\n\\hline\nc \\\\\n\\end{tabular}"),
        (r"\newcolumntype{C}{>{\centering}p{2cm}}\newcolumntype{L}[1]{p{#1}}\begin{tabular}{*{2}{C}|L{3cm}}a&b&c\end{tabular}",
         "\\begin{tabular}{ll|l}\na & b & c \\\\\n\\end{tabular}"),
    ],
)  # fmt: skip
def test_what_people_write_is_read_as_tex_does(text: str, markup: str, tmp_path: Path) -> None:
    assert of_text(text, tmp_path)[1] == [markup]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"$\mathds{1}$", "command_unknown"),
        (r"\NewDocumentCommand{\v}{v}{#1}$\v{x}+y$", "macro_unsupported"),
        (r"$$x\eqno*$$", "not_in_grammar"),
        (r"\newcolumntype{C}{C}\newcolumntype{D}{DD}\begin{tabular}{D}a\end{tabular}", "macro_endless"),
    ],
)
def test_what_is_not_read_is_counted(text: str, reason: str, tmp_path: Path) -> None:
    built, markups = of_text(f"$k$ {text}", tmp_path)
    assert markups == [r"\( k \)"]
    assert built.stats.pieces == {reason: 1}


def test_links_that_stay_inside_the_source_are_followed(tmp_path: Path) -> None:
    source = tmp_path / "papers"
    for folder in ("shared", "one", "two"):
        (source / folder).mkdir(parents=True)
    (source / "shared" / "header.tex").write_text(r"\newcommand{\R}{\mathbb{R}}")
    (source / "one" / "header.tex").symlink_to("../shared/header.tex")
    (source / "one" / "main.tex").write_text(r"\input{header}$\R^1$")
    (source / "two" / "shared").symlink_to("../shared")
    (source / "two" / "main.tex").write_text(r"\input{shared/header}$\R^2$")
    (source / "shared" / "back").symlink_to("..")
    (source / "two" / "out.tex").symlink_to(tmp_path / "out.tex")
    built, rows = make(source, tmp_path)
    assert [row["markup"] for row in rows] == [r"\( \mathbb{R}^1 \)", r"\( \mathbb{R}^2 \)"]
    assert built.stats.files["link_refused"] == 3  # out.tex, and back in both paths of its folder


def test_links_that_stay_inside_an_archive_are_followed(tmp_path: Path) -> None:
    header, folder = tarfile.TarInfo("one/header.tex"), tarfile.TarInfo("two/shared")
    header.type, header.linkname = tarfile.SYMTYPE, "../shared/header.tex"
    folder.type, folder.linkname = tarfile.SYMTYPE, "../shared"
    source = tmp_path / "in"
    source.mkdir()
    pack(
        source / "a.tar.gz", (header, b""), (folder, b""), ("shared/header.tex", b"\\newcommand{\\R}{\\mathbb{R}}"),
        ("one/main.tex", b"\\input{header}$\\R^1$"), ("two/main.tex", b"\\input{shared/header}$\\R^2$"),
    )  # fmt: skip
    built, rows = make(source, tmp_path)
    assert [row["markup"] for row in rows] == [r"\( \mathbb{R}^1 \)", r"\( \mathbb{R}^2 \)"]
    assert not built.stats.files
