"""Who sees which cases; pages of the worklist; queries that do not grow with rows."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.accounts.rules import NotYourPost, Role
from mingtang.base.errors import NotFound
from mingtang.cases import present, queries, services
from mingtang.cases.models import Case, Step
from mingtang.cases.queries import lists, reading, tabs
from mingtang.cases.rules import NoAuthority, OwnCase, Verb
from mingtang.cases.rules.applying import Proxy
from mingtang.timing.queries import current_calendar
from tests.world import NUMBERS, SINCE, morning

pytestmark = pytest.mark.django_db
ON = date(2013, 9, 17)


@pytest.fixture
def forget():
    """Statements are written once in a process: forgets them, for who changes what they say."""

    def all_of_them():
        for one in (lists._written, tabs._counting, tabs._crowded):
            one.cache_clear()

    yield all_of_them
    all_of_them()


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5)


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


@pytest.mark.parametrize("who", ["clerk", "handler", "approver", "general", "manager", "citizen"])
def test_a_case_is_open_to_those_it_concerns(world, case, who):
    found = queries.case_for(world.scope(getattr(world, who)), case.number)
    assert found.id == case.id


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_for_everyone_else_it_does_not_exist(world, case, who):
    scope = world.scope(getattr(world, who))
    with pytest.raises(NotFound) as hidden:
        queries.case_for(scope, case.number)
    with pytest.raises(NotFound) as missing:
        queries.case_for(scope, "330881016130917999999")
    assert str(hidden.value) == str(missing.value)


def test_a_post_that_ended_opens_nothing(world, case):
    world.clerk.posts.update(valid_to=date(2013, 9, 16))
    with pytest.raises(NotFound):
        queries.case_for(world.scope(world.clerk), case.number)


def test_administrators_of_the_system_read_no_cases(world, case):
    for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN):
        admin = world.people.post(role.value, role, world.water)
        with pytest.raises(NotFound):
            queries.case_for(world.scope(admin), case.number)


def test_a_general_window_with_named_items_sees_those_items_alone(world, case, item, at):
    other = world.file(world.item("330881-other"), at)
    named = world.people.post("named", Role.GENERAL_CLERK, world.centre, item_codes=[item])
    scope = world.scope(named)
    assert queries.case_for(scope, case.number)
    with pytest.raises(NotFound):
        queries.case_for(scope, other.number)


def test_every_item_means_every_item_of_ones_own_organisation(world, case):
    """`*` on a department's post must not open the whole region."""
    world.colleague.posts.update(item_codes=["*"])
    with pytest.raises(NotFound):
        queries.case_for(world.scope(world.colleague), case.number)


class TestSubstitution:
    def test_a_substitute_acts_for_the_absent_and_is_marked(self, world, case):
        world.people.substitution(world.clerk, world.colleague)
        actor = queries.permit(world.scope(world.colleague), case, Verb.RECEIVE, ON)
        assert (actor.id, actor.acting_for_label) == (str(world.colleague.id), "clerk先生")

    def test_it_ends_on_its_day(self, world, case):
        world.people.substitution(world.clerk, world.colleague, to_date=date(2013, 9, 16))
        with pytest.raises(NotYourPost):
            queries.permit(world.scope(world.colleague), case, Verb.RECEIVE, ON)

    def test_it_gives_no_more_than_the_absent_one_has(self, world, case):
        world.people.substitution(world.clerk, world.colleague)
        with pytest.raises(NotYourPost):
            queries.permit(world.scope(world.colleague), case, Verb.GRANT, ON)

    def test_it_covers_only_the_items_named(self, world, case):
        world.people.substitution(world.clerk, world.colleague, item_codes=["another"])
        with pytest.raises(NotYourPost):
            queries.permit(world.scope(world.colleague), case, Verb.RECEIVE, ON)

    def test_it_does_not_reach_through_two_people(self, world, case):
        world.people.substitution(world.clerk, world.colleague)
        world.people.substitution(world.colleague, world.stranger)
        with pytest.raises(NotYourPost):
            queries.permit(world.scope(world.stranger), case, Verb.RECEIVE, ON)


class TestChiefRepresentative:
    @pytest.fixture
    def chief(self, world):
        return world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water)

    def test_without_a_letter_there_is_no_decision(self, world, case, chief):
        with pytest.raises(NoAuthority):
            queries.permit(world.scope(chief), case, Verb.GRANT, ON)

    def test_the_letter_names_act_item_and_days(self, world, case, chief, item):
        world.people.letter(chief, ["grant"], [item], date(2013, 12, 31))
        assert queries.permit(world.scope(chief), case, Verb.GRANT, ON)
        with pytest.raises(NoAuthority):
            queries.permit(world.scope(chief), case, Verb.REFUSE, ON)
        with pytest.raises(NoAuthority):
            queries.permit(world.scope(chief), case, Verb.GRANT, date(2014, 1, 1))


def test_the_worklist_is_soonest_due_first_and_pages_without_gaps_or_doubles(world, item):
    days = [morning(2013, 9, day % 25 + 1) for day in range(70)]
    made = {world.file(item, day).id for day in days}
    scope, seen, after = world.scope(world.clerk), [], None
    for _ in range(10):
        page = queries.worklist(scope, "todo", ON, after=after)
        seen += page.rows
        if page.next is None:
            break
        after = queries.Cursor.read(str(page.next))
    assert [case.id for case in seen] == [
        case.id for case in sorted(seen, key=lambda case: (case.next_due_date, case.id))
    ]
    assert {case.id for case in seen} == made
    assert len(seen) == len(made)


@pytest.fixture
def seen_from_elsewhere(world, item, at, monkeypatch):
    """Cases of the water department: taken in by the general window, with a step at planning, with
    originals on the way there, without a due date; three a page."""
    monkeypatch.setattr(lists, "PAGE", 3)
    cases = [world.file(item, at) for _ in range(8)]
    world.act(world.clerk, services.receive, cases[2], at)
    world.act(world.clerk, services.accept, cases[2], at)
    Step.objects.filter(case=cases[2]).update(organisation=world.planning)
    Case.objects.filter(id__in=[one.id for one in cases[3:6]]).update(
        intake_organisation=world.centre, next_due_date=None
    )
    return cases


def _pages(scope):
    seen, after = [], None
    while True:
        page = queries.worklist(scope, "todo", ON, after=after)
        seen += [one.id for one in page.rows]
        if page.next is None:
            return seen
        after = page.next


def _asked_at_once(scope):
    rows = reading.of_posts(scope).filter(*lists._todo(scope, ON)).order_by(*lists.IN_ORDER)
    return list(rows.values_list("id", flat=True))


def test_page_by_page_it_is_what_one_question_would_find(
    world, seen_from_elsewhere, monkeypatch, forget
):
    found = {}
    for who in ("clerk", "handler", "general", "manager", "colleague", "citizen"):
        scope = world.scope(getattr(world, who))
        found[who] = _pages(scope)
        assert found[who] == _asked_at_once(scope), who
    assert [len(found[who]) for who in ("clerk", "general", "colleague", "citizen")] == [8, 8, 1, 0]
    # The control: a place left out is missed by the one who sees by it.
    forget()
    monkeypatch.setattr(lists, "places", lambda scope: reading.places(scope)[:2])
    assert _pages(world.scope(world.colleague)) != found["colleague"]


def _listed(scope, tab):
    """How many cases the pages of a tab hold."""
    page = queries.worklist(scope, tab, ON)
    found = len(page.rows)
    while page.next:
        page = queries.worklist(scope, tab, ON, after=page.next)
        found += len(page.rows)
    return found


STAFF = ("clerk", "handler", "approver", "general", "manager", "colleague")


@pytest.fixture
def everywhere(world, seen_from_elsewhere):
    """Cases of all kinds that somebody's lists tell apart."""
    world.bring(seen_from_elsewhere[6], "granted", morning(2013, 9, 17))
    world.bring(seen_from_elsewhere[7], "reviewing", morning(2013, 9, 17))
    return seen_from_elsewhere


def test_the_number_on_a_tab_is_what_its_pages_hold(world, everywhere, monkeypatch, forget):
    total = 0
    for who in STAFF:
        scope = world.scope(getattr(world, who))
        counts = queries.tab_counts(scope, ON, also=("open", "soon", "overdue"))
        assert counts.pop(queries.SLIPS) == 0
        assert counts == {tab: _listed(scope, tab) for tab in counts}, who
        total += sum(counts.values())
    assert total > 30
    # The control: with a place left out the numbers are others than those of the lists.
    forget()
    monkeypatch.setattr(tabs, "places", lambda scope: reading.places(scope)[:1])
    scope = world.scope(world.colleague)
    assert queries.tab_counts(scope, ON)["todo"] != _listed(scope, "todo")


def test_crowded_places_are_asked_in_another_way_for_the_same_numbers(
    world, everywhere, monkeypatch, forget
):
    """With a bound of some cases every place is crowded for somebody: each time it is noticed, and
    the numbers stay those of the lists, up to the bound."""
    scopes = [world.scope(getattr(world, who)) for who in STAFF]
    listed = [
        {tab: _listed(scope, tab) for tab in lists.tabs_of(scope) if tab not in tabs.UNCOUNTED}
        for scope in scopes
    ]
    crowded = set()
    for bound in (0, 1, 2, 5, 9):
        monkeypatch.setattr(tabs, "COUNTED", bound)
        forget()
        for scope, numbers in zip(scopes, listed, strict=True):
            counts = queries.tab_counts(scope, ON)
            counts.pop(queries.SLIPS)
            assert counts == {tab: min(count, bound + 1) for tab, count in numbers.items()}
            crowded.add(len(tabs._crowded(scope)))
    assert {0, 1, 2} <= crowded, crowded


def test_a_place_that_is_crowded_is_asked_once_more_only_the_first_time(
    world, everywhere, monkeypatch, forget
):
    monkeypatch.setattr(tabs, "COUNTED", 3)
    forget()
    scope = world.scope(world.clerk)
    for statements in (2, 1):
        with CaptureQueriesContext(connection) as asked:
            assert queries.tab_counts(scope, ON)["todo"] == 4
        assert sum(tabs.NEAR in one["sql"] for one in asked) == statements


def test_a_tab_counts_up_to_a_bound_and_says_that_there_are_more(
    world, seen_from_elsewhere, monkeypatch, forget, client
):
    monkeypatch.setattr(tabs, "COUNTED", 7)
    forget()
    client.force_login(world.clerk)
    answer = client.get("/desk/")
    numbers = {tab["key"]: tab["count"] for tab in answer.context["tabs"]}
    assert (numbers["todo"], numbers["window"]) == ("7+", 7)


def test_cases_without_a_due_date_come_last_and_page_too(world, item, at):
    cases = [world.file(item, at) for _ in range(65)]
    Case.objects.filter(id__in=[case.id for case in cases[:40]]).update(next_due_date=None)
    scope = world.scope(world.clerk)
    first = queries.worklist(scope, "todo", ON)
    second = queries.worklist(scope, "todo", ON, after=first.next)
    third = queries.worklist(scope, "todo", ON, after=second.next)
    ids = [case.id for page in (first, second, third) for case in page.rows]
    assert len(set(ids)) == len(ids) == 65
    assert all(case.next_due_date for case in first.rows[:25])
    assert third.next is None


@pytest.mark.parametrize(
    "garbled", ["", "x", "2013-13-01_5", "2013-09-01_x", "_", "_5_6", "_9223372036854775808"]
)
def test_a_garbled_page_address_is_the_first_page(garbled):
    assert queries.Cursor.read(garbled) is None


def test_the_worklist_costs_the_same_with_more_rows(world, item, at, django_assert_num_queries):
    scope, calendar = world.scope(world.clerk), current_calendar()
    for rows in (1, 25):
        for _ in range(rows):
            world.file(item, at)
        with django_assert_num_queries(1):
            page = queries.worklist(scope, "todo", ON)
            assert [(case.edition.name, case.edition.on_the_spot) for case in page.rows]
            assert [present.row(case, ON, "", calendar) for case in page.rows]


def test_search_on_the_desk_finds_number_name_and_item(world, item, at, case):
    scope = world.scope(world.clerk)
    for text in (case.number, case.number[:12], "毛小明", "取水"):
        assert queries.worklist(scope, "todo", ON, text=text).rows, text
    assert not queries.worklist(scope, "todo", ON, text="没有这个").rows
    assert SINCE < ON


def test_nobody_handles_their_own_case(world, item, at):
    case = world.file(item, at, world.clerk)
    scope = world.scope(world.clerk)
    assert queries.open_moves(scope, queries.Situation(case), ON) == []
    with pytest.raises(OwnCase):
        queries.permit(scope, case, Verb.RECEIVE, ON)


def test_who_acts_for_an_applicant_or_is_one_at_the_counter_handles_nothing(world, item, at):
    """By the number behind the account, whatever post they hold."""
    world.people.person("helper", "何助", NUMBERS[2])
    helper = world.people.post("helper", Role.HANDLER, world.water)
    proxy = Proxy("何助", NUMBERS[2], is_registered=True)
    carried = world.file(item, at, applicant=replace(world.applicant(), proxy=proxy))
    own = world.file(item, at, applicant=replace(world.applicant(), identity_number=NUMBERS[2]))
    other = world.file(item, at)
    scope = world.scope(helper)
    for case in (carried, own):
        with pytest.raises(OwnCase):
            queries.permit(scope, case, Verb.RECEIVE, ON)
    with pytest.raises(NotYourPost):  # a handler receives nothing, but it is nobody's own
        queries.permit(scope, other, Verb.RECEIVE, ON)


def test_a_substitute_finishes_what_the_absent_one_claimed(world, case, at):
    world.bring(case, "claimed", at)
    other = world.people.post("second", Role.HANDLER, world.water)
    world.people.substitution(world.handler, other)
    scope, now = world.scope(other), queries.Situation(case)
    open_to_other = {move.verb for move, _ in queries.open_moves(scope, now, ON)}
    assert {Verb.EXAMINE, Verb.TRANSFER_STEP} <= open_to_other
    actor = queries.permit(scope, case, Verb.EXAMINE, ON, step=now.step("review"))
    assert actor.acting_for_id == str(world.handler.id)


def test_a_letter_ends_with_the_post_it_was_given_for(world, case, item):
    chief = world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water)
    world.people.letter(chief, ["grant"], [item], date(2020, 1, 1))
    chief.posts.update(valid_to=date(2013, 1, 1))
    world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water)
    with pytest.raises(NoAuthority):
        queries.permit(world.scope(chief), case, Verb.GRANT, ON)


def test_an_approver_who_is_also_a_chief_without_letter_may_still_decide(world, case):
    world.people.post("approver", Role.CHIEF_REPRESENTATIVE, world.water)
    assert queries.permit(world.scope(world.approver), case, Verb.GRANT, ON)


def test_the_county_sees_the_cases_of_its_townships(world, at):
    from mingtang.regions.models import Region

    township = Region.objects.create(
        code="330881119000",
        name="峡口镇",
        level="township",
        parent=world.region,
        valid_from=SINCE,
        source="测试",
    )
    unit = world.organisation("town", "901", "江山市峡口镇人民政府", kind="township")
    unit.region = township
    unit.save(update_fields=["region"])
    case = world.file(world.item("330881-town", department=unit), at)
    for who in (world.manager, world.general):
        assert queries.case_for(world.scope(who), case.number)
    with pytest.raises(NotFound):
        queries.case_for(world.scope(world.colleague), case.number)
