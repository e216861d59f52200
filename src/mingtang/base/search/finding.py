"""Search: a text asked of the index. Candidates by SQL, order by `ranking`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from mingtang.base.search.asking import Question, Word, cut, questions
from mingtang.base.search.labels import by_label, facets_id
from mingtang.base.search.ranking import Candidate, Hit, ranked
from mingtang.base.search.stores import store
from mingtang.base.search.synonyms import synonyms_in

CAP = 200  # answers that are put in order; who has not found it by then asks again
COLUMNS = "d.subject, d.key, d.name, d.main, d.unit, d.code, d.said, d.weight"
Labels = Collection[str] | None  # of facets: answers with one of these; None: all answers


@dataclass(frozen=True)
class Search:
    """A text understood. No question: nothing was typed that could be sought, or nothing fits."""

    kind: str
    text: str
    words: Sequence[Word]
    question: Question | None
    counts: Mapping[str, int]  # how many documents match, by their facets

    @property
    def is_loose(self) -> bool:
        """Nothing fits in full: the answers are only similar."""
        return self.question is not None and self.question.is_loose

    def page(self, start: int, size: int, facets: Labels = None) -> list[Hit]:
        """Answers from a rank on, best first; `facets`: only those with one of these.

        Behind the first CAP they come as the sieve lays them: no gap, no repeat, less judgement.
        """
        if start >= CAP:
            beyond = self._candidates(start, size, facets)
            return ranked(beyond, self.words, self.text, keep=True)
        hits = ranked(self._candidates(0, CAP, facets), self.words, self.text)
        found = hits[start : start + size]
        if len(hits) == CAP and len(found) < size:
            found += self.page(CAP, size - len(found), facets)
        return found

    def _candidates(self, start: int, size: int, facets: Labels) -> list[Candidate]:
        if self.question is None:
            return []
        matching, values = _matching(self.kind, self.question)
        narrowed, ids = _among(facets)
        order, points = _order(self.question)
        sql = f"SELECT {COLUMNS} {matching}{narrowed} ORDER BY {order} LIMIT %s OFFSET %s"
        return [Candidate(*row) for row in _rows(sql, [*values, *ids, *points, size, start])]


def look_up(kind: str, text: str) -> Search:
    """Understand a text and take the strictest question that has an answer."""
    words = cut(text, synonyms_in(text))
    for question in questions(words):
        matching, value = store().counting(question.expression)
        counted = _counted(f"{matching} AND d.kind = %s", [value, kind])
        if counted:
            return Search(kind, text, words, question, counted)
    return Search(kind, text, words, None, {})


def search(kind: str, text: str, limit: int = CAP) -> list[Hit]:
    """The subjects of a kind that answer a text, best first. Counts nothing, so it is cheaper."""
    words = cut(text, synonyms_in(text))
    found = (Search(kind, text, words, one, {}).page(0, limit) for one in questions(words))
    return next((hits for hits in found if hits), [])


# ── without a text ────────────────────────────────────────────────────────────────────────────


def facet_counts(kind: str) -> dict[str, int]:
    """How many documents of a kind there are, by their facets."""
    return _counted("FROM base_searchdocument d WHERE d.kind = %s", [kind])


def keys_after(kind: str, last: int, size: int, facets: Labels = None) -> list[int]:
    """Keys of a kind in their order, behind the last one seen; `facets`: only with one of these."""
    narrowed, ids = _among(facets)
    matching = f"FROM base_searchdocument d WHERE d.kind = %s AND d.key > %s{narrowed}"
    found = _rows(f"SELECT d.key {matching} ORDER BY d.key LIMIT %s", [kind, last, *ids, size])
    return [row[0] for row in found]


# ── statements ────────────────────────────────────────────────────────────────────────────────


def _matching(kind: str, question: Question) -> tuple[str, list[Any]]:
    """FROM … WHERE …, with what was typed as values only."""
    sql, value = store().matching(question.expression)
    return f"{sql} AND d.kind = %s", [value, kind]


def _counted(matching: str, values: Sequence[Any]) -> dict[str, int]:
    """Counts by facets, of which there are far fewer than documents."""
    found = _rows(f"SELECT d.facets_id, count(*) {matching} GROUP BY d.facets_id", values)
    return by_label(dict(found))


def _among(facets: Labels) -> tuple[str, list[Any]]:
    """The sign + keeps databases from going from label to label: there may be thousands."""
    if facets is None:
        return "", []
    sql, value = store().among([facets_id(label) for label in facets])
    return f" AND +d.facets_id {sql}", [value]


def _order(question: Question) -> tuple[str, list[str]]:
    """Names that hold more of the phrases first, then shorter names: a cheap first sieve.

    A number is the beginning of a code, which all documents may share, and no part of a name:
    they come as they were written, and SQLite need not look at all of them.
    """
    phrases = [one for one in question.phrases if not one.isdecimal()]
    if not phrases:
        return store().as_written, []
    met = " + ".join("CASE WHEN d.name LIKE %s THEN 1 ELSE 0 END" for _ in phrases)
    return f"({met}) DESC, d.name_length, d.key", [f"%{one}%" for one in phrases]


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
