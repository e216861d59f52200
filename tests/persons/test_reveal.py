"""Masked data are shown for a reason, which stays: the one who may, the colleague, the stranger;
a limit a day; no value in the ledger nor in the list; who looks more than others."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import Error, transaction
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.errors import NotFound
from mingtang.cases.models import Case
from mingtang.cases.queries.reading import case_for
from mingtang.ledger.models import Event
from mingtang.persons import opening, queries, services
from mingtang.persons.models import Reveal
from mingtang.persons.queries import revealing
from mingtang.persons.rules import (
    REVEALERS,
    NothingChosen,
    Reason,
    TooManyReveals,
    WordsWanted,
    outliers,
)
from tests.world import NUMBERS, PASSWORD, World, new_command_id

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


def noted(world: World, case: Case, who, at, **more):
    told = {"names": ["phone"], "reason": Reason.CONTACT, "words": "", **more}
    return services.reveal(
        subject=case.stream,
        **told,
        person_id=who.id,
        organisation_id=world.water.id,
        actor=world.actor(who),
        at=at,
        command_id=new_command_id(),
    )


@pytest.fixture
def case(world: World, at) -> Case:
    return world.file(world.item(), at)


class TestWhoMay:
    def test_whose_post_opens_the_case(self, world, case):
        found = opening.opened(world.scope(world.handler), "case", case.id)
        assert {one.name: one.value for one in found.hidden} == {
            "identity_number": NUMBERS[0],
            "phone": PHONE,
        }
        assert not any(NUMBERS[0] in one.masked or PHONE in one.masked for one in found.hidden)

    @pytest.mark.parametrize("who", ["colleague", "stranger", "citizen"])
    def test_for_everybody_else_it_is_not_there(self, world, case, who):
        with pytest.raises(NotFound):
            opening.opened(world.scope(getattr(world, who)), "case", case.id)

    def test_a_post_elsewhere_lends_its_right_to_no_post_that_only_reads(self, world, case):
        """The reform office reads the case and reveals nothing; a handler's post of another unit
        reveals there alone."""
        scope = world.scope(world.handler)
        reads = replace(scope.grants[0], role=Role.REFORM_OFFICE)
        away = replace(scope.grants[0], organisation_ids=frozenset(), region_ids=frozenset())
        both = replace(scope, grants=(away, reads))
        assert case_for(both, case.number) == case
        with pytest.raises(NotFound):
            opening.opened(both, "case", case.id)

    def test_nor_is_anything_that_nobody_knows(self, world, case):
        for kind, key in (("case", 1), ("nothing", case.id)):
            with pytest.raises(NotFound):
                opening.opened(world.scope(world.handler), kind, key)

    def test_who_leads_or_administers_does_not_reveal(self):
        kept_out = {*(Role.STEERING_GROUP, Role.REFORM_OFFICE), Role.AUDIT_ADMIN}
        assert not kept_out & REVEALERS


class TestTheRecord:
    def test_the_ledger_tells_who_what_and_why_but_no_value(self, world, case, at):
        told = {"names": ["identity_number", "phone"], "words": f"打不通，号码 {PHONE}"}
        noted(world, case, world.handler, at, **told)
        event = Event.objects.filter(stream=case.stream).latest("seq")
        assert (event.kind, event.actor_id) == ("personal.revealed", str(world.handler.id))
        assert event.facts["fields"] == ["identity_number", "phone"]
        assert event.facts["reason"] == "contact"
        whole = json.dumps(event.facts) + json.dumps(Reveal.objects.get().field_names)
        assert NUMBERS[0] not in whole
        assert PHONE not in whole

    def test_the_row_is_nobodys_to_change(self, world, case, at):
        noted(world, case, world.handler, at)
        for act in (
            lambda: Reveal.objects.update(reason="other"),
            lambda: Reveal.objects.all().delete(),
        ):
            with pytest.raises(Error), transaction.atomic():
                act()

    def test_without_a_reason_there_is_none(self, world, case, at):
        with pytest.raises(WordsWanted):
            noted(world, case, world.handler, at, reason=Reason.OTHER)
        with pytest.raises(NothingChosen):
            noted(world, case, world.handler, at, names=[])
        assert not Reveal.objects.exists()

    def test_a_day_has_a_limit_of_fields_and_the_next_day_a_new_one(
        self, world, case, at, settings
    ):
        settings.MINGTANG_REVEALS_A_DAY = 3
        noted(world, case, world.handler, at, names=["phone", "identity_number"])
        noted(world, case, world.handler, at)
        with pytest.raises(TooManyReveals):
            noted(world, case, world.handler, at)
        noted(world, case, world.clerk, at)  # another one's day
        noted(world, case, world.handler, at.replace(day=at.day + 1))

    def test_with_a_wider_setting_the_limit_would_not_hold(self, world, case, at, settings):
        """The control: it is the setting that refuses."""
        settings.MINGTANG_REVEALS_A_DAY = 100
        for _ in range(4):
            noted(world, case, world.handler, at)
        assert queries.revealed_on(world.handler.id, at.date()) == 4


class TestTheList:
    def test_the_inspector_sees_their_region_and_the_auditor_all(self, world, case, at):
        noted(world, case, world.handler, at)
        post = world.people.post
        inspector = post("inspector", Role.INSPECTOR, world.centre)
        auditor = post("auditor", Role.AUDIT_ADMIN, world.centre)
        for reader, count in ((inspector, 1), (auditor, 1), (world.clerk, 0)):
            page = queries.reveals(world.scope(reader), person_id=None, after=None)
            assert len(page.rows) == count
        assert [one.name for one in queries.lookers(world.scope(inspector), at)] == ["handler先生"]

    def test_pages_lead_on_to_every_row(self, world, case, at, monkeypatch):
        monkeypatch.setattr(revealing, "PAGE", 2)
        for _ in range(5):
            noted(world, case, world.handler, at)
        scope = world.scope(world.people.post("auditor", Role.AUDIT_ADMIN, world.centre))
        found, after = [], None
        while page := queries.reveals(scope, person_id=world.handler.id, after=after):
            found += [one.id for one in page.rows]
            after = page.next
            if after is None:
                break
        assert len(found) == len(set(found)) == 5

    def test_who_looks_three_times_as_much_stands_out(self):
        assert outliers({}) == frozenset()
        assert outliers({1: 4, 2: 5, 3: 6, 4: 18}) == {4}
        assert outliers({1: 1, 2: 1, 3: 9}) == frozenset()  # few are no pattern
        assert outliers({1: 40, 2: 50, 3: 60}) == frozenset()  # all of them do their work


@pytest.mark.once
class TestThePages:
    @pytest.fixture(autouse=True)
    def _at(self, at):
        with time_machine.travel(at, tick=False):
            yield

    def enter(self, client, username):
        told = {"username": username, "password": PASSWORD, "next": "/"}
        client.post(reverse("accounts:sign_in"), told)

    def test_the_case_masks_and_the_answer_alone_shows(self, client, world, case):
        self.enter(client, "handler")
        page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
        url = reverse("persons:reveal", args=["case", case.id])
        assert PHONE not in page
        assert NUMBERS[0] not in page
        assert url in page
        asked = client.get(url).content.decode()
        assert PHONE not in asked
        told = {"names": ["phone"], "reason": "contact", "command_id": new_command_id()}
        refused = client.post(url, {**told, "names": []})
        assert refused.status_code == 422
        shown = client.post(url, told)
        assert PHONE in shown.content.decode()
        assert NUMBERS[0] not in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert Reveal.objects.count() == 1
        again = client.post(url, told)  # the same click once more is the same look
        assert PHONE in again.content.decode()
        assert Reveal.objects.count() == 1

    def test_the_same_form_later_shows_nothing_without_a_note(self, client, world, case, at):
        url = reverse("persons:reveal", args=["case", case.id])
        told = {"names": ["phone"], "reason": "contact", "command_id": new_command_id()}
        for minutes, status in ((0, 200), (1, 200), (2, 409)):
            with time_machine.travel(at + timedelta(minutes=minutes), tick=False):
                self.enter(client, "handler")
                answer = client.post(url, told)
                assert answer.status_code == status
                assert (PHONE in answer.content.decode()) is (status == 200)

    def test_a_page_that_masks_nothing_would_be_seen(self, client, world, case, monkeypatch):
        """The control of the test above."""
        monkeypatch.setattr("mingtang.cases.present.hidden.mask_phone", str)
        self.enter(client, "handler")
        page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
        assert PHONE in page

    def test_colleague_and_stranger_find_nothing(self, client, world, case):
        url = reverse("persons:reveal", args=["case", case.id])
        told = {"names": ["phone"], "reason": "contact", "command_id": new_command_id()}
        for username in ("colleague", "stranger"):
            self.enter(client, username)
            assert client.get(url).status_code == 404
            assert client.post(url, told).status_code == 404
        assert not Reveal.objects.exists()

    def test_the_inspectors_page_names_no_number(self, client, world, case, at):
        noted(world, case, world.handler, at, words="回电")
        world.people.post("inspector", Role.INSPECTOR, world.centre)
        self.enter(client, "inspector")
        page = client.get(reverse("persons:reveals")).content.decode()
        assert "handler先生" in page
        assert case.number in page
        assert "回电" in page
        assert PHONE not in page

    def test_the_list_asks_as_much_with_more_rows(
        self, client, world, case, at, django_assert_max_num_queries
    ):
        world.people.post("inspector", Role.INSPECTOR, world.centre)
        self.enter(client, "inspector")
        for _ in range(2):
            for _ in range(3):
                noted(world, case, world.handler, at)
            with django_assert_max_num_queries(12):
                client.get(reverse("persons:reveals"))
