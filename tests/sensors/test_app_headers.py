"""The text files of phone, watch and sensor apps, made after their documented headers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from backstride.errors import UnreadableFile
from backstride.sensors import detect, open_recording
from real_recordings import phone_walk

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STANDARD_GRAVITY = 9.80665
BOOTED_NS = 81_300_000_000_000  # 22 hours after the phone was switched on


def walk(n: int = 500) -> np.ndarray:
    """Acceleration [n, 3] in g of a device that swings twice a second, at 50 Hz."""
    t = np.arange(n) / 50
    g = np.tile([0.3, 0.9, -0.31], (n, 1))
    g[:, 1] += 0.15 * np.sin(2 * np.pi * 2 * t)
    return g


def at(i: int) -> datetime:
    return START + timedelta(seconds=i * 0.02)


def stamp(i: int) -> str:
    return f"{at(i):%Y-%m-%d %H:%M:%S}.{at(i).microsecond // 1000:03d}"


def write(path: Path, header: str, row: Callable[[int, list[str]], str], g: np.ndarray) -> Path:
    lines = [row(i, [f"{value:.6f}" for value in values]) for i, values in enumerate(g)]
    path.write_text("\n".join([*([header] if header else []), *lines]) + "\n")
    return path


def epoch_ns(i: int) -> int:
    return int(START.timestamp()) * 10**9 + i * 20_000_000


APPS = {
    "OMGUI": ("", lambda i, v: f"{stamp(i)},{v[0]},{v[1]},{v[2]}", 1.0, True),
    "omconvert": (
        "Time,Accel-X (g),Accel-Y (g),Accel-Z (g)",
        lambda i, v: f"{stamp(i)},{v[0]},{v[1]},{v[2]}",
        1.0,
        True,
    ),
    "omconvert, AX6": (
        "Time,Accel-X (g),Accel-Y (g),Accel-Z (g),Gyro-X (d/s),Gyro-Y (d/s),Gyro-Z (d/s)",
        lambda i, v: f"{stamp(i)},{v[0]},{v[1]},{v[2]},100,200,300",
        1.0,
        True,
    ),
    "Sensor Logger, total acceleration": (
        "time,seconds_elapsed,z,y,x",
        lambda i, v: f"{epoch_ns(i)},{i * 0.02:.4f},{v[2]},{v[1]},{v[0]}",
        STANDARD_GRAVITY,
        True,
    ),
    "Sensor Logger, uncalibrated on an iPhone": (
        "time,seconds_elapsed,z,y,x",
        lambda i, v: f"{epoch_ns(i)},{i * 0.02:.4f},{v[2]},{v[1]},{v[0]}",
        1.0,
        True,
    ),
    "phyphox, acceleration with g": (
        '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)","Acceleration z (m/s^2)",'
        '"Absolute acceleration (m/s^2)"',
        lambda i, v: f"{i * 0.02:.9E},{v[0]},{v[1]},{v[2]},9.8",
        STANDARD_GRAVITY,
        False,
    ),
    "phyphox, semicolons and decimal commas": (
        '"Time (s)";"Acceleration x (m/s^2)";"Acceleration y (m/s^2)";"Acceleration z (m/s^2)"',
        lambda i, v: f"{i * 0.02:.9E};{v[0]};{v[1]};{v[2]}".replace(".", ","),
        STANDARD_GRAVITY,
        False,
    ),
    "Android's event time": (
        "timestamp,x,y,z",
        lambda i, v: f"{BOOTED_NS + i * 20_000_000},{v[0]},{v[1]},{v[2]}",
        STANDARD_GRAVITY,
        False,
    ),
    "Android's event time, unit named": (
        "timestamp_ns,acc_x,acc_y,acc_z",
        lambda i, v: f"{BOOTED_NS + i * 20_000_000},{v[0]},{v[1]},{v[2]}",
        STANDARD_GRAVITY,
        False,
    ),
    "Android's wall clock": (
        "time_ms,ax,ay,az",
        lambda i, v: f"{epoch_ns(i) // 10**6},{v[0]},{v[1]},{v[2]}",
        STANDARD_GRAVITY,
        True,
    ),
    "AndroSensor": (
        "ACCELEROMETER X (m/s²);ACCELEROMETER Y (m/s²);ACCELEROMETER Z (m/s²);"
        "LINEAR ACCELERATION X (m/s²);LINEAR ACCELERATION Y (m/s²);LINEAR ACCELERATION Z (m/s²);"
        "Time since start in ms ",
        lambda i, v: f"{v[0]};{v[1]};{v[2]};0;0;0;{i * 20}",
        STANDARD_GRAVITY,
        False,
    ),
    "Physics Toolbox": (
        "time,gFx,gFy,gFz,TgF",
        lambda i, v: f"{i * 0.02:.3f},{v[0]},{v[1]},{v[2]},1.0",
        1.0,
        False,
    ),
    "SensorLog": (
        "loggingTime(txt),motionUserAccelerationX(G),motionUserAccelerationY(G),"
        "motionUserAccelerationZ(G),accelerometerTimestamp_sinceReboot(s),"
        "accelerometerAccelerationX(G),accelerometerAccelerationY(G),"
        "accelerometerAccelerationZ(G)",
        lambda i, v: f"{stamp(i)} +0000,0.1,0.1,0.1,{900 + i * 0.02:.3f},{v[0]},{v[1]},{v[2]}",
        1.0,
        True,
    ),
    "CMSensorRecorder, seconds": (
        "timestamp,x,y,z",
        lambda i, v: f"{START.timestamp() + i * 0.02:.6f},{v[0]},{v[1]},{v[2]}",
        1.0,
        True,
    ),
    "CMSensorRecorder, batches": (
        "timestamp,identifier,x,y,z",
        lambda i, v: f"{START.timestamp() + i * 0.02:.6f},{7 + i // 100},{v[0]},{v[1]},{v[2]}",
        1.0,
        True,
    ),
    "Kinetic, on CMSensorRecorder": (
        "Timestamp,X,Y,Z,Source",
        lambda i, v: f"{START.timestamp() + i * 0.02},{v[0]},{v[1]},{v[2]},recorder",
        1.0,
        True,
    ),
    "My Heart Counts, SensorKit": (
        "timestamp,identifier,x,y,z,device",
        lambda i, v: f"{START.timestamp() + i * 0.02},{i},{v[0]},{v[1]},{v[2]},Apple Watch",
        1.0,
        True,
    ),
    "Beiwe on an iPhone": (
        "timestamp,UTC time,accuracy,x,y,z",
        lambda i, v: (
            f"{epoch_ns(i) // 10**6},{at(i):%Y-%m-%dT%H:%M:%S}.{at(i).microsecond // 1000:03d},"
            f"unknown,{v[0]},{v[1]},{v[2]}"
        ),
        1.0,
        True,
    ),
    "RADAR-base": (
        "key.projectId,key.userId,key.sourceId,value.time,value.timeReceived,"
        "value.x,value.y,value.z",
        lambda i, v: (
            f"p,u,s,{START.timestamp() + i * 0.02:.3f},{START.timestamp() + 60:.3f},"
            f"{v[0]},{v[1]},{v[2]}"
        ),
        1.0,
        True,
    ),
    "Sensor Logger on an Apple Watch, wrist motion": (
        "time,seconds_elapsed,rotationRateX,rotationRateY,rotationRateZ,gravityX,gravityY,"
        "gravityZ,accelerationX,accelerationY,accelerationZ,quaternionW",
        lambda i, v: (
            f"{epoch_ns(i)},{i * 0.02},1,2,3,0.25,0.5,-0.5,"
            f"{float(v[0]) - 0.25:.6f},{float(v[1]) - 0.5:.6f},{float(v[2]) + 0.5:.6f},1"
        ),
        1.0,
        True,
    ),
    "Core Motion's two parts": (
        "timestamp,userAcceleration.x,userAcceleration.y,userAcceleration.z,gravity.x,gravity.y,"
        "gravity.z",
        lambda i, v: (
            f"{START.timestamp() + i * 0.02:.3f},{float(v[0]) - 0.25:.6f},"
            f"{float(v[1]) - 0.5:.6f},{float(v[2]) + 0.5:.6f},0.25,0.5,-0.5"
        ),
        1.0,
        True,
    ),
    "OMGUI with light, temperature and battery": (
        "Time, Ax(g), Ay(g), Az(g), LightADC, TemperatureADC, BatteryADC",
        lambda i, v: f"{stamp(i)},{v[0]},{v[1]},{v[2]},300,256,205",
        1.0,
        True,
    ),
    "CMSensorRecorder, start dates": (
        "startDate,accelerationX,accelerationY,accelerationZ",
        lambda i, v: f"{stamp(i)} +0000,{v[0]},{v[1]},{v[2]}",
        1.0,
        True,
    ),
}


def test_gravity_beside_it_is_added_in_parquet_too(tmp_path: Path) -> None:
    g = walk()
    gravity = np.array([0.25, 0.5, -0.5])
    names = [f"{part}_{axis}" for part in ("user_acceleration", "gravity") for axis in "xyz"]
    both = np.column_stack([g - gravity, np.tile(gravity, (len(g), 1))])
    table = pl.DataFrame(both, schema=names).with_columns(time=pl.Series(np.arange(500) / 50))
    table.write_parquet(tmp_path / "x.parquet")
    (block,) = open_recording(tmp_path / "x.parquet").blocks()
    np.testing.assert_allclose(block.acc[:499], g[:499], atol=1e-5)


@pytest.mark.parametrize("app", APPS)
def test_the_header_is_known(app: str, tmp_path: Path) -> None:
    header, row, per_g, is_dated = APPS[app]
    path = write(tmp_path / "x.csv", header, row, walk() * per_g)
    assert detect(path) == "csv"
    recording = open_recording(path)
    blocks = list(recording.blocks())
    codes = {notice.code for notice in recording.notices}
    start = blocks[0].start_utc
    assert recording.fs_hz == pytest.approx(50, rel=1e-3)
    np.testing.assert_allclose(
        np.concatenate([b.acc for b in blocks])[:499], walk()[:499], atol=2e-3
    )
    if is_dated:
        assert abs((start - START).total_seconds()) < 1e-3
    assert ("time.no_start" in codes) == (not is_dated)


@pytest.mark.parametrize(
    "header",
    [
        '"Time (s)","Linear Acceleration x (m/s^2)","Linear Acceleration y (m/s^2)",'
        '"Linear Acceleration z (m/s^2)"',
        "time,linear_acc_x,linear_acc_y,linear_acc_z",
        "timestamp,userAcceleration.x,userAcceleration.y,userAcceleration.z",
        "loggingTime,motionUserAccelerationX(G),motionUserAccelerationY(G),motionUserAccelerationZ(G)",
    ],
)
def test_linear_acceleration_is_refused_with_what_to_export(header: str, tmp_path: Path) -> None:
    def row(i: int, v: list[str]) -> str:
        return f"{i * 0.02:.3f},{v[0]},{v[1]},{v[2]}"

    path = write(tmp_path / "x.csv", header, row, walk())
    with pytest.raises(UnreadableFile, match=r"without gravity.*TotalAcceleration\.csv"):
        open_recording(path)


@pytest.mark.parametrize("amplitude", [0.02, 0.5, 0.8, 4.0, 8.0])
def test_sensor_loggers_accelerometer_is_refused_by_its_values(
    amplitude: float, tmp_path: Path
) -> None:
    """In m/s² and without gravity: at about 1 it looks like g, at about 10 like m/s²."""
    header, row, _, _ = APPS["Sensor Logger, total acceleration"]
    t = np.arange(500) / 50
    free = amplitude * np.column_stack(
        [np.sin(2 * np.pi * 2 * t + shift) for shift in (0.0, 1.0, 2.5)]
    )
    path = write(tmp_path / "Accelerometer.csv", header, row, free)
    with pytest.raises(UnreadableFile, match=r"gravity.*TotalAcceleration\.csv"):
        list(open_recording(path).blocks())


@pytest.mark.parametrize(
    "name",
    [
        "Pixel_Jamie_Carpet_InHand_1",
        "Pixel_Jamie_Hard_FrontPocket_1",
        "Pixel_Jamie_Hard_SwingingArm_1",
    ],
)
def test_a_real_walk_is_told_from_itself_without_gravity(name: str, tmp_path: Path) -> None:
    table = pl.read_parquet(phone_walk(name)[0])
    assert list(open_recording(phone_walk(name)[0]).blocks())
    window = round(2 / float(table["t_s"].diff().median()))  # of two seconds
    free = table.with_columns(
        pl.col("x", "y", "z") - pl.col("x", "y", "z").rolling_mean(window, center=True)
    ).drop_nulls()
    size = np.linalg.norm(free.select("x", "y", "z").to_numpy(), axis=1)
    # The worst of it: what is left has the size of gravity in some unit.
    free = free.with_columns(pl.col("x", "y", "z") / float(np.median(size)))
    free.write_csv(tmp_path / "x.csv")
    with pytest.raises(UnreadableFile, match="without gravity"):
        list(open_recording(tmp_path / "x.csv").blocks())


def test_a_unit_that_gravity_contradicts_is_refused(tmp_path: Path) -> None:
    header, row, _, _ = APPS["phyphox, acceleration with g"]
    path = write(tmp_path / "x.csv", header, row, 0.05 * walk())
    with pytest.raises(UnreadableFile, match="without gravity"):
        open_recording(path)


def test_rows_of_epochs_are_not_taken_for_samples(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "time,x,y,z", lambda i, v: f"{i * 60},{','.join(v)}", walk())
    with pytest.raises(UnreadableFile, match="sampling rate"):
        open_recording(path)
