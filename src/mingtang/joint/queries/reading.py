"""Reads of single joint matters, of their parts, and of their routes."""

from collections.abc import Iterable

from django.db.models import F

from mingtang.base.errors import NotFound
from mingtang.cases.rules import GivenWay
from mingtang.joint.models import (
    JointCase,
    JointMaterial,
    JointPart,
    JointPromise,
    RouteEdition,
)
from mingtang.joint.rules.moves import MAY_NAME_PART, OF_PARTS, Verb
from mingtang.joint.rules.states import JointState

# A page of parts need not open anybody's identity number.
PERSONAL = (
    *(f"case__{name}" for name in ("identity_number", "phone", "address", "delivered_note")),
    *(f"case__{name}" for name in ("proxy_identity", "proxy_phone")),
    *(f"simulated__given_by__{name}" for name in ("identity_number", "phone")),
)


def is_number(number: str) -> bool:
    """Whether a joint matter bears it."""
    return JointCase.objects.filter(number=number).exists()


def is_part(case_id: int) -> bool:
    """Whether a case belongs to a joint matter."""
    return JointPart.objects.filter(case_id=case_id).exists()


def matter_of_case(case_id: int) -> JointCase | None:
    """The matter that a case belongs to."""
    return JointCase.objects.filter(parts__case_id=case_id).first()


def parts_of(joint: JointCase) -> list[JointPart]:
    """The parts in the order of the route, each with its case and its simulated opinion."""
    rows = JointPart.objects.filter(joint=joint).order_by("position")
    found = rows.select_related("case", "item_edition", "simulated__given_by")
    return list(found.defer(*PERSONAL))


def part_for(joint: JointCase, verb: Verb, key: str) -> JointPart | None:
    """The part that an act is about, by its key; None where the act is about the whole matter.

    Raises NotFound where the act wants a part and none is named, or names one that it has none of.
    """
    found = next((one for one in parts_of(joint) if one.key == key), None)
    is_lacking = found is None and (key or verb in OF_PARTS)
    if is_lacking or (found is not None and verb not in MAY_NAME_PART):
        raise NotFound("没有找到这个部分，请从办理页面进入，核对后重试。")
    return found


def part_of(joint: JointCase, key: str) -> JointPart:
    return JointPart.objects.get(joint=joint, key=key)


def materials_of(joint: JointCase) -> list[JointMaterial]:
    return list(joint.materials.select_related("brought_by").order_by("id"))


def asked_of(joint: JointCase) -> list[dict[str, str]]:
    """What the notice of correction asked for, in the order of the list: key, name, text."""
    found = joint.corrections.first()
    return found.missing if found else []


def asked_note(joint: JointCase) -> str:
    found = joint.corrections.first()
    return found.note if found else ""


def promise_of(joint: JointCase) -> JointPromise | None:
    """What was promised to come later (容缺), of the whole."""
    return JointPromise.objects.filter(joint=joint).first()


def owed_later(joint: JointCase) -> list[tuple[str, str]]:
    """Key and name of what was promised and has not come."""
    rows = JointMaterial.objects.filter(joint=joint, way=GivenWay.DEFERRED.value)
    return list(rows.order_by("id").values_list("key", "name"))


def awaited_of(joint: JointCase) -> list[tuple[str, str]]:
    """What the applicant is to bring now, by key: asked for and how, or promised for later."""
    if joint.state == JointState.CORRECTING:
        return [
            (one["key"], f"{one['name']}：{one['text']}" if one["text"] else one["name"])
            for one in asked_of(joint)
        ]
    return owed_later(joint)


def titles_of(joint_ids: Iterable[int]) -> dict[int, str]:
    """Number and title of matters, by id: what colleagues call them."""
    rows = JointCase.objects.filter(id__in=list(joint_ids)).order_by("id")
    found = rows.values_list("id", "number", "title")
    return {joint_id: f"{number} {title}" for joint_id, number, title in found}


def route_edition(code: str) -> RouteEdition | None:
    """The edition of a route under which matters are filed now."""
    rows = RouteEdition.objects.select_related("route").filter(route__retired_at=None)
    return rows.filter(route__code=code, route__current_edition__id=F("id")).first()


def routes_for_filing() -> list[RouteEdition]:
    """The editions under which matters may be filed now, by name of their route."""
    rows = RouteEdition.objects.select_related("route").filter(route__retired_at=None)
    current = rows.filter(route__current_edition__id=F("id"))
    return list(current.order_by("route__name", "route__code"))
