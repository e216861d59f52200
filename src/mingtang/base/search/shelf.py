"""Search: which documents of a kind there are, and their facets, as a process keeps them. Pure.

A set of documents is a number with one bit for each of them: to narrow is to AND, to count is to
count bits.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import accumulate, compress, islice, repeat
from operator import and_, or_
from typing import Any

Facets = Mapping[str, Sequence[str]]  # a document's values of each facet
Wanted = Mapping[str, str]  # the one value of a facet that is wanted; blank: any
Row = tuple[int, int, str, str]  # id, key, name, facets
MOST_PHRASES, PHRASE_BITS = 500, 2**25  # kept of a shelf: so many, and no more than 4 MB
_AS_DIGITS, _AS_SIGNS = bytes.maketrans(b"\0\1", b"01"), bytes.maketrans(b"01", b"\0\1")


def written(facets: Facets) -> str:
    """Facets as they stand in a row: one text for the same values in any order."""
    pairs = sorted({(facet, value) for facet, values in facets.items() for value in values})
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":")) if pairs else ""


@lru_cache(maxsize=50_000)  # a text means the same for ever, so nothing here can grow stale
def _pairs(text: str) -> list[tuple[str, str]]:
    return [(facet, value) for facet, value in json.loads(text)] if text else []


class Shelf:
    """The documents of a kind, shorter names first: each has a place, and a bit."""

    def __init__(self, rows: Iterable[Row]) -> None:
        ordered = sorted(rows, key=lambda row: (len(row[2]), row[1]))
        self.size = len(ordered)
        self.ids = [row[0] for row in ordered]
        self.names = "\n".join([*(row[2] for row in ordered), ""])
        self.starts = [0, *accumulate(len(row[2]) + 1 for row in ordered)]
        self.place = {str(one): at for at, one in enumerate(self.ids)}
        self.by_key = sorted((row[1], at) for at, row in enumerate(ordered))
        self.all = self.bits(range(self.size))
        self.facets = self._facets([row[3] for row in ordered])
        self.seen: dict[int, Any] = {}  # by id, what was read of documents: true as long as this
        self._phrases: dict[str, int] = {}

    def _facets(self, texts: Sequence[str]) -> dict[str, dict[str, int]]:
        """Of each facet and each value: who has it."""
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, text in enumerate(texts):
            for pair in _pairs(text):
                places[pair].append(at)
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for (facet, value), having in places.items():
            found[facet][value] = self.bits(having)
        return dict(found)

    def bits(self, places: Iterable[int]) -> int:
        """A set of documents; the place behind the last one is nobody's."""
        signs = bytearray(self.size + 1)
        for at in places:
            signs[at] = 1
        return int(signs.translate(_AS_DIGITS), 2) >> 1

    def signs(self, bits: int) -> bytes:
        """For each place 1 or 0. Slow in Python is what is done for each document by itself."""
        return f"{bits:0{self.size}b}".encode().translate(_AS_SIGNS)[: self.size]

    def named(self, phrase: str) -> int:
        """The documents in whose names a phrase stands, which is one line of text."""
        if (known := self._phrases.get(phrase)) is not None:
            return known
        if len(self._phrases) >= min(MOST_PHRASES, PHRASE_BITS // (self.size + 1)):
            self._phrases = {}
        bits = self._phrases[phrase] = self.bits(self._places(phrase))
        return bits

    def _places(self, phrase: str) -> Iterator[int]:
        at = self.names.find(phrase)
        while 0 <= at < len(self.names):
            place = bisect_right(self.starts, at)
            yield place - 1
            at = self.names.find(phrase, self.starts[place])

    def found(self, ids: str) -> "Found":
        """Documents by their ids, joined by commas; those of other kinds fall away."""
        return Found(self, self.bits(map(self.place.get, ids.split(","), repeat(self.size))))


@dataclass(frozen=True)
class Found:
    """Some documents of a kind."""

    shelf: Shelf
    bits: int

    def __len__(self) -> int:
        return self.bits.bit_count()

    @property
    def none(self) -> "Found":
        return Found(self.shelf, 0)

    def only(self, wanted: Wanted) -> "Found":
        """Those that have all values that are wanted."""
        return Found(self.shelf, reduce(and_, self._having(wanted).values(), self.bits))

    def between(self, facet: str, first: str, last: str) -> "Found":
        """Those that have a value of a facet from one text to another, such as days; blank: any."""
        values = self.shelf.facets.get(facet, {}).items()
        having = (bits for value, bits in values if first <= value and (not last or value <= last))
        return Found(self.shelf, self.bits & reduce(or_, having, 0))

    def counts(self, wanted: Wanted, without: Sequence[str] = ()) -> dict[str, dict[str, int]]:
        """Of each facet: how many each value would leave, what is wanted of the others kept."""
        having = self._having(wanted)
        found = {}
        for facet, values in self.shelf.facets.items():
            if facet in without:
                continue
            others = [bits for other, bits in having.items() if other != facet]
            left = reduce(and_, others, self.bits)
            counted = {value: (left & bits).bit_count() for value, bits in values.items()}
            found[facet] = {value: count for value, count in counted.items() if count}
        return found

    def _having(self, wanted: Wanted) -> dict[str, int]:
        """Of each facet of which a value is wanted: who has it."""
        facets = self.shelf.facets
        return {
            facet: facets.get(facet, {}).get(value, 0) for facet, value in wanted.items() if value
        }

    def keys_after(self, last: int, size: int) -> list[int]:
        """Keys in their order, behind the last one seen."""
        signs, by_key = self.shelf.signs(self.bits), self.shelf.by_key
        start = bisect_right(by_key, (last, self.shelf.size))
        return list(islice((key for key, at in islice(by_key, start, None) if signs[at]), size))

    def ids(self, phrases: Sequence[str], end: int) -> list[int]:
        """The first ids, those whose names hold more of the phrases first, then shorter names."""
        of_all = reduce(and_, map(self.shelf.named, phrases), self.bits)
        first = list(islice(self._ids(of_all), end))
        if len(first) == end or not phrases:
            return first
        for bits in self._by_phrases(phrases)[1:]:
            first += islice(self._ids(bits), end - len(first))
        return first

    def _by_phrases(self, phrases: Sequence[str]) -> list[int]:
        """Those whose names hold all of the phrases, then those that miss one, and so on."""
        at_least = [self.bits] + [0] * (len(phrases) + 1)
        for count, phrase in enumerate(phrases, 1):
            having = self.shelf.named(phrase)
            for held in range(count, 0, -1):
                at_least[held] |= at_least[held - 1] & having
        return [at_least[held] ^ at_least[held + 1] for held in range(len(phrases), -1, -1)]

    def _ids(self, bits: int) -> Iterator[int]:
        return compress(self.shelf.ids, self.shelf.signs(bits)) if bits else iter(())
