"""Amounts from what people write, morphine equivalents, and what to mind."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.outcomes import (
    cautions,
    class_days,
    clinician_lines,
    daily_mme,
    daily_totals,
    medicine_days,
    mme,
    parts,
    trend_words,
)
from backstride.outcomes.medication import medicine_rules
from backstride.records import DOSES, checked, empty
from docs.pages import tables

DAY = date(2026, 3, 2)


def log(*rows: tuple, day: date = DAY) -> pl.DataFrame:
    """A DOSES table of (medicine, amount, unit) or (medicine, amount, unit, days later)."""
    taken = [
        {
            "date": day + timedelta(days=row[3] if len(row) > 3 else 0),
            "medicine": row[0],
            "amount": row[1],
            "unit": row[2],
        }
        for row in rows
    ]
    schema = {name: DOSES[name] for name in ("date", "medicine", "amount", "unit")}
    return checked(pl.DataFrame(taken, schema=schema), DOSES)


def ids(doses: pl.DataFrame, **given_) -> set[str]:
    return {w.id.removeprefix("medicine.") for w in cautions(doses, DAY, **given_)}


# ---------------------------------------------------------------- what was taken


@pytest.mark.parametrize(
    ("medicine", "amount", "unit", "expected"),
    [
        ("Ibuprofen", 400, "mg", {"ibuprofen": 400}),
        ("ibuprofen 200", 2, "tablets", {"ibuprofen": 400}),
        ("Advil 200 mg", 3, "pills", {"ibuprofen": 600}),
        ("Tylenol 500", 2, "caplets", {"paracetamol": 1000}),
        ("Paracetamol 1 g", 1, "tablet", {"paracetamol": 1000}),
        ("Paracetamol", 0.5, "g", {"paracetamol": 500}),
        ("Acetaminophen", 650000, "mcg", {"paracetamol": 650}),
        ("Aleve 220 mg", 3, "pills", {"naproxen sodium": 660}),
        ("Naproxen 12 hour 500 mg", 1, "tablet", {"naproxen": 500}),
        ("Percocet 5/325", 2, "tablets", {"oxycodone": 10, "paracetamol": 650}),
        ("hydrocodone-acetaminophen 5-325 mg", 4, "tabs", {"hydrocodone": 20, "paracetamol": 1300}),
        ("Hydrocodone 5 mg / APAP 325 mg", 1, "tab", {"hydrocodone": 5, "paracetamol": 325}),
        ("Ultracet 37,5/325", 1, "tab", {"tramadol": 37.5, "paracetamol": 325}),
        ("paracetamol 0.5 g / codeine 30 mg", 1, "tab", {"paracetamol": 500, "codeine": 30}),
    ],
)
def test_amounts_that_are_known(medicine, amount, unit, expected):
    assert {part.drug: part.mg for part in parts(medicine, amount, unit)} == expected


@pytest.mark.parametrize(
    ("medicine", "amount", "unit"),
    [
        ("Ibuprofen", 2, "tablets"),  # how strong?
        ("Ibuprofen", 1, "handful"),
        ("Ibuprofen", None, "mg"),
        ("Ibuprofen", -200, "mg"),
        ("Ibuprofen", float("nan"), "mg"),
        ("Ibuprofen", float("inf"), "mg"),
        ("Ibuprofen 200-400", 1, "tablet"),
        ("Ibuprofen 200 mg x 2", 1, "tablet"),
        ("Tylenol #3", 1, "tablet"),  # holds codeine; 3 is no strength
        ("Tylenol 3", 1, "tablet"),
        ("Percocet", 650, "mg"),  # of which of the two?
        ("Percocet 5", 1, "tablet"),
        ("Ibuprofen", 400, None),
    ],
)
def test_amounts_that_are_not_known(medicine, amount, unit):
    assert all(part.mg is None for part in parts(medicine, amount, unit))


def test_tylenol_3_holds_an_opioid():
    assert {part.group for part in parts("Tylenol #3", 1, "tablet")} == {
        "opioid_weak",
        "paracetamol",
    }


def test_a_name_inside_another_word_is_not_it():
    (part,) = parts("Codeinex", 1, "mg")
    assert (part.drug, part.group, part.mg) == ("codeinex", "other", 1)
    assert [p.drug for p in parts("Naproxen sodium", 220, "mg")] == ["naproxen sodium"]
    assert [p.drug for p in parts("Voltaren gel", 2, "g")] == ["diclofenac gel"]


def test_totals_by_day_class_and_medicine():
    doses = log(
        ("Paracetamol 500", 2, "tablets"),
        ("Percocet 5/325", 1, "tablet"),
        ("Ibuprofen", 400, "mg"),
        ("ibuprofen", None, ""),
        ("herbal tea", 1, "cup", 1),
    )
    rows = daily_totals(doses).rows()
    assert rows == [
        (DAY, "nsaid", "ibuprofen", 2, 400.0, None),
        (DAY, "opioid_strong", "oxycodone", 1, 5.0, 5.0),
        (DAY, "paracetamol", "paracetamol", 2, 1325.0, 1325.0),
        (DAY + timedelta(days=1), "other", "herbal tea", 1, 0.0, None),
    ]


# ---------------------------------------------------------------- morphine equivalents


def test_mme_as_the_cdc_works_it_out():
    assert mme("hydrocodone", 5 * 4) == 20
    assert mme("oxycodone", 10 * 2) == 30
    assert mme("fentanyl", mcg_per_h=75) == pytest.approx(180)


def test_the_factors_are_those_of_2022_and_not_of_2016():
    assert medicine_rules()["mme"]["table"] == "CDC2022"
    assert mme("tramadol", 100) == pytest.approx(20)
    assert mme("hydromorphone", 4) == 20
    assert mme("methadone", 10) == 47
    assert mme("codeine", 60) == pytest.approx(9)
    assert mme("tapentadol", 100) == 40
    assert mme("oxymorphone", 10) == 30


@pytest.mark.parametrize("drug", ["buprenorphine", "dihydrocodeine", "pethidine", "ibuprofen", "x"])
def test_without_a_factor_there_is_no_figure(drug):
    assert mme(drug, 100) is None


def test_fentanyl_in_mg_is_no_figure():
    assert mme("fentanyl", mg=1) is None


def test_a_day_with_one_unknown_is_unknown():
    known = log(("Oxycodone 10 mg ER", 2, "tablets"))
    assert daily_mme(known) == {DAY: 30}
    for other in (("Buprenorphine", 1, "mg"), ("Tramadol", 1, "tablet")):
        assert daily_mme(log(("Oxycodone 10 mg ER", 2, "tablets"), other)) == {DAY: None}
    assert daily_mme(log(("Ibuprofen", 400, "mg"))) == {}


def test_a_patch_counts_until_it_is_changed():
    doses = log(
        ("Fentanyl patch 25 mcg/h", 1, "patch"),
        ("Fentanyl", 50, "mcg/h", 2),
        ("Morphine", 10, "mg", 1),
    )
    days = [DAY + timedelta(days=n) for n in range(5)]
    assert daily_mme(doses) == dict(zip(days, [60, 70, 120, 120, 120], strict=True))


def test_only_clinicians_see_the_equivalents():
    high = log(("Oxycodone", 40, "mg"), ("Diazepam", 5, "mg"))
    assert "60 MME on 2026-03-02" in clinician_lines(high)[0]
    assert not any("MME" in caution.text for caution in cautions(high, DAY))
    assert clinician_lines(log(("Oxycodone", 30, "mg"))) == ()


def test_an_unknown_opioid_does_not_hide_a_known_high_dose_from_a_clinician():
    (line,) = clinician_lines(log(("Oxycodone", 40, "mg"), ("Tramadol", 1, "tablet")))
    assert line.startswith("At least 60 MME on 2026-03-02")


# ---------------------------------------------------------------- what to mind


@pytest.mark.parametrize(
    ("doses", "expected"),
    [
        (log(("Paracetamol", 3000, "mg")), set()),
        (log(("Paracetamol", 3001, "mg")), {"over_label"}),
        (log(("Paracetamol", 4000, "mg")), {"over_label"}),
        (log(("Paracetamol", 4001, "mg")), {"liver"}),
        (log(("Ibuprofen 200", 6, "tablets")), set()),
        (log(("Ibuprofen 200", 7, "tablets")), {"over_label"}),
        (log(("Aleve 220 mg", 3, "pills")), set()),
        (log(("Aleve 220 mg", 4, "pills")), {"over_label"}),
        (log(("Aspirin 325", 12, "tablets")), set()),
        (log(("Aspirin 325", 13, "tablets")), {"over_label"}),
        (log(("Ibuprofen", 200, "mg"), ("Celecoxib", 200, "mg")), {"two_nsaids"}),
        (log(("Ibuprofen", 200, "mg"), ("Voltaren gel", 2, "g")), set()),
        (log(("Ibuprofen", 200, "mg"), ("Eliquis", 5, "mg")), {"nsaid_blood_thinner"}),
        (log(("Tramadol", 50, "mg"), ("Xanax", 0.5, "mg")), {"opioid_calming"}),
        (log(("Celecoxib", 5000, "mg")), set()),  # on prescription: no label to hold it to
    ],
)
def test_cautions(doses, expected):
    assert ids(doses) == expected


def test_paracetamol_is_summed_over_products():
    doses = log(("Tylenol 500", 5, "caplets"), ("Percocet 5/325", 4, "tablets"))
    assert ids(doses) == {"over_label", "two_paracetamol"}  # 2,500 + 1,300


def test_an_unknown_amount_does_not_hide_a_known_one():
    assert ids(log(("Paracetamol", 5000, "mg"), ("Paracetamol", 2, "tablets"))) == {"liver"}


def test_age_matters_where_it_is_known():
    doses = log(("Ibuprofen", 200, "mg"))
    assert ids(doses) == ids(doses, age=64) == set()
    assert ids(doses, age=65) == {"nsaid_age"}


def test_more_than_ten_days_in_a_row():
    for days, expected in ((10, set()), (11, {"ten_days"})):
        doses = log(*(("Paracetamol", 500, "mg", -n) for n in range(days)))
        assert ids(doses) == expected
    broken = log(*(("Paracetamol", 500, "mg", -n) for n in range(20) if n != 5))
    assert ids(broken) == set()
    prescribed = log(*(("Pregabalin", 75, "mg", -n) for n in range(30)))
    assert ids(prescribed) == set()


def test_the_worst_of_the_newest_day_comes_first():
    doses = log(
        ("Paracetamol", 5000, "mg", -1),
        ("Ibuprofen", 200, "mg"),
        ("Naproxen", 700, "mg"),
    )
    found = [caution.id for caution in cautions(doses, DAY)]
    assert found == ["medicine.over_label", "medicine.two_nsaids", "medicine.liver"]


def test_old_days_and_the_future_are_left_out():
    doses = log(("Paracetamol", 5000, "mg", -7), ("Paracetamol", 5000, "mg", 1))
    assert ids(doses) == set()
    assert ids(empty(DOSES)) == set()


@given(st.floats(0.1, 10_000), st.floats(0.1, 10_000))
def test_more_is_never_less_of_a_caution(one, two):
    rank = {"": 0, "over_label": 1, "liver": 2}
    less, more = sorted((one, two))
    worst = [max(map(rank.get, ids(log(("Paracetamol", mg, "mg"))) | {""})) for mg in (less, more)]
    assert worst[0] <= worst[1]


@given(st.text(max_size=40), st.none() | st.floats(), st.none() | st.text(max_size=10))
def test_whatever_is_written_is_read_without_a_fuss(medicine, amount, unit):
    found = parts(medicine, amount, unit)
    assert found
    for part in found:
        assert part.mg is None or 0 < part.mg < float("inf")


# ---------------------------------------------------------------- days


def test_the_trend_in_words():
    assert trend_words(5, 2) == "Pain medicine days fell from 5 to 2 a week."
    assert trend_words(2, 5) == "Pain medicine days rose from 2 to 5 a week."
    assert trend_words(3, 3) == "Pain medicine days stayed at 3 a week."


def test_days_of_each_class():
    doses = log(
        ("Ibuprofen", 200, "mg"),
        ("Advil", 200, "mg"),
        ("Ibuprofen", 200, "mg", -2),
        ("Paracetamol", 500, "mg", -6),
        ("Paracetamol", 500, "mg", -7),
    )
    assert class_days(doses, DAY) == {"nsaid": 2, "paracetamol": 1}
    assert medicine_days(doses, DAY) == (3, 1)


def test_every_drug_has_a_class_with_a_name_and_every_factor_a_drug():
    drugs = {entry["key"]: entry["class"] for entry in medicine_rules()["drug"]}
    assert set(drugs.values()) == set(medicine_rules()["classes"])
    factors = {*medicine_rules()["mme"]["mg"], *medicine_rules()["mme"]["mcg_per_h"]}
    assert factors <= {drug for drug, group in drugs.items() if group.startswith("opioid")}
    assert {entry["drug"] for entry in medicine_rules()["maximum"]} <= set(drugs)
    assert {d for product in medicine_rules()["product"] for d in product["drugs"]} <= set(drugs)


def test_the_page_has_the_numbers_of_themedicine_rules():
    by_head = {t.columns[0]: t for t in tables("medicines.md")}
    factors = {**medicine_rules()["mme"]["mg"], **medicine_rules()["mme"]["mcg_per_h"]}
    page = by_head["opioid"]
    assert {row[0].split(" (")[0]: float(row[1]) for row in page.rows} == factors
    most = {row[0]: row[1] for row in by_head["medicine"].rows}
    assert most == {e["drug"]: f"{e['mg']:,} mg" for e in medicine_rules()["maximum"]}
