"""`mingtang load-schemes`: the shipped examples of assessment schemes, switched off."""

import uuid
from typing import Any

from mingtang.assessment.services import load_shipped
from mingtang.base.clock import now
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "载入随系统附带的考核办法示例（不启用）；已有的代码不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_shipped(actor=SYSTEM, at=now(), command_id=uuid.uuid4().hex)["codes"]
        said = f"新载入 {len(added)} 个：{'、'.join(added)}" if added else "都已载入。"
        self.tell(said, added=added)
