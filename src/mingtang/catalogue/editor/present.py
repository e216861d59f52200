"""What the editor's pages show: an item's history told from the ledger, the acts on offer."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.accounts.rules import Scope
from mingtang.catalogue.editor import queries
from mingtang.catalogue.editor.forms import CommandForm, DiscardForm, ReasonForm
from mingtang.catalogue.models import Draft, Item, ItemStatus
from mingtang.catalogue.queries import ENQUIRY
from mingtang.catalogue.rules.drafts import DraftState
from mingtang.ledger.queries import Event

TITLES = {
    "item.published": gettext_lazy("发布"),
    "item.created": gettext_lazy("新建事项"),
    "item.draft_imported": gettext_lazy("由表格导入草稿"),
    "item.draft_opened": gettext_lazy("开始起草"),
    "item.draft_saved": gettext_lazy("保存草稿"),
    "item.draft_submitted": gettext_lazy("提交审核"),
    "item.draft_returned": gettext_lazy("退回修改"),
    "item.draft_discarded": gettext_lazy("放弃草稿"),
    "item.file_kept": gettext_lazy("上传文件"),
    "item.suspended": gettext_lazy("暂停办理"),
    "item.resumed": gettext_lazy("恢复办理"),
    "item.abolished": gettext_lazy("取消事项"),
    "item.moved": gettext_lazy("移交"),
}


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Each act in one line of the timeline, the newest last; blank savings are left out."""
    return [_entry(event) for event in events if not _says_nothing(event)]


def _says_nothing(event: Event) -> bool:
    """Savings without a change, and enquiries, of which there are many every day."""
    is_blank = event.kind == "item.draft_saved" and not event.facts.get("changed")
    return is_blank or event.kind == ENQUIRY


def _entry(event: Event) -> dict[str, Any]:
    title = str(TITLES.get(event.kind, _("其他记录")))
    who = " · ".join(part for part in (event.organisation_label, event.actor_label) if part)
    if event.acting_for_label:
        who += _("（代%(name)s）") % {"name": event.acting_for_label}
    if event.kind == "item.published":
        title = _("发布第 %(number)s 版") % {"number": event.facts["number"]}
    return {"title": title, "status": "done", "at": event.at, "who": who, "text": _text(event)}


def _text(event: Event) -> str:
    facts = event.facts
    if event.kind == "item.published":
        return str(facts["name"]) + ("" if "draft_id" in facts else _("（由表格导入）"))
    if event.kind == "item.created":
        return str(facts["name"])
    if event.kind == "item.draft_imported":
        return _("%(source)s 第 %(row)s 行") % {"source": facts["source"], "row": facts["row"]}
    if event.kind == "item.draft_saved":
        return _("改动：%(fields)s") % {"fields": "、".join(facts["changed"])}
    if event.kind == "item.file_kept":
        return str(facts["name"])
    if event.kind == "item.moved":
        return f"{facts['from']} → {facts['to']}。{facts['reason']}"
    return str(facts.get("reason", ""))


# ── acts ──────────────────────────────────────────────────────────────────────────────────────

ACTS: dict[str, tuple[Any, str, type[CommandForm]]] = {
    # verb in the address: label, tone, form
    "open": (gettext_lazy("起草新版本"), "primary", CommandForm),
    "submit": (gettext_lazy("提交审核"), "primary", CommandForm),
    "publish": (gettext_lazy("审核并发布"), "primary", CommandForm),
    "return": (gettext_lazy("退回修改"), "plain", ReasonForm),
    "discard": (gettext_lazy("放弃草稿"), "danger", DiscardForm),
    "suspend": (gettext_lazy("暂停办理"), "plain", ReasonForm),
    "resume": (gettext_lazy("恢复办理"), "plain", ReasonForm),
    "retire": (gettext_lazy("取消事项"), "danger", ReasonForm),
}
HELP = {
    "publish": gettext_lazy("发布后市民马上看到；已收的办件仍按原来的版本办。"),
    "retire": gettext_lazy("不再接收新的申请，已收的办件照常办完。"),
    "discard": gettext_lazy("写下的内容不会发布；历史里留下这一行动。"),
}


def verbs_for(scope: Scope, item: Item, draft: Draft | None) -> list[str]:
    """What this person may do with this item now."""
    found: list[str] = []
    reviews = queries.grant_over(scope, item, reviews=True) is not None
    if draft is None:
        found += ["open"] if item.status != ItemStatus.ABOLISHED else []
        if reviews:
            found += {
                ItemStatus.ACTIVE.value: ["suspend", "retire"],
                ItemStatus.SUSPENDED.value: ["resume", "retire"],
            }.get(item.status, [])
    elif draft.state == DraftState.DRAFT.value:
        found += ["submit", "discard"]
    elif queries.may_review(scope, item, draft):
        found += ["publish", "return"]
    return found


def acts(
    scope: Scope, item: Item, draft: Draft | None, refused: dict[str, CommandForm] | None = None
) -> list[dict[str, Any]]:
    """The acts as forms; one that was refused keeps what was typed."""
    return [
        {
            "verb": verb,
            "url": reverse("catalogue:draft_act", args=[item.code, verb]),
            "label": label,
            "tone": tone,
            "help": HELP.get(verb, ""),
            "form": (refused or {}).get(verb) or form(),
        }
        for verb in verbs_for(scope, item, draft)
        for label, tone, form in [ACTS[verb]]
    ]
