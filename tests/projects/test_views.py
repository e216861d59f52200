"""Pages of projects, by three people: who may, the colleague who may not, the stranger."""

import re
from datetime import date

import pytest
from django.urls import reverse

from mingtang.ledger.queries import history
from mingtang.projects.models import NodePlan, Programme, Project
from mingtang.projects.rules.progress import CENTS_OF_WAN
from tests.projects.office import a_picture
from tests.world import morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def in_march(time_machine):
    time_machine.move_to(morning(2013, 3, 4))


def page(client, route, *args, status=200, **query):
    answer = client.get(reverse(f"projects:{route}", args=args), query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def act(client, project, verb, status=302, **sent):
    sent.setdefault("command_id", new_command_id())
    answer = client.post(reverse("projects:act", args=[project.id, verb]), sent)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def typed(office, **more):
    """What the office types into the form."""
    content = office.content() | {"investment_cents": "12000", "tags": "招商引资、重大前期"}
    return content | {"command_id": new_command_id()} | more


STAFF_PAGES = ("library", "export", "sheet", "sheet_pdf", "programmes")
OFFICE_PAGES = ("new",)


class TestWhoMay:
    @pytest.mark.slow
    @pytest.mark.parametrize("route", STAFF_PAGES)
    def test_pages_of_the_library(self, client, office, route):
        url = reverse(f"projects:{route}")
        assert client.get(url).status_code == 302  # a stranger signs in first
        client.force_login(office.clerk)
        assert client.get(url).status_code == 404  # a clerk at a window has no projects
        client.force_login(office.citizen)
        assert client.get(url).status_code == 404
        client.force_login(office.leader)
        answer = client.get(url)
        assert answer.status_code in {200, 503}  # 503: no PDF on this machine, and says so
        assert answer.headers["Cache-Control"] == "no-store, private" or answer.status_code == 503

    @pytest.mark.parametrize("route", OFFICE_PAGES)
    def test_pages_of_the_office(self, client, office, route):
        url = reverse(f"projects:{route}")
        assert client.get(url).status_code == 302
        client.force_login(office.leader)
        assert client.get(url).status_code == 404
        client.force_login(office.office)
        assert client.get(url).status_code == 200

    @pytest.mark.slow
    @pytest.mark.both
    def test_one_project(self, client, office):
        project = office.admitted()
        for route in ("project", "edit"):
            url = reverse(f"projects:{route}", args=[project.id])
            assert client.get(url).status_code == 302
            client.force_login(office.planner)  # another unit's
            assert client.get(url).status_code == 404
            client.force_login(office.clerk)
            assert client.get(url).status_code == 404
            client.force_login(office.office)
            assert client.get(url).status_code == 200
            client.logout()

    def test_a_unit_reports_its_own_projects_and_changes_none(self, client, office):
        project = office.admitted()
        client.force_login(office.handler)
        text = page(client, "project", project.id)
        assert "报送2013年3月月报" in text
        assert "暂停项目" not in text
        assert client.get(reverse("projects:edit", args=[project.id])).status_code == 404
        act(client, project, "suspend", 403, reason="x", from_date="2013-03-01")

    def test_a_leader_reads_and_does_nothing(self, client, office):
        project = office.admitted()
        client.force_login(office.leader)
        assert "/do/" not in page(client, "project", project.id)
        act(client, project, "archive", 403)

    @pytest.mark.slow
    def test_whom_to_call_is_shown_to_who_works_on_it(self, client, office):
        project = office.admitted()
        client.force_login(office.leader)
        assert "13800000002" not in page(client, "project", project.id)
        client.force_login(office.handler)
        assert "13800000002" in page(client, "project", project.id)

    def test_whose_problem_it_is_sees_the_project_and_solves_that(self, client, office):
        project = office.admitted()
        client.force_login(office.office)
        act(
            *(client, project, "raise-problem"),
            category="land",
            text="尚有两户未签约",
            owner_id=office.planning.id,
            due_date="2013-03-15",
        )
        problem = project.problems.get()
        client.force_login(office.planner)
        text = page(client, "project", project.id)
        assert "问题已解决" in text
        assert "/do/report/" not in text
        act(client, project, "solve-problem", problem_id=problem.id, solution="均已签约")
        problem.refresh_from_db()
        assert problem.solution == "均已签约"

    def test_a_deed_of_no_table_is_not_found(self, client, office):
        project = office.admitted()
        client.force_login(office.office)
        act(client, project, "change", 404)
        act(client, project, "nonsense", 404)

    def test_nodes_and_programmes(self, client, office):
        project = office.admitted()
        office.do("choose_route", project_id=project.id, route_edition_id=office.route().id)
        office.do("load_programmes")
        node, five = NodePlan.objects.get(key="land"), Programme.objects.get(code="wuweiyiti")
        for route, args, may, may_not in (
            ("node", [project.id, node.id], office.handler, office.leader),
            ("programme", [five.id], office.office, office.leader),
        ):
            url = reverse(f"projects:{route}", args=args)
            client.logout()
            assert client.get(url).status_code == 302
            client.force_login(may_not)
            assert client.get(url).status_code == 404
            client.force_login(may)
            assert client.get(url).status_code == 200

    @pytest.mark.slow
    @pytest.mark.both
    def test_files_are_for_who_sees_the_project(self, client, office):
        project = office.admitted()
        for route in ("file", "thumbnail"):
            url = reverse(f"projects:{route}", args=[project.id, project.approval_paper_id])
            client.logout()
            assert client.get(url).status_code == 302
            client.force_login(office.planner)
            assert client.get(url).status_code == 404
            client.force_login(office.leader)
            answer = client.get(url)
            assert answer.status_code == 200
            answer.getvalue()  # reads it to its end
        other = reverse("projects:file", args=[project.id, 1])
        assert client.get(other).status_code == 404


class TestEntering:
    @pytest.mark.slow
    @pytest.mark.both
    def test_from_a_draft_to_a_report_with_pictures(self, client, office):
        client.force_login(office.office)
        answer = client.post(reverse("projects:new"), typed(office))
        project = Project.objects.get()
        assert answer.url == reverse("projects:project", args=[project.id])
        assert "还没有审议同意文件" in page(client, "project", project.id)
        assert {tag.text for tag in project.tags.all()} == {"招商引资", "重大前期"}
        act(
            *(client, project, "admit"),
            approval_number="江政办〔2013〕8号",
            approval_date="2013-02-28",
            file=a_picture(),
        )
        act(
            *(client, project, "report"),
            year=2013,
            month=3,
            done_cents="800",
            year_cents="2000",
            progress="基础完成",
            pictures=[a_picture("东.png", 90), a_picture("西.png", 120)],
        )
        text = page(client, "project", project.id)
        assert text.count("现场照片：") == 2
        assert "2,000 万元" in text
        small = re.search(r'src="(/projects/\d+/files/\d+/small/)"', text)
        answer = client.get(small[1])
        assert answer.headers["Content-Type"] == "image/jpeg"

    def test_without_the_file_it_stays_a_draft_and_nothing_typed_is_lost(self, client, office):
        project = office.enter()
        client.force_login(office.office)
        text = act(
            *(client, project, "admit", 422),
            approval_number="江政办〔2013〕8号",
            approval_date="2013-02-28",
        )
        assert "没有审议同意文件的" in text
        assert 'value="江政办〔2013〕8号"' in text
        project.refresh_from_db()
        assert project.state == "draft"

    def test_what_is_refused_keeps_what_was_typed(self, client, office):
        client.force_login(office.office)
        answer = client.post(reverse("projects:new"), typed(office, end_year=2001))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "早于开始年份" in text
        assert "木门产业园一期" in text
        answer = client.post(reverse("projects:new"), typed(office, investment_cents="很多"))
        assert "请填写万元数" in answer.content.decode()

    def test_a_change_stands_in_the_history_with_before_and_after(self, client, office):
        project = office.admitted()
        client.force_login(office.office)
        url = reverse("projects:edit", args=[project.id])
        sent = typed(office, investment_cents="15000", reason="扩大规模")
        assert client.post(url, sent).status_code == 302
        text = page(client, "project", project.id)
        assert "总投资：由 12,000 万元 改为 15,000 万元" in text
        assert "扩大规模" in text

    def test_a_report_out_of_order_says_so_in_its_form(self, client, office):
        project = office.admitted()
        client.force_login(office.handler)
        text = act(
            *(client, project, "report", 422),
            year=2013,
            month=4,
            done_cents="1",
            year_cents="1",
            progress="基础",
        )
        assert "请先报2013年3月" in text

    @pytest.mark.slow
    def test_a_report_of_another_project_is_not_amended_from_here(self, client, office):
        mine, other = office.admitted(), office.admitted(responsible_id=office.planning.id)
        office.report(mine, 3, 1, 1, at=morning(2013, 3, 4))
        theirs = office.report(other, 3, 1, 1, at=morning(2013, 3, 4))
        client.force_login(office.handler)
        sent = {"done_cents": "2", "year_cents": "2", "progress": "改", "reason": "改"}
        text = act(client, mine, "amend", 422, report_id=theirs["report_id"], **sent)
        assert "请刷新页面再更正" in text
        assert other.reports.get().progress == "基础完成"
        act(client, mine, "amend", report_id=mine.reports.get().id, **sent)
        assert mine.reports.get().progress == "改"

    @pytest.mark.both
    def test_twice_sent_is_done_once(self, client, office):
        project = office.admitted()
        client.force_login(office.office)
        sent = {"year": 2013, "investment_cents": "6000", "command_id": new_command_id()}
        act(client, project, "plan-year", **sent)
        act(client, project, "plan-year", **sent)
        kinds = [one.kind for one in history(project.stream)]
        assert kinds.count("project.year_planned") == 1


class TestLibrary:
    @pytest.mark.slow
    @pytest.mark.both
    def test_narrowed_by_all_that_the_form_offers(self, client, office):
        office.do("load_programmes")
        first = office.admitted(name="木门产业园一期")
        office.enter(name="城南物流园", type="preparatory", responsible_id=office.planning.id)
        client.force_login(office.office)
        found = page(client, "library")
        assert "木门产业园一期" in found
        assert "城南物流园" in found
        for query, there in (
            ({"text": "木门"}, True),
            ({"type": "preparatory"}, False),
            ({"unit": office.water.id}, True),
            ({"state": "draft"}, False),
            ({"light": "green"}, True),
            ({"place": office.region.id}, True),
        ):
            text = page(client, "library", **query)
            assert (f'projects/{first.id}/">木门' in text) is there, query

    @pytest.mark.both
    def test_lights(self, client, office, time_machine):
        office.admitted()
        time_machine.move_to(morning(2013, 3, 27))  # the report of March was due on the 25th
        client.force_login(office.office)
        assert "木门产业园一期" in page(client, "library", light="red")
        assert "木门产业园一期" not in page(client, "library", light="yellow")

    def test_nonsense_in_the_address_is_passed_over(self, client, office):
        office.admitted()
        client.force_login(office.office)
        assert "木门" in page(client, "library", place="x", light="purple", after="zzz")

    @pytest.mark.slow
    @pytest.mark.both
    def test_more_rows_ask_no_more_often(self, client, office, django_assert_max_num_queries):
        client.force_login(office.office)
        counts = []
        for _round in range(2):
            office.admitted()
            office.admitted()
            with django_assert_max_num_queries(60) as asked:
                page(client, "library")
            counts.append(len(asked))
        assert counts[0] == counts[1]

    @pytest.mark.both
    def test_pages_follow_each_other_without_gap(self, office):
        from mingtang.projects import queries

        for number in range(5):
            office.enter(name=f"项目{number}")
        scope, seen, after = office.scope(office.office), [], None
        while True:
            rows, after = queries.library(scope, queries.Sought(), date(2013, 3, 4), after, size=2)
            seen += [one.name for one in rows]
            if after is None:
                break
        assert sorted(seen) == [f"项目{number}" for number in range(5)]

    @pytest.mark.both
    def test_the_table_for_spreadsheets_has_no_persons_and_no_formulas(self, client, office):
        office.admitted(name="=1+1")
        client.force_login(office.office)
        text = page(client, "export")
        assert "'=1+1" in text
        assert "陈某" not in text
        assert "王某" not in text

    @pytest.mark.slow
    @pytest.mark.both
    def test_the_leaders_sheet_adds_up(self, client, office):
        for sum_of_year in (6474, 3526):
            project = office.admitted()
            office.do(
                "plan_year",
                project_id=project.id,
                year=2013,
                investment_cents=sum_of_year * CENTS_OF_WAN,
            )
            office.report(project, 3, 1000, 1250, at=morning(2013, 3, 4))
        client.force_login(office.leader)
        text = page(client, "sheet")
        assert "2013年计划投资 10,000 万元，到 3 月底完成 2,500 万元，为计划的 25.0%" in text
        assert "与时间进度持平" in text

    @pytest.mark.slow
    def test_one_project_asks_no_more_often_for_a_longer_life(
        self, client, office, django_assert_max_num_queries
    ):
        project = office.admitted()
        client.force_login(office.office)
        counts = []
        for month in (3, 4, 5):
            office.report(project, month, 1, month - 2, at=morning(2013, month, 4))
            with django_assert_max_num_queries(90) as asked:
                page(client, "project", project.id)
            counts.append(len(asked))
        assert counts[1] == counts[2]


class TestOpen:
    @pytest.mark.slow
    @pytest.mark.both
    def test_everyone_sees_name_place_and_stage_of_published_ones_alone(self, client, office):
        project = office.admitted(name="木门产业园一期")
        office.admitted(name="不公开的项目")
        office.do("publish", project_id=project.id)
        text = page(client, "open")
        assert "木门产业园一期" in text
        assert "不公开的项目" not in text
        for person in ("陈某", "李某", "王某", "江山某木业"):
            assert person not in text
        office.do("unpublish", project_id=project.id)
        assert "木门产业园一期" not in page(client, "open")


class TestProgrammes:
    def test_shipped_names_are_marked_as_not_confirmed(self, client, office):
        office.do("load_programmes")
        client.force_login(office.office)
        text = page(client, "programmes")
        assert text.count("（未填写）") == 5
        assert "待确认" in text

    def test_the_office_names_elements(self, client, office):
        office.do("load_programmes")
        five = Programme.objects.get(code="wuweiyiti")
        client.force_login(office.office)
        url = reverse("projects:programme", args=[five.id])
        sent = {"name": "五位一体", "reason": "市府办文件", "element_0": "一窗受理"}
        sent |= {"limits": "规划选址 7", "command_id": new_command_id()}
        assert client.post(url, sent).status_code == 302
        five.refresh_from_db()
        assert [one["name"] for one in five.elements] == ["一窗受理", "", "", "", ""]
        assert five.elements[0]["is_confirmed"] is True
        assert five.limits == [{"name": "规划选址", "days": 7}]

    def test_silence_needs_its_document(self, client, office):
        office.do("load_programmes")
        five = Programme.objects.get(code="wuweiyiti")
        client.force_login(office.office)
        url = reverse("projects:programme", args=[five.id])
        sent = {"name": "五位一体", "reason": "试行", "silence_is_consent": "on"}
        answer = client.post(url, sent | {"command_id": new_command_id()})
        assert answer.status_code == 422
        assert "文号和日期" in answer.content.decode()

    def test_archived_by_the_office_alone(self, client, office):
        office.do("load_programmes")
        four = Programme.objects.get(code="sidabaiyi")
        url = reverse("projects:programme_act", args=[four.id, "archive"])
        sent = {"command_id": new_command_id()}
        client.force_login(office.leader)
        assert client.post(url, sent).status_code == 404
        client.force_login(office.office)
        assert client.post(url, sent).status_code == 302
        four.refresh_from_db()
        assert four.state == "archived"
