"""The evaluator's report: what it says, that any answer is safe in it, and that it needs nothing else."""

import html
import io
import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from got_model.report.difference import difference, printable
from got_model.report.groups import LEADING, Scored, goodness, groups_of, means, measures, worst_and_best
from got_model.report.page import write_report
from got_model.report.plots import Curve, curve_svg, distribution_svg
from renderers.core.errors import ConfigError
from renderers.core.formats import FORMATS

KNOWN = measures()
NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>&amp;</pre>\"'\ud800\0 {{ 7*7 }} {% raw %}"


def png(width: int = 30, height: int = 20, noisy: bool = False) -> bytes:
    image = (
        Image.effect_noise((width, height), 80).convert("RGB") if noisy else Image.new("RGB", (width, height), "white")
    )
    packed = io.BytesIO()
    image.convert("RGB").save(packed, "PNG")
    return packed.getvalue()


def scored(at: int, **changes: object) -> Scored:
    cer = at / 20
    plain: dict[str, object] = {
        "id": f"lines/words/test/{at:09d}",
        "picture_png": png(),
        "target": "the fox",
        "answer": "the box" if at else "the fox",
        "format": "plain",
        "part": "words" if at % 2 else "digits",
        "kind": "line",
        "language": "en" if at % 3 else "zh",
        "difficulty": {"tokens": float(at), "depth": 1.0},
        "scores": {"cer": cer, "text_f1": 1 - cer},
    }
    return Scored(**(plain | changes))  # type: ignore[arg-type]


SAMPLES = [scored(at) for at in range(20)]


def written(folder: Path, samples: list[Scored], **more: object) -> tuple[str, dict[str, object]]:
    page = write_report(folder, samples, **more)  # type: ignore[arg-type]
    return page.read_text(encoding="utf-8"), json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_the_machines_file_has_all_that_was_scored(tmp_path: Path) -> None:
    facts = {"checkpoint": "runs/tiny", "data set": "data/lines"}
    curve = Curve("Loss", "step", ((0.0, 3.0), (10.0, math.nan), (20.0, 1.0)))
    totals = {"plain": {"cer": 0.25, "text_f1": 0.5}}
    _, data = written(
        tmp_path / "new" / "report", SAMPLES, totals=totals, facts=facts, notes=["a note"], curves=[curve]
    )
    assert list(data) == ["schema", "facts", "notes", "num_samples", "totals", "groups", "curves", "samples"]
    assert data["totals"] == totals
    assert data["facts"] == facts
    assert data["curves"] == [{"name": "Loss", "x_name": "step", "points": [[0.0, 3.0], [10.0, None], [20.0, 1.0]]}]
    samples = data["samples"]
    assert isinstance(samples, list)
    assert [sample["id"] for sample in samples] == [sample.id for sample in SAMPLES]
    assert samples[3]["scores"] == SAMPLES[3].scores


def test_without_totals_they_are_means_and_cer_is_weighted_by_length(tmp_path: Path) -> None:
    long, short = scored(0, target="a" * 90, scores={"cer": 0.1}), scored(1, target="b" * 10, scores={"cer": 1.0})
    _, data = written(tmp_path, [long, short])
    assert data["totals"] == {"plain": {"cer": pytest.approx(0.19)}}
    assert means([scored(0, scores={"wer": 0.0}), scored(1, scores={"wer": 1.0}), scored(2, scores={})]) == {"wer": 0.5}


def test_groups_are_parts_kinds_languages_and_steps_of_difficulty() -> None:
    groups = groups_of(SAMPLES)
    # What is the same for all tells nothing.
    assert list(groups) == ["part", "language", "tokens"]
    assert [(group.name, group.num) for group in groups["part"]] == [("digits", 10), ("words", 10)]
    assert groups["part"][1].values["text_f1"] == pytest.approx(0.5)
    assert [group.name for group in groups["tokens"]] == ["0 to 3", "4 to 7", "8 to 11", "12 to 15", "16 to 19"]
    assert sum(group.num for group in groups["tokens"]) == 20
    few = groups_of([scored(at, difficulty={"depth": float(at % 2)}) for at in range(6)])
    assert [(group.name, group.num) for group in few["depth"]] == [("0", 3), ("1", 3)]


def test_worst_come_first_best_come_first_and_none_is_both() -> None:
    worst, best = worst_and_best(SAMPLES, KNOWN, 3)
    assert [sample.scores["cer"] for sample in worst] == [0.95, 0.9, 0.85]
    assert [sample.scores["cer"] for sample in best] == [0.0, 0.05, 0.1]
    worst, best = worst_and_best(SAMPLES[:3], KNOWN, 12)
    assert len(worst) == 2
    assert len(best) == 1
    assert worst_and_best(SAMPLES[:1], KNOWN, 12) == (SAMPLES[:1], [])


def test_goodness_counts_whichever_way_a_measure_goes() -> None:
    assert goodness(scored(0, scores={"cer": 0.25}), KNOWN) == 0.75
    assert goodness(scored(0, scores={"cer": 3.0}), KNOWN) == 0.0
    assert goodness(scored(0, scores={"cer": math.nan}), KNOWN) == 0.0
    assert goodness(scored(0, format="latex", scores={"cdm": 0.25, "cer": 0.0}), KNOWN) == 0.25
    assert goodness(scored(0, scores={}), KNOWN) == 0.0


def test_every_format_has_leading_measures_that_exist() -> None:
    assert set(LEADING) == set(FORMATS)
    for names in LEADING.values():
        assert set(names) <= set(KNOWN)


def test_differences_put_together_are_the_texts() -> None:
    for target, answer in (
        ("the fox", "the box is"),
        ("", "abc"),
        ("abc", ""),
        ("a\nb", "a b"),
        ("同一個字", "同一个字"),
    ):
        mine, theirs = difference(target, answer)
        shown = {"·": " ", "⏎\n": "\n"}
        for pieces, text in ((mine, target), (theirs, answer)):
            whole = "".join(piece.text if piece.same else shown.get(piece.text, piece.text) for piece in pieces)
            assert whole.replace("·", " ") == text
    mine, theirs = difference("the fox", "the box")
    assert [piece.text for piece in mine if not piece.same] == ["f"]
    assert [piece.text for piece in theirs if not piece.same] == ["b"]


def test_differences_of_blanks_can_be_seen_and_long_texts_are_cut() -> None:
    mine, theirs = difference("a b", "a\nb")
    assert [piece.text for piece in mine if not piece.same] == ["·"]
    assert [piece.text for piece in theirs if not piece.same] == ["⏎\n"]
    mine, _ = difference("x" * 10_000, "x")
    assert sum(len(piece.text) for piece in mine) < 6100
    assert "4,000 more" in mine[-1].text
    assert printable("a\0\ud800b\n") == "a␀\N{REPLACEMENT CHARACTER}b\n"


class Page(HTMLParser):
    """Tags, texts and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_whatever_is_answered_is_only_shown(tmp_path: Path) -> None:
    nasty = scored(1, id=NASTY, target=NASTY, answer=NASTY[::-1], part=NASTY, kind=NASTY, language=NASTY)
    curve = Curve(NASTY, NASTY, ((0.0, 1.0), (1.0, 2.0)))
    facts = {"checkpoint": NASTY, "data set": NASTY}
    page, data = written(tmp_path, [nasty, *SAMPLES], facts=facts, notes=[NASTY], curves=[curve])
    read = Page(page)
    assert "script" not in read.tags
    assert not {name for name in read.attributes if name.startswith("on")}
    assert all(address.startswith(("data:", "#")) for address in read.addresses)
    assert "<script>alert(1)</script>" in read.text
    assert "{{ 7*7 }}" in read.text
    assert "49" not in re.findall(r"\b49\b", html.unescape(page))
    assert data["num_samples"] == 21


def test_the_page_needs_no_network_and_lets_nothing_run(tmp_path: Path) -> None:
    page, _ = written(tmp_path, SAMPLES)
    assert "default-src 'none'" in html.unescape(page)
    assert "style=" not in page
    # The name of SVG's namespace is no address, and HTML needs none.
    assert "http://" not in page
    assert "https://" not in page


def test_the_page_shows_totals_notes_curves_and_cases(tmp_path: Path) -> None:
    notes = ["CDM is left out: no TeX"]
    curve = Curve("Held-out CER", "pictures", tuple((float(at), 1 / (at + 1)) for at in range(30)))
    samples = [*SAMPLES, *(scored(at, format="latex", scores={"cdm": at / 9, "exp_rate": 0.0}) for at in range(9))]
    page, _ = written(tmp_path, samples, facts={"checkpoint": "runs/tiny"}, notes=notes, curves=[curve])
    read = Page(page)
    for words in (
        "runs/tiny",
        notes[0],
        "Held-out CER",
        "Character error rate",
        "CDM",
        "By part",
        "Worst",
        "Best",
        "29",
    ):
        assert words in read.text
    assert read.text.count("lines/words/test/") == 20 + 9
    assert read.tags.count("mark") > 20
    assert read.tags.count("img") == 29


def test_a_format_without_known_scores_and_a_picture_that_is_none_are_shown(tmp_path: Path) -> None:
    odd = [scored(1, scores={}, picture_png=b""), scored(2, picture_png=b"no picture" * 40_000)]
    page, _ = written(tmp_path, odd)
    assert page.count("no picture") == 2


def test_large_pictures_are_made_smaller(tmp_path: Path) -> None:
    large = png(1800, 900, noisy=True)
    page, _ = written(tmp_path, [scored(1, picture_png=large)])
    assert "data:image/jpeg;base64," in page
    assert len(page) < len(large)


def test_two_reports_of_the_same_are_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "one", SAMPLES) == written(tmp_path / "two", SAMPLES)


def test_no_results_and_no_folder_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing was evaluated"):
        write_report(tmp_path, [])
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="file"):
        write_report(tmp_path / "file" / "report", SAMPLES)


def test_plots_are_drawn_of_odd_numbers_too() -> None:
    for points in (((0.0, 0.0), (1.0, 0.0)), ((5.0, 2.0), (5.0, 2.0)), ((-1e-9, -3.0), (1e9, 1e12))):
        drawn = str(curve_svg(Curve("y", "x", points)))
        assert "nan" not in drawn
        assert "inf" not in drawn
        assert "<polyline" in drawn
    broken = Curve("y", "x", ((0.0, 1.0), (1.0, 1.0), (2.0, math.inf), (3.0, 1.0), (4.0, 2.0)))
    assert str(curve_svg(broken)).count("<polyline") == 2
    assert curve_svg(Curve("y", "x", ((0.0, 1.0),))) == ""
    assert str(distribution_svg([0.0, 0.5, 1.0, 1.0], "score")).count("<rect") == 3
