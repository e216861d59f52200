"""Two at one draft: one wins, the other is told, and one edition comes of it."""

import pytest

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict
from mingtang.catalogue import services
from mingtang.catalogue.models import Edition, Item
from mingtang.catalogue.rules.drafts import WrongMove
from mingtang.ledger import queries as ledger
from tests.catalogue.test_drafts import BASIS, COMPLETE, Desk
from tests.faults.test_at_once import _at_once
from tests.world import new_command_id

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_desk(world, at):
    from mingtang.regions.models import Centre, Window

    centre = Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    Window.objects.create(centre=centre, number="1", name="水利窗口", organisation=world.water)
    for name in ("author", "reviewer", "third"):
        setattr(world, name, world.people.post(name, Role.REFORM_OFFICE, world.centre))
    code = world.item(statutory=20, promised=5, statutory_basis=BASIS, **COMPLETE)
    return Desk(world, Item.objects.get(code=code), at)


def test_of_two_authors_at_once_one_opens_the_draft(at_desk):
    more = {"item_id": at_desk.item.id}
    results = _at_once(
        [
            lambda who=who: at_desk.do(who, services.open_draft, **more)
            for who in ("author", "third")
        ]
    )
    assert {type(result) for result in results} == {dict, Conflict}


def test_of_two_reviewers_at_once_one_publishes(at_desk):
    draft = at_desk.submitted()
    results = _at_once(
        [lambda who=who: at_desk.publish(draft, who) for who in ("reviewer", "third")]
    )
    assert {type(result) for result in results} == {dict, WrongMove}
    assert Edition.objects.count() == 2
    assert ledger.verify().is_ok


def test_one_publication_sent_many_times_at_once_makes_one_edition(at_desk):
    draft = at_desk.submitted()
    once = {"draft_id": draft.id, "command_id": new_command_id()}
    results = _at_once(
        [lambda: at_desk.do("reviewer", services.publish_draft, **once)["number"]] * 6
    )
    assert results == [2] * 6
    assert Edition.objects.count() == 2
