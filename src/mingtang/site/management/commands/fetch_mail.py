"""`mingtang fetch-mail`: take in the mails of the drop folder and of the IMAP account."""

from typing import Any

from mingtang.base.clock import now
from mingtang.letters.mailbox import poll
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "收取电子邮件来信（投递目录和 IMAP）；后台进程每分钟也会收"

    def handle(self, *args: Any, **options: Any) -> None:
        count = poll(now())
        self.tell(f"收到 {count} 封邮件。", count=count)
