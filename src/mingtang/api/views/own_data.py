"""Views: data of people: what is held, a copy, erasure; the desk that answers, and holds."""

from typing import Any

from ninja import Router

from mingtang.api import shapes_pages as told
from mingtang.api.views.acts import Asked
from mingtang.api.views.pages import Visit, presses, shows
from mingtang.base.ids import parse_id
from mingtang.persons import queries, views
from mingtang.persons.forms import CopyForm, DecideForm, HoldForm, LiftForm, TakeInForm
from mingtang.persons.forms_own import EraseForm, OwnForm

router = Router(tags=["个人信息"])
OWN, ALL, ONE = "/own-data", "/desk/own-data", "/desk/own-data/{request_id}"


def _own_copy(asked: Asked, _made: Visit) -> dict[str, Any]:
    return _copy(asked.reader.person_id or 0)


def _copy(person_id: int, **more: bool) -> dict[str, Any]:
    return {"parts": queries.copy_of(queries.who_is(person_id), **more)}


def _copy_for(asked: Asked, _made: Visit) -> dict[str, Any]:
    found = queries.data_request(parse_id(asked.about["request_id"]) or 0)
    return _copy(found.person_id, at_counter=True)


def _desk(shown: dict[str, Any]) -> dict[str, Any]:
    return {"rows": shown["rows"], "holds": [one["row"] for one in shown["holds"]]}


def _one(shown: dict[str, Any]) -> dict[str, Any]:
    may_decide, may_hand_out = bool(shown["form"]), bool(shown["copy_form"])
    return {**shown, "may_decide": may_decide, "may_hand_out": may_hand_out}


shows(router, OWN, views.own, told.OwnData, "本人的信息")
presses(router, f"{OWN}/copy", views.own_copy, OwnForm, "复制本人的信息", told=_own_copy)
presses(router, f"{OWN}/erase", views.erasure, EraseForm, "请求删除本人的信息")
shows(router, ALL, views.data_requests, told.DataDesk, "个人信息的请求", _desk)
shows(router, ONE, views.decide, told.DataFile, "一件个人信息的请求", _one)
presses(router, ALL, views.data_requests, TakeInForm, "窗口登记请求")
presses(router, f"{ONE}/decide", views.decide, DecideForm, "答复")
presses(router, f"{ONE}/copy", views.copy_for, CopyForm, "把复制件交给本人", told=_copy_for)
presses(router, "/desk/holds", views.hold, HoldForm, "暂停删除")
presses(router, "/desk/holds/lift", views.hold, LiftForm, "解除暂停")
