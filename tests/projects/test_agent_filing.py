"""An agent files a joint matter for the owner: within the letter, marked, as the owner's proxy."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mingtang.cases.models import Case
from mingtang.cases.rules import GivenWay
from mingtang.joint import services as joint
from mingtang.joint.models import JointCase
from mingtang.joint.rules.route import Node, NodeKind, Route, Stage
from mingtang.ledger.queries import history
from mingtang.projects.models import NodePlan, Programme, ProjectProgramme
from mingtang.projects.queries import portfolio
from mingtang.projects.rules.agency import LetterNotInForce, NotTheAgent, OutsideLetter
from mingtang.timing.queries import current_calendar
from tests.joint.office import Office, node, route
from tests.projects.bureau import OWNER_CODE, Bureau, moment
from tests.world import NUMBERS, new_command_id, plain

pytestmark = pytest.mark.django_db


class Counter:
    """A joint route of five departments, and a project that follows it."""

    def __init__(self) -> None:
        self.office = Office()
        self.bureau = Bureau(self.office.world)
        self.edition = self.office.publish(route())
        project = self.bureau.project
        project.route_edition = self.edition
        project.save()
        NodePlan.objects.filter(project=project).delete()
        NodePlan.objects.bulk_create(
            NodePlan(project=project, key=key, stage="审批", name=key, position=place, kind="case")
            for place, key in enumerate(("plan", "land"))
        )
        agent = self.bureau.agent
        agent.identity_number, agent.identity_index = NUMBERS[2], "x" * 64
        agent.save()

    def file(self, letter, *nodes, **more):
        return self.bureau.do(
            "file_matter",
            letter_id=letter.id,
            nodes=list(nodes),
            answers={"p1_matter": plain("新建厂房。")["matter"]},
            handed=[
                joint.Handed(one.key, GivenWay.TO_BRING)
                for one in joint.wanted_for(self.edition.id, list(nodes))
            ],
            **more,
        )

    def accept(self, matter):
        """The clerk has seen the letter of agency."""
        brought = [one.key for one in matter.materials.filter(way="to_bring")]
        noon, more = moment(self.bureau.start, 12), {"is_mandate_seen": True}
        self.office.act(self.office.clerk, joint.accept, matter, noon, brought=brought, **more)


@pytest.fixture
def counter(db: None) -> Counter:
    return Counter()


def test_the_owner_applies_the_agent_is_the_proxy_and_all_is_marked(counter):
    letter = counter.bureau.signed()
    made = counter.file(letter, "plan", "land")
    matter = JointCase.objects.get(id=int(made["joint_id"]))
    assert matter.project == counter.bureau.project.stream
    assert matter.applicant_name == "江山市某木业有限公司"
    assert matter.applicant["identity_number"] == OWNER_CODE
    assert matter.applicant["proxy"]["identity_number"] == NUMBERS[2]
    filed = history(matter.stream)[0]
    assert (filed.actor_label, filed.acting_for_label) == ("agent先生", "江山市某木业有限公司")
    (act,) = letter.acts.all()
    assert act.kind == "file"
    assert matter.number in act.result
    counter.accept(matter)
    case = Case.objects.get(id=counter.office.part(matter, "land").case_id)
    assert case.proxy_name == "agent先生"


def test_what_the_letter_does_not_reach_is_not_filed(counter):
    letter = counter.bureau.signed(node_keys=["plan"])
    with pytest.raises(OutsideLetter):
        counter.file(letter, "plan", "land")
    assert not JointCase.objects.exists()
    assert not letter.acts.exists()
    assert counter.file(letter, "plan")["joint_number"]


def test_without_a_letter_in_force_or_as_another_nothing_is_filed(counter):
    letter = counter.bureau.drawn()
    with pytest.raises(LetterNotInForce):
        counter.file(letter, "plan")
    with pytest.raises(NotTheAgent):
        counter.file(letter, "plan", who=counter.bureau.second)


def test_silence_is_taken_from_the_projects_programme_with_its_document(counter):
    programme = Programme.objects.create(
        code="test",
        name="某工程",
        silence_is_consent=True,
        consent_basis="江政发〔2013〕5号",
        consent_basis_date=date(2013, 1, 1),
    )
    ProjectProgramme.objects.create(project=counter.bureau.project, programme=programme)
    made = counter.file(counter.bureau.signed(), "plan")
    matter = JointCase.objects.get(id=int(made["joint_id"]))
    assert (matter.silence_is_consent, matter.silence_basis) == (True, "江政发〔2013〕5号")


class TestInTheBrowser:
    @pytest.fixture(autouse=True)
    def _that_day(self):
        with time_machine.travel(moment(Bureau.start, 12), tick=False):
            yield

    def sent(self, counter, keys):
        ways = {f"way-{one.key}": "to_bring" for one in joint.wanted_for(counter.edition.id, keys)}
        return {"command_id": new_command_id(), "node": keys, **ways}

    def test_the_page_offers_what_the_letter_reaches_and_files_it(self, client, counter):
        letter = counter.bureau.signed(node_keys=["plan"])
        client.force_login(counter.bureau.agent)
        path = reverse("agents:file", args=[letter.id])
        page = client.get(path)
        assert [one["key"] for one in page.context["nodes"]] == ["plan"]
        assert path in client.get(reverse("agents:letter", args=[letter.id])).content.decode()
        empty = client.post(path, self.sent(counter, ["plan"]))
        assert empty.status_code == 422  # what the application is about is not said yet
        name = next(one for one in page.context["asked"].fields if "summary" in one)
        more = {page.context["asked"].add_prefix(name): "新建厂房。"}
        answer = client.post(path, {**self.sent(counter, ["plan"]), **more})
        assert answer.status_code == 302, answer.context["asked"].errors
        assert JointCase.objects.get().title == counter.bureau.project.name

    @pytest.mark.slow
    def test_what_is_not_open_here_is_not_offered(self, client, counter):
        """An item that the city has not; and nothing that is applied for is no filing."""
        gone = Node("gone", "防雷审核", item="item-nowhere")
        owners = Node("owners", "出资", kind=NodeKind.OWNER)
        drawn = Route((Stage("review", "审批", (node("plan"), gone, owners)),))
        project = counter.bureau.project
        project.route_edition = counter.office.publish(drawn, code="other")
        project.save()
        letter = counter.bureau.signed()
        client.force_login(counter.bureau.agent)
        path = reverse("agents:file", args=[letter.id])
        for asked in ("", "?node=owners"):
            page = client.get(path + asked)
            assert [one["key"] for one in page.context["nodes"]] == ["plan", "owners"]
            assert all(one["is_chosen"] for one in page.context["nodes"])
        project.route_edition = counter.office.publish(
            Route((Stage("review", "审批", (gone,)),)), code="third"
        )
        project.save()
        assert client.get(path).status_code == 409
        assert path not in client.get(reverse("agents:letter", args=[letter.id])).content.decode()

    def test_three_people(self, client, counter):
        letter = counter.bureau.signed()
        path = reverse("agents:file", args=[letter.id])
        assert client.get(path).url.startswith("/sign-in/")
        for person, status in (
            *((counter.bureau.agent, 200), (counter.bureau.second, 404)),
            *((counter.bureau.office, 404), (counter.bureau.owner, 404)),
        ):
            client.force_login(person)
            assert client.get(path).status_code == status, person


def test_days_saved_read_the_days_of_the_joint_matter(counter):
    letter = counter.bureau.signed()
    made = counter.file(letter, "plan", "land")
    matter = JointCase.objects.get(id=int(made["joint_id"]))
    counter.accept(matter)
    counter.office.decide(matter, "land", moment(date(2013, 9, 24)))
    scope = counter.bureau.scope(counter.bureau.office)
    (land,) = portfolio.days_saved(scope, current_calendar(), 1)
    assert (land.node, land.with_count, land.without_count) == ("land", 1, 0)
