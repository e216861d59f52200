"""The portal in the browser: read at every size, walked without scripts, and by keyboard."""

import pytest

pytestmark = pytest.mark.e2e

PAGES = [
    *("/", "/results/", "/places/", "/places/330881000000/", "/places/330881001000/"),
    *("/help/", "/accessibility/", "/sections/openness/", "/sections/operation/"),
]


@pytest.mark.parametrize(
    ("width", "large"), [(1280, False), (390, False), (1280, True), (390, True)]
)
def test_every_size_can_be_read(visitor, width, large):
    reader = visitor(width=width, large=large)
    for path in PAGES:
        reader.open(path)
        reader.picture(f"portal{path.replace('/', '-')}{width}{'-large' * large}")


@pytest.mark.parametrize(("width", "large"), [(1280, False), (390, True)])
def test_english_fits_too(visitor, width, large):
    reader = visitor(width=width, large=large)
    reader.page.context.add_cookies([{"name": "mt_language", "value": "en", "url": reader.url}])
    for path in [*PAGES, "/items/", "/progress/", "/verify/", "/filing/"]:
        reader.open(path)
        assert reader.page.get_attribute("html", "lang") == "en"
        reader.picture(f"english{path.replace('/', '-')}{width}{'-large' * large}")


def test_the_way_to_a_village_is_found_without_scripts(visitor):
    reader = visitor(scripts=False)
    reader.open("/")
    reader.press("附近服务点", role="link")
    assert "示意图" in reader.page.inner_text("main")
    reader.page.locator("table").get_by_role("link", name="双塔街道").click()
    assert "民声社区便民服务站" in reader.page.inner_text("main")


def test_a_tile_of_the_map_is_opened_by_keyboard(visitor):
    reader = visitor(width=1280)
    reader.open("/places/")
    reader.page.locator(".tile-map__tile").first.focus()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/places/330881001000/")
    reader.look()
