"""Reads: what people ask about their data, what is held about them, who is on hold."""

from typing import Any

from mingtang.accounts.queries import person_with_posts
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.persons.holdings import told
from mingtang.persons.models import DataRequest, Hold, Reveal
from mingtang.persons.rules import Held, Reason, Who

SHOWN = 100
ELSEWHERE = {
    "title": "不在窗口提供",
    "facts": [["怎样查看", "请本人登录后在“我的个人信息”里下载副本。"]],
    "kept": "",
}


def who_is(person_id: int) -> Who:
    """Whose data, also of an account that was closed. Raises NotFound."""
    return Who(person_id, person_with_posts(person_id).identity_index)


def requests_of(person_id: int) -> list[DataRequest]:
    """What somebody asked, the latest first."""
    return list(DataRequest.objects.filter(person=person_id).order_by("-asked_at", "-id")[:SHOWN])


def data_requests(registered_by: int | None = None) -> list[DataRequest]:
    """Those without an answer by their limits, then those answered, the latest first; of one
    clerk, or all."""
    rows = DataRequest.objects.select_related("person", "registered_by", "decided_by")
    if registered_by is not None:
        rows = rows.filter(registered_by=registered_by)
    waiting = rows.filter(decided_at=None).order_by("due_date", "id")[:SHOWN]
    done = rows.filter(decided_at__isnull=False).order_by("-decided_at", "-id")[:SHOWN]
    return [*waiting, *done]


def data_request(request_id: int) -> DataRequest:
    """Raises NotFound."""
    rows = DataRequest.objects.select_related("person", "registered_by", "decided_by")
    found = rows.filter(id=request_id).first()
    if found is None:
        raise NotFound
    return found


def hold_on(person_id: int) -> Hold | None:
    return Hold.objects.filter(person=person_id, lifted_at=None).first()


def held_people() -> set[int]:
    """Of whom nothing is erased."""
    return set(Hold.objects.filter(lifted_at=None).values_list("person_id", flat=True))


def holds() -> list[Hold]:
    rows = Hold.objects.filter(lifted_at=None).select_related("person", "placed_by")
    return list(rows.order_by("placed_at", "id")[:SHOWN])


def copy_of(who: Who, *, at_counter: bool = False) -> list[dict[str, Any]]:
    """Everything that is held about somebody, by holder, and who had it shown:
    [{"label", "held": [{"title", "facts": [[name, value]], "kept"}]}]. `at_counter`: what no clerk
    may read is named and left out."""
    found = list(told(who))
    parts = [
        {
            "label": holder.label,
            "held": [ELSEWHERE]
            if at_counter and holder.is_for_own_eyes
            else [_as_told(one) for one in held],
        }
        for holder, held in found
    ]
    subjects = [one.subject for _, held in found for one in held if one.subject]
    rows = Reveal.objects.filter(subject__in=subjects).select_related("organisation")
    looks = [_look(row) for row in rows.order_by("revealed_at", "id")]
    return [*parts, {"label": "谁看过完整的号码", "held": looks}] if looks else parts


def _as_told(held: Held) -> dict[str, Any]:
    return {"title": held.title, "facts": [list(one) for one in held.facts], "kept": held.kept}


def _look(row: Reveal) -> dict[str, Any]:
    facts = [
        ["日期", legal_date(row.revealed_at).isoformat()],
        ["项数", str(row.field_count)],
        ["原因", Reason(row.reason).label],
    ]
    return {"title": row.subject, "facts": facts, "kept": "查看记录不能改、不能删。"}
