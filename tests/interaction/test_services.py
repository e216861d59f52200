"""Rating a service: once, by the applicant's side, when it is done; what the ledger is told."""

import pytest
from django.db import IntegrityError, connection, transaction

from mingtang.accounts.queries import actor_of
from mingtang.base.db import REFUSAL
from mingtang.base.subjects import url_of
from mingtang.cases import services as cases
from mingtang.cases.rules import State, TerminationReason
from mingtang.interaction import queries
from mingtang.interaction.models import Rating
from mingtang.interaction.rules import Level, NotCompleted, RatedAlready, StaffMayNotRate
from mingtang.interaction.services import submit
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor, CommandConflict
from mingtang.ledger.services import deliver_all
from mingtang.messages.models import Message
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
GUEST = Actor(id=None, label="申请人")


@pytest.fixture
def case(world, at):
    return world.file(world.item(statutory=20, promised=5), at, world.citizen)


@pytest.fixture
def done(world, case, at):
    return world.bring(case, "delivered", at)


@pytest.fixture
def rate(world, at):
    def send(case, **more):
        fields = {
            "number": case.number,
            "level": "satisfied",
            "text": "",
            "channel": "code",
            "actor": GUEST,
            "at": at,
            "command_id": new_command_id(),
            **more,
        }
        return submit(**fields)

    return send


class TestWhatIsKept:
    def test_level_words_and_who(self, world, done, rate, at):
        rate(done, level="dissatisfied", text=" 等了太久。 ", channel="account",
             actor=actor_of(world.scope(world.citizen)))  # fmt: skip
        (kept,) = queries.ratings_of(done.stream)
        assert (kept.level, kept.text, kept.channel) == ("dissatisfied", "等了太久。", "account")
        assert (kept.rated_by_id, kept.rated_at) == (world.citizen.id, at)

    def test_the_ledger_is_told_the_level_and_never_the_words(self, done, rate):
        rate(done, text="毛小明 13800000001")
        event = ledger.history(done.stream)[-1]
        assert event.kind == "rating.given"
        assert event.facts == {
            "case_id": str(done.id),
            "organisation_id": str(done.organisation_id),
            "completed_seq": event.seq - 1,
            "level": "satisfied",
            "level_label": "满意",
            "channel": "code",
            "has_text": True,
        }
        assert ledger.verify().is_ok

    def test_the_words_are_sealed(self, done, rate):
        rate(done, text="毛小明 13800000001")
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM interaction_rating")
            (stored,) = cursor.fetchone()
        assert "毛小明".encode() not in bytes(stored)

    @pytest.mark.parametrize("level", Level)
    def test_every_level_is_taken(self, done, rate, level):
        rate(done, level=level.value)
        assert queries.ratings_of(done.stream)[0].level == level

    def test_the_same_command_again_is_no_second_rating(self, done, rate):
        one = new_command_id()
        assert rate(done, command_id=one) == rate(done, command_id=one)
        assert Rating.objects.count() == 1
        with pytest.raises(CommandConflict):
            rate(done, command_id=one, level="dissatisfied")


class TestOnce:
    def test_a_second_rating_is_refused_and_the_first_stays(self, done, rate):
        rate(done)
        before = ledger.event_count()
        with pytest.raises(RatedAlready):
            rate(done, level="very_dissatisfied")
        assert [one.level for one in queries.ratings_of(done.stream)] == ["satisfied"]
        assert ledger.event_count() == before

    def test_the_archive_opens_no_second_one(self, world, done, rate, at):
        rate(done)
        world.seal(done, at)
        world.act(world.clerk, cases.archive, done, at)
        with pytest.raises(RatedAlready):
            rate(done)

    def test_the_database_refuses_a_second_one_too(self, done, rate):
        rate(done)
        kept = Rating.objects.get()
        kept.pk = kept.pk + 1
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.save(force_insert=True)

    def test_a_rating_is_never_changed_nor_removed(self, done, rate):
        rate(done)
        for change in (
            lambda: Rating.objects.update(level="very_satisfied"),
            lambda: Rating.objects.all().delete(),
        ):
            with pytest.raises(Exception, match=REFUSAL), transaction.atomic():
                change()

    def test_a_case_taken_up_again_is_another_service(self, world, case, rate, at):
        world.act(world.clerk, cases.receive, case, at)
        world.act(world.clerk, cases.accept, case, at)
        end = {"why": TerminationReason.OBJECT_GONE, "reason": "取水口已填埋"}
        world.act(world.approver, cases.terminate, case, at, **end)
        rate(case, level="dissatisfied")
        world.act(world.approver, cases.reopen, case, at, reason="取水口还在")
        with pytest.raises(NotCompleted):
            rate(case)
        way = [(world.handler, cases.claim, {"step_key": "review"})]
        assert State(type(case).objects.get(id=case.id).state).is_open
        for who, act, more in way:
            world.act(who, act, case, at, **more)
        world.act(world.approver, cases.terminate, case, at, **end)
        rate(case, level="very_satisfied")
        kept = queries.ratings_of(case.stream)
        assert [one.level for one in kept] == ["dissatisfied", "very_satisfied"]


class TestWho:
    @pytest.mark.parametrize("state", ["received", "accepted", "claimed", "examined", "granted"])
    def test_nothing_is_rated_before_it_is_done(self, world, case, rate, at, state):
        world.bring(case, state, at)
        with pytest.raises(NotCompleted):
            rate(case)
        assert not Rating.objects.exists()

    def test_what_the_applicant_took_back_is_no_service(self, world, case, rate, at):
        world.act(world.citizen, cases.withdraw, case, at, reason="")
        with pytest.raises(NotCompleted):
            rate(case)

    def test_whoever_is_told_that_another_office_is_competent_may_rate(self, world, case, rate, at):
        world.act(world.clerk, cases.receive, case, at)
        told = {"reason": "不归本局管", "competent": "江山市规划局"}
        world.act(world.clerk, cases.decline, case, at, **told)
        rate(case)
        assert queries.is_rated(case.stream)

    @pytest.mark.parametrize("who", ["clerk", "colleague", "manager"])
    def test_staff_may_not_vote_whatever_they_call_themselves(self, world, done, rate, who):
        person = getattr(world, who)
        for actor in (world.actor(person), Actor(id=str(person.id), label="申请人")):
            with pytest.raises(StaffMayNotRate):
                rate(done, channel="account", actor=actor)
        assert not Rating.objects.exists()


class TestConstraints:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"level": "good"},
            {"channel": "telepathy"},
            {"channel": "account"},  # but nobody signed in
            {"completed_seq": 0},
        ],
    )
    def test_the_database_refuses_what_the_rules_do_not_know(self, at, wrong):
        fields = {"subject": "case:1", "completed_seq": 1, "level": "satisfied", "channel": "code"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.create(**{**fields, "rated_at": at, **wrong})

    def test_a_person_rates_by_account_only(self, world, at):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.create(
                subject="case:1", completed_seq=1, level="satisfied", channel="code",
                rated_at=at, rated_by=world.citizen,
            )  # fmt: skip


class TestAddresses:
    """What a lower page learns from the registry."""

    def test_there_is_a_page_to_rate_from_the_end_until_it_was_rated(self, world, case, rate, at):
        asked, rated = f"rating:{case.id}", f"rated:{case.id}"
        assert (url_of(asked), url_of(rated)) == (None, None)
        world.bring(case, "delivered", at)
        assert url_of(asked) == f"/progress/{case.number}/rate/"
        assert url_of(asked, for_staff=True) == f"/cases/{case.number}/rating-slip/"
        assert url_of(rated) is None
        rate(case)
        assert url_of(asked) is None
        assert url_of(rated) == f"/progress/{case.number}/rate/"
        assert url_of(asked, for_staff=True) is None
        assert url_of(rated, for_staff=True) is None

    @pytest.mark.parametrize("key", ["1", "x", "-1", "9" * 30])
    def test_of_a_case_that_is_not_there_none(self, db, key):
        assert url_of(f"rating:{key}") is None
        assert url_of(f"rated:{key}") is None


def test_whoever_gets_the_result_is_invited_to_rate(done):
    deliver_all(morning(2030, 1, 4))
    said = Message.objects.get(subject=done.stream, event="case.delivered", way="inbox").text
    assert "评价这次服务" in said
    others = Message.objects.filter(subject=done.stream).exclude(event="case.delivered")
    assert not any("评价" in one.text for one in others)
