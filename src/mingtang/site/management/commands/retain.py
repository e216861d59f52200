"""`mingtang retain`: remove personal data that is kept no longer; first it only counts."""

from argparse import ArgumentParser
from typing import Any

from mingtang.base.clock import now
from mingtang.persons.services import over_time, retain
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "到期的个人信息：列出各类保存天数和条数；加 --remove 才删除（work 每天自动做）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="删除到期的，记入账本")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        over = list(over_time(at))
        self.note(over_time={kind.name: count for kind, count in over})
        for kind, count in over:
            self.stdout.write(f"{kind.name:<14}{kind.kept_days:>6} 天 {count:>8} 条  {kind.label}")
        if options["remove"]:
            removed = retain(at)
            self.tell(f"已删除 {removed} 条。", removed=removed)
        else:
            self.stdout.write("这次只是清点，没有删除。要删除的：mingtang retain --remove")
