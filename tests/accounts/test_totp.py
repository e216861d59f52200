"""One-time codes: the vectors of the RFC, the skew of a clock, the address in the QR code."""

from datetime import UTC, datetime, timedelta

import pytest

from mingtang.accounts import totp

SECRET = b"12345678901234567890"  # of RFC 6238, appendix B


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds, wanted):
    assert totp.code(SECRET, seconds // totp.STEP_SECONDS, digits=8) == wanted


@pytest.mark.parametrize(
    ("count", "wanted"),
    [*enumerate(["755224", "287082", "359152", "969429", "338314", "254676"])],
)
def test_the_vectors_of_rfc_4226(count, wanted):
    assert totp.code(SECRET, count) == wanted


def test_a_clock_may_be_half_a_minute_off_and_no_more():
    at = datetime(2026, 11, 28, 2, 0, 0, tzinfo=UTC)
    for steps, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        moment = at + timedelta(seconds=steps * totp.STEP_SECONDS)
        typed = totp.code(SECRET, totp.step_of(moment))
        assert (totp.matching_step(SECRET, typed, at) is not None) is fits, steps
    assert totp.matching_step(SECRET, "abc", at) is None
    assert totp.matching_step(SECRET, "１２３４５６", at) is None


def test_a_phone_is_told_the_secret_the_account_and_the_place():
    told = totp.address(SECRET, "郑梅", "江山市政务服务")
    assert told.startswith("otpauth://totp/%E6%B1%9F")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in told
    assert " " not in told
