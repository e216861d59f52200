"""The demo: loads once, changes nothing twice, keeps away from real cases and production."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from scripts import make_events

from mingtang.accounts import services as accounts
from mingtang.accounts.rules import WrongCredentials
from mingtang.base import search
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict
from mingtang.cases.models import Case
from mingtang.counts import queries as counts
from mingtang.ledger.models import Event
from mingtang.ledger.services import deliver_all, replay
from mingtang.site import demo, demo_walk, fresh
from mingtang.site.demo import BesideRealData
from mingtang.site.doctor import findings

pytestmark = pytest.mark.django_db


@pytest.mark.slow  # the whole demo, twice
def test_the_demo_brings_a_case_to_delivery_and_a_second_load_changes_nothing(at):
    demo.load(at)
    list(demo_walk.walk(at))
    first = demo_walk.summary()
    assert first["ledger_ok"]
    assert first["cases"]["delivered"] >= 1
    assert (first["regions"], first["items"] >= 60) == (343, True)
    told = set(Event.objects.values_list("kind", flat=True))
    assert [kind for kind in told if not make_events.is_listed(kind)] == []
    demo.load(at)
    list(demo_walk.walk(at))
    assert demo_walk.summary() == first


def test_the_demo_refuses_to_load_beside_real_cases(world, at):
    world.file(world.item(), at)
    with pytest.raises(BesideRealData):
        demo.check_may_load()
    with pytest.raises(BesideRealData):
        fresh.clear()


def test_an_installation_prepared_for_real_use_is_neither_filled_nor_emptied(world, at):
    world.item()  # an import was run; there is no case yet
    for act in (fresh.clear, lambda: demo.load(at)):
        with pytest.raises(BesideRealData):
            act()


def test_the_demo_refuses_production(settings, at):
    settings.MINGTANG_IS_PRODUCTION = True
    with pytest.raises(Conflict, match="正式环境"):
        demo.load(at)


def test_demo_accounts_do_not_open_in_production(world, at, settings):
    world.clerk.is_demo = True
    world.clerk.save(update_fields=["is_demo"])
    settings.MINGTANG_IS_PRODUCTION = True
    with pytest.raises(WrongCredentials):
        accounts.check_credentials(
            username="clerk", password=world.people.password, source="10.0.0.1", at=at
        )


def test_doctor_tells_of_seals_without_legal_effect_in_production(settings, at):
    def told() -> list[str]:
        return [one.text for one in findings(at.date()) if "法律效力" in one.text]

    settings.MINGTANG_SEAL_PROVIDER = "local"
    assert told() == []
    settings.MINGTANG_IS_PRODUCTION = True
    (text,) = told()
    assert "MINGTANG_SEAL_PROVIDER" in text
    settings.MINGTANG_SEAL_PROVIDER = "none"
    assert told() == []


@pytest.mark.slow
@pytest.mark.once
def test_a_walked_demo_is_counted_and_stays_as_it_was_on_another_day(at):
    demo.load(at)
    list(demo_walk.walk(at))
    on = legal_date(at)
    wanted = ["case.submitted", "case.granted", "case.delivered"]
    before = counts.totals(wanted, since=on.replace(month=1, day=1), until=on)
    joint = Case.objects.filter(channel="joint").count()  # opened before the walk
    assert before["case.submitted"] == len(demo_walk.WALK) + joint
    replay("day_counts", at)
    deliver_all(at)
    assert counts.totals(wanted, since=on.replace(month=1, day=1), until=on) == before

    found = demo_walk.summary()
    later = at + timedelta(days=3)
    demo.load(later)
    list(demo_walk.walk(later))
    assert demo_walk.summary() == found


@pytest.mark.slow
@pytest.mark.once
def test_a_loaded_demo_is_whole_and_told_of_and_never_emptied_in_production(at, settings, capsys):
    demo.load(at)
    call_command("verify")
    assert "账本完好" in capsys.readouterr().out

    search.clear()  # as in a demo from before the search
    assert search.search("item", "取水") == []
    demo.load(at)
    assert search.search("item", "取水")

    settings.MINGTANG_IS_PRODUCTION = True
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert "演示" in capsys.readouterr().out
    with pytest.raises(Conflict):
        fresh.clear()
    assert demo_walk.summary()["items"] > 0
