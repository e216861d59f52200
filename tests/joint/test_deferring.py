"""容缺 for a whole joint matter: one promise, one list, one day, one reminder; what comes is every
part's at once, and while it does not come no part that needs it is decided."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.base.errors import DomainError
from mingtang.base.ids import next_id
from mingtang.cases import services as cases
from mingtang.cases.rules import GivenWay, NotNow, Verb
from mingtang.catalogue.models import Edition, Item
from mingtang.files.queries import documents_of, uploads_of
from mingtang.joint import services as joint
from mingtang.joint.models import JointPromise
from mingtang.joint.rules.moves import IllegalMove
from mingtang.joint.rules.union import materials_of
from mingtang.joint.services.sweeping import sweep_reminders
from mingtang.messages.models import Message
from mingtang.timing import queries as timing
from tests import papers
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
PLAN, DUE, WORDS = "项目用地红线图", date(2013, 9, 29), "图纸正在盖章，按时补交。"
SOON, LATER, OVER = morning(2013, 9, 26), morning(2013, 9, 27), morning(2013, 9, 30)


@pytest.fixture
def matter(office, at):
    """The plan of the site may come later, as the guide of every department says."""
    for edition in Edition.objects.all():
        lines = [
            {**line, "need": "容缺"} if line["name"] == PLAN else line for line in edition.materials
        ]
        edition.id, edition.number, edition.materials = next_id(), 2, lines
        edition.save(force_insert=True)
        Item.objects.filter(id=edition.item_id).update(current_edition=edition)
    return office.open(at)


def key(matter, name=PLAN):
    return matter.materials.get(name=name).key


def accept(office, matter, at, **more):
    brought = [one.key for one in matter.materials.exclude(name=PLAN)]
    promised = {"deferred": [key(matter)], "promise": WORDS, "due_date": DUE, **more}
    office.act(office.clerk, joint.accept, matter, at, brought=brought, **promised)


def waiting(matter):
    """What each case that has begun still waits for."""
    begun = matter.parts.filter(case__isnull=False).order_by("position")
    return {
        part.key: [(one.name, one.due_date) for one in part.case.deferred.filter(supplied_at=None)]
        for part in begun
    }


def told(subject, event):
    return Message.objects.filter(subject=subject, event=event, person__isnull=False).count()


@pytest.mark.slow
def test_one_promise_holds_for_every_part_and_what_comes_is_theirs_at_once(office, matter, at):
    accept(office, matter, at)
    assert waiting(matter) == {"plan": [(PLAN, DUE)], "land": [(PLAN, DUE)]}
    assert JointPromise.objects.get().words == WORDS
    paper = documents_of(matter.stream)[-1]
    assert "承诺于2013年9月29日前补交：项目用地红线图" in str(paper.content)
    clocks = {one.kind: (one.due_date, one.status) for one in timing.clocks_of(matter.stream)}
    assert clocks["deferred"] == (DUE, "running")
    with pytest.raises(DomainError, match="容缺材料还没有补交：项目用地红线图"):
        office.decide(matter, "land", LATER)
    office.act(office.clerk, joint.supply_deferred, matter, LATER, brought=[key(matter)])
    assert waiting(matter) == {"plan": [], "land": []}
    assert JointPromise.objects.get().supplied_at == LATER
    clocks = {one.kind: one.status for one in timing.clocks_of(matter.stream)}
    assert clocks["deferred"] == "stopped"
    office.world.act(
        office.approvers["land"],
        cases.decide,
        office.part(matter, "land").case,
        LATER,
        verb=Verb.GRANT,
        reason="符合条件",
    )
    office.settle(LATER)
    assert waiting(matter)["fire"] == []  # began afterwards: it has it like the others
    with pytest.raises(DomainError, match="还没有交来的"):
        office.act(office.clerk, joint.supply_deferred, matter, LATER, brought=[key(matter)])


def test_the_applicant_is_told_and_reminded_once_by_the_whole(office, matter, at):
    accept(office, matter, at)
    assert told(matter.stream, "joint.material_deferred") == 1
    assert sweep_reminders(at) == 0
    assert sweep_reminders(SOON) == 1
    assert sweep_reminders(LATER) == 0
    assert cases.sweep_reminders(LATER) == 0
    office.settle(LATER)
    assert told(matter.stream, "joint.deferred_reminded") == 1
    streams = [part.case.stream for part in matter.parts.filter(case__isnull=False)]
    loud = ("case.material_deferred", "case.deferred_reminded")
    assert not Message.objects.filter(subject__in=streams, event__in=loud).exists()


def test_what_does_not_come_holds_the_decision_and_no_limit(office, matter, at):
    """As with a single case: nothing lapses by itself, and nothing is decided without it."""
    accept(office, matter, at)
    assert sweep_reminders(OVER) == 0  # over is past reminding
    office.act(office.clerk, joint.withdraw_part, matter, OVER, part="fire", reason="")
    case = office.part(matter, "land").case
    more = {"material_ids": [one.material_id for one in case.deferred.all()], "files": []}
    with pytest.raises(NotNow, match="由牵头部门的窗口统一收"):
        office.world.act(office.clerk, cases.supply_deferred, case, OVER, **more)
    clocks = {one.kind: one.status for one in timing.clocks_of(case.stream)}
    assert clocks["promised"] == "running"
    water = office.handlers["water"]
    office.act(water, joint.simulate, matter, OVER, part="water")
    office.act(office.clerk, joint.supply_deferred, matter, OVER, brought=[key(matter)])
    assert waiting(matter)["land"] == []  # late is better than never


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"promise": "  "}, "补交承诺"),
        ({"due_date": None}, "最迟补交日期"),
        ({"due_date": date(2013, 9, 16)}, "不能早于今天"),
        ({"due_date": date(2013, 10, 9)}, "最迟 2013-10-08 办结"),
    ],
)
def test_a_promise_has_words_and_a_day_before_any_decision(office, matter, at, more, sentence):
    with pytest.raises(DomainError, match=sentence):
        accept(office, matter, at, **more)
    assert not JointPromise.objects.exists()


def test_only_what_every_guide_allows_may_come_later(office, matter, at):
    with pytest.raises(DomainError, match="没有写明可以容缺"):
        accept(office, matter, at, deferred=[key(matter, "申请书")])
    with pytest.raises(DomainError, match="还缺材料：项目用地红线图"):
        accept(office, matter, at, deferred=[])
    with pytest.raises(IllegalMove):
        office.act(office.clerk, joint.supply_deferred, matter, at, brought=[key(matter)])


def line(need):
    return {"id": need, "name": "图", "need": need, "note": ""}


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        (["容缺"], (True, True)),
        (["容缺", "必要"], (True, False)),
        (["容缺", "情形需要"], (True, True)),
        (["情形需要"], (False, False)),
        ([""], (True, False)),
    ],
)
def test_whether_a_material_may_be_late_is_what_all_guides_say(needs, expected):
    (found,) = materials_of((str(number), [line(need)]) for number, need in enumerate(needs))
    assert (found.is_required, found.may_defer) == expected


@pytest.mark.once
@pytest.mark.slow
def test_each_part_costs_the_same_when_the_paper_comes(office, matter, at):
    accept(office, matter, at)
    office.act(office.clerk, joint.supply_deferred, matter, LATER, brought=[key(matter)])
    two = office.open(at)
    accept(office, two, at)
    one = office.open(at, nodes=("plan",))
    accept(office, one, at)
    costs = []
    for which in (one, two):
        with CaptureQueriesContext(connection) as found:
            by = {"actor": office.world.actor(office.clerk), "at": LATER}
            keys = [key(which)]
            joint.supply_deferred(
                joint_id=which.id, brought=keys, command_id=new_command_id(), **by
            )
        costs.append(len(found))
    assert costs[1] - costs[0] < 40, costs


@pytest.mark.slow
def test_the_clerk_takes_the_promise_and_the_applicant_brings_it_online(client, office, matter, at):
    with time_machine.travel(at, tick=False):
        client.force_login(office.clerk)
        path = reverse("joint:act", args=[matter.id, "accept"])
        brought = [one.key for one in matter.materials.exclude(name=PLAN)]
        sent = {"brought": brought, "deferred": [key(matter)], "command_id": new_command_id()}
        assert client.post(path, sent).status_code == 422  # no words, no day
        sent |= {"promise": WORDS, "due_date": DUE.isoformat()}
        assert client.post(path, sent).status_code == 302
        page = client.get(reverse("joint:detail", args=[matter.id]))
        assert "容缺受理，承诺后补：项目用地红线图" in page.content.decode()
        assert "supply_deferred" in {one["verb"] for one in page.context["acts"]}
        client.logout()
        code = cases.tracking_code(matter)
        client.post(reverse("joint:progress"), {"number": matter.number, "code": code})
        page = client.get(reverse("joint:progress_of", args=[matter.number])).content.decode()
        assert "请补交承诺后补的材料" in page
        assert WORDS in page
        new = SimpleUploadedFile("红线图.png", papers.png(), "image/png")
        own = reverse("joint:supply", args=[matter.number])
        sent = client.post(own, {"files-0": new, "command_id": new_command_id()})
        assert sent.status_code == 302
    for name in ("plan", "land"):
        case = office.part(matter, name).case
        assert [one.original_name for one in uploads_of(case.stream)] == ["红线图.png"]
        assert not case.deferred.filter(supplied_at=None).exists()
    assert matter.materials.get(name=PLAN).way == GivenWay.UPLOADED
