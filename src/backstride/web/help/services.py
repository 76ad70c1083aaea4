"""Which card suits somebody now, and which they have read."""

from __future__ import annotations

from datetime import datetime, timedelta

from backstride.web.help.cards import Card, load
from backstride.web.help.models import CardRead
from backstride.web.journal import services as journal
from backstride.web.journal.models import PainEntry


def keys_read(user) -> set[str]:
    """The keys of the cards that this person has marked as read."""
    return set(user.cards_read.values_list("card", flat=True))


def mark(user, card: Card, *, is_read: bool) -> None:
    if is_read:
        CardRead.objects.get_or_create(user=user, card=card.key)
    else:
        user.cards_read.filter(card=card.key).delete()


def card_of_the_week(user, kind: str) -> Card | None:
    """The card to offer in a week of this kind (`records.DecisionKind`).

    The first unread one that suits it, else the first unread one; none once one was read in
    this week, unless the week is a flare: more would be homework.
    """
    read = dict(user.cards_read.values_list("card", "at"))
    unread = [card for card in load().values() if card.key not in read]
    suits = next((card for card in unread if kind in card.when), None)
    if kind == "flare":
        return suits
    monday = user.today() - timedelta(days=user.today().weekday())
    if any(at.astimezone(user.tz).date() >= monday for at in read.values()):
        return None
    return suits or next(iter(unread), None)


def note_flare(user, nprs: int, at: datetime | None = None) -> PainEntry:
    """Note pain of now, or of `at`, that is a flare-up, as the diary keeps it."""
    return journal.log_pain(user, nprs, at=at, is_flare=True)
