"""ActiGraph recordings (`.gt3x`): seconds of activity in, blocks in g out.

Both generations of activity records are read, and the stream of old devices. Records with a
wrong checksum are left out and counted; their time stays a gap, and so does the time in which
idle sleep mode recorded nothing. The log is unpacked as a stream and never held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from zipfile import ZipInfo
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from backstride import zips
from backstride.errors import UnreadableFile
from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors import archive
from backstride.sensors import gt3x_format as fmt
from backstride.sensors.clipping import flagged
from backstride.sensors.clock import instant, utc_offset_s, written_offset_s
from backstride.words import say

INFO, LOG, OLD_LOG = "info.txt", "log.bin", "activity.bin"
INFO_BYTES = 1 << 16  # real ones have about 400
MOST_LOST = 100_000  # places that are no record: beyond it the file is no log
EARLIEST_S = 946_684_800  # 2000: a clock before it was never set
AGAIN = say("Download it from the device again.")


def is_gt3x(path: Path, head: bytes) -> bool:
    """Whether a zip has a recording's members at its top, or breaks off and began with one."""
    names = archive.members(path)
    if names is None:
        return zips.first_name(head).decode("latin-1") in (INFO, LOG, OLD_LOG)
    return INFO in names and (LOG in names or OLD_LOG in names)


def open_gt3x(path: Path, placement: Placement, zone: str) -> Recording:
    """A Recording of an ActiGraph file. Raises UnreadableFile if its info can't be used.

    `zone` counts only where `info.txt` names no offset.
    """
    names = archive.members(path)
    if names is None:
        raise UnreadableFile(path, say("the zip is damaged or breaks off"), AGAIN)
    member = names.get(LOG) or names.get(OLD_LOG)
    if member is None or INFO not in names:
        raise UnreadableFile(path, say("no info.txt and log.bin were found in it"), AGAIN)
    archive.check_size(path, member)
    info, rate_hz = read_info(path, names[INFO])
    notices = Notices()

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        log = _Log(path, info, rate_hz, ZoneInfo(zone), notices)
        push = log.push if member.filename == LOG else log.push_old
        done = 0
        for piece, is_last in _pieces(path, member, notices):
            yield from push(piece, is_last)
            done += len(piece)
            progress(done)
        log.finish(member.filename)

    return Recording(
        source=path.name,
        device=" ".join(["ActiGraph", *info.model.split(), info.serial]).strip(),
        placement=placement,
        fs_hz=float(rate_hz),
        read=read,
        size=member.file_size,
        notices=notices,
        worn=True,
    )


def read_info(path: Path, member: ZipInfo) -> tuple[fmt.Info, int]:
    try:
        text = b"".join(archive.chunks(path, member, INFO_BYTES))
    except archive.BROKEN as error:
        raise UnreadableFile(
            path, say("its info.txt is damaged ({error})", error=error), AGAIN
        ) from error
    info = fmt.read_info(text.decode("utf-8-sig", errors="replace"))
    if info.rate_hz is None:
        raise UnreadableFile(path, say("its info.txt names no usable sample rate"), AGAIN)
    return info, info.rate_hz


def _pieces(path: Path, member: ZipInfo, notices: Notices) -> Iterator[tuple[bytes, bool]]:
    """(bytes of the log, whether they are the last); what a damaged zip still gives is kept."""
    pieces = archive.chunks(path, member)
    done = 0
    while True:
        try:
            piece = next(pieces, b"")
        except archive.BROKEN:
            text = say(
                "The zip is damaged: {part} breaks off or isn't what was packed.",
                part=member.filename,
            )
            notices.add("gt3x.damaged_zip", text, say("byte {n:,}", n=done))
            piece = b""
        yield piece, not piece
        if not piece:
            return
        done += len(piece)


@dataclass
class _Log:
    """Turns pieces of a log into blocks; what a piece ends with waits for the next."""

    path: Path
    info: fmt.Info
    rate_hz: int
    zone: ZoneInfo
    notices: Notices
    _rest: bytes = b""
    _at: int = 0  # the byte of the log where `_rest` begins
    _scale: float = 0.0
    _sleeps: bool = False
    _next_s: int = 0  # the first second that isn't read yet, wall clock
    _utc_offset_s: float | None = None
    _blocks: int = 0
    _gaps: int = 0
    _first_gap_s: int = 0
    _lost: int = 0

    def __post_init__(self) -> None:
        self._scale = self.info.scale
        self._utc_offset_s = written_offset_s(self.info.time_zone)
        self._resume = fmt.resume_pattern(self.rate_hz)

    def push(self, piece: bytes, is_last: bool) -> Iterator[Block]:
        """Blocks of the records that this piece completes."""
        data = self._rest + piece
        records, taken, lost = fmt.find_records(data, self._resume, is_last=is_last)
        if lost:
            text = say("places hold no whole record and were skipped; their time is a gap.")
            self.notices.add(
                "gt3x.damaged", text, say("byte {n:,}", n=self._at + lost[0]), len(lost)
            )
            self._lost += len(lost)
            if self._lost > MOST_LOST:
                message = say(
                    "more than {most_lost:,} places in its log hold no record", most_lost=MOST_LOST
                )
                raise UnreadableFile(self.path, message, AGAIN)
        wanted = (r for r in records if r.kind in (fmt.ACTIVITY, fmt.ACTIVITY2, fmt.PARAMETERS))
        for (kind, size), same in groupby(wanted, key=lambda r: (r.kind, r.size)):
            run = list(same)
            if kind == fmt.PARAMETERS:
                self._learn(data, run)
            elif size > fmt.USB_EVENT_BYTES:
                yield from self._activity(data, run)
        self._rest, self._at = data[taken:], self._at + taken

    def push_old(self, piece: bytes, is_last: bool) -> Iterator[Block]:
        """Blocks of a stream of 12-bit samples that began at the info's start."""
        if self.info.start_s is None:
            raise UnreadableFile(self.path, say("its info.txt names no usable start date"), AGAIN)
        data = self._rest + piece
        taken = len(data) if is_last else len(data) // 9 * 9  # two samples
        row = np.frombuffer(data[:taken], np.uint8).reshape(1, -1)
        acc = fmt.decode(fmt.ACTIVITY, row, self._scale)[0]
        start_s = self.info.start_s + (self._at // 9 * 2) / self.rate_hz
        self._rest, self._at = data[taken:], self._at + taken
        if len(acc):
            yield self._block(start_s, acc)

    def finish(self, member: str) -> None:
        """Raises UnreadableFile if no sample could be used."""
        if not self._blocks:
            raise UnreadableFile(
                self.path, say("its {member} holds no sound activity", member=member), AGAIN
            )
        if self._sleeps and self._gaps:
            text = say("pauses in which the device lay still and slept (idle sleep mode) are gaps.")
            at = f"{instant(self._first_gap_s):%Y-%m-%d %H:%M:%S}"
            where = say("{time} on the device's clock", time=at)
            self.notices.add("gt3x.idle_sleep", text, where, self._gaps)

    def _learn(self, data: bytes, run: list[fmt.Found]) -> None:
        rows, sound = fmt.payloads(data, run)
        for row in rows[sound]:
            scale, self._sleeps = fmt.read_parameters(row.tobytes())
            self._scale = scale or self._scale

    def _activity(self, data: bytes, run: list[fmt.Found]) -> Iterator[Block]:
        """Blocks of activity records of one type and size."""
        kind, size = run[0].kind, run[0].size
        samples = size // 6 if kind == fmt.ACTIVITY2 else size * 8 // 36
        where = say("byte {n:,}", n=self._at + run[0].at)
        if not 1 <= samples <= self.rate_hz or size != fmt.payload_bytes(kind, samples):
            text = say("activity records of an odd size were left out; their time is a gap.")
            self.notices.add("gt3x.odd_size", text, where, len(run))
            return
        rows, sound = fmt.payloads(data, run)
        if not sound.all():
            first = int(np.flatnonzero(~sound)[0])
            where = say("byte {n:,}", n=self._at + run[first].at)
            text = say("damaged records (wrong checksum) were left out; their time is a gap.")
            self.notices.add("gt3x.bad_checksum", text, where, int((~sound).sum()))
        second = np.array([record.second for record in run], np.int64)
        keep = sound & self._in_order(second, sound)
        if not keep.any():
            return
        acc, second = fmt.decode(kind, rows[keep], self._scale), second[keep]
        breaks = np.diff(second) != 1
        if samples < self.rate_hz:
            breaks[:] = True  # a second that isn't full is followed by a gap
        edges = [0, *(np.flatnonzero(breaks) + 1), len(second)]
        for first, last in pairwise(edges):
            self._count_gap(int(second[first]))
            self._next_s = int(second[last - 1]) + 1
            yield self._block(float(second[first]), acc[first:last].reshape(-1, 3))

    def _count_gap(self, second: int) -> None:
        if self._next_s and second > self._next_s:
            self._first_gap_s = self._first_gap_s or self._next_s
            self._gaps += 1

    def _in_order(self, second: NDArray[np.int64], sound: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which seconds come after those before them; the others are counted."""
        usable = np.where(sound, second, 0)
        latest = np.maximum.accumulate(np.concatenate([[self._next_s - 1], usable[:-1]]))
        good = (second > latest) & (second >= EARLIEST_S)
        late = int((sound & ~good).sum())
        if late:
            text = say("seconds before the ones already read (clock set back?) were left out.")
            where = say("second {n}", n=int(second[sound & ~good][0]))
            self.notices.add("gt3x.clock_backwards", text, where, late)
        return good

    def _block(self, start_s: float, acc: NDArray[np.float32]) -> Block:
        if self._utc_offset_s is None:
            self._utc_offset_s = utc_offset_s(start_s, self.zone)
            text = say(
                "The file names no time zone: its times were read as {zone}.", zone=self.zone.key
            )
            self.notices.add("gt3x.clock_without_zone", text)
        self._blocks += 1
        start_utc = instant(start_s - self._utc_offset_s)
        return flagged(start_utc, float(self.rate_hz), acc, self.info.range_g, self.notices)
