"""What a search costs on the server, over 20,000 items made by varying names.

    python bench/search.py              # SQLite in a temporary home
    DATABASE_URL=postgresql://… python bench/search.py

Prints milliseconds for each sort of question: what the index needs for the first page, and the
whole query behind the list page (facets, items, names of departments). The goal is 30 ms. It
works inside a transaction that it rolls back, so that it may be pointed at any empty database.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
os.environ.setdefault("MINGTANG_HOME", tempfile.mkdtemp(prefix="mingtang-bench-"))

import django

django.setup()

from django.core.management import call_command
from django.db import transaction

from mingtang.base import clock, search
from mingtang.catalogue import queries
from mingtang.catalogue.models import Edition, Item
from mingtang.catalogue.search import reindex_items
from mingtang.catalogue.services import import_demo_items, load_shipped_synonyms
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.services import load_regions

COUNT, ROUNDS = 20_000, 7
ASKED = {
    "one character": ["水", "证", "许", "药"],
    "two characters": ["护照", "取水", "低保", "许可"],
    "a name": ["取水许可申请审批", "个体工商户开业登记", "建筑工程施工许可"],
    "two words": ["水利局 取水", "许可 变更"],
    "everyday words": ["开小吃店", "孩子出生怎么上户口", "盖房子", "二手房过户"],
    "pinyin": ["huzhao", "gongjijin", "x"],
    "initials": ["sfz", "jhdj", "gtgsh"],
    "a slip": ["护兆", "餐饮服务许克"],
    "nearly": ["外省来的车子检验", "取水许可执照本"],
    "nothing": ["没有这个"],
}


def fill() -> None:
    """The demo's items and copies of them, named for the streets and kinds that vary in life."""
    told = {"actor": SYSTEM, "at": clock.now()}
    load_regions(county="330881", command_id="bench-regions", **told)
    import_demo_items(as_published=True, command_id="bench-items", **told)
    load_shipped_synonyms(command_id="bench-words", **told)
    items, editions = [], []
    first = list(Edition.objects.select_related("item").order_by("id"))
    for n in range(COUNT - len(first)):
        source = first[n % len(first)]
        item = Item(code=f"{source.item.code}-{n:05}", department_id=source.item.department_id)
        edition = Edition(
            item=item,
            number=1,
            **{name: getattr(source, name) for name in _COPIED},
            name=f"{source.name}（第{n // len(first) + 1}类）",
        )
        item.current_edition = edition
        items.append(item)
        editions.append(edition)
    Item.objects.bulk_create(items, batch_size=500)
    Edition.objects.bulk_create(editions, batch_size=200)


_COPIED = [
    field.attname
    for field in Edition._meta.concrete_fields
    if field.attname not in {"id", "item_id", "number", "name"}
]


def milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def row(label: str, texts: list[str]) -> None:
    on = clock.today()
    index, page = [], []
    for _ in range(ROUNDS):
        for text in texts:
            index.append(milliseconds(lambda: search.search("item", text, 20)))  # noqa: B023
            page.append(milliseconds(lambda: queries.search_items(on=on, text=text)))  # noqa: B023
    print(
        f"{label:16}{statistics.median(index):10.1f}{max(index):8.1f}"
        f"{statistics.median(page):12.1f}{max(page):8.1f}"
    )


def main() -> None:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        fill()
        taken = milliseconds(lambda: reindex_items(clock.today()))
        print(f"{Item.objects.count()} items, indexed in {taken / 1000:.1f} s")
        print(f"{'ms':16}{'index':>10}{'max':>8}{'list page':>12}{'max':>8}")
        for label, texts in ASKED.items():
            row(label, texts)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
