"""Rules: within how many days something is to be made public, by the law of its day. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Term:
    """A row of dated law. It holds for what is formed from its first day to its last."""

    valid_from: date
    valid_to: date | None
    days: int  # working days
    article: str


TERMS = (
    Term(
        date(2008, 5, 1), date(2019, 5, 14), 20, "《政府信息公开条例》（国务院令第492号）第十八条"
    ),
    Term(date(2019, 5, 15), None, 20, "《政府信息公开条例》（国务院令第711号）第二十六条"),
)


def term_on(formed: date) -> Term | None:
    """The term for what was formed on a day; none before the law was in force."""
    for term in TERMS:
        if term.valid_from <= formed and (term.valid_to is None or formed <= term.valid_to):
            return term
    return None
