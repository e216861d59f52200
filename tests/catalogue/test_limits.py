"""Limits: what a cell means, what the law fills in, and that no promise outlasts the law."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.catalogue.rules import (
    ItemKind,
    Limit,
    LimitUnreadable,
    PromiseTooLong,
    SettledLimits,
    is_longer,
    kind_from,
    profile_for,
    read_limit,
    settle,
)
from mingtang.timing.rules import Unit

WD, DAY, MONTH = Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH
PERMIT_LAW = (Limit(20, WD), "《中华人民共和国行政许可法》第四十二条")
NO_LAW = (None, "")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("", None),
        ("未载明", None),
        ("20", Limit(20, WD)),
        ("20.0", Limit(20, WD)),
        ("20个工作日", Limit(20, WD)),
        ("7 个自然日", Limit(7, DAY)),
        ("3个月", Limit(3, MONTH)),
        ("4小时", Limit(4, Unit.OFFICE_HOUR)),
        ("当场", Limit(0, WD)),
    ],
)
def test_a_cell_of_limits_is_read(text: str, limit: Limit | None) -> None:
    assert read_limit(text) == limit


@pytest.mark.parametrize("text", ["20日", "20天", "两周", "约20个工作日", "-3", "99999"])
def test_a_cell_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(LimitUnreadable, match="不能识别"):
        read_limit(text)


def test_limits_are_said_in_words() -> None:
    assert Limit(20, WD).label == "20个工作日"
    assert Limit(0, WD).label == "当场办结"


@pytest.mark.parametrize(
    ("promised", "statutory", "longer"),
    [
        (Limit(20, WD), Limit(20, WD), False),
        (Limit(21, WD), Limit(20, WD), True),
        (Limit(20, DAY), Limit(20, WD), False),
        (Limit(21, DAY), Limit(20, WD), None),
        (Limit(20, WD), Limit(30, DAY), None),
        (Limit(1, MONTH), Limit(20, WD), None),
        (Limit(0, WD), Limit(3, MONTH), False),
    ],
)
def test_limits_compare_where_their_units_allow(
    promised: Limit, statutory: Limit, longer: bool | None
) -> None:
    assert is_longer(promised, statutory) is longer


def fill(
    *,
    statutory: Limit | None = None,
    basis: str = "",
    promised: Limit | None = None,
    on_the_spot: bool = False,
    default_days: int | None = 20,
    law: tuple[Limit | None, str] = PERMIT_LAW,
) -> SettledLimits:
    return settle(
        statutory=statutory,
        statutory_basis=basis,
        promised=promised,
        on_the_spot=on_the_spot,
        default_days=default_days,
        law=law,
    )


def test_a_permit_without_a_stated_limit_has_the_twenty_days_of_the_law() -> None:
    found = fill(promised=Limit(10, WD))
    assert (found.statutory, found.statutory_basis) == PERMIT_LAW
    assert (found.promised, found.promised_is_default) == (Limit(10, WD), False)


def test_a_special_law_goes_before_the_permit_law() -> None:
    found = fill(statutory=Limit(45, WD), basis="取水条例第十九条")
    assert (found.statutory, found.statutory_basis) == (Limit(45, WD), "取水条例第十九条")


def test_other_kinds_have_no_statutory_limit_unless_stated() -> None:
    found = fill(law=NO_LAW)
    assert (found.statutory, found.promised, found.promised_is_default) == (
        None,
        Limit(20, WD),
        True,
    )


def test_the_centres_promise_never_outlasts_the_law() -> None:
    assert fill(statutory=Limit(5, WD)).promised == Limit(5, WD)
    assert fill(statutory=Limit(15, DAY)).promised == Limit(15, DAY)
    assert fill(statutory=Limit(45, WD)).promised == Limit(20, WD)


def test_without_a_default_nothing_is_promised() -> None:
    found = fill(default_days=None)
    assert (found.promised, found.promised_is_default) == (None, False)


def test_on_the_spot_is_a_promise_of_its_own() -> None:
    found = fill(on_the_spot=True)
    assert (found.promised, found.promised_is_default) == (Limit(0, WD), False)


def test_a_promise_longer_than_the_law_is_refused_with_both_limits() -> None:
    with pytest.raises(PromiseTooLong, match=r"30个工作日长于法定时限20个工作日.*第四十二条"):
        fill(promised=Limit(30, WD))


def test_limits_that_do_not_compare_are_marked() -> None:
    assert not fill(statutory=Limit(30, DAY), promised=Limit(25, WD)).are_comparable
    assert fill(promised=Limit(15, WD)).are_comparable


limits = st.builds(Limit, st.integers(1, 99), st.sampled_from(list(Unit)))


@given(st.none() | limits, st.booleans(), st.integers(1, 365))
def test_what_the_centre_promises_by_default_is_never_longer(
    statutory: Limit | None, on_the_spot: bool, days: int
) -> None:
    found = fill(statutory=statutory, on_the_spot=on_the_spot, default_days=days, law=NO_LAW)
    assert found.promised is not None
    if found.statutory:
        assert is_longer(found.promised, found.statutory) is False or (
            found.promised == found.statutory
        )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", ItemKind.PERMIT),
        ("01", ItemKind.PERMIT),
        ("行政许可", ItemKind.PERMIT),
        ("10", ItemKind.OTHER_POWER),
        ("20", ItemKind.PUBLIC_SERVICE),
        ("11", ItemKind.NON_PERMIT_APPROVAL),
        ("public_service", ItemKind.PUBLIC_SERVICE),
        ("99", None),
        ("", None),
    ],
)
def test_a_kind_is_told_by_code_or_word(text: str, kind: ItemKind | None) -> None:
    assert kind_from(text) is kind


def test_the_permit_law_is_one_profile_and_not_the_default() -> None:
    assert profile_for(ItemKind.PERMIT).statutory == Limit(20, WD)
    others = [profile_for(kind) for kind in ItemKind if kind is not ItemKind.PERMIT]
    assert all(profile.statutory is None for profile in others)
