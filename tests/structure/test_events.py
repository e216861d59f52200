"""docs/events.md says what the code tells."""

from scripts import make_events

from mingtang.cases.present import EVENT_TITLES
from mingtang.ledger.followers import followers


def test_the_list_of_events_is_the_one_of_the_code() -> None:
    """Run scripts/make_events.py after telling something new."""
    assert make_events.PAGE.read_text(encoding="utf-8") == make_events.page()


def test_every_title_belongs_to_something_that_is_told() -> None:
    assert EVENT_TITLES.keys() <= make_events.kinds().keys()


def test_every_follower_listens_to_something_that_is_told() -> None:
    told = make_events.kinds()
    deaf = [
        (one.name, kind)
        for one in followers().values()
        for kind in one.kinds
        if not make_events.is_listed(kind)
        and not any(one_told.startswith(kind.rstrip("*")) for one_told in told)
    ]
    assert deaf == []
