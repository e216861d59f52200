"""Fields of an edition: what is written to a cell reads back the same, and faults have names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.catalogue.rules.details import DETAILS, MATERIALS, contradictions
from mingtang.catalogue.rules.drafts import DraftInvalid, check_shape
from mingtang.catalogue.rules.fields import (
    Asks,
    CellError,
    Choice,
    Day,
    Field,
    Flag,
    Number,
    Several,
    Table,
    Text,
)
from mingtang.catalogue.rules.route import ROUTE, days_of, route_of, rows_of
from mingtang.questions.rules import ordered
from tests.catalogue.test_gate import content
from tests.questions.schemas import schemas

MARKS = "|｜;；=＝\\\nn甲乙 标签"


def texts(most: int) -> st.SearchStrategy[str]:
    mixed = st.text(st.sampled_from(MARKS) | st.characters(categories=["L", "N"]), max_size=12)
    return mixed.map(lambda text: text.strip()[:most].strip()).filter(bool)


def values(field: Field) -> st.SearchStrategy[Any]:
    """Any value that an edition could hold in the field."""
    if isinstance(field, Text):
        return texts(field.most)
    if isinstance(field, Number):
        return st.integers(field.least, field.most)
    if isinstance(field, Flag):
        return st.booleans()
    if isinstance(field, Day):
        return st.dates().map(lambda day: day.isoformat())
    if isinstance(field, Choice):
        return st.sampled_from(sorted(field.options))
    if isinstance(field, Several):
        words = sorted(field.options) if field.options else ["生育收养", "设立变更", "01"]
        return st.lists(st.sampled_from(words), min_size=1, unique=True).map(field.ordered)
    if isinstance(field, Asks):
        return schemas().map(ordered)
    assert isinstance(field, Table)
    columns = list(field.columns)
    first = {columns[0].key: values(columns[0])}
    rest = {column.key: values(column) for column in columns[1:]}
    return st.lists(st.fixed_dictionaries(first, optional=rest), min_size=1, max_size=4)


@pytest.mark.slow
@pytest.mark.parametrize("field", [*DETAILS, MATERIALS, ROUTE], ids=lambda field: field.key)
def test_what_is_written_reads_back_the_same(field: Field) -> None:
    @given(values(field))
    def check(value: Any) -> None:
        assert list(field.faults(value)) == []
        assert field.read(field.write(value)) == value
        assert field.show(value)

    check()


@pytest.mark.parametrize(
    ("key", "text", "error"),
    [
        ("level", "县里", "“行使层级”应填国家级、省级"),
        ("online", "也许", "“网上办理”应填是或否"),
        ("visits", "很多", "“到办事现场次数”应是0到9的整数"),
        ("effective_on", "去年", "“计划生效日期”应写成2026-01-31这样的日期"),
        (
            "channels",
            "窗口、飞鸽",
            "“办理形式”应填窗口、网上、移动端、邮寄、自助终端，现在是“飞鸽”",
        ),
        (
            "fees",
            "证书费|10元|《办法》|也许",
            "“收费项目”中“证书费|10元|《办法》|也许”：“可减免”应填",
        ),
        ("fees", "|10元", "没有收费项目"),
        ("questions", "问|答|又问", "多出“又问”"),
        ("basic_code", "1" * 13, "“基本编码”有13个字，最多12个字"),
    ],
)
def test_a_wrong_cell_says_which_and_how(key: str, text: str, error: str) -> None:
    field = next(one for one in DETAILS if one.key == key)
    with pytest.raises(CellError, match=error.replace("|", r"\|")):
        field.read(text)


def test_words_are_read_by_label_by_key_and_by_national_code() -> None:
    level = next(one for one in DETAILS if one.key == "level")
    assert {level.read(word) for word in ("县级", "county", "4", "04")} == {"county"}


def test_parts_of_a_row_stand_in_order_or_carry_a_label() -> None:
    read = MATERIALS.read("申请表|表格|2份|必要|盖章|来源=申请人自备|依据=《条例》第九条；照片||3")
    assert read == [
        {
            "name": "申请表",
            "form": "表格",
            "copies": 2,
            "need": "必要",
            "note": "盖章",
            "origin": "applicant",
            "basis": "《条例》第九条",
        },
        {"name": "照片", "copies": 3},
    ]


# ── contradictions ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            {"variants": [{"code": "01", "name": "新办"}, {"code": "01", "name": "变更"}]},
            "“业务办理项”第2行代码“01”与第1行重复。",
        ),
        (
            {"materials": [{"id": "a", "name": "表", "variants": ["02"]}]},
            "“申报材料”第1行写了办理项“02”，业务办理项里没有它。",
        ),
        (
            {"effective_on": "2026-02-01", "cancelled_on": "2026-01-01"},
            "“计划取消日期”早于计划生效日期2026-02-01",
        ),
        ({"online": False, "online_depth": "intake"}, "“网上办理深度”写了深度"),
        ({"no_statutory_limit": True, "statutory_amount": 20}, "又写了法定时限"),
        ({"is_free": True, "fees": [{"name": "证书费"}]}, "“收费项目”第1行列了收费项目"),
    ],
)
def test_contradictions_name_field_and_row(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DraftInvalid) as refused:
        check_shape(content(**more))
    assert sentence in refused.value.message


def test_a_sound_content_contradicts_nothing() -> None:
    assert list(contradictions(content(variants=[{"code": "01", "name": "新办"}]))) == []


# ── the route ─────────────────────────────────────────────────────────────────────────────────


@given(values(ROUTE))
def test_a_route_comes_back_from_its_rows(rows: list[dict[str, Any]]) -> None:
    made = route_of(rows)
    assert route_of(rows_of(made)) == made
    keys = [step["key"] for stage in made["stages"] for step in stage["steps"]]
    assert len(set(keys)) == len(keys) == len(rows)


def test_without_rows_there_is_one_examination() -> None:
    [stage] = route_of([])["stages"]
    assert [(stage["key"], stage["name"])] == [("main", "办理")]
    assert [(step["key"], step["name"]) for step in stage["steps"]] == [("review", "审查")]


def test_steps_of_a_stage_run_side_by_side_and_stages_one_after_another() -> None:
    rows = ROUTE.read("踏勘|现场踏勘|审查|3个工作日\n审查|审查|审查|2\n制证|制证|发证|1")
    made = route_of(rows)
    assert [len(stage["steps"]) for stage in made["stages"]] == [2, 1]
    assert days_of(made) == 4
