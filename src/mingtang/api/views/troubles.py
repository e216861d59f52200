"""Views: what staff say troubles them, and how it was settled."""

from typing import Any

from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After, Choice
from mingtang.api.views.pages import listed, presses, shows
from mingtang.troubles import views
from mingtang.troubles.forms import FORMS, ReportForm

router = Router(tags=["问题登记"])
ALL, ONE = "/desk/troubles", "/desk/troubles/{trouble_id}"


def _one(shown: dict[str, Any]) -> dict[str, Any]:
    return {**shown["one"], "acts": shown["acts"]}


shows(
    router,
    ALL,
    views.troubles,
    shapes.Page[told.TroubleLine],
    "登记的问题",
    listed,
    state=Choice,
    after=After,
)
shows(router, ONE, views.trouble, told.TroubleFile, "一个问题", _one)
presses(router, ALL, views.new, ReportForm, "登记问题")
for _deed, _form in FORMS.items():
    _path = f"{ONE}/acts/{_deed.value}"
    presses(router, _path, views.act, _form, str(_deed.label), verb=_deed.value)
