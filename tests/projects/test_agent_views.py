"""The pages of agents and intermediaries: three people each, forms that keep what was typed."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.subjects import titles_of, url_of
from mingtang.files.queries import documents_of
from mingtang.projects.models import AgencyAct, AgencyLetter, AgencyRating, Engagement, Intermediary
from mingtang.projects.rules.agency import Deed
from mingtang.projects.views.agents import COMMANDS, FORMS
from tests.projects.bureau import OTHER_CODE, Bureau, moment
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = Bureau.start


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(moment(DAY, 12), tick=False):
        yield


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau()


def url(name, *args):
    return reverse(f"agents:{name}", args=args)


def post(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


class TestThreePeople:
    """Who may, the colleague who may not, the stranger."""

    def seen(self, client, path, people):
        client.logout()
        assert client.get(path).url.startswith("/sign-in/"), path
        for person, status in people:
            client.force_login(person)
            assert client.get(path).status_code == status, (path, person)

    @pytest.mark.both
    def test_a_letter_is_for_its_agent_and_the_office(self, client, bureau):
        letter = bureau.signed()
        paper = documents_of(letter.stream)[0]
        for path in (url("letter", letter.id), url("document", letter.id, paper.id)):
            self.seen(
                *(client, path),
                [
                    *((bureau.agent, 200), (bureau.office, 200), (bureau.manager, 200)),
                    *((bureau.second, 404), (bureau.handler, 404), (bureau.owner, 404)),
                ],
            )

    def test_one_to_whom_it_is_offered_reads_it(self, client, bureau):
        letter = bureau.signed()
        bureau.do("hand_over", letter_id=letter.id, to_agent_id=bureau.second.id)
        client.force_login(bureau.second)
        assert client.get(url("letter", letter.id)).status_code == 200

    @pytest.mark.both
    def test_the_desk_is_for_agents_and_the_board_for_overseers(self, client, bureau):
        self.seen(
            *(client, url("desk")),
            [(bureau.agent, 200), (bureau.office, 404), (bureau.owner, 404)],
        )
        self.seen(
            *(client, url("board")),
            [(bureau.office, 200), (bureau.agent, 404), (bureau.owner, 404)],
        )

    def test_a_projects_page_is_for_its_units(self, client, bureau):
        planner = bureau.people.post("planner", Role.HANDLER, bureau.planning)
        self.seen(
            *(client, url("of_project", bureau.project.id)),
            [
                *((bureau.agent, 200), (bureau.office, 200), (planner, 200)),
                *((bureau.handler, 404), (bureau.clerk, 404), (bureau.owner, 404)),
            ],
        )

    def test_the_register_is_the_offices_and_the_list_everybodys(self, client, bureau):
        firm = bureau.firm()
        for path in (url("register"), url("firm", firm.id)):
            self.seen(
                client, path, [(bureau.office, 200), (bureau.agent, 404), (bureau.owner, 404)]
            )
        client.logout()
        assert firm.name in client.get(url("directory")).content.decode()

    def test_the_owners_page_shows_the_owners_letters_alone(self, client, bureau):
        letter = bureau.signed()
        self.seen(client, url("mine"), [(bureau.owner, 200), (bureau.stranger, 200)])
        client.force_login(bureau.owner)
        assert letter.number in client.get(url("mine")).content.decode()
        assert url("mine") in client.get(reverse("cases:mine")).content.decode()
        client.force_login(bureau.stranger)
        assert letter.number not in client.get(url("mine")).content.decode()
        assert url("mine") not in client.get(reverse("cases:mine")).content.decode()

    def test_subjects_of_agents_have_pages_and_titles(self, client, bureau):
        letter, firm = bureau.signed(), bureau.firm()
        made = bureau.engaged(firm)
        pages = {
            letter.stream: (url("letter", letter.id), letter.number),
            firm.stream: (url("firm", firm.id), firm.name),
            made.stream: (url("of_project", bureau.project.id), made.name),
        }
        names = titles_of(pages)
        client.force_login(bureau.office)
        for subject, (path, name) in pages.items():
            assert url_of(subject, for_staff=True) == path
            assert name in names[subject]
            assert client.get(path).status_code == 200


def test_every_deed_has_a_form_and_a_command():
    assert FORMS.keys() == COMMANDS.keys() == set(Deed)


class TestALetterInTheBrowser:
    def test_from_draft_to_rating(self, client, bureau):
        client.force_login(bureau.office)
        answer = post(
            client,
            url("project_act", bureau.project.id, "draw"),
            agent_id=bureau.agent.id,
            services=["approval", "public"],
            reach="whole",
            valid_from=DAY,
            valid_to=DAY + timedelta(days=60),
        )
        letter = AgencyLetter.objects.get()
        assert answer.url == url("letter", letter.id)
        signed = {"owner_signed_date": DAY, "agent_signed_date": DAY}
        post(client, url("act", letter.id, "sign"), owner_signer="姜大成", **signed)
        client.force_login(bureau.agent)
        post(client, url("act", letter.id, "plan-nodes"))
        step = letter.steps.get(node="eia")
        post(
            client,
            url("act", letter.id, "note"),
            kind="file",
            action="代为申报环评",
            step_id=step.id,
            acted_date=DAY,
            result="已收件",
            is_step_done="on",
        )
        step.refresh_from_db()
        assert step.done_date == DAY
        page = client.get(url("letter", letter.id)).content.decode()
        assert "agent先生代江山市某木业有限公司办理" in page
        post(client, url("act", letter.id, "conclude"))
        client.force_login(bureau.owner)
        post(client, url("owner_rate", "letter", letter.id), level="satisfied")
        assert AgencyRating.objects.get().level == "satisfied"
        assert "满意" in client.get(url("mine")).content.decode()

    def test_what_is_refused_comes_back_with_its_words(self, client, bureau):
        letter = bureau.signed(services=["approval"], node_keys=["eia"])
        client.force_login(bureau.agent)
        typed = {"kind": "chase", "action": "到国土局催办", "acted_date": DAY - timedelta(days=1)}
        answer = post(client, url("act", letter.id, "note"), service="approval", **typed)
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "到国土局催办" in text
        assert "尚未生效" in text
        assert not AgencyAct.objects.exists()
        assert post(client, url("act", letter.id, "note"), kind="chase").status_code == 422

    def test_a_deed_of_another_is_refused(self, client, bureau):
        letter = bureau.signed()
        client.force_login(bureau.office)
        answer = post(client, url("act", letter.id, "conclude"))
        assert answer.status_code == 403
        client.force_login(bureau.agent)
        assert post(client, url("act", letter.id, "revoke"), reason="不要了").status_code == 403
        assert post(client, url("act", letter.id, "decide")).status_code == 404

    def test_real_estate_gets_the_sentence_in_the_form(self, client, bureau):
        estate = bureau.make_project("滨江花园", industry="房地产业")
        client.force_login(bureau.office)
        answer = post(
            client,
            url("project_act", estate.id, "draw"),
            agent_id=bureau.agent.id,
            services=["approval"],
            reach="whole",
            valid_from=DAY,
            valid_to=DAY,
        )
        assert answer.status_code == 422
        assert "不在代办服务范围" in answer.content.decode()


class TestIntermediariesInTheBrowser:
    def test_registered_engaged_finished_and_rated(self, client, bureau):
        client.force_login(bureau.office)
        typed = {"name": "衢州某测绘有限公司", "trade": "survey"}
        assert post(client, url("register_firm"), credit_code="错", **typed).status_code == 422
        post(client, url("register_firm"), credit_code=OTHER_CODE, **typed)
        firm = Intermediary.objects.get()
        post(
            client,
            url("project_act", bureau.project.id, "engage"),
            intermediary_id=firm.id,
            node="survey",
            commissioner="owner",
            organisation_id=bureau.planning.id,
            started_date=DAY,
            promised_date=DAY + timedelta(days=9),
            price="12000.50",
        )
        made = Engagement.objects.get()
        assert made.price_cents == 1_200_050
        post(client, url("engagement_act", made.id, "complete"), ended_date=DAY, result="成果报告")
        planner = bureau.people.post("planner", Role.HANDLER, bureau.planning)
        client.force_login(planner)
        post(client, url("engagement_act", made.id, "rate"), level="satisfied")
        client.force_login(bureau.owner)
        post(client, url("owner_rate", "engagement", made.id), level="dissatisfied")
        assert {one.side for one in made.ratings.all()} == {"owner", "department"}
        client.force_login(bureau.office)
        answer = post(client, url("firm_act", firm.id, "strike-off"), reason="自行申请退出")
        assert answer.url == url("firm", firm.id)
        client.logout()
        assert firm.name not in client.get(url("directory")).content.decode()

    def test_anothers_engagement_is_not_found(self, client, bureau):
        made = bureau.engaged(bureau.firm())
        for person in (bureau.handler, bureau.second):
            client.force_login(person)
            answer = post(client, url("engagement_act", made.id, "rate"), level="satisfied")
            assert answer.status_code in {403, 404}
        client.force_login(bureau.stranger)
        answer = post(client, url("owner_rate", "engagement", made.id), level="satisfied")
        assert answer.status_code == 404


class TestLists:
    """The same count of statements with more rows."""

    def many(self, bureau, count):
        for number in range(count):
            project = bureau.make_project(f"项目{count}-{number}")
            letter = bureau.signed(project)
            bureau.do("plan_nodes", letter_id=letter.id)
            bureau.acted(letter)

    @pytest.mark.slow
    @pytest.mark.both
    def test_lists_ask_as_often_for_many_as_for_few(self, client, bureau):
        self.many(bureau, 1)
        before = self.counts(client, bureau)
        self.many(bureau, 3)
        assert self.counts(client, bureau) == before

    def counts(self, client, bureau):
        found = []
        for person, name in ((bureau.agent, "desk"), (bureau.office, "board")):
            client.force_login(person)
            client.get(url(name))
            with CaptureQueriesContext(connection) as asked:
                client.get(url(name))
            found.append(len(asked))
        return found
