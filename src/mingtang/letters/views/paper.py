"""View of the paper receipt of a letter that was typed in after an outage."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.letters import queries, services
from mingtang.letters.rules.moves import OFFICE, TYPISTS
from mingtang.outage.views import About, entering


@staff(*TYPISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_paper_receipt(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Entered by who typed it in, or the office. What the letter says is not shown."""
    reader = scope(request)
    found = queries.typed_in(reader, letter_id)
    is_read = found.office_id in queries.units_of(reader, OFFICE)
    desk_url = reverse("letters:desk" if is_read else "letters:take_in")
    about = About(
        title=_("来信 %s") % found.number,
        desk_label=_("来信办理") if is_read else _("录入来信"),
        desk_url=desk_url,
        back_url=reverse("letters:detail", args=[found.id]) if is_read else desk_url,
    )
    enter = partial(services.enter_paper_receipt, letter_id=found.id)
    return entering(request, about, queries.typist(reader), enter)
