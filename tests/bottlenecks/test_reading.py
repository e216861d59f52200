"""Tables of events as people have them: encodings, times, and lines that are wrong."""

from datetime import UTC, datetime

import pytest

from mingtang.bottlenecks.rules.reading import LINES_TOLD, Columns, UnreadableLog, read_log

COLUMNS = Columns("办件", "环节", "时间", "单位")
HEAD = "办件,环节,时间,单位\n"
NOON = datetime(2013, 9, 17, 4, tzinfo=UTC)


def read(text: str, columns: Columns = COLUMNS, encoding: str = "utf-8"):
    return read_log(text.encode(encoding), columns)


def refusal(text: str, columns: Columns = COLUMNS) -> str:
    with pytest.raises(UnreadableLog) as refused:
        read(text, columns)
    return refused.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encodings_of_spreadsheets(encoding):
    events = read(f"{HEAD}水1,审查,2013-09-17 12:00,市水利局\n", encoding=encoding)
    assert [(one.case, one.activity, one.at, one.resource) for one in events] == [
        ("水1", "审查", NOON, "市水利局")
    ]


@pytest.mark.parametrize(
    "written",
    [
        *("2013-09-17 12:00", "2013-09-17T12:00:00+08:00", "2013-09-17 06:00:00.000+02:00"),
        *("2013-09-17T04:00:00Z", "20130917T120000", "2013/9/17 12:00", "2013/09/17 12:00:00"),
        *("2013年9月17日 12:00", "2013年9月17日12时00分", "2013.9.17 12:00:00", "2013-9-17 12:00"),
        " 2013-09-17 12:00:00 ",
    ],
)
def test_times_as_they_are_written(written):
    """What names no zone is meant in China."""
    assert read(f"{HEAD}1,审查,{written},\n")[0].at == NOON


def test_a_day_alone_is_its_beginning_and_fractions_count():
    events = read(f"{HEAD}1,审查,2013-09-17,\n1,办结,2013-09-17 00:00:00.123456789,\n")
    assert (events[1].at - events[0].at).microseconds == 123456


def test_zones_may_differ_for_instants_are_compared():
    events = read(f"{HEAD}1,甲,2013-09-17T12:00+08:00,\n1,乙,2013-09-17T04:00Z,\n")
    assert events[0].at == events[1].at


def test_some_times_with_a_zone_and_some_without_are_refused():
    text = f"{HEAD}1,甲,2013-09-17T12:00+08:00,\n1,乙,2013-09-17 12:05,\n"
    assert refusal(text).startswith("第 3 行（共 1 行）“时间”（时间）没有写时区")


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators(separator):
    text = f"{HEAD}1,审查,2013-09-17 12:00,水利局\n".replace(",", separator)
    assert read(text)[0].resource == "水利局"


def test_quoted_cells_blank_lines_and_short_lines():
    text = f'{HEAD}1,"审查,\n复核",2013-09-17 12:00,甲\n\n , ,,\n2,审查,2013-09-17 12:00\n'
    assert [(one.case, one.activity, one.resource) for one in read(text)] == [
        ("1", "审查,\n复核", "甲"),
        ("2", "审查", ""),
    ]


def test_the_resource_may_be_left_out():
    assert read(f"{HEAD}1,审查,2013-09-17,甲\n", Columns("办件", "环节", "时间"))[0].resource == ""


# ── refusals ──────────────────────────────────────────────────────────────────────────────────


def test_missing_columns_are_named_with_those_there_are():
    said = refusal("办件,活动,日期\n1,审查,2013-09-17\n")
    assert "没有“环节”、“时间”、“单位”这样的列" in said
    assert "现有的列：“办件”、“活动”、“日期”" in said


def test_a_column_that_is_there_twice_is_refused():
    assert "“时间”出现了不止一次" in refusal("办件,环节,时间,时间,单位\n1,甲,2013-09-17,,\n")


@pytest.mark.parametrize("text", ["", "\n \n", "﻿"])
def test_an_empty_file(text):
    assert "空的" in refusal(text)


def test_a_heading_alone():
    assert refusal(HEAD) == "日志只有表头，没有事件。请核对导出的内容。"


@pytest.mark.parametrize(
    "broken",
    [
        *("昨天", "2013-13-01", "2013-02-30 10:00", "2013-09-17 25:00", "41534.5", "", "12:00"),
        *("2013-09-17 12:00:00 +8:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-11:00"),
        *("２０１３年", "2013/2/30"),
    ],
)
def test_a_broken_time_is_told_with_its_line(broken):
    said = refusal(f"{HEAD}1,甲,2013-09-17,\n1,乙,{broken},\n")
    assert said.startswith(f"第 3 行（共 1 行）“时间”（时间）读不懂，第一处写的是“{broken}”")


def test_of_many_broken_times_the_first_lines_and_their_number_are_told():
    lines = "".join("1,甲,坏的,\n" for _ in range(50))
    said = refusal(f"{HEAD}1,甲,2013-09-17,\n{lines}")
    told = "、".join(str(line) for line in range(3, 3 + LINES_TOLD))
    assert said.startswith(f"第 {told} 行等（共 50 行）")


def test_cells_that_must_not_be_empty():
    assert "第 2 行（共 1 行）“办件”（办件）是空的" in refusal(f"{HEAD},甲,2013-09-17,\n")
    assert "第 2 行（共 1 行）“环节”（活动）是空的" in refusal(f"{HEAD}1,,2013-09-17,\n")


def test_a_line_with_more_cells_than_the_heading():
    assert "第 2 行（共 1 行）比表头多出几列" in refusal(f"{HEAD}1,甲,2013-09-17,乙,丙\n")


def test_bytes_that_are_no_text():
    with pytest.raises(UnreadableLog, match="认不出文件的编码"):
        read_log(b"\xff\x00\x81\xff\xff,\x81", COLUMNS)


def test_a_cell_without_an_end():
    assert "引号" in refusal(f'{HEAD}1,"{"长" * 140_000}')
