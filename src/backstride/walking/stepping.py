"""The steps of a page: which way they are looked for depends on where the sensor is.

On the trunk and the wrist steps are chains of peaks (`linking`); what is carried may swing or
turn, and shows steps by their rhythm (`rhythm`).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from backstride.records import Placement
from backstride.walking.gait import COLUMNS, qualities
from backstride.walking.linking import steps_by_links
from backstride.walking.pages import Page
from backstride.walking.params import Params
from backstride.walking.periodicity import Windows, band_passed, windows
from backstride.walking.rhythm import steps_by_rhythm
from backstride.walking.signal import Signal

LEAST_S = 3.0  # a shorter stretch holds no walk


class Way(StrEnum):
    """How steps are looked for."""

    RHYTHM = "rhythm"
    TRUNK = "trunk"
    WRIST = "wrist"


WAYS = {
    Placement.LOWER_BACK: Way.TRUNK,
    Placement.WAIST: Way.TRUNK,
    Placement.WRIST: Way.WRIST,
    Placement.POCKET: Way.RHYTHM,
    Placement.HAND: Way.RHYTHM,
    Placement.UNKNOWN: Way.RHYTHM,
}


def ways_of(placement: Placement, worn: bool) -> tuple[Way, ...]:
    """The ways that may turn out to be right.

    There is more than one if nobody said where it is and it is made to be worn: see `Placing`.
    """
    if placement is Placement.UNKNOWN and worn:
        return (Way.RHYTHM, Way.TRUNK, Way.WRIST)
    return (WAYS[placement],)


def steps_in(page: Page, ways: tuple[Way, ...], params: Params) -> dict[Way, Signal]:
    """The page's own steps by each way: seconds from the stretch's start and `gait.COLUMNS`."""
    none = np.empty((0, 1 + len(COLUMNS)))
    if len(page.magnitude_g) < LEAST_S * params.fs_hz:
        return dict.fromkeys(ways, none)
    band = band_passed(page.magnitude_g, 3, params.band_hz, params)
    found = windows(band, params)
    if not found.wanted.any():
        return dict.fromkeys(ways, none)
    at: dict[Way, Signal] = {}
    if Way.RHYTHM in ways:
        at[Way.RHYTHM] = steps_by_rhythm(band, found, params.carried, params)
    if Way.TRUNK in ways:
        at[Way.TRUNK] = steps_by_links(page.magnitude_g, found, params.trunk, params)
    if Way.WRIST in ways:
        at[Way.WRIST] = steps_by_rhythm(band, found, params.handed, params)
        for link in params.wrist:
            linked = steps_by_links(page.magnitude_g, found, link, params)
            at[Way.WRIST] = union(at[Way.WRIST], linked, params)
    return {way: _of_page(page, at[way], found, params) for way in ways}


def union(steady: Signal, linked: Signal, params: Params) -> Signal:
    """The steps that are steady, and where there are none those that are linked."""
    if not len(steady) or not len(linked):
        return np.concatenate([steady, linked])
    apart = params.slow_s * params.fs_hz
    after = np.searchsorted(steady, linked)
    later = steady[np.minimum(after, len(steady) - 1)]
    before = steady[np.maximum(after - 1, 0)]
    between = (later - before <= 2 * apart) & (before < linked) & (linked < later)
    near = np.minimum(np.abs(later - linked), np.abs(linked - before))
    return np.sort(
        np.concatenate([steady, linked[~between & (near >= params.alone_s * params.fs_hz)]])
    )


def _of_page(page: Page, at: Signal, found: Windows, params: Params) -> Signal:
    """Rows of the steps in the page's core."""
    rows = np.column_stack([at + page.index, qualities(at, found, params)])
    core = rows[(rows[:, 0] >= page.core_start) & (rows[:, 0] < page.core_end)]
    core[:, 0] = (core[:, 0] + 0.5) / params.fs_hz  # a sample is the mean of the time that follows
    return core
