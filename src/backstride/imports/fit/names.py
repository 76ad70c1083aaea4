"""Which device wrote a FIT file, in the words its owner knows, after the profile's lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from backstride.imports.fit.format import Floats, Messages

FILE_ID, DEVICE_INFO = 0, 23
GARMIN = {1, 2, 13, 15}  # Garmin and its daughter, whose numbers of products are Garmin's
WATCHMAKERS = {*GARMIN, 16, 23, 71, 123, 294}  # Timex, Suunto, TomTom, Polar, Coros
PHONE_APPS = {265: "Strava"}
CREATOR = 0  # the device index of the one that wrote the file

_NO_WATCH = re.compile(
    r"edge|connect|plugin|tacx|training_center|etrex|oregon|rino|gpsmap|foretrex|virb|varia",
    re.IGNORECASE,
)
_WATCH = re.compile(r"watch|rival|amazfit|fenix|forerunner|wear", re.IGNORECASE)
_PHONE = re.compile(r"iphone|android|phone|pixel|galaxy s", re.IGNORECASE)
_REGION = re.compile(
    r"[_ ](apac|asia|japan|jpn|jp|china|chn|taiwan|twn|korea|kor|sea|emea|russia|thai|hebrew|ww)$"
)


@dataclass(frozen=True)
class Device:
    """`name` for people, `kind` as in SAMPLES (watch, phone, app), `serial` -1 if unknown."""

    name: str
    kind: str
    serial: int

    @property
    def key(self) -> int | str:
        """What tells two devices apart: files of one may name it differently, or not at all."""
        return self.serial if self.serial > 0 else self.name


def device_of(messages: Messages) -> Device:
    """The device that a file names as its creator."""
    _, _, (maker, product, serial) = messages.columns(FILE_ID, 1, 2, 3)
    texts = messages.texts(FILE_ID, 8)
    named = texts[0] if texts and texts[0] else _creator(messages)
    name, kind = _named(_first(maker), _first(product), named[:60])
    return Device(name, kind, _first(serial))


def _first(column: Floats) -> int:
    return int(column[0]) if len(column) and column[0] >= 0 else -1


def _creator(messages: Messages) -> str:
    _, _, (index,) = messages.columns(DEVICE_INFO, 0)
    names = messages.texts(DEVICE_INFO, 27)
    return next(
        (name for at, name in zip(index, names, strict=False) if at == CREATOR and name), ""
    )


@lru_cache(maxsize=256)
def _named(maker: int, product: int, given: str) -> tuple[str, str]:
    from fitdecode.profile import FIELD_TYPES  # here: a list of 16,000 lines

    company = str(FIELD_TYPES["manufacturer"].enum.get(maker, ""))
    model = str(FIELD_TYPES["garmin_product"].enum.get(product, "")) if maker in GARMIN else ""
    label = _spaced(model) or given
    brand = PHONE_APPS.get(maker) or ("Garmin" if maker in GARMIN else _title(company))
    if maker == 255:  # "development": what makes of no number of their own write
        brand = ""
    known = label.casefold().startswith(brand.casefold())
    name = " ".join(part for part in ("" if known else brand, label) if part)
    return name or "FIT", _kind(maker, f"{model} {given}")


def _kind(maker: int, model: str) -> str:
    if maker in PHONE_APPS or _PHONE.search(model):
        return "phone"
    if _WATCH.search(model) or (maker in WATCHMAKERS and not _NO_WATCH.search(model)):
        return "watch"
    return "app"


def _spaced(model: str) -> str:
    """`fr235_asia` as Forerunner 235, `fenix5s_plus` as fenix 5s plus, `vivo_fit` as vivofit."""
    plain = _REGION.sub("", model.removesuffix("_single_byte_product_id"))
    plain = re.sub(r"^fr(?=\d)", "Forerunner", plain).replace("vivo_", "vivo")
    plain = re.sub(r"(?<=[A-Za-z]{3})(?=\d)", " ", plain)
    return plain.replace("_", " ")


def _title(company: str) -> str:
    return company.replace("_", " ").title()
