"""Pages of ratings, by three people: who may, the colleague who may not, the stranger."""

import pytest
from django.urls import reverse

from mingtang.cases import services as cases
from mingtang.interaction.models import Rating
from mingtang.interaction.rules import LONGEST_TEXT
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def world(db, _hall):
    return _hall()


@pytest.fixture
def case(world):
    return world.done


@pytest.fixture
def url(case):
    return reverse("interaction:rate", args=[case.number])


def _text(answer) -> str:
    return answer.content.decode()


def _said(**more):
    return {"level": "satisfied", "text": "", "command_id": new_command_id(), **more}


def _show_code(client, case):
    sent = {"number": case.number, "code": cases.tracking_code(case)}
    assert client.post(reverse("cases:progress"), sent).status_code == 302


class TestTheApplicant:
    def test_finds_the_way_from_the_case(self, client, world, case, url):
        client.force_login(world.citizen)
        page = _text(client.get(reverse("cases:progress_case", args=[case.number])))
        assert f'href="{url}"' in page
        assert "评价这次服务" in page

    def test_is_offered_five_levels_none_of_them_chosen(self, client, world, url):
        client.force_login(world.citizen)
        page = _text(client.get(url))
        for label in ("非常满意", "基本满意", "不满意", "非常不满意", "以后再评"):
            assert label in page
        assert page.count('type="radio"') == 5
        assert "checked" not in page

    def test_looks_at_it_once_more_before_it_counts(self, client, world, url):
        client.force_login(world.citizen)
        page = _text(client.post(url, _said(level="dissatisfied", text="等了太久")))
        assert "请核对您的评价" in page
        assert "等了太久" in page
        assert not Rating.objects.exists()

    def test_may_change_it_until_then_and_loses_nothing(self, client, world, url):
        client.force_login(world.citizen)
        page = _text(client.post(url, _said(level="dissatisfied", text="等了太久", go="change")))
        assert "等了太久</textarea>" in page
        assert 'value="dissatisfied"' in page.split("checked")[0].rpartition("<input")[2]
        assert not Rating.objects.exists()

    def test_sends_it_and_sees_what_was_said(self, client, world, case, url):
        client.force_login(world.citizen)
        answer = client.post(url, _said(level="dissatisfied", text="等了<太久", go="sure"))
        assert answer.url == url
        page = _text(client.get(url))
        assert "不满意" in page
        assert "等了&lt;太久" in page
        assert 'type="radio"' not in page
        shown = _text(client.get(reverse("cases:progress_case", args=[case.number])))
        assert "看我的评价" in shown
        assert "评价这次服务" not in shown
        assert "服务评价" in shown  # on the way of the case

    def test_a_second_click_is_harmless(self, client, world, url):
        client.force_login(world.citizen)
        once = _said(go="sure")
        assert client.post(url, once).status_code == client.post(url, once).status_code == 302
        assert Rating.objects.count() == 1

    def test_a_second_rating_is_a_409_that_shows_the_first(self, client, world, url):
        client.force_login(world.citizen)
        client.post(url, _said(level="very_satisfied", go="sure"))
        answer = client.post(url, _said(level="dissatisfied", go="sure"))
        assert answer.status_code == 409
        assert "已经评价过了" in _text(answer)
        assert "非常满意" in _text(answer)
        assert Rating.objects.get().level == "very_satisfied"

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"level": ""}, "请选一项"),
            ({"level": "good"}, "请在五项里选一项"),
            ({"text": "长" * (LONGEST_TEXT + 1)}, "500"),
            ({"command_id": "x"}, ""),
        ],
    )
    @pytest.mark.parametrize("go", ["", "sure"])
    def test_what_cannot_be_taken_comes_back_with_a_sentence(
        self, client, world, url, wrong, sentence, go
    ):
        client.force_login(world.citizen)
        answer = client.post(url, _said(**{"text": "还没说完", "go": go, **wrong}))
        assert answer.status_code == 422
        assert sentence in _text(answer)
        assert wrong.get("text", "还没说完") in _text(answer)
        assert not Rating.objects.exists()

    def test_who_leaves_it_has_said_nothing(self, client, world, url):
        client.force_login(world.citizen)
        client.get(url)
        assert not Rating.objects.exists()

    def test_a_guest_with_the_code_rates_too(self, client, case, url):
        _show_code(client, case)
        assert client.post(url, _said(go="sure")).status_code == 302
        kept = Rating.objects.get()
        assert (kept.channel, kept.rated_by_id) == ("code", None)

    def test_is_told_to_wait_while_the_case_goes_on(self, client, world, at):
        open_case = world.file(world.item(statutory=20, promised=5), at, world.citizen)
        client.force_login(world.citizen)
        url = reverse("interaction:rate", args=[open_case.number])
        for answer in (client.get(url), client.post(url, _said(go="sure"))):
            assert answer.status_code == 409
            assert "还没有办完" in _text(answer)
        page = _text(client.get(reverse("cases:progress_case", args=[open_case.number])))
        assert "评价这次服务" not in page


class TestOthers:
    def test_a_stranger_finds_nothing(self, client, world, url):
        for sign_in in (lambda: None, lambda: client.force_login(world.stranger)):
            sign_in()
            assert client.get(url).status_code == 404
            assert client.post(url, _said(go="sure")).status_code == 404
        assert not Rating.objects.exists()

    @pytest.mark.parametrize("who", ["clerk", "colleague"])
    def test_staff_find_nothing_to_rate_even_with_the_code(self, client, world, case, url, who):
        client.force_login(getattr(world, who))
        _show_code(client, case)
        assert client.get(url).status_code == 404
        assert client.post(url, _said(go="sure")).status_code == 404
        page = _text(client.get(reverse("cases:progress_case", args=[case.number])))
        assert "评价这次服务" not in page
        assert not Rating.objects.exists()

    def test_staff_do_not_rate_their_own_case_with_their_post(self, client, world, at):
        item = world.item("330881-qs2", statutory=20, promised=5)
        mine = world.bring(world.file(item, at, world.manager), "delivered", at)
        client.force_login(world.manager)
        url = reverse("interaction:rate", args=[mine.number])
        for answer in (client.get(url), client.post(url, _said(go="sure"))):
            assert answer.status_code == 403
            assert "工作人员" in _text(answer)
        assert not Rating.objects.exists()


class TestTheRatedWindow:
    """Learns that a service was rated, and neither how nor in which words."""

    def test_reads_nothing_of_it_on_the_case(self, client, world, case, url):
        client.force_login(world.citizen)
        client.post(url, _said(level="dissatisfied", text="等了太久", go="sure"))
        client.force_login(world.clerk)
        detail = _text(client.get(reverse("cases:detail", args=[case.number])))
        assert "服务评价" in detail
        assert "不满意" not in detail
        assert "等了太久" not in detail
        assert client.get(url).status_code == 404

    def test_may_print_a_slip_until_then(self, client, world, case, url):
        client.force_login(world.clerk)
        page = reverse("interaction:slip", args=[case.number])
        assert f'href="{page}"' in _text(client.get(reverse("cases:detail", args=[case.number])))


class TestCorrection:
    def test_once_and_the_first_word_stays(self, client, world, case, url):
        client.force_login(world.citizen)
        client.post(url, _said(level="dissatisfied", go="sure"))
        again = reverse("interaction:correct", args=[case.number])
        assert f'href="{again}"' in _text(client.get(url))
        assert client.get(again).status_code == 200
        answer = client.post(again, _said(level="satisfied", go="sure"))
        assert answer.status_code == 302
        page = _text(client.get(url))
        assert page.index("不满意") < page.index("改评")
        assert f'href="{again}"' not in page
        assert client.get(again).status_code == 409
        assert client.post(again, _said(level="dissatisfied", go="sure")).status_code == 409
        assert Rating.objects.count() == 2

    def test_nobody_else_corrects(self, client, world, case, url):
        client.force_login(world.citizen)
        client.post(url, _said(level="dissatisfied", go="sure"))
        again = reverse("interaction:correct", args=[case.number])
        for who in (world.stranger, world.clerk):
            client.force_login(who)
            assert client.post(again, _said(go="sure")).status_code == 404
        assert Rating.objects.count() == 1

    def test_the_sides_of_a_service_are_kept_through_both_pages(self, client, world, url):
        client.force_login(world.citizen)
        said = _said(guide="very_dissatisfied", attitude="satisfied")
        page = _text(client.post(url, said))
        assert "办事指南精确度" in page
        client.post(url, {**said, "go": "sure"})
        (kept,) = Rating.objects.get().details.all()  # attitude is no side of an online service
        assert (kept.indicator, kept.level) == ("guide", "very_dissatisfied")
