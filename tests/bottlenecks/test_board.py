"""The pages: whose they are, what they count, what they lead to, how many statements they take."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.ids import next_id
from mingtang.bottlenecks import views
from mingtang.bottlenecks.models import StepTime
from mingtang.bottlenecks.queries import times
from mingtang.bottlenecks.queries.times import LongestFirst, Selection
from mingtang.bottlenecks.rules.board import Alike, By, board_of
from mingtang.bottlenecks.rules.steps import DECIDE
from mingtang.ledger.services import deliver_all
from tests.laid import laid
from tests.world import World, morning

YEAR = Selection(dt.date(2013, 1, 1), dt.date(2013, 12, 31))
BOARD = "bottlenecks:board"


def test_groups_add_up_to_what_each_passage_took():
    rows = [
        Alike(("a",), 1, 2, False, False, True, 3),
        Alike(("a",), 5, 5, True, True, True, 1),
        Alike(("b",), 0, 0, False, False, False, 10),
        Alike(("b",), 2, 9, False, False, False, 1),
    ]
    found = board_of(rows)
    a, b = found.find(("a",)), found.find(("b",))
    assert [one.key for one in found.groups] == [("a",), ("b",)]
    assert (a.count, a.total, a.redone, a.overdue, a.limited) == (4, 19, 1, 1, 4)
    assert (a.days.median, float(a.days.p90)) == (3, 7.9)
    assert (a.waiting.median, a.handling.median) == (1, 2)
    assert (b.days.median, b.limited) == (0, 0)
    assert sum(found.share(one) for one in found.groups) == 1
    assert board_of([Alike(("a",), 0, 0, False, False, False, 1)]).share(a) is None


def _where_four_were_filed():
    """Three decided cases of one item and one in hand, in September 2013; and who reads of them, of
    the reform office: it sees the offices of the county."""
    world = World()
    world.reader = world.people.post("reform", Role.REFORM_OFFICE, world.centre)
    item = world.item()
    world.lived = []
    for day, until in ((2, 4), (3, 10), (4, 17)):
        case = world.file(item, morning(2013, 9, day))
        world.bring(case, "claimed", morning(2013, 9, day))
        for state in ("examined", "granted"):
            _go_on(world, case, state, morning(2013, 9, until))
        world.lived.append(case)
    world.bring(world.file(item, morning(2013, 9, 17)), "claimed", morning(2013, 9, 17))
    deliver_all(morning(2014, 9, 17))
    return world


_city = laid(_where_four_were_filed)


@pytest.fixture
def world(_city, db):
    return _city()


@pytest.fixture
def reader(world):
    return world.reader


@pytest.fixture
def lived(world):
    return world.lived


def _go_on(world, case, state, at):
    from mingtang.cases import services
    from mingtang.cases.rules import Verb

    if state == "examined":
        more = {"step_key": "review", "opinion": "符合条件"}
        world.act(world.handler, services.examine, case, at, **more)
    else:
        world.act(world.approver, services.decide, case, at, verb=Verb.GRANT, reason="符合")


def shown(client, person, name=BOARD, **asked):
    client.force_login(person)
    with time_machine.travel(morning(2013, 9, 30), tick=False):
        return client.get(reverse(name), asked)


# ── what is counted ───────────────────────────────────────────────────────────────────────────


def test_a_node_by_hand(world, reader, lived):
    """2, 5 and 9 working days: each was examined on the last of them."""
    found = times.board(world.scope(reader), YEAR, By.NODE)
    node = found.find((lived[0].item.code, "review"))
    assert (node.count, node.days.median, node.total, node.redone) == (3, 5, 16, 0)
    assert node.waiting.total == 0
    assert float(node.days.p90) == 8.2
    assert found.groups[0] is node
    assert found.find((lived[0].item.code, DECIDE)).total == 0


@pytest.mark.parametrize("by", By)
def test_every_way_to_put_them_together_counts_all(world, reader, lived, by):
    scope = world.scope(reader)
    rows = list(times.passages(scope, YEAR))
    found = times.board(scope, YEAR, by)
    plain = Counter()
    for row in rows:
        plain[tuple(getattr(row, name) for name in times.COLUMNS[by])] += row.days
    assert {one.key: one.total for one in found.groups} == dict(plain)
    assert sum(one.count for one in found.groups) == len(rows) == 10
    assert times.last_rows([one.key for one in found.groups], by).keys() == plain.keys()


@pytest.mark.slow
def test_only_what_was_over_in_the_span_and_at_the_office(world, reader, lived):
    scope = world.scope(reader)
    early = Selection(dt.date(2013, 9, 1), dt.date(2013, 9, 9))
    assert times.board(scope, early, By.NODE).find((lived[0].item.code, "review")).count == 1
    elsewhere = Selection(YEAR.since, YEAR.until, world.planning.id)
    assert times.board(scope, elsewhere, By.NODE).groups == []
    here = Selection(YEAR.since, YEAR.until, world.water.id)
    assert len(times.board(scope, here, By.NODE).groups) == 3


def test_who_oversees_no_county_sees_nothing(world, lived):
    assert times.board(world.scope(world.clerk), YEAR, By.NODE).groups == []


def test_what_is_in_hand_is_counted_apart(world, reader, lived):
    found = times.open_counts(world.scope(reader), By.STAGE)
    assert found == {(1,): 1, (901,): 3}


def test_the_slowest_cases_of_each_node(world, reader, lived):
    nodes = [(lived[0].item.code, "review")]
    found = times.slowest(world.scope(reader), YEAR, nodes, 2)
    assert [row.stream for row in found[nodes[0]]] == [lived[2].stream, lived[1].stream]


def test_the_cases_behind_a_node_page_by_page(world, reader, lived, monkeypatch):
    monkeypatch.setattr(times, "PAGE", 2)
    scope, code = world.scope(reader), lived[0].item.code
    first, following = times.behind(scope, YEAR, code, "review")
    assert [row.days for row in first] == [9, 5]
    rest, end = times.behind(scope, YEAR, code, "review", LongestFirst.read(str(following)))
    assert ([row.days for row in rest], end) == ([2], None)
    assert LongestFirst.read("x_1") is LongestFirst.read("") is None


# ── the pages ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["board", "node", "what_if"])
def test_whose_the_pages_are(client, world, reader, lived, name):
    asked = {"item": lived[0].item.code, "step": "review", "year": "2013", "limit": "3"}
    for who in (reader, world.manager):
        assert shown(client, who, f"bottlenecks:{name}", **asked).status_code == 200
    for who in (world.clerk, world.citizen):
        assert shown(client, who, f"bottlenecks:{name}", **asked).status_code == 404
    client.logout()
    assert client.get(reverse(f"bottlenecks:{name}")).status_code == 302


def test_the_board_shows_nodes_with_their_slowest_cases(client, reader, lived):
    text = shown(client, reader).content.decode()
    assert "2012-10-01 – 2013-09-30" in text
    assert lived[2].number in text
    assert "9 天（等 0，办 9）" in text
    assert "占全部用时 100.0%" in text


@pytest.mark.parametrize("by", By)
def test_each_list_and_a_comparison(client, world, reader, lived, by):
    asked = {"by": by.value, "since": "2013-09-01", "until": "2013-09-09"}
    answer = shown(client, reader, **asked, since_2="2013-09-10", until_2="2013-09-30")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "2013-09-10 – 2013-09-30" in text
    other = shown(client, reader, **asked, unit_2=str(world.water.id)).content.decode()
    assert "水利局" in other


def test_many_groups_are_shown_page_by_page(client, reader, lived, monkeypatch):
    monkeypatch.setattr(views, "ROWS", 2)
    first = shown(client, reader, since="2013-09-01")
    assert [row["key"][1] for row in first.context["rows"]] == ["review", "@check"]
    assert first.context["bars"]
    assert first.context["next_url"].endswith("?since=2013-09-01&start=2")
    rest = shown(client, reader, since="2013-09-01", start="2")
    assert [row["key"][1] for row in rest.context["rows"]] == [DECIDE]
    assert (rest.context["bars"], rest.context["next_url"]) == ([], "")
    assert rest.context["first_url"].endswith("?since=2013-09-01")
    assert "worst" not in rest.context
    assert shown(client, reader, start="-3").status_code == 200


def test_what_is_typed_wrong_stays_and_is_told(client, reader, lived):
    answer = shown(client, reader, since="2013-09-09", until="2013-09-01", unit="77")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in text
    assert 'value="2013-09-09"' in text


def test_the_page_of_a_node(client, reader, lived):
    text = shown(
        client, reader, "bottlenecks:node", item=lived[0].item.code, step="review"
    ).content.decode()
    places = [text.index(case.number) for case in reversed(lived)]
    assert places == sorted(places)
    gone = shown(client, reader, "bottlenecks:node", item="none", step="review")
    assert gone.status_code == 404


def test_what_if_counts_who_would_have_been_late(client, reader, lived):
    name, code = "bottlenecks:what_if", lived[0].item.code
    empty = shown(client, reader, name)
    assert empty.status_code == 200
    assert "这一年没有办结的件" in empty.content.decode()
    first = shown(client, reader, name, year="2013").content.decode()
    assert "（3 件）" in first
    asked = {"year": "2013", "item": code, "step": "review", "limit": "4"}
    text = shown(client, reader, name, **asked).content.decode()
    assert "3 件里有 2 件会更快，一共省 6 个工作日，平均每件 2 天" in text
    assert "的时限改为 4 个工作日，这些件里有 2 件会超期" in text
    assert 'value="4"' in text


@pytest.mark.parametrize(
    "asked",
    [
        {"step": "review"},
        {"step": "review", "limit": "-1"},
        {"step": "review", "limit": "很多"},
        {"step": "nothing", "limit": "3"},
        {"year": "13"},
        {"item": "none"},
    ],
)
def test_what_if_says_what_is_wrong_and_keeps_it(client, reader, lived, asked):
    asked = {"year": "2013", "item": lived[0].item.code, **asked}
    answer = shown(client, reader, "bottlenecks:what_if", **asked)
    assert answer.status_code == 422
    assert "error" in answer.content.decode()


@pytest.mark.parametrize("name", ["board", "node", "what_if"])
def test_more_cases_need_no_more_statements(client, world, reader, lived, name):
    code = lived[0].item.code
    asked = {"item": code, "step": "review", "year": "2013", "limit": "3"}
    _statements(client, reader, name, asked)  # who signs in first leaves more behind
    before = _statements(client, reader, name, asked)
    for row in list(StepTime.objects.all()):
        for number in range(3):
            row.pk, row.stream = next_id(), f"{row.stream}{number}"
            StepTime.objects.bulk_create([row])
    assert _statements(client, reader, name, asked) == before


def _statements(client, reader, name, asked) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert shown(client, reader, f"bottlenecks:{name}", **asked).status_code == 200
    return len(seen)
