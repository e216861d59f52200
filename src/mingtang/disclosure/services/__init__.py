"""Services of disclosure: drafts, reviews, releases, numbers, lists that write themselves."""

from mingtang.disclosure.services.drafting import (
    Imported,
    draft,
    import_drafts,
    recall,
    revise,
    submit,
)
from mingtang.disclosure.services.numbers import add_old_number, set_scheme
from mingtang.disclosure.services.releasing import On, keep, publish, release_on, take_down
from mingtang.disclosure.services.reviewing import clear, review, review_many, send_back

__all__ = [
    "Imported",
    "On",
    "add_old_number",
    "clear",
    "draft",
    "import_drafts",
    "keep",
    "publish",
    "recall",
    "release_on",
    "review",
    "review_many",
    "revise",
    "send_back",
    "set_scheme",
    "submit",
    "take_down",
]
