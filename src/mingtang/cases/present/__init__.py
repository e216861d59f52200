"""What pages show of a case: its limits, its way so far and ahead, its papers, what to do."""

from mingtang.cases.present.case import (
    NEXT_STEPS,
    STAFF_NEXT,
    done,
    limit_label,
    masked_applicant,
    notice,
    outcome,
    page_of,
    pages_of,
    proposals,
    public_case,
    row,
    siblings,
    staff_case,
    step_lines,
    titles,
)
from mingtang.cases.present.events import EVENT_TITLES, history, timeline
from mingtang.cases.present.filing import application
from mingtang.cases.present.limits import latest, leading, limit, limits
from mingtang.cases.present.papers import (
    charges,
    corrections,
    documents,
    originals,
    owed,
    slip_lines,
    told,
)
from mingtang.cases.present.tasks import tasks

__all__ = [
    "EVENT_TITLES",
    "NEXT_STEPS",
    "STAFF_NEXT",
    "application",
    "charges",
    "corrections",
    "documents",
    "done",
    "history",
    "latest",
    "leading",
    "limit",
    "limit_label",
    "limits",
    "masked_applicant",
    "notice",
    "originals",
    "outcome",
    "owed",
    "page_of",
    "pages_of",
    "proposals",
    "public_case",
    "row",
    "siblings",
    "slip_lines",
    "staff_case",
    "step_lines",
    "tasks",
    "timeline",
    "titles",
    "told",
]
