"""Every float that a dataclass or a msgspec Struct holds says its unit or its range.

The rule: a field whose type holds a float (alone, in a tuple, or as an array) either has a name that ends with its
unit (`gap_px`, `width_frac`), or its entry in the class's `Attributes:` has a unit word ("px", "seconds", "share",
"weight"; lengths that scale with a picture count as units: "stroke widths"), a range ("0..1", "0.3 to 1.2") or a bound
("0 or more", "at least 1"). Sources are read, not imported, so that no engine is needed.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("renderers", "pipelines", "got_model")

_FLOAT = re.compile(r"\b(?:float(?:16|32|64)?|Floats|Points)\b")
_UNIT_NAME = re.compile(
    r"(?:^|_)(?:px|pt|mm|cm|em|s|seconds|ms|bytes|frac|fracs|deg|rad|units|dpi|percent)(?:_[A-Z]+)?$"
)
_UNIT_WORD = re.compile(
    r"\b(?:px|pt|mm|cm|em|inch|inches|dpi|units?|seconds?|ms|bytes?|degrees?|radians?|percent|fractions?|shares?"
    r"|weights?|factors?|ratios?|probabilit(?:y|ies)|divided by|standard deviations?|tokens|CIEDE2000|FLOP"
    r"|(?:stroke|line) widths|square strokes|shorter sides|pitches|(?:lengths|heights) of)\b|%"
)
_RANGE = re.compile(
    r"-?\d[\d.]*(?:\.\.| to )-?\d|\b\d[\d.]* or (?:more|less)|\bat (?:least|most) -?\d|[<>]=? ?\d|\(0, 1\)"
)


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    yield path, node


def is_record(node: ast.ClassDef, structs: set[str]) -> bool:
    bases = {ast.unparse(base).rsplit(".", 1)[-1].split("[")[0] for base in node.bases}
    return bool(bases & structs) or any("dataclass" in ast.unparse(one) for one in node.decorator_list)


def struct_names(nodes: list[ast.ClassDef]) -> set[str]:
    """The names of Structs and of what extends them."""
    names = {"Struct"}
    while True:
        more = {node.name for node in nodes if is_record(ast.ClassDef(node.name, node.bases, [], [], []), names)}
        if more <= names:
            return names
        names |= more


def entries(node: ast.ClassDef) -> dict[str, str]:
    """What the `Attributes:` of a class say of each name."""
    _, _, text = (ast.get_docstring(node) or "").partition("Attributes:\n")
    found: dict[str, str] = {}
    names: list[str] = []
    for line in text.splitlines():
        head = re.match(r"    ((?:\w+, )*\w+): ", line)
        if head:
            names = head[1].split(", ")
            found |= dict.fromkeys(names, "")
        elif not line.startswith("     "):
            names = []
        for name in names:
            found[name] += line.removeprefix(head[0] if head else "") + " "
    return found


def floats(node: ast.ClassDef) -> Iterator[str]:
    for field in node.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            annotation = ast.unparse(field.annotation)
            if _FLOAT.search(annotation) and not annotation.startswith(("ClassVar", "Callable")):
                yield field.target.id


def is_told(name: str, entry: str) -> bool:
    return bool(_UNIT_NAME.search(name) or _UNIT_WORD.search(entry) or _RANGE.search(entry))


def test_every_float_says_its_unit_or_range() -> None:
    known = list(classes())
    structs = struct_names([node for _, node in known])
    records = [(path, node) for path, node in known if is_record(node, structs)]
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}.{name}"
        for path, node in records
        for name in floats(node)
        if not is_told(name, entries(node).get(name, ""))
    ]
    assert len(records) > 100, "the classes were not found"
    assert not silent, f"{len(silent)} floats without a unit or range in Attributes:\n" + "\n".join(silent)


def test_the_rule_tells_apart() -> None:
    assert is_told("gap_px", "")
    assert is_told("gap", "paper around it, in px.")
    assert is_told("tint", "how dark it is, 0..1.")
    assert not is_told("gap", "paper around it.")
    assert not is_told("level", "")
