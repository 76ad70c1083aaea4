"""mobgap's Mobilise-D pipeline: the one that it recommends for the person's cohort.

Given acceleration only, so two parts that need a gyroscope can't be its defaults: left and
right are told with `LrcMansour`, its method for acceleration, and turns, on which no step
depends, aren't sought. All else is the default. The steps are the initial contacts in the
walking bouts, which is its own count (`n_raw_initial_contacts`).
"""

import numpy as np
import pandas as pd
from mobgap.data import GaitDatasetFromData
from mobgap.laterality import LrcMansour
from mobgap.pipeline import MobilisedPipelineHealthy, MobilisedPipelineImpaired

PACKAGE = "mobgap"
G_MS2 = 9.81
# Of its own example data, which the recordings are from.
PEOPLE = {
    "HA001": {"cohort": "HA", "height_m": 1.59, "sensor_height_m": 0.964},
    "MS001": {"cohort": "MS", "height_m": 1.68, "sensor_height_m": 0.975},
}
PIPELINES = {"HA": MobilisedPipelineHealthy, "MS": MobilisedPipelineImpaired}


def count(recording: dict) -> dict:
    """Initial contacts in walking bouts, and the bouts.

    The recordings' x is up, y left and z forward, as in Mobilise-D's sensor frame.
    """
    person = PEOPLE[recording["person"]]
    signal = pd.DataFrame(recording["acc"] * G_MS2, columns=["acc_x", "acc_y", "acc_z"])
    signal[["gyr_x", "gyr_y", "gyr_z"]] = np.nan  # the columns must be there; nothing reads them
    rate_hz = round(recording["fs_hz"], 3)
    data = GaitDatasetFromData(
        {"one": {"LowerBack": signal}},
        rate_hz,
        {"one": person},
        {"one": {"measurement_condition": "laboratory"}},
    )
    pipeline = PIPELINES[person["cohort"]](
        laterality_classification=LrcMansour(), turn_detection=None
    )
    bouts = pipeline.run(data).per_wb_parameters_
    edges = bouts[["start", "end"]].to_numpy(dtype=float) / rate_hz
    return {"steps": int(bouts["n_raw_initial_contacts"].sum()), "bouts": edges.tolist()}
