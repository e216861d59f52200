"""`mingtang bottlenecks`: where the time of a log's cases goes. Needs no installation."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mingtang.base.speech import HELP_OF_FORMAT, add_language
from mingtang.bottlenecks.log.page import as_page
from mingtang.bottlenecks.log.writing import as_csv, as_json
from mingtang.bottlenecks.rules.mining import mine
from mingtang.bottlenecks.rules.reading import Columns, UnreadableLog, read_log

HELP = "分析一份事件日志（CSV）：每一步之间隔多久、哪里慢、有多少种走法、返工多少"
WRONG_FILE = 2
FORMS = ("json", "csv", "html")


def add_columns(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log", type=Path, required=True, metavar="FILE", help="CSV 日志，有表头")
    parser.add_argument("--case", required=True, metavar="COL", help="办件编号那一列的列名")
    parser.add_argument("--activity", required=True, metavar="COL", help="活动（环节）的列名")
    parser.add_argument("--time", required=True, metavar="COL", help="时间的列名")
    parser.add_argument("--resource", default="", metavar="COL", help="经办单位或人的列名")


def run(log: Path, columns: Columns, form: str) -> str:
    """What to print. Raises UnreadableLog."""
    try:
        content = log.read_bytes()
    except OSError:
        raise UnreadableLog(f"打不开文件 {log.name}。请核对路径和读取权限。") from None
    found = mine(read_log(content, columns))
    if form == "html":
        return as_page(found, log.stem)
    return as_json(found) if form == "json" else as_csv(found)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="mingtang bottlenecks", description=HELP)
    add_columns(parser)
    parser.add_argument("--format", choices=FORMS, default=FORMS[0], help=HELP_OF_FORMAT)
    add_language(parser, arguments)
    asked = parser.parse_args(arguments)
    columns = Columns(asked.case, asked.activity, asked.time, asked.resource)
    try:
        text = run(asked.log, columns, asked.format)
    except UnreadableLog as problem:
        sys.stderr.write(problem.message + "\n")
        return WRONG_FILE
    sys.stdout.write(text + "\n")
    return 0
