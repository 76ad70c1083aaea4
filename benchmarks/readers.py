"""`python -m benchmarks.readers --peer PYTHON`: every sample against other readers.

PYTHON is one that has actipy (with Java) and scikit-digital-health. Read are the device files of
the shared data and files made after the formats' documentation, by Backstride and by each peer
that knows the format, and compared sample by sample; then the auto-calibrations of one file.
What a peer drops, fills or refuses is said, not hidden.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from backstride.records import Block
from backstride.sensors import open_recording
from backstride.sensors.calibrate import fit, still_windows
from benchmarks.recordings import shared_folder

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import axivity_files as ax
import device_files as made

PEERS = {"actipy": (".cwa", ".gt3x", ".bin"), "skdh": (".cwa", ".bin")}
KEY = 8  # samples that tell where a block is in the other's samples
NEAR_G = 0.02
ROUNDED_G = 6e-4  # actipy rounds ActiGraph samples to 1 mg, as ActiLife does
GAIN, OFFSET = np.array([0.96, 1.04, 1.01]), np.array([0.04, -0.03, 0.06])


@dataclass(frozen=True)
class Compared:
    """How many samples both have, how far they differ, and how far their times."""

    ours: int
    theirs: int
    same: int
    worst_g: float
    worst_s: float


def compare(blocks: list[Block], t_s: NDArray[np.float64], acc: NDArray[np.float64]) -> Compared:
    """Each of our blocks is looked for in the other's samples, in order, by its first ones."""
    at, same, worst_g, off_s = 0, 0, 0.0, []
    for block in blocks:
        start = _find(block.acc[:KEY], acc, at)
        if start is None:
            continue
        count = min(len(block.acc), len(acc) - start)
        off = np.abs(block.acc[:count] - acc[start : start + count]).max(axis=1)
        bad = np.flatnonzero(~(off < NEAR_G))  # where the other has dropped or filled some
        count = int(bad[0]) if len(bad) else count
        worst_g = max(worst_g, float(off[:count].max()))
        times = block.start_utc.timestamp() + np.arange(count) / block.fs_hz
        off_s.append(times - t_s[start : start + count])
        at, same = start + count, same + count
    seconds = np.concatenate(off_s) if off_s else np.zeros(1)
    zone_s = np.round(np.median(seconds) / 900) * 900  # the other's clock has no zone
    ours = sum(len(block.acc) for block in blocks)
    return Compared(ours, len(acc), same, worst_g, float(np.abs(seconds - zone_s).max()))


def _find(key: NDArray[np.float32], acc: NDArray[np.float64], at: int) -> int | None:
    if len(acc) - at < len(key):
        return None
    near = np.ones(len(acc) - at - len(key) + 1, dtype=bool)
    for n, row in enumerate(key):
        near &= (np.abs(acc[at + n : at + n + len(near)] - row) < ROUNDED_G).all(axis=1)
    hits = np.flatnonzero(near)
    return at + int(hits[0]) if len(hits) else None


def peer_reads(python: str, name: str, path: Path, out: Path, *more: str) -> str:
    """Run the peer; what it says of its error, empty if it could."""
    script = str(Path(__file__).with_name("readers_peer.py"))
    run = [python, script, name, str(path), str(out), *more]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    if done.returncode <= 0:
        return "crashed" if done.returncode else ""
    lines = [line for line in done.stderr.splitlines() if "Error" in line or "Exception" in line]
    return next((line for line in lines if "Format" in line), lines[-1])[:90]


def files(folder: Path) -> dict[str, Path]:
    """Real device files and made ones, by what is special in them."""
    shared = shared_folder() / "device-files"
    real = [p for p in sorted(shared.iterdir()) if p.suffix in (".cwa", ".gt3x", ".bin")]
    return {f"real: {path.name}": path for path in real} | made_files(folder)


def made_files(folder: Path) -> dict[str, Path]:
    def cwa(name: str, values: NDArray[np.int64], *args: object, **more: object) -> Path:
        return ax.cwa(folder / f"{name}.cwa", values, *args, **more)  # type: ignore[arg-type]

    found: dict[str, Path] = {}
    for code, rate in ax.RATES_HZ.items():
        if 12 <= rate <= 1600:
            values = made.counts(60, 1600)[: 60 * 200]
            found[f"AX3 packed {rate:g} Hz"] = cwa(f"p{code}", values, rate_code=code)
    for range_g in (2, 4, 16):
        found[f"AX3 packed ±{range_g} g"] = cwa(f"r{range_g}", loud(range_g), range_g=range_g)
    values = made.counts(60, 100)
    gyro = np.column_stack([values * 9, made.counts(60, 100, 4096)])
    found |= {
        "AX3 unpacked": cwa("u", values, ax.UNPACKED),
        "AX6 unpacked": cwa("u6", made.counts(60, 100, 4096), ax.UNPACKED, scale_code=4),
        "AX6 with gyroscope": cwa("g", gyro, ax.WITH_GYRO, scale_code=4),
        "AX3 clock without fraction": cwa("f", values, with_fraction=False),
        "AX3 clock at 98.6 Hz": cwa("c", values, true_hz=98.6),
        "AX3 lost sectors": cwa("l", values, without=range(10, 20)),
        "AX3 paused 30 s": cwa("s", values, pause_s=(20, 30.0)),
        "AX3 damaged sectors": cwa("d", values, damaged=[7, 8, 30]),
    }
    return found | _made_others(folder)


def loud(range_g: int) -> NDArray[np.int64]:
    """Movement that fills the range, so that packing needs all its shifts."""
    rng = np.random.default_rng(4)
    return np.clip(
        rng.normal(0, 80 * range_g, (6000, 3)), -256 * range_g, 256 * range_g - 1
    ).astype(np.int64)


def _made_others(folder: Path) -> dict[str, Path]:
    head = made.record(0x15, made.START_S, made.parameters(256, features=4))

    def gt3x(name: str, rate: int, kind: int, seconds: Sequence[int] | None = None) -> Path:
        log = made.log(made.counts(30, rate), rate, seconds, kind, head)
        return made.gt3x(folder / f"{name}.gt3x", log, made.info(rate))

    found = {f"GT3X 12 bit {rate} Hz": gt3x(f"a{rate}", rate, 0x00) for rate in (30, 100)}
    found |= {f"GT3X 16 bit {rate} Hz": gt3x(f"b{rate}", rate, 0x1A) for rate in (30, 100)}
    found["GT3X idle sleep"] = gt3x("i", 100, 0x1A, [*range(20), *range(50, 60)])
    old = made.info(30, "NEO1C16110020", "GT3XPlus", "Acceleration Scale: 341.0\n")
    stream = made.activity(made.counts(30, 30, 341))
    nhanes = made.gt3x(folder / "n.gt3x", stream, old, "activity.bin")
    with zipfile.ZipFile(nhanes, "a") as archive:
        archive.writestr("lux.bin", b"")
    found["GT3X of NHANES (activity.bin)"] = nhanes
    for rate in (10.0, 66.7, 100.0):
        found[f"GENEActiv {rate:g} Hz"] = geneactiv(folder / f"g{rate:g}.bin", rate)
    found["GENEActiv lost pages"] = geneactiv(folder / "gl.bin", 100.0, without=[4, 5])
    return found


def geneactiv(path: Path, rate: float, without: Sequence[int] = ()) -> Path:
    """Made pages below a real header, whose 59 lines others count instead of reading."""
    made.geneactiv(path, made.counts(30, 100), rate, without)
    real = made.GENEACTIV.read_bytes()
    header = real[: real.index(b"Recorded Data")].replace(b"50 Hz", f"{rate:g} Hz".encode())
    held = path.read_bytes()
    pages = held[held.index(b"Recorded Data") :].replace(b"\r\n", b"\n")
    newline = b"\r\n" if b"\r\n" in header else b"\n"
    count = f"Number of Pages:{pages.count(b'Recorded Data')}".encode()
    header = header.replace(b"Number of Pages:3", count)
    path.write_bytes(header + pages.replace(b"\n", newline))
    return path


def rows(python: str, folder: Path) -> list[tuple[str, ...]]:
    found = []
    for name, path in files(folder).items():
        blocks = list(open_recording(path).blocks())
        for peer, endings in PEERS.items():
            if path.suffix not in endings:
                continue
            out = folder / "peer.npz"
            if why := peer_reads(python, peer, path, out):
                found.append((name, peer, "", "", "", "", why))
                continue
            with np.load(out) as read:
                one = compare(blocks, read["t"], read["acc"])
            figures = (f"{one.ours:,}", f"{one.theirs:,}", f"{one.same:,}")
            found.append((name, peer, *figures, f"{one.worst_g:.1e}", f"{one.worst_s:.3f}"))
    return found


def calibrations(python: str, folder: Path) -> list[tuple[str, ...]]:
    """13 hours of 300 poses at 12.5 Hz, of a device that is off by a known gain and offset."""
    rng = np.random.default_rng(11)
    poses = rng.normal(size=(300, 3))
    poses /= np.linalg.norm(poses, axis=1, keepdims=True)
    held = np.repeat(poses, 1950, axis=0) + rng.normal(0, 0.003, (300 * 1950, 3))
    path = ax.cwa(
        folder / "off.cwa", np.round((held - OFFSET) / GAIN * 256).astype(np.int64), rate_code=7
    )
    ours = fit(still_windows(open_recording(path).blocks()))
    answers: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]] | str]
    answers = {"backstride": (ours.gain, ours.offset)}
    for peer in PEERS:
        out = folder / "peer.npz"
        if why := peer_reads(python, peer, path, out, "--calibrate"):
            answers[peer] = why
            continue
        with np.load(out) as told:
            answers[peer] = (told["gain"].ravel(), told["offset"].ravel())
    return [(name, *_against_truth(answer, poses)) for name, answer in answers.items()]


def _against_truth(
    answer: tuple[NDArray[np.float64], NDArray[np.float64]] | str, poses: NDArray[np.float64]
) -> tuple[str, ...]:
    if isinstance(answer, str):
        return ("", "", answer)
    gain, offset = answer
    off = np.linalg.norm((poses - OFFSET) / GAIN * gain + offset - poses, axis=1)
    return (
        " ".join(f"{v:.4f}" for v in gain),
        " ".join(f"{v:.4f}" for v in offset),
        f"{1000 * off.max():.2f}",
    )


def table(title: str, names: list[str], lines: list[tuple[str, ...]]) -> Table:
    shown = Table(*names, title=title)
    for line in lines:
        shown.add_row(*line)
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True, help="a Python that has actipy and skdh")
    python = parser.parse_args().peer
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as folder:
        names = ["file", "reader", "ours", "theirs", "the same", "worst g", "worst s"]
        console.print(table("Samples", names, rows(python, Path(folder))))
        names = ["calibration", "gain", "offset, g", "worst error, mg"]
        console.print(table("Calibration", names, calibrations(python, Path(folder))))


if __name__ == "__main__":
    main()
