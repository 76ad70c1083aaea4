"""Whether bytes are characters of XML, in sound UTF-8, and every `&` one of its references."""

from __future__ import annotations

import re

import numpy as np

from backstride.imports.apple_health.interned import KEEP, Bytes, Words, places

_IS_SPACE = np.zeros(32, dtype=np.bool_)
_IS_SPACE[[9, 10, 13]] = True
_LINE_END = 10
_AMP = 38
_NUMERIC = 35
_LONGEST = 12  # bytes of a numeric reference
_REFERENCE = re.compile(rb"&#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")
_NAMED = tuple(
    (KEEP[len(text)], np.uint64(int.from_bytes(text, "little")))
    for text in (b"&lt;", b"&gt;", b"&amp;", b"&quot;", b"&apos;")
)


def are_sound(content: bytes, bytes_: Bytes, words: Words) -> bool:
    """Whether all of `content` is: `bytes_` are the same, `words` those that begin at each."""
    low = bytes_ < 32
    # Line ends are the most by far, and counting is faster than taking them out.
    only_line_ends = np.count_nonzero(low) == np.count_nonzero(bytes_ == _LINE_END)
    if not (only_line_ends or _IS_SPACE[bytes_[low]].all()):
        return False
    return _utf8_is_sound(bytes_) and _references_are_sound(content, bytes_, words)


def _utf8_is_sound(bytes_: Bytes) -> bool:
    """Only what is no ASCII is decoded: few bytes of many."""
    at = places(bytes_ > 127)
    if not len(at):
        return True
    high = bytes_[at]
    try:
        text = high.tobytes().decode()
    except UnicodeDecodeError:
        return False
    goes_on = places((high[1:] & 0xC0) == 0x80) + 1
    together = bool((at[goes_on] == at[goes_on - 1] + 1).all())
    return together and "\ufffe" not in text and "\uffff" not in text


def _references_are_sound(content: bytes, bytes_: Bytes, words: Words) -> bool:
    at = places(bytes_ == _AMP)
    for kept, text in _NAMED:  # the most frequent first: few are left for the last
        at = at[(words[at] & kept) != text]
    return all(map(_is_character, {content[i : i + _LONGEST] for i in at.tolist()}))


def _is_character(text: bytes) -> bool:
    found = _REFERENCE.match(text)
    if not found:
        return False
    code = int(found[1]) if found[1] else int(found[2], 16)
    control = code < 32 and code not in (9, 10, 13)
    surrogate = 0xD800 <= code <= 0xDFFF
    return not (control or surrogate or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF)
