"""The pages: three people each, one filing for all departments, one page for the applicant."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.base.subjects import titles_of, url_of
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import Verb
from mingtang.files.queries import documents_of, uploads_of
from mingtang.files.services import StoredFile, attach, path_of
from mingtang.joint import services as joint
from mingtang.joint.forms import FORMS
from mingtang.joint.models import JointCase
from mingtang.joint.rules.moves import MOVES
from mingtang.joint.rules.states import JointState
from mingtang.joint.views.desk import COMMANDS
from tests import papers
from tests.joint.office import KEYS, route
from tests.world import NUMBERS, PASSWORD, morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LATER = morning(2013, 9, 24)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def matter(office, at):
    return office.open(at)


@pytest.fixture
def accepted(office, matter, at):
    office.accept(matter, at)
    return matter


def url(name, *args):
    return reverse(f"joint:{name}", args=args)


def post(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


def seen(client, path, people):
    client.logout()
    assert client.get(path).url.startswith("/sign-in/"), path
    for person, status in people:
        client.force_login(person)
        assert client.get(path).status_code == status, (path, person)


def filing(office, **more):
    wanted = joint.wanted_for(office.edition.id, more.get("node", KEYS))
    return {
        "node": list(KEYS),
        "title": "年产十万吨茶油加工项目",
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "p1_matter-summary": "新建厂房。",
        **{f"way-{one.key}": "to_bring" for one in wanted},
        **more,
    }


@pytest.fixture
def published(office):
    office.edition = office.publish(route())
    return office


def test_every_act_has_a_form_and_a_command():
    by_hand = {move.verb for move in MOVES if not move.by_system}
    assert set(FORMS) == set(COMMANDS) == by_hand


def test_who_ends_a_matter_shows_who_it_is_first(client, office, accepted, settings):
    settings.MINGTANG_PROOF_MINUTES = 15
    office.decide(accepted, "land", LATER, Verb.REFUSE)
    client.force_login(office.approvers["plan"])
    path, typed = url("act", accepted.id, "terminate"), {"reason": "用地未获批准"}
    asked = post(client, path, **typed)
    assert asked.status_code == 403
    assert typed["reason"] in asked.content.decode()
    assert accepted.state == JointState.ACCEPTED
    assert post(client, path, **typed, proof_of_self="not-it").status_code == 422
    accepted.refresh_from_db()
    assert accepted.state == JointState.ACCEPTED
    assert post(client, path, **typed, proof_of_self=PASSWORD).status_code == 302
    accepted.refresh_from_db()
    assert accepted.state == JointState.TERMINATED


# ── who may ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.both
def test_a_matter_is_open_to_who_leads_it_and_who_takes_part(client, office, accepted):
    paper = documents_of(accepted.stream)[0]
    for path in (
        url("detail", accepted.id),
        url("document", accepted.id, paper.id),
    ):
        people = [
            *((office.clerk, 200), (office.handlers["fire"], 200), (office.world.manager, 200)),
            *((office.world.colleague, 404), (office.world.citizen, 404)),
        ]
        seen(client, path, people)


def test_the_list_is_for_staff_and_the_scope_decides(client, office, accepted):
    people = [(office.clerk, 200), (office.world.colleague, 200), (office.world.citizen, 404)]
    seen(client, url("desk"), people)
    client.force_login(office.world.colleague)
    assert client.get(url("desk")).context["rows"] == []
    client.force_login(office.handlers["fire"])
    (row,) = client.get(url("desk")).context["rows"]
    assert (row["finished"], row["total"], row["light"]) == (0, 5, "green")


def test_the_lead_counter_and_the_general_window_take_in(client, published):
    office = published
    path = url("take_in", "factory")
    people = [(office.clerk, 200), (office.world.general, 200), (office.world.citizen, 404)]
    seen(client, path, [*people, (office.handlers["plan"], 404)])
    seen(client, url("intake"), [(office.clerk, 200), (office.world.citizen, 404)])
    client.force_login(office.world.colleague)
    assert post(client, path, **filing(office)).status_code == 403
    client.force_login(office.world.general)
    assert post(client, path, **filing(office)).status_code == 302


def test_filing_online_is_for_whoever_signed_in(client, published):
    for path in (url("routes"), url("file", "factory"), url("mine")):
        seen(client, path, [(published.world.citizen, 200), (published.world.stranger, 200)])


@pytest.mark.parametrize("verb", ["extend", "reject_extension"])
def test_more_time_is_given_by_the_government_alone(client, office, accepted, verb):
    office.act(office.handlers["plan"], joint.ask_extension, accepted, LATER, days=5, note="复杂")
    for person in (office.approvers["plan"], office.clerk, office.handlers["plan"]):
        client.force_login(person)
        sent = post(client, url("act", accepted.id, verb), reason="不同意")
        assert sent.status_code == 403, person
    client.force_login(office.mayor)
    assert post(client, url("act", accepted.id, verb), reason="不同意").status_code == 302


def test_nobody_handles_their_own_matter(client, office, accepted):
    JointCase.objects.filter(id=accepted.id).update(applicant_person=office.clerk)
    client.force_login(office.clerk)
    assert client.get(url("detail", accepted.id)).context["acts"] == []
    sent = post(client, url("act", accepted.id, "withdraw"), reason="不办了")
    assert sent.status_code == 403


# ── filing and accepting ──────────────────────────────────────────────────────────────────────


@pytest.mark.both
def test_a_clerk_takes_in_prints_and_accepts(client, published):
    office = published
    client.force_login(office.clerk)
    sent = post(client, url("take_in", "factory"), **filing(office))
    assert sent.status_code == 302
    receipt = client.get(sent.url)
    made = JointCase.objects.get()
    assert cases.tracking_code(made) in receipt.content.decode()
    page = client.get(url("detail", made.id))
    (accept,) = [act for act in page.context["acts"] if act["verb"] == "accept"]
    keys = [key for key, _label in accept["form"].fields["brought"].choices]
    sent = post(client, url("act", made.id, "accept"), brought=keys[:-1])
    assert sent.status_code == 422
    assert "还缺材料" in sent.content.decode()
    assert post(client, url("act", made.id, "accept"), brought=keys).status_code == 302
    made.refresh_from_db()
    assert made.state == JointState.ACCEPTED
    assert Case.objects.count() == 2


def test_what_is_wrong_comes_back_with_what_was_typed(client, published):
    client.force_login(published.clerk)
    typed = filing(published, **{"p1_matter-summary": "", "title": "茶油厂"})
    sent = post(client, url("take_in", "factory"), **typed)
    assert sent.status_code == 422
    assert "茶油厂" in sent.content.decode()
    assert not JointCase.objects.exists()


def test_fewer_nodes_ask_for_less(client, published):
    client.force_login(published.world.citizen)
    page = client.get(url("file", "factory"), {"node": ["plan", "fire"]})
    assert page.context["nodes"] == ["plan", "fire"]
    typed = filing(published, node=["plan", "fire"])
    assert post(client, url("file", "factory"), **typed).status_code == 302
    made = JointCase.objects.get()
    assert list(made.parts.order_by("position").values_list("key", flat=True)) == ["plan", "fire"]
    assert made.channel == "online"


# ── the applicant ─────────────────────────────────────────────────────────────────────────────


def test_one_number_and_one_code_show_the_whole_and_each_case(client, office, accepted):
    code = cases.tracking_code(accepted)
    sent = client.post(url("progress"), {"number": accepted.number, "code": code})
    assert sent.status_code == 302
    page = client.get(sent.url)
    text = page.content.decode()
    assert page.context["stages"][0]["parts"][0]["name"] == "企业投资项目备案"
    assert "要等：" in text
    assert "毛小明" not in text
    case = Case.objects.get(id=office.part(accepted, "land").case_id)
    own = client.get(reverse("cases:progress_case", args=[case.number]))
    assert own.status_code == 200
    assert sent.url in own.content.decode()


def test_the_page_where_cases_are_looked_up_finds_matters_too(client, accepted):
    code = cases.tracking_code(accepted)
    sent = client.post(reverse("cases:progress"), {"number": accepted.number, "code": code})
    assert sent.url == url("progress_of", accepted.number)
    assert client.get(sent.url).status_code == 200


@pytest.mark.parametrize("page", ["joint:progress", "cases:progress"])
def test_a_wrong_code_and_a_wrong_number_look_the_same(client, accepted, page):
    right = cases.tracking_code(accepted)
    for number, code in ((accepted.number, "22222-22222"), ("1" * 21, right)):
        sent = client.post(reverse(page), {"number": number, "code": code})
        assert sent.status_code == 404
        assert "编号或查询码不正确" in sent.content.decode()


def test_the_progress_is_for_its_applicant_and_colleagues(client, office, accepted):
    path = url("progress_of", accepted.number)
    assert client.get(path).status_code == 404
    for person, status in (
        *((office.world.citizen, 200), (office.world.stranger, 404)),
        *((office.clerk, 200), (office.world.colleague, 404)),
    ):
        client.force_login(person)
        assert client.get(path).status_code == status, person


def test_papers_are_for_the_applicant_but_not_those_for_the_house(client, office, accepted):
    water = office.handlers["water"]
    office.act(water, joint.simulate, accepted, LATER, part="water")
    office.act(
        *(water, joint.give_opinion, accepted, LATER),
        part="water",
        is_favourable=True,
        opinion="可行",
    )
    papers = {one.kind: one for one in documents_of(accepted.stream)}
    client.force_login(office.world.citizen)
    page = client.get(url("progress_of", accepted.number))
    assert "模拟" not in page.content.decode()
    for kind, status in (("joint_accepted", 200), ("simulated_opinion", 404)):
        path = url("own_document", accepted.number, papers[kind].id)
        assert client.get(path).status_code == status, kind
    client.force_login(office.world.stranger)
    paper = papers["joint_accepted"]
    assert client.get(url("own_document", accepted.number, paper.id)).status_code == 404
    client.force_login(water)
    assert (
        client.get(url("document", accepted.id, papers["simulated_opinion"].id)).status_code == 200
    )


@pytest.mark.both
def test_the_applicant_withdraws_and_a_stranger_cannot(client, office, accepted):
    path = url("withdraw", accepted.number)
    for person in (None, office.world.stranger, office.clerk):
        client.logout()
        if person:
            client.force_login(person)
        assert post(client, path, reason="不办了").status_code == 404, person
    client.force_login(office.world.citizen)
    assert post(client, path, reason="").status_code == 422
    assert post(client, path, reason="不办了").status_code == 302
    accepted.refresh_from_db()
    assert accepted.state == JointState.WITHDRAWN


def test_the_receipt_is_for_the_browser_that_filed(client, published):
    client.force_login(published.world.citizen)
    sent = post(client, url("file", "factory"), **filing(published))
    number = JointCase.objects.get().number
    assert client.get(sent.url).status_code == 200
    assert client.get(url("filed_qr", number)).status_code == 200
    client.logout()
    assert client.get(sent.url).status_code == 404
    assert client.get(url("filed_qr", number)).status_code == 404


# ── acts on parts, other pages ────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_department_simulates_gives_its_opinion_and_converts(client, office, accepted):
    client.force_login(office.handlers["water"])
    act = ["act_on_part", accepted.id]
    assert post(client, url(*act, "simulate", "water")).status_code == 302
    typed = {"is_favourable": "yes", "opinion": "水量够"}
    assert post(client, url(*act, "give_opinion", "water"), **typed).status_code == 302
    assert "仅供内部使用" in client.get(url("detail", accepted.id)).content.decode()
    office.decide(accepted, "land", LATER)
    page = client.get(url("detail", accepted.id))
    assert [one["verb"] for one in page.context["acts"]] == ["convert-water"]
    ticks = {f"same-{number}": "yes" for number in range(5)}
    new = SimpleUploadedFile("新红线图.png", papers.png(), "image/png")
    changed = {"same-1": "no", "note-1": "换了新图", "files-1": new}
    assert post(client, url(*act, "convert", "water"), **ticks | changed).status_code == 302
    part = office.part(accepted, "water")
    assert part.status == "running"
    case = Case.objects.get(id=part.case_id)
    assert [one.original_name for one in uploads_of(case.stream)] == ["新红线图.png"]
    land = Case.objects.get(id=office.part(accepted, "land").case_id)
    assert not uploads_of(land.stream)


def test_a_department_does_not_act_for_another(client, office, accepted):
    client.force_login(office.handlers["fire"])
    path = url("act_on_part", accepted.id, "simulate", "water")
    assert post(client, path).status_code == 403
    assert post(client, url("act", accepted.id, "nonsense")).status_code == 404
    assert post(client, url("act_on_part", accepted.id, "simulate", "nowhere")).status_code == 404


def test_the_page_of_a_case_leads_to_its_matter(client, office, accepted):
    case = Case.objects.get(id=office.part(accepted, "land").case_id)
    client.force_login(office.handlers["land"])
    page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    assert url("detail", accepted.id) in page
    assert url_of(accepted.stream, for_staff=True) == url("detail", accepted.id)
    assert url_of("joint_of_case:1", for_staff=True) is None
    assert titles_of([accepted.stream]) == {
        accepted.stream: f"{accepted.number} 年产十万吨茶油加工项目"
    }


def _statements(client, path):
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", ["desk", "mine"])
@pytest.mark.both
def test_a_list_costs_the_same_with_more_rows(client, office, at, path):
    office.open(at)
    client.force_login(office.clerk if path == "desk" else office.world.citizen)
    client.get(url(path))
    before = _statements(client, url(path))
    for _ in range(3):
        office.open(at)
    assert len(client.get(url(path)).context["rows"]) == 4
    assert _statements(client, url(path)) == before


@pytest.mark.both
def test_a_long_list_comes_in_pages_without_gap_or_twin(client, office, at, monkeypatch):
    monkeypatch.setattr("mingtang.joint.queries.lists.PAGE", 2)
    made = {office.open(at).number for _ in range(5)}
    client.force_login(office.clerk)
    found, onward = [], ""
    for _ in range(3):
        page = client.get(url("desk") + onward)
        found += [row["number"] for row in page.context["rows"]]
        onward = page.context["next_url"]
    assert onward == ""
    assert (len(found), set(found)) == (5, made)


@pytest.mark.both
def test_what_has_ended_has_its_own_tab(client, office, matter):
    office.act(office.clerk, joint.send_back, matter, LATER, reason="材料不对")
    client.force_login(office.clerk)
    assert client.get(url("desk")).context["rows"] == []
    (row,) = client.get(url("desk") + "?tab=ended").context["rows"]
    assert row["state"]["label"] == "已退件"


@pytest.mark.both
def test_a_file_of_the_whole_is_for_colleagues(client, office, accepted, at):
    stored = StoredFile("cd" * 16, "红线图.png", "image/png", 5, "0" * 64)
    upload = attach(stored, subject=accepted.stream, at=at)
    path_of(stored.storage_key).parent.mkdir(parents=True, exist_ok=True)
    path_of(stored.storage_key).write_bytes(b"12345")
    path = url("attachment", accepted.id, upload.id)
    for person, status in ((office.clerk, 200), (office.world.colleague, 404)):
        client.force_login(person)
        answer = client.get(path)
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer.streaming_content) == b"12345"
    client.force_login(office.clerk)
    assert client.get(url("attachment", accepted.id, 1)).status_code == 404


def test_one_part_is_taken_back_at_the_counter(client, office, accepted):
    client.force_login(office.clerk)
    path = url("act", accepted.id, "withdraw_part")
    assert post(client, path, part="nowhere", reason="不办了").status_code == 422
    assert post(client, path, part="land", reason="不办了").status_code == 409  # others wait for it
    assert post(client, path, part="plan", reason="不办了").status_code == 302
    assert office.statuses(accepted)["plan"] == "skipped"


def test_what_is_not_open_for_filing_is_not_offered(client, published):
    client.force_login(published.world.citizen)
    page = client.get(url("file", "factory"))
    assert page.context["sheet"] is None
    offered = [one["node"].key for stage in page.context["stages"] for one in stage["nodes"]]
    assert offered == list(KEYS)


@pytest.mark.parametrize("path", ["simulate/", "accept/land/", "begin_part/none-such/"])
def test_an_act_that_lacks_its_part_or_has_one_too_many_is_not_there(
    client, office, accepted, path
):
    client.force_login(office.clerk)
    assert client.post(f"/joint/{accepted.id}/{path}").status_code == 404
