"""Reads of habits that stand out: pure counting over the events of a span."""

from datetime import date

from mingtang.accounts.rules import Scope
from mingtang.base.clock import LEGAL_ZONE
from mingtang.ledger.queries import Event, events_within, histories
from mingtang.supervision.queries.lists import units_of
from mingtang.supervision.queries.reading import told
from mingtang.supervision.rules.outliers import LOOKED_AT, Person, Seen, habits, needs_history


def outliers(scope: Scope, since: date, until: date) -> list[Person]:
    """People at the offices that a reader sees, who shows the most of any habit first; those who
    show none are left out."""
    units = {str(one) for one in units_of(scope)}
    seen = [
        _seen(event)
        for event in events_within(LOOKED_AT, since, until)
        if str(event.facts.get("organisation_id") or event.organisation_id) in units
    ]
    wanted = {one.stream for one in seen if needs_history(one)}
    whole = {stream: [told(one) for one in rows] for stream, rows in histories(wanted).items()}
    people = [one for one in habits(seen, whole).values() if one.found]
    return sorted(people, key=lambda one: (-one.most, one.person_id))


def _seen(event: Event) -> Seen:
    return Seen(event.stream, event.at.astimezone(LEGAL_ZONE), told(event))
