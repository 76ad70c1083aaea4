"""How someone is doing, measured: questionnaires, flares, mobility and medicines.

Each questionnaire is a data file (`instruments/*.toml`) that one engine scores; `change`
tells noise from what matters. `flare`, `mobility` and `medication` have theirs
(`episodes.toml`, `mobility.toml`, `medication.toml`). Every number carries its source.
"""

from backstride.outcomes.change import Change, change
from backstride.outcomes.flare import (
    Level,
    Recurrence,
    ask_about_flare,
    flare_episodes,
    level_of,
    recurrences,
)
from backstride.outcomes.instrument import (
    BadEntry,
    Instrument,
    Shipping,
    Source,
    Urgency,
    in_language,
    instrument,
    instruments,
    keys,
)
from backstride.outcomes.medication import (
    DAILY,
    class_days,
    class_name,
    clinician_lines,
    daily_mme,
    daily_totals,
    medicine_days,
    mme,
    parts,
    trend_words,
    warnings,
)
from backstride.outcomes.mobility import (
    Person,
    Setting,
    Sex,
    mobility_test,
    safety_words,
    shift,
    standing,
    tests,
)
from backstride.outcomes.schedule import due, mood_asks_phq2, next_due
from backstride.outcomes.scoring import Score, in_order, score, score_total, told

__all__ = [
    "DAILY",
    "BadEntry",
    "Change",
    "Instrument",
    "Level",
    "Person",
    "Recurrence",
    "Score",
    "Setting",
    "Sex",
    "Shipping",
    "Source",
    "Urgency",
    "ask_about_flare",
    "change",
    "class_days",
    "class_name",
    "clinician_lines",
    "daily_mme",
    "daily_totals",
    "due",
    "flare_episodes",
    "in_language",
    "in_order",
    "instrument",
    "instruments",
    "keys",
    "level_of",
    "medicine_days",
    "mme",
    "mobility_test",
    "mood_asks_phq2",
    "next_due",
    "parts",
    "recurrences",
    "safety_words",
    "score",
    "score_total",
    "shift",
    "standing",
    "tests",
    "told",
    "trend_words",
    "warnings",
]
