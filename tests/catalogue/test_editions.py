"""A past edition stays readable: what a case was filed under, and nothing is filed from it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import World, morning

pytestmark = pytest.mark.django_db
CODE = "330881-qs"


def shown(client: Client, number: int) -> str:
    answer = client.get(reverse("catalogue:edition", args=[CODE, number]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_edition_says_what_it_said(client: Client, world: World) -> None:
    world.item(CODE, promised=9, conditions="从前的条件")
    world.item(CODE, promised=5, conditions="现在的条件")
    assert "从前的条件" in shown(client, 1)
    assert "这是第 1 版" in shown(client, 1)
    answer = client.get(reverse("catalogue:edition", args=[CODE, 2]))
    assert answer.headers["Location"] == reverse("catalogue:item", args=[CODE])
    assert "我要申请" not in shown(client, 1)


def test_an_edition_that_never_was_is_not_found(client: Client, world: World) -> None:
    world.item(CODE)
    for code, number in ((CODE, 2), ("330881-nothing", 1)):
        assert client.get(reverse("catalogue:edition", args=[code, number])).status_code == 404


def test_a_case_leads_to_the_edition_it_was_filed_under(client: Client, world: World) -> None:
    world.item(CODE, promised=9)
    case = world.file(CODE, morning(2013, 9, 17))
    world.item(CODE, promised=5)
    client.force_login(world.clerk)
    page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    assert reverse("catalogue:edition", args=[CODE, 1]) in page
