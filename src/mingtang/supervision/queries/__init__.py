"""Reads of supervision: rules in force, what is due, cards by scope, boards, trials."""

from mingtang.supervision.models import Card as Card  # what pages are handed
from mingtang.supervision.models import Directive as Directive
from mingtang.supervision.models import InspectionTask as InspectionTask
from mingtang.supervision.models import Rule as Rule
from mingtang.supervision.queries.lists import (
    PAGE,
    Board,
    Filters,
    Page,
    as_of,
    board,
    card_of,
    cards,
    directives_of,
    for_subject,
    tasks,
    visible,
)
from mingtang.supervision.queries.reading import (
    book,
    calendar,
    cards_by_stream,
    current_rules,
    due_streams,
    issued,
    profile_on,
    regions_of,
    rules_by_id,
    told,
    unit_of,
    version_of,
)
from mingtang.supervision.queries.rights import inspector_actor, office_actor
from mingtang.supervision.queries.trials import Trial, trial
from mingtang.supervision.rules import Told as Told

__all__ = [
    "PAGE",
    "Board",
    "Card",
    "Directive",
    "Filters",
    "InspectionTask",
    "Page",
    "Rule",
    "Told",
    "Trial",
    "as_of",
    "board",
    "book",
    "calendar",
    "card_of",
    "cards",
    "cards_by_stream",
    "current_rules",
    "directives_of",
    "due_streams",
    "for_subject",
    "inspector_actor",
    "issued",
    "office_actor",
    "profile_on",
    "regions_of",
    "rules_by_id",
    "tasks",
    "told",
    "trial",
    "unit_of",
    "version_of",
    "visible",
]
