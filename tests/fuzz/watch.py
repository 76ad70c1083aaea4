"""A child process that is watched: how a file went, or that it took too long or killed it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType

FILES_A_CHILD = 500  # what thousands of files leave behind would count against the next
ROOT = Path(__file__).parent.parent.parent


class Watched:
    """Reads files in a child process, which is started again when it died or was stopped.

    A context manager; `seconds` is the limit for one file, `memory_mb` what it may take.
    """

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self.seconds, self.memory_mb = seconds, memory_mb
        self._child: subprocess.Popen[str] | None = None
        self._files = 0

    def __enter__(self) -> Watched:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def fault_of(self, path: Path, zone: str) -> str | None:
        """What is wrong with how a file was read, or None.

        A child that dies of memory may have died of what the files before it left behind, so
        it is asked again alone.
        """
        fault = self._fault_of(path, zone)
        return self._fault_of(path, zone) if self._child is None and fault else fault

    def _fault_of(self, path: Path, zone: str) -> str | None:
        self._files += 1
        if self._files % FILES_A_CHILD == 0:
            self._stop()
        child = self._child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps({"path": str(path), "zone": zone}) + "\n")
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], self.seconds)
        if not ready:
            self._stop()
            self._start()
            return f"not done after {self.seconds:g} s"
        line = child.stdout.readline()
        if not line:
            code = child.wait()
            self._child = None
            return f"the process ended with {code} (memory is limited to {self.memory_mb} MB)"
        fault = json.loads(line).get("fault")
        return None if fault is None else str(fault)

    def _start(self) -> subprocess.Popen[str]:
        paths = [str(ROOT / "src"), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "fuzz.child", str(self.memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "POLARS_MAX_THREADS": "1"},
        )
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None
