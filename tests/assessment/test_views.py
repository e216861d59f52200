"""The pages: three people each, the way through a period, the editor, files."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.assessment import queries, services
from mingtang.assessment.models import Objection, Observation, PeriodSheet
from mingtang.assessment.rules.plain_yaml import dump
from mingtang.assessment.rules.schemes import RedFlag
from mingtang.assessment.rules.written import written
from mingtang.base.subjects import url_of
from mingtang.files.models import Upload
from mingtang.ledger import queries as ledger
from tests import papers
from tests.assessment.conftest import MONTH, OPENED
from tests.assessment.schemes import deduct, manual, scheme
from tests.assessment.test_services import ROWS
from tests.world import morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
S2 = scheme(deduct("yellow_cards", "1"), deduct("red_cards", "1.5"), manual(), code="s2")
LIST, SCHEMES, SEEN = "/assessment/", "/assessment/schemes/", "/assessment/observations/"


def text_of(answer) -> str:
    return answer.content.decode()


def post(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


@pytest.fixture
def opened(office):
    office.card(1, "red", date(2013, 9, 11))
    office.use(S2)
    office.open(S2)
    return PeriodSheet.objects.get(target_id=office.world.water.id)


@pytest.fixture
def round_url():
    return reverse("assessment:round", args=["s2", MONTH])


def url(name, *args):
    return reverse(f"assessment:{name}", args=args)


def publish(client, office, round_url):
    client.force_login(office.world.manager)
    return post(client, f"{round_url}publish/")


class TestThreePeople:
    """Who may, the colleague who may not, the stranger."""

    def pages(self, sheet, round_url):
        return [round_url, url("sheet", sheet.id), url("line", sheet.id, "red_cards")]

    @pytest.mark.slow
    def test_drafts_are_for_the_office(self, client, office, opened, round_url):
        for page in self.pages(opened, round_url):
            client.logout()
            assert client.get(page).url.startswith("/sign-in/")
            for person, status in (
                (office.world.manager, 200), (office.reform, 200), (office.inspector, 200),
                (office.lead, 404), (office.world.citizen, 404),
            ):  # fmt: skip
                client.force_login(person)
                assert client.get(page).status_code == status, (page, person)

    @pytest.mark.both
    def test_what_is_published_is_for_those_it_judges(self, client, office, opened, round_url):
        publish(client, office, round_url)
        for page in self.pages(opened, round_url)[1:]:
            for person, status in (
                (office.lead, 200), (office.world.clerk, 200), (office.planning_lead, 404),
                (office.world.stranger, 404),
            ):  # fmt: skip
                client.force_login(person)
                assert client.get(page).status_code == status, (page, person)

    @pytest.mark.both
    def test_a_department_sees_its_own_line_with_its_place_among_all(
        self, client, office, opened, round_url
    ):
        publish(client, office, round_url)
        client.force_login(office.lead)
        (group,) = client.get(round_url).context["groups"]
        assert [(row["label"], row["place"], row["of"]) for row in group["rows"]] == [
            ("江山市水利局", 2, 2)
        ]

    @pytest.mark.slow
    @pytest.mark.both
    def test_lists(self, client, office, opened):
        for page, people in (
            (LIST, (office.world.manager, office.inspector, office.lead)),
            (SEEN, (office.world.manager, office.inspector, office.lead)),
            (SCHEMES, (office.world.manager, office.inspector)),
            (url("scheme", "s2", 1), (office.reform, office.inspector)),
            (url("export", "s2", 1), (office.reform, office.inspector)),
        ):
            client.logout()
            assert client.get(page).url.startswith("/sign-in/")
            for person in people:
                client.force_login(person)
                assert client.get(page).status_code == 200, (page, person)
            client.force_login(office.world.citizen)
            assert client.get(page).status_code == 404
        client.force_login(office.lead)
        assert client.get(SCHEMES).status_code == 404

    @pytest.mark.parametrize(
        "path",
        ["rounds/s2/2013-09/publish/", "rounds/s2/2013-09/lock/", "rounds/s2/2013-09/refresh/",
         "sheets/{0}/enter/", "sheets/{0}/entries/1/confirm/", "sheets/{0}/objections/1/answer/",
         "schemes/s2/1/switch/", "schemes/import/", "schemes/examples/"],
    )  # fmt: skip
    def test_acts_are_for_the_office_alone(self, client, office, opened, path):
        page = f"/assessment/{path.format(opened.id)}"
        for person in (office.inspector, office.lead, office.world.citizen):
            client.force_login(person)
            assert post(client, page).status_code == 404
        client.logout()
        assert post(client, page).status_code == 403  # what was typed waits
        opened.refresh_from_db()
        assert opened.state == "draft"

    def test_observing_is_for_observers(self, client, office):
        for page in (url("observe"), url("import")):
            client.force_login(office.lead)
            assert post(client, page).status_code == 404
            client.force_login(office.inspector)
            assert post(client, page).status_code == 422
            client.logout()
            assert post(client, page).status_code == 403  # to sign in first


class TestAPeriod:
    @pytest.mark.slow
    @pytest.mark.both
    def test_from_opening_to_the_objection(self, client, office, round_url):
        """Through the pages alone, as the office and the judged see them."""
        office.card(1, "red", date(2013, 9, 11))
        office.use(S2)
        client.force_login(office.world.manager)
        assert "打开考核" in text_of(client.get(LIST))
        assert post(client, LIST, code="s2", period="Sept").status_code == 422
        assert post(client, LIST, code="s2", period=MONTH).url == round_url
        sheet = PeriodSheet.objects.get(target_id=office.world.water.id)
        page = url("sheet", sheet.id)
        assert "98.50" in text_of(client.get(page))
        fields = {"key": "manual", "points": "-0.5", "reason": "败诉", "evidence": "行初字第7号"}
        assert post(client, url("enter", sheet.id), **fields).url == page
        (entry,) = queries.entries_of(sheet)
        confirm = url("confirm", sheet.id, entry.id)
        assert confirm not in text_of(client.get(page))  # not one's own
        assert "另一位同事" in text_of(post(client, confirm, follow=True) and client.get(page))
        client.force_login(office.reform)
        assert confirm in text_of(client.get(page))
        post(client, confirm)
        assert "98.00" in text_of(client.get(page))
        post(client, f"{round_url}publish/")
        client.force_login(office.lead)
        assert "提出异议" in text_of(client.get(page))
        made = post(client, url("object", sheet.id), key="red_cards", text="红牌当天停电，不应计")
        assert made.url == page
        client.force_login(office.reform)
        answer = url("answer", sheet.id, Objection.objects.get().id)
        assert answer in text_of(client.get(page))
        assert post(client, answer, is_upheld="maybe", answer="").status_code == 422
        post(client, answer, is_upheld="no", answer="经查当天供电正常")
        assert "经查当天供电正常" in text_of(client.get(page))

    @pytest.mark.slow
    @pytest.mark.both
    def test_a_file_proves_an_entry_for_who_may_read_the_sheet(
        self, client, office, opened, round_url
    ):
        fields = {"key": "manual", "points": "-0.5", "reason": "败诉", "evidence": "行初字第7号"}
        page = url("sheet", opened.id)
        client.force_login(office.world.manager)
        wrong = SimpleUploadedFile("判决书.pdf", b"no paper at all")
        refused = post(client, url("enter", opened.id), **fields, file=wrong)
        assert refused.status_code == 422
        assert "败诉</textarea>" in text_of(refused)
        assert queries.entries_of(opened) == []
        right = SimpleUploadedFile("判决书.pdf", papers.pdf())
        assert post(client, url("enter", opened.id), **fields, file=right).url == page
        (upload,) = Upload.objects.all()
        link = url("file", opened.id, upload.id)
        assert f'href="{link}"' in text_of(client.get(page))
        answer = client.get(link)
        assert b"".join(answer.streaming_content) == papers.pdf()
        assert "attachment" in answer.headers["Content-Disposition"]
        assert ledger.history(opened.stream)[-1].facts["file"] == upload.sha256
        client.force_login(office.lead)
        assert client.get(link).status_code == 404  # a draft
        client.force_login(office.reform)
        post(client, url("confirm", opened.id, queries.entries_of(opened)[0].id))
        post(client, f"{round_url}publish/")
        for who, status in (
            (office.lead, 200),
            (office.planning_lead, 404),
            (office.world.citizen, 404),
        ):
            client.force_login(who)
            answer = client.get(link)
            assert answer.status_code == status, who
            assert (b"".join(answer) == papers.pdf()) is (status == 200)  # read to its end
        other = PeriodSheet.objects.exclude(id=opened.id).first()
        client.force_login(office.reform)
        assert client.get(url("file", other.id, upload.id)).status_code == 404

    def test_a_red_flag_has_a_certificate_once_locked(self, client, office, opened, round_url):
        flagged = replace(S2, code="flags", red_flag=RedFlag(1, Decimal(98)))
        office.open(office.use(flagged))
        rows = {one.target_id: one for one in queries.sheets_of("flags", MONTH)}
        won, lost = rows[office.world.planning.id], rows[office.world.water.id]
        pages = [url("red_flag", one.id) for one in (won, lost)]
        client.force_login(office.world.manager)
        assert "红旗" in text_of(client.get(url("round", "flags", MONTH)))
        assert "红旗" not in text_of(client.get(round_url))  # that scheme gives none
        assert client.get(pages[0]).status_code == 404  # not locked
        period = {"code": "flags", "period": MONTH}
        office.do(office.world.manager, services.publish, OPENED, **period)
        office.do(office.world.manager, services.lock, morning(2013, 10, 20), **period)
        assert pages[0] in text_of(client.get(url("sheet", won.id)))
        assert pages[1] not in text_of(client.get(url("sheet", lost.id)))
        page = text_of(client.get(pages[0]))
        for said in (won.target_label, "得 100.00 分", "第 1 名", "2013年10月20日", "第 1 版"):
            assert said in page
        assert client.get(pages[1]).status_code == 404
        for who, status in (
            (office.planning_lead, 200),
            (office.lead, 404),
            (office.world.stranger, 404),
        ):
            client.force_login(who)
            assert client.get(pages[0]).status_code == status, who

    @pytest.mark.both
    def test_a_line_leads_to_its_events_and_they_to_their_pages(self, client, office, opened, at):
        case = office.world.file(office.world.item(), at, office.world.citizen)
        office.tell(case.stream, "case.refused", date(2013, 9, 20), reason="不行",
                    organisation_id=str(office.world.water.id))  # fmt: skip
        reasons = scheme(deduct("refusals_without_reason", "1"), code="r")
        office.use(reasons)
        office.open(reasons)
        sheet = PeriodSheet.objects.get(code="r", target_id=office.world.water.id)
        client.force_login(office.world.manager)
        page = text_of(client.get(url("line", sheet.id, "refusals_without_reason")))
        assert f"/cases/{case.number}/" in page
        assert client.get(url("line", sheet.id, "nothing")).status_code == 404
        assert url_of(sheet.stream, for_staff=True) == url("sheet", sheet.id)
        assert url_of(sheet.stream) is None

    def test_a_changed_source_shows(self, client, office, opened):
        client.force_login(office.inspector)
        page = url("sheet", opened.id)
        assert "来源有变化" not in text_of(client.get(page))
        office.tell("card:1", "card.cancelled", date(2013, 11, 1))
        shown = text_of(client.get(page))
        assert "来源有变化" in shown
        assert "98.50" in shown

    def test_refusals_come_back_with_a_sentence(self, client, office, opened, round_url):
        client.force_login(office.world.manager)
        answer = client.post(f"{round_url}lock/", {"command_id": new_command_id()}, follow=True)
        assert "锁定须在公示中时进行" in text_of(answer)
        assert post(client, f"{round_url}eat/").status_code == 404
        assert client.post(f"{round_url}lock/", {"command_id": "x"}, follow=True).status_code == 200
        wrong = post(client, url("enter", opened.id), key="manual", points="0", reason="没有理由",
                     evidence="没有依据")  # fmt: skip
        assert (wrong.status_code, "不能是 0" in text_of(wrong)) == (422, True)

    @pytest.mark.parametrize("path", ["sheets/x/", "sheets/1/", f"rounds/none/{MONTH}/"])
    def test_what_is_not_there(self, client, office, path):
        client.force_login(office.world.manager)
        assert client.get(f"/assessment/{path}").status_code == 404

    @pytest.mark.both
    def test_periods_follow_each_other_page_by_page(self, client, office, opened, monkeypatch):
        monkeypatch.setattr("mingtang.assessment.queries.reading.ROUNDS_SHOWN", 2)
        for code, period in (("s2", "2013-08"), ("r", MONTH), ("r", "2013-08")):
            if code == "r" and period == MONTH:
                office.use(scheme(manual(), code="r"))
            office.open(scheme(manual(), code=code), period=period)
        client.force_login(office.inspector)
        seen, page = [], LIST
        while page:
            answer = client.get(page)
            seen += [row["url"].split("/")[3:5] for row in answer.context["rows"]]
            page = LIST + answer.context["next_url"] if answer.context["next_url"] else ""
        assert seen == [["r", MONTH], ["s2", MONTH], ["r", "2013-08"], ["s2", "2013-08"]]

    def test_as_many_statements_for_more_sheets(
        self, client, office, opened, round_url, django_assert_max_num_queries
    ):
        client.force_login(office.inspector)
        client.get(LIST)
        with django_assert_max_num_queries(60) as first:
            client.get(LIST)
            client.get(round_url)
        count = len(first)
        for number in range(3):
            office.world.organisation(f"u{number}", f"10{number}", f"江山市某{number}局")
        office.open(S2)
        for code in ("s3", "s4"):
            other = scheme(manual(), code=code)
            office.use(other)
            office.open(other)
        with django_assert_max_num_queries(count):
            assert len(client.get(LIST).context["rows"]) == 3
            assert len(client.get(round_url).context["groups"][0]["rows"]) == 7 - 2


class TestSchemes:
    def fields(self, **more):
        return {
            "based_on": 1, "code": "s2", "name": "试行办法", "base": "100", "full": "100",
            "cap": "100", "head_share": "1", "weight-yellow_cards": "0", "per-yellow_cards": "1",
            "weight-red_cards": "0", "per-red_cards": "1.5", "weight-manual": "0", **more,
        }  # fmt: skip

    @pytest.fixture
    def page(self, office):
        office.use(S2)
        return url("scheme", "s2", 1)

    def test_a_change_is_tried_on_the_last_period_and_not_kept(self, client, office, page):
        from mingtang.base.clock import today

        client.force_login(office.reform)
        office.card(9, "red", today().replace(day=1) - (date(2013, 9, 2) - date(2013, 9, 1)))
        answer = post(client, page, **{"try": "1"}, **self.fields(**{"per-red_cards": "10"}))
        (water,) = answer.context["moved"]
        assert water["label"] == "江山市水利局"
        assert (str(water["before"]), str(water["after"]), water["is_moved"]) == (
            "98.50", "90.00", True,
        )  # fmt: skip
        assert [row["label"] for row in answer.context["unmoved"]] == ["江山市规划局"]
        assert len(queries.versions("s2")) == 1

    def test_faults_are_shown_as_they_are_typed(self, client, office, page):
        client.force_login(office.reform)
        answer = post(client, page, **{"try": "1"}, **self.fields(**{"weight-red_cards": "5"}))
        assert "应等于满分 100" in text_of(answer)
        assert "moved" not in answer.context

    def test_saving_makes_a_version_and_another_code_a_copy(self, client, office, page):
        client.force_login(office.reform)
        change = self.fields(**{"per-red_cards": "2"})
        assert post(client, page, save="1", **change).url == url("scheme", "s2", 2)
        assert post(client, page, save="1", **change).status_code == 422  # somebody was faster
        copy = {**change, "code": "s2-copy"}
        assert post(client, page, save="1", **copy).url == url("scheme", "s2-copy", 1)
        kept = queries.content_of(queries.scheme_version("s2", 2))
        assert str(kept.indicator("red_cards").per) == "2"
        assert post(client, page, save="1", **self.fields(cap="much")).status_code == 422

    def test_stars_bands_and_steps_are_changed_as_they_are_read(self, client, office):
        sub_centre = next(one for one in services.shipped_schemes() if one.code == "sub-centre")
        office.use(sub_centre)
        client.force_login(office.reform)
        page = url("scheme", "sub-centre", 1)
        form = client.get(page).context["form"]
        sent = {name: form[name].value() for name in form.fields if name != "command_id"}
        (steps,) = [name for name in sent if name.startswith("steps-")][:1]
        assert "20%至50%：5分" in sent[steps]
        assert "50%以上：10分" in text_of(client.get(page))
        sent[steps] = "30%至60%：5分\n60%以上：10分"
        sent |= {"stars": "5星：98分，前3名\n4星：95分", "bands": "10、100"}
        wrong = post(client, page, save="1", **{**sent, "stars": "五颗星"})
        assert (wrong.status_code, "看不懂" in text_of(wrong)) == (422, True)
        assert post(client, page, save="1", **sent).url == url("scheme", "sub-centre", 2)
        kept = queries.content_of(queries.scheme_version("sub-centre", 2))
        assert kept.bands == (10, 100)
        assert [(one.stars, str(one.at_least), one.top) for one in kept.stars] == [
            (5, "98", 3), (4, "95", None),
        ]  # fmt: skip
        changed = kept.indicator(steps.removeprefix("steps-")).steps
        assert [(str(one.since), one.points) for one in changed] == [("0.3", 5), ("0.6", 10)]
        same = [one for one in kept.indicators if one.steps and one.steps != changed]
        assert all(sub_centre.indicator(one.key) == one for one in same)

    def test_a_gap_between_steps_is_told_before_it_is_switched_on(self, client, office):
        office.use(next(one for one in services.shipped_schemes() if one.code == "sub-centre"))
        client.force_login(office.reform)
        page = url("scheme", "sub-centre", 1)
        form = client.get(page).context["form"]
        sent = {name: form[name].value() for name in form.fields if name != "command_id"}
        sent["stars"] = "5星：90分\n4星：95分"
        answer = post(client, page, **{"try": "1"}, **sent)
        assert "5 星的分数线低于 4 星" in text_of(answer)

    def test_the_inspector_reads(self, client, office, page):
        client.force_login(office.inspector)
        assert "保存为新版本" not in text_of(client.get(page))
        assert post(client, page, save="1", **self.fields()).status_code == 404

    def test_switching(self, client, office, page):
        client.force_login(office.reform)
        post(client, f"{page}switch/", go="off")
        assert queries.switched_on() == {}
        post(client, f"{page}switch/", go="on")
        assert len(queries.switched_on()) == 1

    def test_there_and_back_as_yaml(self, client, office, page):
        client.force_login(office.reform)
        text = text_of(client.get(url("export", "s2", 1)))
        assert text == dump(written(S2))
        made = post(client, url("import_scheme"), text=text)
        assert made.url == url("scheme", "s2", 2)
        wrong = post(client, url("import_scheme"), text="a: [1]")
        assert (wrong.status_code, "YAML 第 1 行" in text_of(wrong)) == (422, True)

    def test_examples(self, client, office):
        client.force_login(office.reform)
        assert "还没有考核办法" in text_of(client.get(SCHEMES))
        post(client, url("load_examples"))
        shown = text_of(client.get(SCHEMES))
        for one in services.shipped_schemes():
            assert one.name in shown
            assert client.get(url("scheme", one.code, 1)).status_code == 200


class TestObservations:
    def file(self, text):
        return SimpleUploadedFile("考勤.csv", text.encode("gb18030"))

    @pytest.mark.both
    def test_a_file_then_confirmed(self, client, office):
        client.force_login(office.inspector)
        answer = post(client, url("import"), what="observations", file=self.file(ROWS))
        assert answer.url == SEEN
        absence = Observation.objects.get(kind="absence")
        confirm = url("confirm_observation", absence.id)
        assert confirm not in text_of(client.get(SEEN))
        client.force_login(office.reform)
        assert confirm in text_of(client.get(SEEN))
        post(client, confirm)
        assert "缺勤" in text_of(client.get(f"{SEEN}?state=confirmed"))
        own = url("confirm_observation", Observation.objects.get(kind="patrol_conduct").id)
        assert own not in text_of(client.get(SEEN))
        client.force_login(office.world.clerk)
        assert own in text_of(client.get(SEEN))
        client.force_login(office.planning_lead)
        assert post(client, own).status_code == 404

    def test_errors_by_row(self, client, office):
        client.force_login(office.inspector)
        bad = ROWS + "无故缺席,2013-09-10,clerk,,,,,\n"
        answer = post(client, url("import"), what="observations", file=self.file(bad))
        assert answer.status_code == 422
        assert "第 6 行：不认识的类别" in text_of(answer)
        assert not Observation.objects.exists()

    def test_one_by_hand(self, client, office):
        client.force_login(office.inspector)
        fields = {"kind": "praise", "on": "2013-09-09"}
        assert post(client, url("observe"), **fields).status_code == 422
        assert post(client, url("observe"), who="nobody", **fields).status_code == 422
        assert post(client, url("observe"), who="clerk", **fields).url == SEEN

    @pytest.mark.slow
    @pytest.mark.both
    def test_pages_follow_each_other(self, client, office, django_assert_max_num_queries):
        row = "absence,2013-09-{:02d},clerk,,,,,\n"
        head = ROWS.splitlines()[0] + "\n"
        text = head + "".join(row.format(1 + number % 20) for number in range(45))
        office.do(office.inspector, services.import_observations, text=text)
        client.force_login(office.reform)
        client.get(SEEN)
        with django_assert_max_num_queries(30) as first:
            answer = client.get(SEEN)
        count = len(first)
        assert len(answer.context["rows"]) == 40
        second = client.get(SEEN + answer.context["next_url"])
        assert (len(second.context["rows"]), second.context["next_url"]) == (5, "")
        office.do(office.inspector, services.import_observations, text=text)
        with django_assert_max_num_queries(count):
            client.get(SEEN)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_read_no_assessment(client, office, opened, role):
    client.force_login(office.world.people.post("admin", role, office.world.centre))
    assert client.get(LIST).status_code == 404
