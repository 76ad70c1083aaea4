"""Which stretches of a recording to look at closely, so that its measurement can be judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import TypeVar

import numpy as np
import polars as pl

from backstride.charts.gallery.signal import VIEW_S
from backstride.walking import Measurement
from backstride.walking.gait import POOR

LEAD_S = 5.0  # of a view before a bout begins, or after it has ended
LIVELY_G = 0.02  # spread of a stretch in which something moves
EDGE_S = 2.0  # at least so much of the surroundings, where a bout is shown whole
FEWEST_TO_COMPARE = 3  # bouts; among fewer none stands out

T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """A stretch to draw, `start_s` to `end_s` in s since 1970, `why`, and for which bout."""

    start_s: float
    end_s: float
    why: str
    bout: Bout | None = None


@dataclass(frozen=True)
class Bout:
    """A bout of walking, in s since 1970; `quality` (see `walking.gait`) where it is known."""

    start_s: float
    end_s: float
    steps: float
    cadence_spm: float
    quality: str | None = None

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


def bouts_of(table: pl.DataFrame) -> list[Bout]:
    """The rows of a BOUTS table."""
    edges = [(pl.col(name).dt.timestamp("us") / 1e6).alias(name) for name in ("start", "end")]
    rows = table.select(*edges, "steps", "cadence_spm", "quality").iter_rows()
    return [Bout(*row) for row in rows]


def choose(measurement: Measurement, activity: pl.DataFrame, count: int) -> list[View]:
    """At most `count` views in order of time, none over another.

    A recording that has room in them is shown whole. Of a longer one: start, end and middle of
    the longest bout; then in turn the liveliest stretches in which no walking was found, and
    the shortest, the least certain and the most usual bouts; then what is still. Each kind is
    taken from as many different parts of the recording as there are views. `activity` is that
    of `signal.activity`.
    """
    if measurement.start_utc is None or measurement.end_utc is None:
        return []
    start_s, end_s = measurement.start_utc.timestamp(), measurement.end_utc.timestamp()
    if end_s - start_s <= count * VIEW_S:
        return _whole(start_s, end_s)
    bouts = bouts_of(measurement.bouts)
    part_s = (end_s - start_s) / count
    free = _without_walking(activity, bouts)
    lively = _free([one for one in free if one[1] >= LIVELY_G], "Lively", part_s)
    still = _free([one for one in free if one[1] < LIVELY_G], "Still", part_s)
    turns = [
        lively,
        _bouts(bouts, lambda bout: bout.length_s, "One of the shortest bouts", part_s),
        _doubtful(bouts, part_s),
        lively,  # twice a turn: a miss is as bad as a bout too many
        _usual(bouts, part_s),
    ]
    kept: list[View] = []
    found = chain.from_iterable(
        _in_turn(sources, kept, start_s, end_s) for sources in ([_longest(bouts)], turns, [still])
    )
    while len(kept) < count and (view := next(found, None)):
        kept.append(view)
    return sorted(kept, key=lambda view: view.start_s)


def _whole(start_s: float, end_s: float) -> list[View]:
    parts = max(math.ceil((end_s - start_s) / VIEW_S), 1)
    each_s = (end_s - start_s) / parts
    return [
        View(start_s + i * each_s, start_s + (i + 1) * each_s, f"Part {i + 1} of {parts}")
        for i in range(parts)
    ]


def _longest(bouts: Sequence[Bout]) -> Iterator[View]:
    if not bouts:
        return
    bout = max(bouts, key=lambda bout: bout.length_s)
    if bout.length_s <= VIEW_S - 2 * EDGE_S:
        yield _around(bout, "The longest bout")
        return
    yield _start(bout, "The longest bout begins")
    yield View(bout.end_s + LEAD_S - VIEW_S, bout.end_s + LEAD_S, "The longest bout ends", bout)
    yield _around(bout, "The middle of the longest bout")


def _bouts(
    bouts: Sequence[Bout], key: Callable[[Bout], float], why: str, part_s: float
) -> Iterator[View]:
    """Views of the bouts with the lowest keys; of a long one, its start."""
    for bout in _spread(bouts, key, lambda bout: bout.start_s, part_s):
        yield _around(bout, why) if bout.length_s <= VIEW_S - 2 * EDGE_S else _start(bout, why)


def _doubtful(bouts: Sequence[Bout], part_s: float) -> Iterator[View]:
    """The bouts of poor quality; where there is none, those of the oddest cadence."""
    poor = [bout for bout in bouts if bout.quality == POOR]
    if poor:
        return _bouts(poor, lambda bout: -bout.length_s, "A bout of poor quality", part_s)
    if len(bouts) < FEWEST_TO_COMPARE:
        return iter(())
    usual = median(bout.cadence_spm for bout in bouts)
    why = "A bout with a cadence unlike the others'"
    return _bouts(bouts, lambda bout: -abs(bout.cadence_spm - usual), why, part_s)


def _usual(bouts: Sequence[Bout], part_s: float) -> Iterator[View]:
    usual_s = median([bout.length_s for bout in bouts] or [0.0])
    return _bouts(
        bouts, lambda bout: abs(bout.length_s - usual_s), "A bout of usual length", part_s
    )


def _free(stretches: Sequence[tuple[float, float]], how: str, part_s: float) -> Iterator[View]:
    """Views of stretches without walking, (start, spread), the liveliest first."""
    for start_s, spread_g in _spread(stretches, lambda one: -one[1], lambda one: one[0], part_s):
        yield View(start_s, start_s + VIEW_S, f"{how}, with a spread of {spread_g:.3f} g")


def _without_walking(activity: pl.DataFrame, bouts: Sequence[Bout]) -> list[tuple[float, float]]:
    """(start, spread) of the stretches that no bout touches."""
    start_s = activity["start_s"].to_numpy()
    begun = np.searchsorted([bout.start_s for bout in bouts], start_s + VIEW_S, "right")
    ended = np.searchsorted([bout.end_s for bout in bouts], start_s, "left")
    return list(activity.filter(begun == ended).iter_rows())


def _spread(
    candidates: Iterable[T], key: Callable[[T], float], at: Callable[[T], float], part_s: float
) -> Iterator[T]:
    """By key: first the best of each part of the recording, then all the others."""
    seen: set[int] = set()
    rest: list[T] = []
    for one in sorted(candidates, key=key):
        part = int(at(one) // part_s)
        if part in seen:
            rest.append(one)
        else:
            seen.add(part)
            yield one
    yield from rest


def _in_turn(
    sources: Sequence[Iterator[View]], kept: Sequence[View], start_s: float, end_s: float
) -> Iterator[View]:
    """One of each source, again and again, that lies over none that is `kept` by then."""
    left = list(sources)
    while left:
        for source in sources:
            inside = (_within(view, start_s, end_s) for view in source)
            view = next((view for view in inside if _apart(view, kept)), None)
            if view is not None:
                yield view
            elif source in left:
                left.remove(source)


def _apart(view: View, others: Iterable[View]) -> bool:
    return all(view.end_s <= other.start_s or other.end_s <= view.start_s for other in others)


def _start(bout: Bout, why: str) -> View:
    return View(bout.start_s - LEAD_S, bout.start_s - LEAD_S + VIEW_S, why, bout)


def _around(bout: Bout, why: str) -> View:
    middle_s = (bout.start_s + bout.end_s) / 2
    return View(middle_s - VIEW_S / 2, middle_s + VIEW_S / 2, why, bout)


def _within(view: View, start_s: float, end_s: float) -> View:
    """The view moved into the recording, as long as it was."""
    start_s = min(max(view.start_s, start_s), end_s - VIEW_S)
    return View(start_s, start_s + VIEW_S, view.why, view.bout)
