"""Views: joint matters: what may be filed as one, filing it, its map, and what is done about it."""

from functools import cache
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, create_model

from mingtang.accounts.policy import scope
from mingtang.accounts.proof import check_proved
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import as_typed, body_of, check, read_json, shaped
from mingtang.api.doors import everybody, signed_in, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.rules import BodyWrong, Fault
from mingtang.api.views.acts import Asked, Desk, Mine, acts, own_act
from mingtang.api.views.common import (
    After,
    Code,
    Key,
    Name,
    applicant,
    next_of,
    own_thing,
    papers,
)
from mingtang.api.views.items import FILES, NOT_ASKED, OfMaterials, sections_of
from mingtang.base.clock import now, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.cases import services as cases
from mingtang.cases.rules import Channel, GivenWay
from mingtang.cases.views.common import CASE_STAFF
from mingtang.files import queries as files
from mingtang.files.forms import files_of
from mingtang.joint import present, queries, services
from mingtang.joint.forms import FORMS, JointFilingForm, ReasonForm
from mingtang.joint.rules.moves import MOVE_OF
from mingtang.joint.rules.route import route_of
from mingtang.joint.rules.states import JointState
from mingtang.joint.views.common import names_of, rows_of, unit_of
from mingtang.joint.views.desk import COMMANDS, FINAL, do_act
from mingtang.joint.views.filing import SUBJECT
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
    return choose(
        nodes,
        [node.key for _stage, node in route_of(edition.content).nodes() if node.key in open_],
    )


def choose(nodes: list[str], known: list[str]) -> list[str]:
    return [one for one in known if one in nodes] if nodes else known


NOT_THERE = "写了上传的要附文件，附了文件的要写上传。"


class Material(BaseModel):
    """How a material comes. Its files stand under `files-` and its id."""

    model_config = ConfigDict(extra="forbid", strict=True)
    id: str
    way: Literal["uploaded", "to_bring", "not_needed"]


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


def read_matter(request: HttpRequest) -> Any:
    return read_json(request, OfMaterials())


def check_materials(
    request: HttpRequest,
    wanted: set[str],
    said: list[dict[str, Any]],
    library: frozenset[str] = frozenset(),
) -> None:
    """That each material was asked for and comes as it is said to. `library`: ids of papers that
    may serve. Raises BodyWrong with all that is wrong."""
    named, wrong = {one["id"] for one in said}, []
    for place, one in enumerate(said):
        if one["id"] not in wanted:
            wrong.append(Fault(f"materials.{place}.id", NOT_ASKED))
        papers = set(one.get("papers", ()))
        if papers - library:
            wrong.append(Fault(f"materials.{place}.papers", "项目材料库里没有这份材料。"))
        is_there = bool(papers) or FILES + one["id"] in request.FILES
        if (one["way"] == GivenWay.UPLOADED.value) is not is_there:
            wrong.append(Fault(f"materials.{place}.way", NOT_THERE))
    loose = (name for name in request.FILES if name.removeprefix(FILES) not in named)
    wrong.extend(Fault(name[:60], NOT_ASKED) for name in loose)
    if wrong:
        raise BodyWrong(wrong)


def handed_of(
    request: HttpRequest, said: list[dict[str, Any]], key: str, library: str = ""
) -> list[services.Handed]:
    """What is said of each material; its files safe on disk. `library`: whose papers are named.
    Raises RefusedFile."""
    found = []
    for one in said:
        name, command_id = FILES + one["id"], f"{key}/{one['id']}"
        kept = files_of(request, name, subject=SUBJECT, at=now(), command_id=command_id)
        papers = tuple(int(number) for number in one.get("papers", ()))
        way = GivenWay(one["way"])
        found.append(services.Handed(one["id"], way, tuple(kept), papers, library))
    return found


@writes(
    router,
    "/joint/routes/{code}/matters",
    signed_in(),
    shapes.Filed,
    "并联申请",
    body=matter_body,
    files=(f"{FILES}{{id}}",),
)
def file(request: HttpRequest, code: Name, key: Key) -> dict[str, Any]:
    """File a matter for oneself, once for all departments; a clerk of the lead department, or of
    the general window, takes it in."""
    said = shaped(matter_body(), read_matter(request)).model_dump(exclude_none=True)
    return once(request, key, lambda: _filed(request, _edition(code), said, key))


def _filed(request: HttpRequest, edition: Any, said: dict[str, Any], key: str) -> dict[str, Any]:
    nodes = _chosen(edition, said.pop("nodes"))
    answers, materials = said.pop("answers"), said.pop("materials")
    reader = scope(request)
    is_counter = reader.is_staff
    form = JointFilingForm(as_typed(said, key), is_counter=is_counter)
    data = check(form)
    actor = _taker(request, edition, nodes) if is_counter else actor_of(reader)
    check_materials(request, wanted_of(edition, nodes), materials)
    project: services.Undertaking | None = data.get("project")
    made = services.open_matter(
        edition_id=edition.id,
        nodes=nodes,
        title=data["title"],
        applicant=form.applicant(person_id=None if is_counter else reader.person_id),
        answers=answers,
        handed=handed_of(request, materials, key),
        project=project.label if project else "",
        silence=project.silence if project else services.Silence(),
        channel=(Channel.COUNTER if is_counter else Channel.ONLINE).value,
        actor=actor,
        at=now(),
        command_id=key,
    )
    joint = queries.filed_matter(made["number"])
    return {
        "number": joint.number,
        "query_code": cases.tracking_code(joint),
        "state": joint.state,
    }


def wanted_of(edition: Any, nodes: list[str]) -> set[str]:
    return {one.key for one in services.wanted_for(edition.id, nodes)}


def _taker(request: HttpRequest, edition: Any, nodes: list[str]) -> Any:
    if not scope(request).has_role(COUNTER_ROLES):
        raise NotFound
    lead_id = services.lead_of(edition.id, nodes)
    region_id = regions.organisation_card(lead_id, today()).region_id
    return queries.permit_intake(scope(request), lead_id, region_id)


# ── the applicant's side ──────────────────────────────────────────────────────────────────────


def _own(request: HttpRequest, number: str, code: str) -> Any:
    """The matter, for its applicant or who knows its query code."""

    def by_code(**shown: Any) -> Any:
        return queries.filed_matter(services.matter_by_code(**shown).number)

    return own_thing(request, number, code, by_code=by_code, own=queries.own_matter)


@reads(router, "/joint/{number}", everybody(), shapes_desks.JointProgress, "并联办理的进度图")
def progress(request: HttpRequest, number: Name, code: Code = "") -> dict[str, Any]:
    """Where each part stands, for who filed the matter or knows its query code."""
    joint = _own(request, number, code)
    return _matter(joint, is_staff=False)


def _withdraw(asked: Asked) -> Any:
    reason = asked.sound(ReasonForm, joint=asked.about).cleaned_data["reason"]
    by = asked.by(applicant(asked.request))
    return services.withdraw(joint_id=asked.about.id, reason=reason, **by)


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
    if verb in FINAL:
        check_proved(asked.request)
    part = queries.part_for(joint, verb, name)
    actor = queries.permit(asked.reader, joint, verb, part)
    form = asked.sound(FORMS[verb], joint=joint, part=part)
    return do_act(asked.request, joint, verb, name, form, actor)


def _stands(joint: queries.JointCase) -> tuple[str, JointState]:
    return joint.number, JointState(queries.filed_matter(joint.number).state)


own_act(router, "/joint/{number}/withdraw", ReasonForm, Mine(_own, _stands), _withdraw, "撤回")
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
