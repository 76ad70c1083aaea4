"""The process that reads one broken file after another, with a limit on its memory.

A line of JSON on stdin names the file and the zone; a line on stdout says how it went.
"""

from __future__ import annotations

import json
import resource
import sys
import traceback
import warnings
from pathlib import Path

from fuzz import contract


def main(memory_mb: int) -> None:
    warnings.simplefilter("error", RuntimeWarning)
    _warm_up()
    limit = _address_space() + (memory_mb << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps(_went(Path(told["path"]), told["zone"])), flush=True)  # noqa: T201


def _went(path: Path, zone: str) -> dict[str, object]:
    try:
        return {"read": contract.check(path, zone)}
    except BaseException:  # noqa: BLE001 - this is what is looked for; a panic is no Exception
        return {"fault": traceback.format_exc()}


def _warm_up() -> None:
    """Load what is loaded when it is first used: it is no part of what one file takes."""
    import gpxpy.gpx  # noqa: F401


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(int(sys.argv[1]))
