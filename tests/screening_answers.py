"""Answers to start a case from: everything asked, nothing that worries."""

from datetime import date

from backstride.screening import questions

TODAY = date(2026, 3, 2)


def calm(**changed: str | int) -> dict[str, str | int]:
    """Every question answered without worry by someone of 45 who has recovered."""
    answers: dict[str, str | int] = {"birth_year": TODAY.year - 45}
    for question in questions():
        if question.kind == "choice":
            answers[question.id] = min(question.options, key=lambda o: o.worry).value
    return answers | changed


def aged(years: int) -> int:
    """The birth year of someone who reaches this age this year."""
    return TODAY.year - years
