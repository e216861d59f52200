"""Bulletins, habits that stand out, and how fast offices decide: rules, reads and pages."""

import io
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from mingtang.accounts.models import Post
from mingtang.base.clock import LEGAL_ZONE
from mingtang.cases.rules import Verb
from mingtang.ledger.queries import history
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import Entry, deliver_all, record_all
from mingtang.regions.models import Centre, Window
from mingtang.supervision import queries
from mingtang.supervision.followers import PACE
from mingtang.supervision.models import Card, Pace
from mingtang.supervision.rules import Told
from mingtang.supervision.rules.outliers import Habit, Seen, habits, is_last_hour
from mingtang.supervision.rules.pace import CasePace, median, pace_of, speedup
from tests.supervision.hall import FILED
from tests.supervision.making import CALENDAR, moment
from tests.world import new_command_id

ON = date(2013, 9, 30)
WEDNESDAY = date(2013, 9, 4)


def url(name, *args):
    return reverse(f"supervision:{name}", args=args)


def text_of(answer):
    return answer.content.decode()


# ── how fast ──────────────────────────────────────────────────────────────────────────────────


def life(*, stop, promised=5, statutory=20, unit="working_day", pauses=()):
    """Accepted on Wednesday 4 September 2013, perhaps paused, decided on a day."""

    def op(kind, act, **more):
        return {"kind": kind, "op": act, **more}

    starts = [
        op(kind, "start", start="2013-09-04", amount=amount, unit=of, due="2013-09-11")
        for kind, amount, of in (
            ("promised", promised, "working_day"),
            ("statutory", statutory, unit),
        )
        if amount
    ]
    kinds = [one["kind"] for one in starts]
    events = [Told(1, "case.accepted", WEDNESDAY, {"clocks": starts}, "7", "5")]
    for seq, (after, until) in enumerate(pauses, 2):
        for act, day in (("pause", after), ("resume", until)):
            clocks = [op(kind, act, on=day.isoformat(), due="2013-09-18") for kind in kinds]
            events.append(Told(seq, f"case.{act}d", day, {"clocks": clocks}, "7", "5"))
    stops = [op(kind, "stop", on=stop.isoformat()) for kind in kinds]
    facts = {"clocks": stops, "organisation_id": "5"}
    return [*events, Told(9, "case.granted", stop, facts, "8", "5")]


def test_speed_is_measured_in_working_days_of_the_law_s_own_limit():
    found = pace_of(life(stop=date(2013, 9, 9)), CALENDAR)
    assert found == CasePace(5, 8, date(2013, 9, 9), 20, 3, is_on_time=True, is_early=True)
    assert speedup(found.statutory_days, found.used_days) == Fraction(17, 20)


def test_the_last_day_is_on_time_and_not_early_and_the_day_after_is_late():
    last = pace_of(life(stop=date(2013, 9, 11)), CALENDAR)
    assert (last.is_on_time, last.is_early) == (True, False)
    late = pace_of(life(stop=date(2013, 9, 12)), CALENDAR)
    assert (late.is_on_time, late.is_early, late.used_days) == (False, False, 6)


def test_days_of_a_pause_are_not_counted():
    paused = life(stop=date(2013, 9, 16), pauses=[(date(2013, 9, 5), date(2013, 9, 12))])
    assert pace_of(paused, CALENDAR).used_days == 3


def test_an_extension_makes_nobody_faster():
    events = life(stop=date(2013, 9, 9))
    more = {"kind": "statutory", "op": "extend", "on": "2013-09-05", "amount": 10}
    extended = Told(
        2, "case.extended", date(2013, 9, 5), {"clocks": [more | {"due": "2013-10-24"}]}, "7", "5"
    )
    found = pace_of([events[0], extended, events[-1]], CALENDAR)
    assert found.statutory_days == 20


def test_a_limit_in_calendar_days_counts_its_working_days():
    found = pace_of(life(stop=date(2013, 9, 9), statutory=14, unit="calendar_day"), CALENDAR)
    assert found.statutory_days == 5  # 4 to 11 September, as it was recorded


def test_no_limit_no_speed():
    assert pace_of(life(stop=date(2013, 9, 9), promised=0, statutory=0), CALENDAR) is None
    only = pace_of(life(stop=date(2013, 9, 9), statutory=0), CALENDAR)
    assert only.statutory_days is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({Fraction(1, 2): 0}, None),
        ({Fraction(1, 2): 3, Fraction(0): 1}, Fraction(1, 2)),
        ({Fraction(1, 2): 1, Fraction(0): 1}, Fraction(1, 4)),
        ({Fraction(-1): 1, Fraction(0): 1, Fraction(1): 1}, Fraction(0)),
    ],
)
def test_a_median_of_counted_values(values, expected):
    assert median(values) == expected


def paced(unit, person, count, *, on=date(2013, 9, 16), used=5, statutory=20, **more):
    start = Pace.objects.count()
    fields = {"is_on_time": True, "is_early": False, **more}
    Pace.objects.bulk_create(
        Pace(
            stream=f"case:{start + number}",
            organisation=unit,
            person=person,
            decided_date=on,
            statutory_days=statutory,
            used_days=used,
            **fields,
        )
        for number in range(count)
    )


@pytest.mark.django_db
class TestRates:
    def test_a_real_case_is_kept_once_however_often_it_is_told(self, hall):
        case = hall.file(hall.item_code, moment(FILED))
        decided = date(2013, 9, 5)
        hall.do("receive", case, FILED, hall.clerk)
        hall.do("accept", case, FILED, hall.clerk)
        hall.do("claim", case, decided, hall.handler, step_key="review")
        hall.do("examine", case, decided, hall.handler, step_key="review", opinion="符合条件")
        hall.do("decide", case, decided, hall.approver, verb=Verb.GRANT, reason="符合条件")
        deliver_all(moment(ON))
        (kept,) = Pace.objects.all()
        assert (kept.stream, kept.organisation_id) == (case.stream, hall.water.id)
        assert (kept.person_id, kept.statutory_days) == (hall.approver.id, 20)
        assert (kept.used_days, kept.is_on_time, kept.is_early) == (3, True, True)
        (decision,) = [one for one in history(case.stream) if one.kind == "case.granted"]
        with transaction.atomic():
            PACE.handle(decision)
        assert Pace.objects.count() == 1

    def test_offices_with_enough_cases_have_rates_and_bulk_is_set_apart(self, hall, settings):
        settings.MINGTANG_PACE_LEAST, settings.MINGTANG_BULK_CLOSINGS = 4, 20
        paced(hall.water, hall.approver, 3, used=5, is_early=True)
        paced(hall.water, hall.approver, 1, used=25, is_on_time=False)
        paced(hall.water, hall.handler, 20, used=0, on=date(2013, 9, 17))
        paced(hall.water, None, 1, used=10, on=date(2012, 9, 17))
        paced(hall.planning, hall.colleague, 3)
        water, planning = queries.paces(date(2013, 1, 1), ON, 20)
        assert (water.count, water.on_time, water.early, water.bulk) == (4, 3, 3, 20)
        assert water.median_speedup == Fraction(3, 4)
        assert (planning.count, planning.bulk) == (3, 0)
        assert queries.paces(date(2013, 1, 1), ON, 21)[0].count == 24

    def test_everybody_reads_the_page_and_n_stands_beside(self, client, hall, settings):
        settings.MINGTANG_PACE_LEAST = 4
        paced(hall.water, hall.approver, 4, used=5, is_early=True)
        paced(hall.planning, hall.colleague, 3)
        with time_machine.travel(moment(ON), tick=False):
            for person in (None, hall.citizen, hall.inspector):
                if person:
                    client.force_login(person)
                page = client.get(url("rates"))
                assert page.status_code == 200
            rows = {row["unit"]: row for row in page.context["rows"]}
            assert rows["市水利局"]["speedup"] == "75.0%"
            assert (rows["市规划局"]["count"], rows["市规划局"]["on_time"]) == (3, "")
            assert "件数太少" in text_of(page)
            section = client.get(reverse("site:section", args=["operation"]))
            assert url("rates") in text_of(section)

    def test_more_cases_take_no_more_statements(self, hall, django_assert_max_num_queries):
        for count in (2, 30):
            paced(hall.water, hall.approver, count)
            with django_assert_max_num_queries(3):
                queries.paces(date(2013, 1, 1), ON, 20)


# ── habits ────────────────────────────────────────────────────────────────────────────────────


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LEGAL_ZONE)


def seen(kind, day, *, seq=9, person="7", hour=10, stream="case:1", **facts):
    return Seen(stream, at(day, hour), Told(seq, kind, day, facts, person, "5"))


def test_the_last_hour_is_that_before_the_windows_close():
    assert not is_last_hour(at(ON, 16, 29))
    assert is_last_hour(at(ON, 16, 30))
    assert is_last_hour(at(ON, 23))


def test_each_habit_is_counted_for_whom_it_tells_of():
    day = date(2013, 9, 11)
    history = life(stop=day)
    ended = Told(3, "case.terminated", day, {}, "6", "5")
    events = [
        seen("case.paused", day, person="8", asked_by="7", stream="case:2"),
        seen("case.extended", day, person="8", asked_by="7", stream="case:3"),
        seen("case.correction_asked", day, is_after_acceptance=True),
        seen("case.correction_asked", day, stream="case:4"),
        seen("case.granted", day, hour=17, person="8"),
        seen("case.reopened", day, person="8", stream="case:5"),
    ]
    people = habits(events, {"case:1": history, "case:5": [ended]})
    found = {
        person: {habit.value: len(cases) for habit, cases in one.found.items()}
        for person, one in people.items()
    }
    assert found == {
        7: {"pauses": 1, "extensions": 1, "corrections": 1},
        8: {"last_hour": 1},
        6: {"reopened": 1},
    }
    assert {person: one.n for person, one in people.items()} == {7: 4, 8: 4, 6: 1}


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2013, 9, 11), 10), (date(2013, 9, 10), 17), (date(2013, 9, 12), 17)]
)
def test_a_decision_in_the_morning_or_on_another_day_is_no_habit(day, hour):
    events = [seen("case.granted", day, hour=hour)]
    assert habits(events, {"case:1": life(stop=day)})[7].found == {}


def tell(hall, stream, kind, on, hour=10, **facts):
    actor = Actor(
        id=str(hall.handler.id), label="handler", organisation_id=str(hall.water.id),
        organisation_label="市水利局",
    )  # fmt: skip
    told = {"organisation_id": str(hall.water.id), **facts}
    with transaction.atomic():
        record_all(
            [Entry(stream, kind, told, on)], actor=actor, at=at(on, hour).astimezone(UTC),
            command_id=new_command_id(),
        )  # fmt: skip


@pytest.mark.django_db
class TestOutliers:
    def test_numbers_lead_to_their_cases_within_the_reader_s_places(self, client, hall):
        for number in (1, 2):
            tell(hall, f"case:{number}", "case.paused", ON - timedelta(3), asked_by=None)
        tell(hall, "case:3", "case.paused", date(2013, 1, 1))
        with time_machine.travel(moment(ON), tick=False):
            page = url("outliers")
            assert client.get(page).url.startswith("/sign-in/")
            for person, status in (
                (hall.inspector, 200), (hall.manager, 200), (hall.handler, 404),
                (hall.citizen, 404),
            ):  # fmt: skip
                client.force_login(person)
                assert client.get(page).status_code == status
            client.force_login(hall.inspector)
            (row,) = client.get(page).context["rows"]
            assert (row["name"], row["unit"], row["n"]) == ("handler先生", "市水利局", 2)
            cell = row["cells"][0]
            assert (cell["label"], cell["count"], cell["share"]) == ("暂停计时", 2, "100.0%")
            chosen = client.get(cell["url"]).context["chosen"]
            assert len(chosen["cases"]) == 2
            assert client.get(page, {"habit": "pauses", "person": "1"}).status_code == 200
            assert "chosen" not in client.get(page, {"habit": "x", "person": "1"}).context

    def test_more_events_take_no_more_statements(self, hall, django_assert_max_num_queries):
        scope = hall.scope(hall.inspector)
        day = ON - timedelta(3)
        tell(hall, "case:0", "case.reopened", day)
        with django_assert_max_num_queries(9) as before:
            assert len(queries.outliers(scope, day, ON)) == 1
        for number in range(1, 8):
            tell(hall, f"case:{number}", "case.reopened", day)
        with django_assert_max_num_queries(len(before)):
            (person,) = queries.outliers(scope, day, ON)
        assert len(person.found[Habit.REOPENED]) == 8


# ── bulletins ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
class TestBulletins:
    @pytest.fixture(autouse=True)
    def _that_day(self):
        with time_machine.travel(moment(ON), tick=False):
            yield

    def test_counts_by_colour_state_rule_and_window(self, hall, red):
        hall_of = Centre.objects.create(
            name="江山市行政服务中心", region=hall.region, level="county",
            organisation=hall.centre,
        )  # fmt: skip
        window = Window.objects.create(
            centre=hall_of, number="3", name="水利", organisation=hall.water
        )
        Post.objects.filter(person=hall.clerk).update(window_id=window.id)
        found = queries.bulletin(hall.scope(hall.inspector), date(2013, 9, 1), ON)
        whole = found.whole
        assert (whole.count, whole.colours["red"], whole.states["superseded"]) == (3, 1, 2)
        assert whole.score == red.score
        assert found.units.keys() == {hall.water.id}
        assert found.rules["TIME_PROMISE_OVER2"].count == 1
        assert found.windows == {"江山市行政服务中心 3 号 水利": found.units[hall.water.id]}
        assert ([card.id for card in found.cards], found.more) == ([red.id], 0)
        august = queries.bulletin(hall.scope(hall.inspector), date(2013, 8, 1), date(2013, 8, 31))
        assert (august.whole.count, august.units) == (0, {})

    @pytest.mark.slow
    def test_three_people_and_months_that_are_none(self, client, hall, red):
        page = url("bulletin", "2013-09")
        for path in (page, url("bulletins")):
            client.logout()
            assert client.get(path).url.startswith("/sign-in/")
            for person, status in (
                (hall.inspector, 200), (hall.handler, 200), (hall.colleague, 200),
                (hall.citizen, 404),
            ):  # fmt: skip
                client.force_login(person)
                assert client.get(path).status_code == status, (path, person)
        client.force_login(hall.colleague)
        assert "没有发出" in text_of(client.get(page))
        assert client.get(page, {"unit": hall.water.id}).status_code == 404
        client.force_login(hall.inspector)
        whole = text_of(client.get(page, {"unit": hall.water.id}))
        for told in ("效能监察通报（江山市水利局）", "共发出 3 张", "计 1.5 分", hall.case.number):
            assert told in whole, told
        for month in ("2013-13", "2013-10", "1492-01", "soon"):
            assert client.get(url("bulletin", month)).status_code == 404, month

    @pytest.mark.slow
    def test_it_comes_as_a_file(self, client, hall, red, pdf_machine):
        client.force_login(hall.inspector)
        answer = client.get(url("bulletin_pdf", "2013-09"))
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert "效能监察通报" in text
        assert "市水利局" in text

    def test_more_cards_take_no_more_statements(self, hall, red, django_assert_max_num_queries):
        scope = hall.scope(hall.inspector)
        with django_assert_max_num_queries(12) as before:
            queries.bulletin(scope, date(2013, 9, 1), ON)
        for number in range(9):
            Card.objects.create(
                number=f"监多{number}", rule=red.rule, rule_code=red.rule_code,
                subject=red.subject, key=f"x{number}", colour="yellow", score=1,
                raised_date=date(2013, 9, 11), raised_at=moment(ON),
                organisation=red.organisation, person=red.person, facts={}, state="raised",
            )  # fmt: skip
        with django_assert_max_num_queries(len(before)):
            assert queries.bulletin(scope, date(2013, 9, 1), ON).whole.count == 12


def test_the_system_is_no_person():
    told = Told(1, "case.paused", ON, {}, None, None)
    assert habits([Seen("case:1", at(ON, 10), told)], {}) == {}
    assert SYSTEM.id is None
