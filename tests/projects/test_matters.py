"""A project whose nodes a joint matter handles: days, map and buckets come from there."""

from datetime import date

import pytest
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.files.services import store
from mingtang.joint.models import JointCase as Joint
from mingtang.joint.rules.route import Route, Stage
from mingtang.projects import queries, services
from mingtang.projects.models import Programme, Project, ProjectProgramme
from mingtang.projects.rules.buckets import Bucket
from mingtang.timing.queries import current_calendar
from tests.joint.office import Office as JointOffice
from tests.joint.office import node
from tests.joint.test_views import filing
from tests.projects.office import a_picture
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
ADMITTED, FILED, ACCEPTED = morning(2013, 9, 2), morning(2013, 9, 9), morning(2013, 9, 10)


class Joined:
    """A project of five departments, and its joint matter."""

    def __init__(self) -> None:
        self.joint = JointOffice()
        world = self.joint.world
        self.person = world.people.post("projects", Role.PROJECT_OFFICE, self.joint.units["plan"])
        content = {
            "name": "茶油加工项目",
            "owner_name": "江山某油茶有限公司",
            "place_id": world.region.id,
            "investment_cents": 100,
            "type": "new",
            "start_year": 2013,
            "end_year": 2014,
            "responsible_id": self.joint.units["plan"].id,
        }
        made = self.do(services.enter, content=content)
        self.project = Project.objects.get(id=int(made["project_id"]))
        self.do(
            services.admit,
            project_id=self.project.id,
            approval_number="江政办〔2013〕8号",
            approval_date=date(2013, 9, 1),
            file=store(a_picture(), command_id=new_command_id()),
        )
        self.matter = self.joint.open(FILED, project=self.project.stream)
        edition = self.matter.edition_id
        self.do(services.choose_route, project_id=self.project.id, route_edition_id=edition)
        self.joint.accept(self.matter, ACCEPTED)
        self.project.refresh_from_db()

    def do(self, command, at=ADMITTED, **more):
        actor = self.joint.world.actor(self.person)
        return command(actor=actor, at=at, command_id=new_command_id(), **more)


@pytest.fixture
def joined(db) -> Joined:
    return Joined()


@pytest.mark.slow
def test_the_window_names_the_project_and_its_programme_says_what_silence_means(client, joined):
    five = Programme.objects.create(
        code="five",
        name="某计划",
        silence_is_consent=True,
        consent_basis="江政发〔2013〕5号",
        consent_basis_date=date(2013, 1, 4),
    )
    ProjectProgramme.objects.create(project=joined.project, programme=five)
    joined.joint.edition = joined.matter.edition
    client.force_login(joined.joint.clerk)
    path = reverse("joint:take_in", args=["factory"])
    typed = filing(joined.joint) | {"command_id": new_command_id()}
    wrong = client.post(path, typed | {"project": "没有的项目"})
    assert wrong.status_code == 422
    assert "重大项目库里没有这个项目" in wrong.content.decode()
    assert client.post(path, typed | {"project": joined.project.name}).status_code == 302
    made = Joint.objects.exclude(id=joined.matter.id).get()
    assert made.project == joined.project.stream
    assert (made.silence_is_consent, made.silence_basis) == (True, "江政发〔2013〕5号")
    client.force_login(joined.joint.world.citizen)
    assert "重大项目库" not in client.get(reverse("joint:file", args=["factory"])).content.decode()


@pytest.mark.slow
def test_actual_days_of_nodes_come_from_the_matter(joined):
    joined.joint.decide(joined.matter, "plan", morning(2013, 9, 16))
    days = {one.key: days for one, days in queries.plan_of(joined.project)}
    assert days["plan"].ended == date(2013, 9, 16)
    assert days["land"].started is not None
    assert days["land"].ended is None
    assert days["fire"].started is None  # it waits for the land


@pytest.mark.slow
def test_the_stage_moves_with_the_matter(joined):
    """Two stages: when the first is done in the matter, lists show the second."""
    first = Stage("review", "审批阶段", (node("plan"),), lead="fgj")
    build = Stage("build", "施工阶段", (node("land"),), lead="gtj")
    edition = joined.joint.publish(Route((first, build)), code="two")
    matter = joined.joint.open(FILED, edition_id=edition.id, nodes=["plan", "land"])
    Joint.objects.filter(id=joined.matter.id).update(project="")
    Joint.objects.filter(id=matter.id).update(project=joined.project.stream)
    joined.do(services.choose_route, project_id=joined.project.id, route_edition_id=edition.id)
    joined.joint.accept(matter, ACCEPTED)
    joined.project.refresh_from_db()
    assert joined.project.stage == "审批阶段"
    joined.joint.decide(matter, "plan", morning(2013, 9, 16))
    joined.joint.settle(morning(2013, 9, 16))  # what the matter told of its case
    joined.project.refresh_from_db()
    assert joined.project.stage == "施工阶段"


@pytest.mark.slow
def test_each_working_day_is_somebodys(joined):
    joined.joint.decide(joined.matter, "plan", morning(2013, 9, 16))
    on = date(2013, 9, 27)
    found = queries.elapsed(joined.project, on)
    assert found.total == current_calendar().count(date(2013, 9, 2), on)
    assert found.by_bucket[Bucket.GOVERNMENT] > 0
    assert found.by_bucket[Bucket.OWNER] > 0  # before anything was filed


@pytest.mark.slow
def test_the_page_shows_the_map(joined, client, time_machine):
    time_machine.move_to(morning(2013, 9, 17))
    client.force_login(joined.person)
    text = client.get(f"/projects/{joined.project.id}/").content.decode()
    assert joined.matter.number in text
    assert "<svg" in text
    assert "消防设计审核" in text
