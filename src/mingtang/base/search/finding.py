"""Search: a text asked of the index. Candidates by SQL and the shelf, order by `ranking`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from mingtang.base.search.asking import Question, Word, cut, questions
from mingtang.base.search.keeping import asked, every
from mingtang.base.search.ranking import Candidate, Hit, ranked
from mingtang.base.search.shelf import Found, Shelf
from mingtang.base.search.stores import store
from mingtang.base.search.synonyms import synonyms_in

MOST_SEEN = 20_000  # documents whose texts a shelf keeps at hand
CAP = 200  # answers that are put in order; who has not found it by then asks again
COLUMNS = "id, subject, key, name, main, unit, code, said, weight"


@dataclass(frozen=True)
class Search:
    """A text understood. No question: nothing was typed that could be sought, or nothing fits."""

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
        ids = found.ids(self._phrases if len(found) > CAP else (), end)  # all are judged
        judged = self._hits(ids[:CAP]) if start < CAP else []
        further = ids[max(start, CAP) : end]
        return judged[start : start + size] + self._hits(further, keep=True)

    @property
    def _phrases(self) -> list[str]:
        """A number is the beginning of a code, which all documents may share: no part of a name."""
        phrases = self.question.phrases if self.question else ()
        return [one for one in phrases if not one.isdecimal()]

    def _hits(self, ids: Sequence[int], *, keep: bool = False) -> list[Hit]:
        if not ids:
            return []
        return ranked(_candidates(self.found.shelf, ids), self.words, self.text, keep=keep)


def look_up(kind: str, text: str) -> Search:
    """Understand a text and take the strictest question that has an answer."""
    words = cut(text, synonyms_in(text))
    for question in questions(words):
        if found := asked(kind, question.expression):
            return Search(text, words, question, found)
    return Search(text, words, None, every(kind).none)


def search(kind: str, text: str, limit: int = CAP) -> list[Hit]:
    """The subjects of a kind that answer a text, best first."""
    return look_up(kind, text).page(0, limit)


def _candidates(shelf: Shelf, ids: Sequence[int]) -> list[Candidate]:
    """What ranking needs of documents, in the order of their ids. Any change of the index makes
    another shelf, so that what was once read of a document holds as long as its shelf."""
    if len(shelf.seen) > MOST_SEEN:
        shelf.seen = {}
    by_id = shelf.seen
    if missing := [one for one in ids if one not in by_id]:
        by_id.update(_read(missing))
    return [by_id[one] for one in ids if one in by_id]


def _read(ids: Sequence[int]) -> dict[int, Candidate]:
    among, value = store().among(ids)
    sql = f"SELECT {COLUMNS} FROM base_searchdocument WHERE id {among}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return {row[0]: Candidate(*row[1:]) for row in cursor.fetchall()}
