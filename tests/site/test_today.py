"""The first page of whoever works here: what needs them, what they watch, what they may do."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from mingtang.accounts.rules import Role
from mingtang.catalogue.models import Item
from mingtang.catalogue.services import open_draft
from tests.world import World, morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TUESDAY = morning(2013, 9, 17)


def needs(client: Client) -> dict[str, tuple[int, str]]:
    return {
        str(one["label"]): (one["count"], one["url"])
        for one in client.get("/today/").context["needs"]
    }


def doors(client: Client) -> set[str]:
    return {str(door.label) for door in client.get("/today/").context["doors"]}


@time_machine.travel(TUESDAY)
def test_each_number_leads_to_a_list_of_as_many(client: Client, world: World) -> None:
    item = world.item("330881-qs")
    for _nth in range(2):
        world.file(item, TUESDAY)
    client.force_login(world.clerk)
    found = needs(client)
    assert found["窗口要收、要核、要送"] == (2, "/desk/?tab=window")
    for count, url in found.values():
        assert len(client.get(url).context["rows"]) == count


@time_machine.travel(morning(2013, 10, 30))
def test_what_is_overdue_presses_and_comes_first(client: Client, world: World) -> None:
    item = world.item("330881-qs")
    late = world.file(item, TUESDAY)
    fresh = world.file(item, morning(2013, 10, 30, 9))
    client.force_login(world.clerk)
    answer = client.get("/today/")
    assert needs(client)["今天到期和已过期的"][0] == 1
    assert [row["number"] for row in answer.context["urgent"]["rows"]] == [
        late.number,
        fresh.number,
    ]
    watched = {str(one["label"]): one["count"] for one in answer.context["watches"]}
    assert watched["超期的"] == 1


@pytest.mark.both
@time_machine.travel(TUESDAY)
def test_each_role_finds_its_own(client: Client, world: World) -> None:
    case = world.bring(world.file(world.item("330881-qs"), TUESDAY), "examined", TUESDAY)
    client.force_login(world.approver)
    assert needs(client)["等我决定或批准"] == (1, "/desk/?tab=decide")
    assert "窗口收件" not in doors(client)
    client.force_login(world.clerk)
    assert {"窗口收件", "一次性告知单", "收费日结"} <= doors(client)
    assert "等我决定或批准" not in needs(client)
    assert client.get(f"/cases/{case.number}/").status_code == 200


@time_machine.travel(TUESDAY)
def test_a_system_administrator_sees_no_case(client: Client, world: World) -> None:
    case = world.file(world.item("330881-qs"), TUESDAY)
    client.force_login(world.people.post("sys", Role.SYSTEM_ADMIN, world.water))
    answer = client.get("/today/")
    assert case.number not in answer.content.decode()
    assert answer.context["watches"] == []
    assert "现在没有等您办的事" in answer.content.decode()


@time_machine.travel(TUESDAY)
def test_a_colleague_of_another_unit_is_not_counted_in(client: Client, world: World) -> None:
    world.file(world.item("330881-qs"), TUESDAY)
    client.force_login(world.people.post("else", Role.CLERK, world.planning))
    assert needs(client) == {}


def test_strangers_and_citizens_have_no_such_page(client: Client, world: World) -> None:
    assert client.get("/today/").status_code == 302
    client.force_login(world.citizen)
    assert client.get("/today/").status_code == 404


@time_machine.travel(TUESDAY)
def test_more_cases_cost_no_more_queries(
    client: Client, world: World, django_assert_num_queries: Any
) -> None:
    item = world.item("330881-qs")
    client.force_login(world.clerk)
    world.file(item, TUESDAY)
    client.get("/today/")
    with django_assert_num_queries(13):
        client.get("/today/")
    for _nth in range(6):
        world.file(item, TUESDAY)
    with django_assert_num_queries(13):
        client.get("/today/")


@pytest.mark.both
@time_machine.travel(TUESDAY)
def test_drafts_wait_for_a_reviewer_and_for_their_author(client: Client, world: World) -> None:
    reform = world.people.post("reform", Role.REFORM_OFFICE, world.centre)
    item = Item.objects.get(code=world.item("330881-qs"))
    by = {"actor": world.actor(reform), "at": TUESDAY, "command_id": new_command_id()}
    open_draft(item_id=item.id, **by)
    client.force_login(reform)
    assert needs(client)["起草中的事项草稿"] == (1, "/catalogue/edit/?state=draft")
    assert "等审核的事项草稿" not in needs(client)
