"""The basic catalogue's rules: codes, dated rows, what is inherited, what a list changes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.catalogue.rules.basic import (
    INHERITABLE,
    Basic,
    BasicCodeUnusable,
    basic_on,
    check_basic_code,
    deviations,
    doubts,
    following,
    inherited,
    lacks,
    level_doubt,
    settled,
)
from mingtang.catalogue.rules.basic_list import Changes, plan
from tests.catalogue.test_gate import content

CODE = "330116004000"
DAY = date(2013, 1, 1)
ON = date(2026, 11, 22)
SAND = Basic(CODE, "河道采砂许可", "permit", "《中华人民共和国水法》第三十九条", ("county",), DAY)
ALIKE = {"basic_code": CODE, "name": SAND.name, "kind": SAND.kind, "basis": SAND.basis}


def item(**more: Any) -> dict[str, Any]:
    return content(**(ALIKE | more))


@pytest.mark.parametrize("code", [CODE, "000120001001", "332A16004000", f" {CODE} "])
def test_a_basic_code_has_twelve_places(code: str) -> None:
    assert check_basic_code(code) == code.strip()


@pytest.mark.parametrize("code", ["", "3301160040", f"{CODE}00", "33-116004000", "AA0116004000"])
def test_another_code_is_refused_with_its_structure(code: str) -> None:
    with pytest.raises(BasicCodeUnusable, match=r"没有填写|应是12位"):
        check_basic_code(code)


def test_the_row_of_a_day_is_found_and_else_the_nearest() -> None:
    old = replace(SAND, valid_to=date(2019, 12, 31))
    new = replace(SAND, name="采砂许可", valid_from=date(2020, 1, 1))
    for day, expected in [
        (date(2012, 1, 1), old),
        (DAY, old),
        (date(2019, 12, 31), old),
        (date(2020, 1, 1), new),
        (ON, new),
    ]:
        assert basic_on([new, old], day) == expected, day
    assert basic_on([], ON) is None
    assert not old.holds_on(date(2020, 1, 1))


def test_only_what_the_list_states_is_inherited() -> None:
    assert inherited(SAND, INHERITABLE) == {
        "name": SAND.name,
        "kind": "permit",
        "basis": SAND.basis,
    }
    assert inherited(replace(SAND, basis=""), ("name", "basis")) == {"name": SAND.name}


def test_following_takes_the_values_and_a_new_kind_its_procedure() -> None:
    local = content(name="别的", kind="confirmation", profile="confirmation", fee="照旧")
    made = following(local, SAND, INHERITABLE)
    assert (made["name"], made["kind"], made["profile"]) == (SAND.name, "permit", "permit")
    assert made["fee"] == "照旧"
    kept = following(content(kind="permit", profile="general"), SAND, INHERITABLE)
    assert kept["profile"] == "general"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "采砂"}, "项目名称"),
        ({"kind": "benefit"}, "事项类型"),
        ({"basis": "x"}, "办事依据"),
    ],
)
def test_a_locked_field_that_was_changed_is_named_with_its_right_value(
    change: dict[str, str], field: str
) -> None:
    _made, faults = settled(item(**change), item(), SAND, INHERITABLE)
    assert len(faults) == 1
    assert f"“{field}”随基本目录（{CODE}）" in faults[0]
    assert settled(item(), item(), SAND, INHERITABLE)[1] == []


def test_what_is_not_locked_may_be_changed() -> None:
    made, faults = settled(item(name="采砂"), item(), SAND, ("kind", "basis"))
    assert (made["name"], faults) == ("采砂", [])


def test_what_was_left_alone_follows_a_newer_list() -> None:
    newer = replace(SAND, name="河道采砂许可证核发")
    made, faults = settled(item(fee="新"), item(), newer, INHERITABLE)
    assert (made["name"], made["fee"], faults) == (newer.name, "新", [])


def test_another_code_brings_its_values() -> None:
    other = Basic("330716004000", "采砂登记", "confirmation", "《某法》第一条")
    made, faults = settled(item(basic_code=other.code), item(), other, INHERITABLE)
    assert faults == []
    assert (made["name"], made["kind"], made["basis"]) == (other.name, other.kind, other.basis)


def test_deviations_stand_side_by_side_the_basic_first() -> None:
    assert deviations(item(), SAND, INHERITABLE) == []
    assert deviations(item(name=f" {SAND.name}\n"), SAND, INHERITABLE) == []
    name, kind = deviations(item(name="采砂许可", kind="other_power"), SAND, INHERITABLE)
    assert (name.field, name.before[0].text, name.after[0].text) == (
        "name",
        "河道采砂许可",
        "采砂许可",
    )
    assert (kind.label, kind.before[0].text, kind.after[0].text) == (
        "事项类型",
        "行政许可",
        "其他行政权力",
    )
    assert deviations(item(name="采砂许可"), SAND, ("basis",)) == []


texts = st.text("采砂许可办法一二三，；。\n", max_size=12)


@given(
    name=texts.filter(str.strip),
    basis=texts,
    local=texts,
    kind=st.sampled_from(["permit", "benefit"]),
)
def test_what_follows_does_not_deviate(name: str, basis: str, local: str, kind: str) -> None:
    basic = replace(SAND, name=name, basis=basis, kind=kind)
    said = item(name=local, basis=local)
    made = following(said, basic, INHERITABLE)
    assert deviations(made, basic, INHERITABLE) == []
    assert following(made, basic, INHERITABLE) == made
    found = {line.field for line in deviations(said, basic, INHERITABLE)}
    wanted = inherited(basic, INHERITABLE)
    assert found == {key for key in wanted if wanted[key].strip() != str(said[key]).strip()}


def texts_of(said: dict[str, Any], basic: Basic | None, on: date = ON) -> list[str]:
    return [lack.text for lack in lacks(said, basic, on, INHERITABLE)]


def test_the_gate_opens_for_an_item_that_follows_and_for_one_without_a_code() -> None:
    assert texts_of(item(), SAND) == []
    assert texts_of(content(), None) == []


def test_the_gate_tells_a_deviation_an_unknown_and_an_expired_code() -> None:
    [name] = texts_of(item(name="采砂"), SAND)
    assert "“项目名称”与基本目录" in name
    assert f"请改为“{SAND.name}”" in name
    assert "没有基本编码" in texts_of(item(), None)[0]
    ended = replace(SAND, valid_to=date(2015, 5, 10))
    assert "只施行到2015年5月10日" in texts_of(item(name="采砂"), ended)[0]
    assert texts_of(item(), ended, date(2015, 5, 10)) == []
    assert "自2013年1月1日起才施行" in texts_of(item(), SAND, date(2012, 1, 1))[0]


def test_the_level_of_an_item_is_one_of_its_basic_items() -> None:
    assert level_doubt(item(level="county"), SAND) == ""
    assert level_doubt(item(), SAND) == ""
    assert level_doubt(item(level="province"), replace(SAND, levels=())) == ""
    assert level_doubt(item(level="province"), replace(SAND, levels=("shared",))) == ""
    [told] = texts_of(item(level="province"), SAND)
    assert "“行使层级”是省级" in told
    assert "里是县级" in told


def test_an_import_is_told_field_local_and_basic_value() -> None:
    [told] = doubts(item(name="采砂"), SAND, ON, INHERITABLE)
    for words in ("项目名称", "本地“采砂”", f"基本目录“{SAND.name}”"):
        assert words in told
    assert list(doubts(item(), SAND, ON, INHERITABLE)) == []
    assert "没有基本编码" in next(doubts(item(), None, ON, INHERITABLE))


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


def line(number: int = 2, **cells: str) -> dict[str, str]:
    return {
        "row": str(number),
        "basic_code": CODE,
        "name": SAND.name,
        "kind": "行政许可",
        "basis": SAND.basis,
        "levels": "县级",
        **cells,
    }


def planned(
    *rows: dict[str, str], known: list[Basic] | None = None, on: date = ON, partial: bool = False
) -> Changes:
    held = [SAND] if known is None else known
    return plan(rows, held, valid_from=on, is_partial=partial)


def test_a_new_code_begins_and_the_same_stays() -> None:
    made = planned(line(), known=[])
    assert made.new == [replace(SAND, valid_from=ON)]
    assert planned(line()).same_count == 1
    assert not planned(line()).new


def test_another_text_ends_the_old_the_day_before() -> None:
    [(old, new)] = planned(line(name="采砂")).replaced
    assert (old.valid_to, new.valid_from, new.name) == (ON - timedelta(days=1), ON, "采砂")


def test_a_slip_of_the_same_day_is_corrected() -> None:
    [(old, new)] = planned(line(name="采砂"), on=DAY).corrected
    assert (old.name, new.name, new.valid_from) == (SAND.name, "采砂", DAY)


def test_what_the_list_has_no_more_ends_but_not_in_other_regions_nor_by_a_partial_list() -> None:
    other, national = replace(SAND, code="330116005000"), replace(SAND, code="000116005000")
    made = planned(line(), known=[SAND, other, national])
    assert [(row.code, row.valid_to) for row in made.ended] == [
        (other.code, ON - timedelta(days=1))
    ]
    assert "不在这份清单里" in made.doubts[0].text
    assert planned(line(), known=[SAND, other], partial=True).ended == []


def test_a_list_older_than_what_holds_is_refused() -> None:
    made = planned(line(), on=DAY - timedelta(days=1))
    assert "已有自2013-01-01起的内容" in made.errors[0].text
    ended = replace(SAND, valid_to=date(2020, 6, 30))
    assert "自2020-07-01起" in planned(line(), known=[ended], on=date(2020, 6, 30)).errors[0].text
    assert planned(line(), known=[ended], on=date(2020, 7, 1)).new
    other = replace(SAND, code="330116005000")
    assert "这份清单里没有它" in planned(line(), known=[SAND, other], on=DAY).errors[0].text


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"basic_code": ""}, "“基本编码”没有填写"),
        ({"basic_code": "33011600400"}, "应是12位"),
        ({"name": ""}, "“事项名称”没有填写"),
        ({"name": "采" * 301}, "最多300个字"),
        ({"kind": "收费"}, "“收费”不在代码表中"),
        ({"levels": "市场"}, "“行使层级”应填"),
    ],
)
def test_a_wrong_cell_is_an_error_with_its_row(cells: dict[str, str], sentence: str) -> None:
    [error] = planned(line(7, **cells), known=[]).errors
    assert error.row == 7
    assert sentence in error.text


def test_a_code_stands_in_one_row_and_its_type_is_compared() -> None:
    assert "与第2行重复" in planned(line(2), line(3), known=[]).errors[0].text
    made = planned(line(kind="行政给付"), known=[])
    assert "编码中的类型“01”是行政许可" in made.doubts[0].text


codes = st.sampled_from([f"3301160{n:02}000" for n in range(4)] + ["000116001000"])
lists = st.lists(st.dictionaries(codes, st.sampled_from("甲乙丙"), min_size=1), max_size=6)


@given(lists)
def test_after_any_lists_each_day_has_at_most_one_row_and_the_last_list_holds(
    history: list[dict[str, str]],
) -> None:
    rows: dict[tuple[str, date], Basic] = {}
    for step, names in enumerate(history):
        day = DAY + timedelta(days=step)
        last = {code: row for (code, _since), row in sorted(rows.items())}
        made = plan(
            [
                line(n, basic_code=code, name=name)
                for n, (code, name) in enumerate(names.items(), 2)
            ],
            last.values(),
            valid_from=day,
            is_partial=False,
        )
        assert made.errors == []
        begun = [*made.new, *(new for _old, new in made.replaced)]
        for row in [*made.ended, *(old for old, _new in made.replaced), *begun]:
            rows[row.code, row.valid_from] = row
        for earlier in range(step + 1):
            holding = [r for r in rows.values() if r.holds_on(DAY + timedelta(days=earlier))]
            assert len({row.code for row in holding}) == len(holding)
            regions = {code[:2] for code in history[earlier]}
            listed = {r.code: r.name for r in holding if r.code[:2] in regions}
            assert listed == history[earlier]
