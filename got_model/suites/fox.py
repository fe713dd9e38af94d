"""Fox: dense pages of documents in English and Chinese, read whole, by box, by line, by coloured frame.

Of its nine tasks those that read: translation, summary, captions, questions and boxes over eight pages have no prompt
of GOT's. A file of a task that is not there is left out. Boxes stand in the question, in thousandths of the page. The
published instructions swap the folders of the two languages for lines, so both are looked in.

Source: Fox, README.md; data `ucaslcl/Fox_benchmark_data`, focus_benchmark_test.zip.
"""

import re
from pathlib import Path

import msgspec

from got_model.suites.core.files import find_picture, read_json
from got_model.suites.core.suite import Sample
from renderers.core.errors import ConfigError
from renderers.core.prompts import PROMPTS

_NUMBER = r"\s*(\d{1,4})\s*"
_BOX = re.compile(rf"[\[(<]{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}[\])>]")
_COLOUR = re.compile(r"\b(red|green|blue)\b", re.IGNORECASE)
_TASKS = ("page", "box", "line", "onbox")
_LANGUAGES = {"en": "en", "cn": "zh"}


class _Turn(msgspec.Struct):
    value: str


class _Entry(msgspec.Struct):
    image: str
    conversations: list[_Turn]


def read(folder: Path) -> list[Sample]:
    """All samples, file by file."""
    samples: list[Sample] = []
    for prefix, language in _LANGUAGES.items():
        for task in _TASKS:
            file = folder / f"{prefix}_{task}_ocr.json"
            if file.is_file():
                samples += _read_file(file, prefix, language, task)
    if not samples:
        raise ConfigError(f"{folder} holds none of Fox's files, such as en_page_ocr.json")
    return samples


def _read_file(file: Path, prefix: str, language: str, task: str) -> list[Sample]:
    other = "cn" if prefix == "en" else "en"
    ending = "_onbox" if task == "onbox" else ""
    folders = [file.parent / f"{name}_pdf_png{ending}" for name in (prefix, other)]
    samples = []
    for at, entry in enumerate(read_json(file, list[_Entry])):
        if len(entry.conversations) != 2:
            raise ConfigError(f"{file}, entry {at}: {len(entry.conversations)} turns, not a question and its answer")
        picture = find_picture(entry.image, *(folders if task == "line" else folders[:1]))
        samples.append(
            Sample(
                id=f"{file.stem}/{at:06d}",
                images=(picture,),
                prompt=_prompt(task, entry.conversations[0].value, f"{file}, entry {at}"),
                target=entry.conversations[1].value,
                format="plain",
                language=language,
                metrics=("text",),
                part=file.stem,
                kind=task,
            )
        )
    return samples


def _prompt(task: str, question: str, where: str) -> str:
    if task == "page":
        return PROMPTS["plain"]
    if task == "onbox":
        colour = _COLOUR.search(question)
        if colour is None:
            raise ConfigError(f"{where}: no colour in the question {question!r}")
        return f"[{colour[1].lower()}] {PROMPTS['plain']}"
    box = _BOX.search(question)
    if box is None:
        raise ConfigError(f"{where}: no box in the question {question!r}")
    return f"{[int(edge) for edge in box.groups()]} {PROMPTS['plain']}"


SUITE = read
