"""The editor of forms: who may, buttons that work without a script, what is refused stays typed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.catalogue.models import Draft, Edition
from mingtang.questions.rules import PLAIN, compiled, ordered
from mingtang.questions.rules.editing import parts_of, schema_of
from tests.catalogue.test_editor import act, furnished
from tests.laid import laid
from tests.questions.schemas import EVERY
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _with_a_draft() -> World:
    desk = furnished(World())
    act(Client(), desk.author, desk.code, "open")
    desk.address = reverse("catalogue:draft_form", args=[desk.code])
    desk.try_address = reverse("catalogue:draft_form_try", args=[desk.code])
    return desk


_desk = laid(_with_a_draft)


@pytest.fixture
def desk(db: None, _desk: Callable[[], World]) -> World:
    return _desk()


@pytest.fixture
def drafted(desk: World) -> Draft:
    return Draft.objects.get()


def with_form(draft: Draft, form: Any = EVERY) -> None:
    draft.content["form"] = ordered(form)
    draft.save()


def sent(context: Any) -> dict[str, Any]:
    """What a browser would send from the page as it stands."""
    writing, page = context["writing"], context["page"]
    data = {"tab": writing.tab, "source": writing.source, "part-count": len(page.sections())}
    data |= {name: context["hidden"][name].value() for name in context["hidden"].fields}
    left = [{"form": page.top()}, *page.sections()]
    while left:
        part = left.pop()
        form = part["form"]
        data |= {form.add_prefix(name): form[name].value() for name in form.fields}
        data |= {part["count_name"]: len(part["parts"])} if "parts" in part else {}
        left += part.get("parts", [])
    return {name: value for name, value in data.items() if value not in (None, False, "")}


class Editor:
    """Somebody at the page, pressing buttons."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.answer = client.get(address)

    def press(self, button: str, **typed: Any) -> Any:
        changes = {name.replace("__", "-"): value for name, value in typed.items()}
        data = sent(self.answer.context) | {"act": button} | changes
        self.answer = self.client.post(self.address, data)
        return self.answer

    def names(self) -> list[Any]:
        """The titles as the outline has them."""
        return [
            [one["form"]["title"].value(), [q["form"]["title"].value() for q in one["parts"]]]
            for one in self.answer.context["page"].sections()
        ]


@pytest.fixture
def editor(desk: World, drafted: Draft, client: Client) -> Editor:
    client.force_login(desk.author)
    return Editor(client, desk.address)


@pytest.fixture
def every_editor(desk: World, drafted: Draft, client: Client) -> Editor:
    with_form(drafted)
    client.force_login(desk.author)
    return Editor(client, desk.address)


# ── who may ───────────────────────────────────────────────────────────────────────────────────


def test_the_page_is_for_those_who_may_edit_the_item(
    desk: World,
    drafted: Draft,
    client: Client,
) -> None:
    tried = {"schema": json.dumps(PLAIN)}
    for who in (desk.author, desk.clerk):
        client.force_login(who)
        assert client.get(desk.address).status_code == 200, who.username
        assert client.post(desk.try_address, tried).status_code == 422, who.username
    for who in (desk.colleague, desk.handler, desk.citizen):
        client.force_login(who)
        assert client.get(desk.address).status_code == 404, who.username
        assert client.post(desk.address, {"act": "save"}).status_code == 404, who.username
        assert client.post(desk.try_address, tried).status_code == 404, who.username
    client.logout()
    assert client.get(desk.address).status_code == 302


def test_draft_and_edit_page_lead_there(desk: World, drafted: Draft, client: Client) -> None:
    client.force_login(desk.author)
    for page in ("draft", "draft_edit"):
        shown = client.get(reverse(f"catalogue:{page}", args=[desk.code])).content.decode()
        assert f'href="{desk.address}"' in shown


def test_a_draft_under_review_is_not_written(desk: World, drafted: Draft, client: Client) -> None:
    drafted.state = "in_review"
    drafted.submitted_at, drafted.submitted_by = drafted.opened_at, desk.author
    drafted.save()
    client.force_login(desk.author)
    assert client.get(desk.address).status_code == 409


# ── writing without a script ──────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_form_is_written_from_nothing_to_the_published_edition(
    desk: World,
    editor: Editor,
    client: Client,
) -> None:
    assert "这个事项没有申请表" in editor.answer.content.decode()
    editor.press("start empty")
    editor.press("add 0", **{"part-title": "取水申请表", "part-0-title": "申请什么"})
    editor.press(
        "add 0-1",
        **{"part-0-0-title": "办理类型", "part-0-0-kind": "one", "part-0-0-purpose": "分清。"},
        **{"part-0-0-options": "新办\nchange 变更", "part-0-0-is_required": "on"},
        **{"part-0-1-title": "水井", "part-0-1-kind": "rows", "part-0-1-purpose": "登记。"},
    )
    done = editor.press(
        "save",
        **{"part-0-1-0-title": "井深", "part-0-1-0-kind": "whole", "part-0-1-0-purpose": "登记。"},
        **{"part-0-1-when": "section_1.q_1 is change", "part-0-1-0-most": "３００"},
    )
    assert done.status_code == 302, editor.answer.context["errors"]
    form = Draft.objects.get().content["form"]
    section = form["properties"]["section_1"]
    assert list(section["properties"]) == ["q_1", "q_2"]
    assert section["properties"]["q_1"]["oneOf"] == [
        {"const": "o_1", "title": "新办"},
        {"const": "change", "title": "变更"},
    ]
    assert section["required"] == ["q_1"]
    assert section["properties"]["q_2"]["x-when"] == {"question": "section_1.q_1", "is": "change"}
    assert section["properties"]["q_2"]["items"]["properties"]["q_3"]["maximum"] == 300
    act(client, desk.author, desk.code, "submit")
    page = client.get(reverse("catalogue:draft", args=[desk.code])).content.decode()
    assert "水井（可增加的表行；选填；“办理类型”选“变更”时填写；用途：登记。）" in page
    act(client, desk.reviewer, desk.code, "publish")
    assert Edition.objects.latest("number").details["form"] == form


@pytest.mark.slow
def test_parts_move_and_go_and_all_that_was_typed_stays(every_editor: Editor) -> None:
    before = every_editor.names()
    typed = {"part-1-0-title": "年水量", "part-1-0-least": "许多"}
    every_editor.press("down 1-0", **typed)
    works = before[1][1]
    moved = [works[1], "年水量", *works[2:]]
    assert every_editor.names()[1] == ["取水工程", moved]
    assert 'value="许多"' in every_editor.answer.content.decode()
    every_editor.press("up 1")
    assert [name for name, _inside in every_editor.names()] == ["取水工程", "申请什么", "联系人"]
    every_editor.press("remove 0-0")
    assert every_editor.names()[0][1] == moved[1:]
    assert Draft.objects.get().content["form"] == ordered(EVERY)  # nothing was stored


@pytest.mark.both
def test_the_first_does_not_go_up_nor_the_last_down(every_editor: Editor) -> None:
    page = every_editor.answer.content.decode()
    for gone in ('value="up 0"', 'value="down 2"', 'value="up 0-0"', 'value="down 0-4"'):
        assert gone not in page
    for there in ('value="down 0"', 'value="up 2"', 'value="down 0-0"', 'value="up 1-5-1"'):
        assert there in page


@pytest.mark.slow
@pytest.mark.parametrize("button", ["up", "up x", "remove 9", "add 0-0-0-0", "fly 1", "tab x", ""])
def test_a_button_that_is_none_is_not_found(every_editor: Editor, button: str) -> None:
    assert every_editor.press(button).status_code in (404, 200 if button == "" else 404)


def test_saving_untouched_changes_nothing_of_what_is_asked(every_editor: Editor) -> None:
    assert every_editor.press("save").status_code == 302
    assert compiled(Draft.objects.get().content["form"]) == compiled(EVERY)


@pytest.mark.slow
def test_a_form_of_which_all_is_removed_is_none(every_editor: Editor) -> None:
    for _ in range(3):
        every_editor.press("remove 0")
    assert every_editor.press("save").status_code == 302
    assert "form" not in Draft.objects.get().content


# ── what is refused ───────────────────────────────────────────────────────────────────────────


def test_a_fault_stands_beside_its_question_and_all_stays_typed(every_editor: Editor) -> None:
    refused = every_editor.press(
        "save", **{"part-1-0-most": "许多", "part-0-0-purpose": "", "part-0-2-title": "新理由"}
    )
    assert refused.status_code == 422
    page = refused.content.decode()
    sections = refused.context["page"].sections()
    assert ["没有写收集目的" in fault for fault in sections[0]["parts"][0]["faults"]] == [True]
    assert ["最大值" in fault for fault in sections[1]["parts"][0]["faults"]] == [True]
    assert all(not one["faults"] for one in sections[0]["parts"][1:])
    assert 'href="#part-1-0"' in page
    assert '<details class="ask" id="part-1-0" open' in page
    assert '<details class="ask" id="part-1-1" data-mt-ask' in page
    assert page.count('<details class="more" open') == 2  # what is wrong may stand in there
    assert ('value="许多"' in page, 'value="新理由"' in page) == (True, True)
    assert Draft.objects.get().content["form"] == ordered(EVERY)


@pytest.mark.slow
def test_a_condition_whose_question_moved_behind_is_told_and_may_be_chosen_anew(
    every_editor: Editor,
) -> None:
    every_editor.press("down 0-0")
    refused = every_editor.press("save")
    assert refused.status_code == 422
    assert "引用的问题已经不在前面" in refused.content.decode()
    [first, *_more] = refused.context["page"].sections()[0]["parts"]
    assert "它之前没有这个问题" in first["faults"][0]
    assert every_editor.press("save", **{"part-0-0-when": ""}).status_code == 302


@pytest.mark.slow
def test_a_colleagues_saving_meanwhile_is_told_and_nothing_typed_is_lost(
    desk: World,
    every_editor: Editor,
    client: Client,
) -> None:
    other = Client()
    other.force_login(desk.manager)
    Editor(other, desk.address).press("save", **{"part-title": "他写的"})
    every_editor.press("up 0-4", **{"part-title": "我写的"})  # a move does not hide it
    refused = every_editor.press("save")
    assert refused.status_code == 409
    page = refused.content.decode()
    assert ("同事刚保存过" in page, "我写的" in page) == (True, True)
    assert every_editor.press("save").status_code == 302
    assert Draft.objects.get().content["form"]["title"] == "我写的"


def test_saving_leaves_the_rest_of_the_draft_alone(every_editor: Editor) -> None:
    before = Draft.objects.get()
    every_editor.press("save", **{"part-title": "新表名"})
    after = Draft.objects.get()
    assert after.revision == before.revision + 1
    assert {**after.content, "form": None} == {**before.content, "form": None}


@pytest.mark.slow
def test_nonsense_breaks_nothing(every_editor: Editor) -> None:
    for changes in (
        {"part-count": "x"},
        {"part-0-count": "99999"},
        {"part-0-0-kind": "moon"},
        {"part-0-0-key": "A b"},
        {"part-0-0-when": "kept", "part-0-0-kept": "{"},
        {"part-0-0-title": "甲\x00乙"},
        {"tab": "source", "source": "[" * 100_000},
        {"tab": "source", "source": '{"properties": 3}'},
    ):
        assert every_editor.press("preview", **changes).status_code == 200, changes
        every_editor.press("tab outline", tab="source", source=json.dumps(EVERY))
    data = {"act": "save", "tab": "outline"}
    assert every_editor.client.post(every_editor.address, data).status_code in (400, 422)
    assert Draft.objects.get().content["form"] == ordered(EVERY)


# ── the source ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_outline_and_source_are_two_shapes_of_the_same(every_editor: Editor) -> None:
    every_editor.press("tab source", **{"part-title": "新表名"})
    source = json.loads(every_editor.answer.context["writing"].source)
    assert source == schema_of(parts_of(EVERY | {"title": "新表名"}))
    source["properties"]["matter"]["title"] = "改了"
    every_editor.press("tab outline", source=json.dumps(source))
    assert every_editor.names()[0][0] == "改了"
    every_editor.press("tab source")
    assert every_editor.press("save").status_code == 302
    assert Draft.objects.get().content["form"]["properties"]["matter"]["title"] == "改了"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{\n 'x'", "第 2 行附近有错"),
        ('{"properties": {}}', "里面还没有内容"),
        ("[]", "应是一个对象"),
    ],
)
def test_a_wrong_source_is_refused_and_stays(
    every_editor: Editor, source: str, sentence: str
) -> None:
    every_editor.press("tab source")
    for button in ("save", "tab outline"):
        refused = every_editor.press(button, source=source)
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
        assert refused.context["writing"].source == source
        assert refused.context["writing"].tab == "source"


# ── starting points ───────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.both
def test_a_form_starts_from_the_plain_one_or_from_another_items(
    desk: World,
    editor: Editor,
    client: Client,
) -> None:
    editor.press("start plain")
    assert editor.names() == [["申请什么", ["申请内容"]]]
    desk.item(code="330881-other", name="别的事项", department=desk.planning)
    assert "别的事项" not in editor.press("preview").content.decode()
    assert editor.press("start copy", copied="330881-other").status_code == 404
    more = {"name": "别的事项", "department": desk.planning, "form": json.dumps(EVERY)}
    desk.item(code="330881-other", **more)
    assert "别的事项（330881-other）" in editor.press("preview").content.decode()
    editor.press("start copy", copied="330881-other")
    assert editor.press("save").status_code == 302
    assert compiled(Draft.objects.get().content["form"]) == compiled(EVERY)


# ── the preview, and trying it ────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_preview_is_the_page_of_the_applicant(every_editor: Editor) -> None:
    panel = every_editor.press("preview", **{"part-0-0-title": "办哪一种"}).content.decode()
    assert "办哪一种" in panel.partition("data-mt-preview")[2]
    assert 'name="matter-sort"' in panel
    broken = every_editor.press("preview", **{"part-0-0-title": ""})
    assert "改好下面这些，就能预览" in broken.content.decode()
    assert "没有写名称" in broken.context["panel"]["faults"][0]


def test_the_script_asks_for_the_preview_alone(every_editor: Editor) -> None:
    data = sent(every_editor.answer.context) | {"only": "preview", "part-0-0-title": "办哪一种"}
    alone = every_editor.client.post(every_editor.address, data).content.decode()
    assert "办哪一种" in alone
    assert "data-mt-preview" in alone
    assert "data-mt-form-editor" not in alone


def test_trying_shows_faults_then_the_lines_and_stores_nothing(
    desk: World,
    every_editor: Editor,
    client: Client,
) -> None:
    schema = every_editor.answer.context["panel"]["schema"]
    wrong = client.post(desk.try_address, {"schema": schema, "works-amount": "许多"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert ("请选择“办理类型”" in page, 'value="许多"' in page) == (True, True)
    filled = {"schema": schema, "matter-sort": "new", "person-phone": "１３８ 0000 0001"}
    right = client.post(desk.try_address, filled)
    assert right.status_code == 200
    lines = {line.title: line.text for line in right.context["panel"]["lines"]}
    assert lines["办理类型"] == "新办"
    assert lines["电话"] == "13800000001"
    assert "原证号" not in lines
    more = client.post(desk.try_address, filled | {"row": "add works-wells"})
    assert more.status_code in (200, 422)
    assert 'name="works-wells-0-depth"' in more.content.decode()
    assert "请填写" not in more.content.decode()
    assert Draft.objects.get().content["form"] == ordered(EVERY)
    assert Draft.objects.get().revision == 1


def test_trying_nonsense_is_refused_with_a_sentence(
    desk: World,
    every_editor: Editor,
    client: Client,
) -> None:
    for schema in ("", "{", "[]", '{"properties": {"a": 3}}'):
        answer = client.post(desk.try_address, {"schema": schema})
        assert answer.status_code in (400, 404, 422), schema


# ── size ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_page_asks_the_same_however_many_questions(
    desk: World,
    drafted: Draft,
    client: Client,
) -> None:
    client.force_login(desk.author)

    def asked(count: int) -> int:
        one = {"type": "boolean", "title": "问", "x-purpose": "用。"}
        questions = {f"q_{number}": one for number in range(count)}
        with_form(drafted, {"properties": {"s": {"title": "甲", "properties": questions}}})
        with CaptureQueriesContext(connection) as captured:
            assert client.get(desk.address).status_code == 200
        return len(captured)

    assert asked(2) == asked(60) < 25


@pytest.mark.slow
def test_a_condition_on_a_question_far_away_stays_and_may_be_seen(
    desk: World,
    drafted: Draft,
    client: Client,
) -> None:
    one = {"type": "boolean", "title": "问", "x-purpose": "用。"}
    questions = {f"q_{number}": one for number in range(60)}
    questions["q_59"] = one | {"x-when": {"question": "s.q_0", "is": True}}
    form = {"type": "object", "title": "表", "properties": {}}
    form["properties"]["s"] = {"type": "object", "title": "甲", "properties": questions}
    with_form(drafted, form)
    client.force_login(desk.author)
    editor = Editor(client, desk.address)
    page = editor.answer.content.decode()
    assert '<option value="s.q_0 yes" selected>' in page
    assert editor.press("save", **{"part-title": "新表"}).status_code == 302
    assert Draft.objects.get().content["form"] == ordered(form | {"title": "新表"})
