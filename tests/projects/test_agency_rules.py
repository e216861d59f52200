"""Rules of agents: what a letter covers and when, excluded industries, like held against like."""

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.accounts.rules import Role
from mingtang.cases.rules import moves as case_moves
from mingtang.projects.rules.agency import (
    ActKind,
    IndustryExcluded,
    LetterNotInForce,
    LetterState,
    Mandate,
    OutsideLetter,
    Service,
    Share,
    Took,
    check_industry,
    check_letter,
    compared,
)

DAY = date(2013, 9, 17)
SERVICES = st.frozensets(st.sampled_from(Service), min_size=1)
NODES = st.sampled_from(["eia", "land", "plan", "permit"])
DAYS = st.dates(date(2013, 1, 1), date(2014, 12, 31))


def letter(**more):
    fields = {
        "services": frozenset(Service),
        "nodes": None,
        "valid_from": DAY,
        "valid_to": DAY + timedelta(days=30),
        **more,
    }
    return Mandate(**fields)


@st.composite
def letters(draw):
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return Mandate(
        services=draw(SERVICES),
        nodes=draw(st.none() | st.frozensets(NODES, min_size=1)),
        valid_from=first,
        valid_to=last,
        is_signed=draw(st.booleans()),
        is_ended=draw(st.booleans()),
    )


@given(letters(), st.sampled_from(Service), NODES | st.just(""), DAYS)
def test_nothing_an_agent_does_is_wider_than_the_letter(one, service, node, on):
    """Whatever is allowed lies within services, nodes and days of a signed letter."""
    try:
        one.check_act(service, node, "某事", on)
    except LetterNotInForce:
        assert not (one.is_signed and not one.is_ended and one.valid_from <= on <= one.valid_to)
    except OutsideLetter:
        assert service not in one.services or (one.nodes is not None and node not in one.nodes)
    else:
        assert one.is_signed
        assert not one.is_ended
        assert one.valid_from <= on <= one.valid_to
        assert service in one.services
        assert one.nodes is None or not node or node in one.nodes


@given(letters(), DAYS)
def test_a_letter_stands_in_one_place_each_day(one, on):
    state = one.state(on)
    assert (state is LetterState.ENDED) == one.is_ended
    if state is LetterState.EXPIRED:
        assert on > one.valid_to


def test_a_letter_holds_on_its_first_and_its_last_day():
    one = letter()
    states = [one.state(DAY + timedelta(days=days)) for days in (-1, 0, 30, 31)]
    assert states == [
        *(LetterState.COMING, LetterState.IN_FORCE, LetterState.IN_FORCE, LetterState.EXPIRED),
    ]
    assert letter(is_signed=False).state(DAY) is LetterState.DRAWN


def test_a_letter_for_a_part_leaves_the_other_nodes_to_the_owner():
    one = letter(nodes=frozenset({"eia"}), services=frozenset({Service.APPROVAL}))
    one.check_act(Service.APPROVAL, "eia", "环评", DAY)
    with pytest.raises(OutsideLetter, match="用地"):
        one.check_act(Service.APPROVAL, "land", "用地", DAY)
    with pytest.raises(OutsideLetter, match="中介"):
        one.check_act(Service.INTERMEDIARY, "eia", "中介", DAY)


def test_a_letter_says_what_and_when():
    with pytest.raises(Exception, match="哪些服务"):
        check_letter([], DAY, DAY)
    with pytest.raises(Exception, match="早于"):
        check_letter([Service.APPROVAL], DAY, DAY - timedelta(days=1))


@pytest.mark.parametrize("industry", ["房地产业", "K7010", "k70", "商品房开发（房地产）"])
def test_excluded_industries_are_refused_by_word_and_by_code(industry):
    with pytest.raises(IndustryExcluded):
        check_industry(industry, ["房地产", "K70"])


def test_other_industries_are_served():
    for industry in ("C2034 木门窗制造", "水利", "", "AK70"):
        check_industry(industry, ["房地产", "K70"])
    check_industry("房地产业", [])


def test_an_agent_never_decides():
    """No move of a case is open to an agent's post, and no act of theirs is a decision."""
    open_to_agents = [move for move in case_moves.MOVES if Role.AGENT in move.roles]
    assert open_to_agents == []
    assert {one.value for one in ActKind}.isdisjoint({"decide", "grant", "refuse", "approve"})


TOOK = st.builds(
    Took,
    node=st.sampled_from(["a", "b"]),
    name=st.just("环节"),
    days=st.integers(0, 60),
    has_agent=st.booleans(),
)


@given(st.lists(TOOK, max_size=40), st.integers(1, 6))
def test_like_is_held_against_like_and_nothing_shown_of_too_few(took, least):
    for one in compared(took, least):
        sides = {
            flag: [t.days for t in took if t.node == one.node and t.has_agent is flag]
            for flag in (True, False)
        }
        assert (one.with_count, one.without_count) == (len(sides[True]), len(sides[False]))
        if min(one.with_count, one.without_count) < least:
            assert one.with_median is one.without_median is one.saved is None
        else:
            assert one.saved == median(sides[False]) - median(sides[True])


def test_a_share_of_nothing_is_none():
    assert Share(0, 0).percent is None
    assert Share(1, 4).percent == 25
