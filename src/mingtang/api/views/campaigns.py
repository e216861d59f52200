"""Views: clean-ups of items: the notice, what departments report, each decision, the results."""

from typing import Any

from django import forms
from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After, Choice, Words
from mingtang.api.views.pages import listed, presses, shows
from mingtang.catalogue.forms import (
    CommandForm,
    DecideForm,
    ReasonForm,
    SealForm,
    StartForm,
    TableForm,
    UnitsForm,
)
from mingtang.catalogue.views import campaigns as views
from mingtang.catalogue.views import cleanups

router = Router(tags=["事项清理"])
ALL, ONE = "/desk/campaigns", "/desk/campaigns/{campaign_id}"


class NumbersForm(DecideForm):
    """One decision, and the numbers of the entries that it is for."""

    numbers = forms.MultipleChoiceField(label="序号")


class FileForm(CommandForm):
    file = forms.FileField(label="表格文件")


def _one(shown: dict[str, Any]) -> dict[str, Any]:
    found = shown["campaign"]
    acts = [one for one in shown["acts"] if one["verb"]]
    return {**shown, "id": found.id, "title": found.title, "acts": acts}


def _entries(shown: dict[str, Any]) -> dict[str, Any]:
    return {"rows": shown["rows"], "next": listed(shown)["next"]}


LINES = shapes.Page[told.CampaignLine]
ENTRIES = shapes.Page[told.CampaignEntry]
PICK = {"decision": Choice, "unit": Choice, "q": Words, "after": After}
shows(router, ALL, views.campaigns, LINES, "清理", listed, after=After)
shows(router, ONE, views.campaign, told.CampaignFile, "一次清理", _one)
shows(router, f"{ONE}/entries", views.entries, ENTRIES, "清理的清单", _entries, **PICK)
shows(router, "/cleanups", cleanups.cleanups, LINES, "公布了结果的清理", listed, after=After)
shows(
    router, "/cleanups/{campaign_id}", cleanups.cleanup, ENTRIES, "清理结果逐项", _entries, **PICK
)

presses(router, ALL, views.start, StartForm, "通知各部门清理")
presses(router, f"{ONE}/report", views.report, TableForm, "部门上报")
presses(
    router, f"{ONE}/nothing", views.report, CommandForm, "部门没有这类事项", sends={"go": "nothing"}
)
presses(router, f"{ONE}/take", views.take, FileForm, "录入纸质上报")
presses(router, f"{ONE}/accept", views.accept, UnitsForm, "审定部门上报")
presses(
    router, f"{ONE}/units/{{organisation_id}}/return", views.send_back, ReasonForm, "退回部门上报"
)
presses(router, f"{ONE}/decide", views.decide, NumbersForm, "逐项决定")
presses(router, f"{ONE}/decide/file", views.decide_file, FileForm, "由表格决定")
presses(router, f"{ONE}/papers/{{document_id}}/seal", views.seal, SealForm, "登记用印")
for _verb, _said in {
    "close": "汇总清单",
    "freeze": "定稿",
    "announce": "公布结果",
    "carry": "落实到事项",
}.items():
    presses(router, f"{ONE}/acts/{_verb}", views.act, CommandForm, _said, verb=_verb)
