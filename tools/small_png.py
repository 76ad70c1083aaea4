"""A picture as a small PNG: of no more than 256 colours, which a page of ours hardly has, or as
it is, but deflated well.
"""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

COLOURS = 256
PIXELS = """async (png) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, picture.width, picture.height);
  let text = "";
  for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
  return [picture.width, picture.height, btoa(text)];
}"""  # noqa: E501 - a script


def small(png: bytes, blank: Page) -> bytes:
    """The same picture with its commonest colours, each other one as the nearest of them.

    `blank` is an empty page, whose browser decodes the picture.
    """
    width, height, data = blank.evaluate(PIXELS, base64.b64encode(png).decode())
    pixels = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)[..., :3]
    palette, places = reduced(pixels.reshape(-1, 3))
    return encoded(palette, places.reshape(height, width))


def reduced(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A palette [n ≤ 256, RGB] and the place of each pixel's colour in it."""
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    colours, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    each = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)
    palette = each[np.argsort(-counts, kind="stable")[:COLOURS]]
    away = ((each[:, None] - palette[None]) ** 2).sum(axis=2)
    return palette.astype(np.uint8), away.argmin(axis=1).astype(np.uint8)[places]


def encoded(palette: NDArray[np.uint8], places: NDArray[np.uint8]) -> bytes:
    """An indexed PNG (https://www.w3.org/TR/png-3/)."""
    height, width = places.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), places], axis=1)  # no filter
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def packed(png: bytes) -> bytes:
    """The same picture in fewer bytes: its lines deflated once more, as well as can be."""
    at, head, lines, end = 8, b"", b"", b""
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        kind, whole = png[at + 4 : at + 8], png[at : at + 12 + size]
        if kind == b"IDAT":
            lines += png[at + 8 : at + 8 + size]
        elif lines:
            end += whole
        else:
            head += whole
        at += 12 + size
    body = b"IDAT" + zlib.compress(zlib.decompress(lines), 9)
    length, check = len(body) - 4, zlib.crc32(body)
    return png[:8] + head + length.to_bytes(4, "big") + body + check.to_bytes(4, "big") + end
