"""The inbox of three people, the office's wording, the count in the header, the doctor."""

import itertools
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from mingtang.base.clock import today
from mingtang.messages import queries, services
from mingtang.messages.models import Message, MessageTemplate
from mingtang.messages.rules import Audience
from mingtang.site.doctor import findings
from mingtang.site.work import Worker
from tests.messages.conftest import EMAIL, PHONE
from tests.messages.occasions import REFUSED
from tests.world import morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
INBOX = "/inbox/"
TEMPLATES = "/office/messages/templates/"
ONE = f"{TEMPLATES}case.accepted/applicant/"


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def many(told, world):
    """Tells the citizen so many things, a minute apart by twos: instants repeat."""
    numbers = itertools.count()

    def make(count: int) -> None:
        for number in itertools.islice(numbers, count):
            at = morning(2013, 9, 17) + timedelta(minutes=number // 2)
            told(person_id=world.citizen.id, dedupe=str(number), at=at)

    return make


class TestInbox:
    @pytest.mark.both
    def test_the_three_people(self, client, world, told, provider):
        (row,) = told(person_id=world.citizen.id)
        page = reverse("messages:message", args=[row.id])
        for path in (INBOX, page):
            assert client.get(path).url == f"/sign-in/?next={path}"
        client.force_login(world.stranger)
        assert "还没有消息" in text_of(client.get(INBOX))
        assert client.get(page).status_code == 404
        client.force_login(world.citizen)
        assert "您的申请已受理" in text_of(client.get(INBOX))
        assert "承诺 2013年9月30日 前办结" in text_of(client.get(page))

    def test_an_sms_is_in_nobodys_inbox(self, client, world, told, provider):
        inbox, sms = told(person_id=world.citizen.id, phone=PHONE)
        client.force_login(world.citizen)
        assert client.get(reverse("messages:message", args=[sms.id])).status_code == 404
        assert [row.id for row in queries.inbox(world.citizen.id).rows] == [inbox.id]

    @pytest.mark.parametrize("key", ["0", "x", "9223372036854775808", "9" * 40, "%00"])
    def test_an_address_of_no_message_is_a_404(self, client, world, key):
        client.force_login(world.citizen)
        assert client.get(f"{INBOX}{key}/").status_code == 404

    def test_opening_marks_as_read_and_the_header_counts(self, client, world, told, provider):
        first, _ = [told(person_id=world.citizen.id, dedupe=key)[0] for key in "ab"]
        client.force_login(world.citizen)
        assert self._counted(client) == 2
        assert text_of(client.get(INBOX)).count("未读</span></span>") == 2
        client.get(reverse("messages:message", args=[first.id]))
        assert self._counted(client) == 1
        assert "已读" in text_of(client.get(INBOX))

    def _counted(self, client) -> int:
        found = re.search(r'tool__count">(\d+)\+?</span>', text_of(client.get("/items/")))
        return int(found[1]) if found else 0

    def test_looking_from_outside_marks_nothing(self, client, world, told, provider):
        (row,) = told(person_id=world.citizen.id)
        client.force_login(world.stranger)
        client.get(reverse("messages:message", args=[row.id]))
        client.post(reverse("messages:read_all"))
        assert queries.unread_count(world.citizen.id) == 1

    def test_all_at_once_by_a_button(self, client, world, told, provider):
        for key in "abc":
            told(person_id=world.citizen.id, dedupe=key)
        client.force_login(world.citizen)
        assert client.get(reverse("messages:read_all")).status_code == 405
        assert client.post(reverse("messages:read_all")).url == INBOX
        assert self._counted(client) == 0
        assert "全部标为已读" not in text_of(client.get(INBOX))

    def test_a_visitor_has_no_inbox_in_the_header(self, client, world):
        assert INBOX not in text_of(client.get("/"))

    def test_more_than_a_hundred_are_not_counted_on(self, world, many, django_assert_num_queries):
        many(queries.MOST_COUNTED + 3)
        with django_assert_num_queries(1):
            assert queries.unread_count(world.citizen.id) == queries.MOST_COUNTED

    def test_the_applicant_and_staff_come_to_their_own_page_of_a_case(
        self, client, world, told, provider, at
    ):
        case = world.file(world.item(), at, world.citizen)
        about = {"subject": case.stream}
        (one,) = told(person_id=world.citizen.id, **about)
        (other,) = told(person_id=world.clerk.id, audience="staff", **about)
        for person, row, route in (
            (world.citizen, one, "cases:progress_case"),
            (world.clerk, other, "cases:detail"),
        ):
            client.force_login(person)
            page = text_of(client.get(reverse("messages:message", args=[row.id])))
            target = reverse(route, args=[case.number])
            assert f'href="{target}"' in page
            assert client.get(target).status_code == 200

    def test_a_subject_that_nobody_knows_has_no_link(self, client, world, told, provider):
        for subject in ("case:1", "case:x", "letter:5", "nothing"):
            (row,) = told(person_id=world.citizen.id, subject=subject, dedupe=subject)
            client.force_login(world.citizen)
            page = client.get(reverse("messages:message", args=[row.id]))
            assert "查看办理情况" not in text_of(page)


class TestPages:
    def test_newest_first_without_gaps_or_doubles(self, world, many):
        many(70)
        seen, after = [], None
        for _ in range(5):
            page = queries.inbox(world.citizen.id, after)
            seen += page.rows
            if page.next is None:
                break
            after = queries.Cursor.read(str(page.next))
        keys = [(row.created_at, row.id) for row in seen]
        assert keys == sorted(set(keys), reverse=True)
        assert len(keys) == 70

    @pytest.mark.both
    def test_the_next_page_is_an_address(self, client, world, many):
        many(queries.PAGE + 1)
        client.force_login(world.citizen)
        first = client.get(INBOX)
        second = client.get(INBOX + first.context["next_url"])
        assert len(second.context["rows"]) == 1
        assert "回到开头" in text_of(second)

    @pytest.mark.parametrize("garbled", ["", "x", "_", "5", "9223372036854775807_1", "1_x", "-1_1"])
    def test_a_garbled_address_is_the_first_page(self, client, world, told, provider, garbled):
        told(person_id=world.citizen.id)
        client.force_login(world.citizen)
        assert queries.Cursor.read(garbled) is None
        assert len(client.get(f"{INBOX}?after={garbled}").context["rows"]) == 1

    def test_the_page_costs_the_same_with_more_rows(
        self, client, world, many, django_assert_max_num_queries
    ):
        client.force_login(world.citizen)
        counts = []
        for count in (1, 25):
            many(count)
            client.get(INBOX)
            with django_assert_max_num_queries(8) as captured:
                client.get(INBOX)
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_what_was_told_about_a_case_costs_the_same_with_more_rows(
        self, world, many, django_assert_num_queries
    ):
        for count in (1, 25):
            many(count)
            with django_assert_num_queries(2):  # and the names of whom they went to
                assert {one.recipient for one in queries.sent_about("case:42")} == {"毛*明"}


@pytest.mark.both
def test_staff_see_that_the_applicant_was_told_where_and_when(world, told, provider, at):
    told(person_id=world.citizen.id, phone=PHONE, email=EMAIL)
    provider.reset(REFUSED)
    services.send_due(at)
    services.mark_read(person_id=world.citizen.id, at=at)
    seen = [
        (one.way.label, one.recipient, one.state_label, one.sent_at, one.read_at)
        for one in queries.sent_about("case:42")
    ]
    assert seen == [
        ("站内消息", "毛*明", "已送达", None, at),
        ("短信", "138****0001", "未能发出", None, None),
        ("邮件", "m****@example.cn", "已发送", at, None),
    ]
    assert queries.sent_about("case:43") == []


@pytest.mark.usefixtures("provider")
class TestWording:
    WORDS = {"subject": "好消息", "body": "{item} 已受理。", "sms": ""}

    def _post(self, client, path=ONE, **more):
        return client.post(path, {"command_id": new_command_id(), **self.WORDS, **more})

    @pytest.mark.parametrize("path", [TEMPLATES, ONE, f"{ONE}reset/"])
    def test_the_three_people(self, client, world, path):
        def ask():
            return self._post(client, path) if "reset" in path else client.get(path)

        assert ask().status_code == (403 if "reset" in path else 302)  # what was typed waits
        client.force_login(world.clerk)
        assert ask().status_code == 404
        client.force_login(world.manager)
        assert ask().status_code == (302 if "reset" in path else 200)

    def test_the_manager_finds_it_and_others_do_not_see_it(self, client, world):
        client.force_login(world.manager)
        page = client.get(TEMPLATES)
        assert [entry.label for entry in page.context["nav"] if entry.current] == ["消息模板"]
        assert "收到新申请" in text_of(page)
        client.force_login(world.clerk)
        assert "消息模板" not in text_of(client.get("/"))

    def test_a_preview_shows_the_words_with_examples_and_keeps_nothing(self, client, world):
        client.force_login(world.manager)
        page = self._post(client, preview="", sms="{number} 好了")
        assert page.status_code == 200
        assert "取水许可 已受理" in text_of(page)
        assert "24 字，按 1 条计费" in text_of(page)
        assert "还没有保存" in text_of(page)
        assert not MessageTemplate.objects.exists()

    def test_saved_words_are_shown_and_can_be_taken_back(self, client, world):
        client.force_login(world.manager)
        assert self._post(client, save="").url == ONE
        page = text_of(client.get(ONE))
        assert "好消息" in page
        assert "系统自带的文字" in page
        assert "本单位改写" in text_of(client.get(TEMPLATES))
        assert self._post(client, f"{ONE}reset/").url == ONE
        assert not MessageTemplate.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"body": "{nothing}"}, "“{nothing}”不认识"),
            ({"sms": "{"}, "花括号没有成对"),
            ({"subject": ""}, "请填写标题"),
            ({"sms": "字" * 501}, "500"),
        ],
    )
    @pytest.mark.parametrize("button", ["save", "preview"])
    def test_wrong_words_come_back_with_a_sentence_and_what_was_typed(
        self, client, world, wrong, sentence, button
    ):
        client.force_login(world.manager)
        page = self._post(client, **{"body": "写了很久的正文", **wrong, button: ""})
        assert page.status_code == 422
        assert sentence in text_of(page)
        assert next(iter(wrong.values())) in text_of(page)
        assert not MessageTemplate.objects.exists()

    @pytest.mark.both
    def test_the_same_page_sent_with_other_words_is_refused_and_typing_is_kept(self, client, world):
        client.force_login(world.manager)
        once = {"command_id": new_command_id(), "save": ""}
        self._post(client, **once)
        page = self._post(client, **once, subject="另一个标题")
        assert page.status_code == 422
        assert "另一个标题" in text_of(page)
        assert MessageTemplate.objects.get().subject == "好消息"

    def test_an_occasion_that_is_not_there_is_a_404(self, client, world):
        client.force_login(world.manager)
        for which in ("case.unheard/applicant", "case.accepted/staff", "x/y"):
            assert client.get(f"{TEMPLATES}{which}/").status_code == 404

    def test_words_that_fit_no_more_are_marked_and_can_be_opened(self, client, world, at):
        MessageTemplate.objects.create(
            event="case.accepted",
            audience="applicant",
            changed_at=at,
            subject="{gone}",
            body="正文",
        )
        client.force_login(world.manager)
        assert "用不上" in text_of(client.get(TEMPLATES))
        assert "现在发出的是系统自带的文字" in text_of(client.get(ONE))
        assert any("用不上" in finding.text for finding in findings(today()))

    def test_the_list_costs_the_same_with_more_rows(self, world, at, django_assert_num_queries):
        for audience in Audience:
            with django_assert_num_queries(1):
                assert len(queries.wordings()) == 2
            MessageTemplate.objects.create(
                event="case.accepted",
                audience=audience.value,
                changed_at=at,
                subject="标题",
                body="正文",
            )


class TestOperations:
    def _texts(self) -> list[str]:
        return [found.text for found in findings(today()) if found.is_serious]

    def test_the_worker_sends(self, told, provider, at):
        told(phone=PHONE)
        Worker().round(at)
        assert len(provider.sent) == 1

    def test_the_doctor_tells_what_was_given_up_and_resend_mends_it(
        self, told, provider, capsys, monkeypatch
    ):
        at = morning(2013, 9, 17)
        command = "mingtang.site.management.commands.resend"
        monkeypatch.setattr(f"{command}.today", lambda: at.date())
        monkeypatch.setattr(f"{command}.now", lambda: at)
        provider.reset(REFUSED)
        told(phone=PHONE)
        services.send_due(at)
        told_of = [finding.text for finding in findings(at.date()) if finding.is_serious]
        assert any("有 1 条短信或邮件未能发出（最近一条：Refused: 空号）" in one for one in told_of)
        assert not any("未能发出" in one.text for one in findings(at.date() + timedelta(days=31)))
        call_command("resend")
        assert "1 条" in capsys.readouterr().out
        services.send_due(at)
        assert Message.objects.get().state == "sent"
        assert not any("未能发出" in one.text for one in findings(at.date()))

    def test_the_doctor_tells_of_a_provider_that_does_not_load(self, settings):
        settings.MINGTANG_SMS_PROVIDER = "nowhere.Provider"
        assert any("MINGTANG_SMS_PROVIDER" in text for text in self._texts())

    def test_in_production_a_log_line_is_no_way_to_reach_people(self, settings):
        assert not any("只写日志" in text for text in self._texts())
        settings.MINGTANG_IS_PRODUCTION = True
        assert sum("只写日志" in text for text in self._texts()) == 2
