"""The walk of a factory: the project enters the library, gets an agent, who files once; of five
departments one is late; map, buckets, cards and scores all show it; the project is completed."""

from datetime import date, timedelta
from typing import Any

import pytest

from mingtang.accounts.rules import Role
from mingtang.assessment import queries as assessment
from mingtang.cases.models import Case
from mingtang.cases.rules import GivenWay
from mingtang.files.services import store
from mingtang.joint import services as joint
from mingtang.joint.maps import map_of
from mingtang.joint.models import JointCase
from mingtang.joint.rules.states import JointState
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from mingtang.projects import queries, services
from mingtang.projects.models import AgencyLetter, Project
from mingtang.projects.rules.buckets import Bucket
from mingtang.projects.services import agency, agent_filing
from mingtang.supervision import services as watching
from mingtang.supervision.models import Card
from mingtang.timing.queries import current_calendar
from tests.assessment.conftest import MONTH, OPENED
from tests.assessment.conftest import Office as Judges
from tests.assessment.schemes import deduct, scheme
from tests.joint.office import KEYS, Office, route
from tests.projects.bureau import OWNER_CODE
from tests.projects.office import a_picture
from tests.world import NUMBERS, morning, new_command_id, plain

pytestmark = pytest.mark.django_db

ENTERED, ADMITTED, SIGNED = (morning(2013, 8, day) for day in (26, 27, 28))
FILED, ACCEPTED = morning(2013, 9, 2), morning(2013, 9, 4)
NIGHT = morning(2013, 9, 24, 20)  # the land was due on the 18th
NEXT, COMPLETED = morning(2013, 10, 14), morning(2013, 10, 15)
COLOURS = ("yellow", "red")  # a reminder costs nobody anything


class Factory:
    """Five departments, the office of major projects, an agent, and what they do in turn."""

    def __init__(self) -> None:
        self.office = Office()
        self.world = self.office.world
        self.edition = self.office.publish(route())
        reform = self.office.units["plan"]
        self.person = self.world.people.post("projects", Role.PROJECT_OFFICE, reform)
        self.agent = self.world.people.post("agent", Role.AGENT, self.world.centre)
        self.agent.identity_number, self.agent.identity_index = NUMBERS[2], "x" * 64
        self.agent.save()
        self.judges = Judges(self.world)
        watching.load_shipped_rules(
            since=date(2013, 1, 1), actor=SYSTEM, at=ENTERED, command_id=new_command_id()
        )

    def do(self, command: Any, at: Any, who: Any = None, **more: Any) -> Any:
        actor = self.world.actor(who or self.person)
        done = command(actor=actor, at=at, command_id=new_command_id(), **more)
        self.office.settle(at)
        return done

    def enter(self) -> Project:
        """A draft first; by its document it enters the library, and follows the route."""
        content = {
            "name": "年产十万吨茶油加工项目",
            "owner_name": "江山市某油茶有限公司",
            "owner_credit_code": OWNER_CODE,
            "owner_phone": "13800000002",
            "industry": "C1331 食用植物油加工",
            "place_id": self.world.region.id,
            "investment_cents": 64_740_000_00,
            "type": "new",
            "start_year": 2013,
            "end_year": 2014,
            "responsible_id": self.office.units["plan"].id,
        }
        project = Project.objects.get(
            id=int(self.do(services.enter, ENTERED, content=content)["project_id"])
        )
        assert project.state == "draft"
        self.do(
            *(services.admit, ADMITTED),
            project_id=project.id,
            approval_number="江政办〔2013〕8号",
            approval_date=date(2013, 8, 26),
            file=store(a_picture(), command_id=new_command_id()),
        )
        about = {"project_id": project.id, "route_edition_id": self.edition.id}
        self.do(services.choose_route, ADMITTED, **about)
        project.refresh_from_db()
        assert project.state == "in_library"
        return project

    def sign(self, project: Project) -> AgencyLetter:
        """The owner entrusts the whole way to an agent."""
        made = self.do(
            *(agency.draw_letter, SIGNED),
            project_id=project.id,
            agent_id=self.agent.id,
            services=["approval"],
            valid_from=date(2013, 8, 28),
            valid_to=date(2013, 12, 31),
        )
        letter = AgencyLetter.objects.get(id=int(made["letter_id"]))
        day = date(2013, 8, 28)
        signed = {"owner_signer": "姜大成", "owner_signed_date": day, "agent_signed_date": day}
        self.do(agency.sign, SIGNED, letter_id=letter.id, **signed)
        return letter

    def file(self, letter: AgencyLetter) -> JointCase:
        """One filing for five departments, accepted as a whole at the window of the lead."""
        handed = [
            joint.Handed(one.key, GivenWay.TO_BRING)
            for one in joint.wanted_for(self.edition.id, KEYS)
        ]
        made = self.do(
            *(agent_filing.file_matter, FILED, self.agent),
            letter_id=letter.id,
            nodes=list(KEYS),
            answers={"p1_matter": plain("新建厂房。")["matter"]},
            handed=handed,
        )
        matter = JointCase.objects.get(id=int(made["joint_id"]))
        brought = [one.key for one in matter.materials.all()]
        more = {"brought": brought, "is_mandate_seen": True}
        self.office.act(self.office.clerk, joint.accept, matter, ACCEPTED, **more)
        return matter

    def simulate(self, matter: JointCase) -> None:
        """Water does not wait for the land: it says what it would say."""
        water = self.office.handlers["water"]
        about = {"part": "water"}
        self.office.act(water, joint.simulate, matter, morning(2013, 9, 5), **about)
        said = {"is_favourable": True, "opinion": "水量够，取水口合理。", **about}
        self.office.act(water, joint.give_opinion, matter, morning(2013, 9, 6), **said)

    def convert(self, matter: JointCase) -> None:
        part = self.office.part(matter, "water")
        rechecked = [joint.Rechecked(one, is_same=True) for one in joint.to_recheck(part)]
        water, at = self.office.handlers["water"], morning(2013, 9, 26)
        self.office.act(water, joint.convert, matter, at, part="water", rechecked=rechecked)

    def report(self, project: Project, month: int, year_sum: int) -> None:
        self.do(
            *(services.report_month, morning(2013, month, 24)),
            project_id=project.id,
            year=2013,
            month=month,
            done_cents=100_00,
            year_cents=year_sum,
            progress="办理审批",
        )

    def finish(self, matter: JointCase, key: str, decided: Any) -> None:
        """A department decides; the next day the result is handed over."""
        case = self.office.decide(matter, key, decided)
        self.office.deliver(case, decided + timedelta(days=1))

    def sweep(self, at: Any) -> None:
        self.office.settle(at)
        watching.sweep(at)
        self.office.settle(at)

    def scores(self) -> dict[str, tuple[Any, dict[str, int]]]:
        """Of each department for September: the total, and how often what took points off it."""
        rows = deduct("late_cases", "2", "20"), deduct("red_cards", "5", "20")
        self.judges.open(self.judges.use(scheme(*rows, code="factory")), OPENED)
        units = {unit.id: key for key, unit in self.office.units.items()}
        return {
            units[sheet.target_id]: (
                sheet.total,
                {one.key: len(one.evidence) for one in assessment.scores_of(sheet)},
            )
            for sheet in assessment.sheets_of("factory", MONTH)
            if sheet.target_id in units
        }


def carded() -> set[tuple[str, int | None, str]]:
    rows = Card.objects.filter(colour__in=COLOURS).order_by("id")
    return {(one.subject, one.organisation_id, one.colour) for one in rows}


def marks(matter: JointCase, on: date) -> dict[str, tuple[str, str]]:
    boxes = map_of(matter, on).drawing.boxes
    return {box.key: (box.look.state, box.look.tone) for box in boxes}


@pytest.fixture
def factory(db: None) -> Factory:
    return Factory()


@pytest.mark.slow
def test_a_factory_from_the_library_to_its_end(factory, client, time_machine):
    office = factory.office
    project = factory.enter()
    letter = factory.sign(project)
    matter = factory.file(letter)
    assert JointCase.objects.count() == 1
    assert matter.project == project.stream
    assert matter.applicant["proxy"]["identity_number"] == NUMBERS[2]
    assert office.statuses(matter) == {
        "plan": "running",
        "land": "running",
        "water": "not_ready",
        "environment": "not_ready",
        "fire": "not_ready",
    }

    # Water simulates, planning is in time, the land is late; environment and fire wait for it.
    factory.simulate(matter)
    factory.finish(matter, "plan", morning(2013, 9, 10))
    factory.report(project, 9, 100_00)
    for day in (18, 22, 23, 24):
        factory.sweep(morning(2013, 9, day, 20))
    land = Case.objects.get(id=office.part(matter, "land").case_id)
    unit = office.units["land"].id
    assert carded() == {(land.stream, unit, "yellow"), (land.stream, unit, "red")}
    found = marks(matter, date(2013, 9, 24))
    assert found.pop("land") == ("办理中，超期", "bad")
    assert "bad" not in {tone for _state, tone in found.values()}
    time_machine.move_to(NIGHT)
    client.force_login(factory.person)
    page = client.get(f"/projects/{project.id}/").content.decode()
    assert matter.number in page
    assert "办理中，超期" in page

    # The land is granted: two begin by themselves, the simulated opinion becomes a real case.
    factory.finish(matter, "land", morning(2013, 9, 25))
    factory.convert(matter)
    assert set(office.statuses(matter).values()) == {"done", "running"}
    assert Case.objects.count() == 5
    scores = factory.scores()
    assert scores.pop("land") == (93, {"late_cases": 1, "red_cards": 1})
    assert scores == dict.fromkeys(
        ("plan", "water", "environment", "fire"), (100, {"late_cases": 0, "red_cards": 0})
    )

    for key, day in (("environment", 8), ("water", 9), ("fire", 11)):
        factory.finish(matter, key, morning(2013, 10, day))
    factory.sweep(NEXT)
    assert {where for _subject, where, _colour in carded()} == {unit}  # nobody else was late
    matter.refresh_from_db()
    assert matter.state == JointState.DELIVERED

    factory.do(agency.conclude, NEXT, factory.agent, letter_id=letter.id)
    about = {"project_id": project.id, "completed_date": date(2013, 10, 15)}
    factory.do(services.complete, COMPLETED, **about)
    project.refresh_from_db()
    letter.refresh_from_db()
    assert (project.state, letter.ending) == ("completed", "concluded")
    assert ledger.verify().is_ok
    count = current_calendar().count
    days = queries.elapsed(project, date(2014, 1, 1))
    assert {bucket: many for bucket, many in days.by_bucket.items() if many} == {
        # from the admission until it is accepted, and after the last decision
        Bucket.OWNER: count(date(2013, 8, 27), date(2013, 9, 4))
        + count(date(2013, 10, 11), date(2013, 10, 15)),
        Bucket.GOVERNMENT: count(date(2013, 9, 4), date(2013, 10, 11)),
    }
    assert days.total == count(date(2013, 8, 27), date(2013, 10, 15))
