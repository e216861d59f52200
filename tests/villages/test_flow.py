"""From what is owed to what is archived: who may, what is refused, what everybody reads."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from mingtang.base.errors import DomainError
from mingtang.ledger.queries import history
from mingtang.timing.queries import clocks_of
from mingtang.villages import queries, services
from mingtang.villages.models import Check, Disclosure, Line, Objection
from mingtang.villages.rules.money import NotBalanced
from mingtang.villages.rules.moves import Changed, Kin, OwnWriting, SameExaminer, StillOpen
from mingtang.villages.rules.privacy import Private
from tests.villages.hamlet import Hamlet, income, spending
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db


def test_what_the_schedule_asks_for_is_owed_with_a_clock(hamlet: Hamlet):
    hamlet.monthly()
    assert services.sweep(morning(2013, 9, 2)) == 2  # July and August of the village that is busy
    assert services.sweep(morning(2013, 9, 3)) == 0
    found = Disclosure.objects.order_by("period_first_date")
    assert [(one.title, one.due_date) for one in found] == [
        ("凤里村2013年7月财务收支", date(2013, 8, 20)),
        ("凤里村2013年8月财务收支", date(2013, 9, 20)),
    ]
    assert [clock.due_date for clock in clocks_of(found[1].stream)] == [date(2013, 9, 20)]
    services.sweep(morning(2013, 10, 1))  # the quarter: three sections of two villages
    assert Disclosure.objects.filter(village=hamlet.other).count() == 3
    assert Disclosure.objects.filter(village=hamlet.village).count() == 5


def test_the_whole_way_of_an_account(hamlet: Hamlet):
    one = hamlet.account_out()
    kinds = [event.kind for event in history(one.stream)]
    assert kinds == [
        f"village.{verb}"
        for verb in ("owed", "written", "handed_in", "examined", "approved", "released")
    ]
    card = queries.village_by_code("330881118201")
    shown = queries.released(card, "accounts").rows[0]
    assert (shown.title, shown.date) == ("凤里村2013年8月财务收支", date(2013, 9, 6))
    assert shown.table is not None
    assert shown.table.rows[1] == ("公共厕所电费", "支出", "500.00", "8月9日", "付1")
    assert dict(shown.table.sums)["期末余额"] == "1,400.00"
    assert (one.objections_until_date, one.income_cents) == (date(2013, 9, 16), 900_00)
    assert clocks_of(one.stream)[0].stopped_date == date(2013, 9, 6)


def test_an_account_that_does_not_balance_is_not_handed_in(hamlet: Hamlet):
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one, income(900_00), closing_cents=1_900_01)
    with pytest.raises(NotBalanced, match=r"多了 0\.01 元"):
        hamlet.hand_in(one)
    assert Line.objects.filter(disclosure=one).count() == 1  # what was typed is there
    hamlet.write(one, income(900_00, day=date(2013, 7, 5)))
    with pytest.raises(DomainError, match="不在 2013-08-01 至 2013-08-31 之内"):
        hamlet.hand_in(one)


def test_the_next_account_goes_on_where_this_one_ended(hamlet: Hamlet):
    hamlet.account_out()
    one = hamlet.owed(morning(2013, 10, 2))
    line = income(100_00, day=date(2013, 9, 5))
    hamlet.write(one, line, opening=1_000_00, at=morning(2013, 10, 3))
    with pytest.raises(NotBalanced, match="凤里村2013年8月财务收支"):
        hamlet.hand_in(one, morning(2013, 10, 4))
    hamlet.write(one, line, opening=1_400_00, at=morning(2013, 10, 3))
    hamlet.hand_in(one, morning(2013, 10, 4))


def test_nobody_examines_their_own_nor_twice(hamlet: Hamlet):
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one, income(900_00))
    hamlet.write(one, income(900_00), who=hamlet.second)
    hashes = hamlet.hand_in(one)
    with pytest.raises(OwnWriting):
        hamlet.do("examine", hamlet.second, hashes=hashes, verdict="agree")
    with pytest.raises(Changed):
        hamlet.do("examine", hamlet.overseer, hashes={str(one.id): "x" * 64}, verdict="agree")
    hamlet.do("examine", hamlet.overseer, hashes=hashes, verdict="agree")
    with pytest.raises(SameExaminer):
        hamlet.do("approve", hamlet.overseer, hashes=hashes, verdict="agree")


def test_kin_of_the_officers_examine_nothing_while_it_stands(hamlet: Hamlet):
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one, income(900_00))
    hashes = hamlet.hand_in(one)
    made = hamlet.do(
        *("declare_kinship", hamlet.officer),
        village_id=hamlet.village.id,
        person_id=hamlet.overseer.id,
        relative_name="村主任",
        relation="兄弟",
    )
    with pytest.raises(Kin, match="第三十二条"):
        hamlet.do("examine", hamlet.overseer, hashes=hashes, verdict="agree")
    with pytest.raises(DatabaseError, match="not another"), transaction.atomic():
        _bare_check(one, "committee", hamlet.overseer.id)
    hamlet.do("end_kinship", hamlet.officer, kinship_id=int(made["kinship_id"]))
    hamlet.do("examine", hamlet.overseer, hashes=hashes, verdict="agree")


def _bare_check(one: Disclosure, stage: str, person_id: int) -> None:
    one.refresh_from_db()
    Check.objects.create(
        disclosure=one,
        stage=stage,
        verdict="agree",
        content_hash=one.content_hash,
        checked_at=morning(2013, 9, 5),
        checked_by_id=person_id,
    )


def test_the_database_itself_refuses_what_was_not_examined(hamlet: Hamlet):
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one, income(900_00))
    hashes = hamlet.hand_in(one)
    with pytest.raises(DatabaseError, match="handed in"), transaction.atomic():
        Line.objects.filter(disclosure=one).update(cents=1)
    with pytest.raises(DatabaseError, match="not another"), transaction.atomic():
        _bare_check(one, "committee", hamlet.writer.id)
    hamlet.do("examine", hamlet.overseer, hashes=hashes, verdict="agree")
    with pytest.raises(DatabaseError, match="not another"), transaction.atomic():
        _bare_check(one, "township", hamlet.overseer.id)
    with pytest.raises(DatabaseError, match="not examined"), transaction.atomic():
        Disclosure.objects.filter(id=one.id).update(
            state="released",
            released_at=morning(2013, 9, 6),
            released_by=hamlet.officer,
            released_date=date(2013, 9, 6),
            objections_until_date=date(2013, 9, 16),
        )


def test_what_is_given_back_is_written_anew_and_examined_anew(hamlet: Hamlet):
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one, income(900_00))
    hashes = hamlet.hand_in(one)
    with pytest.raises(DomainError, match="写明"):
        hamlet.do("examine", hamlet.overseer, hashes=hashes, verdict="return")
    hamlet.do("examine", hamlet.overseer, hashes=hashes, verdict="return", opinion="缺票据")
    one.refresh_from_db()
    assert one.state == "draft"
    hamlet.write(one, income(900_00), spending(1_00))
    again = hamlet.hand_in(one)
    assert again != hashes
    hamlet.do("examine", hamlet.overseer, hashes=again, verdict="agree")
    hamlet.do("approve", hamlet.officer, hashes=again, verdict="agree")
    hamlet.do("release", hamlet.writer, disclosure_ids=[one.id])


def test_lists_of_relief_hold_no_more_than_name_and_sum(hamlet: Hamlet):
    made = hamlet.do(
        *("begin", hamlet.writer),
        village_id=hamlet.village.id,
        section_code="relief-list",
        title="低保金发放名单",
    )
    one = queries.desk.disclosure(int(made["disclosure_id"]))
    hamlet.do(
        *("write", hamlet.writer),
        disclosure_id=one.id,
        title=one.title,
        body="毛小明，330881190001010015，患病",
    )
    with pytest.raises(Private, match="公民身份号码") as refused:
        hamlet.hand_in(one)
    assert "330881190001010015" not in refused.value.message


def test_a_major_matter_is_counted_from_the_day_it_happened(hamlet: Hamlet):
    made = hamlet.do(
        *("begin", hamlet.writer, morning(2013, 9, 3)),
        village_id=hamlet.village.id,
        section_code="works",
        title="村道硬化合同",
        happened_date=date(2013, 9, 2),
    )
    one = queries.desk.disclosure(int(made["disclosure_id"]))
    assert (one.due_date, one.occasion) == (date(2013, 9, 7), "major")
    hamlet.do("write", hamlet.writer, disclosure_id=one.id, title=one.title, body="合同价八万六。")
    hamlet.bring(one, day=10)
    released = next(event for event in history(one.stream) if event.kind == "village.released")
    assert (released.facts["is_late"], released.facts["late_days"]) == (True, 3)


# ── objections ────────────────────────────────────────────────────────────────────────────────


def test_an_objection_is_answered_in_public_without_the_name(hamlet: Hamlet):
    one = hamlet.account_out()
    made = hamlet.object_to(one)
    card, found = queries.village_by_code("330881118201"), Objection.objects.get()
    assert queries.objections_of(card) == []
    by = {"objection_id": found.id, "answer": "电表户号有误，已退回。"}
    with pytest.raises(Private, match="姓名"):
        hamlet.do("reply", hamlet.writer, public_text="周大明问电费。", **by)
    hamlet.do("reply", hamlet.writer, public_text="厕所电费偏高。", **by)
    shown = queries.objections_of(card, one.id)[0]
    assert (shown.text, shown.reply) == ("厕所电费偏高。", "电表户号有误，已退回。")
    told = str([event.facts for event in history(one.stream)])
    assert "周大明" not in told
    assert "13800000009" not in told
    code = services.tracking_code(found)
    by_code = {"source": "1.2.3.4", "at": morning(2013, 9, 18)}
    assert services.objection_by_code(number=made["number"], code=code, **by_code) == found
    with pytest.raises(DomainError):
        services.objection_by_code(number=made["number"], code="AAAAA-AAAAA", **by_code)


def test_objections_come_within_their_days_and_archives_wait_for_answers(hamlet: Hamlet):
    one = hamlet.account_out()
    with pytest.raises(StillOpen, match="2013-09-16"):
        hamlet.do("archive", hamlet.writer, morning(2013, 9, 16), disclosure_ids=[one.id])
    hamlet.object_to(one, morning(2013, 9, 16))
    with pytest.raises(DomainError, match="已经结束"):
        hamlet.object_to(one, morning(2013, 9, 17))
    with pytest.raises(StillOpen, match="没有答复"):
        hamlet.do("archive", hamlet.writer, morning(2013, 9, 17), disclosure_ids=[one.id])
    found = Objection.objects.get()
    assert found.due_date == date(2013, 9, 26)
    hamlet.do(
        *("reply", hamlet.writer),
        objection_id=found.id,
        public_text="电费偏高。",
        answer="已核对。",
    )
    hamlet.do("archive", hamlet.writer, morning(2013, 9, 18), disclosure_ids=[one.id])
    assert queries.entry(one.id).archive_number == "330881118201-2013-001"


def test_what_is_taken_down_is_out_of_everybodys_sight(hamlet: Hamlet):
    one = hamlet.account_out()
    hamlet.object_to(one)
    hamlet.do("take_down", hamlet.officer, disclosure_id=one.id, reason="误登")
    card = queries.village_by_code("330881118201")
    assert queries.released(card).rows == []
    with pytest.raises(DomainError):
        queries.entry(one.id)
    assert all(clock.stopped_date for clock in clocks_of(one.stream))


# ── reads ─────────────────────────────────────────────────────────────────────────────────────


def test_sections_have_three_levels_and_count_what_is_out(hamlet: Hamlet):
    hamlet.account_out()
    card = queries.village_by_code("330881118201")
    found = {one.code: (one.level, one.count) for one in queries.sections(card, date(2013, 9, 17))}
    assert [found[code] for code in ("finance", "accounts", "party", "party-fees")] == [
        *((1, 1), (2, 1), (1, 0), (3, 0)),
    ]
    towns = [(one.code, one.village_count) for one in queries.pilot_townships()]
    assert towns == [("330881118000", 2)]
    assert [one.name for one in queries.villages_of("330881118000")] == ["凤里村", "白沙村"]


def test_pages_of_what_is_out_follow_on(hamlet: Hamlet, django_assert_num_queries):
    card = queries.village_by_code("330881118201")

    def out(number: int) -> None:
        made = hamlet.do(
            *("begin", hamlet.writer, morning(2013, 9, 3)),
            village_id=hamlet.village.id,
            section_code="profile",
            title=f"村情 {number}",
        )
        one = queries.desk.disclosure(int(made["disclosure_id"]))
        hamlet.do("write", hamlet.writer, disclosure_id=one.id, title=one.title, body="说明。")
        hamlet.bring(one)

    out(1)
    with django_assert_num_queries(2):
        queries.released(card)
    out(2)
    out(3)
    with django_assert_num_queries(2):
        first = queries.released(card, size=2)
    second = queries.released(card, size=2, after=first.next)
    assert [one.title for one in first.rows + second.rows] == ["村情 3", "村情 2", "村情 1"]
    assert second.next is None


def test_the_same_command_twice_writes_once(hamlet: Hamlet):
    one = hamlet.account_out()
    said = {"name": "周大明", "phone": "", "text": "请核对。", "disclosure_id": one.id}
    by = {"actor": hamlet.actor(hamlet.writer), "at": morning(2013, 9, 10)}
    key = new_command_id()
    first = services.raise_objection(**said, is_on_paper=True, **by, command_id=key)
    assert services.raise_objection(**said, is_on_paper=True, **by, command_id=key) == first
    assert Objection.objects.get().raised_by_id == hamlet.writer.id
