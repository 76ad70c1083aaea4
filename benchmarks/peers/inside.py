"""Run one peer over a folder of recordings; this file runs in the peer's own environment.

    .peers/<peer>/bin/python -I benchmarks/peers/inside.py PEER FUNCTION INPUTS RESULT.json

`PEER` is the folder beside this file whose `count.py` has `PACKAGE`, the name of the peer's
distribution, and `FUNCTION(recording)`, mostly `count`: steps, and bouts where it finds any.
Needs only NumPy, which every peer brings. What fails is written down per recording.
"""

import contextlib
import importlib.metadata
import importlib.util
import json
import sys
import time
import traceback
import warnings
from pathlib import Path

import numpy as np


def count_module(peer: str):
    path = Path(__file__).parent / peer / "count.py"
    spec = importlib.util.spec_from_file_location(f"count_{peer}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def recording(path: Path) -> dict:
    """`t_s` [n] seconds from the start, `acc` [n, 3] in g, `fs_hz`, `placement`, `person`."""
    with np.load(path, allow_pickle=False) as stored:
        return {
            "t_s": stored["t_s"],
            "acc": stored["acc"].astype(np.float64),
            "fs_hz": float(stored["fs_hz"]),
            "placement": str(stored["placement"]),
            "person": str(stored["person"]),
        }


def counted(count, path: Path) -> dict:
    """Steps, bouts and seconds of one recording, or the error."""
    given = recording(path)
    began = time.perf_counter()
    try:
        found = count(given)
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is its result
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"}
    found["seconds"] = time.perf_counter() - began
    return found


def main() -> None:
    peer, function, inputs, result = sys.argv[1:]
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(sys.stderr):  # some peers print as they go
        module = count_module(peer)
        count = getattr(module, function)
        found = {path.stem: counted(count, path) for path in sorted(Path(inputs).glob("*.npz"))}
    version = importlib.metadata.version(module.PACKAGE)
    told = {"package": module.PACKAGE, "version": version, "recordings": found}
    Path(result).write_text(json.dumps(told, indent=1, allow_nan=False))


if __name__ == "__main__":
    main()
