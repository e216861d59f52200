"""The editor of routes: who may, what comes back, two people, nothing typed is lost."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError
from mingtang.catalogue.rules.drafts import DraftMoved, SamePerson, WrongMove
from mingtang.joint.models import Route, RouteDraft, RouteEdition
from mingtang.joint.rules.bpmn import read
from mingtang.joint.rules.checks import RouteInvalid
from mingtang.joint.rules.route import Node, content_of, route_of
from mingtang.joint.services import drafts as services
from mingtang.ledger import queries as ledger
from tests.catalogue.test_editor import values_of
from tests.joint.routes import chain
from tests.joint.test_bpmn import FLAT, faults, foreign
from tests.world import World, new_command_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> World:
    """The world with two of the reform office and one of the project office."""
    world.author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    world.reviewer = world.people.post("reviewer", Role.REFORM_OFFICE, world.centre)
    world.projects = world.people.post("projects", Role.PROJECT_OFFICE, world.centre)
    world.code = world.item(statutory=20, promised=5, statutory_basis="《水法》第七条")
    return world


def node(key: str = "water", **more: Any) -> Node:
    return Node(key, **{"name": "取水", "organisation": "slj", "days": 5} | more)


def begun(desk: World, at: datetime, code: str = "plant") -> RouteDraft:
    by = {"actor": desk.actor(desk.author), "at": at, "command_id": new_command_id()}
    made = services.create_route(code=code, name="厂房项目", **by)
    return RouteDraft.objects.get(id=int(made["draft_id"]))


def do(desk: World, who: Any, command: Any, draft: RouteDraft, at: datetime, **more: Any) -> Any:
    by = {"actor": desk.actor(who), "at": at, "command_id": new_command_id()}
    return command(draft_id=draft.id, **more, **by)


def written(desk: World, draft: RouteDraft, at: datetime, *nodes: Node, **more: Any) -> None:
    draft.refresh_from_db()
    number = draft.route.current_edition.number if draft.route.current_edition else 0
    content = more.pop("content", None) or content_of(chain(*nodes or (node(),)))
    for stage in content["stages"]:
        stage["lead"] = "slj"
    said = {"name": "厂房项目", "note": "", "content": content, "revision": draft.revision}
    do(desk, desk.author, services.save_draft, draft, at, **{**said, "base_number": number, **more})


def published(desk: World, at: datetime, *nodes: Node, code: str = "plant") -> RouteEdition:
    route = Route.objects.filter(code=code).first()
    if route is None:
        draft = begun(desk, at, code)
    else:
        by = {"actor": desk.actor(desk.author), "at": at, "command_id": new_command_id()}
        services.open_draft(route_id=route.id, **by)
        draft = RouteDraft.objects.get(route=route, state="draft")
    written(desk, draft, at, *nodes)
    do(desk, desk.author, services.submit_draft, draft, at)
    made = do(desk, desk.reviewer, services.publish_draft, draft, at)
    return RouteEdition.objects.get(id=int(made["edition_id"]))


# ── services ──────────────────────────────────────────────────────────────────────────────────


def test_a_second_person_publishes_an_edition_that_stays(desk: World, at: datetime) -> None:
    draft = begun(desk, at)
    written(desk, draft, at)
    do(desk, desk.author, services.submit_draft, draft, at)
    with pytest.raises(SamePerson):
        do(desk, desk.author, services.publish_draft, draft, at)
    do(desk, desk.reviewer, services.publish_draft, draft, at)
    first = RouteEdition.objects.get(route__code="plant")
    second = published(desk, at, node(days=3))
    assert (first.number, second.number) == (1, 2)
    assert Route.objects.get(code="plant").current_edition == second
    first.refresh_from_db()
    assert next(route_of(first.content).nodes())[1].days == 5
    kinds = [event.kind for event in ledger.history(f"route:{first.route_id}")]
    assert kinds[:4] == [
        *("route.created", "route.draft_saved", "route.draft_submitted", "route.published")
    ]


def test_the_table_itself_refuses_a_review_by_the_author(desk: World, at: datetime) -> None:
    edition = published(desk, at)
    draft = RouteDraft.objects.get(edition=edition)
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteDraft.objects.filter(id=draft.id).update(reviewed_by=draft.opened_by_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteDraft.objects.filter(id=draft.id).update(state="draft")


def test_a_route_with_faults_is_kept_as_a_draft_and_goes_no_further(
    desk: World, at: datetime
) -> None:
    draft = begun(desk, at)
    written(desk, draft, at, node(organisation="nobody"))
    with pytest.raises(RouteInvalid, match="单位“nobody”没有登记"):
        do(desk, desk.author, services.submit_draft, draft, at)
    written(desk, draft, at, node(item=desk.code, days=21))
    with pytest.raises(RouteInvalid, match="超过事项的法定时限20个工作日"):
        do(desk, desk.author, services.submit_draft, draft, at)


def test_an_item_and_an_organisation_may_be_called_by_their_names(
    desk: World, at: datetime
) -> None:
    draft = begun(desk, at)
    name = draft.route.name and desk.code
    written(desk, draft, at, node(organisation="江山市规划局"), node("b", name="乙", item=name))
    draft.refresh_from_db()
    found = [one for _stage, one in route_of(draft.content).nodes()]
    assert (found[0].organisation, found[1].item) == ("ghj", desk.code)


def test_who_saves_over_anothers_saving_is_told(desk: World, at: datetime) -> None:
    draft = begun(desk, at)
    written(desk, draft, at)
    with pytest.raises(DraftMoved, match="另一位同事刚保存过"):
        written(desk, draft, at, revision=1)
    with pytest.raises(DraftMoved, match="刚发布了新版本"):
        written(desk, draft, at, base_number=7)


@pytest.mark.parametrize("code", ["", "Plant", "a b", "x" * 41])
def test_a_code_that_is_no_code_is_refused(desk: World, at: datetime, code: str) -> None:
    with pytest.raises(DomainError, match="只能用小写字母"):
        begun(desk, at, code)


def test_a_code_belongs_to_one_route_and_a_route_has_one_open_draft(
    desk: World, at: datetime
) -> None:
    draft = begun(desk, at)
    with pytest.raises(Conflict, match="已有路线在用"):
        begun(desk, at)
    by = {"actor": desk.actor(desk.author), "at": at, "command_id": new_command_id()}
    with pytest.raises(Conflict, match="没有完成的草稿"):
        services.open_draft(route_id=draft.route_id, **by)


def test_what_is_the_same_is_not_published_again(desk: World, at: datetime) -> None:
    published(desk, at)
    with pytest.raises(Conflict, match="完全相同"):
        published(desk, at)


def test_a_returned_draft_says_why_and_a_discarded_one_is_over(desk: World, at: datetime) -> None:
    draft = begun(desk, at)
    written(desk, draft, at)
    do(desk, desk.author, services.submit_draft, draft, at)
    with pytest.raises(WrongMove):
        written(desk, draft, at)
    with pytest.raises(DomainError, match="原因"):
        do(desk, desk.projects, services.return_draft, draft, at, reason=" ")
    do(desk, desk.projects, services.return_draft, draft, at, reason="缺少环评")
    draft.refresh_from_db()
    assert (draft.state, draft.return_reason) == ("draft", "缺少环评")
    do(desk, desk.author, services.discard_draft, draft, at)
    draft.refresh_from_db()
    assert draft.state == "discarded"


# ── pages ─────────────────────────────────────────────────────────────────────────────────────

PAGES = ["route", "edit", "import", "editions", "history"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_those_who_write_routes(
    desk: World, client: Client, at: datetime, page: str
) -> None:
    edition = published(desk, at)
    by = {"actor": desk.actor(desk.author), "at": at, "command_id": new_command_id()}
    services.open_draft(route_id=edition.route_id, **by)
    address = reverse(f"routes:{page}", args=["plant"])
    for who in (desk.author, desk.projects):
        client.force_login(who)
        assert client.get(address).status_code == 200, who.username
        assert client.get(reverse(f"routes:{page}", args=["none"])).status_code == 404
    for who in (desk.manager, desk.clerk, desk.citizen):
        client.force_login(who)
        assert client.get(address).status_code == 404, who.username
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("page", ["list", "new"])
def test_the_list_is_for_those_who_write_routes(desk: World, client: Client, page: str) -> None:
    address = reverse(f"routes:{page}")
    client.force_login(desk.projects)
    assert client.get(address).status_code == 200
    client.force_login(desk.colleague)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def act(client: Client, who: Any, verb: str, **data: str) -> Any:
    client.force_login(who)
    address = reverse("routes:act", args=["plant", verb])
    return client.post(address, {"command_id": new_command_id(), **data})


def typed(client: Client, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the form as it stands, with changes."""
    forms = client.get(reverse("routes:edit", args=["plant"])).context["forms"]
    data = values_of(forms.form)
    for rows in (forms.stages, forms.nodes):
        for one in [rows.management_form, *rows]:
            data |= values_of(one)
    data |= changes
    return {key: value for key, value in data.items() if value is not None and value is not False}


def save(client: Client, **changes: Any) -> Any:
    return client.post(reverse("routes:edit", args=["plant"]), typed(client, **changes))


ROWS = {
    "stages-0-name": "前期",
    "stages-0-lead": "slj",
    "nodes-0-name": "取水",
    "nodes-0-organisation": "slj",
    "nodes-0-days": "5",
    "nodes-1-name": "选址",
    "nodes-1-organisation": "ghj",
    "nodes-1-days": "7",
}


def test_a_route_is_written_by_rows_from_the_first_click_to_its_edition(
    desk: World, client: Client
) -> None:
    client.force_login(desk.author)
    made = {"name": "厂房项目", "code": "plant", "command_id": new_command_id()}
    answer = client.post(reverse("routes:new"), made)
    assert answer.url == reverse("routes:edit", args=["plant"])
    assert save(client, **ROWS).url == reverse("routes:route", args=["plant"])
    answer = save(client, **{"nodes-1-needs": ["node-1"], "more": "nodes"})
    assert answer.url.endswith("?more=nodes#nodes")
    page = client.get(reverse("routes:route", args=["plant"])).content.decode()
    assert "没有写对应的事项，待确认" in page
    assert act(client, desk.author, "submit").status_code == 302
    assert act(client, desk.author, "publish").status_code == 403
    assert act(client, desk.projects, "publish").status_code == 302
    route = route_of(RouteEdition.objects.get(route__code="plant").content)
    (stage,) = route.stages
    assert [(one.key, one.organisation, one.days) for one in stage.nodes] == [
        ("node-1", "slj", 5),
        ("node-2", "ghj", 7),
    ]
    assert [need.node for need in stage.nodes[1].needs] == ["node-1"]


def test_what_is_wrong_comes_back_with_all_that_was_typed(
    desk: World, client: Client, at: datetime
) -> None:
    begun(desk, at)
    client.force_login(desk.author)
    answer = save(client, **ROWS | {"nodes-0-days": "五天", "note": "依据会议纪要"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "环节第1行“时限（个工作日）”" in page
    assert 'href="#id_nodes-0-days"' in page
    assert 'value="五天"' in page
    assert 'value="选址"' in page
    assert "依据会议纪要" in page
    assert RouteDraft.objects.get().revision == 1


def test_a_saving_over_anothers_comes_back_and_may_be_pressed_again(
    desk: World, client: Client, at: datetime
) -> None:
    draft = begun(desk, at)
    client.force_login(desk.projects)
    data = typed(client, **ROWS)
    written(desk, draft, at)
    address = reverse("routes:edit", args=["plant"])
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert "您写的都还在" in answer.content.decode()
    forms = answer.context["forms"]
    again = data | {name: forms.form[name].value() for name in ("revision", "command_id")}
    assert client.post(address, again).status_code == 302


def test_a_fault_leads_to_its_row(desk: World, client: Client, at: datetime) -> None:
    draft = begun(desk, at)
    written(desk, draft, at, node(), node("b", name="乙", organisation=""))
    client.force_login(desk.author)
    page = client.get(reverse("routes:route", args=["plant"])).content.decode()
    address = reverse("routes:edit", args=["plant"])
    assert f'<a href="{address}#id_nodes-1-name">阶段“办理”的环节“乙”</a>' in page
    assert "没有写由哪个单位办" in page
    assert act(client, desk.author, "submit").status_code == 422


def upload(client: Client, data: bytes, name: str = "route.bpmn") -> Any:
    draft = RouteDraft.objects.get()
    sent = {
        "file": SimpleUploadedFile(name, data),
        "revision": str(draft.revision),
        "command_id": new_command_id(),
    }
    return client.post(reverse("routes:import", args=["plant"]), sent)


def test_a_bpmn_file_becomes_a_draft_and_says_what_it_lost(
    desk: World, client: Client, at: datetime
) -> None:
    begun(desk, at)
    client.force_login(desk.author)
    assert upload(client, foreign(FLAT)).status_code == 302
    page = client.get(reverse("routes:route", args=["plant"])).content.decode()
    assert "BPMN 文件里没有读入的" in page
    assert "scriptTask X" in page
    assert "单位“国土局”没有登记" in page
    assert len(RouteDraft.objects.get().refused) == 7


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<a/>", "不是 BPMN 2.0"),
        (b"", "文件是空的"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DTD"),
        (b" " * 1_000_001, "1 兆字节"),
    ],
)
def test_a_file_that_is_none_changes_nothing(
    desk: World, client: Client, at: datetime, data: bytes, sentence: str
) -> None:
    begun(desk, at)
    client.force_login(desk.author)
    answer = upload(client, data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert RouteDraft.objects.get().revision == 1


def test_an_edition_is_downloaded_as_valid_bpmn_by_any_staff(
    desk: World, client: Client, at: datetime
) -> None:
    edition = published(desk, at)
    published(desk, at, node(days=3))
    address = reverse("routes:bpmn", args=["plant"])
    client.force_login(desk.clerk)
    answer = client.get(address, {"edition": "1"})
    assert answer["Content-Disposition"] == 'attachment; filename="plant-1.bpmn"'
    assert faults(answer.content) == []
    assert read(answer.content).route == route_of(edition.content)
    assert read(client.get(address).content).route != route_of(edition.content)
    assert client.get(address, {"edition": "9"}).status_code == 404
    client.force_login(desk.citizen)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_two_editions_are_compared_with_what_was_saved(
    desk: World, client: Client, at: datetime
) -> None:
    published(desk, at, node(days=9), node("b", name="论证", days=8))
    published(desk, at, node(item=desk.code, days=4))
    client.force_login(desk.author)
    page = client.get(reverse("routes:editions", args=["plant"])).content.decode()
    assert "只算知道的" in page  # two nodes of the first edition have no item
    assert "最长一路的审批时间" in page
    assert "论证" in page
    same = client.get(reverse("routes:editions", args=["plant"]), {"before": 2, "after": 2})
    assert "左右是同一版" in same.content.decode()


def test_the_history_is_told_from_the_ledger(desk: World, client: Client, at: datetime) -> None:
    published(desk, at)
    client.force_login(desk.author)
    page = client.get(reverse("routes:history", args=["plant"])).content.decode()
    for title in ("新建路线", "改动：阶段 办理、取水", "提交审核", "发布第 1 版"):
        assert title in page


def test_the_list_asks_as_much_for_many_routes_as_for_few(
    desk: World, client: Client, at: datetime
) -> None:
    client.force_login(desk.author)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(reverse("routes:list")).status_code == 200
        return len(found)

    published(desk, at, code="a-1")
    asked()
    few = asked()
    for number in range(2, 24):
        begun(desk, at, f"a-{number}")
    assert asked() == few
    page = client.get(reverse("routes:list")).context["page"]
    assert (len(page.rows), page.total) == (20, 23)
    rest = client.get(reverse("routes:list"), {"after": page.next_after}).context["page"]
    assert [row.code for row in rest.rows] == ["a-21", "a-22", "a-23"]
    drafts = client.get(reverse("routes:list"), {"state": "draft"}).context["page"]
    assert drafts.total == 22


@pytest.mark.slow
def test_a_route_asks_as_much_for_many_nodes_as_for_few(
    desk: World, client: Client, at: datetime
) -> None:
    client.force_login(desk.author)
    draft = begun(desk, at)

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(f"routes:{page}", args=["plant"])).status_code == 200
        return len(found)

    written(desk, draft, at, node(item=desk.code))
    few = [asked(page) for page in ("route", "edit")]
    more = [desk.item(f"330881-{number}") for number in range(12)]
    written(desk, draft, at, *(node(f"n{i}", name=f"环节{i}", item=c) for i, c in enumerate(more)))
    assert [asked(page) for page in ("route", "edit")] == few
