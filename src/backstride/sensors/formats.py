"""What is read, from which device, and how far it was checked: see `backstride sensors`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Checked(StrEnum):
    """How far a reader was checked."""

    OTHER_READER = "another reader"  # every sample of real files is as another reader reads it
    REAL_FILES = "real files"  # real files were read, with nothing to compare their samples to
    EXPERIMENTAL = "experimental"  # only files made after the format's documentation


@dataclass(frozen=True)
class Format:
    """One kind of file: `key` as `detect` gives it, `name` for people, its usual `extension`."""

    key: str
    name: str
    device: str
    extension: str
    checked: Checked
    note: str = ""


KINDS = (
    Format("cwa", "Axivity CWA", "Axivity AX3 and AX6", ".cwa", Checked.OTHER_READER),
    Format(
        "gt3x",
        "ActiGraph GT3X",
        "ActiGraph GT9X Link and later",
        ".gt3x",
        Checked.OTHER_READER,
        "16-bit activity records",
    ),
    Format(
        "gt3x",
        "ActiGraph GT3X",
        "ActiGraph GT3X+, wGT3X+ and wGT3X-BT",
        ".gt3x",
        Checked.EXPERIMENTAL,
        "12-bit activity records and activity.bin; made files are as another reader reads them",
    ),
    Format("geneactiv", "GENEActiv bin", "Activinsights GENEActiv", ".bin", Checked.OTHER_READER),
    Format(
        "actigraph_csv",
        "ActiLife raw CSV",
        "ActiGraph, exported by ActiLife",
        ".csv",
        Checked.OTHER_READER,
        "gives what the .gt3x gives; with timestamps: experimental",
    ),
    Format(
        "csv",
        "text table",
        "anything with time, x, y and z, gravity included",
        ".csv",
        Checked.REAL_FILES,
        "g, m/s² or milli-g",
    ),
    Format(
        "csv",
        "OMGUI or omconvert CSV",
        "Axivity AX3 and AX6, exported",
        ".csv",
        Checked.EXPERIMENTAL,
    ),
    Format(
        "csv",
        "Sensor Logger CSV",
        "phones and watches",
        ".csv",
        Checked.EXPERIMENTAL,
        "TotalAcceleration.csv; Accelerometer.csv has no gravity and is refused",
    ),
    Format(
        "csv",
        "phyphox CSV",
        "phones",
        ".csv",
        Checked.EXPERIMENTAL,
        "Acceleration with g; has no date",
    ),
    Format(
        "csv",
        "other phone apps' CSV",
        "phones: SensorLog, Physics Toolbox, AndroSensor",
        ".csv",
        Checked.EXPERIMENTAL,
    ),
    Format(
        "csv",
        "Apple Watch CSV",
        "Apple Watch: Sensor Logger, apps on CMSensorRecorder or SensorKit",
        ".csv",
        Checked.EXPERIMENTAL,
        "WristMotion.csv: its gravity is added again",
    ),
    Format(
        "csv",
        "study platforms' CSV",
        "phones and watches: Beiwe, RADAR-base",
        ".csv",
        Checked.EXPERIMENTAL,
    ),
    Format(
        "parquet",
        "Parquet table",
        "anything with time, x, y and z, gravity included",
        ".parquet",
        Checked.REAL_FILES,
    ),
    Format(
        "numpy",
        "NumPy array",
        "anything with acc and fs or t, gravity included",
        ".npy, .npz",
        Checked.OTHER_READER,
        "never unpickled",
    ),
)

# One line a format, for errors and reports.
FORMATS = {
    "cwa": "Axivity AX3 and AX6 (.cwa)",
    "gt3x": "ActiGraph (.gt3x)",
    "geneactiv": "GENEActiv (.bin)",
    "actigraph_csv": "ActiGraph's raw export (.csv)",
    "csv": "text tables of time, x, y, z (.csv)",
    "parquet": "Parquet tables of time, x, y, z",
    "numpy": "NumPy arrays of acc and fs or t (.npy, .npz)",
}
