"""What the law does by itself when a day is over: found by index, done by ordinary commands.

Late or twice gives the same result: each command checks again, and does nothing a second time.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id
from mingtang.cases.models import Case, DeferredMaterial
from mingtang.cases.rules import MOVE_OF, Channel, IllegalMove, NotNow, State, Verb
from mingtang.cases.services.accepting import days_to_remind, deem_accepted, remind_deferred
from mingtang.cases.services.deciding import deem_granted
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import SYSTEM

Act = Callable[..., object]
log = logging.getLogger(__name__)


def sweep_deemed(at: datetime) -> int:
    """Deemed acceptance and deemed renewal of what is over. Returns how many cases moved."""
    return _act(deem_accepted, _unanswered(at), at) + _act(deem_granted, _undecided(at), at)


def sweep_reminders(at: datetime) -> int:
    """Applicants are reminded of deferred papers. Returns of how many cases. Of what was promised
    for a whole joint matter the whole reminds, once."""
    near = DeferredMaterial.objects.filter(
        supplied_at=None, reminded_at=None, due_date__range=days_to_remind(legal_date(at))
    )
    open_ = [state.value for state in State if state.is_open]
    single = near.filter(case__state__in=open_).exclude(case__channel=Channel.JOINT.value)
    rows = single.order_by("due_date", "id")
    case_ids = dict.fromkeys(rows.values_list("case_id", flat=True))
    return _act(remind_deferred, case_ids, at)


def _unanswered(at: datetime) -> Iterator[int]:
    """Nobody told the applicant anything while the check of completeness ran: in procedures that
    know deemed acceptance only, so that others, overdue for long, are not looked at for ever."""
    rows = _in_sources_of(Verb.DEEM_ACCEPTED).filter(
        next_due_date__lt=legal_date(at),
        correction_count=0,
        edition__profile__in=catalogue.profiles_with_deemed_acceptance(),
    )
    return _ids(rows.order_by("next_due_date", "id"))


def _undecided(at: datetime) -> Iterator[int]:
    """Renewals whose licence has expired meanwhile."""
    rows = _in_sources_of(Verb.DEEM_GRANTED).filter(
        renews_until_date__lt=legal_date(at), is_renewal_seen=True
    )
    return _ids(rows.order_by("renews_until_date", "id"))


def _in_sources_of(verb: Verb) -> QuerySet[Case]:
    return Case.objects.filter(state__in=[state.value for state in MOVE_OF[verb].sources])


def _ids(cases: QuerySet[Case]) -> Iterator[int]:
    return iter(list(cases.values_list("id", flat=True)))


def _act(act: Act, case_ids: Iterable[int], at: datetime) -> int:
    return sum(_is_done(act, case_id, at) for case_id in case_ids)


def _is_done(act: Act, case_id: int, at: datetime) -> bool:
    """Whether the law moved one case. Whatever is wrong with it, the others have their turn."""
    name = act.__name__
    command_id = derived_command_id(name, case_id, legal_date(at))
    try:
        act(case_id=case_id, actor=SYSTEM, at=at, command_id=command_id)
    except (IllegalMove, NotNow):
        return False  # somebody was faster, or it was not asked for in time
    except DomainError as error:
        log.warning("%s of case %s refused: %s", name, case_id, error)
        return False
    except Exception:
        log.exception("%s of case %s failed", name, case_id)
        return False
    return True
