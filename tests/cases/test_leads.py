"""Pages of those who lead: the day of each window, how units do, authority used.

Each by three people: the one who may, the colleague who may not, the stranger.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from mingtang.accounts.models import LetterOfAuthority, Post
from mingtang.accounts.rules import Role
from mingtang.base.errors import DomainError
from mingtang.cases import services
from mingtang.cases.queries import leads as queries
from mingtang.cases.queries import worklist
from mingtang.cases.rules import PauseReason, Verb
from mingtang.cases.rules.leads import SHEET, Figures, check_span, line_of, sums_of, total_of
from mingtang.catalogue import services as catalogue
from mingtang.ledger.services import deliver_all
from mingtang.regions.models import Centre, Window
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
ON = date(2013, 9, 17)


@pytest.fixture
def hall(world):
    """Two windows: the water department's, where its clerk sits, and the planners'."""
    centre = Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    world.first, world.second = (
        Window.objects.create(centre=centre, number=number, name=f"{name}窗口", organisation=unit)
        for number, name, unit in (("14", "水利局", world.water), ("12", "规划局", world.planning))
    )
    Post.objects.filter(person=world.clerk).update(window=world.first)
    return world


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5)


def _get(client, route, *args, **query):
    return client.get(reverse(f"cases:{route}", args=args), query)


def _text(answer) -> str:
    return answer.content.decode()


def _alone(client, world, route, may, *, args=(), also_colleague=True):
    """The one who may, the colleague who may not, the stranger; and nobody at all."""
    client.logout()
    assert _get(client, route, *args).status_code == 302
    client.force_login(world.stranger)
    assert _get(client, route, *args).status_code == 404
    if also_colleague:
        client.force_login(world.handler)
        assert _get(client, route, *args).status_code == 404
    client.force_login(may)
    assert _get(client, route, *args).status_code == 200


# ── rules ─────────────────────────────────────────────────────────────────────────────────────


def test_a_line_adds_up_what_belongs_together():
    counted = {"case.received": 2, "case.taken_in": 3, "case.declined": 1, "case.other": 9}
    assert dict(zip((one.key for one in SHEET), line_of(counted), strict=True)) == {
        "received": 5,
        "accepted": 0,
        "decided": 0,
        "on_the_spot": 0,
        "returned": 1,
        "enquired": 0,
    }
    assert sums_of([line_of(counted), line_of(counted)])[0] == 10
    assert sums_of([]) == [0] * len(SHEET)


def test_only_what_was_never_late_is_a_hundred_per_cent():
    assert Figures(1, in_time=999, late=1).rate == 99
    assert Figures(1, in_time=7).rate == 100
    assert Figures(1).rate is None
    assert Figures(1).average_days is None
    both = total_of([Figures(1, in_time=1, days=3), Figures(2, late=1, days=8, overdue=2)])
    assert (both.rate, both.average_days, both.overdue) == (50, 5.5, 2)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (ON, ON - timedelta(1)),
        (ON + timedelta(1), ON + timedelta(1)),
        (ON - timedelta(366), ON),
    ],
)
def test_a_span_that_is_none_is_refused_with_a_sentence(since, until):
    with pytest.raises(DomainError):
        check_span(since, until, ON)


def test_a_year_is_a_span():
    check_span(ON - timedelta(365), ON, ON)


# ── the day of each window ────────────────────────────────────────────────────────────────────


class TestSheet:
    def _numbers(self, sheet):
        return {window.number: numbers for window, numbers in sheet.lines}

    def test_a_window_shows_what_was_done_there(self, hall, item, at):
        one, two = hall.file(item, at), hall.file(item, at)
        hall.bring(one, "granted", at)  # decided by the approver, who sits at no window
        hall.act(hall.clerk, services.receive, two, at)
        hall.act(hall.clerk, services.decline, two, at, reason="不归本局管。", competent="省水利厅")
        catalogue.record_enquiry(
            item_code=item, actor=hall.actor(hall.clerk), at=at, command_id=new_command_id()
        )
        deliver_all(at)
        assert self._numbers(queries.sheet(hall.scope(hall.clerk), ON)) == {
            "14": [2, 1, 0, 0, 1, 1]
        }
        whole = queries.sheet(hall.scope(hall.manager), ON)
        assert self._numbers(whole) == {"14": [2, 1, 0, 0, 1, 1], "12": [0] * 6}
        assert whole.elsewhere == [0, 0, 1, 0, 0, 0]

    def test_what_is_decided_on_the_spot_counts_twice(self, hall, at):
        item = hall.item("330881-jb", on_the_spot="是", promised=0)
        chief = hall.people.post(
            "chief", Role.CHIEF_REPRESENTATIVE, hall.water, window_id=hall.first.id
        )
        hall.people.letter(chief, ["grant"], [item], date(2013, 12, 31))
        case = hall.bring(hall.file(item, at), "accepted", at)
        hall.act(chief, services.claim, case, at, step_key="review")
        hall.act(chief, services.examine, case, at, step_key="review", opinion="符合条件")
        hall.act(chief, services.decide, case, at, verb=Verb.GRANT, reason="符合条件")
        deliver_all(at)
        assert self._numbers(queries.sheet(hall.scope(hall.clerk), ON))["14"][2:4] == [1, 1]

    def test_a_lead_sees_the_windows_of_the_unit_and_a_clerk_only_their_own(self, hall):
        lead = hall.people.post("lead", Role.WINDOW_LEAD, hall.planning)
        assert list(self._numbers(queries.sheet(hall.scope(lead), ON))) == ["12"]
        assert self._numbers(queries.sheet(hall.scope(hall.colleague), ON)) == {}
        assert queries.sheet(hall.scope(lead), ON).elsewhere is None

    def test_a_substitute_sees_the_window_they_sit_at(self, hall):
        hall.people.substitution(hall.clerk, hall.colleague)
        assert list(self._numbers(queries.sheet(hall.scope(hall.colleague), ON))) == ["14"]

    def test_three_people(self, client, hall):
        _alone(client, hall, "sheet", hall.clerk)
        assert "水利局窗口" in _text(_get(client, "sheet"))
        client.force_login(hall.colleague)
        page = _text(_get(client, "sheet"))
        assert "您的岗位没有登记窗口" in page
        assert "水利局窗口" not in page

    def test_a_month_adds_up_its_days(self, client, hall, item, at):
        hall.bring(hall.file(item, at), "accepted", at)
        hall.bring(hall.file(item, at + timedelta(days=9)), "accepted", at + timedelta(days=9))
        hall.bring(hall.file(item, at + timedelta(days=20)), "accepted", at + timedelta(days=20))
        deliver_all(at + timedelta(days=20))
        clerk = hall.scope(hall.clerk)
        first, last = date(2013, 9, 1), date(2013, 9, 30)
        assert self._numbers(queries.sheet(clerk, last, first))["14"][:2] == [2, 2]
        assert self._numbers(queries.sheet(clerk, ON))["14"][:2] == [1, 1]
        whole = queries.sheet(hall.scope(hall.manager), last, first)
        assert self._numbers(whole)["14"][:2] == [2, 2]
        client.force_login(hall.clerk)
        page = _text(_get(client, "month_sheet", month="2013-09"))
        assert "2013年9月1日" in page
        assert "2013年9月30日" in page
        assert '<td class="figure" data-label="收件">2</td>' in page
        assert "?month=2013-10" in page
        assert "?month=2013-08" in page
        october = _text(_get(client, "month_sheet", month="2013-10"))
        assert '<td class="figure" data-label="收件">1</td>' in october

    def test_the_month_for_three_people_and_from_the_day(self, client, hall):
        _alone(client, hall, "month_sheet", hall.clerk)
        assert "水利局窗口" in _text(_get(client, "month_sheet"))
        assert reverse("cases:month_sheet") in _text(_get(client, "sheet"))
        client.force_login(hall.colleague)
        assert "水利局窗口" not in _text(_get(client, "month_sheet"))

    @pytest.mark.parametrize("month", ["2013-13", "x", "", "9999-12", "0001-01", "2013-9"])
    def test_a_garbled_month_is_still_a_page(self, client, hall, month):
        client.force_login(hall.clerk)
        assert _get(client, "month_sheet", month=month).status_code == 200

    @pytest.mark.parametrize("on", ["2013-02-30", "x", "", "9999-12-31", "0001-01-01"])
    def test_a_garbled_day_is_still_a_page(self, client, hall, on):
        client.force_login(hall.clerk)
        assert _get(client, "sheet", on=on).status_code == 200

    def test_it_costs_the_same_with_more_windows(self, hall, django_assert_num_queries):
        reader = hall.scope(hall.manager)
        for more in range(2):
            for number in range(20 * more):
                Window.objects.create(
                    centre=hall.first.centre, number=f"x{number}", name="窗口", is_general=True
                )
            with django_assert_num_queries(4):  # windows, their counts; elsewhere: 2
                assert len(queries.sheet(reader, ON).lines) == 2 + 20 * more


# ── how units do ──────────────────────────────────────────────────────────────────────────────


class TestOverview:
    def _of(self, world, unit, since=ON, until=ON, on=ON):
        rows = queries.overview(world.scope(world.manager), since, until, on)
        return next(row for row in rows if row.organisation_id == unit.id)

    def test_events_promises_and_what_stands_open(self, world, item, at):
        in_time, late, open_case = (world.file(item, at) for _ in range(3))
        world.bring(in_time, "granted", at)
        world.bring(late, "examined", at)
        world.act(world.clerk, services.receive, open_case, at)
        later = morning(2013, 10, 8)  # the promise ended on 26 September; National Day lies between
        world.act(world.approver, services.decide, late, later, verb=Verb.GRANT, reason="符合条件")
        deliver_all(later)
        row = self._of(world, world.water, until=date(2013, 10, 8), on=date(2013, 10, 8))
        assert (row.received, row.accepted, row.decided) == (3, 2, 2)
        assert (row.in_time, row.late, row.rate) == (1, 1, 50)
        # 18, 22 (made up for), 23–27, 29 (made up for), 30 September and 8 October
        assert row.days == 10
        assert (row.open, row.soon, row.overdue) == (
            3,
            1,
            1,
        )  # to be handed over by today; not checked
        assert self._of(world, world.water).decided == 1

    def test_days_of_a_special_procedure_are_not_charged(self, world, at):
        item = world.item(statutory=20, promised=5, special="专家评审|20个工作日")
        case = world.bring(world.file(item, at), "claimed", at)
        ask = {"why": PauseReason.EXPERT_REVIEW, "note": "须专家评审。", "days": 10}
        world.act(world.handler, services.ask_pause, case, at, **ask)
        world.act(world.approver, services.pause, case, at)
        back = morning(2013, 10, 15)
        world.act(world.handler, services.resume, case, back, result="评审通过。")
        world.act(world.handler, services.examine, case, back, step_key="review", opinion="可以")
        world.act(world.approver, services.decide, case, back, verb=Verb.GRANT, reason="符合条件")
        row = self._of(world, world.water, until=date(2013, 10, 15), on=date(2013, 10, 15))
        assert (row.in_time, row.late, row.days) == (1, 0, 0)

    def test_a_number_leads_to_as_many_cases(self, world, item, at):
        other = world.item("330881-gh", department=world.planning, statutory=20, promised=5)
        for _ in range(2):
            world.bring(world.file(item, at), "accepted", at)
        world.bring(world.file(other, at), "accepted", at)
        world.act(world.clerk, services.receive, corrected := world.file(item, at), at)
        world.act(world.clerk, services.ask_correction, corrected, at, note="请补充位置图。")
        on = date(2013, 9, 25)  # the promise ends on the 25th
        reader = world.scope(world.manager, on)
        for day, counted in ((on, (3, 2, 0)), (on + timedelta(1), (3, 0, 2))):
            row = self._of(world, world.water, on=day)
            assert (row.open, row.soon, row.overdue) == counted
            for tab, number in zip(("open", "soon", "overdue"), counted, strict=True):
                listed = worklist(reader, tab, day, unit=world.water.id)
                assert len(listed.rows) == number

    def test_three_people(self, client, world, item, at):
        world.bring(world.file(item, at), "accepted", at)
        _alone(client, world, "overview", world.manager)
        client.force_login(world.clerk)
        assert _get(client, "overview").status_code == 404
        client.force_login(world.people.post("inspector", Role.INSPECTOR, world.centre))
        page = _text(_get(client, "overview"))
        assert "水利局" in page
        assert f"tab=open&amp;unit={world.water.id}" in page

    def test_the_list_behind_a_number_says_of_whom(self, client, world, item, at):
        case = world.file(item, at)
        client.force_login(world.manager)
        page = _text(_get(client, "desk", tab="overdue", unit=world.water.id))
        assert "只看" in page
        assert case.number in page
        page = _text(_get(client, "desk", tab="overdue", unit=world.planning.id))
        assert case.number not in page
        assert _get(client, "desk", tab="open", unit="x" * 40).status_code == 200

    def test_a_span_that_is_none_comes_back_with_a_sentence(self, client, world):
        client.force_login(world.manager)
        answer = _get(client, "overview", since="2013-09-17", until="2013-09-01")
        assert answer.status_code == 422
        assert "截止日期早于开始日期" in _text(answer)

    @pytest.mark.slow
    def test_it_costs_the_same_with_more_cases(self, world, item, at, django_assert_num_queries):
        reader = world.scope(world.manager)
        for more in range(2):
            for _ in range(1 + 4 * more):
                world.bring(world.file(item, at), "granted", at)
            deliver_all(at)
            with django_assert_num_queries(6):  # units, counts, open ones, promises; calendar: 2
                (row,) = queries.overview(reader, ON, ON, ON)
            assert row.decided == (1, 6)[more]


# ── authority used ────────────────────────────────────────────────────────────────────────────


class TestAuthority:
    @pytest.fixture
    def chief(self, world):
        chief = world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water)
        world.people.letter(chief, ["grant"], ["*"], date(2013, 12, 31))
        return chief

    @pytest.fixture
    def letter(self, chief):
        return LetterOfAuthority.objects.get(post__person=chief)

    def _decide(self, world, chief, item, at, actor=None):
        case = world.bring(world.file(item, at), "examined", at)
        by = {"actor": actor} if actor else {}
        world.act(chief, services.decide, case, at, verb=Verb.GRANT, reason="符合条件", **by)
        return case

    def test_a_letter_shows_the_decisions_under_it(self, client, world, chief, letter, item, at):
        spot = world.item("330881-jb", on_the_spot="是", promised=0)
        plain = self._decide(world, chief, item, at)
        alone = world.bring(world.file(spot, at), "accepted", at)
        world.act(chief, services.claim, alone, at, step_key="review")
        world.act(chief, services.examine, alone, at, step_key="review", opinion="符合")
        world.act(chief, services.decide, alone, at, verb=Verb.GRANT, reason="符合条件")
        world.bring(world.file(item, at), "granted", at)  # by the approver: under no letter
        client.force_login(chief)
        assert "2 件" in _text(_get(client, "authority"))
        page = _text(_get(client, "letter", letter.id))
        assert plain.number in page
        assert page.count("一人审查并决定") == 1
        assert len(queries.decisions_under(world.scope(chief), _seen(world, chief)).rows) == 2

    def test_a_substitutes_decision_is_the_holders(self, client, world, chief, letter, item, at):
        from mingtang.accounts.queries import actor_of

        world.people.substitution(chief, world.colleague)
        scope = world.scope(world.colleague)
        (grant,) = [one for one in scope.grants if one.acting_for_id == chief.id]
        case = self._decide(world, world.colleague, item, at, actor_of(scope, grant))
        client.force_login(world.approver)
        page = _text(_get(client, "letter", letter.id))
        assert case.number in page
        assert "（代 chief先生）" in page

    def test_three_people(self, client, world, chief, letter):
        _alone(client, world, "authority", chief)
        _alone(client, world, "letter", world.approver, args=[letter.id])
        other = world.people.post("other-approver", Role.APPROVER, world.planning)
        client.force_login(other)
        assert letter.document_number not in _text(_get(client, "authority"))
        assert _get(client, "letter", letter.id).status_code == 404
        client.force_login(world.people.post("inspector", Role.INSPECTOR, world.centre))
        assert letter.document_number in _text(_get(client, "authority"))
        assert _get(client, "letter", 9**18).status_code == 404

    def test_another_chief_sees_only_their_own(self, client, world, chief, letter):
        second = world.people.post("second", Role.CHIEF_REPRESENTATIVE, world.water)
        client.force_login(second)
        assert letter.document_number not in _text(_get(client, "authority"))
        assert _get(client, "letter", letter.id).status_code == 404

    def test_a_letter_says_whether_it_holds(self, client, world, chief, letter, monkeypatch):
        client.force_login(world.approver)
        assert "已过期" in _text(_get(client, "authority"))
        LetterOfAuthority.objects.update(valid_to=date(2100, 1, 1))
        assert "有效</" in _text(_get(client, "authority")).replace("\n", "")
        Post.objects.filter(person=chief).update(valid_to=date(2014, 1, 1))
        assert "已过期" in _text(_get(client, "authority"))  # the post went, the letter with it

    def test_decisions_page_without_gaps_or_doubles(self, world, chief, item, at, monkeypatch):
        made = [self._decide(world, chief, item, at).id for _ in range(5)]
        monkeypatch.setattr(queries, "PAGE", 2)
        reader, letter, seen, after = world.scope(chief), _seen(world, chief), [], None
        while True:
            page = queries.decisions_under(reader, letter, after)
            seen += [case.id for case in page.rows]
            if page.next is None:
                break
            after = queries.Cursor.read(str(page.next))
        assert seen == sorted(made, reverse=True)

    @pytest.mark.slow
    def test_it_costs_the_same_with_more_rows(
        self, client, world, chief, letter, item, at, django_assert_max_num_queries
    ):
        client.force_login(chief)
        for route, args in (("authority", []), ("letter", [letter.id])):
            asked = []
            for rows in (1, 5):
                for _ in range(rows):
                    self._decide(world, chief, item, at)
                with django_assert_max_num_queries(16) as captured:
                    _get(client, route, *args)
                asked.append(len(captured))
            assert asked[0] == asked[1], route

    def test_letters_page_without_gaps_or_doubles(self, world, chief, letter, monkeypatch):
        from mingtang.accounts import queries as accounts

        for number in range(4):
            LetterOfAuthority.objects.create(
                post=letter.post,
                document_number=f"江授〔2013〕{number + 2}号",
                item_codes=["*"],
                acts=["grant"],
                seal="章",
                valid_from=letter.valid_from,
                valid_to=letter.valid_to,
            )
        monkeypatch.setattr(accounts, "LETTERS_SHOWN", 2)
        seen, after = [], None
        while True:
            page = queries.letters(world.scope(chief), after)
            seen += [row.id for row in page.rows]
            if page.next is None:
                break
            after = accounts.DateCursor.read(str(page.next))
        assert seen == sorted(LetterOfAuthority.objects.values_list("id", flat=True), reverse=True)


def _seen(world, chief):
    found = queries.letters(world.scope(chief)).rows
    return found[0]
