"""`python -m benchmarks.accuracy`: how far the counts are from the truth, and where.

Every recording is measured once; the part that was tuned on and the part that wasn't are
kept apart. `--json` writes all figures, `--cases` lists each recording.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import platform
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import polars
import scipy
from rich.console import Console
from rich.table import Table

from backstride import __version__
from backstride.walking import Measurement, Params, measure
from benchmarks.made import all_uneven_walks
from benchmarks.recordings import Case, cases, shared_folder

DETECTED = ("mobilise-d", "uneven")  # with reference bouts: all of the lower back
GRID_S = 0.05  # walking detection is compared at this resolution
TRUTH_ERROR = {
    "oxford-phone": "±3 % (±7 %: Pixel arm-band and swinging-arm, Dario's arm-band)",
    "mobilise-d": "MS001 lost 5 of 98 contacts; a bout's edge is a contact",
    "uneven": "made of MS001's (test) and HA001's (tuning) steps: none, but made",
    "sensorwatch-wrist": "hand-counted totals; the slow files' are doubtful",
    "axivity": "about 610 steps, by the file's publisher",
}


@dataclasses.dataclass(frozen=True)
class Result:
    """One recording's truth and what was found; seconds of walking where truth has bouts."""

    case: Case
    steps: float
    both_s: float = math.nan
    only_found_s: float = math.nan
    only_true_s: float = math.nan
    neither_s: float = math.nan

    @property
    def error_percent(self) -> float:
        return 100 * (self.steps - self.case.steps) / self.case.steps if self.case.steps else 0.0


def result_of(case: Case) -> Result:
    """Measure one recording."""
    return compared(case, *counted(case))


def counted(case: Case) -> tuple[float, list[tuple[float, float]]]:
    """Our steps and walking bouts in seconds from the start."""
    measurement = measure(case.open())
    return float(measurement.bouts["steps"].sum()), _bouts_s(measurement)


def compared(case: Case, steps: float, bouts_s: list[tuple[float, float]] | None) -> Result:
    """Anyone's steps and bouts beside the truth; None for bouts where they weren't sought."""
    if case.bouts_s is None or bouts_s is None:
        return Result(case, steps)
    at = np.arange(0, case.duration_s, GRID_S)
    true = _inside(at, case.bouts_s)
    found = _inside(at, bouts_s)
    return Result(
        case,
        steps,
        both_s=GRID_S * float((true & found).sum()),
        only_found_s=GRID_S * float((found & ~true).sum()),
        only_true_s=GRID_S * float((true & ~found).sum()),
        neither_s=GRID_S * float((~true & ~found).sum()),
    )


def _bouts_s(measurement: Measurement) -> list[tuple[float, float]]:
    start: datetime | None = measurement.start_utc
    if start is None:
        return []
    pairs = zip(measurement.bouts["start"], measurement.bouts["end"], strict=True)
    return [((a - start).total_seconds(), (b - start).total_seconds()) for a, b in pairs]


def _inside(at: np.ndarray, spans: list[tuple[float, float]]) -> np.ndarray:
    inside = np.zeros(len(at), dtype=bool)
    for start, end in spans:
        inside |= (at >= start) & (at <= end)
    return inside


def step_figures(results: list[Result]) -> dict[str, Any]:
    """n, mean absolute and mean percentage error, total steps true and found."""
    errors = [r.error_percent for r in results]
    return {
        "n": len(results),
        "mape_percent": float(np.mean(np.abs(errors))),
        "bias_percent": float(np.mean(errors)),
        "worst_percent": float(max(errors, key=abs)),
        "true_steps": sum(r.case.steps or 0 for r in results),
        "found_steps": sum(r.steps for r in results),
    }


def detection_figures(results: list[Result]) -> dict[str, Any]:
    """Time-based agreement with reference bouts, over all recordings together."""
    both, found = sum(r.both_s for r in results), sum(r.only_found_s for r in results)
    missed, neither = sum(r.only_true_s for r in results), sum(r.neither_s for r in results)
    return {
        "n": len(results),
        "seconds": both + found + missed + neither,
        "sensitivity": both / (both + missed),
        "specificity": neither / (neither + found),
        "f1": 2 * both / (2 * both + found + missed),
    }


def false_step_figures(results: list[Result]) -> dict[str, Any]:
    """Steps found where nobody walked; the few that were really taken are not false."""
    hours = sum(r.case.duration_s for r in results) / 3600
    false = sum(max(r.steps - (r.case.steps or 0), 0.0) for r in results)
    return {"n": len(results), "hours": hours, "false_steps_per_hour": false / hours}


def summary(results: list[Result]) -> dict[str, Any]:
    """All figures: per part, by placement and by speed."""
    groups: dict[str, Callable[[Result], str]] = {
        "placement": lambda r: f"{r.case.data_set}: {r.case.group}",
        "speed": lambda r: f"{r.case.data_set}: {r.case.speed}",
        "data set": lambda r: f"{r.case.data_set}: all",
    }
    out: dict[str, Any] = {}
    for part in ("test", "tuning"):
        mine = [r for r in results if r.case.part == part]
        walking = [r for r in mine if r.case.is_walking]
        steps = {by: _grouped(walking, key, step_figures) for by, key in groups.items()}
        detection = {
            name: detection_figures(found)
            for name in DETECTED
            if (found := [r for r in mine if r.case.data_set == name])
        }
        negatives = [r for r in mine if not r.case.is_walking]
        out[part] = {
            "steps": steps,
            "detection": detection,
            "no_walking": false_step_figures(negatives) if negatives else None,
        }
    return out


def _grouped(
    results: list[Result],
    key: Callable[[Result], str],
    figures: Callable[[list[Result]], dict[str, Any]],
) -> dict[str, Any]:
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return {name: figures(group) for name, group in sorted(groups.items())}


def machine() -> dict[str, str]:
    """What the figures were measured with."""
    return {
        "backstride": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "polars": polars.__version__,
    }


def show(figures: dict[str, Any], console: Console) -> None:
    """The figures as tables, test part first."""
    for part, of_part in figures.items():
        note = "people not tuned on" if part == "test" else "tuned on: flattering"
        for by, groups in of_part["steps"].items():
            table = Table(title=f"Steps by {by}, {part} part ({note})", title_justify="left")
            table.add_column("group")
            for name in ("n", "MAPE %", "bias %", "worst %", "true", "found"):
                table.add_column(name, justify="right")
            for group, row in groups.items():
                table.add_row(
                    group,
                    str(row["n"]),
                    f"{row['mape_percent']:.1f}",
                    f"{row['bias_percent']:+.1f}",
                    f"{row['worst_percent']:+.1f}",
                    str(row["true_steps"]),
                    f"{row['found_steps']:.0f}",
                )
            console.print(table)
        for name, found in of_part["detection"].items():
            console.print(
                f"Walking found, {name}, {part} part: sensitivity {found['sensitivity']:.2f}, "
                f"specificity {found['specificity']:.2f}, F1 {found['f1']:.2f} "
                f"({found['n']} recordings, {found['seconds']:.0f} s)"
            )
        if none := of_part["no_walking"]:
            console.print(
                f"Nobody walks, wrist, {part} part: {none['false_steps_per_hour']:.0f} false steps "
                f"an hour ({none['n']} recordings, {60 * none['hours']:.1f} min)\n"
            )
    console.print("The truth's own error:")
    for data_set, error in TRUTH_ERROR.items():
        console.print(f"  {data_set}: {error}")


def main() -> None:
    """Measure everything and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--cases", action="store_true", help="also each recording")
    parser.add_argument("--part", choices=("tuning", "test"), help="only this part")
    options = parser.parse_args()
    everything = [*cases(shared_folder()), *all_uneven_walks(shared_folder())]
    chosen = [c for c in everything if options.part in (None, c.part)]
    results = [result_of(case) for case in chosen]
    figures = {k: v for k, v in summary(results).items() if options.part in (None, k)}
    if options.json:
        told = {"made_with": machine(), "params": dataclasses.asdict(Params()), **figures}
        told["truth_error"] = TRUTH_ERROR
        print(json.dumps(told, indent=2))
        return
    console = Console(width=None if Console().is_terminal else 100)
    if options.cases:
        for r in results:
            truth = f"true {r.case.steps} {r.case.truth_note}".strip()
            print(f"{r.case.part:7s} {r.case.name:36s} {truth:34s} found {r.steps:4.0f}")
    show(figures, console)


if __name__ == "__main__":
    main()
