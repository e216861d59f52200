"""Views: what villages disclose, objections to it, the desk of those who write and release it."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import body_of, check, files_in, typed
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import Asked, Desk, acts, deed, told
from mingtang.api.views.common import After, Code, Id, Key, Name, Words, next_of
from mingtang.base.clock import now, today
from mingtang.base.codes import normalise_code
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor, DateCursor
from mingtang.base.web import source_of
from mingtang.files.services import store
from mingtang.ledger import queries as ledger
from mingtang.villages import present_office as present
from mingtang.villages import queries, services
from mingtang.villages.forms import office as forms
from mingtang.villages.forms.public import ObjectionForm
from mingtang.villages.queries import desk as lists
from mingtang.villages.queries import rights
from mingtang.villages.rules.kinds import Layout
from mingtang.villages.rules.moves import CLERKS, READERS, TOWNSHIP, Deed, State
from mingtang.villages.views.objections import VILLAGER
from mingtang.villages.views.work import command_of, text_form

router = Router(tags=["村务公开"])
Number = Annotated[str, Path(max_length=40, description="异议编号")]


# ── what is out ───────────────────────────────────────────────────────────────────────────────


@reads(router, "/villages", everybody(), shapes.Page[shapes_desks.VillageLine], "公开的村")
def villages(request: HttpRequest) -> dict[str, Any]:
    """The villages, by township."""
    rows = [
        {"code": one.code, "name": one.name, "township": one.township_name}
        for town in queries.pilot_townships()
        for one in queries.villages_of(town.code)
    ]
    return {"rows": rows, "next": None}


@reads(
    router,
    "/villages/{code}/disclosures",
    everybody(),
    shapes.Page[shapes_desks.Disclosed],
    "一个村公开了什么",
)
def disclosed(request: HttpRequest, code: Name, after: After = "") -> dict[str, Any]:
    """What a village has made public, the latest first."""
    village = queries.village_by_code(code)
    page = queries.released(village, after=DateCursor.read(after))
    return {"rows": [_entry(one) for one in page.rows], "next": next_of(page.next)}


@reads(router, "/villages/disclosures/{id}", everybody(), shapes_desks.Disclosed, "一条公开")
def entry(request: HttpRequest, id: Id) -> dict[str, Any]:
    return _entry(queries.entry(parse_id(id) or 0))


def _entry(one: Any) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "title": one.title,
        "village": one.village.name if one.village else "",
        "section": one.section_name,
        "released": one.date,
        "paragraphs": list(one.paragraphs),
        "table": vars(one.table) if one.table else None,
        "objections_until": one.objections_until,
    }


# ── objections ────────────────────────────────────────────────────────────────────────────────


@writes(
    router,
    "/villages/disclosures/{id}/objections",
    everybody(),
    shapes.Receipt,
    "提出异议",
    body=lambda: body_of(ObjectionForm),
)
def object_to(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """Object to a disclosure while its days last."""
    said = check(ObjectionForm(typed(request, ObjectionForm, key)))

    def do() -> dict[str, Any]:
        about = queries.entry(parse_id(id) or 0)
        if not about.objections_until or today() > about.objections_until or about.is_archived:
            raise NotFound("这条公开的异议期已经结束。仍有意见的，请向乡镇（街道）反映。")
        made = services.raise_objection(disclosure_id=about.id, **said, actor=VILLAGER, at=now())
        found = queries.objection_shown(made["number"])
        code = services.tracking_code(found)
        return {"number": found.number, "query_code": code, "due_date": None}

    return once(request, key, do)


@reads(router, "/villages/objections/{number}", everybody(), shapes.Follow, "异议答复了没有")
def objection(request: HttpRequest, number: Number, code: Code = "") -> dict[str, Any]:
    """One's own objection and its answer, by number and query code."""
    found = services.objection_by_code(
        number=number, code=normalise_code(code), source=source_of(request), at=now()
    )
    is_done = found.replied_at is not None
    return {
        "number": found.number,
        "unit": found.disclosure.village.name,
        "state": "replied" if is_done else "open",
        "state_label": "已答复" if is_done else "等待答复",
        "next_step": "",
        "due_date": found.due_date,
        "answers": [found.reply] if is_done else [],
        "documents": [],
    }


@writes(
    router,
    "/desk/objections/{id}/reply",
    staff(*CLERKS, *TOWNSHIP),
    shapes.MatterDone,
    "答复异议",
    body=lambda: body_of(forms.ReplyForm),
)
def reply(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """Answer an objection; the answer goes out with its summary."""
    said = check(forms.ReplyForm(typed(request, forms.ReplyForm, key)))

    def do() -> dict[str, Any]:
        found = lists.objection_for(scope(request), parse_id(id) or 0)
        if found is None:
            raise NotFound
        actor = rights.permit(scope(request), found.disclosure.village_id, Deed.RELEASE)
        result = services.reply(objection_id=found.id, **said, actor=actor, at=now())
        return told(found.number, State(found.disclosure.state), result)

    return once(request, key, do)


# ── the desk ──────────────────────────────────────────────────────────────────────────────────


@reads(router, "/desk/villages", staff(*READERS), shapes.Page[shapes.Waiting], "村务公开工作清单")
def waiting(request: HttpRequest, tab: Words = "", after: After = "") -> dict[str, Any]:
    """What waits for the reader, what was opened first before; `tab`: one of their lists."""
    tabs = lists.tabs_of(scope(request))
    chosen = tab if tab in tabs else next((one for one, count in tabs.items() if count), "")
    if not chosen:
        return {"rows": [], "next": None}
    page = lists.waiting(scope(request), chosen, Cursor.read(after))
    return {"rows": [_line(one) for one in page.rows], "next": next_of(page.next)}


def _line(one: queries.Disclosure) -> dict[str, Any]:
    state = State(one.state)
    return {
        "id": str(one.id),
        "number": str(one.id),
        "title": one.title,
        "unit": one.village.name,
        "state": state.value,
        "state_label": str(state.label),
        "due_date": one.due_date,
    }


@reads(
    router, "/desk/villages/{id}", staff(*READERS), shapes_desks.DisclosureFile, "一条公开的办理"
)
def work(request: HttpRequest, id: Id) -> dict[str, Any]:
    """A disclosure, its lines, and what the reader may do now."""
    one = _found(request, id)
    return {
        **_line(one),
        "content_hash": one.content_hash,
        "body": one.body,
        "lines": [
            {
                name: row[name]
                for name in ("id", "number", "kind", "text", "amount", "day", "voucher")
            }
            for row in present.lines(one)
        ],
        "acts": [
            {"verb": deed.value, "label": str(deed.label), "about": {}}
            for deed in rights.deeds_for(scope(request), one)
        ],
        "history": present.history(ledger.history(one.stream)),
    }


def _found(request: HttpRequest, key: str) -> queries.Disclosure:
    return rights.disclosure_for(scope(request), parse_id(key) or 0)


@writes(
    router,
    "/desk/villages/of/{code}",
    staff(*CLERKS),
    shapes_desks.Begun,
    "起草公开",
    body=lambda: body_of(forms.BeginForm),
)
def begin(request: HttpRequest, code: Name, key: Key) -> dict[str, Any]:
    """Begin something that no schedule asks for."""
    data = typed(request, forms.BeginForm, key)

    def do() -> dict[str, Any]:
        village = rights.village_for(scope(request), code)
        actor = rights.clerk_actor(scope(request), village.id, "起草公开")
        sections = [(one.code, one.name) for one in lists.sections_to_write(today())]
        said = check(forms.BeginForm(data, sections=sections))
        made = services.begin(village_id=village.id, **said, actor=actor, at=now())
        return {"id": str(made["disclosure_id"])}

    return once(request, key, do)


@writes(
    router,
    "/desk/villages/{id}/lines",
    staff(*CLERKS),
    shapes.MatterDone,
    "记一笔",
    body=lambda: body_of(forms.LineForm, is_open=True),
    files=files_in(forms.LineForm),
)
def line(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """Book one line, with the photograph of its receipt."""
    data = typed(request, forms.LineForm, key, is_open=True)

    def do() -> dict[str, Any]:
        one = _found(request, id)
        actor = rights.permit(scope(request), one.village_id, Deed.WRITE)
        form = forms.LineForm(data, request.FILES, layout=Layout(one.section.layout))
        said = check(form)
        file = said.get("receipt")
        result = services.add_lines(
            disclosure_id=one.id,
            lines=[said["line"]],
            receipt=store(file, command_id=key) if file else None,
            actor=actor,
            at=now(),
            command_id=key,
        )
        return told(*_stands(one), result)

    return once(request, key, do)


def _drop(asked: Asked) -> Any:
    one = _found(asked.request, asked.about["id"])
    actor = rights.permit(asked.reader, one.village_id, Deed.WRITE)
    line_id = parse_id(asked.about["line"]) or 0
    return services.drop_line(disclosure_id=one.id, line_id=line_id, **asked.by(actor))


LINE = "/desk/villages/{id}/lines/{line}"
deed(router, f"{LINE}/drop", staff(*CLERKS), forms.DeedForm, _drop, "删去一笔")


FORMS: dict[Deed, type[forms.DeedForm]] = {Deed.WRITE: forms.AccountForm, **forms.FORM_OF}


def _act(asked: Asked) -> Any:
    one, deed = asked.about, asked.verb
    actor = rights.permit(asked.reader, one.village_id, deed)
    if deed is Deed.WRITE:
        said = check(text_form(one, asked.data))
        return services.write(disclosure_id=one.id, **said, actor=actor, at=now())
    return command_of(deed, one, asked.sound(FORMS[deed]))(**asked.by(actor))


def _stands(one: queries.Disclosure) -> tuple[str, State]:
    return str(one.id), State(lists.disclosure(one.id).state)


acts(
    router,
    "/desk/villages/{id}",
    staff(*READERS),
    Desk(forms=FORMS, find=_found, do=_act, stands=_stands),
)
