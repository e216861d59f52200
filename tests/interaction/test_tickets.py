"""Bad ratings: the ticket from the call back to the answer, who may, what rates say of it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import NotYourPost, Role
from mingtang.base.clock import today as now_day
from mingtang.base.errors import Conflict
from mingtang.interaction import queries, services
from mingtang.interaction.followers import SERVICES
from mingtang.interaction.models import BadRating, PublishedText, Service
from mingtang.interaction.rules import (
    MOVE_OF,
    NothingToCorrect,
    SamePerson,
    TicketMoved,
    TicketVerb,
    TookPart,
)
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import deliver_all, replay
from mingtang.messages.models import Message
from mingtang.regions.models import Region
from mingtang.timing.queries import clocks_of
from tests.world import SINCE, new_command_id

pytestmark = pytest.mark.django_db
GUEST = Actor(id=None, label="申请人")
DAY = date(2013, 9, 17)


@pytest.fixture
def lead(world):
    return world.people.post("lead", Role.CHIEF_REPRESENTATIVE, world.water)


@pytest.fixture
def world(db, _hall):
    return _hall()


@pytest.fixture
def case(world):
    return world.done


def _rate(case, at, level="dissatisfied", send=services.submit, **more):
    fields = {"number": case.number, "level": level, "text": "", "channel": "code", **more}
    send(actor=GUEST, at=at, command_id=new_command_id(), **fields)
    deliver_all(at)


@pytest.fixture
def ticket(world, lead, case, at):
    _rate(case, at, text="毛小明等了太久，电话13800000001")
    return BadRating.objects.get()


@pytest.fixture
def do(world, ticket, at):
    def act(who, command, **more):
        fields = {"note": "写明", "actor": world.actor(who), "at": at, **more}
        command(ticket_id=str(ticket.id), command_id=new_command_id(), **fields)
        ticket.refresh_from_db()
        return ticket.state

    return act


class TestOpening:
    def test_a_bad_word_opens_one_and_a_good_one_none(self, world, ticket, at):
        assert (ticket.state, ticket.organisation_id) == ("new", world.water.id)
        item = world.item("330881-qs2", statutory=20, promised=5)
        _rate(world.bring(world.file(item, at, world.citizen), "delivered", at), at, "satisfied")
        assert BadRating.objects.count() == 1

    def test_the_call_back_is_due_in_one_working_day(self, ticket):
        (clock,) = clocks_of(ticket.stream)
        assert (clock.kind, clock.due_date) == ("call_back", date(2013, 9, 18))

    def test_the_lead_is_told_and_who_acted_on_the_case_is_not(self, world, ticket, lead):
        told = Message.objects.filter(event="bad_rating.opened")
        assert sorted(one.person_id for one in told) == sorted([lead.id, world.manager.id])

    def test_told_again_opens_no_second_one(self, ticket, at):
        replay("bad_ratings", at)
        deliver_all(at)
        assert BadRating.objects.count() == 1

    def test_a_correction_to_a_good_word_ends_it(self, case, ticket, at):
        _rate(case, at, "satisfied", send=services.correct)
        ticket.refresh_from_db()
        assert ticket.state == "corrected"
        assert all(clock.stopped_date for clock in clocks_of(ticket.stream))

    def test_a_correction_to_a_bad_word_opens_one(self, world, lead, case, at):
        _rate(case, at, "satisfied")
        assert not BadRating.objects.exists()
        _rate(case, at, "very_dissatisfied", send=services.correct)
        assert BadRating.objects.get().level == "very_dissatisfied"

    def test_nobody_but_the_rater_takes_it_back(self, world, ticket, at):
        by = {"actor": world.actor(world.clerk), "at": at, "command_id": new_command_id()}
        with pytest.raises(Conflict, match="没有改评"):
            services.end_as_corrected(ticket_id=str(ticket.id), **by)
        assert not any(clock.stopped_date for clock in clocks_of(ticket.stream))

    def test_a_correction_after_seven_days_is_none(self, case, ticket, at):
        with pytest.raises(NothingToCorrect):
            _rate(case, at + timedelta(days=8), "satisfied", send=services.correct)


class TestLife:
    def test_true_set_right_answered_and_rated_again(self, case, ticket, do, lead, at):
        assert do(lead, services.contact) == "contacted"
        assert do(lead, services.confirm, is_complex=False) == "rectifying"
        assert clocks_of(ticket.stream)[-1].due_date == date(2013, 9, 25)  # five working days
        assert do(lead, services.answer, note="已加开窗口") == "answered"
        services.rerate(
            subject=case.stream, level="satisfied", actor=GUEST, at=at, command_id=new_command_id()
        )
        ticket.refresh_from_db()
        assert (ticket.state, ticket.rerated_level) == ("closed", "satisfied")
        assert Service.objects.get().level == "dissatisfied"  # what was said stays said
        kinds = [event.kind for event in ledger.history(ticket.stream)]
        assert kinds == [
            f"bad_rating.{one}"
            for one in ("opened", "contacted", "confirmed", "answered", "rerated")
        ]
        (care,) = [row.care for row in queries.by_unit(DAY, DAY)]
        assert (care.called_back, care.closed, care.valid) == (1, 1, 1)
        with pytest.raises(NothingToCorrect):
            services.rerate(
                subject=case.stream,
                level="satisfied",
                actor=GUEST,
                at=at,
                command_id=new_command_id(),
            )

    def test_a_complex_one_has_the_days_of_the_setting(self, ticket, do, lead, settings):
        settings.MINGTANG_RECTIFY_COMPLEX_DAYS = 3
        do(lead, services.contact)
        do(lead, services.confirm, is_complex=True)
        assert clocks_of(ticket.stream)[-1].due_date == date(2013, 9, 23)

    def test_unfounded_by_two_persons_counts_on_neither_side(self, world, ticket, do, lead):
        do(lead, services.contact)
        assert do(lead, services.dispute) == "disputed"
        with pytest.raises(SamePerson):
            do(lead, services.approve)
        assert do(world.manager, services.reject) == "contacted"
        do(lead, services.dispute)
        assert do(world.manager, services.approve) == "unfounded"
        (row,) = queries.by_unit(DAY, DAY)
        assert (row.tally.bad, row.tally.unfounded, row.tally.good_rate) == (0, 1, None)
        assert row.care.valid == 0

    def test_the_database_wants_two_persons_too(self, ticket, do, lead, at):
        do(lead, services.contact)
        do(lead, services.dispute)
        with pytest.raises(IntegrityError), transaction.atomic():
            BadRating.objects.update(
                state="unfounded", reviewed_at=at, reviewed_by=lead, closed_at=at
            )

    def test_no_step_is_left_out(self, ticket, do, lead):
        for command in (services.answer, services.close, services.dispute):
            with pytest.raises(TicketMoved):
                do(lead, command)
        assert ticket.state == "new"

    def test_who_acted_on_the_case_does_not_handle_it(self, world, ticket, do):
        with pytest.raises(TookPart):
            do(world.approver, services.contact)

    def test_the_lead_of_the_unit_reviews_nothing(self, world, ticket, lead):
        with pytest.raises(NotYourPost):
            queries.permit(world.scope(lead), ticket, MOVE_OF[TicketVerb.APPROVE])


class TestServices:
    def test_silence_is_unrated(self, world, case, at):
        deliver_all(at)
        (row,) = queries.by_unit(DAY, DAY)
        assert (row.tally.unrated, row.tally.all, row.tally.good_rate) == (1, 1, None)

    def test_filled_anew_they_are_the_same(self, case, ticket, at):
        kept = list(Service.objects.order_by("id").values("subject", "level", "completed_date"))
        Service.objects.all().delete()
        replay(SERVICES.name, at)
        deliver_all(at)
        again = Service.objects.order_by("id").values("subject", "level", "completed_date")
        assert list(again) == kept


class TestPages:
    @pytest.fixture
    def pages(self, ticket):
        return [
            reverse("interaction:bad_ratings"),
            reverse("interaction:bad_rating", args=[ticket.id]),
            reverse("interaction:rates"),
        ]

    def test_the_lead_and_the_centre_see_it_and_never_the_person(
        self, client, world, lead, pages, ticket
    ):
        for who in (lead, world.manager):
            client.force_login(who)
            for page in pages:
                assert client.get(page).status_code == 200, page
            assert pages[1] in client.get(pages[0]).content.decode()

    def test_who_acted_sees_neither_row_nor_ticket(self, client, world, pages):
        client.force_login(world.approver)  # who decided the case
        assert pages[1] not in client.get(pages[0]).content.decode()
        assert client.get(pages[1]).status_code == 404

    @pytest.mark.parametrize("who", ["clerk", "colleague", "stranger", "citizen"])
    def test_nobody_else_does(self, client, world, pages, who):
        client.force_login(getattr(world, who))
        for page in pages:
            assert client.get(page).status_code == 404

    def test_a_lead_of_another_unit_does_not(self, client, world, pages):
        client.force_login(world.people.post("other", Role.WINDOW_LEAD, world.planning))
        assert client.get(pages[1]).status_code == 404
        assert pages[1] not in client.get(pages[0]).content.decode()

    def test_the_whole_way_by_the_page(self, client, world, lead, ticket):
        client.force_login(lead)

        def go(verb, **more):
            url = reverse("interaction:act_on_bad_rating", args=[ticket.id, verb])
            said = {"note": "写明", "command_id": new_command_id(), **more}
            return client.post(url, said).status_code

        assert go("contact", note="") == 422
        assert go("nonsense") == 404
        assert go("contact") == 302
        assert go("confirm") == 422  # how hard it is to set right was not said
        assert go("confirm", kind="complex") == 302
        assert go("contact") == 409
        assert go("answer") == 302
        assert go("close") == 302
        ticket.refresh_from_db()
        assert (ticket.state, ticket.is_complex) == ("closed", True)

    def test_the_list_asks_as_often_for_more_rows(self, client, world, lead, ticket, at):
        client.force_login(lead)
        url = reverse("interaction:bad_ratings")
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        for number in range(2, 6):
            BadRating.objects.create(
                subject=f"case:{number}",
                completed_seq=1,
                organisation=world.water,
                level="dissatisfied",
                opened_at=at,
            )
        with CaptureQueriesContext(connection) as many:
            client.get(url)
        assert len(many) == len(one)

    def test_who_rated_is_for_the_centre_alone(self, client, world, lead, pages, case):
        detail = reverse("cases:detail", args=[case.number])
        shown = {}
        for who in (lead, world.manager):
            client.force_login(who)
            shown[who] = client.get(pages[1]).content.decode()
        assert f'href="{detail}"' in shown[world.manager]
        assert "毛小明等了太久，电话13800000001" in shown[world.manager]
        assert case.number not in shown[lead]
        assert "毛*明等了太久，电话138****0001" in shown[lead]
        assert "毛小明" not in shown[lead]
        assert case.edition.name in shown[lead]

    def test_who_leads_the_unit_and_watches_too_learns_no_more(
        self, client, world, lead, pages, case
    ):
        world.people.post("lead", Role.INSPECTOR, world.centre)
        client.force_login(lead)
        page = client.get(pages[1])
        assert page.status_code == 200
        assert case.number not in page.content.decode()


class TestWords:
    def test_published_after_the_filter_by_the_centre_alone(self, client, world, lead, ticket):
        rating = queries.rating_of(ticket.subject, ticket.completed_seq)
        url = reverse("interaction:publish", args=[rating.id])
        for who in (lead, world.clerk, world.stranger):
            client.force_login(who)
            assert client.post(url).status_code == 404
        assert not PublishedText.objects.exists()
        client.force_login(world.manager)
        assert client.post(url).status_code == 302
        client.logout()
        shown = client.get(reverse("interaction:words", args=[world.water.id])).content.decode()
        assert "毛*明等了太久，电话138****0001" in shown
        assert "毛小明" not in shown

    def test_nor_by_who_watches_here_and_leads_a_centre_elsewhere(self, client, world, ticket):
        rating = queries.rating_of(ticket.subject, ticket.completed_seq)
        elsewhere = world.organisation("other", "091", "衢江区行政服务中心", kind="centre")
        elsewhere.region = Region.objects.create(
            code="330803000000", name="衢江区", level="county", valid_from=SINCE, source="测试"
        )
        elsewhere.save(update_fields=["region"])
        person = world.people.post("both", Role.CENTRE_MANAGER, elsewhere)
        world.people.post("both", Role.INSPECTOR, world.centre)
        client.force_login(person)
        url = reverse("interaction:publish", args=[rating.id])
        assert client.post(url).status_code == 404
        world.people.post("both", Role.CENTRE_MANAGER, world.centre)  # the control
        assert client.post(url).status_code == 302

    def test_a_unit_with_few_ratings_shows_no_share(self, client, world, ticket, settings, at):
        url = reverse("interaction:satisfaction")
        Service.objects.update(completed_date=now_day())
        page = client.get(url).content.decode()
        assert "评价太少" in page
        assert "%（" not in page  # neither of the other rates says what few people did
        settings.MINGTANG_RATING_LEAST = 1
        page = client.get(url).content.decode()
        assert "0.00%（0/1）" in page
        assert "100.00%（1/1）" in page  # who took part


class TestSpan:
    """All rates of a page are of the services completed in its span."""

    def test_a_bad_rating_given_later_counts_with_its_service(self, lead, case, at):
        _rate(case, at + timedelta(days=3))
        (row,) = queries.by_unit(DAY, DAY)
        assert (row.tally.bad, row.care.valid) == (1, 1)
        assert queries.by_unit(DAY + timedelta(days=1), DAY + timedelta(days=5)) == []

    def test_sides_too_by_the_later_word(self, lead, case, at):
        _rate(case, at + timedelta(days=3), details={"guide": "dissatisfied"})
        assert queries.by_indicator(DAY, DAY)["guide"].good_rate.part == 0
        later = at + timedelta(days=4)
        said = {"guide": "satisfied", "convenience": "very_satisfied"}
        _rate(case, later, "satisfied", send=services.correct, details=said)
        found = queries.by_indicator(DAY, DAY)
        assert {name: (one.good, one.bad) for name, one in found.items()} == {
            "guide": (1, 0),
            "convenience": (1, 0),
        }
        assert queries.by_indicator(DAY + timedelta(days=1), DAY + timedelta(days=5)) == {}

    def test_silence_counts_as_content_only_where_a_report_asks(
        self, client, world, lead, case, at
    ):
        _rate(case, at, "dissatisfied")
        item = world.item("330881-qs2", statutory=20, promised=5)
        world.bring(world.file(item, at, world.citizen), "delivered", at)
        deliver_all(at)
        client.force_login(lead)
        url = reverse("interaction:rates")
        span = {"since": "2013-09-17", "until": "2013-09-17"}
        plain = client.get(url, span).content.decode()
        filled = client.get(url, {**span, "fill": "1"}).content.decode()
        assert "0.00%（0/1）" in plain
        assert "只供要这样报的报表用" not in plain
        assert "50.00%（1/2）" in filled
        assert "只供要这样报的报表用" in filled
        assert set(Service.objects.values_list("level", flat=True)) == {"", "dissatisfied"}


class TestOpenPages:
    """The public pages, for everybody alike; the rates, for who leads."""

    @pytest.mark.parametrize("who", ["", "citizen", "stranger", "clerk", "manager"])
    def test_everybody_reads_the_public_page(self, client, world, ticket, who):
        if who:
            client.force_login(getattr(world, who))
        assert client.get(reverse("interaction:satisfaction")).status_code == 200
        words = reverse("interaction:words", args=[world.water.id])
        assert client.get(words).status_code == 404  # nothing published, too few rated

    def test_a_lead_reads_the_rates_of_their_unit_alone(self, client, world, lead, ticket):
        url = reverse("interaction:rates") + "?since=2013-09-17&until=2013-09-17"
        other = world.people.post("other", Role.WINDOW_LEAD, world.planning)
        for who, sees in ((lead, True), (world.manager, True), (other, False)):
            client.force_login(who)
            assert ("0.00%（0/1）" in client.get(url).content.decode()) is sees
        client.force_login(world.stranger)
        assert client.get(url).status_code == 404
