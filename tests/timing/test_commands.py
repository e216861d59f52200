"""`mingtang due` and `mingtang import-calendar`: answers, files, and sentences for mistakes."""

import csv
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError

from mingtang.accounts.rules import Role
from mingtang.site.management.commands import due as due_command
from mingtang.timing.models import CalendarEdition, Clock
from mingtang.timing.rules import shipped_calendar
from tests.timing.test_services import start

EXPERTS = "2013-09-10..2013-09-24"
BOTH = f"{EXPERTS};2013-09-20..2013-09-27"
HEADER = "date,works,name\n"
CSV_2027 = HEADER + "2027-01-01,0,元旦\n2027-02-08,0,春节\n2027-02-06,1,春节\n"


class Said:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err
        self.lines = out.splitlines()


def run(name, *args):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *args, stdout=out, stderr=err)
        code = 0
    except SystemExit as end:
        code = end.code
    except CommandError as refused:
        return Said(refused.returncode, out.getvalue(), str(refused))
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture
def no_database(monkeypatch):
    """An installation whose database has no tables yet."""

    def absent():
        raise OperationalError("no such table: timing_calendaredition")

    monkeypatch.setattr(due_command, "current_calendar", absent)


@pytest.fixture
def file(tmp_path):
    def write(text, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


@pytest.mark.usefixtures("no_database")
class TestDue:
    def test_the_first_line_is_the_date(self):
        said = run("due", "2013-09-17", "5")
        assert (said.code, said.out, said.err) == (0, "2013-09-25\n", "")

    @pytest.mark.parametrize(
        ("args", "first"),
        [
            (["2013-09-02", "20", "--pause", EXPERTS], "2013-10-17"),
            (
                [
                    "2013-09-02",
                    "20",
                    "--pause",
                    "2013-09-10..2013-09-24",
                    "--pause",
                    "2013-09-20..2013-09-27",
                ],
                "2013-10-22",
            ),
            (["2013-09-05", "30", "--unit", "calendar_day"], "2013-10-05"),
            (["2013-09-05", "30", "--unit", "calendar_day", "--roll"], "2013-10-08"),
            (["2013-01-31", "1", "--unit", "month"], "2013-02-28"),
            (["2013-09-17T16:00", "20", "--unit", "office_hour"], "2013-09-23T15:00"),
            (["2013-09-19", "0"], "2013-09-22"),
        ],
    )
    def test_units_pauses_and_rolling(self, args, first):
        assert run("due", *args).lines == [first]

    def test_a_provisional_date_says_so_on_the_second_line(self):
        said = run("due", "2026-12-30", "5")
        assert said.lines[0] == "2027-01-06"
        assert said.lines[1].startswith("暂定：")
        assert len(said.lines) == 2

    def test_explaining_follows_the_date(self):
        said = run("due", "2013-09-17", "5", "--explain")
        assert said.lines[0] == "2013-09-25"
        assert said.lines[-1] == "2013-09-25（星期三）到期，共 5 个工作日。"
        assert len(said.lines) == 8

    @pytest.mark.parametrize(
        ("args", "sentence"),
        [
            ([], "缺少起算日期"),
            (["2013-09-17"], "缺少时限"),
            (["2013-09-31", "5"], "不存在"),
            (["17.9.2013", "5"], "看不懂"),
            (["20130917", "5"], "看不懂"),
            (["2013-09-17T09:00", "5"], "看不懂"),
            (["2013-09-17T25:00", "5", "--unit", "office_hour"], "不存在"),
            (["2013-09-17", "five"], "不是整数"),
            (["2013-09-17", "5.5"], "不是整数"),
            (["2013-09-17", "9" * 5000], "太大"),
            (["2013-09-17", "999999999"], "范围"),
            (["2013-09-17", "5", "--unit", "week"], "计时单位"),
            (["2013-09-17", "5", "--pause", "2013-09-18"], "暂停"),
            (["2013-09-17", "5", "--pause", "..2013-09-18"], "缺少暂停的开始日期"),
            (["2013-09-17", "5", "--pause", "2013-09-20..2013-09-18"], "早于"),
            (["2013-09-17", "5", "--pause", "2013-09-18.."], "仍在暂停"),
            (["2003-12-31", "5"], "范围"),
            (["2013-09-17", "5", "--batch", "x.csv"], "--batch"),
            (["--batch", "/no/such/file.csv"], "不能读取文件"),
            (["--batch", "/"], "不能读取文件"),
        ],
    )
    def test_a_mistake_gets_a_sentence_and_code_2(self, args, sentence):
        said = run("due", *args)
        assert (said.code, said.out) == (2, "")
        assert sentence in said.err

    def test_a_negative_limit_gets_a_sentence(self):
        said = run("due", "2013-09-17", "--", "-5")
        assert (said.code, "不是整数" in said.err) == (2, True)

    def test_a_batch_comes_back_with_its_due_column(self, file):
        path = file(
            "\ufeffid,start,n,unit,pauses,note\n"
            "1,2013-09-17,5,,,\n"
            f'2,2013-09-02,20,working_day,{BOTH},"a,b"\n'
            "\n"
            "3,2013-09-05,30,calendar_day\n"
        )
        said = run("due", "--batch", path)
        assert list(csv.reader(io.StringIO(said.out))) == [
            ["id", "start", "n", "unit", "pauses", "note", "due"],
            ["1", "2013-09-17", "5", "", "", "", "2013-09-25"],
            [
                "2",
                "2013-09-02",
                "20",
                "working_day",
                "2013-09-10..2013-09-24;2013-09-20..2013-09-27",
                "a,b",
                "2013-10-22",
            ],
            ["3", "2013-09-05", "30", "calendar_day", "", "", "2013-10-05"],
        ]
        assert (said.code, said.err) == (0, "")

    def test_a_batch_may_leave_out_unit_and_pauses(self, file):
        assert run("due", "--batch", file("n,start\n5,2013-09-17\n")).lines[1] == (
            "5,2013-09-17,2013-09-25"
        )

    def test_unit_and_roll_hold_for_rows_that_do_not_say(self, file):
        path = file("start,n,unit\n2013-09-05,30,\n2013-09-17,5,working_day\n")
        said = run("due", "--batch", path, "--unit", "calendar_day", "--roll")
        assert [line.rpartition(",")[2] for line in said.lines] == [
            "due",
            "2013-10-08",
            "2013-09-25",
        ]

    def test_a_batch_saved_by_a_spreadsheet_in_gb18030_is_read(self, file):
        path = file("事项,start,n\n取水许可,2013-09-17,5\n", encoding="gb18030")
        assert run("due", "--batch", path).lines[1] == "取水许可,2013-09-17,5,2013-09-25"

    def test_provisional_rows_are_named_beside_the_output(self, file):
        said = run("due", "--batch", file("start,n\n2013-09-17,5\n2026-12-30,5\n"))
        assert said.lines == ["start,n,due", "2013-09-17,5,2013-09-25", "2026-12-30,5,2027-01-06"]
        assert said.err.startswith("暂定：第 3 行。")

    def test_every_bad_row_of_a_batch_is_named_and_nothing_is_answered(self, file):
        said = run(
            "due", "--batch", file("start,n\n2013-09-17,5\n2013-02-30,1\nx,1,2\n2013-01-01,\n")
        )
        assert (said.code, said.out) == (2, "")
        assert [line.split("：")[0] for line in said.err.splitlines()] == [
            "第 3 行",
            "第 4 行",
            "第 5 行",
        ]

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [("", "空的"), ("a,b\n1,2\n", "缺少列 start、n"), ('start,n\n"2013', "第 2 行")],
    )
    def test_a_file_that_is_no_batch_is_refused(self, file, text, sentence):
        said = run("due", "--batch", file(text))
        assert (said.code, sentence in said.err) == (2, True)

    def test_bytes_that_are_no_text_are_refused(self, tmp_path):
        path = tmp_path / "picture.csv"
        path.write_bytes(b"\xff\xfe\xfa\x81\x00\xff")
        said = run("due", "--batch", str(path))
        assert (said.code, "UTF-8" in said.err) == (2, True)


@pytest.mark.django_db
def test_due_uses_the_calendar_of_the_installation(file, keepers):
    assert run("due", "2026-12-28", "5").lines[0] == "2027-01-04"
    load_2027(file)
    assert run("due", "2026-12-28", "5").lines == ["2027-01-05"]


def test_a_database_that_is_down_is_mentioned(monkeypatch):
    def down():
        raise OperationalError("connection refused")

    monkeypatch.setattr(due_command, "current_calendar", down)
    said = run("due", "2013-09-17", "5")
    assert said.lines == ["2013-09-25"]
    assert "附带的日历" in said.err


TWO = ("--by", "one", "--second", "two", "--passwords-stdin")


def load_2027(file, *more, text=CSV_2027, name="2027.csv", two=TWO):
    source = ("--source", "国办发明电〔2026〕0号（测试）")
    return run("import_calendar", file(text, name), "--year", "2027", *source, *more, *two)


@pytest.fixture
def keepers(world, monkeypatch):
    """Two administrators at the command line."""
    for name, role in (("one", Role.SYSTEM_ADMIN), ("two", Role.SECURITY_ADMIN)):
        world.people.post(name, role, world.centre)
    monkeypatch.setattr("builtins.input", lambda: world.people.password)


@pytest.mark.django_db
class TestImport:
    @pytest.fixture(autouse=True)
    def _two(self, keepers):
        pass

    def test_one_person_alone_changes_no_calendar(self, file):
        start(on="2026-12-28")
        for two in ((), TWO[:2], ("--by", "one", "--second", "one", "--passwords-stdin")):
            said = load_2027(file, two=two)
            assert said.code == 2
            assert "管理员" in said.err
        assert not CalendarEdition.objects.exists()
        assert load_2027(file).code == 0

    def test_a_csv_is_loaded_after_showing_what_moves(self, file):
        start(on="2026-12-28")
        said = load_2027(file, "--published-on", "2026-11-04")
        assert said.code == 0
        assert "  case:1 承诺时限 2027-01-04 → 2027-01-05，不再暂定" in said.lines
        assert said.lines[-1] == "已载入 2027 年日历第 1 版，重新计算了 1 个计时。"
        assert Clock.objects.get().due_date.isoformat() == "2027-01-05"
        edition = CalendarEdition.objects.get(year=2027)
        assert edition.published_on.isoformat() == "2026-11-04"

    def test_a_second_import_changes_nothing(self, file):
        load_2027(file)
        assert load_2027(file).lines[-1] == "与现行的第 1 版相同，没有变化。"
        assert CalendarEdition.objects.filter(year=2027).count() == 1

    def test_a_dry_run_writes_nothing(self, file):
        start(on="2026-12-28")
        said = run("import_calendar", file(CSV_2027), "--year", "2027", "--dry-run")
        assert (said.code, said.lines[-1]) == (0, "试运行：没有写入。")
        assert "会变动的计时 1 个。" in said.lines
        assert any(line.startswith("请留意：2027 年共 ") for line in said.lines)
        assert not CalendarEdition.objects.exists()

    def test_an_ics_file_is_loaded(self, file):
        text = (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\n"
            "DTEND;VALUE=DATE:20270104\nSUMMARY:元旦（休）\nEND:VEVENT\nEND:VCALENDAR\n"
        )
        said = load_2027(file, text=text, name="2027.ics")
        assert "放假：01-01 元旦" in said.lines
        assert said.lines[-1].startswith("已载入 2027 年")

    @pytest.mark.parametrize(
        ("rows", "place", "sentence"),
        [
            ("2027-01-01,0,元旦\n2027-01-01,0,元旦\n", "第 3 行", "两次"),
            ("2026-12-31,0,元旦\n", "第 2 行", "不在 2027 年"),
            ("2027-01-04,1,元旦\n", "第 2 行", "本来就上班"),
            ("2027-01-01,x,元旦\n", "第 2 行", "不明"),
        ],
    )
    def test_a_contradiction_is_refused_with_its_line(self, file, rows, place, sentence):
        said = load_2027(file, text=HEADER + rows)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(place)
        assert sentence in said.err
        assert not CalendarEdition.objects.exists()

    @pytest.mark.parametrize(
        ("args", "sentence"),
        [
            (["f.csv", "--source", "x"], "--year"),
            (["f.csv", "--year", "27", "--source", "x"], "--year"),
            (["f.csv", "--year", "2027"], "--source"),
            (["--year", "2027", "--source", "x"], "文件"),
            (["/no/such", "--year", "2027", "--source", "x"], "不能读取"),
            (["f.csv", "--year", "2027", "--source", "x", "--published-on", "soon"], "公布日期"),
            (["f.csv", "--seed"], "--seed"),
        ],
    )
    def test_a_mistake_gets_a_sentence_and_code_2(self, args, sentence):
        said = run("import_calendar", *args)
        assert (said.code, sentence in said.err) == (2, True)

    def test_a_year_after_a_gap_is_refused(self, file):
        path = file(HEADER + "2028-01-03,0,元旦\n")
        said = run("import_calendar", path, "--year", "2028", "--source", "x")
        assert (said.code, "2027" in said.err) == (2, True)

    def test_seeding_fills_the_table_and_then_does_nothing(self):
        assert run("import_calendar", "--seed").lines == ["已载入随附的日历 23 年：2004–2026。"]
        assert run("import_calendar", "--seed").lines == ["随附的日历都已载入，没有变化。"]
        assert CalendarEdition.objects.count() == len(shipped_calendar().official_years)
