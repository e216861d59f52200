"""Where a request comes from: its own address, or what one of our proxies says last."""

import pytest

from mingtang.base.web import source_of


@pytest.fixture(autouse=True)
def proxies(settings):
    settings.MINGTANG_PROXIES = ("127.0.0.1", "10.1.0.0/24")


def _asked(rf, peer, *said):
    forwarded = {"HTTP_X_FORWARDED_FOR": ", ".join(said)} if said else {}
    return source_of(rf.get("/", REMOTE_ADDR=peer, **forwarded))


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.1.0.7"])
def test_two_visitors_behind_one_proxy_are_two(rf, peer):
    found = {_asked(rf, peer, visitor) for visitor in ("203.0.113.5", "2001:db8::7")}
    assert found == {"203.0.113.5", "2001:db8::/64"}


def test_all_addresses_of_one_connection_are_one_source(rf):
    assert _asked(rf, "2001:db8::7") == _asked(rf, "2001:db8::ffff:8") != _asked(rf, "2001:db9::7")
    assert _asked(rf, "::ffff:203.0.113.5") == "203.0.113.5"


def test_what_a_visitor_says_of_himself_is_not_believed(rf):
    assert _asked(rf, "203.0.113.5", "198.51.100.1") == "203.0.113.5"
    assert _asked(rf, "127.0.0.1", "198.51.100.1", "203.0.113.5") == "203.0.113.5"


@pytest.mark.parametrize("said", ["", "unknown", "203.0.113.5:8000", "x" * 500])
def test_a_proxy_that_says_no_address_is_itself_the_source(rf, said):
    assert _asked(rf, "127.0.0.1", said) == "127.0.0.1"


def test_without_proxies_nobody_is_believed(rf, settings):
    settings.MINGTANG_PROXIES = ()
    assert _asked(rf, "127.0.0.1", "203.0.113.5") == "127.0.0.1"
