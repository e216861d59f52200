"""Views for those who prepare activities, read what came in and answer it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor
from mingtang.consultations import present, queries, services
from mingtang.consultations.forms.office import (
    PLAN_FORMS,
    AnswerForm,
    KeepForm,
    PlanForm,
    ResultForm,
    SetAsideForm,
    TokensForm,
)
from mingtang.consultations.hidden import hidden_of
from mingtang.consultations.queries import Activity
from mingtang.consultations.rules.life import KEEPERS, READERS, Kind, State, in_force
from mingtang.consultations.services.common import state_of
from mingtang.disclosure.rules.chain import STATE_LABELS
from mingtang.disclosure.rules.chain import State as ChainState
from mingtang.disclosure.views.common import organ_choices
from mingtang.ledger.rules import Actor
from mingtang.persons.present import hidden_context
from mingtang.regions.queries import names_of, short_names_of

Fields = dict[str, Any]


def actor_for(request: HttpRequest, organisation_id: int) -> Actor:
    """Who acts for a unit. Raises NotFound."""
    reader = scope(request)
    grant = queries.grant_at(reader, organisation_id)
    if grant is None:
        raise NotFound
    return actor_of(reader, grant)


def _by(request: HttpRequest, organisation_id: int, form: forms.Form) -> Fields:
    return {
        "actor": actor_for(request, organisation_id),
        "at": now(),
        "command_id": form.cleaned_data["command_id"],
    }


@staff(*sorted(READERS))
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """All activities of one's units, newest first, with what waits in each."""
    page = queries.desk(scope(request), Cursor.read(request.GET.get("after", "")))
    names = short_names_of({one.organisation_id for one in page.rows}, today())
    counts = queries.counts_of(one.id for one in page.rows)
    rows = [
        present.row(one, names.get(one.organisation_id, ""), now(), counts.get(one.id, 0))
        for one in page.rows
    ]
    may_draft = scope(request).has_role(KEEPERS)
    context = {
        "rows": rows,
        "next_url": f"?after={page.next}" if page.next else "",
        "kinds": [(one.value, one.label) for one in Kind] if may_draft else [],
    }
    return render(request, "consultations/office/desk.html", context)


@staff(*sorted(KEEPERS))
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Prepare an activity of a kind."""
    if kind not in PLAN_FORMS:
        raise NotFound
    form = PLAN_FORMS[kind](request.POST or None, units=organ_choices(request, KEEPERS))
    if request.method == "POST" and form.is_valid():
        try:
            return _drafted(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {
        "form": form,
        "kind": Kind(kind).label,
        "least": in_force(settings.MINGTANG_CONSULTATION_LEAST_DAYS, today())
        if kind == Kind.OPINIONS.value
        else None,
    }
    status = 422 if form.errors else 200
    return render(request, "consultations/office/new.html", context, status=status)


def _drafted(request: HttpRequest, form: PlanForm) -> HttpResponse:
    unit = int(form.cleaned_data["organisation"])
    made = services.draft(organisation_id=unit, plan=form.plan(), **_by(request, unit, form))
    notes.success(request, _("已保存。接下来到信息公开里送审，公布以后自动开始。"))
    return redirect("consultations:office_one", made["activity_id"])


@staff(*sorted(READERS))
@require_GET
def detail(request: HttpRequest, activity_id: str) -> HttpResponse:
    """One activity: where its texts stand in the chain, what came in, what is to be done next."""
    return _detail(request, queries.one(scope(request), activity_id))


def _detail(
    request: HttpRequest, activity: Activity, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    after = request.GET.get("after", "")
    only = request.GET.get("show", "waiting") == "waiting"
    number = int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else 0
    page = queries.comments(activity, only_waiting=only, after=number)
    may_act = queries.grant_at(scope(request), activity.organisation_id) is not None
    show = "waiting" if only else "all"
    context = {
        "row": _row(activity),
        "activity": activity,
        "notice": _paper(activity.notice),
        "result": _paper(activity.result) if activity.result else None,
        "comments": [present.comment(one) for one in page.rows],
        "waiting": queries.waiting_count(activity),
        "only_waiting": only,
        "next_url": f"?show={show}&after={page.next}" if page.next else "",
        "figures": present.figures(queries.tallies(activity).lines)
        if activity.kind == Kind.SURVEY.value
        else [],
        "words": queries.words_of(activity) if may_act else [],
        "acts": _acts(activity, refused) if may_act else [],
        "is_public": queries.is_shown(activity),
    }
    status = 422 if refused else 200
    return render(request, "consultations/office/detail.html", context, status=status)


def _row(activity: Activity) -> Fields:
    names = names_of([activity.organisation_id], today())
    count = queries.counts_of([activity.id]).get(activity.id, 0)
    return present.row(activity, names.get(activity.organisation_id, ""), now(), count)


def _paper(publication: Any) -> Fields:
    return {
        "state": STATE_LABELS[ChainState(publication.state)],
        "url": reverse("disclosure:office_item", args=[publication.id]),
    }


def _acts(activity: Activity, refused: tuple[str, forms.Form] | None) -> list[Fields]:
    """What may be done now: draw up the result, give out codes."""
    state = state_of(activity, now())
    given = dict([refused] if refused else [])
    listed: list[tuple[str, str, str, Callable[[], forms.Form]]] = []
    if state in {State.CLOSED, State.MISSING} and activity.result_id is None:
        listed.append(("result", _("起草结果"), "primary", ResultForm))
    if state is State.OPEN and activity.kind == Kind.SURVEY.value:
        listed.append(("tokens", _("领答题码"), "plain", TokensForm))
    return [
        {
            "verb": verb,
            "label": label,
            "tone": tone,
            "url": reverse(f"consultations:office_{verb}", args=[activity.id]),
            "form": given.get(verb) or form(),
        }
        for verb, label, tone, form in listed
    ]


@staff(*sorted(KEEPERS))
@require_POST
def result(request: HttpRequest, activity_id: str) -> HttpResponse:
    """Draw up the result as a draft of the review chain."""
    activity, form = queries.one(scope(request), activity_id), ResultForm(request.POST)
    actor_for(request, activity.organisation_id)
    if not form.is_valid():
        return _detail(request, activity, ("result", form))
    try:
        services.draft_result(
            activity_id=activity.id,
            words=form.cleaned_data["words"],
            **_by(request, activity.organisation_id, form),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _detail(request, activity, ("result", form))
    notes.success(request, _("结果已经起草。接下来到信息公开里送审、发布。"))
    return redirect("consultations:office_one", activity.id)


@staff(*sorted(KEEPERS))
@require_POST
def tokens(request: HttpRequest, activity_id: str) -> HttpResponse:
    """Codes for sheets, to print and hand out. The page is the one place where they stand."""
    activity, form = queries.one(scope(request), activity_id), TokensForm(request.POST)
    actor_for(request, activity.organisation_id)
    if not form.is_valid():
        return _detail(request, activity, ("tokens", form))
    by = _by(request, activity.organisation_id, form)
    try:
        made = services.issue_tokens(
            activity_id=activity.id, count=form.cleaned_data["count"], **by
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _detail(request, activity, ("tokens", form))
    codes = services.codes(activity.id, by["command_id"], made["count"])
    context = {"row": _row(activity), "activity": activity, "codes": codes}
    answer = render(request, "consultations/office/tokens.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@staff(*sorted(READERS))
@require_GET
def comment(request: HttpRequest, activity_id: str, number: int) -> HttpResponse:
    """One opinion or question: what was said, the copy for the public, what became of it."""
    return _comment(request, queries.one(scope(request), activity_id), number)


def _comment(
    request: HttpRequest,
    activity: Activity,
    number: int,
    refused: tuple[str, forms.Form] | None = None,
) -> HttpResponse:
    found = queries.comment(activity, number)
    may_act = queries.grant_at(scope(request), activity.organisation_id) is not None
    may_act = may_act and activity.result_id is None
    context = {
        "row": _row(activity),
        "activity": activity,
        "comment": present.comment(found),
        **hidden_context(scope(request), "comment", found.id, hidden_of(found)),
        "acts": _judgements(activity, found, refused) if may_act else [],
    }
    status = 422 if refused else 200
    return render(request, "consultations/office/comment.html", context, status=status)


def judgement_form(verb: str, activity: Activity, found: Any, data: Any = None) -> forms.Form:
    if verb == "keep":
        text = found.public_text or present.proposed(found)
        return KeepForm(data, initial={"public_text": text})
    if verb == "aside":
        return SetAsideForm(data, initial={"set_aside_reason": found.set_aside_reason})
    said = {"verdict": found.verdict, "text": found.answer} if found.verdict else None
    return AnswerForm(data, kind=Kind(activity.kind), initial=said)


def _judgements(
    activity: Activity, found: Any, refused: tuple[str, forms.Form] | None
) -> list[Fields]:
    is_kept = bool(found.public_text)
    answering = _("回答") if activity.kind == Kind.INTERVIEW.value else _("采纳情况")
    listed = [("answer", answering, "primary")] if is_kept else []
    listed.append(("keep", _("修改公开用的文字") if is_kept else _("列入"), "plain"))
    if not found.answer:
        listed.append(("aside", _("不列入"), "plain"))
    if not is_kept:
        listed[0] = (listed[0][0], listed[0][1], "primary")
    given = dict([refused] if refused else [])
    return [
        {
            "verb": verb,
            "label": label,
            "tone": tone,
            "url": reverse("consultations:office_judge", args=[activity.id, found.number, verb]),
            "form": given.get(verb) or judgement_form(verb, activity, found),
        }
        for verb, label, tone in listed
    ]


JUDGEMENTS: dict[str, Callable[..., Any]] = {
    "keep": services.moderate,
    "aside": services.moderate,
    "answer": services.answer,
}


@staff(*sorted(KEEPERS))
@require_POST
def judge(request: HttpRequest, activity_id: str, number: int, verb: str) -> HttpResponse:
    """Keep it, set it aside, or say what became of it."""
    activity = queries.one(scope(request), activity_id)
    actor_for(request, activity.organisation_id)
    if verb not in JUDGEMENTS:
        raise NotFound
    form = judgement_form(verb, activity, queries.comment(activity, number), request.POST)
    if not form.is_valid():
        return _comment(request, activity, number, (verb, form))
    told = {name: value for name, value in form.cleaned_data.items() if name != "command_id"}
    by = _by(request, activity.organisation_id, form)
    try:
        JUDGEMENTS[verb](activity_id=activity.id, number=number, **told, **by)
    except DomainError as error:
        form.add_error(None, error.message)
        return _comment(request, activity, number, (verb, form))
    notes.success(request, _("已保存。"))
    if verb == "keep":
        return redirect("consultations:office_comment", activity.id, number)
    return redirect("consultations:office_one", activity.id)
