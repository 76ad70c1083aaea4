"""What became of a score: is it more than noise, and is it enough to matter?

The two are told apart. The least detectable change is what the form itself varies by; the
least important change is what people notice. Where points and a share of the first score
are both published, both must be reached, and each is told by itself (Ostelo 2008; a change
of 2 from 3 is not one of 2 from 9).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from backstride.outcomes.instrument import Instrument
from backstride.outcomes.scoring import score_total
from backstride.words import say

_EPSILON = 1e-9  # 6.4 - 4.4 is 2


@dataclass(frozen=True)
class Change:
    """From a score to a later one. `difference` is after minus before.

    `is_better` is None for no difference. The flags are None where no figure is known:
    `is_beyond_error` against the measurement error, `reaches_points` and `reaches_share`
    against the least important change, `is_important` for all of the latter that are known.
    `words` are sentences for the person; they hold no figure that isn't verified.
    """

    instrument: str
    before: float
    after: float
    difference: float
    is_better: bool | None
    is_beyond_error: bool | None
    reaches_points: bool | None
    reaches_share: bool | None
    is_important: bool | None
    words: tuple[str, ...]


def change(instrument: Instrument, before: float, after: float) -> Change:
    """How a score changed. Raises BadEntry for scores that can't be."""
    for value in (before, after):
        score_total(instrument, value)
    difference = round(after - before, 6)
    size = abs(difference)
    error, least = instrument.error, instrument.importance
    use = instrument.for_change
    beyond = size >= error.mdc - _EPSILON if use and error else None
    points = share = None
    if use and least and least.absolute is not None:
        points = size >= least.absolute - _EPSILON
    if use and least and least.relative is not None:
        share = size > 0 and size >= least.relative * abs(before) - _EPSILON
    known = [flag for flag in (points, share) if flag is not None]
    important = all(known) if known else None
    better = None if size == 0 else (difference < 0) == instrument.high_is_worse
    found = Change(
        instrument.key,
        before,
        after,
        difference,
        better,
        beyond,
        points,
        share,
        important,
        (),
    )
    return replace(found, words=tuple(_words(instrument, found)))


def _words(instrument: Instrument, found: Change) -> list[str]:
    if found.is_better is None:
        return [say("Your score is the same as before: {after:g}.", after=found.after)]
    ends = {"before": found.before, "after": found.after}
    if not instrument.for_change:
        return [
            say(
                "Your score went from {before:g} to {after:g}. "
                "This form isn't made to show change.",
                **ends,
            )
        ]
    if found.is_better:
        went = say("Your score went from {before:g} to {after:g}. That is the better way.", **ends)
    else:
        went = say("Your score went from {before:g} to {after:g}. That is the worse way.", **ends)
    return [went, *_size(instrument, found)]


def _size(instrument: Instrument, found: Change) -> list[str]:
    error, least = instrument.error, instrument.importance
    if error and error.source.is_fact and not found.is_beyond_error:
        return [say("The form can vary this much by itself, so it may not be a real change.")]
    lines = []
    if least and least.source.is_fact:
        lines.append(_meaning(found))
        if least.reliable and not least.reliable[0] <= found.before <= least.reliable[1]:
            lines.append(say("So near the end of the scale, the form is less sure."))
    else:
        lines.append(say("One score says little. Look at how your days go, too."))
    if found.is_better is False and found.is_important:
        lines.append(say("It is worth a talk with your therapist or doctor."))
    return lines


def _meaning(found: Change) -> str:
    if found.is_important:
        return say("People with pain tend to notice a change of this size.")
    if found.reaches_points or found.reaches_share:
        return say("It may be a change that counts. The next scores will tell more.")
    return say("It is a small change. Most people would not notice it yet.")
