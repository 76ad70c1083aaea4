"""Open mHealth and IEEE 1752: the schemas' own examples, and the shapes that exports give them."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import imports
from backstride.errors import BackstrideError, UnreadableFile

EXAMPLES = Path(__file__).parent.parent / "data" / "open-mhealth"
BERLIN = "Europe/Berlin"


def put(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "points.dat"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def read(path: Path, zone: str = BERLIN) -> imports.Imported:
    assert imports.detect(path) == "open_mhealth"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def point(
    body: dict[str, Any], name: str = "step-count", modality: str = "sensed", source: str = "Acme"
) -> dict[str, Any]:
    return {
        "header": {
            "id": "123e4567-e89b-12d3-a456-426655440000",
            "creation_date_time": "2025-07-01T07:25:00Z",
            "schema_id": {"namespace": "omh", "name": name, "version": "3.0"},
            "acquisition_provenance": {"source_name": source, "modality": modality},
        },
        "body": body,
    }


def during(**interval: Any) -> dict[str, Any]:
    return {"effective_time_frame": {"time_interval": interval}}


def steps(count: Any = 600, **interval: Any) -> dict[str, Any]:
    interval = interval or {
        "start_date_time": "2025-06-30T08:00:00+02:00",
        "end_date_time": "2025-06-30T08:10:00+02:00",
    }
    return {"step_count": {"value": count, "unit": "steps"}, **during(**interval)}


AT = datetime(2025, 6, 30, 6, tzinfo=UTC)
UNTIL = datetime(2025, 6, 30, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "start", "end", "amounts"),
    [
        (
            "step-count-1.0.with-time-frame",
            "2013-02-05 06:25",
            "2013-02-05 07:25",
            (6000, None, None),
        ),
        (
            "step-count-2.0.valid-step-count",
            "2016-02-05 06:25",
            "2016-02-05 07:25",
            (6000, None, None),
        ),
        (
            "step-count-3.0.valid-step-count",
            "2016-02-05 06:25",
            "2016-02-05 07:25",
            (10600, None, None),
        ),
        (
            "physical-activity-1.0.with-time-frame",  # "morning": no one knows how much of it
            "2013-02-05 05:00",
            "2013-02-05 11:00",
            (None, pytest.approx(1.5 * 1609.344), None),
        ),
        (
            "physical-activity-2.0.with-effective-duration",
            "2015-02-06 06:25",
            "2015-02-06 07:25",
            (None, pytest.approx(3.1 * 1609.344), 44 * 60),
        ),
    ],
)
def test_examples_of_the_schemas(name: str, start: str, end: str, amounts: tuple[Any, ...]) -> None:
    got = read(EXAMPLES / f"{name}.json")
    (row,) = got.samples.rows()
    assert [f"{at:%Y-%m-%d %H:%M}" for at in row[:2]] == [start, end]
    assert row[2:5] == amounts
    assert row[5:] == ("Open mHealth", "app", None)


@pytest.mark.parametrize(
    ("name", "measure", "value"),
    [
        ("heart-rate-1.0.with-everything", "resting_heart_rate_bpm", 50),
        ("sleep-duration-2.0.valid-sleep-duration", "sleep_s", 27_000),
    ],
)
def test_examples_of_measures(name: str, measure: str, value: float) -> None:
    got = read(EXAMPLES / f"{name}.json")
    assert got.measures.select("measure", "value").rows() == [(measure, value)]
    assert got.samples.is_empty()


@pytest.mark.parametrize(
    ("name", "skipped"),
    [
        ("step-count-3.0.with-average", "step count, average"),
        ("physical-activity-2.0.with-time-frame", "activity: golf"),
    ],
)
def test_examples_that_are_no_count_of_walking(name: str, skipped: str) -> None:
    got = read(EXAMPLES / f"{name}.json")
    assert got.samples.is_empty()
    assert got.skipped_counts == {skipped: 1}


POINTS = [
    point(steps(600)),
    point(steps(70, start_date_time="2025-06-30T09:00:00Z", duration={"value": 10, "unit": "min"})),
]


@pytest.mark.parametrize(
    "content",
    [
        POINTS,
        {"body": POINTS},
        "\n".join(map(json.dumps, POINTS)) + "\n",
        {"header": POINTS[0]["header"], "body": [one["body"] for one in POINTS]},
        {"header": POINTS[0]["header"], "body": {"steps": [one["body"] for one in POINTS]}},
    ],
    ids=["list", "body", "lines", "one header", "lists in a body"],
)
def test_shapes_of_files(tmp_path: Path, content: Any) -> None:
    got = read(put(tmp_path, content))
    assert got.samples.select("start", "steps", "source").rows() == [
        (AT, 600, "Acme"),
        (datetime(2025, 6, 30, 9, tzinfo=UTC), 70, "Acme"),
    ]
    assert got.read_count == 2


def test_zip_of_files(tmp_path: Path) -> None:
    path = tmp_path / "z"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Étude/a.json", json.dumps(POINTS[0]))
        archive.writestr("Étude/b.json", json.dumps(POINTS[1]))
        archive.writestr("Étude/c.json", json.dumps(POINTS[1])[:-5])
        archive.writestr("Étude/participants.tsv", "id\tage\n")
    got = read(path)
    assert got.samples["steps"].to_list() == [600, 70]
    assert got.refused_counts == {"c.json": 1}
    assert got.skipped_counts == {"participants.tsv": 1}


def test_activities_with_steps_as_ieee_has_them(tmp_path: Path) -> None:
    """As the wearables' files of AI-READI are laid out; its readers on GitHub show the keys."""
    span = {"start_date_time": "2025-06-30T06:00:00Z", "end_date_time": "2025-06-30T06:10:00Z"}
    activity = [
        {
            "activity_name": name,
            "base_movement_quantity": {"value": count, "unit": "steps"},
            **during(**span),
        }
        for name, count in [("walking", 1100), ("running", 1500), ("sedentary", 0), ("generic", 20)]
    ]
    heart = [
        {
            "heart_rate": {"value": 99, "unit": "beats/min"},
            "effective_time_frame": {"date_time": at},
        }
        for at in ("2025-06-30T06:05:00Z", "2025-06-30T07:05:00Z")
    ]
    header = {"uuid": "u", "schema_id": {"namespace": "ieee", "name": "physical-activity"}}
    content = {"header": header, "body": {"activity": activity, "heart_rate": heart}}
    got = read(put(tmp_path, content))
    assert sorted(got.samples.select("steps", "walking_s").rows(), key=str) == sorted(
        [(1100, 600), (1500, None), (0, None), (20, None)], key=str
    )
    assert got.measures.select("start", "measure", "value").rows() == [
        (datetime(2025, 6, 30, 6, 5, tzinfo=UTC), "heart_rate_bpm", 99)
    ]
    assert got.skipped_counts == {"heart rate outside of walks": 1}


def test_reported_by_the_person_is_manual(tmp_path: Path) -> None:
    got = read(put(tmp_path, [point(steps(), modality="self-reported")]))
    assert got.samples.select("device", "flag").rows() == [("manual", "entered by hand")]


@pytest.mark.parametrize(
    ("interval", "start", "end"),
    [
        (
            {"end_date_time": "2025-06-30T06:10:00Z", "duration": {"value": 10, "unit": "min"}},
            AT,
            UNTIL,
        ),
        (
            {"date": "2025-03-30"},
            datetime(2025, 3, 29, 23, tzinfo=UTC),
            datetime(2025, 3, 30, 22, tzinfo=UTC),
        ),
        (
            {"date": "2025-06-30", "part_of_day": "evening"},
            datetime(2025, 6, 30, 16, tzinfo=UTC),
            datetime(2025, 6, 30, 22, tzinfo=UTC),
        ),
        (
            {"start_date_time": "2025-06-30T08:00:00", "end_date_time": "2025-06-30T08:10:00"},
            AT,
            UNTIL,
        ),
    ],
)
def test_intervals(
    tmp_path: Path, interval: dict[str, Any], start: datetime, end: datetime
) -> None:
    got = read(put(tmp_path, point(steps(5, **interval))))
    assert got.samples.select("start", "end").rows() == [(start, end)]


def test_bad_points_are_refused(tmp_path: Path) -> None:
    span = {"start_date_time": "2025-06-30T06:00:00Z", "end_date_time": "2025-06-30T06:10:00Z"}
    bad = [
        steps("many"),
        steps(-1),
        steps(float("inf")),
        steps(10**400),
        steps(5, start_date_time="1601-01-01T00:00:00Z", end_date_time="1601-01-01T00:10:00Z"),
        steps(5, start_date_time="2300-01-01T00:00:00Z", end_date_time="2300-01-01T00:10:00Z"),
        steps(5, start_date_time="2025-06-30T06:00:00Z"),
        steps(5, start_date_time="2025-06-30T06:00:00Z", duration={"value": 1e308, "unit": "d"}),
        steps(5, date="2025-06-30", part_of_day="teatime"),
        steps(5, date={"a": []}),
        {"step_count": {"value": 5, "unit": "leagues"}, **during(**span)},
        {"step_count": [5], **during(**span)},
        {"step_count": 5, "effective_time_frame": "today"},
    ]
    got = read(put(tmp_path, [*map(point, bad), point(steps(1)), "no point", None]))
    assert got.samples["steps"].to_list() == [1]
    assert got.refused_counts == {"step count": len(bad), "data point": 2}
    assert codes(got)["imports.refused.unit"] == 1


def test_a_walk_of_many_hours_was_never_stopped(tmp_path: Path) -> None:
    span = {"start_date_time": "2025-06-30T06:00:00Z", "end_date_time": "2025-06-30T19:00:00Z"}
    got = read(put(tmp_path, point({"activity_name": "Walking", **during(**span)})))
    assert codes(got) == {"imports.flagged.never_stopped": 1}


def test_damaged_and_hostile_files(tmp_path: Path) -> None:
    whole = json.dumps(POINTS)
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(put(tmp_path, whole[:-20]))
    deep = whole.replace('"steps"', "[" * 200_000, 1)
    with pytest.raises(UnreadableFile, match="nested"):
        read(put(tmp_path, deep))
    nested: Any = POINTS[0]
    for _ in range(50):
        nested = {"body": nested, "header": POINTS[0]["header"]}
    got = read(put(tmp_path, nested))
    assert got.skipped_counts == {"nested too deep": 1}


def test_a_line_that_is_cut(tmp_path: Path) -> None:
    lines = [json.dumps(one) for one in POINTS]
    got = read(put(tmp_path, "\n".join([*lines, lines[0][:-3]])))
    assert got.read_count == 2
    assert got.refused_counts == {"line": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "body",
                    "header",
                    "step_count",
                    "activity_name",
                    "distance",
                    "value",
                    "unit",
                    "date",
                    "effective_time_frame",
                    "time_interval",
                    "start_date_time",
                    "duration",
                    "heart_rate",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_any_json_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, first: Any, second: Any
) -> None:
    content = [point(first), {"effective_time_frame": first, "step_count": second}, second]
    try:
        got = imports.read(put(tmp_path_factory.mktemp("o"), content))
    except BackstrideError:
        return
    assert got.samples["start"].null_count() == 0
