"""The catalogues of the app's texts: `python tools/words.py` finds the texts and compiles.

It reads every text marked in the code, the templates and the data files (TEXTS), brings the
catalogues (.po) up to date and compiles them (.mo). Then translate what is left open, listed
at the end, with any editor for .po files, and run it again. `--check` changes nothing, and
fails where a run would.
"""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from backstride.words import CATALOGUES, folder

ROOT = Path(__file__).parent.parent
CODE = ROOT / "src" / "backstride"
WEB = CODE / "web"
# Texts in data files: for each file, the keys whose strings a person reads.
TEXTS = {
    "regimen/protocols/*.toml": ("title", "text"),
    "regimen/routine.toml": ("text",),
    "regimen/exercises.toml": ("name", "steps", "feel"),
    "screening/red_flags.toml": (
        *("title", "intro", "text", "help", "answering", "label"),
        *("reason", "do", "steps", "why"),
    ),
    "outcomes/instruments/*.toml": ("name", "attribution", "permission", "unit"),
    "outcomes/body.toml": ("name",),
    "outcomes/episodes.toml": ("text", "question"),
    "outcomes/medication.toml": ("classes", "text", "key"),
    "outcomes/mobility.toml": ("safety", "title", "unit", "how"),
    "web/help/flare.toml": ("title", "text"),
    "web/help/cards/*.toml": ("title", "gist", "text", "words", "points"),
}
SAY = {"say": None, "say_many": (1, 2)}
DJANGO = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLURALS = {"es": "nplurals=2; plural=(n != 1);", "zh-hans": "nplurals=1; plural=0;"}
DATED = datetime(2026, 1, 1, tzinfo=UTC)
Found = tuple[Any, str | None, str]  # message, context, where


def catalogues() -> Iterator[tuple[Path, str, list[Found]]]:
    """Each folder of catalogues, the catalogue's name in it, and the texts that it is for."""
    for package in sorted(path for path in CODE.iterdir() if path.is_dir() and path != WEB):
        yield CATALOGUES, package.name, [*_python(package, SAY), *_data(package)]
    yield CATALOGUES, "errors", list(_extracted(CODE / "errors.py", SAY))
    yield CATALOGUES, "web", [*_data(WEB), *_python(WEB, SAY)]
    yield WEB / "locale", "django", list(_templates(WEB / "templates"))
    for app in sorted(path for path in WEB.iterdir() if (path / "__init__.py").exists()):
        yield app / "locale", "django", [*_python(app, DJANGO), *_templates(app / "templates")]


def _python(room: Path, keywords: dict[str, Any]) -> Iterator[Found]:
    for path in sorted(room.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _extracted(path, keywords)


def _extracted(path: Path, keywords: dict[str, Any]) -> Iterator[Found]:
    for _line, message, _notes, context in extract_from_file("python", path, keywords=keywords):
        yield message, context, _place(path)


def _templates(room: Path) -> Iterator[Found]:
    for path in sorted([*room.rglob("*.html"), *room.rglob("*.txt")]):
        code = templatize(path.read_text("utf-8"), origin=str(path))
        lines = io.BytesIO("\n".join(line.strip() for line in code.splitlines()).encode())
        for _line, message, _notes, context in extract("python", lines, keywords=DJANGO):
            yield message, context, _place(path)


def _data(room: Path) -> Iterator[Found]:
    for pattern, keys in TEXTS.items():
        for path in sorted(CODE.glob(pattern)):
            if path.is_relative_to(room):
                for text in _texts(tomllib.loads(path.read_text("utf-8")), keys, told=False):
                    yield text, None, _place(path)


def _texts(value: Any, keys: tuple[str, ...], *, told: bool) -> Iterator[str]:
    """All strings under the named keys, however deep they stand."""
    if isinstance(value, str):
        if told and value.strip():
            yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, keys, told=told or key in keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, keys, told=told)


def _place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def merged(path: Path, language: str, found: Iterable[Found]) -> Catalog:
    """The catalogue at `path` with the texts found: old ones gone, new ones open."""
    old = read(path, language)
    new = Catalog(locale=folder(language), project="Backstride", charset="utf-8")
    new.header_comment = "# Texts of Backstride. Made by tools/words.py; translate the msgstr."
    new.mime_headers = [("Plural-Forms", PLURALS[language])]
    new.fuzzy = False
    for message, context, place in found:
        new.add(message, None, [(place, None)], context=context)
    for message in new:
        known = old.get(message.id, context=message.context) if message.id else None
        if known and known.pluralizable == message.pluralizable:
            message.string = known.string
            message.user_comments = known.user_comments
    return new


def read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=folder(language))
    with path.open("rb") as file:
        return read_po(file, locale=folder(language))


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as .po and as .mo; the same each time, so of one date."""
    catalogue.creation_date = catalogue.revision_date = DATED
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=96, sort_output=True)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def is_open(message: Any) -> bool:
    told = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(message.id) and not all(told)


def main() -> None:
    check = "--check" in sys.argv
    stale, left = [], []
    for home, name, found in catalogues():
        for language in PLURALS if found else ():
            path = home / folder(language) / "LC_MESSAGES" / f"{name}.po"
            catalogue = merged(path, language, found)
            left += [(path, message.id) for message in catalogue if is_open(message)]
            for target, content in zip(
                (path, path.with_suffix(".mo")), written(catalogue), strict=True
            ):
                if target.exists() and target.read_bytes() == content:
                    continue
                stale.append(target)
                if not check:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
    for path, message in left:
        print(f"open: {_place(path)}: {message!r}")
    for path in stale:
        print(f"{'stale' if check else 'made'}: {_place(path)}")
    print(f"{len(left)} texts to translate")
    sys.exit(bool(check and (stale or left)))


if __name__ == "__main__":
    main()
