"""Intermediary services: the register, engagements, both sides' words, their time in its bucket."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.joint.rules.route import NodeKind
from mingtang.ledger.queries import history
from mingtang.projects.models import EngagementRating
from mingtang.projects.queries import intermediaries as queries
from mingtang.projects.rules.agency import AgentDoesNotDecide
from mingtang.projects.rules.intermediaries import NotOnRegister
from tests.projects.bureau import OWNER_CODE, Bureau

pytestmark = pytest.mark.django_db
DAY = Bureau.start


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau()


class TestTheRegister:
    def test_a_code_is_checked_and_stands_once_for_each_kind(self, bureau):
        with pytest.raises(DomainError, match="校验码"):
            bureau.firm(credit_code="91110000600037341M")
        bureau.firm()
        with pytest.raises(Conflict, match="已在名录"):
            bureau.firm()
        assert bureau.firm(trade="design").trade == "design"

    def test_who_was_struck_off_is_engaged_no_more_and_may_come_back(self, bureau):
        firm = bureau.firm()
        bureau.do("strike_off", bureau.office, intermediary_id=firm.id, reason="出具虚假报告")
        with pytest.raises(NotOnRegister, match="移出"):
            bureau.engaged(firm)
        with pytest.raises(Conflict):
            bureau.do("renew", bureau.office, intermediary_id=firm.id, valid_to=DAY)
        assert bureau.firm().id != firm.id

    def test_a_qualification_runs_out_and_is_renewed(self, bureau):
        firm = bureau.firm(valid_to=DAY + timedelta(days=1))
        later = DAY + timedelta(days=2)
        with pytest.raises(NotOnRegister, match="有效期"):
            bureau.engaged(firm, on=later, started_date=later)
        until = DAY + timedelta(days=365)
        bureau.do("renew", bureau.office, on=later, intermediary_id=firm.id, valid_to=until)
        assert bureau.engaged(firm, on=later, started_date=later).promised_date

    def test_the_public_list_has_who_may_be_engaged(self, bureau):
        gone, old = bureau.firm(), bureau.firm(trade="design", valid_to=DAY)
        bureau.do("strike_off", bureau.office, intermediary_id=gone.id, reason="自行申请退出")
        kept = bureau.firm(credit_code=OWNER_CODE, name="江山某勘察院")
        tomorrow = DAY + timedelta(days=1)
        shown = [one.firm.id for one in queries.register_page(tomorrow).rows]
        assert shown == [kept.id]
        everyone = queries.register_page(tomorrow, with_struck_off=True).rows
        assert {one.firm.id for one in everyone} == {gone.id, old.id, kept.id}

    def test_pages_of_the_register_are_whole(self, bureau):
        bureau.firm(name="同名公司")
        firm = queries.Intermediary.objects.get()
        queries.Intermediary.objects.bulk_create(
            queries.Intermediary(
                name="同名公司",
                credit_code=f"{number:018}",
                trade="survey",
                registered_at=firm.registered_at,
                registered_by=firm.registered_by,
            )
            for number in range(queries.PAGE + 1)
        )
        first = queries.register_page(DAY)
        second = queries.register_page(DAY, after=queries.NameCursor.read(str(first.next)))
        ids = [one.firm.id for one in first.rows + second.rows]
        assert len(ids) == len(set(ids)) == queries.PAGE + 2
        assert second.next is None


class TestEngagements:
    def test_its_time_falls_into_the_bucket_of_who_commissioned_it(self, bureau):
        firm = bureau.firm()
        bureau.engaged(firm)
        other = bureau.engaged(firm, commissioner="government", node="", name="复核测绘")
        bureau.finished(other, DAY + timedelta(days=3))
        spans = queries.engagement_spans(bureau.project.id)
        assert [(one.kind, one.node, one.ended) for one in spans] == [
            (NodeKind.OWNER_INTERMEDIARY, "survey", None),
            (NodeKind.GOVERNMENT_INTERMEDIARY, "", DAY + timedelta(days=3)),
        ]

    def test_a_late_one_says_so(self, bureau):
        made = bureau.engaged(bureau.firm())
        late = date(2013, 9, 30)
        assert queries.days_late_of(made, late) == 3  # 27 September, Sunday 29 and 30 work
        bureau.finished(made, late)
        assert history(made.stream)[-1].facts["is_late"] is True
        with pytest.raises(Conflict, match="已经登记完成"):
            bureau.finished(made, late)

    def test_it_begins_in_the_past_and_on_a_node_of_the_project(self, bureau):
        firm = bureau.firm()
        with pytest.raises(DomainError, match="晚于今天"):
            bureau.engaged(firm, started_date=DAY + timedelta(days=1))
        with pytest.raises(DomainError, match="环节"):
            bureau.engaged(firm, node="nothing")
        with pytest.raises(DomainError, match="委托做什么"):
            bureau.engaged(firm, node="")

    def test_both_sides_say_their_word_once(self, bureau):
        made = bureau.engaged(bureau.firm())
        say = {"engagement_id": made.id, "level": "satisfied"}
        with pytest.raises(Conflict, match="还没有完成"):
            bureau.do("rate_engagement", bureau.owner, side="owner", **say)
        bureau.finished(made, DAY)
        bureau.do("rate_engagement", bureau.owner, side="owner", **say)
        with pytest.raises(Conflict, match="已经评价过"):
            bureau.do("rate_engagement", bureau.owner, side="owner", **say)
        with pytest.raises(NotFound):
            bureau.do("rate_engagement", bureau.stranger, side="owner", **say)
        with pytest.raises(NotAllowed, match="部门评价"):
            bureau.do("rate_engagement", bureau.handler, side="department", **say)
        planner = bureau.people.post("planner", Role.HANDLER, bureau.planning)
        bureau.do("rate_engagement", planner, side="department", **say)
        with pytest.raises(DatabaseError), transaction.atomic():
            EngagementRating.objects.update(level="very_satisfied")

    def test_the_agent_of_a_project_speaks_for_neither_side(self, bureau):
        bureau.signed()
        bureau.people.post("agent", Role.HANDLER, bureau.planning)
        made = bureau.engaged(bureau.firm())
        bureau.finished(made, DAY)
        for side in ("department", "owner"):
            with pytest.raises(AgentDoesNotDecide):
                bureau.do("rate_engagement", engagement_id=made.id, side=side, level="satisfied")

    def test_figures_of_too_few_show_no_rate(self, bureau, settings):
        firm = bureau.firm()
        bureau.finished(bureau.engaged(firm), DAY + timedelta(days=3))
        (row,) = queries.register_page(DAY + timedelta(days=30)).rows
        assert (row.figures.completed, row.figures.median_days) == (1, None)
        settings.MINGTANG_AGENCY_LEAST = 1
        (row,) = queries.register_page(DAY + timedelta(days=30)).rows
        assert (row.figures.median_days, row.figures.on_time_percent) == (
            1,
            100,
        )  # the Moon festival
