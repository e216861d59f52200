"""View of the day: what needs somebody now, what they watch, what they may do."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.rules import ROLE_LABELS, Role, Scope
from mingtang.base.clock import now
from mingtang.base.clock import today as this_day
from mingtang.cases import queries as cases
from mingtang.cases.views.common import rows_of
from mingtang.catalogue.editor import queries as editor
from mingtang.catalogue.queries import shelf
from mingtang.consultations import queries as consultations
from mingtang.disclosure import queries as disclosure
from mingtang.joint import queries as joint
from mingtang.ledger.queries import parked_count
from mingtang.letters import queries as letters
from mingtang.requests import queries as requests
from mingtang.screens.queries import devices as screens
from mingtang.screens.rules.devices import KEEPERS as SCREEN_KEEPERS
from mingtang.site import doors
from mingtang.site.context import unread
from mingtang.timing.queries import calendar_day_note, calendar_warning, current_calendar
from mingtang.timing.rules import WorkingCalendar
from mingtang.villages.queries import desk as villages

SHOWN = 5
# The lists of the desk, in the order in which they press: what is said of each here.
NEEDS = {
    "today": (gettext_lazy("今天到期和已过期的"), "warn"),
    "mine": (gettext_lazy("在我手上的环节"), "info"),
    "decide": (gettext_lazy("等我决定或批准"), "info"),
    "department": (gettext_lazy("本部门可以领取的环节"), "info"),
    "window": (gettext_lazy("窗口要收、要核、要送"), "info"),
}
WATCHES = {
    "todo": gettext_lazy("还没有决定的"),
    "overdue": gettext_lazy("超期的"),
    "soon": gettext_lazy("快到期的"),
    "waiting": gettext_lazy("等申请人的"),
    "deliver": gettext_lazy("等送达的"),
}
# The lists of those who publish (disclosure.queries.BASKETS) that wait for somebody.
TO_PUBLISH = {
    "overdue": (gettext_lazy("超过公开期限的信息"), "warn"),
    "review": (gettext_lazy("等我审核的公开信息"), "info"),
    "secrecy": (gettext_lazy("等我保密审查的信息"), "info"),
    "release": (gettext_lazy("等我发布的信息"), "info"),
}
# The lists of villages' disclosures that wait for somebody.
VILLAGES = {
    "write": gettext_lazy("要写的三务公开"),
    "examine": gettext_lazy("等我审查的三务公开"),
    "approve": gettext_lazy("等乡镇审核的三务公开"),
    "release": gettext_lazy("可以发布的三务公开"),
}


@staff()
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The first page of whoever works here. Every number leads to its list."""
    reader, on = scope(request), this_day()
    calendar = current_calendar()
    counts = cases.tab_counts(reader, on, also=("overdue", "soon")) if reader.reading() else {}
    context = {
        "who": reader.person_label,
        "roles": "、".join(dict.fromkeys(ROLE_LABELS[grant.role] for grant in reader.grants)),
        "on": on,
        "day_note": calendar_day_note(on, calendar),
        "warnings": [*_warnings(reader, on, calendar)],
        "needs": [*_needs(counts), *_other_needs(reader, on, counts), *_messages(request)],
        "urgent": _urgent(reader, counts, on, calendar),
        "watches": _watches(counts),
        "doors": doors.open_to(reader, (*doors.COUNTER, *doors.DESK, *doors.ELSEWHERE)),
    }
    return render(request, "site/today.html", context)


def _warnings(reader: Scope, on: date, calendar: WorkingCalendar) -> Iterator[str]:
    if warning := calendar_warning(on, calendar):
        yield warning
    if reader.has_role([Role.SYSTEM_ADMIN]) and (parked := parked_count()):
        yield _("有 %(count)s 条几次都没有处理成功。请在服务器上运行 mingtang doctor 查看。") % {
            "count": parked
        }


def _need(label: str, count: int | str, url: str, tone: str = "info") -> dict[str, Any]:
    return {"label": label, "count": count, "url": url, "tone": tone}


def _needs(counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for tab, (label, tone) in NEEDS.items():
        if counts.get(tab):
            yield _need(str(label), cases.shown(counts[tab]), _list(tab), tone)


def _list(tab: str) -> str:
    return f"{reverse('cases:desk')}?tab={tab}"


def _other_needs(reader: Scope, on: date, counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """What is no case: slips to sign, drafts, what is to be published, requests to answer."""
    if count := counts.get(cases.SLIPS):
        yield _need(_("等我方签收的原件交接单"), cases.shown(count), reverse("cases:originals"))
    if reader.reading() and (count := joint.bounced_count(reader)):
        yield _need(_("退回窗口的并联件"), count, f"{reverse('joint:desk')}?tab=bounced", "warn")
    if reader.has_role(editor.AUTHORS):
        waiting, items = editor.waiting_counts(reader), reverse("catalogue:edit_list")
        if reader.has_role(editor.REVIEWERS) and waiting["in_review"]:
            yield _need(_("等审核的事项草稿"), waiting["in_review"], f"{items}?state=in_review")
        if waiting["draft"]:
            yield _need(_("起草中的事项草稿"), waiting["draft"], f"{items}?state=draft")
    yield from _publishing_needs(reader, on)
    yield from _hall_needs(reader)
    yield from _village_needs(reader, on)
    yield from _asking_needs(reader, on)
    if answering := requests.units_of(reader):
        open_count, late = requests.pressing(answering, on)
        desk = reverse("requests:desk")
        if late:
            yield _need(_("已过期限的信息公开申请"), late, desk, "warn")
        if open_count - late:
            yield _need(_("在办的信息公开申请"), open_count - late, desk)
    yield from _letter_needs(reader, on)


def _letter_needs(reader: Scope, on: date) -> Iterator[dict[str, Any]]:
    waiting, desk = letters.waiting(reader, on), reverse("letters:desk")
    register, readers = reverse("letters:register"), reverse("letters:readers")
    answered = f"{register}?state=answered"
    needs = (
        (_("没有人可以看的举报，请指定"), waiting.unread_tip_offs, readers, "warn"),
        (_("已过期限的来信"), waiting.late, desk, "warn"),
        (_("等受理的来信"), waiting.new, f"{desk}?tab=new", "info"),
        (_("在办的来信"), waiting.open, desk, "info"),
        (_("等回访的来信"), waiting.answered, answered, "info"),
        (_("等我确认的公开稿"), waiting.copies, f"{register}?copy=waiting", "info"),
        (_("没有成为来信的邮件"), waiting.mails, reverse("letters:mails"), "info"),
    )
    for label, count, url, tone in needs:
        if count:
            yield _need(label, count, url, tone)


def _village_needs(reader: Scope, on: date) -> Iterator[dict[str, Any]]:
    """What villages owe: late first; then what waits for committee, township, an answer."""
    if not reader.has_role(villages.READERS):
        return
    desk, late = reverse("village_office:desk"), villages.late_count(reader, on)
    if late:
        yield _need(_("超过公开期限的三务公开"), late, f"{desk}?tab=write", "warn")
    tabs = villages.tabs_of(reader)
    for key, label in VILLAGES.items():
        if count := tabs.get(key, 0) - (late if key == "write" else 0):
            yield _need(str(label), count, f"{desk}?tab={key}")
    if loosened := villages.limits_to_agree(reader):
        url = reverse("village_office:own_limits", args=[loosened[0]])
        yield _need(_("等我同意的放宽时限（村）"), len(loosened), url)
    if count := len(villages.objections_for(reader)):
        yield _need(_("要答复的村民异议"), count, desk, "warn")


def _asking_needs(reader: Scope, on: date) -> Iterator[dict[str, Any]]:
    """What the public has said and nobody has answered; results that are owed."""
    if not (units := consultations.units_of(reader)):
        return
    found, desk = consultations.pressing(units, now(), on), reverse("consultations:office")
    if found.late:
        yield _need(_("逾期没有公布结果的征集调查"), found.late, desk, "warn")
    if found.due:
        yield _need(_("等公布结果的征集调查"), found.due, desk)
    if found.comments:
        yield _need(_("等核看、答复的意见和提问"), found.comments, desk)


def _hall_needs(reader: Scope) -> Iterator[dict[str, Any]]:
    if reader.has_role(SCREEN_KEEPERS) and (count := screens.troubled_count(reader, now())):
        yield _need(_("大厅屏幕没有心跳或被冒用"), count, reverse("screens:devices"), "warn")
    if count := shelf.needing(reader):
        yield _need(_("取阅架上要补、要换的办事指南"), count, reverse("catalogue:shelf"), "warn")


def _publishing_needs(reader: Scope, on: date) -> Iterator[dict[str, Any]]:
    counts = disclosure.basket_counts(reader, on)
    for key, (label, tone) in TO_PUBLISH.items():
        if counts.get(key):
            yield _need(str(label), counts[key], f"{reverse('disclosure:desk')}?list={key}", tone)


def _messages(request: HttpRequest) -> Iterator[dict[str, Any]]:
    if count := unread(request):
        yield _need(_("没有看过的消息"), count, reverse("messages:inbox"))


def _urgent(
    reader: Scope, counts: Mapping[str, int], on: date, calendar: WorkingCalendar
) -> dict[str, Any] | None:
    """The first of the list that is most one's own, soonest due first."""
    own = [tab for tab in ("mine", "decide", "window", "department", "todo") if counts.get(tab)]
    if not own:
        return None
    page = cases.worklist(reader, own[0], on)
    label = NEEDS[own[0]][0] if own[0] in NEEDS else WATCHES[own[0]]
    rows = rows_of(page.rows[:SHOWN], "cases:detail", calendar)
    count = cases.shown(counts[own[0]])
    return {"label": label, "rows": rows, "url": _list(own[0]), "count": count}


def _watches(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"label": label, "count": cases.shown(counts[tab]), "url": _list(tab)}
        for tab, label in WATCHES.items()
        if tab in counts
    ]
