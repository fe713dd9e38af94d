"""What a user's own script does with TeX: one run and one conversion for each picture."""

import subprocess
import tempfile
from pathlib import Path

from renderers.content.formulas.formula import target
from renderers.drawing.latex_formulas.style import body_of as formula_body
from renderers.drawing.latex_tables.body import Writer
from renderers.engines.tex import standalone
from renderers.labels.latex.colour import typeset
from renderers.latex_formulas import FormulaSpec
from renderers.latex_formulas import preamble as formula_preamble
from renderers.latex_tables import TableSpec
from renderers.latex_tables import preamble as table_preamble
from renderers.tikz_geometry import FigureSpec

TIKZ = "\\usepackage{tikz}\\usetikzlibrary{arrows.meta,patterns}\n"


def render_naive(preamble: str, body: str, dpi: float, program: str = "pdflatex", late: str = "") -> bytes:
    r"""PNG of one body in a `sheet`, an environment that `preamble` defines, by pdflatex (or xelatex) and pdftoppm."""
    first = "\\RequirePackage[OT1]{fontenc}\n" if program == "xelatex" else ""
    source = (
        f"{first}{preamble}\n{late}\n\\begin{{document}}\n\\begin{{sheet}}{body}%\n\\end{{sheet}}\n\\end{{document}}\n"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "picture.tex").write_text(source, encoding="utf-8")
        command = [program, "-interaction=batchmode", "-no-shell-escape", "picture.tex"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        command = ["pdftoppm", "-r", f"{dpi:g}", "-png", "-singlefile", "picture.pdf", "picture"]
        subprocess.run(command, cwd=folder, check=True)
        return (folder / "picture.png").read_bytes()


def naive_formula(spec: FormulaSpec) -> bytes:
    """A formula in the set-up of fonts that ours has."""
    preamble = formula_preamble(spec.style.setup)
    body = formula_body(typeset(target(spec.formula)).plain, spec.style)
    return render_naive(preamble.text, body, spec.style.dpi, preamble.program, preamble.late)


def naive_table(spec: TableSpec) -> bytes:
    """A table in the look that ours has."""
    preamble = table_preamble(spec.style.program)
    body = Writer(spec.content, spec.style, traced=False).body()
    return render_naive(preamble.text, body, spec.dpi, preamble.program, preamble.late)


def naive_figure(spec: FigureSpec) -> bytes:
    """A figure as its label says it, in TikZ's own defaults."""
    return render_naive(standalone() + TIKZ, spec.markup, spec.style.dpi)
