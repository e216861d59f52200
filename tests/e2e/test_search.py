"""Searching while typing: the counts beside the field follow, a choice once made stays."""

import pytest

pytestmark = pytest.mark.e2e


def test_choices_follow_what_is_typed_and_stay_when_made(visitor) -> None:
    citizen = visitor()
    page = citizen.page
    citizen.open("/items/")
    page.locator("#q").press_sequentially("qushui")
    page.wait_for_url("**q=qushui*")
    page.locator("#department option", has_text="水利局").first.wait_for(state="attached")
    page.locator("#served").select_option("natural")
    page.wait_for_url("**served=natural*")
    assert page.locator("#served").input_value() == "natural"
    assert page.locator("#department").input_value() == ""
    page.locator("#department").select_option(index=1)
    page.wait_for_url(lambda url: "department=&" not in url)
    assert page.locator("#served").input_value() == "natural"
    citizen.look()
