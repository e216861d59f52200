"""Who stands in for whom, and who acts for an enterprise: what ended, and what nobody arranges
for their own hands."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from mingtang.accounts import services
from mingtang.accounts.models import Mandate, Substitution
from mingtang.accounts.queries import proxies_of, stand_ins_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import today
from mingtang.base.errors import DomainError, NotAllowed
from mingtang.cases.queries import handover
from tests.world import SINCE, new_command_id

pytestmark = pytest.mark.django_db
ON = date(2013, 9, 17)
CREDIT_CODE = "113325000026455663"


def _mandate(proxy, **more):
    about = {"credit_code": CREDIT_CODE, "enterprise_name": "江山市演示木业有限公司"}
    return Mandate.objects.create(proxy=proxy, valid_from=SINCE, **about, **more)


def test_who_acted_under_an_ended_mandate_is_told_nothing_more(world, at):
    ended = {"ended_at": at, "ended_by": world.clerk}
    _mandate(world.citizen)
    _mandate(world.stranger, **ended)
    assert proxies_of(CREDIT_CODE, ON) == [world.citizen.id]
    assert set(proxies_of(CREDIT_CODE, ON - timedelta(1))) == {world.citizen.id, world.stranger.id}


def test_who_stood_in_is_told_nothing_more_once_it_ended(world, at):
    world.people.substitution(world.handler, world.clerk)
    world.people.substitution(world.handler, world.colleague, ended_at=at, ended_by=world.handler)
    assert stand_ins_of([world.handler.id], "x", ON) == {world.clerk.id}
    assert stand_ins_of([world.handler.id], "x", ON - timedelta(1)) == {
        world.clerk.id,
        world.colleague.id,
    }


def _arrange(world, by, absent, substitute, at, **more):
    days = {"from_date": ON, "to_date": ON + timedelta(5), **more}
    return services.arrange_substitution(
        absent_id=absent.id,
        substitute_id=substitute.id,
        reason="年休",
        actor=world.actor(by),
        at=at,
        command_id=new_command_id(),
        **days,
    )


class TestArranging:
    def test_a_manager_does_not_put_himself_in_an_approvers_place(self, world, at):
        world.people.post("manager", Role.HANDLER, world.water)  # not for want of a post there
        with pytest.raises(NotAllowed, match="不能安排由自己顶替"):
            _arrange(world, world.manager, world.approver, world.manager, at)
        assert not Substitution.objects.exists()

    def test_nor_does_who_stands_in_for_the_manager_put_the_manager_there(self, world, at):
        world.people.post("manager", Role.HANDLER, world.water)
        world.people.substitution(world.manager, world.general)
        by = handover.arranger(world.scope(world.general), world.approver.id, ON)
        with pytest.raises(NotAllowed):
            services.arrange_substitution(
                absent_id=world.approver.id,
                substitute_id=world.manager.id,
                from_date=ON,
                to_date=ON,
                reason="年休",
                actor=by,
                at=at,
                command_id=new_command_id(),
            )

    def test_a_colleague_of_the_same_unit_stands_in(self, world, at):
        _arrange(world, world.manager, world.approver, world.handler, at)
        assert Substitution.objects.get().substitute == world.handler

    def test_somebody_of_another_unit_does_not(self, world, at):
        for elsewhere in (world.colleague, world.citizen):
            with pytest.raises(DomainError, match="同一单位"):
                _arrange(world, world.manager, world.approver, elsewhere, at)

    def _below(self, world, code, unit3):
        unit = world.organisation(code, unit3, f"江山市水利{code}站")
        unit.parent = world.water
        unit.save()
        return world.people.post(code, Role.HANDLER, unit)

    def test_a_unit_below_or_above_is_near_enough_and_one_beside_is_not(self, world, at):
        one, two = (self._below(world, *unit) for unit in (("one", "101"), ("two", "102")))
        _arrange(world, world.approver, world.approver, one, at)
        _arrange(world, one, one, world.approver, at)
        with pytest.raises(DomainError, match="同一单位"):
            _arrange(world, one, one, two, at)

    def test_the_post_must_last_as_long_as_the_days(self, world, at):
        world.handler.posts.update(valid_to=ON + timedelta(4))
        with pytest.raises(DomainError, match="同一单位"):
            _arrange(world, world.approver, world.approver, world.handler, at)
        _arrange(
            world, world.approver, world.approver, world.handler, at, to_date=ON + timedelta(4)
        )

    def test_a_manager_is_offered_colleagues_of_the_absent_one_and_never_himself(self, world):
        world.people.post("manager", Role.HANDLER, world.water)
        offered = handover.substitutes_for(world.scope(world.manager), world.approver.id, ON)
        assert {person for person, _unit in offered} == {world.clerk, world.handler}

    def test_the_page_refuses_him_with_a_sentence(self, client, world):
        client.force_login(world.manager)
        answer = client.post(
            reverse("cases:handover"),
            {
                "absent_id": world.approver.id,
                "substitute_id": world.manager.id,
                "from_date": today(),
                "to_date": today(),
                "reason": "年休",
                "command_id": new_command_id(),
            },
        )
        assert answer.status_code == 422
        assert "不能是安排人自己" in answer.content.decode()
        assert not Substitution.objects.exists()


def test_a_clerk_does_not_register_himself_as_a_proxy(client, world):
    client.force_login(world.clerk)
    about = {"credit_code": CREDIT_CODE, "enterprise_name": "江山市演示木业有限公司"}
    about |= {"valid_from": today(), "valid_to": ""}
    url = reverse("cases:mandates")
    answer = client.post(url, {**about, "who": "clerk", "command_id": new_command_id()})
    assert answer.status_code == 403
    assert "不能由自己登记自己" in answer.content.decode()
    assert not Mandate.objects.exists()
    answer = client.post(url, {**about, "who": "citizen", "command_id": new_command_id()})
    assert answer.status_code == 302
    assert Mandate.objects.get().proxy == world.citizen
