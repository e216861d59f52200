"""`mingtang bundle --out DIR`: all that is public as static files, with a manifest."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from mingtang.base import clock
from mingtang.disclosure import bundle
from mingtang.disclosure.services.counting import BUNDLE, count_out
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "把全部公开信息生成静态网页和清单（SHA-256），供门户网站或镜像使用；计入发布台账"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="放到哪个目录")
        parser.add_argument("--site", default="", metavar="URL", help="网站地址，如 https://…")
        parser.add_argument("--check", action="store_true", help="只核对已有的镜像与清单")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(options["out"])
            return
        site = (options["site"] or settings.MINGTANG_PUBLIC_URL).rstrip("/")
        made = bundle.make(options["out"], site=site, on=clock.today())
        counted = count_out(
            channel=BUNDLE,
            publication_ids=[str(one) for one in made.item_ids],
            actor=SYSTEM,
            at=clock.now(),
            command_id=f"bundle-{uuid.uuid4().hex}",
        )
        for name in made.left_out:
            self.stdout.write(f"没有放进镜像（未通过病毒检查或已丢失）：{name}")
        self.tell(
            f"已生成 {len(made.files)} 个文件，公开信息 {len(made.item_ids)} 条，"
            f"其中 {counted['counted']} 条首次计入静态镜像。",
            files=len(made.files),
            publications=len(made.item_ids),
            counted=counted["counted"],
            left_out=list(made.left_out),
        )

    def _check(self, out: Path) -> None:
        if wrong := bundle.broken(out):
            self.tell(
                f"与清单不符的文件 {len(wrong)} 个：{'、'.join(wrong[:20])}", broken=list(wrong)
            )
            raise SystemExit(1)
        self.tell("镜像与清单一致。", broken=[])
