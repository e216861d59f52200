"""The publish gate: what an item must say before it is published, told field by field."""

import itertools
from datetime import date
from typing import Any

import pytest

from mingtang.catalogue.rules import PROFILES, SHIPPED, gate, profile_on
from mingtang.catalogue.rules.compare import compare
from mingtang.catalogue.rules.content import material_id
from mingtang.catalogue.rules.drafts import (
    MOVES,
    DraftInvalid,
    DraftState,
    DraftVerb,
    SamePerson,
    WrongMove,
    check_second_person,
    check_shape,
    target_of,
)
from mingtang.catalogue.rules.route import route_of
from tests.questions.schemas import EVERY, every

SEVEN = ("name", "basis", "conditions", "materials", "procedure", "promised", "fee")
ON = date(2026, 11, 22)


def content(**more: Any) -> dict[str, Any]:
    return {
        "name": "取水许可",
        "main_item": "",
        "kind": "permit",
        "profile": "permit",
        "body_code": "",
        "basis": "《中华人民共和国水法》第四十八条",
        "conditions": "有合法的取水事由。",
        "materials": [
            {"id": "a", "name": "申请表", "form": "表格", "copies": 1, "need": "必要", "note": ""}
        ],
        "procedure": "收件；受理；审查；决定；送达。",
        "statutory_amount": 20,
        "statutory_unit": "working_day",
        "statutory_basis": "《中华人民共和国行政许可法》第四十二条",
        "promised_amount": 5,
        "promised_unit": "working_day",
        "promised_is_default": False,
        "fee": "",
        "is_free": True,
        "route": {"stages": []},
        "on_the_spot": False,
        "served": "both",
        **more,
    }


def lacks(windows: int = 1, on: date = ON, **more: Any) -> list[gate.Lack]:
    said = content(**more)
    profile = profile_on([row for row in SHIPPED if row.key == said["profile"]], on)
    return gate.check(said, required=SEVEN, profile=profile, window_count=windows, on=on)


def test_a_complete_item_passes():
    assert lacks() == []
    check_shape(content())


ROW = {"id": "b", "name": "申请表"}


@pytest.mark.parametrize(
    ("more", "field", "row", "word"),
    [
        ({"name": " "}, "name", None, "没有填写"),
        ({"basis": ""}, "basis", None, "没有填写"),
        ({"basis": "《水法》第四十八条；《水法》"}, "basis", 2, "第几条"),
        ({"basis": "上级规定第三条"}, "basis", 1, "文件名称"),
        ({"conditions": ""}, "conditions", None, "没有填写"),
        ({"materials": []}, "materials", None, "无需提交材料"),
        ({"materials": [{"id": "a", "name": ""}]}, "materials", 1, "没有材料名称"),
        ({"materials": [{"id": "a", "name": "申请表"}, ROW]}, "materials", 2, "第1行"),
        ({"procedure": ""}, "procedure", None, "没有填写"),
        ({"promised_amount": None, "promised_unit": None}, "promised", None, "0个工作日"),
        ({"promised_amount": 21}, "promised", None, "长于法定时限"),
        ({"promised_unit": "month"}, "promised", None, "同一单位"),
        ({"on_the_spot": True}, "promised", None, "当场"),
        ({"is_free": None}, "fee", None, "明确"),
        ({"fee": "10元"}, "fee", None, "不收费"),
        ({"is_free": False}, "fee", None, "没有写标准"),
        ({"is_free": False, "fee": "10元"}, "fee", None, "依据"),
        ({"statutory_amount": None, "statutory_unit": None}, "statutory", None, "第四十二条"),
        ({"statutory_amount": 45, "statutory_basis": "条例"}, "statutory", None, "条款"),
        ({"profile": "non_permit"}, "profile", None, "2015年5月10日"),
    ],
)
def test_each_lack_names_its_field_and_row(more, field, row, word):
    [lack] = [one for one in lacks(**more) if one.field == field]
    assert lack.row == row
    assert word in lack.text
    assert lack.label in lack.sentence
    assert row is None or f"第{row}行" in lack.sentence


def test_without_a_window_nothing_is_published():
    assert [one.field for one in lacks(windows=0)] == ["windows"]


def test_a_retired_procedure_was_in_force_in_its_day():
    assert lacks(profile="non_permit", on=date(2013, 9, 17)) == []


def test_another_set_of_disclosures_asks_for_other_things():
    said = content(conditions="", body_code="")
    found = gate.check(
        said, required=("body_code",), profile=PROFILES["permit"], window_count=1, on=ON
    )
    assert [one.field for one in found] == ["body_code"]


def test_the_time_to_sue_is_that_of_the_day():
    rows = [row for row in SHIPPED if row.key == "permit"]
    before, since = profile_on(rows, date(2013, 9, 17)), profile_on(rows, ON)
    assert before is not None
    assert since is not None
    assert ("三个月" in before.remedies, "六个月" in since.remedies) == (True, True)
    assert before.valid_to == date(2015, 4, 30)


def test_the_periods_of_a_profile_leave_no_gap_and_no_overlap():
    for key in PROFILES:
        rows = sorted((r for r in SHIPPED if r.key == key), key=lambda row: row.valid_from)
        for one, following in itertools.pairwise(rows):
            assert one.valid_to is not None
            assert (following.valid_from - one.valid_to).days == 1


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("verb", DraftVerb)
def test_a_draft_moves_by_the_table_only(state, verb):
    if (state, verb) in MOVES:
        assert target_of(state, verb) is MOVES[state, verb]
    else:
        with pytest.raises(WrongMove, match=state.label):
            target_of(state, verb)


def test_an_author_does_not_review():
    check_second_person("3", ["1", "2"])
    with pytest.raises(SamePerson, match="另一位"):
        check_second_person("2", ["1", "2"])


def test_steps_that_outrun_the_promise_close_the_gate():
    def taking(days):
        return route_of(
            [{"name": "审查", "days": 2}, {"name": "审定", "stage": "定", "days": days}]
        )

    assert [one.field for one in lacks(route=taking(4))] == ["route"]
    assert "各环节合计6个工作日，长于承诺时限5个工作日" in lacks(route=taking(4))[0].sentence
    assert lacks(route=taking(3)) == []
    in_months = {"promised_amount": 1, "promised_unit": "month", "statutory_unit": "month"}
    assert "route" not in {one.field for one in lacks(route=taking(9), **in_months)}


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"name": ""}, "项目名称"),
        ({"name": "长" * 301}, "最多300个字"),
        ({"basis": "a\x00b"}, "字符"),
        ({"kind": "nonsense"}, "事项类型"),
        ({"is_free": "maybe"}, "是否收费"),
        ({"promised_unit": None}, "承诺时限"),
        ({"statutory_amount": True}, "法定时限"),
        ({"materials": [{"id": "a", "name": "表", "copies": 0}]}, "第1行“份数”"),
        ({"materials": [{"id": "", "name": "表"}]}, "标识"),
        ({"materials": [{"id": str(n)} for n in range(101)]}, "最多100行"),
    ],
)
def test_what_no_edition_could_hold_is_refused_by_name(more, word):
    with pytest.raises(DraftInvalid, match=word):
        check_shape(content(**more))


def test_a_new_material_never_takes_an_id_in_use():
    first = material_id("申请表", set())
    assert material_id("申请表", {first}) != first
    assert material_id("申请表", set()) == first


def test_a_comparison_marks_the_sentence_that_changed():
    lines = compare(
        content(), content(procedure="收件；受理；踏勘；审查；决定；送达。", is_free=None)
    )
    changed = {line.field: line for line in lines if line.change != "same"}
    assert set(changed) == {"procedure", "is_free"}
    assert [p.text for p in changed["procedure"].after if p.is_changed] == ["踏勘；"]
    assert not any(p.is_changed for p in changed["procedure"].before)
    assert changed["is_free"].change == "removed"


def test_materials_are_compared_by_their_ids():
    renamed = {"id": "a", "name": "取水申请表", "form": "表格", "copies": 1, "need": "必要"}
    fresh = {"id": "b", "name": "取水口位置图"}
    lines = compare(content(), content(materials=[renamed, fresh]))
    found = [(line.change, line.label) for line in lines if line.field == "materials"]
    assert found == [("changed", "申报材料 1"), ("added", "申报材料 2")]
    back = compare(content(materials=[renamed, fresh]), content(materials=[]))
    assert [one.change for one in back if one.field == "materials"] == ["removed", "removed"]


def test_a_form_is_no_disclosure_and_its_faults_are_told() -> None:
    assert lacks() == lacks(form=EVERY) == []
    broken = every("matter.sort", x_purpose=None)
    [lack] = lacks(form=broken)
    assert (lack.field, lack.text) == ("form", "里“办理类型”没有写收集目的（x-purpose）。")
    check_shape(content(form=EVERY))
    with pytest.raises(DraftInvalid) as refused:
        check_shape(content(form=broken))
    assert refused.value.sentences == ["“申请表”里“办理类型”没有写收集目的（x-purpose）。"]
