"""Views: information requests, from the applicant's side and the office's; a year's figures."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from mingtang.accounts.policy import scope
from mingtang.accounts.proof import check_proved
from mingtang.api import shapes
from mingtang.api.bodies import body_of, check, files_in, typed
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import Asked, Desk, Mine, acts, deed, own_act
from mingtang.api.views.common import After, Code, Id, Key, Name, next_of, own_thing, papers
from mingtang.base.clock import now, today
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.files import queries as files
from mingtang.files.forms import files_of
from mingtang.ledger import queries as ledger
from mingtang.requests import present, queries, services
from mingtang.requests.forms.acts import FORMS, TakeInForm
from mingtang.requests.forms.public import FileForm
from mingtang.requests.rules.moves import MOVE_OF, READERS, REGISTRARS
from mingtang.requests.rules.moves import Verb as Move
from mingtang.requests.rules.papers import PaperKind
from mingtang.requests.rules.states import State
from mingtang.requests.views.common import organs, rows_of, unit_of
from mingtang.requests.views.desk import COMMANDS, enter, own_units
from mingtang.requests.views.own import OWN, send
from mingtang.requests.views.public import applicant_of

router = Router(tags=["依申请公开"])


def file_body() -> Any:
    return body_of(FileForm)


@writes(
    router,
    "/requests",
    everybody(),
    shapes.Receipt,
    "申请公开信息",
    body=file_body,
    files=files_in(FileForm),
)
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
            files=files_of(request, "uploads", subject="request:new", at=now(), command_id=key),
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
    about = _own(request, number, code)
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


def _own(request: HttpRequest, number: str, code: str) -> Any:
    by_code, own = services.request_by_code, queries.own_request
    return own_thing(request, number, code, by_code=by_code, own=own)


def _send(verb: str) -> Any:
    def do(asked: Asked) -> None:
        send(asked.request, asked.about, verb, asked.sound(OWN[verb][0]).cleaned_data)

    return do


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


def _found(request: HttpRequest, request_id: str) -> queries.Request:
    return queries.request_for(scope(request), parse_id(request_id) or 0)


@reads(router, "/desk/requests/{request_id}", staff(*READERS), shapes.RequestFile, "一件申请")
def request_file(request: HttpRequest, request_id: Id) -> dict[str, Any]:
    """A request, what was done, and what the reader may do now."""
    reader = scope(request)
    about = _found(request, request_id)
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


def _law(verb: Move) -> str:
    return f"《条例》{MOVE_OF[verb].law}" if MOVE_OF[verb].law else ""


def _act(asked: Asked) -> Any:
    about, verb = asked.about, asked.verb
    if verb is Move.DECIDE:
        check_proved(asked.request)
    actor = queries.actor_for(asked.reader, about, verb)
    form = asked.sound(FORMS[verb], about=about)
    return COMMANDS[verb](request_id=about.id, **form.content(), **asked.by(actor))


def _stands(about: queries.Request) -> tuple[str, State]:
    return about.number, State(queries.filed_request(about.number).state)


for _verb, (_form, _title, _label) in OWN.items():
    _mine = Mine(_own, _stands)
    own_act(router, f"/requests/follow/{{number}}/{_verb}", _form, _mine, _send(_verb), str(_title))
acts(
    router,
    "/desk/requests/{id}",
    staff(*READERS),
    Desk(
        forms={verb: FORMS[verb] for verb in COMMANDS},
        find=_found,
        do=_act,
        stands=_stands,
        label=lambda verb: MOVE_OF[verb].label,
        law=_law,
    ),
)


def _register(asked: Asked) -> Any:
    form = TakeInForm(asked.data, units=own_units(asked.request))
    check(form)
    return enter(asked.request, form)


deed(router, "/desk/requests", staff(*REGISTRARS), TakeInForm, _register, "登记收到的申请")


# ── figures ───────────────────────────────────────────────────────────────────────────────────

Year = Annotated[int, Query(ge=2008, le=2100)]


@reads(router, "/statistics/requests", everybody(), shapes.RequestYear, "一年的申请和答复")
def year(request: HttpRequest, year: Year) -> dict[str, Any]:
    """How many requests of a year, and what came of them."""
    found = queries.figures(min(year, today().year))
    return {**vars(found), "by_result": {kind.value: n for kind, n in found.by_result.items()}}
