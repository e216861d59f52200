"""Views: joint matters: what may be filed as one, filing it, its map, and what is done about it."""

from functools import cache
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, create_model

from mingtang.accounts.policy import scope
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import as_typed, body_of, check, read_json, shaped
from mingtang.api.doors import everybody, signed_in, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import Asked, Desk, acts, told
from mingtang.api.views.common import After, Code, Key, Name, applicant, next_of, papers
from mingtang.api.views.items import sections_of
from mingtang.base.clock import now, today
from mingtang.base.codes import normalise_code
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.base.web import source_of
from mingtang.cases import services as cases
from mingtang.cases.rules import Channel, GivenWay
from mingtang.cases.views.common import CASE_STAFF
from mingtang.files import queries as files
from mingtang.joint import present, queries, services
from mingtang.joint.forms import FORMS, JointFilingForm, ReasonForm
from mingtang.joint.rules.moves import MOVE_OF
from mingtang.joint.rules.route import route_of
from mingtang.joint.rules.states import JointState
from mingtang.joint.views.common import names_of, rows_of, unit_of
from mingtang.joint.views.desk import COMMANDS, do_act
from mingtang.ledger import queries as ledger
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing

router = Router(tags=["并联办理"])
Nodes = Annotated[str, Query(max_length=500, description="环节，用逗号分开；不写就全要")]


# ── filing ────────────────────────────────────────────────────────────────────────────────────


@reads(
    router, "/joint/routes", everybody(), shapes.Page[shapes_desks.RouteLine], "可以并联办理的事"
)
def routes(request: HttpRequest) -> dict[str, Any]:
    """The matters that may be filed as one, each with what may be chosen of it."""
    return {"rows": [_route(one) for one in queries.routes_for_filing()], "next": None}


def _route(edition: Any) -> dict[str, Any]:
    open_ = services.fileable(edition.id)
    nodes = [
        {"key": node.key, "name": node.name, "stage": stage.name}
        for stage, node in route_of(edition.content).nodes()
        if node.key in open_
    ]
    return {"code": edition.route.code, "name": edition.route.name, "nodes": nodes}


@reads(
    router, "/joint/routes/{code}", everybody(), shapes_desks.RouteAsks, "并联办理要填什么、交什么"
)
def asks(request: HttpRequest, code: Name, nodes: Nodes = "") -> dict[str, Any]:
    """What is asked and wanted for the chosen nodes, given with commas between; each once."""
    edition = _edition(code)
    chosen = _chosen(edition, nodes.split(",") if nodes else [])
    return {
        **_route(edition),
        "sections": sections_of(services.asked_for(edition.id, chosen).form),
        "materials": [
            {"id": one.key, "name": one.name, "is_required": one.is_required}
            for one in services.wanted_for(edition.id, chosen)
        ],
    }


def _edition(code: str) -> Any:
    edition = queries.route_edition(code)
    if edition is None:
        raise NotFound("没有找到这条并联审批路线，请核对编号。")
    return edition


def _chosen(edition: Any, nodes: list[str]) -> list[str]:
    """The nodes that were named; none named: all that may be filed."""
    open_ = services.fileable(edition.id)
    every = [node.key for _stage, node in route_of(edition.content).nodes() if node.key in open_]
    return [one for one in every if one in nodes] if nodes else every


class Material(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    id: str
    way: Literal["to_bring", "not_needed"]


@cache
def matter_body() -> type[BaseModel]:
    made: type[BaseModel] = create_model(
        "JointFiling",
        __base__=body_of(JointFilingForm),
        nodes=(list[str], []),
        answers=(dict[str, dict[str, Any]], ...),
        materials=(list[Material], []),
    )
    return made


@writes(
    router, "/joint/routes/{code}/matters", signed_in(), shapes.Filed, "并联申请", body=matter_body
)
def file(request: HttpRequest, code: Name, key: Key) -> dict[str, Any]:
    """File a matter for oneself, once for all departments; a clerk of the lead department, or of
    the general window, takes it in."""
    said = shaped(matter_body(), read_json(request)).model_dump(exclude_none=True)
    return once(request, key, lambda: _filed(request, _edition(code), said, key))


def _filed(request: HttpRequest, edition: Any, said: dict[str, Any], key: str) -> dict[str, Any]:
    nodes = _chosen(edition, said.pop("nodes"))
    answers, materials = said.pop("answers"), said.pop("materials")
    reader = scope(request)
    is_counter = reader.is_staff
    form = JointFilingForm(as_typed(said, key), is_counter=is_counter)
    data = check(form)
    project: services.Undertaking | None = data.get("project")
    made = services.open_matter(
        edition_id=edition.id,
        nodes=nodes,
        title=data["title"],
        applicant=form.applicant(person_id=None if is_counter else reader.person_id),
        answers=answers,
        handed=[services.Handed(one["id"], GivenWay(one["way"])) for one in materials],
        project=project.label if project else "",
        silence=project.silence if project else services.Silence(),
        channel=(Channel.COUNTER if is_counter else Channel.ONLINE).value,
        actor=_taker(request, edition, nodes) if is_counter else actor_of(reader),
        at=now(),
        command_id=key,
    )
    joint = queries.filed_matter(made["number"])
    return {
        "number": joint.number,
        "query_code": cases.tracking_code(joint),
        "state": joint.state,
    }


def _taker(request: HttpRequest, edition: Any, nodes: list[str]) -> Any:
    if not scope(request).has_role(COUNTER_ROLES):
        raise NotFound
    lead_id = services.lead_of(edition.id, nodes)
    region_id = regions.organisation_card(lead_id, today()).region_id
    return queries.permit_intake(scope(request), lead_id, region_id)


# ── the applicant's side ──────────────────────────────────────────────────────────────────────


def _own(request: HttpRequest, number: str, code: str) -> queries.JointCase:
    """The matter, for its applicant or who knows its query code. Staff act for no applicant."""
    if code and not scope(request).is_staff:
        found = services.matter_by_code(
            number=number, code=normalise_code(code), source=source_of(request), at=now()
        )
        return queries.filed_matter(found.number)
    return queries.own_matter(scope(request), number)


@reads(router, "/joint/{number}", everybody(), shapes_desks.JointProgress, "并联办理的进度图")
def progress(request: HttpRequest, number: Name, code: Code = "") -> dict[str, Any]:
    """Where each part stands, for who filed the matter or knows its query code."""
    joint = _own(request, number, code)
    return _matter(joint, is_staff=False)


@writes(
    router,
    "/joint/{number}/withdraw",
    everybody(),
    shapes.MatterDone,
    "撤回",
    body=lambda: body_of(ReasonForm),
)
def withdraw(request: HttpRequest, number: Name, key: Key, code: Code = "") -> dict[str, Any]:
    """Take the whole matter back."""
    said = as_typed(shaped(body_of(ReasonForm), read_json(request)).model_dump(), key)

    def do() -> dict[str, Any]:
        joint = _own(request, number, code)
        form = ReasonForm(said, joint=joint)
        by = {"actor": applicant(request), "at": now(), "command_id": key}
        result = services.withdraw(joint_id=joint.id, reason=check(form)["reason"], **by)
        return told(*_stands(joint), result)

    return once(request, key, do)


# ── the desk ──────────────────────────────────────────────────────────────────────────────────


@reads(router, "/desk/joint", staff(*CASE_STAFF), shapes.Page[shapes.Waiting], "并联办理工作清单")
def desk(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """What is at work, the most urgent first."""
    page = queries.worklist(scope(request), DateCursor.read(after))
    ids = (one.id for one in page.rows)
    rows = [_line(key, row) for key, row in zip(ids, rows_of(page.rows), strict=True)]
    return {"rows": rows, "next": next_of(page.next)}


def _line(key: int, row: dict[str, Any]) -> dict[str, Any]:
    state = {"state": row["state"]["value"], "state_label": str(row["state"]["label"])}
    return {**row, **state, "id": str(key), "due_date": row["due"]}


@reads(router, "/desk/joint/{id}", staff(*CASE_STAFF), shapes_desks.JointFile, "一件并联办理")
def matter(request: HttpRequest, id: Name) -> dict[str, Any]:
    """A matter, its parts, and what the reader may do now; `about` names the part, if any."""
    joint = _found(request, id)
    parts = queries.parts_of(joint)
    return {
        **_line(joint.id, rows_of([joint])[0]),
        **_matter(joint, is_staff=True),
        "acts": [
            {
                "verb": move.verb.value,
                "label": f"{move.label}：{part.name}" if part else move.label,
                "about": {"part": part.key} if part else {},
            }
            for move, part in queries.open_deeds(scope(request), joint, parts)
        ],
        "history": present.history(ledger.history(joint.stream), is_staff=True),
    }


def _matter(joint: queries.JointCase, *, is_staff: bool) -> dict[str, Any]:
    """Of a simulated examination, and of papers for the house, nobody outside it is told."""
    parts, state = queries.parts_of(joint), JointState(joint.state)
    on, calendar = today(), timing.current_calendar()
    stages = present.stages(parts, names_of(parts), on, calendar, is_staff=is_staff)
    found = files.documents_of(joint.stream)
    return {
        "number": joint.number,
        "title": joint.title,
        "unit": unit_of(joint),
        "state": state.value,
        "state_label": str(state.label),
        "parts": [
            {
                **one,
                "stage": stage["name"],
                "status": one["status"]["value"],
                "status_label": str(one["status"]["label"]),
                "case_number": one["case"]["number"] if one["case"] else "",
            }
            for stage in stages
            for one in stage["parts"]
        ],
        "documents": papers(
            one for one in found if is_staff or one.kind not in present.FOR_THE_HOUSE
        ),
    }


def _found(request: HttpRequest, key: str) -> queries.JointCase:
    return queries.matter_for(scope(request), parse_id(key) or 0)


def _act(asked: Asked) -> Any:
    joint, verb, name = asked.about, asked.verb, asked.data.get("part", "")
    part = queries.part_for(joint, verb, name)
    actor = queries.permit(asked.reader, joint, verb, part)
    form = asked.sound(FORMS[verb], joint=joint, part=part)
    return do_act(asked.request, joint, verb, name, form, actor)


def _stands(joint: queries.JointCase) -> tuple[str, JointState]:
    return joint.number, JointState(queries.filed_matter(joint.number).state)


acts(
    router,
    "/desk/joint/{id}",
    staff(*CASE_STAFF),
    Desk(
        forms={verb: FORMS[verb] for verb in COMMANDS},
        find=_found,
        do=_act,
        stands=_stands,
        label=lambda verb: MOVE_OF[verb].label,
        law=lambda verb: MOVE_OF[verb].law,
    ),
)
