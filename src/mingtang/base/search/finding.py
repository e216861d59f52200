"""Search: a text asked of the index. Candidates by SQL and the shelf, order by `ranking`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from mingtang.base.search.asking import Question, Word, cut, questions
from mingtang.base.search.keeping import asked, every
from mingtang.base.search.ranking import Candidate, Hit, Texts, ranked
from mingtang.base.search.shelf import Found, Shelf
from mingtang.base.search.stores import store
from mingtang.base.search.synonyms import synonyms_in
from mingtang.base.search.tokens import normal

MOST_SEEN = 20_000  # documents whose texts a shelf keeps at hand
CAP = 200  # answers that are put in order; who has not found it by then asks again
TEXTS = "SELECT id, main, unit, code, said FROM base_searchdocument WHERE id"
NO_TEXTS = Texts()


@dataclass(frozen=True)
class Search:
    """A text understood. No question: nothing was typed that could be sought, or nothing fits."""

    kind: str
    text: str
    words: Sequence[Word]
    question: Question | None
    found: Found

    @property
    def is_loose(self) -> bool:
        """Nothing fits in full: the answers are only similar."""
        return self.question is not None and self.question.is_loose

    def page(self, start: int, size: int, among: Found | None = None) -> list[Hit]:
        """Answers from a rank on, best first; `among`: those that what was found is narrowed to.

        Behind the first CAP they come as the sieve lays them: no gap, no repeat, less judgement.
        """
        end = max(start + size, CAP)
        found = self.found if among is None else among
        places = found.first(self._phrases if len(found) > CAP else (), end)  # all are judged
        judged = self._judged(places[:CAP]) if start < CAP else []
        further = self._judged(places[max(start, CAP) : end], keep=True)
        return [
            Hit(f"{self.kind}:{key}", key, score)
            for score, key in [*judged[start : start + size], *further]
        ]

    @property
    def _phrases(self) -> list[str]:
        """A number is the beginning of a code, which all documents may share: no part of a name."""
        phrases = self.question.phrases if self.question else ()
        return [one for one in phrases if not one.isdecimal()]

    def _judged(self, places: Sequence[int], *, keep: bool = False) -> list[tuple[float, int]]:
        if not places:
            return []
        shelf = self.found.shelf
        ids = [shelf.ids[place] for place in places]
        texts_of = _Reading(shelf, ids)
        candidates = [
            Candidate(one, shelf.keys[place], shelf.name(place), shelf.weights[place], texts_of)
            for one, place in zip(ids, places, strict=True)
        ]
        typed = normal(self.text.strip())
        code = typed if len(typed) in shelf.code_lengths else ""
        return ranked(candidates, self.words, code, keep=keep)


def look_up(kind: str, text: str) -> Search:
    """Understand a text and take the strictest question that has an answer."""
    words = cut(text, synonyms_in(text))
    for question in questions(words):
        if found := asked(kind, question.expression):
            return Search(kind, text, words, question, found)
    return Search(kind, text, words, None, every(kind).none)


def search(kind: str, text: str, limit: int = CAP) -> list[Hit]:
    """The subjects of a kind that answer a text, best first."""
    return look_up(kind, text).page(0, limit)


class _Reading:
    """The texts of some documents, all read when one is asked for. They never change, so that what
    was once read is kept with the shelf."""

    def __init__(self, shelf: Shelf, ids: Sequence[int]) -> None:
        self._shelf = shelf
        self._ids = ids

    def __call__(self, one: int) -> Texts:
        texts: Texts | None = self._shelf.seen.get(one)
        if texts is None:
            self._read()
            texts = self._shelf.seen.get(one, NO_TEXTS)  # it may be gone by now
        return texts

    def _read(self) -> None:
        seen = self._shelf.seen
        if len(seen) > MOST_SEEN:
            seen.clear()
        among, value = store().among([one for one in self._ids if one not in seen])
        with connection.cursor() as cursor:
            cursor.execute(f"{TEXTS} {among}", [value])
            seen.update((row[0], Texts(*row[1:])) for row in cursor.fetchall())
