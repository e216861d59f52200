"""Reads of what writes itself: the switches, the lines that wait for their list."""

from datetime import date

from mingtang.disclosure.models import AutoFact, AutoRule
from mingtang.disclosure.rules.auto import AutoKind, shipped


def switches() -> dict[AutoKind, bool]:
    """Kind → whether it is on; where nobody has said, as shipped."""
    said = dict(AutoRule.objects.values_list("kind", "is_on"))
    return {kind: said.get(kind.value, shipped(kind)) for kind in AutoKind}


def is_on(kind: AutoKind) -> bool:
    said = AutoRule.objects.filter(kind=kind.value).values_list("is_on", flat=True).first()
    return shipped(kind) if said is None else said


def lists_waiting(*, before: date, limit: int) -> list[tuple[AutoKind, int, date]]:
    """Kind, organ and day of the lists that are to be drafted, the oldest first."""
    rows = AutoFact.objects.filter(publication=None, day__lt=before).order_by(
        "day", "organisation_id", "kind"
    )
    found = rows.values_list("kind", "organisation_id", "day").distinct()[:limit]
    return [(AutoKind(kind), organisation_id, day) for kind, organisation_id, day in found]


def facts_waiting(kind: AutoKind, organisation_id: int, day: date) -> list[int]:
    rows = AutoFact.objects.filter(
        publication=None, kind=kind.value, organisation=organisation_id, day=day
    )
    return list(rows.order_by("stream", "seq").values_list("id", flat=True))
