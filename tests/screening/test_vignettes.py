"""Written cases with the disposition they must get (clinical-details 1.1 to 1.11)."""

import pytest

from backstride.records import Disposition
from backstride.screening import assess, load
from screening_answers import TODAY, aged, calm

E, S, T, W = (
    Disposition.EMERGENCY_NOW,
    Disposition.SAME_DAY,
    Disposition.THERAPIST,
    Disposition.WALK,
)
PAIN = {"pathway": "in_pain_now"}

CASES = [
    # cauda equina
    ("numb when wiping since yesterday", {**PAIN, "saddle_numb": "yes"}, E, "cauda.saddle"),
    ("can't feel a full bladder", {**PAIN, "bladder_new": "yes"}, E, "cauda.bladder"),
    ("not sure about the bladder", {**PAIN, "bladder_new": "not_sure"}, E, "cauda.bladder"),
    ("soiled without noticing", {**PAIN, "bowel_new": "yes"}, E, "cauda.bowel"),
    ("lost erection with sciatica", {**PAIN, "sexual_loss": "yes"}, E, "cauda.sexual"),
    ("sciatica now on both sides", {**PAIN, "both_legs": "yes"}, E, "cauda.both_legs"),
    ("recovered, yet saddle numbness", {"saddle_numb": "yes"}, E, "cauda.saddle"),
    ("stress incontinence for years", {"bladder_old": "yes"}, T, "cauda.old_bladder"),
    # nerve deficit and cord
    ("foot slaps since this week", {**PAIN, "leg_weak_severe": "yes"}, E, "deficit.severe"),
    ("one leg a little weaker", {**PAIN, "leg_weak_mild": "yes"}, S, "deficit.mild"),
    ("unsure whether a leg is weaker", {**PAIN, "leg_weak_mild": "not_sure"}, S, "deficit.mild"),
    ("clumsy hands and unsteady", {"cord_signs": "yes"}, E, "cord.signs"),
    (
        "tingling foot, not seen",
        {**PAIN, "leg_numb": "yes", "leg_seen": "no"},
        T,
        "deficit.leg",
    ),
    ("old sciatica, seen and stable", {"leg_pain": "yes", "leg_seen": "yes"}, W, None),
    ("sciatica, unsure who looked", {"leg_pain": "yes", "leg_seen": "not_sure"}, T, "deficit.leg"),
    # heart and vessels
    ("pressure on the chest now", {"chest_now": "yes"}, E, "cardiac.now"),
    ("chest tight uphill, gone at rest", {"chest_effort": "yes"}, S, "cardiac.effort"),
    ("tearing back pain, clammy", {**PAIN, "belly_sudden": "yes"}, E, "vascular.sudden"),
    (
        "known aneurysm, new back pain",
        {**PAIN, "aneurysm_pain": "yes"},
        E,
        "vascular.aneurysm_pain",
    ),
    (
        "known aneurysm, no pain, no go-ahead",
        {"aneurysm_known": "yes", "go_ahead": "no"},
        T,
        "readiness.condition",
    ),
    ("white cold foot since noon", {"leg_cold": "yes"}, E, "vascular.leg_cold"),
    ("hot swollen calf", {"calf_hot": "yes"}, S, "vascular.calf"),
    # fracture
    ("fell off a ladder", {**PAIN, "trauma_major": "yes"}, S, "fracture.trauma_major"),
    (
        "fell off a ladder, leg tingles",
        {**PAIN, "trauma_major": "yes", "leg_numb": "yes"},
        E,
        "fracture.trauma_nerve",
    ),
    (
        "72 years, pain after lifting",
        {**PAIN, "birth_year": aged(72), "trauma_minor": "yes"},
        S,
        "fracture.trauma_bone",
    ),
    (
        "osteoporosis, pain after coughing",
        {**PAIN, "trauma_minor": "yes", "bone_risk": "yes"},
        S,
        "fracture.trauma_bone",
    ),
    (
        "steroids perhaps, stumble",
        {**PAIN, "trauma_minor": "yes", "bone_risk": "not_sure"},
        S,
        "fracture.trauma_bone",
    ),
    (
        "30 years, pain after lifting",
        {**PAIN, "birth_year": aged(30), "trauma_minor": "yes"},
        W,
        None,
    ),
    (
        "64 years, pain after lifting",
        {**PAIN, "birth_year": aged(64), "trauma_minor": "yes"},
        W,
        None,
    ),
    (
        "65 this year, after lifting",
        {"birth_year": aged(65), "trauma_minor": "yes"},
        S,
        "fracture.trauma_bone",
    ),
    ("suddenly shorter", {"shape_change": "yes"}, S, "fracture.shape"),
    # malignancy
    ("breast cancer once, well", {"cancer_history": "yes"}, W, None),
    (
        "breast cancer once, new pain",
        {**PAIN, "cancer_history": "yes", "cancer_new_pain": "yes"},
        S,
        "malignancy.history",
    ),
    (
        "cancer once, leg weaker",
        {**PAIN, "cancer_history": "yes", "leg_weak_mild": "yes"},
        E,
        "malignancy.nerve",
    ),
    (
        "56, first back pain, lost weight",
        {**PAIN, "birth_year": aged(56), "first_episode": "yes", "weight_loss": "yes"},
        T,
        "malignancy.first_after_50",
    ),
    (
        "56, first back pain, bad nights",
        {**PAIN, "birth_year": aged(56), "first_episode": "yes", "night_pain": "yes"},
        T,
        "malignancy.first_after_50",
    ),
    (
        "lost weight and bad nights",
        {**PAIN, "weight_loss": "yes", "night_pain": "yes"},
        S,
        "malignancy.two_signs",
    ),
    (
        "cancer once, lost weight",
        {"cancer_history": "yes", "weight_loss": "yes"},
        S,
        "malignancy.history_weight",
    ),
    ("night pain alone", {**PAIN, "night_pain": "yes"}, T, "malignancy.night"),
    ("age 83 alone", {**PAIN, "birth_year": aged(83)}, W, None),
    (
        "56, first back pain, nothing else",
        {**PAIN, "birth_year": aged(56), "first_episode": "yes"},
        W,
        None,
    ),
    # infection
    ("shivers with back pain", {**PAIN, "fever": "yes"}, S, "infection.fever"),
    ("fever and weak leg", {**PAIN, "fever": "yes", "leg_weak_mild": "yes"}, E, "infection.nerve"),
    ("fever, confused", {**PAIN, "very_unwell": "yes"}, E, "infection.severe"),
    (
        "dialysis, nothing eases the pain",
        {**PAIN, "pain_constant": "yes", "infection_risk": "yes"},
        S,
        "infection.risk",
    ),
    ("nothing eases the pain", {**PAIN, "pain_constant": "yes"}, T, "infection.constant"),
    # readiness
    (
        "heart failure, no go-ahead",
        {"heart_condition": "yes", "go_ahead": "no"},
        T,
        "readiness.condition",
    ),
    ("stable heart disease, go-ahead", {"heart_condition": "yes", "go_ahead": "yes"}, W, None),
    ("fainted in spring", {"fainted": "yes", "go_ahead": "no"}, T, "readiness.condition"),
    ("heavy cold", {"ill_now": "yes"}, T, "readiness.ill"),
    ("pregnant, midwife agrees", {"pregnant": "yes", "go_ahead": "yes"}, W, None),
    ("pregnant and bleeding", {"pregnant": "yes", "pregnancy_signs": "yes"}, S, "pregnancy.signs"),
    ("blood in urine, flank pain", {"urine_flank": "yes"}, S, "visceral.urine"),
    # claudication
    (
        "calf stops me, standing helps",
        {"legs_stop_walk": "yes", "calf_eases_standing": "yes", "legs_seen": "no"},
        T,
        "claudication.calf",
    ),
    (
        "thighs ache, the trolley helps",
        {"legs_stop_walk": "yes", "thigh_eases_sitting": "yes", "legs_seen": "no"},
        T,
        "claudication.thigh",
    ),
    (
        "legs heavy, unclear why",
        {"legs_stop_walk": "yes", "legs_seen": "no"},
        T,
        "claudication.any",
    ),
    (
        "sore on the foot won't heal",
        {"legs_stop_walk": "yes", "foot_rest_pain": "yes"},
        S,
        "vascular.foot",
    ),
    # inflammatory
    (
        "28, wakes at four, moving helps, brother ill",
        {
            **PAIN,
            "long_young": "yes",
            "inflam_night": "yes",
            "inflam_move": "yes",
            "inflam_family": "yes",
            "inflam_seen": "no",
        },
        T,
        "inflammatory.cues",
    ),
    (
        "two cues only",
        {
            **PAIN,
            "long_young": "yes",
            "inflam_move": "yes",
            "inflam_early": "yes",
            "inflam_seen": "no",
        },
        W,
        None,
    ),
    (
        "back pain and a red eye",
        {**PAIN, "long_young": "yes", "eye_red": "yes"},
        S,
        "inflammatory.eye",
    ),
    # nothing
    ("recovered and well", {}, W, None),
    ("ordinary back pain", {**PAIN}, W, None),
]


@pytest.mark.parametrize(
    ("changed", "expected", "rule"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_case_gets_its_disposition(changed, expected, rule):
    result = assess(calm(**changed), TODAY)
    assert result.complete
    assert result.disposition == expected
    if rule is None:
        assert result.findings == ()
    else:
        assert rule in {finding.id for finding in result.findings}
        assert result.findings[0].disposition == expected


def test_every_rule_is_shown_by_a_case():
    shown = {f.id for case in CASES for f in assess(calm(**case[1]), TODAY).findings}
    assert {rule.id for rule in load().rules} == shown
