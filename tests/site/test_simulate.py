"""A simulated year: its rhythm, its fates, and the same ledger for the same seed."""

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time
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
    OFFICE_HOURS,
    SHARES,
    Fate,
    Place,
    absences,
    busyness,
    office_moment,
    plans,
)
from mingtang.timing.rules import shipped_calendar
from tests import migrated

SPAN = date(2013, 1, 1), date(2013, 12, 31)
PLACES = [
    Place("330881-016-001", "slj", ("county",), pause="hearing", is_extendable=True),
    Place("330881-025-001", "gsj", ("county", "township"), 4),
    Place("330881-007-002", "mzj", ("township", "village")),
]
SEED, CASES, PROJECTS = 5, 60, 1


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


def in_office(at: datetime) -> bool:
    local = at.astimezone(LEGAL_ZONE)
    is_open = any(begin <= local.time() <= end for begin, end in OFFICE_HOURS)
    return is_open and shipped_calendar().is_working_day(local.date())


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


def run(home, *words, **environment) -> str:
    """A command in a home of its own; what it said."""
    names = {**os.environ, "MINGTANG_HOME": str(home), **environment}
    for name in ("DJANGO_SETTINGS_MODULE", "MINGTANG_NODE"):
        names.pop(name, None)
    if "DATABASE_URL" not in environment:
        names.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "mingtang.site.cli", *words],
        env=names,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def simulated(home, **environment) -> dict:
    wanted = ("--year", "2013", "--cases", str(CASES), "--seed", str(SEED))
    said = run(home, "simulate", *wanted, "--projects", str(PROJECTS), **environment)
    return json.loads(said.strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.database  # its own, in the cluster of the lane
def test_the_same_seed_gives_the_same_ledger_on_both_databases(db, tmp_path):
    """In the lane that has both."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        pytest.skip("there is one database only; `just test-pg` has two")
    migrated.lay(tmp_path / "one" / "mingtang.sqlite3")
    first = simulated(tmp_path / "one", PYTHONHASHSEED="1")
    check_its_acts(tmp_path / "one" / "mingtang.sqlite3")
    check_its_exchange(tmp_path / "one", tmp_path / "batch")
    second = simulated(tmp_path / "two", PYTHONHASHSEED="2", DATABASE_URL=url)
    assert first["ledger_ok"]
    assert second["ledger_ok"]
    assert first["root"] == second["root"]
    assert first["cases"] == second["cases"]
    assert sum(first["cases"].values()) > CASES  # those of the joint matter beside them
    assert sum(first["refused"].values()) <= 3


def check_its_exchange(home, folder):
    """The year goes up without one row that fails, comes in elsewhere and goes out the same."""
    days = ("--from", "2013-01-01", "--to", "2013-12-31", "--out", str(folder))
    run(home, "exchange", "export", "--scheme", "national", *days)
    files = read_folder(folder)
    by = {"actor": SYSTEM, "at": datetime(2014, 1, 2, tzinfo=LEGAL_ZONE), "command_id": "a" * 32}
    findings, told = exchange.receive(files=files, **by)
    assert [vars(one) for one in findings.faults] == []
    assert findings.rows["up_pro_accept"] > CASES / 2
    assert findings.rows["up_task_general_basic"] > 300
    assert received(int(told["batch_id"])) == files


def check_its_acts(database):
    """Offices act in office hours of working days, and all that a city does is among its acts."""
    with sqlite3.connect(database) as connection:
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
