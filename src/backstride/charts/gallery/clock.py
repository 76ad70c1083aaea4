"""What a clock on the wall said, or a stop-watch where a recording has no date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from backstride.charts.frames import text_px
from backstride.charts.look import Look

MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)  # where a stop-watch starts
MINUTE_S, DAY_S = 60, 86_400
STEPS_S = (1, 2, 5, 10, 15, 30, *(60 * m for m in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)))
APART_PX = 14  # between labels

Ticks = list[tuple[float, str]]  # (ms, label)


@dataclass(frozen=True)
class Clock:
    """Reads instants (s since 1970) as local time in `zone`.

    Where `zero_s` is set the recording has no date, and time is told from there on.
    """

    zone: str
    zero_s: float | None = None

    def shown(self, at_s: float) -> datetime:
        """What the clock shows, as if that were UTC; the date means nothing where none is."""
        if self.zero_s is not None:
            return MIDNIGHT + timedelta(seconds=at_s - self.zero_s)
        return datetime.fromtimestamp(at_s, UTC).astimezone(ZoneInfo(self.zone)).replace(tzinfo=UTC)

    def text(self, at_s: float) -> str:
        """The time of day as `11:16:40`, or from the start as `6:40` or `1:06:40`."""
        return self._words(self.shown(at_s + 0.5), step_s=1)

    def day(self, at_s: float) -> str:
        """The date as `Tue 27 Mar 2012`; empty where there is none."""
        at = self.shown(at_s)
        return "" if self.zero_s is not None else f"{at:%a} {at.day} {at:%b %Y}"

    def names_of_day(self, midnight_s: float) -> tuple[str, str]:
        """A day's name, long and short: `Tue 27 Mar` and `Tue 27`, or `Day 2` for both."""
        if self.zero_s is not None:
            name = f"Day {round((midnight_s - self.zero_s) / DAY_S) + 1}"
            return name, name
        at = self.shown(midnight_s)
        return f"{at:%a} {at.day} {at:%b}", f"{at:%a} {at.day}"

    def midnights(self, at_s: float) -> tuple[float, float]:
        """The local midnights before and after an instant; 23, 24 or 25 hours apart."""
        if self.zero_s is not None:
            first_s = at_s - (at_s - self.zero_s) % DAY_S
            return first_s, first_s + DAY_S
        today, zone = self.shown(at_s).date(), ZoneInfo(self.zone)
        first, last = (
            datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
            for day in (today, today + timedelta(days=1))
        )
        return first, last

    def ms_from(self, start_s: float) -> Callable[[float], float]:
        """Instants to ms as a chart in UTC takes them.

        Even throughout: where clocks change, the chart goes on in the time of its start.
        """
        zero = self.shown(start_s).timestamp() * 1000
        return lambda at_s: round(zero + (at_s - start_s) * 1000, 1)

    def ticks(self, span: tuple[float, float], look: Look) -> Ticks:
        """Round times in a span of ms, as many as their labels have room beside each other."""
        first, last = span
        px_ms = (last - first) / look.plot
        for step_s in STEPS_S:
            begin = int(-(-first // (step_s * 1000)))
            at = [i * step_s * 1000.0 for i in range(begin, int(last // (step_s * 1000)) + 1)]
            words = [
                self._words(datetime.fromtimestamp(ms / 1000, UTC), step_s, look.phone) for ms in at
            ]
            widest = max((text_px(text, look.text) for text in words), default=0.0)
            if step_s * 1000 >= (widest + APART_PX) * px_ms:
                edge = last - (widest / 2 - look.right) * px_ms  # no label leaves the picture
                return [(ms, text) for ms, text in zip(at, words, strict=True) if ms <= edge]
        return []

    def _words(self, shown: datetime, step_s: float, short: bool = False) -> str:
        if self.zero_s is None and short and step_s < MINUTE_S:
            return f"{shown::%S}" if shown.second else f"{shown:%H:%M}"
        if self.zero_s is None:
            return f"{shown:%H:%M}" if step_s >= MINUTE_S else f"{shown:%H:%M:%S}"
        minutes, seconds = divmod(int((shown - MIDNIGHT).total_seconds()), 60)
        if minutes >= 60:
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        return f"{minutes}:{seconds:02}"
