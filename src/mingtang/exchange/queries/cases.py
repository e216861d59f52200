"""Reads: what the exchange tells of cases, in our own words. One record for each row of theirs.

Everything is as it was known at the end of the span, out of the ledger where a column may have
changed since: a span that is told again says the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import LEGAL_ZONE, day_bounds
from mingtang.cases.models import Case, GivenMaterial, Pause, Request, Step, stream_of
from mingtang.exchange.queries.items import basic_code_of
from mingtang.exchange.rules.batches import (
    ACTIONS,
    DELIVERED,
    NEWS,
    RATED,
    REOPENED,
    RESULTS,
)
from mingtang.exchange.rules.writing import Record, Span
from mingtang.ledger.queries import Event, histories, streams_told
from mingtang.regions.queries import names_of

TOGETHER = 200
KINDS = frozenset({*ACTIONS, *RATED, "case.extended", "case.paused", "case.resumed"})


def records(span: Span) -> Iterator[tuple[str, int, Record]]:
    """Which row it makes (`Table.each`), the unit whose case it is, and the record. A case of which
    the span has news brings its acceptance along, whenever that was."""
    ids = _with_news(span)
    for start in range(0, len(ids), TOGETHER):
        for told in _told(ids[start : start + TOGETHER], span):
            for each, record in _of_case(told, span):
                if each == "case" or record["changed_at"].date() >= span.since:
                    yield each, told.case.organisation_id, record


def edition_ids(span: Span) -> set[int]:
    """The editions of items under which those cases stand."""
    found: set[int] = set()
    ids = _with_news(span)
    for start in range(0, len(ids), TOGETHER):
        rows = Case.objects.filter(id__in=ids[start : start + TOGETHER], accepted_at__isnull=False)
        found.update(rows.values_list("edition_id", flat=True))
    return found


def _with_news(span: Span) -> list[int]:
    """The cases of which the days of a span have news. The ledger itself is the outbox: an act and
    what is owed of it are one row."""
    streams = streams_told(NEWS, span.since, span.until)
    return sorted(int(stream.partition(":")[2]) for stream in streams)


@dataclass(frozen=True)
class Told:
    """A case and what belongs to it, as the statements of a chunk found it."""

    case: Case
    events: Sequence[Event]
    steps: dict[str, Step]
    pauses: Sequence[Pause]
    extensions: Sequence[Request]
    materials: Sequence[GivenMaterial]
    department: str

    @property
    def accepted_at(self) -> datetime:
        assert self.case.accepted_at is not None
        return _local(self.case.accepted_at)


def _local(at: datetime) -> datetime:
    return at.astimezone(LEGAL_ZONE)


def _told(ids: Sequence[int], span: Span) -> Iterator[Told]:
    """With as many statements for 200 cases as for one."""
    end = day_bounds(span.until)[1]
    by_case: dict[str, dict[int, list[Any]]] = {
        "steps": _grouped(Step.objects.filter(case__in=ids).order_by("id")),
        "pauses": _grouped(
            Pause.objects.filter(case__in=ids, resumed_at__lt=end)
            .select_related("resumed_by")
            .order_by("id")
        ),
        "extensions": _grouped(
            Request.objects.filter(
                case__in=ids, kind="extension", is_approved=True, answered_at__lt=end
            )
            .select_related("answered_by")
            .order_by("id")
        ),
        "materials": _grouped_by_submission(ids, end),
    }
    cases = Case.objects.filter(id__in=ids, accepted_at__lt=end).order_by("id")
    told = histories([stream_of(one) for one in ids], KINDS)
    related = ("item", "edition", "organisation", "region", "accepted_by", "decided_by")
    for case in cases.select_related(*related):
        events = [event for event in told[case.stream] if event.at < end]
        assert case.accepted_at is not None
        on = _local(case.accepted_at).date()
        yield Told(
            case,
            events,
            {str(step.id): step for step in by_case["steps"].get(case.id, ())},
            by_case["pauses"].get(case.id, ()),
            by_case["extensions"].get(case.id, ()),
            by_case["materials"].get(case.id, ()),
            names_of([case.organisation_id], on).get(case.organisation_id, ""),
        )


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _grouped_by_submission(ids: Sequence[int], end: datetime) -> dict[int, list[GivenMaterial]]:
    """The last word on each material, by case."""
    rows = GivenMaterial.objects.filter(
        submission__case__in=ids, submission__submitted_at__lt=end
    ).select_related("submission")
    found: dict[int, dict[str, GivenMaterial]] = {}
    for row in rows.order_by("submission__number", "id"):
        found.setdefault(row.submission.case_id, {})[row.material_id] = row
    return {case_id: list(last.values()) for case_id, last in found.items()}


# ── the records of one case ───────────────────────────────────────────────────────────────────


def _of_case(told: Told, span: Span) -> Iterator[tuple[str, Record]]:
    yield "case", _accepted(told)
    yield from (("act", one) for one in _acts(told))
    yield from (("pause", one) for one in _pauses(told))
    yield from (("material", one) for one in _materials(told))
    yield from (("result", one) for one in _results(told))
    issued = told.case.issued_at and _local(told.case.issued_at)
    if issued and issued.date() <= span.until and told.case.licence_number:
        yield "licence", _licence(told, issued)


def _accepted(told: Told) -> Record:
    case, edition = told.case, told.case.edition
    dues = [
        (event.at, op["due"])
        for event in told.events
        for op in event.facts.get("clocks") or ()
        if op.get("kind") == "promised" and op.get("due")
    ]
    changed = max([told.accepted_at, *(_local(at) for at, _due in dues)])
    return {
        **_applicant(case),
        "guid": case.id,
        "born_at": told.accepted_at,
        "changed_at": changed,
        "number": case.number,
        "basic_code": basic_code_of(edition.details),
        "item_code": case.item.code,
        "variant": case.variant,
        "item_name": edition.name,
        "edition": edition.number,
        "speed": "on_the_spot" if edition.on_the_spot else "promised",
        "summary": edition.name,
        "channel": case.channel,
        "submitted_at": _local(case.submitted_at),
        "department_code": case.organisation.credit_code or case.organisation.code,
        "department": told.department,
        "accepted_by": case.accepted_by.name if case.accepted_by else "系统",
        "accepted_at": told.accepted_at,
        "promised_on": date.fromisoformat(dues[-1][1]) if dues else None,
    }


def _applicant(case: Case) -> dict[str, Any]:
    """Who applied. What is sealed here goes out in the file, which nobody but its maker reads."""
    return {
        "applicant_kind": case.applicant_kind,
        "applicant_name": case.applicant_name,
        "paper": case.applicant_kind,
        "identity_number": case.identity_number,
        "phone": case.phone,
        "address": case.address,
        "proxy_name": case.proxy_name,
        "proxy_paper": "natural" if case.proxy_identity else "",
        "proxy_identity": case.proxy_identity,
    }


def _dated(told: Told, at: datetime) -> dict[str, Any]:
    """A row of a case is told with its acceptance or later, never before."""
    moment = max(_local(at), told.accepted_at)
    return {"number": told.case.number, "born_at": moment, "changed_at": moment}


def _acts(told: Told) -> Iterator[Record]:
    before = told.case.submitted_at
    for event in told.events:
        if event.kind not in ACTIONS:
            continue
        step = told.steps.get(str(event.facts.get("step_id")))
        kind, title = ACTIONS[event.kind]
        said = (step.opinion if step else "") or event.facts.get("reason") or ""
        yield {
            **_dated(told, event.at),
            "guid": event.id,
            "name": f"{title}：{step.name}" if step else title,
            "kind": kind,
            "begun_at": _local(before),
            "at": _local(event.at),
            "actor": event.actor_label,
            "explained": said,
        }
        before = event.at


def _pauses(told: Told) -> Iterator[Record]:
    for one in told.pauses:
        assert one.resumed_at is not None
        yield {
            **_dated(told, one.resumed_at),
            "guid": one.id,
            "kind": "pause",
            "name": one.get_reason_display(),
            "reason": one.note,
            "begun_at": _local(one.paused_at),
            "at": _local(one.resumed_at),
            "result": one.result,
            "actor": one.resumed_by.name if one.resumed_by else "系统",
        }
    for ask in told.extensions:
        assert ask.answered_at is not None
        yield {
            **_dated(told, ask.answered_at),
            "guid": ask.id,
            "kind": "extension",
            "name": "延长审批",
            "reason": ask.note,
            "begun_at": _local(ask.asked_at),
            "at": _local(ask.answered_at),
            "result": ask.answer,
            "actor": ask.answered_by.name if ask.answered_by else "系统",
        }


def _materials(told: Told) -> Iterator[Record]:
    for one in told.materials:
        yield {
            **_dated(told, one.submission.submitted_at),
            "guid": f"{told.case.id}-{one.material_id}",
            "name": one.name,
            "way": one.way,
            "copies": len(one.upload_ids) or None,
        }


def _results(told: Told) -> Iterator[Record]:
    """The result that holds; one that was undone, since the case went on, is taken back."""
    last: dict[str, Any] | None = None
    for event in told.events:
        moment = _local(event.at)
        if event.kind in RESULTS and moment >= told.accepted_at:
            last = _result(told, event)
        elif last is not None and event.kind in {DELIVERED, *RATED}:
            last |= {"changed_at": moment, **_after(told.case, event)}
        elif last is not None and event.kind == REOPENED:
            yield last | {"changed_at": moment, "is_gone": True}
            last = None
    if last is not None:
        yield last


def _result(told: Told, event: Event) -> dict[str, Any]:
    case = told.case
    is_decision = event.kind in {"case.granted", "case.refused", "case.deemed_granted"}
    return {
        **_dated(told, event.at),
        "guid": event.id,
        "at": _local(event.at),
        "outcome": RESULTS[event.kind] or case.outcome,
        "reason": (case.decision_reason if is_decision else "") or event.facts.get("reason", ""),
        "result_name": case.edition.details.get("result_name"),
        "licence_number": case.licence_number if is_decision else "",
        "is_posted": False,
        "actor": event.actor_label,
    }


def _after(case: Case, event: Event) -> dict[str, Any]:
    if event.kind == DELIVERED:
        return {"is_posted": case.delivered_way == "post"}
    return {"rating": event.facts.get("level")}


def _licence(told: Told, issued: datetime) -> Record:
    case = told.case
    return {
        **_applicant(case),
        **_dated(told, issued),
        "guid": case.id,
        "id": case.id,
        "result_name": case.edition.details.get("result_name") or case.edition.name,
        "licence_kind": case.item.code,
        "licence_number": case.licence_number,
        "area_code": case.region.code,
        "department": told.department,
        "department_code": case.organisation.credit_code or case.organisation.code,
        "issued_on": issued.date(),
    }
