"""docs/settings.md has every setting with its default, and none that is gone."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pages import PAGES, ROOT, blocks, code, tables

PREFIX = "BACKSTRIDE_"
READERS = {"setting", "flag", "names", "number"}  # of web/home.py; they add the prefix
# What the page says in words, since the default is no constant.
IN_WORDS = {
    "BACKSTRIDE_HOME": "a user's data folder",
    "BACKSTRIDE_SECRET_KEY": "made once",
    "BACKSTRIDE_SITE": "http://127.0.0.1:8000",
    "BACKSTRIDE_SHARED_DATA": "../shared/data",
}


def trees(*folders: str) -> list[tuple[Path, ast.Module]]:
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [(path, ast.parse(path.read_text("utf-8"))) for path in files]


def is_reader(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id in READERS and isinstance(node.args[0], ast.Constant)


def named(tree: ast.Module) -> set[str]:
    """The strings of a module that are the name of a setting and nothing else."""
    words = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {word for word in words if re.fullmatch(r"BACKSTRIDE_[A-Z_]*[A-Z]", word)}


def default_of(call: ast.Call) -> str:
    """The default that a call of setting, flag or names gives, as the page writes it."""
    given = [*call.args[1:], *(key.value for key in call.keywords if key.arg == "default")]
    if call.func.id == "flag":
        return "yes" if given and given[0].value else "no"
    return str(given[0].value) if given else "none"


def readers_in(tree: ast.Module) -> set[str]:
    """The readers of web/home.py that this module takes from there, or defines as home.py."""
    taken = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    here = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
    names = {a.name for n in taken if n.module == "backstride.web.home" for a in n.names}
    return READERS & (names or here)


def settings_read() -> dict[str, str]:
    """Every setting that the package reads, with its default."""
    found: dict[str, str] = {}
    for _, tree in trees("src/backstride"):
        if not readers_in(tree):
            continue
        for call in filter(is_reader, ast.walk(tree)):
            name = PREFIX + call.args[0].value
            default = IN_WORDS.get(name) or default_of(call)
            if found.get(name, "none") == "none":  # a second look may give none
                found[name] = default
            assert default in {found[name], "none"}, f"two defaults of {name}"
    for _, tree in trees("src/backstride"):
        for name in named(tree):
            found.setdefault(name, IN_WORDS.get(name, "none"))
    return found


def documented() -> dict[str, str]:
    rows = [row for table in tables("settings.md") for row in table.rows]
    return {code(name): code(default) for name, default, _ in rows}


def test_every_setting_is_there_with_its_default():
    known = documented()
    known.pop("BACKSTRIDE_SHARED_DATA")
    assert known == settings_read()


def test_no_setting_is_read_by_a_name_that_is_made_up():
    """Only `home.py` may call the readers with a variable, or the walk above misses one."""
    for path, tree in trees("src/backstride"):
        known = readers_in(tree)
        for node in ast.walk(tree) if known else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                is_blind = node.func.id in READERS and not is_reader(node)
                assert not is_blind or path.name == "home.py", f"{path}:{node.lineno}"


def test_the_settings_of_tests_and_benchmarks():
    read = set().union(*(named(tree) for _, tree in trees("tests", "benchmarks")))
    assert "BACKSTRIDE_SHARED_DATA" in read
    known = documented()
    strange = {name for name in read if not any(k.startswith(name) for k in known)}
    assert {name.removesuffix("_FILE") for name in strange} <= set(known)


def mentioned(text: str) -> set[str]:
    names = set(re.findall(r"BACKSTRIDE_[A-Z_]*[A-Z]", text)) - {PREFIX + "X"}
    return {name.removesuffix("_FILE") for name in names} - {PREFIX + "X"}


@pytest.mark.parametrize("folder", [".", "docs", "src"])
def test_no_text_names_a_setting_that_does_not_exist(folder):
    known, root = set(documented()), ROOT / folder
    paths = root.glob("*.md") if folder != "src" else root.rglob("*.*")
    for path in paths:
        if path.suffix in {".md", ".py", ".html", ".txt"}:
            assert mentioned(path.read_text("utf-8")) <= known, path


EXAMPLES = [
    (page.name, number, block)
    for page in PAGES
    for number, block in enumerate(blocks(page.read_text("utf-8"), "env"))
]


def load(tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The settings as a fresh process reads them; prints what the site then does."""
    show = (
        "from backstride.web import settings as s;"
        "print(s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.SESSION_COOKIE_SECURE,"
        " s.ACCOUNT_EMAIL_VERIFICATION, s.EMAIL_BACKEND, s.EMAIL_HOST_PASSWORD, s.HOME)"
    )
    clean = {name: value for name, value in os.environ.items() if PREFIX not in name}
    return subprocess.run(
        [sys.executable, "-c", show],
        env={**clean, "BACKSTRIDE_HOME": str(tmp_path), **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("page", "number", "block"), EXAMPLES)
def test_the_examples_are_settings_that_load(page, number, block, tmp_path):
    env = dict(line.split("=", 1) for line in block.splitlines() if line.strip())
    assert mentioned(" ".join(env)) <= set(documented())
    env.pop("BACKSTRIDE_HOME", None)
    secret = env.pop("BACKSTRIDE_SMTP_PASSWORD_FILE", None)
    if secret:
        (tmp_path / "password").write_text("from a file\n", "utf-8")
        env["BACKSTRIDE_SMTP_PASSWORD_FILE"] = str(tmp_path / "password")
    done = load(tmp_path, **env)
    assert done.returncode == 0, done.stderr
    assert str(env["BACKSTRIDE_HOSTS"].split(",")) in done.stdout
    if secret:
        assert "from a file" in done.stdout
    if env.get("BACKSTRIDE_HTTPS") == "yes":
        assert "True" in done.stdout
    if "BACKSTRIDE_SMTP_HOST" in env:
        assert "smtp.EmailBackend" in done.stdout
        wanted = "mandatory" if env.get("BACKSTRIDE_OPEN_SIGNUP") == "yes" else "none"
        assert wanted in done.stdout


def test_a_value_that_makes_no_sense_stops_the_start(tmp_path):
    done = load(tmp_path, BACKSTRIDE_HTTPS="maybe")
    assert done.returncode != 0
    assert "BACKSTRIDE_HTTPS is 'maybe'; expected yes or no" in done.stderr
