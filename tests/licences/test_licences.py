"""Licences: made by their case, verified by anybody, renewed by the law, ended by two people."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingtang.accounts.rules import NotYourPost, Role
from mingtang.base.errors import NotAllowed, NotFound
from mingtang.cases import services as cases
from mingtang.cases.rules import Verb
from mingtang.cases.rules.applying import Renewal
from mingtang.files.queries import documents_of
from mingtang.files.standing import standing_of
from mingtang.ledger.models import Event
from mingtang.ledger.services import deliver_all, replay
from mingtang.licences import queries, services
from mingtang.licences.codes import code_of
from mingtang.licences.holdings import HOLDER
from mingtang.licences.models import Licence
from mingtang.licences.rules import (
    REMIND_BEFORE,
    Ending,
    Facts,
    NotThisLicence,
    Standing,
    WordsMissing,
    reminder_owed,
    renew_by,
)
from mingtang.messages.models import Message
from mingtang.persons.queries import who_is
from tests.world import morning, new_command_id

AT = morning(2013, 9, 17)
UNTIL = date(2014, 9, 16)


def at_day(day):
    return morning(day.year, day.month, day.day)


# ── rules ─────────────────────────────────────────────────────────────────────────────────────

DAYS = st.dates(date(2013, 1, 1), date(2016, 12, 31))


@given(expires=DAYS, ended=st.none() | DAYS, renewed=st.booleans(), on=DAYS)
def test_a_licence_holds_until_its_last_day_or_its_end_whichever_is_first(
    expires, ended, renewed, on
):
    facts = Facts(expires, ended, is_deemed_renewed=renewed)
    is_over = ended is not None and ended <= on
    assert facts.holds(on) == (not is_over and (renewed or on <= expires))
    assert (facts.standing(on) is Standing.ENDED) == is_over
    assert Facts(expires, ended, is_replaced=True).holds(on) is False


@given(expires=DAYS, looks=st.lists(DAYS, max_size=8))
def test_each_reminder_comes_once_and_the_later_one_stands_for_the_earlier(expires, looks):
    told: list[int] = []
    for on in sorted(looks):
        days = reminder_owed(Facts(expires), told, on)
        left = (expires - on).days
        if days is not None:
            assert 0 <= left <= days
            assert all(one > days for one in told)
            told.append(days)
        elif 0 <= left <= max(REMIND_BEFORE):
            assert any(one <= min(due for due in REMIND_BEFORE if left <= due) for one in told)
    assert renew_by(expires) == expires - timedelta(days=30)


# ── a licence follows from its case ───────────────────────────────────────────────────────────


@pytest.fixture
def issued(world):
    """Cases whose licence was made; further ones for renewals."""
    item = world.item("330881-zz", result_type="证照", result_name="取水许可证")

    def make(number="取水〔2013〕8号", until=UNTIL, at=AT, person=world.citizen, **more):
        case = world.file(item, at, person, **more)
        if "renewal" in more:
            world.act(world.clerk, cases.receive, case, at, is_renewal_seen=True)
            for who, act, said in (
                (world.clerk, cases.accept, {}),
                (world.handler, cases.claim, {"step_key": "review"}),
                (world.handler, cases.examine, {"step_key": "review", "opinion": "符合"}),
                (world.approver, cases.decide, {"verb": Verb.GRANT, "reason": "符合"}),
            ):
                world.act(who, act, case, at, **said)
        else:
            world.bring(case, "granted", at)
        world.act(world.clerk, cases.issue, case, at, licence_number=number, expires_on=until)
        deliver_all(at)
        return Licence.objects.get(case=case)

    return make


@pytest.mark.django_db
class TestFollowing:
    def test_it_is_made_once_with_what_the_case_says(self, world, issued):
        found = issued()
        assert (found.name, found.number) == ("取水许可证", "取水〔2013〕8号")
        assert (found.issued_on, found.expires_on) == (AT.date(), UNTIL)
        assert found.organisation == world.water
        replay("licences", AT)
        deliver_all(AT)
        assert Licence.objects.get().id == found.id

    def test_a_renewed_one_is_replaced_by_the_new_one(self, issued):
        old = issued()
        later = at_day(date(2014, 8, 1))
        new = issued(
            "取水〔2014〕3号", date(2015, 9, 16), later, renewal=Renewal(old.number, UNTIL)
        )
        old.refresh_from_db()
        assert old.replaced_by == new
        assert old.standing(later.date()) is Standing.REPLACED
        assert new.standing(later.date()) is Standing.IN_FORCE

    def test_anothers_licence_is_not_replaced_by_who_names_its_number(self, world, issued):
        old = issued()
        applicant = world.applicant(world.stranger)
        other = type(applicant)(
            kind=applicant.kind,
            name="姜大成",
            identity_number="330881198001011230",
            phone="13800000002",
            person_id=world.stranger.id,
        )
        later = at_day(date(2014, 8, 1))
        claimed = Renewal(old.number, UNTIL)
        issued("取水〔2014〕9号", None, later, world.stranger, renewal=claimed, applicant=other)
        old.refresh_from_db()
        assert old.replaced_by is None

    def test_no_decision_by_its_last_day_and_it_counts_as_renewed(self, world, issued):
        """《行政许可法》第五十条第二款."""
        old = issued()
        asked = at_day(date(2014, 8, 1))
        item = "330881-zz"
        case = world.file(item, asked, world.citizen, renewal=Renewal(old.number, UNTIL))
        world.act(world.clerk, cases.receive, case, asked, is_renewal_seen=True)
        world.act(world.clerk, cases.accept, case, asked)
        day_after = at_day(UNTIL + timedelta(days=1))
        old.refresh_from_db()
        assert old.standing(day_after.date()) is Standing.EXPIRED  # before the law has spoken
        assert cases.sweep_deemed(day_after) == 1
        deliver_all(day_after)
        old.refresh_from_db()
        assert old.deemed_renewed_by == case
        assert old.standing(day_after.date()) is Standing.DEEMED_RENEWED


# ── its end ───────────────────────────────────────────────────────────────────────────────────


def ask(world, found, who=None, at=AT, **more):
    said = {"ending": Ending.REVOKED, "reason": "以虚假材料取得", "document": "水撤〔2013〕2号"}
    return services.ask_end(
        licence_id=found.id,
        **said | more,
        actor=world.actor(who or world.handler),
        at=at,
        command_id=new_command_id(),
    )


def confirm(world, found, who, at=AT):
    by = {"actor": world.actor(who), "at": at, "command_id": new_command_id()}
    return services.confirm_end(licence_id=found.id, **by)


@pytest.mark.django_db
class TestEnding:
    def test_two_people_end_it_and_the_holder_is_told(self, world, issued):
        found = issued()
        ask(world, found)
        found.refresh_from_db()
        assert found.waits
        assert found.standing(AT.date()) is Standing.IN_FORCE
        confirm(world, found, world.approver)
        found.refresh_from_db()
        assert found.standing(AT.date()) is Standing.ENDED
        deliver_all(AT)
        told = Message.objects.filter(subject=found.stream, event="licence.ended")
        assert set(told.values_list("way", flat=True)) >= {"inbox", "sms"}
        assert "以虚假材料取得" in told.get(way="inbox").text
        with pytest.raises(NotThisLicence):
            ask(world, found)

    def test_the_paper_of_its_grant_says_so_too(self, world, issued):
        found = issued()
        (paper,) = (one for one in documents_of(found.case.stream) if one.kind == "granted")
        assert standing_of(paper, AT.date()) == ""
        assert "届满" in standing_of(paper, UNTIL + timedelta(days=1))
        found.deemed_renewed_by = found.case
        found.save()
        assert standing_of(paper, UNTIL + timedelta(days=1)) == ""
        ask(world, found)
        confirm(world, found, world.approver)
        assert "撤销" in standing_of(paper, AT.date())

    def test_nobody_confirms_what_they_asked(self, world, issued):
        found = issued()
        ask(world, found, world.approver)
        with pytest.raises(NotAllowed):
            confirm(world, found, world.approver)
        found.refresh_from_db()
        found.ended_at, found.ended_by, found.ended_on = AT, found.asked_by, AT.date()
        with pytest.raises(IntegrityError), transaction.atomic():  # nor past the command
            found.save()

    def test_what_is_refused_leaves_it_as_it_was(self, world, issued):
        found = issued()
        ask(world, found)
        by = {"actor": world.actor(world.approver), "at": AT, "command_id": new_command_id()}
        services.refuse_end(licence_id=found.id, reason="证据不足", **by)
        found.refresh_from_db()
        assert not found.waits
        assert found.ending == ""
        kinds = Event.objects.filter(stream=found.stream).order_by("seq").values_list("kind")
        assert [kind for (kind,) in kinds] == ["licence.end_asked", "licence.end_refused"]

    def test_words_are_wanted(self, world, issued):
        found = issued()
        for more in ({"reason": " "}, {"document": ""}):
            with pytest.raises(WordsMissing):
                ask(world, found, **more)
        ask(world, found, ending=Ending.DEREGISTERED, document="")

    def test_who_may(self, world, issued):
        found = issued()
        scope = world.scope
        assert queries.grant_at(scope(world.handler), found, to_decide=False)
        for who in (world.handler, world.clerk, world.colleague, world.citizen):
            with pytest.raises(NotYourPost):
                queries.actor_at(scope(who), found, to_decide=True)


# ── reminders ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_holder_is_reminded_sixty_and_thirty_days_before_once_each(issued):
    found = issued()
    done = []
    for before in (61, 60, 59, 30, 30, 3):
        day = at_day(UNTIL - timedelta(days=before))
        done.append(services.sweep(day))
        deliver_all(day)
    assert done == [0, 1, 0, 1, 0, 0]
    found.refresh_from_db()
    assert found.reminded == [60, 30]
    told = Message.objects.filter(subject=found.stream, event="licence.expiring", way="inbox")
    assert told.count() == 2
    assert all("2014年8月17日" in one.text for one in told)


# ── pages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _that_day():
    with time_machine.travel(AT, tick=False):
        yield


def of(person=None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def url(name, *args):
    return reverse(f"licences:{name}", args=args)


@pytest.mark.django_db
@pytest.mark.usefixtures("_that_day")
class TestPages:
    def test_the_holder_sees_theirs_and_a_stranger_nothing(self, world, issued):
        found = issued()
        page = of(world.citizen).get(url("mine")).content.decode()
        assert found.number in page
        assert code_of(found.id) in page
        assert found.number not in of(world.stranger).get(url("mine")).content.decode()
        assert of().get(url("mine")).status_code == 302

    def test_anybody_verifies_it_and_learns_no_name(self, world, issued):
        found = issued()
        answer = of().post(url("verify"), {"code": code_of(found.id).lower().replace("-", " ")})
        page = of().get(answer.url).content.decode()
        assert found.number in page
        assert "有效" in page
        assert "毛**" in page
        assert "毛小明" not in page
        ask(world, found)
        confirm(world, found, world.approver)
        assert "撤销" in of().get(answer.url).content.decode()

    def test_a_wrong_code_is_a_sentence_and_guessing_is_slowed_down(self, issued):
        issued()
        seen = {of().get(url("verified", f"AAAAA-{n:05}")).status_code for n in range(80)}
        assert seen == {404, 429}

    def test_the_office_ends_it_by_two(self, world, issued):
        found = issued()
        listed = of(world.handler).get(url("list")).content.decode()
        assert found.number in listed
        said = {"ending": "revoked", "reason": "虚假材料", "document": "水撤〔2013〕2号"}
        sent = {"command_id": new_command_id(), **said}
        assert found.number not in self.waiting(world)
        assert of(world.handler).post(url("act", found.id, "ask"), sent).status_code == 302
        assert found.number in self.waiting(world)
        page = of(world.approver).get(url("licence", found.id)).content.decode()
        assert "确认失效" in page
        sent = {"command_id": new_command_id()}
        done = of(world.approver).post(url("act", found.id, "confirm"), sent)
        assert done.status_code == 302
        found.refresh_from_db()
        assert found.ended_by == world.approver
        assert found.number not in self.waiting(world)

    @staticmethod
    def waiting(world):
        """The list of those whose ending somebody has yet to confirm."""
        return of(world.approver).get(url("list"), {"waits": "on"}).content.decode()

    def test_what_is_typed_comes_back_with_a_sentence(self, world, issued):
        found = issued()
        sent = {"command_id": new_command_id(), "ending": "revoked", "reason": "虚假材料"}
        answer = of(world.handler).post(url("act", found.id, "ask"), sent)
        assert answer.status_code == 422
        assert "请填写决定书的文号" in answer.content.decode()
        assert "虚假材料" in answer.content.decode()

    def test_another_unit_and_another_role_find_nothing(self, world, issued):
        found = issued()
        other = world.people.post("other", Role.APPROVER, world.planning)
        for who in (other, world.colleague):
            assert of(who).get(url("licence", found.id)).status_code == 404
            assert found.number not in of(who).get(url("list")).content.decode()
        assert of(world.citizen).get(url("list")).status_code == 404
        with pytest.raises(NotFound):
            queries.licence_for(world.scope(other), found.id)

    def test_who_holds_it_finds_it_among_their_data(self, world, issued):
        found = issued()
        (held,) = HOLDER.tell(who_is(world.citizen.id))
        assert found.number in str(held.facts)
        assert held.kept
        assert list(HOLDER.tell(who_is(world.stranger.id))) == []
