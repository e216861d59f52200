"""三员: three administrators, each for themselves; and rights that end with the next request."""

from datetime import date, timedelta
from functools import cache

import pytest
from django.urls import reverse

from mingtang.accounts import policy
from mingtang.accounts.models import Post, Substitution
from mingtang.accounts.queries import scope_of
from mingtang.accounts.rules import ADMINISTRATORS, SEES_NO_CASES, NotExclusive, Role
from mingtang.accounts.services import assign_post
from mingtang.ledger.rules import SYSTEM
from tests.access.routes import routes
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
ON = date(2013, 9, 17)
THREE = sorted(ADMINISTRATORS)


def give(world, person, role, at, **more):
    said = {"valid_from": ON, "actor": SYSTEM, "at": at, "command_id": new_command_id(), **more}
    return assign_post(person_id=person.id, organisation_id=world.centre.id, role=role, **said)


@pytest.mark.parametrize("held", THREE)
@pytest.mark.parametrize("wanted", [*THREE, Role.CLERK, Role.APPROVER])
def test_an_administrator_holds_no_second_role(world, at, held, wanted):
    world.people.person("somebody")
    person = world.people.made["somebody"]
    give(world, person, held, at)
    if wanted is held:
        give(world, person, wanted, at)
        return
    with pytest.raises(NotExclusive, match="专任"):
        give(world, person, wanted, at)


def test_nor_does_a_clerk_become_one_but_after_the_old_post_has_ended(world, at):
    with pytest.raises(NotExclusive):
        give(world, world.clerk, Role.SYSTEM_ADMIN, at)
    Post.objects.filter(person=world.clerk).update(valid_to=ON - timedelta(days=1))
    give(world, world.clerk, Role.SYSTEM_ADMIN, at)


def test_other_roles_go_together(world, at):
    give(world, world.clerk, Role.HANDLER, at)


@pytest.mark.parametrize("role", THREE)
def test_no_substitute_takes_over_an_administrators_post(world, role):
    """Control: another role of the same absent person is taken over."""
    admin = world.people.post("admin", role, world.centre)
    world.people.substitution(admin, world.manager)
    assert not scope_of(world.manager, ON).has_role([role])
    Post.objects.filter(person=admin).update(role=Role.INSPECTOR.value)
    assert scope_of(world.manager, ON).has_role([Role.INSPECTOR])


def test_no_administrator_reads_cases_and_no_route_admits_two_of_them_to_the_same_office():
    assert ADMINISTRATORS <= SEES_NO_CASES
    for route in routes():
        if route.roles and len(route.roles) < len(Role):
            assert len(route.roles & ADMINISTRATORS) <= 1, route.name


@pytest.mark.once
class TestRevocation:
    """What is taken away is gone with the next request, in a session that goes on."""

    @pytest.fixture(autouse=True)
    def _case(self, world, at):
        self.world = world
        self.url = reverse("cases:detail", args=[world.file(world.item(), at).number])

    def status(self, client):
        return client.get(self.url).status_code

    def end_post(self):
        Post.objects.filter(person=self.world.clerk).update(valid_to=date(2020, 1, 1))

    def test_a_post_that_was_ended(self, client):
        client.force_login(self.world.clerk)
        assert self.status(client) == 200
        self.end_post()
        assert self.status(client) == 404

    def test_a_post_that_is_remembered_would_be_seen(self, client, monkeypatch):
        """The control: rights that are kept between requests outlive their end."""
        monkeypatch.setattr(policy, "scope_of", cache(scope_of))
        client.force_login(self.world.clerk)
        assert self.status(client) == 200
        self.end_post()
        assert self.status(client) == 200

    def test_a_substitution_that_was_ended(self, client, at):
        world = self.world
        world.people.substitution(world.clerk, world.colleague)
        client.force_login(world.colleague)
        assert self.status(client) == 200
        Substitution.objects.update(ended_at=at, ended_by=world.clerk)
        assert self.status(client) == 404

    def test_an_account_that_was_closed(self, client):
        client.force_login(self.world.clerk)
        assert self.status(client) == 200
        self.world.people.close(self.world.clerk.id)
        assert self.status(client) == 302
