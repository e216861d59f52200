"""Down and up between two places: items come down as drafts; a second process takes in what arrives
over a wire that breaks, and nothing is lost or doubled."""

import csv
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError

from mingtang.base.errors import Conflict
from mingtang.catalogue.models import Draft, Edition, Item
from mingtang.catalogue.services import ImportRefused
from mingtang.exchange import services
from mingtang.exchange.models import ReceivedRow, Reject
from mingtang.exchange.queries.batches import prepare, received
from mingtang.exchange.rules.taking import Doubtful
from mingtang.exchange.rules.writing import Row, Span, in_order
from mingtang.exchange.services import inbox
from mingtang.ledger.rules import SYSTEM
from mingtang.site.management.commands import exchange
from mingtang.supervision.queries import for_subject as cards_about
from tests import migrated
from tests.exchange.batches import SPAN, files, rows
from tests.supervision.hall import Hall
from tests.world import morning, new_command_id

Files = dict[str, bytes]
AREA = "330881000000"
MINGTANG = (sys.executable, "-m", "mingtang.site.cli")


def by():
    return {"actor": SYSTEM, "at": morning(2013, 10, 8), "command_id": new_command_id()}


def item_rows(**said: str) -> dict[str, list[Row]]:
    """The rows of one item, under the guid of its edition as an export has them."""
    made = rows()
    (basic,) = made["up_task_general_basic"]
    basic.update({"is_fee": "1", **said})
    made["up_task_general_extend"][0]["row_guid"] = basic["row_guid"]
    for name in ("material", "fee_project"):
        made[f"up_task_general_{name}"][0]["row_guid"] = f"{basic['row_guid']}-1"
    return made


def taken(**said: str) -> dict[str, object]:
    findings, told = services.receive(files=files(item_rows(**said)), **by())
    assert findings.faults == ()
    return services.take_items(batch_id=int(told["batch_id"]), area=AREA, **by())


# ── items come down ───────────────────────────────────────────────────────────────────────────


def test_an_item_that_comes_down_waits_as_a_draft_for_its_own_office(db):
    told = taken()
    assert (told["new"], told["drafts"]) == (1, 1)
    item, draft = Item.objects.get(), Draft.objects.get()
    assert (item.code, item.current_edition, draft.state) == ("330881-016-001", None, "draft")
    said = draft.content
    assert (said["name"], said["kind"], said["served"]) == ("许可", "permit", "both")
    assert (said["statutory_amount"], said["promised_amount"]) == (20, 10)
    assert (said["level"], said["channels"]) == ("county", ["window", "online"])
    assert (said["online_depth"], said["express"], said["result_type"]) == (
        *("handling", True),
        ["licence"],
    )
    assert said["places"] == [{"name": "水利局", "address": "中山路1号", "hours": "工作日"}]
    (line,) = said["materials"]
    assert (line["name"], line["need"], line["copies"]) == ("申请书", "必要", 1)
    again = taken()
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 1)
    assert Edition.objects.count() == 0  # nobody here has reviewed it


def test_what_somebody_is_writing_is_not_written_over(db, world):
    taken()
    Draft.objects.update(author_ids=[str(world.clerk.id)])
    with pytest.raises(ImportRefused, match="正在起草"):
        taken(accept_condition="有取水口，已装表")
    assert Draft.objects.get().content["conditions"] == "有取水口"


def two_items() -> dict[str, list[Row]]:
    """The rows of an item and of a second one, of which each fault is then made."""
    first, made = item_rows(), item_rows(task_code="330881-016-002", row_guid="second")
    for name in ("material", "fee_project"):
        made[f"up_task_general_{name}"][0]["row_guid"] = "second-1"
    for table in REQUIRED:
        made[table][0]["task_code"] = "330881-016-002"
        made[table] = in_order([*first[table], *made[table]])
    return made


REQUIRED = {  # of each table, a field that must be filled
    "up_task_general_basic": "task_name",
    "up_task_general_extend": "is_online",
    "up_task_general_material": "material_name",
    "up_task_general_fee_project": "fee_name",
}


def second(made: dict[str, list[Row]], table: str) -> Row:
    return next(row for row in made[table] if row["row_guid"].startswith("second"))


@pytest.mark.parametrize("is_rejected", [True, False])
@pytest.mark.parametrize("table", REQUIRED)
def test_an_item_that_does_not_come_whole_is_left_out_and_named(db, table, is_rejected):
    made = two_items()
    second(made, table).update({REQUIRED[table]: ""} if is_rejected else {"cd_operation": "D"})
    findings, told = services.receive(files=files(made), **by())
    assert bool(findings.faults) is is_rejected
    taken_in = services.take_items(batch_id=int(told["batch_id"]), area=AREA, **by())
    assert taken_in["left_out"] == ["330881-016-002"]
    assert [item.code for item in Item.objects.all()] == ["330881-016-001"]


def test_both_items_are_taken_where_both_are_whole(db):
    _findings, told = services.receive(files=files(two_items()), **by())
    out = io.StringIO()
    call_command("exchange", "take-items", told["batch_id"], "--area", AREA, stdout=out)
    assert (Item.objects.count(), "没有记" in out.getvalue()) == (2, False)


def test_the_command_says_what_it_left_out(db):
    made = two_items()
    second(made, "up_task_general_basic")["cd_operation"] = "D"
    _findings, told = services.receive(files=files(made), **by())
    out = io.StringIO()
    call_command("exchange", "take-items", told["batch_id"], "--area", AREA, stdout=out)
    assert "没有记 1 项，这一批里它们不完整或者已删除：330881-016-002。" in out.getvalue()


def test_rejected_rows_of_no_item_leave_the_whole_batch(db):
    made = two_items()
    second(made, "up_task_general_material").update({"row_guid": "zz", "material_name": ""})
    _findings, told = services.receive(files=files(made), **by())
    with pytest.raises(Doubtful):
        services.take_items(batch_id=int(told["batch_id"]), area=AREA, **by())
    Reject.objects.all().delete()  # as where there were too many to keep
    with pytest.raises(Conflict, match="没有全部记下"):
        services.take_items(batch_id=int(told["batch_id"]), area=AREA, **by())
    assert Item.objects.count() == 0


# ── acts go up, to a process of its own ───────────────────────────────────────────────────────


class Node:
    """Another place: a home of its own, and a process that watches its inbox."""

    def __init__(self, home: Path) -> None:
        self.home, self.inbox = home, home / "inbox"
        self.environment = {**os.environ, "MINGTANG_HOME": str(home)}
        for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL"):
            self.environment.pop(name, None)
        self.process: subprocess.Popen[bytes] | None = None
        if not migrated.lay(home / "mingtang.sqlite3"):
            subprocess.run([*MINGTANG, "migrate"], env=self.environment, check=True)

    def start(self) -> None:
        words = ("exchange", "inbox", str(self.inbox), "--every", "0.05")
        self.process = subprocess.Popen(
            [*MINGTANG, *words],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def put(self, name: str, whole: Files) -> None:
        hidden = self.inbox / f".{name}"
        hidden.mkdir(parents=True)
        for file, content in whole.items():
            (hidden / file).write_bytes(content)
        hidden.rename(self.inbox / name)

    def waiting(self) -> list[str]:
        kept = {"taken", "torn"}
        return [one.name for one in self.inbox.iterdir() if one.name not in kept]

    def settle(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.waiting():
            assert time.monotonic() < end, self.waiting()
            time.sleep(0.02)

    def torn(self) -> set[str]:
        found = {one.name.partition(".")[0] for one in (self.inbox / "torn").iterdir()}
        shutil.rmtree(self.inbox / "torn")
        (self.inbox / "torn").mkdir()
        return found

    def acts(self) -> Counter[str]:
        with sqlite3.connect(self.home / "mingtang.sqlite3") as database:
            return Counter(
                guid
                for (guid,) in database.execute(
                    "SELECT row_guid FROM exchange_receivedrow WHERE \"table\" = 'up_pro_process'"
                )
            )


def batches(count: int, cases: int) -> list[Files]:
    made = []
    for number in range(count):
        day = SPAN.until + timedelta(days=number)
        made.append(files(rows(cases, Span(day, day), f"{number}-"), Span(day, day)))
    return made


def acts_of(made: Files) -> list[str]:
    lines = made["up_pro_process.csv"].decode().splitlines()[1:]
    return [line.split(",", 1)[0] for line in lines]


def cut(chance: random.Random, whole: Files) -> Files:
    """What arrives where the wire is cut: a file is missing, or ends early."""
    arrived = dict(whole)
    name = chance.choice(sorted(arrived))
    if chance.random() < 0.5:
        del arrived[name]
    else:
        arrived[name] = arrived[name][: chance.randrange(len(arrived[name]))]
    return arrived


def sent_up(home: Path, count: int, cases: int, seconds: float) -> None:
    """Every batch is cut once or sent twice, in any order; the receiver is killed on the way."""
    chance, made, node = random.Random(13), batches(count, cases), Node(home)
    node.inbox.mkdir()
    node.start()
    try:
        for number, whole in enumerate(made):
            node.put(f"b{number}", cut(chance, whole) if number % 2 else whole)
        while len(node.acts()) < cases and node.process.poll() is None:
            time.sleep(0.02)
        node.kill()  # with its inbox half done
        node.start()
        node.settle(seconds)
        torn = node.torn()
        assert torn == {f"b{number}" for number in range(1, count, 2)}
        expected = Counter(one for whole in made for one in acts_of(whole))
        assert node.acts() < expected  # control: what was cut is missing till it is sent again
        for number, whole in enumerate(made):  # whoever is not sure sends again
            node.put(f"again{number}", whole)
        node.settle(seconds)
        assert node.torn() == set()
    finally:
        node.kill()
    assert sum(expected.values()) == count * cases
    assert node.acts() == expected


@pytest.mark.slow
@pytest.mark.once
def test_three_hundred_acts_reach_another_process_none_lost_none_doubled(tmp_path):
    sent_up(tmp_path, 6, 50, 60)


@pytest.mark.soak
@pytest.mark.once
def test_ten_thousand_acts_reach_another_process_none_lost_none_doubled(tmp_path):
    sent_up(tmp_path, 50, 200, 900)


def hiccup(error: Exception, then: list[str]):
    """Taking a folder in fails once, then goes well; the third look ends the watch."""

    def take(folder, **_by):
        then.append(folder.name)
        if len(then) == 1:
            raise error
        shutil.rmtree(folder)
        (folder.parent / "last").mkdir(exist_ok=True)
        if folder.name == "last":
            raise KeyboardInterrupt
        return {"batch_id": "1"}

    return take


def test_a_database_that_is_away_for_a_moment_ends_no_watch(db, tmp_path, monkeypatch):
    seen: list[str] = []
    closed: list[str] = []  # the test's own connection stays open: its transaction is not over
    (tmp_path / "b1").mkdir()
    monkeypatch.setattr(inbox, "take", hiccup(OperationalError("database is locked"), seen))
    monkeypatch.setattr(exchange, "close_old_connections", lambda: closed.append(seen[-1]))
    out = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        call_command("exchange", "inbox", str(tmp_path), "--every", "0.01", stdout=out)
    assert (seen, closed) == (["b1", "b1", "last"], ["b1"])
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [sorted(one) for one in told] == [["folder", "waiting"], ["batch_id", "folder"]]


def test_another_fault_ends_the_watch(db, tmp_path, monkeypatch):
    (tmp_path / "b1").mkdir()
    monkeypatch.setattr(inbox, "take", hiccup(ValueError("no hiccup"), []))
    with pytest.raises(ValueError, match="no hiccup"):
        call_command("exchange", "inbox", str(tmp_path), "--every", "0.01")


# ── cards go up ───────────────────────────────────────────────────────────────────────────────


def test_cards_go_up_as_they_stood_and_change_once_they_are_explained(db):
    hall = Hall()
    hall.overdue()
    day = Span(date(2013, 9, 1), date(2013, 9, 17))
    made = prepare("node", day)
    cards = cards_in(made.files)
    assert {fault.table for fault in made.findings.faults} <= {  # the hall's item says too little
        *("up_task_general_basic", "up_task_general_extend", "up_pro_accept")
    }
    assert {(one["card_colour"], one["cd_operation"]) for one in cards} >= {("3", "I")}
    assert {one["project_no"] for one in cards} == {hall.case.number}
    red = next(one for one in cards_about(hall.case.stream) if one.colour == "red")
    hall.supervise("explain", hall.handler, card_id=red.id, text="已连夜处理。")
    (changed,) = cards_in(prepare("node", Span(date(2013, 9, 18), date(2013, 9, 18))).files)
    told = (changed["row_guid"], changed["cd_operation"], changed["card_state"])
    assert told == (str(red.id), "U", "3")
    assert prepare("node", day).digest == made.digest  # the same days, told again
    _findings, taken_in = services.receive(files=made.files, **by())
    assert ReceivedRow.objects.filter(table="sup_card").count() == len(cards)
    assert received(int(taken_in["batch_id"]))["sup_card.csv"] == made.files["sup_card.csv"]


def cards_in(made: Files) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made["sup_card.csv"].decode())))
