"""`mingtang exchange …`: batches for those above, their check, and what others send."""

import json
import time
import uuid
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import close_old_connections

from mingtang.base.clock import now
from mingtang.base.ids import parse_id
from mingtang.base.space import is_away
from mingtang.exchange import services
from mingtang.exchange.queries.batches import received
from mingtang.exchange.queries.schemes import all_schemes, load
from mingtang.exchange.rules.checking import Findings, check
from mingtang.exchange.rules.writing import Span, digest_of, read_manifest
from mingtang.exchange.services import batches, inbox
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand

SHOWN = 20
AWAY = "数据库没有应答或者磁盘已满，这一批留在原处，稍后再接收。"
EXAMPLE = (
    "例：mingtang exchange export --scheme national --from 2013-01-01 --to 2013-01-31 --out DIR"
)


class Command(HouseCommand):
    help = (
        "与上下级交换数据：export 上报、validate 校验、receive 接收、inbox 守着目录接收、"
        f"take-items 事项记为草稿、returned 登记退回。{EXAMPLE}"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="做什么")
        one = acts.add_parser("export", help="按日期生成一批：CSV、XML 和清单")
        one.add_argument("--scheme", default="national", help="方案：national（国家汇聚表）")
        one.add_argument("--from", dest="since", type=date.fromisoformat, help="从哪天")
        one.add_argument("--to", dest="until", type=date.fromisoformat, help="到哪天（含）")
        one.add_argument("--out", type=Path, help="写到哪个目录；不写就只校验、登记")
        one.add_argument("--received", metavar="ID", help="原样写出接收过的一批")
        for name, about in (
            ("validate", "校验一个目录里的批次；不改动任何数据"),
            ("receive", "接收一个目录里的批次，并在目录里写出退回清单"),
            ("returned", "登记对方退回的记录（目录里的 rejects.csv）"),
        ):
            acts.add_parser(name, help=about).add_argument("folder", type=Path, metavar="DIR")
        two = acts.add_parser("take-items", help="把接收批次里的事项记为草稿，由实施单位核对、送审")
        two.add_argument("batch", metavar="ID")
        two.add_argument("--area", default="", help="单位没有登记过的，登记到哪个区划（12 位）")
        acts.add_parser("schemes", help="有哪些方案，从哪里来；本地的写错了在哪里")
        box = acts.add_parser("inbox", help="一直看着一个目录：放进来的批次逐个接收")
        box.add_argument("folder", type=Path, metavar="DIR")
        box.add_argument("--every", type=float, default=5.0, help="几秒看一次")

    def handle(self, *args: Any, **options: Any) -> None:
        act = {
            "export": self._export,
            "validate": self._validate,
            "receive": self._receive,
            "returned": self._returned,
            "take-items": self._take_items,
            "inbox": self._inbox,
            "schemes": self._schemes,
        }
        act[options["act"]](options)

    def _by(self) -> dict[str, Any]:
        return {"actor": SYSTEM, "at": now(), "command_id": uuid.uuid4().hex}

    def _schemes(self, _options: dict[str, Any]) -> None:
        found = all_schemes()
        self.note(schemes=[vars(one) for one in found])
        for one in found:
            origin = "自带" if one.is_ours else f"本地 {one.path}"
            self.stdout.write(f"{one.name}　{one.label} {one.version}　{origin}")
        if faults := [one.fault for one in found if one.fault]:
            raise CommandError("\n".join(faults))

    def _export(self, options: dict[str, Any]) -> None:
        if options["received"]:
            return self._again(options)
        if not options["since"] or not options["until"] or options["since"] > options["until"]:
            raise CommandError(f"请写明从哪天到哪天，开始不能晚于结束。{EXAMPLE}")
        span = Span(options["since"], options["until"])
        made, told = services.export(
            name=options["scheme"], span=span, folder=options["out"], **self._by()
        )
        self._say(made.findings, made.digest, **told)
        return None

    def _again(self, options: dict[str, Any]) -> None:
        number = parse_id(options["received"])
        if number is None or options["out"] is None:
            raise CommandError("请写接收批次的编号，并用 --out 指定目录。")
        files = received(number)
        batches.write(options["out"], files)
        self.tell(f"已原样写出 {len(files)} 个文件。", files=len(files))

    def _validate(self, options: dict[str, Any]) -> None:
        files = batches.read(options["folder"])
        said, _span = read_manifest(files)
        findings = check(load(said["scheme"]), files)
        self._say(findings, digest_of(files))
        if not findings.is_sound:
            raise CommandError("这一批没有通过校验。")

    def _receive(self, options: dict[str, Any]) -> None:
        files = batches.read(options["folder"])
        findings, told = services.receive(files=files, **self._by())
        batches.write(options["folder"], {batches.REJECTS: batches.rejects_file(findings)})
        self._say(findings, digest_of(files), **told)

    def _take_items(self, options: dict[str, Any]) -> None:
        told = services.take_items(
            batch_id=parse_id(options["batch"]) or 0, area=options["area"], **self._by()
        )
        self.note(**told)
        self.stdout.write(
            f"记为草稿 {told['drafts']} 项，和现有内容相同 {told['same']} 项；没有发布任何事项。"
        )
        if told["left_out"]:
            self.stdout.write(
                f"没有记 {len(told['left_out'])} 项，这一批里它们不完整或者已删除："
                f"{'、'.join(told['left_out'])}。请对方按退回清单改好后重新发送。"
            )

    def _inbox(self, options: dict[str, Any]) -> None:
        """Until it is ended. What was taken goes to taken/ with its rejects.csv; what came in
        pieces goes to torn/ with the reason, and its sender sends it again. While the database is
        away or the disk is full, what came stays where it is."""
        for folder in inbox.arrivals(options["folder"], options["every"]):
            try:
                said = inbox.take(folder, **self._by())
            except Exception as error:
                if not is_away(error):
                    raise
                said = {"waiting": AWAY}
                close_old_connections()
                time.sleep(options["every"])
            self.stdout.write(json.dumps({"folder": folder.name, **said}, ensure_ascii=False))
            self.stdout.flush()

    def _returned(self, options: dict[str, Any]) -> None:
        files = batches.read(options["folder"])
        try:
            content = (options["folder"] / batches.REJECTS).read_bytes()
        except OSError:
            raise CommandError(f"目录里没有 {batches.REJECTS}。") from None
        faults = batches.read_rejects(content)
        told = services.note_returned(digest=digest_of(files), faults=faults, **self._by())
        self.tell(f"已登记对方退回的 {told['count']} 条。", **told)

    def _say(self, findings: Findings, digest: str, **more: Any) -> None:
        rejected = len(findings.rejected)
        faults = [vars(one) for one in findings.faults]
        self.note(rows=findings.rows, rejected=rejected, digest=digest, faults=faults, **more)
        for table, count in findings.rows.items():
            self.stdout.write(f"  {table:<28}{count:>8} 行")
        passed = findings.row_count - rejected
        self.stdout.write(f"共 {findings.row_count} 行，通过 {passed} 行，退回 {rejected} 行。")
        for one in findings.faults[:SHOWN]:
            where = f"第{one.line}行 {one.guid}" if one.line else ""
            self.stdout.write(f"  {one.table} {where} {one.field}：{one.reason}")
        if len(findings.faults) > SHOWN:
            self.stdout.write(f"  ……另有 {len(findings.faults) - SHOWN} 处")
        if more.get("batch_id"):
            self.stdout.write(f"批次编号 {more['batch_id']}，摘要 {digest[:16]}")
