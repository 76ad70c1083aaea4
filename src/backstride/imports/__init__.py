"""Consumer exports to samples, and samples of many sources to what happened once.

`detect` knows a file by its content, `read` gives an `Imported`, `merge` counts each step
once.
"""

from __future__ import annotations

from backstride.imports.imported import Imported
from backstride.imports.merge import merge
from backstride.imports.reader import KINDS, detect, read, size_of

__all__ = ["KINDS", "Imported", "detect", "merge", "read", "size_of"]
