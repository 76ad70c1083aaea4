"""Raw accelerometer files to `Recording`: the format is found by content, not by name."""

from __future__ import annotations

from pathlib import Path

from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.records import Placement, Recording
from backstride.sensors.actigraph_csv import is_actigraph_csv, open_actigraph_csv
from backstride.sensors.columns import find_columns
from backstride.sensors.cwa import open_cwa
from backstride.sensors.delimited import HEAD_BYTES, is_table, open_delimited
from backstride.sensors.formats import FORMATS, KINDS, Checked, Format
from backstride.sensors.geneactiv import open_geneactiv
from backstride.sensors.geneactiv_format import MAGIC as GENEACTIV_MAGIC
from backstride.sensors.gt3x import is_gt3x, open_gt3x
from backstride.sensors.npy_format import MAGIC as NPY_MAGIC
from backstride.sensors.npy_format import is_npz
from backstride.sensors.numpy_file import open_numpy
from backstride.sensors.parquet import open_parquet, read_schema
from backstride.sensors.times import known_zone
from backstride.words import say

__all__ = ["FORMATS", "KINDS", "Checked", "Format", "detect", "open_recording"]

OPENERS = {
    "cwa": open_cwa,
    "gt3x": open_gt3x,
    "geneactiv": open_geneactiv,
    "actigraph_csv": open_actigraph_csv,
    "csv": open_delimited,
    "parquet": open_parquet,
}


def detect(path: str | Path) -> str | None:
    """The format of a raw recording, by its first bytes: a key of `FORMATS`, or None.

    Reads at most 64 kB (and a Parquet file's or a zip's last part). Raises OSError if it
    can't be opened.
    """
    path = Path(path)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(b"MD") and len(head) >= 4 and head[2:4] in (b"\xfc\x03", b"\xff\x03"):
        return "cwa"
    if head.startswith(b"PAR1"):
        return "parquet" if _is_acceleration(path) else None
    if head.startswith(b"PK\x03\x04"):
        return "gt3x" if is_gt3x(path, head) else "numpy" if is_npz(path, head) else None
    if head.startswith(NPY_MAGIC):
        return "numpy"
    if head.startswith(GENEACTIV_MAGIC):
        return "geneactiv"
    if is_actigraph_csv(head):
        return "actigraph_csv"
    return "csv" if is_table(head) else None


def open_recording(
    path: str | Path,
    placement: Placement = Placement.UNKNOWN,
    zone: str = "UTC",
    fs_hz: float | None = None,
) -> Recording:
    """Open a raw accelerometer file; the samples are read when `blocks()` is called.

    `zone` is where a clock without a zone was set (Axivity devices, ActiGraph's CSV, text
    times without an offset); GENEActiv and `.gt3x` files name their own. `fs_hz` is the rate of
    a NumPy file that holds none. Raises UnsupportedFormat for a file of another
    kind, UnreadableFile for one that is empty or damaged beyond use, ValueError for a zone that
    doesn't exist.
    """
    path = Path(path)
    known_zone(zone)
    if not path.is_file():
        raise UnreadableFile(path, say("there is no such file"))
    if path.stat().st_size == 0:
        raise UnreadableFile(
            path, say("the file is empty (0 bytes)"), say("Copy or export it again.")
        )
    kind = detect(path)
    if kind is None:
        raise UnsupportedFormat(
            path,
            say("not a raw accelerometer recording that Backstride reads"),
            say("It reads: {kinds}.", kinds="; ".join(FORMATS.values())),
        )
    if kind == "numpy":
        return open_numpy(path, placement, zone, fs_hz)
    return OPENERS[kind](path, placement, zone)


def _is_acceleration(path: Path) -> bool:
    try:
        return find_columns(list(read_schema(path))) is not None
    except UnreadableFile:
        return True  # damaged, but Parquet: opening it says what is wrong
