"""`python tests/fuzz`: break files of every source for a while, and keep what goes wrong."""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))  # `benchmarks` makes some of the files

from fuzz import contract, corpus
from fuzz.cases import Case, cases, sources
from fuzz.watch import Watched

CRASHES = Path(__file__).parent / "crashes"
MOST_CRASHES = 25  # a source that is broken breaks every time


def main() -> int:
    asked = _arguments()
    keys = [asked.source] if asked.source else list(corpus.BUILT)
    tried: Counter[str] = Counter()
    faults = 0
    with (
        tempfile.TemporaryDirectory(prefix="backstride-fuzz-") as name,
        Watched(asked.limit, asked.memory) as watched,
    ):
        folder = Path(name)
        seeds = sources(folder / "seeds", with_found=True)
        path = folder / "case"
        for key in keys:  # what Numba compiles once is no file's fault
            path.write_bytes(seeds[key][0])
            contract.check(path, "UTC")
        ends = time.monotonic() + asked.seconds
        for case in _in_turn(keys, asked.seed, seeds, asked.start):
            if time.monotonic() > ends or faults >= MOST_CRASHES:
                break
            path.write_bytes(case.content)
            tried[case.key] += 1
            if fault := watched.fault_of(path, case.zone):
                faults += 1
                _keep(case, asked.seed, fault)
    told = ", ".join(f"{key} {tried[key]:,}" for key in keys)
    _say(f"{sum(tried.values()):,} files with seed {asked.seed}: {told}. {faults} went wrong.")
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python tests/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on")
    parser.add_argument("--source", choices=list(corpus.BUILT), help="this source alone")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same files")
    parser.add_argument("--start", type=int, default=0, help="the number of the first case")
    parser.add_argument("--limit", type=float, default=10, help="seconds for one file")
    parser.add_argument("--memory", type=int, default=1024, help="MB that one file may take")
    return parser.parse_args()


def _in_turn(
    keys: list[str], seed: int, seeds: dict[str, list[bytes]], start: int
) -> Iterator[Case]:
    runs = [itertools.islice(cases(key, seed, seeds), start, None) for key in keys]
    return (case for turn in zip(*runs, strict=True) for case in turn)


def _keep(case: Case, seed: int, fault: str) -> None:
    CRASHES.mkdir(exist_ok=True)
    kept = CRASHES / f"{case.key}-{seed}-{case.number}"
    kept.write_bytes(case.content)
    last = fault.strip().splitlines()[-1]
    kept.with_suffix(".txt").write_text(f"zone {case.zone}\n{fault}\n", encoding="utf-8")
    _say(f"{case.key} {case.number}: {last}\n  kept as {kept}")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
