"""How to export from each source, for the phone or browser that asks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from backstride.imports import SOURCES, Checked, Source, Where

WHERE = {
    Where.IPHONE: _("iPhone"),
    Where.ANDROID: _("Android phone"),
    Where.BROWSER: _("Web browser"),
}


@dataclass(frozen=True)
class Told:
    """One source as the page shows it: where its export is made, and the steps."""

    source: Source
    where: Where
    steps: tuple[str, ...]

    @property
    def where_words(self) -> str:
        return str(WHERE[self.where])

    @property
    def is_experimental(self) -> bool:
        return self.source.checked is Checked.EXPERIMENTAL


def for_page(user_agent: str) -> dict[str, list[Told]]:
    """`here`: what can be exported on the device that asks; `elsewhere`: the rest."""
    here = _where(user_agent)
    told: dict[str, list[Told]] = {"here": [], "elsewhere": []}
    for source in SOURCES:
        places = {how.where: how for how in source.how}
        is_here = here in places
        how = places[here] if is_here else source.how[0]
        told["here" if is_here else "elsewhere"].append(Told(source, how.where, how.steps))
    return told


def _where(user_agent: str) -> Where:
    if "iPhone" in user_agent or "iPad" in user_agent:
        return Where.IPHONE
    return Where.ANDROID if "Android" in user_agent else Where.BROWSER
