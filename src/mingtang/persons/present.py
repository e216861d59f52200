"""What pages show of what is masked, and the way to have it shown."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from mingtang.accounts.rules import Scope
from mingtang.persons.rules import REVEALERS, Hidden


def hidden_context(scope: Scope, kind: str, key: int, hidden: Sequence[Hidden]) -> dict[str, Any]:
    """For `persons/office/hidden.html`: the masks of a subject, and where the rest is asked for."""
    may_ask = scope.has_role(REVEALERS)
    url = reverse("persons:reveal", args=[kind, key]) if may_ask and hidden else ""
    return {"hidden": hidden, "reveal_url": url}


def page_of_own_data(_key: str, _for_staff: bool) -> str:
    """The page of whatever is told somebody about their own data: each sees their own there."""
    return reverse("persons:own")
