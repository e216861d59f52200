"""Reads of rights: which joint matters are open to somebody, and what they may do about one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from mingtang.accounts.queries import actor_of, mandated_codes
from mingtang.accounts.rules import COUNTER_ROLES, Grant, NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.sealed import blind_index
from mingtang.cases.rules import ApplicantKind, GivenWay, OwnCase
from mingtang.joint.models import JointCase, JointPart
from mingtang.joint.queries.reading import owed_later
from mingtang.joint.rules.moves import MOVE_OF, Move, Verb, Who, moves_from
from mingtang.joint.rules.parts import failed, is_free, may_simulate
from mingtang.joint.rules.route import NodeKind
from mingtang.joint.rules.states import FAILED, FINISHED, JointState, PartStatus
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

HELPERS = frozenset({Role.AGENT, Role.PROJECT_OFFICE})  # note what others do, for the whole place


def visible(scope: Scope) -> QuerySet[JointCase]:
    """The matters that somebody's posts open: led, taken in, or taken part in there."""
    return JointCase.objects.filter(
        reduce(or_, (_within(one) for one in scope.reading()), Q(pk__in=[]))
    )


def _within(grant: Grant) -> Q:
    ids = grant.organisation_ids
    parts = JointPart.objects.filter(organisation_id__in=ids).values("joint_id")
    place = Q(lead_id__in=ids) | Q(intake_organisation_id__in=ids) | Q(id__in=parts)
    return place | Q(region_id__in=grant.region_ids) if grant.region_ids else place


def matter_for(scope: Scope, joint_id: int) -> JointCase:
    """One matter for colleagues. Raises NotFound alike for none and for none of yours."""
    rows = visible(scope).select_related("edition__route", "accepted_by", "extended_by")
    found = rows.filter(id=joint_id).first()
    if found is None:
        raise NotFound
    return found


def own(scope: Scope) -> Q:
    """Filed by oneself, or by an enterprise that one acts for."""
    if not scope.person_id:
        return Q(pk__in=[])
    mine = Q(applicant_person_id=scope.person_id)
    codes = mandated_codes(scope.person_id, scope.on) if scope.on else []
    indexes = [blind_index("identity", code) for code in codes]
    return mine | Q(identity_index__in=indexes, applicant_kind=ApplicantKind.LEGAL.value)


def own_matter(scope: Scope, number: str) -> JointCase:
    """A matter of the reader's own. Raises NotFound."""
    found = JointCase.objects.filter(own(scope)).select_related("edition__route")
    matter = found.filter(number=number).first()
    if matter is None:
        raise NotFound
    return matter


def filed_matter(number: str) -> JointCase:
    """A matter for one who has shown the right to it: just filed it, or knows the code."""
    found = JointCase.objects.select_related("edition__route").filter(number=number).first()
    if found is None:
        raise NotFound
    return found


# ── who may do what ───────────────────────────────────────────────────────────────────────────


def is_own(scope: Scope, joint: JointCase) -> bool:
    if scope.person_id is None:
        return False
    same = bool(scope.identity_index) and scope.identity_index == joint.identity_index
    return same or JointCase.objects.filter(own(scope), id=joint.id).exists()


def permit(scope: Scope, joint: JointCase, verb: Verb, part: JointPart | None = None) -> Actor:
    """The actor under whose right a person does this. Raises OwnCase, NotYourPost."""
    if is_own(scope, joint):
        raise OwnCase
    grants = _fitting(scope, joint, MOVE_OF[verb], part)
    if not grants:
        raise NotYourPost(MOVE_OF[verb].label)
    return actor_of(scope, min(grants, key=lambda grant: grant.acting_for_id is not None))


def permit_intake(scope: Scope, lead_id: int, region_id: int) -> Actor:
    """Who takes a matter in: a clerk of the lead department, or of the general window of its
    place. Raises NotYourPost."""
    for grant in scope.grants:
        is_there = lead_id in grant.organisation_ids or region_id in grant.region_ids
        if grant.role in COUNTER_ROLES and is_there:
            return actor_of(scope, grant)
    raise NotYourPost("并联申报收件")


def _fitting(scope: Scope, joint: JointCase, move: Move, part: JointPart | None) -> list[Grant]:
    return [
        grant
        for grant in scope.grants
        if grant.role in move.roles
        and (grant.acting_for_id is None or grant.acting_for_id != joint.applicant_person_id)
        and _is_there(grant, joint, move, part)
    ]


def _is_there(grant: Grant, joint: JointCase, move: Move, part: JointPart | None) -> bool:
    """Whether a post is where an act is done."""
    if joint.region_id in grant.region_ids:
        return True
    if move.who is Who.GOVERNMENT:
        return False
    if grant.role in HELPERS:
        places = regions.regions_of_organisations([grant.organisation_id])
        return places.get(grant.organisation_id) == joint.region_id
    units = {part.organisation_id if part else None}
    if move.who is Who.LEAD:
        units |= {joint.lead_id, joint.intake_organisation_id if move.by_applicant else None}
    return bool(grant.organisation_ids & units)


def open_deeds(
    scope: Scope, joint: JointCase, parts: Sequence[JointPart]
) -> list[tuple[Move, JointPart | None]]:
    """What a reader may do now, with the part that it concerns."""
    if is_own(scope, joint):
        return []
    return [
        (move, part)
        for move in moves_from(JointState(joint.state))
        if not move.by_system
        for part in _parts_for(move.verb, joint, parts)
        if _fitting(scope, joint, move, part)
    ]


def _parts_for(
    verb: Verb, joint: JointCase, parts: Sequence[JointPart]
) -> Iterable[JointPart | None]:
    """The parts that an act may concern; [None] for one about the whole, [] where it may not be."""
    if verb in _OF_PARTS:
        return [part for part in parts if _OF_PARTS[verb](part, parts)]
    return [None] if verb not in _OF_WHOLE or _OF_WHOLE[verb](joint, parts) else []


def withdrawable(parts: Sequence[JointPart]) -> list[JointPart]:
    """The parts that an applicant may still take back by themselves."""
    return [part for part in parts if part.status not in FINISHED | FAILED]


def _is_asked(joint: JointCase) -> bool:
    """Whether an extension waits for its answer."""
    return joint.extension_asked_at is not None and joint.extended_at is None


def _awaits_opinion(part: JointPart) -> bool:
    return part.status == PartStatus.SIMULATING and part.simulated.given_at is None


def _is_convertible(part: JointPart, parts: Sequence[JointPart]) -> bool:
    return (
        part.status == PartStatus.SIMULATING
        and part.simulated.given_at is not None
        and is_free(part, parts)
    )


_OF_PARTS: Mapping[Verb, Callable[[JointPart, Sequence[JointPart]], bool]] = {
    Verb.BEGIN_PART: lambda part, _: part.status == PartStatus.READY,
    Verb.END_PART: lambda part, _: part.status == PartStatus.RUNNING and part.kind != NodeKind.CASE,
    Verb.SIMULATE: lambda part, parts: part.kind == NodeKind.CASE and may_simulate(part, parts),
    Verb.GIVE_OPINION: lambda part, _: _awaits_opinion(part),
    Verb.CONVERT: _is_convertible,
    Verb.GO_ON_WITHOUT: lambda part, _: part.is_required and part.status in FAILED,
}
_OF_WHOLE: Mapping[Verb, Callable[[JointCase, Sequence[JointPart]], bool]] = {
    Verb.ASK_CORRECTION: lambda joint, _: not joint.corrections.exists(),
    Verb.SUPPLY_DEFERRED: lambda joint, _: bool(owed_later(joint)),
    Verb.ASK_EXTENSION: lambda joint, _: joint.extension_asked_at is None,
    Verb.EXTEND: lambda joint, _: _is_asked(joint),
    Verb.REJECT_EXTENSION: lambda joint, _: _is_asked(joint),
    Verb.TERMINATE: lambda _, parts: bool(failed(parts)),
    Verb.WITHDRAW_PART: lambda _, parts: len(withdrawable(parts)) > 1,
}


def to_bring(joint: JointCase) -> list[tuple[str, str]]:
    """Key and name of what was to be brought to the window and is not there yet."""
    rows = joint.materials.filter(way=GivenWay.TO_BRING.value, brought_at=None)
    return list(rows.order_by("id").values_list("key", "name"))
