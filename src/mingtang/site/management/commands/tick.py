"""`mingtang tick`: one round of all sweeps, and what follows from it."""

import json
from typing import Any

from mingtang.base.clock import now
from mingtang.site.command import HouseCommand
from mingtang.site.work import Worker


class Command(HouseCommand):
    help = "把到时间该办的都办一遍：视为受理、监察的牌、清理，再投递账本记录和消息。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        worker, rounds, total = Worker(), 1, 0
        while delivered := worker.round(now()):
            total, rounds = total + delivered, rounds + 1
        told = {"rounds": rounds, "delivered": total}
        self.tell(json.dumps(told), **told)
