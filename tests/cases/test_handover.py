"""Standing in for somebody, and handing one's open steps to a colleague.

By three people: the one who may, the colleague who may not, the stranger.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from mingtang.accounts import services as accounts
from mingtang.accounts.models import Post, Substitution
from mingtang.accounts.queries import scope_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import now, today
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.cases.models import Step
from mingtang.cases.queries import handover
from mingtang.ledger import queries as ledger
from mingtang.ledger.queries import Event
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
URL = "/desk/handover/"


@pytest.fixture
def second(world):
    return world.people.post("second", Role.HANDLER, world.water)


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5)


def _text(answer) -> str:
    return answer.content.decode()


def _arrange(client, absent, substitute, **changes):
    data = {
        "absent_id": absent.id,
        "substitute_id": substitute.id,
        "from_date": today().isoformat(),
        "to_date": (today() + timedelta(5)).isoformat(),
        "reason": "年休",
        "command_id": new_command_id(),
        **changes,
    }
    return client.post(URL, data)


class TestArranging:
    def test_a_handler_arranges_and_the_substitute_has_the_rights(
        self, client, world, item, second
    ):
        client.force_login(world.handler)
        page = _text(client.get(URL))
        assert "second先生" in page
        assert "colleague先生" not in page  # of another unit
        assert "取水许可" in page  # what may be named
        assert _arrange(client, world.handler, second, item_codes=[item]).status_code == 302
        (made,) = Substitution.objects.all()
        assert made.item_codes == [item]
        grants = scope_of(second, today()).grants
        assert {one.acting_for_label for one in grants} == {"", "handler先生"}
        page = _text(client.get(URL))
        assert "顶岗中" in page
        assert "指定的 1 个事项" in page
        client.force_login(second)
        page = _text(client.get(URL))
        assert "顶岗中" in page
        assert "提前结束" not in page  # a substitute does not dismiss themselves

    def test_nobody_arranges_for_a_colleague(self, client, world, second):
        client.force_login(second)
        assert _arrange(client, world.handler, world.approver).status_code == 404
        assert client.get(URL, {"for": world.handler.id}).status_code == 404
        assert Substitution.objects.count() == 0

    def test_a_manager_arranges_for_the_people_of_the_centre(self, client, world, second):
        client.force_login(world.manager)
        assert "由谁顶岗" not in _text(client.get(URL))  # first: for whom
        page = _text(client.get(URL, {"for": world.handler.id}))
        assert "安排同事为 handler先生 顶岗" in page
        assert _arrange(client, world.handler, second).status_code == 302
        assert "handler先生" in _text(client.get(URL))
        (event,) = ledger.history(f"person:{world.handler.id}")
        assert (event.kind, event.actor_id) == ("substitution.arranged", str(world.manager.id))

    def test_a_manager_reaches_nobody_outside(self, client, world):
        client.force_login(world.manager)
        assert client.get(URL, {"for": world.citizen.id}).status_code == 404
        assert _arrange(client, world.citizen, world.handler).status_code == 404

    def test_three_people(self, client, world):
        assert client.get(URL).status_code == 302
        client.force_login(world.stranger)
        assert client.get(URL).status_code == 404
        inspector = world.people.post("inspector", Role.INSPECTOR, world.centre)
        client.force_login(inspector)
        assert client.get(URL).status_code == 404
        for who in (world.clerk, world.handler, world.approver, world.manager):
            client.force_login(who)
            assert client.get(URL).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"to_date": "2013-01-01", "from_date": "2013-01-01"}, "已经过去"),
            ({"to_date": "2013-01-01"}, "早于开始日期"),
            ({"reason": ""}, "请写明原因"),
            ({"from_date": "x"}, "日期写成"),
            ({"substitute_id": ""}, "请选择同事"),
            ({"substitute_id": "9" * 30}, 'class="field__error"'),
        ],
    )
    def test_what_is_wrong_is_said(self, client, world, second, changes, said):
        client.force_login(world.handler)
        answer = _arrange(client, world.handler, second, **changes)
        assert answer.status_code == 422
        assert said in _text(answer)
        assert Substitution.objects.count() == 0

    def test_the_same_two_do_not_overlap(self, client, world, second):
        client.force_login(world.handler)
        _arrange(client, world.handler, second)
        assert _arrange(client, world.handler, second).status_code == 409
        later = {"from_date": (today() + timedelta(6)).isoformat()}
        later["to_date"] = (today() + timedelta(9)).isoformat()
        assert _arrange(client, world.handler, second, **later).status_code == 302

    @pytest.mark.parametrize("absent", ["", "x", "9" * 30])
    def test_garbled_people_are_not_found(self, client, world, second, absent):
        client.force_login(world.handler)
        assert _arrange(client, world.handler, second, absent_id=absent).status_code == 404
        assert client.get(URL, {"for": absent}).status_code in {200, 404}

    def test_it_costs_the_same_with_more_rows(
        self, client, world, item, second, at, django_assert_max_num_queries
    ):
        client.force_login(world.handler)
        asked = []
        for rows in (1, 4):
            for _ in range(rows):
                world.bring(world.file(item, at), "claimed", at)
                world.people.substitution(world.handler, second)
            with django_assert_max_num_queries(24) as captured:
                client.get(URL)
            asked.append(len(captured))
        assert asked[0] == asked[1]

    def test_all_items_where_they_are_too_many_to_name(self, world, item, monkeypatch):
        on = date(2013, 9, 17)
        assert handover.items_held(world.handler.id, on) == [(item, "取水许可")]
        assert handover.items_held(world.general.id, on) == []
        monkeypatch.setattr(handover, "MOST_ITEMS", 0)
        assert handover.items_held(world.handler.id, on) == []
        monkeypatch.undo()
        Post.objects.filter(person=world.handler).update(item_codes=["another"])
        assert handover.items_held(world.handler.id, on) == []


class TestEnding:
    @pytest.fixture
    def arranged(self, world, second):
        made = accounts.arrange_substitution(
            absent_id=world.handler.id,
            substitute_id=second.id,
            from_date=today(),
            to_date=today() + timedelta(5),
            reason="培训",
            actor=world.actor(world.handler),
            at=now(),
            command_id=new_command_id(),
        )
        return int(made["substitution_id"])

    def _end(self, client, substitution_id):
        url = reverse("cases:end_substitution", args=[substitution_id])
        return client.post(url, {"command_id": new_command_id()})

    def test_the_absent_one_ends_it_at_once(self, client, world, second, arranged):
        client.force_login(world.handler)
        assert "提前结束" in _text(client.get(URL))
        assert self._end(client, arranged).status_code == 302
        assert all(one.acting_for_id is None for one in scope_of(second, today()).grants)
        yesterday = today() - timedelta(1)
        Substitution.objects.update(from_date=yesterday)
        held = scope_of(second, yesterday).grants  # what held then, held
        assert any(one.acting_for_id == world.handler.id for one in held)
        assert "没有顶岗安排" in _text(client.get(URL))

    def test_only_the_absent_one_and_the_manager(self, client, world, second, arranged):
        assert self._end(client, arranged).status_code == 403  # to sign in first
        for who in (second, world.stranger, world.colleague):
            client.force_login(who)
            assert self._end(client, arranged).status_code == 404
        assert Substitution.objects.get().ended_at is None
        client.force_login(world.manager)
        assert self._end(client, arranged).status_code == 302
        assert Substitution.objects.get().ended_by_id == world.manager.id

    def test_it_ends_once(self, world, second, arranged, at):
        end = {"actor": world.actor(world.handler), "at": now()}
        accounts.end_substitution(substitution_id=arranged, command_id=new_command_id(), **end)
        with pytest.raises(Conflict):
            accounts.end_substitution(substitution_id=arranged, command_id=new_command_id(), **end)
        with pytest.raises(NotFound):
            accounts.end_substitution(substitution_id=1, command_id=new_command_id(), **end)

    def test_ended_it_may_be_arranged_anew(self, client, world, second, arranged):
        client.force_login(world.handler)
        self._end(client, arranged)
        assert _arrange(client, world.handler, second).status_code == 302


class TestHandingOver:
    def _post(self, client, to, **changes):
        data = {"to_person_id": to.id, "reason": "调离岗位", "command_id": new_command_id()}
        return client.post(reverse("cases:hand_over_steps"), data | changes, follow=True)

    def test_all_open_steps_go_to_the_colleague(self, client, world, item, second, at):
        cases = [world.bring(world.file(item, at), "claimed", at) for _ in range(3)]
        client.force_login(world.handler)
        page = _text(client.get(URL))
        assert "我手上的 3 个环节" in page
        assert all(case.number in page for case in cases)
        assert "已交接 3 个环节" in _text(self._post(client, second))
        steps = Step.objects.all()
        assert {(one.status, one.assigned_to_id, one.note) for one in steps} == {
            ("ready", second.id, "调离岗位")
        }
        assert Event.objects.filter(kind="case.step_transferred").count() == 3
        assert "我手上的" not in _text(client.get(URL))
        client.force_login(second)
        assert "我手上的 3 个环节" in _text(client.get(URL))

    def test_sent_twice_it_is_done_once(self, client, world, item, second, at):
        world.bring(world.file(item, at), "claimed", at)
        client.force_login(world.handler)
        again = {"command_id": new_command_id()}
        self._post(client, second, **again)
        self._post(client, second, **again)
        assert Event.objects.filter(kind="case.step_transferred").count() == 1

    def test_nobody_gives_away_what_is_a_colleagues(self, client, world, item, second, at):
        world.bring(world.file(item, at), "claimed", at)
        client.force_login(second)
        self._post(client, world.approver)
        assert Step.objects.get().claimed_by_id == world.handler.id
        client.force_login(world.stranger)
        assert self._post(client, second).status_code == 404
        client.logout()
        url = reverse("cases:hand_over_steps")
        assert client.post(url, {}).status_code == 302

    def test_only_to_who_works_there(self, client, world, item, second, at):
        world.bring(world.file(item, at), "claimed", at)
        client.force_login(world.handler)
        for to in (world.colleague, world.clerk, world.handler):
            answer = self._post(client, to)
            assert answer.status_code == 422
        assert Step.objects.get().claimed_by_id == world.handler.id

    def test_what_is_refused_says_why_and_the_rest_goes(self, client, world, item, second, at):
        one, two = (world.bring(world.file(item, at), "claimed", at) for _ in range(2))
        client.force_login(world.handler)
        own = {"applicant_person_id": world.handler.id}
        type(one).objects.filter(id=one.id).update(**own)  # it turns out to be their own case
        page = _text(self._post(client, second))
        assert "这是您本人的申请" in page
        assert "已交接 1 个环节" in page
        assert Step.objects.get(case=one).claimed_by_id == world.handler.id
        assert Step.objects.get(case=two).assigned_to_id == second.id

    def test_a_reason_is_asked_for(self, client, world, item, second, at):
        world.bring(world.file(item, at), "claimed", at)
        client.force_login(world.handler)
        answer = self._post(client, second, reason="")
        assert answer.status_code == 422
        assert "请写明为什么交接" in _text(answer)


def test_a_substitution_that_is_over_before_it_begins_is_refused(world, at):
    with pytest.raises(DomainError):
        accounts.arrange_substitution(
            absent_id=world.handler.id,
            substitute_id=world.approver.id,
            from_date=date(2013, 9, 1),
            to_date=date(2013, 9, 16),
            reason="年休",
            actor=world.actor(world.handler),
            at=at,
            command_id=new_command_id(),
        )
