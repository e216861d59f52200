"""Reads: what became of the matter of a paper, for who verifies it; which papers are owed."""

from datetime import date
from itertools import dropwhile
from typing import Any

from django.db.models import QuerySet

from mingtang.base.ids import parse_id
from mingtang.base.prepared import Prepared
from mingtang.base.rows import find_rows
from mingtang.cases.models import Case, DeferredMaterial, GivenMaterial, Submission
from mingtang.cases.queries.archive import told_ids
from mingtang.cases.queries.reading import came_with
from mingtang.cases.rules import CUT_SHORT, GivenWay, Outcome, State
from mingtang.cases.rules.papers import standing
from mingtang.files.queries import Document, latest_document
from mingtang.files.rules.documents import chinese_date
from mingtang.ledger import queries as ledger

GRANTS = frozenset(outcome.value for outcome in Outcome if outcome.is_grant)


def owed_of(case: Case) -> list[GivenMaterial]:
    """What the applicant was to bring, and nobody has: not what was deferred to a day (容缺),
    nor what came with a correction."""
    if not case.awaits_papers:
        return []
    found = _not_brought.all(case.id)
    came = came_with(find_rows(Submission, case_id=case.id)) if found else set()
    return [one for one in found if one.material_id not in came]


def _owed(case_id: Any) -> QuerySet[GivenMaterial]:
    ways = [way.value for way in GivenWay if way.is_owed]
    later = DeferredMaterial.objects.filter(case_id=case_id).values("material_id")
    rows = GivenMaterial.objects.filter(submission__case_id=case_id, way__in=ways, brought_at=None)
    return rows.exclude(material_id__in=later).order_by("id")


_not_brought = Prepared(_owed)


def awaited_later(case_id: int) -> set[str]:
    """The materials of a case that were promised for later (容缺) and have not come."""
    rows = DeferredMaterial.objects.filter(case_id=case_id, supplied_at=None)
    return set(rows.values_list("material_id", flat=True))


def standing_of(key: str, document: Document, on: date) -> str:
    """Why a paper of a case no longer counts; "" where it does. Nothing personal."""
    case_id = parse_id(key)
    rows = Case.objects.only("state", "ended_at", "licence_expires_on")
    case = None if case_id is None else rows.filter(id=case_id).first()
    if case is None:
        return ""
    newest = latest_document(document.subject, document.kind)
    until = case.licence_expires_on if document.kind in GRANTS else None
    return standing(
        document.kind,
        is_reopened=_is_reopened(document),
        newer_number=newest.number or "" if newest and newest.id != document.id else "",
        cut_short=_cut_short(case),
        expired=chinese_date(until) if until and until < on else "",
    )


def _is_reopened(document: Document) -> bool:
    """Whether the case was taken up again after the act that left the paper."""
    events = dropwhile(
        lambda one: str(document.id) not in told_ids(one.facts), ledger.history(document.subject)
    )
    return any(event.kind == "case.reopened" for event in events)


def _cut_short(case: Case) -> str:
    """How a case ended before its decision, in the archive too; "" where it goes on."""
    state = State(case.state)
    if state in CUT_SHORT:
        return state.label
    return "已结束" if state is State.ARCHIVED and case.ended_at else ""
