"""Views of the map of a joint matter, and of its route as a file of BPMN."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import today
from mingtang.cases.views.common import CASE_STAFF
from mingtang.joint import queries
from mingtang.joint.maps import map_of
from mingtang.joint.views.common import private
from mingtang.joint.views.files import bpmn_file


@staff(*CASE_STAFF)
@require_GET
def matter_map(request: HttpRequest, joint_id: int) -> HttpResponse:
    """Who is at work, who waits for whom, which way decides, and when it will end."""
    joint = queries.matter_for(scope(request), joint_id)
    context = {"matter": joint, "map": map_of(joint, today()), "on": today()}
    return private(render(request, "joint/map.html", context))


@staff(*CASE_STAFF)
@require_GET
def matter_bpmn(request: HttpRequest, joint_id: int) -> HttpResponse:
    """The route under which a matter was filed. How the matter stands is not in it."""
    return bpmn_file(queries.matter_for(scope(request), joint_id).edition)
