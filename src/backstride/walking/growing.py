"""Rows of numbers that are added to at the end, in one array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SMALLEST = 1024


class Growing:
    """Rows of `columns` float64 each; adding n rows takes time in proportion to n."""

    def __init__(self, columns: int) -> None:
        self._held = np.empty((SMALLEST, columns))
        self._count = 0

    @property
    def rows(self) -> NDArray[np.float64]:
        """All rows so far, [n, columns]; a view, good until rows are added."""
        return self._held[: self._count]

    def add(self, rows: NDArray[np.float64]) -> None:
        """Put these rows after the others."""
        count = self._count + len(rows)
        if count > len(self._held):
            held = np.empty((max(count, 2 * len(self._held)), self._held.shape[1]))
            held[: self._count] = self.rows
            self._held = held
        self._held[self._count : count] = rows
        self._count = count
