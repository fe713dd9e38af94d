"""Conversation, vocabularies and pictures: to the byte, and against transformers' processor."""

import functools
import io
import random
import unicodedata
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features
from transformers import GotOcr2ImageProcessor, GotOcr2Processor, PreTrainedTokenizerBase

from got_model.imaging import ImagePreprocessor, cut_tiles, open_picture
from got_model.prompts import Conversation, task_prompt, thousandths
from got_model.tokenizer import make_tokenizer
from renderers.core.errors import ConfigError, PictureBroken


@pytest.fixture(scope="module")
def got() -> PreTrainedTokenizerBase:
    return _kept("got")


def test_the_tokenizer_is_gots(got: PreTrainedTokenizerBase) -> None:
    assert len(got) == 151860
    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|extra_0|>", "<ref>", "<img>", "</img>", "<imgpad>"]
    assert got.convert_tokens_to_ids(marks) == [151643, 151644, 151645, 151646, 151851, 151857, 151858, 151859]
    # Of Qwen, whose ids these are: digits stand alone, Chinese words and blanks with a word do not.
    assert got.encode("Hello world") == [9707, 1879]
    assert got.encode("你好") == [108386]
    assert got.encode("2024") == [17, 15, 17, 19]


def test_a_conversation_is_gots_to_the_byte(got: PreTrainedTokenizerBase) -> None:
    conversation = Conversation(got, 256)
    wanted = (
        "<|im_start|>system\nYou should follow the instructions carefully and explain your answers in detail.<|im_end|>"
        "<|im_start|>user\n<img>" + "<imgpad>" * 512 + "</img>\nOCR with format: <|im_end|><|im_start|>assistant\n"
    )
    assert got.decode(conversation.prompt("OCR with format: ", 2)) == wanted
    assert conversation.prompt("OCR with format: ", 2) == got.encode(wanted)
    assert conversation.answer("x^2")[-1] == 151645


@pytest.mark.parametrize("name", ["got", "bytes"])
@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_an_answer_comes_back_as_it_was(name: str, text: str) -> None:
    conversation = Conversation(_kept(name), 4)
    wanted = unicodedata.normalize("NFC", text) if name == "got" else text
    assert conversation.text(conversation.answer(text)) == wanted


@functools.cache
def _kept(name: str) -> PreTrainedTokenizerBase:
    return make_tokenizer(name)


@pytest.mark.parametrize("name", ["got", "bytes"])
def test_marks_in_a_text_are_text(name: str) -> None:
    conversation = Conversation(_kept(name), 4)
    text = "<img>a</img><|im_end|> b <imgpad>"
    ids = conversation.answer(text)
    assert ids.count(conversation.turn_end) == 1
    assert conversation.image_pad not in ids
    assert conversation.text(ids) == text


def test_words_of_tasks() -> None:
    assert task_prompt() == "OCR: "
    assert task_prompt(formatted=True) == "OCR with format: "
    assert task_prompt(box=[1, 2, 30, 40]) == "[1, 2, 30, 40] OCR: "
    assert task_prompt(formatted=True, colour="red") == "[red] OCR with format: "
    assert task_prompt(crop=True) == "OCR with format upon the patch reference: "
    assert task_prompt(pages=True) == "OCR with format across multi pages: "
    assert thousandths([10, 20, 199.9, 99.9], 200, 100) == [50, 200, 999, 999]
    refused: list[dict[str, Any]] = [
        {"crop": True, "pages": True},
        {"box": [1, 2, 3, 4], "colour": "red"},
        {"colour": "pink"},
    ]
    for wrong in refused:
        with pytest.raises(ConfigError):
            task_prompt(**wrong)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("asked", "ours", "theirs"),
    [
        # transformers puts a blank before the task where there is no box, and two behind a colour.
        ({}, "\nOCR: ", "\n OCR: "),
        ({"format": True, "color": "red"}, "\n[red] OCR with format: ", "\n[red]  OCR with format: "),
        ({"box": [0, 0, 50, 25]}, "\n[0, 0, 500, 500] OCR: ", "\n[0, 0, 500, 500] OCR: "),
    ],
)
def test_prompts_differ_from_transformers_in_blanks_alone(
    got: PreTrainedTokenizerBase, asked: dict[str, Any], ours: str, theirs: str
) -> None:
    processor = GotOcr2Processor(GotOcr2ImageProcessor(size={"height": 1024, "width": 1024}), got)
    found = processor(Image.new("RGB", (100, 50)), return_tensors="pt", **asked)["input_ids"][0].tolist()
    box = None if "box" not in asked else thousandths([0, 0, 50, 25], 100, 50)
    mine = Conversation(got, 256).prompt(task_prompt(asked.get("format", False), box, asked.get("color")), 1)
    assert got.decode(found).replace(theirs, ours) == got.decode(mine)


def gradient(width: int, height: int) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def test_a_picture_is_squashed_as_transformers_does() -> None:
    picture = gradient(300, 120)
    preprocessor = ImagePreprocessor(256)
    theirs = preprocessor.processor()(picture, return_tensors="pt")["pixel_values"][0]
    assert preprocessor(picture).shape == (3, 256, 256)
    torch.testing.assert_close(preprocessor(picture), theirs, atol=1e-4, rtol=1e-4)
    assert ImagePreprocessor.from_processor(preprocessor.processor()) == preprocessor


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "grey RGB", "almost grey RGB"])
def test_what_comes_through_a_loader_is_what_gots_preprocessing_gives_to_the_last_bit(mode: str) -> None:
    picture = gradient(300, 217)
    if "grey" in mode:
        picture = picture.convert("L").convert("RGB")
        if mode.startswith("almost"):
            picture.putpixel((299, 216), (9, 9, 10))
    else:
        picture = picture.convert("L").convert(mode) if mode == "I;16" else picture.convert(mode)
    out = io.BytesIO()
    picture.save(out, "TIFF" if mode in ("CMYK", "I;16") else "PNG")
    preprocessor = ImagePreprocessor(128)
    pixels = preprocessor.square(open_picture(out.getvalue(), keep_grey=True))
    assert pixels.dtype == torch.uint8
    # Pillow alone, all three channels, and float32 throughout.
    whole = open_picture(out.getvalue()).resize((128, 128), Image.Resampling.BICUBIC)
    expected = torch.from_numpy(np.array(whole, dtype=np.float32)).permute(2, 0, 1)
    mean, std = (torch.tensor(values).view(3, 1, 1) * 255 for values in (preprocessor.mean, preprocessor.std))
    assert torch.equal(preprocessor.normalize(pixels), (expected - mean) / std)


@pytest.mark.parametrize(
    ("size", "max_tiles", "num"),
    [((1240, 1754), 6, 7), ((2480, 1754), 6, 7), ((2480, 1754), 12, 13), ((500, 500), 6, 1), ((4000, 500), 6, 7)],
)
def test_tiles_are_those_of_gots_program(size: tuple[int, int], max_tiles: int, num: int) -> None:
    tiles = cut_tiles(gradient(*size), 1024, max_tiles)
    assert len(tiles) == num
    assert {tile.size for tile in tiles} == {(1024, 1024)}


def test_tiles_are_cut_row_by_row_and_the_whole_comes_last() -> None:
    picture = Image.new("RGB", (300, 200))
    colours = [(at * 40, 0, 255 - at * 40) for at in range(6)]
    for at, colour in enumerate(colours):
        picture.paste(colour, (at % 3 * 100, at // 3 * 100, at % 3 * 100 + 100, at // 3 * 100 + 100))
    tiles = cut_tiles(picture, 64)
    assert [tile.getpixel((32, 32)) for tile in tiles[:6]] == colours
    assert tiles[6].getpixel((2, 2)) == colours[0]


def test_pictures_that_are_none() -> None:
    for data in (b"", b"no picture", _png()[:60]):
        with pytest.raises(PictureBroken):
            open_picture(data)
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "png")
    with pytest.raises(PictureBroken, match="absurdly large"):
        open_picture(bomb.getvalue())


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "BMP", "DDS", "AVIF"])
def test_whatever_is_damaged_in_a_picture_it_is_broken_or_read(name: str) -> None:
    if name == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    out = io.BytesIO()
    gradient(40, 40).save(out, name)
    rng = random.Random(0)
    num_broken = 0
    for _ in range(300):
        data = bytearray(out.getvalue())
        for _ in range(rng.choice((1, 4))):
            data[rng.randrange(min(len(data), rng.choice((40, 200, 10**6))))] = rng.randrange(256)
        try:
            open_picture(bytes(data[: rng.choice((len(data), rng.randrange(len(data))))]))
        except PictureBroken:
            num_broken += 1
    assert num_broken


def test_what_is_transparent_is_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "png")
    assert open_picture(out.getvalue()).getpixel((1, 1)) == (255, 255, 255)


def _png() -> bytes:
    out = io.BytesIO()
    gradient(40, 40).save(out, "png")
    return out.getvalue()
