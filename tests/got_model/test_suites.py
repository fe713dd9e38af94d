"""Suites on small folders in the formats in which the benchmarks are published."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from got_model.metrics.charts import Charts
from got_model.metrics.core.metric import Pair
from got_model.metrics.core.registry import metric_class, metric_names
from got_model.metrics.pages import Pages
from got_model.suites.core.suite import Sample, read_suite, suite_names
from renderers.core.errors import ConfigError
from renderers.core.formats import FORMATS


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 6), "white").save(path)
    return path


def conversation(image: str, question: str, answer: str) -> dict[str, object]:
    turns = [{"from": "human", "value": question}, {"from": "gpt", "value": answer}]
    return {"image": image, "conversations": turns}


def dump(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def make_fox(folder: Path) -> None:
    picture(folder / "en_pdf_png" / "en_1.png")
    picture(folder / "cn_pdf_png" / "cn_1.png")
    picture(folder / "cn_pdf_png_onbox" / "cn_1_0.png")
    dump(folder / "en_page_ocr.json", [conversation("en_1.png", "<image>\nRead the page.", "All of the page.")])
    question = "<image>\nGive the OCR results of the box (30,40,500,96)"
    dump(folder / "en_box_ocr.json", [conversation("en_1.png", question, "of the")])
    # As published, a list of lines of one language may name pictures of the other's folder.
    dump(folder / "en_line_ocr.json", [conversation("cn_1.png", "<image>\nOCR the line [1, 2, 3, 4]", "一行")])
    dump(folder / "cn_onbox_ocr.json", [conversation("cn_1_0.png", "<image>\n识别 red box 中的文字", "红框")])
    dump(folder / "en_box_translation.json", [conversation("en_1.png", "<image>\nTranslate", "翻译")])


def make_charts(folder: Path) -> None:
    picture(folder / "ChartQA_images" / "a.png")
    values = {"A": "6%", "B": "7.5%"}
    gts = {"title": "T", "source": "None", "x_title": "x", "y_title": "None", "values": values}
    dump(folder / "ChartQA_test_human_filter.json", [{"images": "a.png", "gts": gts}])
    dump(folder / "pred_results" / "onechart_chartqaSE.json", [{"imagename": "a.png", "answer": "{}"}])


def block(kind: str, order: int | None, anno_id: int, **fields: object) -> dict[str, object]:
    return {"category_type": kind, "poly": [0] * 8, "order": order, "anno_id": anno_id, "ignore": False} | fields


def make_omnidocbench(folder: Path) -> None:
    picture(folder / "images" / "p.jpg")
    blocks = [
        block("header", None, 0, text="Journal"),
        block("text_block", 3, 2, text="which goes on\nin the next column."),
        block("title", 1, 1, text="A title"),
        block("text_block", 2, 3, text="A paragraph"),
        block("equation_isolated", 4, 4, latex="$$\na^2 + b^2\n$$"),
        block("table", 5, 5, html="<table><tr><td>1</td></tr></table>", latex="\\begin{tabular}"),
        block("figure_caption", 6, 6, text="Figure 1"),
        block("text_block", 7, 7, text="noise", ignore=True),
    ]
    extra = {"relation": [{"relation_type": "truncated", "source_anno_id": 3, "target_anno_id": 2}]}
    attribute = {"data_source": "academic_literature", "language": "english", "layout": "double_column"}
    info = {"page_no": 0, "height": 6, "width": 8, "image_path": "p.jpg", "page_attribute": attribute}
    dump(folder / "OmniDocBench.json", [{"layout_dets": blocks, "page_info": info, "extra": extra}])


def make_grandstaff(folder: Path) -> None:
    for name in ("one", "two"):
        score = folder / "grandstaff_dataset" / "chopin" / f"{name}.krn"
        picture(score.with_suffix(".jpg"))
        score.write_text("**kern\t**kern\n4c\t4e\n*-\t*-\n", encoding="utf-8")
    picture(folder / "grandstaff_dataset" / "chopin" / "two_distorted.jpg")
    lists = folder / "partitions_grandstaff" / "types"
    lists.mkdir(parents=True)
    (lists / "test.txt").write_text("chopin/two.krn\n", encoding="utf-8")
    (lists / "train.txt").write_text("chopin/one.krn\n", encoding="utf-8")


MAKERS: dict[str, Callable[[Path], None]] = {
    "chart_se": make_charts,
    "fox": make_fox,
    "grandstaff": make_grandstaff,
    "omnidocbench": make_omnidocbench,
}


def samples(name: str, folder: Path) -> list[Sample]:
    MAKERS[name](folder)
    return read_suite(name, folder)


@pytest.mark.parametrize("name", suite_names())
def test_samples_of_every_suite_are_whole(name: str, tmp_path: Path) -> None:
    found = samples(name, tmp_path)
    assert len({sample.id for sample in found}) == len(found) > 0
    for sample in found:
        assert sample.format in FORMATS
        assert sample.metrics
        for metric in sample.metrics:
            assert metric in metric_names()
            assert sample.format in metric_class(metric).formats
        assert all(image.is_file() for image in sample.images)
        assert sample.target
        assert sample.prompt.endswith(": ")
    assert read_suite(name, tmp_path) == found


def test_fox_asks_in_gots_words(tmp_path: Path) -> None:
    found = {sample.part: sample for sample in samples("fox", tmp_path)}
    assert {part: sample.prompt for part, sample in found.items()} == {
        "en_page_ocr": "OCR: ",
        "en_box_ocr": "[30, 40, 500, 96] OCR: ",
        "en_line_ocr": "[1, 2, 3, 4] OCR: ",
        "cn_onbox_ocr": "[red] OCR: ",
    }
    assert found["en_line_ocr"].images == (tmp_path / "cn_pdf_png" / "cn_1.png",)
    assert found["cn_onbox_ocr"].language == "zh"


def test_charts_have_the_dictionary_as_their_target(tmp_path: Path) -> None:
    (sample,) = samples("chart_se", tmp_path)
    assert json.loads(sample.target)["values"] == {"A": "6%", "B": "7.5%"}
    assert list(json.loads(sample.target)) == ["title", "source", "x_title", "y_title", "values"]
    assert Charts().score([Pair(sample.target, sample.target)]).total["scrm_em"] == 1.0


def test_pages_are_their_scored_blocks_in_reading_order(tmp_path: Path) -> None:
    (sample,) = samples("omnidocbench", tmp_path)
    assert sample.target.split("\n\n") == [
        "A title",
        "A paragraph which goes on in the next column.",
        "\\[a^2 + b^2\\]",
        "<table><tr><td>1</td></tr></table>",
    ]
    assert (sample.language, sample.part) == ("en", "academic_literature")
    total = Pages().score([Pair(sample.target, sample.target)]).total
    assert (total["page_text_edit"], total["page_table_teds"], total["page_formula_edit"]) == (0.0, 1.0, 0.0)


def test_music_is_what_the_list_of_the_test_set_names(tmp_path: Path) -> None:
    assert [sample.id for sample in samples("grandstaff", tmp_path)] == ["clean/chopin/two", "camera/chopin/two"]
    (tmp_path / "partitions_grandstaff" / "types" / "test.txt").unlink()
    assert [sample.part for sample in read_suite("grandstaff", tmp_path)] == ["clean", "clean", "camera"]


def refused(name: str, folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_suite(name, folder)
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize("name", suite_names())
def test_a_folder_that_is_none_or_empty_is_one_line_with_its_path(name: str, tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in refused(name, tmp_path / "nowhere")
    assert str(tmp_path) in refused(name, tmp_path)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("fox", "en_page_ocr.json"),
        ("chart_se", "ChartQA_test_human_filter.json"),
        ("omnidocbench", "OmniDocBench.json"),
    ],
)
@pytest.mark.parametrize("broken", [b"[{", b"\xff\xfe", b"[1]", b'{"a": 1}', b"", b"[" * 100_000])
def test_a_broken_file_is_one_line_with_its_path(name: str, file: str, broken: bytes, tmp_path: Path) -> None:
    MAKERS[name](tmp_path)
    (tmp_path / file).write_bytes(broken)
    assert file in refused(name, tmp_path)


def test_missing_pictures_scores_and_boxes_are_named(tmp_path: Path) -> None:
    make_fox(tmp_path / "fox")
    (tmp_path / "fox" / "en_pdf_png" / "en_1.png").unlink()
    assert "en_1.png" in refused("fox", tmp_path / "fox")
    picture(tmp_path / "fox" / "en_pdf_png" / "en_1.png")
    dump(tmp_path / "fox" / "en_box_ocr.json", [conversation("en_1.png", "no box here", "x")])
    assert "no box" in refused("fox", tmp_path / "fox")
    dump(tmp_path / "fox" / "en_box_ocr.json", [conversation("../../secret.png", "[1,2,3,4]", "x")])
    assert "secret.png" in refused("fox", tmp_path / "fox")
    make_charts(tmp_path / "charts")
    (tmp_path / "charts" / "ChartQA_images" / "a.png").unlink()
    assert "a.png" in refused("chart_se", tmp_path / "charts")
    make_grandstaff(tmp_path / "music")
    (tmp_path / "music" / "grandstaff_dataset" / "chopin" / "two.krn").unlink()
    assert "chopin/two.krn" in refused("grandstaff", tmp_path / "music")


def test_unknown_suites_are_refused_with_those_that_are(tmp_path: Path) -> None:
    assert "chart_se, fox, grandstaff, omnidocbench" in refused("mnist", tmp_path)
