"""Texts for people, in their language: `say` where a text is made, told where it is shown.

The layers below the web make their texts in English and keep what they were made from, so that
a reason stored in spring can be read in Spanish in autumn. A `Said` is a `str`: compared,
stored or searched it is the English text; `str()`, an f-string or a template shows it in the
language of whoever reads (`language`).
"""

from __future__ import annotations

import gettext
import html
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

LANGUAGES = {"en": "English", "es": "Español", "zh-hans": "简体中文"}
CATALOGUES = Path(str(files("backstride.words") / "locale"))
_LOCALES = {"en": "en_GB", "es": "es", "zh-hans": "zh_Hans"}
# How a day is written: by the pattern that English has (in the signs of CLDR), the others'.
DAYS = {
    "d": {"zh-hans": "d日"},
    "EEE": {},
    "EEEE": {},
    "MMM": {},
    "MMMM": {},
    "MMM y": {"zh-hans": "y年M月"},
    "MMMM y": {"es": "MMMM 'de' y", "zh-hans": "y年M月"},
    "EEE d": {"zh-hans": "d日 EEE"},
    "d MMM": {"zh-hans": "M月d日"},
    "d MMM y": {"zh-hans": "y年M月d日"},
    "d MMMM": {"es": "d 'de' MMMM", "zh-hans": "M月d日"},
    "d MMMM y": {"es": "d 'de' MMMM 'de' y", "zh-hans": "y年M月d日"},
    "EEE d MMM": {"es": "EEE d MMM", "zh-hans": "M月d日 EEE"},
    "EEE d MMM y": {"es": "EEE d MMM y", "zh-hans": "y年M月d日 EEE"},
    "EEE d MMMM": {"es": "EEE d 'de' MMMM", "zh-hans": "M月d日 EEE"},
    "EEEE d MMMM": {"es": "EEEE d 'de' MMMM", "zh-hans": "M月d日 EEEE"},
    "EEEE d MMMM y": {"es": "EEEE d 'de' MMMM 'de' y", "zh-hans": "y年M月d日 EEEE"},
}
_chosen: ContextVar[str | None] = ContextVar("language", default=None)
_asked: list[Callable[[], str | None]] = []


class Said(str):
    """An English text that can be told in another language.

    `template` and `values` are what it was made from; `many` is the template for other counts
    than one, `n` the count.
    """

    template: str
    many: str | None
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return _told(self, language())

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __html__(self) -> str:
        return html.escape(str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.template, self.many, dict(self.values))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Kept(Said):
    """A text that is kept in its languages side by side, as the instruments' files do (`kept`)."""

    texts: Mapping[str, str]

    def __reduce__(self) -> tuple[Any, ...]:
        return kept, (dict(self.texts),)


class On(Said):
    """A day or an instant, as the reader's language writes it (`day`)."""

    when: date
    pattern: str

    def __reduce__(self) -> tuple[Any, ...]:
        return day, (self.when, self.pattern)


def say(template: str, /, **values: Any) -> Said:
    """The text that `template` makes with `values`, as `str.format` does it.

    Numbers with a format (`{hours:.1f}`) are written as the reader's language does; a value may
    be `Said` itself, or a `day`.
    """
    return _made(template, None, values)


def say_many(one: str, many: str, n: float, /, **values: Any) -> Said:
    """As `say`, with the template for the count `n`, which is `{n}` in both."""
    return _made(one, many, {"n": n, **values})


def day(when: date, pattern: str = "d MMMM") -> On:
    """A day as people write it, by an English pattern that is a key of DAYS.

    After ", " the pattern may end with "HH:mm", for an instant in its own zone.
    """
    made = On(_day(when, pattern, "en"))
    made.template, made.many, made.values = "", None, {}
    made.when, made.pattern = when, pattern
    return made


def kept(texts: Mapping[str, str]) -> Kept:
    """A text of which `texts` has each language ("en", and "es", "zh" where there is one)."""
    made = Kept(texts["en"])
    made.template, made.many, made.values, made.texts = "", None, {}, texts
    return made


def listed(parts: Iterable[str], kind: Literal["standard", "or"] = "standard") -> Said:
    """Several texts as one list, "a, b and c"; with `kind` "or", "a, b or c"."""
    return _made("{parts}", None, {"parts": _Parts(tuple(parts), kind)})


def sentences(parts: Iterable[str]) -> Said:
    """Whole sentences one after another, as one text."""
    return _made("{parts}", None, {"parts": _Parts(tuple(parts), "sentences")})


def language() -> str:
    """The reader's language, a key of LANGUAGES."""
    asked = _chosen.get() or (_asked[0]() if _asked else None)
    return asked if asked in LANGUAGES else "en"


def ask(whose: Callable[[], str | None]) -> None:
    """Have the language told by `whose` from now on: the site asks who is signed in."""
    _asked[:] = [whose]


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Tells texts in the language `name` for as long as the block lasts."""
    token = _chosen.set(name)
    try:
        yield
    finally:
        _chosen.reset(token)


def number(value: float, spec: str = "") -> str:
    """`value` written by `spec`, with the separators of the reader's language."""
    return _number(format(value, spec), language())


def to_json(text: str) -> str | dict[str, Any]:
    """What `from_json` makes the text of again: a plain string where it is no more."""
    if isinstance(text, Kept):
        return {"kept": dict(text.texts)}
    if isinstance(text, On):
        return {"on": text.when.isoformat(), "pattern": text.pattern}
    if not isinstance(text, Said):
        return text
    values = {name: _value_to_json(value) for name, value in text.values.items()}
    if not values and text.many is None:
        return {"say": text.template}
    many = {} if text.many is None else {"many": text.many}
    return {"say": text.template, **many, "with": values}


def from_json(raw: str | dict[str, Any]) -> str:
    """The text that `to_json` gave. Raises KeyError or ValueError where it isn't one."""
    if isinstance(raw, str):
        return raw
    if "kept" in raw:
        return kept(raw["kept"])
    if "on" in raw:
        when = date if len(raw["on"]) == len("2026-11-26") else datetime
        return day(when.fromisoformat(raw["on"]), raw["pattern"])
    values = {name: _value_from_json(value) for name, value in raw.get("with", {}).items()}
    return _made(raw["say"], raw.get("many"), values)


def _value_to_json(value: Any) -> Any:
    if isinstance(value, _Parts):
        return {"parts": [to_json(part) for part in value.parts], "kind": value.kind}
    if isinstance(value, str):
        return to_json(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    # A number of numpy's stays one, so that its format still fits; all else is told as it is.
    return value.item() if hasattr(value, "item") else str(value)


def _value_from_json(value: Any) -> Any:
    if isinstance(value, dict) and "parts" in value:
        return _Parts(tuple(from_json(part) for part in value["parts"]), value["kind"])
    return from_json(value) if isinstance(value, str | dict) else value


def _made(template: str, many: str | None, values: Mapping[str, Any]) -> Said:
    made = Said(_filled(template if many is None or values["n"] == 1 else many, values, "en"))
    made.template, made.many, made.values = template, many, values
    return made


def _told(text: Said, name: str) -> str:
    if isinstance(text, On):
        return _day(text.when, text.pattern, name)
    if isinstance(text, Kept):
        return text.texts.get(name.partition("-")[0], text.texts["en"])
    if name == "en":
        return str.__str__(text)
    words = catalogue(name)
    if text.many is not None:
        template = words.ngettext(text.template, text.many, text.values["n"])
        return _filled(template, text.values, name)
    # To gettext, the empty text is the catalogue's own head.
    return _filled(words.gettext(text.template) if text.template else "", text.values, name)


def _filled(template: str, values: Mapping[str, Any], name: str) -> str:
    return _Filler(name).vformat(template, (), values) if values else template


class _Filler(string.Formatter):
    """`str.format` in one language."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        told = value.told(self.name) if isinstance(value, _Parts) else value
        return super().convert_field(told, conversion)

    def format_field(self, value: Any, spec: str) -> str:
        if isinstance(value, Said):
            return format(_told(value, self.name), spec)
        text = format(value, spec)
        return _number(text, self.name) if isinstance(value, int | float) else text


@dataclass(frozen=True)
class _Parts:
    parts: tuple[str, ...]
    kind: Literal["standard", "or", "sentences"]

    def told(self, name: str) -> str:
        told = [_told(part, name) if isinstance(part, Said) else part for part in self.parts]
        if self.kind == "sentences":
            return ("" if name.startswith("zh") else " ").join(told)
        from babel.lists import format_list

        return format_list(told, style=self.kind, locale=_LOCALES[name])


def _number(text: str, name: str) -> str:
    if name == "en":
        return text
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = _LOCALES[name]
    swap = {".": get_decimal_symbol(locale), ",": get_group_symbol(locale)}
    return "".join(swap.get(sign, sign) for sign in text)


def _day(when: date, pattern: str, name: str) -> str:
    from babel import dates

    of_day, _, clock = pattern.partition(", ")
    of_day = DAYS[of_day].get(name, of_day)
    # Plain "en": the British one has a "Sept" among months of three letters.
    locale = "en" if name == "en" else _LOCALES[name]
    told = dates.format_date(when, of_day, locale=locale)
    return f"{told}, {when:%H:%M}" if clock else told


@cache
def catalogue(name: str) -> gettext.NullTranslations:
    """All texts of the layers below the web in the language `name`."""
    found = gettext.NullTranslations()
    for path in sorted((CATALOGUES / folder(name) / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            one = gettext.GNUTranslations(file)
        one.add_fallback(found)
        found = one
    return found


def folder(name: str) -> str:
    """The language as gettext's folders are named: `zh_Hans` for `zh-hans`."""
    first, _, script = name.partition("-")
    return f"{first}_{script.title()}" if script else first
