"""MultiGait's pipeline for a wrist: the one that it offers, without the length of strides.

The length needs the person's height, which isn't known; no step depends on it but through the
least length of a stride. Resampled to 100 Hz, at which its pipeline runs. The steps are the
initial contacts in the walking bouts, which is its own count (`n_raw_initial_contacts`).
"""

import numpy as np
import pandas as pd
from mobgap.data import GaitDatasetFromData
from multigait.pipeline import MultiGaitPipelineMultimorbidityImpaired

PACKAGE = "multigait"
G_MS2 = 9.81
RATE_HZ = 100.0


def count(recording: dict) -> dict:
    """Initial contacts in walking bouts, and the bouts."""
    at_s = np.arange(0, recording["t_s"][-1], 1 / RATE_HZ)
    axes = zip(("acc_x", "acc_y", "acc_z"), recording["acc"].T, strict=True)
    signal = {name: G_MS2 * np.interp(at_s, recording["t_s"], axis) for name, axis in axes}
    data = GaitDatasetFromData(
        {"one": {"Wrist": pd.DataFrame(signal)}},
        RATE_HZ,
        {"one": {}},
        {"one": {}},
        single_sensor_name="Wrist",
    )
    pipeline = MultiGaitPipelineMultimorbidityImpaired(
        initial_contact_detection_sl=None,
        stride_length_calculation=None,
        walking_speed_calculation=None,
        dmo_thresholds=None,
        dmo_aggregation=None,
    )
    bouts = pipeline.run(data).per_wb_parameters_
    edges = bouts[["start", "end"]].to_numpy(dtype=float) / RATE_HZ
    return {"steps": int(bouts["n_raw_initial_contacts"].sum()), "bouts": edges.tolist()}
