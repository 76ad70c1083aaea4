"""The figures of all tools beside each other; what a tool can't do, or failed at, is blank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from benchmarks.accuracy import (
    Result,
    compared,
    detection_figures,
    false_step_figures,
    step_figures,
)
from benchmarks.peers.running import Count
from benchmarks.recordings import Case

Counts = Mapping[str, Count]  # by the recording's name
SPEEDS = ("slow", "normal", "fast")


@dataclass(frozen=True)
class Row:
    """One group of recordings and each tool's figure for it, None where it has none."""

    group: str
    n: int
    figures: dict[str, float | None]


def step_rows(cases: Sequence[Case], tools: Mapping[str, Counts]) -> list[Row]:
    """Mean absolute percentage error of steps by placement, then by speed, then slow walks."""
    walks = [case for case in cases if case.is_walking]
    chosen: dict[str, list[Case]] = {}
    for case in sorted(walks, key=lambda case: (case.data_set, case.group)):
        chosen.setdefault(f"{case.data_set}: {case.group}", []).append(case)
    for data_set in dict.fromkeys(case.data_set for case in walks):
        mine = [case for case in walks if case.data_set == data_set]
        if len({case.group for case in mine}) > 1:
            chosen[f"{data_set}: all"] = mine
        for speed in SPEEDS:
            chosen[f"{data_set}: {speed}"] = [c for c in mine if _speed(c) == speed]
    chosen["all slow walks"] = [case for case in walks if _speed(case) == "slow"]
    return [
        _row(name, group, tools, lambda results: step_figures(results)["mape_percent"])
        for name, group in chosen.items()
        if group
    ]


def _speed(case: Case) -> str:
    """Unknown where the walks are neither marked nor all of the recording."""
    return "unknown" if case.data_set == "axivity" else case.speed


def detection_rows(cases: Sequence[Case], tools: Mapping[str, Counts]) -> list[Row]:
    """Sensitivity, specificity and F1 of walking by time, where the bouts are known."""
    known = [case for case in cases if case.bouts_s is not None]
    with_bouts = {
        name: {key: count for key, count in counts.items() if count.bouts is not None}
        for name, counts in tools.items()
    }
    if not known:
        return []
    return [
        _row(f"lower back: {name}", known, with_bouts, lambda r, n=name: detection_figures(r)[n])
        for name in ("sensitivity", "specificity", "f1")
    ]


def false_step_rows(cases: Sequence[Case], tools: Mapping[str, Counts]) -> list[Row]:
    """False steps an hour where nobody walks."""
    still = [case for case in cases if not case.is_walking]
    if not still:
        return []
    hourly = "false_steps_per_hour"
    return [_row("wrist, nobody walks", still, tools, lambda r: false_step_figures(r)[hourly])]


def _row(
    group: str,
    cases: Sequence[Case],
    tools: Mapping[str, Counts],
    figure: Callable[[list[Result]], float],
) -> Row:
    figures: dict[str, float | None] = {}
    for name, counts in tools.items():
        results = _results(cases, counts)
        figures[name] = None if results is None else float(figure(results))
    return Row(group, len(cases), figures)


def _results(cases: Sequence[Case], counts: Counts) -> list[Result] | None:
    """None unless every recording was counted: a part of a group is no fair comparison."""
    found = [counts.get(case.name) for case in cases]
    if any(count is None or count.error for count in found):
        return None
    return [compared(c, n.steps, n.bouts) for c, n in zip(cases, found, strict=True) if n]


def table(title: str, rows: Iterable[Row], digits: int) -> Table:
    """A line for each group, ours first."""
    made = Table(title=title, title_justify="left")
    head, *lines = cells(rows, digits)
    for at, name in enumerate(head):
        made.add_column(name, justify="right" if at else "left")
    for line in lines:
        made.add_row(*line)
    return made


def markdown(rows: Iterable[Row], digits: int) -> str:
    """The same table for a README."""
    head, *lines = cells(rows, digits)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])


def cells(rows: Iterable[Row], digits: int) -> list[list[str]]:
    """The head and the lines of a table, blank where there is no figure."""
    shown = list(rows)
    lines = [["group", "n", *(shown[0].figures if shown else ())]]
    for row in shown:
        figures = ["" if v is None else f"{v:.{digits}f}" for v in row.figures.values()]
        lines.append([row.group, str(row.n), *figures])
    return lines
