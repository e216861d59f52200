"""Followers of cases: the worklist's due dates, what people are told."""

from mingtang.cases.followers.due_dates import DUE_DATES
from mingtang.cases.followers.telling import MESSAGES

__all__ = ["DUE_DATES", "MESSAGES"]
