"""A year of cases goes out whole and passes, comes in elsewhere, and goes out again the same."""

import csv
import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from mingtang.assessment.rules.sources import SOURCES, Fact, Told
from mingtang.base.errors import NotFound
from mingtang.cases import services as cases
from mingtang.cases.rules import HandOverWay, PauseReason, Verb
from mingtang.exchange import services
from mingtang.exchange.models import Batch, ReceivedRow, Reject
from mingtang.exchange.queries.batches import prepare, received, rejects
from mingtang.exchange.queries.codes import book_of
from mingtang.exchange.rules.checking import Fault, check
from mingtang.exchange.rules.writing import Span
from mingtang.exchange.services.batches import Torn, read, read_rejects, rejects_file
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from tests.exchange.batches import NATIONAL, files
from tests.laid import laid
from tests.world import World, morning, new_command_id

YEAR = Span(date(2013, 1, 1), date(2013, 12, 31))
WHOLE = {
    "basic_code": "330119001000",
    "level": "县级",
    "power_source": "法定本级行使",
    "body_type": "法定机关",
    "basis": "《水法》",
    "conditions": "有取水口",
    "visits": "1",
    "procedure": "申请、受理、审查、决定",
    "special": "专家评审|20个工作日",
    "online": "是",
    "places": "窗口|中山路1号|工作日|0570-4000000",
    "enquiry": "0570-4000000",
    "complaint": "12345",
    "in_centre": "是",
    "online_payment": "否",
    "express": "是",
    "result_type": "证照",
    "result_name": "取水许可证",
    "materials": "申请书|原件|1|必要",
    "fee": "收费",
    "fees": "工本费|10元/证|物价局文件",
}


def by(**more):
    return {"actor": SYSTEM, "at": morning(2014, 1, 2), "command_id": new_command_id(), **more}


def lived() -> World:
    """One case for each fate that the national tables tell apart."""
    world = World()
    item = world.item(statutory=20, promised=10, **WHOLE)
    at, later = morning(2013, 9, 17), morning(2013, 10, 15)
    granted = world.bring(world.file(item, at, world.citizen), "sealed", at)
    world.act(world.clerk, cases.issue, granted, at, licence_number="取水〔2013〕1号")
    world.act(world.clerk, cases.hand_over, granted, at, way=HandOverWay.WINDOW, note="")
    refused = world.bring(world.file(item, at), "examined", at)
    told = {"verb": Verb.REFUSE, "reason": "取水口在保护区内。", "legal_basis": "第二十条"}
    world.act(world.approver, cases.decide, refused, at, **told)
    paused = world.bring(world.file(item, at), "claimed", at)
    ask = {"why": PauseReason.EXPERT_REVIEW, "note": "须专家评审。", "days": 10}
    world.act(world.handler, cases.ask_pause, paused, at, **ask)
    world.act(world.approver, cases.pause, paused, at)
    world.act(world.handler, cases.resume, paused, later, result="评审通过。")
    ended = world.bring(world.file(item, at), "accepted", at)
    world.act(world.clerk, cases.withdraw, ended, at, reason="不办了。")
    world.act(world.clerk, cases.reopen, ended, later, reason="又要办。")
    world.file(item, at)  # not accepted: those above are told nothing of it
    deliver_all(later)
    return world


_lived = laid(lived)


@pytest.fixture
def year(db, _lived):
    return _lived()


def table(made, name):
    return list(csv.DictReader(io.StringIO(made.files[f"{name}.csv"].decode())))


def test_a_year_passes_whole_comes_in_elsewhere_and_goes_out_the_same(year, tmp_path):
    made, told = services.export(name="national", span=YEAR, folder=tmp_path, **by())
    assert [vars(one) for one in made.findings.faults] == []
    assert {name: count for name, count in made.findings.rows.items() if count} == {
        "up_task_general_basic": 1,
        "up_task_general_extend": 1,
        "up_task_general_material": 1,
        "up_task_general_fee_project": 1,
        "up_pro_accept": 4,
        "up_pro_process": 15,
        "up_pro_special_procedure": 1,
        "up_pro_result": 3,
        "up_lic_data": 1,
    }
    assert read(tmp_path) == made.files
    _findings, taken = services.receive(files=read(tmp_path), **by())
    assert received(int(taken["batch_id"])) == made.files
    again, same = services.export(name="national", span=YEAR, folder=None, **by())
    assert (again.digest, same["batch_id"], same["is_new"]) == (
        made.digest,
        told["batch_id"],
        False,
    )
    assert services.receive(files=made.files, **by())[1]["is_new"] is False
    assert ReceivedRow.objects.count() == made.findings.row_count


@pytest.mark.slow
def test_what_is_new_changed_and_undone_is_told_by_its_day(year):
    september = prepare("national", Span(date(2013, 9, 1), date(2013, 9, 30)))
    october = prepare("national", Span(date(2013, 10, 1), date(2013, 10, 31)))
    assert september.findings.is_sound
    assert october.findings.is_sound
    assert {row["cd_operation"] for row in table(september, "up_pro_accept")} == {"I"}
    assert {row["cd_operation"] for row in table(october, "up_pro_accept")} == {"U"}
    undone = table(october, "up_pro_result")
    assert [(row["cd_operation"], row["result_type"]) for row in undone] == [("D", "5")]
    assert undone[0]["row_guid"] in {
        row["row_guid"] for row in table(september, "up_pro_result") if row["cd_operation"] == "I"
    }
    assert prepare("national", Span(date(2013, 9, 1), date(2013, 9, 30))).digest == september.digest


def catalogue_row(world, **said):
    """An item that law sets no limit for, in a batch: which of its fields fail, and its row."""
    more = {"kind": "07", "promised": 5, **WHOLE, "basic_code": "", **said}
    world.item("330881-zd", name="身份确认", **more)
    made = prepare("national", YEAR)
    (row,) = [one for one in table(made, "up_task_general_basic") if one["task_code"][-2:] == "zd"]
    assert all(one.guid == row["row_guid"] for one in made.findings.faults)
    return {one.field for one in made.findings.faults}, row


def test_an_item_that_the_national_catalogue_lacks_goes_up_under_its_own_code(year):
    own = {"local_basic_code": "ZD0881zd", "no_statutory_limit": "是"}
    found, row = catalogue_row(year, **own)
    assert found == set()
    assert row["catalog_code"] == row["local_catalog_code"] == "ZD0881zd"
    limit = (row["anticipate_day"], row["anticipate_type"], row["anticipate_explain"])
    assert limit == ("0", "1", "法律没有规定")


def test_an_item_of_which_nobody_has_said_it_still_fails(year):
    found, _row = catalogue_row(year)
    assert found == {"catalog_code", "anticipate_day", "anticipate_type"}


def test_an_unknown_code_stops_no_decision_is_found_and_counted_for_its_unit(year):
    change = {"name": "outcome", "ours": "granted", "code": "1x", "label": "准予", "source": "联调"}
    services.set_code(scheme="national", since=date(2013, 1, 1), **change, **by())
    made, told = services.export(name="national", span=YEAR, folder=None, **by())
    assert made.findings.is_sound  # theirs is what we are told it is
    services.set_code(scheme="national", since=date(2013, 1, 1), **change | {"code": "100"}, **by())
    made, told = services.export(name="national", span=YEAR, folder=None, **by())
    assert [one.field for one in rejects(int(told["batch_id"]))] == ["result_type"]  # too wide
    checked = Event.objects.filter(kind="exchange.checked").order_by("-id").first()
    assert checked.facts["organisation_id"] == str(year.water.id)
    assert checked.facts["rows"] - checked.facts["passed"] == 1
    with pytest.raises(NotFound, match="没有“gone”"):
        services.set_code(
            scheme="national", since=date(2013, 1, 1), **change | {"ours": "gone"}, **by()
        )


def test_a_code_holds_until_the_day_before_the_next(db):
    day = date(2014, 7, 1)
    told = {"name": "outcome", "ours": "granted", "code": "77", "label": "准予", "source": "联调"}
    services.set_code(scheme="national", since=day, **told, **by())
    book = book_of("national")
    assert book.theirs("outcome", "granted", day) == "77"
    assert book.theirs("outcome", "granted", day - timedelta(days=1)) == "1"
    assert not book.is_known("outcome", "77", day - timedelta(days=1))


def test_unsound_rows_stay_out_come_back_as_rows_and_a_torn_batch_is_refused(db):
    made = files()
    broken = json.loads(made["manifest.json"])
    good = made["up_pro_accept.csv"]
    bad = good.replace("毛小明".encode(), b"", 1)
    torn = made | {"up_pro_accept.csv": bad}
    with pytest.raises(Torn, match="重新发送"):
        services.receive(files=torn, **by())
    broken["files"]["up_pro_accept.csv"] = hashlib.sha256(bad).hexdigest()
    sent = torn | {"manifest.json": json.dumps(broken).encode()}
    findings, told = services.receive(files=sent, **by())
    row = Batch.objects.get(id=told["batch_id"])
    assert (row.rejected_count, row.row_count) == (1, findings.row_count)
    assert ReceivedRow.objects.filter(batch=row).count() == findings.row_count - 1
    assert read_rejects(rejects_file(findings)) == [
        Fault("up_pro_accept", 0, "case-1", "applyer_name", "必填，没有填")
    ]


def test_what_those_above_send_back_is_kept_with_our_batch(year):
    made, _told = services.export(name="national", span=YEAR, folder=None, **by())
    back = read_rejects(
        "table,row_guid,field,reason\r\nup_pro_accept,1,org_code,未备案\r\n".encode()
    )
    for _ in range(2):
        services.note_returned(digest=made.digest, faults=back, **by())
    assert [(one.origin, one.reason) for one in Reject.objects.order_by("id")] == [
        ("upstream", "未备案")
    ]
    assert Batch.objects.get(digest=made.digest).returned_count == 1
    with pytest.raises(NotFound, match="不是从这里发出"):
        services.note_returned(digest="0" * 64, faults=back, **by())


def test_the_commands_say_what_they_did(year, tmp_path, capsys):
    out = str(tmp_path / "batch")
    days = ("--from", "2013-09-01", "--to", "2013-09-30")
    call_command("exchange", "export", *days, "--out", out)
    call_command("exchange", "validate", out)
    call_command("exchange", "receive", out)
    again = str(tmp_path / "again")
    number = Batch.objects.get(way="received").id
    call_command("exchange", "export", "--received", str(number), "--out", again)
    assert read(tmp_path / "again") == read(tmp_path / "batch")
    assert check(NATIONAL, read(tmp_path / "again")).is_sound
    assert capsys.readouterr().out.count("退回 0 行") == 3
    (tmp_path / "again" / "up_lic_data.csv").write_bytes(b"")
    with pytest.raises(CommandError, match="没有通过"):
        call_command("exchange", "validate", again)
    with pytest.raises(CommandError, match="从哪天到哪天"):
        call_command("exchange", "export", "--from", "2013-09-30", "--to", "2013-09-01")


def test_the_rate_of_sound_rows_counts_the_last_batch_of_each_span():
    def fact(stream, seq, rows, passed):
        facts = {"rows": rows, "passed": passed}
        return Fact(stream, seq, "exchange.checked", date(2013, 9, seq), facts)

    told = Told((fact("a", 1, 10, 2), fact("a", 2, 10, 9), fact("b", 1, 30, 30)))
    found = SOURCES["complete_rows_rate"].measure(told)
    assert (found.value, found.of, len(found.evidence)) == (39, 40, 2)
