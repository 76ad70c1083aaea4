"""Web push (RFC 8030) with our own keys (VAPID, RFC 8292), encrypted to the browser (RFC 8291).

A push service belongs to the maker of the browser. It learns that something was sent, to which
browser and when; what it says only the browser can read, and all are of the same length.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import time
from email.utils import parseaddr
from functools import cache
from pathlib import Path

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from backstride.web.reminders.endpoints import BadEndpoint, endpoint_of, post
from backstride.web.reminders.models import PushAddress
from backstride.words import say

logger = logging.getLogger(__name__)

LENGTH = 1024  # of what is encrypted, whatever it says
SIGNED_FOR_S = 12 * 3600  # RFC 8292: at most 24 hours
GONE = {404, 410}  # RFC 8030, 7.3
CURVE = ec.SECP256R1()
PUBLIC_BYTES, AUTH_BYTES = 65, 16


@cache
def keys(file: Path) -> Vapid02:
    """This installation's pair of keys."""
    return Vapid02.from_pem(file.read_bytes())


def public_key() -> str:
    """The public key as browsers want it: an uncompressed point in base64url."""
    point = keys(settings.VAPID_KEY).public_key.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def check_keys(p256dh: str, auth: str) -> None:
    """Raises ValueError unless these are keys that can be encrypted to."""
    point, secret = decoded(p256dh), decoded(auth)
    if len(point) != PUBLIC_BYTES or len(secret) != AUTH_BYTES:
        raise ValueError("the keys of the browser have another length")
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)


def decoded(text: str) -> bytes:
    """base64url with or without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("this is not base64url") from error


def send(address: PushAddress, payload: dict[str, str], ttl_s: int) -> str:
    """Send a notification and say what became of it, in words; a browser that is gone is
    removed. The push service keeps it for `ttl_s` seconds while the phone is off."""
    try:
        endpoint = endpoint_of(address.endpoint)
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(ttl_s),
            "Urgency": "normal",
            **_signature(endpoint.origin),
        }
        status = post(endpoint, encrypted(address, payload), headers)
    except (OSError, BadEndpoint) as error:
        logger.warning("push address %s could not be reached: %s", address.pk, error)
        return say("{device}: not reached", device=address.told)
    if status in GONE:
        address.delete()
        return say("{device}: gone, removed", device=address.told)
    if 200 <= status < 300:
        return say("{device}: sent", device=address.told)
    logger.warning("push address %s was answered with %s", address.pk, status)
    return say("{device}: refused ({status})", device=address.told, status=status)


def encrypted(address: PushAddress, payload: dict[str, str]) -> bytes:
    """The payload as JSON, filled up with spaces, for this browser's eyes only."""
    text = json.dumps(payload, ensure_ascii=False).encode().ljust(LENGTH)
    made: bytes = http_ece.encrypt(
        text,
        private_key=ec.generate_private_key(CURVE),
        dh=decoded(address.p256dh),
        auth_secret=decoded(address.auth),
        version="aes128gcm",
    )
    return made


def _signature(origin: str) -> dict[str, str]:
    claims = {"aud": origin, "sub": _contact(), "exp": int(time.time()) + SIGNED_FOR_S}
    signed: dict[str, str] = keys(settings.VAPID_KEY).sign(claims)
    return signed


def _contact() -> str:
    """Whom a push service may write to: the site, or whoever sends its mail."""
    if settings.SITE.startswith("https://"):
        return settings.SITE
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
