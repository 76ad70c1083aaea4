"""A week survives being stored as JSON."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.records import Decision, DecisionKind, Dose, PlannedWalk, Reason, Week
from backstride.regimen import week_from_json, week_to_json

bands = st.one_of(st.none(), st.tuples(st.integers(0, 200), st.integers(0, 200)))
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
weeks = st.builds(
    Week,
    start=days,
    number=st.integers(1, 1000),
    protocol=st.text(max_size=20),
    dose=st.builds(Dose, st.integers(1, 300), st.integers(1, 7), st.integers(1, 5), bands),
    walks=st.lists(
        st.builds(PlannedWalk, days, st.integers(1, 300), st.integers(1, 5), bands), max_size=7
    ).map(tuple),
    decision=st.builds(
        Decision,
        st.sampled_from(list(DecisionKind)),
        st.lists(st.builds(Reason, st.text(), st.text(), st.text()), max_size=4).map(tuple),
    ),
)


@given(weeks)
def test_round_trip_through_text(week):
    assert week_from_json(json.loads(json.dumps(week_to_json(week)))) == week


@given(weeks, st.sampled_from(["start", "dose", "walks", "decision", "format"]))
def test_a_part_missing_is_refused(week, part):
    raw = week_to_json(week)
    del raw[part]
    with pytest.raises(ValueError, match="a stored week"):
        week_from_json(raw)
