"""From a draft to its result: nothing is public without review, nobody is told who spoke."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingtang.base.clock import LEGAL_ZONE
from mingtang.consultations import queries, services
from mingtang.consultations.models import Comment, Sheet, SheetAnswer
from mingtang.consultations.rules.life import BadComment, BadPlan, NotNow, NotOpen, State
from mingtang.consultations.rules.survey import AnsweredAlready, BadSheet, Said, UnknownToken
from mingtang.consultations.services.common import PUBLIC, state_of
from mingtang.disclosure import services as disclosure
from mingtang.ledger.queries import history
from mingtang.ledger.services import deliver_all
from mingtang.messages.models import Message
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind
from tests.consultations.conftest import INTERVIEW, OPINIONS, SURVEY
from tests.world import new_command_id

pytestmark = pytest.mark.django_db

NUMBER = "330881190001010015"
GOOD = {"1": Said((0,)), "2": Said((0, 2)), "3": Said(text="水压低")}


def test_a_consultation_opens_when_its_notice_is_public_and_not_before(ask):
    made = ask.draft()
    with pytest.raises(NotOpen):
        ask.say(made)
    assert queries.shown().rows == []
    ask.publish(made.notice_id)
    made = ask.one(made.id)
    assert state_of(made, ask.at) is State.OPEN
    assert made.closes_at == datetime(2013, 10, 18, tzinfo=LEGAL_ZONE)
    assert [one.id for one in queries.shown().rows] == [made.id]
    clock = open_clock(made.stream, ClockKind.FEEDBACK)
    assert clock.start_date == date(2013, 10, 17), "thirty days, that of the release not counted"
    assert clock.due_date == made.result_due_date
    kinds = [event.kind for event in history(made.stream)]
    assert kinds == ["consultation.drafted", "consultation.opened"]


def test_the_least_term_holds_from_its_day_on(ask, settings):
    short = replace(OPINIONS, days=5)
    ask.draft(short)  # in 2013 the law named no number
    settings.MINGTANG_CONSULTATION_LEAST_DAYS = {date(2013, 1, 1): 30}
    with pytest.raises(BadPlan):
        ask.draft(short)


def test_from_opinions_to_the_table_of_adoption(ask):
    made = ask.opened()
    first = ask.say(made, f"我是毛小明，{NUMBER}，水费太贵", name="毛小明", may_publish=True)
    second, third = ask.say(made, "应当每月公布水质"), ask.say(made, "贷款请联系我们")
    with pytest.raises(NotNow, match="还没有截止"):
        services.draft_result(activity_id=made.id, words="", **ask.by())
    with pytest.raises(BadComment, match="公民身份号码"):
        ask.keep(made, first, f"水费太贵 {NUMBER}")
    with pytest.raises(BadComment, match="当事人姓名"):
        ask.keep(made, first, "毛小明说水费太贵")
    with pytest.raises(NotNow, match="先核看"):
        ask.judge(made, second)
    ask.keep(made, first)
    ask.keep(made, second, "每月公布水质")
    services.moderate(
        activity_id=made.id, number=third, set_aside_reason="广告，与征集无关", **ask.by()
    )
    ask.judge(made, first)
    with pytest.raises(NotNow, match="还有 1 条"):
        services.draft_result(activity_id=made.id, words="", **ask.by(at=ask.over))
    ask.judge(made, second, "partly")
    drawn = services.draft_result(activity_id=made.id, words="感谢大家。", **ask.by(at=ask.over))
    with pytest.raises(NotNow, match="已经起草"):
        ask.judge(made, first, "not_adopted")
    assert state_of(ask.one(made.id), ask.over) is State.CLOSED
    assert queries.result_body(queries.shown_one(str(made.id))) == ""
    ask.publish(int(drawn["publication_id"]), ask.over)
    body = queries.result_body(queries.shown_one(str(made.id)))
    assert "| 1 | 水费太贵 | 采纳 | 第二条已经修改。 |" in body
    assert "采纳 1 条，部分采纳 1 条，未采纳 0 条，与本次征集无关 1 条" in body
    assert "广告" not in body
    assert state_of(ask.one(made.id), ask.over) is State.REPORTED
    assert open_clock(made.stream, ClockKind.FEEDBACK) is None


def test_a_result_that_does_not_come_is_seen_as_missing(ask):
    made = ask.opened()
    due = made.result_due_date
    late = ask.at + (due - ask.at.date()) + timedelta(days=2)
    assert state_of(made, late) is State.MISSING
    found = queries.pressing([made.organisation_id], late, late.date())
    assert (found.late, found.due) == (1, 0)
    found = queries.pressing([made.organisation_id], ask.over, ask.over.date())
    assert (found.late, found.due) == (0, 1)


def test_what_was_taken_down_takes_nothing_in_and_is_found_by_nobody(ask):
    made = ask.opened()
    disclosure.take_down(
        publication_id=made.notice_id, reason="内容有误", **ask.by(ask.office.head)
    )
    with pytest.raises(NotOpen):
        ask.say(made)
    assert queries.shown().rows == []


def test_nobody_learns_from_the_ledger_who_spoke(ask):
    made = ask.opened()
    by = {"actor": ask.office.world.actor(ask.office.world.citizen)}
    ask.say(made, name="毛小明", phone="13800000001", person_id=ask.office.world.citizen.id, **by)
    said = history(made.stream)[-1]
    assert said.kind == "consultation.commented"
    assert (said.actor_id, said.actor_label) == (None, "公众")
    assert set(said.facts) == {"organisation_id", "kind", "number"}
    row = Comment.objects.values("text", "name", "phone").get()
    assert row["name"] == "毛小明"
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, name, phone FROM consultations_comment")
        boxes = b"".join(bytes(box) for box in cursor.fetchone())
    assert "毛小明".encode() not in boxes
    assert b"13800000001" not in boxes


def test_who_signed_in_is_told_of_the_result_without_a_name(ask):
    made = ask.opened()
    person = ask.office.world.citizen.id
    number = ask.say(made, person_id=person, name="毛小明")
    ask.keep(made, number)
    ask.judge(made, number)
    drawn = services.draft_result(activity_id=made.id, words="", **ask.by(at=ask.over))
    ask.publish(int(drawn["publication_id"]), ask.over)
    deliver_all(ask.over)
    (told,) = Message.objects.filter(event="consultation.reported")
    assert told.person_id == person
    assert "毛小明" not in told.title + told.text


def test_questions_to_an_interview_come_before_and_during_and_its_transcript_after(ask):
    made = ask.opened(INTERVIEW)
    before = ask.say(made, "我们村什么时候通水？")
    during = ask.say(made, "水价会涨吗？", at=made.held_until - timedelta(minutes=1))
    with pytest.raises(NotOpen):
        ask.say(made, "来晚了的问题", at=made.held_until)
    for number in (before, during):
        ask.keep(made, number, f"公开的问题{number}")
        ask.judge(made, number, "answered")
    ended = made.held_until + timedelta(hours=1)
    drawn = services.draft_result(activity_id=made.id, words="", **ask.by(at=ended))
    ask.publish(int(drawn["publication_id"]), ended)
    body = queries.result_body(queries.shown_one(str(made.id)))
    assert "问（1）：公开的问题1\n答：第二条已经修改。" in body


def _sheet(ask, made, answers=GOOD, **more):
    fields = {"actor": PUBLIC, "at": ask.at, "command_id": new_command_id(), **more}
    return services.submit_sheet(activity_id=made.id, answers=answers, **fields)


def test_each_person_and_each_code_answers_once(ask):
    made = ask.opened(SURVEY)
    citizen, stranger = ask.office.world.citizen.id, ask.office.world.stranger.id
    by = ask.by()
    services.issue_tokens(activity_id=made.id, count=2, **by)
    code, other = services.codes(made.id, by["command_id"], 2)
    _sheet(ask, made, person_id=citizen)
    _sheet(ask, made, token=code.lower().replace("-", " "))
    _sheet(ask, made, token=other, person_id=stranger)
    for more, error in (
        ({"person_id": citizen}, AnsweredAlready),
        ({"token": code}, AnsweredAlready),
        ({"token": "AAAAA-AAAAA"}, UnknownToken),
        ({}, UnknownToken),
    ):
        with pytest.raises(error):
            _sheet(ask, made, **more)
    with pytest.raises(BadSheet):
        _sheet(ask, made, {"1": Said((0,))}, person_id=stranger)
    assert Sheet.objects.count() == 3
    sheet = Sheet.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(
            activity=made, voter_key=sheet.voter_key, submitted_at=sheet.submitted_at
        )


def test_a_survey_gives_its_figures_and_none_of_a_few(ask):
    made = ask.opened(SURVEY)
    by = ask.by()
    services.issue_tokens(activity_id=made.id, count=4, **by)
    for number, code in enumerate(services.codes(made.id, by["command_id"], 4)):
        _sheet(ask, made, {**GOOD, "1": Said((min(number, 1),))}, token=code)
    found = queries.tallies(made)
    assert found.count == 4
    assert [line[1].counts for line in found.lines] == [(1, 3), (4, 0, 4), ()]
    _first, _second, rows = queries.crossed(made, 1, 2, least=3)
    assert [row.tally and row.tally.counts for row in rows] == [None, (3, 0, 3)]
    assert queries.crossed(made, 1, 3, least=3) is None
    drawn = services.draft_result(activity_id=made.id, words="", **ask.by(at=ask.over))
    ask.publish(int(drawn["publication_id"]), ask.over)
    body = queries.result_body(queries.shown_one(str(made.id)))
    assert "共收到答卷 4 份" in body
    assert "| 不满意 | 3 | 75% |" in body
    assert "水压低" not in body
    assert SheetAnswer.objects.exclude(text=b"").count() == 4


@pytest.mark.slow
def test_lists_ask_as_often_with_more_rows(ask):
    def asked():
        scope = ask.office.world.scope(ask.office.contact)
        with CaptureQueriesContext(connection) as found:
            page = queries.desk(scope)
            queries.counts_of(one.id for one in page.rows)
            for one in [*page.rows, *queries.shown().rows]:
                assert one.notice.published_version is not None
            for activity in page.rows[:1]:
                queries.comments(activity)
                queries.tallies(activity)
        return len(found)

    made = ask.opened()
    ask.say(made)
    before = asked()
    for _ in range(3):
        ask.say(ask.opened(), "再说一句")
    assert asked() == before


def test_pages_of_activities_go_on_where_they_ended(ask):
    ids = [ask.opened().id for _ in range(3)]
    first = queries.shown(size=2)
    rest = queries.shown(size=2, after=first.next)
    assert [one.id for one in (*first.rows, *rest.rows)] == sorted(ids, reverse=True)
    assert rest.next is None
