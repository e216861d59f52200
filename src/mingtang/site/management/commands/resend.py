"""`mingtang resend`: send again what was given up."""

from typing import Any

from mingtang.base.clock import now, today
from mingtang.messages.services import try_again
from mingtang.site.command import HouseCommand
from mingtang.site.doctor import RESEND_DAYS, resend_from


class Command(HouseCommand):
    help = f"排除原因后，重新发送近 {RESEND_DAYS} 天未能发出的短信和邮件"

    def handle(self, *args: Any, **options: Any) -> None:
        count = try_again(since=resend_from(today()), at=now())
        self.tell(f"已重新排队：{count} 条，由 mingtang work 发送。", count=count)
