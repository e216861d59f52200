"""Television in a real browser: arrows alone, links alone, pictures of the exact size."""

import pytest
from playwright.sync_api import Page

from mingtang.tv.rules import SIZES

pytestmark = pytest.mark.e2e
STEPS = {"left": "ArrowLeft", "right": "ArrowRight", "up": "ArrowUp", "down": "ArrowDown"}
FOCUSED = "() => document.activeElement.getAttribute('href')"
OUTSIDE = """([left, top]) => [...document.querySelectorAll('a, p, h1')].filter(part => {
    const box = part.getBoundingClientRect();
    return part.innerText.trim() && (box.left < left - 1 || box.top < top - 1
        || box.right > innerWidth - left + 1 || box.bottom > innerHeight - top + 1);
}).map(part => part.innerText)"""
CUT = """() => [...document.querySelectorAll('.cell, .foot a, .body > p')]
    .filter(part => part.scrollHeight > part.clientHeight + 1
        || part.scrollWidth > part.clientWidth + 1)
    .map(part => part.innerText)"""


def reached(page: Page, presses: int) -> dict[str, int]:
    """What so many arrows lead to from where the focus begins, and with how many."""
    found, start = {}, page.evaluate(FOCUSED)
    paths: list[tuple[str, ...]] = [()]
    for path in paths:
        page.evaluate("() => document.querySelector('[autofocus]').focus()")
        for step in path:
            page.keyboard.press(STEPS[step])
        here = page.evaluate(FOCUSED)
        if here not in found:
            found[here] = len(path)
            if len(path) < presses:
                paths += [(*path, step) for step in STEPS]
    assert found[start] == 0
    return found


@pytest.mark.parametrize("size", SIZES.values(), ids=lambda size: size.code)
def test_three_arrows_lead_from_a_township_to_any_of_its_villages(visitor, city, size) -> None:
    someone = visitor(width=size.width, height=size.height)
    page = someone.page
    page.goto(f"{city.url}/tv/{size.code}/index.html")
    towns = page.eval_on_selector_all("a[href^='t-']", "links => links.map(one => one.href)")
    assert len(towns) == 5
    for address in towns:
        page.goto(address)
        villages = page.eval_on_selector_all(
            "a[href^='v-']", "links => links.map(one => one.getAttribute('href'))"
        )
        assert set(villages) <= set(reached(page, 3))
        assert page.evaluate(OUTSIDE, [size.left, size.top]) == []
        assert page.evaluate(CUT) == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/v-*.html")
    page.keyboard.press("4")
    page.wait_for_url("**/a-*-finance.html")
    page.keyboard.press("Backspace")
    page.wait_for_url("**/v-*.html")


@pytest.mark.parametrize("size", SIZES.values(), ids=lambda size: size.code)
def test_links_alone_lead_to_an_account(visitor, city, size, tmp_path) -> None:
    someone = visitor(width=size.width, height=size.height, scripts=False)
    page = someone.page
    page.goto(f"{city.url}/tv/{size.code}/index.html")
    page.click("a[href^='t-'] >> nth=0")
    page.click("a[href^='v-'] >> nth=0")
    page.click("text=财务公开")
    page.click("a[href^='e-'] >> nth=0")
    assert page.locator(".sum, p").count() > 3
    scrolls = "document.documentElement.scrollHeight > innerHeight"
    assert page.evaluate(f"() => {scrolls}") is False
    shot = page.screenshot()
    assert int.from_bytes(shot[16:20]) == size.width
    assert int.from_bytes(shot[20:24]) == size.height
