"""A simulated year: its rhythm, its fates, and the same ledger for the same seed."""

import os
import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

import mingtang
from mingtang.base import entropy, ids
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.exchange import services as exchange
from mingtang.exchange.queries.batches import received
from mingtang.exchange.services.batches import read as read_folder
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.rules import check_citizen_number
from mingtang.site.simulate.offices import COUNTERS, STAND_INS
from mingtang.site.simulate.people import citizen_number
from mingtang.site.simulate.planning import (
    SHARES,
    Fate,
    Place,
    absences,
    busyness,
    office_moment,
    plans,
)
from mingtang.timing.rules import shipped_calendar
from tests import migrated, statements
from tests.site import year
from tests.site.simulated_acts import in_office
from tests.site.year import CASES, SPAN
from tests.statements import KEPT

PLACES = [
    Place("330881-016-001", "slj", ("county",), pause="hearing", is_extendable=True),
    Place("330881-025-001", "gsj", ("county", "township"), 4),
    Place("330881-007-002", "mzj", ("township", "village")),
]


def planned(seed=1, count=600):
    return plans(random.Random(seed), PLACES, shipped_calendar(), SPAN, count)


@trials(max_examples=10)
@given(seed=st.integers(0, 10**9), count=st.integers(400, 500))
def test_every_fate_and_every_channel_occurs(seed, count):
    found = planned(seed, count)
    assert {plan.fate for plan in found} == set(SHARES)
    assert {plan.channel for plan in found} == set(COUNTERS)
    assert 0.3 < sum(bool(plan.level) for plan in found) / len(found) < 0.6
    assert [plan.number for plan in found] == list(range(1, count + 1))


def test_paused_and_extended_is_what_the_item_lets_be():
    able = {plan.place.item for plan in planned() if plan.fate in {Fate.PAUSED, Fate.EXTENDED}}
    assert able == {"330881-016-001"}


def test_nothing_comes_later_where_nothing_is_asked_for_and_photographs_come_online():
    bare = [replace(one, has_materials=one.item == "330881-025-001") for one in PLACES]
    found = plans(random.Random(4), bare, shipped_calendar(), SPAN, 400)
    papers = {Fate.UPLOADED, Fate.DEFERRED}
    assert {one.place.item for one in found if one.fate in papers} == {"330881-025-001"}
    assert {one.channel for one in found if one.fate is Fate.UPLOADED} == {"online"}


def test_the_same_seed_plans_the_same_and_another_does_not():
    assert planned(3) == planned(3)
    assert planned(3) != planned(4)


def test_what_the_county_does_not_take_is_taken_below_it():
    channels = {plan.channel for plan in planned() if plan.place.item == "330881-007-002"}
    assert channels == {"online", "township", "village"}


@given(seed=st.integers(0, 10**9))
def test_who_is_away_says_so_before_and_has_a_substitute_of_their_own(seed):
    found = absences(random.Random(seed), STAND_INS, shipped_calendar(), SPAN)
    for one in found:
        assert in_office(one.told_at)
        assert legal_date(one.told_at) < one.first <= one.last
        assert STAND_INS[one.username] == one.substitute
    for one, other in pairwise(found):
        assert one.substitute != other.substitute or one.last < legal_date(other.told_at)


def test_offices_act_in_their_hours_and_people_at_any():
    found = planned()
    assert all(in_office(plan.filed_at) for plan in found if plan.channel != "online")
    assert not all(in_office(plan.filed_at) for plan in found if plan.channel == "online")
    rng, calendar = random.Random(2), shipped_calendar()
    at = datetime.combine(date(2013, 9, 27), time(16, 58), LEGAL_ZONE)
    for days in (0, 0, 0, 1, 3):
        later = office_moment(rng, at, calendar, days=days)
        assert later > at
        assert in_office(later)
        at = later


def test_the_week_and_the_year_have_their_rhythm():
    calendar = shipped_calendar()
    monday, friday = date(2013, 5, 13), date(2013, 5, 17)
    assert busyness(monday, calendar) > busyness(friday, calendar)
    assert busyness(date(2013, 10, 8), calendar) > busyness(date(2013, 10, 15), calendar)
    assert busyness(date(2013, 10, 1), calendar) < busyness(date(2013, 9, 24), calendar) / 3
    makeup = date(2013, 9, 22)  # a Sunday on which offices worked
    assert busyness(makeup, calendar) > busyness(date(2013, 9, 15), calendar)
    by_month = Counter(plan.filed_at.astimezone(LEGAL_ZONE).month for plan in planned(9, 3000))
    assert by_month[3] > by_month[2]
    assert all(SPAN[0] <= legal_date(plan.filed_at) <= SPAN[1] for plan in planned())


def test_made_up_numbers_pass_their_check():
    rng = random.Random(1)
    for _ in range(200):
        check_citizen_number(citizen_number(rng), today=date(2026, 1, 1))


def test_a_simulation_foresees_its_salts_and_ids():
    with entropy.foreseen(1):
        first = entropy.salt(16)
    with entropy.foreseen(1):
        assert entropy.salt(16) == first
    assert entropy.salt(16) != first
    with ids.counted_from(lambda: ids.EPOCH_MS + 5):
        one = ids.next_id()
    with ids.counted_from(lambda: ids.EPOCH_MS + 5):
        assert ids.next_id() == one


def test_production_has_salts_of_chance_alone(settings, monkeypatch):
    settings.MINGTANG_IS_PRODUCTION = True
    with pytest.raises(RuntimeError, match="正式环境"), entropy.foreseen(1):
        pass
    assert entropy._source == [os.urandom]
    assert entropy.salt(16) != entropy.salt(16)


def test_only_the_simulation_asks_for_salts_of_a_seed():
    source = Path(mingtang.__file__).parent
    asking = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "entropy.foreseen" in (text := path.read_text(encoding="utf-8"))
        or "import foreseen" in text
    }
    assert asking == {"site/simulate/running.py"}


@pytest.mark.slow
@pytest.mark.database  # its own, in the cluster of the lane
def test_the_same_seed_gives_the_same_ledger_on_both_databases(db, tmp_path):
    """In the lane that has both. What the year is like: tests/supervision/test_simulated.py."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        pytest.skip("there is one database only; `just test-pg` has two")
    _database, first = year.on_sqlite()
    second = year.lived(tmp_path, PYTHONHASHSEED="2", DATABASE_URL=url)
    assert first["ledger_ok"]
    assert second["ledger_ok"]
    assert first["root"] == second["root"]
    assert first["cases"] == second["cases"]
    assert sum(first["cases"].values()) > CASES  # those of the joint matters beside them
    assert first["refused"] == second["refused"] == {}
    check_its_exchange(tmp_path, tmp_path / "batch", url)


def test_a_year_is_lived_once_and_that_of_other_code_is_gone(tmp_path, monkeypatch):
    """What is compared is a year of this very code, or there would be nothing to see."""
    lives = []
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(migrated, "lay", lambda path: False)
    monkeypatch.setattr(year, "lived", lambda _home, **_more: lives.append(1) or len(lives))
    for code, root in (("one", 1), ("one", 1), ("two", 2), ("one", 3)):
        monkeypatch.setattr(statements, "folder", lambda code=code: tmp_path / f"{KEPT}{code}")
        assert year.on_sqlite()[1] == root
    assert [one.name for one in tmp_path.iterdir() if one.is_dir()] == [f"{year.KEPT}one"]


def check_its_exchange(home, folder, url):
    """The year goes up without one row that fails, comes in elsewhere and goes out the same."""
    days = ("--from", "2013-01-01", "--to", "2013-12-31", "--out", str(folder))
    export = ("mingtang.site.cli", "exchange", "export", "--scheme", "national", *days)
    year.run(home, *export, DATABASE_URL=url)
    files = read_folder(folder)
    by = {"actor": SYSTEM, "at": datetime(2014, 1, 2, tzinfo=LEGAL_ZONE), "command_id": "a" * 32}
    findings, told = exchange.receive(files=files, **by)
    assert [vars(one) for one in findings.faults] == []
    assert findings.rows["up_pro_accept"] > CASES / 2
    assert findings.rows["up_task_general_basic"] > 300
    assert received(int(told["batch_id"])) == files
