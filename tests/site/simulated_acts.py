"""What a simulated year did: offices in their hours, and all that a city does. The year is lived by
tests/site/year.py."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from mingtang.base.clock import LEGAL_ZONE
from mingtang.site.simulate.planning import OFFICE_HOURS
from mingtang.timing.rules import shipped_calendar
from tests.site.year import CASES


def in_office(at: datetime) -> bool:
    local = at.astimezone(LEGAL_ZONE)
    is_open = any(begin <= local.time() <= end for begin, end in OFFICE_HOURS)
    return is_open and shipped_calendar().is_working_day(local.date())


def check_acts(database: Path) -> None:
    """Offices act in office hours of working days, and all that a city does is among its acts."""
    with closing(sqlite3.connect(database)) as connection:
        acts = connection.execute(
            "SELECT kind, at, organisation_id, acting_for_id FROM ledger_event WHERE at > ?",
            ("2012-12-31 16:00:00.000001",),  # later than what the city was founded with
        ).fetchall()
        facts = [
            json.loads(row)
            for (row,) in connection.execute("SELECT facts FROM ledger_event").fetchall()
        ]
    by_offices = [
        datetime.fromisoformat(at).replace(tzinfo=UTC) for _kind, at, unit, _for in acts if unit
    ]
    assert len(by_offices) > 5 * CASES
    assert [at for at in by_offices if not in_office(at)] == []
    assert any(acting_for for _kind, _at, _unit, acting_for in acts)
    for sign in ("file_count", "has_proxy", "authority"):  # of a letter, under which one decides
        assert any(one.get(sign) for one in facts), sign
    assert {kind for kind, *_rest in acts} >= {
        *("case.submitted", "case.taken_in", "case.correction_asked", "case.supplied"),
        *("case.paused", "case.resumed", "case.refused", "case.granted", "case.withdrawn"),
        *("case.charged", "case.paid", "case.originals_sent", "case.originals_received"),
        *("document.sealed", "case.issued", "case.delivered", "case.archived"),
        *("rating.given", "substitution.arranged", "case.deferred_supplied"),
        *("bad_rating.opened", "bad_rating.contacted", "bad_rating.answered"),
    }
