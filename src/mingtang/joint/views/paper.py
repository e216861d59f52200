"""View of the paper receipt of a joint matter that was taken in after an outage."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.cases.rules import OwnCase
from mingtang.joint import queries, services
from mingtang.outage.views import About, entering


@staff(*COUNTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_paper_receipt(request: HttpRequest, joint_id: int) -> HttpResponse:
    """Entered by who may take such a matter in."""
    reader = scope(request)
    joint = queries.matter_for(reader, joint_id)
    actor = queries.permit_intake(reader, joint.lead_id, joint.region_id)
    if queries.is_own(reader, joint):
        raise OwnCase
    about = About(
        title=f"{joint.title} {joint.number}",
        desk_label=_("并联审批"),
        desk_url=reverse("joint:desk"),
        back_url=reverse("joint:detail", args=[joint.id]),
    )
    enter = partial(services.enter_paper_receipt, joint_id=joint.id)
    return entering(request, about, actor, enter)
