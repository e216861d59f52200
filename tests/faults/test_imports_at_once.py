"""A table comes in while people work: whoever is first holds, the other is told."""

from typing import Any

import pytest

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict
from mingtang.base.search import look_up
from mingtang.catalogue.models import Draft, Edition, Item
from mingtang.catalogue.rules import ItemKind
from mingtang.catalogue.rules.drafts import DraftMoved
from mingtang.catalogue.search import KIND
from mingtang.catalogue.services import (
    ImportRefused,
    create_item,
    import_items,
    save_draft,
    suspend_item,
)
from mingtang.ledger.rules import SYSTEM
from tests.faults.test_at_once import _at_once
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.django_db(transaction=True)
AT = morning(2013, 9, 17)
CODE = "330881-016-002"


def table(*, as_published: bool = False, **cells: str) -> dict[str, Any]:
    row = {
        "row": "2",
        "department": "江山市水利局",
        "name": "取水许可",
        "task_code": CODE,
        "task_type": "1",
        "area_code": "330881000000",
        **cells,
    }
    told = {"actor": SYSTEM, "at": AT, "command_id": new_command_id()}
    return import_items(rows=[row], source="清单.csv", as_published=as_published, **told)


@pytest.mark.parametrize("turn", range(4))
def test_a_table_and_a_person_never_both_write_a_draft(world: World, turn: int) -> None:
    author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    table(conditions="从前的条件")
    draft = Draft.objects.get()
    mine = draft.content | {"conditions": "我写的条件"}
    told = {"actor": world.actor(author), "at": AT, "command_id": new_command_id()}
    results = _at_once(
        [
            lambda: save_draft(draft_id=draft.id, content=mine, revision=1, base_number=0, **told),
            lambda: table(conditions="表里的条件"),
        ]
    )
    kinds = {type(one) for one in results}
    assert kinds in ({dict, DraftMoved}, {dict, ImportRefused}), results
    wanted = "我写的条件" if isinstance(results[0], dict) else "表里的条件"
    assert Draft.objects.get().content["conditions"] == wanted


@pytest.mark.parametrize("turn", range(4))
def test_a_table_and_a_suspension_leave_the_index_right(world: World, turn: int) -> None:
    table(as_published=True)
    lead = world.people.post("lead", Role.REFORM_OFFICE, world.centre)
    told = {"actor": world.actor(lead), "at": AT, "command_id": new_command_id()}
    item = Item.objects.get()
    results = _at_once(
        [
            lambda: suspend_item(item_id=item.id, reason="系统升级", **told),
            lambda: table(as_published=True, conditions="新条件"),
        ]
    )
    assert {type(one) for one in results} == {dict}, results
    assert Edition.objects.count() == 2
    assert len(look_up(KIND, "取水许可").found) == 0


def test_new_items_at_once_never_share_a_code(world: World) -> None:
    author = world.people.post("author", Role.REFORM_OFFICE, world.centre)

    def create() -> object:
        return create_item(
            department_id=world.water.id,
            name="凿井许可",
            kind=ItemKind.PERMIT,
            actor=world.actor(author),
            at=AT,
            command_id=new_command_id(),
        )

    results = _at_once([create] * 6)
    assert {type(one) for one in results} <= {dict, Conflict}, results
    made = [one["code"] for one in results if isinstance(one, dict)]
    assert made
    assert len(made) == len(set(made)) == Item.objects.count()
