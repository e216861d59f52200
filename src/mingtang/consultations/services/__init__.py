"""Services of consultations: prepare, take in what is said, judge it, give the result."""

from mingtang.consultations.services.answering import answer, draft_result, moderate
from mingtang.consultations.services.life import draft, open_activity, reckon_due, report
from mingtang.consultations.services.taking import codes, comment, issue_tokens, submit_sheet

__all__ = [
    "answer",
    "codes",
    "comment",
    "draft",
    "draft_result",
    "issue_tokens",
    "moderate",
    "open_activity",
    "reckon_due",
    "report",
    "submit_sheet",
]
