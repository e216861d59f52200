"""What people are told about a case: whom, when, in which words; once; nothing in the ledger."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.accounts.models import Mandate
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Role
from mingtang.cases import followers, services
from mingtang.cases.models import Case
from mingtang.cases.rules import (
    Applicant,
    ApplicantKind,
    Deferred,
    HandOverWay,
    PauseReason,
    Proxy,
    Renewal,
    RequestKind,
    State,
    TerminationReason,
    Verb,
)
from mingtang.cases.rules.occasions import OCCASION_OF, OCCASIONS
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Delivery, Untold
from mingtang.ledger.services import deliver_all, replay
from mingtang.messages.models import Message
from mingtang.messages.rules import PLACE, Audience, render, sms_count
from mingtang.messages.services import save_template, send_due
from mingtang.regions.models import Centre, Window
from mingtang.site.work import Worker
from mingtang.timing.rules import DayOff, shipped_years
from mingtang.timing.services import load_calendar_year, seed_calendars
from tests.cases.town import Town
from tests.messages.occasions import FakeProvider
from tests.world import KEEPERS, NUMBERS, SINCE, morning, new_command_id, plain

pytestmark = pytest.mark.django_db
PHONE, PROXY_PHONE = "13800000001", "13800000009"
CREDIT_CODE = "113325000026455663"
PAUSE = {"why": PauseReason.EXPERT_REVIEW, "note": "须请专家审查影响。", "days": 10}
REFUSAL = {"verb": Verb.REFUSE, "reason": "取水量超过核定总量", "legal_basis": "《水法》第四十八条"}
GRANT = {"verb": Verb.GRANT, "reason": "符合条件。"}
ROUTE = "审查|审查|审查|3个工作日"


@pytest.fixture(autouse=True)
def provider(settings):
    FakeProvider.reset()
    path = f"{FakeProvider.__module__}.{FakeProvider.__qualname__}"
    settings.MINGTANG_SMS_PROVIDER = path
    return FakeProvider


@pytest.fixture
def item(world):
    return world.item(
        statutory=20,
        promised=5,
        materials="申请书\n取水口位置图",
        special="专家评审|20个工作日",
        fee="收费",
        fees="工本费|10元/证|物价局文件",
    )


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


def _said(case, event, audience="applicant"):
    """The messages of an occasion, after what is owed was delivered."""
    deliver_all(morning(2030, 1, 4))
    assert not Delivery.objects.exists()
    assert not Untold.objects.exists()
    rows = Message.objects.filter(subject=case.stream, event=event, audience=audience)
    return list(rows.order_by("id"))


def _inbox(case, event, audience="applicant"):
    return {row.person_id: row for row in _said(case, event, audience) if row.way == "inbox"}


def _sms(case, event):
    return {row.recipient: row.text for row in _said(case, event) if row.way == "sms"}


def _words(world, case, event):
    """Title, text and SMS of what the applicant is told."""
    message = _inbox(case, event)[world.citizen.id]
    return f"{message.title}\n{message.text}\n{_sms(case, event)[PHONE]}"


def _examined(world, case, at):
    return world.bring(case, "examined", at)


# ── the words ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("occasion", OCCASIONS, ids=lambda one: f"{one.event}-{one.audience}")
def test_every_wording_names_the_item_and_fits_into_an_sms(occasion):
    said = render(occasion.fallback, occasion.examples)
    assert "取水许可" in said.title
    assert "330881016130917000001" in said.text
    if occasion.audience is Audience.STAFF:
        assert said.sms == ""
    else:
        assert "330881016130917000001" in said.sms
        assert sms_count(said.sms) == 1, (len(said.sms), said.sms)


def test_no_place_holds_an_identity_number_or_the_query_code():
    places = {name for one in OCCASIONS for name in one.places}
    assert not {name for name in places if "identity" in name or "code" in name}


def test_occasions_are_distinct_and_every_place_is_used():
    assert len(OCCASION_OF) == len(OCCASIONS)
    always = {"number", "item", "applicant", "unit", "where", "hotline", "who"}
    for one in OCCASIONS:
        used = set(PLACE.findall("".join(one.fallback.texts)))
        assert set(one.places) - always <= used, one.event


# ── the applicant ─────────────────────────────────────────────────────────────────────────────


def test_filing_online_is_confirmed_with_the_day_of_the_answer(world, case):
    said = _words(world, case, "case.submitted")
    assert "收到您的申请：取水许可" in said
    assert f"收到您的“取水许可”申请，2013年9月25日前告诉您是否受理。编号{case.number}。" in said
    assert NUMBERS[0] not in said
    assert services.tracking_code(case) not in said


def test_an_application_across_the_counter_is_told_by_sms_to_who_has_no_account(world, item, at):
    taken = services.take_in(
        item_code=item,
        applicant=world.applicant(),
        answers=plain("取水"),
        files=[],
        actor=world.actor(world.clerk),
        at=at,
        command_id=new_command_id(),
    )
    case = Case.objects.get(id=int(taken["case_id"]))
    (message,) = _said(case, "case.taken_in")
    assert (message.way, message.recipient) == ("sms", PHONE)
    assert "窗口已收到" in message.text


def test_a_correction_says_what_until_when_and_where(world, case, at):
    centre = Centre.objects.create(
        region=world.region, organisation=world.centre, name="江山市行政服务中心", level="county"
    )
    Window.objects.create(centre=centre, number="12", name="水利窗口", organisation=world.water)
    world.bring(case, "received", at)
    missing = [{"id": case.edition.materials[0]["id"], "name": "申请书", "text": "没有签名"}]
    world.act(
        world.clerk, services.ask_correction, case, at, missing=missing, note="请写明取水量。"
    )
    said = _words(world, case, "case.correction_asked")
    assert "1. 申请书：没有签名\n2. 请写明取水量。" in said
    assert "请2013年10月17日前补齐" in said
    assert "江山市行政服务中心 12 号窗口" in said


def test_corrections_found_incomplete_leave_the_same_time(world, case, at):
    world.bring(case, "received", at)
    world.act(world.clerk, services.ask_correction, case, at, note="请写明取水量。")
    later = at + timedelta(days=1)
    world.act(world.citizen, services.supply, case, later, note="每日十方。", files=[])
    world.act(world.clerk, services.still_missing, case, later, note="还缺位置图。")
    said = _words(world, case, "case.found_incomplete")
    assert "还缺位置图。" in said
    assert "请2013年10月17日前补齐" in said


def test_materials_asked_for_after_acceptance(world, case, at):
    world.bring(case, "accepted", at)
    more = {"note": "请补水质报告。", "override_reason": "分管领导批准"}
    world.act(world.approver, services.ask_more, case, at, **more)
    assert _said(case, "case.correction_asked") == []
    said = _words(world, case, "case.more_asked")
    assert "请补水质报告。" in said
    assert "请2013年9月25日前送到江山市水利局窗口" in said
    assert "分管领导" not in said


def test_acceptance_names_both_dates(world, case, at):
    world.bring(case, "accepted", at)
    said = _words(world, case, "case.accepted")
    assert "承诺2013年9月25日前办结。法定2013年10月21日前办结。" in said
    assert _said(case, "case.material_deferred") == []


def test_what_was_deferred_is_asked_for_by_its_day(world, case, at):
    world.bring(case, "received", at)
    line = case.edition.materials[1]
    deferred = [Deferred(line["id"], "三日内补交", date(2013, 9, 23))]
    world.act(world.clerk, services.accept, case, at, deferred=deferred)
    assert "已受理" in _words(world, case, "case.accepted")
    said = _words(world, case, "case.material_deferred")
    assert f"{line['name']}（2013年9月23日前）" in said
    assert "请2013年9月23日前把后补的材料送到窗口" in said


def test_deemed_acceptance_comes_from_the_worker_and_is_told_in_the_same_round(
    world, case, provider
):
    deliver_all(morning(2013, 9, 17))
    Worker().round(morning(2013, 9, 26))
    case.refresh_from_db()
    assert case.is_deemed_accepted
    said = _words(world, case, "case.deemed_accepted")
    assert "依法自2013年9月17日起视为受理" in said
    assert any("视为受理" in text for _, _, text in provider.sent)


def test_the_worker_sweeps_now_and_then_and_not_a_second_time(world, case):
    worker = Worker()
    worker.round(morning(2013, 9, 25))
    for hour in (9, 10, 11):
        worker.round(morning(2013, 9, 26, hour))
    assert len(_inbox(case, "case.deemed_accepted")) == 1


@pytest.mark.parametrize(
    ("command", "content", "event", "words"),
    [
        ("not_require", {"reason": "不到起征水量"}, "case.not_required", ("不用再跑", "起征水量")),
        (
            "decline",
            {"reason": "地下水归国土管", "competent": "江山市国土资源局"},
            "case.declined",
            ("不归江山市水利局管", "请向江山市国土资源局申请", "行政复议"),
        ),
        (
            "send_back",
            {"reason": "申请人要求", "asked_by_applicant": True},
            "case.returned",
            ("已退回", "可以重新申请", "申请人要求"),
        ),
    ],
)
def test_ends_before_acceptance(world, case, at, command, content, event, words):
    world.bring(case, "received", at)
    if command == "send_back":
        world.act(world.clerk, services.ask_correction, case, at, note="请写明取水量。")
    world.act(world.clerk, getattr(services, command), case, at, **content)
    said = _words(world, case, event)
    assert [one for one in words if one not in said] == []


def test_a_pause_says_why_how_long_and_that_it_does_not_count(world, case, at):
    world.bring(case, "claimed", at)
    world.act(world.handler, services.ask_pause, case, at, **PAUSE)
    world.act(world.approver, services.pause, case, at)
    said = _words(world, case, "case.paused")
    for word in ("专家评审", "10个工作日", "须请专家审查影响", "不算在办理期限里", "2013年10月8日"):
        assert word in said, said
    world.act(world.handler, services.resume, case, morning(2013, 10, 8), result="专家同意。")
    said = _words(world, case, "case.resumed")
    assert "继续办理，2013年10月14日前办结" in said  # Saturday the 12th is a working day
    assert "专家同意。" in said


def test_an_extension_says_the_new_day_and_what_follows_goes_by_it(world, case, at):
    world.bring(case, "claimed", at)
    world.act(world.handler, services.ask_extension, case, at, days=5, note="须核对水量。")
    world.act(world.approver, services.extend, case, at)
    said = _words(world, case, "case.extended")
    assert "延长5个工作日，改为2013年10月28日前办结" in said
    assert "须核对水量。" in said
    _revise(date(2013, 9, 24), at)
    assert "法定办结日期由2013年10月28日改为2013年10月29日" in _sms(case, "clock.recomputed")[PHONE]


def test_a_grant_without_a_licence_can_be_collected_at_once(world, case, at):
    _examined(world, case, at)
    world.act(world.approver, services.decide, case, at, **GRANT)
    said = _words(world, case, "case.granted")
    assert "已决定准予，请带身份证到江山市水利局窗口领取。" in said
    assert "复议" not in said


def test_a_grant_in_part_tells_the_remedies(world, case, at):
    _examined(world, case, at)
    partly = {"verb": Verb.GRANT_PARTLY, "reason": "准予每日五方。", "legal_basis": "《水法》"}
    world.act(world.approver, services.decide, case, at, **partly)
    said = _words(world, case, "case.granted")
    assert "部分准予" in said
    assert "行政复议" in said


@pytest.mark.parametrize(
    ("way", "ready"),
    [
        (HandOverWay.WINDOW, "请带身份证到江山市水利局窗口领取"),
        (HandOverWay.POST, "结果会寄到您留的地址"),
        (HandOverWay.PROXY, "请您的代理人带身份证和委托书到江山市水利局窗口领取"),
    ],
)
def test_a_licence_is_ready_when_it_was_made_and_comes_in_the_way_that_was_chosen(
    world, at, way, ready
):
    code = world.item("330881-zz", statutory=20, promised=5, result_type="证照")
    case = world.file(code, at, world.citizen)
    _examined(world, case, at)
    world.act(world.citizen, services.choose_delivery, case, at, way=way, address="峡口镇1号")
    world.act(world.approver, services.decide, case, at, **GRANT)
    assert "证照做好后再通知您领取" in _words(world, case, "case.granted")
    world.act(world.clerk, services.issue, case, at, licence_number="取水〔2013〕8号")
    said = _words(world, case, "case.issued")
    assert ready in said
    assert "取水〔2013〕8号" in said
    assert "峡口镇" not in said


def test_a_refusal_says_why_by_which_law_and_what_can_be_done(world, case, at):
    _examined(world, case, at)
    world.act(world.approver, services.decide, case, at, **REFUSAL)
    said = _words(world, case, "case.refused")
    for word in ("没有批准", REFUSAL["reason"], "《水法》第四十八条", "领取决定书", "行政复议"):
        assert word in said


def test_a_renewal_that_nobody_decided(world, item, at):
    renewal = Renewal("取水〔2008〕3号", date(2013, 10, 31))
    case = world.file(item, at, world.citizen, renewal=renewal)
    world.act(world.clerk, services.receive, case, at, is_renewal_seen=True)
    Worker().round(morning(2013, 11, 1))
    assert "依法视为准予延续，请带身份证到" in _words(world, case, "case.deemed_granted")


def test_delivery_by_post_names_the_letter(world, case, at):
    world.bring(case, "sealed", at)
    world.act(world.clerk, services.hand_over, case, at, way=HandOverWay.POST, note="EX123456789CN")
    said = _words(world, case, "case.delivered")
    assert "结果已寄出，邮件号码 EX123456789CN" in said
    assert "请马上拨打12345" in said


def test_delivery_to_a_proxy_names_nobody(world, case, at):
    world.bring(case, "sealed", at)
    world.act(world.clerk, services.hand_over, case, at, way=HandOverWay.PROXY, note="周小兰")
    said = _words(world, case, "case.delivered")
    assert "由代理人领取" in said
    assert "周小兰" not in said


def test_money_is_asked_for_and_given_back(world, case, at):
    cashier = world.people.post("cashier", Role.CLERK, world.water)
    world.bring(case, "received", at)
    made = world.act(world.clerk, services.charge, case, at, fees=[("工本费", 1000)])
    said = _words(world, case, "case.charged")
    assert "要缴费 10.00 元（工本费）" in said
    assert "统一收费窗口" in said
    assert "缴清以后才能拿到结果" in said
    charge_id = int(made["charge_id"])
    world.act(world.clerk, services.pay, case, at, charge_id=charge_id)
    refund = {"charge_id": charge_id, "cents": 1000, "reason": "多收了"}
    world.act(cashier, services.refund, case, at, **refund)
    said = _words(world, case, "case.refunded")
    assert "已退费 10.00 元" in said
    assert "多收了" in said


def test_withdrawn_terminated_and_taken_up_again(world, case, at):
    world.bring(case, "accepted", at)
    world.act(world.citizen, services.withdraw, case, at, reason="不办了")
    assert "不是您撤的，请拨打12345" in _words(world, case, "case.withdrawn")
    world.act(world.approver, services.reopen, case, at, reason="申请人要求继续")
    assert "恢复办理，2013年9月25日前办结" in _words(world, case, "case.reopened")
    end = {"why": TerminationReason.OBJECT_GONE, "reason": "水井已填。"}
    world.act(world.approver, services.terminate, case, at, **end)
    said = _words(world, case, "case.terminated")
    assert "申请事项的标的已不存在" in said
    assert "水井已填。" in said


# ── who is reached ────────────────────────────────────────────────────────────────────────────


def _enterprise(world, item, at, **more):
    applicant = Applicant(
        kind=ApplicantKind.LEGAL,
        name="江山市演示木业有限公司",
        **{"identity_number": CREDIT_CODE, "phone": PHONE, **more},
    )
    return world.file(item, at, applicant=applicant)


def test_of_an_enterprise_everybody_with_a_valid_mandate_is_told(world, item, at):
    former = world.people.post("former", Role.HANDLER, world.planning)
    common = {"credit_code": CREDIT_CODE, "enterprise_name": "江山市演示木业有限公司"}
    for person, until in (
        (world.citizen, None),
        (world.stranger, date(2013, 9, 17)),
        (former, date(2013, 9, 16)),
    ):
        Mandate.objects.create(proxy=person, valid_from=SINCE, valid_to=until, **common)
    case = _enterprise(world, item, at, person_id=world.citizen.id)
    told = _inbox(case, "case.submitted")
    assert set(told) == {world.citizen.id, world.stranger.id}
    assert "江山市演示木业有限公司：" in told[world.stranger.id].text
    assert set(_sms(case, "case.submitted")) == {PHONE}


@pytest.mark.parametrize(("phone", "reached"), [(PROXY_PHONE, PROXY_PHONE), ("", PHONE)])
def test_where_a_proxy_filed_the_sms_goes_to_them(world, item, at, phone, reached):
    proxy = Proxy("周小兰", NUMBERS[1], phone)
    case = _enterprise(world, item, at, proxy=proxy)
    assert set(_sms(case, "case.submitted")) == {reached}


def test_a_landline_gets_no_sms_and_nothing_fails(world, item, at):
    applicant = Applicant(ApplicantKind.NATURAL, "毛小明", NUMBERS[0], "0570-4012345")
    assert _said(world.file(item, at, applicant=applicant), "case.submitted") == []


def test_told_twice_is_once(world, case, at):
    world.bring(case, "accepted", at)
    deliver_all(at)
    before = Message.objects.count()
    assert before
    for event in ledger.history(case.stream):
        followers.MESSAGES.handle(event)
    assert replay("case_messages", at) >= 2
    deliver_all(at)
    assert Message.objects.count() == before


def test_the_offices_own_words_can_use_every_place(world, case, at):
    """What is told fills all places that the occasion lists, not only those of our own words."""
    for one in OCCASIONS:
        everything = "".join(f"{{{name}}}" for name in one.places)
        by = {"actor": world.actor(world.manager), "at": at, "command_id": new_command_id()}
        words = {"subject": "改：{item}", "body": everything, "sms": ""}
        save_template(event=one.event, audience=one.audience.value, **words, **by)
    second = world.people.post("second", Role.HANDLER, world.water)
    world.bring(case, "claimed", at)
    world.act(world.handler, services.ask_pause, case, at, **PAUSE)
    world.act(world.approver, services.pause, case, at)
    world.act(world.handler, services.resume, case, at, result="同意。")
    to = {"step_key": "review", "to_person_id": second.id, "reason": "出差"}
    world.act(world.handler, services.transfer_step, case, at, **to)
    deliver_all(at)
    rows = Message.objects.filter(subject=case.stream)
    assert rows.count() >= 6
    assert {row.title for row in rows} == {"改：取水许可"}


# ── colleagues ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def second(world):
    return world.people.post("second", Role.HANDLER, world.water)


def test_who_is_given_a_step_is_told_and_nobody_else(world, case, at, second):
    world.bring(case, "claimed", at)
    to = {"step_key": "review", "to_person_id": second.id, "reason": "我出差"}
    world.act(world.handler, services.transfer_step, case, at, **to)
    told = _inbox(case, "case.step_transferred", "staff")
    assert set(told) == {second.id}
    assert "转给您办理：取水许可，" in told[second.id].title
    assert "我出差" in told[second.id].text
    assert "2013年9月25日前办结" in told[second.id].text


def test_a_step_put_back_for_all_tells_nobody(world, case, at):
    world.bring(case, "claimed", at)
    put_back = {"step_key": "review", "to_person_id": None}
    world.act(world.handler, services.transfer_step, case, at, **put_back)
    assert _said(case, "case.step_transferred", "staff") == []


def test_the_stand_in_of_who_is_away_is_told_too(world, case, at, second):
    stand_in = world.people.post("stand_in", Role.HANDLER, world.planning)
    late = world.people.post("late", Role.HANDLER, world.planning)
    world.people.substitution(second, stand_in)
    world.people.substitution(second, late, from_date=date(2013, 9, 18))
    world.people.substitution(second, world.colleague, item_codes=["another"])
    world.bring(case, "claimed", at)
    to = {"step_key": "review", "to_person_id": second.id, "reason": "我出差"}
    world.act(world.handler, services.transfer_step, case, at, **to)
    assert set(_inbox(case, "case.step_transferred", "staff")) == {second.id, stand_in.id}


def test_a_signer_is_told(world, case, at, second):
    world.bring(case, "claimed", at)
    wanted = {"person_id": second.id, "organisation_id": world.water.id, "reason": "请核水量"}
    world.act(world.handler, services.add_signer, case, at, **wanted)
    told = _inbox(case, "case.signer_added", "staff")
    assert set(told) == {second.id}
    assert "请核水量" in told[second.id].text


def test_an_opinion_is_asked_of_the_units_handlers_for_this_item(world, case, at):
    planner = world.people.post("planner", Role.HANDLER, world.planning)
    world.people.post("other", Role.HANDLER, world.planning, item_codes=["another"])
    world.people.post("gone", Role.HANDLER, world.planning, valid_to=date(2013, 9, 16))
    world.bring(case, "claimed", at)
    asked = {"organisation_id": world.planning.id, "question": "是否影响航道？", "days": 5}
    world.act(world.handler, services.request_opinion, case, at, **asked)
    told = _inbox(case, "case.opinion_requested", "staff")
    assert set(told) == {planner.id}
    assert "是否影响航道？" in told[planner.id].text
    assert "2013年9月25日前答复" in told[planner.id].text


def test_nobody_is_told_as_a_colleague_about_their_own_case(world, item, at):
    planner = world.people.post("planner", Role.HANDLER, world.planning)
    case = world.file(item, at, planner)
    world.bring(case, "claimed", at)
    asked = {"organisation_id": world.planning.id, "question": "是否影响航道？", "days": 5}
    world.act(world.handler, services.request_opinion, case, at, **asked)
    assert _said(case, "case.opinion_requested", "staff") == []
    assert planner.id in _inbox(case, "case.accepted")


def test_nor_about_that_of_their_firm(world, item, at):
    planner = world.people.post("planner", Role.HANDLER, world.planning)
    common = {"credit_code": CREDIT_CODE, "enterprise_name": "江山市演示木业有限公司"}
    Mandate.objects.create(proxy=planner, valid_from=SINCE, **common)
    case = _enterprise(world, item, at)
    world.bring(case, "claimed", at)
    asked = {"organisation_id": world.planning.id, "question": "是否影响航道？", "days": 5}
    world.act(world.handler, services.request_opinion, case, at, **asked)
    assert _said(case, "case.opinion_requested", "staff") == []
    assert planner.id in _inbox(case, "case.accepted")


@pytest.mark.parametrize(
    ("command", "content", "event", "kind"),
    [
        ("ask_pause", PAUSE, "case.pause_asked", RequestKind.PAUSE),
        ("ask_extension", {"days": 5, "note": "须核对"}, "case.extension_asked", None),
    ],
)
def test_approvers_hear_what_is_asked_and_the_handler_hears_a_no(
    world, case, at, command, content, event, kind
):
    world.people.post("elsewhere", Role.APPROVER, world.planning)
    world.bring(case, "claimed", at)
    world.act(world.handler, getattr(services, command), case, at, **content)
    told = _inbox(case, event, "staff")
    assert set(told) == {world.approver.id}
    assert content["note"] in told[world.approver.id].text
    no = {"kind": kind or RequestKind.EXTENSION, "reason": "来得及"}
    world.act(world.approver, services.reject_request, case, at, **no)
    told = _inbox(case, "case.request_rejected", "staff")
    assert set(told) == {world.handler.id}
    assert "来得及" in told[world.handler.id].text
    assert _said(case, "case.request_rejected") == []


def test_a_no_reaches_both_the_stand_in_who_asked_and_the_one_away(world, case, at, second):
    world.people.substitution(world.handler, second)
    world.bring(case, "claimed", at)
    scope = world.scope(second)
    for_absent = next(one for one in scope.grants if one.acting_for_id == world.handler.id)
    actor = actor_of(scope, for_absent)
    ask = {"days": 5, "note": "须核对", "actor": actor}
    world.act(second, services.ask_extension, case, at, **ask)
    no = {"kind": RequestKind.EXTENSION, "reason": "来得及"}
    world.act(world.approver, services.reject_request, case, at, **no)
    told = _inbox(case, "case.request_rejected", "staff")
    assert set(told) == {second.id, world.handler.id}
    asked = _inbox(case, "case.extension_asked", "staff")[world.approver.id]
    assert "（代handler先生）申请延期" in asked.text


def test_a_step_sent_back_reaches_who_did_it(world, case, at, second):
    _examined(world, case, at)
    back = {"step_key": "review", "reason": "意见太短"}
    world.act(world.approver, services.return_step, case, at, **back)
    told = _inbox(case, "case.step_returned", "staff")
    assert set(told) == {world.handler.id}
    assert "意见太短" in told[world.handler.id].text


def test_corrections_reach_the_clerk_who_took_the_case_in(world, case, at):
    world.people.post("clerk2", Role.CLERK, world.water)
    world.bring(case, "received", at)
    world.act(world.clerk, services.ask_correction, case, at, note="请写明取水量。")
    world.act(world.citizen, services.supply, case, at, note="每日十方。", files=[])
    told = _inbox(case, "case.supplied", "staff")
    assert set(told) == {world.clerk.id}
    assert "请2013年9月17日前核对" in told[world.clerk.id].text


def test_an_ordinary_act_floods_nobody_at_work(world, case, at):
    world.bring(case, "delivered", at)
    deliver_all(at)
    assert not Message.objects.filter(audience="staff").exists()


# ── a revised calendar ────────────────────────────────────────────────────────────────────────


def _revise(day, at):
    """One more day off, in the notice of 2013 as shipped."""
    days = [*shipped_years()[2013], DayOff(day, False, "台风停工")]
    seed_calendars(at=at)
    load_calendar_year(
        year=2013,
        days_off=days,
        source="通知",
        published_on=None,
        **KEEPERS,
        at=at,
        command_id=new_command_id(),
    )


def test_a_revised_calendar_tells_old_and_new_day_to_applicant_and_holder(world, case, at):
    world.bring(case, "claimed", at)
    _revise(date(2013, 9, 24), at)
    rows = [row for row in _said(case, "clock.recomputed") if row.way == "inbox"]
    texts = "\n".join(row.text for row in rows)
    assert {row.person_id for row in rows} == {world.citizen.id}
    assert "承诺办结日期由2013年9月25日改为2013年9月26日" in texts
    assert "法定办结日期由2013年10月21日改为2013年10月22日" in texts
    (sms,) = [row.text for row in _said(case, "clock.recomputed") if row.way == "sms"]
    assert "承诺办结日期由2013年9月25日改为2013年9月26日" in sms
    told = _inbox(case, "clock.recomputed", "staff")
    assert set(told) == {world.handler.id}
    assert "承诺办结日期由2013年9月25日改为2013年9月26日" in told[world.handler.id].text
    case.refresh_from_db()
    assert case.next_due_date == date(2013, 9, 26)


def test_clocks_of_the_office_alone_tell_the_applicant_nothing(world, case, at):
    _revise(date(2013, 9, 24), at)  # moves the check of completeness
    assert any(event.kind == "clock.recomputed" for event in ledger.history(case.stream))
    assert _said(case, "clock.recomputed") == []


def test_what_did_not_move_is_not_told(world, case, at):
    """A year becomes official: a provisional date stays where it was."""
    world.bring(case, "accepted", at)
    _said(case, "case.accepted")
    event = ledger.history(case.stream)[-1]
    event.kind = "clock.recomputed"
    op = {"kind": "promised", "op": "recompute", "old_due": "2013-09-25", "due": "2013-09-25"}
    event.facts = {"clocks": [op]}
    followers.MESSAGES.handle(event)
    assert _said(case, "clock.recomputed") == []


def test_while_it_is_paused_a_case_has_no_day_to_move(world, case, at):
    world.bring(case, "claimed", at)
    world.act(world.handler, services.ask_pause, case, at, **PAUSE)
    world.act(world.approver, services.pause, case, at)
    _revise(date(2013, 9, 24), at)
    assert _said(case, "clock.recomputed") == []


# ── nothing goes wrong ────────────────────────────────────────────────────────────────────────


def test_a_provider_that_fails_undoes_nothing(world, case, at, provider):
    world.bring(case, "accepted", at)
    deliver_all(at)
    provider.reset(OSError("no route"))
    assert send_due(at) >= 1
    case.refresh_from_db()
    assert State(case.state) is State.ACCEPTED
    failed = Message.objects.get(state="failed")
    assert failed.subject == case.stream
    send_due(at + timedelta(minutes=10))
    assert not Message.objects.filter(state="failed").exists()


def test_a_follower_that_fails_undoes_nothing(world, case, at, monkeypatch):
    deliver_all(at)
    monkeypatch.setattr(
        "mingtang.cases.followers.telling.tell", lambda **_: (_ for _ in ()).throw(OSError("full"))
    )
    world.bring(case, "accepted", at)
    deliver_all(at)
    case.refresh_from_db()
    assert State(case.state) is State.ACCEPTED
    assert Delivery.objects.filter(follower="case_messages").exists()
    assert not Delivery.objects.filter(follower="case_due_dates").exists()


def test_what_people_were_told_leaves_nothing_personal_in_the_ledger(world, item, at):
    proxy = Proxy("周小兰", NUMBERS[1], PROXY_PHONE)
    applicant = Applicant(
        ApplicantKind.NATURAL, "毛小明", NUMBERS[0], PHONE, "峡口镇1号", world.citizen.id, proxy
    )
    case = world.file(item, at, applicant=applicant)
    world.act(world.clerk, services.receive, case, at, is_mandate_seen=True)
    world.act(world.clerk, services.ask_correction, case, at, note="请毛小明本人签名。")
    world.act(world.citizen, services.supply, case, at, note="已签。", files=[])
    world.act(world.clerk, services.accept, case, at)
    deliver_all(at)
    assert Message.objects.filter(subject=case.stream).count() >= 6
    facts = str([(event.facts, event.actor_label) for event in ledger.history(case.stream)])
    for secret in ("毛小明", "周小兰", *NUMBERS[:2], PHONE, PROXY_PHONE, "峡口镇"):
        assert secret not in facts


# ── on the case page ──────────────────────────────────────────────────────────────────────────


def test_staff_see_on_the_case_what_the_applicant_was_told(client, world, case, at):
    world.bring(case, "accepted", at)
    deliver_all(at)
    client.force_login(world.handler)
    page = client.get(f"/cases/{case.number}/").content.decode()
    card = page.split("已告知申请人")[1].split("</details>")[0]
    for word in ("已受理：取水许可", "站内消息", "毛*明", "短信", "138****0001", "等待发送"):
        assert word in card, card
    assert PHONE not in card


def test_more_messages_cost_no_more_queries(client, world, case, at, django_assert_max_num_queries):
    client.force_login(world.handler)

    def count():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/cases/{case.number}/").status_code == 200
        return len(seen)

    count()
    before = count()
    deliver_all(at)
    assert Message.objects.filter(subject=case.stream).count() == 2
    assert count() == before + 1  # the names of whom they went to


def test_what_goes_up_is_told_at_acceptance_and_when_it_went(world, at):
    town = Town(world)
    case = town.bring(town.file(town.item(), at, world.citizen), "referred", at)
    said = _words(world, case, "case.accepted_below")
    assert "贺村镇" in said
    assert "2013年10月21日前初审完毕并上报" in said
    said = _words(world, case, "case.referred_up")
    assert "报江山市水利局决定" in said
    assert "承诺2013年9月29日前办结" in said
