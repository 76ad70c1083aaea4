"""Compiled loops: Numba kernels that are compiled once a machine, and work where nothing
can be kept.

Modules of kernels import Numba, which takes a fifth of a second: they are imported where
they are used, not at the top of a module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CellType, FunctionType, ModuleType
from typing import Any, TypeVar, cast

from numba import njit, types

F = TypeVar("F", bound=Callable[..., Any])


def read_only(dtype: Any, dimensions: int) -> Any:
    """The type of a C-ordered array that the kernel only reads; writable ones fit as well."""
    return types.Array(dtype, dimensions, "C", readonly=True)


def kernel(
    *arguments: Any, fast: bool = False, parts: Sequence[ModuleType] = ()
) -> Callable[[F], F]:
    """Compile for these Numba types alone, so that there is one compilation and no other.

    What is compiled is kept beside the module, or in the user's cache folder where the
    package can't be written; where neither can, each process compiles for itself. `fast` lets
    sums be taken in another order, which is what allows several at once. `parts` are the
    other modules whose functions it calls.
    """

    def compiled(given: F) -> F:
        function = _marked(given, parts) if parts else given
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": fast}
        try:
            made: Any = njit(arguments, cache=True, **options)(function)
        except RuntimeError:  # Numba found no folder to keep it in
            made = njit(arguments, **options)(function)
        return cast(F, made)

    return compiled


def _marked(function: F, parts: Sequence[ModuleType]) -> F:
    """The function with the parts' content as one more value that it closes over.

    Numba compiles anew when the function's own file or what it closes over has changed, and
    would take what it kept for the same when a part has.
    """
    digest = hashlib.sha256()
    for module in parts:
        digest.update(Path(str(module.__file__)).read_bytes())
    plain = cast(FunctionType, function)
    code = plain.__code__.replace(co_freevars=(*plain.__code__.co_freevars, "parts"))
    cells = (*(plain.__closure__ or ()), CellType(digest.hexdigest()))
    marked = FunctionType(code, plain.__globals__, plain.__name__, plain.__defaults__, cells)
    marked.__doc__, marked.__module__ = plain.__doc__, plain.__module__
    marked.__qualname__ = plain.__qualname__
    return cast(F, marked)


def part(function: F) -> F:
    """A function that kernels call, compiled into each of them alone.

    It has no compilation of its own to be kept and loaded, which takes some hundredths of a
    second and megabytes for every kernel. A kernel of another module names this one in `parts`.
    """
    return cast(F, njit(nogil=True, error_model="numpy", forceinline=True)(function))
