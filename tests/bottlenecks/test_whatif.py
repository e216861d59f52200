"""Another route tried out: vectors by hand, and what holds for every route."""

from hypothesis import given
from hypothesis import strategies as st

from mingtang.bottlenecks.rules.whatif import Change, Node, Past, changed, finish, replay

SERIAL = Past(
    "case:1",
    (Node("a", 1, (), 3, 2), Node("b", 2, (), 4), Node("c", 2, ("b",), 2), Node("d", 3, (), 1)),
    deciding_days=2,
)


def test_the_longest_way_and_the_decision():
    assert finish(SERIAL) == 3 + 4 + 2 + 1 + 2
    side = Past("case:2", (Node("a", 1, (), 3), Node("b", 1, (), 7), Node("c", 2, (), 1)))
    assert finish(side) == 8
    assert finish(Past("case:3", (), 5)) == 5


def test_a_step_that_waits_no_more_begins_with_what_it_waited_for():
    """b begins with a, and c still waits for it: max(3, 4) + 2 instead of 3 + 4 + 2."""
    assert finish(changed(SERIAL, Change("b", is_parallel=True))) == 4 + 2 + 1 + 2
    assert finish(changed(SERIAL, Change("c", is_parallel=True))) == 3 + 4 + 1 + 2
    assert finish(changed(SERIAL, Change("a", is_parallel=True))) == finish(SERIAL)


def test_another_of_its_stage_does_not_wait_for_it_now():
    case = Past("case:1", (Node("a", 1, (), 1), Node("b", 2, (), 5), Node("c", 2, (), 9)))
    assert finish(case) == 10
    assert finish(changed(case, Change("c", is_parallel=True))) == 9


def test_a_limit_that_is_cut_is_kept_and_who_was_over_it_is_told():
    cases = [Past(f"case:{days}", (Node("a", 1, (), days, 5),), 1) for days in (1, 4, 6, 9)]
    found = replay([*cases, Past("case:0", (Node("z", 1, (), 3),))], Change("a", limit_days=3))
    assert (found.cases, found.untouched, found.faster) == (5, 1, 3)
    assert (found.late_before, found.late_after) == (2, 3)
    assert found.late_streams == ("case:9", "case:6", "case:4")
    assert found.before.total == 2 + 5 + 7 + 10 + 3
    assert found.after.total == 2 + 4 + 4 + 4 + 3
    assert found.saved_days == 10
    assert (found.before.median, found.after.median) == (5, 4)


def test_a_step_without_a_limit_was_never_late():
    found = replay([SERIAL], Change("b", is_parallel=True))
    assert (found.late_before, found.late_after, found.late_streams) == (None, None, ())


def test_no_cases_have_no_outcome():
    assert replay([], Change("a")) is None


@st.composite
def pasts(draw):
    """A route whose steps need earlier ones alone."""
    nodes = []
    for number in range(draw(st.integers(1, 7))):
        stage = draw(st.integers(1, 3))
        before = [one.key for one in nodes if one.stage <= stage]
        needs = draw(st.lists(st.sampled_from(before), max_size=2)) if before else []
        nodes.append(Node(f"s{number}", stage, tuple(needs), draw(st.integers(0, 20))))
    return Past("case:1", tuple(nodes), draw(st.integers(0, 5)))


def slowly(case: Past) -> int:
    """Day by day: what may run, runs."""
    left = {one.key: one.days for one in case.nodes}
    done = set()
    day = 0
    while True:
        while True:  # what takes no day is done as soon as it may begin
            ready = [
                one
                for one in case.nodes
                if one.key not in done
                and all(
                    other.key in done
                    for other in case.nodes
                    if other.stage < one.stage - one.ahead or other.key in one.needs
                )
            ]
            over = {one.key for one in ready if left[one.key] == 0}
            if not over:
                break
            done |= over
        if len(done) == len(case.nodes):
            return day + case.deciding_days
        day += 1
        for one in ready:
            left[one.key] -= 1


@given(pasts())
def test_the_longest_way_is_what_a_day_by_day_run_takes(case):
    assert finish(case) == slowly(case)


@given(pasts(), st.booleans(), st.none() | st.integers(0, 20))
def test_no_change_makes_a_case_slower(case, is_parallel, limit):
    for node in case.nodes:
        change = Change(node.key, is_parallel, limit)
        after = changed(case, change)
        assert finish(after) <= finish(case)
        assert finish(after) == slowly(after)
        if not is_parallel and limit is None:
            assert after == case
