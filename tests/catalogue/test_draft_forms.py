"""The form of a draft: every field and table comes back as it went in, and errors have places."""

import copy
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mingtang.catalogue.editor.forms import ContentForm, DraftForms
from mingtang.catalogue.editor.forms.page import GROUPS
from mingtang.catalogue.editor.forms.rows import GRIDS
from mingtang.catalogue.models import Draft
from mingtang.catalogue.rules.content import COLUMNS, named_materials
from mingtang.catalogue.rules.details import DETAILS, MATERIALS
from mingtang.catalogue.rules.fields import Table
from mingtang.catalogue.rules.route import ROUTE, route_of, rows_of
from tests.catalogue.test_editor import act, desk, save, typed
from tests.catalogue.test_fields import values
from tests.catalogue.test_gate import content
from tests.world import World, new_command_id

pytestmark = pytest.mark.once

__all__ = ["desk"]  # the fixture
STANDS = {"revision": 1, "base_number": 1, "command_id": "0" * 32}


def sent(before: dict[str, Any], **changes: Any) -> QueryDict:
    """What a browser sends from the page of a content, with changes; lines end as it ends them."""
    forms = DraftForms(before, stands=STANDS)
    data = QueryDict(mutable=True)
    parts = [forms.form]
    for rows in forms.tables.values():
        parts += [rows.management_form, *rows]
    for part in parts:
        for name in part.fields:
            put(data, part.add_prefix(name), part[name].value())
    for name, value in changes.items():
        put(data, name, value)
    return data


def put(data: QueryDict, name: str, value: Any) -> None:
    data.pop(name, None)
    if isinstance(value, list):
        data.setlist(name, [str(one) for one in value])
    elif value is not None and value is not False:
        data[name] = "on" if value is True else str(value).replace("\n", "\r\n")


def answered(before: dict[str, Any], **changes: Any) -> DraftForms:
    return DraftForms(before, sent(before, **changes))


def taken(before: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The content that a sent form makes of the one before."""
    forms = answered(copy.deepcopy(before), **changes)
    assert forms.is_valid(), forms.errors()
    return forms.content()


def full_contents() -> st.SearchStrategy[dict[str, Any]]:
    """Contents with any of the fields and tables filled."""
    details = st.fixed_dictionaries({}, optional={field.key: values(field) for field in DETAILS})
    parts = st.tuples(details, values(MATERIALS), values(ROUTE), st.sampled_from([None, True]))
    return parts.map(
        lambda part: content(
            **part[0],
            materials=named_materials(part[1]),
            route=route_of(part[2]),
            is_free=part[3],
            basis="甲\n\n乙",
        )
    )


@pytest.mark.slow
@given(full_contents())
@hypothesis_settings(max_examples=25, deadline=None)
def test_what_nobody_touched_comes_back_the_same(before: dict[str, Any]) -> None:
    assert taken(before) == before


def everything() -> dict[str, Any]:
    """A content in which each field says something."""
    row = {"name": "甲", "code": "01", "question": "问"}
    words: dict[str, Any] = {}
    for field in DETAILS:
        if isinstance(field, Table):
            words[field.key] = [{field.columns[0].key: row[field.columns[0].key]}] * 2
    words["variants"] = [{"code": "01", "name": "新办"}, {"code": "02", "name": "变更"}]
    lines = named_materials([{"name": name} for name in ("申请表", "位置图", "照片")])
    route = route_of([{"name": "踏勘", "kind": "site_visit"}, {"name": "审查"}])
    return content(**words, is_free=False, materials=lines, route=route)


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("visits", "0", 0),
        ("online", "no", False),
        ("online", "", None),
        ("channels", ["online", "window"], ["window", "online"]),
        ("effective_on", "2026-02-01", "2026-02-01"),
        ("level", "county", "county"),
        ("towns", "甲、\n乙", "甲、\n乙"),
        ("themes", ["税收财务"], ["税收财务"]),
        ("is_free", "", None),
    ],
)
def test_each_sort_of_field_is_kept_as_the_rules_have_it(key: str, value: Any, kept: Any) -> None:
    assert taken(content(is_free=True), **{key: value}).get(key) == kept


def test_an_emptied_field_is_left_out_and_an_emptied_column_is_blank() -> None:
    after = taken(content(enquiry="电话", themes=["税收财务"]), enquiry="", themes=None, basis="")
    assert ("enquiry" in after, "themes" in after, after["basis"]) == (False, False, "")


def test_every_field_has_one_place_on_the_page() -> None:
    placed = [key for group in GROUPS for line in group.lines for key in line]
    wanted = {*COLUMNS, "main_item", *(field.key for field in DETAILS)}
    assert len(placed) == len(set(placed))
    assert set(placed) == wanted - {"promised_is_default", "form"}  # the form has a page of its own


def test_a_change_of_the_promise_alone_makes_it_the_items_own() -> None:
    before = content(promised_is_default=True)
    assert taken(before, conditions="别的")["promised_is_default"] is True
    assert taken(before, promised_amount="4")["promised_is_default"] is False


# ── tables ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("variants-1-code", "012", "业务办理项第2行“代码”：有3个字，最多2个字"),
        ("materials-2-copies", "0", "申报材料第3行“份数”：应是1到99的整数"),
        ("materials-1-standard", "长" * 257, "申报材料第2行“受理标准”：有257个字"),
        ("materials-3-note", "说明", "申报材料第4行“名称”：这一行写了内容，没有写名称"),
        ("materials-0-ORDER", "x", "申报材料第1行“序号”：应是1到999的整数"),
        ("route-1-days", "三", "流程环节第2行“时限（个工作日）”：应是0到999的整数"),
        ("special-0-name", "甲\x01", "特别程序第1行“名称”：含有不能保存的字符"),
        ("fees-1-is_reducible", "maybe", "收费项目第2行“可减免”："),
        ("places-2-phone", "123", "办理地点和时间第3行“名称”：这一行写了内容"),
        ("questions-0-answer", "长" * 1001, "常见问题第1行“答”：有1001个字"),
        ("visits", "很多", "到办事现场次数：应是0到9的整数"),
        ("effective_on", "去年", "计划生效日期：应写成2026-01-31这样的日期"),
        ("level", "moon", "行使层级："),
        ("channels", ["pigeon"], "办理形式："),
    ],
)
def test_an_error_names_its_row_and_column_and_leads_there(
    name: str, value: Any, sentence: str
) -> None:
    forms = answered(everything(), **{name: value})
    assert not forms.is_valid()
    [line] = forms.errors()["lines"]
    assert f"{line['label']}：{line['error']}".startswith(sentence)
    column = "name" if "没有写名称" in sentence or "名称”：这" in sentence else None
    place = f"{name.rsplit('-', 1)[0]}-{column}" if column else name
    assert line["target"].removesuffix("_0") == f"id_{place}"
    [group] = [group for group in forms.groups() if group["is_wrong"]]
    assert any(name.split("-")[0] in part for part in _lines_of(group["key"]))


def _lines_of(key: str) -> tuple[tuple[str, ...], ...]:
    return next(group.lines for group in GROUPS if group.key == key)


def test_a_wrong_row_that_is_deleted_bothers_nobody() -> None:
    after = taken(everything(), **{"materials-1-copies": "x", "materials-1-DELETE": True})
    assert [line["name"] for line in after["materials"]] == ["申请表", "照片"]


@pytest.mark.parametrize(
    ("orders", "names"),
    [
        ({2: 1}, ["照片", "申请表", "位置图"]),
        ({0: 3}, ["位置图", "照片", "申请表"]),
        ({0: 2}, ["位置图", "申请表", "照片"]),
        ({2: 2}, ["申请表", "照片", "位置图"]),
        ({0: 3, 2: 1}, ["照片", "位置图", "申请表"]),
        ({0: ""}, ["申请表", "位置图", "照片"]),
    ],
)
def test_a_row_moves_to_the_number_that_was_typed_and_keeps_its_id(
    orders: dict[int, Any], names: list[str]
) -> None:
    before = everything()
    ids = {line["name"]: line["id"] for line in before["materials"]}
    after = taken(before, **{f"materials-{at}-ORDER": to for at, to in orders.items()})
    assert [line["name"] for line in after["materials"]] == names
    assert {line["name"]: line["id"] for line in after["materials"]} == ids


@given(st.integers(0, 9), st.integers(1, 10))
@hypothesis_settings(max_examples=20, deadline=None)
def test_any_row_moves_to_any_place(at: int, to: int) -> None:
    questions = [{"question": str(number)} for number in range(10)]
    after = taken(content(questions=questions), **{f"questions-{at}-ORDER": to})
    assert [row["question"] for row in after["questions"]].index(str(at)) == to - 1


def test_a_moved_and_renamed_step_keeps_its_key_and_a_new_one_gets_its_own() -> None:
    before = everything()
    keys = [row["key"] for row in rows_of(before["route"])]
    more = {"route-1-ORDER": "1", "route-1-name": "复审", "route-2-name": "发证"}
    after = taken(before, **more, **{"route-2-kind": "issue"})
    rows = rows_of(after["route"])
    assert [row["name"] for row in rows] == ["复审", "踏勘", "发证"]
    assert [row["key"] for row in rows] == [keys[1], keys[0], "issue"]


def test_a_deleted_materials_id_is_not_given_to_another() -> None:
    before = everything()
    more = {"materials-0-DELETE": True, "materials-3-name": "申请表"}
    after = taken(before, **more)
    assert after["materials"][-1]["name"] == "申请表"
    assert after["materials"][-1]["id"] not in {line["id"] for line in before["materials"]}


def test_a_forged_id_names_no_other_material() -> None:
    before = everything()
    theirs = before["materials"][0]["id"]
    after = taken(
        before, **{"materials-1-id": theirs, "materials-3-name": "新", "route-0-key": "x"}
    )
    ids = [line["id"] for line in after["materials"]]
    assert len(set(ids)) == len(ids) == 4
    assert "x" not in [row["key"] for row in rows_of(after["route"])]


def test_materials_are_tied_to_the_variants_of_the_page() -> None:
    forms = DraftForms(content(variants=[{"code": "01", "name": "新办"}]))
    assert forms.tables["materials"][0].fields["variants"].choices == [("01", "01 新办")]
    assert "variants" not in DraftForms(content()).tables["materials"][0].fields
    after = taken(everything(), **{"materials-1-variants": ["02"]})
    assert after["materials"][1]["variants"] == ["02"]
    kept = content(materials=[{"id": "a", "name": "表", "variants": ["07"]}])
    assert taken(kept) == kept  # a variant that is gone stays ticked until someone unticks it


def test_all_rows_deleted_leave_no_table_and_one_examination() -> None:
    gone = {f"{key}-{at}-DELETE": True for key in GRIDS for at in range(3)}
    after = taken(everything(), **gone)
    assert after["materials"] == []
    assert not {"fees", "places", "variants"} & after.keys()
    assert [row["name"] for row in rows_of(after["route"])] == ["审查"]


def test_a_table_that_did_not_come_is_missed() -> None:
    before = everything()
    data = sent(before)
    del data["fees-TOTAL_FORMS"]
    forms = DraftForms(before, data)
    assert not forms.is_valid()
    assert "没有收到这张表" in str(forms.errors()["lines"])


# ── themes, locked fields ─────────────────────────────────────────────────────────────────────


def test_words_outside_the_list_of_themes_are_kept_and_shown_ticked() -> None:
    before = content(themes=["老分类", "税收财务"])
    forms = DraftForms(before)
    groups = {str(label): boxes for label, boxes in forms.form.theme_groups()}
    [old] = groups["已经写上的其他分类"]
    assert (old.data["value"], old.data["selected"]) == ("老分类", True)
    assert [box.data["value"] for box in groups["个人和单位都用"]] == ["环保绿化"]
    offered = {box.data["value"] for boxes in groups.values() for box in boxes}
    assert offered == {
        "老分类",
        *(word for words in settings.MINGTANG_THEMES.values() for word in words),
    }
    assert taken(before) == before


def test_locked_fields_and_tables_stay_whatever_is_sent() -> None:
    before = everything() | {"enquiry": "电话", "online": True}
    locked = frozenset({"name", "enquiry", "online", "is_free", "materials", "route", "themes"})
    changes = {
        "name": "别的",
        "enquiry": "x" * 999,
        "online": "no",
        "is_free": "yes",
        "materials-0-name": "别的",
        "route-0-DELETE": True,
        "themes": ["税收财务"],
    }
    forms = DraftForms(before, sent(before, **changes, conditions="改了"), locked=locked)
    assert forms.is_valid(), forms.errors()
    assert forms.content() == before | {"conditions": "改了"}
    assert DraftForms(before, sent(before, name="别的")).form["name"].value() == "别的"


def test_a_locked_field_says_why_it_cannot_be_changed() -> None:
    form = ContentForm(initial=content(), locked=frozenset({"name"}))
    assert "disabled" in str(form["name"])
    assert form["name"].help_text == "随基本目录，不能在本地修改"
    assert "disabled" not in str(form["basis"])


@pytest.mark.parametrize("is_locked", [True, False])
def test_a_locked_table_is_shown_without_ways_to_change_it(is_locked: bool) -> None:
    locked = frozenset({"materials"} if is_locked else ())
    rows = DraftForms(everything(), locked=locked).tables["materials"]
    context = {"rows": rows, "is_locked": is_locked, "is_alone": True}
    page = render_to_string("catalogue/editor/parts/rows.html", context)
    assert "申请表" in page
    assert ("随基本目录，不能在本地修改" in page, "disabled" in page) == (is_locked, is_locked)
    assert ("保存并加行" in page, "删去这一行" in page) == (not is_locked, not is_locked)
    assert len(rows.forms) == (3 if is_locked else 5)


# ── the page ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def drafted(desk: World, client: Client) -> Draft:
    act(client, desk.author, desk.code, "open")
    draft = Draft.objects.get()
    draft.content = everything() | {"main_item": "取水"}
    draft.save()
    return draft


@pytest.mark.django_db
def test_a_contradiction_is_told_at_the_top_and_nothing_typed_is_lost(
    desk: World, client: Client, drafted: Draft
) -> None:
    more = {"variants-1-code": "01", "places-2-name": "新地点", "channels": ["window", "online"]}
    answer = save(client, desk.author, desk.code, **more)
    assert answer.status_code == 422
    [sentence] = answer.context["errors"]["general"]
    assert sentence == "“业务办理项”第2行代码“01”与第1行重复。"
    page = answer.content.decode()
    assert (sentence in page, "新地点" in page) == (True, True)
    assert answer.context["form"]["channels"].value() == ["window", "online"]


@pytest.mark.slow
@pytest.mark.django_db
def test_more_rows_are_offered_for_the_table_that_was_asked_for(
    desk: World, client: Client, drafted: Draft
) -> None:
    answer = save(client, desk.author, desk.code, more="fees")
    assert answer.url.endswith("?more=fees#fees")
    tables = client.get(answer.url).context["tables"]
    assert len(tables["fees"].forms) == 2 + 5
    assert len(tables["places"].forms) == 2 + 1
    assert save(client, desk.author, desk.code, more="nonsense").url.endswith("/draft/")


@pytest.mark.slow
@pytest.mark.django_db
def test_an_error_in_a_folded_column_unfolds_it(
    desk: World, client: Client, drafted: Draft
) -> None:
    folded = client.get(reverse("catalogue:draft_edit", args=[desk.code])).content.decode()
    assert '<details class="more" open>' not in folded
    more = {"materials-1-size": "长" * 201}
    page = save(client, desk.author, desk.code, **more).content.decode()
    assert page.count('<details class="more" open>') == 1
    assert 'href="#id_materials-1-size"' in page


@pytest.mark.django_db
def test_the_form_is_saved_by_those_who_may_edit_only(
    desk: World, client: Client, drafted: Draft
) -> None:
    client.force_login(desk.author)
    data = typed(client, desk.code, conditions="改了")
    address = reverse("catalogue:draft_edit", args=[desk.code])
    for who, status in ((desk.colleague, 404), (desk.citizen, 404), (desk.clerk, 302)):
        client.force_login(who)
        assert client.post(address, data | {"command_id": new_command_id()}).status_code == status
    drafted.refresh_from_db()
    assert drafted.content["conditions"] == "改了"


@pytest.mark.slow
@pytest.mark.django_db
def test_the_page_asks_the_same_however_many_rows_and_stays_quick(
    desk: World, client: Client, drafted: Draft
) -> None:
    client.force_login(desk.author)
    address = reverse("catalogue:draft_edit", args=[desk.code])
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    lines = [{"name": f"材料{n}", "copies": 1} for n in range(60)]
    drafted.content |= {"materials": named_materials(lines)}
    drafted.save()
    with CaptureQueriesContext(connection) as many:
        began = time.monotonic()
        assert client.get(address).status_code == 200
        spent = time.monotonic() - began
    assert len(many) == len(few)
    assert len(many) < 20
    assert spent < 5


@pytest.mark.slow
@pytest.mark.django_db
def test_a_form_with_all_its_rows_is_not_too_large_to_be_taken(
    desk: World, client: Client, drafted: Draft
) -> None:
    full = {"materials": named_materials([{"name": f"材料{n}"} for n in range(100)])}
    for key in ("fees", "places"):
        full[key] = [{"name": f"第{n}项"} for n in range(30)]
    drafted.content |= full
    drafted.save()
    answer = save(client, desk.author, desk.code, conditions="改了")
    assert answer.status_code == 302
    assert len(Draft.objects.get().content["materials"]) == 100
