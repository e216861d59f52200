"""What pages show of letters. Where the pages about a letter stand."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.ids import parse_id
from mingtang.base.masking import mask_person_name
from mingtang.ledger.queries import Event
from mingtang.letters import queries
from mingtang.letters.rules.kinds import RATINGS, CallResult, Kind, Refusal, Source, Target
from mingtang.letters.rules.moves import State
from mingtang.outage import present as paper
from mingtang.timing import queries as timing
from mingtang.timing.queries import Clock
from mingtang.timing.rules import WorkingCalendar, clock_label, working_days_left

Row = dict[str, Any]

EVENT_TITLES = {
    "letter.filed": "收到来信",
    "letter.accepted": "受理",
    "letter.declined": "不予受理",
    "letter.transferred": "转其他渠道",
    "letter.dispatched": "交办",
    "letter.returned": "退回",
    "letter.taken": "签收办理",
    "letter.reported": "协办反馈",
    "letter.answered": "答复",
    "letter.extended": "延期",
    "letter.urged": "催办",
    "letter.directed": "督办",
    "letter.called_back": "回访",
    "letter.redone": "退回重办",
    "letter.closed": "办结",
    "letter.handed_back": "反馈 12345 热线",
    "letter.recused": "回避",
    "letter.reader_named": "指定可看的人",
    "letter.read": "查看举报",
    "letter.added": "来信人补充",
    "letter.rated": "评价",
    "letter.withdrawn": "撤回",
    **paper.titles("letter"),
    "letter.copy_drafted": "起草公开稿",
    "letter.copy_confirmed": "公开",
    "letter.copy_taken_down": "撤下公开稿",
    "letter.promoted": "写成常见问答",
    "letter.retired": "停用常见问答",
    "clock.recomputed": "工作日日历修订，重算期限",
}
# What a writer is shown of the history; who helps, urges and reads is the office's own.
SHOWN_TO_WRITER = (
    *("letter.filed", "letter.accepted", "letter.declined", "letter.transferred"),
    *("letter.dispatched", "letter.returned", "letter.taken", "letter.answered"),
    *("letter.extended", "letter.called_back", "letter.redone", "letter.closed"),
    *("letter.added", "letter.rated", "letter.withdrawn", "clock.recomputed"),
    "letter.paper_receipt_confirmed",
)


def page_of_letter(key: str, for_staff: bool) -> str | None:
    """The page of the subject `letter:KEY`; the public finds its own by number."""
    letter_id = parse_id(key)
    return reverse("letters:detail", args=[letter_id]) if for_staff and letter_id else None


def page_of_search(key: str, _for_staff: bool) -> str | None:
    """Public letters that some words find: the subject `letters_found:WORDS`."""
    if not queries.found_copies(key) and not queries.known_answers(key):
        return None
    return f"{reverse('letters:answered')}?{urlencode({'q': key})}"


def titles_of_letters(keys: Iterable[str]) -> dict[str, str]:
    """Number and kind: what a letter says is told to nobody here."""
    ids = {key: letter_id for key in keys if (letter_id := parse_id(key)) is not None}
    named = queries.numbers_of(list(ids.values()))
    return {
        key: f"{named[letter_id][0]} {Kind(named[letter_id][1]).label}"
        for key, letter_id in ids.items()
        if letter_id in named
    }


# ── rows ──────────────────────────────────────────────────────────────────────────────────────


def state(value: str) -> Row:
    found = State(value)
    return {"label": found.label, "tone": found.tone, "value": value}


def row(letter: queries.Letter, title: str, on: date, unit: str, calendar: WorkingCalendar) -> Row:
    """A line of the worklist; `title` as the reader may see it."""
    due = letter.next_due_date
    days = working_days_left(calendar, on, due) if due else None
    return {
        "id": letter.id,
        "number": letter.number,
        "title": title,
        "url": reverse("letters:detail", args=[letter.id]),
        "kind": Kind(letter.kind).label,
        "source": Source(letter.source).label,
        "state": state(letter.state),
        "unit": unit,
        "submitted": letter.submitted_at,
        "due": due,
        "light": timing.light_of(days).value if days is not None else "",
        "left_label": _left(days) if days is not None else "",
        "is_designated": letter.is_designated,
        "redone": letter.redone_count,
        "rating": RATINGS.get(letter.rating or 0, ""),
    }


def _left(left: int) -> str:
    if left < 0:
        return _("超期 %(days)s 个工作日") % {"days": -left}
    if left == 0:
        return _("今天到期")
    return _("剩 %(days)s 个工作日") % {"days": left}


def public_letter(letter: queries.Letter, unit: str) -> Row:
    """What the progress page says of a letter: the name is masked."""
    found = State(letter.state)
    return {
        "number": letter.number,
        "unit": unit,
        "kind": Kind(letter.kind).label,
        "source": Source(letter.source).label,
        "state": state(letter.state),
        "next_step": found.next_step,
        "writer": mask_person_name(letter.writer_name),
        "title": letter.title,
        "text": letter.text,
        "submitted": letter.submitted_at,
        "refusal": Refusal(letter.refusal) if letter.refusal else None,
        "target": Target(letter.target).label if letter.target else "",
        "target_reference": letter.target_reference,
        "end_note": letter.end_note,
        "rating": RATINGS.get(letter.rating or 0, ""),
        "can_rate": found in {State.ANSWERED, State.CLOSED} and letter.rating is None,
        "can_add": not found.is_ended,
        "can_withdraw": found.is_counted,
    }


def limit(clock: Clock | None, on: date, calendar: WorkingCalendar) -> Row | None:
    """The limit with why it is due when it is."""
    if clock is None:
        return None
    left = timing.days_left_of(clock, on)
    return {
        "label": clock_label(clock.kind),
        "headline": _left(left),
        "due": clock.state.due,
        "light": timing.light_of(left).value,
        "provisional": clock.state.provisional,
        "explain": timing.explain_clock(clock, calendar),
    }


def assists(found: queries.File, names: Mapping[int, str]) -> list[Row]:
    return [
        {
            "unit": names.get(one.organisation_id, ""),
            "words": one.words,
            "reported": one.reported_at,
        }
        for one in found.assists
    ]


def history(events: Iterable[Event], only: Iterable[str] | None = None) -> list[Row]:
    """What happened, latest last; to the writer no names of staff are told."""
    wanted = None if only is None else set(only)
    return [
        {
            "seq": event.seq,
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "at": event.at,
            "who": event.organisation_label + (event.actor_label if wanted is None else ""),
            "status": "done",
            "text": _told(event.facts),
        }
        for event in events
        if wanted is None or event.kind in wanted
    ]


def _told(facts: Mapping[str, Any]) -> str:
    if refusal := facts.get("refusal"):
        return Refusal(refusal).label
    if target := facts.get("target"):
        return Target(target).label
    if result := facts.get("result"):
        return CallResult(result).label
    if rating := facts.get("rating"):
        return RATINGS.get(rating, "")
    return ""
