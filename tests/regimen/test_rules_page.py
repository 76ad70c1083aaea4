"""docs/rules.md is what the data say, and every id is there once."""

from pathlib import Path

import pytest

from backstride import outcomes
from backstride.regimen import protocol
from backstride.regimen.protocol import parse_protocol
from backstride.regimen.rules import rules_page
from backstride.screening import load

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_is_current():
    assert PAGE.read_text("utf-8") == rules_page(), (
        "run: python -m backstride.regimen.rules docs/rules.md"
    )


def test_every_rule_id_is_on_the_page_once():
    page = rules_page()
    ids = [r.id for r in load().rules] + list(load().again) + list(protocol().rules)
    ids += [a.id for form in outcomes.instruments() for a in form.actions]
    ids += [rule["id"] for rule in outcomes.medicine_rules()["caution"]]
    assert len(ids) == len(set(ids))
    for name in ids:
        assert page.count(f"| `{name}` |") == 1


def test_marks_and_sources():
    for rule in protocol().rules.values():
        assert rule.mark in {"V", "V2", "U", "ENG"}
        assert rule.source


def test_an_unknown_protocol_is_named():
    with pytest.raises(ValueError, match=r"there are: maintenance, .*walkback"):
        protocol("../secrets")


def test_a_protocol_with_a_missing_number_is_refused():
    with pytest.raises(KeyError):
        parse_protocol({"name": "x"})


@pytest.mark.parametrize(
    ("age", "spm"), [(25, 120), (40, 120), (41, 115), (55, 110), (80, 110), (None, 110)]
)
def test_brisk_band_by_age(age, spm):
    assert protocol().brisk(age) == (100, spm)
