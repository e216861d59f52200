"""The demo: loads once, changes nothing twice, keeps away from real cases and production."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
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


@pytest.mark.slow
@pytest.mark.once  # PostgreSQL takes it with a year around it: test_simulate
def test_a_loaded_demo_is_whole_counted_and_the_same_when_loaded_again(
    at, settings, capsys, monkeypatch
):
    """One life, because the demo takes seconds to load: loaded and walked, told of and counted,
    loaded again at once and days later, and never emptied where it is for real."""
    if connection.vendor != "sqlite":
        monkeypatch.setattr(demo, "LIVES", ())  # test_simulate.py lives them on PostgreSQL
    demo.load(at)
    list(demo_walk.walk(at))
    first = demo_walk.summary()
    assert first["ledger_ok"]
    assert first["cases"]["delivered"] >= 1
    assert (first["regions"], first["items"] >= 60) == (343, True)
    told = set(Event.objects.values_list("kind", flat=True))
    assert [kind for kind in told if not make_events.is_listed(kind)] == []
    call_command("verify")
    assert "账本完好" in capsys.readouterr().out
    _check_counts(at)

    search.clear()  # as in a demo from before the search
    assert search.search("item", "取水") == []
    for moment in (at, at + timedelta(days=3)):
        demo.load(moment)
        list(demo_walk.walk(moment))
        assert demo_walk.summary() == first
    assert search.search("item", "取水")

    settings.MINGTANG_IS_PRODUCTION = True
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert "演示" in capsys.readouterr().out
    with pytest.raises(Conflict):
        fresh.clear()
    assert demo_walk.summary()["items"] > 0


def _check_counts(at):
    """The days' counts are those of the walk, also when they are counted anew."""
    on = legal_date(at)
    wanted = ["case.submitted", "case.granted", "case.delivered"]
    before = counts.totals(wanted, since=on.replace(month=1, day=1), until=on)
    joint = Case.objects.filter(channel="joint").count()  # opened before the walk
    assert before["case.submitted"] == len(demo_walk.WALK) + joint
    replay("day_counts", at)
    deliver_all(at)
    assert counts.totals(wanted, since=on.replace(month=1, day=1), until=on) == before


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
