"""Views: cases as staff work on them: worklists, one case, its acts and deeds."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from mingtang.accounts.policy import scope
from mingtang.accounts.proof import check_proved
from mingtang.accounts.rules import SEES_NO_CASES, Role
from mingtang.api import shapes
from mingtang.api.bodies import body_of, check, files_in, typed
from mingtang.api.doors import staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.rules import BodyWrong, Fault
from mingtang.api.verbs import Verb as Told
from mingtang.api.views.acts import told
from mingtang.api.views.common import Key, Name, Words, next_of, papers, words_of
from mingtang.base.clock import today
from mingtang.cases import present, queries
from mingtang.cases.forms import DEED_FORMS, FORM_OF
from mingtang.cases.forms.deeds import ChargeForm
from mingtang.cases.rules import DECISIONS, DEEDS, MOVE_OF, Deed, StepStatus, Verb
from mingtang.cases.views import offers
from mingtang.cases.views.case import ACTS, DEED_ACTS, asked_act, asked_deed, do_act, do_deed
from mingtang.cases.views.common import short_names
from mingtang.ledger import queries as ledger
from mingtang.timing import queries as timing

router = Router(tags=["办件"])
CASE_STAFF = tuple(role for role in Role if role not in SEES_NO_CASES)
Tab = Literal[
    "todo", "mine", "window", "department", "decide", "today", "waiting", "deliver", "done"
]


@reads(router, "/cases", staff(*CASE_STAFF), shapes.Page[shapes.CaseLine], "工作清单")
def worklist(
    request: HttpRequest,
    tab: Tab = "todo",
    q: Words = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> dict[str, Any]:
    """The cases that one's posts open, soonest due first."""
    reader, on, calendar = scope(request), today(), timing.current_calendar()
    page = queries.worklist(reader, tab, on, text=words_of(q), after=queries.Cursor.read(after))
    names = short_names(case.organisation_id for case in page.rows)
    rows = [
        {
            **present.row(case, on, names[case.organisation_id], calendar),
            "state": case.state,
            "due_date": case.next_due_date,
        }
        for case in page.rows
    ]
    return {"rows": rows, "next": next_of(page.next)}


@reads(router, "/cases/{number}", staff(*CASE_STAFF), shapes.CaseFile, "一个办件")
def case_file(request: HttpRequest, number: Name) -> dict[str, Any]:
    """A case, what was done, and what the reader may do now."""
    reader, on = scope(request), today()
    now = queries.Situation(queries.case_for(reader, number))
    case = now.case
    names = short_names([case.organisation_id, *(step.organisation_id for step in now.steps)])
    events = ledger.history(case.stream)
    return {
        **present.staff_case(case, names[case.organisation_id]),
        "steps": list(_steps(now, names)),
        "limits": present.limits(now.clocks, on, timing.current_calendar(), events, {}),
        "corrections": present.corrections(now.corrections),
        "documents": papers(now.documents),
        "acts": _acts(reader, now),
        "deeds": _deeds(reader, now),
        "history": present.history(events),
    }


def _steps(now: queries.Situation, names: Any) -> Iterator[dict[str, Any]]:
    lines = present.step_lines(now.steps, names)
    for step, line in zip(now.steps, lines, strict=True):
        yield {**line, "status": StepStatus(step.status).value}


def _acts(reader: Any, now: queries.Situation) -> list[dict[str, Any]]:
    return [
        {
            "verb": move.verb.value,
            "label": f"{move.label}：{step.name}" if step else move.label,
            "about": {"step_key": step.key} if step else {},
        }
        for move, step in queries.open_moves(reader, now, today())
    ]


def _deeds(reader: Any, now: queries.Situation) -> list[dict[str, Any]]:
    return [
        {
            "verb": one["verb"].partition("-")[0],
            "label": one["label"],
            "about": {
                name: str(value)
                for name, value in one["form"].initial.items()
                if name.endswith("_id")
            },
        }
        for one in offers.deeds(now, reader, None)
    ]


def _done(case: Any, result: dict[str, Any]) -> dict[str, Any]:
    """How the case stands now; whoever handed it out of sight still hears what was done."""
    return told(case.number, queries.state_of(case.id), result)


def act_verbs() -> Iterator[Told]:
    for verb in ACTS:
        form = FORM_OF[verb]
        move = MOVE_OF[verb]
        yield Told(verb.value, move.label, body_of(form), move.law, files_in(form))


def deed_verbs() -> Iterator[Told]:
    for deed in DEED_ACTS:
        form = DEED_FORMS[deed]
        body = body_of(form, is_open=form is ChargeForm)
        yield Told(deed.value, DEEDS[deed].label, body, files=files_in(form))


@writes(
    router,
    "/cases/{number}/acts/{verb}",
    staff(*CASE_STAFF),
    shapes.Done,
    "办理",
    verbs=act_verbs,
)
def act(request: HttpRequest, number: Name, verb: Verb, key: Key) -> dict[str, Any]:
    """Do one thing to a case: what its page offers, under the same right."""
    if verb not in ACTS:
        raise BodyWrong([Fault("verb", "这一步由系统自动办理，不能直接调用。")])
    if verb in DECISIONS:
        check_proved(request)
    reader, data = scope(request), typed(request, FORM_OF[verb], key)

    def do() -> dict[str, Any]:
        asked = asked_act(reader, number, verb, data, request.FILES)
        check(asked.form)
        return _done(asked.situation.case, do_act(reader, asked))

    return once(request, key, do)


@writes(
    router,
    "/cases/{number}/deeds/{deed}",
    staff(*CASE_STAFF),
    shapes.Done,
    "收费、原件、盖章",
    verbs=deed_verbs,
)
def deed(request: HttpRequest, number: Name, deed: Deed, key: Key) -> dict[str, Any]:
    """Money, originals, seals: what moves no case."""
    if deed is Deed.SEAL:
        check_proved(request)
    reader, form = scope(request), DEED_FORMS[deed]
    data = typed(request, form, key, is_open=form is ChargeForm)

    def do() -> dict[str, Any]:
        situation, asked = asked_deed(reader, number, deed, data, request.FILES)
        check(asked)
        return _done(situation.case, do_deed(reader, situation, deed, asked))

    return once(request, key, do)
