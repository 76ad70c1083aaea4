"""Which columns of a table are time and acceleration, and what their headers say of units."""

from __future__ import annotations

import re
from dataclasses import dataclass

TIME = re.compile(
    r"(date_?time|date|time_?stamp|unix(_time)?(_stamp)?|epoch|utc|local_?time|"
    r"time|t|sample_?time|logging_?time|start_?(date|time))(_(s|ms|us|ns|sec|seconds?|millis\w*|utc|unix|epoch))?"
)
ELAPSED = re.compile(
    r"(seconds_elapsed|elapsed|elapsed_(s|ms|time|seconds)|rel(ative)?_time|t_s|"
    r"time_since_start(_in)?_(s|ms))"
)
AXIS = re.compile(
    r"(total_|raw_)?(accelerometer_?acceleration|acc|accel|accelerometer|acceleration|gf|a)?"
    r"_?([xyz])(_?axis)?(_(acc|accel|acceleration))?(_(g|mg|ms2|m_s2|m_s_2|mps2))?"
)
# Acceleration from which an app has taken gravity away.
WITHOUT_GRAVITY = re.compile(
    r"(motion_?)?(linear|lin|user)_?(acc|accel|acceleration|accelerometer)_?([xyz])\b.*"
)
# What an app on Apple's Core Motion took away, beside it: the sum is what the sensor measured.
GRAVITY = re.compile(r"(motion_?)?gravity_?([xyz])")
BRACKETS = re.compile(r"[(\[{]\s*([^)\]}]*)[)\]}]")

UNITS = {
    "g": "g",
    "gs": "g",
    "mg": "mg",
    "milli_g": "mg",
    "ms2": "m/s2",
    "m_s2": "m/s2",
    "m_s_2": "m/s2",
    "mps2": "m/s2",
    "m_s": "m/s2",
}
TIME_UNITS = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Columns:
    """Positions of time, x, y and z, and what the header says of their units.

    `elapsed` is true for seconds from the start, None if only the values can tell;
    `time_unit_s` and `unit` are None where the header doesn't say. `gravity` are the columns to
    add to x, y and z where these are without it.
    """

    time: int
    axes: tuple[int, int, int]
    names: tuple[str, str, str, str]
    elapsed: bool | None = None
    time_unit_s: float | None = None
    unit: str | None = None
    gravity: tuple[int, int, int] | None = None


def plain(name: str) -> str:
    """A header without its bracketed unit: lower case, words joined by underscores."""
    return _words(BRACKETS.sub("", name))


def _words(text: str) -> str:
    text = text.strip().strip('"').lower().replace("²", "2")
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def find_columns(names: list[str]) -> Columns | None:
    """The columns to read, or None if there is no time or not exactly one x, y and z."""
    simple = [plain(name).removeprefix("value_") for name in names]  # as RADAR-base writes it
    axes, gravity = _three(simple, AXIS, 3), _three(simple, GRAVITY, 2)
    if gravity and not axes:
        axes = _three(simple, WITHOUT_GRAVITY, 4)
    elif not (axes and gravity and _is_wrist_motion(simple)):
        gravity = None
    time = _time_column(simple)
    if time is None or axes is None:
        return None
    x, y, z = axes
    return Columns(
        time=time,
        axes=(x, y, z),
        names=(names[time], names[x], names[y], names[z]),
        elapsed=True if ELAPSED.fullmatch(simple[time]) else None,
        time_unit_s=_time_unit(names[time], simple[time]),
        unit=_unit(names[x], simple[x]),
        gravity=gravity,
    )


def _three(simple: list[str], form: re.Pattern[str], group: int) -> tuple[int, int, int] | None:
    """The first columns of this form for x, y and z; `group` is the axis in it."""
    axes: dict[str, int] = {}
    for at, name in enumerate(simple):
        if match := form.fullmatch(name):
            axes.setdefault(match[group], at)
    return (axes["x"], axes["y"], axes["z"]) if len(axes) == 3 else None


def _is_wrist_motion(simple: list[str]) -> bool:
    """Sensor Logger's WristMotion.csv: its acceleration is the user's, without gravity."""
    return {"rotationratex", "gravityx", "accelerationx"} <= set(simple)


def is_without_gravity(names: list[str]) -> bool:
    """Whether a header has linear (user) acceleration, which holds no gravity."""
    found = {match[4] for name in names if (match := WITHOUT_GRAVITY.fullmatch(plain(name)))}
    return len(found) == 3


def _time_column(simple: list[str]) -> int | None:
    """A point in time is better than seconds from the start."""
    for pattern in (TIME, ELAPSED):
        for at, name in enumerate(simple):
            if pattern.fullmatch(name) and not (pattern is TIME and ELAPSED.fullmatch(name)):
                return at
    return None


def _unit(name: str, simple: str) -> str | None:
    in_brackets = BRACKETS.search(name)
    if in_brackets:
        return UNITS.get(_words(in_brackets[1]))
    if simple.startswith("gf"):
        return "g"
    ending = re.search(r"_(g|mg|ms2|m_s2|m_s_2|mps2)$", simple)
    return UNITS.get(ending[1]) if ending else None


def _time_unit(name: str, simple: str) -> float | None:
    in_brackets = BRACKETS.search(name)
    said = _words(in_brackets[1]) if in_brackets else simple.rsplit("_", 1)[-1]
    return TIME_UNITS.get(said)
