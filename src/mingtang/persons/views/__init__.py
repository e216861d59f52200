"""Views of personal data."""

from mingtang.persons.views.asking import copy_for, data_requests, decide, hold
from mingtang.persons.views.own import erasure, own, own_copy
from mingtang.persons.views.revealing import reveal, reveals

__all__ = [
    "copy_for",
    "data_requests",
    "decide",
    "erasure",
    "hold",
    "own",
    "own_copy",
    "reveal",
    "reveals",
]
