"""Tables and papers, against the bare libraries that write and read them."""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter
from django.template.loader import render_to_string

from bench.figures import Figure, spread
from bench.measure import alternating
from bench.town import AT, Hall
from mingtang.base import pdf
from mingtang.catalogue.services.exporting import write_table
from mingtang.exchange.services import legacy
from mingtang.reports.queries import blocks_of, live_facts
from mingtang.reports.rules.figures import Style
from mingtang.timing.services import seed_calendars

ROWS = {"small": 20_000, "large": 100_000, "million": 100_000, "ten-million": 100_000}
COLUMNS, ROUNDS = 10, 5
HEADS = [f"第{n}列" for n in range(1, COLUMNS + 1)]
BASE = "http://localhost/"


def run(size: str) -> list[Figure]:
    """A table of texts as an export has them, written and read; the report of a year as PDF."""
    count = ROWS[size]
    rows = [[f"取水许可 {n}-{m}" for m in range(COLUMNS)] for n in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        path, bare = Path(folder) / "ours.xlsx", Path(folder) / "bare.xlsx"
        works: dict[str, Callable[[], object]] = {
            "written": lambda: write_table(path, rows, HEADS),
            "written bare": lambda: _write(bare, rows),
            "read": lambda: _read(path),
            "read bare": lambda: _read_bare(path),
            **_reports(),
        }
        taken = alternating(works, ROUNDS)
    times = {name: [one.cpu * 1e3 for one in rounds] for name, rounds in taken.items()}
    return [
        _figure(f"XLSX of {count:,} rows written", "xlsxwriter", 1.2, times, "written"),
        _figure(f"XLSX of {count:,} rows read for the import", "calamine", 2.0, times, "read"),
        _figure("report of a year as PDF", "WeasyPrint", 1.3, times, "PDF"),
    ]


def _write(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        sheet = book.add_worksheet("事项")
        for number, row in enumerate([HEADS, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)


def _read(path: Path) -> None:
    with legacy.opened(path) as (_heads, rows):
        for _ in rows:
            pass


def _read_bare(path: Path) -> None:
    for _ in python_calamine.load_workbook(path).get_sheet_by_index(0).iter_rows():
        pass


def _reports() -> dict[str, Callable[[], object]]:
    seed_calendars(at=AT)
    unit = Hall().world.centre.id

    def html() -> str:
        facts = live_facts(unit, 2013, Style.NEW, {})
        told = {"facts": facts, "blocks": blocks_of(facts), "edition": None}
        return render_to_string("reports/report_pdf.html", told)

    def ours() -> None:
        pdf.forget()
        pdf.pdf_of(html(), base_url=BASE)

    made = html()
    ours()  # warm: fonts, templates
    return {"PDF": ours, "PDF bare": lambda: _bare_pdf(made)}


def _bare_pdf(html: str) -> None:
    """The library by itself, with the same sheet of styles and the same kind of PDF."""
    from weasyprint import CSS, HTML

    sheet = CSS(string=Path(pdf._found(pdf.STYLESHEET)).read_text(encoding="utf-8"))
    document = HTML(string=html, base_url=BASE, url_fetcher=pdf._fetcher(BASE))
    document.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")


def _figure(
    what: str, library: str, most: float, times: dict[str, list[float]], name: str
) -> Figure:
    ours, bare = times[name], times[f"{name} bare"]
    ratio = statistics.median(ours) / statistics.median(bare)
    return Figure(
        row="18",
        what=what,
        goal=f"≤ {most} × {library}",
        figure=spread(ours, "ms CPU"),
        yardstick=f"bare {library} {spread(bare, 'ms CPU')}",
        ratio=ratio,
        most=most,
        cpu_ms=statistics.median(ours),
        note="" if ratio <= most else NOTES[name],
    )


NOTES = {
    "written": "each cell is looked at once more: whether it is too long for a spreadsheet.",
    "read": "each row becomes cells under their headings, each cell a text as a person wrote it.",
    "PDF": "the figures are gathered and the page is written each time, before it is set.",
}
