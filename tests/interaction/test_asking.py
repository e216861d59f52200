"""Asking for a rating by SMS, and ratings that crowd at a window."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.interaction import queries, services
from mingtang.interaction.models import Rating, RatingToken
from mingtang.interaction.rules import BURST_COUNT
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import deliver_all, replay
from mingtang.messages.models import Message
from mingtang.regions.models import Centre, Window
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
GUEST = Actor(id=None, label="申请人")


@pytest.fixture
def window(world):
    hall = Centre.objects.create(
        region=world.region, organisation=world.centre, name="大厅", level="county"
    )
    made = Window.objects.create(centre=hall, number="5", name="水利", organisation=world.water)
    world.clerk.posts.update(window=made)
    return made


@pytest.fixture
def asks(settings):
    settings.MINGTANG_RATING_BY_SMS = True
    settings.MINGTANG_PUBLIC_URL = "https://jiangshan.example"


def _done(world, at, code="330881-qs1"):
    item = world.item(code, statutory=20, promised=5)
    case = world.bring(world.file(item, at, world.citizen), "delivered", at)
    deliver_all(at)
    return case


def _sent():
    return Message.objects.filter(event="rating.asked").order_by("id")


class TestAskingBySms:
    def test_a_link_goes_to_the_telephone_of_the_case_and_works_once(self, world, window, asks, at):
        case = _done(world, at)
        (sms,) = _sent()
        token = RatingToken.objects.get()
        link = reverse("interaction:by_token", args=[queries.written(token)])
        assert f"https://jiangshan.example{link}" in sms.text
        assert (token.channel, token.issued_by_id, token.window_id) == ("sms", None, window.id)
        assert token.subject == case.stream
        services.submit_by_token(
            token=queries.written(token),
            level="satisfied",
            text="",
            actor=GUEST,
            at=at + timedelta(days=2),
            command_id=new_command_id(),
        )
        assert Rating.objects.get().channel == "sms"

    def test_nobody_is_asked_where_the_office_does_not_pay_for_it(self, world, at, settings):
        settings.MINGTANG_RATING_BY_SMS = False
        _done(world, at)
        assert not _sent().exists()

    def test_nor_where_a_link_would_lead_nowhere(self, world, at, asks, settings):
        settings.MINGTANG_PUBLIC_URL = ""
        _done(world, at)
        assert not _sent().exists()

    def test_a_replay_asks_nobody_again(self, world, asks, at):
        _done(world, at)
        replay("rating_asking", at + timedelta(days=1))
        deliver_all(at + timedelta(days=1))
        assert _sent().count() == RatingToken.objects.count() == 1

    def test_who_has_rated_is_not_asked(self, world, asks, at):
        item = world.item(statutory=20, promised=5)
        case = world.bring(world.file(item, at, world.citizen), "delivered", at)
        services.submit(
            number=case.number,
            level="satisfied",
            text="",
            channel="code",
            actor=GUEST,
            at=at,
            command_id=new_command_id(),
        )
        deliver_all(at)
        assert not _sent().exists()


class TestBursts:
    """Many ratings at one window within a minute: somebody should look."""

    @pytest.fixture
    def rate_at(self):
        def rate(window, times):
            for number, at in enumerate(times):
                Rating.objects.create(
                    subject=f"case:{window.id}{number}",
                    completed_seq=1,
                    level="very_satisfied",
                    channel="pad",
                    rated_at=at,
                    window=window,
                )

        return rate

    def found(self, world, who, at):
        day = at.date()
        bursts = queries.bursts_at_windows(world.scope(who), day, day)
        return [(one.window.id, one.count) for one in bursts]

    def test_by_window_for_who_leads_there_or_watches(self, client, world, window, rate_at, at):
        crowd = [at + timedelta(seconds=5 * number) for number in range(BURST_COUNT)]
        rate_at(window, crowd)
        other = Window.objects.create(
            centre=window.centre, number="6", name="规划", organisation=world.planning
        )
        rate_at(other, [at + timedelta(minutes=5 * number) for number in range(BURST_COUNT)])
        lead = world.people.post("lead", Role.CHIEF_REPRESENTATIVE, world.water)
        elsewhere = world.people.post("other", Role.WINDOW_LEAD, world.planning)
        assert self.found(world, lead, at) == [(window.id, BURST_COUNT)]
        assert self.found(world, world.manager, at) == [(window.id, BURST_COUNT)]
        assert self.found(world, elsewhere, at) == []
        client.force_login(lead)
        page = client.get(
            reverse("interaction:rates"), {"since": "2013-09-17", "until": "2013-09-17"}
        )
        assert f"{BURST_COUNT} 个评价" in page.content.decode()

    def test_one_less_is_no_burst(self, world, window, rate_at, at):
        rate_at(window, [at + timedelta(seconds=number) for number in range(BURST_COUNT - 1)])
        assert self.found(world, world.manager, at) == []
