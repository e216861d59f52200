"""`mingtang load-routes`: the shipped routes of joint matters, those that are not there yet."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from mingtang.base import clock, ids
from mingtang.base.errors import DomainError
from mingtang.joint.services.shipping import load_shipped
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "载入随系统附带的并联审批路线（国家四阶段、县级五阶段、企业投资关系图），已有的不动。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--units", type=Path, help="本市的单位对照表（CSV，列：unit,organisation）"
        )
        parser.add_argument(
            "--items", type=Path, help="本市的事项对照表（CSV，列：route,node,item）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ids.lease()
        made = load_shipped(
            units=_text(options["units"]),
            items=_text(options["items"]),
            actor=SYSTEM,
            at=clock.now(),
            command_id=uuid.uuid4().hex,
        )
        self.note(**made)
        if not made["published"] and not made["drafts"]:
            self.stdout.write("都已载入。")
        if made["published"]:
            self.stdout.write(f"发布了 {len(made['published'])} 条：{'、'.join(made['published'])}")
        if made["drafts"]:
            self.stdout.write(
                f"有待确认、成了草稿的 {len(made['drafts'])} 条：{'、'.join(made['drafts'])}。"
                "请审改办在“路线编辑”里补齐单位后发布。"
            )


def _text(path: Path | None) -> str:
    """Raises DomainError for a file that cannot be read."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DomainError(f"读不了文件 {path}，请核对路径，并存为 UTF-8 编码的 CSV。") from None
