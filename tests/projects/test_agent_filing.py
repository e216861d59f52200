"""An agent files a joint matter for the owner: within the letter, marked, as the owner's proxy."""

from datetime import date

import pytest

from mingtang.cases.models import Case
from mingtang.cases.rules import GivenWay
from mingtang.joint import services as joint
from mingtang.joint.models import JointCase
from mingtang.ledger.queries import history
from mingtang.projects.models import NodePlan, Programme, ProjectProgramme
from mingtang.projects.rules.agency import LetterNotInForce, NotTheAgent, OutsideLetter
from tests.joint.office import Office, route
from tests.projects.bureau import OWNER_CODE, Bureau, moment
from tests.world import NUMBERS, plain

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
