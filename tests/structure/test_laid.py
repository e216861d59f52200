"""Rows laid for a module stay as they were laid, whatever a test does with them."""

import pytest

from mingtang.accounts.models import Person
from tests import laid
from tests.world import World

_world = laid.laid(World)


@pytest.fixture
def world(db, _world):
    return _world()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_row_and_no_attribute_goes_to_the_next(world, turn):
    assert Person.objects.filter(username="somebody").count() == 0
    assert "somebody" not in world.people.made
    assert world.clerk.name == Person.objects.get(id=world.clerk.id).name
    world.people.person("somebody")
    world.clerk.name = "改了"
    world.clerk.save()


def test_a_test_with_transactions_of_its_own_is_refused_above_them(world, request):
    laid.check_no_transactions_above(request.node)
    request.applymarker(pytest.mark.django_db(transaction=True))
    with pytest.raises(pytest.fail.Exception, match="transactions of its own"):
        laid.check_no_transactions_above(request.node)
