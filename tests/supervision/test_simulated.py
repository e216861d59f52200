"""A simulated year of a city: the sweep's cards are those of an independent oracle, and the days of
its projects add up."""

import csv
import io
import shutil
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections

from mingtang.accounts.models import Person
from mingtang.base.clock import legal_date
from mingtang.joint.models import JointPart
from mingtang.ledger import queries as ledger
from mingtang.ledger.services import deliver_all
from mingtang.site import demo
from mingtang.supervision import queries
from mingtang.supervision.models import Card
from mingtang.supervision.rules import look
from mingtang.supervision.services import sweep
from mingtang.villages.models import Disclosure
from tests.site import year
from tests.site.simulated_acts import check_acts
from tests.site.simulated_projects import check_projects
from tests.site.year import CASES, PROJECTS, SPAN, SWITCH
from tests.supervision import oracle
from tests.supervision.making import CALENDAR, moment, shipped

ABOUT = {
    "case": "330881",
    "joint": "330881",
    "bad_rating": "收到的差评",
    "project": "项目",
    "consultation": "征求意见稿",
    "letter": "330881",
}


def profile_of(day: date) -> str:
    """None before the rules came: the demo's projects are older than they."""
    if day < SPAN[0]:
        return ""
    return "overdue" if day < SWITCH else "expiring"


def histories() -> dict[str, list[oracle.Fact]]:
    names = []
    for kind in sorted(oracle.SUBJECTS):
        page = [""]
        while page := ledger.streams_of(kind, page[-1]):
            names += page
    return {
        name: [
            oracle.Fact(one.seq, one.kind, legal_date(one.at), one.facts)
            for one in ledger.history(name)
        ]
        for name in names
    }


@pytest.fixture
def lived(db, tmp_path):
    """What the year told; meanwhile the database of this process is a copy of the year's."""
    kept, told = year.on_sqlite()
    ours, there = connections[DEFAULT_DB_ALIAS], connection.copy()
    there.settings_dict["NAME"] = str(shutil.copyfile(kept, tmp_path / kept.name))
    connections[DEFAULT_DB_ALIAS] = there
    yield told
    there.close()
    connections[DEFAULT_DB_ALIAS] = ours


@pytest.mark.once  # PostgreSQL gives the same ledger: tests/site/test_simulate.py
@pytest.mark.slow
def test_a_year_gives_the_cards_that_the_oracle_finds_under_both_profiles(lived):
    assert lived["refused"] == {}
    check_acts(connection.settings_dict["NAME"])
    check_projects(PROJECTS, SPAN[1])
    for _ in range(2):
        sweep(moment(SPAN[1], 23))
        deliver_all(moment(SPAN[1], 23))
    told = histories()
    of_matters = JointPart.objects.filter(case__isnull=False).count()
    assert sum(stream.startswith("case:") for stream in told) == CASES + of_matters
    expected = {
        (stream, key, code): found
        for stream, facts in told.items()
        for (key, code), found in oracle.expected(
            facts, profile_of, SPAN[1], stream.partition(":")[0]
        ).items()
    }
    issued = {
        (card.subject, card.key, card.rule_code): (card.raised_date, card.colour)
        for card in Card.objects.order_by("id")
    }
    assert issued == expected
    assert {code for _stream, _key, code in issued} >= {
        *("TIME_DUE_SOON", "TIME_PROMISE_OVER", "TIME_PROMISE_OVER2", "STEP_OVER"),
        "RATING_BAD",
    }
    _bad_ratings_are_answered(told)
    assert {colour for _day, colour in issued.values()} == {"remind", "yellow", "red"}
    assert ledger.verify().is_ok
    _each_profile_alone(told)
    _printed(issued)


def _bad_ratings_are_answered(told):
    """Offices call back: most bad ratings get no further card."""
    opened = [facts for stream, facts in told.items() if stream.startswith("bad_rating:")]
    called = [facts for facts in opened if any(f.kind == "bad_rating.contacted" for f in facts)]
    assert len(called) > len(opened) / 2


def _each_profile_alone(told):
    """The same histories as if one profile had held all year."""
    for name in ("overdue", "expiring"):
        count = 0
        for stream, facts in told.items():
            events = [queries.told(event) for event in ledger.history(stream)]
            about = stream.partition(":")[0]
            found = look(events, CALENDAR, shipped(name, about), SPAN[1]).due
            said = {(one.key, one.rule.code): (one.day, one.rule.colour.value) for one in found}
            held = oracle.expected(facts, lambda day, name=name: name, SPAN[1], about)
            assert said == held, stream
            count += len(said)
        assert count > CASES / 2


def _called(subject):
    kind, _colon, key = subject.partition(":")
    return Disclosure.objects.get(id=int(key)).title if kind == "village" else ABOUT[kind]


def _printed(issued):
    """The command line says what the list on the screen says."""
    out = io.StringIO()
    call_command("cards", as_of="2013-12-31", format="csv", stdout=out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    person = Person.objects.get(username="jiancha")
    scope = demo.account_queries.scope_of(person, SPAN[1])
    shown = queries.cards(scope, size=10_000).cards
    assert sorted(row["编号"] for row in rows) == sorted(card.number for card in shown)
    assert len(rows) == len(issued)
    by_number = {card.number: card for card in shown}
    for row in rows:
        card = by_number[row["编号"]]
        assert row["发出日期"] == card.raised_date.isoformat()
        assert _called(card.subject) in row["办件"]
        assert (row["扣分"] == "0") or card.counts
    early = io.StringIO()
    call_command("cards", as_of="2013-03-31", stdout=early)
    last = early.getvalue().strip().splitlines()[-1]
    count = sum(day <= date(2013, 3, 31) for day, _colour in issued.values())
    assert last == f"2013-03-31 共 {count} 张。"
