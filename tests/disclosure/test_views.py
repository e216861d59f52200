"""The desk: the one who may, the colleague who may not, the stranger; the whole chain by pages."""

import io
import re
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mingtang.accounts.rules import Role
from mingtang.channels.models import Channel, Release
from mingtang.disclosure import services
from mingtang.disclosure.models import Publication, Review, Training
from mingtang.disclosure.queries import desk
from mingtang.ledger.queries import history
from tests.world import PASSWORD, new_command_id

pytestmark = pytest.mark.once

ITEM = {
    "title": "关于检查农村饮用水工程的通知",
    "body": "请于月底前完成检查。",
    "column": "work",
    "formed_date": "2013-09-10",
    "genre": "notice",
    "attribute": "active",
    "validity": "none",
    "target_group": "全社会",
}


@pytest.fixture
def page(client):
    """Opens pages as somebody; gives the answer."""

    class Page:
        def as_(self, person):
            client.force_login(person)
            return self

        def get(self, name, *args, **query):
            return client.get(reverse(f"disclosure:{name}", args=args), query)

        def post(self, name, *args, **data):
            data = {"command_id": new_command_id(), **data}
            return client.post(reverse(f"disclosure:{name}", args=args), data)

        def text(self, name, *args, **query):
            answer = self.get(name, *args, **query)
            assert answer.status_code == 200
            return answer.content.decode()

    return Page()


def png():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    return file.getvalue()


def act(page, person, item, verb, **data):
    item = Publication.objects.select_related("version").get(id=item.id)
    read = {"content_hash": item.version.content_hash}
    return page.as_(person).post("office_act", item.id, verb, **{**read, **data})


@pytest.mark.both
def test_the_chain_goes_by_pages_from_draft_to_the_ledger(office, page, time_machine_at):
    page.as_(office.contact)
    made = page.post("office_new", organisation=office.organ.id, **ITEM)
    assert made.status_code == 302
    item = Publication.objects.get()
    assert "没有发现个人信息" in page.text("office_item", item.id)
    assert act(page, office.contact, item, "submit").status_code == 302
    assert act(page, office.worker, item, "review", opinion="同意").status_code == 302
    done = act(
        page,
        office.head,
        item,
        "publish",
        channels=["portal", "board", "paper"],
    )
    assert done.status_code == 302
    item.refresh_from_db()
    assert item.is_public
    codes = Release.objects.order_by("channel__code").values_list("channel__code", flat=True)
    assert list(codes) == ["board", "paper", "portal", "site"]
    shown = page.text("releases", since="2013-01-01", until="2030-12-31")
    assert ITEM["title"] in shown
    assert "缺凭证" in shown, "the board has no picture yet"
    book = page.text("book", since="2013-01-01", until="2030-12-31")
    assert all(word in book for word in ("起草", "送审", "审核同意", "发布"))


@pytest.fixture
def time_machine_at(at):
    import time_machine

    with time_machine.travel(at, tick=False):
        yield


def test_what_is_found_stands_on_the_page_and_stops_the_approval(office, page, time_machine_at):
    item = office.submit(office.draft(body="身份证 330881190001010015"))
    shown = page.as_(office.head).text("office_item", item.id)
    assert "必须处理" in shown
    assert "330881190001010015" not in shown.split("<h2")[1], "the finding is masked"
    answer = act(page, office.head, item, "review", opinion="同意")
    assert answer.status_code == 422
    assert "请退回清理" in answer.content.decode()
    justified = act(page, office.head, item, "review", justification="依法公开的号码示例")
    assert justified.status_code == 302


def test_who_drafted_is_offered_neither_review_nor_release(office, page):
    item = office.submit(office.draft(office.head))
    shown = page.as_(office.head).text("office_item", item.id)
    assert "审核同意</summary>" not in shown
    assert act(page, office.head, item, "review").status_code == 422
    assert Publication.objects.get(id=item.id).state == "review"


@pytest.mark.parametrize(
    ("verb", "who", "allowed"),
    [
        ("review", "contact", False),
        ("review", "secrecy", False),
        ("publish", "worker", False),
        ("clear", "head", False),
        ("review", "other_head", False),
        ("review", "worker", True),
    ],
)
def test_each_act_is_for_its_roles_at_the_items_unit(office, page, verb, who, allowed):
    item = office.submit(office.draft(office.head if verb == "clear" else office.contact))
    answer = act(page, getattr(office, who), item, verb)
    assert (answer.status_code == 302) is allowed
    if not allowed:
        assert answer.status_code == 404
        assert Publication.objects.get(id=item.id).state == "review"


def test_who_publishes_shows_who_it_is_and_who_reviews_does_not(office, page, settings):
    settings.MINGTANG_PROOF_MINUTES = 15
    item = office.submit(office.draft())
    assert act(page, office.worker, item, "review").status_code == 302
    typed = {"channels": ["board"]}
    asked = act(page, office.head, item, "publish", **typed)
    assert asked.status_code == 403
    assert "board" in asked.content.decode()
    assert not office.item(item.id).is_public
    wrong = act(page, office.head, item, "publish", **typed, proof_of_self="not-it")
    assert wrong.status_code == 422
    assert not office.item(item.id).is_public
    assert (
        act(page, office.head, item, "publish", **typed, proof_of_self=PASSWORD).status_code == 302
    )
    assert office.item(item.id).is_public


PAGES = ["desk", "office_new", "releases", "releases_export", "release_enter", "book", "trainings"]


@pytest.mark.both
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_those_who_publish(office, page, name):
    assert page.as_(office.worker).get(name).status_code == 200
    assert page.as_(office.world.clerk).get(name).status_code == 404
    assert page.as_(office.world.citizen).get(name).status_code == 404


def test_a_stranger_is_asked_to_sign_in(office, client):
    for name in (*PAGES, "auto"):
        answer = client.get(reverse(f"disclosure:{name}"))
        assert answer.status_code == 302
        assert "sign-in" in answer["Location"] or "login" in answer["Location"]


def test_another_units_item_looks_as_if_it_were_not_there(office, page):
    item = office.draft()
    assert page.as_(office.other_head).get("office_item", item.id).status_code == 404
    assert page.as_(office.head).get("office_item", item.id).status_code == 200
    assert page.get("office_item", 1).status_code == 404
    assert page.get("office_item", "x").status_code == 404


@pytest.mark.both
def test_the_centres_manager_reads_and_does_nothing(office, page):
    item = office.submit(office.draft())
    shown = page.as_(office.world.manager).text("office_item", item.id)
    assert "可以办的" not in shown
    assert act(page, office.world.manager, item, "review").status_code == 404


@pytest.mark.both
def test_an_item_is_changed_and_its_files_kept(office, page, time_machine_at, settings, tmp_path):
    settings.MINGTANG_HOME = tmp_path
    page.as_(office.contact)
    picture = SimpleUploadedFile("现场照片.png", png(), "image/png")
    page.post("office_new", organisation=office.organ.id, new_files=[picture], **ITEM)
    item = Publication.objects.select_related("version").get()
    kept = [one["upload_id"] for one in item.version.attachments]
    shown = {"content_hash": item.version.content_hash, "organisation": office.organ.id}
    changed = page.post(
        "office_edit", item.id, **{**ITEM, **shown, "title": "改过的通知", "kept": kept}
    )
    assert changed.status_code == 302
    item = office.item(item.id)
    assert (item.version.number, item.version.title) == (2, "改过的通知")
    assert [one["upload_id"] for one in item.version.attachments] == kept
    read = page.get("office_file", item.id, kept[0])
    assert b"".join(read.streaming_content)[:4] == b"\x89PNG"
    assert page.get("office_version", item.id, 1).status_code == 200
    assert page.as_(office.other_head).get("office_file", item.id, kept[0]).status_code == 404


@pytest.mark.both
def test_ticked_items_are_reviewed_together(office, page):
    items = [office.submit(office.draft(title=f"第 {n} 号通知")) for n in range(3)]
    shown = page.as_(office.head).text("desk", list="review")
    bound = re.findall(r'name="bound" value="([^"]+)"', shown)
    assert len(bound) == 3
    page.post("review_many", bound=bound[:2], opinion="同意")
    states = sorted(office.item(one.id).state for one in items)
    assert states == ["approved", "approved", "review"]


def _bound(*items):
    return [f"{one.id}:{one.version.content_hash}" for one in items]


def test_a_stand_in_for_the_drafter_is_known_among_the_items_of_their_own_unit(office, page):
    """The head of one unit stands in for that of another, and ticks items of both."""
    office.world.people.substitution(office.other_head, office.head)
    there = {"organisation_id": office.world.planning.id}
    own = office.submit(office.draft())
    drafted = office.submit(office.draft(office.other_head, title="代办人的草稿", **there))
    page.as_(office.head).post("review_many", bound=_bound(drafted, own), opinion="同意")
    assert office.item(drafted.id).state == "review"
    assert office.item(own.id).state == "approved"


def test_what_is_reviewed_in_two_posts_is_told_of_each(office, page):
    office.world.people.substitution(office.other_head, office.head)
    there = {"organisation_id": office.world.planning.id}
    own, other = office.submit(office.draft()), office.submit(office.draft(title="外单位", **there))
    data = {"bound": _bound(other, own), "opinion": "同意", "command_id": new_command_id()}
    page.as_(office.head)
    for _twice in range(2):
        page.post("review_many", **data)
    told = {one.id: list(history(one.subject))[-1] for one in (own, other)}
    assert {event.kind for event in told.values()} == {"disclosure.reviewed"}
    assert told[own.id].acting_for_id is None
    assert told[other.id].acting_for_id == str(office.other_head.id)
    assert Review.objects.count() == 2, "the form sent twice is done once"


def test_the_ledger_is_downloaded_with_safe_cells(office, page):
    office.published(services.On("board"), title="=1+1 的通知")
    page.as_(office.worker)
    answer = page.get("releases_export", since="2013-01-01", until="2013-12-31")
    assert "'=1+1 的通知" in answer.content.decode()


@pytest.mark.both
def test_a_release_is_entered_proven_and_withdrawn_by_hand(office, page, time_machine_at):
    page.as_(office.worker)
    entered = page.post(
        "release_enter",
        organisation=office.organ.id,
        channel="handbook",
        title="办事手册",
        released_date="2013-09-16",
        quantity=500,
        item_count=1,
        distribution="市发改局 200\n各窗口 300",
    )
    assert entered.status_code == 302
    row = Release.objects.get()
    assert "市发改局" in page.text("release", row.id)
    page.post("release_prove", row.id, text="签收单一份")
    assert row.evidence.count() == 2
    assert page.post("release_withdraw", row.id, reason="").status_code == 422
    page.post("release_withdraw", row.id, reason="重复登记")
    row.refresh_from_db()
    assert row.withdrawn_by == office.worker
    assert page.as_(office.other_head).get("release", row.id).status_code == 404


@pytest.mark.both
def test_a_release_of_the_system_itself_offers_no_withdrawal(office, page, time_machine_at):
    office.published(services.On("board"))
    page.as_(office.worker)
    own, board = (Release.objects.get(channel__code=code) for code in ("site", "board"))
    assert "确认撤下" not in page.text("release", own.id)
    assert "确认撤下" in page.text("release", board.id)
    refused = page.post("release_withdraw", own.id, reason="重复登记")
    assert "请打开这条信息" in refused.content.decode()
    assert office.item(own.subject.removeprefix("publication:")).is_public


def test_a_wrong_entry_says_what_is_wrong(office, page, time_machine_at):
    answer = page.as_(office.worker).post(
        "release_enter",
        organisation=office.organ.id,
        channel="handbook",
        title="办事手册",
        released_date="2013-09-16",
        quantity=400,
        distribution="市发改局 200",
    )
    assert answer.status_code == 422
    assert "合计 200 份，与数量 400 份不符" in answer.content.decode()


@pytest.mark.both
@pytest.mark.parametrize(
    "more",
    [
        {"quantity": "99999999999999999999"},
        {"quantity": "1000001"},
        {"item_count": "99999999999999999999"},
        {"channel": "handbook", "distribution": "市" * 200 + " 1"},
        {"channel": "handbook", "distribution": "市发改局 99999999999999999999"},
    ],
)
def test_an_entry_without_measure_is_told(office, page, time_machine_at, more):
    page.as_(office.worker)
    entry = {"organisation": office.organ.id, "channel": "board", "title": "公示"}
    entry |= {"released_date": "2013-09-16", "quantity": 1, "item_count": 1}
    assert page.post("release_enter", **entry | more).status_code == 422
    assert not Release.objects.exists()


@pytest.mark.parametrize("count", ["32768", "99999999999999999999"])
def test_a_training_of_too_many_is_told(office, page, time_machine_at, count):
    page.as_(office.worker)
    training = {"organisation": office.organ.id, "held_date": "2013-09-16", "topic": "条例"}
    answer = page.post("trainings", **training, attendees="各科室", attendee_count=count, hours="1")
    assert answer.status_code == 422
    assert "32767" in answer.content.decode()


@pytest.mark.parametrize("name", ["book", "releases", "releases_export"])
def test_days_of_no_calendar_of_ours_are_brought_near(office, page, name):
    office.published()
    answer = page.as_(office.worker).get(name, since="0001-01-01", until="9999-12-31")
    assert answer.status_code == 200
    if name == "book":
        shown = answer.content.decode()
        assert "1949-01-01" in shown
        assert "2100-12-31" in shown


def test_why_a_version_was_written_is_kept_without_files_too(office, page, time_machine_at):
    item = office.draft()
    page.as_(office.contact)
    assert 'name="note"' not in page.text("office_new")
    assert 'name="note"' in page.text("office_edit", item.id)
    shown = {"content_hash": item.version.content_hash, "organisation": office.organ.id}
    page.post("office_edit", item.id, **ITEM, **shown, note="更正日期")
    assert office.item(item.id).version.note == "更正日期"


def test_an_entry_has_the_channels_of_its_own_unit(office, page, time_machine_at):
    for organ in (office.organ, office.world.planning):
        place = Channel.objects.filter(code="board").values().get()
        named = {"code": f"own{organ.id}", "name": f"{organ.id} 的橱窗", "position": 90}
        Channel.objects.create(**place | named | {"id": organ.id, "organisation_id": organ.id})
    both = office.world.people.post("both", Role.DISCLOSURE_OFFICE, office.organ)
    office.world.people.post("both", Role.DISCLOSURE_OFFICE, office.world.planning)
    shown = page.as_(both).text("release_enter")
    assert all(f"own{one.id}" in shown for one in (office.organ, office.world.planning))
    entry = {"title": "公示", "released_date": "2013-09-16", "quantity": 1, "item_count": 1}
    theirs = {"organisation": office.world.planning.id, "channel": f"own{office.world.planning.id}"}
    assert page.post("release_enter", **entry, **theirs).status_code == 302
    crossed = theirs | {"channel": f"own{office.organ.id}"}
    assert page.post("release_enter", **entry, **crossed).status_code == 422
    assert Release.objects.get().organisation_id == office.world.planning.id


@pytest.mark.both
def test_the_hours_of_a_year_are_those_of_all_its_trainings(office, page, time_machine_at):
    for number in range(3):
        services.note_training(
            organisation_id=office.organ.id,
            held_date=office.at.date(),
            topic=f"第 {number} 讲",
            attendees="",
            attendee_count=1,
            hours=Decimal("0.7"),
            **office.by(office.worker),
        )
    page.as_(office.worker)
    with patch.object(desk, "PAGE", 2):
        first = page.text("trainings")
        assert "共 2.1 小时" in first
        assert "第 2 讲" in first
        assert "第 0 讲" not in first
        further = re.search(r"after=([\w\-]+)", first)[1]
        rest = page.text("trainings", after=further)
    assert "共 2.1 小时" in rest
    assert "第 0 讲" in rest
    assert "第 2 讲" not in rest


@pytest.mark.both
def test_a_training_is_noted(office, page, time_machine_at):
    page.as_(office.head).post(
        "trainings",
        organisation=office.organ.id,
        held_date="2013-09-12",
        topic="新条例学习",
        attendees="各科室联络员",
        attendee_count=12,
        hours="1.5",
    )
    assert Training.objects.get().topic == "新条例学习"
    assert "新条例学习" in page.text("trainings", year=2013)


def test_what_publishes_itself_is_switched_by_the_head_alone(office, page):
    assert page.as_(office.worker).get("auto").status_code == 404
    assert "行政许可办理结果" in page.as_(office.head).text("auto")
    page.post("auto_switch", "licence", is_on="0")
    assert "关闭" in page.text("auto")


def test_an_old_number_is_noted_with_its_doubts(office, page):
    item = office.published()
    done = act(page, office.head, item, "number", number="000000001/2012-00151")
    assert done.status_code == 302
    assert "校验码不对" in page.text("office_item", item.id)


@pytest.mark.both
def test_overdue_items_are_listed(office, page):
    import time_machine

    office.draft()
    with time_machine.travel("2013-10-15T10:00:00+08:00", tick=False):
        shown = page.as_(office.worker).text("desk", list="overdue")
    assert "超期 1 个工作日" in shown
    with time_machine.travel("2013-10-14T10:00:00+08:00", tick=False):
        assert "这里没有信息" in page.as_(office.worker).text("desk", list="overdue")


@pytest.mark.both
def test_the_desk_asks_as_often_with_more_rows(office, page, django_assert_max_num_queries):
    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            page.text("desk", list="all")
        return len(found)

    page.as_(office.worker)
    office.draft()
    first = count()
    for n in range(12):
        office.draft(title=f"第 {n} 号通知")
    assert count() == first


def test_a_take_down_needs_its_reason(office, page):
    item = office.published()
    assert act(page, office.head, item, "take_down", reason="").status_code == 422
    assert act(page, office.head, item, "take_down", reason="内容有误").status_code == 302
    assert not office.item(item.id).is_public


def test_an_unknown_act_is_not_there(office, page):
    item = office.draft()
    assert act(page, office.head, item, "burn").status_code == 404
