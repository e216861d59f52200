"""Views of staff: what numbers are taken for in a hall."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now
from mingtang.base.errors import NotFound
from mingtang.queues import queries, services
from mingtang.queues.forms.keeping import QueueForm
from mingtang.queues.rules import KEEPERS
from mingtang.regions import queries as regions

SAID = ("letter", "name", "hint", "capacity", "is_open", "has_all_hours")


@staff(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, queue_id: int | None = None) -> HttpResponse:
    """The groups of a hall; one of them to be changed, or a new one."""
    grant = queries.keeper_grants(scope(request))[0]
    hall = grant.organisation_id
    listed = queries.all_queues([hall])
    chosen = next((one for one in listed if one.id == queue_id), None)
    if queue_id is not None and chosen is None:
        raise NotFound
    windows = _windows(regions.windows_among(region_ids=grant.region_ids))
    form = QueueForm(request.POST or None, windows=windows, initial=_said(chosen))
    if request.method == "POST" and form.is_valid() and _is_free(form, listed, chosen):
        said = form.cleaned_data
        services.keep_queue(
            queue_id=str(chosen.id) if chosen else "",
            organisation_id=hall,
            **{name: said[name] for name in SAID},
            window_ids=[int(one) for one in said["windows"]],
            actor=actor_of(scope(request), grant),
            at=now(),
            command_id=said["command_id"],
        )
        messages.success(request, _("已经保存。"))
        return redirect("queues:keep")
    context = {"queues": listed, "chosen": chosen, "form": form}
    return render(request, "queues/keep.html", context, status=422 if form.errors else 200)


def _windows(places: list[Any]) -> list[tuple[str, str]]:
    """The windows to tick; the hall with the most of them goes without saying, and stands first."""
    halls = Counter(one.place for one in places)
    hall = max(halls, key=halls.__getitem__, default="")
    ordered = sorted(places, key=lambda one: one.place != hall)
    return [
        (
            str(one.id),
            f"{one.number} {one.name}" if one.place == hall else f"{one.place} {one.name}",
        )
        for one in ordered
    ]


def _said(chosen: Any) -> dict[str, Any]:
    if chosen is None:
        return {}
    windows = [str(one.id) for one in chosen.windows.all()]
    return {**{name: getattr(chosen, name) for name in SAID}, "windows": windows}


def _is_free(form: QueueForm, listed: list[Any], chosen: Any) -> bool:
    """Whether no other group of the hall has this letter."""
    letter = form.cleaned_data["letter"].upper()
    if any(one.letter == letter and one != chosen for one in listed):
        form.add_error("letter", _("这个字母已经用了，请换一个。"))
        return False
    return True
