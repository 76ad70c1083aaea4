"""What outcomes say, in Spanish and Chinese: by meaning, with the same numbers."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import outcomes
from backstride.outcomes import Person, Setting, Sex, instrument
from backstride.records import DOSES, PAIN, checked
from backstride.words import speaking

DAY = date(2026, 3, 2)


def taken(*doses: tuple[str, float, str]) -> pl.DataFrame:
    rows = [{"date": DAY, "medicine": m, "amount": a, "unit": u} for m, a, u in doses]
    return checked(pl.DataFrame(rows), DOSES)


@pytest.mark.parametrize(
    ("medicine", "unit"),
    [("Paracetamol 500", "comprimidos"), ("对乙酰氨基酚 500", "片"), ("扑热息痛", "毫克")],
)
def test_too_much_is_seen_by_the_names_of_every_language(medicine, unit):
    amount = 9 if unit != "毫克" else 4500
    (found,) = outcomes.cautions(taken((medicine, amount, unit)), DAY)
    assert found.id == "medicine.liver"
    with speaking("es"):
        assert str(found.text).startswith(
            "Has anotado 4500 mg de paracetamol en un día. Más de 4000"
        )
    with speaking("zh-hans"):
        assert str(found.text).startswith("您在一天内记录了4500毫克对乙酰氨基酚。超过4000毫克")


@pytest.mark.parametrize(
    ("doses", "caution"),
    [
        ((("Ibuprofeno 400", 1, "tablet"), ("Naproxeno", 220, "mg")), "medicine.two_nsaids"),
        ((("布洛芬", 400, "mg"), ("华法林", 3, "mg")), "medicine.nsaid_blood_thinner"),
        ((("曲马多", 50, "mg"), ("地西泮", 5, "mg")), "medicine.opioid_calming"),
        ((("氨酚羟考酮", 1, "片"), ("Paracetamol", 500, "mg")), "medicine.two_paracetamol"),
    ],
)
def test_pairs_are_seen_by_the_names_of_every_language(doses, caution):
    assert caution in {found.id for found in outcomes.cautions(taken(*doses), DAY)}


def test_medicines_are_listed_as_each_language_does():
    both = taken(("Ibuprofen", 200, "mg"), ("Naproxen", 220, "mg"))
    (found,) = outcomes.cautions(both, DAY)
    assert "ibuprofen and naproxen" in found.text
    with speaking("es"):
        assert "ibuprofeno y naproxeno" in str(found.text)
    with speaking("zh-hans"):
        assert "布洛芬和萘普生" in str(found.text)


def test_a_score_is_told_with_its_band_and_its_numbers():
    form = instrument("peg")
    found = outcomes.score(form, outcomes.in_order(form, [7, 7, 6]))
    turned = outcomes.change(form, 3, 6.5)
    with speaking("es"):
        told = [str(line) for line in outcomes.told(found, form)]
        assert told[0] == "Tu puntuación es 6,67, en una escala de 0 a 10. Más baja es mejor."
        assert told[1] == "El dolor te estorba en un grado medio."
        assert "de 3 a 6,5" in str(turned.words[0])
    with speaking("zh-hans"):
        told = [str(line) for line in outcomes.told(found, form)]
        assert told[0] == "您的得分是6.67，范围是0到10。得分越低越好。"
    assert outcomes.told(found, form)[1] == "Pain gets in the way to a medium degree."


def test_what_cant_wait_names_the_same_numbers_to_call():
    form = instrument("phq9")
    harm = outcomes.score(form, {**dict.fromkeys(form.item_ids, 0), "harm": 1})
    for language in ("en", "es", "zh-hans"):
        with speaking(language):
            first = str(outcomes.told(harm, form)[0])
        assert all(number in first for number in ("112", "911", "999", "000"))


def test_a_test_at_home_is_told_with_its_unit():
    test = outcomes.mobility_test("chair_stand_30s")
    stands = outcomes.standing(test, 12, Person(66, Sex.MAN))
    moved = outcomes.shift(test, 8, 12, (Setting.HOME, Setting.HOME))
    with speaking("zh-hans"):
        assert str(stands.words[0]) == "您的结果：12次。"
        assert str(moved.words[0]) == "从8到12次。这是变好的方向。"
    with speaking("es"):
        assert str(stands.words[0]) == "Tu resultado: 12 veces."


def test_places_are_listed_in_the_language_of_the_reader():
    said = outcomes.places_in_words(["low_back_left", "groin"])
    assert said == "low back, left; groin"
    with speaking("es"):
        assert str(said) == "zona lumbar, lado izquierdo; ingle"
    with speaking("zh-hans"):
        assert str(said) == "左侧腰部；腹股沟"
        assert str(outcomes.places_in_words([])) == ""


def test_a_flare_is_asked_about_in_the_language_of_the_reader():
    days = [DAY - timedelta(days=n) for n in range(10, -1, -1)]
    levels = [2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 8]
    pain = checked(pl.DataFrame({"date": days, "nprs": levels}), PAIN)
    asked = outcomes.ask_about_flare(pain, DAY)
    assert "from about 2.5" in asked.text
    with speaking("es"):
        assert "desde alrededor de 2,5" in str(asked.text)


@given(st.sampled_from(outcomes.instruments()), st.data())
def test_every_score_and_change_can_be_told_in_every_language(form, data):
    between = st.floats(form.low, form.high).map(lambda x: round(x, form.scoring.decimals))
    step = form.scoring.multiplier
    before, after = (data.draw(between) // step * step for _ in range(2))
    before, after = max(before, form.low), max(after, form.low)
    lines = [
        *outcomes.told(outcomes.score_total(form, after), form),
        *outcomes.change(form, before, after).words,
    ]
    with speaking("en"):
        english = {str(line) for line in lines}
    for language in ("es", "zh-hans"):
        with speaking(language):
            assert not english & {str(line) for line in lines}
