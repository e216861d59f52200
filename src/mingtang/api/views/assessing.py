"""Views: assessment: schemes, periods, sheets with their entries and objections, what was seen."""

from typing import Any

from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After, Choice
from mingtang.api.views.pages import ids_in, paged, presses, shows, written
from mingtang.assessment.forms import (
    AnswerForm,
    EntryForm,
    ImportForm,
    ObjectionForm,
    ObserveForm,
    OpenForm,
    SchemeForm,
    YamlForm,
)
from mingtang.assessment.views import observations, schemes, sheets
from mingtang.messages.forms import CommandForm

router = Router(tags=["考核"])
ROUNDS, SEEN, SCHEMES = "/desk/assessment", "/desk/observations", "/desk/schemes"
ROUND = f"{ROUNDS}/rounds/{{code}}/{{period}}"
SHEET, SCHEME = f"{ROUNDS}/sheets/{{sheet_id}}", f"{SCHEMES}/{{code}}/{{version}}"


# ── schemes ───────────────────────────────────────────────────────────────────────────────────


def _schemes(shown: dict[str, Any]) -> dict[str, Any]:
    return paged(shown["rows"], "")


def _scheme(shown: dict[str, Any]) -> dict[str, Any]:
    row = shown["row"]
    about = {"code": row.code, "version": row.version, "content": written(shown["form"])}
    return {**about, "is_on": shown["is_on"], "faults": shown["faults"]}


shows(router, SCHEMES, schemes.schemes, shapes.Page[told.SchemeLine], "考核办法", _schemes)
shows(router, SCHEME, schemes.scheme, told.SchemeFile, "一版考核办法", _scheme)
presses(router, SCHEMES, schemes.import_, YamlForm, "导入考核办法")
presses(router, f"{SCHEMES}/examples", schemes.load_examples, CommandForm, "载入示例")
presses(router, SCHEME, schemes.scheme, SchemeForm, "改考核办法", sends={"save": "1"})
presses(router, f"{SCHEME}/acts/on", schemes.switch, CommandForm, "启用")
presses(router, f"{SCHEME}/acts/off", schemes.switch, CommandForm, "停用", sends={"go": "off"})


# ── periods ───────────────────────────────────────────────────────────────────────────────────


def _rounds(shown: dict[str, Any]) -> dict[str, Any]:
    rows = [{**one, **ids_in(one["url"])} for one in shown["rows"]]
    return paged(rows, shown["next_url"])


def _round(shown: dict[str, Any]) -> dict[str, Any]:
    about = shown["round"]
    found = [
        {**one, "id": ids_in(one["url"])["sheet_id"], "group": group["label"]}
        for group in shown["groups"]
        for one in group["rows"]
    ]
    acts = [{**one, "verb": ids_in(one["url"])["act"]} for one in shown["acts"]]
    more = {"period": about["period_code"], "sheets": found}
    return {**about, **more, "acts": acts if shown["is_editor"] else []}


shows(
    router,
    ROUNDS,
    sheets.rounds,
    shapes.Page[told.RoundLine],
    "考核期",
    _rounds,
    before=After,
)
shows(router, ROUND, sheets.round_, told.RoundFile, "一期考核的名次", _round)
presses(router, ROUNDS, sheets.rounds, OpenForm, "打开一期考核")
for _act, _said in {"refresh": "重新取数", "publish": "公示", "lock": "锁定"}.items():
    presses(router, f"{ROUND}/acts/{_act}", sheets.round_act, CommandForm, _said, act=_act)


# ── sheets ────────────────────────────────────────────────────────────────────────────────────


def _sheet(shown: dict[str, Any]) -> dict[str, Any]:
    found = shown["sheet"]
    return {
        "id": found.id,
        "label": found.target_label,
        "state": shown["round"]["state"],
        "total": found.total,
        "lines": [{**one, **ids_in(one["url"])} for one in shown["rows"]],
        "entries": shown["entries"],
        "objections": shown["objections"],
        "may_object": "objection_form" in shown,
    }


shows(router, SHEET, sheets.sheet, told.SheetFile, "一张考核表", _sheet)
presses(router, f"{SHEET}/entries", sheets.enter, EntryForm, "人工加减分")
presses(router, f"{SHEET}/entries/{{entry_id}}/confirm", sheets.confirm, CommandForm, "确认加减分")
presses(router, f"{SHEET}/objections", sheets.object_to, ObjectionForm, "提出异议")
presses(
    router, f"{SHEET}/objections/{{objection_id}}/answer", sheets.answer, AnswerForm, "答复异议"
)


# ── what was seen ─────────────────────────────────────────────────────────────────────────────


def _seen(shown: dict[str, Any]) -> dict[str, Any]:
    rows = [{**one, "may_confirm": bool(one["confirm_url"])} for one in shown["rows"]]
    return paged(rows, shown["next_url"])


shows(
    router,
    SEEN,
    observations.observations,
    shapes.Page[told.ObservationLine],
    "巡查和通报",
    _seen,
    state=Choice,
    after=After,
)
presses(router, SEEN, observations.observe, ObserveForm, "登记巡查、通报")
presses(router, f"{SEEN}/import", observations.import_, ImportForm, "导入巡查、证照")
presses(router, f"{SEEN}/{{observation_id}}/confirm", observations.confirm, CommandForm, "确认")
