"""`mingtang replay FOLLOWER`: tell a follower all of history again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import now
from mingtang.ledger.followers import followers
from mingtang.ledger.services import deliver_all, replay
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "让一个关注者从头重读账本。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("follower")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["follower"]
        if name not in followers():
            raise CommandError(f"没有关注者“{name}”。现有：{'、'.join(sorted(followers()))}。")
        owed = replay(name, now())
        delivered = deliver_all(now())
        self.tell(f"重读 {owed} 条，已处理 {delivered} 条。", owed=owed, delivered=delivered)
