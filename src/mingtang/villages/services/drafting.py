"""Commands: a village's clerk writes, line by line, and hands in."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.rows import insert_rows, update_row
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor, canonical
from mingtang.ledger.services import command
from mingtang.timing.rules import ClockKind
from mingtang.timing.services import start_clock_until
from mingtang.villages.models import Disclosure, Line, Section, Village, Writer
from mingtang.villages.rules import privacy
from mingtang.villages.rules.kinds import LINES_OF, Area, Layout, LineKind, Occasion
from mingtang.villages.rules.money import balance_of, check_opening
from mingtang.villages.rules.moves import PUBLIC, Deed, State
from mingtang.villages.rules.periods import Period
from mingtang.villages.rules.sheets import MOST_LINES, NewLine, check_days
from mingtang.villages.services.common import Facts, held, limit_of, person_of, said, tell


@command("village.begin")
def begin(
    *,
    village_id: int,
    section_code: str,
    title: str,
    happened_date: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Begin a disclosure that no schedule asks for. With `happened_date` it is major: from that
    day on its days are counted."""
    on = legal_date(at)
    village = Village.objects.filter(id=village_id).first()
    section = Section.objects.filter(code=section_code).first()
    if village is None or section is None:
        raise NotFound("没有找到这个村或者这个栏目，请核对后重试。")
    if section.area == Area.FEEDBACK or (section.valid_to and section.valid_to < on):
        raise DomainError(f"“{section.name}”不再收新内容，请另选栏目。")
    if happened_date and happened_date > on:
        raise DomainError(f"发生日期 {happened_date} 晚于今天，请更正。")
    days = limit_of(village.id, on).major_days
    made = Disclosure.objects.create(
        village=village,
        section=section,
        occasion=(Occasion.MAJOR if happened_date else Occasion.FREE).value,
        title=said(title, "标题"),
        state=State.DRAFT.value,
        due_date=happened_date + timedelta(days=days) if happened_date else None,
        opened_at=at,
    )
    _wrote(made, actor)
    clocks = [_clock(made, happened_date)] if happened_date else []
    tell([made], "begun", [{"clocks": clocks}], actor, at, command_id)
    return {"disclosure_id": str(made.id)}


def _clock(made: Disclosure, happened: date) -> Facts:
    assert made.due_date is not None
    return start_clock_until(
        stream=made.stream, kind=ClockKind.DISCLOSURE, start=happened, due_date=made.due_date
    )


@command("village.write")
def write(
    *,
    disclosure_id: int,
    title: str,
    body: str,
    opening_cents: int | None = None,
    closing_cents: int | None = None,
    lines: Sequence[NewLine] | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Keep what was written so far; `lines`, where given, take the place of those that are there.
    Nothing is refused for being unfinished."""
    one = held([disclosure_id], Deed.WRITE)[0]
    one.title, one.body = said(title, "标题"), body.strip()
    if Layout(one.section.layout) is Layout.ACCOUNTS:
        one.opening_cents, one.closing_cents = opening_cents, closing_cents
        one.income_cents = one.spending_cents = None if opening_cents is None else 0
    one.content_hash = ""
    columns = ("title", "body", "state", "content_hash")
    update_row(one, *columns, *SUMS)
    _wrote(one, actor)
    if lines is not None:
        Line.objects.filter(disclosure=one).delete()
        _add(one, lines, 0)
    facts = {"line_count": one.lines.count()}
    tell([one], "written", [facts], actor, at, command_id)
    return facts


SUMS = ("opening_cents", "income_cents", "spending_cents", "closing_cents")


def _wrote(one: Disclosure, actor: Actor) -> None:
    insert_rows([Writer(disclosure=one, person_id=person_of(actor))], ignoring=True)


@command("village.add_lines")
def add_lines(
    *,
    disclosure_id: int,
    lines: Sequence[NewLine],
    receipt: StoredFile | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Book one line with its receipt, or the rows of a table, all or none."""
    one = held([disclosure_id], Deed.WRITE)[0]
    last = one.lines.order_by("-position").values_list("position", flat=True).first() or 0
    upload = attach(receipt, subject=one.stream, at=at) if receipt else None
    _add(one, lines, last, upload.id if upload else None)
    _touched(one, actor)
    facts = {"line_count": one.lines.count()}
    tell([one], "written", [facts], actor, at, command_id)
    return facts


def _touched(one: Disclosure, actor: Actor) -> None:
    one.content_hash = ""
    update_row(one, "state", "content_hash")
    _wrote(one, actor)


def _add(
    one: Disclosure, lines: Sequence[NewLine], last: int, receipt_id: int | None = None
) -> None:
    layout = Layout(one.section.layout)
    if any(line.kind not in LINES_OF[layout] for line in lines):
        raise DomainError(f"“{one.section.name}”是“{layout.label}”，没有这一类的行，请核对栏目。")
    if last + len(lines) > MOST_LINES:
        raise DomainError(f"一条公开最多 {MOST_LINES} 行，请分成几条。")
    rows = [
        Line(
            disclosure=one,
            position=position,
            kind=line.kind.value,
            day=line.day,
            text=line.text,
            cents=line.cents,
            voucher=line.voucher,
            receipt_id=receipt_id,
        )
        for position, line in enumerate(lines, start=last + 1)
    ]
    insert_rows(rows)


@command("village.drop_line")
def drop_line(
    *, disclosure_id: int, line_id: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Take out a line that was booked by mistake."""
    one = held([disclosure_id], Deed.WRITE)[0]
    count, _rows = Line.objects.filter(disclosure=one, id=line_id).delete()
    if not count:
        raise NotFound("没有找到这一行，可能已经删去了，请刷新页面。")
    _touched(one, actor)
    facts = {"line_count": one.lines.count()}
    tell([one], "written", [facts], actor, at, command_id)
    return facts


# ── handing in ────────────────────────────────────────────────────────────────────────────────


@command("village.hand_in")
def hand_in(*, disclosure_ids: Sequence[int], actor: Actor, at: datetime, command_id: str) -> Facts:
    """Give what is written to the committee; from now on nobody changes it.

    Raises Private, NotBalanced, DomainError: each says what, where, how to mend.
    """
    found = held(disclosure_ids, Deed.HAND_IN)
    by_disclosure = _lines(found)
    facts = []
    for one in found:
        lines = by_disclosure.get(one.id, [])
        _check_whole(one, lines)
        one.content_hash = hash_of(one, lines)
        one.handed_in_at, one.handed_in_by_id = at, person_of(actor)
        facts.append({"content_hash": one.content_hash, "line_count": len(lines)})
        facts[-1]["major_count"] = len(_majors(one, lines, at))
    columns = ("state", "content_hash", "handed_in_at", "handed_in_by", *SUMS)
    for one in found:
        update_row(one, *columns)
    tell(found, "handed_in", facts, actor, at, command_id)
    return {"hashes": {str(one.id): one.content_hash for one in found}}


def _lines(found: Iterable[Disclosure]) -> dict[int, list[Line]]:
    rows: dict[int, list[Line]] = {}
    for line in Line.objects.filter(disclosure__in=found).order_by("disclosure", "position"):
        rows.setdefault(line.disclosure_id, []).append(line)
    return rows


def _check_whole(one: Disclosure, lines: Sequence[Line]) -> None:
    layout = Layout(one.section.layout)
    if layout is Layout.TEXT and not one.body:
        raise DomainError(f"“{one.title}”还没有写内容，请写好再送审。")
    if layout is not Layout.TEXT and not lines and not one.body:
        raise DomainError(f"“{one.title}”一行也没有。本期没有发生的，请在说明里写“本期无”。")
    privacy.check(_told(one, lines))
    if layout is Layout.ACCOUNTS:
        _check_account(one, lines)


def _told(one: Disclosure, lines: Iterable[Line]) -> list[tuple[str, str]]:
    body = [(f"正文第 {n} 段", text) for n, text in enumerate(one.body.splitlines(), start=1)]
    rows = [(f"第 {line.position} 行", f"{line.text} {line.voucher}") for line in lines]
    return [("标题", one.title), *body, *rows]


def _check_account(one: Disclosure, lines: Sequence[Line]) -> None:
    if one.opening_cents is None or one.closing_cents is None:
        raise DomainError("请填期初余额和期末余额（账上实有的数），没有的写 0。")
    balance = balance_of(one.opening_cents, [(line.kind, line.cents) for line in lines])
    balance.check(one.closing_cents)
    one.income_cents, one.spending_cents = balance.income_cents, balance.spending_cents
    if one.period_first_date is None:
        return
    before = _before(one)
    if before is not None and before.closing_cents is not None:
        check_opening(one.opening_cents, before.closing_cents, before.title)
    period = Period(one.period_first_date, one.period_months or 1)
    if faults := check_days(map(_plain, lines), period.first, period.last):
        raise DomainError("".join(faults[:5]))


def _plain(line: Line) -> NewLine:
    return NewLine(LineKind(line.kind), line.text, line.cents, line.day, line.voucher)


def _before(one: Disclosure) -> Disclosure | None:
    """The account of the same section that ended just before this one begins, as it is out."""
    rows = Disclosure.objects.filter(
        village=one.village_id,
        section=one.section_id,
        period_first_date__lt=one.period_first_date,
        state__in=[state.value for state in PUBLIC],
    )
    found = rows.order_by("-period_first_date", "-id").first()
    if found is None or found.period_first_date is None:
        return None
    follows = Period(found.period_first_date, found.period_months or 1).next().first
    return found if follows == one.period_first_date else None


def _majors(one: Disclosure, lines: Iterable[Line], at: datetime) -> list[Line]:
    if Layout(one.section.layout) is not Layout.ACCOUNTS:
        return []
    most = limit_of(one.village_id, legal_date(at)).major_cents
    return [line for line in lines if abs(line.cents) >= most]


def hash_of(one: Disclosure, lines: Iterable[Line]) -> str:
    """What those who examine agree to: every word and figure of it."""
    content: dict[str, Any] = {
        "title": one.title,
        "body": one.body,
        "sums": [getattr(one, name) for name in SUMS],
        "lines": [
            [line.kind, line.day, line.text, line.cents, line.voucher, line.receipt_id]
            for line in lines
        ],
    }
    return hashlib.sha256(canonical(content)).hexdigest()
