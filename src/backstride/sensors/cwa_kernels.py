"""The loops over an Axivity file's bytes; `cwa_format` has the layout.

`words` is sectors as little-endian 16-bit words, shape [sectors, 256]. Each kernel has the
same in NumPy beside it, which the tests hold it against.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from backstride.kernels import kernel, read_only

PAYLOAD_WORD = 15  # byte 30
PAYLOAD_WORDS = 240

Words = NDArray[np.uint16]

WORDS = read_only(types.uint16, 2)
COUNTS = read_only(types.int64, 1)
SAMPLES = types.float32[:, ::1]


@kernel(WORDS, types.boolean[::1])
def checksums(words: Words, sound: NDArray[np.bool_]) -> None:
    """Whether the words of each sector sum to zero."""
    for sector in range(len(words)):
        total = np.uint32(0)
        for word in range(256):
            total += np.uint32(words[sector, word])
        sound[sector] = (total & np.uint32(0xFFFF)) == 0


def numpy_checksums(words: Words, sound: NDArray[np.bool_]) -> None:
    """`checksums` in NumPy."""
    sound[:] = words.sum(axis=1, dtype=np.uint16) == 0


@kernel(WORDS, COUNTS, SAMPLES)
def packed(words: Words, counts: NDArray[np.int64], acc: NDArray[np.float32]) -> None:
    """Samples of `eezzzzzz zzzzyyyy yyyyyyxx xxxxxxxx` (10-bit integers, a shift) in 1/256 g."""
    unit = np.float32(1 / 256)
    row = 0
    for sector in range(len(words)):
        for sample in range(counts[sector]):
            low = np.uint32(words[sector, PAYLOAD_WORD + 2 * sample])
            high = np.uint32(words[sector, PAYLOAD_WORD + 2 * sample + 1])
            word = np.uint32(low | (high << np.uint32(16)))
            shift = np.int32(word >> np.uint32(30))
            x = np.int32(np.int32(np.uint32(word << np.uint32(22))) >> np.int32(22))
            y = np.int32(np.int32(np.uint32(word << np.uint32(12))) >> np.int32(22))
            z = np.int32(np.int32(np.uint32(word << np.uint32(2))) >> np.int32(22))
            acc[row, 0] = np.float32(np.int32(x << shift)) * unit
            acc[row, 1] = np.float32(np.int32(y << shift)) * unit
            acc[row, 2] = np.float32(np.int32(z << shift)) * unit
            row += 1


def numpy_packed(words: Words, counts: NDArray[np.int64], acc: NDArray[np.float32]) -> None:
    """`packed` in NumPy."""
    payload = np.ascontiguousarray(words[:, PAYLOAD_WORD : PAYLOAD_WORD + PAYLOAD_WORDS])
    word = payload.view("<u4")[np.arange(PAYLOAD_WORDS // 2) < counts[:, None]]
    scale = np.ldexp(np.float32(1 / 256), (word >> 30).astype(np.int32))
    for axis, shift in enumerate((22, 12, 2)):
        acc[:, axis] = ((word << np.uint32(shift)).view(np.int32) >> 22) * scale


@kernel(WORDS, COUNTS, types.int64, types.int64, read_only(types.float32, 1), SAMPLES)
def unpacked(
    words: Words,
    counts: NDArray[np.int64],
    axes: int,
    first: int,
    unit_g: NDArray[np.float32],
    acc: NDArray[np.float32],
) -> None:
    """Samples of `axes` 16-bit integers, of which the 3 from `first` on are acceleration.

    `unit_g` is what one is worth in each sector.
    """
    row = 0
    for sector in range(len(words)):
        for sample in range(counts[sector]):
            at = PAYLOAD_WORD + sample * axes + first
            for axis in range(3):
                acc[row, axis] = np.float32(np.int16(words[sector, at + axis])) * unit_g[sector]
            row += 1


def numpy_unpacked(
    words: Words,
    counts: NDArray[np.int64],
    axes: int,
    first: int,
    unit_g: NDArray[np.float32],
    acc: NDArray[np.float32],
) -> None:
    """`unpacked` in NumPy."""
    samples = PAYLOAD_WORDS // axes
    payload = words[:, PAYLOAD_WORD : PAYLOAD_WORD + samples * axes]
    values = payload.astype(np.uint16).view(np.int16).reshape(len(words), samples, axes)
    scaled = values[:, :, first : first + 3].astype(np.float32) * unit_g[:, None, None]
    acc[:] = scaled[np.arange(samples) < counts[:, None]]
