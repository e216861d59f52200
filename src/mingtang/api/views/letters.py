"""Views: letters, from the writer's side and from the desk's; a month's figures."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes
from mingtang.api.bodies import body_of, check, files_in, typed
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import Asked, Desk, Mine, acts, deed, own_act
from mingtang.api.views.common import After, Code, Id, Key, Name, next_of, own_thing
from mingtang.base.clock import now, today
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.files.forms import files_of
from mingtang.ledger import queries as ledger
from mingtang.letters import present, queries, services
from mingtang.letters.forms.desk import FORMS, PhoneForm, TakeInForm
from mingtang.letters.forms.public import WriteForm
from mingtang.letters.rules.kinds import Kind, Source
from mingtang.letters.rules.moves import MOVE_OF, READERS, TYPISTS, State
from mingtang.letters.views.common import organs, rows_of, unit_of
from mingtang.letters.views.desk import COMMANDS, content_of, note_reading
from mingtang.letters.views.intake import phoned, taken_in
from mingtang.letters.views.public import OWN, do_own, writer_of
from mingtang.regions import queries as regions

router = Router(tags=["来信"])


def write_body() -> Any:
    return body_of(WriteForm)


@writes(
    router,
    "/letters",
    everybody(),
    shapes.Receipt,
    "写信",
    body=write_body,
    files=files_in(WriteForm),
)
def write(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Send a letter."""
    data = typed(request, WriteForm, key)

    def do() -> dict[str, Any]:
        form = WriteForm(data, units=organs())
        check(form)
        person = None if scope(request).is_staff else scope(request).person_id
        made = services.file(
            **form.letter(),
            source=Source.WEB.value,
            writer=form.writer(person),
            files=files_of(request, "uploads", subject="letter:new", at=now(), command_id=key),
            actor=writer_of(request),
            at=now(),
            command_id=key,
        )
        letter = queries.filed_letter(made["number"])
        code = services.tracking_code(letter)
        return _receipt(letter.number, code, letter.next_due_date)

    return once(request, key, do)


def _receipt(number: str, code: str, due: date | None) -> dict[str, Any]:
    day = due.isoformat() if due else None
    return {"number": number, "query_code": code, "due_date": day}


def _writers(request: HttpRequest, number: str, code: str) -> Any:
    """The letter, for its writer or who knows its query code."""
    by_code, own = services.letter_by_code, queries.own_letter
    return own_thing(request, number, code, by_code=by_code, own=own)


@reads(router, "/letters/follow/{number}", everybody(), shapes.Follow, "来信办得怎样")
def follow(request: HttpRequest, number: Name, code: Code = "") -> dict[str, Any]:
    """Where a letter stands, and the answer, for who wrote it."""
    letter = _writers(request, number, code)
    state = State(letter.state)
    return {
        "number": letter.number,
        "unit": unit_of(letter),
        "state": state.value,
        "state_label": state.label,
        "next_step": state.next_step,
        "due_date": letter.next_due_date,
        "answers": [one.text for one in queries.answers_of(letter)],
        "documents": [],
    }


def _own(verb: str) -> Any:
    def do(asked: Asked) -> None:
        said = asked.sound(OWN[verb][0]).cleaned_data
        do_own(asked.request, asked.about, verb, said)

    return do


# ── the desk ──────────────────────────────────────────────────────────────────────────────────


@reads(router, "/desk/letters", staff(*READERS), shapes.Page[shapes.Waiting], "来信工作清单")
def desk(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """What is to be done, the most urgent first."""
    page = queries.worklist(scope(request), after=DateCursor.read(after))
    return {"rows": [_line(one) for one in rows_of(request, page.rows)], "next": next_of(page.next)}


def _line(row: dict[str, Any]) -> dict[str, Any]:
    state = {"state": row["state"]["value"], "state_label": row["state"]["label"]}
    return {**row, **state, "id": str(row["id"]), "due_date": row["due"]}


@reads(router, "/desk/letters/{letter_id}", staff(*READERS), shapes.LetterFile, "一封来信")
def letter_file(request: HttpRequest, letter_id: Id) -> dict[str, Any]:
    """A letter as the reader may see it. Whoever opens a tip-off leaves a mark, as on the page."""
    reader = scope(request)
    letter = _found(request, letter_id)
    note_reading(request, letter)
    seen, done = queries.seen_by(reader, letter), queries.file_for(reader, letter)
    (row,) = rows_of(request, [letter])
    return {
        **_line(row),
        "title": seen.title,
        "text": seen.text,
        "answers": [one.text for one in done.answers],
        "acts": [
            {"verb": verb.value, "label": MOVE_OF[verb].label}
            for verb in queries.deeds_of(reader, letter)
        ],
        "history": present.history(ledger.history(letter.stream)),
    }


def _found(request: HttpRequest, letter_id: str) -> queries.Letter:
    return queries.letter_for(scope(request), parse_id(letter_id) or 0)


def _act(asked: Asked) -> Any:
    letter, verb = asked.about, asked.verb
    actor = queries.actor_for(asked.reader, letter, verb)
    form = asked.sound(FORMS[verb], about=letter, units=organs())
    said = content_of(asked.request, letter, verb, form)
    return COMMANDS[verb](letter_id=letter.id, **said, **asked.by(actor))


def _stands(letter: queries.Letter) -> tuple[str, State]:
    return letter.number, State(queries.filed_letter(letter.number).state)


for _verb, (_form, _title, _label) in OWN.items():
    _mine = Mine(_writers, _stands)
    own_act(router, f"/letters/follow/{{number}}/{_verb}", _form, _mine, _own(_verb), str(_title))
acts(
    router,
    "/desk/letters/{id}",
    staff(*READERS),
    Desk(
        forms={verb: FORMS[verb] for verb in COMMANDS},
        find=_found,
        do=_act,
        stands=_stands,
        label=lambda verb: MOVE_OF[verb].label,
        law=lambda verb: MOVE_OF[verb].basis,
        is_open=False,
    ),
)


def _take_in(asked: Asked) -> Any:
    form = TakeInForm(asked.data, units=organs())
    check(form)
    return taken_in(asked.request, form)


def _phone(asked: Asked) -> Any:
    form = PhoneForm(asked.data, units=organs())
    check(form)
    return phoned(asked.request, form)


deed(router, "/desk/letters", staff(*TYPISTS), TakeInForm, _take_in, "登记意见箱、热线的来信")
deed(router, "/desk/calls", staff(*TYPISTS), PhoneForm, _phone, "登记来电")


# ── figures ───────────────────────────────────────────────────────────────────────────────────

Month = Annotated[str, Query(pattern=r"^(20[0-9]{2})-(0[1-9]|1[0-2])$")]


@reads(router, "/statistics/letters", everybody(), shapes.LetterMonth, "一个月的来信")
def month(request: HttpRequest, month: Month) -> dict[str, Any]:
    """How many letters came and were answered, how fast; no rate of too few."""
    first = min(date.fromisoformat(f"{month}-01"), today().replace(day=1))
    found = queries.month_of(first)
    names = regions.short_names_of(found.units, today())
    units = sorted(found.units.items(), key=lambda one: (-one[1].received, one[0]))
    return {
        "month": first,
        "by_kind": {Kind(kind).value: count for kind, count in found.by_kind.items()},
        "city": vars(found.city),
        "units": [{"unit": names.get(one, ""), **vars(of)} for one, of in units],
    }
