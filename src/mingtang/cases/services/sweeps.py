"""What the law does by itself when a day is over: found by index, done by ordinary commands.

Late or twice gives the same result: each command checks again, and does nothing a second time.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id
from mingtang.cases.models import Case
from mingtang.cases.rules import MOVE_OF, Verb
from mingtang.cases.services.accepting import deem_accepted
from mingtang.cases.services.deciding import deem_granted
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import SYSTEM
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind

MOST = 500  # cases in one sweep; the next takes the rest
Act = Callable[..., object]


def sweep_deemed(at: datetime) -> int:
    """Deemed acceptance and deemed renewal of what is over. Returns how many cases moved."""
    accepted = _over(at, ClockKind.COMPLETENESS, Verb.DEEM_ACCEPTED)
    deemed = [case for case in accepted if catalogue.profile_of(case.edition).has_deemed_acceptance]
    renewed = _over(at, ClockKind.RENEWAL, Verb.DEEM_GRANTED)
    return _act(deem_accepted, deemed, at) + _act(deem_granted, renewed, at)


def _over(at: datetime, kind: ClockKind, verb: Verb) -> list[Case]:
    """Cases in a state from which the act starts, whose clock of a kind ran out before today."""
    streams = timing.overdue_streams(kind, before=legal_date(at), most=MOST)
    ids = [int(stream.removeprefix("case:")) for stream in streams if stream.startswith("case:")]
    sources = [state.value for state in MOVE_OF[verb].sources]
    rows = Case.objects.filter(id__in=ids, state__in=sources).select_related("edition")
    return list(rows.order_by("id"))


def _act(act: Act, cases: Iterable[Case], at: datetime) -> int:
    done = 0
    for case in cases:
        try:
            act(
                case_id=case.id,
                actor=SYSTEM,
                at=at,
                command_id=derived_command_id(act.__name__, case.id, legal_date(at)),
            )
            done += 1
        except DomainError:
            continue  # somebody was faster
    return done
