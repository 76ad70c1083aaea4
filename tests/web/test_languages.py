"""Every page in Chinese and in Spanish: no English is left, and no number breaks a page."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from backstride.web import demo, demo_back
from backstride.web.clinic.story import KINDS
from backstride.web.sharing import services as sharing
from backstride.web.sharing.services import Terms
from browser.test_accessible import VISITOR_PAGES, WALKER_PAGES

# The sheet of design parts is for those who build pages.
NOT_FOR_READERS = {"/about/design/"}
TOLD = ("alt", "aria-label", "title", "placeholder")
QUIET = {"script", "style", "code", "pre", "svg"}
VOID = {"meta", "link", "input", "br", "img", "hr", "source", "use", "area", "col", "wbr", "rect"}
# Names, units and file formats are the same in every language.
NAMES = {"Backstride", "Apache", "CE", "WalkBack", "Lancet", "English", "Español", "JavaScript"}
NAMES |= {"km", "min", "mg", "ml", "SVG", "PNG", "CSV", "PDF", "Watch", "iPhone"}
NAMES |= {"RMDQ", "PEG", "PSFS", "PGIC", "GROC", "NPRS", "EQ-", "Oswestry", "STarT", "Back"}
NAMES |= {
    "Keele",
    "University",
    "keele",
    "ac",
    "uk",
    "sbst",
    "distress",
    "Robin",
    "Demo",
    "Apache-",
}
# Whose exports are read, their file formats, and a maker's own word for a button, in brackets.
NAMES |= {"Apple", "Health", "Axivity", "ActiGraph", "GENEActiv", "Fitbit", "Garmin", "Google"}
NAMES |= {"Fit", "Takeout", "Drive", "Connect", "Open", "mHealth", "IEEE", "Oura", "Samsung"}
NAMES |= {"Strava", "Withings", "Coros", "Suunto", "Android", "FIT", "GPX", "TCX", "JSON", "API"}
NAMES |= {"zip", "Download", "AX", "GB", "MB", "KB", "Parquet", "README", "Sensor", "iOS"}
NAMES |= {"learned", "UTC", "RMDQ-"}
FILE = re.compile(r"[\w…/-]*\.\w[\w./-]*|GARMIN/\w+|date, steps")
BUTTON = re.compile(r"（[A-Za-z、 ]+）")
WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]+")


class Reader(HTMLParser):
    """What a page shows or has read out, apart from what is marked as English."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.told: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        quiet = tag in QUIET or found.get("lang") == "en" or found.get("translate") == "no"
        quiet = quiet or (bool(self._open) and self._open[-1][1])
        if not quiet:
            self.told += [found[name] for name in TOLD if found.get(name)]
        if tag not in VOID:
            self._open.append((tag, quiet))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not (self._open and self._open[-1][1]):
            self.told.append(" ".join(data.split()))


def english(page: str, own: set[str]) -> list[str]:
    """The texts of a Chinese page that hold words in Latin letters which are no names."""
    left = []
    for text in Reader(page).told:
        rest = text
        for name in own:
            rest = rest.replace(name, "")
        rest = BUTTON.sub("", FILE.sub("", rest))
        if any(word not in NAMES for word in WORD.findall(rest)):
            left.append(text)
    return left


def paths(walker) -> list[str]:
    sheet = walker.sheets.first().pk
    here = [p for p in WALKER_PAGES if "{walk}" not in p and "{consent}" not in p]
    pages = [p.format(sheet=sheet) for p in here]
    return [path for path in pages if path not in NOT_FOR_READERS]


@pytest.fixture
def walker(db):
    return demo.fill()


def test_no_english_is_left_on_a_chinese_page(walker, client):
    get_user_model().objects.update(language="zh-hans")
    own = {text for _, text in demo_back.NOTES} | set(demo_back.ACTIVITIES) | {walker.email}
    own |= set(walker.uploads.values_list("name", flat=True))
    left = {}
    for path in VISITOR_PAGES:
        page = client.get(path, headers={"accept-language": "zh-CN"}).content.decode()
        left[path] = english(page, own)
    client.force_login(walker)
    for path in paths(walker):
        page = client.get(path, follow=True).content.decode()
        assert '<html lang="zh-hans">' in page
        left[path] = english(page, own)
    found = sorted({f"{path}: {text}" for path, texts in left.items() for text in texts})
    assert not found, "\n".join(found)


def test_no_english_is_left_where_a_clinic_or_a_person_looks(walker, client):
    """The request with all its parts, the answer, what is shared live, and by a link."""
    staff, _password = demo.open_clinic()
    get_user_model().objects.update(language="zh-hans")
    clinic = staff.staff.clinic
    own = {text for _, text in demo_back.NOTES} | set(demo_back.ACTIVITIES)
    own |= {walker.email, staff.email, clinic.name, clinic.address, str(walker), str(staff)}
    left, today = {}, walker.today()

    def read(path):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        left[path] = english(answer.content.decode(), own)
        return answer

    client.force_login(walker)
    form = read(reverse("appointment_ask")).content.decode()
    seen = dict(re.findall(r'name="(seen_\w+)" value="(\w+)"', form))
    ticked = [name.removeprefix("seen_") for name in seen]
    assert {"safety", "week", "forms", "mood"} <= set(ticked)
    words = {"clinic": clinic.pk, "name": "Robin Demo", "message": "……", "share": ticked}
    page = client.post(reverse("appointment_ask"), words | seen).url
    asked = walker.appointment_requests.get()
    read(page)
    terms = Terms(list(KINDS), today - timedelta(days=60), today + timedelta(days=30))
    live, _token = sharing.give(walker, "clinic", terms, clinic=clinic)
    _link, token = sharing.give(walker, "link", terms, name="……")
    for name, *args in (("sharing",), ("sharing_seen", live.pk)):
        read(reverse(name, args=args))
    for kind in ("clinic", "person", "link"):
        read(reverse("sharing_give", args=[kind]))
    client.force_login(staff)
    for path in (reverse("inbox"), reverse("request", args=[asked.pk])):
        read(path)
    read(reverse("sharing_seen", args=[live.pk]))
    day = today + timedelta(days=7)
    offer = {"date": day.isoformat(), "time": "10:00", "minutes": 30}
    client.post(reverse("request", args=[asked.pk]), offer)
    read(f"{reverse('request', args=[asked.pk])}?given")
    client.force_login(walker)
    read(f"{page}?given")
    read(reverse("appointments"))
    client.logout()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    path = reverse("sharing_link", args=[token])
    read(path)
    client.post(path)
    read(f"{path}?opened")
    found = sorted({f"{path}: {text}" for path, texts in left.items() for text in texts})
    assert not found, "\n".join(found)


def test_spanish_numbers_break_no_page(walker, client):
    """A decimal comma is for people; in an attribute it is an error."""
    get_user_model().objects.update(language="es")
    client.force_login(walker)
    broken = re.compile(
        r"\s(?:value|min|max|step|width|height|x|y|cx|cy|r|d|points|viewBox|transform|data-[\w-]+)"
        r'="-?\d+,\d+"'
    )
    for path in paths(walker):
        assert broken.findall(client.get(path, follow=True).content.decode()) == [], path


def test_a_visitor_is_spoken_to_as_the_browser_asks(client, db):
    assert (
        "Iniciar sesión" in client.get("/", headers={"accept-language": "es-MX"}).content.decode()
    )
    assert "登录" in client.get("/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "Sign in" in client.get("/", headers={"accept-language": "fr"}).content.decode()


def test_a_language_is_picked_at_the_foot_and_kept(client, cleared_walker):
    answer = client.post(reverse("language"), {"language": "es", "next": "/help/"})
    assert answer.url == "/help/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    assert '<html lang="es">' in client.get("/").content.decode()
    client.force_login(cleared_walker)
    client.post(reverse("language"), {"language": "zh-hans"})
    cleared_walker.refresh_from_db()
    assert cleared_walker.language == "zh-hans"
    client.cookies.clear()
    client.force_login(cleared_walker)
    assert '<html lang="zh-hans">' in client.get("/").content.decode()


def test_a_visitor_picks_a_language_and_gets_no_other_cookie(client, walker):
    page = client.get("/help/").content.decode()
    assert 'class="languages" method="get"' in page
    answer = client.get(reverse("language"), {"language": "es", "next": "/help/"})
    assert answer.url == "/help/"
    assert list(answer.cookies) == [settings.LANGUAGE_COOKIE_NAME]
    assert "Ayuda" in client.get("/help/").content.decode()
    client.force_login(walker)
    client.get(reverse("language"), {"language": "zh-hans"})  # a link changes no account
    walker.refresh_from_db()
    assert walker.language == ""


def test_a_language_is_one_that_is_spoken_and_the_way_back_is_here(client, db):
    assert client.post(reverse("language"), {"language": "tlh"}).status_code == 400
    away = {"language": "es", "next": "https://elsewhere.example/"}
    assert client.post(reverse("language"), away).url == "/"


def test_miles_for_those_who_want_them(client, cleared_walker):
    from backstride.web.people.language import distance, speaking_with

    cleared_walker.unit = "mi"
    with speaking_with(cleared_walker):
        assert distance(2414) == "1.5 miles"
        assert distance(800) == "0.50 miles"
    cleared_walker.unit, cleared_walker.language = "km", "es"
    with speaking_with(cleared_walker):
        assert distance(2414) == "2,4 km"
        assert distance(803) == "800 m"
