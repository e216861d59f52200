"""Views: what is put before the public: said, answered, prepared, answered to."""

from typing import Any

from django import forms
from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import body_of, check, typed
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.rules import BodyWrong, Fault
from mingtang.api.views.acts import Asked, Desk, acts
from mingtang.api.views.common import After, Id, Key, Name, next_of
from mingtang.base.clock import now, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.web import source_of
from mingtang.consultations import present, queries, services
from mingtang.consultations.forms.office import (
    PLAN_FORMS,
    AnswerForm,
    KeepForm,
    ResultForm,
    SetAsideForm,
    TokensForm,
)
from mingtang.consultations.forms.public import SayForm, SheetForm
from mingtang.consultations.rules.life import KEEPERS, PER_SOURCE, READERS, Kind, State
from mingtang.consultations.services.common import PUBLIC, state_of
from mingtang.consultations.views.office import JUDGEMENTS, actor_for, judgement_form
from mingtang.consultations.views.public import citizen, open_activity
from mingtang.disclosure.views.common import organ_choices
from mingtang.regions.queries import short_names_of

router = Router(tags=["征集调查"])


# ── everyone ──────────────────────────────────────────────────────────────────────────────────


@reads(
    router, "/consultations", everybody(), shapes.Page[shapes_desks.Activity], "征集、访谈和调查"
)
def shown(request: HttpRequest, kind: Name = "", after: After = "") -> dict[str, Any]:
    """All that was put before the public, newest first."""
    page = queries.shown(kind, after=Cursor.read(after))
    return {"rows": _lines(page.rows), "next": next_of(page.next)}


def _lines(found: Any) -> list[dict[str, Any]]:
    names = short_names_of({one.organisation_id for one in found}, today())
    rows = [present.row(one, names.get(one.organisation_id, ""), now()) for one in found]
    return [
        {**row, "id": str(row["id"]), "kind": str(row["kind"]), "state_label": str(row["state"])}
        for row in rows
    ]


@reads(router, "/consultations/{id}", everybody(), shapes_desks.ActivityText, "一项征集或调查")
def one(request: HttpRequest, id: Id) -> dict[str, Any]:
    """What is asked, until when, and what came of it: both texts as they were reviewed."""
    activity = queries.shown_one(id)
    assert activity.notice.published_version is not None
    (line,) = _lines([activity])
    return {
        **line,
        "body": activity.notice.published_version.body,
        "result": queries.result_body(activity),
        "questions": [_asked(*one) for one in enumerate(queries.questions_of(activity), 1)],
    }


def _asked(number: int, row: Any) -> dict[str, Any]:
    """`id` is the name under which a sheet answers it; of options their place counts, from 0."""
    found = queries.as_question(row)
    options = [{"value": str(at), "label": text} for at, text in enumerate(found.options)]
    return {"id": f"q{number}", "text": found.text, "kind": found.kind.value, "options": options}


@writes(
    router,
    "/consultations/{id}/opinions",
    everybody(),
    shapes_desks.Said,
    "发表意见、提问",
    body=lambda: body_of(SayForm, is_open=True),
)
def say(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """Say something; nobody has to say who they are."""
    data = typed(request, SayForm, key, is_open=True)

    def do() -> dict[str, Any]:
        activity, at = open_activity(id), now()
        form = SayForm(data, kind=Kind(activity.kind))
        check(form)
        count_attempt_or_refuse("comment", source_of(request), PER_SOURCE, at)
        by = {"actor": PUBLIC, "at": at, "command_id": key}
        made = services.comment(
            activity_id=activity.id, **form.said(), person_id=citizen(request), **by
        )
        return {"number": str(made["number"])}

    return once(request, key, do)


@writes(
    router,
    "/consultations/{id}/sheets",
    everybody(),
    shapes_desks.Said,
    "答调查问卷",
    body=lambda: body_of(SheetForm, is_open=True),
)
def sheet(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """A sheet of a survey: once for whoever signed in, or for each code."""
    data = typed(request, SheetForm, key, is_open=True)

    def do() -> dict[str, Any]:
        activity, at, person = open_activity(id), now(), citizen(request)
        if activity.kind != Kind.SURVEY.value:
            raise NotFound
        asked = [queries.as_question(row) for row in queries.questions_of(activity)]
        form = SheetForm(data, questions=asked, needs_token=person is None)
        token = check(form).get("token", "")
        if person is None:
            count_attempt_or_refuse("sheet", source_of(request), PER_SOURCE, at)
        by = {"actor": PUBLIC, "at": at, "command_id": key}
        services.submit_sheet(
            activity_id=activity.id, answers=form.answers(), person_id=person, token=token, **by
        )
        return {"number": ""}

    return once(request, key, do)


# ── the office ────────────────────────────────────────────────────────────────────────────────

KINDS = staff(*sorted(READERS))


@reads(router, "/desk/consultations", KINDS, shapes.Page[shapes_desks.Activity], "我单位的征集调查")
def desk(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """All activities of one's units, newest first."""
    page = queries.desk(scope(request), Cursor.read(after))
    return {"rows": _lines(page.rows), "next": next_of(page.next)}


@reads(router, "/desk/consultations/{id}", KINDS, shapes_desks.ActivityFile, "一项征集的办理")
def activity_file(request: HttpRequest, id: Id, after: After = "") -> dict[str, Any]:
    """One activity: its texts in the chain, and what came in, by its number."""
    activity = queries.one(scope(request), id)
    page = queries.comments(activity, after=parse_id(after) or 0)
    (line,) = _lines([activity])
    return {
        **line,
        "notice_id": str(activity.notice_id),
        "result_id": str(activity.result_id or ""),
        "comments": [
            {"number": one.number, "text": one.text, "public_text": one.public_text}
            for one in page.rows
        ],
    }


PLANS = {Kind(kind): form for kind, form in PLAN_FORMS.items()}


def _draft(asked: Asked) -> Any:
    form = asked.sound(PLANS[asked.verb], units=organ_choices(asked.request, KEEPERS))
    if form.cleaned_data["organisation"] != asked.about:
        raise BodyWrong([Fault("organisation", "和地址里的单位不是同一个，请核对。")])
    unit = int(form.cleaned_data["organisation"])
    actor = actor_for(asked.request, unit)
    return services.draft(organisation_id=unit, plan=form.plan(), **asked.by(actor))


class _Drafted:
    """What a draft is told as: it is shown with its texts, in the review chain."""

    value, label = "drafted", "已起草"


acts(
    router,
    "/desk/consultations/new/{id}",
    staff(*sorted(KEEPERS)),
    Desk(
        forms=PLANS,
        find=lambda request, unit: unit,
        do=_draft,
        stands=lambda unit: (unit, _Drafted),
    ),
    "起草征集、访谈、调查",
)


def _found(request: HttpRequest, key: str) -> Any:
    return queries.one(scope(request), key)


def _stands(activity: Any) -> tuple[str, State]:
    activity.refresh_from_db()
    return str(activity.id), state_of(activity, now())


def _act(asked: Asked) -> Any:
    activity = asked.about
    actor = actor_for(asked.request, activity.organisation_id)
    form, by = asked.sound(OFFICE_FORMS[asked.verb]), asked.by(actor)
    if asked.verb == "result":
        words = form.cleaned_data["words"]
        return services.draft_result(activity_id=activity.id, words=words, **by)
    made = services.issue_tokens(activity_id=activity.id, count=form.cleaned_data["count"], **by)
    return {"codes": services.codes(activity.id, asked.key, made["count"])}


OFFICE_FORMS: dict[str, type[forms.Form]] = {"result": ResultForm, "tokens": TokensForm}
OFFICE_LABELS = {"result": "起草结果", "tokens": "领答题码"}
acts(
    router,
    "/desk/consultations/{id}",
    staff(*sorted(KEEPERS)),
    Desk(
        forms=OFFICE_FORMS,
        find=_found,
        do=_act,
        stands=_stands,
        label=OFFICE_LABELS.__getitem__,
        is_open=False,
    ),
)


def _comment(request: HttpRequest, key: str) -> Any:
    """A comment by its activity and number: 3032-17."""
    activity_id, _, number = key.partition("-")
    activity = queries.one(scope(request), activity_id)
    return activity, queries.comment(activity, parse_id(number) or 0)


def _judge(asked: Asked) -> Any:
    activity, comment = asked.about
    actor = actor_for(asked.request, activity.organisation_id)
    form = judgement_form(asked.verb, activity, comment, asked.data)
    said = {name: value for name, value in check(form).items() if name != "command_id"}
    judge = JUDGEMENTS[asked.verb]
    return judge(activity_id=activity.id, number=comment.number, **said, **asked.by(actor))


JUDGED: dict[str, type[forms.Form]] = {
    "keep": KeepForm,
    "aside": SetAsideForm,
    "answer": AnswerForm,
}
JUDGED_LABELS = {"keep": "列入", "aside": "不列入", "answer": "采纳情况、回答"}
acts(
    router,
    "/desk/opinions/{id}",
    staff(*sorted(KEEPERS)),
    Desk(
        forms=JUDGED,
        find=_comment,
        do=_judge,
        stands=lambda found: _stands(found[0]),
        label=JUDGED_LABELS.__getitem__,
    ),
)
