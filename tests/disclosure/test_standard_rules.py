"""The standard catalogue as tables have it: read whole, each mistake in its cell, written back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.rules import standard
from mingtang.disclosure.rules.standard import CARRIERS, LABELS, Entry, cells, plan, read

ROW = {
    "row": "2",
    "serial": "1",
    "first": "取水许可",
    "second": "审批结果",
    "content": "准予或不予许可决定、许可期限",
    "basis": "《政府信息公开条例》第二十条",
    "limit": "自信息形成或变更之日起20个工作日内",
    "body": "水利局",
    "carriers": "■政府网站 □政府公报 ■政务服务中心",
    "for_all": "√",
    "active": "√",
    "county": "√",
}
ENTRY = Entry(1, "取水许可", "审批结果", "要素", "依据", "每季度", "水利局", carriers=("政府网站",))


def mistakes(**changed: str) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in read([ROW | changed])[1]]


def test_a_good_row_is_read():
    (entry,), wrong = read([ROW])
    assert wrong == []
    assert entry.carriers == ("政府网站", "政务服务中心")
    assert (entry.is_for_all, entry.is_active, entry.at_county) == (True, True, True)
    assert (entry.is_on_request, entry.at_village, entry.group) == (False, False, "")


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        *(({name: ""}, name) for name in ("first", "content", "basis", "limit", "body")),
        ({"content": "长" * 2001}, "content"),
        ({"serial": "一"}, "serial"),
        ({"carriers": "□政府网站"}, "carriers"),
        ({"carriers": "■政府网址"}, "carriers"),
        ({"carriers": "政府网站、广播"}, "carriers"),
        ({"for_all": ""}, "for_all"),
        ({"for_all": "大概"}, "for_all"),
        ({"active": ""}, "active"),
        ({"county": "□"}, "county"),
        ({"group": "某" * 101}, "group"),
    ],
)
def test_a_mistake_is_told_with_its_row_and_column(changed, column):
    found = mistakes(**changed)
    assert (2, column) in found
    text = str(read([ROW | changed])[1][0])
    assert text.startswith(f"第 2 行“{LABELS[found[0][1]]}”")


def test_all_mistakes_are_told_at_once():
    _, wrong = read([ROW | {"basis": ""}, ROW | {"row": "3", "second": "", "body": ""}])
    assert [(one.row, one.column) for one in wrong] == [(2, "basis"), (3, "body")]


def test_the_same_line_twice_is_a_mistake():
    _, wrong = read([ROW, ROW | {"row": "3"}])
    assert [str(one) for one in wrong] == ["第 3 行“二级事项”：与第 2 行重复。"]


def test_a_cell_that_spans_rows_says_it_once():
    entries, wrong = read([ROW, ROW | {"row": "3", "first": "", "second": "办事指南"}])
    assert wrong == []
    assert [one.name for one in entries] == ["取水许可 · 审批结果", "取水许可 · 办事指南"]


def test_carriers_are_read_with_boxes_and_without():
    for text in (
        "■政府网站\n□政府公报\n■社区/企事业单位/村公示栏(电子屏)",
        "政府网站、社区/企事业单位/村公示栏（电子屏）",
        "√政府网站 √社区/企事业单位/村公示栏（电子屏） □其他",
    ):
        (entry,), wrong = read([ROW | {"carriers": text}])
        assert wrong == []
        assert entry.carriers == ("政府网站", "社区/企事业单位/村公示栏（电子屏）")
    (entry,), _ = read([ROW | {"carriers": "■其他（村微信群）"}])
    assert (entry.carriers, entry.carrier_other) == (("其他",), "村微信群")


def test_the_heading_of_two_lines_becomes_one():
    table = [
        ["水利领域基层政务公开标准目录"],
        [
            "序号",
            "公开事项",
            "",
            "公开内容（要素）",
            "公开依据",
            "公开时限",
            "公开主体",
            "公开渠道和载体",
            "公开对象",
            "",
            "公开方式",
            "",
            "公开层级",
            "",
        ],
        [
            "",
            "一级事项",
            "二级事项",
            "",
            "",
            "",
            "",
            "",
            "全社会",
            "特定群体",
            "主动",
            "依申请公开",
            "县级",
            "乡级",
        ],
        ["1", "取水许可"],
    ]
    made = standard.one_heading(table)
    assert made[1] == []
    assert made[2][:4] == ["序号", "一级事项", "二级事项", "公开内容（要素）"]
    assert made[3] == ["1", "取水许可"]
    recognised = standard.STANDARD.recognise(made[2])
    assert set(recognised.values()) == set(LABELS) - {"village"}


TEXT = st.text(alphabet="取水许可公开A1（）", min_size=1, max_size=12).filter(
    lambda text: text.strip() == text
)
ENTRIES = st.builds(
    Entry,
    serial=st.integers(1, 99_999),
    **dict.fromkeys(("first", "second", "content", "basis", "limit", "body"), TEXT),
    carriers=st.sets(st.sampled_from(CARRIERS), min_size=1).map(
        lambda found: tuple(one for one in CARRIERS if one in found)
    ),
    carrier_other=st.just(""),
    is_for_all=st.just(True),
    group=st.sampled_from(["", "特定群体", "低保对象"]),
    is_active=st.booleans(),
    is_on_request=st.just(True),
    at_county=st.just(True),
    at_township=st.booleans(),
    at_village=st.booleans(),
)


@given(st.lists(ENTRIES, max_size=5, unique_by=lambda one: one.key))
def test_what_is_written_is_read_back_the_same(entries):
    rows = [
        dict(zip(LABELS, cells(one), strict=True)) | {"row": str(number)}
        for number, one in enumerate(entries, 2)
    ]
    again, wrong = read(rows)
    assert wrong == []
    assert again == entries
    assert standard.digest(again) == standard.digest(entries)
    changes = plan(rows, entries)
    assert (changes.new, changes.changed, changes.ended) == ((), (), ())
    assert changes.same_count == len(entries)


def test_other_carriers_come_back_with_their_words():
    entry = standard.replace(ENTRY, carriers=("政府网站", "其他"), carrier_other="村微信群")
    row = dict(zip(LABELS, cells(entry), strict=True)) | {"row": "2"}
    assert read([row]) == ([entry], [])


def test_a_table_is_the_whole_catalogue():
    other = standard.replace(ENTRY, second="办事指南")
    changes = plan([ROW], [ENTRY, other])
    assert [one.second for one in changes.changed] == ["审批结果"]
    assert [one.second for one in changes.ended] == ["办事指南"]
    assert plan([ROW | {"basis": ""}], [ENTRY]).ended == ()  # a mistake: nothing happens


@pytest.mark.parametrize(
    ("limit", "age", "where"),
    [
        ("每季度结束后15个工作日内", 120, standard.COVERED),
        ("每季度结束后15个工作日内", 126, standard.STALE),
        ("按月公开", 46, standard.STALE),
        ("年度终了后", 399, standard.COVERED),
        ("自信息形成之日起20个工作日内", 3000, standard.COVERED),
    ],
)
def test_what_returns_with_a_period_grows_stale(limit, age, where):
    today = date(2013, 12, 31)
    entry = standard.replace(ENTRY, limit=limit)
    assert standard.coverage(entry, today - timedelta(days=age), today) == where


def test_what_was_never_told_is_a_gap_unless_it_is_on_request():
    today = date(2013, 12, 31)
    assert standard.coverage(ENTRY, None, today) == standard.MISSING
    asked = standard.replace(ENTRY, is_active=False, is_on_request=True)
    assert standard.coverage(asked, None, today) == standard.BY_REQUEST
