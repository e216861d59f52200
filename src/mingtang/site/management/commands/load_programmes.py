"""`mingtang load-programmes`: the shipped programmes of projects, empty and to be confirmed."""

import uuid
from typing import Any

from mingtang.base.clock import now
from mingtang.ledger.rules import SYSTEM
from mingtang.projects.services import load_programmes
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "载入随附的计划（五位一体、四大百亿、1353），要素留空待本市填写；已有的不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_programmes(actor=SYSTEM, at=now(), command_id=uuid.uuid4().hex)["added"]
        said = f"新载入 {len(added)} 个：{'、'.join(added)}" if added else "都已载入。"
        self.tell(said, added=added)
