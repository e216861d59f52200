"""Template tag: the map of a joint matter or of a route. `{% load maps %}`."""

from typing import Any

from django import template

from mingtang.base.templatetags.components import STATUS_ICONS
from mingtang.joint.maps import Shown

register = template.Library()

ICONS = STATUS_ICONS | {"wait": "clock"}


@register.inclusion_tag("joint/parts/map.html")
def joint_map(shown: Shown, label: str) -> dict[str, Any]:
    """`{% joint_map shown label %}`: what `joint.maps` made, under a name that a screen reader
    says. The drawing stands on wide screens and on paper, the list under it everywhere."""
    return {"shown": shown, "label": label}


@register.filter
def map_icon(tone: str) -> str:
    """The picture that goes with a tone."""
    return ICONS.get(tone, "dot")
