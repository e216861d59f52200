"""Rows of an import: every error and every doubt with its row; errors block, doubts do not."""

import pytest

from mingtang.catalogue.rules import Limit
from mingtang.catalogue.rules.rows import CheckedRows, check_rows
from mingtang.timing.rules import Unit

SOUND = {
    "row": "2",
    "department": "区水务局",
    "name": "取水许可审批",
    "task_code": "330881-016-001",
    "task_type": "1",
    "area_code": "330881000000",
}


def checked(*changes: dict[str, str]) -> CheckedRows:
    """The sound row, changed and numbered, with codes of their own unless told otherwise."""
    rows = [
        SOUND | {"row": str(n), "task_code": f"330881-016-{n:03}", "name": f"事项{n}"} | change
        for n, change in enumerate(changes, start=2)
    ]
    return check_rows(rows)


def errors(**cells: str) -> list[str]:
    return [finding.text for finding in checked(cells).errors]


def test_a_sound_row_raises_nothing() -> None:
    found = checked({})
    assert found.findings == []
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"department": ""}, "“部门”没有填写"),
        ({"name": " "}, "“事项名称”没有填写"),
        ({"name": "长" * 301}, "“事项名称”有301个字，最多300个字"),
        ({"task_code": ""}, "没有填写事项编码"),
        ({"task_code": "330881/1"}, "第7位是“/”"),
        ({"task_type": "99"}, "事项类型“99”不在代码表中"),
        ({"task_type": ""}, "事项类型“”不在代码表中"),
        ({"area_code": "33088"}, "区划代码应为6位"),
        ({"promised_days": "很快"}, "时限“很快”不能识别"),
        ({"on_the_spot": "也许"}, "应填是或否"),
        ({"served": "外星人"}, "应填自然人、法人或均可"),
        ({"materials": "身份证||三份"}, "“份数”应是1到99的整数，现在是“三份”"),
        ({"materials": "|原件|1"}, "没有名称"),
    ],
)
def test_a_wrong_cell_is_an_error_that_says_what_to_do(cells: dict[str, str], error: str) -> None:
    [found] = errors(**cells)
    assert error in found


def test_all_errors_are_found_at_once() -> None:
    found = checked({"name": "", "task_type": "x"}, {}, {"promised_days": "快"})
    assert [finding.row for finding in found.errors] == [2, 2, 4]
    assert [row.row for row in found.rows] == [3]


def test_a_code_twice_in_a_file_is_an_error_on_both_rows() -> None:
    same = {"task_code": "330881-016-777"}
    found = checked(same, {}, same)
    assert [finding.row for finding in found.errors] == [2, 4]
    assert "在第2、4行重复" in found.errors[0].text


def test_a_name_twice_in_one_department_is_a_doubt() -> None:
    same = {"name": "求职补贴"}
    found = checked(same, same, {"name": "求职补贴", "department": "区民政局"})
    assert found.errors == []
    assert [finding.row for finding in found.doubts] == [2, 3]
    assert "在第2、3行同名" in found.doubts[0].text


def test_a_wrong_department_code_is_told_once_with_the_number_of_rows() -> None:
    found = checked(*[{"dept_code": "113308810026310172"}] * 3)
    [doubt] = found.doubts
    assert doubt.row == 2
    assert doubt.text.endswith("（共3行）")


def test_a_region_that_contradicts_the_code_is_a_doubt() -> None:
    [doubt] = checked({"area_code": "330802"}).doubts
    assert "编码中的区划330881与填写的区划330802000000不一致" in doubt.text


def test_cells_are_read_into_what_they_mean() -> None:
    [row] = checked(
        {
            "materials": "申请表|原件|2份|必要；身份证明\n平面图|原件|1|必要|比例尺不限",
            "statutory_days": "45",
            "promised_days": "15个工作日",
            "fee": "不收费",
            "on_the_spot": "否",
            "served": "法人",
            "area_code": "330881",
        }
    ).rows
    assert row.materials == [
        {"name": "申请表", "form": "原件", "copies": 2, "need": "必要"},
        {"name": "身份证明"},
        {"name": "平面图", "form": "原件", "copies": 1, "need": "必要", "note": "比例尺不限"},
    ]
    assert row.statutory == Limit(45, Unit.WORKING_DAY)
    assert row.promised == Limit(15, Unit.WORKING_DAY)
    assert (row.is_free, row.fee, row.on_the_spot, row.served) == (True, "", False, "legal")
    assert row.area == "330881000000"


@pytest.mark.parametrize(
    ("cell", "free", "fee"),
    [
        ("", None, ""),
        ("免费", True, ""),
        ("是", False, ""),
        ("每证20元", False, "每证20元"),
    ],
)
def test_no_fee_is_said_and_not_supposed(cell: str, free: bool | None, fee: str) -> None:
    [row] = checked({"fee": cell}).rows
    assert (row.is_free, row.fee) == (free, fee)
