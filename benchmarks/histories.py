"""How long a whole history takes to import, and in how much memory.

    python -m benchmarks.histories fitbit

Makes the export in a temporary folder and imports it in a process of its own: from the file
to the samples, with the program's own start.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.fitbit_history import make_fitbit

MAKERS = {"fitbit": make_fitbit}


def measure(path: Path) -> None:
    before = time.perf_counter()
    from backstride import imports  # here: its own start counts

    got = imports.read(path)
    seconds = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    records = got.read_count + got.skipped_count + got.refused_count
    print(
        f"{seconds:.1f} s, peak {peak:.0f} MB ({path.stat().st_size / 1e6:.0f} MB zipped, "
        f"{records:,} records, {got.samples.height:,} samples, {got.measures.height:,} measures)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", choices=MAKERS, nargs="?", default="fitbit")
    parser.add_argument("--file", type=Path, help="an export that is there already")
    parser.add_argument("--keep", type=Path, help="make the export in this folder and leave it")
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        measure(options.only)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or MAKERS[options.which](options.keep or Path(folder))
        command = [sys.executable, "-m", "benchmarks.histories", "--only", str(path)]
        print(options.which, flush=True, end=": ")
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
