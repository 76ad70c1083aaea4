"""Compiled loops: Numba kernels that are compiled once a machine, and work where nothing
can be kept.

Modules of kernels import Numba, which takes a fifth of a second: they are imported where
they are used, not at the top of a module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit, types

F = TypeVar("F", bound=Callable[..., Any])


def read_only(dtype: Any, dimensions: int) -> Any:
    """The type of a C-ordered array that the kernel only reads; writable ones fit as well."""
    return types.Array(dtype, dimensions, "C", readonly=True)


def kernel(*arguments: Any, fast: bool = False) -> Callable[[F], F]:
    """Compile for these Numba types alone, so that there is one compilation and no other.

    What is compiled is kept beside the module, or in the user's cache folder where the
    package can't be written; where neither can, each process compiles for itself. `fast` lets
    sums be taken in another order, which is what allows several at once.
    """

    def compiled(function: F) -> F:
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": fast}
        try:
            made: Any = njit(arguments, cache=True, **options)(function)
        except RuntimeError:  # Numba found no folder to keep it in
            made = njit(arguments, **options)(function)
        return cast(F, made)

    return compiled
