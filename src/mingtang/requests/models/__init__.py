"""Tables of requests."""

from mingtang.requests.models.deciding import Decision, DecisionPart, FeeNotice, Remedy
from mingtang.requests.models.request import (
    IS_OPEN,
    Consultation,
    Correction,
    Extension,
    Party,
    Reasons,
    Request,
    Search,
)

__all__ = [
    "IS_OPEN",
    "Consultation",
    "Correction",
    "Decision",
    "DecisionPart",
    "Extension",
    "FeeNotice",
    "Party",
    "Reasons",
    "Remedy",
    "Request",
    "Search",
]
