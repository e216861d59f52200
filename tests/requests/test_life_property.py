"""Random lives: clocks refold to their cache, due dates explain themselves, tables add up."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.base.errors import DomainError
from mingtang.ledger import queries as ledger
from mingtang.requests import queries, services
from mingtang.requests.models import Remedy, Request
from mingtang.requests.rules import tables
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.kinds import DRAFTED_KINDS, Kind
from mingtang.requests.rules.people import ApplicantKind
from mingtang.requests.rules.remedies import IN_TABLE_4, RemedyKind, RemedyResult
from mingtang.requests.rules.tables import CARRIED_IN, CARRIED_OUT, TOTAL, Contest, Life
from mingtang.timing import queries as timing
from mingtang.timing.rules import fold
from tests.requests.office import APPLICANT, Office, moment

pytestmark = pytest.mark.django_db
FIRST = date(2024, 11, 4)
REASON = "理由如下所述。"

# What may be tried on a request, wherever it stands; most tries are refused, which is fine.
TRIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "confirm_receipt": lambda on: {"confirmed_date": on},
    "ask_correction": lambda on: {"wanted": "写明名称", "days": 5},
    "correct": lambda on: {"text": "峡口水库", "actor": APPLICANT},
    "confirm_lapse": lambda on: {"reason": "没有回音"},
    "consult": lambda on: {
        "role": "third",
        "party_name": "某公司",
        "question": "造价",
        "reached_date": on,
    },
    "answer_consultation": lambda on: {"number": 1, "opinion": "agree"},
    "ask_reasons": lambda on: {"wanted": "太多", "days": 5},
    "give_reasons": lambda on: {"text": "课题"},
    "delay": lambda on: {"days": 10, "reason": "材料多"},
    "extend": lambda on: {"reason": "档案在外地"},
    "charge": lambda on: {"basis": "volume", "quantity": 60},
    "pay": lambda on: {},
    "log_search": lambda on: {"place": "档案室", "words": "水库", "found": "无"},
    "decide": lambda on: {},
    "send_back": lambda on: {"reason": "重写"},
    "deliver": lambda on: {"way": "online"},
    "withdraw": lambda on: {"actor": APPLICANT},
}
HEADS = {"extend", "delay", "decide", "send_back"}
STEP = st.tuples(
    st.sampled_from([*TRIES, "draft", "draft", "answer_consultation", "decide"]),
    st.integers(0, 9),
    st.sampled_from(DRAFTED_KINDS),
    st.booleans(),
)
LIFE = st.tuples(st.sampled_from(ApplicantKind), st.integers(0, 40), st.lists(STEP, max_size=9))


def live(office: Office, kind: ApplicantKind, start: int, steps: list[Any]) -> Request:
    """Try one act after another; a refusal changes nothing."""
    on = FIRST + timedelta(start)
    request = office.received(on, applicant=office.applicant(kind))
    for verb, days, decided, gives in steps:
        on += timedelta(days)
        more = _draft(decided, gives) if verb == "draft" else TRIES[verb](on)
        try:
            office.do(verb, request, on, office.head if verb in HEADS else office.worker, **more)
        except DomainError:
            request.refresh_from_db()
    return request


def _draft(kind: Kind, gives: bool) -> dict[str, Any]:
    parts = [Part("其余内容", kind, "《统计法》第二十五条", REASON)]
    return {"parts": [*parts, *([Part("正文", Kind.A)] if gives else [])], "override": "公共利益"}


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(st.lists(LIFE, min_size=1, max_size=5))
def test_clocks_refold_and_tables_add_up_over_random_lives(office, lives):
    calendar = timing.current_calendar()
    Remedy.objects.all().delete()
    before = set(Request.objects.values_list("id", flat=True))
    for kind, start, steps in lives:
        request = live(office, kind, start, steps)
        ops = [
            op for event in ledger.history(request.stream) for op in event.facts.get("clocks") or []
        ]
        folded = fold(ops, calendar)
        kept = {clock.kind: clock.state for clock in timing.clocks_of(request.stream)}
        assert folded == kept
        for clock in timing.clocks_of(request.stream):
            told = "".join(timing.explain_clock(clock))
            assert str(clock.due_date) in told
    unit = office.water.id
    two = {year: queries.table3(unit, year) for year in (2024, 2025)}
    for year, table in two.items():
        assert tables.broken_identities(table, queries.table4(unit, year)) == []
    carried = [
        (two[2024].ids(CARRIED_OUT, column), two[2025].ids(CARRIED_IN, column))
        for column in two[2024].columns
    ]
    assert all(set(out) == set(came) for out, came in carried)
    assert set(two[2024].ids("new", TOTAL)) | set(two[2025].ids("new", TOTAL)) >= (
        set(Request.objects.values_list("id", flat=True)) - before
    )


DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))


@st.composite
def random_life(draw, number):
    received = draw(DAYS)
    result = draw(st.none() | st.sampled_from(Kind))
    later = draw(st.integers(0, 500))
    return Life(
        id=number,
        applicant=draw(st.sampled_from(ApplicantKind)),
        received=received,
        result=result,
        resulted=received + timedelta(later) if result else None,
    )


LIVES = st.integers(0, 30).flatmap(
    lambda count: st.tuples(*(random_life(number) for number in range(count)))
)


@pytest.mark.slow
@given(LIVES, st.integers(2022, 2026))
def test_all_identities_hold_and_every_cell_is_its_rows(lives, year):
    three = tables.table3(lives, year)
    assert tables.broken_identities(three, tables.table4([], year)) == []
    assert len(three.numbers) == 25
    assert all(len(row) == 7 for row in three.numbers)
    following = tables.table3(lives, year + 1)
    for column in three.columns:
        assert three.ids(CARRIED_OUT, column) == following.ids(CARRIED_IN, column)
    by_id = {life.id: life for life in lives}
    for kind in Kind:
        for column in ApplicantKind:
            for one in three.ids(kind.value, column.value):
                life = by_id[one]
                assert (life.result, life.applicant) == (kind, column)
                assert life.resulted is not None
                assert life.resulted.year == year


CONTEST = st.builds(
    lambda kind, raised, result, later: Contest(
        id=1,
        kind=kind,
        raised=raised,
        result=result,
        closed=raised + timedelta(later) if result else None,
    ),
    st.sampled_from(RemedyKind),
    DAYS,
    st.none() | st.sampled_from(RemedyResult),
    st.integers(0, 500),
)


@given(st.lists(CONTEST, max_size=20), st.integers(2022, 2026))
def test_table_4_adds_up_and_what_is_pending_comes_again(contests, year):
    four = tables.table4(contests, year)
    assert tables.broken_identities(tables.table3([], year), four) == []
    following = tables.table4(contests, year + 1)
    for kind in IN_TABLE_4:
        pending = four.number(kind.value, "pending")
        assert following.number(kind.value, TOTAL) >= pending


def test_a_broken_table_would_be_seen():
    life = Life(1, ApplicantKind.NATURAL, date(2024, 3, 1), Kind.A, date(2024, 3, 2))
    three = tables.table3([life], 2024)
    cells = {key: ids for key, ids in three.cells.items() if key != (Kind.A.value, TOTAL)}
    broken = tables.broken_identities(
        tables.Matrix(three.rows, three.columns, cells), tables.table4([], 2024)
    )
    assert broken == ["I2 total", "I3 a"]


def test_no_result_before_receipt():
    for more in ({"result": Kind.A}, {"result": Kind.A, "resulted": date(2024, 2, 28)}):
        with pytest.raises(ValueError, match=r"result"):
            Life(1, ApplicantKind.NATURAL, date(2024, 3, 1), **more)


def test_the_cells_of_an_organ_are_its_own_rows(office):
    mine = office.received(FIRST)
    office.decide(mine, FIRST)
    theirs = office.file(FIRST, organisation_id=office.planning.id)
    services.confirm_receipt(
        request_id=theirs.id,
        confirmed_date=FIRST,
        actor=office.actor(office.other),
        at=moment(FIRST, 12),
        command_id="f" * 32,
    )
    assert queries.table3(office.water.id, 2024).ids("a", "natural") == (mine.id,)
    assert queries.table3(office.planning.id, 2024).ids("new", TOTAL) == (theirs.id,)
