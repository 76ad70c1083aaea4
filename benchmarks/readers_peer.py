"""Another reader's samples of one file: run by the Python that has it, without Backstride.

`python readers_peer.py actipy|skdh FILE OUT.npz [--calibrate]` writes `t` (s), `acc` [n, 3] in g,
and with `--calibrate` the gain and offset that its auto-calibration finds.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np


def actipy(path: Path, calibrate: bool) -> dict[str, Any]:
    """Read as it is, or calibrated without temperature: gain and offset as actipy tells them."""
    import actipy as peer
    from actipy.processing import calibrate_gravity

    table, _ = peer.read_device(
        str(path),
        lowpass_hz=None,
        calibrate_gravity=False,
        detect_nonwear=False,
        resample_hz=None,
        verbose=False,
    )
    found = {
        "t": table.index.to_numpy().astype("datetime64[ns]").astype(np.int64) / 1e9,
        "acc": table[["x", "y", "z"]].to_numpy(),
    }
    if calibrate:
        _, told = calibrate_gravity(table[["x", "y", "z"]])
        found["gain"] = np.array([told[f"Calib{axis}Slope"] for axis in "xyz"])
        found["offset"] = np.array([told[f"Calib{axis}Intercept"] for axis in "xyz"])
    return found


def skdh(path: Path, calibrate: bool) -> dict[str, Any]:
    """Its own form is (measured + offset) * scale; brought to gain * measured + offset."""
    from skdh.io import ReadBin, ReadCwa
    from skdh.preprocessing import CalibrateAccelerometer

    reader = ReadCwa() if path.suffix == ".cwa" else ReadBin()
    read = reader.predict(file=str(path))
    found = {"t": read["time"], "acc": read["accel"]}
    if calibrate:
        told = CalibrateAccelerometer(min_hours=12).predict(
            time=read["time"], accel=np.asarray(read["accel"]), apply=False
        )
        found["gain"], found["offset"] = told["scale"], told["scale"] * told["offset"]
    return found


if __name__ == "__main__":
    name, source, out = sys.argv[1:4]
    np.savez(out, **{"actipy": actipy, "skdh": skdh}[name](Path(source), "--calibrate" in sys.argv))
