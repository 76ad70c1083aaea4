"""Taking in a walk that a phone recorded, once however often it is sent, and giving it out."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from backstride.charts import Picture, walk_cadence
from backstride.web.imports import locks, tasks
from backstride.web.imports import services as uploads
from backstride.web.journal.models import WalkDone
from backstride.web.walk import signal
from backstride.web.walk.models import LiveWalk
from backstride.web.walk.words import WORDS

MOST_AN_HOUR = 30  # new walks of one person; a phone that was offline for weeks has fewer
EARTH_M = 6_371_000


class TooMany(Exception):
    """More new walks than someone walks: the phone keeps them and tries later."""


def mark_of(user) -> str:
    """What a phone writes on the walks it keeps, so that nobody sends those of another."""
    return salted_hmac("backstride.walk", str(user.pk)).hexdigest()[:24]


def told_to_send(user) -> dict[str, object]:
    """What a page needs to send the walks that wait on its phone."""
    return {
        "mark": mark_of(user),
        "send": reverse("walk_send"),
        "signIn": reverse("account_login"),
        "words": WORDS,
    }


def take_in(user, given: dict) -> tuple[LiveWalk, bool]:
    """Keep a walk (a valid `WalkForm`'s data); the walk, and whether it is new.

    Raises BadWalk for a signal that can't be, TooMany, and what `imports.receive` raises.
    A walk whose sending broke off half-way is completed by the next try.
    """
    with locks.held(f"walk-{user.pk}"):
        walk = user.live_walks.filter(key=given["key"]).first()
        is_new = walk is None
        if walk and (walk.upload_id or not walk.has_signal):
            return walk, False
        file, found = given.get("signal"), None
        if file is not None:
            span_s = (given["end"] - given["start"]).total_seconds()
            found = signal.readings(file, span_s)
        if walk is None:
            _check_rate(user)
            walk = _keep(user, given, has_signal=found is not None)
        if found is not None and walk.has_signal:
            _attach(walk, found)
        return walk, is_new


def _check_rate(user) -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    if user.live_walks.filter(arrived_at__gte=hour_ago).count() >= MOST_AN_HOUR:
        raise TooMany


@transaction.atomic
def _keep(user, given: dict, *, has_signal: bool) -> LiveWalk:
    """The walk and its line in the diary, which counts it by the walker's own word."""
    walk = LiveWalk(
        user=user,
        key=given["key"],
        started_at=given["start"],
        ended_at=given["end"],
        pauses=given["pauses"],
        route=given["route"],
        live_steps=given["live_steps"] if has_signal else None,
        aim_low_spm=given["aim_low_spm"],
        aim_high_spm=given["aim_high_spm"],
        has_signal=has_signal,
    )
    walk.note = WalkDone.objects.create(
        user=user,
        at=walk.ended_at,
        day=walk.started_at.astimezone(user.tz).date(),
        minutes=max(1, round(walk.active_s / 60)),
    )
    walk.save()
    return walk


def _attach(walk: LiveWalk, found) -> None:
    """Keep the raw signal as a file like any other, and have it read in the background."""
    user = walk.user
    file = BytesIO()
    signal.write(file, found, walk.started_at)
    file.seek(0)
    name = f"Walk with me, {_local(walk.started_at, user):%Y-%m-%d %H.%M}.parquet"
    upload = uploads.receive(user, file, name)[0]
    if LiveWalk.objects.filter(upload=upload).exists():
        delete(walk)  # it has no upload yet, so nothing of the other one goes
        raise signal.BadWalk(_("This walk is here already, under another name."))
    walk.upload = upload
    walk.save(update_fields=["upload"])
    tasks.read_upload(walk.upload_id)


def _local(at: datetime, user) -> datetime:
    return at.astimezone(user.tz)


def delete(walk: LiveWalk) -> None:
    """Take a walk away: its signal, its steps, its route and its line in the diary."""
    note, upload = walk.note, walk.upload
    if upload is not None:
        uploads.delete(upload)  # the walk goes with it
    LiveWalk.objects.filter(pk=walk.pk).delete()
    if note is not None:
        note.delete()


def forget_route(walk: LiveWalk) -> None:
    walk.route = []
    walk.save(update_fields=["route"])


def distance_m(route: list[list[float]]) -> float:
    """Metres along a route, on a sphere."""
    return sum(_apart_m(one, other) for one, other in pairwise(route))


def _apart_m(one: list[float], other: list[float]) -> float:
    north, east = math.radians(other[1] - one[1]), math.radians(other[2] - one[2])
    level = math.cos(math.radians((one[1] + other[1]) / 2))
    return EARTH_M * math.hypot(north, east * level)


def line_of(route: list[list[float]], size: float = 300) -> str:
    """The route as points of an SVG polyline in a square of `size`, north up."""
    level = math.cos(math.radians(route[0][1]))
    xs = [place[2] * level for place in route]
    ys = [-place[1] for place in route]
    wide = max(max(xs) - min(xs), max(ys) - min(ys), 1e-9)
    scale = (size - 20) / wide
    return " ".join(
        f"{10 + (x - min(xs)) * scale:.1f},{10 + (y - min(ys)) * scale:.1f}"
        for x, y in zip(xs, ys, strict=True)
    )


def picture_of(walk: LiveWalk) -> Picture:
    """Cadence over the walk, with its pauses and the pace that was aimed at."""
    measured = walk.measured
    began = datetime.fromisoformat(measured["start"]) if measured["start"] else walk.started_at
    aim = (walk.aim_low_spm, walk.aim_high_spm)
    return walk_cadence(
        measured["course"],
        offset_s=max(0.0, (began - walk.started_at).total_seconds()),
        duration_s=(walk.ended_at - walk.started_at).total_seconds(),
        pauses=[(since, to) for since, to in walk.pauses],
        aim_spm=None if None in aim else aim,
    )
