"""Pages, by three people: who prepares and answers, the colleague of another unit, the public."""

import re

import pytest
import time_machine
from django.urls import reverse

from mingtang.base.clock import legal_date
from mingtang.consultations import services
from mingtang.consultations.models import Activity, Comment, Sheet
from mingtang.disclosure.models import Publication
from tests.consultations.conftest import INTERVIEW, SURVEY, TITLE
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CANARY = {
    "text": "我叫金丝雀，家住城南村8组19号，身份证330881190001010015，电话13800000009，水费太贵",
    "name": "金丝雀",
    "phone": "13800000009",
    "may_publish": "on",
}
WORDS = ("金丝雀", "330881190001010015", "13800000009", "城南村8组")


@pytest.fixture
def page(client, ask):
    """Opens pages as somebody, at the moment of the fixture."""

    class Page:
        def __init__(self):
            self.at = ask.at

        def as_(self, person=None):
            client.logout()
            if person is not None:
                client.force_login(person)
            return self

        def get(self, name, *args, **query):
            with time_machine.travel(self.at, tick=False):
                return client.get(reverse(f"consultations:{name}", args=args), query)

        def post(self, name, /, *args, **data):
            data = {"command_id": new_command_id(), **data}
            with time_machine.travel(self.at, tick=False):
                return client.post(reverse(f"consultations:{name}", args=args), data)

        def text(self, name, *args, **query):
            answer = self.get(name, *args, **query)
            assert answer.status_code == 200, answer.status_code
            return answer.content.decode()

    return Page()


@pytest.mark.slow
@pytest.mark.both
def test_a_consultation_by_pages_and_no_canary_is_seen_by_the_public(ask, page):
    page.as_(ask.office.contact)
    form = {
        "organisation": ask.office.organ.id,
        "title": TITLE,
        "text": "第一条 保障饮用水安全。",
        "explanation": "办法十年没有修改。",
        "days": 30,
    }
    made = page.post("office_new", "opinions", **form)
    activity = Activity.objects.get()
    assert made.url == reverse("consultations:office_one", args=[activity.id])
    assert "公众还看不到" in page.text("office_one", activity.id)
    assert page.as_().get("one", activity.id).status_code == 404
    ask.publish(activity.notice_id)
    assert TITLE in page.text("index")
    assert "我要提意见" in page.text("one", activity.id)
    sent = page.post("say", activity.id, **CANARY)
    assert sent.url == reverse("consultations:thanks", args=[activity.id])
    assert "您的编号是 <strong>1</strong>" in page.text("thanks", activity.id)
    public = [page.text("index"), page.text("one", activity.id), page.text("feed")]
    page.as_(ask.office.contact)
    shown = page.text("office_comment", activity.id, 1)
    (proposed,) = re.findall(r'name="public_text"[^>]*>([^<]*)</textarea>', shown)
    assert "330***" in proposed
    assert "金丝雀" not in proposed
    refused = page.post("office_judge", activity.id, 1, "keep", public_text=proposed)
    assert refused.status_code == 422, "an address is a person's matter: the masks leave it"
    assert (
        page.post("office_judge", activity.id, 1, "keep", public_text="水费太贵").status_code == 302
    )
    said = {"verdict": "adopted", "text": "已经修改第二条。"}
    assert page.post("office_judge", activity.id, 1, "answer", **said).status_code == 302
    page.at = ask.over
    assert "起草结果" in page.text("office_one", activity.id)
    assert page.post("office_result", activity.id, words="").status_code == 302
    activity.refresh_from_db()
    ask.publish(activity.result_id, ask.over)
    page.as_()
    result = page.text("one", activity.id)
    assert "已经修改第二条。" in result
    assert "水费太贵" in result
    public += [result, page.text("index"), page.text("feed")]
    public += [one.version.body for one in Publication.objects.all()]
    assert [word for word in WORDS for text in public if word in text] == []


def test_who_may_not_sees_nothing_of_it(ask, page):
    activity = ask.opened()
    ask.say(activity)
    colleague, citizen = ask.office.other_head, ask.office.world.citizen
    for person in (colleague, citizen):
        page.as_(person)
        assert page.get("office_one", activity.id).status_code == 404
        assert page.get("office_comment", activity.id, 1).status_code == 404
        kept = page.post("office_judge", activity.id, 1, "keep", public_text="水费太贵")
        assert kept.status_code == 404
        assert page.post("office_result", activity.id, words="").status_code == 404
        assert page.post("office_tokens", activity.id, count=1).status_code == 404
    assert TITLE not in page.as_(colleague).text("office")
    assert page.as_(citizen).get("office").status_code == 404
    assert page.get("office_new", "opinions").status_code == 404
    assert page.as_().get("office").status_code == 302
    assert page.as_(ask.office.world.manager).get("office_one", activity.id).status_code == 200
    assert page.post("office_judge", activity.id, 1, "keep", public_text="水费").status_code == 404
    assert Comment.objects.get().state == "waiting"


def test_a_form_that_says_too_little_comes_back_with_what_was_typed(ask, page):
    activity = ask.opened(INTERVIEW)
    page.as_()
    back = page.post("say", activity.id, text="喂", phone="123", name="某人")
    assert back.status_code == 422
    assert "电话号码不对" in back.content.decode()
    assert "某人" in back.content.decode()
    assert not Comment.objects.exists()


def test_too_many_words_of_one_source_are_slowed_down(ask, page):
    activity = ask.opened()
    page.as_()
    answers = [page.post("say", activity.id, text=f"第{n}条意见") for n in range(21)]
    assert [one.status_code for one in answers] == [302] * 20 + [429]


def test_after_the_end_the_form_says_so(ask, page):
    activity = ask.opened()
    page.at = ask.over
    assert page.get("say", activity.id).status_code == 409
    assert page.post("say", activity.id, text="还来得及吗").status_code == 409
    assert "到现在还没有公布" not in page.text("one", activity.id)
    page.at = ask.over.replace(year=2014)
    assert "到现在还没有公布" in page.text("one", activity.id)


def test_a_survey_by_sign_in_and_by_code_and_its_bars_with_the_result(ask, page):
    activity = ask.opened(SURVEY)
    sheet = {"q1": "1", "q2": ["0", "2"], "q3": "水压低"}
    page.as_(ask.office.world.citizen)
    assert "答题码" not in page.text("answer", activity.id).split('<form class="card')[1]
    assert page.post("answer", activity.id, **sheet).status_code == 302
    assert page.post("answer", activity.id, **sheet).status_code == 409
    page.as_(ask.office.contact)
    codes = page.post("office_tokens", activity.id, count=2).content.decode()
    (first, second) = re.findall(r'class="code">([^<]+)<', codes)
    page.as_()
    assert page.post("answer", activity.id, **sheet).status_code == 422
    assert page.post("answer", activity.id, **sheet, token=first).status_code == 302
    assert page.post("answer", activity.id, **{**sheet, "q1": ""}, token=second).status_code == 422
    assert Sheet.objects.count() == 2
    page.as_(ask.office.contact)
    assert "水压低" in page.text("office_one", activity.id)
    page.at = ask.over
    services.draft_result(activity_id=activity.id, words="", **ask.by(at=ask.over))
    activity.refresh_from_db()
    page.as_()
    assert "bars__bar" not in page.text("one", activity.id)
    ask.publish(activity.result_id, ask.over)
    shown = page.text("one", activity.id, a=1, b=2)
    assert "2（100%）" in shown
    assert "bars__bar" in shown
    assert "不到 10 人，不公布" in shown
    assert "水压低" not in shown


def test_a_search_finds_it_by_the_words_of_its_draft(ask, page):
    ask.opened()
    ask.opened(INTERVIEW)
    found = page.text("index", q="水费按量")
    assert TITLE in found
    assert INTERVIEW.title not in found
    assert INTERVIEW.title in page.text("index", kind="interview")


def test_when_it_closes_and_that_it_was_published_stand_in_the_open_calendar(ask, client):
    activity = ask.opened()
    text = client.get(reverse("open_data:calendar")).content.decode().replace("\r\n ", "")
    closes = f"{legal_date(activity.closes_at):%Y%m%d}"
    assert f"DTSTART;VALUE=DATE:{closes}" in text
    assert f"SUMMARY:截止：{activity.title}" in text
    assert f"UID:publication-{activity.notice_id}@" in text
    ask.draft(SURVEY)  # what is only prepared is nobody's yet
    assert SURVEY.title not in client.get(reverse("open_data:calendar")).content.decode()
