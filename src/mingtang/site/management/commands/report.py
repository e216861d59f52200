"""`mingtang report --organ CODE --year 2013 --style 2008`: an annual report out of the records."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.template.loader import render_to_string

from mingtang.base.errors import DomainError
from mingtang.base.pdf import pdf_of
from mingtang.base.space import whole_file
from mingtang.regions.queries import organisation_by_code
from mingtang.reports import queries
from mingtang.reports.rules.figures import Facts, Style, snapshot_hash
from mingtang.reports.writers import as_csv, as_docx, as_text
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "从记录生成年度报告。例：mingtang report --organ xzfwzx --year 2013 --style 2008"

    forms = ("text", "json", "csv", "docx", "pdf")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organ", required=True, metavar="CODE", help="单位代码")
        parser.add_argument("--year", required=True, type=int, help="报告年度")
        parser.add_argument("--style", choices=[one.value for one in Style], default="2021")
        parser.add_argument("--out", type=Path, help="写到文件；不写则输出到屏幕")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts = self._facts(options["organ"], options["year"], Style(options["style"]))
            made = _made(facts, options["format"])
        except DomainError as error:
            raise CommandError(error.message) from None
        if options["out"]:
            with whole_file(options["out"]) as fresh:
                fresh.write_bytes(made)
            self.note(file=str(options["out"]))
        elif self.is_json:
            self.note(**json.loads(made))
        elif options["format"] in {"docx", "pdf"}:
            sys.stdout.buffer.write(made)
        else:
            self.stdout.write(made.decode(), ending="")

    def _facts(self, code: str, year: int, style: Style) -> Facts:
        """Of the edition that is being made, else of the records alone."""
        organ = organisation_by_code(code)
        edition = queries.edition_of(organ.id, year, style)
        return (
            queries.facts_of(edition) if edition else queries.live_facts(organ.id, year, style, {})
        )


def _made(facts: Facts, form: str) -> bytes:
    blocks = queries.blocks_of(facts)
    if form == "docx":
        return as_docx(blocks)
    if form == "pdf":
        html = render_to_string(
            "reports/report_pdf.html", {"facts": facts, "blocks": blocks, "edition": None}
        )
        return pdf_of(html, base_url="http://localhost/")
    if form == "csv":
        return as_csv(facts.figures.values()).encode()
    if form == "json":
        found = facts.as_json()
        whole = found | {"hash": snapshot_hash(found), "text": as_text(blocks)}
        return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()
    return as_text(blocks).encode()
