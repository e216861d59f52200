"""Reads of rights: under whose post a person may do what to a case, and what is open to them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from mingtang.accounts.queries import actor_of, authorities_of, mandated_codes
from mingtang.accounts.rules import COUNTER_ROLES, Authority, Grant, NotYourPost, Role, Scope
from mingtang.base.sealed import blind_index
from mingtang.cases.models import Case, Step
from mingtang.cases.queries.reading import Situation
from mingtang.cases.queries.referring import first_level, is_below
from mingtang.cases.rules import (
    BELOW,
    DECISIONS,
    MOVE_OF,
    UNPLANNED,
    ApplicantKind,
    Channel,
    Move,
    NoAuthority,
    OwnCase,
    State,
    StepKind,
    StepStatus,
    Verb,
    hanging_on,
    moves_from,
    unfinished,
)
from mingtang.cases.rules.moves import DECIDERS
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

# Work on a step belongs to the unit of the step.
STEP_VERBS = frozenset(
    {Verb.CLAIM, Verb.EXAMINE, Verb.REFER_UP, Verb.TAKE_BACK, Verb.TRANSFER_STEP}
)
ABOUT_A_STEP = STEP_VERBS | {Verb.RETURN_STEP, Verb.CANCEL_STEP}
# The counter that took an application in also takes what belongs to it, and hands over.
INTAKE_VERBS = frozenset(
    {
        *(Verb.CORRECT_ON_SPOT, Verb.SUPPLY, Verb.SUPPLY_DEFERRED),
        *(Verb.WITHDRAW, Verb.HAND_OVER, Verb.HAND_ON),
    }
)
# A village's counter also accepts what its township examines first, in the township's name.
ACCEPTING_VERBS = frozenset({Verb.ACCEPT, Verb.ASK_CORRECTION, Verb.STILL_MISSING})


def is_own(scope: Scope, case: Case) -> bool:
    """Whether somebody would act on their own application, or their enterprise's."""
    if scope.person_id is not None and scope.person_id == case.applicant_person_id:
        return True
    if scope.identity_index and scope.identity_index == case.identity_index:
        return True  # taken in at a counter, or filed without signing in
    if _is_proxy(scope, case):
        return True  # who acts for the applicant decides nothing
    if case.applicant_kind != ApplicantKind.LEGAL or scope.person_id is None or scope.on is None:
        return False
    codes = mandated_codes(scope.person_id, scope.on)
    return case.identity_index in {blind_index("identity", code) for code in codes}


def _is_proxy(scope: Scope, case: Case) -> bool:
    if not scope.identity_index or not case.proxy_identity:
        return False
    return blind_index("identity", case.proxy_identity) == scope.identity_index


def permit(scope: Scope, case: Case, verb: Verb, on: date, *, step: Step | None = None) -> Actor:
    """The actor under whose right a person does this to a case.

    `step`: the one concerned; a substitute then acts in the place of who holds it.
    Raises NotYourPost, OwnCase, or NoAuthority where no letter allows a chief representative.
    """
    if is_own(scope, case):
        raise OwnCase
    grants = _grants(scope, case, MOVE_OF[verb], step)
    if not grants:
        raise NotYourPost(MOVE_OF[verb].label)
    allowed = [grant for grant in grants if _authorised(scope, grant, case, verb, on)]
    if not allowed:
        raise NoAuthority
    held_by = _held_by(step)
    in_place = [grant for grant in allowed if grant.acting_for_id in held_by]
    for_oneself = not held_by or scope.person_id in held_by
    return actor_of(scope, allowed[0] if for_oneself or not in_place else in_place[0])


def _held_by(step: Step | None) -> set[int]:
    """Whose step it is: who claimed it, or who is to."""
    if step is None:
        return set()
    return {one for one in (step.claimed_by_id or step.assigned_to_id,) if one}


def permit_role(
    scope: Scope,
    case: Case,
    roles: Iterable[Role],
    act: str,
    *,
    place_id: int | None = None,
    at_intake: bool = False,
) -> Actor:
    """The same for acts that are no move of the case: money, originals, seals.

    `place_id`: the unit whose people do it, where it is not the case's own; `at_intake`: those of
    the counter that took it in may as well. Raises NotYourPost.
    """
    if is_own(scope, case):
        raise OwnCase
    wanted = frozenset(roles)
    if place_id is None:
        verb = Verb.HAND_OVER if at_intake else Verb.DECLINE
        grants = _fitting(scope, case, wanted, _places(case, verb, None))
    else:
        held = [grant for grant in scope.grants if grant.organisation_id == place_id]
        grants = [grant for grant in held if grant.role in wanted]
    if not grants:
        raise NotYourPost(act)
    return actor_of(scope, grants[0])


def permit_intake(
    scope: Scope, item_code: str, *, organisation_id: int, region_id: int
) -> tuple[Actor, Channel]:
    """The actor of who takes an application in, and through which level's counter.

    A clerk of the department, of the general window of its place (`region_id`), or of a township
    or village that takes it in for the county. Raises NotYourPost.
    """
    for grant in scope.grants:
        names_it = grant.item_codes is None or item_code in grant.item_codes
        if grant.role not in COUNTER_ROLES or not names_it:
            continue
        if organisation_id in grant.organisation_ids or region_id in grant.region_ids:
            return actor_of(scope, grant), Channel.COUNTER
        level = regions.level_below(grant.organisation_id, region_id)
        if level:
            return actor_of(scope, grant), Channel(level)
    raise NotYourPost("窗口收件")


def _places(case: Case, verb: Verb, step: Step | None) -> list[int]:
    """The units whose people may do this."""
    if verb in STEP_VERBS and step is not None:
        return [step.organisation_id]
    if case.intake_organisation_id and (verb in INTAKE_VERBS or _accepts_below(case, verb)):
        return [case.organisation_id, case.intake_organisation_id]
    return [case.organisation_id]


def _accepts_below(case: Case, verb: Verb) -> bool:
    below = first_level(case)
    return bool(below and below.is_by_township and verb in ACCEPTING_VERBS)


def _grants(scope: Scope, case: Case, move: Move, step: Step | None) -> list[Grant]:
    """The rights to an act. Who was asked by name to sign may, an approver too. Nobody acts in
    the place of the applicant."""
    roles = move.roles
    if step is not None and step.assigned_to_id and move.verb in STEP_VERBS:
        roles = roles | DECIDERS
    found = _fitting(scope, case, roles, _places(case, move.verb, step))
    return [grant for grant in found if not _is_for_applicant(grant, case)]


def _is_for_applicant(grant: Grant, case: Case) -> bool:
    if grant.acting_for_id is None:
        return False
    same = grant.acting_for_identity and grant.acting_for_identity == case.identity_index
    return bool(same) or grant.acting_for_id == case.applicant_person_id


def _fitting(scope: Scope, case: Case, roles: Iterable[Role], places: list[int]) -> list[Grant]:
    found: list[Grant] = []
    for place in places:
        grants = scope.grants_for(
            roles, organisation_id=place, item_code=case.item.code, region_id=case.region_id
        )
        found += [grant for grant in grants if grant not in found]
    return found


def _authorised(scope: Scope, grant: Grant, case: Case, verb: Verb, on: date) -> bool:
    """A chief representative decides only what a dated letter of authority names."""
    if grant.role is not Role.CHIEF_REPRESENTATIVE or verb not in DECISIONS:
        return True
    return any(
        letter.allows(act=verb.value, item_code=case.item.code, on=on)
        for letter in _letters(scope, grant, on)
    )


def _letters(scope: Scope, grant: Grant, on: date) -> tuple[Authority, ...]:
    holder = grant.acting_for_id or scope.person_id
    assert holder is not None
    return authorities_of(holder, grant.organisation_id, on)


# ── what is open to somebody ──────────────────────────────────────────────────────────────────


def open_moves(scope: Scope, now: Situation, on: date) -> list[tuple[Move, Step | None]]:
    """What this person may do to this case now, with the step it concerns."""
    if is_own(scope, now.case):
        return []
    found: list[tuple[Move, Step | None]] = []
    for move in moves_from(now.state):
        for step in _steps_for(move.verb, now):
            grants = [
                grant
                for grant in _grants(scope, now.case, move, step)
                if _authorised(scope, grant, now.case, move.verb, on)
            ]
            if grants and _fits(move.verb, now, step, grants, _in_whose_name(scope, grants)):
                found.append((move, step))
    return found


def _in_whose_name(scope: Scope, grants: list[Grant]) -> set[int | None]:
    return {scope.person_id, *(grant.acting_for_id for grant in grants if grant.acting_for_id)}


def _steps_for(verb: Verb, now: Situation) -> list[Step] | list[None]:
    """The steps that an act may concern; [None] for one that concerns the whole case."""
    wanted = {
        Verb.CLAIM: {StepStatus.READY},
        Verb.EXAMINE: {StepStatus.CLAIMED},
        Verb.REFER_UP: {StepStatus.CLAIMED},
        Verb.TAKE_BACK: {StepStatus.DONE},
        Verb.RETURN_STEP: {StepStatus.DONE},
        Verb.TRANSFER_STEP: {StepStatus.CLAIMED, StepStatus.READY},
        Verb.CANCEL_STEP: {StepStatus.CLAIMED, StepStatus.READY},
    }.get(verb)
    if wanted is None:
        return [None]
    return [step for step in now.steps_in_force if step.status in wanted]


def _fits(
    verb: Verb, now: Situation, step: Step | None, grants: list[Grant], people: set[int | None]
) -> bool:
    """Whether the act would go through, as far as can be seen beforehand."""
    if step is not None:
        return _fits_step(verb, now, step, grants, people)
    if verb in DECISIONS:
        return _may_decide(now, grants, people)
    check = _CHECKS.get(verb)
    return check is None or check(now)


def _fits_step(
    verb: Verb, now: Situation, step: Step, grants: list[Grant], people: set[int | None]
) -> bool:
    done_by = {step.done_by_id, step.done_for_id} - {None}
    is_first = step.kind == StepKind.PRE_EXAMINATION
    if verb is Verb.CLAIM:
        return step.assigned_to_id is None or step.assigned_to_id in people
    if verb in {Verb.EXAMINE, Verb.REFER_UP}:
        is_due = is_first == (verb is Verb.REFER_UP) and now.case.bounced_at is None
        return is_due and step.claimed_by_id in people
    if now.case.referred_up_at and step.stage == BELOW:
        return False  # it is with the next level
    if verb is Verb.TAKE_BACK:
        gone_on = {StepStatus.CLAIMED, StepStatus.DONE}
        after = hanging_on(now.steps_in_force, step.key)
        return bool(done_by & people) and not any(one.status in gone_on for one in after)
    if verb is Verb.RETURN_STEP:
        return not done_by & people and (
            _decides(grants) or any(one.claimed_by_id in people for one in now.steps_in_force)
        )
    if verb is Verb.CANCEL_STEP:
        return step.kind in UNPLANNED
    holder = step.claimed_by_id or step.assigned_to_id
    return holder is not None and (holder in people or _decides(grants))


def _decides(grants: list[Grant]) -> bool:
    return any(grant.role is Role.APPROVER for grant in grants)


def _may_decide(now: Situation, grants: list[Grant], people: set[int | None]) -> bool:
    if unfinished(now.steps_in_force) or now.requests or now.case.bounced_at:
        return False
    if any(one.supplied_at is None for one in now.deferred):
        return False
    examined = any({step.done_by_id, step.done_for_id} & (people - {None}) for step in now.steps)
    has_letter = any(grant.role is Role.CHIEF_REPRESENTATIVE for grant in grants)
    return not examined or (now.case.edition.on_the_spot and has_letter)


def _asked_for(now: Situation, kind: str) -> bool:
    return any(request.kind == kind for request in now.requests)


def _may_extend(now: Situation) -> bool:
    days = catalogue.profile_of(now.case.edition).extension_days
    may_be = bool(days) and now.case.extended_at is None and not is_below(now.case)
    return may_be and not _asked_for(now, "extension")


def _is_grant_without_licence(now: Situation) -> bool:
    kinds = now.case.edition.details.get("result_type") or []
    return now.case.outcome != "refused" and "licence" in kinds and now.case.issued_at is None


_CHECKS: Mapping[Verb, Callable[[Situation], bool]] = {
    Verb.ASK_CORRECTION: lambda now: now.case.correction_count == 0,
    Verb.ASK_CORRECTION_AGAIN: lambda now: now.case.correction_count > 0,
    Verb.SUPPLY: lambda now: (
        now.state is State.CORRECTING
        or any(one.is_after_acceptance and one.supplied_at is None for one in now.corrections)
    ),
    Verb.STILL_MISSING: lambda now: now.case.complete_date is not None,
    Verb.SUPPLY_DEFERRED: lambda now: (
        now.case.channel != Channel.JOINT  # of a joint matter the whole takes it in
        and any(one.supplied_at is None for one in now.deferred)
    ),
    Verb.ASK_PAUSE: lambda now: (
        bool(catalogue.special_of(now.case.edition)) and not _asked_for(now, "pause")
    ),
    Verb.PAUSE: lambda now: _asked_for(now, "pause"),
    Verb.ASK_EXTENSION: _may_extend,
    Verb.EXTEND: lambda now: _asked_for(now, "extension"),
    Verb.REJECT_REQUEST: lambda now: bool(now.requests),
    Verb.BOUNCE: lambda now: now.case.bounced_at is None,
    Verb.HAND_ON: lambda now: now.case.bounced_at is not None,
    Verb.ISSUE: _is_grant_without_licence,
    Verb.HAND_OVER: lambda now: not _is_grant_without_licence(now),
}
