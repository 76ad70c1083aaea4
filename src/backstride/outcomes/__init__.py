"""How someone is doing, measured: questionnaires, flares, mobility and medicines.

Each questionnaire is a data file (`instruments/*.toml`) that one engine scores; `change`
tells noise from what matters. `flare`, `mobility` and `medication` have theirs
(`episodes.toml`, `mobility.toml`, `medication.toml`). Every number carries its source.
"""

from backstride.outcomes.body import VIEWS, Body, Place, body, places_in_words
from backstride.outcomes.catalogue import instrument, instruments, keys
from backstride.outcomes.cautions import Caution, cautions
from backstride.outcomes.change import Change, change
from backstride.outcomes.flare import (
    Level,
    Recurrence,
    ask_about_flare,
    episode_rules,
    flare_episodes,
    in_flare,
    level_of,
    recurrences,
)
from backstride.outcomes.instrument import (
    Action,
    BadEntry,
    Instrument,
    Shipping,
    Source,
    Urgency,
)
from backstride.outcomes.medication import (
    DAILY_MEDICINES,
    class_days,
    class_name,
    daily_totals,
    medicine_days,
    medicine_rules,
    parts,
    trend_words,
)
from backstride.outcomes.mobility import (
    MobilityTest,
    Person,
    Setting,
    Sex,
    mobility_test,
    mobility_tests,
    safety_words,
    shift,
    standing,
)
from backstride.outcomes.morphine import clinician_lines, daily_mme, mme
from backstride.outcomes.schedule import due, mood_asks_phq2, next_due
from backstride.outcomes.scoring import Score, in_order, score, score_total, told

__all__ = [
    "DAILY_MEDICINES",
    "VIEWS",
    "Action",
    "BadEntry",
    "Body",
    "Caution",
    "Change",
    "Instrument",
    "Level",
    "MobilityTest",
    "Person",
    "Place",
    "Recurrence",
    "Score",
    "Setting",
    "Sex",
    "Shipping",
    "Source",
    "Urgency",
    "ask_about_flare",
    "body",
    "cautions",
    "change",
    "class_days",
    "class_name",
    "clinician_lines",
    "daily_mme",
    "daily_totals",
    "due",
    "episode_rules",
    "flare_episodes",
    "in_flare",
    "in_order",
    "instrument",
    "instruments",
    "keys",
    "level_of",
    "medicine_days",
    "medicine_rules",
    "mme",
    "mobility_test",
    "mobility_tests",
    "mood_asks_phq2",
    "next_due",
    "parts",
    "places_in_words",
    "recurrences",
    "safety_words",
    "score",
    "score_total",
    "shift",
    "standing",
    "told",
    "trend_words",
]
