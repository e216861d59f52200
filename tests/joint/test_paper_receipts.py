"""The paper receipt of a joint matter: the whole and the cases that began with it count from the
true day, by two people alone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.errors import DomainError
from mingtang.cases import services as cases
from mingtang.joint import services as joint
from mingtang.joint.services.sweeping import sweep_deemed
from mingtang.outage import services as outage
from mingtang.outage.models import PaperReceipt
from mingtang.outage.rules import SamePerson
from tests.joint.office import Office
from tests.outage.papers import claim, decide, in_place_of, limits, printed, typed
from tests.world import morning, new_command_id

PRINTED, ENTERED = morning(2013, 9, 2), morning(2013, 9, 17)  # a Monday; a Tuesday
TRUE = morning(2013, 9, 11, 15)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Hall:
    def __init__(self, office: Office) -> None:
        self.office, self.world = office, office.world
        self.lead = office.world.people.post("lead", Role.WINDOW_LEAD, office.units["plan"])
        printed(PRINTED)

    def entered(self):
        matter = self.office.open(ENTERED)
        self.office.act(
            self.office.clerk, joint.enter_paper_receipt, matter, ENTERED, claim=claim(TRUE)
        )
        return matter

    def confirm(self, matter, actor=None, at=ENTERED):
        decide(joint.confirm_paper_receipt, actor or self.world.actor(self.lead), at)
        self.office.settle(at)
        matter.refresh_from_db()

    def case_of(self, matter, key):
        return f"case:{self.office.part(matter, key).case_id}"


@pytest.fixture
def hall(office):
    return Hall(office)


def test_nothing_counts_until_a_second_person_confirms_then_the_true_day_does(hall):
    matter = hall.entered()
    assert limits(matter.stream) == {"completeness": ("2013-09-17", "2013-09-25")}
    hall.confirm(matter)
    assert matter.submitted_at == TRUE
    assert limits(matter.stream) == {"completeness": ("2013-09-11", "2013-09-18")}
    assert matter.next_due_date.isoformat() == "2013-09-18"


def test_control_without_the_rule_one_person_moves_the_limit(hall, monkeypatch):
    matter = hall.entered()
    before = limits(matter.stream)
    clerk = hall.office.clerk
    instead = in_place_of(hall.world, hall.lead, clerk, ENTERED)
    for actor in (hall.world.actor(clerk), instead):
        with pytest.raises(SamePerson):
            hall.confirm(matter, actor)
    assert limits(matter.stream) == before
    monkeypatch.setattr(outage, "check_second", lambda *_: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        hall.confirm(matter, hall.world.actor(clerk))
    hall.confirm(matter, instead)
    assert limits(matter.stream) != before


def test_what_ran_out_meanwhile_is_deemed_accepted_as_of_the_true_day(hall):
    matter = hall.entered()
    later = ENTERED + timedelta(days=3)
    assert sweep_deemed(later) == 0
    hall.confirm(matter, at=later)
    assert sweep_deemed(later) == 1
    assert limits(matter.stream)["statutory"][0] == "2013-09-11"


def test_accepted_too_late_the_whole_and_the_cases_that_began_with_it_count_from_then(hall):
    """A case that began later, when another was done, keeps its days."""
    matter = hall.entered()
    later = morning(2013, 9, 23)
    hall.office.accept(matter, later)
    hall.office.decide(matter, "land", morning(2013, 9, 24))
    plan, water = hall.case_of(matter, "plan"), hall.case_of(matter, "environment")
    assert limits(plan)["promised"][0] == "2013-09-23"
    before = limits(water)["promised"]
    hall.confirm(matter, at=morning(2013, 9, 25))
    assert {limits(matter.stream)[kind][0] for kind in ("promised", "statutory")} == {"2013-09-11"}
    assert {limits(plan)[kind][0] for kind in ("promised", "statutory")} == {"2013-09-11"}
    assert limits(water)["promised"] == before


def test_what_was_accepted_in_time_keeps_its_limits(hall):
    matter = hall.entered()
    hall.office.accept(matter, ENTERED)
    before = limits(matter.stream), limits(hall.case_of(matter, "plan"))
    hall.confirm(matter)
    assert (limits(matter.stream), limits(hall.case_of(matter, "plan"))) == before
    assert matter.submitted_at == TRUE


def test_while_it_waits_nothing_is_asked_for_that_the_law_has_accepted(hall):
    matter = hall.entered()
    with pytest.raises(DomainError, match="先核对纸质回执"):
        hall.office.act(
            *(hall.office.clerk, joint.ask_correction, matter, morning(2013, 9, 23)),
            missing={},
            note="请补红线图。",
        )


def test_a_part_has_no_receipt_of_its_own(hall):
    matter = hall.entered()
    hall.office.accept(matter, ENTERED)
    with pytest.raises(DomainError, match="并联件的页面"):
        cases.enter_paper_receipt(
            case_id=hall.office.part(matter, "plan").case_id,
            claim=claim(TRUE, 2),
            actor=hall.world.actor(hall.office.clerk),
            at=ENTERED,
            command_id="0" * 32,
        )


@pytest.mark.once
def test_from_the_counter_to_the_lead_and_nobody_else(client, hall):
    with time_machine.travel(ENTERED, tick=False):
        matter = hall.office.open(ENTERED)
        url = reverse("joint:enter_paper_receipt", args=[matter.id])
        client.force_login(hall.office.mayor)
        assert client.post(url, typed(TRUE)).status_code in {403, 404}
        client.force_login(hall.office.clerk)
        assert matter.number in client.get(url).content.decode()
        late = client.post(url, typed(ENTERED + timedelta(hours=1)))
        assert (late.status_code, "晚于录入" in late.content.decode()) == (422, True)
        assert client.post(url, typed(TRUE)).status_code == 302
        one = reverse("outage:receipt", args=[PaperReceipt.objects.get().id])
        assert client.get(one).status_code == 404, "a clerk confirms nothing"
        client.force_login(hall.lead)
        client.post(f"{one}confirm/", {"command_id": new_command_id()})
        page = client.get(reverse("joint:detail", args=[matter.id])).content.decode()
        assert "核定收到时间" in page
    matter.refresh_from_db()
    assert matter.submitted_at == TRUE
