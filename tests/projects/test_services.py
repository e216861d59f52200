"""Commands on projects and programmes: what they write, what they tell, what they refuse."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.base.errors import Conflict, DomainError
from mingtang.files.queries import uploads_of
from mingtang.files.services import store
from mingtang.ledger.queries import history, verify
from mingtang.projects.models import (
    MonthlyReport,
    NodePlan,
    Problem,
    Programme,
    Project,
    Suspension,
)
from mingtang.projects.rules.moves import WrongState
from mingtang.projects.rules.progress import CENTS_OF_WAN
from mingtang.timing.queries import clocks_of, current_calendar, open_clock
from mingtang.timing.rules import ClockKind, ClockStatus, fold
from tests.papers import pdf
from tests.projects.office import a_picture
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db


def last(project):
    return history(project.stream)[-1]


def kinds(project):
    return [event.kind for event in history(project.stream)]


def refolded(project):
    """The clocks as the events alone say."""
    ops = [op for event in history(project.stream) for op in event.facts.get("clocks") or ()]
    return fold(ops, current_calendar())


def due_first(project):
    project.refresh_from_db()
    return project.next_due_date


class TestEntering:
    def test_a_project_is_entered_as_a_draft(self, office):
        project = office.enter()
        assert project.state == "draft"
        assert clocks_of(project.stream) == []

    def test_the_ledger_does_not_know_whom_to_call(self, office):
        project = office.enter()
        told = str(last(project).facts)
        assert "13800000002" not in told
        assert "王某" not in told
        assert project.owner_phone == "13800000002"

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"name": " "}, "项目名称"),
            ({"end_year": 2012}, "早于开始年份"),
            ({"code": "JS-1"}, "一起填写"),
            ({"code": "中文", "code_scheme": "local"}, "最多 24 位"),
            ({"owner_credit_code": "91330881MA28F00X0X"}, "社会信用代码"),
        ],
    )
    def test_what_is_wrong_is_named(self, office, more, sentence):
        with pytest.raises(DomainError, match=sentence):
            office.enter(**more)

    def test_a_code_of_another_project_is_refused(self, office):
        office.enter(code="JS-2013-1", code_scheme="local")
        with pytest.raises(Conflict, match="已经用在另一个项目"):
            office.enter(code="JS-2013-1", code_scheme="local")

    def test_an_archived_programme_takes_no_new_projects(self, office):
        office.do("load_programmes")
        with pytest.raises(DomainError, match="已归档"):
            office.do("enter", content=office.content(), programmes=["1353"])
        made = office.do(
            "enter", content=office.content(), programmes=["sidabaiyi"], tags=["招商引资", " "]
        )
        project = Project.objects.get(id=int(made["project_id"]))
        assert [one.programme.code for one in project.programmes.all()] == ["sidabaiyi"]
        assert [one.text for one in project.tags.all()] == ["招商引资"]


class TestChanging:
    def change(self, office, project, reason="投资额调整", **more):
        return office.do(
            "change",
            project_id=project.id,
            content=office.content(**more),
            programmes=[],
            tags=more.pop("tags", []),
            reason=reason,
        )

    def test_history_keeps_each_value_before_and_after(self, office):
        project = office.enter()
        self.change(office, project, investment_cents=15_000 * CENTS_OF_WAN, owner_phone="139")
        assert last(project).facts["changes"] == {
            "investment_cents": [12_000 * CENTS_OF_WAN, 15_000 * CENTS_OF_WAN],
            "owner_phone": [None, None],
        }
        project.refresh_from_db()
        assert (project.investment_cents, project.owner_phone) == (15_000 * CENTS_OF_WAN, "139")

    def test_nothing_changed_is_refused_and_a_reason_is_needed(self, office):
        project = office.enter()
        with pytest.raises(DomainError, match="没有改动"):
            self.change(office, project)
        with pytest.raises(DomainError, match="变更的原因"):
            self.change(office, project, reason=" ", name="木门产业园二期")
        assert kinds(project) == ["project.entered"]


class TestAdmitting:
    def test_by_its_document_it_enters_the_library_and_owes_a_report(self, office):
        project = office.admitted()
        assert project.state == "in_library"
        paper = project.papers.get()
        assert (paper.kind, paper.upload_id) == ("approval", project.approval_paper_id)
        assert [one.id for one in uploads_of(project.stream)] == [paper.upload_id]
        clock = open_clock(project.stream, ClockKind.MONTHLY_REPORT)
        assert clock.due_date == date(2013, 3, 25)

    def test_without_a_number_it_stays_a_draft(self, office):
        project = office.enter()
        with pytest.raises(DomainError, match="文号"):
            office.do(
                "admit",
                project_id=project.id,
                approval_number=" ",
                approval_date=date(2013, 2, 28),
                file=office.file(),
            )
        project.refresh_from_db()
        assert (project.state, kinds(project)) == ("draft", ["project.entered"])

    def test_a_draft_reports_nothing_and_is_not_shown(self, office):
        project = office.enter()
        with pytest.raises(WrongState, match="草稿"):
            office.report(project, 3, 1, 1)
        with pytest.raises(WrongState, match="草稿"):
            office.do("publish", project_id=project.id)

    def test_the_day_of_the_report_is_a_setting(self, office, settings):
        settings.MINGTANG_PROJECT_REPORT_DAY = 31
        project = office.admitted(at=morning(2014, 2, 10))
        assert open_clock(project.stream, "monthly_report").due_date == date(2014, 2, 28)


class TestReporting:
    def test_the_next_month_is_owed_when_one_is_reported(self, office):
        project = office.admitted()
        office.report(project, 3, 800, 800, pictures=[store(a_picture(), command_id="a" * 32)])
        clock = open_clock(project.stream, "monthly_report")
        assert clock.due_date == date(2013, 4, 25)
        report = MonthlyReport.objects.get(project=project)
        assert [one.is_image for one in uploads_of(report.subject)] == [True]
        project.refresh_from_db()
        assert project.progress == "基础完成"

    def test_a_late_report_is_taken_and_seen(self, office):
        project = office.admitted()
        done = office.report(project, 3, 800, 800, at=morning(2013, 3, 27))
        assert done["is_late"] is True
        assert last(project).facts["is_late"] is True

    def test_months_come_in_order_and_sums_continue(self, office):
        project = office.admitted()
        with pytest.raises(DomainError, match="请先报2013年3月"):
            office.report(project, 4, 1, 1)
        office.report(project, 3, 800, 2000)
        with pytest.raises(DomainError, match="应为 2500 万元"):
            office.report(project, 4, 500, 2600)
        office.report(project, 4, 500, 2500)
        with pytest.raises(DomainError, match="已经报过"):
            office.report(project, 4, 500, 2500)

    def test_a_month_that_has_not_begun_is_not_reported(self, office):
        project = office.admitted()
        office.report(project, 3, 800, 800)
        with pytest.raises(DomainError, match="还没有开始"):
            office.report(project, 4, 1, 801, at=morning(2013, 3, 25))

    def test_only_pictures_go_with_it(self, office):
        project = office.admitted()
        text = store(
            SimpleUploadedFile("x.pdf", pdf(), "application/pdf"), command_id=new_command_id()
        )
        with pytest.raises(DomainError, match="不是图片"):
            office.report(project, 3, 800, 800, pictures=[text])
        assert not MonthlyReport.objects.exists()

    def test_the_last_report_is_set_right_with_a_reason(self, office):
        project = office.admitted()
        first = office.report(project, 3, 800, 800)
        office.report(project, 4, 100, 900)
        content = {"done_cents": 1, "year_cents": 1, "progress": "主体施工", "reason": "漏报"}
        with pytest.raises(Conflict, match="最近一次"):
            office.do("amend_month", report_id=int(first["report_id"]), **content)
        second = MonthlyReport.objects.get(month=4)
        with pytest.raises(DomainError, match="对不上"):
            office.do("amend_month", report_id=second.id, **content)
        content |= {"done_cents": 200 * CENTS_OF_WAN, "year_cents": 1000 * CENTS_OF_WAN}
        office.do("amend_month", report_id=second.id, **content)
        assert last(project).facts["changes"]["progress"] == ["基础完成", "主体施工"]

    def test_a_plan_said_again_keeps_what_was_before(self, office):
        project = office.admitted()
        for sum_of_year in (5000, 6000):
            office.do(
                "plan_year",
                project_id=project.id,
                year=2013,
                investment_cents=sum_of_year * CENTS_OF_WAN,
                goal="厂房结顶",
            )
        assert last(project).facts["investment_cents"] == [
            5000 * CENTS_OF_WAN,
            6000 * CENTS_OF_WAN,
        ]
        assert project.annual_plans.get().investment_cents == 6000 * CENTS_OF_WAN


class TestProblems:
    def raised(self, office, project):
        made = office.do(
            "raise_problem",
            project_id=project.id,
            category="land",
            text="尚有两户未签约",
            owner_id=office.planning.id,
            due_date=date(2013, 3, 15),
        )
        return Problem.objects.get(id=int(made["problem_id"]))

    def test_a_problem_has_a_clock_of_its_own_until_it_is_solved(self, office):
        project = office.admitted()
        problem = self.raised(office, project)
        assert open_clock(project.stream, f"problem:{problem.id}").due_date == date(2013, 3, 15)
        office.do(
            "solve_problem", at=morning(2013, 3, 18), problem_id=problem.id, solution="均已签约"
        )
        assert open_clock(project.stream, f"problem:{problem.id}") is None
        assert last(project).facts["is_late"] is True
        with pytest.raises(Conflict, match="已经登记为解决"):
            office.do("solve_problem", problem_id=problem.id, solution="再次")

    def test_a_project_with_an_open_problem_is_not_completed(self, office):
        project = office.admitted()
        self.raised(office, project)
        with pytest.raises(Conflict, match="1 个问题"):
            office.do("complete", project_id=project.id, completed_date=date(2013, 3, 1))


class TestLife:
    def test_while_it_stands_still_nothing_is_owed(self, office):
        project = office.admitted()
        office.do("suspend", project_id=project.id, reason="等指标", from_date=date(2013, 3, 1))
        assert open_clock(project.stream, "monthly_report") is None
        with pytest.raises(WrongState, match="暂停"):
            office.report(project, 3, 1, 1)
        office.do(
            "resume",
            at=morning(2013, 6, 3),
            project_id=project.id,
            resumed_date=date(2013, 6, 3),
        )
        assert open_clock(project.stream, "monthly_report").due_date == date(2013, 6, 25)
        assert Suspension.objects.get().resumed_date == date(2013, 6, 3)

    def test_who_resumes_in_a_month_that_was_reported_owes_the_next(self, office):
        project = office.admitted()
        office.report(project, 3, 1, 1)
        at = morning(2013, 3, 26)
        office.do(
            "suspend", at=at, project_id=project.id, reason="等指标", from_date=date(2013, 3, 26)
        )
        office.do("resume", at=at, project_id=project.id, resumed_date=date(2013, 3, 26))
        assert open_clock(project.stream, "monthly_report").due_date == date(2013, 4, 25)

    def test_suspensions_do_not_overlap(self, office):
        project = office.admitted()
        at, more = morning(2013, 5, 2), {"project_id": project.id}
        office.do("suspend", at=at, reason="等指标", from_date=date(2013, 4, 1), **more)
        with pytest.raises(DomainError, match="不能早于暂停"):
            office.do("resume", at=at, resumed_date=date(2013, 3, 1), **more)
        office.do("resume", at=at, resumed_date=date(2013, 5, 1), **more)
        with pytest.raises(DomainError, match="才恢复"):
            office.do("suspend", at=at, reason="等指标", from_date=date(2013, 4, 30), **more)

    def test_completed_and_archived(self, office):
        project = office.admitted()
        office.do("complete", project_id=project.id, completed_date=date(2013, 3, 1))
        assert all(clock.status == ClockStatus.STOPPED for clock in clocks_of(project.stream))
        office.do("archive", project_id=project.id)
        project.refresh_from_db()
        assert project.state == "archived"
        with pytest.raises(WrongState, match="已归档"):
            office.do("suspend", project_id=project.id, reason="x", from_date=date(2013, 3, 1))

    def test_clocks_are_what_the_events_say(self, office):
        project = office.admitted()
        office.report(project, 3, 1, 1)
        problem = TestProblems().raised(office, project)
        office.do("solve_problem", problem_id=problem.id, solution="好了")
        office.do(
            "suspend",
            at=morning(2013, 3, 26),
            project_id=project.id,
            reason="等指标",
            from_date=date(2013, 3, 1),
        )
        told = refolded(project)
        kept = {clock.kind: clock for clock in clocks_of(project.stream)}
        assert {kind: (one.status, one.due) for kind, one in told.items()} == {
            kind: (one.status, one.due_date) for kind, one in kept.items()
        }
        assert verify().breaks == []


class TestPlanning:
    def chosen(self, office):
        project = office.admitted()
        office.do("choose_route", project_id=project.id, route_edition_id=office.route().id)
        project.refresh_from_db()
        return project

    def note(self, office, key, at=None, **more):
        node = NodePlan.objects.get(key=key)
        days = {
            "planned_start_date": node.planned_start_date,
            "planned_end_date": node.planned_end_date,
            "started_date": node.started_date,
            "ended_date": node.ended_date,
            "delay_reason": node.delay_reason,
        }
        office.do("plan_node", at=at, node_id=node.id, **days | more)

    def test_the_route_makes_the_plan(self, office):
        project = self.chosen(office)
        nodes = NodePlan.objects.order_by("position")
        assert [node.key for node in nodes] == ["filing", "land", "note", "permit"]
        assert nodes[1].unit_id == office.planning.id
        assert project.stage == "立项用地"

    def test_the_stage_moves_on_when_all_that_is_required_is_done(self, office):
        project = self.chosen(office)
        for key in ("filing", "land"):
            self.note(office, key, started_date=date(2013, 2, 20), ended_date=date(2013, 2, 25))
        project.refresh_from_db()
        assert project.stage == "施工许可"

    def test_a_planned_node_is_watched_until_it_is_done(self, office):
        project = self.chosen(office)
        self.note(office, "filing", planned_end_date=date(2013, 3, 8))
        assert open_clock(project.stream, "node_plan:filing").due_date == date(2013, 3, 8)
        done = {"started_date": date(2013, 3, 1), "ended_date": date(2013, 3, 12)}
        with pytest.raises(DomainError, match="拖期原因"):
            self.note(office, "filing", morning(2013, 3, 12), **done)
        self.note(office, "filing", morning(2013, 3, 12), **done, delay_reason="材料补正")
        assert open_clock(project.stream, "node_plan:filing") is None

    def test_no_node_is_waited_for_while_it_stands_still(self, office):
        project = self.chosen(office)
        self.note(office, "filing", planned_end_date=date(2013, 3, 8))
        assert due_first(project) == date(2013, 3, 8)
        more = {"project_id": project.id}
        office.do("suspend", reason="等指标", from_date=date(2013, 3, 1), **more)
        assert due_first(project) is None
        office.do("resume", resumed_date=date(2013, 3, 1), **more)
        assert due_first(project) == date(2013, 3, 8)

    def test_milestones_of_its_own_survive_another_route(self, office):
        project = self.chosen(office)
        office.do(
            "add_milestone",
            project_id=project.id,
            stage="",
            name="奠基仪式",
            kind="owner",
            planned_end_date=date(2013, 4, 1),
        )
        edition = project.route_edition
        office.do("choose_route", project_id=project.id, route_edition_id=edition.id)
        assert NodePlan.objects.filter(key="own:1").count() == 1
        assert NodePlan.objects.count() == 5

    def test_a_route_on_the_way_is_not_changed(self, office):
        project = self.chosen(office)
        self.note(office, "filing", started_date=date(2013, 3, 1))
        with pytest.raises(Conflict, match="不能换流程"):
            office.do(
                "choose_route", project_id=project.id, route_edition_id=project.route_edition_id
            )


class TestProgrammes:
    def test_shipped_ones_are_empty_and_loaded_once(self, office):
        assert office.do("load_programmes") == {
            "added": ["wuweiyiti", "sidabaiyi", "1353"],
            "known": 0,
        }
        five = Programme.objects.get(code="wuweiyiti")
        assert [one["name"] for one in five.elements] == [""] * 5
        assert not any(one["is_confirmed"] for one in five.elements)
        assert not five.is_confirmed
        assert (five.silence_is_consent, five.absence_is_consent) == (False, False)
        assert Programme.objects.get(code="1353").state == "archived"
        assert office.do("load_programmes")["added"] == []

    def test_the_city_names_the_elements(self, office):
        office.do("load_programmes")
        five = Programme.objects.get(code="wuweiyiti")
        elements = [{"name": f"要素{n}", "suggestion": "", "is_confirmed": True} for n in range(5)]
        more = {"programme_id": five.id, "reason": "市政府文件"}
        office.do("change_programme", content={"name": "五位一体", "elements": elements}, **more)
        five.refresh_from_db()
        assert five.elements == elements
        event = history(f"programme:{five.id}")[-1]
        assert set(event.facts["changes"]) == {"elements"}
        twice = [*elements[:4], elements[0]]
        with pytest.raises(DomainError, match="写了两遍"):
            office.do("change_programme", content={"name": "五位一体", "elements": twice}, **more)

    def test_silence_is_consent_only_by_a_document(self, office):
        office.do("load_programmes")
        five = Programme.objects.get(code="wuweiyiti")
        content = {"name": "五位一体", "silence_is_consent": True}
        more = {"programme_id": five.id, "reason": "试行"}
        with pytest.raises(DomainError, match="文号和日期"):
            office.do("change_programme", content=content, **more)
        content |= {"consent_basis": "江政发〔2013〕9号", "consent_basis_date": date(2013, 2, 1)}
        office.do("change_programme", content=content, **more)
        five.refresh_from_db()
        assert five.silence_is_consent

    def test_archived_and_reopened(self, office):
        office.do("load_programmes")
        four = Programme.objects.get(code="sidabaiyi")
        office.do("archive_programme", programme_id=four.id)
        with pytest.raises(DomainError, match="已经是"):
            office.do("archive_programme", programme_id=four.id)
        office.do("reopen_programme", programme_id=four.id)
        four.refresh_from_db()
        assert four.state == "active"
