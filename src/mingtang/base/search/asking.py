"""Search: what someone typed, made into questions from the strictest to the loosest. Pure.

A word between blanks must be met in each of them. Inside a word, known words (synonyms) are cut
out first; what they mean may be met instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mingtang.base.search.tokens import (
    HEAD,
    INITIALS,
    SOUND_LENGTH,
    SYLLABLES,
    is_word,
    normal,
    pairs,
    runs,
    syllables,
)

MOST_WORDS = 5

Synonyms = Mapping[str, Sequence[str]]  # a word and what it means; no meaning: the word is ignored


@dataclass(frozen=True)
class Term:
    """One token. `is_named`: only names count, not what stands in a document's body."""

    token: str
    is_prefix: bool = False
    is_named: bool = False


@dataclass(frozen=True)
class Every:
    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Either:
    parts: tuple["Expression", ...]


Expression = Term | Every | Either


@dataclass(frozen=True)
class Piece:
    """A part of what was typed: the text itself, and what may be met instead of it."""

    text: str
    meanings: tuple[str, ...] = ()


Word = tuple[Piece, ...]


@dataclass(frozen=True)
class Question:
    """One expression to ask the database, and how well it must be met to be a good answer."""

    expression: Expression
    phrases: tuple[str, ...] = field(default=())
    is_loose: bool = False


# ── cutting ───────────────────────────────────────────────────────────────────────────────────


def cut(text: str, synonyms: Synonyms) -> list[Word]:
    """Words between blanks, each as pieces. Words that are only to be ignored fall away."""
    words = [_pieces(word, synonyms) for word in normal(text).split()[:MOST_WORDS]]
    return [word for word in words if word]


def _pieces(word: str, synonyms: Synonyms) -> Word:
    found: list[Piece] = []
    is_known = False
    loose = ""
    at = 0
    longest = max(map(len, synonyms), default=0)
    while at < len(word):
        known = _known_at(word, at, longest, synonyms)
        if not known:
            loose += word[at]
            at += 1
            continue
        found += _plain(loose)
        loose = ""
        if synonyms[known]:
            found.append(Piece(known, tuple(synonyms[known])))
        is_known = True
        at += len(known)
    found += _plain(loose)
    return _without_crumbs(found) if is_known else tuple(found)


def _known_at(word: str, at: int, longest: int, synonyms: Synonyms) -> str:
    """The longest known word that begins here.

    Known letters cut no word of letters; a known single character must be all there is.
    """
    for end in range(min(len(word), at + longest), at, -1):
        known = word[at:end]
        if known in synonyms and not (_splits(word, at) or _splits(word, end)):
            return known if len(known) > 1 or known == word else ""
    return ""


def _splits(word: str, at: int) -> bool:
    return 0 < at < len(word) and word[at - 1].isascii() and word[at].isascii()


def _plain(text: str) -> list[Piece]:
    return [Piece(run) for run in runs(text)]


def _without_crumbs(pieces: Sequence[Piece]) -> Word:
    """A single character left between known words (开…, …证) decides nothing."""
    kept = tuple(one for one in pieces if one.meanings or len(one.text) > 1)
    return kept or tuple(pieces)


# ── expressions ───────────────────────────────────────────────────────────────────────────────


def _either(parts: Sequence[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Either(tuple(dict.fromkeys(parts)))


def _every(parts: Sequence[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Every(tuple(dict.fromkeys(parts)))


def _literal(text: str, *, is_named: bool = False) -> Expression:
    """All of a text, its stretches in any order. A lone character is sought in names only."""
    parts: list[Expression] = []
    for run in runs(text):
        if is_word(run):
            parts.append(_letters(run, is_named=is_named))
        elif len(run) == 1:
            parts.append(Term(run, is_named=True))
        else:
            parts += [Term(pair, is_named=is_named) for pair in pairs(run)]
    return _every(parts)


def _letters(word: str, *, is_named: bool) -> Expression:
    """A word by its beginning, or its sounds.

    One alone would begin too many: a letter is sought where a name begins, a digit as it is.
    """
    if len(word) == 1:
        ways = [Term(word, True, True), Term(HEAD + word)]
        return _either(ways) if word.isalpha() else Term(word, is_named=is_named)
    terms = [Term(word, True, is_named)]
    if word.isalpha():
        terms.append(Term(INITIALS + word[:SOUND_LENGTH], True))
        terms.append(Term(SYLLABLES + word[:SOUND_LENGTH], True))
    return _either(terms)


def _met(piece: Piece, *, by_sound: bool = False) -> Expression:
    ways = [_literal(piece.text), *(_literal(one, is_named=True) for one in piece.meanings)]
    if by_sound and not is_word(piece.text) and len(piece.text) > 1:
        said = "".join(syllables(piece.text))
        ways.append(Term(SYLLABLES + said[:SOUND_LENGTH], True))
    return _either(ways)


def _parts_of(piece: Piece, length: int) -> Expression:
    """Any stretch of this length, in names, or a meaning."""
    text = piece.text
    if is_word(text) or len(text) <= length:
        return _met(piece)
    stretches = [text[at : at + length] for at in range(len(text) - length + 1)]
    ways = [_literal(one, is_named=True) for one in [*stretches, *piece.meanings]]
    return _either(ways)


# ── questions ─────────────────────────────────────────────────────────────────────────────────


def questions(words: Sequence[Word]) -> Iterator[Question]:
    """From the strictest to the loosest; the first that has an answer is the one to take."""
    if not words or not any(runs(piece.text) for word in words for piece in word):
        return
    whole = tuple(_phrases(words))
    exact = _every([_every([_met(piece) for piece in word]) for word in words])
    yield Question(exact, whole)
    yield from (one for one in _loose(words, whole) if one.expression != exact)


def _loose(words: Sequence[Word], whole: tuple[str, ...]) -> Iterator[Question]:
    crumbs = tuple(dict.fromkeys([*whole, *_all_pairs(words)]))[:12]
    half = max((len(p.text) + 1) // 2 for w in words for p in w)
    sound = _every([_every([_met(piece, by_sound=True) for piece in word]) for word in words])
    yield Question(sound, whole, True)
    some = _every([_either([_met(piece) for piece in word]) for word in words])
    yield Question(some, whole, True)
    halves = _every([_either([_parts_of(p, max(2, half)) for p in word]) for word in words])
    yield Question(halves, crumbs, True)
    bits = _every([_either([_parts_of(piece, 2) for piece in word]) for word in words])
    yield Question(bits, crumbs, True)


def _phrases(words: Sequence[Word]) -> list[str]:
    texts = [text for word in words for piece in word for text in (piece.text, *piece.meanings[:3])]
    return list(dict.fromkeys(part for text in texts for part in text.split()))[:12]


def _all_pairs(words: Sequence[Word]) -> list[str]:
    return [
        pair
        for word in words
        for piece in word
        if not is_word(piece.text)
        for pair in pairs(piece.text)
    ]
