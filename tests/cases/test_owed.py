"""Papers that come after the filing: listed, ticked, deferred to a day, reminded of."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.clock import now
from mingtang.base.errors import DomainError, NotFound
from mingtang.cases import services
from mingtang.cases.forms.filing import rest_brought
from mingtang.cases.models import Case, DeferredMaterial, GivenMaterial
from mingtang.cases.queries import Situation
from mingtang.cases.queries.papers import owed_of
from mingtang.cases.rules import Given, GivenWay, NotNow, Verb
from mingtang.cases.rules.applying import known_way, renewing
from mingtang.files.services import store
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import deliver_all
from mingtang.messages.models import Message
from tests import papers
from tests.cases.writing import Writer
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
PNG = papers.png()
DAY = date(2013, 9, 23)


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5, materials="申请书\n位置图\n承诺书")


@pytest.fixture
def lines(world, item):
    from mingtang.catalogue.queries import edition_for_filing

    return [(one["id"], one["name"]) for one in edition_for_filing(item).materials]


@pytest.fixture
def received(world, item, lines):
    """A case at the window: two papers are to be brought, one does not apply."""

    def make(at):
        ways = (GivenWay.TO_BRING, GivenWay.TO_BRING, GivenWay.NOT_NEEDED)
        given = [Given(*line, way) for line, way in zip(lines, ways, strict=True)]
        return world.bring(world.file(item, at, world.citizen, given=given), "received", at)

    return make


@pytest.fixture
def case(received, at):
    return received(at)


def _owed(case):
    return [one.name for one in Situation(Case.objects.get(id=case.id)).owed]


def _grant(world, case, at):
    by = {"step_key": "review"}
    world.act(world.handler, services.claim, case, at, **by)
    world.act(world.handler, services.examine, case, at, opinion="可以", **by)
    boss = world.people.post("boss", Role.APPROVER, world.water)
    world.act(boss, services.decide, case, at, verb=Verb.GRANT, reason="符合")


def _act_of(answer, verb):
    return next(act for act in answer.context["acts"] if act["verb"] == verb)


class TestAccepting:
    def test_nothing_is_accepted_while_nobody_has_said_where_a_paper_is(self, world, case, at):
        with pytest.raises(DomainError, match="还没有登记：申请书、位置图"):
            world.act(world.clerk, services.accept, case, at)
        assert Case.objects.get().accepted_at is None

    def test_a_paper_is_there_or_comes_by_a_day(self, world, case, lines, at):
        later = [services.Deferred(lines[1][0], "到窗口带来", DAY)]
        world.act(world.clerk, services.accept, case, at, brought=[lines[0][0]], deferred=later)
        there = GivenMaterial.objects.get(material_id=lines[0][0])
        assert (there.brought_at, there.brought_by) == (at, world.clerk)
        assert DeferredMaterial.objects.get().due_date == DAY
        assert _owed(case) == []

    def test_what_still_comes_keeps_the_decision_waiting(self, world, case, lines, at):
        later = [services.Deferred(one, "到窗口带来", DAY) for one, _name in lines[:2]]
        world.act(world.clerk, services.accept, case, at, deferred=later)
        boss = world.people.post("boss", Role.APPROVER, world.water)
        world.act(world.handler, services.claim, case, at, step_key="review")
        world.act(world.handler, services.examine, case, at, step_key="review", opinion="可以")
        grant = {"verb": Verb.GRANT, "reason": "符合"}
        with pytest.raises(DomainError, match="容缺材料还没有补交：申请书、位置图"):
            world.act(boss, services.decide, case, at, **grant)
        ids = [one for one, _name in lines[:2]]
        world.act(world.clerk, services.supply_deferred, case, at, material_ids=ids, files=[])
        world.act(boss, services.decide, case, at, **grant)

    def test_a_deemed_acceptance_asks_nothing_and_says_what_is_not_there(self, world, case, client):
        services.sweep_deemed(morning(2013, 9, 26))
        assert _owed(case) == ["申请书", "位置图"]
        client.force_login(world.clerk)
        page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
        assert "还没有登记收到：申请书、位置图" in page


class TestTicking:
    def test_it_is_noted_who_has_it_and_when(self, world, case, lines, at):
        world.act(world.clerk, services.bring_materials, case, at, material_ids=[lines[0][0]])
        assert _owed(case) == ["位置图"]

    @pytest.mark.parametrize("which", [[], ["nothing"], [2]])
    def test_what_is_not_awaited_is_refused(self, world, case, lines, at, which):
        ids = [lines[one][0] if isinstance(one, int) else one for one in which]
        with pytest.raises(NotFound, match="不在"):
            world.act(world.clerk, services.bring_materials, case, at, material_ids=ids)

    def test_twice_is_refused(self, world, case, lines, at):
        ids = [lines[0][0]]
        world.act(world.clerk, services.bring_materials, case, at, material_ids=ids)
        with pytest.raises(NotFound):
            world.act(world.clerk, services.bring_materials, case, at, material_ids=ids)


class TestAcceptedBefore:
    """Cases of the time when nobody ticked anything: whoever accepted them had the papers."""

    @pytest.fixture(params=["accepted", "granted"])
    def old(self, world, case, at, request):
        there = GivenMaterial.objects.exclude(way=GivenWay.NOT_NEEDED.value)
        ids = list(there.values_list("material_id", flat=True))
        world.act(world.clerk, services.accept, case, at, brought=ids)
        there.update(brought_at=None, brought_by=None)
        if request.param == "granted":
            _grant(world, case, at)
        return case

    def test_the_applicant_is_not_sent_to_the_window(self, world, old, client):
        client.force_login(world.citizen)
        page = client.get(reverse("cases:progress_case", args=[old.number]))
        assert not [one for one in page.context["tasks"] if "交材料" in one["title"]]

    def test_nor_is_a_clerk_told_that_something_is_not_there(self, world, old, client):
        client.force_login(world.clerk)
        page = client.get(reverse("cases:detail", args=[old.number])).content.decode()
        assert "还没有登记收到" not in page
        assert "还没收到" not in page

    def test_nor_may_it_be_ticked_any_more(self, world, old, lines, at):
        with pytest.raises(NotFound):
            world.act(world.clerk, services.bring_materials, old, at, material_ids=[lines[0][0]])

    def test_after_the_decision_nothing_is_asked_for_where_the_law_accepted(self, world, case, at):
        later = morning(2013, 9, 26)
        services.sweep_deemed(later)
        assert len(_owed(case)) == 2
        _grant(world, case, later)
        assert _owed(case) == []


class TestCorrected:
    """What was to be brought comes as files that answer a correction."""

    @pytest.fixture
    def supply(self, world, case, lines, at):
        def make(asked, count):
            missing = [{"id": one, "name": name} for one, name in lines[:asked]]
            world.act(world.clerk, services.ask_correction, case, at, missing=missing, note="")
            files = [
                store(SimpleUploadedFile(f"{one}.png", PNG), command_id=new_command_id())
                for one in range(count)
            ]
            services.supply(
                case_id=case.id,
                note="补交",
                files=files,
                actor=Actor(id=None, label="申请人"),  # who has the query code alone
                at=at,
                command_id=new_command_id(),
            )

        return make

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("asked", "count", "owed"),
        [
            (1, 1, ["位置图"]),
            (2, 2, []),
            (1, 0, ["申请书", "位置图"]),
            (2, 1, ["申请书", "位置图"]),  # nobody can tell which of them it is
        ],
    )
    def test_it_is_owed_no_more(self, supply, case, asked, count, owed):
        supply(asked, count)
        assert _owed(case) == owed
        assert [one.name for one in owed_of(Case.objects.get())] == owed

    def test_the_case_is_accepted_without_a_tick(self, world, supply, case, at):
        supply(2, 2)
        world.act(world.clerk, services.accept, case, at)
        assert Case.objects.get().accepted_at == at


class TestPages:
    def test_a_clerk_ticks_what_came_and_the_rest_has_a_day(self, world, received, lines, client):
        case = received(now())
        client.force_login(world.clerk)
        page = reverse("cases:detail", args=[case.number])
        seen = client.get(page)
        assert seen.content.decode().count("还没收到") == 2
        accept = _act_of(seen, "accept")["form"]
        assert accept.initial["bring_by"]
        answer = client.post(
            reverse("cases:act", args=[case.number, "accept"]),
            {
                "command_id": new_command_id(),
                "brought": lines[0][0],
                "bring_by": accept.initial["bring_by"],
            },
        )
        assert answer.status_code == 302, answer.content.decode()
        told = client.get(page).content.decode()
        assert "“受理”已办好" in told
        assert "打印受理通知书" in told
        assert (told.count("已收到"), told.count("还没收到")) == (1, 1)
        assert world.clerk.name in told
        assert "已办好" not in client.get(page).content.decode()  # said once

    def test_a_day_is_asked_for_what_has_no_tick(self, world, case, client):
        client.force_login(world.clerk)
        answer = client.post(
            reverse("cases:act", args=[case.number, "accept"]), {"command_id": new_command_id()}
        )
        assert answer.status_code == 422
        assert "还有材料没有打勾" in answer.content.decode()

    def test_what_the_applicant_promised_in_own_words_is_kept(self, world, item, lines, client):
        (one, name), (other, title), _third = lines
        given = [
            Given(one, name, GivenWay.DEFERRED, promise="等测绘院出图"),
            Given(other, title, GivenWay.TO_BRING),
        ]
        case = world.bring(world.file(item, now(), given=given), "received", now())
        client.force_login(world.clerk)
        seen = client.get(reverse("cases:detail", args=[case.number]))
        day = _act_of(seen, "accept")["form"].initial["bring_by"]
        data = {"command_id": new_command_id(), "bring_by": day}
        client.post(reverse("cases:act", args=[case.number, "accept"]), data)
        found = DeferredMaterial.objects.values_list("material_id", "promise")
        assert dict(found) == {one: "等测绘院出图", other: "到窗口带来"}

    def test_another_department_may_not_tick(self, world, case, lines, client):
        stranger = world.people.post("stranger", Role.CLERK, world.planning)
        client.force_login(stranger)
        answer = client.post(
            reverse("cases:deed", args=[case.number, "bring"]),
            {"command_id": new_command_id(), "material_ids": lines[0][0]},
        )
        assert answer.status_code == 404
        assert len(_owed(case)) == 2

    def test_the_applicant_sees_what_to_bring_by_which_day(self, world, case, lines, client):
        client.force_login(world.citizen)
        page = reverse("cases:progress_case", args=[case.number])
        (task,) = (one for one in client.get(page).context["tasks"] if "交材料" in one["title"])
        assert task["text"].startswith("申请书、位置图")
        assert (task["state"], task["due"]) == ("yours", date(2013, 9, 25))
        by = {"material_ids": [one for one, _name in lines[:2]]}
        world.act(world.clerk, services.bring_materials, case, morning(2013, 9, 18), **by)
        (task,) = (one for one in client.get(page).context["tasks"] if "交材料" in one["title"])
        assert task["state"] == "done"


class TestTelling:
    def test_the_first_message_names_them(self, world, case):
        deliver_all(morning(2013, 9, 17))
        told = Message.objects.get(event="case.submitted", person_id=world.citizen.id).text
        assert "还要请您2013年9月25日前把这些材料带到" in told
        assert "1. 申请书\n2. 位置图" in told

    def test_the_day_before_it_is_due_the_applicant_is_reminded_once(self, world, case, lines, at):
        later = [services.Deferred(one, "到窗口带来", DAY) for one, _name in lines[:2]]
        world.act(world.clerk, services.accept, case, at, deferred=later)
        assert services.sweep_reminders(morning(2013, 9, 17)) == 0
        assert services.sweep_reminders(morning(2013, 9, 22)) == 1
        assert services.sweep_reminders(morning(2013, 9, 22)) == 0
        deliver_all(morning(2013, 9, 22))
        told = Message.objects.get(event="case.deferred_reminded", person_id=world.citizen.id).text
        assert "1. 申请书\n2. 位置图" in told
        assert "2013年9月23日前" in told

    def test_papers_of_different_days_are_told_each_with_its_own(self, world, case, lines, at):
        days = (DAY, date(2013, 9, 24))
        later = [
            services.Deferred(one, "到窗口带来", day)
            for (one, _name), day in zip(lines[:2], days, strict=True)
        ]
        world.act(world.clerk, services.accept, case, at, deferred=later)
        assert services.sweep_reminders(morning(2013, 9, 22)) == 1
        deliver_all(morning(2013, 9, 22))
        told = Message.objects.get(event="case.deferred_reminded", person_id=world.citizen.id).text
        assert "1. 申请书（2013年9月23日前）\n2. 位置图（2013年9月24日前）" in told
        assert "请2013年9月23日前、2013年9月24日前分别送到" in told

    def test_nobody_is_written_about_a_day_long_past(self, world, case, lines, at):
        days = (DAY, date(2013, 9, 24))
        later = [
            services.Deferred(one, "到窗口带来", day)
            for (one, _name), day in zip(lines[:2], days, strict=True)
        ]
        world.act(world.clerk, services.accept, case, at, deferred=later)
        assert services.sweep_reminders(morning(2013, 9, 25)) == 0
        with pytest.raises(NotNow):
            services.remind_deferred(
                case_id=case.id, actor=SYSTEM, at=morning(2013, 9, 25), command_id=new_command_id()
            )
        assert services.sweep_reminders(morning(2013, 9, 24)) == 1
        reminded = DeferredMaterial.objects.exclude(reminded_at=None)
        assert [one.name for one in reminded] == ["位置图"]

    def test_who_brought_it_all_is_left_in_peace(self, world, case, lines, at):
        later = [services.Deferred(lines[0][0], "到窗口带来", DAY)]
        brought = [lines[1][0]]
        world.act(world.clerk, services.accept, case, at, deferred=later, brought=brought)
        ids = [lines[0][0]]
        world.act(world.clerk, services.supply_deferred, case, at, material_ids=ids, files=[])
        assert services.sweep_reminders(morning(2013, 9, 22)) == 0


class TestChoosing:
    @pytest.fixture
    def writer(self, client, world):
        materials = (
            "申请表|表格|1|情形需要|在网上填过申请表的不用交\n"
            "授权委托书|原件|1|情形需要|委托别人来办的提交\n身份证|原件|1|必要"
        )
        return Writer(client, world.item("330881-known", materials=materials))

    def test_what_is_known_is_chosen_and_says_why(self, writer):
        page = writer.page("materials")
        assert page.count("已替您选好") == 2
        assert "您没有委托别人来办" in page

    def test_one_press_brings_the_rest_to_the_window(self, writer):
        known = {f"way-{one['id']}": "not_needed" for one in writer.draft.edition.materials[:2]}
        assert writer.send("materials", go="rest", **known).url == writer.url("check")
        writer.draft.refresh_from_db()
        ways = [one["way"] for one in writer.draft.content["materials"].values()]
        assert ways == ["not_needed", "not_needed", "to_bring"]

    def test_a_file_that_is_there_is_not_brought(self):
        from django.http import QueryDict

        lines = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
        data = QueryDict("files-c_handed=x")
        filled = rest_brought(data, lines, {"a": {"uploads": ["1"]}})
        assert {key for key in filled if key.startswith("way-")} == {"way-b"}

    @pytest.mark.parametrize(
        ("need", "note", "has_proxy", "way"),
        [
            ("情形需要", "在网上填过申请表的不用交", True, GivenWay.NOT_NEEDED),
            ("情形需要", "委托别人来办的提交", False, GivenWay.NOT_NEEDED),
            ("情形需要", "委托别人来办的提交", True, None),
            ("必要", "委托别人来办的提交", False, None),
            ("情形需要", "与邻居共墙的提供", False, None),
        ],
    )
    def test_only_what_the_note_says_is_known(self, need, note, has_proxy, way):
        assert known_way(need, note, has_proxy=has_proxy)[0] is way

    @pytest.mark.parametrize(
        ("name", "variants", "codes"),
        [
            ("个体工商户开业登记", [], []),
            ("餐饮服务许可", [], None),
            ("劳务派遣经营许可", [("01", "新办"), ("03", "延续")], ["03"]),
            ("取水许可", [("01", "新办"), ("02", "变更")], []),
        ],
    )
    def test_who_has_no_licence_yet_is_not_asked_for_the_old_one(self, name, variants, codes):
        rows = [{"code": code, "name": title} for code, title in variants]
        assert renewing(name, rows) == codes


class TestManners:
    """What a newcomer stumbled over."""

    @pytest.fixture
    def chosen(self, world):
        return world.item("330881-two", variants="01|新办\n02|延续", materials="申请书")

    def test_the_kind_that_the_guide_was_read_for_is_chosen(self, client, chosen):
        guide = client.get(reverse("catalogue:item", args=[chosen]), {"variant": "02"})
        begin = client.get(re.search(r'href="([^"]+/file/[^"]*)"', guide.content.decode())[1])
        assert begin.context["form"]["variant"].value() == "02"
        assert "第 1 步" in begin.content.decode()

    def test_a_page_says_that_something_on_it_needs_another_look(self, client, item):
        answer = client.post(reverse("cases:file", args=[item]), {"phone": ""})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "这一页还有几处要改" in page
        assert "没有提交成功" not in page

    def test_the_desk_has_one_field_for_numbers_and_words(self, client, world, case):
        client.force_login(world.clerk)
        desk = client.get(reverse("cases:desk")).content.decode()
        assert desk.count('role="search"') == 1
        scan = reverse("cases:scan")
        assert client.get(scan, {"q": case.number}).url.endswith(f"/cases/{case.number}/")
        found = client.get(scan, {"q": "毛小明", "tab": "window"}, follow=True)
        assert [row["number"] for row in found.context["rows"]] == [case.number]
        assert found.context["tab"] == "window"

    def test_the_receipt_says_where_by_when_and_what(self, client, world):
        item = world.item("330881-bring", materials="申请书|原件|1|必要")
        writer = Writer(client, item)
        writer.fill_plain()
        writer.send("materials", go="rest")
        page = client.get(writer.file().url).content.decode()
        assert "是否受理" in page
        assert "日告诉您" in page
        assert "前，把这 1 份材料带到窗口" in page
