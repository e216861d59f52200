"""Views: the annual report on disclosure: its texts, numbers and problems, frozen and reopened."""

from typing import Any

from django import forms
from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After
from mingtang.api.views.pages import paged, presses, shows
from mingtang.messages.forms import CommandForm
from mingtang.reports import views
from mingtang.reports.forms import (
    CellForm,
    OpenForm,
    ProblemForm,
    ReopenForm,
    SettleForm,
    TextForm,
)

router = Router(tags=["年度报告"])
ALL, ONE = "/desk/reports", "/desk/reports/{edition_id}"
ACTS: dict[str, tuple[type[forms.Form], str]] = {
    "write": (TextForm, "写文字"),
    "enter": (CellForm, "填数字"),
    "note": (ProblemForm, "登记存在的问题"),
    "settle": (SettleForm, "登记改进结果"),
    "freeze": (CommandForm, "定稿"),
    "reopen": (ReopenForm, "重新打开"),
}


def _line(found: Any, organ: str) -> dict[str, Any]:
    about = {"id": found.id, "year": found.year, "style": found.style, "state": found.state}
    return {**about, "organ": organ}


def _rows(shown: dict[str, Any]) -> dict[str, Any]:
    return paged((_line(one, organ) for one, organ in shown["rows"]), shown["next_url"])


def _one(shown: dict[str, Any]) -> dict[str, Any]:
    facts = shown["facts"]
    return {**shown, **_line(shown["edition"], facts.organ), "report": facts.as_json()}


shows(router, ALL, views.index, shapes.Page[told.ReportLine], "年度报告", _rows, after=After)
shows(router, ONE, views.work, told.ReportFile, "一份年度报告", _one)
presses(router, ALL, views.index, OpenForm, "开始一份年度报告")
for _verb, (_form, _said) in ACTS.items():
    presses(router, f"{ONE}/acts/{_verb}", views.act, _form, _said, verb=_verb)
