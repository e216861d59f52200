"""Reads of single joint matters and of their routes."""

from django.db.models import F

from mingtang.joint.models import JointPart, RouteEdition


def is_part(case_id: int) -> bool:
    """Whether a case belongs to a joint matter."""
    return JointPart.objects.filter(case_id=case_id).exists()


def route_edition(code: str) -> RouteEdition | None:
    """The edition of a route under which matters are filed now."""
    rows = RouteEdition.objects.select_related("route")
    return rows.filter(route__code=code, route__current_edition__id=F("id")).first()
