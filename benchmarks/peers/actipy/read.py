"""Read a file with actipy and do nothing else: no filter, no calibration, no resampling."""

import sys

from actipy import read_device

read_device(
    sys.argv[1],
    lowpass_hz=None,
    calibrate_gravity=False,
    detect_nonwear=False,
    resample_hz=None,
    verbose=False,
)
