"""View: an agent files for the owner: what the letter reaches, one form, each material once, taken
from the papers of the project where they are there."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import Conflict, DomainError
from mingtang.cases.rules import GivenWay
from mingtang.files.forms import files_of
from mingtang.joint import services as joint
from mingtang.joint.forms import JointMaterialsForm, chosen
from mingtang.ledger.rules import Actor
from mingtang.projects.forms.agents import DeedForm
from mingtang.projects.queries import agency as queries
from mingtang.projects.services import agent_filing as services
from mingtang.projects.views.agents import private
from mingtang.questions.forms import QuestionsForm
from mingtang.regions import queries as regions

SUBJECT = "joint:new"


class MaterialsForm(JointMaterialsForm):
    """Beside a new file or a paper to bring: what the project's library has already."""

    def __init__(self, *args: Any, papers: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        for one in self.wanted if papers else ():
            self.fields[f"papers-{one.key}"] = forms.MultipleChoiceField(
                label=_("用项目共享材料里的"),
                choices=papers,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def rows(self) -> list[dict[str, Any]]:
        rows = super().rows()
        for row, one in zip(rows, self.wanted, strict=True):
            name = f"papers-{one.key}"
            row["papers"] = self[name] if name in self.fields else None
        return rows


@dataclass
class _Sheet:
    """The page of filing: what is filed, and its three forms."""

    edition: int
    keys: list[str]
    form: DeedForm
    asked: QuestionsForm
    materials: MaterialsForm

    @property
    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.asked.is_valid(), self.materials.is_valid()])


@staff(*queries.AGENTS)
def file(request: HttpRequest, letter_id: int) -> HttpResponse:
    """File some nodes of the project's route as one matter, in the name of the owner."""
    about = queries.letter_for(scope(request), letter_id)
    actor = queries.agent_actor(scope(request), {about.agent_id})
    nodes = services.fileable_nodes(about)
    sheet, status = _sheet(request, about, nodes), 200
    if request.method == "POST" and not sheet.asked.is_row_change:
        status = 422
        if sheet.is_valid:
            try:
                return _filed(request, about, sheet, actor)
            except DomainError as error:
                sheet.form.add_error(None, error.message)
                status = error.status
    context = {
        "about": about,
        "nodes": [
            {"key": key, "name": name, "is_chosen": key in sheet.keys} for key, name in nodes
        ],
        "keys": sheet.keys,
        "form": sheet.form,
        "asked": sheet.asked,
        "materials": sheet.materials,
    }
    return private(render(request, "agents/file.html", context, status=status))


def _sheet(
    request: HttpRequest, about: queries.AgencyLetter, nodes: list[tuple[str, str]]
) -> _Sheet:
    edition, known = about.project.route_edition_id, [key for key, _name in nodes]
    if edition is None or not known:
        raise Conflict(
            "没有可以代为申报的环节：项目还没有选用流程，或者委托的环节没有能申报的事项。"
        )
    posted = request.POST if request.method == "POST" else None
    keys = chosen(posted or request.GET, known)
    if not joint.names_a_case(edition, keys):
        keys = known
    papers = queries.papers_of(about.project_id)
    materials = MaterialsForm(joint.wanted_for(edition, keys), posted, papers=papers)
    return _Sheet(edition, keys, DeedForm(posted), _asked(request, edition, keys), materials)


def _filed(
    request: HttpRequest, about: queries.AgencyLetter, sheet: _Sheet, actor: Actor
) -> HttpResponse:
    key, at = sheet.form.cleaned_data["command_id"], now()
    made = services.file_matter(
        letter_id=about.id,
        nodes=sheet.keys,
        answers=sheet.asked.typed,
        handed=_handed(request, sheet.materials, about.project.stream, key, at),
        actor=actor,
        at=at,
        command_id=key,
    )
    notes.success(request, _("已代业主申报，编号 %s") % made["joint_number"])
    return redirect("agents:letter", about.id)


def _asked(request: HttpRequest, edition: int, keys: list[str]) -> QuestionsForm:
    """The one form of what is filed; addresses lie in the county of who leads."""
    drawn = joint.asked_for(edition, keys).form
    unit = regions.organisation_card(joint.lead_of(edition, keys), today())
    return QuestionsForm(
        drawn,
        [section.key for section in drawn.sections],
        data=request.POST if request.method == "POST" else None,
        answers={},
        on=today(),
        places=regions.places_in(f"{unit.area6}000000", today()),
    )


def _handed(
    request: HttpRequest, materials: MaterialsForm, library: str, key: str, at: Any
) -> list[joint.Handed]:
    """What is said of each material: new files safe on disk, papers of the library by number."""
    said, found = materials.cleaned_data, []
    for one in materials.wanted:
        name = f"files-{one.key}"
        kept = files_of(request, name, subject=SUBJECT, at=at, command_id=f"{key}/{one.key}")
        papers = tuple(int(number) for number in said.get(f"papers-{one.key}", ()))
        is_there = bool(kept or papers)
        way = GivenWay.UPLOADED if is_there else GivenWay(said[f"way-{one.key}"])
        found.append(joint.Handed(one.key, way, tuple(kept), papers, library))
    return found
