"""`mingtang fetch-mail`: take in the mails of the drop folder and of the IMAP account."""

from typing import Any

from django.core.management.base import BaseCommand

from mingtang.base.clock import now
from mingtang.letters.mailbox import poll


class Command(BaseCommand):
    help = "收取电子邮件来信（投递目录和 IMAP）；后台进程每分钟也会收"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"收到 {poll(now())} 封邮件。")
