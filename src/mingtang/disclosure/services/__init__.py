"""Services of disclosure: drafts, reviews, releases, numbers, lists that write themselves."""

from mingtang.disclosure.services.auto import draft_list, sweep_lists, switch_auto
from mingtang.disclosure.services.drafting import (
    Imported,
    draft,
    import_drafts,
    recall,
    revise,
    submit,
)
from mingtang.disclosure.services.gate import Blocked, findings_of
from mingtang.disclosure.services.numbers import add_old_number, set_scheme
from mingtang.disclosure.services.releasing import On, keep, publish, release_on, take_down
from mingtang.disclosure.services.reviewing import clear, review, review_many, send_back
from mingtang.disclosure.services.training import note_training

__all__ = [
    "Blocked",
    "Imported",
    "On",
    "add_old_number",
    "clear",
    "draft",
    "draft_list",
    "findings_of",
    "import_drafts",
    "keep",
    "note_training",
    "publish",
    "recall",
    "release_on",
    "review",
    "review_many",
    "revise",
    "send_back",
    "set_scheme",
    "submit",
    "sweep_lists",
    "switch_auto",
    "take_down",
]
