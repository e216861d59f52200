"""What the editor's pages show: the acts on offer, a route's history, its faults with the way to
each place."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.accounts.rules import Scope
from mingtang.catalogue.editor.present import HELP
from mingtang.catalogue.rules.drafts import DraftState, SamePerson, check_second_person
from mingtang.joint.editor.forms import CommandForm, DiscardForm, ReasonForm
from mingtang.joint.rules.checks import Fault
from mingtang.joint.rules.route import Route
from mingtang.ledger.queries import Event

TITLES = {
    "route.created": gettext_lazy("新建路线"),
    "route.draft_shipped": gettext_lazy("载入随系统附带的草稿"),
    "route.draft_opened": gettext_lazy("开始起草"),
    "route.draft_saved": gettext_lazy("保存草稿"),
    "route.bpmn_imported": gettext_lazy("由 BPMN 文件读入"),
    "route.draft_submitted": gettext_lazy("提交审核"),
    "route.draft_returned": gettext_lazy("退回修改"),
    "route.draft_discarded": gettext_lazy("放弃草稿"),
}
ACTS: dict[str, tuple[Any, str, type[CommandForm]]] = {
    # verb in the address: label, tone, form
    "open": (gettext_lazy("起草新版本"), "primary", CommandForm),
    "submit": (gettext_lazy("提交审核"), "primary", CommandForm),
    "publish": (gettext_lazy("审核并发布"), "primary", CommandForm),
    "return": (gettext_lazy("退回修改"), "plain", ReasonForm),
    "discard": (gettext_lazy("放弃草稿"), "danger", DiscardForm),
}
HELPS = {
    "publish": gettext_lazy("发布后新的并联件按新版本办；已收的仍按原来的版本办。"),
    "discard": HELP["discard"],
}


def verbs_for(scope: Scope, draft: Any) -> list[str]:
    """What this person may do with a route now."""
    if draft is None:
        return ["open"]
    if draft.state == DraftState.DRAFT.value:
        return ["submit", "discard"]
    try:
        check_second_person(str(scope.person_id), draft.author_ids)
    except SamePerson:
        return []
    return ["publish", "return"]


def acts(
    scope: Scope, code: str, draft: Any, refused: Mapping[str, CommandForm]
) -> list[dict[str, Any]]:
    """The acts as forms; one that was refused keeps what was typed."""
    return [
        {
            "verb": verb,
            "url": reverse("routes:act", args=[code, verb]),
            "label": label,
            "tone": tone,
            "help": HELPS.get(verb, ""),
            "form": refused.get(verb) or form(),
        }
        for verb in verbs_for(scope, draft)
        for label, tone, form in [ACTS[verb]]
    ]


def faults(found: Iterable[Fault], route: Route, code: str) -> list[dict[str, Any]]:
    """Each fault with the address of its row in the editor."""
    stages = {stage.key: number for number, stage in enumerate(route.stages)}
    nodes = {node.key: number for number, (_stage, node) in enumerate(route.nodes())}
    edit = reverse("routes:edit", args=[code])
    shown = []
    for one in found:
        place = "nodes"
        if one.node in nodes:
            place = f"id_nodes-{nodes[one.node]}-name"
        elif one.stage in stages:
            place = f"id_stages-{stages[one.stage]}-name"
        shown.append(
            {
                "place": one.place,
                "text": one.text,
                "is_error": one.is_error,
                "url": f"{edit}#{place}",
            }
        )
    return shown


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Each act in one line of the timeline, the newest last; blank savings are left out."""
    return [
        _entry(event)
        for event in events
        if event.kind != "route.draft_saved" or event.facts.get("changed")
    ]


def _entry(event: Event) -> dict[str, Any]:
    title = str(TITLES.get(event.kind, _("其他记录")))
    if event.kind == "route.published":
        title = _("发布第 %(number)s 版") % {"number": event.facts["number"]}
    who = " · ".join(part for part in (event.organisation_label, event.actor_label) if part)
    if event.acting_for_label:
        who += _("（代%(name)s）") % {"name": event.acting_for_label}
    return {"title": title, "status": "done", "at": event.at, "who": who, "text": _text(event)}


def _text(event: Event) -> str:
    facts = event.facts
    if event.kind == "route.published":
        return str(facts["note"] or facts["name"])
    if event.kind == "route.draft_saved":
        return _("改动：%(places)s") % {"places": "、".join(facts["changed"])}
    if event.kind == "route.bpmn_imported":
        told = {"nodes": facts["node_count"], "refused": facts["refused_count"]}
        return _("读入 %(nodes)s 个环节，有 %(refused)s 处没有读入") % told
    return str(facts.get("reason", "") or (facts["name"] if event.kind == "route.created" else ""))
