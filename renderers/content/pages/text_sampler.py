"""The words and formulas of one page: running text with formulas in it, lines of mathematics, cells, code."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import templates
from renderers.content.documents.text_sampler import TextSampler
from renderers.content.formulas.draw import FormulaKnobs, draw_formula
from renderers.content.formulas.formula import Formula, target
from renderers.content.molecules.molecule import MoleculeKnobs, draw_molecule
from renderers.core.errors import LabelError
from renderers.labels.latex import grammar as latex
from renderers.labels.markdown.tree import formula_text, split_formulas
from renderers.labels.smiles import grammar as smiles

T = TypeVar("T")

_TRIES = 6
_FOLDER = "pages"
_WORD_END = re.compile(r"(?<=[a-z,]) (?=[a-z])")
_CLAUSE_END = re.compile(r"(?<=[\u4e00-\u9fff])(?=，)|(?<=[\u4e00-\u9fff])(?=的)")
_HEADED = re.compile(
    r"(?:Theorem|Lemma|Proposition|Corollary|Definition|Remark|Example|Conjecture|Proof|Claim|Axiom|Property|Problem"
    r"|Exercise|Solution|Note|Fact|Hypothesis|Assumption|Algorithm|Notation|Case|Step)\b"
    r"|定理|引理|命题|推论|定义|注|例|证明|解|公理|性质|问题|练习|猜想|假设|情形|步骤|结论|说明|备注|（\d|\d+．"
)
_FRAGMENT = re.compile(r"[a-z]|其中")
_FOLLOWING = re.compile(r"(?:Hence|Here|Then|It follows|Its|This|In the|Substituting)\b|因此|由此|代入")
"""Lines that name themselves (Theorem, Proof) or lean on what came before; a page writes its own headings."""

_UNUSABLE = re.compile(r"\\(?:SI|si|num|qty)\b")
_MAX_INLINE = 46
"""Most characters of an inline formula; longer ones leave holes in narrow columns."""

_MIN_ATOMS, _MAX_ATOMS, _ATOMS_PER_EM = 7, 22, 0.9
"""Size of molecules in atoms: larger ones are wider than a column, and more often drawn so that atoms overlap."""

_PLAIN_FRAC = 0.6
"""Share of inline formulas that are a letter, a letter with an index, or a number with a sign."""


@dataclass
class PageTextSampler:
    """Draws the texts of one page, formulas and molecules among them.

    Attributes:
        plain_samplers: those of plain text, by language.
        language: of the next text: en or zh.
        drawable: whether the browser has all glyphs of a canonical formula.
        maths: share of sentences with a formula in them, 0..1; also weighs the parts of a page that are mathematics.
        cited: share of sentences with a citation, 0..1.
        chemistry: weight of molecules among the parts of a page, 0..1.
        rings: whether aromatic rings are drawn with circles.
        numbers: counters of the page (section, theorem, formula) and what holds all over it (style of tags).
    """

    plain_samplers: dict[str, TextSampler]
    language: str
    drawable: Callable[[str], bool]
    maths: float
    cited: float
    chemistry: float
    rings: bool
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def plain(self) -> TextSampler:
        """The sampler of plain text of the present language."""
        return self.plain_samplers[self.language]

    @property
    def phrases(self) -> dict[str, Any]:
        """Set phrases of the language."""
        phrases: dict[str, Any] = templates.menu(_FOLDER, "phrases.toml")[self.language]
        return phrases

    def chance(self, frac: float) -> bool:
        """True with a probability of `frac`, 0..1."""
        return self.plain.chance(frac)

    def pick(self, things: Sequence[T]) -> T:
        """One of several, all equally likely."""
        return self.plain.pick(things)

    def number(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both among them."""
        return self.plain.number(low, high)

    def phrase(self, kind: str) -> str:
        """A set phrase, its slots filled."""
        return self.plain.fill(self.pick(self.phrases[kind]))

    def next_number(self, kind: str) -> int:
        """The running number of a section, theorem, figure ... of the page, from 1."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]

    def heading(self) -> str:
        """A few words without a stop, sometimes with a formula."""
        text = self.plain.heading(14 if self.language == "zh" else 44)
        if self.chance(0.1 * self.maths) and "{" not in text:
            formula = self.inline()
            text = f"{text}{formula}" if self.language == "zh" else f"{text} {formula}"
        return text

    def inline(self) -> str:
        """A short formula in a line, often hardly more than a letter."""
        if self.chance(_PLAIN_FRAC):
            menu = templates.menu(_FOLDER, "phrases.toml")
            text: str = self.pick(menu["inline"])
            for slot, kind in (("<l>", "letters"), ("<m>", "letters"), ("<k>", "indices"), ("<n>", "numbers")):
                text = text.replace(slot, self.pick(menu[kind]))
            return formula_text(rf"\( {text} \)")
        return self._formula(_formula_knobs("inline", self.language), r"\(")

    def displayed(self) -> str:
        """A formula on a line of its own, without a number."""
        return self._formula(_formula_knobs("display", self.language), r"\[")

    def line(self, opens: bool = False) -> list[str]:
        r"""A sentence of mathematics: words with inline formulas, and `\[ \]` pieces of their own.

        Args:
            opens: whether nothing that it could follow from stands before it.
        """
        for _ in range(_TRIES):
            formula = draw_formula(self.plain.rng, self.plain.lexicon, _formula_knobs("text", self.language))
            text = self._settled(formula)
            if text is None:
                continue
            pieces = [piece for piece in text.split("\n") if piece]
            words = "".join(part for piece in pieces for part, is_formula in split_formulas(piece) if not is_formula)
            if _HEADED.match(words) or _FRAGMENT.match(words) or (opens and _FOLLOWING.match(words)):
                continue
            if self.plain.fits("".join(words.split())):
                return pieces
        return [self.plain.sentence(120)]

    def _formula(self, knobs: FormulaKnobs, opens: str) -> str:
        for _ in range(_TRIES):
            formula = draw_formula(self.plain.rng, self.plain.lexicon, knobs)
            (part,) = formula.parts
            if (part.kind == "inline") != (opens == r"\(") or (part.kind == "inline" and len(part.latex) > _MAX_INLINE):
                continue
            text = self._settled(formula)
            if text is not None:
                return text
        return r"\( x \)" if opens == r"\(" else r"\[ x=0 \]"

    def _settled(self, formula: Formula) -> str | None:
        try:
            text = latex.normalize(target(formula))
        except LabelError:
            return None
        return text if self.drawable(text) and not _UNUSABLE.search(text) else None

    def paragraphs(self, num_chars: int) -> list[str]:
        """Running text, formulas and citations in it."""
        return [self._enriched(text) for text in self.plain.paragraphs(num_chars)]

    def paragraph(self, num_chars: int) -> str:
        """One paragraph of about so many characters."""
        return self._enriched(self.plain.paragraphs(num_chars)[0])

    def sentence(self, max_chars: int) -> str:
        """One sentence."""
        return self._enriched(self.plain.sentence(max_chars))

    def _enriched(self, text: str) -> str:
        if self.chance(self.maths):
            ends = [match.start() for match in (_CLAUSE_END if self.language == "zh" else _WORD_END).finditer(text)]
            positions = sorted((self.pick(ends) for _ in range(self.number(1, 3))), reverse=True) if ends else []
            for at in dict.fromkeys(positions):
                formula = self.inline()
                text = (
                    f"{text[:at]}{formula}{text[at:]}" if self.language == "zh" else f"{text[:at]} {formula}{text[at:]}"
                )
        if self.chance(self.cited) and text[-1:] in ".。":
            mark = self.citation()
            text = f"{text[:-1]}{mark}{text[-1]}" if self.language == "zh" else f"{text[:-1]} {mark}{text[-1]}"
        return text

    def citation(self) -> str:
        """A number in brackets, or a name and a year."""
        if self.language == "zh" or self.chance(0.7):
            first = self.number(1, 40)
            return self.pick([f"[{first}]", f"[{first}]", f"[{first}, {first + 2}]", f"[{first}]"])
        return self.plain.fill("({last}, {year})")

    def molecule(self, room_em: float) -> tuple[str, int] | None:
        """A molecule about as wide as the room at most, and an atom to begin its drawing with; None where none is."""
        largest = min(_MAX_ATOMS, int(room_em * _ATOMS_PER_EM))
        if largest < 2 * _MIN_ATOMS:
            return None
        for _ in range(_TRIES):
            written, known = draw_molecule(self.plain.rng, _molecule_knobs(largest))
            # A circle in a ring of a cage says nothing, and hydrogens with an isotope are left out.
            if not (self.rings and known.aromatic and known.bridged) and "H" not in known.elements:
                return smiles.wrap(written), self.pick(known.starts)
        return None

    def code(self) -> str:
        """Some lines of a program."""
        lines: list[str] = []
        for _ in range(self.number(1, 3)):
            lines += self.pick(templates.menu(_FOLDER, "phrases.toml")["code"]).strip("\n").split("\n")
        names = self.plain.pick_some(templates.menu(_FOLDER, "phrases.toml")["names"], 6)
        text = "\n".join(lines)
        for letter, name in zip("abcdef", names, strict=False):
            text = text.replace(f"<{letter}>", name)
        return re.sub("<n>", lambda _: str(self.number(0, 99)), text)


@cache
def _molecule_knobs(largest: int) -> MoleculeKnobs:
    return MoleculeKnobs(num_heavy=(_MIN_ATOMS, largest), salt_frac=0.0, isotope_frac=0.0)


@cache
def _formula_knobs(kind: str, language: str) -> FormulaKnobs:
    if kind == "text":
        return FormulaKnobs(
            sources={"text": 1.0}, languages={language: 1.0}, depth=(1, 2), max_tokens=70, rare_frac=0.15, tag_frac=0.0
        )
    inline = kind == "inline"
    return FormulaKnobs(
        sources={"grammar": 0.85, "sympy": 0.0 if inline else 0.15},
        languages={language: 1.0},
        depth=(1, 1) if inline else (1, 3),
        max_tokens=40 if inline else 90,
        rare_frac=0.15,
        tag_frac=0.0,
        several_frac=0.0,
        inline_frac=1.0 if inline else 0.0,
    )
