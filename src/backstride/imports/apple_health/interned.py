"""Texts within bytes as numbers, all at once: words, hashes, and each distinct text once.

Bytes are looked at eight at a time, as 64-bit words from any byte on. A text's hash is made of
its words with keys that no file can know, so that none can be forged to meet another.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Bytes = NDArray[np.uint8]

PAD = 32  # zero bytes behind a buffer's last, so that words may reach over it
MOST = 1024  # bytes of the longest text that is hashed

# The first n bytes of a word: all from 8 on, none for what is negative.
KEEP = np.zeros(2 * MOST + 1, dtype=np.uint64)
KEEP[: MOST + 1] = [(1 << 8 * min(n, 8)) - 1 for n in range(MOST + 1)]
_HALF = np.uint64(32)
_ONES, _HIGH = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)

T = TypeVar("T")


def keys(count: int) -> Words:
    """Odd numbers, chosen anew in each process."""
    return np.frombuffer(secrets.token_bytes(8 * count), dtype=np.uint64) | np.uint64(1)


_FIRST, _SECOND = keys(MOST // 8), keys(MOST // 8)
_LENGTH = keys(1)[0]


def words_of(buffer: bytes) -> Words:
    """The word that begins at each byte, but for the last seven."""
    return np.ndarray((len(buffer) - 7,), "<u8", buffer, 0, (1,))


def places(mask: NDArray[np.bool_]) -> Ints:
    """Where it is true."""
    return mask.nonzero()[0]


def windows(words: Words, start: Ints, width: int) -> Bytes:
    """[width, n]: the bytes from each start on; `width` is a multiple of 8."""
    taken = np.empty((len(start), width // 8), dtype="<u8")
    for k in range(width // 8):
        taken[:, k] = words[start + 8 * k]
    return np.ascontiguousarray(taken.view(np.uint8).T)


def has_byte(words: Words, character: str) -> NDArray[np.bool_]:
    """Which words have this byte in them."""
    differs = words ^ (_ONES * np.uint64(ord(character)))
    # Taking 1 from each byte borrows from the next where one is 0, and nowhere else.
    has: NDArray[np.bool_] = ((differs - _ONES) & ~differs & _HIGH) != 0
    return has


def hashed(words: Words, start: Ints, length: Ints) -> Words:
    """A number for each text of up to `MOST` bytes: equal ones have the same."""
    made = length.astype(np.uint64)
    made *= _LENGTH
    shortest, longest = int(length.min(initial=MOST)), int(length.max(initial=0))
    for k in range(0, longest, 8):
        if k + 8 <= shortest:
            made += _mixed(words[start + k], k)
        elif k < 16:  # most reach so far
            made += _mixed(words[start + k] & KEEP[length - k], k)
        else:
            which = places(length > k)
            made[which] += _mixed(words[start[which] + k] & KEEP[length[which] - k], k)
    return made


def _mixed(taken: Words, at: int) -> Words:
    """What the words at this byte of texts add to their hashes: nothing where they are 0."""
    taken *= _FIRST[at >> 3]
    taken ^= taken >> _HALF
    taken *= _SECOND[at >> 3]
    return taken


class Interned(Generic[T]):
    """What each hash stands for, numbered in the order in which they were met."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew with number 0."""
        self.known: list[T] = []
        self._hashes = np.empty(0, dtype=np.uint64)  # in order
        self._numbers = np.empty(0, dtype=np.int64)

    def numbers(self, hashes: Words, meaning: Callable[[int], T]) -> Ints:
        """The number of each; `meaning` tells what one that is new, by its place, stands for."""
        at, missing = self._places(hashes)
        if len(missing):
            new, first = np.unique(hashes[missing], return_index=True)
            in_order = np.argsort(first)
            numbers = np.empty(len(new), dtype=np.int64)
            numbers[in_order] = np.arange(len(new)) + len(self.known)
            self.known += [meaning(int(place)) for place in missing[first[in_order]]]
            every = np.concatenate([self._hashes, new])
            order = np.argsort(every)
            self._hashes = every[order]
            self._numbers = np.concatenate([self._numbers, numbers])[order]
            at, _ = self._places(hashes)
        return self._numbers[at]

    def _places(self, hashes: Words) -> tuple[Ints, Ints]:
        if not len(self._hashes):
            return np.zeros(len(hashes), dtype=np.int64), np.arange(len(hashes))
        at = np.searchsorted(self._hashes, hashes)
        at[at == len(self._hashes)] = 0
        return at, places(self._hashes[at] != hashes)
