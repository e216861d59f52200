"""Views of standing in for somebody and of handing one's open steps to a colleague."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.accounts import services as accounts
from mingtang.accounts.policy import scope, staff
from mingtang.accounts.rules import Scope
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import derived_command_id, parse_id
from mingtang.base.web import new_command_id
from mingtang.cases import queries as case_queries
from mingtang.cases import services
from mingtang.cases.forms.leads import Group, HandOverForm, SubstitutionForm
from mingtang.cases.queries import Step
from mingtang.cases.queries import handover as queries
from mingtang.cases.queries.handover import Colleague
from mingtang.cases.rules import Verb
from mingtang.cases.rules.leads import ARRANGERS
from mingtang.cases.views.common import private, short_names


@staff(*ARRANGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom (顶岗), and a form to arrange it."""
    reader, on = scope(request), today()
    if request.method != "POST":
        return _page(request, reader, on)
    absent_id = parse_id(request.POST.get("absent_id", ""))
    if absent_id is None:
        raise NotFound
    actor = queries.arranger(reader, absent_id, on)
    form = _form(reader, absent_id, on, request.POST)
    if not form.is_valid():
        return _page(request, reader, on, form, 422)
    try:
        accounts.arrange_substitution(**form.content(), actor=actor, at=now())
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, reader, on, form, error.status)
    messages.success(request, _("顶岗已安排好，到期自动结束。"))
    return redirect("cases:handover")


def _form(reader: Scope, absent_id: int, on: date, data: Any = None) -> SubstitutionForm:
    return SubstitutionForm(
        data,
        initial={"absent_id": absent_id, "from_date": on},
        people=_groups(queries.substitutes_for(reader, absent_id, on)),
        items=queries.items_held(absent_id, on),
    )


def _groups(people: Sequence[Colleague]) -> list[Group]:
    """People by unit, as a choice shows them."""
    names = short_names(unit for _person, unit in people)
    found: dict[int, list[tuple[str, str]]] = {}
    for person, unit in people:
        found.setdefault(unit, []).append((str(person.id), person.name))
    return [(names.get(unit, ""), some) for unit, some in found.items()]


def _absent(request: HttpRequest, reader: Scope) -> int | None:
    """For whom: whom the manager chose, else oneself."""
    chosen = parse_id(request.GET.get("for", ""))
    if chosen is not None:
        return chosen
    return reader.person_id if queries.own_units(reader) else None


def _page(
    request: HttpRequest,
    reader: Scope,
    on: date,
    form: SubstitutionForm | None = None,
    status: int = 200,
    steps_form: HandOverForm | None = None,
) -> HttpResponse:
    people, mine = queries.may_arrange_for(reader, on), queries.arrangeable(reader, on)
    absent_id = form["absent_id"].value() if form else _absent(request, reader)
    if form is None and absent_id is not None:
        if absent_id not in mine:
            raise NotFound
        form = _form(reader, absent_id, on)
    steps = queries.steps_in_hand(reader)
    takers = queries.takers(steps, on, reader.person_id)
    context = {
        "substitutions": [
            _line(one, on, one.absent_id in mine) for one in queries.substitutions(reader, on)
        ],
        "command_id": new_command_id(),
        "groups": _groups(people),
        "absent_id": str(absent_id or ""),
        "is_self": str(absent_id) == str(reader.person_id),
        "absent": next((one.name for one, _unit in people if str(one.id) == str(absent_id)), ""),
        "form": form,
        "steps": _step_lines(steps),
        "steps_form": steps_form or HandOverForm(people=_groups(takers)) if steps else None,
    }
    return private(render(request, "cases/handover.html", context, status=status))


def _line(one: Any, on: date, may_end: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "absent": str(one.absent),
        "substitute": str(one.substitute),
        "from": one.from_date,
        "to": one.to_date,
        "items": _("全部事项")
        if one.item_codes is None
        else _("指定的 %d 个事项") % len(one.item_codes),
        "reason": one.reason,
        "is_current": one.from_date <= on,
        "may_end": may_end,
    }


def _step_lines(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {
            "number": step.case.number,
            "item_name": step.case.edition.name,
            "name": step.name,
            "due": step.case.next_due_date,
            "url": reverse("cases:detail", args=[step.case.number]),
        }
        for step in steps
    ]


@staff(*ARRANGERS)
@require_POST
def end_substitution(request: HttpRequest, substitution_id: int) -> HttpResponseRedirect:
    """End early what one arranged, or one's people did."""
    reader, on = scope(request), today()
    found = queries.substitution_to_end(reader, substitution_id, on)
    try:
        accounts.end_substitution(
            substitution_id=found.id,
            actor=queries.arranger(reader, found.absent_id, on),
            at=now(),
            command_id=derived_command_id(request.POST.get("command_id", "")[:64], found.id),
        )
        messages.success(request, _("顶岗已提前结束。"))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("cases:handover")


# ── open steps ────────────────────────────────────────────────────────────────────────────────


@staff(*ARRANGERS)
@require_POST
def hand_over_steps(request: HttpRequest) -> HttpResponse:
    """Give all one's open steps to a colleague, each a command of its own: what is refused says
    why and stays."""
    reader, on = scope(request), today()
    steps = queries.steps_in_hand(reader)
    takers = queries.takers(steps, on, reader.person_id)
    form = HandOverForm(request.POST, people=_groups(takers))
    if not form.is_valid():
        return _page(request, reader, on, None, 422, form)
    to, done = form.cleaned_data["to_person_id"], 0
    at_units = {unit for person, unit in takers if person.id == to}
    for step in steps:
        try:
            _hand_over(reader, step, at_units, on, form.cleaned_data)
            done += 1
        except DomainError as error:
            messages.error(request, f"{step.case.number} {step.name}：{error.message}")
    if done:
        messages.success(request, _("已交接 %d 个环节。") % done)
    return redirect("cases:handover")


def _hand_over(
    reader: Scope, step: Step, at_units: set[int], on: date, data: dict[str, Any]
) -> None:
    if step.organisation_id not in at_units:
        raise DomainError(_("这位同事不在该环节的办理单位，请单独转交。"))
    services.transfer_step(
        case_id=step.case_id,
        step_key=step.key,
        to_person_id=data["to_person_id"],
        reason=data["reason"],
        actor=case_queries.permit(reader, step.case, Verb.TRANSFER_STEP, on, step=step),
        at=now(),
        command_id=derived_command_id(data["command_id"], step.id),
    )
