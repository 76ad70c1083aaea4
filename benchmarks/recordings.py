"""The real recordings with ground truth, and which of them may be tuned on."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.records import Block, Placement, Recording
from backstride.sensors import open_recording
from backstride.sensors.parquet import open_parquet

# The split is by person; see README.md. One person wore the wrist watch: there it is by
# recording, which is weaker. The tuning part has one session and what is kept here of the other.
TUNING_PEOPLE = {"Jamie", "HA001", "wrist-bw2", "wrist-bw4, kept here"}
WRIST_LOGS = Path(__file__).parent / "sensorwatch"
PLACEMENTS = {
    "inhand": Placement.HAND,
    "swingingarm": Placement.HAND,
    "armband": Placement.UNKNOWN,
    "frontpocket": Placement.POCKET,
    "backpocket": Placement.POCKET,
    "neckpouch": Placement.UNKNOWN,
    "purse": Placement.UNKNOWN,
}
SLOW_SPM = 95.0
FAST_SPM = 120.0
END_OF_LOG = 255


@dataclass(frozen=True)
class Case:
    """One recording: what it is, how to open it, and what is known to be true of it.

    `bouts_s` are reference walking bouts and `contacts_s` initial contacts of a foot, in seconds
    from the start, None where unknown.
    `steps` is None where only the absence of walking is of use.
    """

    name: str
    data_set: str
    group: str
    person: str
    open: Callable[[], Recording]
    steps: int | None
    duration_s: float
    bouts_s: list[tuple[float, float]] | None = None
    is_walking: bool = True
    truth_note: str = ""
    contacts_s: list[float] | None = None

    @property
    def part(self) -> str:
        return "tuning" if self.person in TUNING_PEOPLE else "test"

    @property
    def is_desk_work(self) -> bool:
        return not self.is_walking and "working" in self.name

    @property
    def speed(self) -> str:
        if self.steps is None or not self.is_walking:
            return "none"
        walked_s = sum(b - a for a, b in self.bouts_s) if self.bouts_s else self.duration_s
        cadence = 60 * self.steps / walked_s
        return "slow" if cadence < SLOW_SPM else "fast" if cadence > FAST_SPM else "normal"


def shared_folder() -> Path:
    """Where the recordings are. Ends the program with instructions if they aren't there."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("BACKSTRIDE_SHARED_DATA", default))
    if not (folder / "oxford-phone" / "index.csv").is_file():
        sys.exit(
            f"The recordings with ground truth are not in {folder}.\n"
            "Set BACKSTRIDE_SHARED_DATA to the folder that holds oxford-phone/, "
            "mobilise-d-lower-back/ and sensorwatch-wrist/.\n"
            "benchmarks/README.md says where each comes from."
        )
    return folder


def cases(folder: Path) -> Iterator[Case]:
    """All recordings with a truth, in a fixed order."""
    yield from _oxford(folder / "oxford-phone")
    yield from _mobilise_d(folder / "mobilise-d-lower-back")
    yield from _wrist(folder / "sensorwatch-wrist")
    yield from _axivity(folder / "device-files")


def _oxford(folder: Path) -> Iterator[Case]:
    for row in pl.read_csv(folder / "index.csv").iter_rows(named=True):
        name, place = row["recording"], PLACEMENTS[row["placement"]]
        path = folder / f"{name}.parquet"
        doubtful = row["placement"] in ("armband", "swingingarm") and (
            name.startswith("Pixel") or row["person"] == "Dario"
        )
        truth = json.loads((folder / f"{name}.truth.json").read_text())
        times = truth["step_times_s"]
        yield Case(
            name=name,
            data_set="oxford-phone",
            group=row["placement"],
            person=row["person"],
            open=lambda path=path, place=place: open_parquet(path, place, "UTC"),
            steps=int(row["steps"]),
            duration_s=times[-1] - times[0],
            truth_note="±7 %" if doubtful else "±3 %",
        )


def _mobilise_d(folder: Path) -> Iterator[Case]:
    for row in pl.read_csv(folder / "index.csv").iter_rows(named=True):
        path = folder / f"{row['recording']}.parquet"
        truth = json.loads((folder / f"{row['recording']}.truth.json").read_text())
        yield Case(
            name=row["recording"],
            data_set="mobilise-d",
            group="lower_back",
            person=row["person"],
            open=lambda path=path: open_parquet(path, Placement.LOWER_BACK, "UTC", fs_hz=100.0),
            steps=int(row["reference_steps"]),
            duration_s=float(row["duration_s"]),
            bouts_s=[(a, b) for a, b in truth["walking_bouts_s"]],
            truth_note="up to 5 of 98 contacts missing" if row["person"] == "MS001" else "",
            contacts_s=truth["initial_contacts_s"],
        )


def _wrist(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.csv")):
        person = "wrist-bw2" if "-bw2-" in path.name else "wrist-bw4"
        yield _wrist_case(path.stem, person, *watch_csv(path))
    for path in sorted(WRIST_LOGS.glob("*.b64")):
        person = "wrist-bw2" if "-bw2-" in path.name else "wrist-bw4, kept here"
        yield _wrist_case(path.stem, person, *watch_log(path))


def _wrist_case(
    name: str, person: str, counts: NDArray[np.float64], steps: int, duration_s: float
) -> Case:
    walking = "walking" in name
    return Case(
        name=name,
        data_set="sensorwatch-wrist",
        group="wrist" if walking else "wrist, no walking",
        person=person,
        open=lambda: wrist_recording(name, counts),
        steps=steps,
        duration_s=duration_s,
        is_walking=walking,
        truth_note="total doubtful" if "slow" in name else "",
    )


def watch_csv(path: Path) -> tuple[NDArray[np.float64], int, float]:
    """The same as `watch_log` of a log that was turned into a table."""
    table = pl.read_csv(path, columns=["Timestamp", "Magnitude", "Steps"])
    counts = table["Magnitude"].to_numpy().astype(np.float64)
    return counts, int(table["Steps"].drop_nulls()[0]), float(table["Timestamp"].to_numpy().max())


def watch_log(path: Path) -> tuple[NDArray[np.float64], int, float]:
    """A SensorWatch log of 25 Hz magnitudes: raw counts, the steps counted by hand, seconds.

    After 16 bytes of header, for each second the number of samples and three bytes each; then
    255 and the steps. All numbers have their lowest byte first.
    """
    log = base64.b64decode(path.read_bytes())
    counts, at, seconds = [], 16, 0
    while log[at] != END_OF_LOG:
        samples = np.frombuffer(log, np.uint8, 3 * log[at], at + 1).reshape(-1, 3)
        counts.append(samples @ np.array([1.0, 256.0, 65536.0]))
        at, seconds = at + 1 + 3 * log[at], seconds + 1
    return np.concatenate(counts), int.from_bytes(log[at + 1 : at + 3], "little"), float(seconds)


def _axivity(folder: Path) -> Iterator[Case]:
    path = folder / "ax3-610-steps.cwa"
    yield Case(
        name=path.stem,
        data_set="axivity",
        group="ax3, unknown placement",
        person="openmovement",
        open=lambda: open_recording(path),
        steps=610,
        duration_s=714.0,
        truth_note="about 610, by its publisher",
    )


def wrist_recording(name: str, counts: NDArray[np.float64]) -> Recording:
    """The wrist files: magnitude in raw counts, put on one axis with 1 g as the median."""
    acc = np.zeros((len(counts), 3), dtype=np.float32)
    acc[:, 0] = counts / np.median(counts)
    start = datetime(2000, 1, 1, tzinfo=UTC)

    def read(_progress: Callable[[int], None]) -> Iterator[Block]:
        yield Block(start, 25.0, acc)

    return Recording(name, "SensorWatch", Placement.WRIST, 25.0, read, len(acc))
