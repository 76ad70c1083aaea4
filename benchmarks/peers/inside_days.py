"""Count days of one signal with a peer, in the peer's environment; inside.py has the rest.

    .peers/<peer>/bin/python -I benchmarks/peers/inside_days.py PEER SIGNAL.f32 HZ DAYS

`SIGNAL.f32` is float32 [n, 3] in g, of which a day at a time is in memory, as Oak's own `run`
does.
"""

import contextlib
import runpy
import sys
import warnings
from pathlib import Path

import numpy as np

inside = runpy.run_path(str(Path(__file__).parent / "inside.py"))
peer, path, rate, days = sys.argv[1:]
fs_hz = float(rate)
day = round(86400 * fs_hz)
steps = 0
warnings.simplefilter("ignore")
with contextlib.redirect_stdout(sys.stderr):
    count = inside["count_module"](peer).count
    for first in range(0, round(float(days) * day), day):
        flat = np.fromfile(path, dtype=np.float32, count=3 * day, offset=12 * first)
        acc = flat.astype(np.float64).reshape(-1, 3)
        given = {"t_s": np.arange(len(acc)) / fs_hz, "acc": acc, "fs_hz": fs_hz}
        steps += count(given | {"placement": "unknown", "person": "HA001"})["steps"]
print(steps)
