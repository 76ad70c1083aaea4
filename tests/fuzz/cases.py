"""The cases of a run, one after another: a seed and a number give the same bytes again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz import contract, corpus
from fuzz.mutate import mutated


@dataclass(frozen=True)
class Case:
    """A broken file: `number` of the source `key`, made of `content` and read in `zone`."""

    key: str
    number: int
    content: bytes
    zone: str


def cases(key: str, seed: int, sources: dict[str, list[bytes]]) -> Iterator[Case]:
    """Endless cases of a source; first its own files as they are."""
    own = sources[key]
    others = [content for contents in sources.values() for content in contents]
    for number, content in enumerate(own):
        yield Case(key, number, content, contract.ZONES[number % len(contract.ZONES)])
    number = len(own)
    while True:
        rng = random.Random(f"{seed}/{key}/{number}")  # noqa: S311 - for tests, not for secrets
        content = mutated(rng.choice(own), others, rng)
        yield Case(key, number, content, rng.choice(contract.ZONES))
        number += 1


def sources(folder: Path, *, with_found: bool) -> dict[str, list[bytes]]:
    """The contents of the files that the sources' cases are made of."""
    real = corpus.found() if with_found else {}
    return {key: _contents(key, folder / key, real.get(key, ())) for key in corpus.BUILT}


def _contents(key: str, folder: Path, real: Sequence[Path]) -> list[bytes]:
    folder.mkdir(parents=True)
    return [path.read_bytes() for path in [*corpus.built(key, folder), *real]]
