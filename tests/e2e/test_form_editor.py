"""The form editor with a browser: written, previewed and tried, with scripts and without."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
ITEM = "330881-025-003"  # without a form of its own
SIZES = [(1280, False, True), (390, False, True), (390, True, True), (1280, False, False)]


@pytest.mark.parametrize(("width", "large", "scripts"), SIZES)
def test_a_form_is_written_previewed_and_tried(visitor, width, large, scripts) -> None:
    writer = visitor(width=width, large=large, scripts=scripts)
    page = writer.page
    writer.sign_in("shengai")
    writer.open(f"/items/{ITEM}/draft/")
    if page.get_by_role("button", name="起草新版本").count():
        writer.press("起草新版本")
    writer.open(f"/items/{ITEM}/draft/")
    writer.press("申请表", "link")
    writer.press("从最简单的一份开始")
    writer.press("加一个问题")
    page.fill("[name='part-0-1-title']", "办理类型")
    page.select_option("[name='part-0-1-kind']", "one")
    page.fill("[name='part-0-1-purpose']", "分清新办和变更。")
    page.fill("[name='part-0-1-options']", "新办\n变更")
    writer.press("加一个问题")
    page.fill("[name='part-0-2-title']", "原证号")
    page.fill("[name='part-0-2-purpose']", "找到原来的许可。")
    page.locator("#part-0-2 summary", has_text="说明、例子").click()
    page.select_option("[name='part-0-2-when']", label="“办理类型”选“变更”")
    panel = page.locator("[data-mt-preview]")
    if scripts:
        # a preview of before the condition was chosen may come first, with the question in sight
        expect(panel.get_by_label("原证号")).to_be_attached()
        expect(panel.get_by_label("原证号")).to_be_hidden()
        panel.get_by_label("变更").check()
        expect(panel.get_by_label("原证号")).to_be_visible()
        for unused in ("decimals", "when_number"):
            expect(page.locator(f"[name='part-0-2-{unused}']")).to_be_hidden()
        expect(page.locator("#part-0-2 .ask__name")).to_have_text("1.3 原证号")
    else:
        writer.press("预览")
        expect(panel.get_by_text("“办理类型”选“变更”时填写").first).to_be_visible()
    writer.look()
    size = f"{width}{'-large' if large else ''}{'' if scripts else '-plain'}"
    writer.picture(f"form-editor-{size}")
    _try(writer, scripts)
    writer.picture(f"form-tried-{size}")
    writer.press("源码") if scripts else writer.press("加一个问题")
    writer.picture(f"form-source-{size}")


def _try(writer, scripts: bool) -> None:
    page = writer.page
    if not scripts:  # the trial opens beside the page
        with page.expect_popup() as opened:
            page.get_by_role("button", name="试填：检查").click()
        tried = opened.value
        tried.wait_for_load_state()
        expect(tried.get_by_text("请填写“申请内容”").first).to_be_visible()
        return
    panel = page.locator("[data-mt-preview]")
    panel.get_by_role("button", name="试填：检查").click()
    panel.get_by_text("请填写“申请内容”").first.wait_for()
    writer.look()
    panel.get_by_label("申请内容").fill("在峡口镇取水灌溉。")
    panel.get_by_role("button", name="试填：检查").click()
    panel.get_by_text("检查通过").first.wait_for()
    writer.look()
