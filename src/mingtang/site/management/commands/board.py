"""`mingtang board --png DIR`: the pages of the hall's board as pictures."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from mingtang.base import clock
from mingtang.base.space import whole_file
from mingtang.screens import drawing, present
from mingtang.screens.rules.board import size_of
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "把大厅大屏现在的各页画成 PNG，给只会放图片的控制卡；重画时先删去旧图"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--png", type=Path, required=True, metavar="DIR", help="放到哪个目录")
        parser.add_argument("--width", default="1920", help="宽，像素")
        parser.add_argument("--height", default="1080", help="高，像素")

    def handle(self, *args: Any, **options: Any) -> None:
        size, at = size_of(options["width"], options["height"]), clock.now()
        made = list(drawing.pictures(present.content(at), size, at))
        folder: Path = options["png"]
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("board-[0-9][0-9].png"):
            old.unlink()
        for number, picture in enumerate(made, start=1):
            with whole_file(folder / f"board-{number:02d}.png") as fresh:
                picture.save(fresh, format="PNG")
        self.tell(f"已画 {len(made)} 页，每页 {size.width}×{size.height}。", pages=len(made))
