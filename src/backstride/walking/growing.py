"""Rows of numbers that are added to at the end, in one array."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

SMALLEST = 1024

T = TypeVar("T", bound=np.floating)


class Growing(Generic[T]):
    """Rows of `columns` numbers each; adding n rows takes time in proportion to n."""

    def __init__(self, columns: int, dtype: type[T]) -> None:
        self._held: NDArray[T] = np.empty((SMALLEST, columns), dtype)
        self._count = 0

    @property
    def rows(self) -> NDArray[T]:
        """All rows so far, [n, columns]; a view, good until rows are added."""
        return self._held[: self._count]

    def add(self, rows: NDArray[T]) -> None:
        """Put these rows after the others."""
        count = self._count + len(rows)
        if count > len(self._held):
            shape = (max(count, 3 * len(self._held) // 2), self._held.shape[1])
            held = np.empty(shape, self._held.dtype)
            held[: self._count] = self.rows
            self._held = held
        self._held[self._count : count] = rows
        self._count = count
