"""What the pages of campaigns show, for staff and for the public; what they read of a request."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mingtang.accounts.rules import Scope
from mingtang.base.cells import guarded
from mingtang.base.ids import parse_id
from mingtang.catalogue.forms import TableForm
from mingtang.catalogue.queries import campaigns as queries
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaign_rows import DECISIONS
from mingtang.catalogue.rules.campaigns import CampaignState, Decision
from mingtang.catalogue.services import read_upload

PAGE = queries.PAGE
Row = dict[str, Any]


def rows_of(form: TableForm) -> list[dict[str, str]]:
    """The rows of an uploaded file, or of the lines. Raises SheetError."""
    file = form.cleaned_data["file"]
    return read_upload(file.read(), str(file.name), form.sheet) if file else form.typed()


@dataclass(frozen=True)
class Asked:
    """How a list of entries is narrowed. `decision` None: not at all; "": those undecided."""

    decision: str | None
    unit: int | None
    text: str
    after: str

    @classmethod
    def read(cls, request: HttpRequest, text: str) -> "Asked":
        chosen = request.GET.get("decision", "all")
        known = {one.value for one in Decision}
        decision = chosen if chosen in known else ("" if chosen == "none" else None)
        unit = parse_id(request.GET.get("unit", ""))
        return cls(decision, unit, text, request.GET.get("after", ""))

    def query(self, **more: str) -> str:
        """The same choice as an address."""
        given = {"decision": "none" if self.decision == "" else self.decision or "all"}
        given |= {"unit": str(self.unit or ""), "q": self.text} | more
        return "?" + urlencode({key: value for key, value in given.items() if value})


# ── one campaign ──────────────────────────────────────────────────────────────────────────────


def figures(found: Any, on: date) -> Row:
    """The identity and the tables before and after."""
    balance = queries.balance(found)
    after = queries.after_both(found)
    return {
        "campaign": found,
        "kind_label": KINDS[ItemKind(found.scope_kind)].label,
        "state": CampaignState(found.state),
        "balance": balance,
        "decisions": [(one.value, one.label, balance.decided[one]) for one in Decision],
        "kinds": queries.by_kind(found),
        "units": [_unit(one) for one in queries.by_unit(found, on)],
        "after": after,
        "is_open_question": after is not None and len(after.totals) > 1,
    }


def _unit(one: queries.UnitFigures) -> Row:
    cells = [(each.label, one.decided[each.value]) for each in Decision]
    return {"name": one.name, "before": one.before, "cells": cells, "undecided": one.undecided}


def campaign(reader: Scope, found: Any, on: date) -> Row:
    """All of the staff's page but its forms."""
    leads = queries.leads(reader, found) is not None
    mine = queries.unit_of(reader, found)
    coverage = queries.coverage(found, on)
    is_reporting = found.state == CampaignState.REPORTING
    return figures(found, on) | {
        "leads": leads,
        "coverage": coverage,
        "answered_count": sum(row.state.value == "accepted" for row in coverage),
        "missing": [row.name for row in coverage if row.state.value in {"waiting", "returned"}],
        "waiting": [row for row in coverage if row.state.value == "reported"],
        "is_reporting": is_reporting,
        "acts": list(_acts(reader, found, on)) if leads else [],
        "mine": mine[0] if mine else None,
        "mine_state": next(
            (r for r in coverage if mine and r.organisation_id == mine[0].organisation_id), None
        ),
        "may_report": is_reporting and mine is not None and mine[0].state != "accepted",
        "papers": list(_papers(found, leads=leads)),
    }


def _acts(reader: Scope, found: Any, on: date) -> Iterator[Row]:
    """What the office may do next; each asks once more before it is done."""
    state = CampaignState(found.state)
    if state is CampaignState.REPORTING:
        yield _act("close", _("汇总清单"), _("各部门都审定以后，清单编上序号，不再收上报。"))
    if state is CampaignState.DECIDING:
        is_author = (
            str(reader.person_id) in found.author_ids or reader.person_id == found.closed_by_id
        )
        if is_author:
            yield _act("", _("定稿"), _("您参与了汇总或决定，须由审改办另一位同事定稿。"))
        else:
            yield _act("freeze", _("定稿"), _("核对平衡以后定稿，逐项决定不能再改。"))
    if state is CampaignState.FROZEN:
        yield _act("announce", _("公布结果"), _("公布以后，市民能看到逐项结果。"))
    if state is CampaignState.ANNOUNCED and (count := queries.due_count(found, on)):
        told = _(
            "有 %(count)d 项已到生效日期。取消和合并的停办，下放的移交，调整的起草新版本送审。"
        )
        yield _act("carry", _("落实到事项"), told % {"count": count})


def _act(verb: str, label: str, asks: str) -> Row:
    return {"verb": verb, "label": label, "asks": asks}


def _papers(found: Any, *, leads: bool) -> Iterator[Row]:
    for label, paper in ((_("通知"), found.notice), (_("结果公告"), found.result)):
        if paper is not None:
            state = paper.seal_state
            yield {
                "id": paper.id,
                "label": label,
                "number": paper.number or found.document_number,
                "state": state.label,
                "tone": state.tone,
                "may_seal": leads and paper.needs_seal and paper.sealed_at is None,
            }


# ── entries ───────────────────────────────────────────────────────────────────────────────────


def entries(reader: Scope, found: Any, on: date, asked: Asked) -> Row:
    """A page of the inventory; a department reads its own entries while all is open."""
    leads = queries.leads(reader, found) is not None
    unit = asked.unit
    mine = queries.unit_of(reader, found)
    if mine and not leads and found.state != CampaignState.ANNOUNCED:
        unit = mine[0].organisation_id
    rows, next_after = queries.entries(
        found,
        on=on,
        decision=asked.decision,
        organisation_id=unit,
        text=asked.text,
        after=asked.after,
    )
    return {
        "campaign": found,
        "state": CampaignState(found.state),
        "balance": queries.balance(found),
        "rows": rows,
        "asked": asked,
        "chips": list(_chips(asked)),
        "next_url": asked.query(after=next_after) if next_after else "",
        "first_url": asked.query() if asked.after else "",
        "may_decide": leads and found.state == CampaignState.DECIDING,
    }


def _chips(asked: Asked) -> Iterator[Row]:
    words = {"all": "全部", "none": "还没有决定"} | {one.value: one.label for one in Decision}
    chosen = "none" if asked.decision == "" else asked.decision or "all"
    for key, label in words.items():
        more = Asked(
            None if key == "all" else ("" if key == "none" else key), asked.unit, asked.text, ""
        )
        yield {"label": label, "url": more.query(), "is_on": key == chosen}


def entries_file(
    found: Any, on: date, rows: Iterable[queries.EntryRow], *, for_staff: bool
) -> HttpResponse:
    """The inventory as CSV, with the columns that decisions are read from. What departments
    proposed and why is for staff, as on the pages."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cleanup-{found.id}-{on}.csv"'
    answer.write("\ufeff")  # without which spreadsheets take Chinese for another encoding
    labels = DECISIONS.labels
    heads = [labels["number"], "部门", labels["name"]]
    heads += ["部门建议", "部门理由"] if for_staff else []
    heads += [labels["decision"], "决定的内容", labels["basis"], labels["effective_date"]]
    writer = csv.writer(answer)
    writer.writerow(heads)
    for row in rows:
        day = row.effective_date.isoformat() if row.effective_date else ""
        decision = Decision(row.decision).label if row.decision else ""
        cells = [str(row.number or ""), row.unit, row.name]
        cells += [row.proposal, row.note] if for_staff else []
        cells += [decision, row.said, row.basis, day]
        writer.writerow([guarded(cell) for cell in cells])
    return answer
