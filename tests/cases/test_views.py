"""Pages of a case, each seen by the one who may, the colleague who may not, the stranger."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.cases.rules import State, Verb
from mingtang.files.models import Upload
from mingtang.files.services import attach, store
from mingtang.ledger import queries as ledger
from tests import papers
from tests.cases.writing import Writer, applying
from tests.world import NUMBERS, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PNG = papers.png()


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5)


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


@pytest.mark.parametrize("page", ["items/%00/file", "progress/%00", "filed/%0a", "cases/%00"])
def test_control_characters_in_an_address_are_a_404(client, world, page):
    client.force_login(world.clerk)
    assert client.get(f"/{page}/").status_code == 404


class TestReceipt:
    def test_only_the_browser_that_filed_sees_it(self, client, case, world):
        url = reverse("cases:filed", args=[case.number])
        assert client.get(url).status_code == 404
        client.force_login(world.colleague)
        assert client.get(url).status_code == 404

    def test_the_next_person_at_the_browser_does_not_see_it(self, client, item, world):
        writer = Writer(client, item)
        writer.fill_plain()
        receipt = writer.file().url
        assert client.get(receipt).status_code == 200
        data = {"username": "stranger", "password": world.people.password}
        client.post(reverse("accounts:sign_in"), data)
        assert client.get(receipt).status_code == 404

    def test_pages_with_personal_data_are_not_kept_by_the_browser(self, client, item, world):
        client.force_login(world.citizen)
        for answer in (
            client.get(reverse("cases:file", args=[item])),
            client.post(reverse("cases:file", args=[item]), applying(phone="1")),
        ):
            assert "no-store" in answer["Cache-Control"]


class TestProgress:
    def _look(self, client, case, code=None):
        code = code or services.tracking_code(case)
        data = {"number": case.number, "code": code}
        return client.post(reverse("cases:progress"), data, follow=True)

    def test_number_and_code_show_the_way_and_no_name(self, client, case):
        page = self._look(client, case).content.decode()
        assert "材料核对期限" in page or "收件" in page
        assert "毛*明" in page
        assert "毛小明" not in page
        assert NUMBERS[0] not in page

    def test_a_wrong_code_shows_nothing(self, client, case):
        answer = self._look(client, case, "22222-22222")
        assert answer.status_code == 404
        assert "毛*明" not in answer.content.decode()

    def test_without_the_code_the_address_alone_opens_nothing(self, client, case, world):
        url = reverse("cases:progress_case", args=[case.number])
        assert client.get(url).status_code == 404
        client.force_login(world.stranger)
        assert client.get(url).status_code == 404
        client.force_login(world.citizen)
        assert client.get(url).status_code == 200

    def test_a_refusal_shows_reason_and_remedies(self, client, world, case, at):
        world.bring(case, "examined", at)
        refuse = {"reason": "没有取水指标", "legal_basis": "《水法》", "verb": Verb.REFUSE}
        world.act(world.approver, services.decide, case, at, **refuse)
        page = self._look(client, case).content.decode()
        assert "没有取水指标" in page
        assert "行政复议" in page


class TestMine:
    def test_a_citizen_sees_their_own_and_no_other(self, client, case, world):
        url = reverse("cases:mine")
        assert client.get(url).status_code == 302
        client.force_login(world.citizen)
        assert case.number in client.get(url).content.decode()
        client.force_login(world.stranger)
        assert case.number not in client.get(url).content.decode()


class TestDesk:
    def test_the_clerk_the_colleague_and_the_stranger(self, client, case, world):
        url = reverse("cases:desk")
        assert client.get(url).status_code == 302
        client.force_login(world.clerk)
        assert case.number in client.get(url).content.decode()
        client.force_login(world.colleague)
        assert case.number not in client.get(url).content.decode()
        client.force_login(world.citizen)
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize(
        "query", ["tab=nothing", "after=garbage", "q=%00", "q='--", "after=_9" * 40]
    )
    def test_a_garbled_address_is_still_a_page(self, client, world, query):
        client.force_login(world.clerk)
        assert client.get(f"{reverse('cases:desk')}?{query}").status_code == 200

    def test_the_page_costs_the_same_with_more_rows(
        self, client, world, item, at, django_assert_max_num_queries
    ):
        client.force_login(world.clerk)
        counts = []
        for rows in (1, 20):
            for _ in range(rows):
                world.file(item, at)
            client.get(reverse("cases:desk"))  # the session and the calendar are warm
            with django_assert_max_num_queries(13) as captured:
                client.get(reverse("cases:desk"))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestDetailAndActs:
    def _act(self, client, case, verb, **data):
        url = reverse("cases:act", args=[case.number, verb])
        return client.post(url, {"command_id": new_command_id(), **data})

    def _page(self, client, case):
        return client.get(reverse("cases:detail", args=[case.number]))

    def test_the_three_people(self, client, case, world):
        assert self._page(client, case).status_code == 302
        client.force_login(world.clerk)
        page = self._page(client, case).content.decode()
        assert "毛小明" in page
        assert NUMBERS[0] not in page  # masked
        client.force_login(world.colleague)
        assert self._page(client, case).status_code == 404
        client.force_login(world.citizen)
        assert self._page(client, case).status_code == 404

    def test_buttons_are_those_of_the_table_and_of_the_persons_post(self, client, case, world):
        def buttons(person):
            client.force_login(person)
            page = self._page(client, case).content.decode()
            return set(re.findall(rf"/cases/{case.number}/([a-z-]+)/\"", page)) - {"files"}

        assert buttons(world.clerk) == {"receive", "transfer", "withdraw"}
        assert buttons(world.handler) == set()

    def test_a_whole_life_by_hand(self, client, case, world, at):
        way = [
            (world.clerk, "receive", {}),
            (world.clerk, "accept", {}),
            (world.handler, "claim", {"step_key": "review"}),
            (
                world.handler,
                "examine",
                {"step_key": "review", "opinion": "符合条件", "finding": "fit"},
            ),
            (world.approver, "grant", {"reason": "符合条件"}),
            (world.clerk, "hand-over", {"way": "window", "note": "本人"}),
        ]
        for person, verb, data in way:
            if verb == "hand-over":
                world.seal(case, at)
            client.force_login(person)
            answer = self._act(client, case, verb, **data)
            assert answer.status_code == 302, (verb, answer.content.decode()[-2000:])
        case.refresh_from_db()
        assert State(case.state) is State.DELIVERED
        assert ledger.verify().is_ok

    def test_a_colleague_cannot_act_and_cannot_tell_that_the_case_exists(self, client, case, world):
        client.force_login(world.colleague)
        assert self._act(client, case, "receive").status_code == 404

    def test_a_wrong_role_is_refused_with_a_sentence(self, client, case, world):
        client.force_login(world.handler)
        answer = self._act(client, case, "receive")
        assert answer.status_code == 403
        assert "您的岗位不能" in answer.content.decode()
        case.refresh_from_db()
        assert State(case.state) is State.SUBMITTED

    def test_who_comes_second_is_told(self, client, case, world, at):
        world.bring(case, "received", at)
        client.force_login(world.clerk)
        answer = self._act(client, case, "receive")
        assert answer.status_code == 409
        assert "已收件" in answer.content.decode()

    def test_a_refused_decision_keeps_what_was_typed(self, client, case, world, at):
        world.bring(case, "examined", at)
        client.force_login(world.approver)
        answer = self._act(client, case, "refuse", reason="没有取水指标", legal_basis="")
        assert answer.status_code == 422
        assert "没有取水指标" in answer.content.decode()

    def test_acts_are_not_done_by_opening_an_address(self, client, case, world):
        client.force_login(world.clerk)
        assert client.get(reverse("cases:act", args=[case.number, "receive"])).status_code == 405


def _close(answer):
    """Close the file without the end of the request, which would close the test's database."""
    for close in answer._resource_closers:
        close()


class TestAttachment:
    @pytest.fixture
    def url(self, client, item, world, at):
        client.force_login(world.citizen)
        case = world.file(item, at, world.citizen)
        file = store(SimpleUploadedFile("身份证.png", PNG), command_id=new_command_id())
        attach(file, subject=case.stream, at=at)
        return reverse(
            "cases:attachment", args=[Case.objects.get().number, Upload.objects.get().id]
        )

    def test_it_leaves_as_an_attachment_that_runs_nothing(self, client, url, world):
        client.force_login(world.clerk)
        answer = client.get(url)
        assert b"".join(answer.streaming_content) == PNG
        _close(answer)
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_the_three_people(self, client, url, world):
        for person, status in ((world.citizen, 200), (world.colleague, 404), (world.stranger, 404)):
            client.force_login(person)
            answer = client.get(url)
            assert answer.status_code == status
            _close(answer)
        client.logout()
        assert client.get(url).status_code == 302
