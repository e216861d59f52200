"""Reads of rights: whose requests somebody handles, and what they may do about one."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.requests.models import Request
from mingtang.requests.queries.reading import open_consultations, open_remedies, standing_decision
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.moves import MOVE_OF, MOVES, READERS, REGISTRARS, Verb
from mingtang.requests.rules.states import State


def units_of(scope: Scope, roles: Iterable[Role] = READERS) -> frozenset[int]:
    """The organs whose requests are open to somebody in one of these roles."""
    wanted = frozenset(roles)
    found = (grant.organisation_ids for grant in scope.grants if grant.role in wanted)
    return frozenset().union(*found)


def request_for(scope: Scope, request_id: int) -> Request:
    """A request for the office that handles it. Raises NotFound for all others."""
    found = Request.objects.filter(id=request_id, organisation__in=units_of(scope)).first()
    if found is None:
        raise NotFound
    return found


def registered(scope: Scope, request_id: int) -> Request:
    """A request that somebody entered themselves, or that their office handles. Raises
    NotFound."""
    theirs = Q(organisation__in=units_of(scope)) | Q(registered_by=scope.person_id)
    found = Request.objects.filter(theirs, id=request_id).exclude(registered_by=None).first()
    if found is None:
        raise NotFound
    return found


def actor_for(scope: Scope, request: Request, verb: Verb) -> Actor:
    """Under whose post an act is done: one's own before one held for another.

    Raises NotYourPost.
    """
    move = MOVE_OF[verb]
    return _actor(scope, move.roles, request.organisation_id, move.label)


def registrar(scope: Scope, organisation_id: int) -> Actor:
    """Who enters a request for an organ: its office, or a clerk of its counter."""
    return _actor(scope, frozenset(REGISTRARS), organisation_id, "登记申请")


def _actor(scope: Scope, roles: Iterable[Role], organisation_id: int, act: str) -> Actor:
    fitting: list[Grant] = [
        grant
        for grant in scope.grants
        if grant.role in roles and organisation_id in grant.organisation_ids
    ]
    if not fitting:
        raise NotYourPost(act)
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def deeds_of(scope: Scope, request: Request, on: date) -> list[Verb]:
    """What a reader may do about a request now. Each command asks once more."""
    state = State(request.state)
    found = [
        move.verb for move in MOVES if state in move.sources and _may(scope, request, move.verb)
    ]
    hidden = _hidden(request, on)
    if scope.person_id is not None and _drafted(request) == scope.person_id:
        hidden.add(Verb.DECIDE)
    return [verb for verb in found if verb not in hidden]


def _may(scope: Scope, request: Request, verb: Verb) -> bool:
    try:
        actor_for(scope, request, verb)
    except NotYourPost:
        return False
    return True


def _drafted(request: Request) -> int | None:
    if request.state != State.DRAFTED.value:
        return None
    decision = standing_decision(request)
    return decision.drafted_by_id if decision else None


def _hidden(request: Request, on: date) -> set[Verb]:
    """Acts that the table allows and the record does not."""
    reasons = list(request.reasons.order_by("id"))
    decided_e1 = request.decisions.filter(approved_at__isnull=False, parts__kind=Kind.E1.value)
    due = request.next_due_date
    is_possible = {
        Verb.CONFIRM_LAPSE: due is not None and on > due,
        Verb.ASK_CORRECTION: not request.corrections.exists(),
        Verb.ASK_REASONS: not reasons,
        Verb.GIVE_REASONS: any(one.given_at is None for one in reasons),
        Verb.DELAY: any(one.given_at and one.is_reasonable is None for one in reasons),
        Verb.EXTEND: not request.extensions.filter(is_delay=False).exists(),
        Verb.CONSULTED: any(one.reached_date is None for one in open_consultations(request)),
        Verb.CLOSE_REMEDY: bool(open_remedies(request)),
        Verb.LINK: request.earlier_id is None,
        Verb.MOVE_TO_ACTIVE: request.moved_at is None
        and request.result in {Kind.A.value, Kind.B.value},
        Verb.TRANSFER_TO_LETTER: request.transferred_at is None and decided_e1.exists(),
    }
    return {verb for verb, may in is_possible.items() if not may}
