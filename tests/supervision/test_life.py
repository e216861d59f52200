"""The life of a card: who is told, who may speak, two persons, directives, tasks, who sees it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from mingtang.accounts.rules import NotYourPost, Role
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.subjects import titles_of
from mingtang.files.services import StoredFile
from mingtang.interaction import services as ratings
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.messages.models import Message
from mingtang.regions.models import Organisation, Region
from mingtang.supervision import queries
from mingtang.supervision.models import Card, Directive
from mingtang.supervision.queries import Filters
from mingtang.supervision.rules import (
    CancelReason,
    NotThisCard,
    SameInspector,
    State,
    TaskSource,
    TooEarly,
    TooLate,
    acts_from,
    state_on,
)
from mingtang.timing.queries import open_clock
from tests.supervision.hall import FILED
from tests.supervision.making import moment
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = "系统停电两天，附通知。"


def kinds(card):
    return [kind for _seq, kind in ledger.kinds_of(card.stream)]


def test_a_real_case_gets_its_cards_on_their_days_and_people_are_told(hall):
    cards = hall.overdue()
    found = {card.rule_code: (card.raised_date, card.state) for card in cards}
    assert found == {
        "TIME_DUE_SOON": (date(2013, 9, 6), "superseded"),
        "TIME_PROMISE_OVER": (date(2013, 9, 10), "superseded"),
        "TIME_PROMISE_OVER2": (date(2013, 9, 11), "notified"),
    }
    red = cards[-1]
    assert (red.organisation_id, red.person_id) == (hall.water.id, hall.clerk.id)
    told = Message.objects.filter(event="card.raised").order_by("id")
    people = {hall.clerk.id, hall.lead.id, hall.approver.id, hall.inspector.id, hall.second.id}
    assert set(told.values_list("person_id", flat=True)) == people
    assert all(one.title.startswith("红牌：330881") for one in told)
    assert open_clock(red.stream, "explanation").due_date == date(2013, 9, 23 - 1)
    assert open_clock(red.stream, "appeal").due_date == date(2013, 9, 23)
    assert titles_of([hall.case.stream, "moon:1"]) == {
        hall.case.stream: f"{hall.case.number} {hall.case.edition.name}",
        "moon:1": "moon:1",
    }


def test_told_day_by_day_each_card_reaches_people_before_the_next(hall):
    hall.overdue(until=FILED)
    day = FILED
    while day <= date(2013, 9, 11):
        hall.tick(day)
        day += DAY
    cards = {card.rule_code: card for card in queries.for_subject(hall.case.stream)}
    assert kinds(cards["TIME_DUE_SOON"]) == ["card.raised", "card.notified", "card.superseded"]
    assert open_clock(cards["TIME_PROMISE_OVER"].stream, "appeal") is None  # it stopped
    reminded = Message.objects.filter(subject=cards["TIME_DUE_SOON"].stream)
    assert set(reminded.values_list("person_id", flat=True)) == {hall.clerk.id, hall.lead.id}


def test_explained_appealed_and_cancelled_by_two(hall, red):
    hall.supervise("explain", hall.clerk, card_id=red.id, text=WORDS)
    evidence = StoredFile("k" * 32, "通知.pdf", "application/pdf", 10, "a" * 64)
    hall.supervise("appeal", hall.clerk, card_id=red.id, text=WORDS, files=[evidence])
    reason = {"reason": CancelReason.OUTAGE, "note": "核对属实，有通知为证。"}
    with pytest.raises(SameInspector):
        hall.supervise("propose_cancel", hall.clerk, card_id=red.id, **reason)
    hall.supervise("propose_cancel", hall.inspector, card_id=red.id, **reason)
    with pytest.raises(SameInspector):
        hall.supervise("approve_cancel", hall.inspector, card_id=red.id)
    with pytest.raises(SameInspector):
        hall.supervise("approve_cancel", hall.clerk, card_id=red.id)
    with pytest.raises(NotThisCard, match="已有人提出"):
        hall.supervise("propose_cancel", hall.second, card_id=red.id, **reason)
    red.refresh_from_db()
    assert red.counts
    hall.supervise("approve_cancel", hall.second, card_id=red.id)
    red.refresh_from_db()
    assert (red.state, red.counts) == ("cancelled", False)
    assert kinds(red) == [
        *("card.raised", "card.notified", "card.explained", "card.appealed"),
        *("card.cancel_proposed", "card.cancelled"),
    ]
    assert open_clock(red.stream, "appeal") is None
    with pytest.raises(NotThisCard):
        hall.supervise("close", hall.inspector, card_id=red.id)
    assert ledger.verify().is_ok


def test_the_database_wants_two_persons_as_well(hall, red):
    hall.supervise(
        *("propose_cancel", hall.inspector),
        card_id=red.id,
        reason=CancelReason.DATA,
        note="登记的日期有误。",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.filter(id=red.id).update(
            state="cancelled", cancelled_at=moment(FILED), cancelled_by=hall.inspector
        )


def test_a_proposal_refused_leaves_the_card_as_it_was(hall, red):
    more = {"reason": CancelReason.CALENDAR, "note": "节假日表漏了一天。"}
    hall.supervise("propose_cancel", hall.inspector, card_id=red.id, **more)
    with pytest.raises(SameInspector):
        hall.supervise("reject_cancel", hall.inspector, card_id=red.id, reason="核对无误。")
    hall.supervise("reject_cancel", hall.second, card_id=red.id, reason="核对无误。")
    red.refresh_from_db()
    assert (red.state, red.proposed_by_id, red.cancel_reason) == ("notified", None, "")
    with pytest.raises(NotThisCard, match="没有等待批准"):
        hall.supervise("approve_cancel", hall.second, card_id=red.id)


def test_upheld_by_another_and_closed(hall, red):
    hall.supervise("appeal", hall.clerk, card_id=red.id, text=WORDS)
    with pytest.raises(SameInspector):
        hall.supervise("uphold", hall.clerk, card_id=red.id, finding="没有依据。")
    hall.supervise("uphold", hall.inspector, card_id=red.id, finding="停电不足半日。")
    hall.supervise("close", hall.inspector, card_id=red.id)
    red.refresh_from_db()
    assert (red.state, red.counts) == ("closed", True)
    assert state_on(red, date(2013, 9, 16)) is State.RAISED
    assert state_on(red, date(2013, 9, 17)) is State.NOTIFIED
    assert state_on(red, date(2013, 9, 18)) is State.CLOSED


def test_late_explanations_are_marked_and_late_appeals_refused(hall, red):
    late = date(2013, 9, 24)
    with pytest.raises(TooLate, match="2013-09-23"):
        hall.supervise("appeal", hall.clerk, late, card_id=red.id, text=WORDS)
    hall.supervise("explain", hall.clerk, late, card_id=red.id, text=WORDS)
    assert ledger.history(red.stream)[-1].facts["is_late"] is True
    with pytest.raises(DomainError, match="至少 5 个字"):
        hall.supervise("uphold", hall.inspector, late, card_id=red.id, finding="对")
    with pytest.raises(NotThisCard, match="现为“已说明”"):
        hall.supervise("explain", hall.clerk, late, card_id=red.id, text=WORDS)


def test_nobody_ends_a_card_that_its_office_may_still_appeal_against(hall, red):
    last, after = date(2013, 9, 23), date(2013, 9, 24)
    ends = {"uphold": {"finding": WORDS}, "close": {}}
    for explained in (False, True):
        if explained:
            hall.supervise("explain", hall.clerk, card_id=red.id, text=WORDS)
        for verb, more in ends.items():
            with pytest.raises(TooEarly, match="2013-09-23 前（含当日）"):
                hall.supervise(verb, hall.inspector, last, card_id=red.id, **more)
    hall.supervise("close", hall.inspector, after, card_id=red.id)


def test_one_that_was_appealed_against_is_upheld_at_once(hall, red):
    hall.supervise("appeal", hall.clerk, card_id=red.id, text=WORDS)
    hall.supervise("uphold", hall.inspector, card_id=red.id, finding=WORDS)
    red.refresh_from_db()
    assert red.state == "upheld"


def test_an_unanswered_order_makes_yellow_red_and_an_answered_one_does_not(hall):
    hall.overdue(until=date(2013, 9, 10))
    yellow = next(c for c in queries.for_subject(hall.case.stream) if c.colour == "yellow")
    hall.do("withdraw", hall.case, date(2013, 9, 10), hall.clerk, reason="申请人不办了。")
    order = {"detail": "两日内说明超期原因。", "due_date": date(2013, 9, 12)}
    made = hall.supervise("order", hall.inspector, date(2013, 9, 10), card_id=yellow.id, **order)
    with pytest.raises(NotThisCard, match="没有反馈"):
        hall.supervise("order", hall.inspector, date(2013, 9, 10), card_id=yellow.id, **order)
    with pytest.raises(DomainError, match="须晚于今天"):
        hall.supervise("order", hall.inspector, date(2013, 9, 13), card_id=yellow.id, **order)
    hall.tick(date(2013, 9, 12))
    assert all(card.colour != "red" for card in queries.for_subject(hall.case.stream))
    hall.tick(date(2013, 9, 16))
    red = next(c for c in queries.for_subject(hall.case.stream) if c.colour == "red")
    assert (red.rule_code, red.raised_date) == ("ORDER_UNANSWERED", date(2013, 9, 13))
    assert (red.organisation_id, red.facts["about_card"]) == (hall.water.id, str(yellow.id))
    yellow.refresh_from_db()
    assert (yellow.state, yellow.superseded_by_card_id) == ("superseded", red.id)
    hall.supervise(
        *("answer_order", hall.clerk, date(2013, 9, 17)),
        directive_id=int(made["directive_id"]),
        answer="已补办并说明。",
    )
    assert ledger.history(yellow.stream)[-1].facts["is_late"] is True


def test_an_order_answered_in_time_brings_nothing_more(hall, red):
    made = hall.supervise(
        "order", hall.inspector, card_id=red.id, detail="请尽快办结。", due_date=date(2013, 9, 24)
    )
    hall.supervise(
        "answer_order", hall.clerk, directive_id=int(made["directive_id"]), answer="已经办结。"
    )
    hall.tick(date(2013, 9, 30))
    codes = [card.rule_code for card in queries.for_subject(hall.case.stream)]
    assert "ORDER_UNANSWERED" not in codes
    with pytest.raises(NotThisCard, match="反馈过"):
        hall.supervise(
            "answer_order", hall.clerk, directive_id=int(made["directive_id"]), answer="再报一次。"
        )
    assert [one.answer for one in queries.directives_of(red)] == ["已经办结。"]
    assert Directive.objects.get().number.startswith("督2013")


def test_a_task_is_reported_and_closed_by_another(hall):
    made = hall.supervise(
        *("assign_task", hall.inspector),
        source=TaskSource.INSTRUCTION,
        title="窗口授权是否到位",
        detail="查有无窗口受理、后台再受理。",
        owner_unit_id=hall.water.id,
        due_date=date(2013, 9, 30),
    )
    task_id = int(made["task_id"])
    with pytest.raises(NotThisCard, match="还没有报告"):
        hall.supervise("close_task", hall.inspector, task_id=task_id, conclusion="情况属实。")
    hall.supervise("report_task", hall.lead, task_id=task_id, report="没有发现二次受理。")
    with pytest.raises(SameInspector):
        hall.supervise("close_task", hall.lead, task_id=task_id, conclusion="情况属实。")
    hall.supervise("close_task", hall.inspector, task_id=task_id, conclusion="情况属实。")
    mine, _next = queries.tasks(hall.scope(hall.handler))
    assert [one.number for one in mine] == [made["number"]]
    assert queries.tasks(hall.scope(hall.colleague))[0] == []
    assert queries.tasks(hall.scope(hall.inspector), is_open=True)[0] == []


# ── who sees what ─────────────────────────────────────────────────────────────────────────────


def test_an_inspector_sees_the_region_an_office_its_own_and_a_stranger_nothing(hall, red):
    def seen(person):
        return {card.id for card in queries.cards(hall.scope(person)).cards}

    everything = set(Card.objects.values_list("id", flat=True))
    assert seen(hall.inspector) == seen(hall.manager) == everything
    assert seen(hall.handler) == everything
    assert seen(hall.colleague) == seen(hall.citizen) == seen(hall.stranger) == set()
    admin = hall.people.post("admin", Role.SYSTEM_ADMIN, hall.water)
    assert seen(admin) == set()
    assert queries.card_of(red.id, hall.scope(hall.handler)) == red
    for person, card_id in ((hall.colleague, red.id), (hall.inspector, 1)):
        with pytest.raises(NotFound):
            queries.card_of(card_id, hall.scope(person))


def test_an_office_speaks_for_itself_and_inspectors_for_their_place(hall, red):
    scope = hall.scope
    assert queries.office_actor(scope(hall.clerk), red).organisation_id == str(hall.water.id)
    assert queries.inspector_actor(scope(hall.inspector), red).id == str(hall.inspector.id)
    for person in (hall.inspector, hall.manager, hall.colleague, hall.citizen, hall.stranger):
        with pytest.raises(NotYourPost, match="说明、申诉和反馈"):
            queries.office_actor(scope(person), red)
    for person in (hall.clerk, hall.manager, hall.colleague, hall.stranger):
        with pytest.raises(NotYourPost, match="监察"):
            queries.inspector_actor(scope(person), red)
    elsewhere = Region.objects.create(
        code="330882000000", name="别处", level="county", valid_from=FILED, source="测试"
    )
    other = hall.organisation("qita", "017", "别处监察局")
    Organisation.objects.filter(id=other.id).update(region=elsewhere)
    stranger = hall.people.post("far", Role.INSPECTOR, other)
    with pytest.raises(NotYourPost):
        queries.inspector_actor(scope(stranger), red)
    hall.people.substitution(hall.clerk, hall.colleague, from_date=FILED)
    assert queries.office_actor(scope(hall.colleague), red).acting_for_id == str(hall.clerk.id)


def test_boards_count_and_leave_out_what_gave_way(hall, red):
    board = queries.board(hall.scope(hall.inspector), date(2013, 9, 17))
    assert board.by_unit == {hall.water.id: {"remind": 0, "yellow": 0, "red": 1}}
    assert board.by_rule == {"TIME_PROMISE_OVER2": {"remind": 0, "yellow": 0, "red": 1}}
    assert board.open == {"remind": 0, "yellow": 0, "red": 1}
    assert board.today == {"remind": 0, "yellow": 0, "red": 0}
    assert board.waiting == {"appealed": 0, "proposed": 0}
    hall.supervise("appeal", hall.clerk, card_id=red.id, text=WORDS)
    later = queries.board(hall.scope(hall.inspector), date(2013, 9, 18))
    assert later.waiting == {"appealed": 1, "proposed": 0}
    assert queries.board(hall.scope(hall.colleague), date(2013, 9, 17)).by_unit == {}


def test_lists_have_filters_pages_and_one_order(hall, red):
    scope = hall.scope(hall.inspector)
    for number in range(7):
        Card.objects.create(
            number=f"监{number}",
            rule=red.rule,
            rule_code="X",
            subject=f"case:{number}",
            colour="yellow",
            score=1,
            raised_date=date(2013, 9, 11),
            raised_at=moment(FILED),
            organisation=hall.water,
            facts={},
            state="raised",
        )
    seen, after = [], None
    while True:
        page = queries.cards(scope, after=after, size=3)
        seen += [card.id for card in page.cards]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == Card.objects.count() == 10
    order = Card.objects.order_by("-raised_date", "-id").values_list("id", flat=True)
    assert seen == list(order)
    assert len(queries.cards(scope, Filters(colour="yellow", is_open=True)).cards) == 7
    assert len(queries.cards(scope, Filters(rule_code="X", until=date(2013, 9, 10))).cards) == 0
    assert len(queries.cards(scope, Filters(counts=False)).cards) == 2
    assert len(queries.cards(scope, Filters(organisation_id=hall.planning.id)).cards) == 0


def test_a_longer_list_takes_no_more_statements(hall, red, django_assert_num_queries):
    scope = hall.scope(hall.inspector)
    with django_assert_num_queries(2):
        _read(queries.cards(scope, size=1).cards)
    with django_assert_num_queries(2):
        _read(queries.cards(scope, size=30).cards)


def _read(cards):
    return [(card.rule.name, card.organisation_id, str(card.person)) for card in cards]


def test_what_may_be_done_follows_from_the_state():
    assert {act.value for act in acts_from(State.CANCELLED)} == set()
    assert "appeal" in {act.value for act in acts_from(State.EXPLAINED)}
    assert "appeal" not in {act.value for act in acts_from(State.UPHELD)}


class TestBadRatings:
    """A bad rating is called back in a working day and set right in time, or there is a card."""

    RATED = date(2013, 9, 17)  # a Tuesday

    @pytest.fixture
    def ticket(self, hall, at):
        hall.rated = hall.bring(hall.file(hall.item_code, at, hall.citizen), "delivered", at)
        ratings.submit(
            number=hall.rated.number,
            level="dissatisfied",
            text="",
            channel="code",
            actor=Actor(id=None, label="申请人"),
            at=moment(self.RATED, 16),
            command_id=new_command_id(),
        )
        hall.tick(self.RATED)
        (stream,) = ledger.streams_of("bad_rating", "")
        return stream

    def cards(self, ticket):
        return [(one.rule_code, one.raised_date) for one in queries.for_subject(ticket)]

    def act(self, hall, ticket, command, on, **more):
        number = ticket.removeprefix("bad_rating:")
        hall.do_with(command, hall.lead, on, ticket_id=number, note="写明", **more)

    BAD = ("RATING_BAD", RATED)  # a reminder, on the day itself

    def test_no_other_card_while_there_is_time(self, hall, ticket):
        hall.tick(date(2013, 9, 18))
        assert self.cards(ticket) == [self.BAD]

    def test_nobody_learns_from_a_card_who_rated(self, hall, ticket):
        hall.tick(date(2013, 9, 30))
        cards = Card.objects.order_by("id")
        assert {card.subject for card in cards if card.rule_code.startswith("RATING")} == {ticket}
        told = Message.objects.filter(event="card.raised", subject__in=[c.stream for c in cards])
        words = [f"{one.title} {one.text}" for one in told if "差评" in one.title]
        assert words
        assert not any(hall.rated.number in one for one in words)
        to = Message.objects.filter(subject=cards.get(rule_code="RATING_BAD").stream)
        assert hall.clerk.id not in to.values_list("person_id", flat=True)

    def test_nobody_called_back(self, hall, ticket):
        for day in (19, 22, 30):
            hall.tick(date(2013, 9, day))
        assert self.cards(ticket) == [
            self.BAD,
            ("RATING_UNANSWERED", date(2013, 9, 22)),
        ]
        card = queries.for_subject(ticket)[-1]
        assert (card.colour, card.organisation_id) == ("yellow", hall.water.id)
        assert titles_of([ticket]) == {ticket: "2013年9月17日 收到的差评"}
        told = Message.objects.filter(event="card.raised", subject=card.stream)
        people = set(told.values_list("person_id", flat=True))
        assert people == {hall.lead.id, hall.inspector.id, hall.second.id, hall.approver.id}

    def test_called_back_in_time_and_not_set_right(self, hall, ticket):
        self.act(hall, ticket, ratings.contact, date(2013, 9, 18))
        self.act(hall, ticket, ratings.confirm, date(2013, 9, 18), is_complex=False)
        hall.tick(date(2013, 9, 26))
        assert self.cards(ticket) == [self.BAD]
        hall.tick(date(2013, 9, 30))
        assert self.cards(ticket) == [self.BAD, ("RATING_UNANSWERED", date(2013, 9, 27))]

    def test_set_right_in_time(self, hall, ticket):
        self.act(hall, ticket, ratings.contact, date(2013, 9, 18))
        self.act(hall, ticket, ratings.confirm, date(2013, 9, 18), is_complex=False)
        self.act(hall, ticket, ratings.answer, date(2013, 9, 26))
        hall.tick(date(2013, 10, 31))
        assert self.cards(ticket) == [self.BAD]
