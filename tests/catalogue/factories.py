"""Publishes items for tests through the real import."""

import itertools

from mingtang.catalogue.services import import_items
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.models import Organisation, OrganisationName
from tests.world import morning

_numbers = itertools.count(0x9000_0000)


def publish(
    *,
    code: str,
    department: Organisation,
    name: str = "取水许可",
    kind: str = "01",
    statutory: int | None = None,
    promised: int | None = None,
    **cells: str,
) -> str:
    """A new item, or the next edition of one that is there. Returns its code."""
    row = {
        "row": "2",
        "department": OrganisationName.objects.get(organisation=department).name,
        "name": name,
        "task_code": code,
        "task_type": kind,
        "area_code": f"{department.area6}000000",
        "statutory_days": "" if statutory is None else str(statutory),
        "promised_days": "" if promised is None else str(promised),
        **cells,
    }
    import_items(
        rows=[row],
        source="测试",
        as_published=True,
        actor=SYSTEM,
        at=morning(2013, 1, 4),
        command_id=f"{next(_numbers):032x}",
    )
    return code
