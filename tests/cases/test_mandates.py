"""Mandates at the counter: who may act for an enterprise; found by its credit code.

By three people: the one who may, the colleague who may not, the stranger.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from mingtang.accounts import services
from mingtang.accounts.models import Mandate
from mingtang.accounts.queries import mandated_codes, person_found
from mingtang.base.clock import now, today
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.ledger import queries as ledger
from tests.world import NUMBERS, SINCE, new_command_id

pytestmark = pytest.mark.django_db
URL = "/desk/mandates/"
CODE, NAME = "113325000026455663", "江山市演示木业有限公司"


def _text(answer) -> str:
    return answer.content.decode()


def _register(client, who: str, **changes):
    data = {
        "credit_code": CODE,
        "enterprise_name": NAME,
        "who": who,
        "valid_from": today().isoformat(),
        "valid_to": "",
        "command_id": new_command_id(),
        **changes,
    }
    return client.post(URL, data)


def _end(client, mandate: Mandate, reason: str = "单位来函撤销委托。"):
    url = reverse("cases:end_mandate", args=[mandate.id])
    return client.post(url, {"reason": reason, "command_id": new_command_id()})


@pytest.fixture
def mandate(world):
    return Mandate.objects.create(
        proxy=world.citizen, credit_code=CODE, enterprise_name=NAME, valid_from=SINCE
    )


class TestRegistering:
    @pytest.mark.parametrize("who", ["citizen", NUMBERS[0], f" {NUMBERS[0]} "])
    def test_by_user_name_or_identity_number(self, client, world, who):
        client.force_login(world.clerk)
        assert "还没有登记代理人" in _text(client.get(URL, {"q": CODE}))
        assert _register(client, who).url == f"{URL}?q={CODE}"
        assert mandated_codes(world.citizen.id, today()) == (CODE,)
        page = _text(client.get(URL, {"q": CODE.lower()}))
        assert "毛小明" in page
        assert NUMBERS[0] not in page  # masked
        (event,) = ledger.history(f"person:{world.citizen.id}")
        assert (event.kind, event.actor_id) == ("mandate.registered", str(world.clerk.id))

    @pytest.mark.parametrize(
        ("changes", "status", "said"),
        [
            ({"who": "nobody"}, 422, "没有找到这个账号"),
            ({"who": ""}, 422, "请填写代理人"),
            ({"enterprise_name": ""}, 422, "请填写单位名称"),
            ({"valid_to": "2013-01-01"}, 422, "早于开始日期"),
            ({"valid_from": "2013-01-01", "valid_to": "2013-02-01"}, 422, "已经过去"),
            ({"credit_code": "123"}, 422, "统一社会信用代码"),
        ],
    )
    def test_what_is_wrong_is_said(self, client, world, changes, status, said):
        client.force_login(world.clerk)
        answer = _register(client, **{"who": "citizen", **changes})
        assert answer.status_code == status
        assert said in _text(answer)
        assert Mandate.objects.count() == 0

    def test_nobody_is_registered_twice_for_the_same_time(self, client, world, mandate):
        client.force_login(world.clerk)
        assert _register(client, "citizen").status_code == 409
        _end(client, mandate)
        assert _register(client, "citizen").status_code == 302

    def test_a_closed_account_is_not_found(self, world):
        assert person_found("citizen") == world.citizen
        world.people.close(world.citizen.id)
        assert person_found("citizen") is None
        assert person_found(NUMBERS[0]) is None
        assert person_found(" ") is None


class TestEnding:
    def test_it_ends_at_once_and_what_held_before_held(self, client, world, mandate):
        client.force_login(world.clerk)
        assert _end(client, mandate).status_code == 302
        assert mandated_codes(world.citizen.id, today()) == ()
        assert mandated_codes(world.citizen.id, today() - timedelta(1)) == (CODE,)
        page = _text(client.get(URL, {"q": CODE}))
        assert "已终止" in page
        assert "终止委托" not in page
        (event,) = ledger.history(f"person:{world.citizen.id}")
        assert event.facts["reason"] == "单位来函撤销委托。"

    def test_a_reason_is_asked_for(self, client, world, mandate):
        client.force_login(world.clerk)
        answer = _end(client, mandate, "")
        assert answer.status_code == 422
        assert "请写明为什么终止" in _text(answer)
        mandate.refresh_from_db()
        assert mandate.ended_at is None

    def test_it_ends_once(self, world, mandate):
        by = {"reason": "撤销", "actor": world.actor(world.clerk), "at": now()}
        end = {"mandate_id": mandate.id, **by}
        services.end_mandate(command_id=new_command_id(), **end)
        with pytest.raises(Conflict):
            services.end_mandate(command_id=new_command_id(), **end)
        with pytest.raises(NotFound):
            services.end_mandate(command_id=new_command_id(), **end | {"mandate_id": 1})

    def test_one_that_ran_out_is_not_ended(self, client, world, mandate):
        Mandate.objects.update(valid_to=SINCE)
        client.force_login(world.clerk)
        page = _text(client.get(URL, {"q": CODE}))
        assert "已到期" in page
        assert "终止委托" not in page
        with pytest.raises(Conflict):
            services.end_mandate(
                mandate_id=mandate.id,
                reason="撤销",
                actor=world.actor(world.clerk),
                at=now(),
                command_id=new_command_id(),
            )


def test_three_people(client, world, mandate):
    for ask, to_visitors in (
        (lambda: client.get(URL), 302),
        (lambda: _register(client, "citizen"), 403),
        (lambda: _end(client, mandate), 403),
    ):
        client.logout()
        assert ask().status_code == to_visitors
        for who in (world.stranger, world.handler):
            client.force_login(who)
            assert ask().status_code == 404
    assert Mandate.objects.get().ended_at is None
    for who in (world.clerk, world.general, world.manager):
        client.force_login(who)
        assert client.get(URL, {"q": CODE}).status_code == 200


@pytest.mark.parametrize("text", ["x", "1" * 60, "113325000026455660", "citizen"])
def test_a_code_that_is_none_is_said_to_be(client, world, mandate, text):
    client.force_login(world.clerk)
    page = _text(client.get(URL, {"q": text}))
    assert "notice--bad" in page
    assert "毛小明" not in page


def test_it_costs_the_same_with_more_rows(client, world, mandate, django_assert_max_num_queries):
    client.force_login(world.clerk)
    asked = []
    for more in (0, 5):
        for number in range(more):
            person = world.people.person(f"proxy{number}")
            Mandate.objects.create(
                proxy_id=person, credit_code=CODE, enterprise_name=NAME, valid_from=SINCE
            )
        with django_assert_max_num_queries(12) as captured:
            client.get(URL, {"q": CODE})
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_a_mandate_for_days_gone_by_is_refused(world, at):
    with pytest.raises(DomainError):
        services.register_mandate(
            proxy_id=world.citizen.id,
            credit_code=CODE,
            enterprise_name=NAME,
            valid_from=SINCE,
            valid_to=SINCE,
            actor=world.actor(world.clerk),
            at=at,
            command_id=new_command_id(),
        )
