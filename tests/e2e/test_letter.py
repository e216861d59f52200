"""A complaint in the browser: by telephone against a unit, returned once, designated, answered,
called back, done again, published without who called; an old person in large type follows it."""

import re

import pytest

pytestmark = pytest.mark.e2e

NAME, PHONE = "祝阿根", "13857012345"
TITLE = "自来水公司的水费多收"
TEXT = f"我叫{NAME}，家住峡口镇枫石村十二弄7号，电话{PHONE}。水表坏了三个月，水费照收。"


class Office:
    """Somebody of the letter office or of a unit, at a letter."""

    def __init__(self, visitor, username: str) -> None:
        self.visitor = visitor(width=1280)
        self.page = self.visitor.page
        self.visitor.sign_in(username)

    def find(self, number: str) -> None:
        self.visitor.open(f"/letters/register/?q={number}")
        self.visitor.follow(self.page.locator("tbody a").first)

    def act(self, verb: str, **typed: str) -> None:
        """Unfold an act, fill in its form, send it."""
        form = self.page.locator(f"form[action$='/{verb}/']")
        summary = form.locator("xpath=ancestor::details/summary")
        if summary.count() and not form.locator("button").first.is_visible():
            summary.click()
        for name, value in typed.items():
            field = form.locator(f"[name={name}]")
            if field.first.get_attribute("type") == "radio":
                form.locator(f"[name={name}][value={value}]").check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        self.visitor.follow(form.locator("button[type=submit]"))
        assert "已办理" in self.page.inner_text("main"), self.page.inner_text("main")[:800]


@pytest.mark.early
def test_a_complaint_from_the_call_to_the_public_copy(visitor):
    clerk = Office(visitor, "xinfang")
    number, code = _called(clerk)
    head, unit = Office(visitor, "xinfang-zr"), Office(visitor, "shuili-cb")
    clerk.find(number)
    clerk.visitor.picture("letter-1280")
    clerk.act("accept", kind="complaint", about_id="江山市水利局")
    clerk.act("dispatch", lead_id="江山市水利局")
    unit.find(number)
    told = unit.page.inner_text("main")
    assert NAME not in told
    assert PHONE not in told
    unit.act("return", reason="水表归自来水公司管。")
    head.find(number)
    head.act("designate", lead_id="江山市水利局")
    unit.find(number)
    assert "不能再退回" in unit.page.inner_text("main")
    unit.act("take")
    unit.act("answer", text="会处理的。")
    clerk.find(number)
    clerk.act("call_back", result="dissatisfied", words="没说哪天")
    clerk.act("redo", words="写明哪天退还。")
    unit.find(number)
    unit.act("answer", text="下月十五日前退还。")
    clerk.find(number)
    clerk.act("call_back", result="satisfied")
    clerk.act("close")

    _published(clerk, Office(visitor, "xinfang-2"), number)
    _followed(visitor(width=390, large=True), number, code)


def _called(clerk: Office) -> tuple[str, str]:
    """The number first; then what the caller says."""
    page = clerk.page
    clerk.visitor.open("/letters/phone/")
    page.get_by_label("联系电话").first.fill(PHONE)
    clerk.visitor.press("查这个号码")
    assert "没有来过信" in page.inner_text("main")
    form = page.locator("form.card")
    form.get_by_label("投诉").check()
    form.get_by_label("标题").fill(TITLE)
    form.get_by_label("内容").fill(TEXT)
    form.get_by_label("关于哪个单位").select_option(label="江山市水利局")
    form.get_by_label("姓名").fill(NAME)
    form.get_by_label("同意公开").check()
    clerk.visitor.follow(form.locator("button[type=submit]"))
    keys = page.locator(".receipt__keys dd").all_inner_texts()
    assert re.fullmatch(r"X\d{16}", keys[0]), keys
    return keys[0], keys[1]


def _published(clerk: Office, second: Office, number: str) -> None:
    """One writes the copy as proposed, another confirms; it is read without the caller."""
    page = clerk.page
    clerk.visitor.follow(page.get_by_role("link", name="公开稿", exact=True))
    clerk.visitor.picture("letter-copy-1280")
    assert page.locator("del").count()
    clerk.visitor.press("保存公开稿")
    second.find(number)
    second.visitor.follow(second.page.get_by_role("link", name="公开稿", exact=True))
    second.visitor.press("确认并公开")
    second.visitor.press("看公开的页面", role="link")
    told = second.page.inner_text("main")
    assert "下月十五日前退还" in told
    for secret in (NAME, PHONE, "十二弄7号"):
        assert secret not in told


def _followed(writer, number: str, code: str) -> None:
    """Looks it up by number and code, reads both answers, rates the last one."""
    page = writer.page
    writer.open("/sections/interaction/")
    writer.press("查来信进度", role="link")
    page.get_by_label("来信编号").fill(number)
    page.get_by_label("查询码").fill(code)
    writer.press("查询")
    assert "下月十五日前退还" in page.inner_text("main")
    writer.press("评价办得怎样", role="link")
    page.get_by_label("满意", exact=True).check()
    writer.press("提交评价")
    assert "满意" in page.inner_text("main")
    writer.open("/letters/figures/")
    writer.open("/letters/answered/")
    assert TITLE in page.inner_text("main")


def test_an_enquiry_is_written_on_a_telephone_without_scripts(visitor):
    """An answer that is there is shown before the letter goes; nothing typed is lost."""
    writer = visitor(width=390, scripts=False)
    page = writer.page
    writer.open("/letters/new/?kind=enquiry")
    page.get_by_label("标题").fill("老人高龄津贴")
    page.get_by_label("内容").fill("从哪个月开始发？")
    page.get_by_label("姓名").fill("毛小明")
    page.get_by_label("联系电话").fill("13800000001")
    writer.press("寄出")
    assert "高龄津贴从哪个月开始发？" in page.inner_text("main")
    writer.press("寄出")
    assert re.fullmatch(r"X\d{16}", page.locator(".receipt__keys dd").first.inner_text())
