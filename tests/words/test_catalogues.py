"""Every text of the app is translated, and its placeholders survive translation."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LANGUAGES = ("es", "zh_Hans")
CATALOGUES = sorted((ROOT / "src" / "backstride").rglob("LC_MESSAGES/*.po"))
HOLE = re.compile(r"%\(\w+\)s|\{\w*(?::[^{}]*)?\}|<[^>]*>|#")


def test_nothing_is_left_to_translate():
    """If this fails: `make words`, then translate what it lists as open."""
    done = subprocess.run(
        [sys.executable, "tools/words.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


@pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT / "src/backstride"))
)
def test_translations_have_the_same_holes(path):
    """The same numbers, names and tags to fill in, in whatever order."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        told = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = [sorted(HOLE.findall(text)) for text in asked]
        wrong += [(message.id, text) for text in told if sorted(HOLE.findall(text)) not in allowed]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["web/**/{}/LC_MESSAGES/django.po", "words/**/{}/**/*.po"])
def test_a_text_has_one_translation(language, name):
    """The site has one catalogue in the end: where two apps differ, the first would win."""
    told = defaultdict(set)
    for path in sorted((ROOT / "src" / "backstride").glob(name.format(language))):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    asked = message.id if isinstance(message.id, str) else message.id[0]
                    told[message.context, asked].add(str(message.string))
    assert len(told) > 100
    assert {asked: texts for asked, texts in told.items() if len(texts) > 1} == {}


def test_a_chinese_text_with_emergency_numbers_names_that_of_mainland_china_first():
    files = [path for path in CATALOGUES if "zh_Hans" in path.parts]
    files += (ROOT / "src/backstride").rglob("instruments/*.toml")
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    chinese = [line for line in lines if "急救电话" in line and "911" in line]
    assert len(chinese) >= 6
    assert [line for line in chinese if "例如120（中国大陆）、112" not in line] == []
