"""View of the paper receipt of an application that was entered already: forgotten, or refused."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.cases import queries, services
from mingtang.cases.rules import OwnCase
from mingtang.outage.views import About, entering


@staff(*COUNTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_paper_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Entered by who may take such an application in."""
    reader = scope(request)
    case = queries.case_for(reader, number)
    actor, _channel = queries.permit_intake(
        reader, case.item.code, organisation_id=case.item.department_id, region_id=case.region_id
    )
    if queries.is_own(reader, case):
        raise OwnCase
    about = About(
        title=f"{case.edition.name} {number}",
        desk_label=_("工作台"),
        desk_url=reverse("cases:desk"),
        back_url=reverse("cases:detail", args=[number]),
    )
    enter = partial(services.enter_paper_receipt, case_id=case.id)
    return entering(request, about, actor, enter)
