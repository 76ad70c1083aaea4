"""The count that the phone makes meanwhile, against foot switches: docs/walk-with-me.md says
how good it is."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.shared_data]

ROOT = Path(__file__).parents[2]
COUNTER = ROOT / "src/backstride/web/static/backstride/walk/steps.js"
GROUPS = {"Carmelo and Dario": ("Carmelo", "Dario"), "Jamie": ("Jamie",)}
COUNT = """(rows) => {
  const counter = stepCounter();
  for (const [t, x, y, z] of rows) counter.push(1000 * t, x, y, z);
  counter.settle();
  return counter.steps;
}"""


@pytest.fixture
def count(chromium):
    """Counts the steps of rows of t_s, x, y, z with the page's own script."""
    page = chromium.new_page()
    page.add_script_tag(content=COUNTER.read_text())
    yield lambda rows: page.evaluate(COUNT, rows)
    page.close()


def at_60_hz(path: Path) -> list[list[float]]:
    slot = (pl.col("t_s") * 60).floor().alias("slot")
    table = pl.read_parquet(path).with_columns(slot)
    table = table.unique("slot", keep="first", maintain_order=True)
    return [list(map(float, row)) for row in table.select("t_s", "x", "y", "z").iter_rows()]


@pytest.mark.parametrize("group", GROUPS)
def test_the_page_says_how_good_it_is(group, count, shared_data):
    folder = shared_data / "oxford-phone"
    index = pl.read_csv(folder / "index.csv").filter(pl.col("person").is_in(GROUPS[group]))
    errors = [
        abs(100 * (count(at_60_hz(folder / f"{name}.parquet")) / steps - 1))
        for name, steps in index.select("recording", "steps").iter_rows()
    ]
    page = (ROOT / "docs/walk-with-me.md").read_text()
    said = re.search(rf"\| {group}, {len(errors)} walks \| ([\d.]+) % \| ([\d.]+) % \|", page)
    assert said is not None
    assert [float(figure) for figure in said.groups()] == [
        round(sum(errors) / len(errors), 1),
        round(max(errors), 1),
    ]


def test_no_steps_are_counted_where_nobody_walks(count):
    """A phone that lies still, and one that is turned over slowly."""
    still = [[i / 60, 0.0, 0.1 * (i % 2), 9.8] for i in range(3600)]
    assert count(still) == 0
    turned = [[i / 60, 9.8 * (i / 3600), 0.0, 9.8 * (1 - i / 3600)] for i in range(3600)]
    assert count(turned) == 0
