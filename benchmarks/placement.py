"""`python -m benchmarks.placement`: how well the placement is found, and the rule's borders.

Each person is left out in turn: the two borders are fitted on all other people, and the
placement of that person's recordings is found with them. At the end the borders that all
people give, which are the ones in `backstride.walking.placement.Rule`. Wrist recordings are
no help here: those there are have one axis.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from backstride.records import Placement
from backstride.walking.placement import (
    ARM,
    BODY,
    LEG,
    NO_VOTE,
    RULE,
    Placing,
    Rule,
    Windows,
    decibels,
    votes,
    walking,
)
from benchmarks.recordings import Case, cases, shared_folder

TRUE = {
    "frontpocket": LEG,
    "backpocket": LEG,
    "swingingarm": ARM,
    "inhand": BODY,
    "armband": BODY,
    "neckpouch": BODY,
    "purse": BODY,
    "lower_back": BODY,
}
NAMES = {LEG: "leg", ARM: "arm", BODY: "body", NO_VOTE: "none"}
FEWEST = 24  # windows: who walked for less than a minute is no one to fit on
HIGHEST = 0.95  # where one side has no one: the border is what so many of the other stay below


@dataclass(frozen=True)
class Seen:
    """A case and the figures of its windows that are walking."""

    case: Case
    walked: NDArray[np.float64]


def seen(case: Case) -> Seen:
    """Read one recording."""
    windows = Windows()
    figures = [windows.push(block) for block in case.open().blocks()]
    return Seen(case, walking(np.concatenate(figures)))


def fitted(people: list[Seen]) -> Rule:
    """The rule with the borders between these people's windows; each person counts alike."""
    leg, share = defaultdict(list), defaultdict(list)
    for one in people:
        true, person = TRUE[one.case.group], one.case.person
        leg[true == LEG, person].extend(decibels(one.walked[:, 5]))
        if true != LEG:
            share[true == ARM, person].extend(one.walked[:, 3])
    return replace(RULE, leg_db=round(border(leg), 1), arm_share=round(border(share), 2))


def border(values: dict[tuple[bool, str], list[float]]) -> float:
    """Between values that are below it (False) and above it (True), by person.

    Where the mean of each person's share on the wrong side is least, sides weighing alike;
    where nobody is above, what HIGHEST of the values stay below, people weighing alike.
    """
    below = [np.sort(v) for (above, _), v in values.items() if not above and len(v) >= FEWEST]
    over = [np.sort(v) for (above, _), v in values.items() if above and len(v) >= FEWEST]
    every = np.unique(np.concatenate(below + over))
    border = 0.5 * (every[1:] + every[:-1])
    right_below = np.mean([np.searchsorted(v, border) / len(v) for v in below], axis=0)
    if not over:
        return float(border[np.searchsorted(right_below, HIGHEST)])
    right_over = np.mean([1 - np.searchsorted(v, border) / len(v) for v in over], axis=0)
    right = right_below + right_over
    return float(np.median(border[right >= right.max() - 1e-9]))


def found(one: Seen, rule: Rule, worn: bool) -> tuple[Placement, float, float]:
    """What is found in a recording: placement, how sure, seconds of walking that voted."""
    placing = Placing(worn, rule)
    for block in one.case.open().blocks():
        placing.add(block)
    return *placing.found(), placing.walking_s()


def left_out(everyone: list[Seen]) -> list[dict[str, Any]]:
    """What is found in each recording with the borders of the other people."""
    rows = []
    for person in sorted({one.case.person for one in everyone}):
        rule = fitted([one for one in everyone if one.case.person != person])
        for one in everyone:
            if one.case.person != person:
                continue
            voted = Counter(NAMES[v] for v in votes(one.walked, rule).tolist())
            row = {"case": one.case.name, "group": one.case.group, "person": person}
            row |= {"leg_db": rule.leg_db, "arm_share": rule.arm_share, "votes": dict(voted)}
            for worn in (False, True):
                place, sure, walking_s = found(one, rule, worn)
                row["worn" if worn else "carried"] = [place.value, round(sure, 3)]
                row["walking_s"] = walking_s
            rows.append(row)
    return rows


def tables(rows: list[dict[str, Any]]) -> Iterable[Table]:
    """The confusion of placements, for a device that is carried and one that is worn."""
    for kind in ("carried", "worn"):
        counts = Counter((row["group"], row[kind][0]) for row in rows)
        title = f"Person left out: found, as a device that is {kind} (recordings)"
        table = Table(title=title, title_justify="left")
        table.add_column("truth")
        for place in Placement:
            table.add_column(place.value, justify="right")
        for group in TRUE:
            table.add_row(group, *(str(counts[group, place.value] or "") for place in Placement))
        yield table
    table = Table(title="Person left out: votes of their windows", title_justify="left")
    for name in ("truth", "person", "leg", "arm", "body", "none", "leg dB", "arm share"):
        table.add_column(name, justify="right" if name not in ("truth", "person") else "left")
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["group"], row["person"]].append(row)
    for group in TRUE:
        for (of_group, person), of_person in sorted(groups.items()):
            if of_group == group:
                total = sum((Counter(row["votes"]) for row in of_person), Counter())
                shown = [str(total[name]) for name in NAMES.values()]
                rule = f"{of_person[0]['leg_db']:.1f}", f"{of_person[0]['arm_share']:.2f}"
                table.add_row(group, person, *shown, *rule)
    yield table


def main() -> None:
    """Fit, leave out, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--cases", action="store_true", help="also each recording")
    options = parser.parse_args()
    everyone = [seen(case) for case in cases(shared_folder()) if case.group in TRUE]
    rows, rule = left_out(everyone), fitted(everyone)
    if options.json:
        print(json.dumps({"left_out": rows, "fitted_on_all": asdict(rule)}, indent=2))
        return
    console = Console(width=None if Console().is_terminal else 100)
    for table in tables(rows):
        console.print(table)
    if options.cases:
        for row in rows:
            print(f"{row['case']:34s} carried {row['carried']} worn {row['worn']} {row['votes']}")
    print(f"Fitted on all: leg_db {rule.leg_db:.1f}, arm_share {rule.arm_share:.2f}")
    if (rule.leg_db, rule.arm_share) != (RULE.leg_db, RULE.arm_share):
        print(f"Not what is in use: leg_db {RULE.leg_db:.1f}, arm_share {RULE.arm_share:.2f}")


if __name__ == "__main__":
    main()
