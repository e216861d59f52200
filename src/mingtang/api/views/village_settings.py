"""Views: what the city sets for all villages, who acts for one, and its own limits."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes_desks
from mingtang.api.bodies import check
from mingtang.api.doors import staff
from mingtang.api.interface import reads
from mingtang.api.views.acts import Asked, deed
from mingtang.api.views.common import Name
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.villages import services
from mingtang.villages.forms import office as forms
from mingtang.villages.queries import desk, rights
from mingtang.villages.rules.moves import CITY, TOWNSHIP, WATCHING
from mingtang.villages.views import settings

router = Router(tags=["村务公开"])
OF = "/desk/villages/of/{code}"


# ── the city ──────────────────────────────────────────────────────────────────────────────────


def _set(verb: str) -> Any:
    def do(asked: Asked) -> Any:
        form = settings.form_of(verb, asked.data)
        check(form)
        actor = rights.city_actor(asked.reader, str(settings.LABELS[verb]))
        return settings.COMMANDS[verb](**form.content(), **asked.by(actor))

    return do


for _verb, _form in (
    ("notice", forms.NoticeForm),
    ("limit", forms.LimitForm),
    ("section", forms.SectionForm),
):
    _path = f"/desk/villages/settings/{_verb}"
    deed(router, _path, staff(*CITY), _form, _set(_verb), str(settings.LABELS[_verb]))


# ── a village ─────────────────────────────────────────────────────────────────────────────────


@reads(
    router,
    f"{OF}/people",
    staff(*TOWNSHIP, *WATCHING),
    shapes_desks.VillagePeople,
    "一个村的成员、回避和时限",
)
def people(request: HttpRequest, code: Name) -> dict[str, Any]:
    """Who acts for a village, who may be seated, whose kin they are, the limits of its own."""
    village = rights.village_for(scope(request), code)
    return {
        "members": [
            {"id": str(one.id), "name": one.person.name, "office": one.office}
            for one in desk.members_of(village, today())
        ],
        "seatable": [
            {"seat": f"{office.value}/{person.id}", "name": person.name}
            for person, office in desk.seatable(village, today())
        ],
        "kinships": [
            {"id": str(one.id), "person": one.person.name, "is_over": one.ended_at is not None}
            for one in desk.kinships_of(village)
        ],
        "limits": [
            {
                "id": str(one.id),
                "valid_from": one.valid_from,
                "waits": one.is_looser and one.confirmed_at is None,
            }
            for one in desk.own_limits(village)
        ],
    }


def _seat(asked: Asked) -> Any:
    village = rights.village_for(asked.reader, asked.about["code"])
    actor = rights.township_actor(asked.reader, village.id, "登记成员")
    form = settings.seat_form(village, asked.data)
    check(form)
    return services.seat_member(village_ids=[village.id], **form.content(), **asked.by(actor))


def _unseat(asked: Asked) -> Any:
    village = rights.village_for(asked.reader, asked.about["code"])
    actor = rights.township_actor(asked.reader, village.id, "免去成员")
    member_id = _one_of(desk.members_of(village, today()), asked)
    said = asked.sound(forms.UnseatForm).content()
    return services.unseat_member(member_id=member_id, **said, **asked.by(actor))


def _kinship(asked: Asked) -> Any:
    village = rights.village_for(asked.reader, asked.about["code"])
    actor = rights.township_actor(asked.reader, village.id, "登记近亲属")
    form = settings.kinship_form(village, asked.data)
    check(form)
    return services.declare_kinship(village_id=village.id, **form.content(), **asked.by(actor))


def _end_kinship(asked: Asked) -> Any:
    village = rights.village_for(asked.reader, asked.about["code"])
    actor = rights.township_actor(asked.reader, village.id, "注销近亲属登记")
    kinship_id = _one_of(desk.kinships_of(village), asked)
    return services.end_kinship(kinship_id=kinship_id, **asked.by(actor))


def _limit(asked: Asked) -> Any:
    village = rights.village_for(asked.reader, asked.about["code"])
    actor = rights.township_actor(asked.reader, village.id, "改本村的公开时限")
    said = asked.sound(forms.LimitForm).content()
    return services.set_limit(village_id=village.id, **said, **asked.by(actor))


def _second(verb: str) -> Any:
    def do(asked: Asked) -> Any:
        village = rights.village_for(asked.reader, asked.about["code"])
        limit_id = _one_of(desk.own_limits(village), asked)
        actor = rights.second_actor(asked.reader, village.id, "同意放宽时限")
        return settings.LIMIT_COMMANDS[verb](limit_id=limit_id, **asked.by(actor))

    return do


def _one_of(known: Any, asked: Asked) -> int:
    """The id that the path names, if it is one of these. Raises NotFound."""
    found = parse_id(asked.about["id"])
    if found not in {one.id for one in known}:
        raise NotFound
    return int(found or 0)


HERE = staff(*TOWNSHIP)
deed(router, f"{OF}/seat", HERE, forms.SeatForm, _seat, "登记一位成员")
deed(router, f"{OF}/members/{{id}}/end", HERE, forms.UnseatForm, _unseat, "免去成员")
deed(router, f"{OF}/kinship", HERE, forms.KinshipForm, _kinship, "登记近亲属")
deed(router, f"{OF}/kinship/{{id}}/end", HERE, forms.DeedForm, _end_kinship, "注销近亲属登记")
deed(router, f"{OF}/limits", HERE, forms.LimitForm, _limit, "改本村的公开时限")
for _verb, _said in (("agree", "同意放宽时限"), ("decline", "不同意，或者收回")):
    _path = f"{OF}/limits/{{id}}/{_verb}"
    deed(router, _path, staff(*TOWNSHIP, *CITY), forms.DeedForm, _second(_verb), _said)
