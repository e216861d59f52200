"""Search: how well a document answers. Pure, so that both databases give the same order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from mingtang.base.search.asking import Piece, Word
from mingtang.base.search.tokens import is_word, pairs, syllables, unbracketed

IN_NAME, IN_MAIN, IN_UNIT, IN_BODY = 0.72, 0.5, 0.4, 0.15
BEGINS, DENSE, WHOLE = 0.08, 0.2, 0.1
SCATTERED, BY_SOUND = 0.8, 0.85
FIRST_MEANING, NEXT_MEANING = 0.97, 0.03


class Hit(NamedTuple):
    """A document found, and how well it answers: about 1 for its very name."""

    subject: str
    key: int
    score: float


class Texts(NamedTuple):
    """What else the index holds of a document: main item, unit, code, and how the name is said."""

    main: str = ""
    unit: str = ""
    code: str = ""
    said: str = ""


@dataclass  # not frozen, which would make each three times as dear
class Candidate:
    """A document that matches. Of most only the name decides, so `texts` are read on demand."""

    id: int
    key: int
    name: str
    weight: float
    texts_of: Callable[[int], Texts]

    def __post_init__(self) -> None:
        self.core = unbracketed(self.name)

    @property
    def texts(self) -> Texts:
        return self.texts_of(self.id)


def ranked(
    candidates: Sequence[Candidate], words: Sequence[Word], code: str = "", *, keep: bool = False
) -> list[tuple[float, int]]:
    """Score and key, best first; the same score: the older document first. Who typed a code wants
    just that.

    `keep`: leave the order as it is.
    """
    pieces = [_Sought(piece) for word in words for piece in word]
    scores = [_score(one, pieces) for one in candidates]
    if code:
        pairs = zip(candidates, scores, strict=True)
        scores = [score + (one.texts.code == code) for one, score in pairs]
    found = [(-round(score, 4), one.key) for one, score in zip(candidates, scores, strict=True)]
    return [(-score, key) for score, key in (found if keep else sorted(found))]


class _Text:
    """A text that is sought, with what is asked of it for each document."""

    def __init__(self, text: str) -> None:
        self.text, self.pairs = text, pairs(text)


class _Sought:
    """A piece, made ready once for all documents."""

    def __init__(self, piece: Piece) -> None:
        self.itself = _Text(piece.text)
        self.length = len(piece.text)
        self.is_word = is_word(piece.text)
        self.meanings = [
            ([_Text(part) for part in meaning.split()], FIRST_MEANING - NEXT_MEANING * at)
            for at, meaning in enumerate(piece.meanings)
        ]

    @cached_property
    def said(self) -> str:
        return "".join(syllables(self.itself.text))


def _score(one: Candidate, pieces: Sequence[_Sought]) -> float:
    if len(pieces) == 1:
        return _best(one, pieces[0]) + one.weight
    total = sum([piece.length for piece in pieces]) or 1
    return sum([_best(one, piece) * piece.length for piece in pieces]) / total + one.weight


def _best(one: Candidate, piece: _Sought) -> float:
    """The best of the ways in which a piece may be met; an earlier meaning is a better one."""
    best = _fit(one, piece.itself)
    text = piece.itself.text
    if piece.is_word:
        best = max(best, _sound_fit(one, text)) if text.isalpha() else best
    elif piece.length > 1 and text not in one.name:
        best = max(best, BY_SOUND * _sound_fit(one, piece.said))
    for parts, worth in piece.meanings:
        best = max(best, min([_fit(one, part) for part in parts]) * worth)
    return best


def _fit(one: Candidate, sought: _Text) -> float:
    text = sought.text
    if text in one.core:
        return _in_name(one.core, text, one.core.startswith(text))
    if text in one.name:
        return IN_NAME - 0.05 + DENSE * len(text) / len(one.name)
    texts = one.texts
    if text in texts.main:
        return IN_MAIN
    if text in texts.unit:
        return IN_UNIT
    return _scattered(one.name, sought.pairs)


def _in_name(core: str, text: str, begins: bool) -> float:
    score = IN_NAME + BEGINS * begins + DENSE * len(text) / len(core)
    return score + WHOLE if text == core else score


def _scattered(name: str, parts: Sequence[str]) -> float:
    if not parts:
        return IN_BODY
    met = sum([part in name for part in parts])
    return max(IN_BODY, SCATTERED * IN_NAME * met / len(parts))


@lru_cache(maxsize=5_000)
def _sounds(said: str) -> list[tuple[str, str, list[str]]]:
    """Of each stretch of Chinese: its initials, its letters, and its syllables."""
    runs = [run.split() for run in said.split("/")]
    return [("".join([part[0] for part in parts]), "".join(parts), parts) for parts in runs]


def _sound_fit(one: Candidate, typed: str) -> float:
    """Letters typed as syllables or as initials, met where a syllable begins."""
    best = 0.0
    for initials, said, parts in _sounds(one.texts.said):
        if typed not in initials and typed not in said:
            continue
        for at, start in enumerate(accumulate(map(len, parts[:-1]), initial=0)):
            value = IN_NAME + BEGINS * (at == 0)
            if initials.startswith(typed, at):
                best = max(best, value + DENSE * len(typed) / len(parts))
            if said.startswith(typed, start):
                best = max(best, value + DENSE * len(typed) / len(said))
    return best
