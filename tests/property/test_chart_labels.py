"""The grammar of chart targets: canonical, idempotent, and equal exactly where the charts say the same."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from renderers.core.errors import LabelError
from renderers.labels import charts

WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text
)
NUMBER = st.from_regex(r"\A-?\$?[0-9]{1,3}(,[0-9]{3})?(\.[0-9]{1,2})?%?\Z")
FLAT = st.dictionaries(WORD, NUMBER, min_size=1, max_size=6)
NESTED = st.dictionaries(WORD, FLAT, min_size=1, max_size=4)
TARGET = st.builds(
    lambda title, source, x, y, values: {
        "title": title,
        "source": source,
        "x_title": x,
        "y_title": y,
        "values": values,
    },
    WORD,
    WORD | st.just("None"),
    WORD | st.just("None"),
    WORD | st.just("None"),
    FLAT | NESTED,
)


@given(TARGET)
def test_written_targets_are_canonical_and_read_back(target: dict) -> None:  # type: ignore[type-arg]
    text, spans = charts.write(target)
    assert charts.to_text(target) == text
    assert charts.check(text) is None
    assert charts.normalize(text) == text
    assert charts.read(text) == target
    for path, (start, stop) in spans.items():
        word = json.loads(f'"{text[start:stop]}"')
        if path[-1] == "":
            assert word == path[-2]


@given(TARGET, st.randoms())
def test_order_blanks_and_escapes_do_not_change_what_is_said(target: dict, random: object) -> None:  # type: ignore[type-arg]
    text, _ = charts.write(target)
    keys = list(target["values"])
    random.shuffle(keys)  # type: ignore[attr-defined]
    other = target | {"values": {key: target["values"][key] for key in keys}}
    loose = json.dumps(other, indent=1, ensure_ascii=True, sort_keys=True)
    assert charts.equal(text, loose)
    assert charts.normalize(charts.normalize(loose)) == charts.normalize(loose)


@given(TARGET, TARGET)
def test_other_content_is_not_equal(one: dict, other: dict) -> None:  # type: ignore[type-arg]
    assume(one["title"].split() != other["title"].split())
    assert not charts.equal(charts.write(one)[0], charts.write(other)[0])


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("1,200", "1200", True),
        ("12.50", "12.5", True),
        ("8%", "8", False),
        ("-3", "\N{MINUS SIGN}3", True),
        ("12", "12.1", False),
        ("$5", "5", False),
    ],
)
def test_numbers_are_equal_by_what_they_say(a: str, b: str, same: bool) -> None:
    def text(value: str) -> str:
        return charts.write(
            {"title": "t", "source": "None", "x_title": "None", "y_title": "None", "values": {"k": value}}
        )[0]

    assert charts.equal(text(a), text(b)) is same


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("[]", "keys must be"),
        ('{"title":"t"}', "keys must be"),
        ('{"title":"t","source":"s","x_title":"x","y_title":"y","values":{}}', "not empty"),
        ('{"title":"","source":"s","x_title":"x","y_title":"y","values":{"a":"1"}}', "title must be"),
        ('{"title":"t","source":"s","x_title":"x","y_title":"y","values":{"a":1}}', "must be a string"),
        ('{"title":"t","source":"s","x_title":"x","y_title":"y","values":{"a":"1","a":"2"}}', "twice"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_target_is_named(text: str, why: str) -> None:
    with pytest.raises(LabelError, match=why):
        charts.read(text)
    assert why in (charts.check(text) or "")


def test_spans_that_must_be_inked_leave_out_keys_none_and_parts() -> None:
    target = {
        "title": "T",
        "source": "None",
        "x_title": "None",
        "y_title": "Y",
        "values": {"a": {"min": "1", "max": "2"}},
    }
    text, _ = charts.write(target)
    assert [word for _, word in charts.inked_spans(text)] == ["T", "Y", "a", "1", "2"]


def test_html_of_the_same_tree() -> None:
    base = {"title": "A < B", "source": "None", "x_title": "Year", "y_title": "t"}
    flat = charts.to_html(base | {"values": {"2019": "1", "2020": "2"}})
    assert flat == (
        "<table><caption>A &lt; B</caption><tr><th>Year</th><th>t</th></tr>"
        "<tr><td>2019</td><td>1</td></tr><tr><td>2020</td><td>2</td></tr></table>"
    )
    nested = charts.to_html(base | {"values": {"s": {"2019": "1"}, "u": {"2019": "3", "2021": "4"}}})
    assert "<tr><th>Year</th><th>s</th><th>u</th></tr><tr><td>2019</td><td>1</td><td>3</td></tr>" in nested
    assert "<tr><td>2021</td><td></td><td>4</td></tr>" in nested
