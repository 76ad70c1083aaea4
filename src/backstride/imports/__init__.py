"""Consumer exports to samples, and samples of many sources to what happened once.

`detect` knows a file by its content, `read` gives an `Imported`, `merge` counts each step
once; `SOURCES` lists what is read and how to export it.
"""

from __future__ import annotations

from backstride.imports.imported import Imported
from backstride.imports.merge import merge
from backstride.imports.reader import SOURCES, detect, read
from backstride.imports.source import Checked, How, Source, Where

__all__ = ["SOURCES", "Checked", "How", "Imported", "Source", "Where", "detect", "merge", "read"]
