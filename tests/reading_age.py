"""How old one must be to read a text with ease: the Flesch-Kincaid grade plus five years."""

from __future__ import annotations

import textstat

MOST_GRADE = 7.0  # the school grade of age 12
LEAST_WORDS = 8


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text."""
    return float(textstat.textstat.flesch_kincaid_grade(text))


def too_hard(texts: dict[str, str]) -> dict[str, float]:
    """The grades of the texts, by name, that are above the grade of age 12.

    The formula is for running text: what has fewer than LEAST_WORDS words (a title, a label)
    is graded together with the others of its kind, under the name "short".
    """
    long = {name: text for name, text in texts.items() if len(text.split()) >= LEAST_WORDS}
    short = [text.rstrip(".?") + "." for name, text in texts.items() if name not in long]
    if short:
        long["short"] = " ".join(short)
    grades = {name: grade(text) for name, text in long.items()}
    return {name: round(found, 1) for name, found in grades.items() if found > MOST_GRADE}
