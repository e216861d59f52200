"""`mingtang training …`: any command, in the training beside this installation."""

import os
import sys
from argparse import REMAINDER, ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from mingtang.site.command import HouseCommand
from mingtang.site.training import environment

RESET = ("demo", "--no-serve", "--fresh")  # refuses where anything but a demo lies


class Command(HouseCommand):
    help = "在旁边的演练环境里运行一个命令（training serve --port 8001）；reset 清空重来。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs=REMAINDER, metavar="命令", help="reset，或任一命令")

    def handle(self, *args: Any, **options: Any) -> None:
        words = options["words"]
        if settings.MINGTANG_IS_TRAINING:
            raise CommandError("这里已经是演练环境，请在正式环境里运行 mingtang training。")
        if not words:
            raise CommandError("请写明命令，例如 mingtang training serve --port 8001。")
        if words[0] == "reset":
            words = [*RESET, *words[1:]]
        if self.is_json:
            words = [*words, "--format", "json"]
        self.stdout.flush()
        around = environment(os.environ, Path(settings.MINGTANG_HOME))
        os.execve(sys.executable, [sys.executable, "-m", "mingtang.site.cli", *words], around)  # noqa: S606
