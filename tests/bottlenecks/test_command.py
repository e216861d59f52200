"""`mingtang bottlenecks`: what it prints, how it refuses, and the real log against plain loops."""

import csv
import io
import json
import subprocess
import sys
import time
from collections import defaultdict
from datetime import datetime
from html.parser import HTMLParser

import pytest
from django.core.management import CommandError, call_command

from mingtang.bottlenecks.log.command import main
from tests.shared import shared_file

TEXT = """号,步,时,谁
1,收件,2013-09-17 10:00:00,窗口
1,审查,2013-09-17 10:00:20,科室
2,收件,2013-09-17 11:00:00,窗口
2,=1+1,2013-09-17 11:00:01,科室
2,<b>办&结,2013-09-18 11:00:01,科室
"""
NAMED = ["--case", "号", "--activity", "步", "--time", "时"]


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "日志.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def printed(capsys, log, *more) -> str:
    assert main(["--log", str(log), *NAMED, *more]) == 0
    return capsys.readouterr().out


def test_json_is_the_form_unless_another_is_asked_for(capsys, log):
    told = json.loads(printed(capsys, log))
    assert (told["cases"], told["events"], told["resources"]) == (2, 5, [])
    assert {"edges", "activities", "variants", "start_activities", "end_activities", "rework"} <= (
        told.keys()
    )
    assert "linear interpolation" in told["definitions"]["percentile"]


def test_csv_has_the_edges_and_nothing_that_a_spreadsheet_would_run(capsys, log):
    rows = list(csv.DictReader(io.StringIO(printed(capsys, log, "--format", "csv"))))
    assert rows[0] == {
        "from": "=1+1",
        "to": "<b>办&结",
        "count": "1",
        "median_seconds": "86400.0",
        "mean_seconds": "86400.0",
        "p90_seconds": "86400.0",
    } | {"from": "'=1+1"}
    assert [row["to"] for row in rows] == ["<b>办&结", "'=1+1", "审查"]


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def test_the_page_is_whole_has_no_scripts_and_shows_names_as_they_are(capsys, log):
    text = printed(capsys, log, "--format", "html", "--resource", "谁")
    page = Page(text)
    assert text.startswith("<!doctype html>")
    assert not {"script", "link", "img", "b", "iframe"} & set(page.tags)
    assert "http" not in text
    assert {"svg", "table", "caption", "title"} <= set(page.tags)
    for words in (
        "时间花在哪里：日志",
        "2 件",
        "<b>办&结",
        "1.0 天",
        "20.0 秒",
        "窗口",
        "没有一件",
    ):
        assert words in page.text, words


def test_a_file_that_is_not_there(capsys, tmp_path):
    assert main(["--log", str(tmp_path / "没有.csv"), *NAMED]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "打不开文件 没有.csv。请核对路径和读取权限。\n")


def test_a_wrong_log_ends_with_a_sentence(capsys, tmp_path):
    path = tmp_path / "坏.csv"
    path.write_text(TEXT.replace("2013-09-17 10:00:20", "十点"), encoding="gb18030")
    assert main(["--log", str(path), *NAMED]) == 2
    assert capsys.readouterr().err.startswith("第 3 行（共 1 行）“时”（时间）读不懂")


def test_the_same_command_where_django_is_up(log, tmp_path):
    out = io.StringIO()
    asked = {"case": "号", "activity": "步", "time": "时"}
    call_command("bottlenecks", log=log, **asked, stdout=out)
    assert json.loads(out.getvalue())["cases"] == 2
    with pytest.raises(CommandError, match="没有“步步”这样的列"):
        call_command("bottlenecks", log=log, **asked | {"activity": "步步"}, stdout=out)


# ── the real log ──────────────────────────────────────────────────────────────────────────────

RECEIPT = [
    *("--case", "case:concept:name", "--activity", "concept:name"),
    *("--time", "time:timestamp", "--resource", "org:resource"),
]


def plainly(path) -> dict:
    """The same figures by loops over dictionaries, in floating seconds since 1970."""
    by_case = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for place, row in enumerate(csv.DictReader(file)):
            stamp = datetime.fromisoformat(row["time:timestamp"]).timestamp()
            by_case[row["case:concept:name"]].append((stamp, place, row["concept:name"]))
    gaps, before, ways = defaultdict(list), defaultdict(list), defaultdict(int)
    for events in by_case.values():
        events.sort()
        ways[tuple(name for _, _, name in events)] += 1
        for place in range(1, len(events)):
            wait = events[place][0] - events[place - 1][0]
            gaps[events[place - 1][2], events[place][2]].append(wait)
            before[events[place][2]].append(wait)
    return {
        "cases": len(by_case),
        "events": sum(map(len, by_case.values())),
        "edges": {pair: figures(values) for pair, values in gaps.items()},
        "activities": {name: figures(values) for name, values in before.items()},
        "variants": dict(ways),
    }


def figures(values: list[float]) -> tuple[int, int, int, int]:
    """Count, then median, mean and p90 to the second, walked to between the neighbours."""
    values = sorted(values)

    def walk(share):
        place = share * (len(values) - 1)
        low = int(place)
        high = min(low + 1, len(values) - 1)
        return values[low] + (place - low) * (values[high] - values[low])

    return len(values), round(walk(0.5)), round(sum(values) / len(values)), round(walk(0.9))


def rounded(row: dict) -> tuple[int, int, int, int]:
    return (
        row["count"],
        round(row["median_seconds"]),
        round(row["mean_seconds"]),
        round(row["p90_seconds"]),
    )


@pytest.mark.shared
def test_the_real_log_equals_an_independent_computation(capsys):
    path = shared_file("data/permit_receipt_log.csv")
    assert main(["--log", str(path), *RECEIPT]) == 0
    told = json.loads(capsys.readouterr().out)
    plain = plainly(path)
    assert (told["cases"], told["events"]) == (plain["cases"], plain["events"]) == (1434, 8577)
    assert {(e["from"], e["to"]): rounded(e) for e in told["edges"]} == plain["edges"]
    ways = {tuple(one["activities"]): one["cases"] for one in told["variants"]}
    assert ways == plain["variants"]
    timed = {one["activity"]: one for one in told["activities"] if one["count"] > one["starts"]}
    counted = {
        name: rounded(one | {"count": one["count"] - one["starts"]}) for name, one in timed.items()
    }
    assert counted == plain["activities"]
    assert sum(one["count"] for one in told["resources"]) == 8577
    order = [(-e["count"], e["from"], e["to"]) for e in told["edges"]]
    assert order == sorted(order)


@pytest.mark.shared
def test_the_real_log_takes_under_two_seconds(tmp_path):
    """The whole command with Python's start, as a person would run it; best of three."""
    path = shared_file("data/permit_receipt_log.csv")
    code = "import sys; from mingtang.site.cli import main; main()"
    asked = [sys.executable, "-c", code, "bottlenecks", "--log", str(path), *RECEIPT]
    took = []
    for _ in range(3):
        began = time.monotonic()
        done = subprocess.run(asked, capture_output=True, check=True, cwd=tmp_path)
        took.append(time.monotonic() - began)
    assert json.loads(done.stdout)["events"] == 8577
    assert min(took) < 2
    assert not list(tmp_path.iterdir())  # no installation was made
