"""Views: information requests, from the applicant's side and the office's; a year's figures."""

from collections.abc import Iterator
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from mingtang.accounts.policy import scope
from mingtang.accounts.proof import check_proved
from mingtang.api import shapes
from mingtang.api.bodies import body_of, check, typed
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.verbs import Verb as Told
from mingtang.api.views.common import After, Code, Id, Key, Name, next_of, papers
from mingtang.base.clock import now, today
from mingtang.base.codes import normalise_code
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.base.web import source_of
from mingtang.files import queries as files
from mingtang.ledger import queries as ledger
from mingtang.requests import present, queries, services
from mingtang.requests.forms.acts import FORMS
from mingtang.requests.forms.public import FileForm
from mingtang.requests.rules.moves import MOVE_OF, READERS, Verb
from mingtang.requests.rules.papers import PaperKind
from mingtang.requests.rules.states import State
from mingtang.requests.views.common import organs, rows_of, unit_of
from mingtang.requests.views.desk import COMMANDS
from mingtang.requests.views.public import applicant_of

router = Router(tags=["依申请公开"])


def file_body() -> Any:
    return body_of(FileForm)


@writes(router, "/requests", everybody(), shapes.Receipt, "申请公开信息", body=file_body)
def file(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Ask an organ for information."""
    data = typed(request, FileForm, key)

    def do() -> dict[str, Any]:
        form = FileForm(data, units=organs())
        check(form)
        person = None if scope(request).is_staff else scope(request).person_id
        made = services.file(
            applicant=form.applicant(person),
            **form.wants(),
            files=[],
            actor=applicant_of(request),
            at=now(),
            command_id=key,
        )
        about = queries.filed_request(made["number"])
        code = services.tracking_code(about)
        return {"number": about.number, "query_code": code, "due_date": None}

    return once(request, key, do)


@reads(router, "/requests/follow/{number}", everybody(), shapes.Follow, "申请办得怎样")
def follow(request: HttpRequest, number: Name, code: Code = "") -> dict[str, Any]:
    """Where a request stands, for who filed it. Staff read it at the desk."""
    if code and not scope(request).is_staff:
        about = services.request_by_code(
            number=number, code=normalise_code(code), source=source_of(request), at=now()
        )
    else:
        about = queries.own_request(scope(request), number)
    state = State(about.state)
    return {
        "number": about.number,
        "unit": unit_of(about),
        "state": state.value,
        "state_label": state.label,
        "next_step": state.next_step,
        "due_date": about.next_due_date,
        "answers": [],
        "documents": _papers(about, for_applicant=True),
    }


def _papers(about: queries.Request, *, for_applicant: bool) -> list[dict[str, Any]]:
    """An applicant is shown those made out to them, as on the page."""
    found = files.documents_of(about.stream)
    return papers(one for one in found if not for_applicant or PaperKind(one.kind).is_for_applicant)


# ── the office ────────────────────────────────────────────────────────────────────────────────


@reads(router, "/desk/requests", staff(*READERS), shapes.Page[shapes.Waiting], "申请工作清单")
def desk(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """What is open, the most urgent first."""
    page = queries.worklist(queries.units_of(scope(request)), after=DateCursor.read(after))
    return {"rows": [_line(one) for one in rows_of(page.rows)], "next": next_of(page.next)}


def _line(row: dict[str, Any]) -> dict[str, Any]:
    state = {"state": row["state"]["value"], "state_label": row["state"]["label"]}
    return {**row, **state, "id": str(row["id"]), "title": row["what"], "due_date": row["due"]}


@reads(router, "/desk/requests/{request_id}", staff(*READERS), shapes.RequestFile, "一件申请")
def request_file(request: HttpRequest, request_id: Id) -> dict[str, Any]:
    """A request, what was done, and what the reader may do now."""
    reader = scope(request)
    about = queries.request_for(reader, parse_id(request_id) or 0)
    (row,) = rows_of([about])
    return {
        **_line(row),
        "description": about.description,
        "documents": _papers(about, for_applicant=False),
        "acts": [
            {"verb": verb.value, "label": MOVE_OF[verb].label}
            for verb in queries.deeds_of(reader, about, today())
        ],
        "history": present.history(ledger.history(about.stream)),
    }


def verbs() -> Iterator[Told]:
    for verb in COMMANDS:
        law = MOVE_OF[verb].law and f"《条例》{MOVE_OF[verb].law}"
        yield Told(verb.value, MOVE_OF[verb].label, body_of(FORMS[verb], is_open=True), law)


@writes(
    router,
    "/desk/requests/{request_id}/acts/{verb}",
    staff(*READERS),
    shapes.MatterDone,
    "办理",
    verbs=verbs,
)
def act(request: HttpRequest, request_id: Id, verb: Verb, key: Key) -> dict[str, Any]:
    """Do one thing about a request, under the right that the page asks for."""
    if verb is Verb.DECIDE:
        check_proved(request)
    data = typed(request, FORMS[verb], key, is_open=True)

    def do() -> dict[str, Any]:
        reader = scope(request)
        about = queries.request_for(reader, parse_id(request_id) or 0)
        actor = queries.actor_for(reader, about, verb)
        form = FORMS[verb](data, about=about)
        check(form)
        by = {"actor": actor, "at": now(), "command_id": key}
        result = COMMANDS[verb](request_id=about.id, **form.content(), **by)
        state = State(queries.request_for(reader, about.id).state)
        told = {"state": state.value, "state_label": state.label, "result": result}
        return {"number": about.number, **told}

    return once(request, key, do)


# ── figures ───────────────────────────────────────────────────────────────────────────────────

Year = Annotated[int, Query(ge=2008, le=2100)]


@reads(router, "/statistics/requests", everybody(), shapes.RequestYear, "一年的申请和答复")
def year(request: HttpRequest, year: Year) -> dict[str, Any]:
    """How many requests of a year, and what came of them."""
    found = queries.figures(min(year, today().year))
    return {**vars(found), "by_result": {kind.value: n for kind, n in found.by_result.items()}}
