"""What a log tells, against vectors by hand and laws that hold for every log."""

import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.bottlenecks.log.writing import as_dict
from mingtang.bottlenecks.rules.graph import BOX_HEIGHT, MOST_EDGES, picture
from mingtang.bottlenecks.rules.mining import LogEvent, mine
from mingtang.bottlenecks.rules.spread import at_tenths, spread_of, spread_of_counts

START = datetime(2013, 9, 17, 2, tzinfo=UTC)


def log(*lines: tuple[str, str, float]) -> list[LogEvent]:
    """Events by case, activity and seconds since the start."""
    return [LogEvent(case, name, START + timedelta(seconds=at)) for case, name, at in lines]


def test_a_small_log_by_hand():
    told = as_dict(
        mine(
            log(
                *(("2", "收件", 0), ("1", "收件", 0), ("1", "审查", 10), ("1", "审查", 30)),
                *(("1", "办结", 31.5), ("2", "审查", 100), ("3", "收件", 5), ("3", "审查", 25)),
            )
        )
    )
    assert (told["cases"], told["events"]) == (3, 8)
    assert told["edges"] == [
        edge("收件", "审查", 3, 20.0, 130 / 3, 84.0),
        edge("审查", "办结", 1, 1.5, 1.5, 1.5),
        edge("审查", "审查", 1, 20.0, 20.0, 20.0),
    ]
    examined = told["activities"][0]
    assert examined["activity"] == "审查"
    assert examined["count"] == 4
    assert examined["cases"] == 3
    assert examined["median_seconds"] == 20.0
    assert (examined["repeats"], examined["self_loops"], examined["ends"]) == (1, 1, 2)
    received = told["activities"][1]
    assert (received["activity"], received["starts"]) == ("收件", 3)
    assert received["median_seconds"] is None
    assert told["variants"] == [
        {"activities": ["收件", "审查"], "cases": 2},
        {"activities": ["收件", "审查", "审查", "办结"], "cases": 1},
    ]
    assert told["start_activities"] == [{"activity": "收件", "cases": 3}]
    assert told["end_activities"] == [
        {"activity": "审查", "cases": 2},
        {"activity": "办结", "cases": 1},
    ]
    assert told["rework"]["cases"] == 1
    assert told["rework"]["activities"] == [
        {"activity": "审查", "cases": 1, "repeats": 1, "self_loops": 1}
    ]
    assert told["case_duration"]["median_seconds"] == 31.5


def edge(source, target, count, median, mean, p90):
    return {
        "from": source,
        "to": target,
        "count": count,
        "median_seconds": median,
        "mean_seconds": round(mean, 6),
        "p90_seconds": p90,
    }


def test_events_of_one_instant_stay_in_the_order_of_the_file():
    found = mine(log(("1", "乙", 5), ("1", "丙", 5), ("1", "甲", 0), ("1", "丁", 5)))
    assert found.variants[0].activities == ("甲", "乙", "丙", "丁")


def test_a_case_of_one_event_has_no_edge_and_can_be_drawn():
    found = mine(log(("1", "收件", 0)))
    assert (found.edges, found.case_spread.total) == ([], 0)
    assert [box.name for box in picture(found).boxes] == ["收件"]


def test_rework_is_not_only_what_comes_directly_again():
    found = mine(log(*(("1", name, at) for at, name in enumerate("甲乙甲乙甲"))))
    told = {one.name: (one.repeats, one.repeat_cases, one.self_loops) for one in found.rework}
    assert told == {"甲": (2, 1, 0), "乙": (1, 1, 0)}
    assert [one.name for one in found.rework] == ["甲", "乙"]


def test_resources_are_those_who_are_named():
    events = [
        LogEvent("1", "收件", START, "窗口"),
        LogEvent("1", "审查", START + timedelta(seconds=60), "科室"),
        LogEvent("1", "办结", START + timedelta(seconds=90), ""),
        LogEvent("2", "收件", START, "科室"),
    ]
    found = mine(events)
    told = [
        (one.name, one.count, one.cases, one.spread and one.spread.total) for one in found.resources
    ]
    assert told == [("科室", 2, 2, 60_000_000), ("窗口", 1, 1, None)]


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=60))
def test_percentiles_are_those_of_statistics(values):
    """The method "inclusive" of the standard library is the same line."""
    cuts = statistics.quantiles(map(Fraction, values), n=10, method="inclusive")
    ordered = sorted(values)
    nth = ordered.__getitem__
    assert [at_tenths(nth, len(ordered), tenths) for tenths in range(1, 10)] == cuts
    found = spread_of(values)
    assert found
    assert found == spread_of_counts(Counter(values))
    assert (found.median, found.p90) == (statistics.median(map(Fraction, values)), cuts[8])
    assert found.mean == statistics.mean(map(Fraction, values))


def test_no_values_have_no_spread():
    assert spread_of([]) is None
    assert spread_of_counts({}) is None
    assert spread_of_counts({3: 0}) is None


LOGS = st.lists(
    st.tuples(st.sampled_from("1234"), st.sampled_from("甲乙丙"), st.integers(0, 20)),
    min_size=1,
    max_size=40,
).map(lambda lines: log(*lines))


@given(LOGS)
def test_what_adds_up_in_every_log(events):
    found = mine(events)
    assert sum(one.count for one in found.edges) == found.events - found.cases
    assert sum(one.cases for one in found.variants) == found.cases
    assert sum(one.count for one in found.activities) == found.events == len(events)
    assert sum(cases for _name, cases in found.starts) == found.cases
    assert sum(cases for _name, cases in found.ends) == found.cases
    assert sum(len(one.activities) * one.cases for one in found.variants) == found.events
    loops = {edge.source: edge.count for edge in found.edges if edge.source == edge.target}
    assert {one.name: one.self_loops for one in found.activities if one.self_loops} == loops
    for one in found.activities:
        assert one.count == one.cases + one.repeats
        assert one.count == one.starts + (one.spread.count if one.spread else 0)
    assert found.case_spread.total == sum(edge.spread.total for edge in found.edges)


@given(LOGS)
def test_lists_are_the_same_whatever_came_first(events):
    """Cases in another order tell the same, for the order inside a case is that of time."""
    order = Counter(event.case for event in events)
    mixed = [
        event for case in sorted(order, reverse=True) for event in events if event.case == case
    ]
    assert as_dict(mine(events)) == as_dict(mine(mixed))


@given(LOGS)
def test_every_drawn_line_joins_drawn_boxes_and_no_label_covers_another(events):
    found = mine(events)
    drawn = picture(found)
    names = {box.name for box in drawn.boxes}
    assert len(drawn.lines) + drawn.left_out == len(found.edges)
    assert len(drawn.lines) <= MOST_EDGES
    assert all({line.edge.source, line.edge.target} <= names for line in drawn.lines)
    tops = [box.y for box in drawn.boxes]
    assert all(after - before > BOX_HEIGHT for before, after in pairwise(tops))
    places = [(line.label_x, line.label_y) for line in drawn.lines]
    assert len(set(places)) == len(places)


def test_of_two_neighbours_the_one_that_leads_to_the_other_stands_above():
    """By its mean place alone the second activity would come last: most cases skip to it."""
    lines = [(str(n), name, at) for n in range(9) for at, name in enumerate("甲丙")]
    lines += [(f"x{n}", name, at) for n in range(30) for at, name in enumerate("甲丁戊乙丙")]
    order = [box.name for box in picture(mine(log(*lines))).boxes]
    assert order.index("乙") < order.index("丙")


@pytest.mark.parametrize("count", [1, 2, 3, 11, 100])
def test_the_ninetieth_percentile_of_a_row_of_numbers(count):
    assert at_tenths(lambda place: place, count, 9) == Fraction(9 * (count - 1), 10)
