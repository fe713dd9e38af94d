"""Imports go down only: the table of design's floors, and the list of who may import what is heavy."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_BELOW_DRAWING = {"renderers.content", "renderers.engines", "renderers.labels", "renderers.core", "templates"}

# Rooms of drawing that another room of drawing uses: what every print shares, and what stands on a page.
_SHARED_DRAWING = {
    "renderers.drawing.pages": {"renderers.drawing.mathpix_formulas", "renderers.drawing.molecules"},
}

# Floor of a module -> floors it may import. The longest matching prefix counts.
MAY_IMPORT = {
    "templates": set(),
    "renderers.core": {"renderers.core"},
    "renderers.labels": {"renderers.labels", "renderers.core"},
    "renderers.content": {"renderers.content", "renderers.labels", "renderers.core", "templates"},
    "renderers.engines": {"renderers.engines", "renderers.labels", "renderers.core"},
    "renderers.effects": {"renderers.effects", "renderers.core", "templates"},
    # Drawing code of one renderer: below it, and beside it only what is shared by name.
    "renderers.drawing.printed": {"renderers.drawing.printed"} | _BELOW_DRAWING,
    **{
        f"renderers.drawing.{folder.name}": {f"renderers.drawing.{folder.name}", "renderers.drawing.printed"}
        | _SHARED_DRAWING.get(f"renderers.drawing.{folder.name}", set())
        | _BELOW_DRAWING
        for folder in sorted((ROOT / "renderers" / "drawing").iterdir())
        if folder.is_dir() and not folder.name.startswith("_") and folder.name != "printed"
    },
    "renderers.drawing": set(),
    "renderers": {
        f"renderers.drawing.{folder.name}" for folder in (ROOT / "renderers" / "drawing").iterdir() if folder.is_dir()
    }
    | _BELOW_DRAWING,
    "pipelines": {"pipelines", "renderers", "templates"},
    # A training machine needs no browser and no TeX.
    "got_model": {"got_model", "got_model.metrics", "renderers.labels", "renderers.core"},
    "got_model.metrics": {"got_model.metrics", "renderers.labels", "renderers.core"},
}

# Heavy package -> the only modules that import it.
OWNERS = {
    "ray": {"pipelines.cluster", "pipelines.crew", "got_model.cluster"},
    "torch": {"got_model"},
    "transformers": {"got_model"},
    "peft": {"got_model.lora"},
    "nltk": {"got_model.metrics"},
    "jieba": {"got_model.metrics"},
    "apted": {"got_model.metrics"},
    "scipy": {"got_model.metrics"},
    "skimage": {"got_model.metrics"},
    "rapidfuzz": {"got_model.metrics", "got_model.report.difference", "got_model.validation"},
    "rdkit": {"renderers.labels.smiles", "got_model.metrics"},
    "playwright": {"renderers.engines.chromium", "renderers.engines.chromium_program"},
    "pypdfium2": {"renderers.engines.pdf", "renderers.engines.chromium"},
    "pyecharts": {"renderers.drawing.pyecharts_charts"},
    "matplotlib": {"renderers.engines.matplotlib_agg", "renderers.drawing.matplotlib_charts"},
    "sympy": {"renderers.content.formulas"},
    "click": {"pipelines.cli", "got_model.cli"},
    "cv2": {"renderers.effects"},
    "pyphen": {"renderers.html_documents", "renderers.mathpix_pages"},
    "py3langid": {"pipelines.corpora.text.language"},
}


def modules() -> list[str]:
    files = [
        file
        for folder in ("renderers", "templates", "pipelines", "got_model")
        for file in (ROOT / folder).rglob("*.py")
    ]
    return sorted(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files)


def imports_of(module: str) -> Iterator[str]:
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            yield node.module or ""


def floor_of(module: str) -> str | None:
    fitting = [floor for floor in MAY_IMPORT if module == floor or module.startswith(floor + ".")]
    return max(fitting, key=len, default=None)


@pytest.mark.parametrize("module", modules())
def test_imports_go_down(module: str) -> None:
    floor = floor_of(module)
    assert floor is not None, f"{module} stands on no floor: add it to the table"
    for name in imports_of(module):
        below = floor_of(name)
        if below is None or (floor == "pipelines" and below.startswith("renderers")):
            continue
        assert below in MAY_IMPORT[floor] or below == floor != "renderers", f"{module} must not import {name}"


@pytest.mark.parametrize("module", modules())
def test_heavy_packages_have_one_owner(module: str) -> None:
    for name in imports_of(module):
        owners = OWNERS.get(name.split(".")[0])
        if owners is not None:
            assert any(module == owner or module.startswith(owner + ".") for owner in owners), (
                f"{module} must not import {name}; it belongs to {', '.join(sorted(owners))}"
            )


def _resolved(name: str, known: set[str]) -> str | None:
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def _import_graph() -> dict[str, set[str]]:
    """Module -> modules of ours that it imports, a package standing for its `__init__`."""
    known = set(modules())
    graph: dict[str, set[str]] = {module: set() for module in known}
    for module in known:
        path = ROOT.joinpath(*module.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            graph[module] |= {found for name in names if (found := _resolved(name, known)) and found != module}
    return graph


def _circle(graph: Mapping[str, set[str]]) -> str:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " -> ".join(error.args[1])
    return ""


def test_no_module_imports_itself_in_a_circle() -> None:
    assert not _circle(_import_graph())


def test_no_room_imports_itself_in_a_circle() -> None:
    rooms: dict[str, set[str]] = {}
    for module, used in _import_graph().items():
        below = {_room(name) for name in used} - {_room(module)}
        rooms.setdefault(_room(module), set()).update(below)
    assert not _circle(rooms)


def _room(module: str) -> str:
    """The folder of a module; a file that stands beside folders, on a landing, is a room of its own."""
    path = ROOT.joinpath(*module.split("."))
    if path.is_dir():
        return module
    beside = any((folder / "__init__.py").is_file() for folder in path.parent.iterdir())
    return module if beside else module.rpartition(".")[0]


def test_sources_are_readable_in_one_sitting() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for folder in ("renderers", "templates", "pipelines", "got_model")
        for file in (ROOT / folder).rglob("*.py")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long, f"over 400 lines, split by what they do: {long}"
