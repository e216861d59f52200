"""The pages: three people each, numbers that open their cards, words that are kept."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingtang.base.subjects import titles_of, url_of
from mingtang.files.queries import uploads_of
from mingtang.ledger import queries as ledger
from mingtang.supervision import queries
from mingtang.supervision.models import Card, Directive, ProfileChoice, Rule
from mingtang.supervision.rules import CancelReason
from tests.supervision.making import moment
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORDS = "系统停电两天，附通知。"
ON = date(2013, 9, 18)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(moment(ON), tick=False):
        yield


def url(name, *args):
    return reverse(f"supervision:{name}", args=args)


def text_of(answer):
    return answer.content.decode()


def post(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


def act(client, card, verb, **data):
    return post(client, url("act", card.id, verb), **data)


@pytest.fixture
def directive(hall, red):
    hall.supervise(
        "order", hall.inspector, card_id=red.id, detail="请尽快办结。", due_date=date(2013, 9, 24)
    )
    return Directive.objects.get()


class TestThreePeople:
    """Who may, the colleague who may not, the stranger."""

    def seen(self, client, path, people):
        client.logout()
        assert client.get(path).url.startswith("/sign-in/"), path
        for person, status in people:
            client.force_login(person)
            assert client.get(path).status_code == status, (path, person)

    @pytest.mark.slow
    @pytest.mark.both
    def test_a_card_and_its_papers_are_for_its_office_and_those_who_watch(
        self, client, hall, red, directive
    ):
        for path in (
            url("card", red.id),
            url("card_paper", red.id),
            url("directive_paper", directive.id),
        ):
            self.seen(
                client,
                path,
                [
                    (hall.inspector, 200),
                    (hall.handler, 200),
                    (hall.manager, 200),
                    (hall.colleague, 404),
                    (hall.citizen, 404),
                ],
            )

    def test_boards_and_lists_are_for_staff_and_the_scope_decides(self, client, hall, red):
        for path in (url("board"), url("cards")):
            self.seen(client, path, [(hall.inspector, 200), (hall.colleague, 200)])
            client.force_login(hall.stranger)
            assert client.get(path).status_code == 404
        client.force_login(hall.colleague)
        assert list(client.get(url("cards")).context["rows"]) == []
        client.force_login(hall.handler)
        assert len(client.get(url("cards")).context["rows"]) == 3

    def test_rules_are_read_by_those_who_watch_and_changed_by_inspectors(self, client, hall):
        rule = url("rule", "overdue", "TIME_PROMISE_OVER")
        for path in (url("rules"), rule):
            self.seen(
                client,
                path,
                [(hall.inspector, 200), (hall.manager, 200), (hall.handler, 404)],
            )
        client.force_login(hall.manager)
        assert client.get(rule).context["form"] is None
        assert post(client, rule).status_code == 404
        assert (
            post(client, url("switch"), profile="expiring", since="2013-10-01").status_code == 404
        )

    @pytest.mark.parametrize("verb", ["uphold", "propose", "approve", "reject", "order", "close"])
    def test_an_office_does_not_judge(self, client, hall, red, verb):
        client.force_login(hall.handler)
        assert act(client, red, verb).status_code == 403
        client.force_login(hall.colleague)
        assert act(client, red, verb).status_code == 404
        client.force_login(hall.citizen)
        assert act(client, red, verb).status_code == 404

    @pytest.mark.parametrize("verb", ["explain", "appeal", "answer"])
    def test_an_inspector_does_not_speak_for_an_office(self, client, hall, red, verb):
        client.force_login(hall.inspector)
        assert act(client, red, verb).status_code == 403
        assert act(client, red, "dance").status_code == 404


def verbs(client, card):
    return [one["verb"] for one in client.get(url("card", card.id)).context["acts"]]


def test_the_page_offers_what_the_reader_may_do_now(client, hall, red):
    client.force_login(hall.clerk)
    assert verbs(client, red) == ["explain", "appeal"]
    client.force_login(hall.manager)
    assert verbs(client, red) == []
    client.force_login(hall.inspector)
    assert verbs(client, red) == ["propose", "order"]  # the office may still appeal
    tones = [one["tone"] for one in client.get(url("card", red.id)).context["acts"]]
    assert tones == ["plain", "plain"], "nobody is led to cancel it"
    with time_machine.travel(moment(date(2013, 9, 24)), tick=False):
        client.force_login(hall.inspector)
        assert verbs(client, red) == ["uphold", "propose", "order", "close"]
        client.force_login(hall.clerk)
        assert verbs(client, red) == ["explain"]
    client.force_login(hall.inspector)
    act(client, red, "propose", reason="outage", note=WORDS)
    assert verbs(client, red) == ["order"]
    client.force_login(hall.second)
    assert verbs(client, red) == ["approve", "reject", "order"]
    reminder = Card.objects.get(rule_code="TIME_DUE_SOON")
    assert verbs(client, reminder) == []


def test_a_card_says_what_when_and_how_its_limit_was_reckoned(client, hall, red):
    client.force_login(hall.clerk)
    page = text_of(client.get(url("card", red.id)))
    for told in (
        *("超过承诺时限两个工作日以上", "红牌", red.number, "第 1 版", "水利局"),
        *(
            url_of(hall.case.stream, for_staff=True),
            hall.case.number,
            "开始计时",
            "到期日 2013-09-09",
        ),
        *("申诉时限到", "2013年9月23日", "发出", "通知有关人员"),
    ):
        assert told in page, told


@pytest.mark.slow
def test_a_case_over_its_limit_from_explaining_to_cancelling_by_two(client, hall, red):
    client.force_login(hall.clerk)
    assert act(client, red, "explain", text=WORDS).status_code == 302
    evidence = SimpleUploadedFile("通知.txt", "停电通知".encode(), "text/plain")
    picture = SimpleUploadedFile("tu.png", PNG, "image/png")
    refused = act(client, red, "appeal", text=WORDS, uploads=[evidence])
    assert refused.status_code == 422
    assert WORDS in text_of(refused)
    assert act(client, red, "appeal", text=WORDS, uploads=[picture]).status_code == 302
    (upload,) = uploads_of(red.stream)
    client.force_login(hall.inspector)
    page = text_of(client.get(url("card", red.id)))
    assert url("evidence", red.id, upload.id) in page
    answer = client.get(url("evidence", red.id, upload.id))
    assert b"".join(answer.streaming_content)[:8] == PNG[:8]
    client.force_login(hall.colleague)
    assert client.get(url("evidence", red.id, upload.id)).status_code == 404
    client.force_login(hall.inspector)
    assert client.get(url("evidence", red.id, 1)).status_code == 404
    act(client, red, "propose", reason="outage", note="核对属实，有通知为证。")
    red.refresh_from_db()
    assert red.counts
    mine = act(client, red, "approve")
    assert mine.status_code == 409
    assert "提出的人不能自己批准" in text_of(mine)
    client.force_login(hall.second)
    assert act(client, red, "approve").status_code == 302
    red.refresh_from_db()
    assert (red.state, red.counts) == ("cancelled", False)


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def test_a_refusal_is_a_sentence_and_nothing_typed_is_lost(client, hall, red):
    client.force_login(hall.inspector)
    answer = act(client, red, "propose", note="核对属实，有通知为证。")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "请选一项原因" in page
    assert "核对属实，有通知为证。" in page
    late = act(client, red, "order", detail="请尽快办结。", due_date="2013-09-18")
    assert late.status_code == 422
    assert "须晚于今天" in text_of(late)
    assert "请尽快办结。" in text_of(late)
    early = act(client, red, "uphold", finding="没有依据，维持。")
    assert early.status_code == 409
    assert "2013-09-23 前（含当日）还可以申诉" in text_of(early)
    hall.supervise("close", hall.inspector, date(2013, 9, 24), card_id=red.id)
    gone = act(client, red, "uphold", finding="没有依据，维持。")
    assert gone.status_code == 409
    assert "现为“已了结”" in text_of(gone)
    assert "您刚才填写的内容：没有依据，维持。" in text_of(gone)


def test_sent_twice_is_done_once(client, hall, red):
    client.force_login(hall.clerk)
    one = {"command_id": new_command_id(), "text": WORDS}
    for _ in range(2):
        assert client.post(url("act", red.id, "explain"), one).status_code == 302
    assert [kind for _, kind in ledger.kinds_of(red.stream)].count("card.explained") == 1


def test_an_order_is_given_answered_and_printed(client, hall, red):
    client.force_login(hall.inspector)
    act(
        client,
        red,
        "order",
        detail="两日内办结并说明。",
        due_date="2013-09-24",
        suggestion="排班。",
    )
    made = Directive.objects.get()
    client.force_login(hall.clerk)
    assert verbs(client, red) == ["explain", "appeal", "answer"]
    assert act(client, red, "answer", answer="已经办结，附说明。").status_code == 302
    paper = text_of(client.get(url("directive_paper", made.id)))
    for told in (
        "效能监察督办单",
        made.number,
        "江山市水利局：",
        "2013年9月24日",
        "督办单〔2013〕1号",
    ):
        assert told in paper
    assert "已经办结" in text_of(client.get(url("card", red.id)))
    assert act(client, red, "answer", answer="再反馈一次。").status_code == 404


def test_a_printed_card_says_what_its_page_says(client, hall, red):
    client.force_login(hall.clerk)
    page = text_of(client.get(url("card_paper", red.id)))
    for told in ("效能监察红牌通知书", red.number, "计 1.50 分", "2 个工作日内说明"):
        assert told in page


@pytest.mark.slow
def test_papers_are_files_as_well(client, hall, red, directive, pdf_machine):
    client.force_login(hall.clerk)
    for path in (url("card_pdf", red.id), url("directive_pdf", directive.id)):
        answer = client.get(path)
        assert answer.content.startswith(b"%PDF-"), path
        assert "no-store" in answer["Cache-Control"]
    client.force_login(hall.colleague)
    assert client.get(url("card_pdf", red.id)).status_code == 404


# ── boards ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.both
def test_every_number_of_the_board_opens_as_many_cards(client, hall, red):
    hall.supervise("appeal", hall.clerk, card_id=red.id, text=WORDS)
    client.force_login(hall.inspector)
    page = client.get(url("board")).context
    cells = [*page["today"], *page["open"], *page["waiting"]]
    for line in [*page["units"], *page["rules"]]:
        cells += line["cells"]
    assert sum(cell["count"] for cell in cells) == 1 + 1 + 1 + 1
    for cell in cells:
        assert len(client.get(cell["url"]).context["rows"]) == cell["count"], cell
    with time_machine.travel(moment(date(2013, 9, 11)), tick=False):
        today = client.get(url("board")).context["today"]
        assert [cell["count"] for cell in today] == [0, 0, 1]
        for cell in today:
            assert len(client.get(cell["url"]).context["rows"]) == cell["count"]


def test_a_board_looks_back(client, hall, red):
    client.force_login(hall.handler)
    page = client.get(url("board"), {"since": "2013-09-01", "until": "2013-09-10"}).context
    assert page["units"] == []
    assert text_of(client.get(url("board"), {"since": "tomorrow"})).count("红牌") > 1


@pytest.mark.slow
@pytest.mark.both
def test_a_list_is_narrowed_and_read_in_pages(client, hall, red, monkeypatch):
    client.force_login(hall.inspector)

    def numbers(**asked):
        return [row["number"] for row in client.get(url("cards"), asked).context["rows"]]

    assert numbers(colour="red") == [red.number]
    assert numbers(state="superseded", until="2013-09-09") == numbers(rule="TIME_DUE_SOON")
    assert numbers(unit=hall.planning.id) == numbers(unit=hall.water.id)  # no such choice
    assert numbers(unit="0") == numbers(show="proposed") == []
    assert numbers(subject=hall.case.stream) == numbers()
    assert numbers(colour="blue") == numbers()
    seen, query = [], {}
    monkeypatch.setattr(queries.cards, "__defaults__", (*queries.cards.__defaults__[:2], 2))
    page = client.get(url("cards"), query)
    seen += [row["number"] for row in page.context["rows"]]
    page = client.get(url("cards") + page.context["next_url"])
    seen += [row["number"] for row in page.context["rows"]]
    assert seen == list(
        Card.objects.order_by("-raised_date", "-id").values_list("number", flat=True)
    )


def more_cards(red, count):
    for number in range(count):
        Card.objects.create(
            number=f"监多{number}",
            rule=red.rule,
            rule_code=red.rule_code,
            subject=red.subject,
            key=f"x{number}",
            colour="yellow",
            score=1,
            raised_date=date(2013, 9, 11),
            raised_at=moment(ON),
            organisation=red.organisation,
            facts={},
            state="raised",
        )


@pytest.mark.parametrize("page", ["board", "cards"])
def test_more_cards_take_no_more_statements(client, hall, red, page, django_assert_max_num_queries):
    client.force_login(hall.inspector)
    client.get(url(page))
    with django_assert_max_num_queries(40) as before:
        client.get(url(page))
    more_cards(red, 9)
    with django_assert_max_num_queries(len(before)):
        assert client.get(url(page)).status_code == 200


def test_the_page_of_a_case_leads_to_its_cards(client, hall, red):
    client.force_login(hall.clerk)
    page = url_of(hall.case.stream, for_staff=True)
    assert "/supervision/cards/?subject=case%3A" in text_of(client.get(page))
    fresh = hall.file(hall.item_code, moment(ON))
    other = text_of(client.get(url_of(fresh.stream, for_staff=True)))
    assert "/supervision/cards/?subject" not in other


@pytest.mark.both
def test_subjects_lead_to_cards(hall, red):
    assert url_of(red.stream, for_staff=True) == url("card", red.id)
    assert url_of(red.stream) is None
    assert url_of("card:x", for_staff=True) is None
    assert titles_of([red.stream, "card:1"]) == {
        red.stream: f"红牌 {red.number} {red.rule.name}",
        "card:1": "card:1",
    }
    assert url_of(f"watched:{hall.case.stream}", for_staff=True).endswith(
        f"?subject=case%3A{hall.case.id}"
    )
    assert url_of("watched:case:1", for_staff=True) is None


# ── rules ─────────────────────────────────────────────────────────────────────────────────────

VERSION = {
    "n-over_days": "3",
    "colour": "yellow",
    "score": "0.5",
    "valid_from": "2013-09-19",
    "is_on": "on",
}
RULE = ("overdue", "TIME_PROMISE_OVER")


@pytest.mark.both
def test_the_next_version_of_a_rule_is_tried_and_saved(client, hall, red):
    client.force_login(hall.inspector)
    page = url("rule", *RULE)
    with time_machine.travel(moment(date(2014, 3, 3)), tick=False):
        client.force_login(hall.inspector)
        tried = post(client, page, **VERSION | {"valid_from": "2014-03-04"}, **{"try": "1"})
        assert tried.status_code == 200
        found = tried.context["trial"]
        assert (found["year"], found["before"], found["after"]) == (2013, 1, 1)
        assert found["subjects"][0]["on"] == date(2013, 9, 12)
        assert hall.case.number in text_of(tried)
    assert Rule.objects.filter(profile=RULE[0], code=RULE[1]).count() == 1
    client.force_login(hall.inspector)
    assert post(client, page, **VERSION, save="1").status_code == 302
    latest = queries.rule_versions(*RULE)[0]
    assert (latest.version, latest.params["over_days"], str(latest.score)) == (2, 3, "0.50")
    assert latest.params["clocks"] == ["promised"]
    assert "新版本" in text_of(client.get(url("rules")))


def test_a_version_that_cannot_be_says_why_and_keeps_what_was_typed(client, hall):
    client.force_login(hall.inspector)
    page = url("rule", *RULE)
    early = post(client, page, **VERSION | {"valid_from": "2013-09-18"}, save="1")
    assert early.status_code == 422
    assert "不溯及既往" in text_of(early)
    off = post(client, page, **{k: v for k, v in VERSION.items() if k != "is_on"}, save="1")
    assert "请写明停用的原因" in text_of(off)
    wild = post(client, page, **VERSION | {"n-over_days": "400"}, save="1")
    assert "请填 0 至 366 的整数" in text_of(wild)
    assert Rule.objects.filter(profile=RULE[0], code=RULE[1]).count() == 1
    assert client.get(url("rule", "overdue", "NONE")).status_code == 404
    assert client.get(url("rules"), {"profile": "none"}).status_code == 404


@pytest.mark.both
def test_another_profile_holds_from_a_day_on(client, hall):
    client.force_login(hall.inspector)
    past = post(client, url("switch"), profile="expiring", since="2013-09-18")
    assert past.status_code == 422
    assert "不溯及既往" in text_of(past)
    assert post(client, url("switch"), profile="expiring", since="2013-10-01").status_code == 302
    assert ProfileChoice.objects.filter(profile="expiring", since_date="2013-10-01").exists()
    page = text_of(client.get(url("rules")))
    assert "将要换用" in page
    assert CancelReason.DATA.label not in page
