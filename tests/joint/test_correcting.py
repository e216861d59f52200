"""The one notice of all that a joint filing lacks, what the applicant brings, and what the law does
where nobody said anything."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingtang.base.errors import DomainError
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.files.queries import documents_of, uploads_of
from mingtang.joint import services as joint
from mingtang.joint.rules.moves import IllegalMove
from mingtang.joint.rules.parts import NotNow
from mingtang.joint.rules.states import JointState
from mingtang.ledger import queries as ledger
from mingtang.timing import queries as timing
from tests import papers
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
THIRD, LATER = morning(2013, 9, 18), morning(2013, 9, 24)  # a day, and five working days after
OVER = morning(2013, 9, 29)
MAP = "项目用地红线图"


@pytest.fixture
def matter(office, at):
    return office.open(at)


def clocks(matter):
    return {one.kind: (one.due_date, one.status) for one in timing.clocks_of(matter.stream)}


def key_of(matter, name):
    return matter.materials.get(name=name).key


def asked(office, matter, at=THIRD):
    missing = {key_of(matter, MAP): "盖章的原件"}
    return office.act(office.clerk, joint.ask_correction, matter, at, missing=missing)


def test_one_notice_stops_the_check_and_every_part_waits(office, matter):
    asked(office, matter)
    assert matter.state == JointState.CORRECTING
    assert not Case.objects.exists()
    told = clocks(matter)
    assert told["completeness"][1] == "stopped"
    assert told["correction"][1] == "running"
    assert matter.next_due_date == told["correction"][0]
    paper = documents_of(matter.stream)[-1]
    assert MAP in str(paper.content)
    assert "盖章的原件" in str(paper.content)
    with pytest.raises(IllegalMove):
        office.accept(matter, THIRD)


def test_what_was_brought_is_looked_at_again_and_then_all_begins(office, matter):
    asked(office, matter)
    office.act(office.clerk, joint.supply, matter, LATER, brought=[key_of(matter, MAP)])
    assert matter.state == JointState.SUBMITTED
    assert clocks(matter)["completeness"][1] == "running"
    assert matter.materials.get(name=MAP).brought_by == office.clerk
    with pytest.raises(NotNow, match="不能再告知"):
        asked(office, matter, LATER)
    office.accept(matter, LATER)
    assert matter.state == JointState.ACCEPTED
    assert Case.objects.count() == 2


def test_nothing_is_asked_of_nothing_nor_too_late(office, matter):
    with pytest.raises(DomainError, match="请选出缺的材料"):
        office.act(office.clerk, joint.ask_correction, matter, THIRD, missing={})
    with pytest.raises(DomainError, match="不在清单里"):
        office.act(office.clerk, joint.ask_correction, matter, THIRD, missing={"x": ""})
    with pytest.raises(DomainError, match="视为受理"):
        asked(office, matter, OVER)


def test_silence_of_the_window_is_acceptance_since_the_filing(office, matter):
    assert joint.sweep_deemed(LATER) == 0
    assert joint.sweep_deemed(OVER) == 1
    assert joint.sweep_deemed(OVER) == 0
    matter.refresh_from_db()
    assert (matter.state, matter.accepted_by, matter.is_deemed_accepted) == (
        *(JointState.ACCEPTED, None, True),
    )
    assert clocks(matter)["statutory"] == (date(2013, 11, 25), "running")  # as if accepted at once
    begun = Case.objects.order_by("id")
    assert [(one.is_deemed_accepted, one.accepted_by) for one in begun] == [(True, None)] * 2
    assert "joint.deemed_accepted" in [one.kind for one in ledger.history(matter.stream)]


VECTORS = {  # twenty and ten working days of the parts, forty-five of the whole, by hand
    "land": {"statutory": date(2013, 10, 21), "promised": date(2013, 10, 8)},
    "plan": {"statutory": date(2013, 10, 21), "promised": date(2013, 10, 8)},
}


def dues_of(case):
    wanted = ("statutory", "promised")
    return {one.kind: one.due_date for one in timing.clocks_of(case.stream) if one.kind in wanted}


@pytest.mark.slow
def test_limits_of_parts_count_from_the_filing_where_the_whole_is_deemed_accepted(office, matter):
    assert joint.sweep_deemed(OVER) == 1
    begun = {part.key: part.case for part in matter.parts.filter(case__isnull=False)}
    assert {key: dues_of(case) for key, case in begun.items()} == VECTORS
    paper = documents_of(begun["land"].stream)[0]
    assert "2013年9月17日" in str(paper.content)
    assert "即为受理" in str(paper.content)
    granted = morning(2013, 9, 30)
    office.decide(matter, "land", granted)  # fire waited for it: its limits begin now
    assert dues_of(office.part(matter, "fire").case) == {
        "statutory": date(2013, 11, 1),
        "promised": date(2013, 10, 18),
    }


def test_who_accepts_late_or_after_a_correction_accepts_as_of_the_lawful_day(office, at):
    late = office.open(at)
    office.accept(late, OVER)
    assert clocks(late)["statutory"][0] == date(2013, 11, 25)
    assert dues_of(office.part(late, "land").case) == VECTORS["land"]
    mended = office.open(at)
    asked(office, mended)
    office.act(office.clerk, joint.supply, mended, LATER, brought=[key_of(mended, MAP)])
    office.accept(mended, OVER)
    ten, twenty = date(2013, 10, 12), date(2013, 10, 25)
    assert dues_of(office.part(mended, "land").case) == {"statutory": twenty, "promised": ten}


def test_what_was_asked_for_is_never_deemed_accepted(office, matter):
    asked(office, matter)
    office.act(office.clerk, joint.supply, matter, LATER, note="补了")
    assert joint.sweep_deemed(morning(2013, 12, 2)) == 0


def test_the_clerk_asks_and_the_applicant_brings_it_online(client, office, matter):
    with time_machine.travel(THIRD, tick=False):
        client.force_login(office.clerk)
        path = reverse("joint:detail", args=[matter.id])
        acts = {one["verb"]: one for one in client.get(path).context["acts"]}
        wanted = [one.key for one in acts["ask_correction"]["form"].wanted]
        place = wanted.index(key_of(matter, MAP))
        typed = {f"lacks-{place}": "on", f"text-{place}": "盖章", "command_id": new_command_id()}
        sent = client.post(reverse("joint:act", args=[matter.id, "ask_correction"]), typed)
        assert sent.status_code == 302
        client.logout()
        code = cases.tracking_code(matter)
        client.post(reverse("joint:progress"), {"number": matter.number, "code": code})
        page = client.get(reverse("joint:progress_of", args=[matter.number])).content.decode()
        assert f"{MAP}：盖章" in page
        own = reverse("joint:supply", args=[matter.number])
        empty = client.post(own, {"command_id": new_command_id()})
        assert empty.status_code == 422
        new = SimpleUploadedFile("红线图.png", papers.png(), "image/png")
        sent = client.post(own, {"files-0": new, "command_id": new_command_id()})
        assert sent.status_code == 302
        matter.refresh_from_db()
        assert matter.state == JointState.SUBMITTED
        assert [one.original_name for one in uploads_of(matter.stream)] == ["红线图.png"]
        other = Client()
        other.force_login(office.world.stranger)
        assert other.post(own, {"command_id": new_command_id()}).status_code == 404
