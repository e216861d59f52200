"""Holiday notices: what CSV and ICS files say, and what is refused with which line."""

import datetime as dt

import pytest

from mingtang.timing.rules import BadNotice, DayOff, check_notice, doubts, read_csv, read_ics
from mingtang.timing.rules.shipped import shipped_years

day = dt.date.fromisoformat


def ics(*events):
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


def event(start, end="", summary="国庆节（休）"):
    return "\r\n".join(
        [
            f"DTSTART;VALUE=DATE:{start}",
            *([f"DTEND;VALUE=DATE:{end}"] if end else []),
            f"SUMMARY:{summary}",
        ]
    )


def days_of(noted):
    return [(one.day.date.isoformat(), one.day.works, one.day.name) for one in noted]


def refused(call, *args):
    with pytest.raises(BadNotice) as found:
        call(*args)
    return found.value.problems


def test_a_csv_is_read_with_its_lines():
    noted = read_csv("\ufeffdate,works,name\n2027-01-01,0,元旦\n2027-01-09, 班 ,元旦\n")
    assert days_of(noted) == [("2027-01-01", False, "元旦"), ("2027-01-09", True, "元旦")]
    assert [one.line for one in noted] == [2, 3]


def test_every_bad_line_of_a_csv_is_named():
    problems = refused(
        read_csv, "date,works,name\n2027-02-30,0,春节\n2027-01-01,maybe,元旦\n1/2/27,0,元旦\n"
    )
    assert [problem.split("：")[0] for problem in problems] == ["第 2 行", "第 3 行", "第 4 行"]


@pytest.mark.parametrize(
    "text", ["", "day,rest\n", "date,works\n2027-01-01,0\n", 'date,works,name\n"2027-01-01,0\n']
)
def test_a_file_that_is_no_such_csv_is_refused(text):
    assert refused(read_csv, text)[0].startswith("第 ")


def test_a_csv_row_with_missing_cells_is_refused():
    assert "works 列“”不明" in refused(read_csv, "date,works,name\n2027-01-01\n")[0]


def test_an_ics_event_covers_the_days_before_its_end():
    noted = read_ics(ics(event("20271001", "20271004"), event("20271009", summary="国庆节（班）")))
    assert days_of(noted) == [
        ("2027-10-01", False, "国庆节"),
        ("2027-10-02", False, "国庆节"),
        ("2027-10-03", False, "国庆节"),
        ("2027-10-09", True, "国庆节"),
    ]


@pytest.mark.parametrize(
    ("summary", "works"),
    [
        ("春节", False),
        ("春节 休", False),
        ("元旦假期", False),
        ("春节补班", True),
        ("补春节", True),
        ("国庆节调休上班", True),
        ("国庆节补休", False),
    ],
)
def test_a_summary_says_rest_or_work(summary, works):
    assert read_ics(ics(event("20271002", summary=summary)))[0].day.works is works


def test_an_event_that_says_neither_is_refused_with_its_line():
    problems = refused(
        read_ics, ics(event("20270204", summary="立春"), event("20270214", summary="情人节"))
    )
    assert [problem.split("：")[0] for problem in problems] == ["第 3 行", "第 7 行"]
    assert "立春" in problems[0]


def test_folded_and_escaped_lines_and_alarms_are_understood():
    text = ics(
        "DTSTART:20271001T000000\r\nSUMMARY:国庆\r\n 节\\, 休\r\nBEGIN:VALARM\r\n"
        "SUMMARY:提醒\r\nEND:VALARM\r\nDURATION:P2D"
    )
    assert [one[0] for one in days_of(read_ics(text))] == ["2027-10-01", "2027-10-02"]
    assert read_ics(text)[0].day.name.startswith("国庆节")


def test_a_moment_in_utc_falls_on_the_day_in_china():
    text = ics("DTSTART:20270930T160000Z\r\nSUMMARY:国庆节")
    assert days_of(read_ics(text))[0][0] == "2027-10-01"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("SUMMARY:春节", "不是 ICS 的日期"),
        ("DTSTART:20270230\r\nSUMMARY:春节", "不是 ICS 的日期"),
        ("DTSTART:20270301\r\nDTEND:20270301\r\nSUMMARY:春节", "长 0 天"),
        ("DTSTART:20270301\r\nDURATION:PT8H\r\nSUMMARY:春节", "时长"),
        ("DTSTART:20270301\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:春节", "重复"),
    ],
)
def test_an_event_that_cannot_be_placed_is_refused(body, sentence):
    assert sentence in refused(read_ics, ics(body))[0]


def test_an_event_cut_off_is_refused():
    assert "不完整" in refused(read_ics, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\n")[0]


def test_contradictions_are_refused_with_their_lines():
    days = [
        DayOff(day("2027-01-01"), False, "元旦"),
        DayOff(day("2027-01-01"), False, "元旦"),
        DayOff(day("2028-01-03"), False, "元旦"),
        DayOff(day("2027-01-04"), True, "元旦"),
        DayOff(day("2027-01-05"), False, " "),
    ]
    problems = refused(check_notice, 2027, days, range(2, 7))
    assert [problem.split("：")[0] for problem in problems] == [
        "第 4 行",
        "第 5 行",
        "第 6 行",
        "第 3 行",
    ]
    assert "前一次在第 2 行" in problems[3]


def test_a_notice_without_a_day_or_of_an_early_year_is_refused():
    assert "没有任何日期" in refused(check_notice, 2027, [])[0]
    assert "2004" in refused(check_notice, 2003, [DayOff(day("2003-10-01"), False, "国庆节")])[0]


def test_a_rest_on_a_weekend_says_nothing_new():
    days = [DayOff(day("2027-10-02"), False, "国庆节"), DayOff(day("2027-10-01"), False, "国庆节")]
    assert check_notice(2027, days) == [days[1]]


@pytest.mark.parametrize("year", sorted(shipped_years()))
def test_every_shipped_year_passes_the_check_and_raises_no_doubt(year):
    days = list(shipped_years()[year])
    assert check_notice(year, days) == days
    assert doubts(year, days) == []


def test_a_year_with_too_few_holidays_raises_a_doubt():
    assert "核对" in doubts(2027, [DayOff(day("2027-01-01"), False, "元旦")])[0]
