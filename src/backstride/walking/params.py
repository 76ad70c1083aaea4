"""Every number the walking measurement depends on: one frozen set, kept with each result."""

from __future__ import annotations

from dataclasses import dataclass

ALGORITHM = "backstride-walking"
ALGORITHM_VERSION = "1"


@dataclass(frozen=True)
class Params:
    """Settings of the detector; times in s, frequencies in Hz, acceleration in g.

    Tuned on the tuning part alone (see `benchmarks/README.md`), or from the source named.
    """

    fs_hz: float = 40.0  # what every recording is brought to
    page_s: float = 600.0  # how much is looked at in one go
    margin_s: float = 20.0  # how much of the neighbouring pages is seen as well

    band_hz: tuple[float, float] = (0.5, 5.0)  # walking's own band in the magnitude
    window_s: float = 6.0  # two strides of the slowest walk
    hop_s: float = 0.5
    min_cadence_hz: float = 0.6  # 36 steps/min
    max_cadence_hz: float = 2.6  # 156 steps/min; above it people run
    grid_hz: float = 0.02  # how finely cadence is looked for
    steady_s: float = 2.0  # over how long cadence is taken to be steady
    near_hz: float = 0.06  # how far a window may be off the steady cadence
    min_filled: float = 0.5  # share of a window's half-seconds in which something moves
    filled_share: float = 0.25  # of the window's spread; less is a pause
    min_std_g: float = 0.02
    min_regularity: float = 0.4  # to start a walk
    min_score: float = 0.14  # likewise, of the steady cadence's score
    stay_regularity: float = 0.2  # to go on with one
    stay_score: float = 0.08
    lock_hz: float = 0.4  # how far a step may be off the window's cadence
    min_step_g: float = 0.015  # amplitude of the step's own wave
    min_step_share: float = 0.3  # of its usual amplitude in this walk

    max_break_s: float = 3.0  # Mobilise-D: a longer rest ends the bout
    min_steps: int = 6  # Mobilise-D: two strides of each foot

    still_std_g: float = 0.013  # a still axis, as in GGIR (van Hees 2013)
    nonwear_min: int = 90  # Choi 2011: so many still minutes in a row are not worn


DEFAULT = Params()
