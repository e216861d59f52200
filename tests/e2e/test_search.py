"""Searching while typing: the counts beside the field follow, a choice once made stays."""

import re

import pytest
from playwright.sync_api import expect

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
    expect(page.locator("#served")).to_have_value("natural")
    expect(page.locator("#department")).to_have_value("")
    page.locator("#department").select_option(index=1)
    page.wait_for_url(re.compile("[?&]department=[^&]"))
    expect(page.locator("#served")).to_have_value("natural")
    citizen.look()


def test_the_front_page_offers_items_by_keyboard_and_by_hand(visitor) -> None:
    citizen = visitor()
    page = citizen.page
    citizen.open("/")
    field = page.locator("#home-q")
    field.fill("qushui")  # at once: an answer to the first letters may not come later
    options = page.locator("[role=option]")
    options.first.wait_for()
    citizen.look()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("qushui")
    field.press("End")
    field.type("x")
    field.press("Backspace")
    options.first.click()
    page.wait_for_url("**/items/*/", wait_until="commit")


def test_without_scripts_the_list_is_narrowed_and_widened_again(visitor) -> None:
    citizen = visitor(scripts=False)
    page = citizen.page
    citizen.open("/items/")
    page.locator("#q").fill("许可")
    page.locator("summary", has_text="更多筛选").click()
    page.locator("#kind").select_option(index=1)
    citizen.press("搜索")
    chip = page.locator(".chip")
    assert chip.count() == 1
    citizen.follow(chip)
    assert page.locator("#q").input_value() == "许可"
    assert chip.count() == 0
    citizen.look()
