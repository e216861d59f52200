"""What an event says to the applicant's side, and who that is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from django.conf import settings

from mingtang.accounts.queries import proxies_of
from mingtang.base.clock import legal_date
from mingtang.base.subjects import url_of
from mingtang.cases.followers.notes import (
    Note,
    Words,
    before,
    dues,
    handled_before,
    is_leading,
    moved,
)
from mingtang.cases.models import Case
from mingtang.cases.rules import (
    ApplicantKind,
    GivenWay,
    HandOverWay,
    Outcome,
    PauseReason,
    TerminationReason,
)
from mingtang.cases.rules.fees import yuan
from mingtang.cases.services import needs_licence
from mingtang.cases.services.common import chinese, profile
from mingtang.ledger.queries import Event
from mingtang.regions import queries as regions
from mingtang.timing.rules import ClockKind


def people(case: Case, event: Event) -> list[int]:
    """Whose inbox it comes to: who filed, and whoever may act for the enterprise that day."""
    found = [case.applicant_person_id] if case.applicant_person_id else []
    if case.applicant_kind == ApplicantKind.LEGAL.value:
        found += proxies_of(case.identity_number, legal_date(event.at))
    return list(dict.fromkeys(found))


def phone(case: Case) -> str:
    """Where an SMS goes: to the proxy who filed, if there is one with a phone."""
    return (case.proxy_phone if case.proxy_name else "") or case.phone


def notes(case: Case, event: Event) -> Iterator[Note]:
    if event.kind == "clock.recomputed":
        for kind, words in moved(case, event):
            said = _always(case, event) | words
            yield Note(event.kind, said, part=kind.value, is_urgent=is_leading(case, kind))
        return
    say = _SAID.get(event.kind)
    if say:
        said = _always(case, event) | say(case, event)
        yield Note(_occasion_of(event), said)
    of_whole = event.facts.get("joint")  # what was promised for the whole, the whole tells
    if event.facts.get("deferred") and event.kind == "case.accepted" and not of_whole:
        yield Note("case.material_deferred", _always(case, event) | _deferred(case))


def _occasion_of(event: Event) -> str:
    if event.facts.get("is_after_acceptance"):
        return "case.more_asked"
    is_first = event.kind == "case.accepted" and ClockKind.PRE_EXAMINATION in dues(event)
    return "case.accepted_below" if is_first else event.kind


def _always(case: Case, event: Event) -> Words:
    on = legal_date(event.at)
    unit = int(event.facts.get("organisation_id") or case.organisation_id)  # that had it then
    return {
        "number": case.number,
        "item": case.edition.name,
        "applicant": case.applicant_name,
        "unit": regions.name_of(unit, on),
        "where": _where(case, on),
        "hotline": settings.MINGTANG_HOTLINE,
    }


def _where(case: Case, on: date) -> str:
    """The window to go to: where the application was taken in, a township's perhaps."""
    place = case.intake_organisation_id or case.organisation_id
    windows = regions.windows_serving(place)
    if not windows:
        return f"{regions.name_of(place, on)}窗口"
    return windows[0].spoken


# ── what each event says ──────────────────────────────────────────────────────────────────────


def _receipt(case: Case, event: Event) -> Words:
    return {"by": before(dues(event).get(ClockKind.COMPLETENESS))}


def _submitted(case: Case, event: Event) -> Words:
    words = _receipt(case, event)
    return {**words, "bring": _bring(case, event, words["by"])}


def _bring(case: Case, event: Event, by: str) -> str:
    """A paragraph more where papers are still to be brought."""
    first = case.submissions.order_by("number").first()
    given = first.materials.order_by("id") if first else []
    names = [one.name for one in given if one.way == GivenWay.TO_BRING.value]
    if not names:
        return ""
    return (
        f"\n\n还要请您{by}把这些材料带到{_where(case, legal_date(event.at))}：\n\n{_listed(names)}"
    )


def _reminded(case: Case, event: Event) -> Words:
    """Where the days differ, each paper says its own."""
    names, first = event.facts["materials"], event.facts["due"]
    told = event.facts.get("dues") or [first] * len(names)  # older events know the first alone
    days = [before(date.fromisoformat(one)) for one in told]
    if len(set(days)) == 1:
        return {"what": _listed(names), "by": days[0]}
    lines = [f"{name}（{day}）" for name, day in zip(names, days, strict=True)]
    return {"what": _listed(lines), "by": "、".join(dict.fromkeys(days)) + "分别"}


def _correction(case: Case, event: Event) -> Words:
    """All that is missing, as the notice lists it: 《行政许可法》第三十二条."""
    asked = case.corrections.get(round=event.facts["round"])
    lines = [f"{line['name']}：{line['text'] or '请补交'}" for line in asked.missing]
    told = event.facts.get("due")
    due = date.fromisoformat(told) if told else dues(event).get(ClockKind.CORRECTION)
    return {"what": _listed([*lines, asked.note]), "by": before(due, "尽快")}


def _listed(lines: Sequence[str]) -> str:
    said = [line for line in lines if line]
    if len(said) == 1:
        return said[0]
    return "\n".join(f"{place}. {line}" for place, line in enumerate(said, 1))


def _incomplete(case: Case, event: Event) -> Words:
    due = dues(event).get(ClockKind.CORRECTION)
    return {"what": event.facts["note"], "by": before(due, "尽快")}


def _accepted(case: Case, event: Event) -> Words:
    told = dues(event)
    names = {
        ClockKind.PRE_EXAMINATION: "{}初审完毕并上报，由上一级决定。",
        ClockKind.PROMISED: "承诺{}办结。",
        ClockKind.STATUTORY: "法定{}办结。",
    }
    limits = [text.format(before(told[kind])) for kind, text in names.items() if kind in told]
    return {"limits": "".join(limits), "by": handled_before(case, event)}


def _deemed_accepted(case: Case, event: Event) -> Words:
    since = chinese(date.fromisoformat(event.facts["since"]))
    return {**_accepted(case, event), "since": since, "done": _done(event)}


def _done(event: Event) -> str:
    """What the day that is told is the end of."""
    return "初审上报" if ClockKind.PRE_EXAMINATION in dues(event) else "办结"


def _referred_up(case: Case, event: Event) -> Words:
    return {**_accepted(case, event), "decider": event.facts["to_label"]}


def _deferred(case: Case) -> Words:
    rows = list(case.deferred.order_by("due_date", "id"))
    lines = [f"{row.name}（{before(row.due_date)}）" for row in rows]
    return {"what": _listed(lines), "by": before(rows[0].due_date)}


def _reason(case: Case, event: Event) -> Words:
    return {"reason": event.facts["reason"]}


def _declined(case: Case, event: Event) -> Words:
    remedies = profile(case).remedies
    return {**_reason(case, event), "competent": event.facts["competent"], "remedies": remedies}


def _paused(case: Case, event: Event) -> Words:
    return {
        "kind": PauseReason(event.facts["why"]).label,
        "days": str(event.facts["days"]),
        "reason": event.facts["note"],
        "by": before(dues(event).get(ClockKind.PAUSE)),
    }


def _resumed(case: Case, event: Event) -> Words:
    done = _done(event)
    return {"by": handled_before(case, event), "done": done, "result": event.facts["result"]}


def _extended(case: Case, event: Event) -> Words:
    days, reason = str(event.facts["days"]), event.facts["note"]
    return {"by": before(dues(event).get(ClockKind.STATUTORY)), "days": days, "reason": reason}


def _collect(case: Case, event: Event, what: str = "") -> str:
    """How the applicant comes by the result, in the way that they chose."""
    if case.wanted_way == HandOverWay.POST.value:
        return f"{what or '结果'}会寄到您留的地址，请留意查收"
    if case.wanted_way == HandOverWay.PROXY.value:
        who = "请您的代理人带身份证和委托书"
    else:
        who = "请带身份证"
    return f"{who}到{_where(case, legal_date(event.at))}领取{what}"


def _granted(case: Case, event: Event) -> Words:
    outcome = Outcome(event.facts["outcome"])
    remedies = "" if outcome is Outcome.GRANTED else profile(case).remedies
    told = {"result": outcome.label, "reason": event.facts["reason"], "remedies": remedies}
    return told | _ready(case, event)


def _ready(case: Case, event: Event) -> Words:
    """A licence has to be made first; anything else is ready with the decision."""
    waits = needs_licence(case)
    return {"next": "证照做好后再通知您领取" if waits else _collect(case, event)}


def _refused(case: Case, event: Event) -> Words:
    return {
        "reason": event.facts["reason"],
        "basis": event.facts["legal_basis"],
        "next": _collect(case, event, "决定书"),
        "remedies": profile(case).remedies,
    }


def _issued(case: Case, event: Event) -> Words:
    return {"licence": event.facts["licence_number"], "next": _collect(case, event)}


def _delivered(case: Case, event: Event) -> Words:
    way = HandOverWay(event.facts["way"])
    note = f"，邮件号码 {case.delivered_note}" if way is HandOverWay.POST else ""
    return {"way": _WAYS[way] + note, "rate": _invitation(case)}


def _invitation(case: Case) -> str:
    """A line more where the service can be rated: whose page that is, another app knows."""
    return RATE if url_of(f"rating:{case.id}") else ""


RATE = "\n\n这次服务您满意吗？请打开这件办件，点“评价这次服务”。"
_WAYS = {
    HandOverWay.WINDOW: "在窗口领取",
    HandOverWay.POST: "寄出",
    HandOverWay.PROXY: "由代理人领取",
}


def _charged(case: Case, event: Event) -> Words:
    charge = case.charges.get(id=int(event.facts["charge_id"]))
    return {
        "sum": yuan(event.facts["cents"]),
        "what": "、".join(line["name"] or "费用" for line in charge.lines),
        "note": "缴清以后才能拿到结果。" if charge.blocks_issue else "",
    }


def _refunded(case: Case, event: Event) -> Words:
    return {"sum": yuan(event.facts["cents"]), "reason": event.facts["reason"]}


def _withdrawn(case: Case, event: Event) -> Words:
    return {}


def _terminated(case: Case, event: Event) -> Words:
    kind = TerminationReason(event.facts["why"]).label
    return {**_reason(case, event), "kind": kind, "remedies": profile(case).remedies}


def _reopened(case: Case, event: Event) -> Words:
    told = dues(event)
    if ClockKind.CORRECTION in told:
        following = f"请{before(told[ClockKind.CORRECTION])}补齐材料"
    elif ClockKind.COMPLETENESS in told:
        following = f"{before(told[ClockKind.COMPLETENESS])}告诉您是否受理"
    else:
        following = f"{handled_before(case, event)}{_done(event)}"
    return {**_reason(case, event), "next": following}


_SAID: Mapping[str, Callable[[Case, Event], Words]] = {
    "case.submitted": _submitted,
    "case.taken_in": _receipt,
    "case.correction_asked": _correction,
    "case.found_incomplete": _incomplete,
    "case.accepted": _accepted,
    "case.referred_up": _referred_up,
    "case.deferred_reminded": _reminded,
    "case.deemed_accepted": _deemed_accepted,
    "case.not_required": _reason,
    "case.declined": _declined,
    "case.returned": _reason,
    "case.paused": _paused,
    "case.resumed": _resumed,
    "case.extended": _extended,
    "case.granted": _granted,
    "case.refused": _refused,
    "case.deemed_granted": _ready,
    "case.issued": _issued,
    "case.delivered": _delivered,
    "case.charged": _charged,
    "case.refunded": _refunded,
    "case.withdrawn": _withdrawn,
    "case.terminated": _terminated,
    "case.reopened": _reopened,
}
KINDS = frozenset({*_SAID, "clock.recomputed"})
