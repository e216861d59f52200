"""Views: agents of projects: letters of agency and what is done under them, filing for the owner,
intermediary services, the owner's word."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field, create_model

from mingtang.accounts.policy import scope
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import body_of, check, shaped
from mingtang.api.doors import everybody, signed_in, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import Asked, Desk, acts, deed
from mingtang.api.views.common import After, Id, Key, Words, next_of
from mingtang.api.views.items import FILES
from mingtang.api.views.joint import (
    Material,
    check_materials,
    choose,
    handed_of,
    read_matter,
    wanted_of,
)
from mingtang.base.clock import now, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.ledger.queries import history
from mingtang.projects import present_agents as present
from mingtang.projects.forms.agents import DeedForm, DrawLetterForm, LevelForm
from mingtang.projects.forms.intermediaries import CompleteForm, EngageForm, RegisterForm
from mingtang.projects.queries import agency as queries
from mingtang.projects.queries import intermediaries, portfolio
from mingtang.projects.queries.rights import project_for
from mingtang.projects.rules.agency import LetterState
from mingtang.projects.rules.moves import READERS as PROJECT_READERS
from mingtang.projects.services import agency, agent_filing
from mingtang.projects.services import intermediaries as services
from mingtang.projects.views import agents, owners, project_agents
from mingtang.projects.views import intermediaries as firms

router = Router(tags=["项目代办"])
DESK = "/desk/agency/{id}"


# ── letters ───────────────────────────────────────────────────────────────────────────────────


@reads(
    router,
    "/desk/agency",
    staff(*queries.AGENTS),
    shapes.Page[shapes_desks.AgencyLine],
    "我代办的项目",
)
def mine(request: HttpRequest) -> dict[str, Any]:
    """What an agent carries now, what ends soonest first; offered hand-overs after them."""
    reader, on = scope(request), today()
    held = queries.my_letters(reader, on)
    offered = [one.letter for one in queries.offered_to(reader)]
    return {"rows": [_line(one) for one in (*held, *offered)], "next": None}


@reads(
    router,
    "/desk/agency/all",
    staff(*queries.OVERSEERS),
    shapes.Page[shapes_desks.AgencyLine],
    "全部代办项目",
)
def board(request: HttpRequest, stage: Words = "", after: After = "") -> dict[str, Any]:
    """All projects with an agent, for who oversees them."""
    page = portfolio.board(scope(request), today(), stage=stage, after=Cursor.read(after))
    return {"rows": [_line(one) for one in page.rows], "next": next_of(page.next)}


def _line(one: queries.AgencyLetter) -> dict[str, Any]:
    state = one.mandate.state(today())
    return {
        "id": str(one.id),
        "number": one.number,
        "project": one.project.name,
        "agent": one.agent.name,
        "owner": one.owner_name,
        "state": state.value,
        "state_label": present.letter(one, today())["state"],
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
    }


def _found(request: HttpRequest, key: str) -> queries.AgencyLetter:
    return queries.letter_for(scope(request), parse_id(key) or 0)


@reads(router, DESK, staff(*agents.READERS), shapes_desks.AgencyFile, "一份委托书")
def letter(request: HttpRequest, id: Id) -> dict[str, Any]:
    """A letter, its plan, the latest of its ledger of acts, and what the reader may do."""
    about, on = _found(request, id), today()
    return {
        **_line(about),
        "steps": [_step(one, on) for one in queries.steps_of(about)],
        "ledger": [_act_line(one) for one in queries.acts_of(about).rows],
        "fileable": [{"key": key, "name": name} for key, name in agent_filing.fileable_nodes(about)]
        if about.project.route_edition_id
        else [],
        "acts": [
            {"verb": one.value, "label": str(one.label), "about": {}}
            for one in queries.deeds_of(scope(request), about, on)
        ],
        "history": present.history(history(about.stream)),
    }


def _step(one: queries.AgencyStep, on: Any) -> dict[str, Any]:
    row = present.step(one, on)
    return {name: row[name] for name in ("name", "service", "planned", "done", "label")} | {
        "id": str(one.id)
    }


def _act_line(one: queries.AgencyAct) -> dict[str, Any]:
    return {**present.act(one), "id": str(one.id)}


def _act(asked: Asked) -> Any:
    about, verb = asked.about, asked.verb
    actor = queries.deed_actor(asked.reader, about, verb)
    form = agents.form_of(verb, about, agents.choices_of(about), asked.data)
    check(form)
    return agents.COMMANDS[verb](letter_id=about.id, **form.content(), **asked.by(actor))


def _stands(about: queries.AgencyLetter) -> tuple[str, LetterState]:
    about.refresh_from_db()
    return about.number, about.mandate.state(today())


acts(
    router,
    DESK,
    staff(*agents.READERS),
    Desk(forms=agents.FORMS, find=_found, do=_act, stands=_stands),
)


# ── an agent files for the owner ──────────────────────────────────────────────────────────────


class OfLibrary(Material):
    """`papers`: ids of papers of the project's library that serve for this material."""

    papers: list[str] = Field(default_factory=list)


@cache
def filing_body() -> type[BaseModel]:
    made: type[BaseModel] = create_model(
        "AgentFiling",
        __base__=body_of(DeedForm),
        nodes=(list[str], []),
        answers=(dict[str, dict[str, Any]], ...),
        materials=(list[OfLibrary], []),
    )
    return made


@writes(
    router,
    f"{DESK}/file",
    staff(*queries.AGENTS),
    shapes.Did,
    "代业主申报",
    body=filing_body,
    files=(f"{FILES}{{id}}",),
)
def file(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """File some nodes of the project's route as one matter, in the name of the owner."""
    said = shaped(filing_body(), read_matter(request)).model_dump(exclude_none=True)
    return once(request, key, lambda: {"result": _filed(request, id, said, key)})


def _filed(request: HttpRequest, id: str, said: dict[str, Any], key: str) -> Any:
    about = _found(request, id)
    actor = queries.agent_actor(scope(request), {about.agent_id})
    edition = about.project.route_edition
    if edition is None:
        raise NotFound("项目还没有选用流程，不能申报。")
    known = [one for one, _name in agent_filing.fileable_nodes(about)]
    nodes = choose(said["nodes"], known)
    library = frozenset(number for number, _title in queries.papers_of(about.project_id))
    check_materials(request, wanted_of(edition, nodes), said["materials"], library)
    handed = handed_of(request, said["materials"], key, about.project.stream)
    return agent_filing.file_matter(
        letter_id=about.id,
        nodes=nodes,
        answers=said["answers"],
        handed=handed,
        actor=actor,
        at=now(),
        command_id=key,
    )


# ── what is added to a project, and how an engagement ends ────────────────────────────────────


def _add(verb: str, command: Any) -> Any:
    def do(asked: Asked) -> Any:
        project = project_for(asked.reader, parse_id(asked.about["id"]) or 0)
        actor = project_agents.project_actor(asked.request, project, verb)
        form = project_agents.project_form(project, verb, asked.data)
        check(form)
        return command(project_id=project.id, **form.content(), **asked.by(actor))

    return do


_ADDED = (
    (project_agents.DRAW, DrawLetterForm, agency.draw_letter),
    (project_agents.ENGAGE, EngageForm, services.engage),
)
for _verb, _form, _command in _ADDED:
    deed(
        router,
        f"/desk/projects/{{id}}/agency/{_verb}",
        staff(*PROJECT_READERS),
        _form,
        _add(_verb, _command),
        project_agents.LABELS[_verb],
    )


def _end(verb: str, command: Any, **more: Any) -> Any:
    def do(asked: Asked) -> Any:
        about = intermediaries.engagement_for(asked.reader, parse_id(asked.about["id"]) or 0)
        actor = project_agents.engagement_actor(asked.request, about, verb)
        form = project_agents.engagement_form(verb, asked.data)
        check(form)
        return command(engagement_id=about.id, **form.content(), **more, **asked.by(actor))

    return do


deed(
    router,
    "/desk/engagements/{id}/complete",
    staff(*PROJECT_READERS),
    CompleteForm,
    _end(project_agents.COMPLETE, services.complete),
    "登记中介服务完成",
)
deed(
    router,
    "/desk/engagements/{id}/rate",
    staff(*PROJECT_READERS),
    LevelForm,
    _end(project_agents.RATE, services.rate_engagement, side="department"),
    "部门评价中介服务",
)


# ── the owner ─────────────────────────────────────────────────────────────────────────────────


@reads(
    router, "/agency", signed_in(), shapes.Page[shapes_desks.AgencyLine], "我的项目请人代办得怎样"
)
def owners_letters(request: HttpRequest) -> dict[str, Any]:
    """The letters of the projects for whose owner the reader speaks."""
    found = queries.owners_letters(owners.person_of(request), today())
    return {"rows": [_line(one) for one in found], "next": None}


def _rate(what: str) -> Any:
    def do(asked: Asked) -> Any:
        about = parse_id(asked.about["id"]) or 0
        owners.check_own(owners.person_of(asked.request), what, about)
        return owners.rate_own(asked.request, what, about, asked.sound(LevelForm))

    return do


for _what, _said in ((owners.LETTER, "评价代办"), (owners.ENGAGEMENT, "评价中介服务")):
    deed(router, f"/agency/{_what}/{{id}}/rate", signed_in(), LevelForm, _rate(_what), _said)


# ── the register of intermediaries ────────────────────────────────────────────────────────────


@reads(
    router, "/intermediaries", everybody(), shapes.Page[shapes_desks.FirmLine], "中介服务机构名录"
)
def directory(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """Who may be engaged, and how fast they have been."""
    read = intermediaries.NameCursor.read(after)
    page = intermediaries.register_page(today(), trade="", with_struck_off=False, after=read)
    names = ("name", "code", "trade", "valid_to", "completed")
    shown = [present.firm(one, today()) for one in page.rows]
    rows = [{name: one[name] for name in names} | {"id": str(one["id"])} for one in shown]
    return {"rows": rows, "next": next_of(page.next)}


def _register(asked: Asked) -> Any:
    actor = intermediaries.keeper(asked.reader)
    return services.register(**asked.sound(RegisterForm).content(), **asked.by(actor))


def _entry(verb: str) -> Any:
    def do(asked: Asked) -> Any:
        about = parse_id(asked.about["id"]) or 0
        content = asked.sound(firms.FORMS[verb]).content() | {"intermediary_id": about}
        return firms.COMMANDS[verb](**content, **asked.by(intermediaries.keeper(asked.reader)))

    return do


KEEPERS = staff(*intermediaries.KEEPERS)
deed(router, "/desk/intermediaries", KEEPERS, RegisterForm, _register, "登记一家机构")
for _verb, _kind in firms.FORMS.items():
    _path = f"/desk/intermediaries/{{id}}/{_verb}"
    deed(router, _path, KEEPERS, _kind, _entry(_verb), firms.LABELS[_verb])
