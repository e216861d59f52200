"""Views: what was seen: written down, imported, confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.assessment import present, queries, services
from mingtang.assessment.forms import ImportForm, ObserveForm
from mingtang.assessment.rules.observations import BadRows, ObservationKind
from mingtang.assessment.rules.sheets import OBSERVERS, READERS
from mingtang.assessment.views.common import done, is_overseer, pressed, refused, sent
from mingtang.base.errors import DomainError
from mingtang.base.paging import DateCursor
from mingtang.messages.forms import CommandForm


@staff(*READERS)
@require_GET
def observations(request: HttpRequest) -> HttpResponse:
    """What waits to be confirmed, or what was; one's own, or all of the hall for the office."""
    return _page(request)


def _page(request: HttpRequest, *, problems: Any = (), **forms: Any) -> HttpResponse:
    reader = scope(request)
    is_confirmed = request.GET.get("state") == "confirmed"
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.observations(reader, is_confirmed=is_confirmed, after=after)
    kept = "state=confirmed&" if is_confirmed else ""
    is_observer = reader.has_role(OBSERVERS)
    shown: dict[str, Any] = {}
    if is_observer:
        shown = {
            "import_form": ImportForm(auto_id="import_%s"),
            "observe_form": ObserveForm(auto_id="observe_%s"),
        }
    context = {
        "rows": [present.observation(one, reader.person_id, is_observer) for one in page.rows],
        "is_confirmed": is_confirmed,
        "is_overseer": is_overseer(request),
        "next_url": f"?{kept}after={page.next}" if page.next else "",
        "first_url": request.path if after else "",
        "button": CommandForm(auto_id=False),
        "problems": problems,
        **shown,
        **forms,
    }
    status = 422 if problems or any(form.errors for form in forms.values()) else 200
    return render(request, "assessment/observations.html", context, status=status)


@staff(*OBSERVERS)
@require_POST
def observe(request: HttpRequest) -> HttpResponse:
    """Write down one thing that was seen."""
    form = ObserveForm(request.POST, auto_id="observe_%s")
    if not form.is_valid():
        return _page(request, observe_form=form)
    data = form.cleaned_data
    content = {name: data[name] for name in ("on", "who", "unit", "window", "place", "note")}
    try:
        services.observe(
            kind=ObservationKind(data["kind"]), **content, **sent(request, OBSERVERS, form)
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, observe_form=form)
    done(request, _("已登记，确认后计入考核。"))
    return redirect("assessment:observations")


@staff(*OBSERVERS)
@require_POST
def import_(request: HttpRequest) -> HttpResponse:
    """A file of observations or of licences: all of it or nothing."""
    form = ImportForm(request.POST, request.FILES, auto_id="import_%s")
    if not form.is_valid():
        return _page(request, import_form=form)
    is_licences = form.cleaned_data["what"] == "licences"
    command = services.import_licences if is_licences else services.import_observations
    try:
        made = command(text=form.cleaned_data["file"], **sent(request, OBSERVERS, form))
    except BadRows as error:
        return _page(request, problems=error.problems, import_form=form)
    if is_licences:
        done(request, _("核对了 %(count)d 本证照，%(suspected)d 本没有办件。") % made)
    else:
        done(request, _("导入了 %(count)d 行，确认后计入考核。") % made)
    return redirect("assessment:observations")


@staff(*READERS)
@require_POST
def confirm(request: HttpRequest, observation_id: str) -> HttpResponseRedirect:
    """Confirm what was seen: a patrol's finding oneself, others as a second person."""
    found = queries.observation_for(scope(request), observation_id)
    try:
        by = sent(request, READERS, pressed(request))
        services.confirm_observations(observation_ids=[found.id], **by)
        done(request, _("已确认。"))
    except DomainError as error:
        refused(request, error)
    return redirect("assessment:observations")
