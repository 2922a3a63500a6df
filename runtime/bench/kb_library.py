"""Libraries of any size with questions that are like one another, and an embedder that costs nothing."""

from __future__ import annotations

import itertools
import random
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from visavis.engines import Capabilities

DIMENSIONS = 384
PER_FILE = 1_000
"""Entries of one file."""
_THINGS = """
    ticket locker map guide tour lamp lift bench stroller wheelchair blanket towel umbrella key card wristband
    discount refund receipt voucher coat bag suitcase bicycle scooter car bus taxi shuttle train meal breakfast lunch
    dinner snack coffee tea cake soup juice menu table room bed pillow shower pool sauna gym court boat kayak bike
    helmet camera tripod charger adapter printer scanner phone laptop internet password film concert lecture workshop
    course lesson book magazine newspaper poster postcard gift toy costume mask puzzle game prize parcel letter stamp
"""
_ASPECTS = """
    price size colour weight length deadline delivery repair insurance deposit rental reservation cancellation
    exchange upgrade storage cleaning safety warranty membership
"""
_PLACES = """
    museum harbour station airport library castle garden theatre stadium hospital market school hotel campus tower
    village bridge gallery church palace zoo aquarium
"""
_WORDINGS = (
    "What is the {aspect} of a {thing} at the {place}?",
    "Can you tell me about {thing} {aspect} in the {place}?",
    "I need to know the {place} {aspect} for my {thing}",
    "How does {aspect} work with a {thing} from the {place}?",
    "Who do I ask about the {aspect} of the {thing} near the {place}?",
    "Is there a {aspect} for every {thing} that the {place} has?",
)


class Asked(NamedTuple):
    """An entry's id and its questions."""

    id: str
    asks: tuple[str, ...]


def entries(count: int, phrasings: int = 3) -> list[Asked]:
    """So many entries, about every thing, aspect and place in turn."""
    combined = itertools.product(_PLACES.split(), _ASPECTS.split(), _THINGS.split())
    return [_asked(*each, phrasings) for each in itertools.islice(combined, count)]


def _asked(place: str, aspect: str, thing: str, phrasings: int) -> Asked:
    name = f"{thing}-{aspect}-{place}"
    first = zlib.crc32(name.encode()) % len(_WORDINGS)
    chosen = [_WORDINGS[(first + number) % len(_WORDINGS)] for number in range(phrasings)]
    return Asked(name, tuple(each.format(thing=thing, aspect=aspect, place=place) for each in chosen))


def questions(asked: Sequence[Asked], count: int) -> list[str]:
    """As visitors ask them: a known wording with a word left out and another one added."""
    rng = random.Random(7)  # noqa: S311
    found = []
    for each in rng.sample(asked, min(count, len(asked))):
        words = rng.choice(each.asks).rstrip("?").split()
        words.pop(rng.randrange(len(words) - 1))
        found.append(" ".join(["please", *words]))
    return found


def write(asked: Sequence[Asked], folder: Path, per_file: int = PER_FILE) -> None:
    """The library `bench` as files in `folder`."""
    for number in range(0, len(asked), per_file):
        items = [
            {"id": each.id, "ask": list(each.asks), "say": f"This is what there is to say about {each.id}."}
            for each in asked[number : number + per_file]
        ]
        file = {"knowledge": "bench", "language": "en", "faq": {"items": items}}
        text = yaml.dump(file, Dumper=yaml.CSafeDumper, sort_keys=False)
        (folder / f"bench-{number // per_file:03}.yaml").write_text(text, "utf-8")


class WordSums:
    """An embedder whose vectors are sums of a random one for each word: alike texts are near, and it is fast."""

    capabilities = Capabilities(languages=("*",), streams=False)
    dimensions = DIMENSIONS
    version = "word-sums-1"

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions)."""
        return np.stack([_vector(text) for text in texts]) if texts else np.empty((0, DIMENSIONS), np.float32)

    async def close(self) -> None:
        return None


def _vector(text: str) -> NDArray[np.float32]:
    total = sum(map(_word, _words(text)), np.full(DIMENSIONS, 1e-6, np.float32))
    return np.asarray(total / np.linalg.norm(total), np.float32)


def _words(text: str) -> Iterator[str]:
    return (word.strip("?.,!") for word in text.lower().split())


@cache
def _word(word: str) -> NDArray[np.float32]:
    weight = 0.3 if len(word) < 4 else 1.0
    return weight * np.random.default_rng(zlib.crc32(word.encode())).standard_normal(DIMENSIONS, np.float32)
