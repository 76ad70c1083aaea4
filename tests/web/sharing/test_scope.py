"""Nothing outside of a consent's parts, days and state is shown, whatever they are."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstride.charts.together import PANELS
from backstride.web.clinic.story import PARTS
from backstride.web.insight.services import RANGES
from backstride.web.sharing import live, services
from backstride.web.sharing.models import Consent
from web.sharing.conftest import AGO, browse, link_to, terms

KEYS = [kind.key for kind in PARTS]
# What stands on the page for a record of that part of so many days ago.
TRACES = {
    "pain": lambda n, day: None,  # its numbers are like others: its table's days tell
    "walking": lambda n, day: f"{70_000 + n:,}",
    "medicine": lambda n, day: f"Pill{n}.",
    "mobility": lambda n, day: f"{300 + n} times",
    "notes": lambda n, day: f"heron {n}.",
}
WORDS = {
    "safety": "Nothing answered speaks against walking",
    "week": "37",
    "forms": "20 of 24",
    "mood": "<td>low</td>",
    "walking": "70,0",
    "pain": "Worst, 0 to 10",
    "medicine": "Pill",
    "notes": "heron",
    "mobility": "times",
}


def sections(page: str) -> dict[str, str]:
    """The parts on a page: key to its text."""
    found = re.findall(
        r'<section class="card" aria-labelledby="part-(\w+)">(.*?)</section>', page, re.S
    )
    return {key: html.unescape(text) for key, text in found}


def days_of(text: str, today: date) -> set[date]:
    """The days of a part's table, by its row heads."""
    heads = re.findall(r'<th scope="row">\w{3} (\d+) (\w{3})\w*(?: (\d{4}))?</th>', text)
    known = {
        (f"{d.day}", f"{d:%b}"): d for d in (today - timedelta(days=n) for n in range(-4, 200))
    }
    return {known[day, month] for day, month, _ in heads}


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    scope=st.sets(st.sampled_from(KEYS), min_size=1),
    back=st.sampled_from([0, 1, 2, 9, 10, 11, 39, 40, 41, 120]),
    span=st.sampled_from([*RANGES, "nonsense"]),
)
def test_no_part_and_no_day_outside(full_walker, scope, back, span):
    today = full_walker.today()
    first = today - timedelta(days=back)
    services.end(full_walker.consents.all())
    _, token, client = link_to(full_walker, sorted(scope), back=back)
    page = html.unescape(client.get(f"/sharing/link/{token}/?span={span}").content.decode())
    shown = sections(page)

    assert list(shown) == [key for key in KEYS if key in scope], "the parts, and in their order"
    for key, trace in TRACES.items():
        for n in AGO:
            day = today - timedelta(days=n)
            text = trace(n, day)
            if text and (key not in scope or day < first):
                assert text not in page, (key, n)
    for key, word in WORDS.items():
        if key not in scope and key != "week":  # its 37 may be in other numbers
            assert word not in "".join(shown.values()), key
    for key, text in shown.items():
        if key != "week":
            assert all(first <= day <= today for day in days_of(text, today)), key
        else:
            assert all(day >= first for day in days_of(text, today))
    ours = today - timedelta(days=2) >= first and scope >= {"safety", "pain", "walking"}
    assert ("The pain told this." in page) == (ours and "week" in scope)
    assert "4,321" not in page or ours
    assert ("Pain was" in page or "highest pain" in page) <= ("pain" in scope)
    assert ("Medicine on" in page) <= ("medicine" in scope)
    assert full_walker.email not in page


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(scope=st.sets(st.sampled_from(KEYS), min_size=1), back=st.integers(0, 120))
def test_pictures_are_drawn_from_the_scope_alone(full_walker, scope, back):
    consent = Consent(
        walker=full_walker, kind="link", scope=sorted(scope), token_hash="x",
        data_from=full_walker.today() - timedelta(days=back), until=full_walker.today(),
    )  # fmt: skip
    story = live.story_seen(consent)
    tables = [("walking", story.days), ("walking", story.walks), ("pain", story.pain)]
    for key, table in [*tables, ("medicine", story.doses)]:
        days = set(table["date"])
        wanted = {full_walker.today() - timedelta(days=n) for n in AGO if n <= back}
        assert days == (wanted if key in scope else set()), key
    told = set(story.scores["instrument"])
    assert told <= ({"rmdq"} if "forms" in scope else set()) | (
        {"mood", "sleep"} if "mood" in scope else set()
    )
    assert all(day >= consent.data_from for day in story.scores["date"])
    assert all(walk.day >= consent.data_from for week in story.weeks for walk in week.walks)
    assert bool(story.weeks) <= ("week" in scope)
    for key in live.picture_keys(consent):
        for span in RANGES:
            seen = live.span_seen(consent, span)
            assert seen.first >= consent.data_from
            table = live.picture_seen(consent, key, seen).table
            known = table.filter(~_is_empty(table))
            assert all(day >= consent.data_from for day in known[known.columns[0]])
            assert set(table.columns) & {"pain", "flare_days"} <= (
                {"pain", "flare_days"} if "pain" in scope else set()
            )
    assert ("together" in live.picture_keys(consent)) == bool(scope & set(PANELS))


def _is_empty(table):
    import polars as pl

    values = [pl.col(name) for name in table.columns if name not in {"date", "week", "to"}]
    return pl.all_horizontal(value.is_null() for value in values)


def test_each_part_alone_is_shown_whole(full_walker):
    """Least privilege is no excuse for showing nothing."""
    for key in KEYS:
        _, token, client = link_to(full_walker, [key], back=120)
        page = client.get(f"/sharing/link/{token}/?span=all").content.decode()
        text = sections(page)[key]
        assert "Nothing in this time." not in text, key
        assert WORDS[key] in text, key
        if key in TRACES and key != "pain":
            assert all(TRACES[key](n, None) in text for n in AGO), key


def test_spans_that_show_the_same_are_offered_once(full_walker):
    for back, offered in ((0, []), (27, []), (28, ["month"]), (91, ["month", "quarter"])):
        _, token, client = link_to(full_walker, ["walking"], back=back)
        page = client.get(f"/sharing/link/{token}/").content.decode().split("<main")[1]
        keys = re.findall(r'class="button[^"]*" href="\?span=(\w+)"', page)
        assert keys == ([*offered, "all"] if offered else [])


def test_it_is_live(full_walker):
    _, token, client = link_to(full_walker, ["notes"])
    full_walker.note_set.create(day=full_walker.today(), text="a kingfisher")
    assert "a kingfisher" in client.get(f"/sharing/link/{token}/").content.decode()


def test_the_why_of_a_plan_needs_what_it_tells_of(full_walker):
    """Reasons speak of pain, walking and safety: they come with all three or not at all."""
    behind = sorted(live.BEHIND_THE_PLAN)
    for count in range(len(behind) + 1):
        for more in combinations(behind, count):
            _, token, client = link_to(full_walker, ["week", *more])
            page = client.get(f"/sharing/link/{token}/").content.decode()
            assert ("The pain told this." in page) == (count == len(behind))
            assert ">37<" in page


def test_safety_answers_from_before_are_not_shown(full_walker):
    full_walker.screens.update(at=timezone.now() - timedelta(days=5))
    for back, is_in in ((4, False), (6, True)):
        _, token, client = link_to(full_walker, ["safety"], back=back)
        page = client.get(f"/sharing/link/{token}/").content.decode()
        assert ("Answered on" in page) == is_in


@pytest.mark.parametrize("kind", ["clinic", "person", "link"])
@pytest.mark.parametrize("state", ["active", "last day", "run out", "ended", "walker inactive"])
def test_only_while_it_stands(full_walker, therapist, friend, kind, state):
    ahead = {"last day": 0, "run out": -1}.get(state, 30)
    consent, token = services.give(
        full_walker, kind, terms(full_walker, ["notes"], ahead=ahead), name="N",
        clinic=therapist.staff.clinic if kind == "clinic" else None,
        person=friend if kind == "person" else None,
    )  # fmt: skip
    client = browse({"clinic": therapist, "person": friend}.get(kind))
    url = f"/sharing/link/{token}/" if token else f"/sharing/{consent.pk}/"
    if token:
        client.post(url)
    if state == "ended":
        services.end(full_walker.consents.all())
    if state == "walker inactive":
        full_walker.is_active = False
        full_walker.save()
    is_open = state in {"active", "last day"}
    answer = client.get(url)
    assert answer.status_code == (200 if is_open else 404)
    assert (b"heron" in answer.content) == is_open
    assert full_walker.audit_entries.exists() == is_open
