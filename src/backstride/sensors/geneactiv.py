"""GENEActiv recordings (`.bin`): pages of text in, blocks on a steady time base out.

Damaged, short or misdated pages are left out and counted; the time they took stays a gap.
Page times are good to half a second, so a long stretch is timed by a line through them.
Light and temperature are for `auxiliary`; the button is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors import geneactiv_format as fmt
from backstride.sensors.clipping import between
from backstride.sensors.clock import instant, line, utc_offset_s, written_offset_s
from backstride.words import say

CHUNK_BYTES = 4 << 20  # about 1,000 pages, 50 minutes at 100 Hz
HEADER_BYTES = 1 << 16  # real ones have about 2,300
CLOCK_SLACK_S = 1.0  # marks are rounded to half a second
RATE_SLACK = 0.01
FIT_FROM_S = 3000.0  # pages^1.5 times a page's seconds: from here on marks give the rate to 0.1 %


@dataclass(frozen=True)
class Header:
    """What the pages need of the header; `pages_at` is the byte where they begin."""

    serial: str
    rate_hz: float
    gain: NDArray[np.float64]
    offset: NDArray[np.float64]
    utc_offset_s: float | None
    page_count: int | None
    pages_at: int
    lux_per_step: float


@dataclass
class Pages:
    """Sound pages of one chunk, in the file's order."""

    sequence: NDArray[np.int64]
    mark_s: NDArray[np.float64]  # wall clock
    rate_hz: NDArray[np.float64]
    data: list[bytes]  # packed samples

    def __getitem__(self, keep: NDArray[np.int64]) -> Pages:
        data = [self.data[i] for i in keep]
        return Pages(self.sequence[keep], self.mark_s[keep], self.rate_hz[keep], data)


@dataclass
class _State:
    end_s: float = -np.inf  # where the last block ended, wall clock
    nominal_hz: float = 0.0
    rate_hz: float = 0.0  # measured, or the nominal one
    utc_offset_s: float | None = None
    seen: int = 0


def open_geneactiv(path: Path, placement: Placement, zone: str) -> Recording:
    """A Recording of a GENEActiv file. Raises UnreadableFile if its header can't be used.

    `zone` counts only where the header names no time zone.
    """
    header = read_header(path)
    notices = Notices()

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        return _read(path, header, ZoneInfo(zone), notices, progress)

    return Recording(
        source=path.name,
        device=f"GENEActiv {header.serial}".strip(),
        placement=placement,
        fs_hz=header.rate_hz,
        read=read,
        size=path.stat().st_size,
        notices=notices,
        worn=True,
    )


def read_header(path: Path) -> Header:
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    pages_at = head.find(fmt.PAGE_MARK)
    if pages_at < 0:
        hint = say("Copy the file from the device again.")
        raise UnreadableFile(path, say("a GENEActiv header but no pages of data"), hint, len(head))
    lines = head[:pages_at].decode("latin-1").splitlines()
    said = dict(line.partition(":")[::2] for line in reversed(lines))

    def number(name: str) -> float:
        match = re.match(r"\s*(-?\d{1,9}(?:\.\d{1,9})?)", said.get(name, ""))
        if match is None:
            shown = repr(said[name].strip()[:40]) if name in said else "missing"
            raise UnreadableFile(
                path,
                say("its header's {name!r} is {shown}; expected a number", name=name, shown=shown),
            )
        return float(match[1])

    gain = np.array([number(f"{axis} gain") for axis in "xyz"])
    if (gain <= 0).any():
        raise UnreadableFile(
            path, say("its header's calibration gains are {gains}", gains=gain.tolist())
        )
    rate_hz = number("Measurement Frequency")
    if not fmt.MIN_RATE_HZ <= rate_hz <= fmt.MAX_RATE_HZ:
        raise UnreadableFile(
            path, say("its header's rate is {rate_hz:g} Hz; expected 10 to 100 Hz", rate_hz=rate_hz)
        )
    return Header(
        serial=re.sub(r"[^\w -]", "", said.get("Device Unique Serial Code", ""))[:40].strip(),
        rate_hz=rate_hz,
        gain=gain,
        offset=np.array([number(f"{axis} offset") for axis in "xyz"]),
        utc_offset_s=written_offset_s(said.get("Time Zone", "")),
        page_count=int(number("Number of Pages")) if "Number of Pages" in said else None,
        pages_at=pages_at,
        lux_per_step=number("Lux") / max(number("Volts"), 1.0) if "Lux" in said else 0.0,
    )


def _read(
    path: Path, header: Header, zone: ZoneInfo, notices: Notices, progress: Callable[[int], None]
) -> Iterator[Block]:
    state = _State(utc_offset_s=header.utc_offset_s)
    blocks = 0
    for slices, is_last, done in page_bytes(path, header.pages_at):
        pages = _sound(slices, state, notices, is_last=is_last)
        for run in _runs(pages, state, notices):
            yield _block(run, header, state, zone, notices)
            blocks += 1
        progress(done)
    if not blocks:
        hint = say("Copy the file from the device again.")
        message = say("none of its {seen:,} pages holds sound data", seen=state.seen)
        raise UnreadableFile(path, message, hint, header.pages_at)
    if header.page_count not in (None, state.seen):
        text = say(
            "The header says {page_count:,} pages, the file has {seen:,}.",
            page_count=header.page_count,
            seen=state.seen,
        )
        notices.add("geneactiv.page_count", text)


def page_bytes(path: Path, at: int) -> Iterator[tuple[list[bytes], bool, int]]:
    """(each page's bytes, whether they are the last, bytes of the file read) a chunk.

    What is longer than any page is cut, so that a file without marks fills no memory.
    """
    with path.open("rb") as file:
        file.seek(at)
        rest = b""
        while True:
            raw = file.read(CHUNK_BYTES)
            buffer = rest + raw
            marks = [match.start() for match in re.finditer(fmt.PAGE_MARK, buffer)]
            if not raw:
                yield [buffer] if buffer else [], True, file.tell()
                return
            yield [buffer[a:b] for a, b in pairwise(marks)], False, file.tell()
            rest = buffer[marks[-1] :] if marks else buffer
            if len(rest) > 2 * fmt.LARGEST_PAGE:  # the end may hold half a mark
                rest = rest[: fmt.LARGEST_PAGE + 1] + rest[-len(fmt.PAGE_MARK) :]


def _sound(slices: list[bytes], state: _State, notices: Notices, *, is_last: bool) -> Pages:
    """The pages that can be believed; the others are counted with the first place."""
    found: list[tuple[int, float, float, bytes]] = []
    for raw in slices:
        where = say("page {n}", n=state.seen)
        state.seen += 1
        match = fmt.PAGE.search(raw) if len(raw) <= fmt.LARGEST_PAGE else None
        data = fmt.packed(raw[match.end() :]) if match else None
        if match is None or data is None:
            if is_last:
                text = say("The file ends in the middle of a page; that last part was left out.")
                notices.add("geneactiv.truncated", text, where)
            else:
                text = say("damaged or short pages were left out; their time is a gap.")
                notices.add("geneactiv.bad_page", text, where)
            continue
        at_s, rate_hz = fmt.wall_s(match[2], match[3]), float(match[4])
        if at_s is None:
            text = say("pages with an impossible date were left out.")
            notices.add("geneactiv.bad_clock", text, where)
        elif not fmt.MIN_RATE_HZ <= rate_hz <= fmt.MAX_RATE_HZ:
            notices.add(
                "geneactiv.bad_rate", say("pages with an impossible rate were left out."), where
            )
        else:
            found.append((int(match[1]), at_s, rate_hz, data))
    sequence, mark_s, rates, packed = zip(*found, strict=True) if found else ((), (), (), ())
    return Pages(np.array(sequence, np.int64), np.array(mark_s), np.array(rates), list(packed))


def _runs(pages: Pages, state: _State, notices: Notices) -> Iterator[Pages]:
    """Cut where the rate changes or the clock shows a break; never go back in time."""
    pages = _without_strays(pages, state, notices)
    if not len(pages.data):
        return
    end_s = pages.mark_s + fmt.PAGE_SAMPLES / pages.rate_hz
    slack = _slack_s(pages.rate_hz)
    latest = np.maximum.accumulate(np.concatenate([[state.end_s], end_s[:-1]]))
    late = pages.mark_s < latest - slack
    if late.any():
        where = say("sequence {n}", n=int(pages.sequence[late][0]))
        text = say("pages start before the ones already read (clock set back?) and were left out.")
        notices.add("geneactiv.clock_backwards", text, where, int(late.sum()))
        pages, end_s, slack = pages[np.flatnonzero(~late)], end_s[~late], slack[~late]
    if not len(pages.data):
        return
    breaks = np.diff(pages.rate_hz) != 0
    breaks |= np.abs(pages.mark_s[1:] - end_s[:-1]) > slack[1:]
    edges = [0, *(np.flatnonzero(breaks) + 1), len(pages.data)]
    for first, last in pairwise(edges):
        yield pages[np.arange(first, last)]


def _without_strays(pages: Pages, state: _State, notices: Notices) -> Pages:
    """Leave out a lone page dated after its follower: believed, it would cost all the rest."""
    before = np.concatenate([[state.end_s], pages.mark_s[:-2]])
    this, after = pages.mark_s[:-1], pages.mark_s[1:]
    stray = (this > after) & (after >= before[: len(this)] - CLOCK_SLACK_S)
    if not stray.any():
        return pages
    where = say("sequence {n}", n=int(pages.sequence[:-1][stray][0]))
    text = say("pages with an impossible date were left out.")
    notices.add("geneactiv.bad_clock", text, where, int(stray.sum()))
    return pages[np.flatnonzero(np.append(~stray, True))]


def _slack_s(rate_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return CLOCK_SLACK_S + RATE_SLACK * fmt.PAGE_SAMPLES / rate_hz


def _block(run: Pages, header: Header, state: _State, zone: ZoneInfo, notices: Notices) -> Block:
    """One run as a block; it starts where the last one ended if nothing is missing between."""
    nominal_hz = float(run.rate_hz[0])
    if nominal_hz != state.nominal_hz:
        state.rate_hz = state.nominal_hz = nominal_hz
    start_s, state.rate_hz = _fit(run, state.rate_hz)
    acc = fmt.decode(b"".join(run.data), header.gain, header.offset)
    end_s = start_s + len(acc) / state.rate_hz
    if start_s - state.end_s < _slack_s(run.rate_hz[:1])[0]:
        start_s = state.end_s  # a missing page would take longer than marks are off
    fs_hz = state.rate_hz
    if _can_fit(run):  # long enough to take up what the start was moved by
        fs_hz = len(acc) / (end_s - start_s)
    state.end_s = start_s + len(acc) / fs_hz
    if state.utc_offset_s is None:
        state.utc_offset_s = utc_offset_s(start_s, zone)
        text = say("The header names no time zone: its times were read as {zone}.", zone=zone.key)
        notices.add("geneactiv.clock_without_zone", text)
    start_utc = instant(start_s - state.utc_offset_s)
    return between(start_utc, fs_hz, acc, *fmt.limits_g(header.gain, header.offset), notices)


def _can_fit(run: Pages) -> bool:
    return bool(len(run.data) ** 1.5 * fmt.PAGE_SAMPLES / run.rate_hz[0] >= FIT_FROM_S)


def _fit(run: Pages, usual_hz: float) -> tuple[float, float]:
    """Start on the wall clock and rate: a line through the marks of a long run."""
    marks = run.mark_s - run.mark_s[0]
    sample = np.arange(len(marks), dtype=np.float64) * fmt.PAGE_SAMPLES
    if _can_fit(run):
        slope, start = line(sample, marks)
        if abs(slope * run.rate_hz[0] - 1) < RATE_SLACK:
            return float(run.mark_s[0] + start), 1 / slope
    return float(run.mark_s[0] + np.median(marks - sample / usual_hz)), usual_hz
