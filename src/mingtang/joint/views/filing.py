"""Views of filing: a route and what of it is wanted, one form, each material once. Online, and
across the lead department's counter."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, signed_in, staff
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.cases.rules import Channel, GivenWay
from mingtang.files.forms import files_of
from mingtang.joint import queries, services
from mingtang.joint.forms import JointFilingForm, JointMaterialsForm, chosen
from mingtang.joint.rules.route import route_of
from mingtang.joint.views.common import FILED, private, remember
from mingtang.ledger.rules import Actor
from mingtang.questions.forms import Places, QuestionsForm
from mingtang.questions.rules import Form, Kind
from mingtang.regions import queries as regions

SUBJECT = "joint:new"


@signed_in
@require_GET
def routes(request: HttpRequest) -> HttpResponse:
    """The matters that may be filed as one."""
    return _routes(request, "joint:file")


@staff(*COUNTER_ROLES)
@require_GET
def intake(request: HttpRequest) -> HttpResponse:
    """The same for a clerk."""
    return _routes(request, "joint:take_in")


def _routes(request: HttpRequest, where: str) -> HttpResponse:
    context = {"editions": queries.routes_for_filing(), "where": where}
    return render(request, "joint/routes.html", context)


@signed_in
@sensitive_post_parameters("identity_number", "phone", "address", "proxy_identity_number")
def file(request: HttpRequest, code: str) -> HttpResponse:
    """File for oneself, or for whom one may act for."""
    return _filing(request, code, Channel.ONLINE)


@staff(*COUNTER_ROLES)
@sensitive_post_parameters("identity_number", "phone", "address", "proxy_identity_number")
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """Take a matter in across the counter: one window for all departments."""
    return _filing(request, code, Channel.COUNTER)


@dataclass
class _Sheet:
    """The page of filing: the route, what of it is chosen, and its three forms."""

    edition: Any
    nodes: list[str]
    form: JointFilingForm
    asked: QuestionsForm
    materials: JointMaterialsForm

    @property
    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.asked.is_valid(), self.materials.is_valid()])


def _filing(request: HttpRequest, code: str, channel: Channel) -> HttpResponse:
    edition = queries.route_edition(code)
    if edition is None:
        raise NotFound("没有找到这条并联审批路线，请回到列表重新选择。")
    route = route_of(edition.content)
    data = request.POST if request.method == "POST" else request.GET
    open_ = services.fileable(edition.id)
    nodes = chosen(data, [node.key for _stage, node in route.nodes() if node.key in open_])
    is_filing = services.names_a_case(edition.id, nodes)
    sheet = _sheet(request, edition, nodes, channel) if is_filing else None
    status = 200
    if sheet and request.method == "POST" and not sheet.asked.is_row_change:
        status = 422
        if sheet.is_valid:
            try:
                return _filed(request, sheet, channel)
            except DomainError as error:
                sheet.form.add_error(None, error.message)
                status = error.status
    context = {
        "edition": edition,
        "stages": _stages(route, open_, nodes),
        "sheet": sheet,
        "nodes": nodes,
        "is_counter": channel is Channel.COUNTER,
    }
    return private(render(request, "joint/file.html", context, status=status))


def _stages(route: Any, open_: set[str], nodes: list[str]) -> list[dict[str, Any]]:
    """The stages to choose from, each node that may be filed with whether it is wanted."""
    stages = [
        {
            "name": stage.name,
            "nodes": [
                {"node": node, "kind": node.kind.label, "is_chosen": node.key in nodes}
                for node in stage.nodes
                if node.key in open_
            ],
        }
        for stage in route.stages
    ]
    return [stage for stage in stages if stage["nodes"]]


def _sheet(request: HttpRequest, edition: Any, nodes: list[str], channel: Channel) -> _Sheet:
    data = request.POST if request.method == "POST" else None
    form = services.asked_for(edition.id, nodes).form
    asked = QuestionsForm(
        form,
        [section.key for section in form.sections],
        data=data,
        answers={},
        on=today(),
        places=_places(form, services.lead_of(edition.id, nodes)),
    )
    known = {} if scope(request).is_staff else _known(request.user)
    return _Sheet(
        edition,
        nodes,
        JointFilingForm(data, initial=known, is_counter=channel is Channel.COUNTER),
        asked,
        JointMaterialsForm(services.wanted_for(edition.id, nodes), data),
    )


def _known(person: Any) -> dict[str, str]:
    """What a citizen who signed in need not type."""
    return {"applicant_name": person.name, "identity_number": person.identity_number}


def _places(form: Form, lead_id: int) -> Places:
    """Where addresses may lie: in the county of the lead department."""
    if all(question.kind is not Kind.ADDRESS for question in form.questions()):
        return ()
    unit = regions.organisation_card(lead_id, today())
    return regions.places_in(f"{unit.area6}000000", today())


def _filed(request: HttpRequest, sheet: _Sheet, channel: Channel) -> HttpResponse:
    data, at = sheet.form.cleaned_data, now()
    person_id = None if channel is Channel.COUNTER else scope(request).person_id
    project: services.Undertaking | None = data.get("project")
    made = services.open_matter(
        edition_id=sheet.edition.id,
        nodes=sheet.nodes,
        title=data["title"],
        applicant=sheet.form.applicant(person_id=person_id),
        answers=sheet.asked.typed,
        handed=_handed(request, sheet, at),
        project=project.label if project else "",
        silence=project.silence if project else services.Silence(),
        channel=channel.value,
        actor=_actor(request, sheet, channel),
        at=at,
        command_id=data["command_id"],
    )
    remember(request, FILED, made["number"])
    return redirect("joint:filed", made["number"])


def _actor(request: HttpRequest, sheet: _Sheet, channel: Channel) -> Actor:
    if channel is not Channel.COUNTER:
        return actor_of(scope(request))
    lead_id = services.lead_of(sheet.edition.id, sheet.nodes)
    region_id = regions.organisation_card(lead_id, today()).region_id
    return queries.permit_intake(scope(request), lead_id, region_id)


def _handed(request: HttpRequest, sheet: _Sheet, at: Any) -> list[services.Handed]:
    """What is said of each material; the files safe on disk."""
    key = sheet.form.cleaned_data["command_id"]
    said = sheet.materials.cleaned_data
    found = []
    for one in sheet.materials.wanted:
        name = f"files-{one.key}"
        kept = files_of(request, name, subject=SUBJECT, at=at, command_id=f"{key}/{one.key}")
        way = GivenWay.UPLOADED if kept else GivenWay(said[f"way-{one.key}"])
        found.append(services.Handed(one.key, way, tuple(kept)))
    return found
