"""A scheme that a place adds by a file: it is looked at, listed, exported and checked."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from mingtang.base.errors import NotFound
from mingtang.exchange.queries.codes import book_of
from mingtang.exchange.queries.schemes import faults, load, names
from mingtang.exchange.rules import schemes
from mingtang.exchange.rules.checking import check
from mingtang.exchange.rules.codes import CodeBook
from mingtang.exchange.rules.schemes import NAMES, UnreadableScheme
from mingtang.exchange.rules.writing import Batch, files_of, in_order, row_of
from mingtang.site.doctor import findings
from tests.exchange.batches import CASE, FILED, SPAN
from tests.world import morning

SCHEME = """
name = "quzhou"
label = "衢州收件"
version = "1"
source = "测试"
data_source = ""

[common]
row_guid = { type = "varchar(50) *", label = "标识", home = "guid" }
cd_operation = { type = "varchar(1) *", label = "操作", home = "operation" }
cd_time = { type = "datetime *", label = "时间", home = "changed_at" }
cd_batch = { type = "varchar(32) *", label = "批次", home = "batch" }

[tables.sj]
label = "收件"
each = "case"

[tables.sj.fields]
BH = { type = "varchar(50) *", label = "编号", home = "number" }
LY = { type = "varchar(4) *", label = "来源", home = "channel", list = "quzhou_from" }
"""
CODES = """list,ours,code,label,valid_from,valid_to,source
quzhou_from,online,1,网上,2008-01-01,,测试
quzhou_from,counter,2,窗口,2008-01-01,,测试
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MINGTANG_SCHEMES", tmp_path)
    (tmp_path / "quzhou.toml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "quzhou_codes.csv").write_text(CODES, encoding="utf-8")
    return tmp_path


def change(folder, old, new):
    assert old in SCHEME
    (folder / "quzhou.toml").write_text(SCHEME.replace(old, new), encoding="utf-8")


def test_a_case_goes_out_by_it_and_passes_and_what_is_spoilt_is_found(db, folder):
    scheme, book = load("quzhou"), book_of("quzhou")
    record = CASE | {"number": "3308811", "guid": "1", "channel": "online"}
    record |= {"born_at": FILED, "changed_at": FILED}
    row = in_order([row_of(scheme.tables[0], record, book, scheme, SPAN)])
    assert (row[0]["BH"], row[0]["LY"]) == ("3308811", "1")
    made = files_of(scheme, Batch("quzhou", "1", SPAN, {"sj": row}, book.codes))
    assert check(scheme, made).faults == ()
    without = CodeBook(one for one in book.codes if one.ours != "online")
    row = in_order([row_of(scheme.tables[0], record, without, scheme, SPAN)])
    spoilt = files_of(scheme, Batch("quzhou", "1", SPAN, {"sj": row}, without.codes))
    assert [one.field for one in check(scheme, spoilt).faults] == ["LY"]


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ('home = "number"', 'home = "nummer"', 19, "nummer"),
        ('each = "case"', 'each = "casus"', 14, "casus"),
        ('"varchar(4) *"', '"text"', 20, "text"),
        ('list = "quzhou_from"', 'list = "other"', 20, "other"),
        ('name = "quzhou"', 'name = "another"', 2, "文件名"),
        ('label = "收件"', "", 0, "label"),
        ('version = "1"', "version = ", 0, "TOML"),
        ("[tables.sj]\n", '[tables.sj]\norder = ["A", "B"]\n', 14, "sj"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_word(db, folder, old, new, line, word):
    change(folder, old, new)
    with pytest.raises(UnreadableScheme, match=word) as refused:
        load("quzhou")
    place = f"文件 quzhou.toml 第 {line} 行" if line else "文件 quzhou.toml"
    assert refused.value.message.startswith(place)
    assert names() == list(NAMES)
    told = [one.text for one in findings(date(2013, 9, 17)) if "交换方案" in one.text]
    assert refused.value.message in told[0]


def test_a_file_that_was_changed_is_read_anew_and_an_unchanged_one_is_not(folder, monkeypatch):
    assert load("quzhou").version == "1"
    change(folder, 'version = "1"', 'version = "2"')
    assert load("quzhou").version == "2"

    def not_again(text):
        raise AssertionError("read again")

    monkeypatch.setattr(schemes.tomllib, "loads", not_again)
    assert load("quzhou").version == "2"
    assert set(names()) == {*NAMES, "quzhou"}
    change(folder, 'version = "1"', 'version = "3"')
    with pytest.raises(AssertionError, match="read again"):
        load("quzhou")


def test_a_name_of_ours_is_not_taken_over_and_it_is_said(folder):
    (folder / "national.toml").write_text(SCHEME.replace("quzhou", "national"), encoding="utf-8")
    assert load("national").label != "衢州收件"
    assert "自带的方案已经叫 national" in faults()[0]


def test_all_are_listed_with_where_they_come_from(folder, capsys):
    call_command("exchange", "schemes", "--format", "json")
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)["schemes"]}
    assert set(listed) == {*NAMES, "quzhou"}
    assert [listed["national"]["is_ours"], listed["quzhou"]["is_ours"]] == [True, False]
    change(folder, 'home = "number"', 'home = "nummer"')
    with pytest.raises(CommandError, match="第 19 行"):
        call_command("exchange", "schemes")


def test_without_the_folder_there_are_ours_alone(folder, monkeypatch):
    monkeypatch.setattr(settings, "MINGTANG_SCHEMES", None)
    assert (names(), faults()) == (list(NAMES), [])
    with pytest.raises(NotFound):
        load("quzhou")
    monkeypatch.setattr(settings, "MINGTANG_SCHEMES", folder / "nowhere")
    assert "目录不存在" in faults()[0]


def test_the_command_exports_and_validates_by_it(world, folder, tmp_path):
    world.bring(world.file(world.item(), morning(2013, 9, 17)), "accepted", morning(2013, 9, 17))
    out = tmp_path / "out"
    span = ("--from", "2013-09-01", "--to", "2013-09-30")
    call_command("exchange", "export", "--scheme", "quzhou", *span, "--out", str(out))
    lines = (out / "sj.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    call_command("exchange", "validate", str(out))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("quzhou_codes.csv", CODES.encode("gbk")),
        ("quzhou.toml", b'name = "quzhou"\nlabel = "x"\ntables = 5\n'),
        (
            "quzhou.toml",
            SCHEME.replace('version = "1"', 'version = "1"\nextends = ["national"]').encode(),
        ),
        ("quzhou.toml", SCHEME.replace('home = "number"', 'home = ["number"]').encode()),
    ],
)
@pytest.mark.django_db
def test_a_file_that_no_one_can_read_is_a_finding_and_not_the_end(folder, name, content):
    (folder / name).write_bytes(content)
    with pytest.raises(UnreadableScheme, match="quzhou"):
        load("quzhou")
    told = [one.text for one in findings(date(2026, 1, 5)) if "quzhou" in one.text]
    assert len(told) == 1
