"""Run the simulation again and write its tables and pictures for docs/simulation.md.

`make simulation` takes some minutes; the figures are those of `backstride simulate` with the
people, weeks and seed named below. The parts between the page's markers are replaced.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from backstride.charts import simulated, svg, swings
from backstride.simulation import (
    Comparison,
    Sensitivity,
    compare,
    model,
    models,
    parameters,
    sensitivity,
)

DOCS = Path(__file__).parent.parent / "docs"
PEOPLE, WEEKS, SEED = 300, 26, 1
TRIED_PEOPLE, TRIED_WEEKS = 40, 12
WIDTH = 820


def main() -> None:
    found = [compare(each, PEOPLE, WEEKS, SEED) for each in models().values()]
    tried = sensitivity(model("capacity"), TRIED_PEOPLE, TRIED_WEEKS, SEED)
    for comparison in found:
        if comparison.model.name in ("capacity", "hostile"):
            _draw(
                f"simulation-{comparison.model.name}.svg", svg(simulated(comparison), width=WIDTH)
            )
    _draw("simulation-sensitivity.svg", svg(swings(tried), width=WIDTH))
    page = DOCS / "simulation.md"
    text = page.read_text("utf-8")
    parts = {
        "outcomes": outcomes_table(found),
        "decisions": decisions_table(found),
        "swings": swings_table(tried),
        "models": models_list(),
        "parameters": parameters_list(),
    }
    for name, rows in parts.items():
        text = filled(text, name, rows)
    page.write_text(text, encoding="utf-8")


def filled(text: str, name: str, rows: Iterable[str]) -> str:
    """The page with what stands between its markers of this name replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    made = f"{begin}\n" + "\n".join(rows) + f"\n{end}"
    text, count = re.subn(f"{begin}.*?{end}", lambda _: made, text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"docs/simulation.md has {count} places for {name}; expected 1")
    return text


def outcomes_table(found: Iterable[Comparison]) -> list[str]:
    names = ("minutes", "flares", "raised", "past", "weeks", "left")
    rows = [("model", "regimen", *names)]
    for comparison in found:
        for o in comparison.outcomes:
            m = o.means
            minutes = f"{m['minutes'].value:.0f} ({m['minutes'].low:.0f}–{m['minutes'].high:.0f})"
            flares = f"{m['flares'].value:.2f} ({m['flares'].low:.2f}–{m['flares'].high:.2f})"
            shares = [f"{100 * m[name].value:.1f} %" for name in ("raised", "past")]
            stay = (f"{m['weeks'].value:.1f}", f"{100 * m['left'].value:.0f} %")
            rows.append((comparison.model.name, o.title, minutes, flares, *shares, *stay))
    return _table(rows)


def decisions_table(found: Iterable[Comparison]) -> list[str]:
    found = list(found)
    totals: dict[str, float] = {}
    for comparison in found:
        for rule, share in comparison.decisions.items():
            totals[rule] = totals.get(rule, 0) + share
    rows = [("rule", *(c.model.name for c in found))]
    for rule in sorted(totals, key=lambda rule: -totals[rule]):
        shares = (f"{100 * c.decisions.get(rule, 0):.1f} %" for c in found)
        rows.append((f"`{rule}`", *shares))
    return _table(rows)


def swings_table(tried: Sensitivity) -> list[str]:
    rows = [("parameter", "flares, halved", "raised", "our minutes, halved", "raised")]
    ours = f"{tried.ours_minutes:.0f}"
    rows.append(("as it is", f"{tried.flares:+.2f}", "", ours, ""))
    for swing in tried.swings:
        flares = (f"{value:+.2f}" for value in swing.flares)
        minutes = (f"{value:.0f}" for value in swing.ours_minutes)
        rows.append((f"`{swing.parameter}`", *flares, *minutes))
    return _table(rows)


def models_list() -> list[str]:
    """Each model with the numbers in which it differs."""
    lines = []
    for each in models().values():
        names = (name for name in parameters() if name in each.changed)
        changed = ", ".join(f"`{name}` {each[name]:g}" for name in names)
        numbers = f" ({changed})" if changed else ""
        lines += _wrapped(f"- **{each.name}**: {each.about}{numbers}")
    return lines


def parameters_list() -> list[str]:
    """Each parameter with unit, range, mark, meaning and source."""
    lines = []
    for p in parameters().values():
        head = f"- `{p.name}` = {p.value:g} {p.unit} ({p.low:g} to {p.high:g}; **{p.mark}**):"
        lines += _wrapped(f"{head} {p.about}. {p.source[0].upper()}{p.source[1:]}.")
    return lines


def _wrapped(text: str, width: int = 96) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = f"  {word}"
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|" + " --- |" * len(rows[0]), *body]


def _draw(name: str, drawn: str) -> None:
    (DOCS / "pictures" / name).write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
