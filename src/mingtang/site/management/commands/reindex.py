"""`mingtang reindex`: the search index made anew from the data."""

from typing import Any

from django.db import transaction

from mingtang.base import clock, ids
from mingtang.catalogue.services import reindex_items
from mingtang.disclosure import search
from mingtang.letters import search as letters
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "重建搜索索引（升级后、部门改名后）；期间搜索照常"

    def handle(self, *args: Any, **options: Any) -> None:
        ids.lease()
        with transaction.atomic():
            count = reindex_items(clock.today())
            public = search.reindex(clock.today())
            answered = letters.reindex(clock.today())
        self.tell(
            f"已重建索引：{count} 个事项，{public} 条公开信息，{answered} 条来信和问答。",
            items=count,
            publications=public,
            letters=answered,
        )
