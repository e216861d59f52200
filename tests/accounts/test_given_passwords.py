"""A password that somebody else gave: it runs out, and opens the page of the own one alone."""

import io
import json
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from mingtang.accounts.models import Person
from mingtang.accounts.passwords import FIRST_GOOD_FOR, RESET_GOOD_FOR, made_by_chance
from mingtang.accounts.rules import PasswordRanOut, Role, WrongCredentials
from mingtang.accounts.services import administrator, check_credentials
from mingtang.accounts.services_leaving import close_account
from mingtang.accounts.services_password import reset_password
from mingtang.base.clock import now, today
from mingtang.base.errors import Conflict, NotAllowed, NotFound
from mingtang.ledger.models import Event
from mingtang.regions.models import Organisation
from tests.accounts.test_password import NEW
from tests.world import PASSWORD, new_command_id

FIRST = "sishi-er-ge-yuefen"


def give(person, *, left=timedelta(days=1)):
    person.set_password(FIRST)
    person.password_until = now() + left
    person.save()


def sign_in(username, password):
    browser = Client()
    browser.post("/sign-in/", {"username": username, "password": password})
    return browser


def set_own(browser, *, old=FIRST):
    typed = {"old_password": old, "new_password": NEW, "new_again": NEW}
    return browser.post("/account/", {**typed, "command_id": new_command_id()})


@pytest.mark.django_db
class TestUntilItIsReplaced:
    def test_it_opens_the_page_of_the_own_one_and_nothing_else(self, world):
        assert (
            sign_in(world.clerk.username, world.people.password).get("/today/").status_code == 200
        )
        give(world.clerk)
        browser = sign_in(world.clerk.username, FIRST)
        for page in ("/today/", "/account/factor/", "/account/data/"):
            assert browser.get(page).headers["Location"] == "/account/", page
        assert "初始密码" in browser.get("/account/").content.decode()
        assert set_own(browser).status_code == 302
        assert browser.get("/today/").status_code == 200
        assert "初始密码" not in browser.get("/account/").content.decode()

    def test_meanwhile_a_page_for_everybody_shows_no_post(self, world):
        give(world.clerk)
        assert "/today/" not in sign_in(world.clerk.username, FIRST).get("/").content.decode()

    def test_it_runs_out(self, world):
        give(world.clerk, left=timedelta(minutes=5))
        told = {"username": world.clerk.username, "password": FIRST, "source": "here"}
        assert check_credentials(**told, at=now()) == world.clerk
        with pytest.raises(PasswordRanOut, match="过期"):
            check_credentials(**told, at=now() + timedelta(minutes=6))

    def test_nobody_is_an_administrator_by_it(self, world):
        chief = world.people.post("guanli", Role.SYSTEM_ADMIN, world.centre)
        given = {"username": chief.username, "at": now()}
        assert administrator(password=world.people.password, **given).id == str(chief.id)
        give(chief)
        with pytest.raises(NotAllowed, match="初始密码"):
            administrator(password=FIRST, **given)


@pytest.fixture
def two(world):
    """Two administrators, as actors."""
    found = []
    for name, role in (("guanli", Role.SYSTEM_ADMIN), ("anquan", Role.SECURITY_ADMIN)):
        person = world.people.post(name, role, world.centre)
        found.append(administrator(person.username, world.people.password, now()))
    return found


@pytest.mark.django_db
class TestForgotten:
    def test_two_give_one_for_a_day_and_all_sessions_end(self, world, two):
        before = sign_in(world.clerk.username, world.people.password)
        at = now()
        given = reset_password(
            username=world.clerk.username, by=two[0], second=two[1], at=at, command_id="r-1"
        )
        assert before.get("/account/").status_code == 302
        browser = sign_in(world.clerk.username, given)
        assert set_own(browser, old=given).status_code == 302
        assert browser.get("/today/").status_code == 200
        told = Event.objects.get(kind="password.reset")
        assert told.facts == {"second_id": two[1].id, "until": (at + RESET_GOOD_FOR).isoformat()}
        assert given not in json.dumps(list(Event.objects.values("facts")))

    @pytest.mark.parametrize(("by", "second"), [(0, 0), (1, 1)])
    def test_one_alone_does_not(self, world, two, by, second):
        with pytest.raises(NotAllowed, match="两名"):
            reset_password(
                username=world.clerk.username,
                by=two[by],
                second=two[second],
                at=now(),
                command_id="r-2",
            )

    def test_nor_one_of_them_for_themselves(self, two):
        with pytest.raises(NotAllowed, match="自己"):
            reset_password(username="guanli", by=two[0], second=two[1], at=now(), command_id="r-3")

    def test_nobody_by_that_name(self, two):
        with pytest.raises(NotFound, match="没有这个账号"):
            reset_password(username="meiyou", by=two[0], second=two[1], at=now(), command_id="r-4")

    def test_at_the_command_line(self, world, two, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{world.people.password}\n" * 2))
        said = io.StringIO()
        call_command(
            *("reset_password", world.clerk.username, "--by", "guanli", "--second", "anquan"),
            *("--passwords-stdin", "--format", "json"),
            stdout=said,
        )
        given = json.loads(said.getvalue())["password"]
        assert Person.objects.get(id=world.clerk.id).check_password(given)


@pytest.mark.django_db
class TestWhoLeaves:
    def close(self, two, username):
        given = {"reason": "调离", "actor": two[0], "at": now(), "command_id": new_command_id()}
        return close_account(username=username, **given)

    def test_opens_nothing_more_and_holds_no_post_tomorrow(self, world, two):
        browser = sign_in(world.clerk.username, world.people.password)
        assert self.close(two, world.clerk.username) == {"posts": 1}
        assert browser.get("/today/").status_code == 302
        with pytest.raises(WrongCredentials):
            check_credentials(
                username=world.clerk.username, password=PASSWORD, source="here", at=now()
            )
        assert world.clerk.posts.get().valid_to == today()
        assert Event.objects.get(kind="person.closed").facts == {"reason": "调离", "posts": 1}

    def test_not_twice_nor_oneself_nor_nobody(self, world, two):
        self.close(two, world.clerk.username)
        for username, error in (
            (world.clerk.username, Conflict),
            ("guanli", NotAllowed),
            ("meiyou", NotFound),
        ):
            with pytest.raises(error):
                self.close(two, username)

    def test_at_the_command_line(self, world, two, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
        call_command(
            *("close_account", world.clerk.username, "--by", "guanli", "--reason", "退休"),
            "--password-stdin",
            stdout=io.StringIO(),
        )
        assert not Person.objects.get(id=world.clerk.id).is_active


@pytest.mark.django_db
def test_who_is_added_gets_one_made_by_chance_that_runs_out(world):
    said = io.StringIO()
    call_command(
        *("add_staff", "zhu", "--name", "祝晓芳", "--role", "clerk", "--format", "json"),
        *("--organisation", Organisation.objects.first().code),
        stdout=said,
    )
    person = Person.objects.get(username="zhu")
    assert person.check_password(json.loads(said.getvalue())["password"])
    assert person.password_until == person.joined_at + FIRST_GOOD_FOR


def test_what_is_made_by_chance_is_never_the_same_and_easily_read_out():
    made = {made_by_chance() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 14 and not set(one) & set("ilo01") for one in made)
