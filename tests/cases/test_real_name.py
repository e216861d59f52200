"""An item may want to know by their real name who files online: how well, and for themselves."""

import pytest
from django.test import Client

from mingtang.accounts.identity import NotRealEnough, NotYourOwn
from mingtang.accounts.models import Person
from mingtang.cases.models import Case
from tests.world import NUMBERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(world):
    return world.item(online="是", real_name="中级实名")


def known(person, level):
    Person.objects.filter(id=person.id).update(real_name_level=level)


def test_who_is_known_well_enough_files(world, item, at):
    known(world.citizen, 2)
    assert world.file(item, at, world.citizen).number


@pytest.mark.parametrize("level", [0, 1])
def test_who_is_not_is_told_what_is_wanted(world, item, at, level):
    known(world.citizen, level)
    with pytest.raises(NotRealEnough, match="中级实名"):
        world.file(item, at, world.citizen)
    with pytest.raises(NotRealEnough):
        world.file(item, at)
    assert not Case.objects.exists()
    item = world.item(
        online="是", real_name=""
    )  # the next edition does not ask: the level was the reason
    assert world.file(item, at).number


def test_nobody_files_so_for_another(world, item, at):
    known(world.stranger, 3)
    assert world.stranger.identity_number == NUMBERS[1]
    with pytest.raises(NotYourOwn, match="证件号码"):
        world.file(item, at, world.stranger)  # in the name of the citizen


def test_the_counter_looks_at_the_card_itself(world, item, at):
    assert world.file(item, at, channel="counter").number


def test_the_page_asks_to_sign_in_first(world, item):
    client = Client()
    gone = client.get(f"/items/{item}/file/")
    assert gone["Location"] == f"/sign-in/?next=/items/{item}/file/"
    assert "要实名申请" in client.get(gone["Location"]).content.decode()
    client.force_login(world.citizen)
    assert client.get(f"/items/{item}/file/").status_code == 403
    known(world.citizen, 2)
    assert client.get(f"/items/{item}/file/").status_code == 200
