"""What a user's own script does with TeX: one run and one conversion for each picture."""

import subprocess
import tempfile
from pathlib import Path


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
