"""An old system's table comes in: what is read, what is refused, and that the account adds up."""

import json
import os
import subprocess
import sys
import time
from datetime import date

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from mingtang.cases.models import Case
from mingtang.exchange.models import LegacyCase, LegacyImport
from mingtang.exchange.queries.legacy import find
from mingtang.exchange.rules.legacy import (
    OldCase,
    OldState,
    Refusal,
    UnreadableLegacy,
    check_heads,
    read_mapping,
    read_row,
)
from mingtang.ledger.models import Event
from mingtang.timing.models import Clock
from tests.exchange import old_system

MAPPING = read_mapping(old_system.MAPPING)
ROW = {
    **dict.fromkeys(old_system.HEADS, ""),
    "受理编号": "SP20090001",
    "事项名称": "取水许可证核发",
    "当前状态": "已办结",
    "申请日期": "2009-03-05",
    "办结日期": "2009-03-20",
}


def understood(**cells):
    return read_row(MAPPING, {"采砂许可": "330881-016-002"}, 2, {**ROW, **cells})


@pytest.mark.parametrize(
    "text",
    [
        *("2009-3-5", "2009/03/05", "2009.3.5", "2009年3月5日", "２００９－０３－０５"),
        *(
            "20090305",
            "20090305093000",
            "2009-03-05 09:30:00",
            "2009-03-05T09:30",
            "39877",
            "39877.5",
        ),
    ],
)
def test_a_date_is_read_in_any_of_its_spellings(text):
    found = understood(申请日期=text)
    assert isinstance(found, OldCase)
    assert found.submitted_on == date(2009, 3, 5)


@pytest.mark.parametrize(
    ("cells", "column", "word"),
    [
        ({"受理编号": ""}, "受理编号", "空的"),
        ({"申请日期": "2009-02-30"}, "申请日期", "不是一个日期"),
        ({"申请日期": "0000-00-00"}, "申请日期", "不是一个日期"),
        ({"申请日期": "1009-03-05"}, "申请日期", "1990"),
        ({"受理日期": "2009-03-04"}, "受理日期", "早于"),
        ({"办结日期": ""}, "办结日期", "已经办结"),
        ({"当前状态": "9"}, "当前状态", "[states]"),
        ({"事项名称": "别的"}, "事项名称", "[items]"),
        ({"申请人": "字" * 121}, "申请人", "串了列"),
        ({"申请人": "毛\ufffd明"}, "申请人", "乱码"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_with_its_column_and_a_sentence(
    cells, column, word
):
    found = understood(**cells)
    assert isinstance(found, Refusal)
    assert (found.line, found.column) == (2, column)
    assert word in found.sentence


def test_an_item_is_found_by_the_mapping_or_by_its_name_here():
    assert understood().item_code == "330881-016-001"
    assert understood(事项名称=" 采砂许可 ").item_code == "330881-016-002"
    keeping = read_mapping("keeps_unknown_items = true\n" + old_system.MAPPING)
    assert read_row(keeping, {}, 2, {**ROW, "事项名称": "别的"}).item_code == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("source = ", "TOML"),
        ('source = "a"', "columns"),
        ('source = "a"\n[columns]\n[states]', "old_number"),
        (old_system.MAPPING.replace('"granted"', '"done"'), "granted"),
        (old_system.MAPPING.replace("organisation =", "colour ="), "colour"),
    ],
)
def test_a_mapping_that_says_too_little_is_refused(text, word):
    with pytest.raises(UnreadableLegacy, match=word):
        read_mapping(text)
    with pytest.raises(UnreadableLegacy, match="申请日期"):
        check_heads(MAPPING, ["受理编号", "事项名称", "当前状态"])


@pytest.fixture
def table(tmp_path):
    """400 rows and what of them is spoilt."""
    path = tmp_path / "old.csv"
    (tmp_path / "map.toml").write_text(old_system.MAPPING, encoding="utf-8")
    return path, old_system.write(path, 400)


def run(path, *more):
    mapping = str(path.parent / "map.toml")
    call_command("import_legacy", str(path), "--mapping", mapping, "--format", "json", *more)


def test_old_rows_are_new_or_refused_and_nothing_of_ours_is_moved(db, table, capsys, tmp_path):
    path, spoilt = table
    run(path, "--dry-run")
    assert not LegacyImport.objects.exists()
    refused = tmp_path / "refused.csv"
    run(path, "--refused", str(refused))
    rehearsed, done = map(json.loads, capsys.readouterr().out.splitlines())
    said = done.pop("said")  # the same but for its first words
    assert rehearsed.pop("said")[1:] == said[1:]
    assert {**rehearsed, "is_rehearsal": False} == done
    assert done["adds_up"]
    assert done["reasons"] == dict(spoilt)
    assert (done["old"], done["new"]) == (400, 400 - spoilt.total())
    assert len(refused.read_text("utf-8-sig").splitlines()) == spoilt.total() + 1
    assert LegacyCase.objects.count() == done["new"]
    assert not Case.objects.exists()
    assert not Clock.objects.exists()
    assert Event.objects.get(kind="legacy.imported").facts["states"] == done["states"]


def test_the_same_file_again_brings_nothing_new_and_a_workbook_is_read_too(db, table, capsys):
    path, spoilt = table
    run(path)
    run(path)
    again = json.loads(capsys.readouterr().out.splitlines()[1])
    assert (again["new"], again["known"]) == (0, 400 - spoilt.total())
    book = path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, old_system.HEADS)
        sheet.write_row(1, 0, {**ROW, "受理编号": 20090001, "申请日期": 39877}.values())
    run(book)
    found = find(" 20090001 ")
    assert [(one.submitted_date, one.state) for one in found] == [
        (date(2009, 3, 5), OldState.GRANTED.value)
    ]
    assert find("") == []


def test_a_profile_is_a_draft_of_the_mapping(table, capsys):
    path, _spoilt = table
    call_command("import_legacy", str(path), "--profile")
    said = capsys.readouterr().out
    for line in ('old_number = "受理编号"', 'state = "当前状态"', 'decided_on = "办结日期"'):
        assert line in said
    assert '"已办结" = ""' in said
    with pytest.raises(CommandError, match="--profile"):
        call_command("import_legacy", str(path))


@pytest.mark.soak
def test_two_hundred_thousand_rows_come_in_within_five_minutes_and_300_megabytes(tmp_path):
    path, count = tmp_path / "old.csv", 200_000
    (tmp_path / "map.toml").write_text(old_system.MAPPING, encoding="utf-8")
    spoilt = old_system.write(path, count)
    home = {**os.environ, "MINGTANG_HOME": str(tmp_path / "home")}
    home["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.installation"
    mingtang = [sys.executable, "-m", "mingtang.site.cli"]
    subprocess.run([*mingtang, "migrate", "-v0"], env=home, check=True)
    began = time.monotonic()
    asked = ["import-legacy", str(path), "--mapping", str(tmp_path / "map.toml")]
    with (tmp_path / "told.json").open("w+b") as file:
        process = subprocess.Popen([*mingtang, *asked, "--format", "json"], env=home, stdout=file)
        _, status, used = os.wait4(process.pid, 0)  # of this process alone
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        file.seek(0)
        told = json.load(file)
    seconds, peak = time.monotonic() - began, used.ru_maxrss / 1024
    print(f"\n{count} rows: {seconds:.0f} s, {peak:.0f} MB, {told}")
    assert (told["old"], told["refused"], told["adds_up"]) == (count, spoilt.total(), True)
    assert (seconds < 300, peak < 300) == (True, True)
