"""`python -m benchmarks.tuning trunk`: choose the settings that link peaks to steps.

A random search, on the tuning part alone, of `walking.params.Linking`:

- `trunk`: on one person's lower-back recordings, uneven walks made of that person's steps,
  and Jamie's phone walks in purse and neck pouch, which are on the body;
- `wrist`: on the wrist's tuning recordings, walks and handwork;
- both: on restlessness that is no walk (all that is made is in `benchmarks.made`).

What is made smallest is the mean error of steps in %, with the seconds wrongly called walking or
not, and false steps an hour, as `loss_of` weighs them: the mean of what settings `around` give, so
that the best don't stand at an edge. `--person MS001` does the same on the person who is else left
out: only to learn how well that does on HA001.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from backstride.walking.bouts import bout_edges
from backstride.walking.linking import Peaks, linked, peaks_of, steps_by_links
from backstride.walking.params import DEFAULT, Linking, Params
from backstride.walking.periodicity import Windows, band_passed, windows
from backstride.walking.rhythm import steps_by_rhythm
from backstride.walking.signal import EvenMagnitude, Signal
from backstride.walking.stepping import union
from benchmarks.accuracy import Result, compared
from benchmarks.made import pieces_of, restless, uneven_walks
from benchmarks.recordings import TUNING_PEOPLE, Case, cases, shared_folder

ON_THE_BODY = ("purse", "neckpouch")
FIRST, ANEW = 40, 0.2  # so many draws are new at first, and such a share later
NEARBY = 0.5  # of the others so many change little
DETECTION_WEIGHT = 20.0  # of the shares of seconds wrongly called, in the same unit as %
# Of false steps an hour. A hand does more that is no walk than a trunk does: a wrist must not
# take it for one, though the slowest walks are missed for that.
FALSE_WEIGHT = {"trunk": 0.005, "wrist": 0.1}
# Between steps. People run at 180 steps/min; the even chains at a wrist have the quicker ones.
SHORTEST_S = {"trunk": (0.26, 0.33), "wrist": (0.5, 0.8)}


@dataclass
class Seen:
    """A case, its magnitude and windows; its peaks as they are first asked for."""

    case: Case
    magnitude_g: Signal
    found: Windows
    steady: Signal
    peaks: dict[Any, Peaks]


def seen(case: Case, params: Params = DEFAULT) -> Seen:
    """Read a recording of one stretch."""
    even = EvenMagnitude(params.fs_hz)
    chunks = [even.push(block) for block in case.open().blocks()]
    assert sum(chunk.first for chunk in chunks) == 1
    magnitude = np.concatenate([chunk.magnitude_g for chunk in chunks])
    band = band_passed(magnitude, 3, params.band_hz, params)
    found = windows(band, params)
    even_links = steps_by_links(magnitude, found, params.wrist[0], params)
    steady = union(steps_by_rhythm(band, found, params.handed, params), even_links, params)
    return Seen(case, magnitude, found, steady, {})


def result_of(one: Seen, link: Linking, way: str, params: Params = DEFAULT) -> Result:
    """Our steps and bouts with these settings, beside the truth."""
    key = (link.band_hz, link.least_peak_g, link.longest_s)
    if key not in one.peaks:
        one.peaks[key] = peaks_of(one.magnitude_g, one.found, link, params)
    at = linked(one.peaks[key], link, params)
    at_s = (union(one.steady, at, params) if way == "wrist" else at) / params.fs_hz
    edges = bout_edges(at_s, params)
    spans = [(float(at_s[a]), float(at_s[b - 1])) for a, b in edges]
    return compared(one.case, float(np.diff(edges).sum()), spans)


def loss_of(results: list[Result], way: str) -> float:
    """What is made smallest."""
    groups: dict[tuple[str, bool], list[Result]] = {}
    for result in results:
        case = result.case
        groups.setdefault((case.data_set, case.is_walking), []).append(result)
    loss = 0.0
    for (data_set, is_walking), group in groups.items():
        if not is_walking:
            hours = sum(r.case.duration_s for r in group) / 3600
            false = sum(max(r.steps - (r.case.steps or 0), 0) for r in group)
            loss += FALSE_WEIGHT[way] * false / hours
            continue
        loss += float(np.mean([abs(r.error_percent) for r in group]))
        if data_set == "mobilise-d":
            missed = [r.only_true_s / (r.both_s + r.only_true_s) for r in group]
            wrong = [r.only_found_s / (r.neither_s + r.only_found_s) for r in group]
            loss += DETECTION_WEIGHT * float(np.mean(missed) + np.mean(wrong))
    return loss


def around(link: Linking) -> Iterator[Linking]:
    """Settings a little more and a little less ready to find a walk."""
    for way in (1, -1):
        yield replace(link, begin_cost=link.begin_cost * (1 + 0.15 * way))
        yield replace(link, stir_cost=link.stir_cost * (1 + 0.2 * way))
        yield replace(link, step_worth=link.step_worth - 0.08 * way)


def drawn(rng: np.random.Generator, way: str) -> Linking:
    """Settings at random."""
    trunk = way == "trunk"
    bands = ((0.4, 2.0), (0.4, 2.5), (0.5, 2.0), (0.5, 3.0), (0.6, 2.5), (0.6, 3.5), (0.8, 3.0))
    return Linking(
        band_hz=bands[rng.integers(len(bands))],
        least_peak_g=float(rng.choice([0.01, 0.015, 0.02, 0.03, 0.04])),
        shortest_s=round(rng.uniform(*SHORTEST_S[way]), 2),
        longest_s=float(rng.choice([2.2, 2.6, 3.0])),
        step_worth=round(rng.uniform(-0.6, 1.0), 2),
        regular_worth=round(rng.uniform(0.0, 6.0), 2),
        begin_cost=round(rng.uniform(2.0, 5.0), 1),
        uneven_cost=round(rng.uniform(0.2, 3.0), 2),
        unlike_cost=round(rng.uniform(0.1, 1.0), 2),
        most_cost=round(rng.uniform(0.6, 3.0), 2),
        late_cost=round(rng.uniform(0.0, 1.5), 2),
        stir_cost=round(rng.uniform(0.0, 5.0), 2),
        closing_share=float(rng.choice([0.0, 0.4, 0.5, 0.6, 0.7, 0.8])) if trunk else 0.0,
    )


def _near(link: Linking, rng: np.random.Generator) -> Linking:
    """All settings a little changed, but for the band."""
    numbers = {k: v for k, v in asdict(link).items() if k != "band_hz"}
    near = {k: round(v * rng.uniform(0.8, 1.25), 3) for k, v in numbers.items()}
    near["shortest_s"] = link.shortest_s
    near["longest_s"] = min(near["longest_s"], DEFAULT.max_break_s)
    return replace(link, **near)


def searched(
    loss: Callable[[Linking], float], start: Linking, way: str, seconds: float, seed: int
) -> tuple[Linking, float, int]:
    """The best settings found in this time, their loss, and how many were tried."""
    rng = np.random.default_rng(seed)
    names = list(asdict(start))
    best, least, tried = start, loss(start), 1
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        new = drawn(rng, way)
        if tried >= FIRST and rng.random() >= ANEW:
            some = rng.choice(names, rng.integers(1, 4), replace=False)
            if rng.random() < NEARBY:
                new = _near(best, rng)
            new = replace(best, **{name: getattr(new, name) for name in some})
        here = loss(new)
        tried += 1
        if here < least:
            best, least = new, here
    return best, least, tried


def material(way: str, person: str) -> list[Seen]:
    """What is tuned on."""
    everything = [c for c in cases(shared_folder()) if c.part == "tuning" or c.person == person]
    wrist = [c for c in everything if c.data_set == "sensorwatch-wrist"]
    desk = [c for c in wrist if c.is_desk_work]
    house = [c for c in wrist if not c.is_walking and not c.is_desk_work]
    if way == "wrist":
        noise = restless({"desk work": desk, "housework": house})
        return [seen(c) for c in (*wrist, *noise)]
    noise = restless({})
    own = [c for c in everything if c.person == person]
    longest = max(own, key=lambda c: c.duration_s)
    made = uneven_walks(person, person, pieces_of(longest))
    on_body = [c for c in everything if c.person == "Jamie" and c.group in ON_THE_BODY]
    return [seen(c) for c in (*own, *made, *on_body, *noise)]


def main() -> None:
    """Search and print the best, with its figures; then those of the person left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=("trunk", "wrist"))
    parser.add_argument("--person", choices=("HA001", "MS001"), default="HA001")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    way = options.way
    all_seen = material(way, options.person)

    def loss(link: Linking) -> float:
        tried = [[result_of(one, near, way) for one in all_seen] for near in around(link)]
        return float(np.mean([loss_of(results, way) for results in tried]))

    start = DEFAULT.trunk if way == "trunk" else DEFAULT.wrist[1]
    print(f"as it is: {loss(start):.2f}")
    best, least, tried = searched(loss, start, way, options.seconds, options.seed)
    print(f"best of {tried}: {least:.2f}\n{best}")
    shown = all_seen
    if options.person not in TUNING_PEOPLE:
        shown = [seen(c) for c in cases(shared_folder()) if c.person == "HA001"]
    for one in shown:
        r = result_of(one, best, way)
        if not r.steps and not r.case.steps:
            continue
        counts = f"true {r.case.steps:4d} found {r.steps:4.0f}"
        print(f"{r.case.name:40s} {counts} {r.error_percent:+.1f} %")


if __name__ == "__main__":
    main()
