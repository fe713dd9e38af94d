r"""The commands of formula targets: what a canonical formula may hold, and which other names mean the same ink.

Only what both readers know: TeX with amsmath, amssymb and mathrsfs, and MathJax as in mathpix-markdown-it.
Source: amsmath and amssymb manuals; TeX's names and classes from plain TeX and fontmath.ltx.
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GREEK = _set(r"""
    \alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi
    \varpi \rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega \digamma \varkappa \Gamma \Delta
    \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega""")
ORDINARY = GREEK | _set(r"""
    \varGamma \varDelta \varTheta \varLambda \varXi \varPi \varSigma \varUpsilon \varPhi \varPsi \varOmega
    \aleph \beth \gimel \daleth \hbar \hslash \imath \jmath \ell \wp \Re \Im \mho \Finv \Game \Bbbk \complement \eth
    \partial \infty \prime \backprime \emptyset \varnothing \nabla \surd \top \bot \angle \measuredangle \sphericalangle
    \triangle \triangledown \blacktriangle \blacktriangledown \square \blacksquare \lozenge \blacklozenge \bigstar
    \forall \exists \nexists \neg \flat \natural \sharp \clubsuit \diamondsuit \heartsuit \spadesuit \diagup \diagdown
    \backslash \S \% \& \# \$ \_ \circledS \circledR \maltese \checkmark""")
BINARY = _set(r"""
    + - * / \pm \mp \times \div \cdot \circ \bullet \star \cap \cup \sqcap \sqcup \uplus \vee \wedge \setminus
    \smallsetminus \wr \diamond \bigcirc \bigtriangleup \bigtriangledown \triangleleft \triangleright
    \oplus \ominus \otimes \oslash \odot \dagger \ddagger \amalg \ltimes \rtimes \leftthreetimes
    \rightthreetimes \curlyvee \curlywedge \Cap \Cup \doublebarwedge \barwedge \veebar \boxplus \boxminus \boxtimes
    \boxdot \circledast \circledcirc \circleddash \divideontimes \dotplus \intercal \centerdot""")
RELATIONS = _set(r"""
    = < > : \le \ge \neq \equiv \sim \simeq \approx \cong \propto \prec \succ \preceq \succeq \ll \gg \lll \ggg
    \subset \supset \subseteq \supseteq \sqsubset \sqsupset \sqsubseteq \sqsupseteq \in \ni \notin \vdash \dashv
    \models \perp \mid \parallel \nmid \nparallel \asymp \bowtie \doteq \smile \frown \leqslant \geqslant \leqq \geqq
    \lesssim \gtrsim \lessapprox \gtrapprox \lessgtr \gtrless \lesseqgtr \gtreqless \nleq \ngeq \nless \ngtr
    \nleqslant \ngeqslant \lneq \gneq \lneqq \gneqq \nprec \nsucc \npreceq \nsucceq \nsubseteq \nsupseteq \subsetneq
    \supsetneq \subseteqq \supseteqq \Subset \Supset \ncong \nsim \nvdash \nvDash \Vdash \vDash \Vvdash \approxeq
    \eqsim \backsim \backsimeq \triangleq \circeq \bumpeq \Bumpeq \doteqdot \risingdotseq
    \fallingdotseq \eqcirc \eqslantless \eqslantgtr \preccurlyeq \succcurlyeq \curlyeqprec \curlyeqsucc \precsim
    \succsim \precapprox \succapprox \trianglelefteq \trianglerighteq \vartriangleleft \vartriangleright
    \ntriangleleft \ntriangleright \therefore \because \between \pitchfork
    \vartriangle \thicksim \thickapprox \varpropto
    \to \leftarrow \leftrightarrow \Rightarrow \Leftarrow \Leftrightarrow \mapsto \longmapsto \longrightarrow
    \longleftarrow \longleftrightarrow \Longrightarrow \Longleftarrow \Longleftrightarrow \uparrow \downarrow
    \updownarrow \Uparrow \Downarrow \Updownarrow \nearrow \searrow \swarrow \nwarrow \hookrightarrow \hookleftarrow
    \rightharpoonup \rightharpoondown \leftharpoonup \leftharpoondown \rightleftharpoons \leftrightharpoons
    \twoheadrightarrow \twoheadleftarrow \rightarrowtail \leftarrowtail \rightrightarrows \leftleftarrows
    \rightleftarrows \leftrightarrows \upuparrows \downdownarrows \upharpoonleft \upharpoonright \downharpoonleft
    \downharpoonright \nrightarrow \nleftarrow \nleftrightarrow \nRightarrow \nLeftarrow \nLeftrightarrow
    \rightsquigarrow \leftrightsquigarrow \curvearrowleft \curvearrowright \circlearrowleft \circlearrowright
    \looparrowleft \looparrowright \Lsh \Rsh \multimap \dashrightarrow \dashleftarrow \Lleftarrow
    \Rrightarrow""")
DOTS = _set(r"\ldots \cdots \vdots \ddots")
INTEGRALS = _set(r"\int \iint \iiint \iiiint \oint")
BIG_OPERATORS = _set(
    r"""\sum \prod \coprod \bigcap \bigcup \bigsqcup \bigvee \bigwedge \bigodot \bigoplus \bigotimes \biguplus"""
)
LIMIT_FUNCTIONS = _set(r"\lim \limsup \liminf \max \min \sup \inf \det \Pr \gcd \injlim \projlim")
FUNCTIONS = _set(r"""
    \sin \cos \tan \cot \sec \csc \arcsin \arccos \arctan \sinh \cosh \tanh \coth \log \ln \lg \exp \arg \deg \dim
    \hom \ker""")
DELIMITERS = _set(r"""
    ( ) [ ] < > / | \{ \} \| \langle \rangle \lfloor \rfloor \lceil \rceil \uparrow \downarrow \updownarrow \Uparrow
    \Downarrow \Updownarrow \backslash \ulcorner \urcorner \llcorner \lrcorner""")
GROWING = _set(r"\lgroup \rgroup \lmoustache \rmoustache")
"""Signs that only stand as delimiters."""
CHARACTERS = frozenset("()[]|,.;!?+-*/=<>:")
"""Signs that stand for themselves, beside letters and digits."""

SYMBOLS = (
    ORDINARY
    | frozenset(command for command in BINARY | RELATIONS | DELIMITERS if command[0] == "\\")
    | (DOTS | INTEGRALS | BIG_OPERATORS | LIMIT_FUNCTIONS | FUNCTIONS | {r"\bmod"})
)

SYNONYMS = {
    r"\leq": r"\le", r"\geq": r"\ge", r"\ne": r"\neq", r"\rightarrow": r"\to", r"\gets": r"\leftarrow",
    r"\owns": r"\ni", r"\land": r"\wedge", r"\lor": r"\vee", r"\lnot": r"\neg", r"\dag": r"\dagger",
    r"\ddag": r"\ddagger", r"\ast": "*", r"\lbrace": r"\{", r"\rbrace": r"\}", r"\lbrack": "[", r"\rbrack": "]",
    r"\vert": "|", r"\lvert": "|", r"\rvert": "|", r"\Vert": r"\|", r"\lVert": r"\|", r"\rVert": r"\|",
    r"\colon": ":", r"\iff": r"\Longleftrightarrow", r"\implies": r"\Longrightarrow", r"\impliedby": r"\Longleftarrow",
    r"\dotsc": r"\ldots", r"\dotso": r"\ldots", r"\hdots": r"\ldots", r"\mathellipsis": r"\ldots",
    r"\dotsb": r"\cdots", r"\dotsm": r"\cdots", r"\dotsi": r"\cdots", r"\lt": "<", r"\gt": ">",
    r"\doublecap": r"\Cap", r"\doublecup": r"\Cup", r"\llless": r"\lll", r"\gggtr": r"\ggg", r"\Box": r"\square",
    r"\Diamond": r"\lozenge", r"\restriction": r"\upharpoonright", r"\Doteq": r"\doteqdot",
    r"\leadsto": r"\rightsquigarrow", r"\lhd": r"\vartriangleleft",
    r"\rhd": r"\vartriangleright", r"\unlhd": r"\trianglelefteq", r"\unrhd": r"\trianglerighteq",
}  # fmt: skip
"""Another name -> the canonical one. Only names whose ink is the same; the space around it may differ."""
FOREIGN = _set(r"\lt \gt \doublecap \doublecup \Diamond \Box \restriction")
"""Synonyms that MathJax or some packages know, and not every TeX."""

NEGATED = {
    "=": r"\neq", r"\in": r"\notin", r"\le": r"\nleq", r"\ge": r"\ngeq", "<": r"\nless", ">": r"\ngtr",
    r"\sim": r"\nsim", r"\cong": r"\ncong", r"\subseteq": r"\nsubseteq", r"\supseteq": r"\nsupseteq",
    r"\exists": r"\nexists", r"\parallel": r"\nparallel", r"\mid": r"\nmid", r"\prec": r"\nprec",
    r"\succ": r"\nsucc", "|": r"\nmid",
}  # fmt: skip
r"""{relation: its negation}: what \not makes of a relation that follows, where it has a name; others keep \not."""

# Commands with arguments: m is one of mathematics, o an optional one.
ACCENTS = _set(r"""
    \hat \check \tilde \acute \grave \dot \ddot \dddot \ddddot \breve \bar \vec \mathring \widehat
    \widetilde""")
OVER = _set(r"\overline \overrightarrow \overleftarrow \overleftrightarrow \overbrace")
UNDER = _set(r"\underline \underrightarrow \underleftarrow \underleftrightarrow \underbrace")
FRACTIONS = _set(r"\frac \dfrac \tfrac \cfrac")
BINOMIALS = _set(r"\binom \dbinom \tbinom")
ARROWS = _set(r"\xrightarrow \xleftarrow \xleftrightarrow \xmapsto")
FONTS = _set(r"\mathrm \mathbf \mathit \mathsf \mathtt \mathbb \mathcal \mathfrak \mathscr \boldsymbol")
NAMES = frozenset((r"\operatorname", r"\operatorname*"))
STACKS = frozenset((r"\overset", r"\underset"))
BOUNDED = frozenset((r"\overbrace", r"\underbrace"))
"""Take their scripts as limits in every style."""

SIGNATURES = (
    dict.fromkeys(ACCENTS | OVER | UNDER | FONTS | NAMES | {r"\boxed", r"\pmod", r"\mathop"}, "m")
    | dict.fromkeys(FRACTIONS | BINOMIALS | STACKS, "mm")
    | dict.fromkeys(ARROWS | {r"\sqrt"}, "om")
)
COMMAND_SYNONYMS = {
    r"\stackrel": r"\overset", r"\mathbold": r"\boldsymbol", r"\bm": r"\boldsymbol", r"\pmb": r"\boldsymbol",
    r"\symbf": r"\mathbf", r"\symrm": r"\mathrm", r"\Bbb": r"\mathbb", r"\frak": r"\mathfrak",
    r"\mathbfit": r"\boldsymbol",
}  # fmt: skip
SPACED = _set(r"\mathrel \mathbin \mathord \mathopen \mathclose \mathpunct \mathinner \smash")
"""Change the space around their argument only."""

SWITCHES = {
    r"\rm": r"\mathrm", r"\bf": r"\mathbf", r"\it": r"\mathit", r"\sf": r"\mathsf", r"\tt": r"\mathtt",
    r"\cal": r"\mathcal", r"\mit": r"\mathit",
}  # fmt: skip
"""Old font switches: hold to the end of their group."""

TEXTS = {
    r"\text": r"\text", r"\textrm": r"\text", r"\textnormal": r"\text", r"\mbox": r"\text", r"\hbox": r"\text",
    r"\textup": r"\text", r"\textmd": r"\text", r"\textbf": r"\textbf", r"\textit": r"\textit",
    r"\textsl": r"\textit", r"\emph": r"\textit", r"\textsf": r"\textsf", r"\texttt": r"\texttt",
}  # fmt: skip
STYLES = {r"\displaystyle": "D", r"\textstyle": "T", r"\scriptstyle": "S", r"\scriptscriptstyle": "SS"}
SIZES = _set(r"\big \Big \bigg \Bigg")

THIN = _set(
    r"""\, \: \; \! \> \/ ~ \thinspace \medspace \thickspace \negthinspace \negmedspace \negthickspace \enspace
    \enskip \mathstrut"""
) | {r"\ "}
"""A narrow gap, not in the label."""
IDLE = _set(
    r"""\hfill \hfil \null \strut \allowbreak \nobreak \relax \displaylimits \nolinebreak \nonumber \notag
    \centering \noindent \protect"""
)
"""Nothing at all."""
WIDE = {r"\quad": 1, r"\qquad": 2}
GAPS = _set(r"\hspace \mspace \hskip \kern \mkern \mskip")
"""A gap of the length that follows, in braces or not."""
PHANTOMS = _set(r"\phantom \hphantom \vphantom")
SILENT = _set(r"\label \color \vspace")
"""Take an argument, and neither draws."""

# Environments, and the style of what stands in their cells.
MATRICES = {
    "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": (r"\{", r"\}"),
    "vmatrix": ("|", "|"), "Vmatrix": (r"\|", r"\|"),
}  # fmt: skip
TABLE_STYLES = dict.fromkeys(MATRICES, "T") | {
    "smallmatrix": "S", "cases": "T", "array": "T", "aligned": "D", "gathered": "D", "substack": "S",
}  # fmt: skip
TABLE_SYNONYMS = {
    "split": "aligned", "alignedat": "aligned", "align": "aligned", "align*": "aligned", "eqnarray": "aligned",
    "eqnarray*": "aligned", "alignat": "aligned", "alignat*": "aligned", "flalign": "aligned", "flalign*": "aligned",
    "dcases": "cases", "gather": "gathered", "gather*": "gathered", "multline": "gathered", "multline*": "gathered",
}  # fmt: skip
DISPLAYS = frozenset(TABLE_SYNONYMS) - {"split", "alignedat", "dcases"} | {
    "equation",
    "equation*",
    "displaymath",
    "math",
}
"""Environments that are formulas by themselves."""

UNICODE = {
    "×": r"\times", "÷": r"\div", "±": r"\pm", "∓": r"\mp", "·": r"\cdot", "∗": "*", "∘": r"\circ", "−": "-",
    "≤": r"\le", "≥": r"\ge", "≠": r"\neq", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim", "≃": r"\simeq",
    "∝": r"\propto", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap",
    "∅": r"\emptyset", "∞": r"\infty", "∂": r"\partial", "∇": r"\nabla", "∀": r"\forall", "∃": r"\exists",
    "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "⇐": r"\Leftarrow",
    "⇔": r"\Leftrightarrow", "↦": r"\mapsto", "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∮": r"\oint",
    "⋯": r"\cdots", "…": r"\ldots", "⟨": r"\langle", "⟩": r"\rangle", "∥": r"\parallel", "⊥": r"\perp",
    "∠": r"\angle", "△": r"\triangle", "ℏ": r"\hbar", "ℓ": r"\ell", "∧": r"\wedge", "∨": r"\vee", "⊕": r"\oplus",
    "⊗": r"\otimes", "∴": r"\therefore", "∵": r"\because", "ϵ": r"\epsilon", "ε": r"\varepsilon", "ϕ": r"\phi",
    "φ": r"\varphi", "ϑ": r"\vartheta", "ϖ": r"\varpi", "ϱ": r"\varrho", "ς": r"\varsigma", "λ": r"\lambda",
}  # fmt: skip
"""Signs that may stand for commands; other Greek letters go by their Unicode names."""
