"""What a session and a shard's work promise, each with a fake renderer that goes wrong in a chosen way."""

import errno
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pipelines.plan import Shard
from pipelines.recipe import Recipe
from pipelines.verify import MIN_CONTRAST
from pipelines.work import MAX_REJECTIONS, Session, ShardStats, work
from renderers.core.corpora import Corpora
from renderers.core.errors import EngineCrash, EngineStartError, EngineTimeout, MachineFault, ShardError
from renderers.core.image import decode_png, shrink_to_grey
from renderers.core.jsonable import from_json
from renderers.core.renderer import Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.core.split import split_class
from renderers.effects.degrade import Degraded, degrade
from renderers.effects.mix import Effects
from tests.pipelines.fakes import FakeEngine, FakeWords, FakeWordsOneByOne, Word, fake_recipe, sample

TRAIN = Shard("words", "train", 0, 200)
NUM_TRAIN = len(TRAIN.indices)
INK_ALONE = Effects(frac=1.0, severity=(0.4, 0.6, 0.9), paper=0.0, warp=0.0, scan=0.0, photo=0.0)

pytestmark = pytest.mark.usefixtures("fake")


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(fake_recipe()) as session:
        yield session


def made(recipe: Recipe, shard: Shard = TRAIN) -> tuple[dict[int, dict[str, Any]], ShardStats]:
    """The rows of a shard by index, and what came of it."""
    stats = ShardStats()
    with Session(recipe) as session:
        for _ in work(session, shard, stats):
            pass
    return {index: row.result() for index, row in stats.rows.items()}, stats


def spec_of(row: dict[str, Any]) -> Word:
    return from_json(row["spec"], Word)


def words(*faults: str) -> list[Word]:
    """Specs with these faults, each of another word."""
    return [Word(f"word {position}", fault=fault) for position, fault in enumerate(faults)]


def names(outcomes: list[Outcome]) -> list[str]:
    """The reason of each outcome, "" of a sample."""
    return [outcome.reason if isinstance(outcome, Rejected) else "" for outcome in outcomes]


# ---------------------------------------------------------------------------------------------- rows and their address


def test_a_shard_has_a_row_for_each_of_its_indices_whatever_is_rejected() -> None:
    for recipe in (fake_recipe(), fake_recipe(refused=0.3, unboxed=0.2)):
        rows, _ = made(recipe)
        assert sorted(rows) == TRAIN.indices
        assert all(row["index"] == index for index, row in rows.items())
        assert all(row["id"] == f"fake/words/train/{index:09d}" for index, row in rows.items())


def test_a_row_does_not_depend_on_its_batch() -> None:
    faults = {"refused": 0.2, "unboxed": 0.1}
    together, counted = made(fake_recipe(renderer=FakeWords(faults=faults)))
    assert max(map(len, FakeEngine.batches)) > 1
    alone, counted_alone = made(fake_recipe(renderer=FakeWordsOneByOne(faults=faults)))
    assert together == alone
    assert (counted.rejected, counted.num_draws) == (counted_alone.rejected, counted_alone.num_draws)


def test_a_row_does_not_depend_on_the_others_of_its_shard() -> None:
    recipe = fake_recipe(refused=0.3)
    together, _ = made(recipe)
    for index in TRAIN.indices[:20]:
        alone, _ = made(recipe, Shard("words", "train", index, index + 1))
        assert alone == {index: together[index]}


def test_a_row_is_drawn_at_the_address_that_it_says() -> None:
    recipe = fake_recipe(seed=7, refused=0.4)
    rows, _ = made(recipe)
    renderer = FakeWords(faults={"refused": 0.4})
    for row in rows.values():
        assert renderer.draw(rng_at(7, "words", row["index"], row["attempt"]), Corpora([], "train")) == spec_of(row)
        assert (row["seed"], row["recipe_digest"]) == (7, recipe.digest)
        assert row["renderer_version"] == recipe.part("words").version


def test_each_redraw_has_the_next_attempt_number() -> None:
    recipe = fake_recipe(refused=0.4)
    rows, stats = made(recipe)
    part = recipe.part("words")
    with Session(recipe) as session:
        for index, row in rows.items():
            draws = [session.draw(part, "train", index, attempt) for attempt in range(60)]
            sound = [not draw.fault and split_class(draw.text) == "train" for draw in draws]
            assert row["attempt"] == sound.index(True)
    assert {row["attempt"] for row in rows.values()} > {0, 1}
    assert stats.num_draws == NUM_TRAIN + stats.rejected["word_refused"]


def test_effects_do_not_change_what_is_drawn() -> None:
    clean, _ = made(fake_recipe())
    degraded, _ = made(fake_recipe(effects=Effects(frac=0.5, severity=(0.05, 0.1, 0.2))))
    severities = {row["difficulty"]["degradation"] for row in degraded.values()}
    assert 0.0 in severities
    assert len(severities) > 20
    same = [index for index in TRAIN.indices if degraded[index]["attempt"] == clean[index]["attempt"]]
    assert len(same) > NUM_TRAIN / 2
    assert all(degraded[index]["spec"] == clean[index]["spec"] for index in same)
    assert all(
        (degraded[index]["image"] == clean[index]["image"]) == (degraded[index]["difficulty"]["degradation"] == 0)
        for index in same
    )


def test_a_row_is_degraded_at_its_address_in_a_stream_of_its_own() -> None:
    effects = Effects(frac=1.0, severity=(0.05, 0.1, 0.2))
    rows, _ = made(fake_recipe(effects=effects, seed=3), Shard("words", "train", 0, 12))
    for row in rows.values():
        spec = spec_of(row)
        address = (3, "words", row["index"], row["attempt"])
        rendered = sample(spec.text, FakeEngine().ink(spec))
        degraded = degrade(rendered, effects, rng_at(*address, stream="degrade"))
        assert isinstance(degraded, Degraded)
        assert np.array_equal(decode_png(row["image"]["bytes"]), shrink_to_grey(degraded.rendered.image))
        with_numbers_of_the_draw = degrade(rendered, effects, rng_at(*address, stream="draw"))
        assert isinstance(with_numbers_of_the_draw, Rejected) or not np.array_equal(
            with_numbers_of_the_draw.rendered.image, degraded.rendered.image
        )


# ----------------------------------------------------------------------------------------------------------- splits


def test_one_content_in_32_is_of_each_evaluation_split() -> None:
    classes = Counter(split_class(f"word {number}") for number in range(32_000))
    assert set(classes) == {"train", "validation", "test"}
    assert classes["validation"] == pytest.approx(1000, rel=0.15)
    assert classes["test"] == pytest.approx(1000, rel=0.15)


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_row_stands_only_in_the_split_of_its_content(split: str) -> None:
    rows, _ = made(fake_recipe(renderer=FakeWords(menu=500, faults={"refused": 0.2})), Shard("words", split, 0, 640))
    assert rows
    assert {split_class(spec_of(row).text) for row in rows.values()} == {split}


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_row_is_drawn_from_what_its_split_has_of_the_corpora(split: str) -> None:
    rows, _ = made(fake_recipe(renderer=FakeWords(sourced=True, faults={"refused": 0.2})), Shard("words", split, 0, 64))
    assert {spec_of(row).text.split()[0] for row in rows.values()} == {split}


def test_a_split_that_no_draw_falls_in_ends_the_run_with_one_line() -> None:
    with pytest.raises(ShardError, match="words: 5000 draws and none falls in the split test; its menus are too small"):
        made(fake_recipe(renderer=FakeWords(menu=1)), Shard("words", "test", 24, 25))


# ------------------------------------------------------------------------------------------------------ the proof


def test_no_row_is_written_that_does_not_pass_verify() -> None:
    rows, stats = made(fake_recipe(unboxed=0.3))
    assert stats.rejected["region_missing"] > 20
    assert not [row for row in rows.values() if not row["regions"]]
    assert not [row for row in rows.values() if spec_of(row).fault]


def test_what_degradation_made_illegible_is_no_row() -> None:
    faint = FakeWords(contrast=MIN_CONTRAST + 0.05)
    rows, stats = made(fake_recipe(renderer=faint, effects=INK_ALONE), Shard("words", "train", 0, 30))
    assert stats.rejected["contrast_low"] > 0
    assert min(row["difficulty"]["contrast"] for row in rows.values()) >= MIN_CONTRAST


def test_rejections_are_counted_by_reason() -> None:
    recipe = fake_recipe(refused=0.2, unboxed=0.1)
    rows, stats = made(recipe)
    part = recipe.part("words")
    faults: Counter[str] = Counter()
    with Session(recipe) as session:
        for index, row in rows.items():
            draws = [session.draw(part, "train", index, attempt) for attempt in range(row["attempt"])]
            faults.update(draw.fault for draw in draws if split_class(draw.text) == "train")
    assert dict(stats.rejected) == {"word_refused": faults["refused"], "region_missing": faults["unboxed"]}
    assert stats.num_draws == len(rows) + stats.rejected.total() + stats.failed


def test_a_few_rejects_of_each_reason_are_kept_to_look_at() -> None:
    rows, stats = made(fake_recipe(refused=0.2, unboxed=0.2))
    assert min(stats.rejected.values()) > 10
    assert Counter(reject["reason"] for reject in stats.rejects) == {"word_refused": 4, "region_missing": 4}
    for reject in stats.rejects:
        spec = spec_of(reject)
        assert decode_png(reject["image"]["bytes"]).shape[0] == 64
        assert reject["id"] == f"fake/words/train/{reject['index']:09d}"
        assert reject["attempt"] < rows[reject["index"]]["attempt"]
        assert reject["detail"] == f"{spec.text} was refused" or repr(spec.text) in reject["detail"]


def test_an_index_that_is_always_rejected_ends_the_run_with_one_line() -> None:
    stats = ShardStats()
    with Session(fake_recipe(refused=1.0)) as session, pytest.raises(ShardError) as raised:
        list(work(session, Shard("words", "train", 3, 4), stats))
    line = r"fake/words/train/000000003 was rejected 60 times, last by word_refused: word \d+ was refused"
    assert raised.match(f"^{line}$")
    assert stats.rejected["word_refused"] == MAX_REJECTIONS == 60


def test_how_far_a_shard_is_can_be_read_after_every_run_of_the_engine() -> None:
    stats = ShardStats()
    with Session(fake_recipe()) as session:
        kept = [len(stats.rows) for _ in work(session, TRAIN, stats)]
    assert len(kept) == len(FakeEngine.batches)
    assert kept == sorted(kept)
    assert kept[0] == len(FakeEngine.batches[0])
    assert kept[-1] == NUM_TRAIN


# ----------------------------------------------------------------------------------------------- engines that go wrong


def test_outcomes_come_in_the_order_of_their_specs(session: Session) -> None:
    specs = [Word(text) for text in ("a", "bc", "d", "ef", "ghi", "jk")]
    assert {FakeWords().batch_key(spec) for spec in specs} == {"even", "odd"}
    outcomes = session.render(FakeWords(), specs)
    assert [outcome.markup for outcome in outcomes if isinstance(outcome, Rendered)] == [spec.text for spec in specs]
    assert sorted(map(sorted, FakeEngine.batches)) == [["a", "d", "ghi"], ["bc", "ef", "jk"]]


def test_a_spec_that_kills_its_engine_fails_alone(session: Session) -> None:
    faults = [""] * 8
    faults[5] = "crashes"
    outcomes = session.render(FakeWords(), words(*faults))
    assert names(outcomes) == ["", "", "", "", "", "failed", "", ""]
    assert isinstance(outcomes[5], Rejected)
    assert outcomes[5].detail == "EngineCrash: fake died of word 5"


def test_a_batch_that_kills_its_engine_is_halved(session: Session) -> None:
    faults = [""] * 8
    faults[5] = "crashes"
    session.render(FakeWords(), words(*faults))
    # Each batch that failed is tried once more, on a fresh engine, before it is halved.
    # Alone it is tried a third time, between two probes.
    assert [len(batch) for batch in FakeEngine.batches] == [8, 8, 4, 4, 4, 2, 2, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("num_bad", [1, 2, 3, 5, 9, 1000])
@pytest.mark.parametrize(
    "trouble",
    [EngineCrash("fake got no memory"), EngineTimeout("fake is stopped"), ValueError("half a file"), OSError(5, "I/O")],
    ids=lambda trouble: type(trouble).__name__,
)
def test_a_machine_in_trouble_changes_no_byte(num_bad: int, trouble: Exception) -> None:
    # Whatever fails while its engine cannot do anything is drawn all the same, or the shard is given back.
    recipe = fake_recipe(refused=0.2)
    calm, counted = made(recipe)
    for first in range(0, 24, 5):
        FakeEngine.reset()
        FakeEngine.bad_calls, FakeEngine.trouble = range(first, first + num_bad), trouble
        try:
            rows, stats = made(recipe)
        except MachineFault as raised:
            given_back = str(raised)
        else:
            assert rows == calm
            assert (stats.rejected, stats.failed) == (counted.rejected, 0)
            continue
        assert str(trouble.args[-1]) in given_back or "a disk answers with errors" in given_back


@pytest.mark.parametrize("good", range(6))
def test_a_moment_in_which_a_machine_can_draw_makes_nobody_guilty(good: int) -> None:
    # Be it that of the first probe: the second one fails.
    FakeEngine.bad_calls = set(range(1000)) - {good}
    stats = ShardStats()
    recipe = fake_recipe(renderer=FakeWordsOneByOne())
    with Session(recipe) as session, pytest.raises(MachineFault, match="not even a probe"):
        list(work(session, TRAIN, stats))
    assert stats.failed == 0


def test_what_is_short_is_said_at_once_and_by_name() -> None:
    FakeEngine.bad_calls = range(1000)
    for trouble, name in (
        (OSError(errno.ENOSPC, "No space left on device", "/scratch/a/b"), "the disk of /scratch/a is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/scratch/a/b"), "full for this user"),
        (OSError(errno.EMFILE, "Too many open files"), "ulimit -n"),
        (OSError(errno.EAGAIN, "Resource temporarily unavailable"), "ulimit -u"),
        (MemoryError(), "memory is short"),
    ):
        FakeEngine.trouble, FakeEngine.num_calls = trouble, 0
        with Session(fake_recipe()) as session, pytest.raises(MachineFault, match=name):
            session.render(FakeWords(), words("", ""))
        assert FakeEngine.num_calls == 1


def test_a_rejection_on_a_full_disk_is_not_believed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renderers.core.machine.MIN_FREE_BYTES", 1 << 62)
    assert names(session.render(FakeWords(), words("", ""))) == ["", ""]
    with pytest.raises(MachineFault, match=r"fake_words cannot draw: the disk of .* is full: [\d.]+ MB are free"):
        session.render(FakeWords(), words("", "refused"))


def test_a_spec_that_its_renderer_raises_at_fails_alone(session: Session) -> None:
    outcomes = session.render(FakeWords(), words("", "", "raises", ""))
    assert names(outcomes) == ["", "", "failed", ""]
    assert isinstance(outcomes[2], Rejected)
    assert "ZeroDivisionError: word 2" in outcomes[2].detail
    assert FakeEngine.num_open <= 1


def test_an_engine_that_is_killed_from_outside_costs_no_sample(session: Session) -> None:
    outcomes = session.render(FakeWords(), words("", "crashes_once", "", ""))
    assert names(outcomes) == ["", "", "", ""]
    assert [len(batch) for batch in FakeEngine.batches] == [4, 4]
    assert FakeEngine.num_started == 2


def test_an_engine_that_hangs_is_killed_at_its_deadline_and_its_spec_fails_alone() -> None:
    with Session(fake_recipe(), deadline_s=0.01) as session:
        outcomes = session.render(FakeWords(), words("", "hangs"))
    assert names(outcomes) == ["", "failed"]
    assert isinstance(outcomes[1], Rejected)
    assert outcomes[1].detail.startswith("EngineTimeout: fake did not answer within")


def test_an_engine_that_is_missing_ends_the_run_with_the_line_that_installs_it(session: Session) -> None:
    FakeEngine.max_batches = 0
    with pytest.raises(EngineStartError, match="apt-get install fake"):
        session.render(FakeWords(), words("", ""))


def test_a_renderer_that_loses_an_outcome_ends_the_run(session: Session) -> None:
    with pytest.raises(ShardError, match="fake_words gave 2 outcomes for 3 specs"):
        session.render(FakeWords(), words("", "lost", ""))


def test_failures_are_counted_and_drawn_again() -> None:
    rows, stats = made(fake_recipe(seed=24, crashes=0.01, raises=0.01))
    assert sorted(rows) == TRAIN.indices
    assert stats.failed == 5
    assert not stats.rejected
    assert stats.num_draws == NUM_TRAIN + 5
    assert [reject["reason"] for reject in stats.rejects] == ["failed"] * 4


def test_too_many_failures_end_the_run_and_say_the_last_one() -> None:
    stats = ShardStats()
    with Session(fake_recipe(raises=0.5)) as session, pytest.raises(ShardError) as raised:
        list(work(session, TRAIN, stats))
    assert str(raised.value).startswith("6 draws failed, the last one fake/words/train/0000")
    assert "ZeroDivisionError: word" in str(raised.value)
    assert stats.failed == 6


def test_an_engine_is_recycled_after_so_many_pictures(session: Session) -> None:
    refused = [Word("word", fault="refused")] * 5000
    session.render(FakeWords(), refused[:10])
    session.render(FakeWords(), refused)
    assert FakeEngine.num_started == 1
    session.render(FakeWords(), refused[:10])
    assert FakeEngine.num_started == 2


def test_an_engine_is_recycled_when_it_holds_too_much_memory(session: Session) -> None:
    FakeEngine.held_bytes = 2 << 30
    for num in (1, 2):
        session.render(FakeWords(), words(""))
        assert FakeEngine.num_started == num
    assert FakeEngine.num_open == 0


def test_a_session_keeps_its_engine_and_closes_it() -> None:
    with Session(fake_recipe()) as session:
        for _ in range(3):
            session.render(FakeWords(), words("", ""))
        assert (FakeEngine.num_started, FakeEngine.num_open) == (1, 1)
    assert FakeEngine.num_open == 0


def test_a_session_closes_its_engine_when_the_run_fails() -> None:
    with Session(fake_recipe(refused=1.0)) as session, pytest.raises(ShardError):
        list(work(session, TRAIN, ShardStats()))
    assert FakeEngine.num_open == 0


def test_pictures_are_stored_as_they_were_rendered(session: Session) -> None:
    rows, _ = made(fake_recipe(), Shard("words", "train", 0, 10))
    for row in rows.values():
        stored = decode_png(row["image"]["bytes"])
        assert np.array_equal(stored, FakeEngine().ink(spec_of(row)))
        assert (row["height"], row["width"]) == stored.shape
