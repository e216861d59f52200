"""Rules of joint meetings: silence, reasons, two officers on a site."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.clock import LEGAL_ZONE
from mingtang.joint.rules.meetings import (
    Consent,
    MeetingKind,
    Opinion,
    Standing,
    TooFewOfficers,
    Word,
    check_held,
    check_invitation,
    check_opinion,
    is_agreed,
)

DUE = date(2013, 9, 20)
HELD = datetime(2013, 9, 20, 9, tzinfo=LEGAL_ZONE)


@given(
    st.integers(-30, 30),
    st.none() | st.sampled_from(Opinion),
    st.builds(Consent, by_silence=st.booleans(), by_absence=st.booleans()),
    st.booleans(),
)
def test_silence_is_consent_only_after_the_limit_and_only_by_the_setting(
    days, opinion, consent, is_absent
):
    found = Word(DUE, opinion, is_absent).standing(DUE + timedelta(days=days), consent)
    is_consent = consent.by_silence or (is_absent and consent.by_absence)
    if opinion is not None:
        assert found.value == opinion.value
    elif days <= 0:
        assert found is Standing.WAITING
    else:
        assert found is (Standing.DEEMED if is_consent else Standing.SILENT)


@given(st.lists(st.sampled_from(Standing), min_size=1, max_size=6))
def test_one_who_objects_waits_or_is_silent_breaks_the_agreement(standings):
    against = {Standing.DISAGREE, Standing.WAITING, Standing.SILENT}
    assert is_agreed(standings) == (not against & set(standings))


def test_conditions_and_objections_are_spelt_out():
    assert check_opinion(Opinion.AGREE, "") == ""
    for opinion in (Opinion.AGREE_IF, Opinion.DISAGREE):
        with pytest.raises(Exception, match="请写明"):
            check_opinion(opinion, "  ")
        assert check_opinion(opinion, " 退让河道 ") == "退让河道"


def test_a_site_visit_is_made_by_two_or_more():
    with pytest.raises(TooFewOfficers, match="第三十四条"):
        check_held(MeetingKind.SITE_VISIT, HELD, HELD, 1)
    check_held(MeetingKind.SITE_VISIT, HELD, HELD, 2)
    check_held(MeetingKind.REVIEW, HELD, HELD, 0)


def test_nothing_is_recorded_before_it_was_held():
    with pytest.raises(Exception, match="还没有到"):
        check_held(MeetingKind.REVIEW, HELD, HELD - timedelta(minutes=1), 5)


def test_an_invitation_goes_to_somebody_and_to_a_day_to_come():
    with pytest.raises(Exception, match="至少选一个"):
        check_invitation([], DUE, DUE, DUE)
    with pytest.raises(Exception, match="已经过去"):
        check_invitation([1], DUE - timedelta(days=1), DUE, DUE)
    with pytest.raises(Exception, match="期限"):
        check_invitation([1], DUE, DUE - timedelta(days=1), DUE)
    check_invitation([1], DUE, DUE, DUE)
