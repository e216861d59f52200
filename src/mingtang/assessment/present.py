"""What pages show of assessment, and where the pages about it stand."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.assessment import queries
from mingtang.assessment.rules.observations import ObservationKind
from mingtang.assessment.rules.periods import Period, period_before, period_of
from mingtang.assessment.rules.ranking import band_label
from mingtang.assessment.rules.schemes import (
    ZERO,
    Cycle,
    Indicator,
    Kind,
    Scheme,
    TargetKind,
    percent,
)
from mingtang.assessment.rules.sheets import SheetState
from mingtang.assessment.rules.sources import SOURCES
from mingtang.assessment.rules.written import spelt
from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.base.subjects import url_of

Row = dict[str, Any]


def page_of_sheet(key: str, for_staff: bool) -> str | None:
    """The page of the subject `sheet:KEY`; the public has none."""
    sheet_id = parse_id(key)
    if not for_staff or sheet_id is None or not queries.sheet_subject(sheet_id):
        return None
    return reverse("assessment:sheet", args=[key])


def last_period(cycle: str, on: date) -> str:
    return period_before(Cycle(cycle), on).code


def period_of_sheet(sheet: Any) -> Period:
    return period_of(Cycle(sheet.scheme.cycle), sheet.period)


# ── periods ───────────────────────────────────────────────────────────────────────────────────


def round_row(one: queries.Round) -> Row:
    return {
        "name": one.name,
        "period": one.period.label,
        "count": one.count,
        "state": one.state.label,
        "tone": one.state.tone,
        "url": reverse("assessment:round", args=[one.code, one.period.code]),
    }


def round_head(sheet: Any) -> Row:
    state = SheetState(sheet.state)
    return {
        "name": sheet.scheme.name,
        "code": sheet.code,
        "period": period_of_sheet(sheet).label,
        "period_code": sheet.period,
        "state": state.label,
        "tone": state.tone,
        "objections_due": sheet.objections_due_date,
        "version": sheet.scheme.version,
        "has_head": queries.content_of(sheet.scheme).head_share != 1,
    }


def round_acts(sheet: Any, today: date) -> list[Row]:
    """What the office may do with a period now."""
    acts = {
        "refresh": (_("重新取数"), "plain", "", sheet.state != SheetState.LOCKED),
        "publish": (
            _("公示，听取异议"),
            "primary",
            _("公示以后各单位都能看到自己的考核表，并在异议期内提出异议。公示不能收回。"),
            sheet.state == SheetState.DRAFT,
        ),
        "lock": (
            _("锁定"),
            "primary",
            _("锁定以后得分不再变动，也不能解锁。以后来源有变化，只作为差异显示。"),
            sheet.state == SheetState.PUBLISHED and sheet.objections_due_date < today,
        ),
    }
    return [
        {
            "label": label,
            "tone": tone,
            "asks": asks,
            "url": reverse("assessment:act", args=[sheet.code, sheet.period, act]),
        }
        for act, (label, tone, asks, is_possible) in acts.items()
        if is_possible
    ]


def groups(rows: Iterable[queries.Placed]) -> list[Row]:
    """The sheets group by group, each a table."""
    found = []
    for band, members in groupby(rows, key=lambda one: one.ranked.band):
        listed = list(members)
        bands = queries.content_of(listed[0].sheet.scheme).bands
        is_idle = all(one.sheet.volume == 0 for one in listed) and bool(bands)
        shown = [_placed(one) for one in listed]
        found.append({"label": band_label(bands, band), "rows": shown, "is_idle": is_idle})
    return found


def _placed(one: queries.Placed) -> Row:
    sheet = one.sheet
    return {
        "label": sheet.target_label,
        "url": reverse("assessment:sheet", args=[sheet.id]),
        "place": one.ranked.place,
        "of": one.ranked.of,
        "total": sheet.total,
        "head_total": sheet.head_total,
        "stars": "★" * one.ranked.stars,
        "star_count": one.ranked.stars,
        "has_flag": one.ranked.has_flag,
        "is_vetoed": sheet.is_vetoed,
        "volume": sheet.volume,
    }


def certificate(found: Any) -> Row | None:
    """红旗窗口 of a locked sheet, as its certificate says it; None where it earned none."""
    if found.state != SheetState.LOCKED:
        return None
    one = queries.placed_one(found)
    if not one.ranked.has_flag:
        return None
    bands = queries.content_of(found.scheme).bands
    return {
        "sheet": found,
        "period": period_of_sheet(found).label,
        "scheme_name": found.scheme.name,
        "total": found.total,
        "group": band_label(bands, one.ranked.band) if bands else "",
        "place": one.ranked.place,
        "is_window": found.target_kind == TargetKind.WINDOW,
        "issuer": queries.locked_by_office(found),
        "issued_on": legal_date(found.locked_at),
    }


# ── a sheet ───────────────────────────────────────────────────────────────────────────────────


def sheet(found: Any) -> Row:
    """A sheet with its lines, and what its sources say otherwise today."""
    scheme = queries.content_of(found.scheme)
    rows = queries.scores_of(found)
    named = {one.key: one for one in scheme.indicators}
    return {
        "sheet": found,
        "round": round_head(found),
        "rows": [_line(found, named[row.key], row) for row in rows],
        "base": scheme.base or None,
        "cap": spelt(scheme.cap),
        "differences": [_difference(one) for one in _differences(found, scheme, rows)],
    }


def _line(found: Any, one: Indicator, row: Any) -> Row:
    return {
        "name": one.name,
        "kind": Kind(one.kind).label,
        "measured": _measured(one, row),
        "weight": spelt(row.weight) if one.weight else "",
        "points": row.points,
        "is_loss": row.points is not None and row.points < row.weight,
        "count": len(row.evidence),
        "url": reverse("assessment:line", args=[found.id, row.key]),
    }


def _measured(one: Indicator, row: Any) -> str:
    """What a source found: 93.75%（90/96） · 3 · 没有办件"""
    if not one.source:
        return ""
    if row.of is None:
        return queries.spoken(row.value, None)
    if not row.of:
        return _("没有办件")
    return f"{percent(row.value / row.of)}（{queries.spoken(row.value, row.of)}）"


def _differences(found: Any, scheme: Scheme, rows: list[Any]) -> list[queries.Difference]:
    wanted = [queries.Target(found.target_id, found.target_label, found.organisation_id)]
    reading = queries.read_ledger(period_of_sheet(found), TargetKind(scheme.target), wanted)
    return queries.differences(scheme, rows, reading.measures[found.target_id])


def _difference(one: queries.Difference) -> Row:
    return {
        "name": one.name,
        "kept": one.kept,
        "now": one.now,
        "added": [_event(*row) for row in one.added[:SHOWN]],
        "removed": [_event(*row) for row in one.removed[:SHOWN]],
    }


SHOWN = 200


def _event(stream: str, seq: int, on: str, what: str) -> Row:
    return {
        "on": date.fromisoformat(on),
        "what": what,
        "subject": f"{stream}#{seq}",
        "url": url_of(stream, for_staff=True),
    }


def line(found: Any, key: str) -> Row | None:
    """One line with the events behind it."""
    row = next((one for one in queries.scores_of(found) if one.key == key), None)
    one = queries.content_of(found.scheme).indicator(key)
    if row is None or one is None:
        return None
    source = SOURCES.get(one.source)
    return {
        "sheet": found,
        "round": round_head(found),
        "row": _line(found, one, row),
        "source": source.label if source else "",
        "events": [_event(*each) for each in row.evidence[:SHOWN]],
        "more_count": max(len(row.evidence) - SHOWN, 0),
    }


def lines_by_hand(found: Any) -> list[tuple[str, str]]:
    indicators = queries.content_of(found.scheme).indicators
    return [(one.key, one.name) for one in indicators if one.kind == Kind.MANUAL]


def all_lines(found: Any) -> list[tuple[str, str]]:
    return [(one.key, one.name) for one in queries.content_of(found.scheme).indicators]


def entries(found: Any, editor_id: int | None) -> list[Row]:
    """Points by hand; `editor_id`: who might confirm them, if anybody."""
    names = dict(all_lines(found))
    is_open = found.state != SheetState.LOCKED
    rows = queries.entries_of(found)
    files = queries.files_of_entries(rows)
    return [
        {
            "id": str(one.id),
            "name": names.get(one.key, one.key),
            "points": one.points,
            "reason": one.reason,
            "evidence": one.evidence,
            "files": [_file(found, upload) for upload in files.get(one.stream, ())],
            "entered_by": one.entered_by.name,
            "entered_at": one.entered_at,
            "confirmed_by": one.confirmed_by.name if one.confirmed_by else "",
            "confirm_url": reverse("assessment:confirm", args=[found.id, one.id])
            if is_open
            and one.confirmed_at is None
            and editor_id is not None
            and editor_id != one.entered_by_id
            else "",
        }
        for one in rows
    ]


def _file(found: Any, upload: Any) -> Row:
    return {
        "name": upload.original_name,
        "url": reverse("assessment:file", args=[found.id, upload.id]),
    }


def objections(found: Any, may_answer: bool) -> list[Row]:
    names = dict(all_lines(found))
    return [
        {
            "id": str(one.id),
            "about": names.get(one.key, _("整张考核表")),
            "text": one.text,
            "by": one.objected_by.name,
            "at": one.objected_at,
            "answer": one.answer,
            "is_upheld": one.is_upheld,
            "answer_url": reverse("assessment:answer", args=[found.id, one.id])
            if may_answer and one.answered_at is None
            else "",
        }
        for one in queries.objections_of(found)
    ]


# ── schemes ───────────────────────────────────────────────────────────────────────────────────


def scheme_row(one: queries.SchemeLine) -> Row:
    row = one.latest
    return {
        "name": row.name,
        "code": row.code,
        "cycle": Cycle(row.cycle).label,
        "target": TargetKind(row.target_kind).label,
        "version": row.version,
        "version_on": one.version_on,
        "url": reverse("assessment:scheme", args=[row.code, one.version_on or row.version]),
    }


def scheme(row: Any, content: Scheme) -> Row:
    """A version as its page shows it. `content`: as it is being typed."""
    whole = content.base + sum((one.weight for one in content.indicators), ZERO)
    on = queries.switched_on().get(row.code)
    return {
        "row": row,
        "cycle": Cycle(row.cycle).label,
        "target": TargetKind(row.target_kind).label,
        "content": content,
        "is_on": on == row.id,
        "whole": spelt(whole),
        "is_whole": whole == content.full,
        "indicators": [_indicator(one) for one in content.indicators],
        "versions": [
            {
                "version": one.version,
                "at": one.written_at,
                "by": one.written_by.name if one.written_by else _("系统示例"),
                "url": reverse("assessment:scheme", args=[one.code, one.version]),
                "is_on": one.id == on,
                "is_here": one.id == row.id,
            }
            for one in queries.versions(row.code)
        ],
    }


def _indicator(one: Indicator) -> Row:
    source = SOURCES.get(one.source)
    return {
        "name": one.name,
        "kind": Kind(one.kind).label if one.is_known else one.kind,
        "source": source.label if source else (one.source or _("人工")),
        "weight": spelt(one.weight) if one.weight else "",
        "per": spelt(one.per) if one.per else "",
    }


def trial(before: Scheme, after: Scheme, on: date) -> Row:
    """How the last period's ranking would change."""
    period = period_before(Cycle(after.cycle), on)
    rows = [_moved(one) for one in queries.compared(before, after, period)]
    return {
        "trial_period": period.label,
        "moved_count": sum(row["is_moved"] for row in rows),
        "moved": [row for row in rows if row["is_moved"]],
        "unmoved": [row for row in rows if not row["is_moved"]],
    }


def _moved(one: queries.Moved) -> Row:
    return {
        "label": one.label,
        "band": one.after.band,
        "before": one.before.total,
        "after": one.after.total,
        "place_before": one.before.ranked.place,
        "place_after": one.after.ranked.place,
        "is_moved": one.is_moved,
    }


# ── observations ──────────────────────────────────────────────────────────────────────────────


def observation(one: Any, reader_id: int | None, is_observer: bool) -> Row:
    kind = ObservationKind(one.kind)
    may = one.person_id == reader_id if kind.is_patrol else is_observer
    may = may and one.confirmed_at is None and one.entered_by_id != reader_id
    return {
        "id": str(one.id),
        "kind": kind.label,
        "on": one.seen_date,
        "time": one.seen_time,
        "who": one.person.name if one.person else "",
        "window": one.window.number if one.window else "",
        "place": one.place,
        "note": one.note,
        "entered_by": one.entered_by.name,
        "confirmed_by": one.confirmed_by.name if one.confirmed_by else "",
        "waits_for": _("等当事人确认") if kind.is_patrol else _("等第二人确认"),
        "confirm_url": reverse("assessment:confirm_observation", args=[one.id]) if may else "",
    }
