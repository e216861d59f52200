"""Search of letters: public copies and answers that hold for others. Originals are never in it."""

from collections.abc import Iterable, Iterator
from datetime import date

from mingtang.base import search
from mingtang.base.clock import legal_date
from mingtang.base.search import Document
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.letters.models import Knowledge, PublicCopy
from mingtang.letters.queries.public import (
    COPY,
    KNOWLEDGE,
    every_answer,
    every_copy,
    knowledge_among,
    public_among,
)
from mingtang.regions import queries as regions


def _copies(rows: Iterable[PublicCopy], names: dict[int, str]) -> Iterator[Document]:
    for row in rows:
        yield Document(
            subject=f"{COPY}:{row.id}",
            name=row.title,
            unit=names.get(row.letter.lead_id or 0, ""),
            body=f"{row.question}\n{row.answer}",
        )


def _answers(rows: Iterable[Knowledge], names: dict[int, str]) -> Iterator[Document]:
    for row in rows:
        yield Document(
            subject=f"{KNOWLEDGE}:{row.id}",
            name=row.question,
            unit=names.get(row.organisation_id, ""),
            body=row.answer,
        )


def _follow(event: Event) -> None:
    """Make the index say of a letter what is public of it now, or nothing."""
    letter_id = int(event.stream.removeprefix("letter:"))
    copies, answers = public_among([letter_id]), knowledge_among([letter_id])
    every = PublicCopy.objects.filter(letter=letter_id).order_by("id")
    known = Knowledge.objects.filter(letter=letter_id).order_by("id")
    search.remove(f"{COPY}:{key}" for key in every.values_list("id", flat=True))
    search.remove(f"{KNOWLEDGE}:{key}" for key in known.values_list("id", flat=True))
    _index(copies, answers, legal_date(event.at))


def _index(copies: list[PublicCopy], answers: list[Knowledge], on: date) -> int:
    units = {row.letter.lead_id for row in copies if row.letter.lead_id}
    units |= {row.organisation_id for row in answers}
    names = regions.names_of(units, on)
    return search.index([*_copies(copies, names), *_answers(answers, names)])


def reindex(on: date) -> int:
    """Make the index of public copies and common answers anew."""
    search.clear(COPY)
    search.clear(KNOWLEDGE)
    return _index(every_copy(), every_answer(), on)


FINDING = Follower(
    "letters.finding",
    (
        *("letter.copy_confirmed", "letter.copy_taken_down"),
        *("letter.promoted", "letter.retired"),
    ),
    _follow,
)
