"""A short run of the fuzzing on each change, and proof that it would see what is wrong."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import polars as pl
import pytest

from backstride import imports
from backstride.errors import BackstrideError
from backstride.imports import gpx
from backstride.records import Notices
from fuzz import contract, corpus
from fuzz.cases import cases, sources
from fuzz.watch import Watched

SEED = 1
MOST_CASES = 300  # of each source
SECONDS = 2.0  # of the processor's time for them, once the least are done
LEAST_CASES = 30
LIMIT_S = 10


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    return sources(tmp_path_factory.mktemp("fuzz") / "seeds", with_found=False)


@contextmanager
def watchdog(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_every_source_has_files_to_start_from() -> None:
    missing = {source.key for source in imports.SOURCES} - set(corpus.BUILT)
    assert not missing, f"add a builder of small files to tests/fuzz/corpus.py for {missing}"


@pytest.mark.parametrize("key", corpus.BUILT)
def test_files_to_start_from_are_read_whole(key: str, tmp_path: Path) -> None:
    """Else the mutations would try what is refused at the door."""
    built = corpus.built(key, tmp_path)
    assert built
    for path in built:
        assert imports.detect(path) == key
        assert contract.check(path, "Europe/Berlin")
        assert imports.read(path).read_count > 0


@pytest.mark.parametrize("key", corpus.BUILT)
def test_broken_files(key: str, seeds: dict[str, list[bytes]], tmp_path: Path) -> None:
    path = tmp_path / "case"
    path.write_bytes(seeds[key][0])
    contract.check(path, "UTC")  # Numba may have to compile first, which is no file's fault
    ends = time.process_time() + SECONDS
    went: list[bool] = []
    for case in itertools.islice(cases(key, SEED, seeds), MOST_CASES):
        if case.number >= LEAST_CASES and time.process_time() > ends:
            break
        path.write_bytes(case.content)
        try:
            with watchdog(LIMIT_S):
                went.append(contract.check(path, case.zone))
        except Exception as error:
            error.add_note(f"python tests/fuzz --source {key} --seed {SEED} --start {case.number}")
            raise
        assert list(tmp_path.iterdir()) == [path], "something was left beside the file"
    # Mutations that are all refused, or all harmless, would find nothing.
    assert 0 < sum(went[len(seeds[key]) :]) < len(went) - len(seeds[key])


def test_a_seed_gives_the_same_files_again(seeds: dict[str, list[bytes]]) -> None:
    for key in corpus.BUILT:
        first, again, other = (
            list(itertools.islice(cases(key, seed, seeds), 40)) for seed in (7, 7, 8)
        )
        assert first == again
        assert first != other


def _rows(**columns: object) -> pl.DataFrame:
    start = pl.datetime(2025, 6, 30, 6, time_unit="us", time_zone="UTC")
    row = {"start": start, "end": start + pl.duration(minutes=10), "steps": 100.0}
    row |= {"distance_m": None, "walking_s": None, "source": "x", "device": "app", "flag": None}
    exprs = [
        (value if isinstance(value, pl.Expr) else pl.lit(value))
        .cast(contract.SAMPLES[name])
        .alias(name)
        for name, value in (row | columns).items()
    ]
    return pl.select(exprs)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"steps": float("nan")}, "not finite"),
        ({"steps": -1.0}, "negative"),
        ({"steps": None}, "no value"),
        ({"steps": 1e9}, "too much"),
        ({"walking_s": 1e4}, "too much"),
        ({"device": "toaster"}, "devices"),
        ({"flag": "why not"}, "unknown flag"),
        ({"end": pl.datetime(2025, 6, 30, 5, time_unit="us", time_zone="UTC")}, "before it starts"),
        ({"start": pl.datetime(1601, 1, 1, time_unit="us", time_zone="UTC")}, "another era"),
    ],
)
def test_contract_sees_what_breaks_it(
    columns: dict[str, object],
    said: str,
    seeds: dict[str, list[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    got = imports.Imported("gpx", [_rows(**columns)], Notices(), read_counts={"x": 1})
    monkeypatch.setattr(gpx, "read", lambda *_: got)
    path = tmp_path / "walk"
    path.write_bytes(seeds["gpx"][0])
    with pytest.raises(AssertionError, match=said):
        contract.check(path, "UTC")


def test_child_that_takes_too_long_or_too_much_is_a_fault(tmp_path: Path) -> None:
    """A table of 40 MB is sound, but not within half a second or 20 MB."""
    path = tmp_path / "days.csv"
    path.write_bytes(b"date,steps\n" + b"2025-06-30,7000\n" * 2_500_000)
    with Watched(seconds=60, memory_mb=20) as watched:
        assert watched.fault_of(path, "UTC") is not None
    small = tmp_path / "small.csv"
    small.write_bytes(b"date,steps\n2025-06-30,7000\n")
    with Watched(seconds=60, memory_mb=1024) as watched:
        assert watched.fault_of(small, "UTC") is None  # the child is up
        watched.seconds = 0.05
        assert watched.fault_of(path, "UTC") == "not done after 0.05 s"
        watched.seconds = 60
        assert watched.fault_of(small, "UTC") is None  # another child


def test_own_errors_are_no_faults(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"")
    with pytest.raises(BackstrideError):
        imports.read(path)
    assert contract.check(path, "UTC") is False


def test_command_runs() -> None:
    """`make fuzz` stands by itself, without what pytest puts on the path."""
    command = [sys.executable, str(Path(__file__).parent), "--seconds", "1", "--source", "gpx"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "0 went wrong" in ran.stdout, ran.stderr
