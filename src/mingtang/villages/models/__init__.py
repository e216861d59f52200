"""Tables of villages."""

from mingtang.villages.models.disclosure import Check, Disclosure, Line, Writer
from mingtang.villages.models.objection import Objection
from mingtang.villages.models.template import CityNotice, ReleaseLimit, Section
from mingtang.villages.models.village import Kinship, Member, Village

__all__ = [
    "Check",
    "CityNotice",
    "Disclosure",
    "Kinship",
    "Line",
    "Member",
    "Objection",
    "ReleaseLimit",
    "Section",
    "Village",
    "Writer",
]
