"""`mingtang lint-report`: reads files, says what is wrong with them. Needs no installation."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from mingtang.base.speech import HELP_OF_FORMAT, add_language
from mingtang.reports.readers import UnreadableReport, read_report
from mingtang.reports.rules.checking import lint
from mingtang.reports.rules.documents import Context
from mingtang.reports.rules.findings import Finding, Opinion, Severity, Verdict

HELP = "检查一份政府信息公开工作年度报告（纯文本、HTML、DOCX）：数字、日期、文号、表格、用语"
WRONG_FILE = 2
_NAMES = {Severity.ERROR: "错误", Severity.WARN: "存疑", Severity.INFO: "提示"}


def add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="年度报告：.txt、.html 或 .docx")
    parser.add_argument("--year", type=int, help="报告年度；不写则从标题和正文判断")
    parser.add_argument("--previous", type=Path, help="上一年的报告，用来核对结转")


def as_json(opinion: Opinion) -> str:
    return json.dumps(opinion.as_json(), ensure_ascii=False, indent=2)


def _finding_lines(one: Finding) -> Iterator[str]:
    yield f"{one.verdict} {one.id} {_NAMES[one.severity]} 第{one.line}行：{one.why}"
    yield f"    原文：{one.quote}"
    yield f"    应为：{one.expected}"


def as_text(opinion: Opinion) -> str:
    """One line for each check, findings with their place first."""
    lines = [line for one in opinion.findings for line in _finding_lines(one)]
    lines += [f"{Verdict.PASS} {one.id} {one.text}" for one in opinion.passed]
    lines += [f"{Verdict.NOT_ASSESSABLE} {one.id} {one.text}" for one in opinion.unassessable]
    counts = "，".join(
        f"{name}{sum(one.severity is severity for one in opinion.findings)}"
        for severity, name in _NAMES.items()
    )
    return "\n".join([*lines, f"{counts}，通过{len(opinion.passed)}。"])


def run(file: Path, *, year: int | None, previous: Path | None, form: str) -> tuple[str, int]:
    """What to print, and the exit code: 1 with an error, 2 where a file cannot be read."""
    try:
        document = read_report(file)
        before = read_report(previous) if previous else None
    except UnreadableReport as problem:
        return problem.message, WRONG_FILE
    opinion = lint(document, Context(year=year, previous=before))
    text = as_json(opinion) if form == "json" else as_text(opinion)
    return text, int(opinion.has_error)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="mingtang lint-report", description=HELP)
    add_files(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help=HELP_OF_FORMAT)
    add_language(parser, arguments)
    asked = parser.parse_args(arguments)
    text, code = run(asked.file, year=asked.year, previous=asked.previous, form=asked.format)
    stream = sys.stderr if code == WRONG_FILE else sys.stdout
    stream.write(text + "\n")
    return code
