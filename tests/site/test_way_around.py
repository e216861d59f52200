"""The way around: every page is marked under the entry that leads to it."""

import pytest
from django.test import Client

from mingtang.accounts.rules import Role
from tests.world import World, morning

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CODE = "330881-qs"


def marked(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return [entry.label for entry in answer.context["nav"] if entry.current]


@pytest.mark.both
@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "首页"),
        ("/items/", "网上办事"),
        (f"/items/{CODE}/", "网上办事"),
        ("/catalogue/edit/", "事项编辑"),
        (f"/items/{CODE}/draft/", "事项编辑"),
        (f"/items/{CODE}/history/", "事项编辑"),
        ("/today/", "今日"),
        ("/desk/", "工作台"),
        ("/life/", "网上办事"),
        ("/enquiries/", "工作台"),
        ("/catalogue/basic/", "事项编辑"),
        ("/catalogue/deviations/", "事项编辑"),
        ("/supervision/cards/", "效能监察"),
        ("/supervision/tasks/", "督查件"),
    ],
)
def test_a_page_is_marked_under_its_entry(
    client: Client, world: World, path: str, label: str
) -> None:
    world.item(CODE)
    client.force_login(world.people.post("lead", Role.WINDOW_LEAD, world.water))
    assert marked(client, path) == [label]


def test_a_case_belongs_to_the_desk(client: Client, world: World) -> None:
    case = world.file(world.item(CODE), morning(2013, 9, 17))
    client.force_login(world.clerk)
    assert marked(client, f"/cases/{case.number}/") == ["工作台"]
