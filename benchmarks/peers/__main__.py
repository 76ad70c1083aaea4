"""`python -m benchmarks.peers`: steps and walking, ours and the peers', beside the truth.

The peers' counts are kept below `.peers/results` and used again as long as their versions,
the way they are used and the recordings stay the same; ours is measured each time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.accuracy import TRUTH_ERROR, counted, machine
from benchmarks.peers import NOT_RUN, PEERS, compare
from benchmarks.peers.inputs import write_inputs
from benchmarks.peers.running import Count, Run, run
from benchmarks.recordings import Case, cases, shared_folder

OURS = "backstride"
PARTS = {
    "test": "people not tuned on",
    "all": "all recordings, those that ours was tuned on among them",
}
TITLES = {  # with the digits after the point
    "steps": ("Steps, mean absolute error in %", 1),
    "detection": ("Walking found, by time", 2),
    "no_walking": ("False steps an hour", 0),
}


def peer_runs(chosen: list[Case]) -> dict[str, list[Run]]:
    """For each peer's title, its run over each data set that it is made for."""
    found: dict[str, list[Run]] = {peer.title: [] for peer in PEERS}
    with tempfile.TemporaryDirectory() as name:
        for data_set in dict.fromkeys(case.data_set for case in chosen):
            folder = Path(name) / data_set
            folder.mkdir()
            write_inputs((case for case in chosen if case.data_set == data_set), folder)
            for peer in PEERS:
                if data_set in peer.data_sets:
                    found[peer.title].append(run(peer, folder))
    return found


def rows(
    chosen: list[Case], tools: dict[str, compare.Counts]
) -> dict[str, dict[str, list[compare.Row]]]:
    """All rows, for the test part and for all recordings."""
    kinds = {
        "steps": compare.step_rows,
        "detection": compare.detection_rows,
        "no_walking": compare.false_step_rows,
    }
    parts = {part: [c for c in chosen if part in ("all", c.part)] for part in PARTS}
    return {
        part: {kind: make(mine, tools) for kind, make in kinds.items()}
        for part, mine in parts.items()
    }


def show(found: dict[str, dict[str, list[compare.Row]]], console: Console) -> None:
    for part, kinds in found.items():
        for kind, (title, digits) in TITLES.items():
            console.print(compare.table(f"{title}: {PARTS[part]}", kinds[kind], digits))
    console.print("Blank: not made for it, or failed at it (below). The truth's own error:")
    for data_set, error in TRUTH_ERROR.items():
        console.print(f"  {data_set}: {error}")


def notes(runs: dict[str, list[Run]]) -> list[str]:
    """Versions, what was used again, what failed and what wasn't run."""
    lines = []
    for title, mine in runs.items():
        version = next((r.version for r in mine if r.version), "not run")
        cached = " (counted before: used again)" if all(r.is_cached for r in mine) else ""
        lines.append(f"{title}: {version}, {sum(r.seconds for r in mine):.1f} s{cached}")
        errors = [(n, c.error) for r in mine for n, c in r.counts.items() if c.error]
        reasons = dict.fromkeys(error for _, error in errors)
        for reason in reasons:
            named = [name for name, error in errors if error == reason]
            some = ", ".join(named[:3]) + (" ..." if len(named) > 3 else "")
            lines.append(f"  blank for {len(named)} ({some}): {reason}")
    return lines + [f"Not run: {name}: {why}" for name, why in NOT_RUN.items()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--markdown", action="store_true", help="the tables for the README")
    parser.add_argument("--cases", action="store_true", help="also each recording")
    options = parser.parse_args()
    chosen = list(cases(shared_folder()))
    runs = peer_runs(chosen)
    tools: dict[str, compare.Counts] = {OURS: {c.name: Count(*counted(c)) for c in chosen}}
    for title, mine in runs.items():
        tools[title] = {name: count for one in mine for name, count in one.counts.items()}
    found = rows(chosen, tools)
    if options.json:
        told = {p: {k: [asdict(r) for r in v] for k, v in ks.items()} for p, ks in found.items()}
        print(json.dumps({"made_with": machine(), "notes": notes(runs), **told}, indent=2))
        return
    if options.markdown:
        for part, kinds in found.items():
            for kind, (title, digits) in TITLES.items():
                print(f"{title}: {PARTS[part]}\n\n{compare.markdown(kinds[kind], digits)}\n")
        return
    console = Console(width=None if Console().is_terminal else 120)
    if options.cases:
        for case in chosen:
            each = {
                name: counts[case.name] for name, counts in tools.items() if case.name in counts
            }
            said = [f"{name} {'failed' if c.error else round(c.steps)}" for name, c in each.items()]
            print(f"{case.part:7s} {case.name:34s} true {case.steps}; {', '.join(said)}")
    show(found, console)
    print("\n".join(notes(runs)))


if __name__ == "__main__":
    main()
