"""Search: how well a document answers. Pure, so that both databases give the same order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from mingtang.base.search.asking import Piece, Word
from mingtang.base.search.tokens import bare, is_word, normal, pairs, syllables

IN_NAME, IN_MAIN, IN_UNIT, IN_BODY = 0.72, 0.5, 0.4, 0.15
BEGINS, DENSE, WHOLE = 0.08, 0.2, 0.1
SCATTERED, BY_SOUND = 0.8, 0.85
FIRST_MEANING, NEXT_MEANING = 0.97, 0.03


@dataclass(frozen=True)
class Hit:
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


def ranked(
    candidates: Iterable[Candidate], words: Sequence[Word], typed: str = "", *, keep: bool = False
) -> list[Hit]:
    """Best first; the same score: the older document first. Who typed a code wants just that.

    `keep`: leave the order as it is.
    """
    code = normal(typed.strip())
    pieces = [piece for word in words for piece in word]
    hits = [
        Hit(one.subject, one.key, round(_score(one, pieces) + (one.code == code != ""), 4))
        for one in candidates
    ]
    return hits if keep else sorted(hits, key=lambda hit: (-hit.score, hit.key))


def _score(one: Candidate, pieces: Sequence[Piece]) -> float:
    total = sum(len(piece.text) for piece in pieces) or 1
    return sum(_best(one, piece) * len(piece.text) for piece in pieces) / total + one.weight


def _best(one: Candidate, piece: Piece) -> float:
    """The best of the ways in which a piece may be met; an earlier meaning is a better one."""
    ways = [_fit(one, piece.text)]
    if is_word(piece.text):
        ways += [_sound_fit(one, piece.text)] if piece.text.isalpha() else []
    elif len(piece.text) > 1 and piece.text not in one.plain[0]:
        ways.append(BY_SOUND * _sound_fit(one, "".join(syllables(piece.text))))
    for at, meaning in enumerate(piece.meanings):
        met = min(_fit(one, part) for part in meaning.split())
        ways.append(met * (FIRST_MEANING - NEXT_MEANING * at))
    return max(ways)


def _fit(one: Candidate, text: str) -> float:
    name, core, main, unit = one.plain
    if text in core:
        return _in_name(core, text, core.startswith(text))
    if text in name:
        return IN_NAME - 0.05 + DENSE * len(text) / len(name)
    if text in main:
        return IN_MAIN
    if text in unit:
        return IN_UNIT
    return _scattered(name, text)


def _in_name(core: str, text: str, begins: bool) -> float:
    score = IN_NAME + BEGINS * begins + DENSE * len(text) / len(core)
    return score + WHOLE if text == core else score


def _scattered(name: str, text: str) -> float:
    parts = pairs(text)
    met = sum(part in name for part in parts)
    return max(IN_BODY, SCATTERED * IN_NAME * met / len(parts)) if parts else IN_BODY


def _sound_fit(one: Candidate, typed: str) -> float:
    """Letters typed as syllables or as initials, met where a syllable begins."""
    best = 0.0
    for run in one.said.split("/"):
        parts = run.split()
        initials = "".join(part[0] for part in parts)
        for at in range(len(parts)):
            if initials.startswith(typed, at):
                best = max(best, IN_NAME + BEGINS * (at == 0) + DENSE * len(typed) / len(parts))
            if "".join(parts[at:]).startswith(typed):
                length = len("".join(parts))
                best = max(best, IN_NAME + BEGINS * (at == 0) + DENSE * len(typed) / length)
    return best
