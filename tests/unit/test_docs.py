"""What the documents name exists: files that they link to or name, targets of make, commands and their options."""

import re
from functools import cache
from pathlib import Path

import pytest
from click import Context, Group

import got_model.cli
import pipelines.cli
from pipelines.recipe import recipe_names

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    str(file.relative_to(ROOT)) for pattern in ("*.md", "docs/**/*.md") for file in ROOT.glob(pattern) if file.is_file()
)
COMMANDS: dict[str, Group] = {"glyphmill": pipelines.cli.main, "got-model": got_model.cli.main}

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
_PATH = re.compile(r"`((?:renderers|templates|pipelines|got_model|tests|docs|deploy)/[\w./-]*)`")
_TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]*[a-z])(?=[`\s,.;:)]|$)", re.MULTILINE)
_CALL = re.compile(r"(?:\.venv/bin/|`)(glyphmill|got-model) ([^\n#`]*)")
_FLAG = re.compile(r"(?<=\s)(--[a-z-]+|-[a-z])\b")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def _targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z][a-z-]*):", _text("Makefile"), re.MULTILINE))


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {"#" + re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    for target, anchor in _LINK.findall(_text(name)):
        file = (ROOT / name).parent / target if target else ROOT / name
        assert file.exists(), f"{name} links to {target}"
        if anchor and file.suffix == ".md":
            assert anchor in _anchors(file.read_text(encoding="utf-8")), f"{name} links to {target}{anchor}"


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if not name.startswith("docs/decisions/")])
def test_files_that_are_named_are_there(name: str) -> None:
    for path in _PATH.findall(_text(name)):
        assert (ROOT / path).exists(), f"{name} names {path}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_targets_of_make_are_there(name: str) -> None:
    for target in _TARGET.findall(_text(name)):
        assert target in _targets(), f"{name} says make {target}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_and_their_options_are_there(name: str) -> None:
    for program, words in _CALL.findall(_text(name)):
        group = COMMANDS[program]
        command = group
        for word in words.split():
            inner = command.get_command(Context(command), word) if isinstance(command, Group) else None
            if inner is None:
                break
            command = inner  # type: ignore[assignment]
        assert command is not group, f"{name}: {program} {words}"
        known = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
        assert set(_FLAG.findall(f" {words}")) <= known | {"--help"}, f"{name}: {program} {words}"


def test_every_recipe_is_told_and_has_a_target() -> None:
    told = set(re.findall(r"^\| `([a-z_]+)` \|", _text("docs/recipes.md"), re.MULTILINE))
    assert told == set(recipe_names())
    assert {f"render-{name.replace('_', '-')}" for name in recipe_names()} <= _targets()


def test_the_first_page_fits_two_minutes() -> None:
    assert len(_text("README.md").splitlines()) < 140
