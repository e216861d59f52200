"""Items begun in the editor, and items without an edition on the editor's screens."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict
from mingtang.catalogue import services
from mingtang.catalogue.editor import queries as editor
from mingtang.catalogue.editor.present import TITLES
from mingtang.catalogue.models import Draft, Item
from mingtang.catalogue.queries import next_code
from mingtang.catalogue.rules import CodeUnusable, ItemKind
from mingtang.catalogue.rules.drafts import DraftInvalid
from mingtang.ledger.queries import history
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.django_db
NEW = "/catalogue/edit/new/"
FOLDER = Path(services.__file__).parent
SERVICES = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py")))
COMMANDS = set(re.findall(r'@command\("(item\.[a-z_]+)"\)', SERVICES))


@pytest.fixture
def author(world: World) -> Any:
    return world.people.post("author", Role.REFORM_OFFICE, world.centre)


def create(world: World, author: Any, **more: Any) -> dict[str, Any]:
    fields = {"department_id": world.water.id, "name": "凿井许可", "kind": ItemKind.PERMIT} | more
    by = {"actor": world.actor(author), "at": morning(2013, 9, 17)}
    return services.create_item(command_id=new_command_id(), **fields, **by)


def typed(world: World, **more: str) -> dict[str, str]:
    fields = {"department": str(world.water.id), "name": "凿井许可", "kind": "permit", "code": ""}
    return fields | {"command_id": new_command_id()} | more


# ── the command ───────────────────────────────────────────────────────────────────────────────


def test_a_new_item_has_a_draft_and_no_edition(world: World, author: Any) -> None:
    made = create(world, author)
    item, draft = Item.objects.get(), Draft.objects.get()
    assert (made["code"], item.code, item.current_edition) == (*("330881-016-001",) * 2, None)
    assert (draft.content["name"], draft.content["profile"]) == ("凿井许可", "permit")
    assert [event.kind for event in history(f"item:{item.id}")] == ["item.created"]


def test_local_codes_count_on_and_leave_no_double(world: World, author: Any) -> None:
    create(world, author, code="330881-016-041")
    assert next_code(world.water.id) == "330881-016-042"
    assert create(world, author)["code"] == "330881-016-042"
    with pytest.raises(Conflict, match="编码“330881-016-042”已有事项在用"):
        create(world, author, code="330881-016-042")


def test_a_new_item_needs_a_name_and_a_usable_code(world: World, author: Any) -> None:
    with pytest.raises(DraftInvalid, match="“项目名称”没有填写"):
        create(world, author, name=" ")
    with pytest.raises(CodeUnusable):
        create(world, author, code="330881/1")
    assert not Item.objects.exists()


# ── the screens ───────────────────────────────────────────────────────────────────────────────


def test_the_office_begins_an_item_and_is_led_to_its_form(
    client: Client, world: World, author: Any
) -> None:
    client.force_login(author)
    answer = client.post(NEW, typed(world))
    code = Item.objects.get().code
    assert answer.headers["Location"] == reverse("catalogue:draft_edit", args=[code])
    for page in ("draft", "draft_edit", "draft_preview", "history"):
        assert client.get(reverse(f"catalogue:{page}", args=[code])).status_code == 200
    assert client.get(reverse("catalogue:editions", args=[code])).status_code == 404
    assert "未发布" in client.get(reverse("catalogue:edit_list")).content.decode()


def test_nothing_typed_is_lost_when_it_is_refused(
    client: Client, world: World, author: Any
) -> None:
    world.item(code="330881-016-007")
    client.force_login(author)
    answer = client.post(NEW, typed(world, name="凿井", code="330881-016-007"))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "已有事项在用" in shown
    assert 'value="凿井"' in shown
    empty = client.post(NEW, typed(world, department="", name=""))
    assert empty.status_code == 422
    assert "请选择实施部门。" in empty.content.decode()


def test_nobody_begins_an_item_of_another_department(client: Client, world: World) -> None:
    lead = world.people.post("lead", Role.WINDOW_LEAD, world.planning)
    client.force_login(lead)
    answer = client.post(NEW, typed(world))
    assert answer.status_code == 422
    assert not Item.objects.exists()
    assert client.post(NEW, typed(world, department=str(world.planning.id))).status_code == 302


def test_strangers_and_citizens_begin_nothing(client: Client, world: World) -> None:
    assert client.get(NEW).status_code == 302
    client.force_login(world.citizen)
    assert client.get(NEW).status_code in {403, 404}


def test_an_unpublished_item_is_nobodys_but_the_offices(
    client: Client, world: World, author: Any
) -> None:
    code = create(world, author)["code"]
    for page in ("item", "guide", "qr"):
        assert client.get(reverse(f"catalogue:{page}", args=[code])).status_code == 404
    assert "凿井许可" not in client.get(reverse("catalogue:items")).content.decode()


def test_the_board_counts_items_that_were_never_published(world: World, author: Any) -> None:
    create(world, author)
    scope = world.scope(author)
    [row] = editor.board(scope, morning(2013, 9, 17).date())
    assert (row.total, row.complete, row.lacking["basis"]) == (1, 0, 1)
    [one], _after = editor.items_lacking(
        scope, morning(2013, 9, 17).date(), department=None, lack="basis", after=""
    )
    assert one.name == "凿井许可"


def test_lists_ask_the_same_with_more_unpublished_items(
    client: Client, world: World, author: Any
) -> None:
    client.force_login(author)
    counts = []
    for size in (3, 12):
        for _ in range(size):
            create(world, author)
        for page in ("edit_list", "completeness"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(f"catalogue:{page}")).status_code == 200
            counts.append((page, len(captured)))
    assert counts[:2] == counts[2:]


def test_a_person_for_some_items_only_begins_none(world: World) -> None:
    some = world.people.post("some", Role.WINDOW_LEAD, world.water, item_codes=["330881-qs"])
    assert editor.departments_for(world.scope(some), morning(2013, 9, 17).date()) == []


def test_a_draft_is_given_up_only_with_a_tick(client: Client, world: World, author: Any) -> None:
    code = create(world, author)["code"]
    address = reverse("catalogue:draft_act", args=[code, "discard"])
    client.force_login(author)
    refused = client.post(address, {"command_id": new_command_id()})
    assert refused.status_code == 422
    assert "放弃前请先打勾确认。" in refused.content.decode()
    assert Draft.objects.get().state == "draft"
    sent = {"command_id": new_command_id(), "confirmed": "on"}
    assert client.post(address, sent).status_code == 302
    assert Draft.objects.get().state == "discarded"


def test_the_history_leaves_enquiries_out_and_shows_no_codes(
    client: Client, world: World, author: Any
) -> None:
    code = world.item("330881-qs")
    services.record_enquiry(
        item_code=code,
        actor=world.actor(world.clerk),
        at=morning(2013, 9, 17),
        command_id=new_command_id(),
    )
    client.force_login(author)
    page = client.get(reverse("catalogue:history", args=[code])).content.decode()
    assert "发布第 1 版" in page
    assert "enquiry" not in page
    told = set(re.findall(r"\"(item\.[a-z_]+)\"", SERVICES))
    assert told - COMMANDS <= set(TITLES)
    assert "item.file_kept" in told
