"""Oak of beiwe-forest: steps from the cadence of each second, as its own `run` sums them."""

import numpy as np
from forest.oak.base import find_walking, preprocess_bout

PACKAGE = "beiwe-forest"


def count(recording: dict) -> dict:
    """Whole steps of the recording, and the runs of seconds in which it sees walking."""
    x, y, z = recording["acc"].T
    at_s, magnitude = preprocess_bout(recording["t_s"], x, y, z)
    cadence_hz = find_walking(magnitude)
    walking = np.concatenate(([0], (cadence_hz > 0).astype(int), [0]))
    starts, ends = np.flatnonzero(np.diff(walking) == 1), np.flatnonzero(np.diff(walking) == -1)
    bouts = [[float(at_s[a]), float(at_s[b - 1]) + 1.0] for a, b in zip(starts, ends, strict=True)]
    return {"steps": int(cadence_hz.sum()), "bouts": bouts}
