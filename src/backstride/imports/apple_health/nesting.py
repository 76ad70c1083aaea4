"""How tags nest: how deep each stands, and that each end tag is that of its element."""

from __future__ import annotations

import numpy as np

from backstride.imports.apple_health.interned import Ints, places
from backstride.imports.apple_health.layouts import CLOSES, OPENS
from backstride.imports.apple_health.stream import MAX_DEPTH, GaveUp


def depths(step: Ints, outside: int) -> Ints:
    """How many elements are open after each tag, where `outside` are before the first.

    Raises GaveUp where an element ends that hasn't begun or they are nested too deep.
    """
    after = np.cumsum(step) + outside
    if len(after) and (after.min() < 0 or after.max() >= MAX_DEPTH):
        raise GaveUp
    return after


def match(step: Ints, name: Ints, after: Ints, root: int) -> None:
    """Raise GaveUp where an end tag has another name than the element that it ends.

    `after` is what `depths` gives; of all elements that were open before the first tag, there
    is the root alone, of the name `root`.
    """
    moves = places(step != 0)
    step, name = step[moves], name[moves]
    # The level of the element that begins or ends: at each, beginnings and ends take turns.
    level = after[moves] - (step == OPENS)
    in_order = np.argsort(level.astype(np.int8), kind="stable")
    step, name, level = step[in_order], name[in_order], level[in_order]
    ends = places(step == CLOSES)
    began = ends - 1
    known = np.where(began < 0, root, name[began])
    first_of_level = (began < 0) | (level[began] != level[ends])
    known[first_of_level] = root  # only the root can have begun before
    if (known != name[ends]).any():
        raise GaveUp
