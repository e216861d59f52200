"""Views: joint meetings and visits about a joint matter."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import check
from mingtang.api.doors import staff
from mingtang.api.interface import reads
from mingtang.api.views.acts import Asked, deed
from mingtang.api.views.common import After, Id, next_of
from mingtang.base.clock import now, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.joint import forms_meetings as forms
from mingtang.joint import present_meetings as present
from mingtang.joint.queries import meetings as queries
from mingtang.joint.rules.meetings import Deed
from mingtang.joint.services import meetings as services
from mingtang.joint.views import meetings as pages
from mingtang.regions import queries as regions

router = Router(tags=["联合会审"])
DESK = staff(*queries.READERS)
ONE = "/desk/meetings/{id}"


@reads(router, "/desk/meetings", DESK, shapes.Page[shapes_desks.MeetingLine], "会审和踏勘")
def coming(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """What comes up for the reader's unit."""
    page = queries.coming(scope(request), Cursor.read(after))
    return {"rows": [_line(one) for one in page.rows], "next": next_of(page.next)}


def _line(one: queries.Meeting) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "number": f"{one.joint.number}-{one.number}",
        "matter": one.joint.title,
        "held_at": one.held_at,
        "place": one.place,
        "state_label": present.meeting(one, now())["state"],
    }


def _found(request: HttpRequest, key: str) -> queries.Meeting:
    return queries.meeting_for(scope(request), parse_id(key) or 0)


@reads(router, ONE, DESK, shapes_desks.MeetingFile, "一次会审")
def meeting(request: HttpRequest, id: Id) -> dict[str, Any]:
    """One meeting, the units that were asked, and what the reader may do; `about`: for whom."""
    about, on = _found(request, id), today()
    units = queries.units_of(about)
    names = regions.names_of({one.organisation_id for one in units}, on)
    return {
        **_line(about),
        "agenda": about.agenda,
        "units": [
            {
                "id": str(one.organisation_id),
                "name": names.get(one.organisation_id, ""),
                "standing": present.unit(one, about, names, on)["standing"],
            }
            for one in units
        ],
        "acts": [
            {
                "verb": one.value,
                "label": str(one.label),
                "about": {"unit": str(unit.organisation_id)} if unit else {},
            }
            for one, unit in queries.deeds_of(scope(request), about, units, now(), on)
        ],
    }


def _invite(asked: Asked) -> Any:
    joint = queries.matter_for(asked.reader, parse_id(asked.about["id"]) or 0)
    actor = queries.caller(asked.reader, joint, "邀请单位")
    form = pages.invite_form(joint, asked.data)
    check(form)
    return services.invite(joint_id=joint.id, **form.content(), **asked.by(actor))


def _do(verb: Deed) -> Any:
    def do(asked: Asked) -> Any:
        about, more = _found(asked.request, asked.about["id"]), {}
        if verb in pages.PER_UNIT:
            more["organisation_id"] = parse_id(asked.about["unit"]) or 0
            if more["organisation_id"] not in {one.organisation_id for one in _units(about)}:
                raise NotFound
        actor = pages.actor_of(asked.request, about, verb, more.get("organisation_id"))
        said = asked.sound(pages.FORMS[verb]).content()
        return pages.COMMANDS[verb](meeting_id=about.id, **said, **more, **asked.by(actor))

    return do


def _units(about: queries.Meeting) -> list[queries.MeetingUnit]:
    return list(queries.units_of(about))


deed(router, "/desk/joint/{id}/meetings", DESK, forms.InviteForm, _invite, "邀请单位开会、踏勘")
for _verb, _form in pages.FORMS.items():
    _whose = "/units/{unit}" if _verb in pages.PER_UNIT else ""
    deed(router, f"{ONE}{_whose}/{_verb.value}", DESK, _form, _do(_verb), str(_verb.label))
