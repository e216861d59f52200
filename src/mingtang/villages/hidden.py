"""What the page of an objection shows masked, and what of it may be shown for a reason."""

from django.urls import reverse

from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.base.masking import mask_phone
from mingtang.persons.rules import Hidden, Opened, hidden
from mingtang.villages.models import Objection
from mingtang.villages.queries import desk


def hidden_of(objection: Objection) -> tuple[Hidden, ...]:
    return hidden(("phone", "电话", mask_phone(objection.phone), objection.phone))


def of_subject(scope: Scope, objection_id: int) -> Opened:
    """Raises NotFound as the page does."""
    found = desk.objection_for(scope, objection_id)
    if found is None:
        raise NotFound
    url = reverse("village_office:objection", args=[found.id])
    return Opened(f"{found.number} 异议", url, hidden_of(found))
