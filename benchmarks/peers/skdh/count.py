"""scikit-digital-health: its classifier of gait for the lower back, then `GaitLumbar`.

Both with their defaults: the vertical and the forward axis are estimated by `GaitLumbar`, and
it takes bouts of more than 8 s only. Its steps are the contacts that it keeps. `all_gait` is
`GaitLumbar` alone, which by default takes all of a recording as one walk.
"""

from skdh import Pipeline
from skdh.context import PredictGaitLumbarLgbm
from skdh.gait import GaitLumbar

PACKAGE = "scikit-digital-health"
START_S = 1_700_000_000.0  # it asks for Unix times


def count(recording: dict) -> dict:
    """Contacts kept, and the bouts that have any."""
    pipeline = Pipeline()
    pipeline.add(PredictGaitLumbarLgbm())
    pipeline.add(GaitLumbar())
    gait = pipeline.run(**given(recording))["GaitLumbar"]
    pairs = zip(gait["Bout Starts"], gait["Bout Duration"], strict=True)  # one for each contact
    bouts = {(float(start) - START_S, float(start + lasting) - START_S) for start, lasting in pairs}
    return {"steps": len(gait["Bout Starts"]), "bouts": sorted(bouts)}


def all_gait(recording: dict) -> dict:
    """Contacts kept, where all of the recording is said to be walking."""
    return {"steps": len(GaitLumbar().predict(**given(recording))["Bout Starts"])}


def given(recording: dict) -> dict:
    """The recording in its words."""
    at_s = START_S + recording["t_s"]
    return {"time": at_s, "accel": recording["acc"], "fs": recording["fs_hz"]}
