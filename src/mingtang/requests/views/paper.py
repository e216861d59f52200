"""View of the paper receipt of a request that was registered after an outage."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.outage.views import About, entering
from mingtang.requests import queries, services
from mingtang.requests.rules.moves import REGISTRARS


@staff(*REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_paper_receipt(request: HttpRequest, request_id: int) -> HttpResponse:
    """Entered by who registered it, or the office that handles it."""
    reader = scope(request)
    found = queries.registered(reader, request_id)
    actor = queries.registrar(reader, found.organisation_id)
    is_read = found.organisation_id in queries.units_of(reader)
    desk_url = reverse("requests:desk" if is_read else "requests:take_in")
    about = About(
        title=_("信息公开申请 %s") % found.number,
        desk_label=_("依申请公开") if is_read else _("登记申请"),
        desk_url=desk_url,
        back_url=reverse("requests:detail", args=[found.id]) if is_read else desk_url,
    )
    enter = partial(services.enter_paper_receipt, request_id=found.id)
    return entering(request, about, actor, enter)
