"""What was refused is kept for the audit administrator, by the hour, and names no citizen."""

import json
import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts import services_refusals
from mingtang.accounts.models import Refusal
from mingtang.accounts.rules import SIGN_IN_PER_ACCOUNT, Role
from mingtang.base.requesting import JsonLines
from mingtang.persons.services import retain
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(at):
    with time_machine.travel(at.replace(minute=5), tick=False) as moved:
        yield moved


def fail(username="clerk", source="127.0.0.1"):
    told = {"username": username, "password": "wrong password"}
    return Client(REMOTE_ADDR=source).post(reverse("accounts:sign_in"), told)


def kept():
    fields = ("kind", "is_locked", "person__username", "count")
    return sorted(Refusal.objects.values_list(*fields), key=str)


def test_failed_and_locked_sign_ins_are_counted_by_the_hour(world, clock):
    for _ in range(SIGN_IN_PER_ACCOUNT.most + 2):
        fail()
    assert kept() == [("sign_in", False, "clerk", 5), ("sign_in", True, "clerk", 2)]
    clock.shift(timedelta(hours=1))
    fail()
    assert ("sign_in", False, "clerk", 1) in kept()


@pytest.mark.parametrize("username", ["citizen", "nobody"])
def test_of_citizens_and_strangers_no_name_is_kept_nor_told(world, caplog, username):
    caplog.set_level(logging.WARNING, "mingtang.security")
    fail(username, "203.0.113.7")
    assert kept() == [("sign_in", False, None, 1)]
    (record,) = [one for one in caplog.records if one.name == "mingtang.security"]
    line = json.loads(JsonLines().format(record))
    assert (line["event"], line["person"], line["route"]) == ("sign_in", None, "accounts:sign_in")
    assert line["source"] == Refusal.objects.get().source
    for secret in (username, "203.0.113.7", "wrong password"):
        assert secret not in json.dumps(line, ensure_ascii=False).replace("sign_in", "")


def test_who_it_is_asked_again_and_not_shown(world, client, settings):
    settings.MINGTANG_PROOF_MINUTES = 1
    client.force_login(world.clerk)
    client.post(reverse("accounts:prove"), {"proof_of_self": "wrong"})
    assert kept() == [("proof", False, "clerk", 1)]


def test_staff_at_what_is_not_theirs(world, client):
    client.force_login(world.clerk)
    assert client.get(reverse("accounts:refusals")).status_code == 404
    (row,) = Refusal.objects.all()
    assert (row.kind, row.person, row.route) == ("access", world.clerk, "accounts:refusals")
    client.get("/nothing/of/that/kind/")
    assert Refusal.objects.count() == 1


def test_a_citizen_at_what_is_not_there_is_no_event(world, client):
    client.force_login(world.stranger)
    assert client.get(reverse("accounts:refusals")).status_code == 404
    assert not Refusal.objects.exists()


def test_what_succeeds_leaves_nothing(world, client):
    client.post(reverse("accounts:sign_in"), {"username": "clerk", "password": PASSWORD})
    client.get(reverse("cases:desk"))
    assert not Refusal.objects.exists()


@pytest.mark.parametrize(("most", "rows"), [(3, 4), (1000, 7)])
def test_a_flood_of_sources_is_bounded(world, monkeypatch, most, rows):
    """The control: with a wider bound each source has its row."""
    monkeypatch.setattr(services_refusals, "REFUSALS_AN_HOUR", most)
    for number in range(7):
        fail(source=f"203.0.113.{number}")
    assert Refusal.objects.count() == rows
    assert sum(Refusal.objects.values_list("count", flat=True)) == 7


def test_it_is_kept_for_half_a_year_and_no_longer(world, at):
    fail()
    assert retain(at + timedelta(days=179)) == 0
    assert retain(at + timedelta(days=181)) == 1
    assert not Refusal.objects.exists()


def test_no_answer_fails_by_it(world, monkeypatch):
    def gone(**told):
        raise DatabaseError

    monkeypatch.setattr(services_refusals, "_note", gone)
    assert fail().status_code == 422


class TestThePage:
    @pytest.fixture
    def audit(self, world, client):
        world.people.post("auditor", Role.AUDIT_ADMIN, world.centre)
        client.post(reverse("accounts:sign_in"), {"username": "auditor", "password": PASSWORD})
        return client

    def test_it_lists_who_how_often_and_where_and_is_narrowed(self, audit):
        fail()
        page = audit.get(reverse("accounts:refusals")).content.decode()
        assert "登录没有成功" in page
        assert "accounts:sign_in" in page
        assert Refusal.objects.get().source in page
        other = audit.get(reverse("accounts:refusals") + "?kind=access").content.decode()
        assert "还没有记录" in other

    def test_more_rows_cost_no_more_questions(self, audit):
        fail()
        asked = []
        for more in (0, 51):
            for number in range(more):
                self.lay(number)
            with CaptureQueriesContext(connection) as found:
                page = audit.get(reverse("accounts:refusals"))
            asked.append(len(found))
        assert asked[0] == asked[1]
        assert "after=" in page.content.decode()

    def lay(self, number):
        row = Refusal.objects.first()
        row.id, row.digest = row.id + number + 1, f"{number:064x}"
        row.save(force_insert=True)
