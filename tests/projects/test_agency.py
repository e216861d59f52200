"""Agents: the letter, what is done under it, hand-over, the end, the owner's word."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from mingtang.accounts.queries import actor_of
from mingtang.assessment.queries import read_ledger
from mingtang.assessment.queries.targets import targets
from mingtang.assessment.rules.periods import period_of
from mingtang.assessment.rules.schemes import Cycle, TargetKind
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.files.queries import documents_of
from mingtang.ledger.queries import history
from mingtang.projects.models import AgencyAct, AgencyLetter, AgencyRating
from mingtang.projects.rules.agency import (
    IndustryExcluded,
    LetterNotInForce,
    NotTheAgent,
    OpenActsLeft,
    OutsideLetter,
)
from tests.projects.bureau import Bureau

pytestmark = pytest.mark.django_db
DAY = Bureau.start


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau()


def kinds(letter):
    return [event.kind for event in history(letter.stream)]


class TestTheLetter:
    def test_it_is_a_numbered_paper_that_says_it_is_free_and_voluntary(self, bureau):
        letter = bureau.drawn()
        (paper,) = documents_of(letter.stream)
        said = "".join(paper.paper().paragraphs)
        assert letter.number == paper.number
        assert "自愿" in said
        assert "不收取任何费用" in said

    def test_it_holds_only_when_both_have_signed(self, bureau):
        letter = bureau.drawn()
        with pytest.raises(LetterNotInForce, match="待双方签字"):
            bureau.acted(letter)
        with pytest.raises(IntegrityError), transaction.atomic():
            AgencyLetter.objects.filter(id=letter.id).update(owner_signed_date=DAY)

    def test_a_project_has_one_that_stands(self, bureau):
        bureau.drawn()
        with pytest.raises(Conflict, match="已有委托书"):
            bureau.drawn(agent_id=bureau.second.id)

    def test_one_that_ran_out_gives_way_to_the_next(self, bureau):
        first = bureau.signed(valid_to=DAY + timedelta(days=5))
        later = DAY + timedelta(days=6)
        bureau.drawn(on=later, valid_from=later, valid_to=later + timedelta(days=30))
        first.refresh_from_db()
        assert (first.ending, first.ended_date) == ("lapsed", DAY + timedelta(days=5))

    def test_real_estate_is_kept_out_by_the_setting(self, bureau, settings):
        estate = bureau.make_project("滨江花园", industry="K7010 房地产开发经营")
        with pytest.raises(IndustryExcluded):
            bureau.drawn(estate)
        settings.MINGTANG_AGENCY_EXCLUDES = ()
        assert bureau.drawn(estate).number

    def test_only_an_agent_and_only_nodes_of_the_project(self, bureau):
        with pytest.raises(DomainError, match="不是代办员"):
            bureau.drawn(agent_id=bureau.handler.id)
        with pytest.raises(DomainError, match="环节"):
            bureau.drawn(node_keys=["nothing"])

    def test_a_project_that_is_not_in_the_library_gets_none(self, bureau):
        bureau.project.state, bureau.project.admitted_at = "draft", None
        bureau.project.admitted_by = None
        bureau.project.save()
        with pytest.raises(Conflict, match="没有入库"):
            bureau.drawn()

    def test_the_owner_takes_it_back_at_any_time(self, bureau):
        letter = bureau.signed()
        bureau.do("revoke", bureau.office, letter_id=letter.id, reason="业主来函撤销")
        with pytest.raises(LetterNotInForce):
            bureau.acted(letter)
        assert kinds(letter)[-1] == "agency.revoked"


class TestActs:
    def test_every_act_is_marked_as_done_for_the_owner(self, bureau):
        letter = bureau.signed()
        bureau.do("plan", letter_id=letter.id, node="eia", planned_date=DAY)
        bureau.acted(letter)
        told = [
            one for one in history(letter.stream) if one.kind in {"agency.acted", "agency.planned"}
        ]
        assert len(told) == 2
        assert {one.acting_for_label for one in told} == {"江山市某木业有限公司"}
        assert {one.actor_label for one in told} == {"agent先生"}

    def test_who_stands_in_is_marked_for_both(self, bureau):
        letter = bureau.signed()
        bureau.people.substitution(bureau.agent, bureau.second)
        scope = bureau.scope(bureau.second)
        grant = next(one for one in scope.grants if one.acting_for_id == bureau.agent.id)
        bureau.acted(letter, actor=actor_of(scope, grant))
        event = history(letter.stream)[-1]
        assert event.acting_for_id == str(bureau.agent.id)
        assert "江山市某木业有限公司" in event.acting_for_label
        assert "agent先生" in event.acting_for_label

    def test_nobody_else_acts_under_it(self, bureau):
        letter = bureau.signed()
        for person in (bureau.second, bureau.office, bureau.approver):
            with pytest.raises(NotTheAgent):
                bureau.acted(letter, who=person)

    def test_nothing_is_wider_than_the_letter(self, bureau):
        letter = bureau.signed(services=["approval"], node_keys=["eia"])
        bureau.acted(letter, service="approval")
        with pytest.raises(OutsideLetter):
            bureau.acted(letter, service="intermediary")
        for node in ("land", "survey"):
            with pytest.raises(OutsideLetter):
                bureau.do("plan", letter_id=letter.id, node=node, planned_date=DAY)

    def test_an_act_lies_within_the_days_of_the_letter(self, bureau):
        letter = bureau.signed()
        with pytest.raises(LetterNotInForce):
            bureau.acted(letter, acted_date=DAY - timedelta(days=1))
        with pytest.raises(DomainError, match="晚于今天"):
            bureau.acted(letter, acted_date=DAY + timedelta(days=1))

    def test_the_ledger_of_acts_is_never_changed_and_a_result_comes_once(self, bureau):
        letter = bureau.signed()
        act = bureau.acted(letter, problem="缺规划条件")
        with pytest.raises(DatabaseError), transaction.atomic():
            AgencyAct.objects.filter(id=act).update(action="别的")
        bureau.do("settle_act", letter_id=letter.id, act_id=act, result="已补")
        with pytest.raises(Conflict, match="登记过结果"):
            bureau.do("settle_act", letter_id=letter.id, act_id=act, result="又补")
        with pytest.raises(DatabaseError), transaction.atomic():
            AgencyAct.objects.filter(id=act).update(result="改写")
        with pytest.raises(DatabaseError), transaction.atomic():
            AgencyAct.objects.filter(id=act).delete()

    def test_the_plan_takes_over_what_the_letter_covers(self, bureau):
        letter = bureau.signed(services=["approval", "public"])
        made = bureau.do("plan_nodes", letter_id=letter.id)
        assert made["steps"] == 3
        planned = list(letter.steps.order_by("planned_date").values_list("node", flat=True))
        assert planned == ["eia", "land", "power"]
        with pytest.raises(Conflict, match="没有可以排进"):
            bureau.do("plan_nodes", letter_id=letter.id)

    def test_a_step_done_late_says_so(self, bureau):
        letter = bureau.signed()
        bureau.do("plan", letter_id=letter.id, node="eia", planned_date=DAY)
        step = letter.steps.get()
        later = DAY + timedelta(days=1)
        bureau.acted(
            letter,
            on=later,
            acted_date=later,
            step_id=step.id,
            result="取得批复",
            is_step_done=True,
        )
        step.refresh_from_db()
        facts = history(letter.stream)[-1].facts
        assert step.done_date == later
        assert facts["is_late"] is True
        with pytest.raises(Conflict):
            bureau.do("drop_step", on=later, letter_id=letter.id, step_id=step.id)


class TestHandOver:
    def test_both_confirm_and_open_acts_go_along(self, bureau):
        letter = bureau.signed()
        act = bureau.acted(letter)
        bureau.acted(letter, result="有结果的不移交")
        offered = bureau.do(
            "hand_over", letter_id=letter.id, to_agent_id=bureau.second.id, note="调岗"
        )
        assert offered["open_acts"] == 1
        letter.refresh_from_db()
        assert letter.agent_id == bureau.agent.id
        with pytest.raises(NotTheAgent):
            bureau.do("take_over", bureau.office, letter_id=letter.id)
        bureau.do("take_over", bureau.second, letter_id=letter.id)
        letter.refresh_from_db()
        assert letter.agent_id == bureau.second.id
        assert history(letter.stream)[-1].facts["open_acts"] == [str(act)]
        with pytest.raises(NotTheAgent):
            bureau.acted(letter)
        bureau.do("settle_act", bureau.second, letter_id=letter.id, act_id=act, result="接着办好")

    def test_it_goes_to_another_agent_and_may_be_called_off(self, bureau):
        letter = bureau.signed()
        for person in (bureau.agent, bureau.handler):
            with pytest.raises(DomainError):
                bureau.do("hand_over", letter_id=letter.id, to_agent_id=person.id)
        bureau.do("hand_over", letter_id=letter.id, to_agent_id=bureau.second.id)
        with pytest.raises(Conflict, match="等对方确认"):
            bureau.do("hand_over", letter_id=letter.id, to_agent_id=bureau.second.id)
        bureau.do("call_off_hand_over", bureau.second, letter_id=letter.id)
        with pytest.raises(Conflict):
            bureau.do("take_over", bureau.second, letter_id=letter.id)


class TestTheEnd:
    def test_nothing_open_is_left_behind(self, bureau):
        letter = bureau.signed()
        act = bureau.acted(letter)
        with pytest.raises(OpenActsLeft):
            bureau.do("conclude", letter_id=letter.id)
        bureau.do("settle_act", letter_id=letter.id, act_id=act, result="办好了")
        bureau.do("conclude", letter_id=letter.id)
        letter.refresh_from_db()
        assert letter.ending == "concluded"
        assert letter.completion.title == "项目代办办结单"

    def test_the_owner_rates_once_and_nobody_else(self, bureau):
        letter = bureau.signed()
        with pytest.raises(Conflict, match="还没有办结"):
            bureau.do("rate", bureau.owner, letter_id=letter.id, level="satisfied")
        bureau.do("conclude", letter_id=letter.id)
        with pytest.raises(NotAllowed, match="工作人员"):
            bureau.do("rate", bureau.agent, letter_id=letter.id, level="very_satisfied")
        with pytest.raises(NotFound):
            bureau.do("rate", bureau.stranger, letter_id=letter.id, level="dissatisfied")
        bureau.do("rate", bureau.owner, letter_id=letter.id, level="satisfied", text="尽心")
        with pytest.raises(Conflict, match="已经评价过"):
            bureau.do("rate", bureau.owner, letter_id=letter.id, level="dissatisfied")
        assert "尽心" not in str(history(letter.stream)[-1].facts)
        with pytest.raises(DatabaseError), transaction.atomic():
            AgencyRating.objects.update(level="very_satisfied")

    def test_a_letter_that_was_never_signed_is_not_concluded(self, bureau):
        letter = bureau.drawn()
        with pytest.raises(LetterNotInForce):
            bureau.do("conclude", letter_id=letter.id)


def test_an_agents_month_is_read_from_the_ledger(bureau):
    """Each agent's own, by who carried the letter then; others have nothing."""
    letter = bureau.signed()
    bureau.do("plan", letter_id=letter.id, node="eia", planned_date=DAY)
    step = letter.steps.get()
    bureau.acted(letter, step_id=step.id, result="取得批复", is_step_done=True)
    bureau.do("hand_over", letter_id=letter.id, to_agent_id=bureau.second.id)
    bureau.do("take_over", bureau.second, letter_id=letter.id)
    bureau.acted(letter, who=bureau.second)
    found = targets(TargetKind.AGENT, DAY)
    assert {one.id for one in found} == {bureau.agent.id, bureau.second.id}
    month = period_of(Cycle.MONTH, "2013-09")
    measures = read_ledger(month, TargetKind.AGENT, found).measures
    first, second = measures[bureau.agent.id], measures[bureau.second.id]

    def number(code, measured):
        return (int(measured[code].value), measured[code].of)

    assert number("agent_acts", first) == number("agent_acts", second) == (1, None)
    assert number("agent_on_time_rate", first) == (1, 1)
    assert number("agent_on_time_rate", second) == (0, 0)
    assert number("agent_projects", second) == (1, None)
