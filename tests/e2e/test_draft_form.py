"""The form of a draft in a browser: with scripts and without, on a phone, in large type."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
ITEM = "330881-027-001"


@pytest.mark.parametrize(
    ("width", "large", "scripts"), [(1280, False, False), (390, False, True), (390, True, True)]
)
def test_rows_are_added_moved_and_mended(visitor, width, large, scripts) -> None:
    editor = visitor(width=width, large=large, scripts=scripts)
    page = editor.page
    if not scripts:
        editor.look = lambda: None  # axe itself is a script
    editor.sign_in("shengai")
    editor.open(f"/items/{ITEM}/draft/")
    if page.get_by_role("button", name="起草新版本").count():
        editor.press("起草新版本")
    editor.open(f"/items/{ITEM}/draft/edit/")
    page.fill("[name='questions-0-question']", "要多久？")
    editor.follow(page.locator("#questions").get_by_role("button", name="保存并加行"))
    assert page.url.endswith("?more=questions#questions")
    page.fill("[name='questions-1-question']", "在哪里办？")
    page.fill("[name='questions-1-ORDER']", "1")
    page.fill("[name='visits']", "很多")
    editor.press("保存草稿")
    page.get_by_role("link", name="到办事现场次数：应是0到9的整数").click()
    expect(page.locator("[name='visits']")).to_be_focused()
    assert page.input_value("[name='questions-1-question']") == "在哪里办？"
    page.fill("[name='visits']", "1")
    editor.press("保存草稿")
    editor.press("继续编辑", role="link")
    assert page.input_value("[name='questions-0-question']") == "在哪里办？"
    page.check("[name='questions-0-DELETE']")
    page.check("[name='questions-1-DELETE']")
    editor.press("保存草稿")
