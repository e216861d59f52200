"""Who may do what: posts with dates, substitutes, letters of authority, sign-in limits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.accounts.models import Attempt
from mingtang.accounts.rules import (
    EVERY_ITEM,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_SOURCE,
    Authority,
    Grant,
    Role,
    Scope,
    TooManyAttempts,
    WrongCredentials,
)
from mingtang.accounts.services import check_credentials


def _grant(role=Role.CLERK, **more):
    fields = {
        "organisation_id": 1,
        "organisation_ids": frozenset({1, 2}),
        "organisation_label": "市水利局",
        **more,
    }
    return Grant(role=role, **fields)


def _find(scope, role=Role.CLERK, organisation=1, item="A", region=9):
    return scope.grants_for([role], organisation_id=organisation, item_code=item, region_id=region)


def test_a_post_reaches_its_organisation_and_those_below_and_no_other():
    scope = Scope(5, "祝晓芳", (_grant(),))
    assert _find(scope, organisation=2)
    assert not _find(scope, organisation=3)


def test_a_post_for_some_items_reaches_no_other_item():
    scope = Scope(5, "祝晓芳", (_grant(item_codes=frozenset({"A"})),))
    assert _find(scope, item="A")
    assert not _find(scope, item="B")


def test_a_role_is_not_another_role():
    assert not _find(Scope(5, "祝晓芳", (_grant(),)), role=Role.APPROVER)


def test_ones_own_right_comes_before_one_held_for_somebody_else():
    lent = _grant(acting_for_id=8, acting_for_label="毛建国")
    own = _grant()
    assert _find(Scope(5, "祝晓芳", (lent, own)))[0] is own


@given(st.sets(st.sampled_from("ABC")), st.sets(st.sampled_from("ABC")), st.sampled_from("ABC"))
def test_an_authority_allows_only_the_act_the_item_and_the_days_it_names(items, acts, item):
    letter = Authority(frozenset(items), frozenset(acts), date(2013, 1, 1), date(2013, 12, 31))
    for act in "ABC":
        allowed = letter.allows(act=act, item_code=item, on=date(2013, 12, 31))
        assert allowed == (item in items and act in acts)
        assert not letter.allows(act=act, item_code=item, on=date(2014, 1, 1))


def test_an_authority_for_every_item():
    letter = Authority(frozenset({EVERY_ITEM}), frozenset({"grant"}), date.min, date.max)
    assert letter.allows(act="grant", item_code="whatever", on=date(2013, 1, 1))
    assert not letter.allows(act="refuse", item_code="whatever", on=date(2013, 1, 1))


@pytest.mark.django_db
class TestSignIn:
    def _try(self, at, password="wrong password", source="10.0.0.1", username="shuili"):
        return check_credentials(username=username, password=password, source=source, at=at)

    @pytest.fixture(autouse=True)
    def _person(self, people):
        self.person = people.person("shuili", "郑梅")

    def test_the_right_password_opens(self, at, people):
        assert self._try(at, people.password).id == self.person

    def test_an_unknown_name_and_a_wrong_password_answer_alike(self, at):
        answers = []
        for username in ("shuili", "nobody"):
            with pytest.raises(WrongCredentials) as refusal:
                self._try(at, username=username)
            answers.append(str(refusal.value))
        assert answers[0] == answers[1]

    def test_guessing_locks_the_source_out_and_not_the_owner_elsewhere(self, at, people):
        for _ in range(SIGN_IN_PER_ACCOUNT.most):
            with pytest.raises(WrongCredentials):
                self._try(at)
        with pytest.raises(TooManyAttempts):
            self._try(at, people.password)
        assert self._try(at, people.password, source="10.0.0.2").id == self.person

    def test_the_lock_opens_by_itself(self, at, people):
        for _ in range(SIGN_IN_PER_ACCOUNT.most):
            with pytest.raises(WrongCredentials):
                self._try(at)
        assert self._try(at + timedelta(minutes=16), people.password).id == self.person

    @pytest.mark.parametrize("overall", [50, 0])
    def test_many_sources_together_leave_each_a_few_guesses(self, at, people, monkeypatch, overall):
        """Control: where it is not looked at how many all made, a source goes on guessing."""
        limit = replace(SIGN_IN_PER_SOURCE, overall=overall)
        monkeypatch.setattr("mingtang.accounts.services.SIGN_IN_PER_SOURCE", limit)
        rows = (
            Attempt(purpose="sign_in_source", key=f"{number:064x}", at=at) for number in range(50)
        )
        Attempt.objects.bulk_create(rows)
        judged = 0
        for number in range(limit.meanwhile + 3):
            try:
                self._try(at, username=f"nobody-{number}")
            except WrongCredentials:
                judged += 1
            except TooManyAttempts:
                pass
        assert judged == (limit.meanwhile if overall else limit.meanwhile + 3)
        assert self._try(at, people.password, source="10.0.0.2").id == self.person

    @pytest.mark.slow
    def test_a_thousand_guesses_at_one_account_are_judged_ten_times_at_most(self, at):
        judged = 0
        for _ in range(1000):
            try:
                self._try(at)
            except WrongCredentials:
                judged += 1
            except TooManyAttempts:
                pass
        assert judged <= 10

    def test_a_closed_account_does_not_open(self, at, people):
        people.close(self.person)
        with pytest.raises(WrongCredentials):
            self._try(at, people.password)
