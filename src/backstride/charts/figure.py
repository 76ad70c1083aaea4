"""Drawings of the exercises: a person in two poses, from the joints in the regimen's data.

Drawn by our own few lines as SVG, since a figure is no chart: light to load, sharp at any
size, in the charts' colours, readable in the dark, and described in words.
"""

from __future__ import annotations

from html import escape

from backstride.charts.look import PALETTES, Palette, Theme
from backstride.regimen.exercises import Exercise, Point, Pose
from backstride.words import say, sentences

BOX = (160, 112)
TOP = 8  # for a head that rises
EDGE = 3.0  # of paper around what lies in front
HEAD_R = 8.5
LIMB = 7.0
TRUNK = 11.0


def figure(exercise: Exercise, theme: Theme = "light") -> str:
    """An SVG of the exercise: where it begins at the left, where it leads at the right."""
    palette = PALETTES[theme]
    width, height = BOX
    gap = 28
    title = escape(str(say("{name}: start and end", name=exercise.name)))
    words = escape(str(sentences(exercise.steps)))
    arrow = f"M{width + 4} {height / 2}h{gap - 12}m-6 -5l6 5l-6 5"
    box = f"0 {-TOP} {2 * width + gap} {height + TOP}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img">'
        f"<title>{title}</title><desc>{words}</desc>"
        f'<g fill="none" stroke-linecap="round" stroke-linejoin="round">'
        f"{_person(exercise.start, palette, 0)}"
        f'<path d="{arrow}" stroke="{palette.muted}" stroke-width="3"/>'
        f"{_person(exercise.end, palette, width + gap)}</g></svg>"
    )


def _person(pose: Pose, palette: Palette, shift: float) -> str:
    def stroke(points: tuple[Point, ...], colour: str, width: float) -> str:
        path = "L".join(f"{x:g} {y:g}" for x, y in points)
        return f'<path d="M{path}" stroke="{colour}" stroke-width="{width:g}"/>'

    parts = [stroke(((6, 104), (154, 104)), palette.grid, 2)]
    parts += [stroke(prop, palette.muted, 3) for prop in pose.props]
    far = {name: line for name, line in pose.lines.items() if name.startswith("far")}
    near = {name: line for name, line in pose.lines.items() if name not in far}
    parts += [stroke(line, palette.walk, LIMB) for line in far.values()]
    parts.append(_trunk(pose, palette))
    for line in near.values():
        parts += [stroke(line, palette.paper, LIMB + EDGE), stroke(line, palette.brisk, LIMB)]
    x, y = pose.head
    parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{HEAD_R:g}" fill="{palette.brisk}"/>')
    return f'<g transform="translate({shift:g} 0)">{"".join(parts)}</g>'


def _trunk(pose: Pose, palette: Palette) -> str:
    (x0, y0), (x1, y1) = pose.neck, pose.hip
    bend = f"Q{pose.back[0]:g} {pose.back[1]:g} " if pose.back else "L"
    path = f"M{x0:g} {y0:g}{bend}{x1:g} {y1:g}"
    return f'<path d="{path}" stroke="{palette.brisk}" stroke-width="{TRUNK:g}"/>'
