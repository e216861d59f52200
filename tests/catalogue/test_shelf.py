"""Printed guides on the shelf: counted, printed anew, replaced; what was taken is told, once."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.catalogue import services
from mingtang.catalogue.models import Edition, Item, ItemStatus, ShelfGuide
from mingtang.catalogue.queries import shelf as queries
from mingtang.catalogue.rules.shelf import GuideState, MoreThanKept, NotInForce, OnShelfAlready
from mingtang.channels import services as channels
from mingtang.channels.models import Release
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all, replay
from tests.catalogue.factories import publish
from tests.world import new_command_id

pytestmark = pytest.mark.django_db


class Shelf:
    """The hall's shelf with one guide: twenty copies, at least ten."""

    def __init__(self, world, at):
        self.world, self.at = world, at
        self.code = world.item("330881-016-001", name="取水许可")
        self.act(services.shelve_guide, **self.place())

    def place(self, **more):
        hall = {"organisation_id": self.world.centre.id, "item_code": self.code}
        return hall | {"place": "一楼服务台", "copies": 20, "least": 10} | more

    def act(self, command, **more):
        by = {"actor": self.world.actor(self.world.manager), "at": self.at}
        return command(**more, **by, command_id=new_command_id())

    def on(self, command, **more):
        halls = [self.world.centre.id]
        return self.act(command, guide_id=self.guide.id, halls=halls, **more)

    @property
    def guide(self):
        return ShelfGuide.objects.get()

    @property
    def state(self):
        return queries.shelf([self.world.centre.id])[0].state

    def new_edition(self):
        publish(code=self.code, department=self.world.water, promised=5)


@pytest.fixture
def shelf(world, at):
    with time_machine.travel(at, tick=False):
        yield Shelf(world, at)


def test_what_is_gone_at_a_count_was_taken_and_is_released_once(shelf, at):
    channels.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    shelf.on(services.count_guide, left=20)  # nothing taken: nothing to release
    shelf.on(services.count_guide, left=12)
    shelf.on(services.count_guide, left=7)
    assert shelf.state is GuideState.LOW
    deliver_all(at)
    replay("channels_taken_guides", at)
    deliver_all(at)
    rows = Release.objects.order_by("id")
    assert [(one.channel.code, one.measure, one.quantity) for one in rows] == [
        ("handbook", "copy", 8),
        ("handbook", "copy", 5),
    ]
    assert len({one.subject for one in rows}) == 1  # one item, in two counts
    assert list(rows[0].distribution.values_list("recipient", "copies")) == [("一楼服务台", 8)]
    with pytest.raises(MoreThanKept, match="先登记补印"):
        shelf.on(services.count_guide, left=8)
    guide = shelf.guide
    assert (guide.stock_count, guide.printed_count, guide.taken_count) == (7, 20, 13)


def test_an_old_edition_is_told_and_replaced_with_all_that_is_left(shelf, world):
    reader = world.scope(world.manager)
    assert (shelf.state, queries.needing(reader)) == (GuideState.FINE, 0)
    shelf.new_edition()
    assert (shelf.state, queries.needing(reader)) == (GuideState.OLD, 1)
    assert shelf.on(services.print_guide, copies=30)["discarded"] == 20
    guide = shelf.guide
    assert (guide.edition.number, guide.stock_count, guide.printed_count) == (2, 30, 50)
    assert shelf.on(services.print_guide, copies=5)["discarded"] == 0
    shelf.on(services.set_least, least=36)
    assert (shelf.state, queries.needing(reader)) == (GuideState.LOW, 1)
    assert queries.needing(world.scope(world.clerk)) == 0


def test_a_guide_lies_once_at_a_place_and_only_of_an_item_in_force(shelf):
    with pytest.raises(OnShelfAlready, match="一楼服务台"):
        shelf.act(services.shelve_guide, **shelf.place(place=" 一楼服务台 "))
    shelf.on(services.remove_guide)
    shelf.act(services.shelve_guide, **shelf.place())  # a new life
    old, new = ShelfGuide.objects.order_by("id")
    assert (old.stock_count, old.removed_at is None, new.stock_count) == (0, False, 20)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShelfGuide.objects.filter(id=old.id).update(stock_count=1)
    Item.objects.update(status=ItemStatus.SUSPENDED.value)
    assert shelf.state is GuideState.GONE
    with pytest.raises(NotInForce):
        shelf.act(services.print_guide, guide_id=new.id, halls=[new.organisation_id], copies=5)
    with pytest.raises(NotInForce):
        shelf.act(services.shelve_guide, **shelf.place(item_code="no such"))


def to(page, *args):
    return reverse(f"catalogue:{page}", args=args)


def test_the_pages_are_for_the_halls_manager_alone(shelf, client, world):
    other = world.organisation("other", "092", "江山市分中心", kind="centre")
    away = world.people.post("away", Role.CENTRE_MANAGER, other)
    guide = shelf.guide.id
    for who, seen, one in ((world.manager, 200, 200), (away, 200, 404), (world.clerk, 404, 404)):
        client.force_login(who)
        for page, args in (("shelf", ()), ("shelve", (shelf.code,))):
            assert client.get(to(page, *args)).status_code == seen
        assert client.get(to("shelf_guide", guide)).status_code == one
        sent = {"copies": "15", "command_id": new_command_id()}
        done = client.post(to("shelf_act", guide, "count"), sent).status_code
        assert done == (302 if one == 200 else 404)
    client.logout()
    assert client.get(to("shelf")).status_code == 302
    assert shelf.guide.taken_count == 5


def test_the_pages_lay_out_count_and_refuse(shelf, client, world):
    client.force_login(world.manager)
    assert "上架" in client.get(to("shelf"), {"q": "取水"}).content.decode()
    sent = {"place": "二楼", "copies": "3", "least": "10", "command_id": new_command_id()}
    assert client.post(to("shelve", shelf.code), {**sent, "copies": "-1"}).status_code == 422
    assert client.post(to("shelve", shelf.code), sent).status_code == 302
    page = client.get(to("shelf")).content.decode()
    assert "有 1 种要补" in page
    assert "取阅架上要补、要换的办事指南" in client.get("/today/").content.decode()
    first = ShelfGuide.objects.order_by("id")[0].id
    said = {"copies": "21", "command_id": new_command_id()}
    refused = client.post(to("shelf_act", first, "count"), said)
    assert (refused.status_code, "账上只有 20 份" in refused.content.decode()) == (422, True)
    assert client.post(to("shelf_act", first, "burn"), said).status_code == 404
    gone = client.post(to("shelf_act", first, "remove"), {"command_id": new_command_id()})
    assert gone.url == to("shelf")


def test_the_list_asks_as_often_for_many_guides(shelf, world, django_assert_num_queries):
    halls = [world.centre.id]
    with django_assert_num_queries(1):
        assert len(queries.shelf(halls)) == 1
    for place in ("二楼", "三楼"):
        shelf.act(services.shelve_guide, **shelf.place(place=place))
    with django_assert_num_queries(1):
        assert [one.guide.place for one in queries.shelf(halls)] == ["一楼服务台", "三楼", "二楼"]


def test_the_code_on_a_guide_tells_whether_it_is_the_one_in_force(shelf, client):
    guide = client.get(to("guide", shelf.code)).content.decode()
    assert f"{to('qr', shelf.code)}?edition=1" in guide
    assert f"{to('item', shelf.code)}?edition=1" in guide
    item = to("item", shelf.code)
    assert "就是现行版" in client.get(item, {"edition": "1"}).content.decode()
    shelf.new_edition()
    page = client.get(item, {"edition": "1"}).content.decode()
    assert "已经换版" in page
    assert to("edition", shelf.code, 1) in page
    assert Edition.objects.count() == 2
    for odd in ("", "9", "x", "0", "-1"):
        assert "您手里的指南" not in client.get(item, {"edition": odd}).content.decode()
