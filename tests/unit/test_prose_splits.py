"""Which text belongs to which split: whole documents where there are enough, and nothing that two splits say."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from renderers.content.prose.overlap import Texts, runs, shared_runs, stretch_without
from renderers.content.prose.prose import Prose, ProseSource, prose_file
from renderers.content.prose.table import COLUMNS, ProseTable
from renderers.core.errors import ConfigError
from renderers.core.split import SPLITS, split_class

Row = tuple[int, int, str, str, str]
EIGHT = "We hold these truths to be self-evident, that"
HAN = "海港很安静，船在夜里离开了。"


def table_of(rows: list[Row]) -> ProseTable:
    columns = map(list, zip(*rows, strict=True))
    return ProseTable("0" * 64, pa.table(dict(zip(COLUMNS, columns, strict=True))))


def documents(num: int, language: str = "en") -> list[Row]:
    """So many documents of four paragraphs, none like another."""
    return [(document, 1 + n, "paragraph", language, said(document, n)) for document in range(num) for n in range(4)]


def said(document: int, n: int) -> str:
    return f"Here is what document {document}x tells in place {n} about {document * 7 + n} ships."


def of_split(split: str, text: str = "{}") -> str:
    """A text that belongs to a split when it stands alone."""
    return next(one for one in map(text.format, range(10_000)) if split_class(one) == split)


def texts(table: ProseTable, split: str) -> set[str]:
    prose = Prose(table, table.rows_of(split))
    sizes = {name: prose.num_paragraphs(name) for name in prose.languages}
    return {prose.paragraph((n + 0.5) / size, name) for name, size in sizes.items() for n in range(size)}


@pytest.mark.parametrize(
    ("one", "other", "num"),
    [
        (EIGHT, f"He said: “{EIGHT.upper()} all men”", 1),
        (EIGHT, EIGHT.removeprefix("We "), 0),
        (EIGHT.replace(",", ""), EIGHT.replace(" ", " – "), 1),
        (HAN, f"他说{HAN}", 1),
        (HAN[:11], f"他说{HAN}", 0),
        ("命令 debian-installer 很有用处。", "运行 debian-installer 以后。", 0),
        ("ภาษาไทยเป็นภาษาที่มีเสียงของคำน้ำบ้านคนวัน", "ภาษาไทยเป็นภาษาที่มีเสียงของคำน้ำบ้านคนไป", 8),
    ],
)
def test_a_run_that_two_texts_share_is_found(one: str, other: str, num: int) -> None:
    size = 12 if one[0] >= "\u4e00" else 32 if one[0] == "ภ" else 0
    assert len(shared_runs([Texts([one], size)], [Texts(["", other], size)])) == num


def test_no_run_goes_over_from_text_to_text() -> None:
    words = EIGHT.split()
    assert len(runs(Texts([" ".join(words[:4]), " ".join(words[4:])], 0))[0]) == 0
    found, owners = runs(Texts(["a", EIGHT, "", f"{EIGHT} all"], 0))
    assert owners.tolist() == [1, 3, 3]
    assert found[0] == found[1] != found[2]


def test_the_longest_stretch_of_sentences_without_a_shared_run_is_kept() -> None:
    text = f"One. {EIGHT}. Two stays here. Three stays too. {EIGHT}. Four."
    shared = runs(Texts([EIGHT], 0))[0]
    start, end = stretch_without(text, 0, shared) or (0, 0)
    assert text[start:end] == "Two stays here. Three stays too."
    assert stretch_without(EIGHT, 0, shared) is None
    # Two sentences that are shared together, but neither alone.
    assert stretch_without(EIGHT.replace("be ", "be. "), 0, shared) is None


def test_a_document_is_whole_in_one_split() -> None:
    table = table_of(documents(400))
    found = [texts(table, split) for split in SPLITS]
    assert sum(map(len, found)) == 1600
    assert not set.intersection(*found)
    owners = [{text.split()[4] for text in one} for one in found]
    assert sum(map(len, owners)) == 400
    assert all(5 <= len(one) <= 30 for one in owners[1:])


def test_the_split_of_a_document_does_not_depend_on_others() -> None:
    before = table_of(documents(400))
    after = table_of([(row[0] + 7, *row[1:]) for row in documents(800)])
    for split in SPLITS:
        assert texts(before, split) <= texts(after, split)


def test_headings_and_verses_follow_their_document() -> None:
    rows = documents(400)
    rows += [(document, 10, "heading", "en", f"Ships {document}x") for document in range(400)]
    rows += [(document, 12 + n, "verse", "en", f"Line {n} {document}x") for document in range(400) for n in range(3)]
    table = table_of(sorted(rows))
    for split in SPLITS:
        prose = Prose(table, table.rows_of(split))
        own = {text.split()[4] for text in texts(table, split)}
        rng = np.random.default_rng(0)
        assert {prose.verse(rng, "en")[0].split()[2] for _ in range(2000)} <= own
        headings = [prose.heading(rng, "en", 14) for _ in range(500)]
        assert {one.split()[1] for one in headings if re.fullmatch(r"Ships \d+x", one)} <= own


@pytest.mark.parametrize("split", ["validation", "test"])
def test_an_evaluation_split_loses_what_other_splits_say(split: str) -> None:
    rows = [*documents(400), (400, 5, "paragraph", "en", f"{EIGHT}. More is here.")]
    # The hash of a document is that of its text: look for one that is in the split with the quotations in it.
    for document in range(400):
        quotes: list[Row] = [
            (document, 5, "heading", "en", f"{EIGHT}!"),
            (document, 6, "paragraph", "en", f"As they say: {EIGHT} all. This is its own."),
            (document, 7, "paragraph", "en", f"{EIGHT}?"),
            (document, 9, "verse", "en", "A line alone"),
            (document, 10, "verse", "en", EIGHT),
        ]
        table = table_of(sorted([*rows, *quotes]))
        if said(document, 0) in texts(table, split):
            break
    prose = Prose(table, table.rows_of(split))
    found = texts(table, split)
    assert not any("truths" in text for text in found)
    assert "This is its own." in found
    assert not prose.has_verse("en")
    assert f"{EIGHT}. More is here." in texts(table, "train")


def test_training_loses_nothing() -> None:
    rows = [(row[0], row[1], row[2], row[3], f"{row[4]} {EIGHT}.") for row in documents(400)]
    table = table_of(rows)
    assert all(text.endswith(f"{EIGHT}.") for text in texts(table, "train"))
    for split in ("validation", "test"):
        assert not any("truths" in text for text in texts(table, split))


def test_a_language_of_few_documents_is_split_by_paragraph() -> None:
    one_book: list[Row] = [(0, n, "paragraph", "en", said(n + 1000, 0)) for n in range(640)]
    table = table_of([*one_book, *((row[0] + 1, *row[1:]) for row in documents(400, "de"))])
    alone = {row[4]: split_class(row[4]) for row in one_book}
    assert {text: split for split in SPLITS for text in texts(table, split) if text in alone} == alone


@pytest.mark.parametrize(("num", "sizes"), [(1, (1, 0, 0)), (2, (1, 1, 0)), (3, (1, 1, 1)), (9, (7, 1, 1))])
@pytest.mark.parametrize("of", SPLITS)
def test_a_few_paragraphs_are_dealt_to_all_splits(num: int, sizes: tuple[int, ...], of: str) -> None:
    rows: list[Row] = []
    for _ in range(num):
        text = of_split(of, f"Text {{}} of {len(rows)}.")
        rows.append((0, len(rows), "paragraph", "en", text))
    table = table_of(rows)
    counts = Counter({split: len(texts(table, split)) for split in SPLITS})
    assert sum(counts.values()) == num
    if of == "train":
        assert tuple(counts[split] for split in SPLITS) == sizes
    assert sum(count > 0 for count in counts.values()) == min(num, 3)
    assert counts["train"] > 0


def test_a_split_without_text_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(table_of([(0, 1, "paragraph", "en", "One."), (0, 2, "paragraph", "en", "Two.")]).table, path)
    source = ProseSource(prose_file(str(path), ""), ("en",))
    assert source.open("train").num_paragraphs("en") == 1
    with pytest.raises(ConfigError, match="too little text in en to have some for test alone; give it more"):
        source.open("test")
    with pytest.raises(ConfigError, match="holds no text in fr; leave them out"):
        ProseSource(prose_file(str(path), ""), ("fr",)).open("test")


def test_splits_share_the_text_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(table_of(documents(400)).table, path)
    opened = [ProseSource(prose_file(str(path), ""), ("en",)).open(split) for split in SPLITS]
    assert len({id(prose._text) for prose in opened}) == 1
