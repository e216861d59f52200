"""English on the pages of the public: by a button, kept by a cookie, never on pages of staff."""

import re
from html.parser import HTMLParser
from threading import Barrier, Thread

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, override

from mingtang.base.words import said
from mingtang.cases.models import Case
from mingtang.cases.services import tracking_code
from mingtang.ledger.queries import history
from mingtang.ledger.services import command
from tests.world import World, morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HAN = re.compile(r"[\u3400-\u9fff]+")
DOCUMENT_NUMBER = re.compile(r"\w*〔\d+〕\d+号")
HEAD = {"江山市政务服务", "江山市行政服务中心管理办公室", "中文"}  # names of the site, its button
FILED = morning(2026, 11, 23)


class Texts(HTMLParser):
    """The texts of a page that somebody reads or hears."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spoken = {"aria-label", "alt", "title", "placeholder", "data-label"}
        self.found += [text or "" for name, text in attrs if name in spoken]


def chinese_of(page: str, data: set[str]) -> list[str]:
    """The Chinese of a page, without what is data and stays as it is."""
    texts = DOCUMENT_NUMBER.sub("", "\n".join(Texts(page).found))
    for one in sorted(data | HEAD, key=len, reverse=True):
        texts = texts.replace(one, "")
    return HAN.findall(texts)


@pytest.fixture
def english(client: Client, db: None) -> Client:
    client.post(reverse("site:preference"), {"language": "en", "next": "/"})
    return client


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


DATA = {
    *("取水许可", "江山市水利局", "水利局", "江山市规划局", "规划局", "江山市行政服务中心"),
    *("行政服务中心", "江山市", "毛小明", "毛*明", "开小吃店", "市水利局", "市规划局"),
}
# What was said of a case, and its papers, which are Chinese.
CASE_DATA = {"符合条件", "准予决定书", "受理通知书", "办理结果告知单", "送达回证"}


def progress_of(client: Client, case: Case) -> str:
    """The page of a case for who knows its code."""
    keys = {"number": case.number, "code": tracking_code(case)}
    answer = client.post(reverse("cases:progress"), keys)
    return read(client, answer.url)


class TestTheButton:
    def test_it_comes_back_to_the_page_that_then_speaks_english(self, client):
        page = read(client, "/help/")
        assert 'value="en"' in page
        assert "English" in page
        answer = client.post(reverse("site:preference"), {"language": "en", "next": "/help/?a=b"})
        assert answer.url == "/help/?a=b"
        answer = client.get("/help/")
        assert '<html lang="en"' in answer.content.decode()
        assert answer["Content-Language"] == "en"
        assert "Cookie" in answer["Vary"]

    def test_it_leads_back_to_chinese(self, english):
        assert 'value="zh"' in read(english, "/help/")
        english.post(reverse("site:preference"), {"language": "zh", "next": "/help/"})
        answer = english.get("/help/")
        assert '<html lang="zh-hans"' in answer.content.decode()
        assert answer["Content-Language"] == "zh-hans"

    @pytest.mark.parametrize("value", ["fr", "zh-hans", "", "en\r\nX: y"])
    def test_another_language_is_no_choice(self, client, value):
        answer = client.post(reverse("site:preference"), {"language": value, "next": "/help/"})
        assert "mt_language" not in answer.cookies
        client.cookies["mt_language"] = "fr"
        assert '<html lang="zh-hans"' in read(client, "/help/")

    def test_what_the_browser_prefers_is_not_asked(self, client):
        answer = client.get("/help/", headers={"accept-language": "en"})
        assert "使用帮助" in answer.content.decode()


class TestPublicPages:
    @pytest.mark.parametrize(
        ("path", "wanted"),
        [
            ("/", "What do you need?"),
            ("/items/", "All departments"),
            ("/items/?q=没有的事", "No service found"),
            ("/help/", "How to follow a case"),
            ("/places/", "Open today?"),
            ("/results/", "Published decisions"),
            ("/progress/", "Tracking code"),
            ("/filing/", "Resume code"),
            ("/verify/", "Verification code"),
            ("/life/", "Life events"),
            ("/accessibility/", "Skip to main content"),
            ("/sections/openness/", "What you can do now"),
            ("/sections/operation/", "No applications received yet this year"),
            ("/sections/interaction/", "Rate your own case"),
            ("/sections/projects/", "Project approval"),
        ],
    )
    def test_it_speaks_english_alone(self, english, world, path, wanted):
        world.item()
        page = read(english, path)
        assert wanted in page
        assert chinese_of(page, DATA | {"没有的事"}) == []

    def test_the_pages_of_an_item_and_its_application(self, english, world):
        code = world.item(promised=7)
        page = read(english, reverse("catalogue:item", args=[code]))
        for wanted in ("What to bring", "7 working days", "Permit", "Apply online", "4. Materials"):
            assert wanted in page
        guide = read(english, reverse("catalogue:guide", args=[code]))
        assert "7 working days" in guide
        begin = read(english, reverse("cases:file", args=[code]))
        assert "Who is applying" in begin
        assert chinese_of(begin, DATA) == []

    @pytest.mark.parametrize(
        ("state", "wanted"),
        [
            ("", ("Submitted", "Application submitted", "The counter is about to check")),
            ("accepted", ("Accepted", "Promised time", "working days", "Received")),
            ("granted", ("Granted, to be handed over", "Collect the result", "Examination")),
            ("delivered", ("Handed over", "Rate this service", "Collect at the counter")),
        ],
    )
    def test_a_case_wherever_it_stands(self, english, world, state, wanted):
        case = world.file(world.item(), FILED)
        if state:
            world.bring(case, state, FILED)
        page = progress_of(english, case)
        assert [one for one in wanted if one not in page] == []
        names = {str(one) for one in (world.clerk, world.handler, world.approver)}
        assert chinese_of(page, DATA | CASE_DATA | names) == []

    def test_an_error_is_told_in_english(self, english):
        answer = english.get("/nothing/here/")
        assert answer.status_code == 404
        assert chinese_of(answer.content.decode(), set()) == []
        answer = english.post(reverse("cases:progress"), {"number": "", "code": ""})
        assert "Please enter the case number." in answer.content.decode()


class TestStaff:
    def test_their_pages_stay_chinese_and_offer_no_english(self, english, world):
        english.force_login(world.clerk)
        for path in (reverse("cases:desk"), reverse("site:today"), reverse("messages:inbox")):
            answer = english.get(path)
            page = answer.content.decode()
            assert '<html lang="zh-hans"' in page
            assert answer["Content-Language"] == "zh-hans"
            assert "mt_language" not in page
            assert 'name="language"' not in page
            assert "首页" in page

    def test_public_pages_speak_english_to_them_too(self, english, world):
        english.force_login(world.clerk)
        assert "What do you need?" in read(english, "/")

    def test_citizens_who_signed_in_read_english(self, english, world):
        english.force_login(world.citizen)
        world.file(world.item(), FILED, world.citizen)
        assert "My messages" in read(english, reverse("messages:inbox"))
        mine = read(english, reverse("cases:mine"))
        assert "My cases" in mine
        assert "Submitted" in mine

    def test_a_database_that_is_away_is_still_a_503(self, english, world, monkeypatch):
        english.force_login(world.citizen)

        def away(*args, **kwargs):
            raise OperationalError("away")

        monkeypatch.setattr("mingtang.accounts.policy.scope_of", away)
        answer = english.get(reverse("messages:inbox"))
        assert answer.status_code == 503
        assert "The system is busy" in answer.content.decode()


class TestWhatIsWrittenDown:
    def test_records_of_who_reads_english_are_chinese(self, english, world):
        case = world.file(world.item(), FILED)
        progress_of(english, case)
        form = {"reason": "", "command_id": "e" * 32}
        answer = english.post(reverse("cases:withdraw", args=[case.number]), form)
        assert answer.status_code == 302
        with override("zh-hans"):
            last = history(case.stream)[-1]
        assert last.kind == "case.withdrawn"
        assert last.actor_label == "申请人"

    def test_a_command_runs_in_chinese(self, world):
        seen: list[str | None] = []

        @command("test.noted")
        def note(*, actor, at, command_id):
            seen.append(get_language())
            return {}

        with override("en"):
            note(actor=world.actor(world.clerk), at=FILED, command_id=new_command_id())
            assert get_language() == "en"
        assert seen == ["zh-hans"]


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_read_each_their_own(world: World):
    start, found = Barrier(2), {}

    def reader(language: str) -> None:
        client = Client()
        client.cookies["mt_language"] = language
        start.wait(timeout=10)
        found[language] = [read(client, "/help/") for _ in range(10)]

    threads = [Thread(target=reader, args=[one]) for one in ("en", "zh")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all("Help" in page and "使用帮助" not in page for page in found["en"])
    assert all("使用帮助" in page for page in found["zh"])
    assert get_language() == "zh-hans"


def test_after_an_english_page_the_same_process_speaks_chinese(english):
    assert "Not found" in english.get("/nothing/").content.decode()
    assert "没有找到" in Client().get("/nothing/").content.decode()
    assert "What do you need?" in read(english, "/")
    assert "想办什么事" in read(Client(), "/")


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("准予", "Granted"),
        ("20个工作日", "20 working days"),
        ("1个工作日", "1 working day"),
        ("35.50 元", "35.50 yuan"),
        ("2013年9月17日", "2013-9-17"),
        ("窗口、网上", "Counter, online"),
        ("窗口、某处", "窗口、某处"),
        ("取水许可", "取水许可"),
        ("", ""),
    ],
)
def test_words_of_the_rules_are_said_and_data_passes(word, wanted):
    with override("en"):
        assert said(word) == wanted
    with override("zh-hans"):
        assert said(word) == word


def test_what_goes_wrong_most_often_is_told_in_english(english, world):
    begin = reverse("cases:file", args=[world.item()])
    typed = {"applicant_kind": "natural", "applicant_name": "毛小明", "phone": "13800000001"}
    answer = english.post(begin, typed | {"identity_number": "11010519491231002"})
    assert "An identity number has 18 digits; this one has 17." in answer.content.decode()
    answer = english.post(reverse("cases:progress"), {"number": "1" * 21, "code": "AAAAA-AAAAA"})
    assert "Case number or tracking code is wrong." in answer.content.decode()


def test_a_sentence_keeps_its_names_and_numbers():
    with override("en"):
        assert said("请填写“雇 3 个人以上吗”。") == "Please fill in “雇 3 个人以上吗”."
        assert said("“店名”有 90 个字，最多 60 个字，请精简。").startswith(
            "“店名” has 90 characters"
        )
