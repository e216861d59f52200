"""`mingtang legacy cut-over`: whether an old system can be switched off."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import today
from mingtang.exchange.queries.cutover import check_list, cut_over, sources
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "旧系统：cut-over 停用以前的清单，没有做完的以错误结束；登记和确认在“停用旧系统”页面"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="做什么")
        one = acts.add_parser("cut-over", help="停用清单：每项做完没有、数、怎么办")
        one.add_argument("--source", default="", help="哪个旧系统（映射文件里的 source）")

    def handle(self, *args: Any, **options: Any) -> None:
        source, known = options["source"], sources()
        if not source and len(known) != 1:
            told = f"请用 --source 写明是哪个旧系统：{'、'.join(known)}。"
            raise CommandError(told if known else "还没有导入过旧系统的数据。")
        source = source or known[0]
        found, row = check_list(source, today()), cut_over(source)
        is_sealed = row is not None and row.sealed_at is not None
        points = [
            {"point": one.point.value, "done": one.is_done, "figure": one.figure, "todo": one.todo}
            for one in found
        ]
        self.note(source=source, points=points, is_sealed=is_sealed)
        for one in found:
            mark = "✓" if one.is_done else "✗"
            self.stdout.write(f"{mark} {one.point.label}：{one.figure}。{one.todo}")
        if is_sealed:
            self.stdout.write("已由两人确认停用。")
        elif left := sum(not one.is_done for one in found):
            raise CommandError(f"还有 {left} 项没有做完。")
        else:
            self.stdout.write("全部做完，请两位管理人员在“停用旧系统”页面确认。")
