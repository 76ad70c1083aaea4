"""The vocabulary: what every other package takes and gives. See `docs/glossary.md`."""

from backstride.records.days import valid_days
from backstride.records.notices import Notice, Notices
from backstride.records.plan import (
    Baseline,
    Decision,
    DecisionKind,
    Dose,
    PlannedWalk,
    Reason,
    UsualWalking,
    Week,
)
from backstride.records.recording import Block, Placement, Recording
from backstride.records.safety import Disposition
from backstride.records.tables import (
    BOUTS,
    DAYS,
    DOSES,
    MEASURE_NAMES,
    MEASURES,
    MINUTES,
    PAIN,
    SAMPLES,
    STEPS,
    VENDOR_DAYS,
    WALKS,
    Schema,
    checked,
    empty,
)

__all__ = [
    "BOUTS",
    "DAYS",
    "DOSES",
    "MEASURES",
    "MEASURE_NAMES",
    "MINUTES",
    "PAIN",
    "SAMPLES",
    "STEPS",
    "VENDOR_DAYS",
    "WALKS",
    "Baseline",
    "Block",
    "Decision",
    "DecisionKind",
    "Disposition",
    "Dose",
    "Notice",
    "Notices",
    "Placement",
    "PlannedWalk",
    "Reason",
    "Recording",
    "Schema",
    "UsualWalking",
    "Week",
    "checked",
    "empty",
    "valid_days",
]
