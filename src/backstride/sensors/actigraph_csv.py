"""ActiGraph's raw CSV, as ActiLife exports it: ten lines about the device, then x, y, z in g.

Rows have no time of their own (a timestamp column is not read): they follow each other at the
rate that the first line names, from the start date and time. Where the device slept or was
read out, ActiLife fills the rows with its last value or with zeros: a second and more of equal
rows is taken out again and stays a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors.clipping import flagged
from backstride.sensors.clock import instant, utc_offset_s
from backstride.sensors.columns import plain
from backstride.sensors.delimited import parse_rows, whole_lines
from backstride.sensors.gt3x_format import usual_range_g
from backstride.sensors.table import LARGEST_G
from backstride.words import say

HEAD_BYTES = 1 << 14
FIRST_LINE = re.compile(
    r"-+ Data (?:File|Table) Created By ActiGraph (?P<model>.*?) ActiLife .*?"
    r"date format (?P<form>[dMy]+([./-])[dMy]+\3[dMy]+)(?: at (?P<rate>\d{1,3}) Hz)?.*"
)
RATES_HZ = range(10, 257)
LONGEST_PREAMBLE = 15
RAW_EXPORT = say("In ActiLife, export raw data to CSV, or bring the .gt3x file itself.")


@dataclass(frozen=True)
class Layout:
    """What the lines before the rows say; `start_s` is on the device's wall clock."""

    device: str
    rate_hz: int
    range_g: float
    start_s: float
    delimiter: str
    width: int
    axes: dict[str, int]
    data_at: int
    first_line: int


@dataclass
class _State:
    row: int = 0  # rows read
    last: NDArray[np.float64] | None = None
    run: int = 0  # rows at the end of the last chunk that are equal to its last one
    blocks: int = 0


def is_actigraph_csv(head: bytes) -> bool:
    """Whether a file's first line is ActiLife's."""
    return FIRST_LINE.match(_lines(head)[0]) is not None


def open_actigraph_csv(path: Path, placement: Placement, zone: str) -> Recording:
    """A Recording of an ActiLife export. Raises UnreadableFile for one of counts, or damaged.

    `zone` is where the device's clock was set.
    """
    with path.open("rb") as file:
        layout = _read_layout(path, file.read(HEAD_BYTES))
    notices = Notices()

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        notices.add(
            "time.without_zone",
            say("The device's times were read as local time in {zone}.", zone=zone),
        )
        offset_s = utc_offset_s(layout.start_s, ZoneInfo(zone))
        state = _State()
        with path.open("rb") as file:
            file.seek(layout.data_at)
            for chunk in whole_lines(path, file):
                table = parse_rows(chunk, layout.delimiter, layout.width, layout.axes)
                yield from _blocks(table, layout, offset_s, state, notices)
                progress(file.tell())
        if not state.blocks:
            raise UnreadableFile(path, say("none of its rows could be used"))

    return Recording(
        source=path.name,
        device=layout.device,
        placement=placement,
        fs_hz=float(layout.rate_hz),
        read=read,
        size=path.stat().st_size,
        notices=notices,
        worn=True,
    )


def _lines(head: bytes) -> list[str]:
    text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return text.split("\n") if text else [""]


def _read_layout(path: Path, head: bytes) -> Layout:
    lines = _lines(head)
    first = FIRST_LINE.match(lines[0])
    if first is None:
        raise UnreadableFile(path, say("its first line is not ActiLife's"))
    if first["rate"] is None:
        raise UnreadableFile(
            path, say("it holds counts of an epoch, not raw acceleration"), RAW_EXPORT
        )
    if int(first["rate"]) not in RATES_HZ:
        raise UnreadableFile(
            path, say("its rate is {rate} Hz; expected 30 to 100 Hz", rate=first["rate"])
        )
    end = next((n for n, line in enumerate(lines[1:LONGEST_PREAMBLE], 1) if "-----" in line), None)
    if end is None or end + 1 >= len(lines):
        raise UnreadableFile(path, say("its lines about the device break off"), RAW_EXPORT)
    said = "\n".join(line.strip() for line in lines[1:end])
    serial = re.search(r"(?<=Serial Number: )[\w-]{1,40}", said)
    row, first_line = lines[end + 1], end + 2
    delimiter = next((d for d in ";\t" if d in row), ",")
    cells = row.strip().split(delimiter)
    axes = {name[-1]: at for at, cell in enumerate(cells) if _is_axis(name := plain(cell))}
    if axes:
        end, first_line = end + 1, first_line + 1
    elif len(cells) in (3, 4):  # without a header; a timestamp comes first
        axes = {axis: len(cells) - 3 + at for at, axis in enumerate("xyz")}
    if set(axes) != set("xyz"):
        raise UnreadableFile(path, say("no columns for x, y and z were found in it"), RAW_EXPORT)
    bom = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    return Layout(
        device=f"ActiGraph {first['model'].strip()[:40]} {serial[0] if serial else ''}".strip(),
        rate_hz=int(first["rate"]),
        range_g=usual_range_g(serial[0] if serial else ""),
        start_s=_start_s(path, said, first["form"]),
        delimiter=delimiter,
        width=len(cells),
        axes={axis: axes[axis] for axis in "xyz"},
        data_at=bom + sum(len(line) + 1 for line in lines[: end + 1]),
        first_line=first_line,
    )


def _is_axis(name: str) -> bool:
    return re.fullmatch(r"accelerometer_[xyz]", name) is not None


def _start_s(path: Path, said: str, form: str) -> float:
    """The start on the wall clock; `form` orders day, month and year, such as M/d/yyyy."""
    date = re.search(r"Start Date *(\d{1,4})[./-](\d{1,4})[./-](\d{1,4})", said)
    time = re.search(r"Start Time *(\d{1,2}):(\d\d):(\d\d)", said)
    order = [part[0] for part in re.split(r"[./-]", form)]
    if date is None or time is None or sorted(order) != ["M", "d", "y"]:
        raise UnreadableFile(path, say("its lines name no start date and time"), RAW_EXPORT)
    part = dict(zip(order, map(int, date.groups()), strict=True))
    year = part["y"] + (2000 if part["y"] < 100 else 0)
    try:
        hour, minute, second = map(int, time.groups())
        start = datetime(year, part["M"], part["d"], hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise UnreadableFile(
            path, say("its start is no date ({error})", error=error), RAW_EXPORT
        ) from error
    return start.timestamp()


def _blocks(
    table: pl.DataFrame, layout: Layout, offset_s: float, state: _State, notices: Notices
) -> Iterator[Block]:
    """Blocks of these rows, without those that are damaged or only fill a gap."""
    numbers = table.select(pl.all().cast(pl.Float64, strict=False)).fill_null(float("nan"))
    acc = numbers.to_numpy()
    good = np.isfinite(acc).all(axis=1) & (np.abs(np.nan_to_num(acc)) <= LARGEST_G).all(axis=1)
    bad = np.flatnonzero(~good)
    if len(bad):
        where = say("line {n}", n=layout.first_line + state.row + int(bad[0]))
        notices.add("row.bad", say("rows without three numbers were left out."), where, len(bad))
    fills = _fills(acc, state, layout.rate_hz) & good
    if fills.any():
        where = say("line {n}", n=layout.first_line + state.row + int(np.flatnonzero(fills)[0]))
        text = say("rows only fill a pause (zero, or equal for a second and more): it is a gap.")
        notices.add("actigraph.filled", text, where, int(fills.sum()))
    kept = np.flatnonzero(good & ~fills)
    edges = [0, *(np.flatnonzero(np.diff(kept) > 1) + 1), len(kept)]
    for first, last in pairwise(edges if len(kept) else []):
        start_s = layout.start_s + (state.row + int(kept[first])) / layout.rate_hz
        run = acc[kept[first] : kept[last - 1] + 1].astype(np.float32)
        state.blocks += 1
        start_utc = instant(start_s - offset_s)
        yield flagged(start_utc, float(layout.rate_hz), run, layout.range_g, notices)
    state.row += len(acc)


def _fills(acc: NDArray[np.float64], state: _State, least: int) -> NDArray[np.bool_]:
    """Which rows repeat the one before them, in a run of more than `least`, or are all zero."""
    if not len(acc):
        return np.zeros(0, dtype=bool)
    before = np.full((1, 3), np.nan) if state.last is None else state.last[None]
    same = (acc == np.concatenate([before, acc[:-1]])).all(axis=1)
    run = np.cumsum(~same)  # 0 is the run that the chunk before ended with
    length = np.bincount(run)
    length[0] += state.run
    fills: NDArray[np.bool_] = same & (length[run] > least)
    state.last, state.run = acc[-1], int(length[-1])
    fills |= (acc == 0).all(axis=1)
    return fills
