"""Views: what the page of a case offers to do, with the form of each act."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.accounts import queries as accounts
from mingtang.accounts.rules import Scope
from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.cases import queries
from mingtang.cases.forms import DEED_FORMS, FORM_OF, ActForm, Choices
from mingtang.cases.queries import Situation, Step
from mingtang.cases.rules import DEEDS, Deed, Move, PauseReason, RequestKind, StepKind, Verb
from mingtang.cases.rules.deeds import AT_INTAKE
from mingtang.cases.rules.fees import ChargeState, fee_name, fixed_cents
from mingtang.cases.rules.moves import DECIDERS, HANDLERS
from mingtang.cases.views.common import unit_of
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.rules.profiles import PERMIT
from mingtang.files import seals
from mingtang.files.rules.documents import SealMethod
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing
from mingtang.timing.rules import Unit

# What a person mostly comes for; the rest is folded away under "other acts".
FIRST = (
    *(Verb.HAND_ON, Verb.RECEIVE, Verb.ACCEPT, Verb.ASK_CORRECTION, Verb.SUPPLY, Verb.CLAIM),
    *(Verb.EXAMINE, Verb.REFER_UP, Verb.PAUSE, Verb.EXTEND, Verb.RESUME, Verb.GRANT, Verb.REFUSE),
    *(Verb.ISSUE, Verb.HAND_OVER),
    *(Verb.SEND_BACK, Verb.SUPPLY_DEFERRED, Verb.REOPEN, Verb.ARCHIVE),
)
OPENED = frozenset(
    {
        *(Verb.RECEIVE, Verb.ACCEPT, Verb.CLAIM, Verb.EXAMINE, Verb.GRANT, Verb.RESUME),
        *(Verb.REFER_UP, Verb.HAND_ON),
        *(Verb.PAUSE, Verb.EXTEND, Verb.ISSUE, Verb.HAND_OVER),
    }
)
DANGEROUS = frozenset({Verb.REFUSE, Verb.DECLINE, Verb.SEND_BACK, Verb.TERMINATE, Verb.WITHDRAW})
KEYS = {  # shortcuts of the case page, shown on its buttons
    Verb.RECEIVE: "s",
    Verb.ACCEPT: "a",
    Verb.ASK_CORRECTION: "b",
    Verb.CLAIM: "c",
    Verb.EXAMINE: "e",
    Verb.REFER_UP: "u",
    Verb.GRANT: "g",
    Verb.REFUSE: "r",
    Verb.HAND_OVER: "h",
}
Refused = tuple[str, ActForm]


def acts(now: Situation, reader: Scope, on: date, refused: Refused | None) -> list[dict[str, Any]]:
    offered = queries.open_moves(reader, now, on)
    choices = choices_of(now, reader, {move.verb for move, _step in offered}, on)
    found = []
    for move, step in offered:
        shown = for_step(choices, move.verb, step, on)
        if move.verb is Verb.ACCEPT and shown.materials:
            whole = replace(shown, materials=())
            found.append(_act(now, move, step, whole, refused))
            found.append(_act(now, move, step, shown, None, _("容缺受理"), "deferring"))
        else:
            found.append(_act(now, move, step, shown, refused))
    return sorted(found, key=lambda act: act["order"])


def _act(
    now: Situation,
    move: Move,
    step: Step | None,
    choices: Choices,
    refused: Refused | None,
    label: str = "",
    variant: str = "",
) -> dict[str, Any]:
    """One act with its form; `variant`: another form of the same verb, folded away."""
    form = FORM_OF[move.verb](initial={"step_key": step.key} if step else None, choices=choices)
    if refused and refused[0] == f"{move.verb.value}:{step.key if step else ''}":
        form = refused[1]
    is_first = form.is_bound or (move.verb in FIRST and not variant)
    is_permit = now.case.edition.profile == PERMIT.key
    about = [move.verb.value, step.key if step else variant]
    return {
        "verb": "-".join(filter(None, about)),
        "label": label or (f"{move.label}：{step.name}" if step else move.label),
        "url": reverse("cases:act", args=[now.case.number, move.verb.value]),
        "tone": "plain" if variant else _tone(move.verb),
        "form": form,
        "help": move.law if is_permit else "",
        "is_first": is_first,
        "order": FIRST.index(move.verb) if is_first and move.verb in FIRST else len(FIRST),
        "shortcut": "" if variant else KEYS.get(move.verb, ""),
    }


def _tone(verb: Verb) -> str:
    if verb in DANGEROUS:
        return "danger"
    return "primary" if verb in OPENED else "plain"


def for_step(choices: Choices, verb: Verb, step: Step | None, on: date) -> Choices:
    """What differs from step to step: a site visit's second officer, who may take it over."""
    if step is None:
        return choices
    if verb is Verb.TRANSFER_STEP:
        able = accounts.colleagues([step.organisation_id], HANDLERS, on)
        held_by = step.claimed_by_id or step.assigned_to_id
        named = [(str(one.id), one.name) for one in able if one.id != held_by]
        return replace(choices, colleagues=named)
    return replace(choices, is_site_visit=step.kind == StepKind.SITE_VISIT)


def choices_of(now: Situation, reader: Scope, verbs: set[Verb], on: date) -> Choices:
    """What the forms of the offered acts need; nothing is read that no form shows."""
    case, edition = now.case, now.case.edition
    needs_units = verbs & {Verb.TRANSFER, Verb.REQUEST_OPINION}
    people = _people(now, on) if Verb.ADD_SIGNER in verbs else []
    declared = [row["name"] for row in catalogue.special_of(edition)]
    return Choices(
        materials=[
            (one["id"], one["name"]) for one in catalogue.materials_of(edition, case.variant)
        ],
        deferred=[(one.material_id, one.name) for one in now.deferred if one.supplied_at is None],
        owed=_owed(now),
        promises={one.material_id: one.promise for one in now.owed},
        hints={"bring_by": _bring_by(edition, on)} if now.owed else {},
        organisations=_receivers(case, verbs) if needs_units else [],
        signers=[
            (f"{one.id}:{case.organisation_id}", one.name)
            for one in people
            if one.id != reader.person_id
        ],
        requests=[(one.kind, RequestKind(one.kind).label) for one in now.requests],
        pauses=[
            (one.value, one.label)
            for one in PauseReason
            if any(one.is_named_in(name) for name in declared)
        ],
        has_proxy=case.is_mandate_seen is False,
        has_renewal=case.is_renewal_seen is False,
        wanted_way=case.wanted_way,
    )


BRING_DAYS = 5  # working days that the form of acceptance proposes for papers still to come


def _owed(now: Situation) -> list[tuple[str, str]]:
    return [(one.material_id, one.name) for one in now.owed]


def _bring_by(edition: Any, on: date) -> str:
    """A day to propose: soon, and never after the one by which the case is promised."""
    limit = catalogue.limits_of(edition).promised
    most = limit.amount if limit and limit.unit == Unit.WORKING_DAY else 0
    return timing.working_days_later(on, min(BRING_DAYS, most)).isoformat()


def _people(now: Situation, on: date) -> list[Any]:
    return accounts.colleagues([now.case.organisation_id], HANDLERS | DECIDERS, on)


def _receivers(case: Any, verbs: set[Verb]) -> list[tuple[str, str]]:
    """The units that a case may be handed or a question put to: of what a township examines
    first, a township's alone while it may be transferred."""
    below = queries.first_level(case)
    units = _units(case.organisation_id)
    if Verb.TRANSFER in verbs and below and below.is_by_township:
        area6 = case.item.department.area6
        towns = {str(one.id) for one in regions.township_units(area6)}
        return [unit for unit in units if unit[0] in towns]
    return units


def _units(but: int) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in regions.organisation_cards(today()) if one.id != but]


# ── money, originals, seals ───────────────────────────────────────────────────────────────────


def deeds(now: Situation, reader: Scope, refused: Refused | None) -> list[dict[str, Any]]:
    """What may be done about money, originals and seals, each with its form."""
    if queries.is_own(reader, now.case):
        return []
    choices = deed_choices(now, reader)
    found = []
    for deed, target, about in _open_deeds(now, choices):
        if not _may(reader, now, deed, target):
            continue
        form = DEED_FORMS[deed](initial=target, choices=choices)
        key = f"{deed.value}:{next(iter(target.values()), '')}"
        if refused and refused[0] == key:
            form = refused[1]
        found.append(
            {
                "verb": f"{deed.value}-{next(iter(target.values()), '')}",
                "label": f"{DEEDS[deed].label}{about}",
                "url": reverse("cases:deed", args=[now.case.number, deed.value]),
                "tone": "plain",
                "form": form,
                "help": "",
                "group": GROUPS[deed],
            }
        )
    return found


GROUPS = dict.fromkeys((Deed.CHARGE, Deed.PAY, Deed.ASK_WAIVER), "money")
GROUPS |= dict.fromkeys((Deed.ANSWER_WAIVER, Deed.REFUND), "money")
GROUPS |= dict.fromkeys((Deed.KEEP_ORIGINALS, Deed.SEND_ORIGINALS), "originals")
GROUPS |= dict.fromkeys((Deed.SIGN_SLIP, Deed.RETURN_ORIGINALS), "originals")
GROUPS |= {
    Deed.BRING: "owed",
    Deed.SEAL: "documents",
    Deed.RECALL_SLIP: "originals",
    Deed.SEE_MANDATE: "originals",
}


def _may(reader: Scope, now: Situation, deed: Deed, target: Mapping[str, Any]) -> bool:
    """Originals are here (they were offered by place); a slip is for the unit it comes to."""
    row, place = DEEDS[deed], None
    if deed is Deed.SIGN_SLIP:
        place = next(slip.receiver_id for slip in now.slips if slip.id == target["slip_id"])
    if deed is Deed.RECALL_SLIP:
        place = next(slip.sender_id for slip in now.slips if slip.id == target["slip_id"])
    if deed in {Deed.SEND_ORIGINALS, Deed.RETURN_ORIGINALS}:
        return reader.has_role(row.roles)
    try:
        queries.permit_role(
            reader, now.case, row.roles, row.label, place_id=place, at_intake=deed in AT_INTAKE
        )
    except DomainError:
        return False
    return True


def _open_deeds(now: Situation, choices: Choices) -> list[tuple[Deed, dict[str, Any], str]]:
    """What is open, the row that it concerns, and what to say of it."""
    found: list[tuple[Deed, dict[str, Any], str]] = []
    if choices.fees and now.state.is_open and now.case.received_at:
        found.append((Deed.CHARGE, {}, ""))
    for charge in now.charges:
        target, about = {"charge_id": charge.id}, f"：{charge.lines[0]['name']}"
        found += [(deed, target, about) for deed in _CHARGE_DEEDS[ChargeState(charge.state)]]
    if now.owed and now.state.is_open:
        found.append((Deed.BRING, {}, ""))
    if now.state.is_open:
        found.append((Deed.KEEP_ORIGINALS, {}, ""))
    if choices.originals:
        found += [(Deed.SEND_ORIGINALS, {}, ""), (Deed.RETURN_ORIGINALS, {}, "")]
    for slip in now.slips:
        if slip.received_at is None:
            both = (Deed.SIGN_SLIP, Deed.RECALL_SLIP)
            found += [(deed, {"slip_id": slip.id}, "") for deed in both]
    if now.case.is_mandate_seen is False and now.state.is_open:
        found.append((Deed.SEE_MANDATE, {}, f"：{now.case.proxy_name}"))
    found += [
        (Deed.SEAL, {"document_id": paper.id}, f"：{paper.title}")
        for paper in now.documents
        if paper.needs_seal and paper.sealed_at is None
    ]
    return found


_CHARGE_DEEDS: Mapping[ChargeState, tuple[Deed, ...]] = {
    ChargeState.DUE: (Deed.PAY, Deed.ASK_WAIVER),
    ChargeState.WAIVER_ASKED: (Deed.ANSWER_WAIVER,),
    ChargeState.PAID: (Deed.REFUND,),
    ChargeState.WAIVED: (),
    ChargeState.REFUNDED: (),
}


def deed_choices(now: Situation, reader: Scope) -> Choices:
    here = {grant.organisation_id for grant in reader.grants}
    on_the_way = {
        one["id"] for slip in now.slips if slip.received_at is None for one in slip.originals
    }
    originals = [
        (str(one.id), f"{one.name}（{one.count} 份）")
        for one in now.originals
        if one.returned_at is None and one.place_id in here and str(one.id) not in on_the_way
    ]
    due = timing.working_days_later(today(), settings.MINGTANG_SLIP_DAYS)
    return Choices(
        fees=[
            (fee_name(row), row.get("standard", ""), fixed_cents(row.get("standard", "")))
            for row in catalogue.fees_of(now.case.edition)
        ],
        originals=originals,
        owed=_owed(now),
        organisations=_units(0) if originals else [],
        seal_methods=_seal_methods(),
        hints={
            "due_date": due.isoformat(),
            "seal_name": f"{unit_of(now.case)}行政审批专用章",
        },
    )


def _seal_methods() -> list[tuple[str, str]]:
    """By hand first; electronically where the city has a way to."""
    if not seals.is_chosen():
        return []
    labels = {SealMethod.PHYSICAL: _("纸质文书已盖实物印章")}
    notice = seals.notice_of(seals.chosen())
    labels[SealMethod.ELECTRONIC] = _("电子签章") + (f"（{notice}）" if notice else "")
    return [(method.value, label) for method, label in labels.items()]
