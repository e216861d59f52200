"""Ratings without a database: levels, and which service of a case they are about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.cases.present.events import EVENT_TITLES
from mingtang.interaction.rules import COMPLETES, GOES_ON, Level, completed_service


def _told(*kinds):
    return list(enumerate(kinds, 1))


def test_the_five_levels_run_from_best_to_worst():
    assert [level.label for level in Level] == [
        *("非常满意", "满意", "基本满意", "不满意", "非常不满意")
    ]


@pytest.mark.parametrize("kind", sorted(COMPLETES))
def test_a_service_that_the_office_brought_to_its_end_may_be_rated(kind):
    assert completed_service(_told("case.submitted", kind, "document.sealed")) == 2


@pytest.mark.parametrize(
    "kinds",
    [
        (),
        ("case.submitted", "case.received", "case.accepted", "case.examined"),
        ("case.submitted", "case.granted"),  # decided, but the applicant has nothing yet
        ("case.submitted", "case.refused", "case.issued"),
        ("case.submitted", "case.withdrawn"),
        ("case.submitted", "case.withdrawn", "case.archived"),
        ("case.submitted", "case.returned", "case.reopened"),
        ("case.submitted", "case.returned", "case.reopened", "case.withdrawn"),
    ],
)
def test_what_goes_on_or_was_taken_back_may_not(kinds):
    assert completed_service(_told(*kinds)) is None


def test_the_archive_changes_nothing():
    assert completed_service(_told("case.submitted", "case.delivered", "case.archived")) == 2


def test_a_case_taken_up_again_and_completed_anew_is_another_service():
    kinds = ("case.submitted", "case.returned", "case.reopened", "case.delivered")
    assert completed_service(_told(*kinds)) == 4


@given(st.lists(st.sampled_from(sorted(EVENT_TITLES)), max_size=12))
def test_a_service_is_an_event_that_completes_and_after_which_nothing_was_reopened(kinds):
    seq = completed_service(_told(*kinds))
    after = len(kinds) - kinds[::-1].index(GOES_ON) if GOES_ON in kinds else 0
    ends = [place for place, kind in _told(*kinds) if kind in COMPLETES and place > after]
    assert seq == (ends[-1] if ends else None)


def test_every_kind_that_the_rule_names_is_one_that_cases_tell():
    assert {*COMPLETES, GOES_ON, "case.withdrawn"} <= set(EVENT_TITLES)
