"""What README.md and docs/*.md tell people to type works as written, and their links lead on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from docs.pages import PAGES, ROOT, blocks
from docs.terminal import serving, type_in, words_of

NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def typed_lines(name: str) -> list[str]:
    """The lines of a page's ```sh blocks, in order."""
    text = (ROOT / name).read_text("utf-8")
    lines = [line.strip() for block in blocks(text, "sh") for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def commands(name: str) -> list[str]:
    return [line for line in typed_lines(name) if words_of(line)[:1] == ["backstride"]]


def test_there_are_commands_to_try():
    assert len(commands("README.md")) >= 5
    assert sum(len(commands(name)) for name in NAMES) >= 15


@pytest.mark.parametrize("name", [name for name in NAMES if commands(name)])
def test_the_commands_of_a_page_work_in_order(name, place):
    folder, env = place
    for line in commands(name):
        if words_of(line)[1] == "serve":
            with serving(line, env, folder):
                continue
        done = type_in(line, env, folder)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        for out in re.findall(r"(?:--out|>) (\S+)", line):
            assert (folder / out).stat().st_size > 0, line


@pytest.mark.parametrize("name", NAMES)
def test_make_knows_the_targets(name):
    for line in typed_lines(name):
        words = words_of(line)
        if words and words[0] == "make":
            subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, check=True, capture_output=True)
        else:
            assert words[0] in {"backstride", "."}, f"{line}: not tried by any test"


LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
LINKING = [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "benchmarks/README.md"]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the sites that show Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in headings}


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.is_relative_to(ROOT), f"{target} leads out of the repository"
        assert there.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(there), f"{page.name} links to {target}"


def test_every_page_is_linked_from_another():
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in LINKING
        for target in LINK.findall(page.read_text("utf-8"))
    }
    assert {page for page in PAGES if page.name != "README.md"} <= linked


REGISTRIES = r"pypi\.org|pythonhosted|npmjs|crates\.io|proxy\.golang|conda\.anaconda|ghcr\.io"
MACHINE = r"(?<![\w.~-])/(?:work|root|home|Users|tmp|mnt|opt|srv)/\w"


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.name)
def test_no_page_names_a_registry_or_a_place_of_one_machine(page):
    found = re.findall(f"{REGISTRIES}|{MACHINE}|[A-Z]:\\\\", page.read_text("utf-8"))
    assert not found


@pytest.mark.parametrize("name", [name for name in NAMES if name != "docs/rules.md"])
def test_lines_are_short(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    text = [line for line in lines if "![" not in line]  # a picture's words are not to be cut
    assert not [line for line in text if len(line) >= 100]
