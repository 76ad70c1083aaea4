"""Small real recordings and exports that ship with Backstride, each with its licence.

`path(name)` gives a file, `SAMPLE_FILES` lists them; `README.md` beside them says where each
is from. `demo_export` makes the demo's Apple Health export out of a real person's days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backstride.sample_data.demo import demo_export, demo_flare, demo_totals

__all__ = ["SAMPLE_FILES", "SampleFile", "demo_export", "demo_flare", "demo_totals", "path"]

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class SampleFile:
    """A file of the sample data: what it is, in words for people, and its licence."""

    name: str
    what: str
    licence: str


_FILES = (
    SampleFile("apple-tdda/export.xml", "an Apple Health export of 2016, shortened", "MIT"),
    SampleFile("apple-tdda/expected-StepCount.csv", "its step records, read by others", "MIT"),
    SampleFile("apple-tdda/expected-Workout.csv", "its workouts, read by others", "MIT"),
    SampleFile("apple-dogsheep/export.zip", "an Apple Health export of 2019, zipped", "Apache-2.0"),
    SampleFile("apple-dogsheep/route.gpx", "the route out of that export", "Apache-2.0"),
    SampleFile("daily-steps/participant8.csv", "one person's steps and pain by day", "MIT"),
    SampleFile("axivity/ax3-610-steps.cwa", "twelve minutes of a wrist sensor", "BSD-2-Clause"),
)
SAMPLE_FILES: Mapping[str, SampleFile] = {file.name: file for file in _FILES}


def path(name: str) -> Path:
    """Where a sample file is, by a name in `SAMPLE_FILES`. Raises KeyError for another."""
    return _FOLDER / SAMPLE_FILES[name].name
