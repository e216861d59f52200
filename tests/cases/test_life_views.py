"""Pages of the whole life: the counter, the applicant's acts, money, originals, several at once.

Each by three people: the one who may, the colleague who may not, the stranger.
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingtang.accounts.models import Mandate
from mingtang.accounts.rules import Role
from mingtang.cases import services
from mingtang.cases.models import Case, Charge, HandOverSlip, Original
from mingtang.cases.rules import State, Verb
from mingtang.files.queries import documents_of
from mingtang.regions.models import Region
from tests import papers
from tests.world import NUMBERS, SINCE, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PNG = papers.png()
CREDIT_CODE = "113325000026455663"


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5, fees="工本费|10元/证|价费〔2012〕1号")


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


def _taking(**changes):
    return {
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "address": "",
        "matter-summary": "取水灌溉。",
        "originals": "身份证 1\n申请书 2",
        "command_id": new_command_id(),
        **changes,
    }


def _text(answer) -> str:
    return answer.content.decode()


def _correcting(world, case, at):
    world.act(world.clerk, services.receive, case, at)
    world.act(world.clerk, services.ask_correction, case, at, note="请补充取水口位置图。")


class TestCounter:
    def _take(self, client, item, **changes):
        return client.post(reverse("cases:take_in", args=[item]), _taking(**changes))

    @pytest.mark.both
    def test_a_clerk_takes_in_and_gets_number_code_and_receipt(self, client, world, item):
        client.force_login(world.clerk)
        assert item in _text(client.get(reverse("cases:intake"), {"q": "取水"}))
        answer = self._take(client, item)
        case = Case.objects.get()
        page = _text(client.get(answer.url))
        assert services.tracking_code(case) in page
        assert (case.state, case.channel) == ("received", "counter")
        (receipt,) = documents_of(case.stream)
        paper = _text(client.get(reverse("cases:document", args=[case.number, receipt.id])))
        assert "收件凭证" in paper
        assert "申请书" in paper
        assert list(Original.objects.order_by("id").values_list("name", "count")) == [
            ("身份证", 1),
            ("申请书", 2),
        ]

    @pytest.mark.both
    def test_a_colleague_of_another_unit_takes_in_nothing_of_ours(self, client, world, item):
        client.force_login(world.colleague)
        assert self._take(client, item).status_code == 403
        assert Case.objects.count() == 0

    @pytest.mark.parametrize("route", ["cases:intake", "cases:originals", "cases:scan"])
    def test_a_citizen_finds_no_counter(self, client, world, route):
        client.force_login(world.citizen)
        assert client.get(reverse(route)).status_code == 404
        client.logout()
        assert client.get(reverse(route)).status_code == 302

    def test_a_township_takes_in_for_the_county_and_sees_what_it_took_in(
        self, client, world, item, at
    ):
        town = Region.objects.create(
            code="330881121000",
            name="贺村镇",
            level="township",
            parent=world.region,
            valid_from=SINCE,
            source="测试",
        )
        centre = world.organisation("town-121", "112", "贺村镇便民服务中心")
        centre.region = town
        centre.save(update_fields=["region"])
        clerk = world.people.post("town-clerk", Role.GENERAL_CLERK, centre)
        client.force_login(clerk)
        self._take(client, item)
        case = Case.objects.get()
        assert (case.channel, case.intake_organisation_id) == ("township", centre.id)
        page = _text(client.get(reverse("cases:detail", args=[case.number])))
        assert "贺村镇" in page
        assert reverse("cases:act", args=[case.number, "accept"]) not in page  # the county's work
        other = world.file(item, at)
        assert client.get(reverse("cases:detail", args=[other.number])).status_code == 404

    def test_an_item_that_is_not_taken_in_there_says_so(self, client, world, at):
        item = world.item("330881-xian", service_levels="市")
        town = Region.objects.create(
            code="330881121000",
            name="贺村镇",
            level="township",
            parent=world.region,
            valid_from=SINCE,
            source="测试",
        )
        centre = world.organisation("town-121", "112", "贺村镇便民服务中心")
        centre.region = town
        centre.save(update_fields=["region"])
        client.force_login(world.people.post("town-clerk", Role.GENERAL_CLERK, centre))
        answer = self._take(client, item)
        assert answer.status_code == 422
        assert "不由乡镇代收" in _text(answer)

    def test_an_application_filed_twice_is_told_and_taken_in_all_the_same_if_meant(
        self, client, world, item, case
    ):
        client.force_login(world.clerk)
        answer = self._take(client, item)
        assert answer.status_code == 409
        assert case.number in _text(answer)
        assert "取水灌溉。" in _text(answer)
        assert Case.objects.count() == 1
        self._take(client, item, anyway="1")
        assert Case.objects.count() == 2

    def test_a_proxy_needs_a_mandate_that_was_seen_before_acceptance(self, client, world, item):
        client.force_login(world.clerk)
        self._take(client, item, proxy_name="周玉兰", proxy_identity_number=NUMBERS[2])
        case = Case.objects.get()
        accept = reverse("cases:act", args=[case.number, "accept"])
        answer = client.post(accept, {"command_id": new_command_id()})
        assert answer.status_code == 422
        assert "委托书" in _text(answer)
        client.post(accept, {"command_id": new_command_id(), "is_mandate_seen": "on"})
        case.refresh_from_db()
        assert State(case.state) is State.ACCEPTED

    @pytest.mark.parametrize("typed", ["{number}", "http://x/cases/{number}/", "　{number}　"])
    def test_a_scanned_number_opens_the_case(self, client, world, case, typed):
        client.force_login(world.clerk)
        answer = client.get(reverse("cases:scan"), {"q": typed.format(number=case.number)})
        assert answer.url == reverse("cases:detail", args=[case.number])

    def test_a_scanner_with_prefix_and_suffix_is_understood(self, client, world, case, settings):
        settings.MINGTANG_SCAN_PREFIX, settings.MINGTANG_SCAN_SUFFIX = "]C1", "$"
        client.force_login(world.clerk)
        answer = client.get(reverse("cases:scan"), {"q": f"]C1{case.number}$"})
        assert answer.url == reverse("cases:detail", args=[case.number])
        client.force_login(world.colleague)  # not theirs: the same as a number of no case
        answer = client.get(reverse("cases:scan"), {"q": f"]C1{case.number}$"})
        assert answer.url.startswith(reverse("cases:desk"))


class TestApplicant:
    @pytest.mark.slow
    def test_the_applicant_corrects_and_the_clerk_sees_it(self, client, world, case, at):
        _correcting(world, case, at)
        client.force_login(world.citizen)
        page = _text(client.get(reverse("cases:progress_case", args=[case.number])))
        assert "请您办理" in page
        url = reverse("cases:correct", args=[case.number])
        assert "取水口位置图" in _text(client.get(url))
        files = [SimpleUploadedFile("图一.png", PNG), SimpleUploadedFile("图二.png", PNG)]
        answer = client.post(
            url, {"note": "已补图。", "uploads": files, "command_id": new_command_id()}
        )
        assert answer.status_code == 302
        client.force_login(world.clerk)
        page = _text(client.get(reverse("cases:detail", args=[case.number])))
        assert all(text in page for text in ("已补图。", "图一.png", "图二.png"))

    def test_a_correction_with_nothing_in_it_is_refused_and_a_bad_file_keeps_the_text(
        self, client, world, case, at
    ):
        _correcting(world, case, at)
        client.force_login(world.citizen)
        url = reverse("cases:correct", args=[case.number])
        answer = client.post(url, {"command_id": new_command_id()})
        assert (answer.status_code, "请上传补正的材料" in _text(answer)) == (422, True)
        bad = SimpleUploadedFile("病毒.exe", PNG)
        answer = client.post(
            url, {"note": "写了很久", "uploads": [bad], "command_id": new_command_id()}
        )
        assert answer.status_code == 422
        assert "写了很久" in _text(answer)
        case.refresh_from_db()
        assert State(case.state) is State.CORRECTING

    @pytest.mark.parametrize("route", ["correct", "withdraw", "collect"])
    def test_strangers_and_colleagues_do_not_act_for_an_applicant(
        self, client, world, case, at, route
    ):
        _correcting(world, case, at)
        url = reverse(f"cases:{route}", args=[case.number])
        for person in (None, world.stranger, world.clerk, world.colleague):
            client.logout()
            if person:
                client.force_login(person)
            assert client.get(url).status_code == 404
            assert client.post(url, {"command_id": new_command_id()}).status_code == 404

    def test_who_knows_the_query_code_acts_for_the_applicant(self, client, case):
        code = services.tracking_code(case)
        client.post(reverse("cases:progress"), {"number": case.number, "code": code})
        url = reverse("cases:withdraw", args=[case.number])
        client.post(url, {"reason": "不办了", "command_id": new_command_id()})
        case.refresh_from_db()
        assert State(case.state) is State.WITHDRAWN

    def test_how_the_result_comes_is_chosen_and_a_post_needs_an_address(self, client, world, case):
        client.force_login(world.citizen)
        url = reverse("cases:collect", args=[case.number])
        answer = client.post(url, {"way": "post", "address": "", "command_id": new_command_id()})
        assert (answer.status_code, "收件地址" in _text(answer)) == (422, True)
        client.post(url, {"way": "post", "address": "峡口镇1号", "command_id": new_command_id()})
        case.refresh_from_db()
        assert (case.wanted_way, case.address) == ("post", "峡口镇1号")

    @pytest.mark.both
    def test_every_proxy_of_an_enterprise_sees_and_corrects_its_cases(
        self, client, world, item, at
    ):
        applicant = services.Applicant(
            kind=world.applicant().kind.__class__("legal"),
            name="江山市演示木业有限公司",
            identity_number=CREDIT_CODE,
            phone="13800000002",
        )
        case = world.file(item, at, applicant=applicant)
        for person in (world.citizen, world.stranger):
            Mandate.objects.create(
                proxy=person, credit_code=CREDIT_CODE, enterprise_name="木业", valid_from=SINCE
            )
        for person in (world.citizen, world.stranger):
            client.force_login(person)
            assert case.number in _text(client.get(reverse("cases:mine")))
        Mandate.objects.filter(proxy=world.stranger).update(valid_to=date(2014, 1, 1))
        assert case.number not in _text(client.get(reverse("cases:mine")))
        assert client.get(reverse("cases:progress_case", args=[case.number])).status_code == 404

    def test_papers_are_open_to_the_applicant_alone(self, client, world, case, at):
        _correcting(world, case, at)
        (notice,) = documents_of(case.stream)
        url = reverse("cases:own_document", args=[case.number, notice.id])
        client.force_login(world.citizen)
        assert "补正通知书" in _text(client.get(url))
        for person in (world.stranger, world.colleague):
            client.force_login(person)
            assert client.get(url).status_code == 404
        client.force_login(world.colleague)
        url = reverse("cases:document", args=[case.number, notice.id])
        assert client.get(url).status_code == 404


class TestMoneyAndOriginals:
    def _do(self, client, case, deed, **data):
        url = reverse("cases:deed", args=[case.number, deed])
        return client.post(url, {"command_id": new_command_id(), **data})

    @pytest.mark.both
    def test_a_fee_is_charged_waived_in_part_by_another_and_paid(self, client, world, case, at):
        world.bring(case, "accepted", at)
        client.force_login(world.clerk)
        assert self._do(client, case, "charge", fee_0="on").status_code == 302
        charge = Charge.objects.get()
        assert charge.cents == 1000
        more = {"charge_id": charge.id}
        answer = self._do(client, case, "ask-waiver", **more, cents="abc", reason="低保户")
        assert (answer.status_code, "低保户" in _text(answer)) == (422, True)
        self._do(client, case, "ask-waiver", **more, cents="4", reason="低保户，减四成")
        assert self._do(client, case, "answer-waiver", **more, is_approved="yes").status_code == 403
        client.force_login(world.approver)
        self._do(client, case, "answer-waiver", **more, is_approved="yes")
        client.force_login(world.clerk)
        self._do(client, case, "pay", **more, reference="")
        charge.refresh_from_db()
        assert (charge.state, charge.paid_cents, bool(charge.receipt_number)) == ("paid", 600, True)

    @pytest.mark.both
    def test_a_colleague_cannot_charge_and_cannot_tell_that_the_case_exists(
        self, client, world, case, at
    ):
        world.bring(case, "accepted", at)
        client.force_login(world.colleague)
        assert self._do(client, case, "charge", fee_0="on").status_code == 404
        client.logout()
        assert self._do(client, case, "charge", fee_0="on").status_code == 403
        assert Charge.objects.count() == 0

    @pytest.mark.both
    def test_originals_go_with_a_slip_and_are_signed_for_by_the_other_unit(
        self, client, world, case, at
    ):
        world.act(world.clerk, services.receive, case, at)
        client.force_login(world.clerk)
        self._do(client, case, "keep-originals", originals="营业执照 1")
        original = Original.objects.get()
        answer = self._do(
            client,
            case,
            "send-originals",
            original_ids=[original.id],
            receiver_id=world.centre.id,
            due_date="2030-01-01",
        )
        assert answer.status_code == 302
        slip = HandOverSlip.objects.get()
        assert "途中" in _text(client.get(reverse("cases:detail", args=[case.number])))
        assert "营业执照" in _text(client.get(reverse("cases:originals")))
        assert self._do(client, case, "sign-slip", slip_id=slip.id).status_code == 403
        client.force_login(world.general)
        assert self._do(client, case, "sign-slip", slip_id=slip.id).status_code == 302
        original.refresh_from_db()
        assert original.place_id == world.centre.id

    @pytest.mark.both
    def test_a_seal_is_entered_once(self, client, world, case, at):
        world.bring(case, "accepted", at)
        (notice,) = documents_of(case.stream)
        client.force_login(world.clerk)
        more = {"document_id": notice.id, "seal_name": "水利局行政审批专用章"}
        assert self._do(client, case, "seal", **more).status_code == 302
        notice.refresh_from_db()
        assert notice.sealed_by_id == world.clerk.id
        assert self._do(client, case, "seal", **more).status_code == 409

    def test_an_electronic_seal_is_offered_where_the_city_has_one(
        self, client, world, case, at, settings
    ):
        world.bring(case, "accepted", at)
        (notice,) = documents_of(case.stream)
        client.force_login(world.clerk)
        page = reverse("cases:detail", args=[case.number])
        assert "盖章方式" not in _text(client.get(page))
        settings.MINGTANG_SEAL_PROVIDER = "local"
        text = _text(client.get(page))
        assert "盖章方式" in text
        assert "不具有电子印章的法律效力" in text
        more = {"document_id": notice.id, "seal_name": "水利局行政审批专用章"}
        assert self._do(client, case, "seal", **more).status_code == 422
        answer = self._do(client, case, "seal", **more, method="electronic")
        assert answer.status_code == 302
        notice.refresh_from_db()
        assert (notice.seal_method, notice.seal_provider) == ("electronic", "local")

    def test_a_document_of_another_case_is_not_sealed_here(self, client, world, case, item, at):
        other = world.file(item, at)
        world.bring(other, "accepted", at)
        (notice,) = documents_of(other.stream)
        client.force_login(world.clerk)
        answer = self._do(client, case, "seal", document_id=notice.id, seal_name="章")
        assert answer.status_code == 404


class TestSeveralAtOnce:
    def test_on_the_spot_items_are_accepted_together_and_others_say_why_not(
        self, client, world, item, at
    ):
        spot = world.item("330881-spot", on_the_spot="是", promised=0)
        quick, slow = world.file(spot, at), world.file(item, at)
        for one in (quick, slow):
            world.act(world.clerk, services.receive, one, at)
        client.force_login(world.clerk)
        assert "一起受理" in _text(client.get(reverse("cases:desk")))
        answer = client.post(
            reverse("cases:batch", args=["accept"]),
            {"number": [quick.number, slow.number], "command_id": new_command_id()},
            follow=True,
        )
        page = _text(answer)
        assert "完成 1 件" in page
        assert "不是即办件" in page
        quick.refresh_from_db()
        slow.refresh_from_db()
        assert (quick.state, slow.state) == ("accepted", "received")

    def test_a_colleague_does_nothing_together(self, client, world, at):
        quick = world.file(world.item("330881-spot", on_the_spot="是", promised=0), at)
        client.force_login(world.colleague)
        client.post(
            reverse("cases:batch", args=["receive"]),
            {"number": [quick.number], "command_id": new_command_id()},
        )
        quick.refresh_from_db()
        assert State(quick.state) is State.SUBMITTED
        client.force_login(world.citizen)
        url = reverse("cases:batch", args=["receive"])
        assert client.post(url, {"number": [quick.number]}).status_code == 404

    def test_only_low_risk_acts_have_an_address(self, client, world):
        client.force_login(world.clerk)
        assert client.post(reverse("cases:batch", args=["refuse"])).status_code == 404


@pytest.mark.both
def test_the_approvers_list_shows_the_siblings_and_what_is_left(client, world, case, at):
    world.bring(case, "claimed", at)
    client.force_login(world.approver)
    assert case.number not in _text(client.get(reverse("cases:desk"), {"tab": "decide"}))
    world.act(world.handler, services.examine, case, at, step_key="review", opinion="符合条件")
    page = _text(client.get(reverse("cases:desk"), {"tab": "decide"}))
    assert case.number in page
    assert "siblings" in page


def test_a_chief_representative_decides_alone_only_on_the_spot_and_it_is_marked(world, at):
    chief = world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water)
    spot = world.item("330881-spot", on_the_spot="是", promised=0)
    world.people.letter(chief, ["grant"], [spot], date(2020, 1, 1))
    case = world.file(spot, at)
    world.bring(case, "accepted", at)
    world.act(chief, services.claim, case, at, step_key="review")
    world.act(chief, services.examine, case, at, step_key="review", opinion="当场核对无误")
    world.act(chief, services.decide, case, at, verb=Verb.GRANT, reason="符合条件")
    case.refresh_from_db()
    assert (case.is_decided_alone, case.decided_under) == (True, "江授〔2013〕1号")
