"""The safety screen: red flags, readiness to walk, and what to do about each answer.

Everything clinical is data in `red_flags.toml` (versioned, each rule with its source);
`engine` decides which questions to ask and what the answers come to, `schedule` when they
are asked again. It says what to do, never what someone has.
"""

from backstride.screening.engine import (
    Answers,
    BadAnswer,
    Finding,
    Result,
    age_this_year,
    assess,
    next_section,
    parse_answers,
    questions,
    sections,
    visible,
    worrying,
)
from backstride.screening.questions import (
    Answer,
    Instructions,
    Option,
    Question,
    Rule,
    Section,
    load,
)
from backstride.screening.schedule import (
    AGAIN_SOURCE,
    Clearance,
    answers_in_diary,
    lock_lifted,
    rescreen_due,
    short_questions,
    short_screen_due,
)

__all__ = [
    "AGAIN_SOURCE",
    "Answer",
    "Answers",
    "BadAnswer",
    "Clearance",
    "Finding",
    "Instructions",
    "Option",
    "Question",
    "Result",
    "Rule",
    "Section",
    "age_this_year",
    "answers_in_diary",
    "assess",
    "load",
    "lock_lifted",
    "next_section",
    "parse_answers",
    "questions",
    "rescreen_due",
    "sections",
    "short_questions",
    "short_screen_due",
    "visible",
    "worrying",
]
