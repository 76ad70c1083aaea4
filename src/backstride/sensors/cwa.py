"""Axivity AX3 and AX6 recordings (`.cwa`): sectors in, blocks on a true time base out.

Damaged sectors are left out and counted; the time they took stays a gap. The sampling rate
of a stretch is measured against the device's own clock marks, since crystals differ from
the nominal rate by up to a few per cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from backstride.errors import UnreadableFile
from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors import cwa_format as fmt
from backstride.sensors.clipping import flagged
from backstride.sensors.clock import instant, line, utc_offset_s
from backstride.words import say

SECTORS_AT_ONCE = 4096  # 2 MB of file, about 80 minutes at 100 Hz
CLOCK_SLACK_S = 0.25  # marks are good to a sample; rates differ by a few per cent
RATE_SLACK = 0.06


@dataclass
class _State:
    """What is carried from one read to the next: the open stretch and the zone's offset."""

    end_s: float = -np.inf  # where the last block ended, wall clock
    sequence: int = -1
    config: tuple[int, int] = (-1, -1)
    utc_offset_s: float | None = None
    seen: int = 0


def open_cwa(path: Path, placement: Placement, zone: str) -> Recording:
    """A Recording of an Axivity file. Raises UnreadableFile if its header can't be used."""
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(fmt.HEADER_BYTES)
    if len(header) < fmt.HEADER_BYTES or size < fmt.HEADER_BYTES + fmt.SECTOR_BYTES:
        raise UnreadableFile(
            path,
            say(
                "an Axivity header but no data: {size:,} bytes, at least 1,536 expected", size=size
            ),
            say("Copy the file from the device again."),
            offset=size,
        )
    device_id = int.from_bytes(header[5:7], "little")
    upper = int.from_bytes(header[11:13], "little")
    device_id |= (0 if upper == 0xFFFF else upper) << 16
    model = "AX6" if header[4] == 0x64 else "AX3"
    notices = Notices()

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        return _read(path, ZoneInfo(zone), notices, progress)

    return Recording(
        source=path.name,
        device=f"Axivity {model} {device_id:05d}",
        placement=placement,
        fs_hz=_nominal_rate(path, header),
        read=read,
        size=size,
        notices=notices,
        worn=True,
    )


def _nominal_rate(path: Path, header: bytes) -> float:
    """The header's rate, or the first sound sector's where the header's makes no sense."""
    if header[36] & 0x0F >= 6:
        return fmt.sampling_rate_hz(header[36])
    with path.open("rb") as file:
        file.seek(fmt.HEADER_BYTES)
        count = SECTORS_AT_ONCE
        raw = file.read(count * fmt.SECTOR_BYTES)
    sectors = np.frombuffer(raw[: len(raw) // 512 * 512], dtype=fmt.SECTOR)
    good = sectors[fmt.checksum_ok(sectors) & (sectors["magic"] == fmt.SECTOR_MAGIC)]
    return fmt.sampling_rate_hz(int(good["rate"][0])) if len(good) else 0.0


def _read(
    path: Path, zone: ZoneInfo, notices: Notices, progress: Callable[[int], None]
) -> Iterator[Block]:
    state = _State()
    done = fmt.HEADER_BYTES
    with path.open("rb") as file:
        file.seek(done)
        while raw := file.read(SECTORS_AT_ONCE * fmt.SECTOR_BYTES):
            whole = len(raw) // fmt.SECTOR_BYTES
            if whole * fmt.SECTOR_BYTES < len(raw):
                notices.add(
                    "cwa.truncated",
                    say("The file ends in the middle of a sector; that last part was left out."),
                    say("byte {n:,}", n=done + whole * fmt.SECTOR_BYTES),
                )
            sectors = np.frombuffer(raw, dtype=fmt.SECTOR, count=whole)
            for run in _runs(_sound(sectors, state, notices), state, notices):
                yield _block(run, state, zone, notices)
            done += len(raw)
            progress(done)
    if state.utc_offset_s is None:
        raise UnreadableFile(
            path,
            say("none of its {seen:,} sectors holds sound data", seen=state.seen),
            say("Copy the file from the device again."),
            offset=fmt.HEADER_BYTES,
        )


def _sound(sectors: fmt.Sectors, state: _State, notices: Notices) -> fmt.Sectors:
    """The sectors that can be believed; the others are counted with the first place."""
    at = state.seen
    state.seen += len(sectors)
    rest = np.ones(len(sectors), dtype=bool)
    count = sectors["count"]
    is_sector = (sectors["magic"] == fmt.SECTOR_MAGIC) & (sectors["length"] == fmt.SECTOR_LENGTH)
    usable = (count > 0) & (count <= fmt.capacity(sectors["packing"]))
    usable &= (sectors["rate"] & 0x0F) >= 6  # 6.25 Hz and up are documented
    checks = (
        ("cwa.not_data", say("sectors hold no accelerometer data and were left out."), is_sector),
        (
            "cwa.bad_checksum",
            say("damaged sectors (wrong checksum) were left out; their time is a gap."),
            fmt.checksum_ok(sectors),
        ),
        ("cwa.bad_sector", say("sectors with impossible counts or rates were left out."), usable),
        (
            "cwa.bad_clock",
            say("sectors with an impossible date were left out."),
            np.isfinite(fmt.clock_s(sectors["clock"])),
        ),
    )
    for code, text, passed in checks:
        failed = np.flatnonzero(rest & ~passed)
        if len(failed):
            notices.add(code, text, say("sector {n}", n=at + int(failed[0])), len(failed))
        rest &= passed
    return sectors if rest.all() else sectors[rest]


def _runs(sectors: fmt.Sectors, state: _State, notices: Notices) -> Iterator[fmt.Sectors]:
    """Cut where the sequence, the configuration or the clock shows a break.

    Sectors that start before what was read already are left out: the clock was set back or
    a part is there twice, and blocks never overlap.
    """
    if not len(sectors):
        return
    start = fmt.first_sample_s(sectors)
    rate = 3200.0 / (1 << (15 - (sectors["rate"] & 0x0F).astype(np.int64)))
    end = start + sectors["count"] / rate
    latest = np.maximum.accumulate(np.concatenate([[state.end_s], end[:-1]]))
    slack = CLOCK_SLACK_S + RATE_SLACK * sectors["count"] / rate
    late = start < latest - slack
    if late.any():
        where = say("sequence {n}", n=int(sectors["sequence"][late][0]))
        text = say(
            "sectors start before the ones already read (clock set back?) and were left out."
        )
        notices.add("cwa.clock_backwards", text, where, int(late.sum()))
        sectors, start, end, slack = sectors[~late], start[~late], end[~late], slack[~late]
        if not len(sectors):
            return
    breaks = np.zeros(len(sectors), dtype=bool)
    breaks[1:] = np.diff(sectors["sequence"].astype(np.int64)) != 1
    breaks[1:] |= sectors["rate"][1:] != sectors["rate"][:-1]
    breaks[1:] |= sectors["packing"][1:] != sectors["packing"][:-1]
    breaks[1:] |= start[1:] - end[:-1] > slack[1:]
    yield from np.split(sectors, np.flatnonzero(breaks))


def _block(run: fmt.Sectors, state: _State, zone: ZoneInfo, notices: Notices) -> Block:
    """One run as a block; it starts where the last one ended if nothing is missing between."""
    start_s, end_s = _fit(run)
    config = (int(run["rate"][0]), int(run["packing"][0]))
    nominal = fmt.sampling_rate_hz(config[0])
    slack = CLOCK_SLACK_S + RATE_SLACK * int(run["count"][0]) / nominal
    follows = int(run["sequence"][0]) == state.sequence + 1 and config == state.config
    if start_s < state.end_s or (follows and start_s - state.end_s < slack):
        start_s = state.end_s
    acc = fmt.decode(run)
    end_s = max(end_s, start_s + len(acc) / (nominal * (1 + 2 * RATE_SLACK)))
    state.end_s, state.sequence, state.config = end_s, int(run["sequence"][-1]), config
    if state.utc_offset_s is None:
        state.utc_offset_s = utc_offset_s(start_s, zone)
        text = say(
            "The device's clock has no time zone: its times were read as {zone}.", zone=zone.key
        )
        notices.add("cwa.clock_without_zone", text)
    start_utc, fs_hz = instant(start_s - state.utc_offset_s), len(acc) / (end_s - start_s)
    return flagged(start_utc, fs_hz, acc, fmt.range_g(run), notices)


def _fit(run: fmt.Sectors) -> tuple[float, float]:
    """Start and end of a run on the device's clock: a line through its sectors' marks."""
    counts = run["count"].astype(np.int64)
    first = np.concatenate([[0], np.cumsum(counts)])
    at_sample, marks = fmt.clock_marks(run)
    sample = (first[:-1] + at_sample).astype(np.float64)
    nominal = fmt.sampling_rate_hz(int(run["rate"][0]))
    slope = 1 / nominal
    intercept = float(np.median(marks - marks[0] - sample * slope))
    if len(run) >= 8:  # long enough to measure the rate
        measured, at_zero = line(sample, marks - marks[0])
        if abs(measured * nominal - 1) < RATE_SLACK:
            slope, intercept = measured, at_zero
    return float(marks[0] + intercept), float(marks[0] + intercept + slope * first[-1])
