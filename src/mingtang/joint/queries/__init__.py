"""Reads of joint matters. Every list and every single matter goes through the reader's scope."""

from mingtang.joint.models import JointCase, JointPart  # what pages are handed
from mingtang.joint.queries.lists import (
    PAGE,
    Page,
    ended,
    matters_of_project,
    my_matters,
    parts_of_matters,
    worklist,
)
from mingtang.joint.queries.reading import (
    is_number,
    is_part,
    materials_of,
    matter_of_case,
    parts_of,
    route_edition,
    routes_for_filing,
    titles_of,
)
from mingtang.joint.queries.rights import (
    filed_matter,
    is_own,
    matter_for,
    open_deeds,
    own_matter,
    permit,
    permit_intake,
    to_bring,
    visible,
    withdrawable,
)

__all__ = [
    "PAGE",
    "JointCase",
    "JointPart",
    "Page",
    "ended",
    "filed_matter",
    "is_number",
    "is_own",
    "is_part",
    "materials_of",
    "matter_for",
    "matter_of_case",
    "matters_of_project",
    "my_matters",
    "open_deeds",
    "own_matter",
    "parts_of",
    "parts_of_matters",
    "permit",
    "permit_intake",
    "route_edition",
    "routes_for_filing",
    "titles_of",
    "to_bring",
    "visible",
    "withdrawable",
    "worklist",
]
