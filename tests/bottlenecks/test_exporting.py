"""Our own history as a log: what stands in it, what does not, and that both forms say the same."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from mingtang.bottlenecks.log.history import Step, Trace, as_xes
from mingtang.bottlenecks.log.writing import as_dict
from mingtang.bottlenecks.rules.mining import LogEvent, mine
from mingtang.bottlenecks.rules.reading import Columns, read_log
from mingtang.ledger.models import Event
from tests.bottlenecks import xes

COLUMNS = Columns("case", "activity", "time", "resource")


def exported(form: str, **more) -> str:
    out = io.StringIO()
    call_command("export_log", format=form, **more, stdout=out)
    return out.getvalue()


@pytest.fixture
def lived(world, at):
    """Two cases of 2013, one of them delivered, and one of 2014."""
    item = world.item()
    done = world.bring(world.file(item, at, world.citizen), "delivered", at + timedelta(hours=5))
    half = world.bring(world.file(item, at), "claimed", at + timedelta(days=1))
    later = world.file(item, at + timedelta(days=200))
    return done, half, later


def test_csv_has_the_histories_with_nodes_and_offices(lived):
    done, half, _later = lived
    events = read_log(exported("csv", year=2013).encode(), COLUMNS)
    assert {one.case for one in events} == {done.number, half.number}
    way = [(one.activity, one.resource) for one in events if one.case == half.number]
    assert way == [
        ("提交申请", "系统"),
        ("收件", "江山市水利局"),
        ("受理", "江山市水利局"),
        ("领取办理：审查", "江山市水利局"),
    ]
    first = next(one for one in events if one.case == done.number)
    assert (first.activity, first.resource) == ("提交申请", "申请人")


def test_no_person_is_named(lived):
    people = {name for event in Event.objects.all() for name in (event.actor_label,)} - {"系统"}
    people -= {"申请人"}
    assert people
    for form in ("csv", "xes"):
        text = exported(form)
        assert not [name for name in people | {"毛小明", "13800000001"} if name in text]


def test_all_years_or_one(lived):
    assert len({one.case for one in read_log(exported("csv").encode(), COLUMNS)}) == 3
    assert len({one.case for one in read_log(exported("csv", year=2014).encode(), COLUMNS)}) == 1
    assert exported("csv", year=1999).splitlines() == ["case,activity,time,resource,item,event"]


def test_both_forms_give_the_same_figures_and_xes_is_valid(lived):
    text = exported("xes", year=2013)
    assert xes.faults(text) == []
    from_xes = [LogEvent(*one) for one in xes.events(text)]
    from_csv = read_log(exported("csv", year=2013).encode(), COLUMNS)
    assert as_dict(mine(from_csv)) == as_dict(mine(from_xes))
    assert len(from_csv) == Event.objects.filter(stream__startswith="case:", at__year=2013).count()


def test_xes_keeps_what_xml_keeps_and_drops_what_it_cannot():
    at = datetime(2013, 9, 17, tzinfo=UTC)
    trace = Trace('1"<&', "取水\x00许可", [Step("审查\n<b>\x0b", at, "水利'局", "case.examined")])
    text = "\n".join(as_xes([trace], "日志"))
    assert xes.faults(text) == []
    assert xes.events(text) == [('1"<&', "审查\n<b>", at, "水利'局")]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('xes.version="2.0"', 'xes.version="second"'),
        ("<trace>\n", '<trace>\n<event><string key="a" value="b"/></event>\n'),
        ('<string key="org:resource" value="市', '<int key="org:resource" value="市'),
        ('key="kind"', 'key="2kind"'),
        ('key="kind"', 'key="cost:total"'),
        ("</trace>\n</log>", '</trace>\n<extension name="A" prefix="a" uri="b"/></log>'),
    ],
)
def test_the_checker_finds_what_is_wrong(right, wrong):
    at = datetime(2013, 9, 17, tzinfo=UTC)
    text = "\n".join(as_xes([Trace("1", "", [Step("审查", at, "市水利局", "a.b")])], "日志"))
    assert xes.faults(text) == []
    assert right in text
    assert xes.faults(text.replace(right, wrong))


def test_what_is_no_kind_is_refused(db):
    with pytest.raises(CommandError, match="不是一种记录"):
        exported("csv", kind="case:42")
