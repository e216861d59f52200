"""A whole, sound batch of the national scheme, made by the rules alone: no database."""

from datetime import date, datetime, timedelta
from importlib import resources

from mingtang.exchange.rules.codes import CodeBook, read_codes
from mingtang.exchange.rules.schemes import load
from mingtang.exchange.rules.writing import Batch, Row, Span, files_of, in_order, row_of

NATIONAL = load("national")
SPAN = Span(date(2013, 9, 1), date(2013, 9, 30))
BOOK = CodeBook(
    read_codes(
        (resources.files("mingtang.exchange") / "data" / "national_codes.csv").read_text("utf-8")
    )
)
FILED = datetime(2013, 9, 16, 9, 30)
ITEM = {
    "code": "330881-016-001",
    "number": 1,
    "name": "取水许可",
    "kind": "permit",
    "basic_code": "330119001000",
    "status": "active",
    "level": "county",
    "visits": 1,
    "power_source": "own",
    "speed": "promised",
    "served": ["natural", "legal"],
    "basis": "《取水许可和水资源费征收管理条例》",
    "body_code": "slj",
    "department": "水利局",
    "body_type": "organ",
    "conditions": "有取水口",
    "procedure": "申请、受理、审查、决定",
    "channels": ["window", "online"],
    "special_names": ["专家评审"],
    "has_fee": False,
    "statutory_amount": 20,
    "statutory_unit": "working_day",
    "statutory_basis": "第十四条",
    "promised_amount": 10,
    "promised_unit": "working_day",
    "addresses": ["中山路1号"],
    "hours": ["工作日"],
    "enquiry": "0570-4000000",
    "complaint": "12345",
    "in_centre": True,
    "online": True,
    "online_depth": "handling",
    "online_payment": False,
    "express": True,
    "at_terminals": False,
    "result_type": ["licence"],
    "towns": "330881101",
    "effective_on": date(2013, 9, 1),
    "booking": True,
    "scope_area": "county",
    "sheet": "original",
    "format": "原件",
    "need": "必要",
    "copies": 1,
    "position": 1,
    "origin": "applicant",
    "standard": "齐全",
    "is_reducible": True,
    "natural_themes": ["水"],
}
CASE = {
    "basic_code": "330119001000",
    "item_code": "330881-016-001",
    "item_name": "取水许可",
    "edition": 1,
    "speed": "promised",
    "channel": "online",
    "submitted_at": FILED,
    "applicant_kind": "natural",
    "applicant_name": "毛小明",
    "paper": "natural",
    "identity_number": "330881190001010015",
    "phone": "13800000001",
    "address": "峡口镇",
    "proxy_name": "姜大成",
    "proxy_paper": "natural",
    "proxy_identity": "330881190001010023",
    "department_code": "slj",
    "department": "水利局",
    "accepted_by": "某人",
    "accepted_at": FILED + timedelta(hours=1),
    "promised_on": date(2013, 9, 30),
    "begun_at": FILED + timedelta(hours=2),
    "at": FILED + timedelta(hours=3),
    "actor": "某人",
    "explained": "符合条件 & <齐全>",
    "reason": "须专家评审。",
    "way": "to_bring",
    "copies": 1,
    "outcome": "granted",
    "is_posted": False,
    "rating": "satisfied",
    "result": "通过",
    "result_name": "取水许可证",
    "licence_number": "取水〔2013〕1号",
    "id": 7,
    "licence_kind": "330881-016-001",
    "area_code": "330881000000",
    "issued_on": SPAN.until,
}
WORDS = {"act": {"name": "审查", "kind": "examined"}, "pause": {"name": "评审", "kind": "pause"}}


def rows(cases: int = 2, span: Span = SPAN, mark: str = "") -> dict[str, list[Row]]:
    """Each table with a row for each of so many cases; those of the item once. `mark` tells the
    rows of one batch from those of another."""
    made: dict[str, list[Row]] = {}
    for table in NATIONAL.tables:
        is_item = table.each.startswith("item")
        for number in range(1, 2 if is_item else cases + 1):
            said = ITEM if is_item else CASE | {"number": f"3308810{mark}{number}"}
            dated = {"guid": f"{table.each}-{mark}{number}", "born_at": FILED, "changed_at": FILED}
            record = said | {"name": "许可" if table.each == "item" else "申请书"}
            record |= dated | WORDS.get(table.each, {})
            made.setdefault(table.name, []).append(row_of(table, record, BOOK, NATIONAL, span))
    return {name: in_order(listed) for name, listed in made.items()}


def batch(made: dict[str, list[Row]] | None = None, span: Span = SPAN) -> Batch:
    return Batch("national", NATIONAL.version, span, made or rows(), BOOK.codes)


def files(made: dict[str, list[Row]] | None = None, span: Span = SPAN) -> dict[str, bytes]:
    return files_of(NATIONAL, batch(made, span))
