"""Noise and importance are told apart; what isn't known isn't said."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backstride.outcomes import BadEntry, change, instrument, keys

FORMS = st.sampled_from([instrument(key) for key in keys()])


def test_rmdq_from_12_to_2():
    # The published worked example: 12 to 2 is 83 % better.
    found = change(instrument("rmdq"), 12, 2)
    assert -found.difference / found.before == pytest.approx(0.83, abs=0.005)
    assert (found.is_better, found.is_beyond_error, found.is_important) == (True, True, True)


@pytest.mark.parametrize(
    ("key", "before", "after", "points", "share"),
    [
        ("nprs", 6, 4, True, True),  # 2 points, 33 %
        ("nprs", 8, 6, True, False),  # 2 points, 25 %
        ("nprs", 3, 2, False, True),  # 1 point, 33 %
        ("nprs", 9, 8, False, False),
        ("odi", 44, 34, True, False),
        ("odi", 30, 20, True, True),
        ("rmdq", 24, 19, True, False),
        ("rmdq", 10, 7, False, True),
    ],
)
def test_points_and_share_are_two_flags(key, before, after, points, share):
    found = change(instrument(key), before, after)
    assert (found.reaches_points, found.reaches_share) == (points, share)
    assert found.is_important == (points and share)


def test_a_rise_from_nothing_needs_the_points():
    assert change(instrument("nprs"), 0, 1).is_important is False
    assert change(instrument("nprs"), 0, 2).is_important is True


def test_what_is_within_the_noise_is_not_called_real():
    found = change(instrument("peg"), 8, 5)
    assert found.is_beyond_error is False
    assert found.is_important is True
    assert "may not be a real change" in found.words[1]
    assert not any("notice" in line for line in found.words)
    assert change(instrument("peg"), 8, 4.66).is_beyond_error is True


def test_psfs_up_is_better():
    found = change(instrument("psfs"), 4, 6)
    assert (found.is_better, found.is_important, found.is_beyond_error) == (True, True, True)
    worse = change(instrument("psfs"), 6, 4)
    assert worse.is_better is False
    assert "therapist" in worse.words[-1]


def test_a_figure_that_is_not_verified_is_not_told():
    found = change(instrument("phq9"), 14, 8)
    assert found.is_important is True  # 5 points, marked U
    assert not any("notice" in line for line in found.words)


def test_no_figure_is_none_not_false():
    found = change(instrument("mood"), 2, 4)
    assert (found.is_beyond_error, found.is_important) == (None, None)


def test_start_back_is_not_for_change():
    found = change(instrument("startback"), 6, 2)
    assert found.is_important is None
    assert "isn't made to show change" in found.words[0]


def test_near_the_end_of_the_scale_the_form_is_less_sure():
    assert any("less sure" in line for line in change(instrument("rmdq"), 22, 12).words)
    assert not any("less sure" in line for line in change(instrument("rmdq"), 18, 10).words)


def test_scores_that_cannot_be():
    with pytest.raises(BadEntry):
        change(instrument("rmdq"), 25, 3)
    with pytest.raises(BadEntry):
        change(instrument("rmdq"), 3, -1)


def scores(form):
    scale, step = 10**form.scoring.decimals, form.scoring.multiplier
    ends = (round(form.low * scale / step), round(form.high * scale / step))
    return st.integers(*ends).map(lambda n: n * step / scale)


@given(st.data(), FORMS)
def test_there_and_back_is_the_same_size_the_other_way(data, form):
    before, after = data.draw(scores(form)), data.draw(scores(form))
    out, back = change(form, before, after), change(form, after, before)
    assert out.difference == -back.difference
    assert out.is_beyond_error == back.is_beyond_error
    assert out.reaches_points == back.reaches_points
    if before != after:
        assert out.is_better is (not back.is_better)


@given(st.data(), FORMS)
def test_a_larger_change_is_never_less_real_or_less_important(data, form):
    before, first, second = (data.draw(scores(form)) for _ in range(3))
    assume((first - before) * (second - before) >= 0)  # both the same way
    near, far = sorted((first, second), key=lambda after: abs(after - before))
    small, large = change(form, before, near), change(form, before, far)
    for name in ("is_beyond_error", "reaches_points", "reaches_share", "is_important"):
        was, now = getattr(small, name), getattr(large, name)
        assert (was is None) == (now is None)
        assert not was or now


@given(st.data(), FORMS)
def test_no_change_is_no_change(data, form):
    same = data.draw(scores(form))
    found = change(form, same, same)
    assert found.is_better is None
    assert not found.is_important
    assert not found.is_beyond_error
