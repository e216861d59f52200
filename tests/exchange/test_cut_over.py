"""An old system is switched off: the list is counted, people note the rest, two seal it."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.clock import now
from mingtang.base.durability import LAST_BACKUP
from mingtang.cases.models import Case
from mingtang.exchange.models import CutOver, LegacyCase, LegacyImport, LegacyOutcome
from mingtang.exchange.queries.cutover import check_list, counted
from mingtang.exchange.rules.cutover import BY_HAND, AlreadySealed, Counted, Point, lines
from mingtang.exchange.rules.legacy import read_mapping
from mingtang.exchange.services.legacy import import_legacy
from mingtang.ledger.models import Event
from tests.exchange import old_system
from tests.laid import laid
from tests.troubles.test_training import course_with
from tests.world import World, morning, new_command_id

AT = morning(2013, 9, 17)
SOURCE = "审批系统/2009"
WHOLE = Counted(
    files=1,
    unfinished=0,
    amiss=0,
    old=10,
    new=7,
    known=1,
    refused=2,
    imported_at=AT,
    open=3,
    settled=3,
    tried=2,
    found=2,
    twice=0,
    staff=4,
    trained=4,
    backup_at=AT,
)


def undone(counted_so: Counted, ticked=BY_HAND) -> set[Point]:
    return {one.point for one in lines(counted_so, ticked) if not one.is_done}


@pytest.mark.parametrize(
    ("change", "point"),
    [
        ({"new": 6}, Point.ACCOUNT),
        ({"unfinished": 1}, Point.ACCOUNT),
        ({"amiss": 1}, Point.ACCOUNT),
        ({"files": 0}, Point.ACCOUNT),
        ({"settled": 2}, Point.OPEN),
        ({"found": 1}, Point.SEARCH),
        ({"tried": 0, "found": 0}, Point.SEARCH),
        ({"twice": 1}, Point.NUMBERS),
        ({"trained": 3}, Point.TRAINED),
        ({"staff": 0, "trained": 0}, Point.TRAINED),
        ({"backup_at": None}, Point.BACKUP),
        ({"backup_at": AT - timedelta(hours=1)}, Point.BACKUP),
    ],
)
def test_each_thing_that_is_not_so_leaves_its_point_undone(change, point):
    assert undone(WHOLE) == set()
    assert undone(replace(WHOLE, **change)) == {point}


def test_what_no_machine_knows_waits_for_a_person():
    assert undone(WHOLE, ()) == BY_HAND
    assert undone(replace(WHOLE, old=8, refused=0), ()) == BY_HAND - {Point.REFUSED}


def office() -> World:
    world = World()
    world.people.post("admin", Role.SYSTEM_ADMIN, world.centre)
    old = LegacyImport.objects.create(
        source=SOURCE, digest="d", begun_at=AT, ended_at=AT, old_count=4, new_count=3,
        refused_count=1,
    )  # fmt: skip
    for number, state in (("SP1", "granted"), ("SP2", "open"), ("SP3", "open")):
        LegacyCase.objects.create(
            legacy_import=old, source=SOURCE, old_number=number, item_name="取水许可证核发",
            applicant_name="毛建国", state=state, submitted_date=date(2009, 3, 5),
        )  # fmt: skip
    return world


_office = laid(office)


@pytest.fixture
def world(db, _office, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MINGTANG_HOME", tmp_path)
    monkeypatch.setattr(settings, "MINGTANG_PROOF_MINUTES", 0)
    with time_machine.travel(AT, tick=False):
        yield _office()


def of(world, name) -> Client:
    client = Client()
    client.force_login(world.people.made[name])
    return client


def send(client, name, **said):
    path = reverse(f"exchange:cut_over{name}")
    return client.post(path, {"command_id": new_command_id(), "source": SOURCE, **said})


def left() -> set[Point]:
    return {one.point for one in check_list(SOURCE, AT.date()) if not one.is_done}


def make_ready(world, admin) -> None:
    """What is to be done, done through the pages."""
    for point in BY_HAND:
        assert send(admin, "_tick", point=point.value, note="看过").status_code == 302
    for old in LegacyCase.objects.filter(state="open"):
        assert send(admin, "_open", old_id=old.id, ending="在旧系统办结").status_code == 302
    course_with(world, "clerk", "colleague", "general")
    (settings.MINGTANG_HOME / LAST_BACKUP).write_text(AT.isoformat(), encoding="ascii")


def test_an_old_system_is_switched_off_by_two_when_all_is_done(world):
    admin, manager = of(world, "admin"), of(world, "manager")
    page = admin.get(reverse("exchange:cut_over")).text
    assert "SP2" in page
    assert "毛建国" not in page
    undone_before = {*BY_HAND, Point.OPEN, Point.TRAINED, Point.BACKUP}
    assert left() == undone_before
    refused = admin.get(send(admin, "_seal").url).text
    assert "没有做完：" in refused
    make_ready(world, admin)
    assert left() == set()
    assert send(admin, "_seal").status_code == 302
    again = admin.get(send(admin, "_seal").url).text
    assert "另一位管理人员" in again
    assert CutOver.objects.get().sealed_at is None
    assert send(manager, "_seal").status_code == 302
    assert "已停用" in manager.get(reverse("exchange:cut_over")).text
    assert "已经由两人" in admin.get(send(admin, "_untick", point="refused").url).text
    told = list(Event.objects.filter(stream__startswith="cut_over:").order_by("seq"))
    kinds = [one.kind for one in told]
    assert kinds == ["legacy.ticked"] * 3 + ["legacy.cut_over_proposed", "legacy.cut_over_sealed"]
    assert "看过" not in str([one.facts for one in told])  # the notes may name somebody
    mapping = replace(read_mapping(old_system.MAPPING), source=SOURCE)
    with pytest.raises(AlreadySealed):
        import_legacy(
            mapping=mapping, digest="e", heads=list(mapping.columns.values()), rows=iter(()),
            refuse=lambda _: None, actor=world.actor(world.manager), at=AT,
            command_id=new_command_id(),
        )  # fmt: skip


def test_what_was_noted_and_is_taken_back_undoes_the_first_word(world):
    admin = of(world, "admin")
    make_ready(world, admin)
    send(admin, "_seal")
    assert CutOver.objects.get().proposed_by == world.people.made["admin"]
    assert send(admin, "_untick", point="read_only").status_code == 302
    assert CutOver.objects.get().proposed_by is None
    assert left() == {Point.READ_ONLY}


def test_where_an_open_case_went_is_said_one_way_and_of_a_case_that_is_there(world):
    admin, one = of(world, "admin"), LegacyCase.objects.get(old_number="SP2")
    neither = send(admin, "_open", old_id=one.id)
    assert (neither.status_code, "二选一" in neither.text) == (422, True)
    lost = send(admin, "_open", old_id=one.id, new_number="A-1")
    assert (lost.status_code, "没有编号 A-1" in lost.text) == (422, True)
    assert 'value="A-1"' in lost.text  # nothing typed is lost
    assert send(admin, "_tick", point="refused").status_code == 422
    assert not LegacyOutcome.objects.exists()
    number = world.file(world.item(), AT).number
    assert send(admin, "_open", old_id=one.id, new_number=number).status_code == 302
    assert LegacyOutcome.objects.get().new_number == number


def test_a_number_of_ours_that_the_old_system_has_too_and_rows_amiss_are_counted(world):
    assert (counted(SOURCE, AT.date()).twice, counted(SOURCE, AT.date()).amiss) == (0, 0)
    Case.objects.filter(id=world.file(world.item(), AT).id).update(number="SP1")
    assert counted(SOURCE, AT.date()).twice == 1
    LegacyImport.objects.update(new_count=2, refused_count=2)
    assert counted(SOURCE, AT.date()).amiss == 1
    LegacyImport.objects.create(source=SOURCE, digest="broken off", begun_at=AT)
    assert counted(SOURCE, AT.date()).unfinished == 1


def test_a_clerk_and_a_stranger_see_nothing_of_it(world):
    for client, read, sent in ((of(world, "clerk"), 404, 404), (Client(), 302, 403)):
        assert client.get(reverse("exchange:cut_over")).status_code == read
        for name in ("_tick", "_untick", "_open", "_seal"):
            assert send(client, name).status_code == sent
    assert (
        of(world, "admin").get(reverse("exchange:cut_over"), {"source": "别的"}).status_code == 404
    )


def test_the_command_ends_with_an_error_while_something_is_undone(world, capsys):
    with pytest.raises(CommandError, match="6 项"):
        call_command("legacy", "cut-over", "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert {one["point"] for one in told["points"] if not one["done"]} == left()
    make_ready(world, of(world, "admin"))
    call_command("legacy", "cut-over")
    assert "全部做完" in capsys.readouterr().out


def test_what_was_looked_at_before_another_import_is_to_be_looked_at_again(world):
    make_ready(world, of(world, "admin"))
    assert left() == set()
    LegacyImport.objects.update(ended_at=now() + timedelta(minutes=1))
    assert Point.REFUSED in left()
