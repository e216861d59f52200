"""Blank forms and samples: one name one content, uploaded by editors, read by everyone."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.catalogue.models import Item
from mingtang.catalogue.queries import item_files
from mingtang.catalogue.services import NameTaken, keep_item_file, open_draft
from mingtang.files import queries as files
from mingtang.files.rules import RefusedFile
from mingtang.ledger.models import Event
from tests import papers
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.django_db
FORM, OTHER = papers.pdf(1), papers.pdf(2)


@pytest.fixture
def at() -> datetime:
    """Before the editions of these tests are published."""
    return morning(2013, 1, 3)


@pytest.fixture
def code(world: World) -> str:
    world.author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    return world.item(materials="申请表|表格|1|必要||空白表格=申请表.pdf|填写样张=样张.png")


def incoming(name: str = "申请表.pdf", content: bytes = FORM) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def keep(world: World, at, code: str, file: SimpleUploadedFile, command_id: str = "") -> Any:
    return keep_item_file(
        item_id=Item.objects.get(code=code).id,
        incoming=file,
        actor=world.actor(world.author),
        at=at,
        command_id=command_id or new_command_id(),
    )


def upload(client: Client, who: Any, code: str, file: SimpleUploadedFile | None) -> Any:
    client.force_login(who)
    data = {"command_id": new_command_id()} | ({"file": file} if file else {})
    return client.post(reverse("catalogue:draft_files", args=[code]), data)


def body(answer: Any) -> bytes:
    """What a download holds; read to its end, the client closes the file."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def kept(code: str) -> list[tuple[str, int]]:
    item = Item.objects.get(code=code)
    rows = files.uploads_of(item_files.subject_of(item.id))
    return [(row.original_name, row.size_bytes) for row in rows]


# ── keeping ───────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_kept_and_told(world: World, code: str, at) -> None:
    made = keep(world, at, code, incoming())
    assert made["is_new"]
    assert kept(code) == [("申请表.pdf", len(FORM))]
    event = Event.objects.get(kind="item.file_kept")
    assert event.stream == f"item:{Item.objects.get(code=code).id}"
    assert (event.facts["name"], event.facts["sha256"]) == ("申请表.pdf", made["sha256"])
    assert event.actor_label == world.author.name


def test_the_same_file_again_changes_nothing(world: World, code: str, at) -> None:
    keep(world, at, code, incoming())
    assert not keep(world, at, code, incoming())["is_new"]
    assert len(kept(code)) == 1
    assert Event.objects.filter(kind="item.file_kept").count() == 1


@pytest.mark.slow
def test_a_repeated_command_answers_as_before(world: World, code: str, at) -> None:
    same = new_command_id()
    assert keep(world, at, code, incoming(), same) == keep(world, at, code, incoming(), same)
    assert len(kept(code)) == 1


@pytest.mark.slow
def test_one_name_never_means_two_contents(world: World, code: str, at) -> None:
    keep(world, at, code, incoming())
    with pytest.raises(NameTaken, match="申请表-新"):
        keep(world, at, code, incoming(content=OTHER))
    assert kept(code) == [("申请表.pdf", len(FORM))]
    keep(world, at, code, incoming("申请表-新.pdf", OTHER))
    assert len(kept(code)) == 2


@pytest.mark.slow
def test_another_item_may_use_the_name(world: World, code: str, at) -> None:
    keep(world, at, code, incoming())
    other = world.item("330881-other")
    assert keep(world, at, other, incoming(content=OTHER))["is_new"]


@pytest.mark.parametrize(
    ("name", "content"), [("表.exe", b"MZ"), ("表.pdf", b"<html>"), ("表.pdf", b"")]
)
def test_what_is_no_form_is_refused(world: World, code: str, at, name, content) -> None:
    with pytest.raises(RefusedFile):
        keep(world, at, code, incoming(name, content))
    assert kept(code) == []


# ── the editor's page ─────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_who_may_edit_may_upload(world: World, client: Client, code: str) -> None:
    for who, name in ((world.author, "一.pdf"), (world.clerk, "二.pdf")):
        answer = upload(client, who, code, incoming(name))
        assert answer.status_code == 302
        page = client.get(answer.url).content.decode()
        assert f"已保存“{name}”" in page
    assert [name for name, _ in kept(code)] == ["一.pdf", "二.pdf"]


@pytest.mark.parametrize("who", ["colleague", "citizen", "stranger"])
def test_who_may_not_edit_sees_and_sends_nothing(world, client, code, at, who) -> None:
    keep(world, at, code, incoming("草稿.pdf"))
    person = getattr(world, who)
    assert upload(client, person, code, incoming()).status_code == 404
    for address in (
        reverse("catalogue:draft_files", args=[code]),
        reverse("catalogue:draft_file", args=[code, "草稿.pdf"]),
    ):
        assert client.get(address).status_code == 404
    assert len(kept(code)) == 1


def test_a_guest_is_asked_to_sign_in(client: Client, code: str) -> None:
    answer = client.get(reverse("catalogue:draft_files", args=[code]))
    assert answer.status_code == 302
    assert "sign-in" in answer.url


@pytest.mark.slow
def test_the_page_tells_what_is_missing_and_what_is_used(world, client, code, at) -> None:
    keep(world, at, code, incoming())
    keep(world, at, code, incoming("多余.pdf"))
    client.force_login(world.author)
    answer = client.get(reverse("catalogue:draft_files", args=[code]))
    page = answer.content.decode()
    assert answer.context["wanted"] == ["样张.png"]
    assert "群众可下载" in page
    assert "没有材料用到" in page
    draft = reverse("catalogue:draft_file", args=[code, "多余.pdf"])
    assert body(client.get(draft)) == FORM
    assert client.get(reverse("catalogue:draft_file", args=[code, "无.pdf"])).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "status", "sentence"),
    [
        (None, 422, "请先选择文件"),
        (("表.exe", b"MZ"), 422, "只接受"),
        (("申请表.pdf", OTHER), 409, "已有一份内容不同的"),
    ],
)
def test_a_refused_upload_says_why(world, client, code, at, file, status, sentence) -> None:
    keep(world, at, code, incoming())
    answer = upload(client, world.author, code, incoming(*file) if file else None)
    assert answer.status_code == status
    assert sentence in answer.content.decode()


def test_the_preview_leads_to_the_file_before_the_public_may(world, client, code, at) -> None:
    keep(world, at, code, incoming())
    client.force_login(world.author)
    data = {"command_id": new_command_id()}
    client.post(reverse("catalogue:draft_act", args=[code, "open"]), data)
    page = client.get(reverse("catalogue:draft_preview", args=[code])).content.decode()
    assert f'href="{reverse("catalogue:draft_file", args=[code, "申请表.pdf"])}"' in page


def test_the_history_names_the_file(world: World, client: Client, code: str) -> None:
    upload(client, world.author, code, incoming())
    page = client.get(reverse("catalogue:history", args=[code])).content.decode()
    assert "上传文件" in page
    assert "申请表.pdf" in page


@pytest.mark.slow
def test_the_page_costs_the_same_with_more_files(world: World, client: Client, code, at) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("catalogue:draft_files", args=[code]))
        return len(captured)

    client.force_login(world.author)
    keep(world, at, code, incoming())
    few = cost()
    for n in range(6):
        keep(world, at, code, incoming(f"表{n}.pdf"))
        world.item(materials=f"申请表{n}|表格|1|必要||空白表格=表{n}.pdf")
    assert cost() == few


# ── the public ────────────────────────────────────────────────────────────────────────────────


def public(client: Client, code: str, name: str = "申请表.pdf") -> Any:
    return client.get(reverse("catalogue:item_file", args=[code, name]))


@pytest.mark.parametrize("who", ["colleague", "citizen", "nobody"])
def test_everyone_takes_a_published_form(world, client, code, at, who) -> None:
    keep(world, at, code, incoming())
    if who != "nobody":
        client.force_login(getattr(world, who))
    for name in ("item", "guide"):
        page = client.get(reverse(f"catalogue:{name}", args=[code])).content.decode()
        assert f'href="{reverse("catalogue:item_file", args=[code, "申请表.pdf"])}"' in page
        assert "样张.png（窗口领取）" in page
    answer = public(client, code)
    assert body(answer) == FORM
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_file_that_no_edition_names_is_not_public(world, client, code, at) -> None:
    keep(world, at, code, incoming("内部.pdf"))
    open_draft(
        item_id=Item.objects.get(code=code).id,
        actor=world.actor(world.author),
        at=at,
        command_id=new_command_id(),
    )
    for name in ("内部.pdf", "申请表.pdf", "样张.png", "..", "\x00", "x" * 300):
        assert public(client, code, name).status_code == 404, name
    client.force_login(world.author)
    assert public(client, code, "内部.pdf").status_code == 404
    assert public(client, "330881-none").status_code == 404


def test_the_form_of_an_old_edition_stays(world: World, client: Client, code: str, at) -> None:
    keep(world, at, code, incoming())
    world.item(materials="申请表|表格|1|必要||空白表格=申请表2014.pdf")
    assert body(public(client, code)) == FORM
    page = client.get(reverse("catalogue:item", args=[code])).content.decode()
    assert "申请表2014.pdf（窗口领取）" in page


def test_a_name_is_compared_as_it_is_kept(world: World, client: Client, at) -> None:
    """A cell may hold a folder or letters in another spelling; the file has the plain name."""
    world.author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    code = world.item(materials="申请表|表格|1|必要||空白表格=表格/cafe\u0301.pdf")
    keep(world, at, code, incoming("caf\u00e9.pdf"))
    assert body(public(client, code, "caf\u00e9.pdf")) == FORM


def test_a_file_kept_after_the_publication_waits_for_the_next_edition(world, client, code) -> None:
    keep(world, morning(2013, 9, 17), code, incoming())
    address = reverse("catalogue:item_file", args=[code, "申请表.pdf"])
    assert client.get(address).status_code == 404
    assert address not in client.get(reverse("catalogue:item", args=[code])).content.decode()
