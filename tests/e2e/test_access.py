"""Other people's things: every route with a thing of the demo in its address, for those whose it
is not. No browser: what is answered decides, not how it looks."""

import pytest

from tests.access.proven import PROVEN
from tests.e2e.copied import told_by
from tests.soak import Lasting

pytestmark = pytest.mark.e2e


def _check(told: dict, lasting: Lasting) -> None:
    found, widened = told["found"], told["widened"]
    figures = {"leaks": len(found["faults"]), "routes": len(set(found["opened"]))}
    lasting.tell("cross-tenant probes", probes=found["probes"], **figures)
    assert not found["faults"], "\n".join(found["faults"])
    assert found["probes"] >= 20_000
    assert PROVEN - set(found["opened"]) == set(), "where nobody comes, nothing is shown"
    assert len(found["listed"]) >= 5, "an empty list hides well"
    for route in ("cases:detail", "cases:document_pdf", "api:GET cases/{number}"):
        assert any(fault.startswith(f"{route} ") for fault in widened["faults"]), route
    assert any(fault.startswith("catalogue:kept_list ") for fault in told["told_apart"]["faults"])


@pytest.mark.early
def test_nobody_sees_what_is_not_theirs_and_a_widened_query_is_seen(city, tmp_path, lasting):
    _check(told_by("tests.access", tmp_path / "city", city.as_loaded), lasting)


@pytest.mark.soak
def test_each_role_by_itself_sees_its_own_and_no_more(city, tmp_path, lasting):
    longer = ("--minutes", str(lasting.minutes)) if lasting.minutes else ()
    told = told_by("tests.access", tmp_path / "city", city.as_loaded, "--each-role", *longer)
    _check(told, lasting)
    assert bool(told["mixed"]["faults"]) is bool(longer), "a widened query is seen by them too"
