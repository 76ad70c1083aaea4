"""The fast scan of Apple Health's XML against expat: the same import, or it gives up.

Expat is the reference: for every file that the scan takes, expat must take it, and both must
give the same. What expat refuses, the scan may never take.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstride import imports, sample_data
from backstride.errors import UnreadableFile
from backstride.imports import apple_health, containers
from backstride.imports.apple_health.stream import GaveUp
from imports.apple_xml import DISTANCE, STEPS, WATCH, document, record

T0, T1 = "2024-05-01 10:00:00 +0100", "2024-05-01 10:05:00 +0100"
WALK = "HKWorkoutActivityTypeWalking"
HEART = "HKQuantityTypeIdentifierHeartRate"
SPEED = "HKQuantityTypeIdentifierWalkingSpeed"
MINDFUL = "HKCategoryTypeIdentifierMindfulSession"
PATH = Path("export.xml")
GAVE_UP = "gave up"


def pieces_of(content: bytes, size: int) -> Iterator[bytes]:
    yield from (content[at : at + size] for at in range(0, len(content), size))


def by(reader: Any, content: bytes, *at_once: int) -> imports.Imported | str:
    """What a pass gives: the import, an error's words, or that it gave up."""
    try:
        pieces = pieces_of(content, *(at_once or (1 << 18,)))
        passed = reader(PATH, pieces, lambda _done: None, *at_once)
        return apple_health.sifted(*passed, "UTC")
    except UnreadableFile as error:
        return str(error)
    except GaveUp:
        return GAVE_UP


def told(got: imports.Imported) -> list[Any]:
    """All that an import says, to be compared."""
    frames = [got.samples.rows(), got.measures.rows()]
    counts = [dict(c) for c in (got.read_counts, got.skipped_counts, got.refused_counts)]
    return [*frames, *counts, list(got.notices), got.exported_at, got.birth_year]


def taken(content: bytes | str, size: int = 1 << 18) -> bool:
    """Hold the scan against expat; whether it took the file rather than gave up."""
    content = content if isinstance(content, bytes) else content.encode()
    scanned = by(apple_health.scanned, content, size)
    if scanned == GAVE_UP:
        return False
    assert isinstance(scanned, imports.Imported), scanned
    parsed = by(apple_health.parsed, content)
    assert isinstance(parsed, imports.Imported), f"the scan took what expat refuses: {parsed}"
    assert told(scanned) == told(parsed)
    return True


def real(name: str) -> bytes:
    with containers.opened(sample_data.path(name)) as files:
        largest = max(files.names, key=files.size)
        return b"".join(files.chunks(largest))


REAL = ["apple-tdda/export.xml", "apple-dogsheep/export.zip"]


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("size", [1 << 18, 1000, 37])
def test_real_exports_are_taken(name: str, size: int) -> None:
    assert taken(real(name), size)


KINDS = st.sampled_from(
    [STEPS, DISTANCE, WALK, HEART, SPEED, MINDFUL, "HKQuantityTypeIdentifierBodyMass", "other", "ü"]
)
STAMPS = st.one_of(
    st.sampled_from([T0, T1]),
    st.sampled_from([T0, T1]),
    st.datetimes().map(lambda at: f"{at:%Y-%m-%d %H:%M:%S} +0100".rjust(25, "0")),
    st.sampled_from(
        [T0, T1, "2024-02-29 23:59:59 -0930", "2023-02-29 00:00:00 +0000", "2024-05-01 10:00:00",
         "2024-05-01 24:00:00 +0000", "2024-05-01 10:00:60 +0000", "2024-05-01 10:00:00 +2460",
         "2024-05-01T10:00:00 +0000", " 2024-05-01 10:00:00 +0000", "1600-01-01 00:00:00 +0000",
         "9999-12-31 23:59:59 -2359", "0000-01-01 00:00:00 +0000", "2024-05-01 10:00:00 +01:00", ""]
    ),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(0, 200).map(str),
    st.decimals(0, 10, places=3, allow_nan=False).map(str),
    st.floats().map(repr),
    st.integers(-5, 10**20).map(str),
    st.decimals(0, 100, places=17, allow_nan=False).map(str),
    st.sampled_from(
        ["", " 5", "5 ", "+5", ".5", "5.", "1e3", "1E-05", "1e", "0x1F", "-0", "--1", "1_000", "٣",
         "0.30000000000000004", "123456789012345", "1234567890123456", "HKCategoryValue", "1e999",
         "9" * 40, "0." + "1" * 31, "inf", "nan", "-", "1.2.3", "1,5"]
    ),
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        ["count", "km", "m/s", "count/min", "min", "hr", "Anna’s iPhone", "Health", WATCH, "iPad"]
    ),
    st.integers(0, 1 << 40).map(lambda at: WATCH.replace("0x1", f"0x{at:x}")),
    st.text(max_size=12),
)
NAMES = {
    "type": KINDS, "workoutActivityType": KINDS, "value": NUMBERS, "duration": NUMBERS,
    "unit": TEXTS, "durationUnit": TEXTS, "sourceName": TEXTS, "device": TEXTS,
    "startDate": STAMPS, "endDate": STAMPS, "creationDate": STAMPS, "sourceVersion": TEXTS,
    "key": st.sampled_from(["HKWasUserEntered", "HKTimeZone", "HKWasUserEntereD"]),
}  # fmt: skip
# A record that can be believed, with the unit that few records of its kind have.
SOUND = {
    "startDate": st.just(T0), "endDate": st.just(T1), "value": st.integers(0, 200).map(str),
    "duration": st.just("4.5"), "durationUnit": st.just("min"),
    "unit": st.sampled_from(["count", "km", "m/s", "count/min"]),
}  # fmt: skip
NUMERIC = st.integers(0, 1 << 40).map(lambda n: [n % 37 == k for k in range(20)])
USUAL = {
    "Record": ["type", "sourceName", "device", "unit", "startDate", "endDate", "value"],
    "Workout": ["workoutActivityType", "duration", "durationUnit", "sourceName", "startDate",
                "endDate"],
    "MetadataEntry": ["key", "value"],
    "WorkoutEvent": ["type"], "Correlation": ["type"], "Me": ["value"], "ExportDate": ["value"],
}  # fmt: skip


def escaped(text: str, numeric: bool) -> str:
    """As an attribute's value; all characters as references where `numeric`."""
    sound = "".join(c for c in text if c in "\t\n\r" or c >= " ")
    if numeric:
        return "".join(f"&#{ord(c)};" if ord(c) % 2 else f"&#x{ord(c):X};" for c in sound)
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        sound = sound.replace(mark, entity)
    return sound


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(st.sampled_from([*USUAL, "Record", "Record", "Record"]))
    names = list(USUAL[name])
    if draw(st.integers(0, 4)) == 0:
        names = draw(st.lists(st.sampled_from(list(NAMES)), unique=draw(st.booleans())))
    sound = draw(st.booleans())
    attributes = "".join(
        f' {one}="{escaped(draw((SOUND if sound else NAMES).get(one, NAMES[one])), numeric)}"'
        for one, numeric in zip(names, draw(NUMERIC), strict=False)
    )
    few = draw(st.integers(0, 2)) if depth < 3 else 0
    children = "".join(draw(elements(depth + 1)) for _ in range(few))
    space = draw(st.sampled_from(["", "\n", " \r\n\t", "  "]))
    if not children and draw(st.booleans()):
        return f"<{name}{attributes}{space}/>{space}"
    return f"<{name}{attributes}>{space}{children}</{name}>{space}"


EXPORTS = st.lists(elements(), max_size=8).map(lambda parts: document(*parts))
MANY = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(EXPORTS, st.sampled_from([1 << 18, 64, 7]))
def test_made_up_exports(content: str, size: int) -> None:
    taken(content, size)


TAKEN = [
    document(record(T0, T1, "5"), '<Record type="other"/>', record(T1, T1, "7", is_manual=True)),
    document(record(T0, T1, "0.30000000000000004", DISTANCE, "km", "Kä & <Ö> \U0001f6b6", WATCH)),
    document(f'<Correlation type="x">\n {record(T0, T1, "5")}</Correlation>'),
    document('<Record  type="a"\tvalue="&#10;&#x1F600;&apos;"\r\n></Record>', record(T0, "", " 5")),
    document("".join(f'<Record type="kind {n % 1200}"/>' for n in range(3000))),
    document("".join(record(T0, T1, "1", source=f"source {n}") for n in range(9000))),
    document("".join(record(T0, T1, f"{n}", is_manual=n % 3 == 0) for n in range(70_000))),
    document("<a>" * 60 + "</a>" * 60),
    document('<Record type="&#65;"/>', record(T0, T1, "5", STEPS.replace("H", "&#72;"))),
    document(record(T0, T1, "5", is_manual=True).replace("HKWas", "&#x48;KWas")),
]  # fmt: skip


@pytest.mark.parametrize("content", TAKEN)
@pytest.mark.parametrize("size", [1 << 18, 999])
def test_what_apple_writes_is_taken(content: str, size: int) -> None:
    assert taken(content, size)


GIVEN_UP = [
    document("<!-- a comment -->"), document("text"), document("<Record type='a'/>"),
    document("<![CDATA[ ]]>"), document("<a.b/>"), document('<Record type="a" type="a"/>'),
    document('<Me/><Record type="a" key="' + "x" * 70_000 + '"/>') * 2,
    document(record(T0, T1, "5"), '<ExportDate value="2024-05-01 00:00:00 +0000"/>'),
    document(*[record(T0, T1, "+5")] * 1001), document().rstrip() + "<a/>",
]  # fmt: skip


@pytest.mark.parametrize("content", GIVEN_UP)
def test_what_apple_never_writes_is_left_to_expat(content: str) -> None:
    assert by(apple_health.scanned, content.encode()) == GAVE_UP


def test_file_that_the_scan_gives_up_on_is_read_all_the_same(tmp_path: Path) -> None:
    path, told = tmp_path / "export.xml", list[int]()
    path.write_text(document(*[record(T0, T1, "5")] * 5000, "<!-- end -->"))
    got = imports.read(path, lambda done, _total: told.append(done))
    assert got.samples["steps"].sum() == 25_000
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size


SPLICES = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(
        [b"<", b">", b"/>", b"</", b'"', b"'", b"&", b"&lt;", b"&#0;", b"&#xD800;", b"&#x1F600;",
         b"]]>", b"<!-- x -->", b"<![CDATA[x]]>", b"<?x y?>", b"\0", b"\x0b", b"\xc3\xa9",
         b"\xed\xa0\x80", b"\xef\xbf\xbe", b"\xef\xbb\xbf", b"\xf4\x90\x80\x80",
         b"\xf0\x9f\x98\x80", b"\xc0\x80", b' value="1"', b"</Record>", b"<Record>",
         b"</HealthData>", b"\r\n", b"&bogus;", b"="]
    ),
)  # fmt: skip


@MANY
@given(st.one_of(EXPORTS.map(str.encode), st.sampled_from(REAL).map(real)), st.data())
def test_mutated_exports(content: bytes, data: st.DataObject) -> None:
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed)))
        changed[at : at + data.draw(st.integers(0, 3))] = data.draw(SPLICES)
    taken(bytes(changed), data.draw(st.sampled_from([1 << 18, 61])))


@MANY
@given(st.sampled_from(REAL).map(real), st.data())
def test_exports_that_break_off(content: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(content.rstrip()) - 1))
    assert not taken(content[:at])
