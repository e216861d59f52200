"""What one level examines and the next decides (T17), and what comes back to the window."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import NotYourPost, Role
from mingtang.base.errors import DomainError
from mingtang.cases import queries, services
from mingtang.cases.models import Case
from mingtang.cases.rules import (
    Bounced,
    Finding,
    IllegalMove,
    NotNow,
    PauseReason,
    State,
    StepsUnfinished,
    TerminationReason,
    Verb,
)
from mingtang.catalogue import queries as catalogue
from mingtang.files.models import Document
from mingtang.ledger import queries as ledger
from mingtang.timing import queries as timing
from tests.cases.town import FIRST, SEEN, Town
from tests.world import morning

pytestmark = pytest.mark.django_db
WHY = {"reason": "符合条件，同意。"}
SHORT = {"reason": "移交的图纸少一份。"}
REVIEW = {"step_key": "review"}
LATER = morning(2013, 9, 24)


@pytest.fixture
def town(world):
    return Town(world)


@pytest.fixture
def item(town):
    return town.item(special="专家评审|20个工作日")


@pytest.fixture
def case(town, item, at):
    """Filed online, for 贺村镇."""
    return town.file(item, at, town.world.citizen)


def clocks(case):
    return {one.kind: (one.due_date, one.status) for one in timing.clocks_of(case.stream)}


def steps(case):
    rows = case.steps.exclude(status__in=["returned", "cancelled"]).order_by("id")
    return {one.key: (one.organisation.code, one.status) for one in rows}


def last_event(case):
    return ledger.history(case.stream)[-1]


# ── the way up ────────────────────────────────────────────────────────────────────────────────


def test_t17_the_lower_clock_stops_with_the_report_and_the_upper_ones_begin(town, case, at):
    town.bring(case, "accepted", at)
    assert clocks(case) == {
        "completeness": (date(2013, 9, 25), "stopped"),
        "pre_examination": (date(2013, 10, 21), "running"),  # vector 2: 20 working days
    }
    assert case.next_due_date == date(2013, 10, 21)
    assert steps(case) == {
        "pre_examination": ("town-121", "ready"),
        "review": ("slj", "not_ready"),
    }
    town.act(town.handler, services.claim, case, at, **FIRST)
    town.act(town.handler, services.refer_up, case, LATER, **FIRST, **SEEN)
    found = clocks(case)
    assert found["pre_examination"] == (date(2013, 10, 21), "stopped")
    assert found["promised"] == (date(2013, 10, 10), "running")  # 8 working days of 24 September
    assert found["statutory"] == (date(2013, 10, 25), "running")
    assert case.next_due_date == date(2013, 10, 10)
    assert (case.organisation, case.region) == (town.world.water, town.world.region)
    assert (case.referred_up_at, case.referred_up_by) == (LATER, town.handler)
    assert steps(case) == {"pre_examination": ("town-121", "done"), "review": ("slj", "ready")}
    paper = Document.objects.filter(subject=case.stream).order_by("-id").first()
    assert (paper.kind, paper.title) == ("referred_up", "上报单")
    assert paper.organisation == town.hecun
    event = last_event(case)
    assert event.kind == "case.referred_up"
    assert event.facts["finding"] == "fit"
    assert (event.facts["from"], event.facts["to"]) == (str(town.hecun.id), case_unit(town))
    assert event.facts["organisation_id"] == case_unit(town)
    kept = [(op["kind"], op["op"]) for op in event.facts["clocks"]]
    assert kept == [("pre_examination", "stop"), ("promised", "start"), ("statutory", "start")]


def case_unit(town):
    return str(town.world.water.id)


def test_the_county_decides_and_one_number_goes_all_the_way(town, case, at):
    number = case.number
    assert number.startswith("330881121")  # of the township that it was filed for
    town.bring(case, "referred", at)
    world = town.world
    town.act(world.handler, services.claim, case, LATER, **REVIEW)
    town.act(world.handler, services.examine, case, LATER, **REVIEW, opinion="可以")
    town.act(world.approver, services.decide, case, LATER, verb=Verb.GRANT, **WHY)
    assert (State(case.state), case.number) == (State.GRANTED, number)
    assert last_event(case).facts["organisation_id"] == case_unit(town)


def test_what_the_lower_level_finds_unfit_goes_up_all_the_same(town, case, at):
    town.bring(case, "claimed", at)
    with pytest.raises(StepsUnfinished):
        town.act(town.mayor, services.decide, case, at, verb=Verb.GRANT, **WHY)
    about = {"opinion": "选址不符合村庄规划。", "finding": Finding.UNFIT}
    town.act(town.handler, services.refer_up, case, at, **FIRST, **about)
    assert State(case.state) is State.REVIEWING
    assert case.organisation == town.world.water
    assert case.steps.get(key="pre_examination").finding == "unfit"


def test_the_notice_of_acceptance_says_both_limits(town, case, at):
    town.bring(case, "accepted", at)
    paper = Document.objects.get(subject=case.stream, kind="accepted")
    said = str(paper.content)
    assert "2013年10月21日 上报 江山市水利局" in said
    assert "承诺8个工作日、法定20个工作日" in said
    assert "未设定" not in said


def test_days_of_the_edition_go_before_those_of_the_law(town, at):
    item = town.item("330881-wb", pre_examination_days="15", decided_by="江山市人民政府")
    case = town.bring(town.file(item, at), "accepted", at)
    assert clocks(case)["pre_examination"][0] == date(2013, 10, 14)
    case = town.bring(town.file(item, at), "referred", at)
    assert last_event(case).facts["to_label"] == "江山市人民政府"
    assert case.organisation == town.world.water  # which handles it


def test_what_the_county_examines_for_an_organ_above_stays_there(world, at):
    item = world.item(
        "330881-sj", promised=8, pre_examined_by="市级部门", decided_by="衢州市水利局"
    )
    case = world.bring(world.file(item, at), "accepted", at)
    assert list(clocks(case)) == ["completeness", "pre_examination"]
    world.act(world.handler, services.claim, case, at, **FIRST)
    world.act(world.handler, services.refer_up, case, at, **FIRST, **SEEN)
    case.refresh_from_db()
    assert case.organisation == world.water
    assert "promised" in clocks(case)


# ── which township ────────────────────────────────────────────────────────────────────────────


def test_a_village_takes_in_for_its_township_and_may_accept(town, item, at):
    case = town.take_in(item, at, town.villager, "village")
    assert (case.organisation, case.intake_organisation) == (town.hecun, town.village)
    on = date(2013, 9, 17)
    queries.permit(town.world.scope(town.villager), case, Verb.ACCEPT, on)
    with pytest.raises(NotYourPost):
        queries.permit(town.world.scope(town.villager), case, Verb.DECLINE, on)
    town.act(town.villager, services.accept, case, at)
    notice = Document.objects.get(subject=case.stream, kind="accepted")
    assert notice.organisation == town.hecun  # in whose name it is


def test_a_village_accepts_nothing_that_the_county_handles_alone(town, at):
    case = town.take_in(town.world.item("330881-qs"), at, town.villager, "village")
    with pytest.raises(NotYourPost):
        queries.permit(town.world.scope(town.villager), case, Verb.ACCEPT, date(2013, 9, 17))


def test_the_counter_goes_before_what_was_chosen(town, item, at):
    case = town.take_in(item, at, town.counter, "township", township_id=town.sidu.id)
    assert case.organisation == town.hecun


def test_elsewhere_the_applicant_chooses_and_nothing_is_guessed(town, item, at):
    case = town.take_in(item, at, town.world.general, "counter", township_id=town.sidu.id)
    assert (case.organisation, case.intake_organisation) == (town.sidu, town.world.centre)
    for more in ({}, {"township_id": town.world.water.id}, {"township_id": 7}):
        with pytest.raises(DomainError, match="请选择"):
            town.world.file(item, at, **more)
    assert Case.objects.count() == 1


def test_before_acceptance_it_is_transferred_to_another_township_only(town, case, at):
    by = {"organisation_id": town.world.planning.id, **WHY}
    with pytest.raises(DomainError, match="乡镇"):
        town.act(town.counter, services.transfer, case, at, **by)
    town.act(town.counter, services.transfer, case, at, organisation_id=town.sidu.id, **WHY)
    assert case.organisation == town.sidu
    sidu = town.world.people.post("sidu-counter", Role.GENERAL_CLERK, town.sidu)
    town.act(sidu, services.receive, case, at)
    town.act(sidu, services.accept, case, at)
    assert steps(case)["pre_examination"] == ("town-102", "ready")


# ── what is illegal, and what goes beside ─────────────────────────────────────────────────────


def test_reported_up_is_only_what_was_claimed_and_only_once(town, case, at):
    town.bring(case, "accepted", at)
    with pytest.raises(IllegalMove):
        town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    town.act(town.handler, services.claim, case, at, **FIRST)
    with pytest.raises(NotNow, match="初审上报"):
        town.act(town.handler, services.examine, case, at, **FIRST, opinion="可以")
    with pytest.raises(DomainError, match="初审意见"):
        town.act(town.handler, services.refer_up, case, at, **FIRST, opinion=" ")
    town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    town.act(town.world.handler, services.claim, case, at, **REVIEW)
    with pytest.raises(NotNow, match="不用上报"):
        town.act(town.world.handler, services.refer_up, case, at, **REVIEW, **SEEN)


def test_what_went_up_is_neither_taken_back_nor_returned_as_a_step(town, case, at):
    town.bring(case, "referred", at)
    with pytest.raises(NotNow, match="退回窗口"):
        town.act(town.handler, services.take_back, case, at, **FIRST)
    with pytest.raises(NotNow, match="退回窗口"):
        town.act(town.world.approver, services.return_step, case, at, **FIRST, **WHY)
    now = queries.Situation(queries.filed_case(case.number))
    offered = queries.open_moves(town.world.scope(town.handler), now, date(2013, 9, 17))
    assert Verb.TAKE_BACK not in {move.verb for move, _step in offered}


def test_who_else_was_asked_below_answers_before_it_goes_up(town, case, at):
    town.bring(case, "claimed", at)
    about = {"person_id": town.mayor.id, "organisation_id": town.hecun.id, **WHY}
    town.act(town.handler, services.add_signer, case, at, **about)
    with pytest.raises(StepsUnfinished, match="加签"):
        town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    sign = {"step_key": "sign-1"}
    town.act(town.mayor, services.claim, case, at, **sign)
    town.act(town.mayor, services.examine, case, at, **sign, opinion="同意")
    town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    assert steps(case)["review"] == ("slj", "ready")


def test_a_special_procedure_stops_the_lower_clock_too(town, case, at):
    town.bring(case, "claimed", at)
    about = {"why": PauseReason.EXPERT_REVIEW, "note": "需评审", "days": 10}
    town.act(town.handler, services.ask_pause, case, at, **about)
    with pytest.raises(NotNow, match="答复"):
        town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    town.act(town.mayor, services.pause, case, at)
    assert clocks(case)["pre_examination"][1] == "paused"
    with pytest.raises(IllegalMove):
        town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    town.act(town.handler, services.resume, case, LATER, result="评审同意")
    # 18 September and 22 to 24 are working days of the pause; 19 to 21 were Mid-Autumn
    assert clocks(case)["pre_examination"] == (date(2013, 10, 25), "running")


def test_there_is_no_extension_while_the_limits_wait(town, case, at):
    town.bring(case, "claimed", at)
    with pytest.raises(NotNow, match="上报以后"):
        town.act(town.handler, services.ask_extension, case, at, days=5, note="需要")


def test_reopened_the_clock_of_its_level_goes_on(town, item, at):
    lead = town.world.people.post("town-lead", Role.WINDOW_LEAD, town.hecun)
    below = town.bring(town.file(item, at), "claimed", at)
    town.act(lead, services.withdraw, below, at, reason="")
    town.act(lead, services.reopen, below, LATER, **WHY)
    found = clocks(below)
    assert found["pre_examination"] == (date(2013, 10, 25), "running")
    assert "promised" not in found
    assert steps(below) == {
        "pre_examination": ("town-121", "ready"),
        "review": ("slj", "not_ready"),
    }
    above = town.bring(town.file(item, at), "referred", at)
    town.act(lead, services.withdraw, above, at, reason="")
    town.act(lead, services.reopen, above, LATER, **WHY)
    found = {kind: status for kind, (_due, status) in clocks(above).items()}
    assert found["pre_examination"] == "stopped"
    assert (found["promised"], found["statutory"]) == ("running", "running")


def test_other_items_know_nothing_of_it(world, at):
    case = world.bring(world.file(world.item(promised=5), at), "claimed", at)
    assert list(steps(case)) == ["review"]
    assert "pre_examination" not in clocks(case)
    assert catalogue.referred_up_of(case.edition) is None
    with pytest.raises(NotNow):
        world.act(world.handler, services.refer_up, case, at, **REVIEW, **SEEN)


# ── back to the window ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def handled(world, at):
    """A case of the water department that is being examined."""
    return world.bring(world.file(world.item(promised=5), at, world.citizen), "claimed", at)


def test_a_bounce_costs_the_applicant_no_day_and_is_counted(town, handled, at):
    before = clocks(handled)
    town.act(town.world.handler, services.bounce, handled, at, **SHORT)
    assert clocks(handled) == before
    assert (handled.bounce_count, handled.bounce_reason) == (1, SHORT["reason"])
    assert (handled.bounced_at, handled.bounced_by) == (at, town.world.handler)
    event = last_event(handled)
    assert (event.kind, event.facts["count"]) == ("case.bounced", 1)
    assert event.facts["window_id"] == str(town.world.water.id)
    with pytest.raises(Bounced):
        town.act(town.world.handler, services.bounce, handled, at, **SHORT)
    town.act(town.world.clerk, services.hand_on, handled, at, note="补了一份图纸")
    assert (handled.bounced_at, handled.bounce_reason, handled.bounce_count) == (None, "", 1)
    assert last_event(handled).kind == "case.handed_on"
    town.act(town.world.handler, services.bounce, handled, at, **SHORT)
    assert handled.bounce_count == 2


def test_what_came_back_waits_for_the_window(town, handled, at):
    world = town.world
    town.act(world.handler, services.bounce, handled, at, **SHORT)
    with pytest.raises(Bounced):
        town.act(world.handler, services.examine, handled, at, **REVIEW, opinion="可以")
    town.act(world.clerk, services.hand_on, handled, at, note="补齐")
    with pytest.raises(NotNow):
        town.act(world.clerk, services.hand_on, handled, at, note="补齐")
    town.act(world.handler, services.examine, handled, at, **REVIEW, opinion="可以")
    town.act(world.approver, services.bounce, handled, at, **SHORT)
    with pytest.raises(Bounced):
        town.act(world.approver, services.decide, handled, at, verb=Verb.GRANT, **WHY)


def test_a_bounce_says_why(town, handled, at):
    with pytest.raises(DomainError, match="理由"):
        town.act(town.world.handler, services.bounce, handled, at, reason=" ")
    with pytest.raises(DomainError, match="300"):
        town.act(town.world.handler, services.bounce, handled, at, reason="长" * 301)


def test_a_bounced_case_that_ends_is_owed_by_nobody(town, handled, at):
    town.act(town.world.handler, services.bounce, handled, at, **SHORT)
    about = {"why": TerminationReason.OBJECT_GONE, **WHY}
    town.act(town.world.approver, services.terminate, handled, at, **about)
    assert (handled.bounced_at, handled.bounce_count) == (None, 1)


def test_the_counter_that_took_it_in_hands_it_on(town, at):
    case = town.take_in(town.world.item("330881-qs"), at, town.villager, "village")
    town.act(town.world.clerk, services.accept, case, at)
    town.act(town.world.handler, services.bounce, case, at, **SHORT)
    assert last_event(case).facts["window_id"] == str(town.village.id)
    actor = queries.permit(town.world.scope(town.villager), case, Verb.HAND_ON, date(2013, 9, 17))
    assert actor.id == str(town.villager.id)


# ── worklists ─────────────────────────────────────────────────────────────────────────────────


def listed(town, who, tab):
    page = queries.worklist(town.world.scope(who), tab, date(2013, 9, 17))
    return [one.number for one in page.rows]


def test_a_township_sees_what_to_examine_and_what_to_report(town, case, at):
    town.bring(case, "accepted", at)
    assert listed(town, town.handler, "pre_examine") == [case.number]
    assert listed(town, town.handler, "refer_up") == []
    assert listed(town, town.neighbour, "pre_examine") == []
    town.act(town.handler, services.claim, case, at, **FIRST)
    assert listed(town, town.handler, "pre_examine") == []
    assert listed(town, town.handler, "refer_up") == [case.number]
    assert listed(town, town.world.handler, "department") == []
    town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    assert listed(town, town.handler, "refer_up") == []
    assert listed(town, town.world.handler, "department") == [case.number]


def cost(client, path):
    client.get(path)  # the session and the calendar are warm
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(captured), answer.content.decode()


@pytest.mark.slow
def test_both_lists_cost_the_same_however_long_they_are(client, town, item, at):
    client.force_login(town.handler)
    desk = reverse("cases:desk")
    costs = []
    for count in (1, 3):
        for _ in range(count):
            waits, claimed = (town.file(item, at, town.world.citizen) for _ in range(2))
            town.bring(waits, "accepted", at)
            town.bring(claimed, "accepted", at)
            town.act(town.handler, services.claim, claimed, at, **FIRST)
        pages = [cost(client, f"{desk}?tab={tab}") for tab in ("pre_examine", "refer_up")]
        assert waits.number in pages[0][1]
        assert claimed.number in pages[1][1]
        costs.append([queries_ for queries_, _page in pages])
    assert costs[0] == costs[1]


def test_the_items_that_go_up_cost_the_same_however_many(client, town):
    client.force_login(town.handler)
    path = reverse("catalogue:referred")
    costs = []
    for number in range(3):
        town.item(f"330881-up-{number}", name=f"上报事项{number}")
        found, page = cost(client, path)
        assert f"上报事项{number}" in page
        costs.append(found)
    assert costs[0] == costs[2]


def test_the_window_finds_what_came_back(town, handled, at):
    assert listed(town, town.world.clerk, "window") == []
    town.act(town.world.handler, services.bounce, handled, at, **SHORT)
    assert listed(town, town.world.clerk, "window") == [handled.number]
