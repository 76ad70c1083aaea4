"""One engine scores every instrument: published examples, and what must always hold."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.outcomes import (
    BadEntry,
    Urgency,
    in_order,
    instrument,
    instruments,
    keys,
    score,
    score_total,
    told,
)
from backstride.outcomes.instrument import Missing

FORMS = st.sampled_from([instrument(key) for key in keys()])


def value(key: str, *answers: int | None) -> float | None:
    form = instrument(key)
    return score(form, in_order(form, answers)).value


def actions(key: str, *answers: int | None) -> list[str]:
    form = instrument(key)
    return [action.id for action in score(form, in_order(form, answers)).actions]


def band(key: str, total: float, **parts: float) -> str | None:
    found = score_total(instrument(key), total, parts).band
    return found and found.label


# ---------------------------------------------------------------- published examples


def test_odi_as_its_form_works_it_out():
    # "16 (total scored) / 50 x 100 = 32 %; one section missed: 16 / 45 x 100 = 35.5 %"
    assert value("odi", 2, 2, 2, 2, 2, 2, 2, 1, 1, 0) == 32
    assert value("odi", 2, 2, 2, 2, 2, 2, 2, 1, 1, None) == pytest.approx(35.5, abs=0.11)


def test_peg_is_the_mean_of_three():
    assert value("peg", 5, 5, 5) == 5  # plustopcare.org; achawaqat.com
    assert value("peg", 4, 5, 6) == 5
    assert value("peg", 3, 3, 4) == 3.33


def test_rmdq_is_the_number_of_ticks():
    form = instrument("rmdq")
    assert score(form, dict.fromkeys(["1", "4", "9"], 1)).value == 3
    assert score(form, dict.fromkeys(form.item_ids, 1)).value == 24
    assert score(form, {}).value == 0


@pytest.mark.parametrize(
    ("items", "total", "distress", "label"),
    [
        # clinical-details 2: low(3, 0), high(4, 4), medium(4, 0)
        ([1, 1, 1, 0, 0, 0, 0, 0, 0], 3, 0, "Simple support"),
        ([0, 0, 0, 0, 1, 1, 1, 1, 0], 4, 4, "worries"),
        ([1, 1, 1, 1, 0, 0, 0, 0, 0], 4, 0, "A physical therapist can help"),
        ([1] * 9, 9, 5, "worries"),
    ],
)
def test_start_back_sorts_as_published(items, total, distress, label):
    form = instrument("startback")
    found = score(form, in_order(form, items))
    assert (found.value, found.subscales) == (total, {"distress": distress})
    assert found.band is not None
    assert label in found.band.label


def test_who5_is_four_times_the_sum():
    assert value("who5", 5, 5, 5, 5, 5) == 100
    assert value("who5", 0, 0, 0, 0, 0) == 0
    assert value("who5", 4, 4, 4, 4, 5) == 84  # simplified.tools: 21 of 25
    assert value("who5", 2, 2, 2, 2, 2) == 40  # and not (10 - 5) x 4


@pytest.mark.parametrize(
    ("total", "severity"),
    [
        *((0, "none"), (4, "none"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate")),
        *((15, "moderately severe"), (19, "moderately severe"), (20, "severe"), (27, "severe")),
    ],
)
def test_phq9_bands_are_those_of_its_answer_list(total, severity):
    found = score_total(instrument("phq9"), total).band
    assert found is not None
    assert re.fullmatch(rf"LOINC LL382-3: {severity}( or minimal)?", found.source.source)


def test_phq_thresholds():
    assert actions("phq2", 1, 1) == []
    assert actions("phq2", 2, 1) == ["phq2.more"]
    assert actions("gad2", 2, 0) == []
    assert actions("gad2", 0, 3) == ["gad2.tell"]
    assert actions("phq9", 1, 1, 1, 1, 1, 1, 1, 2, 0) == []
    assert actions("phq9", 2, 1, 1, 1, 1, 1, 1, 2, 0) == ["phq9.tell"]


def test_recovery_as_people_state_it():
    assert "recovered" in str(band("nprs", 0))
    assert "recovered" not in str(band("nprs", 1))
    assert "recovered" in str(band("rmdq", 2))
    assert "recovered" not in str(band("rmdq", 3))


# ---------------------------------------------------------------- self-harm


@pytest.mark.parametrize("harm", [1, 2, 3])
def test_self_harm_comes_before_the_score_at_any_score(harm):
    form = instrument("phq9")
    found = score(form, in_order(form, [0] * 8 + [harm]))
    assert found.actions[0].id == "phq9.harm"
    assert found.actions[0].urgency is Urgency.CRISIS
    lines = told(found, form)
    assert "emergency number" in lines[0]
    assert not any("few or no signs" in line for line in lines)


def test_self_harm_is_seen_even_where_there_is_no_score():
    form = instrument("phq9")
    found = score(form, {"harm": 1})
    assert found.value is None
    assert [action.id for action in found.actions] == ["phq9.harm"]
    assert "emergency number" in told(found, form)[0]


def test_an_open_last_question_is_no_no():
    assert actions("phq9", 0, 0, 0, 0, 0, 0, 0, 0, None) == ["phq9.harm_open"]
    assert actions("phq9", 0, 0, 0, 0, 0, 0, 0, 0, 0) == []


def test_a_bare_total_of_the_phq9_leaves_the_last_question_open():
    form = instrument("phq9")
    assert [a.id for a in score_total(form, 12).actions] == ["phq9.harm_open", "phq9.tell"]
    assert score_total(form, 0).actions == ()


def test_the_lowest_mood_shows_the_way_to_help():
    assert actions("mood", 1) == ["mood.low"]
    assert actions("mood", 2) == []


# ---------------------------------------------------------------- what is missing


def test_peg_phq2_and_gad2_need_all():
    assert value("peg", 5, 5, None) is None
    assert value("phq2", 1, None) is None
    assert value("gad2", None, 1) is None


def test_what_is_answered_may_be_enough_to_act():
    assert actions("phq2", 3, None) == ["phq2.more"]
    assert actions("phq2", 2, None) == []


def test_phq9_fills_in_two_and_no_more():
    assert value("phq9", 1, 1, 1, 1, 1, 1, 1, None, 0) == 8  # 7 x 9 / 8 = 7.9
    assert value("phq9", 1, 1, 1, 1, 1, 1, None, None, 0) == 8  # 6 x 9 / 7 = 7.7
    assert value("phq9", 1, 1, 1, 1, 1, None, None, None, 0) is None


def test_odi_fills_in_two_and_no_more():
    assert value("odi", *[2] * 8, None, None) == 40
    assert value("odi", *[2] * 7, None, None, None) is None


def test_psfs_takes_three_to_five_activities():
    assert value("psfs", 2, 4, 6) == 4
    assert value("psfs", 2, 4, 6, 8, 10) == 6
    with pytest.raises(BadEntry, match="3 to 5"):
        value("psfs", 2, 4)


def test_a_list_that_was_left_half_way_has_no_score():
    form = instrument("rmdq")
    found = score(form, {"1": 1}, finished=False)
    assert found.value is None
    assert found.band is None
    assert "isn't finished" in found.notes[0]


def test_what_was_filled_in_is_said():
    form = instrument("phq9")
    found = score(form, in_order(form, [1, 1, 1, 1, 1, 1, 1, None, 0]))
    assert found.missing == ("slow",)
    assert found.notes == ("1 open. The score was filled in from the other answers.",)


# ---------------------------------------------------------------- what can't be


@pytest.mark.parametrize(
    ("key", "answers", "words"),
    [
        ("peg", {"pain": 11}, "11 is not one of the answers"),
        ("peg", {"pain": -1}, "-1 is not"),
        ("peg", {"pain": 5.5}, "5.5 is not"),
        ("peg", {"pain": True}, "True is not"),
        ("peg", {"pains": 5}, "no question 'pains'"),
        ("phq2", {"down": 4}, "Whole numbers from 0 to 3"),
        ("rmdq", {"25": 1}, "no question '25'"),
        ("mood", {"mood": 0}, "0 is not"),
    ],
)
def test_an_answer_that_is_not_offered(key, answers, words):
    with pytest.raises(BadEntry) as refused:
        score(instrument(key), answers)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("key", "total"),
    [
        ("odi", 101),
        ("odi", -0.1),
        ("odi", 32.55),
        ("rmdq", 3.5),
        ("peg", float("nan")),
        ("peg", float("inf")),
        ("eq5d", 1.1),
        ("who5", 51),
    ],
)
def test_a_total_that_cannot_be(key, total):
    with pytest.raises(BadEntry, match="can't be"):
        score_total(instrument(key), total)


def test_a_part_that_cannot_be():
    form = instrument("startback")
    for parts in ({"distress": 6}, {"distress": 2}, {"distress": 0.5}, {"worry": 1}):
        with pytest.raises(BadEntry):
            score_total(form, 1, parts)


def test_a_band_that_depends_on_an_unknown_part_is_not_guessed():
    assert band("startback", 3) is not None
    assert band("startback", 4) is None
    assert band("startback", 4, distress=4) != band("startback", 4, distress=3)


def test_too_many_answers():
    with pytest.raises(BadEntry, match="takes 3 answers; here are 4"):
        value("peg", 1, 2, 3, 4)


def test_an_unknown_instrument_names_the_known():
    with pytest.raises(BadEntry) as refused:
        instrument("../phq9")
    assert "rmdq" in str(refused.value)


# ---------------------------------------------------------------- what always holds


def answers_of(draw, form, *, holes: bool) -> dict[str, int | None]:
    if form.options:
        one = st.sampled_from([option.value for option in form.options])
    else:
        one = st.integers(form.answers.low, form.answers.high)
    each = st.one_of(st.none(), one) if holes else one
    return {name: draw(each) for name in form.item_ids}


@given(st.data(), FORMS)
def test_a_value_is_in_range(data, form):
    found = score(form, answers_of(data.draw, form, holes=True))
    if found.value is not None:
        assert form.low <= found.value <= form.high


@given(st.data(), FORMS, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(data, form, shuffler: random.Random):
    answers = answers_of(data.draw, form, holes=True)
    shuffled = list(answers.items())
    shuffler.shuffle(shuffled)
    assert score(form, dict(shuffled)) == score(form, answers)


@given(st.data(), FORMS)
def test_an_open_item_is_the_same_as_one_left_out(data, form):
    answers = answers_of(data.draw, form, holes=True)
    without = {name: given for name, given in answers.items() if given is not None}
    assert score(form, without) == score(form, answers)


@given(st.data(), FORMS)
def test_worse_answers_never_score_better_and_only_add_actions(data, form):
    answers = answers_of(data.draw, form, holes=True)
    name = data.draw(st.sampled_from(form.item_ids))
    given_ = answers[name]
    step = 1 if form.high_is_worse else -1
    if given_ is None or not form.allows(given_ + step):
        return
    before, after = score(form, answers), score(form, {**answers, name: given_ + step})
    assert {a.id for a in before.actions} <= {a.id for a in after.actions}
    if before.value is not None and after.value is not None:
        assert (after.value >= before.value) if form.high_is_worse else after.value <= before.value


@given(st.data(), FORMS)
def test_a_value_exists_as_soon_as_enough_is_answered(data, form):
    answers = answers_of(data.draw, form, holes=True)
    known = sum(given is not None for given in answers.values())
    enough = known >= form.scoring.min_answered or form.scoring.missing is Missing.ZERO
    assert (score(form, answers).value is not None) == enough


@given(st.data(), FORMS)
def test_a_score_entered_as_a_total_means_the_same(data, form):
    found = score(form, answers_of(data.draw, form, holes=False))
    assert found.value is not None
    again = score_total(form, found.value, found.subscales)
    assert (again.value, again.band) == (found.value, found.band)
    # An item that must be looked at by itself is open then: more is asked, never less.
    by_item = {action.id for action in form.actions if action.item}
    assert {a.id for a in found.actions} - by_item <= {a.id for a in again.actions}


def test_every_extreme_is_the_end_of_the_range():
    for form in instruments():
        for low_high, end in ((form.answers.low, form.low), (form.answers.high, form.high)):
            found = score(form, dict.fromkeys(form.item_ids, low_high))
            assert found.value == end, form.key
