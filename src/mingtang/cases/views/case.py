"""Views of one case as staff see it: the page, the acts on it, its papers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.rules import Scope
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.subjects import url_of
from mingtang.base.web import refusal
from mingtang.cases import present, queries, services
from mingtang.cases.forms import DEED_FORMS, FORM_OF, ActForm
from mingtang.cases.queries import Situation
from mingtang.cases.queries.archive import archive_file_of, missing_from
from mingtang.cases.rules import DECISIONS, DEEDS, MOVE_OF, Deed, PauseReason, RequestKind, Verb
from mingtang.cases.rules.deeds import AT_INTAKE
from mingtang.cases.views import offers
from mingtang.cases.views.common import CASE_STAFF, joint_url, rows_of, stored
from mingtang.cases.views.offers import Refused
from mingtang.files import queries as files
from mingtang.files import services as file_services
from mingtang.ledger.rules import Actor
from mingtang.outage.present import standing
from mingtang.persons.present import hidden_context
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing

ACTS: Mapping[Verb, Callable[..., Any]] = {
    Verb.RECEIVE: services.receive,
    Verb.NOT_REQUIRE: services.not_require,
    Verb.DECLINE: services.decline,
    Verb.CORRECT_ON_SPOT: services.correct_on_spot,
    Verb.ASK_CORRECTION: services.ask_correction,
    Verb.ASK_CORRECTION_AGAIN: services.ask_correction,
    Verb.SUPPLY: services.supply,
    Verb.STILL_MISSING: services.still_missing,
    Verb.SEND_BACK: services.send_back,
    Verb.ACCEPT: services.accept,
    Verb.ASK_MORE: services.ask_more,
    Verb.SUPPLY_DEFERRED: services.supply_deferred,
    Verb.CLAIM: services.claim,
    Verb.EXAMINE: services.examine,
    Verb.REFER_UP: services.refer_up,
    Verb.BOUNCE: services.bounce,
    Verb.HAND_ON: services.hand_on,
    Verb.TAKE_BACK: services.take_back,
    Verb.RETURN_STEP: services.return_step,
    Verb.TRANSFER_STEP: services.transfer_step,
    Verb.ADD_SIGNER: services.add_signer,
    Verb.REQUEST_OPINION: services.request_opinion,
    Verb.CANCEL_STEP: services.cancel_step,
    Verb.ASK_PAUSE: services.ask_pause,
    Verb.PAUSE: services.pause,
    Verb.RESUME: services.resume,
    Verb.ASK_EXTENSION: services.ask_extension,
    Verb.EXTEND: services.extend,
    Verb.REJECT_REQUEST: services.reject_request,
    Verb.TRANSFER: services.transfer,
    Verb.GRANT: partial(services.decide, verb=Verb.GRANT),
    Verb.GRANT_PARTLY: partial(services.decide, verb=Verb.GRANT_PARTLY),
    Verb.REFUSE: partial(services.decide, verb=Verb.REFUSE),
    Verb.WITHDRAW: services.withdraw,
    Verb.TERMINATE: services.terminate,
    Verb.ISSUE: services.issue,
    Verb.HAND_OVER: services.hand_over,
    Verb.ARCHIVE: services.archive,
    Verb.REOPEN: services.reopen,
}


@staff(*CASE_STAFF)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """A case as staff see it, with what may be done to it now."""
    return _detail(request, number)


def _detail(
    request: HttpRequest,
    number: str,
    refused: Refused | None = None,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    reader, on = scope(request), today()
    case = queries.case_for(reader, number)
    found = queries.whole(case)
    situation, events = found.now, found.events
    names = _unit_names(situation)
    acts = offers.acts(situation, reader, on, refused)
    deeds = offers.deeds(situation, reader, refused)
    papers = present.documents(case, situation.documents, "cases:document")
    context = {
        "case": _headed(found, on, names[case.organisation_id]),
        "done": _just_done(request, case, papers),
        "next_step": present.staff_next(case),
        **present.application(situation, found.uploads),
        **hidden_context(reader, "case", case.id, present.hidden_of(case)),
        "timeline": present.timeline(case, events, situation.steps),
        "steps": present.step_lines(situation.steps, names),
        "limits": present.limits(
            situation.clocks,
            on,
            timing.current_calendar(),
            events,
            {step.key: step.name for step in situation.steps},
        ),
        "acts": [act for act in acts if act["is_first"]],
        "other_acts": [act for act in acts if not act["is_first"]],
        "proposals": present.proposals(situation, on),
        "twins": rows_of(queries.twins_of(case), "cases:detail")
        if case.accepted_at is None
        else [],
        "requests": _requests(situation),
        "corrections": present.corrections(situation.corrections),
        "owed": present.owed(situation, events),
        "documents": papers,
        **_on_the_way(situation, names, on),
        "deeds": [deed for deed in deeds if deed["group"] != "documents"],
        "seals": [deed for deed in deeds if deed["group"] == "documents"],
        "history": present.history(events),
        "told": present.told(found.told),
        "outcome": present.outcome(case),
        **_elsewhere(case),
        "archive": _archive(situation, [act["verb"] for act in acts]),
        "message": message,
    }
    return render(request, "cases/case_detail.html", context, status=status)


def _on_the_way(now: Situation, names: Mapping[int, str], on: date) -> dict[str, Any]:
    """Money, and originals with the slips by which they travel."""
    waiting = [slip for slip in now.slips if slip.received_at is None]
    return {
        "charges": present.charges(now.charges),
        "originals": present.originals(now.originals, now.slips, names),
        "slips": present.slip_lines(waiting, names, on),
    }


def _headed(found: Any, on: date, organisation: str) -> dict[str, Any]:
    """The case, and by when something is due in it: the line on top of its page. Whether a signed
    head covers what was decided is asked with the rest."""
    case = found.now.case
    line = present.row(case, on, organisation, timing.current_calendar())
    due = {"due": case.next_due_date, **{key: line[key] for key in ("light", "limit_label")}}
    return {
        **present.staff_case(case, organisation),
        **due,
        "is_unsigned": found.is_unsigned,
        "paper": standing(found.events),
    }


DONE = "case_done"  # what this browser has just done to a case: said once


def _just_done(request: HttpRequest, case: Any, papers: list[Any]) -> dict[str, Any] | None:
    told = request.session.get(DONE)
    if not told or told["number"] != case.number:
        return None
    del request.session[DONE]
    return present.done(case, told["what"], papers, told["paper"])


def _say_done(request: HttpRequest, number: str, what: str, answer: Any) -> HttpResponse:
    request.session[DONE] = {
        "number": number,
        "what": what,
        "paper": str(answer.get("document_id", "")),
    }
    return redirect("cases:detail", number)


def _elsewhere(case: Any) -> dict[str, str | None]:
    """Pages of upper apps about the case, where there are any."""
    return {
        "rating_slip_url": url_of(f"rating:{case.id}", for_staff=True),
        "watched_url": url_of(f"watched:{case.stream}", for_staff=True),
        "joint_url": joint_url(case, for_staff=True),
    }


def _archive(now: Situation, verbs: Iterable[str]) -> dict[str, Any] | None:
    """What the file lacks: shown before it is put away, and as it was noted then."""
    if Verb.ARCHIVE.value in verbs:
        return {"missing": missing_from(now.case, now.documents), "is_closed": False}
    file = archive_file_of(now.case) if now.case.archived_at else None
    if file is None:
        return None
    return {
        "missing": file.missing,
        "is_closed": True,
        "retention": file.get_retention_display(),
        "pieces": file.piece_count,
    }


def _unit_names(now: Situation) -> dict[int, str]:
    ids = {now.case.organisation_id, *(step.organisation_id for step in now.steps)}
    ids |= {original.place_id for original in now.originals}
    ids |= {one for slip in now.slips for one in (slip.sender_id, slip.receiver_id)}
    return regions.names_of(ids, today())


def _requests(now: Situation) -> list[dict[str, Any]]:
    return [
        {
            "label": RequestKind(one.kind).label,
            "reason": PauseReason(one.reason).label if one.reason else "",
            "days": one.days,
            "note": one.note,
            "asked_by": str(one.asked_by),
            "asked_at": one.asked_at,
        }
        for one in now.requests
    ]


@staff(*CASE_STAFF)
@require_POST
@proved(when=lambda number, verb: verb in DECISIONS)
def act(request: HttpRequest, number: str, verb: Verb) -> HttpResponse:
    """Do one thing to a case; on refusal the page comes back with all that was typed."""
    reader = scope(request)
    asked = asked_act(reader, number, verb, request.POST, request.FILES)
    key = asked.step.key if asked.step else ""
    refused = (f"{verb.value}:{key}", asked.form)
    if not asked.form.is_valid():
        return _detail(request, number, refused, 422, _("请更正下面标出的内容。"))
    try:
        answer = do_act(reader, asked)
    except DomainError as error:
        message = refusal(error.message, asked.form)
        return _detail(request, number, refused, error.status, message)
    return _say_done(request, number, MOVE_OF[verb].label, answer)


@dataclass(frozen=True)
class AskedAct:
    """An act that somebody wants: on which case and step, and what was sent with it."""

    verb: Verb
    situation: Situation
    step: queries.Step | None
    form: ActForm


def asked_act(reader: Scope, number: str, verb: Verb, data: Any, uploads: Any) -> AskedAct:
    """What a reader asks of a case that they may see. Raises NotFound."""
    on = today()
    situation = queries.at_hand(queries.case_for(reader, number))
    key = data.get("step_key", "").strip()
    step = situation.step(key) if key else None
    if step is None and verb in queries.ABOUT_A_STEP:
        raise NotFound(_("没有找到这个环节，请刷新页面。"))
    choices = offers.for_step(offers.choices_of(situation, reader, {verb}, on), verb, step, on)
    return AskedAct(verb, situation, step, FORM_OF[verb](data, uploads, choices=choices))


def do_act(reader: Scope, asked: AskedAct) -> Any:
    """Do it, under the reader's right; the form is valid. Raises DomainError."""
    case = asked.situation.case
    actor = queries.permit(reader, case, asked.verb, today(), step=asked.step)
    return _send(ACTS[asked.verb], asked.form, case_id=case.id, actor=actor, at=now())


def _send(command: Callable[..., Any], form: ActForm, **by: Any) -> Any:
    content = form.content()
    command_id = form.cleaned_data["command_id"]
    if "uploads" in content:
        content["files"] = stored(content.pop("uploads"), command_id)
    return command(**content, **by, command_id=command_id)


DEED_ACTS: Mapping[Deed, Callable[..., Any]] = {
    Deed.CHARGE: services.charge,
    Deed.PAY: services.pay,
    Deed.ASK_WAIVER: services.ask_waiver,
    Deed.ANSWER_WAIVER: services.answer_waiver,
    Deed.REFUND: services.refund,
    Deed.KEEP_ORIGINALS: services.take_originals,
    Deed.SEND_ORIGINALS: services.send_originals,
    Deed.SIGN_SLIP: services.sign_slip,
    Deed.RETURN_ORIGINALS: services.return_originals,
    Deed.SEAL: file_services.seal_document,
    Deed.SEE_MANDATE: services.confirm_mandate,
    Deed.RECALL_SLIP: services.recall_slip,
    Deed.BRING: services.bring_materials,
}


@staff(*CASE_STAFF)
@require_POST
@proved(when=lambda number, deed: deed is Deed.SEAL)
def deed(request: HttpRequest, number: str, deed: Deed) -> HttpResponse:
    """Money, originals, seals: the same way as an act."""
    reader = scope(request)
    situation, form = asked_deed(reader, number, deed, request.POST, request.FILES)
    about = next((request.POST[name] for name in _TARGETS if name in request.POST), "")
    refused = (f"{deed.value}:{about}", form)
    if not form.is_valid():
        return _detail(request, number, refused, 422, _("请更正下面标出的内容。"))
    try:
        answer = do_deed(reader, situation, deed, form)
    except DomainError as error:
        message = refusal(error.message, form)
        return _detail(request, number, refused, error.status, message)
    return _say_done(request, number, DEEDS[deed].label, answer)


def asked_deed(
    reader: Scope, number: str, deed: Deed, data: Any, uploads: Any
) -> tuple[Situation, ActForm]:
    """The same for what moves no case. Raises NotFound."""
    situation = Situation(queries.case_for(reader, number))
    choices = offers.deed_choices(situation, reader)
    return situation, DEED_FORMS[deed](data, uploads, choices=choices)


def do_deed(reader: Scope, situation: Situation, deed: Deed, form: ActForm) -> Any:
    """Do it, under the reader's right; the form is valid. Raises DomainError."""
    case = situation.case
    by: dict[str, Any] = {"actor": _deed_actor(reader, situation, deed, form), "at": now()}
    if deed is not Deed.SEAL:
        by["case_id"] = case.id
    elif files.document_of(case.stream, form.cleaned_data["document_id"]) is None:
        raise NotFound(_("本件没有这份文书，请刷新页面。"))
    return _send(DEED_ACTS[deed], form, **by)


def _deed_actor(reader: Scope, now: Situation, deed: Deed, form: ActForm) -> Actor:
    """Papers are handed on by the unit where they are, signed for by the one they come to."""
    row, place = DEEDS[deed], None
    if deed is Deed.SIGN_SLIP:
        slip_id = form.cleaned_data["slip_id"]
        place = next((slip.receiver_id for slip in now.slips if slip.id == slip_id), None)
    if deed in {Deed.SEND_ORIGINALS, Deed.RETURN_ORIGINALS}:
        chosen = set(form.cleaned_data["original_ids"])
        place = next((one.place_id for one in now.originals if one.id in chosen), None)
    if deed is Deed.RECALL_SLIP:
        slip_id = form.cleaned_data["slip_id"]
        place = next((slip.sender_id for slip in now.slips if slip.id == slip_id), None)
    return queries.permit_role(
        reader, now.case, row.roles, row.label, place_id=place, at_intake=deed in AT_INTAKE
    )


_TARGETS = ("charge_id", "slip_id", "document_id")
