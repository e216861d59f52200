"""The centre's own report of the reported year: what a careful reader finds in it."""

import json
import subprocess
import sys

import pytest

from mingtang.reports.readers import read_report
from mingtang.reports.rules.checking import lint
from tests.shared import shared_file

pytestmark = pytest.mark.shared

# id, severity, line, words that the quotation must have
EXPECTED = (
    ("L01", "error", 4, "2012年"),
    ("L02", "error", 2, "2013-01-09"),
    ("L02", "error", 6, "2013-01-09"),
    ("L03", "error", 8, "〔2014〕"),
    ("L04", "error", 70, "2014年"),
    ("L05", "error", 1, "2013-127792"),
    ("L06", "warn", 1, "113308810026310171"),
    ("L07", "warn", 2, "市营商办"),
    ("L08", "error", 2, "19:46:30"),
    ("L09", "warn", 6, "浏览次数"),
    ("L10", "error", 42, "120148条"),
    ("L11", "error", 42, "32500条"),
    ("L12", "warn", 34, "江山信息网"),
    ("L13", "warn", 24, "数字电视"),
    ("L14", "warn", 42, "120148"),
    ("L15", "warn", 66, "不齐全"),
    ("L16", "warn", 62, "单独设置网络管理中心"),
    ("L17", "warn", 64, "传统"),
    ("L18", "warn", 20, "29个部门"),
    ("L19", "info", 4, "年度报告"),
    ("L20", "info", 20, "江审改办[2013]1号"),
    ("L20", "info", 8, "〔2014〕 1号"),
    ("L21", "info", 54, "未发生于"),
    ("L21", "info", 60, "存在一差距"),
    ("L21", "info", 70, "权利“阳光"),
    ("L21", "info", 70, "提速增率"),
    ("L21", "info", 70, "以上几方面工作"),
    ("L22", "info", 20, "停止使用"),
    ("L23", "warn", 24, "便民服务指南"),
    ("L24", "info", 66, "记录"),
    ("L25", "warn", 20, "取消、调整、合并和保留"),
)


@pytest.fixture(scope="module")
def path():
    return next(shared_file("seed").glob("*.txt"))


@pytest.fixture(scope="module")
def opinion(path):
    return lint(read_report(path))


@pytest.mark.parametrize(("id_", "severity", "line", "words"), EXPECTED)
def test_what_a_careful_reader_finds_is_found_in_its_place(opinion, id_, severity, line, words):
    found = [
        one
        for one in opinion.findings
        if (one.id, one.severity, one.line) == (id_, severity, line) and words in one.quote
    ]
    assert found, [(one.id, one.line, one.quote) for one in opinion.findings if one.id == id_]


def test_there_is_no_other_error(opinion):
    errors = {(one.id, one.line) for one in opinion.findings if one.severity == "error"}
    assert errors == {(id_, line) for id_, severity, line, _ in EXPECTED if severity == "error"}


def test_every_quotation_stands_in_the_text(opinion, path):
    text = "".join(path.read_text(encoding="utf-8").split())
    for one in opinion.findings:
        assert "".join(one.quote.split()) in text


@pytest.mark.parametrize(
    "total",
    ["120148 ＝ 36799＋40180＋132＋32500＋10537", "303 ＝ 205＋13＋32＋53", "140 ＝ 128＋12"],
)
def test_the_sums_that_hold_are_reported(opinion, total):
    assert any(total in one.text for one in opinion.passed)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("120148", "120149"),
        ("36799", "36979"),
        ("205项", "206项"),
        ("303项", "330项"),
        ("取消12项", "取消13项"),
        ("10537", "1537"),
    ],
)
def test_a_changed_number_of_it_is_an_error(path, tmp_path, right, wrong):
    changed = tmp_path / "changed.txt"
    changed.write_text(path.read_text(encoding="utf-8").replace(right, wrong, 1), encoding="utf-8")
    assert "A1" in {
        one.id for one in lint(read_report(changed)).findings if one.severity == "error"
    }


def test_the_command_line_needs_no_installation(path, tmp_path):
    command = [
        sys.executable,
        "-m",
        "mingtang.site.cli",
        "lint-report",
        str(path),
        "--format",
        "json",
    ]
    home = tmp_path / "nowhere"
    done = subprocess.run(command, capture_output=True, text=True, env={"MINGTANG_HOME": str(home)})
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert set(said) == {"findings", "passed"}
    assert set(said["findings"][0]) == {"id", "severity", "line", "quote", "why", "expected"}
    assert set(said["passed"][0]) == {"id", "text"}
    assert not home.exists()
