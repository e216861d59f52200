"""What pages show of a case: its limits, its way so far and ahead, its papers, what to do."""

from mingtang.cases.present.case import (
    NEXT_BELOW,
    NEXT_STEPS,
    done,
    limit_label,
    masked_applicant,
    next_step,
    notice,
    outcome,
    page_of,
    pages_of,
    proposals,
    public_case,
    row,
    siblings,
    staff_case,
    staff_next,
    step_lines,
    titles,
)
from mingtang.cases.present.events import EVENT_TITLES, history, timeline
from mingtang.cases.present.filing import application
from mingtang.cases.present.hidden import hidden_of
from mingtang.cases.present.levels import levels, lower_unit
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
    "NEXT_BELOW",
    "NEXT_STEPS",
    "application",
    "charges",
    "corrections",
    "documents",
    "done",
    "hidden_of",
    "history",
    "latest",
    "leading",
    "levels",
    "limit",
    "limit_label",
    "limits",
    "lower_unit",
    "masked_applicant",
    "next_step",
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
    "staff_next",
    "step_lines",
    "tasks",
    "timeline",
    "titles",
    "told",
]
