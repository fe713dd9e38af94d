"""Answers as models give them, for comparing metrics: labels that were drawn, and ways of getting them wrong.

All is made from the labels of the golden pictures by one seed, so the same pairs come out every time.
"""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

NUM = 200
_GOLDEN = Path(__file__).parents[1] / "golden"
_MAX_CHARS = 320
"""Of a text: NLTK's edit distance in Python takes a second for 1,000 characters."""

Pair = tuple[str, str]
Spoil = Callable[[random.Random, str], str]


def labels(*renderers: str) -> list[str]:
    """The labels of some renderers' golden pictures."""
    found: list[str] = []
    for name in renderers:
        cases = json.loads((_GOLDEN / name / "record.json").read_text(encoding="utf-8"))["cases"]
        found += [case["markup"] for case in cases]
    return found


def _drop(rng: random.Random, text: str) -> str:
    return "".join(char for char in text if rng.random() > 0.06)


def _swap(rng: random.Random, text: str) -> str:
    chars = list(text)
    for _ in range(1 + len(chars) // 25):
        at = rng.randrange(max(len(chars) - 1, 1))
        chars[at : at + 2] = reversed(chars[at : at + 2])
    return "".join(chars)


def _mistake(rng: random.Random, text: str) -> str:
    alike = {"0": "O", "1": "l", "5": "S", "8": "B", "rn": "m", "a": "α", "-": "–", ",": "，", "未": "末", "日": "曰"}
    for one, other in alike.items():
        if rng.random() < 0.5:
            text = text.replace(one, other, rng.randrange(1, 4))
    return text


def _drop_line(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


def _swap_lines(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _cut(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text) // 4, len(text) + 1)]


def _repeat(rng: random.Random, text: str) -> str:
    tail = text[-rng.randrange(4, 30) :]
    return text + tail * rng.randrange(3, 12)


def _widen(_: random.Random, text: str) -> str:
    return text.translate({ord(one): ord(one) + 0xFEE0 for one in "abcABC0123()+"})


def _blanks(rng: random.Random, text: str) -> str:
    return "".join(char + " " * (rng.random() < 0.08) for char in text).replace("\n", "\n\n", 1)


def _words(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    rng.shuffle(words)
    return " ".join(words)


TEXT: tuple[Spoil, ...] = (
    lambda _, text: text,
    lambda *_: "",
    lambda *_: "对不起，我看不清图片中的文字。 Sorry.",
    _drop, _swap, _mistake, _drop_line, _swap_lines, _cut, _cut, _repeat, _widen, _blanks, _words,
)  # fmt: skip


def spoilt(seed: str, targets: list[str], ways: tuple[Spoil, ...], num: int = NUM) -> list[Pair]:
    """`num` pairs of target and answer, over all targets and all ways."""
    rng = random.Random(seed)
    pairs = []
    for at in range(num):
        turn, which = divmod(at, len(targets))
        target, way = targets[which], ways[(which + turn) % len(ways)]
        pairs.append((target, way(rng, target)))
    return pairs


def texts() -> list[Pair]:
    """Plain text and pages."""
    targets = [text[:_MAX_CHARS] for text in labels("html_documents", "html_lines", "mathpix_pages")]
    return spoilt("texts", targets, TEXT)


def blocks() -> list[Pair]:
    """Lines of text, some with formulas in them."""
    lines = "\n".join(labels("html_lines", "html_documents", "mathpix_pages")).split("\n")
    return spoilt("blocks", [line for line in lines if len(line) > 15 and line[0] not in "\\&|"][:NUM], TEXT)


def pages() -> list[Pair]:
    """Pages with formulas and tables, parts of them."""
    pieces = [text[-_MAX_CHARS:] for text in labels("mathpix_pages")]
    formulas = labels("latex_formulas", "mathpix_formulas")
    tables = [table[:200] for table in labels("latex_tables")]
    targets = [
        f"{piece[:60]}\n{formulas[at]}\n{tables[at % len(tables)]}\n{formulas[-at - 1]}"
        for at, piece in enumerate([*pieces, *pieces])
    ]
    return spoilt("pages", targets, TEXT)


def formulas() -> list[Pair]:
    """Formulas without delimiters; most answers are formulas too."""
    found = "\n".join(labels("latex_formulas", "mathpix_formulas", "mathpix_pages"))
    parts = re.findall(r"\\\[(.*?)\\\]|\\\((.*?)\\\)", found, re.DOTALL)
    targets = [display.strip() for display, _ in parts if display]
    targets += sorted({inline.strip() for _, inline in parts}, key=lambda one: (-len(one), one))[: 40 - len(targets)]
    named = ((r"\le", r"\leq "), (r"\to", r"\rightarrow "), ("{", " { "), ("x", "y"), (r"\cdot", "."), ("=", r"\neq "))

    def renamed(rng: random.Random, text: str) -> str:
        for one, other in rng.sample(named, 3):
            text = text.replace(one, other, 1)
        return text

    def sign(rng: random.Random, text: str) -> str:
        for _ in range(rng.randrange(1, 4)):
            signs = [one.start() for one in re.finditer(r"(?<![\\a-zA-Z{])[a-zA-Z0-9](?![a-zA-Z}])", text)]
            if signs:
                at = rng.choice(signs)
                text = text[:at] + rng.choice("abxyn0127") + text[at + 1 :]
        return text

    def lowered(rng: random.Random, text: str) -> str:
        return text.replace(*rng.choice((("^", "_"), ("_", "^"), (r"\frac", r"\binom"), (r"\left", ""), ("^", ""))), 1)

    def longer(rng: random.Random, text: str) -> str:
        return text + rng.choice((r"+\frac{a}{b}", "=0", ",", r"\ldots", "x^2"))

    def plain(_: random.Random, text: str) -> str:
        return re.sub(r"\\(?:left|right|mathrm|mathbf|tag)(?![a-z])", "", text)

    ways = (*TEXT[:2], renamed, renamed, sign, sign, sign, lowered, longer, plain, _drop, _swap, _mistake, _cut)
    return spoilt("formulas", targets, (*ways, _repeat, _blanks))


def _edited(edit: Callable[[random.Random, dict[str, object]], object]) -> Spoil:
    def way(rng: random.Random, text: str) -> str:
        chart = json.loads(text)
        edit(rng, chart)
        return json.dumps(chart, ensure_ascii=False)

    return way


def _chart_numbers(rng: random.Random, chart: dict[str, object]) -> None:
    chart["values"] = _each_number(chart["values"], lambda text: _scaled(rng, text))


def _chart_some(rng: random.Random, chart: dict[str, object]) -> None:
    values = chart["values"]
    assert isinstance(values, dict)
    for key in rng.sample(sorted(values), len(values) // 3):
        del values[key]


def _chart_names(rng: random.Random, chart: dict[str, object]) -> None:
    values = chart["values"]
    assert isinstance(values, dict)
    chart["values"] = {(_drop(rng, key) if rng.random() < 0.5 else key): one for key, one in values.items()}


def _chart_turned(_: random.Random, chart: dict[str, object]) -> None:
    values = chart["values"]
    assert isinstance(values, dict)
    if all(isinstance(one, dict) for one in values.values()):
        inner = dict.fromkeys(name for one in values.values() for name in one)
        chart["values"] = {name: {key: one[name] for key, one in values.items() if name in one} for name in inner}


def _chart_titles(rng: random.Random, chart: dict[str, object]) -> None:
    for field in ("title", "source", "x_title", "y_title"):
        chart[field] = rng.choice(["None", str(chart[field]).upper(), _mistake(rng, str(chart[field])), "Year"])


def _chart_untitled(rng: random.Random, chart: dict[str, object]) -> None:
    del chart[rng.choice(("title", "source", "x_title", "y_title"))]


def _chart_renamed(_: random.Random, chart: dict[str, object]) -> None:
    chart["data"] = chart.pop("values")


def _chart_empty(_: random.Random, chart: dict[str, object]) -> None:
    chart["values"] = {}


def charts() -> list[Pair]:
    """Dictionaries of charts."""
    edits = (
        _chart_numbers,
        _chart_numbers,
        _chart_some,
        _chart_names,
        _chart_turned,
        _chart_titles,
        _chart_untitled,
        _chart_renamed,
        _chart_empty,
    )
    targets = [label for label in labels("matplotlib_charts", "pyecharts_charts") if len(label) < 400]
    return spoilt("charts", targets, (*TEXT[:2], _cut, _cut, _repeat, *map(_edited, edits)))


def _each_number(values: object, change: Callable[[str], str]) -> object:
    if isinstance(values, dict):
        return {key: _each_number(one, change) for key, one in values.items()}
    return change(str(values))


def _scaled(rng: random.Random, text: str) -> str:
    if rng.random() < 0.5:
        return text
    return "".join(str((int(char) + 1) % 10) if char.isdigit() and rng.random() < 0.2 else char for char in text)


def molecules() -> list[Pair]:
    """SMILES, bare."""
    targets = [label.removeprefix("<smiles>").removesuffix("</smiles>") for label in labels("mathpix_molecules")]
    targets += ["C[C@H](N)C(=O)O", "F/C=C/F", "[R1]CC(=O)O", "C1CC[Xx]CC1", "[Na+].[Cl-]", "O=C1C[C@@H]2CC[C@H]1C2"]

    def other_order(rng: random.Random, text: str) -> str:
        from rdkit import Chem

        molecule = Chem.MolFromSmiles(text)
        return text if molecule is None else Chem.MolToSmiles(molecule, doRandom=True, canonical=False) or text

    def flipped(_: random.Random, text: str) -> str:
        return text.replace("@@", "#").replace("@", "@@").replace("#", "@")

    def kekule(_: random.Random, text: str) -> str:
        from rdkit import Chem

        molecule = Chem.MolFromSmiles(text)
        return text if molecule is None else Chem.MolToSmiles(molecule, kekuleSmiles=True)

    def element(rng: random.Random, text: str) -> str:
        return text.replace(rng.choice("CNO"), rng.choice("SNO"), 1)

    ways = (*TEXT[:2], flipped, kekule, element, element, _drop, _swap, _cut, _repeat)
    return spoilt("molecules", targets, ways)


def music() -> list[Pair]:
    """Two-voiced **kern of random notes, cleaned as SMT's targets are."""
    rng = random.Random("music")
    targets = []
    for _ in range(20):
        rows = ["**kern\t**kern", "*clefF4\t*clefG2", f"*k[{rng.choice(['', 'f#', 'b-e-'])}]\t*k[]", "*M4/4\t*M4/4"]
        for _ in range(rng.randrange(3, 9)):
            notes = ["".join((rng.choice("1248"), rng.choice(["A", "c", "dd", "G#", "e-", "."]))) for _ in range(4)]
            rows.append(f"{notes[0]} {notes[1]}\t{notes[2]}{rng.choice(['L', 'J', ''])}")
            rows.append(rng.choice(["=\t=", f".\t{notes[3]}"]))
        targets.append("\n".join([*rows, "==\t==", "*-\t*-"]))
    return spoilt("music", targets, (*TEXT[:2], _drop, _swap, _drop_line, _swap_lines, _cut, _repeat))


def tables() -> list[Pair]:
    """HTML tables: words in cells, some over several rows or columns."""
    rng = random.Random("tables")
    words = ["Year", "Total", "12.5%", "1,024", "北京", "销售额", "a b", "α+β", "", "n/a", "-3", "x < y"]
    targets = []
    for _ in range(20):
        rows = []
        for at in range(rng.randrange(2, 6)):
            cells = [rng.choice(words).replace("<", "&lt;") for _ in range(rng.randrange(2, 5))]
            tag = "th" if not at and rng.random() < 0.5 else "td"
            row = "".join(f"<{tag}>{cell}</{tag}>" for cell in cells)
            if rng.random() < 0.4:
                row = row.replace(f"<{tag}>", f'<{tag} colspan="2">', 1)
            rows.append(f"<tr>{row}</tr>")
        targets.append(f"<table>{''.join(rows)}</table>")

    def lines(way: Spoil) -> Spoil:
        return lambda rng, text: way(rng, text.replace("</tr>", "</tr>\n")).replace("</tr>\n", "</tr>")

    def span(rng: random.Random, text: str) -> str:
        return text.replace('colspan="2"', rng.choice(['colspan="3"', 'rowspan="2"', ""]), 1)

    def heads(_: random.Random, text: str) -> str:
        return text.replace("<table>", "<table><thead>").replace("</tr>", "</tr></thead><tbody>", 1) + "</tbody>"

    def other_words(rng: random.Random, text: str) -> str:
        return text.replace(rng.choice(words[:7]), rng.choice(words[:7]), 2)

    def tags(_: random.Random, text: str) -> str:
        return text.replace("<td>", "<td><b>", 1).replace("</td>", "</b></td>", 1)

    ways: tuple[Spoil, ...] = (
        *TEXT[:2],
        other_words,
        other_words,
        lines(_drop_line),
        lines(_swap_lines),
        span,
        heads,
        tags,
        _cut,
        _widen,
    )
    return spoilt("tables", targets, ways)


def figures() -> list[Pair]:
    """Straight lines by TikZ."""
    rng = random.Random("figures")

    def point() -> tuple[float, float]:
        return rng.randrange(-1000, 1000) / 100, rng.randrange(-1000, 1000) / 100

    def drawn(lines: list[tuple[tuple[float, float], tuple[float, float]]]) -> str:
        body = "\n".join(rf"\draw ({a[0]:.2f},{a[1]:.2f})--({b[0]:.2f},{b[1]:.2f});" for a, b in lines)
        return f"\\begin{{tikzpicture}}\n{body}\n\\end{{tikzpicture}}"

    pairs = []
    for at in range(NUM):
        target = [(point(), point()) for _ in range(rng.randrange(1, 7))]
        if at % 3 == 0:
            target.append(((0.0, float(at % 7)), (8.0, float(at % 7))))
        if at % 5 == 0:
            # Beside the first, so that which one is met matters.
            (x, y), (u, v) = target[0]
            target.append(((x + 0.5, y + 0.5), (u + 0.5, v + 0.5)))
        if at % 4 == 0:
            # Two on one straight line, and two on one upright.
            target += [
                ((0.0, 0.0), (3.0, 1.5)),
                ((5.0, 2.5), (8.0, 4.0)),
                ((9.0, 0.0), (9.0, 2.0)),
                ((9.0, 3.0), (9.0, 9.0)),
            ]
        off = rng.choice((0.0, 0.0, 0.1, 0.6, 2.0))
        answer = [
            ((a[0] + rng.uniform(-off, off), a[1] + rng.uniform(-off, off)), b)
            for a, b in target
            if rng.random() > 0.15
        ]
        rng.shuffle(answer)
        if at % 11 == 0:
            answer.append((point(), point()))
        pairs.append((drawn(target), drawn(answer) if answer else ""))
    return pairs


KINDS: dict[str, Callable[[], list[Pair]]] = {
    one.__name__: one for one in (texts, blocks, pages, formulas, charts, molecules, music, tables, figures)
}
"""What pairs there are."""
