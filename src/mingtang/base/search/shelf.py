"""Search: which documents of a kind there are, and their facets, as a process keeps them. Pure.

Each document has a place; a set of documents is a number with one bit for each place: to narrow is
to AND, to count is to count bits. Shorter names have the lower places, so that the order of a list
is that of the bits; documents that came later stand behind and are put in order where they are met.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property, lru_cache, reduce
from heapq import merge
from itertools import accumulate, chain, islice
from operator import add, and_, itemgetter, or_
from typing import Any, NamedTuple

Facets = Mapping[str, Sequence[str]]  # a document's values of each facet
Wanted = Mapping[str, str]  # the one value of a facet that is wanted; blank: any
Row = tuple[int, int, str, str, float, int]  # id, key, name, facets, weight, length of the code
Who = int | list[int]  # who has a value: bits, or the places of few
FEW = 32  # less than one in so many: places are kept rather than bits
LOOKED_AT = 50_000  # names that are looked at one by one before all are looked through at once
MOST_PHRASES, PHRASE_BITS = 500, 2**25  # kept of a shelf: so many, and no more than 4 MB
_AS_DIGITS = bytes.maketrans(b"\0\1", b"01")
_ANY = re.compile(rb"[^\0]")
_BITS_OF = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]


class _Columns(NamedTuple):
    """Ids, keys, names, facets and weights of documents; the lengths of their codes."""

    ids: "array[int]"
    keys: "array[int]"
    names: list[str]
    facets: list[str]
    weights: "array[float]"
    code_lengths: frozenset[int]


def written(facets: Facets) -> str:
    """Facets as they stand in a row: one text for the same values in any order."""
    pairs = sorted({(facet, value) for facet, values in facets.items() for value in values})
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":")) if pairs else ""


@lru_cache(maxsize=50_000)  # a text means the same for ever, so nothing here can grow stale
def _pairs(text: str) -> list[tuple[str, str]]:
    return [(facet, value) for facet, value in json.loads(text)] if text else []


def _places(bits: int) -> Iterator[int]:
    """The places of a set, in their order."""
    data = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    for met in _ANY.finditer(data):
        at = met.start()
        for bit in _BITS_OF[data[at]]:
            yield at * 8 + bit


def _sorted(places: Sequence[int], end: int) -> Iterator[int]:
    """Those before the end in their order; part by part, for mostly the first part is enough."""
    first = end // 16
    yield from sorted([at for at in places if at < first])
    yield from sorted([at for at in places if first <= at < end])


def _signs(bits: int, size: int) -> bytes:
    """A set as bytes, for looking at single places."""
    return bits.to_bytes(size // 8 + 1, "little")


class Shelf:
    """The documents of a kind at one moment, from place 1 on; place 0 is nobody's."""

    def __init__(self, rows: Iterable[Row]) -> None:
        ids, keys, names, facets, weights, lengths = _columns(rows)
        order = sorted(range(len(ids)), key=keys.__getitem__)
        order.sort(key=lambda at: len(names[at]))
        self.early = self.size = len(order) + 1  # below `early`: places in the order of names
        self.ids = array("q", [0, *map(ids.__getitem__, order)])
        self.keys = array("q", [0, *map(keys.__getitem__, order)])
        self.weights = array("d", [0, *map(weights.__getitem__, order)])
        self.code_lengths = lengths
        self.names = "\n".join(["", *map(names.__getitem__, order), ""])
        self.starts = array("I", accumulate((len(names[at]) + 1 for at in order), initial=1))
        self.starts.insert(0, 0)
        self.late_names: list[str] = []
        self.letters = frozenset(self.names)
        self.place = _numbered(array("I"), self.ids, 0)
        self.all = self.bits(range(1, self.size))
        self.gone = 0
        self.facets = self._facets({}, 1, map(facets.__getitem__, order))
        self.seen: dict[int, Any] = {}  # by id, what else was read of documents: it never changes
        self._phrases: dict[str, int] = {}

    def later(self, rows: Iterable[Row], gone: Iterable[int]) -> "Shelf":
        """With documents that came since, and without those of some ids. This one stays as it is.

        Who is on it already, or never was, is no error; who came and went is gone.
        """
        given = list(rows)
        known = self._places(row[0] for row in given)
        came = (row for row, place in zip(given, known, strict=True) if not place)
        ids, keys, names, facets, weights, lengths = _columns(came)
        new = copy(self)
        new.size = self.size + len(ids)
        new.ids = self.ids + ids
        new.keys = self.keys + keys
        new.weights = self.weights + weights
        new.code_lengths = self.code_lengths | lengths
        new.late_names = self.late_names + names
        new.place = _numbered(self.place, ids, self.size)
        new.letters = self.letters.union(*new.late_names)
        new.gone = self.gone | new.bits(new._places(gone))
        new.all = (self.all | new.bits(range(self.size, new.size))) & ~new.gone
        new.facets = new._facets(self.facets, self.size, facets)
        return new

    def _facets(
        self, known: Mapping[str, Mapping[str, Who]], first: int, texts: Iterable[str]
    ) -> dict[str, dict[str, Who]]:
        """Of each facet and each value: who has it. The texts are those of places from one on."""
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, text in enumerate(texts, first):
            for pair in _pairs(text):
                places[pair].append(at)
        found = {facet: dict(values) for facet, values in known.items()}
        for (facet, value), having in places.items():
            values = found.setdefault(facet, {})
            values[value] = self._who(values.get(value, []), having)
        return found

    def _who(self, known: Who, having: list[int]) -> Who:
        if isinstance(known, int):
            return known | self.bits(having)
        both = known + having
        return both if len(both) * FEW < self.size else self.bits(both)

    def _places(self, ids: Iterable[int]) -> list[int]:
        """Nobody's for an id that is not on the shelf."""
        place, end = self.place, len(self.place)
        return [place[one] if one < end else 0 for one in ids]

    def bits(self, places: Sequence[int]) -> int:
        """A set of documents."""
        if len(places) * FEW < self.size:
            signs = bytearray(self.size // 8 + 1)
            for at in places:
                signs[at >> 3] |= 1 << (at & 7)
            return int.from_bytes(signs, "little")
        signs = bytearray(self.size)
        for at in places:
            signs[at] = 1
        return int(signs.translate(_AS_DIGITS)[::-1], 2)

    def who(self, facet: str, value: str) -> int:
        """The documents that have a value."""
        found = self.facets.get(facet, {}).get(value, 0)
        return found if isinstance(found, int) else self.bits(found)

    def name(self, place: int) -> str:
        if place < self.early:
            return self.names[self.starts[place] : self.starts[place + 1] - 1]
        return self.late_names[place - self.early]

    def rank(self, place: int) -> tuple[int, int]:
        """Shorter names come first, and of the same length the older."""
        return len(self.name(place)), self.keys[place]

    def in_order(self, early: Iterable[int], late: Sequence[int]) -> Iterator[int]:
        """Places in the order of their names, among them those that came later."""
        if not late:
            return iter(early)
        return merge(early, sorted(late, key=self.rank), key=self.rank)

    def in_names(self, phrases: Iterable[str]) -> list[str]:
        """Without those that stand in no name, for one of their characters does not."""
        return [one for one in phrases if self.letters.issuperset(one)]

    @cached_property
    def by_key(self) -> tuple["array[int]", "array[int]"]:
        """Keys in their order, and the place of each; without those that came later."""
        places = array("I", sorted(range(1, self.early), key=self.keys.__getitem__))
        return array("q", map(self.keys.__getitem__, places)), places

    def named(self, phrase: str) -> int:
        """The documents in whose names a phrase stands, which is one line of text."""
        if (bits := self._phrases.get(phrase)) is None:
            if len(self._phrases) >= min(MOST_PHRASES, PHRASE_BITS // self.size):
                self._phrases.clear()
            bits = self._phrases[phrase] = self.bits(list(self._met(phrase)))
        late = [at for at, name in enumerate(self.late_names, self.early) if phrase in name]
        return bits | self.bits(late)

    def _met(self, phrase: str) -> Iterator[int]:
        at = self.names.find(phrase)
        while 0 <= at < len(self.names):
            place = bisect_right(self.starts, at)
            yield place - 1
            at = self.names.find(phrase, self.starts[place])

    def found(self, ids: str) -> "Found":
        """Documents by their ids, joined by commas; those of other kinds fall away."""
        if not ids:
            return Found(self, 0)
        numbers = json.loads(f"[{ids}]")
        try:
            places = itemgetter(*numbers, 0)(self.place)[:-1]  # one by one is twice the time
        except IndexError:  # of another kind, and newer than all of this
            places = self._places(numbers)
        if len(places) * FEW > self.size or self.gone:
            return Found(self, self.bits(places) & self.all)
        others = places.count(0)
        return Found(self, few=[place for place in places if place] if others else places)


def _columns(rows: Iterable[Row]) -> _Columns:
    """Facets that are the same are the same text."""
    ids, keys, weights = array("q"), array("q"), array("d")
    names: list[str] = []
    facets: list[str] = []
    lengths: set[int] = set()
    known: dict[str, str] = {}
    for one, key, name, text, weight, length in rows:
        ids.append(one)
        keys.append(key)
        names.append(name)
        facets.append(known.setdefault(text, text))
        weights.append(weight)
        lengths.add(length)
    return _Columns(ids, keys, names, facets, weights, frozenset(lengths))


def _numbered(known: "array[int]", ids: Sequence[int], first: int) -> "array[int]":
    """Places by id, with some more from `first` on."""
    longer = max(0, max(ids, default=-1) + 1 - len(known))
    place = known + array("I", bytes(known.itemsize * longer))
    for at, one in enumerate(ids, first):
        place[one] = at
    return place


class Found:
    """Some documents of a kind: as bits, or few of them by their places as long as that will do."""

    def __init__(self, shelf: Shelf, bits: int | None = None, few: Sequence[int] = ()) -> None:
        """`few`: the places in any order, if there are no bits."""
        self.shelf = shelf
        self._bits = bits
        self._few = few

    @property
    def bits(self) -> int:
        if self._bits is None:
            self._bits = self.shelf.bits(self._few)
        return self._bits

    def __len__(self) -> int:
        return len(self._few) if self._bits is None else self._bits.bit_count()

    def __iter__(self) -> Iterator[int]:
        """The places in the order of their names."""
        shelf, early = self.shelf, self.shelf.early
        if self._bits is None:
            late = [at for at in self._few if at >= early] if shelf.late_names else []
            return shelf.in_order(_sorted(self._few, early), late)
        late = [early + at for at in _places(self._bits >> early)]
        return shelf.in_order(_places(self._bits & (1 << early) - 1), late)

    @property
    def none(self) -> "Found":
        return Found(self.shelf, 0)

    def only(self, wanted: Wanted) -> "Found":
        """Those that have all values that are wanted."""
        return Found(self.shelf, reduce(and_, self._having(wanted).values(), self.bits))

    def between(self, facet: str, first: str, last: str) -> "Found":
        """Those that have a value of a facet from one text to another, such as days; blank: any."""
        values = self.shelf.facets.get(facet, {}).items()
        having = [who for value, who in values if first <= value and (not last or value <= last)]
        few = self.shelf.bits(
            [place for who in having if not isinstance(who, int) for place in who]
        )
        many = (who for who in having if isinstance(who, int))
        return Found(self.shelf, self.bits & reduce(or_, many, few))

    def counts(self, wanted: Wanted, without: Sequence[str] = ()) -> dict[str, dict[str, int]]:
        """Of each facet: how many each value would leave, what is wanted of the others kept."""
        having = self._having(wanted)
        found = {}
        for facet, values in self.shelf.facets.items():
            if facet not in without:
                others = [bits for other, bits in having.items() if other != facet]
                found[facet] = self._counted(reduce(and_, others, self.bits), values)
        return found

    def _counted(self, left: int, values: Mapping[str, Who]) -> dict[str, int]:
        """How many of a set have each value; those that nobody has are left out."""
        signs = _signs(left, self.shelf.size)
        counted = {}
        for value, who in values.items():
            if isinstance(who, int):
                counted[value] = (left & who).bit_count()
            else:
                counted[value] = sum([signs[at >> 3] >> (at & 7) & 1 for at in who])
        return {value: count for value, count in counted.items() if count}

    def _having(self, wanted: Wanted) -> dict[str, int]:
        """Of each facet of which a value is wanted: who has it."""
        return {facet: self.shelf.who(facet, value) for facet, value in wanted.items() if value}

    def keys_after(self, last: int, size: int) -> list[int]:
        """Keys in their order, behind the last one seen."""
        shelf, signs = self.shelf, _signs(self.bits, self.shelf.size)
        keys, places = shelf.by_key
        start = bisect_right(keys, last)
        early = (
            key
            for key, at in zip(keys[start:], places[start:], strict=True)
            if signs[at >> 3] >> (at & 7) & 1
        )
        behind = (shelf.keys[shelf.early + at] for at in _places(self.bits >> shelf.early))
        return list(islice(merge(early, sorted(key for key in behind if key > last)), size))

    def first(self, phrases: Sequence[str], end: int) -> list[int]:
        """The first places: names that hold more of the phrases first, then shorter names."""
        some = self.shelf.in_names(phrases)
        whole, rest = self._looked_at(some, end)
        if len(whole) + len(rest) == LOOKED_AT and len(whole) < end:
            return self._at_once(some, end)
        if len(whole) < end and len(some) > 1:
            rest = self._fewest_missing(rest, some)
        return [*whole, *rest][:end]

    def _fewest_missing(self, places: Sequence[int], phrases: Sequence[str]) -> list[int]:
        """Those whose names miss fewer of the phrases first."""
        names = [self.shelf.name(place) for place in places]
        missing = [0] * len(names)
        for phrase in phrases:
            missing = list(map(add, missing, [phrase not in name for name in names]))
        return [places[at] for at in sorted(range(len(names)), key=missing.__getitem__)]

    def _looked_at(self, phrases: Sequence[str], end: int) -> tuple[list[int], list[int]]:
        """Those whose names hold all phrases, and those that were met before there were enough."""
        name_of = self.shelf.name
        whole: list[int] = []
        rest: list[int] = []
        for place in islice(self, LOOKED_AT):
            name = name_of(place)
            for phrase in phrases:
                if phrase not in name:
                    rest.append(place)
                    break
            else:
                whole.append(place)
                if len(whole) == end:
                    break
        return whole, rest

    def _at_once(self, phrases: Sequence[str], end: int) -> list[int]:
        sets = (Found(self.shelf, bits) for bits in self._by_phrases(phrases))
        return list(islice(chain.from_iterable(sets), end))

    def _by_phrases(self, phrases: Sequence[str]) -> list[int]:
        """Those whose names hold all of the phrases, then those that miss one, and so on."""
        at_least = [self.bits] + [0] * (len(phrases) + 1)
        for seen, phrase in enumerate(phrases, 1):
            having = self.shelf.named(phrase)
            for held in range(seen, 0, -1):
                at_least[held] |= at_least[held - 1] & having
        return [at_least[held] ^ at_least[held + 1] for held in range(len(phrases), -1, -1)]
