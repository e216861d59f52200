"""Followers of joint matters: parts follow their cases; the worklist follows the calendar; people
are told."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from mingtang.accounts.queries import colleagues
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.cases.services import applicant_of
from mingtang.files.rules.documents import chinese_date
from mingtang.joint import queries
from mingtang.joint.models import JointCase, JointPart
from mingtang.joint.rules.moves import COUNTER, DECIDERS, GOVERNMENT, HANDLERS
from mingtang.joint.rules.occasions import OCCASION_OF
from mingtang.joint.rules.parts import is_free
from mingtang.joint.rules.states import FAILED, PartStatus
from mingtang.joint.services import refresh_due_date, settle
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.messages.rules import Audience, Occasion
from mingtang.messages.services import tell
from mingtang.regions import queries as regions


def _settle(event: Event) -> None:
    """A case that is part of a matter has moved to where the part must follow."""
    case_id = int(event.stream.removeprefix("case:"))
    if queries.is_part(case_id):
        command_id = derived_command_id("joint_settle", event.id)
        settle(case_id=case_id, actor=SYSTEM, at=event.at, command_id=command_id)


PARTS = Follower(
    "joint_parts",
    (
        *("case.granted", "case.refused", "case.deemed_granted", "case.delivered"),
        *("case.withdrawn", "case.terminated", "case.returned", "case.reopened"),
        "case.bounced",
    ),
    _settle,
)


def _refresh(event: Event) -> None:
    refresh_due_date(event.stream)


DUE_DATES = Follower("joint_due_dates", ("clock.recomputed",), _refresh, of="joint")


# ── who is told ───────────────────────────────────────────────────────────────────────────────


def _told(event: Event) -> None:
    """The applicant by inbox and SMS, colleagues by inbox; each once per event."""
    joint = JointCase.objects.get(id=int(event.stream.removeprefix("joint:")))
    later = ["joint.material_deferred"] if event.facts.get("deferred") else []
    for kind in (event.kind, *later):
        if occasion := OCCASION_OF.get((kind, Audience.APPLICANT)):
            person = joint.applicant_person_id
            phone = applicant_of(joint.applicant).phone
            _tell(occasion, joint, event, [person] if person else [], phone=phone)
    if event.kind == "joint.part_settled":
        _after_a_part(joint, event)
    elif event.kind == "joint.part_bounced":
        _after_a_bounce(joint, event)
    elif occasion := OCCASION_OF.get((event.kind, Audience.STAFF)):
        _tell(occasion, joint, event, _of_lead(joint, event))


def _of_lead(joint: JointCase, event: Event) -> list[int]:
    """Who handles what an event asks for: a filing is the counter's, more time the government's."""
    on = legal_date(event.at)
    if event.kind == "joint.extension_asked":
        return _ids(regions.ids_in([joint.region_id]), GOVERNMENT, on)
    is_counters = event.kind in {"joint.filed", "joint.supplied"}
    roles = COUNTER if is_counters else HANDLERS | DECIDERS
    return _ids([joint.lead_id], roles, on)


def _ids(units: Iterable[int], roles: Iterable[Role], on: date) -> list[int]:
    return [person.id for person in colleagues(units, roles, on)]


def _after_a_part(joint: JointCase, event: Event) -> None:
    """A required part that failed is the lead's to decide; a grant lets others convert."""
    parts = queries.parts_of(joint)
    part = next(one for one in parts if one.key == event.facts["part"])
    if part.is_required and part.status in FAILED:
        occasion = OCCASION_OF["joint.part_failed", Audience.STAFF]
        people = _ids([joint.lead_id], DECIDERS, legal_date(event.at))
        _tell(occasion, joint, event, people, part=part)
    for other in parts:
        if other.status == PartStatus.SIMULATING and is_free(other, parts):
            occasion = OCCASION_OF["joint.convertible", Audience.STAFF]
            people = _ids([other.organisation_id or 0], HANDLERS, legal_date(event.at))
            _tell(occasion, joint, event, people, part=other)


def _after_a_bounce(joint: JointCase, event: Event) -> None:
    """The window that took the matter in mends it; its lead and the lead department know."""
    part, on = queries.part_of(joint, event.facts["part"]), legal_date(event.at)
    window = joint.intake_organisation_id or joint.lead_id
    people = {*_ids([window], [Role.WINDOW_LEAD], on)}
    people |= {*_ids([joint.lead_id], HANDLERS | DECIDERS, on)}
    _tell(OCCASION_OF[event.kind, Audience.STAFF], joint, event, sorted(people), part=part)


def _tell(
    occasion: Occasion,
    joint: JointCase,
    event: Event,
    people: Iterable[int],
    *,
    phone: str = "",
    part: JointPart | None = None,
) -> None:
    words = {
        "number": joint.number,
        "title": joint.title,
        "unit": regions.name_of(joint.lead_id, legal_date(event.at)),
        "part": part.name if part else "",
        "due": chinese_date(joint.next_due_date) if joint.next_due_date else "",
        **_promised(joint, event),
        "hotline": settings.MINGTANG_HOTLINE,
    }
    by_sms = [(None, phone)] if phone and occasion.fallback.sms else []
    for person_id, number in [*((one, "") for one in people), *by_sms]:
        tell(
            subject=joint.stream,
            event=occasion.event,
            audience=occasion.audience.value,
            fallback=occasion.fallback,
            facts=words,
            person_id=person_id,
            phone=number,
            dedupe=f"{event.id}/{occasion.event}/{part.key if part else ''}",
            at=event.at,
        )


def _promised(joint: JointCase, event: Event) -> dict[str, str]:
    """What was to come later when it was told, and by when."""
    names = event.facts.get("deferred") or event.facts.get("materials") or ()
    promise = queries.promise_of(joint) if names else None
    until = chinese_date(promise.due_date) if promise else ""
    return {"what": "、".join(names), "until": until}


NOTES = Follower(
    "joint_notes",
    (
        *("joint.filed", "joint.accepted", "joint.deemed_accepted", "joint.returned"),
        *("joint.correction_asked", "joint.supplied", "joint.extension_asked"),
        *("joint.extended", "joint.done", "joint.terminated", "joint.part_settled"),
        *("joint.part_bounced", "joint.deferred_reminded"),
    ),
    _told,
)
