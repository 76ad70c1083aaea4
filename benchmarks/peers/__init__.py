"""`python -m benchmarks.peers`: the same recordings counted by other open tools.

Each peer has a folder here: `requirements.txt` (the versions) and `count.py` (how it is used),
which run in an environment of the peer's own below `.peers/`, made by `make peers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".peers"
ANYWHERE = frozenset({"oxford-phone", "mobilise-d", "sensorwatch-wrist", "axivity"})
LOWER_BACK = frozenset({"mobilise-d"})
WRIST = frozenset({"sensorwatch-wrist"})


@dataclass(frozen=True)
class Peer:
    """A way to count with one of the environments, and the data sets that it is made for."""

    title: str
    environment: str
    data_sets: frozenset[str]
    function: str = "count"


PEERS = (
    Peer("Oak", "oak", ANYWHERE),
    Peer("skdh", "skdh", LOWER_BACK),
    Peer("skdh, all gait", "skdh", LOWER_BACK, "all_gait"),
    Peer("mobgap", "mobgap", LOWER_BACK),
    Peer("KielMAT", "kielmat", LOWER_BACK),
    Peer("MultiGait", "multigait", WRIST),
)
NOT_RUN = {
    "stepcount 2.1.2": "downloads its model when first used; the package has none",
    "GaitPy 1.6.1": "made for Python 3.6; can't be installed with 3.11 (skdh is its successor)",
    "actipy": "reads files and counts nothing: in the table of speed only",
}
