"""From answers to a score: one engine for every instrument.

Pure functions over the data files. A worse answer never lowers how bad a score is and can
only add actions, never take one away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backstride.outcomes.instrument import (
    Action,
    BadEntry,
    Band,
    Instrument,
    Kind,
    Missing,
    Urgency,
)
from backstride.words import say, say_many

Given = Mapping[str, int | None]  # item id -> answer; absent or None where it is open

_URGENCIES = tuple(Urgency)


@dataclass(frozen=True)
class Score:
    """What a filled-in instrument came to.

    `value` is None where too much is missing. `band` is None without a value or a published
    band. `actions` are the most urgent first. `version` names the data file that scored it.
    `answered` is None where a total was entered instead of answers.
    """

    instrument: str
    version: str
    value: float | None
    answered: int | None
    missing: tuple[str, ...]
    subscales: Mapping[str, float]
    band: Band | None
    actions: tuple[Action, ...]
    notes: tuple[str, ...]


def in_order(instrument: Instrument, values: Sequence[int | None]) -> dict[str, int | None]:
    """Answers by item, from the answers in the order of the items.

    Raises BadEntry for more answers than items, or fewer than must be there.
    """
    most, least = len(instrument.items), instrument.scoring.min_answered
    fewest = least if instrument.own_items else most
    if not fewest <= len(values) <= most:
        span = f"{fewest} to {most}" if fewest < most else f"{most}"
        raise BadEntry(f"{instrument.name} takes {span} answers; here are {len(values)}.")
    return dict(zip(instrument.item_ids, values, strict=False))


def score(instrument: Instrument, answers: Given, *, finished: bool = True) -> Score:
    """The score of these answers. Raises BadEntry for an answer that isn't offered.

    Where an open item counts as 0 (a list to tick), `finished` says that the person is done:
    a list that was left half way has no value.
    """
    _check(instrument, answers)
    known = {i: a for i in instrument.item_ids if (a := answers.get(i)) is not None}
    missing = tuple(i for i in instrument.item_ids if i not in known)
    ticks = instrument.scoring.missing is Missing.ZERO
    value = None if ticks and not finished else _value(instrument, known)
    parts = {
        s.key: float(sum(known[i] for i in s.items))
        for s in instrument.subscales
        if all(i in known for i in s.items)
    }
    actions = tuple(a for a in instrument.actions if _fires(instrument, a, known, value))
    return Score(
        instrument=instrument.key,
        version=instrument.version,
        value=value,
        answered=len(known),
        missing=() if (ticks and finished) or instrument.own_items else missing,
        subscales=parts,
        band=band_of(instrument, value, parts),
        actions=_by_urgency(actions),
        notes=_notes(instrument, value, missing, finished),
    )


def score_total(
    instrument: Instrument,
    total: float,
    subscales: Mapping[str, float] | None = None,
) -> Score:
    """A score that was worked out elsewhere: in range, with no more decimals than it has.

    Raises BadEntry for one that can't be. An item that must be looked at by itself counts as
    open, unless the total shows that it was 0.
    """
    parts = dict(subscales or {})
    _check_total(instrument, total, parts)
    nothing = total == instrument.low and instrument.high_is_worse
    known = dict.fromkeys(instrument.item_ids, instrument.answers.low) if nothing else {}
    actions = tuple(a for a in instrument.actions if _fires(instrument, a, known, total))
    return Score(
        instrument=instrument.key,
        version=instrument.version,
        value=float(total),
        answered=None,
        missing=(),
        subscales=parts,
        band=band_of(instrument, total, parts),
        actions=_by_urgency(actions),
        notes=_total_notes(instrument, parts, total),
    )


def band_of(
    instrument: Instrument, value: float | None, subscales: Mapping[str, float]
) -> Band | None:
    """The last band that the value reaches; None where a subscale that decides is unknown."""
    if value is None:
        return None
    reached = [band for band in instrument.bands if band.start <= value]
    if any(name not in subscales for band in reached for name in band.needs):
        return None
    fitting = [b for b in reached if all(subscales[n] >= least for n, least in b.needs.items())]
    return fitting[-1] if fitting else None


def told(found: Score, instrument: Instrument) -> tuple[str, ...]:
    """The score in sentences for the person, what can't wait first; nothing marked U as fact."""
    urgent = [a for a in found.actions if a.urgency in (Urgency.CRISIS, Urgency.TODAY)]
    later = [a for a in found.actions if a not in urgent]
    lines = [action.text for action in urgent]
    if found.value is not None:
        lines.append(_said(found.value, instrument))
    calm = not urgent  # nothing that soothes stands beside what can't wait
    if calm and found.band is not None and found.band.source.mark != "U":
        lines.append(found.band.label)
    lines += [action.text for action in later]
    return (*lines, *found.notes)


def _said(value: float, instrument: Instrument) -> str:
    """The score with its scale, or the words of the only answer."""
    chosen = [o for o in instrument.options if len(instrument.items) == 1 and o.value == value]
    if chosen:
        return say("Your answer: {answer}.", answer=chosen[0].text)
    scale = {"value": value, "low": instrument.low, "high": instrument.high}
    if instrument.high_is_worse:
        return say(
            "Your score is {value:g}, on a scale from {low:g} to {high:g}. "
            "A lower score is better.",
            **scale,
        )
    return say(
        "Your score is {value:g}, on a scale from {low:g} to {high:g}. A higher score is better.",
        **scale,
    )


def _check(instrument: Instrument, answers: Given) -> None:
    for name, value in answers.items():
        if name not in instrument.item_ids:
            raise BadEntry(f"{instrument.name} has no question {name[:40]!r}.")
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not instrument.allows(value):
            low, high = instrument.answers.low, instrument.answers.high
            raise BadEntry(
                f"{instrument.name}, {name}: {value!r} is not one of the answers.",
                f"Whole numbers from {low} to {high}.",
            )


def _check_total(instrument: Instrument, total: float, parts: Mapping[str, float]) -> None:
    name, decimals = instrument.name, instrument.scoring.decimals
    impossible = say("{form}: a score of {total:g} can't be.", form=name, total=total)
    if not math.isfinite(total) or not instrument.low <= total <= instrument.high:
        raise BadEntry(impossible, span(instrument.low, instrument.high))
    if abs(round(total, decimals) - total) > 1e-9:
        if decimals:
            raise BadEntry(
                impossible,
                say_many("It has at most {n} decimal.", "It has at most {n} decimals.", decimals),
            )
        raise BadEntry(impossible, say("It has whole numbers."))
    if total % instrument.scoring.multiplier and instrument.scoring.multiplier > 1:
        step = instrument.scoring.multiplier
        raise BadEntry(impossible, say("It goes in steps of {step}.", step=step))
    highs = {s.key: s.high for s in instrument.subscales}
    for key, value in parts.items():
        if key not in highs:
            raise BadEntry(f"{name} has no part {key[:40]!r}.")
        if value != int(value) or not 0 <= value <= min(highs[key], total):
            wrong = say("{form}, {part}: {value:g} can't be.", form=name, part=key, value=value)
            raise BadEntry(wrong, span(0, min(highs[key], total)))


def span(low: float, high: float) -> str:
    """Which values can be."""
    return say("It goes from {low:g} to {high:g}.", low=low, high=high)


def _value(instrument: Instrument, known: Mapping[str, int]) -> float | None:
    rule, items = instrument.scoring, len(instrument.items)
    if rule.missing is not Missing.ZERO and len(known) < max(rule.min_answered, 1):
        return None
    total = sum(known.values())
    if rule.kind is Kind.PERCENT:
        raw = 100 * total / (instrument.answers.high * len(known))
    elif rule.kind is Kind.MEAN:
        raw = total / len(known)
    elif rule.missing is Missing.PRORATE:
        raw = total * items / len(known)
    else:
        raw = float(total)
    return rounded(raw * rule.multiplier, rule.decimals)


def rounded(value: float, decimals: int) -> float:
    """Halves go up, as people round by hand; a float's last digits don't decide."""
    scale = float(10**decimals)
    return math.floor(value * scale + 0.5 + 1e-9) / scale


def _fires(
    instrument: Instrument, action: Action, known: Mapping[str, int], value: float | None
) -> bool:
    if action.item:
        given = known.get(action.item)
        if given is None:
            return action.open
        return action.at_least is not None and given >= action.at_least
    if action.total_at_least is not None:
        reached = _at_least(instrument, known) if value is None else value
        return reached >= action.total_at_least
    return action.total_at_most is not None and value is not None and value <= action.total_at_most


def _at_least(instrument: Instrument, known: Mapping[str, int]) -> float:
    """What the total is at least, whatever the open items would have been."""
    if instrument.scoring.kind is not Kind.SUM or instrument.answers.low < 0:
        return -math.inf
    return float(sum(known.values()) * instrument.scoring.multiplier)


def _by_urgency(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    return tuple(sorted(actions, key=lambda action: _URGENCIES.index(action.urgency)))


def _total_notes(
    instrument: Instrument, parts: Mapping[str, float], total: float
) -> tuple[str, ...]:
    needed = {name for b in instrument.bands if b.start <= total for name in b.needs}
    left_out = sorted(needed - set(parts))
    return (
        *instrument.notes,
        *(
            say("Its part {part} tells what it means. It wasn't given.", part=name)
            for name in left_out
        ),
    )


def _notes(
    instrument: Instrument,
    value: float | None,
    missing: tuple[str, ...],
    finished: bool,
) -> tuple[str, ...]:
    notes = list(instrument.notes)
    rule = instrument.scoring
    if rule.missing is Missing.ZERO:
        return tuple(notes) if finished else (say("The list isn't finished, so it has no score."),)
    if value is None:
        count = len(missing)
        return (say("Too many questions are open ({n}), so there is no score.", n=count),)
    if missing and not instrument.own_items:
        count = len(missing)
        notes.append(say("{n} open. The score was filled in from the other answers.", n=count))
    return tuple(notes)
