"""Search: how well a document answers. Pure, so that both databases give the same order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from mingtang.base.search.asking import Piece, Word
from mingtang.base.search.tokens import bare, is_word, normal, pairs, syllables

IN_NAME, IN_MAIN, IN_UNIT, IN_BODY = 0.72, 0.5, 0.4, 0.15
BEGINS, DENSE, WHOLE = 0.08, 0.2, 0.1
SCATTERED, BY_SOUND = 0.8, 0.85
FIRST_MEANING, NEXT_MEANING = 0.97, 0.03


class Hit(NamedTuple):
    """A document found, and how well it answers: about 1 for its very name."""

    subject: str
    key: int
    score: float


@dataclass(frozen=True)
class Candidate:
    """What the database knows of a document that matches."""

    subject: str
    key: int
    name: str
    main: str
    unit: str
    code: str
    said: str
    weight: float

    @cached_property
    def plain(self) -> tuple[str, str, str, str]:
        """Name, name without brackets, main and unit. The index holds texts normal."""
        return self.name, bare(self.name), self.main, self.unit

    @cached_property
    def sounds(self) -> list[tuple[str, str, list[int]]]:
        """Of each stretch of Chinese: its initials, its letters, and where syllables begin."""
        runs = [run.split() for run in self.said.split("/")]
        return [
            ("".join([part[0] for part in parts]), "".join(parts), _starts(parts)) for parts in runs
        ]


def _starts(parts: Sequence[str]) -> list[int]:
    return [0, *accumulate(map(len, parts[:-1]))] if parts else []


def ranked(
    candidates: Iterable[Candidate], words: Sequence[Word], typed: str = "", *, keep: bool = False
) -> list[Hit]:
    """Best first; the same score: the older document first. Who typed a code wants just that.

    `keep`: leave the order as it is.
    """
    code = normal(typed.strip())
    pieces = [_Sought(piece) for word in words for piece in word]
    hits = [
        (-round(_score(one, pieces) + (one.code == code != ""), 4), one.key, one.subject)
        for one in candidates
    ]
    return [Hit(subject, key, -score) for score, key, subject in (hits if keep else sorted(hits))]


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
    name, core, main, unit = one.plain
    if text in core:
        return _in_name(core, text, core.startswith(text))
    if text in name:
        return IN_NAME - 0.05 + DENSE * len(text) / len(name)
    if text in main:
        return IN_MAIN
    if text in unit:
        return IN_UNIT
    return _scattered(name, sought.pairs)


def _in_name(core: str, text: str, begins: bool) -> float:
    score = IN_NAME + BEGINS * begins + DENSE * len(text) / len(core)
    return score + WHOLE if text == core else score


def _scattered(name: str, parts: Sequence[str]) -> float:
    if not parts:
        return IN_BODY
    met = sum([part in name for part in parts])
    return max(IN_BODY, SCATTERED * IN_NAME * met / len(parts))


def _sound_fit(one: Candidate, typed: str) -> float:
    """Letters typed as syllables or as initials, met where a syllable begins."""
    best = 0.0
    for initials, said, starts in one.sounds:
        if typed not in initials and typed not in said:
            continue
        for at, start in enumerate(starts):
            value = IN_NAME + BEGINS * (at == 0)
            if initials.startswith(typed, at):
                best = max(best, value + DENSE * len(typed) / len(starts))
            if said.startswith(typed, start):
                best = max(best, value + DENSE * len(typed) / len(said))
    return best
