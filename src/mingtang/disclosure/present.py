"""How the desk of disclosure speaks: states with their tone, days left, the history in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.channels.queries import Release
from mingtang.channels.rules import Line, Measure
from mingtang.disclosure.queries.desk import Publication, Review, Version
from mingtang.disclosure.rules.chain import Stage, State, Verdict
from mingtang.disclosure.rules.items import Attribute, Column
from mingtang.disclosure.rules.scan import Finding, Severity
from mingtang.ledger.queries import Event
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import WorkingCalendar, working_days_left

TONES = {
    State.DRAFT: "info",
    State.REVIEW: "warn",
    State.SECRECY: "warn",
    State.APPROVED: "warn",
    State.PUBLISHED: "ok",
    State.KEPT: "info",
    State.TAKEN_DOWN: "bad",
}
EVENT_LABELS = {
    "disclosure.drafted": "起草",
    "disclosure.revised": "修改",
    "disclosure.submitted": "送审",
    "disclosure.recalled": "取回",
    "disclosure.reviewed": "审核同意",
    "disclosure.cleared": "保密审查同意",
    "disclosure.returned": "退回",
    "disclosure.published": "发布",
    "disclosure.kept": "定为不主动公开",
    "disclosure.taken_down": "撤下",
    "disclosure.numbered": "登记原索引号",
    "disclosure.training_noted": "登记培训",
    "release.made": "渠道发布",
    "release.many_made": "批量登记发布",
}
SAID = ("opinion", "note", "reason", "number", "justification")


def page_of_item(key: str, for_staff: bool) -> str | None:
    """Where an item is read: at the desk by colleagues."""
    is_known = for_staff and key.isdecimal()
    return reverse("disclosure:office_item", args=[key]) if is_known else None


def row(
    item: Publication, on: date, names: dict[int, str], calendar: WorkingCalendar
) -> dict[str, Any]:
    """A line of a list at the desk."""
    version = item.version
    assert version is not None
    return {
        "id": item.id,
        "url": reverse("disclosure:office_item", args=[item.id]),
        "title": version.title,
        "organ": names.get(item.organisation_id, ""),
        "column": Column(version.column).label,
        "attribute": Attribute(version.attribute).label,
        "formed_date": version.formed_date,
        "state": State(item.state).label,
        "tone": TONES[State(item.state)],
        "is_public": item.is_public,
        "bound": f"{item.id}:{version.content_hash}",
        **left(
            getattr(item, "clock_due_date", None),
            getattr(item, "clock_stopped_date", None),
            on,
            calendar,
        ),
    }


def left(
    due: date | None, stopped: date | None, on: date, calendar: WorkingCalendar | None = None
) -> dict[str, Any]:
    """How much of the twenty working days is left, as a light. `calendar`: the one in force."""
    if due is None or stopped is not None:
        return {"due": None, "left": "", "light": ""}
    days = working_days_left(calendar or current_calendar(), on, due)
    if days < 0:
        text, light = _("超期 %(days)s 个工作日") % {"days": -days}, "red"
    else:
        text = _("还剩 %(days)s 个工作日") % {"days": days}
        light = "yellow" if days <= 5 else "green"
    return {"due": due, "left": text, "light": light}


def findings(found: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "severity": Severity(one.severity).label,
            "tone": "bad" if one.severity == Severity.BLOCK else "warn",
            "where": one.where,
            "quote": one.quote,
            "advice": one.advice,
        }
        for one in found
    ]


def version(one: Version, item: Publication) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "by": str(one.written_by or _("系统")),
        "at": one.written_at,
        "note": one.note,
        "hash": one.content_hash[:12],
        "is_public": one.id == item.published_version_id,
        "url": reverse("disclosure:office_version", args=[item.id, one.number]),
    }


def review(one: Review) -> dict[str, Any]:
    return {
        "number": one.version.number,
        "stage": Stage(one.stage).label,
        "verdict": Verdict(one.verdict).label,
        "tone": "ok" if one.verdict == Verdict.APPROVE else "bad",
        "by": str(one.reviewed_by),
        "at": one.reviewed_at,
        "opinion": one.opinion,
        "justification": one.justification,
        "findings": one.findings,
        "hash": one.content_hash[:12],
    }


def event(one: Event, channels: Mapping[str, str]) -> dict[str, Any]:
    """A line of the record book: who did what when, with which words."""
    facts = one.facts
    said = [str(facts[name]) for name in SAID if facts.get(name)]
    code = str(facts.get("channel") or one.stream.partition(":")[2])
    if one.kind in {"release.made", "release.many_made"}:
        said.insert(0, channels.get(code, code))
    if one.kind == "release.many_made":
        unit = Measure(facts["measure"]).label
        said.append(f"{facts['rows']} 行，共 {facts['quantity']} {unit}")
    stands_for = f"（代{one.acting_for_label}）" if one.acting_for_label else ""
    subject = one.stream if one.stream.startswith("publication:") else str(facts.get("subject", ""))
    return {
        "at": one.at,
        "what": EVENT_LABELS.get(one.kind, one.kind),
        "who": f"{one.actor_label}{stands_for}",
        "title": facts.get("title") or facts.get("topic") or _("批量登记"),
        "url": _page_of(subject),
        "said": "；".join(said),
        "version": facts.get("version", ""),
    }


def _page_of(subject: str) -> str:
    kind, _sep, key = subject.partition(":")
    is_item = kind == "publication" and key.isdecimal()
    return reverse("disclosure:office_item", args=[key]) if is_item else ""


def release(one: Release, names: dict[int, str]) -> dict[str, Any]:
    """A line of the ledger of releases."""
    return {
        "id": one.id,
        "url": reverse("disclosure:release", args=[one.id]),
        "day": one.released_date,
        "title": one.title,
        "channel": one.channel.name,
        "line": Line(one.channel.line).label,
        "quantity": one.quantity,
        "measure": Measure(one.measure).label,
        "items": one.item_count,
        "organ": names.get(one.organisation_id, ""),
        "on_behalf_of": names.get(one.on_behalf_of_id or 0, ""),
        "way": _("自动") if one.is_automatic else _("人工"),
        "entered_at": one.entered_at,
        "entered_by": str(one.entered_by or _("系统")),
        "is_in_time": one.is_in_time,
        "evidence": "；".join(proof.text for proof in one.evidence.all()),
        "lacks_proof": one.channel.proof != "none" and not one.evidence.all(),
        "place": one.region.name if one.region else "",
        "item_url": _page_of(one.subject),
        "withdrawn_at": one.withdrawn_at,
        "withdrawn_reason": one.withdrawn_reason,
    }


RELEASE_COLUMNS = (
    ("day", "发布日期"),
    ("organ", "单位"),
    ("on_behalf_of", "代哪个单位"),
    ("channel", "渠道"),
    ("line", "统计口径"),
    ("title", "标题"),
    ("quantity", "数量"),
    ("measure", "单位（条份次时）"),
    ("items", "不同信息数"),
    ("way", "自动或人工"),
    ("entered_at", "登记时间"),
    ("entered_by", "登记人"),
    ("evidence", "凭证"),
    ("withdrawn_reason", "撤下原因"),
)
