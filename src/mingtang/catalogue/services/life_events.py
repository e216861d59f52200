"""Services: life events and their packages of items, loaded from a table."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.catalogue.models import Item, LifeEvent, LifeEventItem
from mingtang.catalogue.rules.packages import Package, PackageUnreadable, read_packages
from mingtang.catalogue.search import CHUNK, index_items
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all

DEMO = Path(__file__).parents[1] / "data" / "life_events.csv"

Row = dict[str, str]


def read_life_events_file(path: Path) -> list[Row]:
    """The rows of a CSV in UTF-8. Raises PackageUnreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PackageUnreadable(
            f"不能读取文件“{path.name}”（{error}），请另存为 UTF-8 的 CSV。"
        ) from None
    return [{key: value for key, value in row.items() if key and value} for row in rows]


@command("life_event.load")
def load_life_events(
    *, rows: Sequence[Row], actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Make the life events those of the table: new and changed ones are written, others removed.

    Raises PackageUnreadable, also for a code that no item has; then nothing is changed.
    """
    packages = read_packages(rows)
    items = _items(packages)
    before = _loaded()
    changed = [
        (position, package)
        for position, package in enumerate(packages, start=1)
        if before.get(package.key) != (position, package)
    ]
    gone = [key for key in before if key not in {package.key for package in packages}]
    LifeEvent.objects.filter(key__in=gone).delete()
    for position, package in changed:
        _write(package, position, items)
    _index(before, {package.key: package for package in packages}, legal_date(at))
    entries = [*(_loaded_entry(package) for _, package in changed), *map(_removed_entry, gone)]
    if entries:
        record_all(entries, actor=actor, at=at, command_id=command_id)
    return {"events": len(packages), "changed": len(changed), "removed": len(gone)}


def _index(
    before: Mapping[str, tuple[int, Package]], after: Mapping[str, Package], on: date
) -> None:
    """Items that came into a life event or left one are found by it from now on, or no more."""
    codes: set[str] = set()
    for key in before.keys() | after.keys():
        left = set(before[key][1].item_codes) if key in before else set()
        come = set(after[key].item_codes) if key in after else set()
        codes |= left ^ come
    listed = sorted(codes)
    for start in range(0, len(listed), CHUNK):
        rows = Item.objects.filter(code__in=listed[start : start + CHUNK]).order_by("id")
        index_items(rows.select_related("current_edition"), on)


def _items(packages: Iterable[Package]) -> dict[str, int]:
    """Ids by code. All codes are known, or none of the table is taken."""
    wanted = {code for package in packages for code in package.item_codes}
    found = dict(Item.objects.filter(code__in=wanted).values_list("code", "id"))
    for package in packages:
        unknown = [code for code in package.item_codes if code not in found]
        if unknown:
            raise PackageUnreadable(
                f"“{package.name}”里的事项编码“{'、'.join(unknown)}”没有登记，"
                "请核对编码，或先导入这些事项。"
            )
    return found


def _loaded() -> dict[str, tuple[int, Package]]:
    codes: dict[int, list[str]] = {}
    entries = LifeEventItem.objects.order_by("life_event", "position")
    for event, code in entries.values_list("life_event", "item__code"):
        codes.setdefault(event, []).append(code)
    return {
        one.key: (
            one.position,
            Package(one.key, one.name, one.icon, one.summary, tuple(codes.get(one.id, ()))),
        )
        for one in LifeEvent.objects.order_by("position", "id")
    }


def _write(package: Package, position: int, items: dict[str, int]) -> None:
    fields = {
        "name": package.name,
        "icon": package.icon,
        "summary": package.summary,
        "position": position,
    }
    event, _fresh = LifeEvent.objects.update_or_create(key=package.key, defaults=fields)
    event.entries.all().delete()
    LifeEventItem.objects.bulk_create(
        LifeEventItem(life_event=event, item_id=items[code], position=place)
        for place, code in enumerate(package.item_codes, start=1)
    )


def _loaded_entry(package: Package) -> Entry:
    facts = {"key": package.key, "name": package.name, "items": list(package.item_codes)}
    return Entry(f"life_event:{package.key}", "life_event.loaded", facts)


def _removed_entry(key: str) -> Entry:
    return Entry(f"life_event:{key}", "life_event.removed", {"key": key})


def load_demo_life_events(*, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Load the life events that go with the demonstration items."""
    rows = read_life_events_file(DEMO)
    return load_life_events(rows=rows, actor=actor, at=at, command_id=command_id)
