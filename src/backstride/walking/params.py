"""Every number the walking measurement depends on: one frozen set, kept with each result."""

from __future__ import annotations

from dataclasses import dataclass

ALGORITHM = "backstride-walking"
ALGORITHM_VERSION = "3"


@dataclass(frozen=True)
class Linking:
    """Settings of `linking`: what a peak is, what a step is worth, what differences cost.

    All were tuned by `python -m benchmarks.tuning` on the tuning part alone.
    """

    band_hz: tuple[float, float]  # where each step has one peak
    least_peak_g: float
    shortest_s: float  # between steps
    longest_s: float
    step_worth: float
    regular_worth: float  # of a score of 1 about the step
    begin_cost: float
    uneven_cost: float
    unlike_cost: float
    most_cost: float
    late_cost: float  # per second beyond `slow_s`
    stir_cost: float  # of what moves between two steps, as a share of their own height
    closing_share: float  # of the usual peak: a weaker one at the end only brings the feet together


@dataclass(frozen=True)
class Course:
    """What the likeliest course of cadences takes for a walk."""

    min_score: float  # of half a second of it, on the whole
    change_cost: float  # of beginning to walk and of ending, in the same score


@dataclass(frozen=True)
class Params:
    """Settings of the detector; times in s, frequencies in Hz, acceleration in g.

    Tuned on the tuning part alone (see `benchmarks/README.md`), or from the source named.
    """

    fs_hz: float = 20.0  # what every recording is brought to
    page_s: float = 1200.0  # how much is looked at in one go
    margin_s: float = 20.0  # how much of the neighbouring pages is seen as well

    band_hz: tuple[float, float] = (0.5, 5.0)  # walking's own band in the magnitude
    hop_s: float = 0.5
    window_hops: int = 10  # pairs of samples a lag apart, over 5 s
    min_cadence_hz: float = 0.6  # 36 steps/min
    max_cadence_hz: float = 3.3  # 198 steps/min, running
    min_filled: float = 0.5  # share of a window's half-seconds in which something moves
    filled_share: float = 0.25  # of the window's spread; less is a pause
    min_std_g: float = 0.02
    carried: tuple[Course, ...] = (Course(0.13, 2.0),)  # a back pocket scores little over 0.2
    # At a wrist, since hands do much that has a rhythm: the fainter it is, the longer it must be.
    handed: tuple[Course, ...] = (Course(0.22, 1.5), Course(0.16, 2.5), Course(0.13, 4.0))
    drift_cost: float = 0.06  # of another cadence, per sample of the stride
    drift_reach: int = 2
    lock_hz: float = 0.4  # how far a step may be off the window's cadence
    min_step_g: float = 0.015  # amplitude of the step's own wave
    min_step_share: float = 0.3  # of its usual amplitude in this walk
    usual_s: float = 3.0  # over how long that is taken

    slow_s: float = 1.2  # between linked steps; more gets ever less likely
    alone_s: float = 0.4  # of a linked step from those of a rhythm
    trunk: Linking = Linking(
        (0.6, 2.5), 0.02, 0.33, 3.0, 0.45, 3.72, 3.7, 1.79, 0.78, 2.88, 0.01, 0.0, 0.65
    )
    # At a wrist chains of an even walk, and those of a halting one, between whose steps the hand
    # is quiet.
    wrist: tuple[Linking, ...] = (
        Linking((0.6, 2.5), 0.02, 0.32, 2.2, 0.24, 0.08, 4.6, 1.27, 0.58, 0.66, 0.54, 0.0, 0.0),
        Linking((0.4, 2.0), 0.03, 0.76, 3.0, 0.8, 4.9, 5.8, 0.65, 0.47, 1.53, 0.94, 1.25, 0.0),
    )

    max_break_s: float = 3.0  # Mobilise-D: a longer rest ends the bout
    min_steps: int = 6  # Mobilise-D: two strides of each foot

    stride_off_share: float = 0.4  # a stride further off the bout's usual one is none
    least_strides: int = 8  # for their variability; few are known to be too few for precision
    running_spm: float = 140.0  # people run above it, and few walk so fast
    running_g: float = 0.5  # spread of the magnitude: a flight, and a landing after it

    still_std_g: float = 0.013  # a still axis, as in GGIR (van Hees 2013)
    nonwear_min: int = 90  # Choi 2011: so many still minutes in a row are not worn


DEFAULT = Params()
