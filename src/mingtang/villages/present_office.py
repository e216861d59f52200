"""What pages of those who work on disclosures show: plain values."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.web import new_command_id
from mingtang.ledger.queries import Event
from mingtang.villages import queries
from mingtang.villages.queries import desk
from mingtang.villages.rules.kinds import LineKind, Occasion
from mingtang.villages.rules.money import yuan
from mingtang.villages.rules.moves import PUBLIC, State
from mingtang.villages.rules.periods import MONTH

Row = dict[str, Any]
TONES = {
    State.OWED: "warn",
    State.DRAFT: "info",
    State.COMMITTEE: "info",
    State.TOWNSHIP: "info",
    State.CHECKED: "info",
    State.RELEASED: "ok",
    State.ARCHIVED: "ok",
    State.TAKEN_DOWN: "bad",
}
EVENTS = {
    "village.owed": "按期应当公开",
    "village.begun": "开始起草",
    "village.written": "写了一次",
    "village.handed_in": "送村务监督委员会",
    "village.examined": "村务监督委员会同意",
    "village.approved": "乡镇同意",
    "village.returned": "退回",
    "village.released": "公开",
    "village.objected": "收到异议",
    "village.replied": "答复异议",
    "village.archived": "归档",
    "village.taken_down": "撤下",
}


def state(one: queries.Disclosure) -> Row:
    found = State(one.state)
    return {"label": found.label, "tone": TONES[found]}


def lateness(one: queries.Disclosure, on: date) -> Row:
    """How late it is, or was; empty where nothing asks for a day."""
    if one.due_date is None:
        return {"label": "", "tone": "info"}
    is_out = State(one.state) in PUBLIC
    days = ((one.released_date or on) - one.due_date).days
    if days > 0:
        label = _("晚了 %d 天公开") if is_out else _("已超期 %d 天")
        return {"label": label % days, "tone": "warn" if is_out else "bad"}
    if is_out:
        return {"label": _("按期公开"), "tone": "ok"}
    return {"label": _("还有 %d 天") % -days, "tone": "warn" if days > -4 else "info"}


def row(one: queries.Disclosure, on: date) -> Row:
    return {
        "id": one.id,
        "hash": one.content_hash,
        "title": one.title,
        "village": one.village.name,
        "section": one.section.name,
        "due": one.due_date,
        "state": state(one),
        "late": lateness(one, on),
        "url": reverse("village_office:work", args=[one.id]),
    }


def lines(one: queries.Disclosure) -> list[Row]:
    """The lines with what may be done with each."""
    receipts = desk.receipts_of(one)
    return [
        {
            "id": str(line.id),
            "number": line.position,
            "kind": LineKind(line.kind).label,
            "text": line.text,
            "amount": yuan(line.cents),
            "day": line.day,
            "voucher": line.voucher,
            "receipt": _receipt(one, line.receipt_id) if line.receipt_id in receipts else "",
            "drop_id": new_command_id(),
            "drop_url": reverse("village_office:drop_line", args=[one.id, line.id]),
        }
        for line in desk.lines_of(one)
    ]


def _receipt(one: queries.Disclosure, upload_id: int | None) -> str:
    return reverse("village_office:receipt", args=[one.id, upload_id])


def checks(one: queries.Disclosure) -> list[Row]:
    return [
        {
            "stage": check.get_stage_display(),
            "verdict": check.get_verdict_display(),
            "tone": "ok" if check.verdict == "agree" else "bad",
            "opinion": check.opinion,
            "by": check.checked_by.name,
            "at": check.checked_at,
        }
        for check in desk.checks_of(one)
    ]


def objections(one: queries.Disclosure, on: date) -> list[Row]:
    return [objection(found, on) for found in desk.objections_to(one)]


def objection(found: queries.Objection, on: date) -> Row:
    is_late = found.replied_at is None and on > found.due_date
    label = _("已答复") if found.replied_at else _("超期未答复") if is_late else _("待答复")
    return {
        "number": found.number,
        "text": found.text,
        "about": found.disclosure.title,
        "due": found.due_date,
        "label": label,
        "tone": "ok" if found.replied_at else "bad" if is_late else "info",
        "url": reverse("village_office:objection", args=[found.id]),
        "is_open": found.replied_at is None,
    }


def occasion(one: queries.Disclosure) -> str:
    return Occasion(one.occasion).label


def history(events: Iterable[Event]) -> list[Row]:
    return [
        {
            "title": EVENTS.get(event.kind, event.kind),
            "at": event.at,
            "who": f"{event.organisation_label}{event.actor_label}",
            "text": str(event.facts.get("opinion") or event.facts.get("reason") or ""),
        }
        for event in events
        if event.kind in EVENTS
    ]


# ── who is late ───────────────────────────────────────────────────────────────────────────────


def overview_rows(rows: Iterable[desk.Row], on: date) -> list[Row]:
    """Each village with what is missing first, how late the rest was."""
    return [
        {
            "name": one.village.name,
            "township": one.village.township_name,
            "url": reverse("villages:place", args=[one.village.code]),
            "people_url": reverse("village_office:people", args=[one.village.code]),
            "sum": desk.sum_of([one], on),
            "missing": [_cell(cell) for cell in one.missing],
            "worst": max((cell.late_days for cell in one.missing), default=0),
        }
        for one in rows
    ]


def _cell(cell: desk.Cell) -> Row:
    return {
        "label": cell.label,
        "days": cell.late_days,
        "state": cell.state.label,
        "url": reverse("village_office:work", args=[cell.disclosure_id]),
    }


def sums_by_town(rows: Iterable[desk.Row], on: date) -> list[Row]:
    towns: dict[tuple[str, str], list[desk.Row]] = {}
    for one in rows:
        key = (one.village.township_code, one.village.township_name)
        towns.setdefault(key, []).append(one)
    return [
        {"code": code, "name": name, "count": len(own), "sum": desk.sum_of(own, on)}
        for (code, name), own in sorted(towns.items())
    ]


def initial_of(limit: queries.ReleaseLimit | None, on: date) -> Row:
    """What a new row of limits begins with: what holds now."""
    names = ("finance_months", "due_day", "major_cents", "major_days", "objection_days")
    held = {name: getattr(limit, name) for name in (*names, "reply_days")} if limit else {}
    return {**held, "valid_from": on}


def limit_facts(limit: queries.ReleaseLimit) -> list[tuple[str, str]]:
    """What one row of limits says, in words."""
    months = "每月" if limit.finance_months == MONTH else "每季度"
    return [
        ("财务", f"{months}公开一次"),
        ("公开日", f"下月 {limit.due_day} 日以前"),
        ("大额", f"{yuan(limit.major_cents)} 元以上，{limit.major_days} 天内公开"),
        ("异议", f"公开后 {limit.objection_days} 天内提，{limit.reply_days} 天内答复"),
        ("依据", limit.basis or "—"),
    ]
