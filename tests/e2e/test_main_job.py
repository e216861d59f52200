"""A citizen on a phone files, the desk takes it through, a stranger with the code sees it."""

import re

import pytest

from tests.e2e.filling import PLAIN_FORM, begin, fill, materials, send, who
from tests.world import plain

pytestmark = pytest.mark.e2e

NUMBER, CITIZEN = re.compile(r"\d{21}"), "330881190001010015"


def _first_imported_item(city) -> str:
    """Code of an item that came from the imported file; its people: lived_in.py."""
    (code,) = city.ask(
        "SELECT item.code FROM catalogue_item AS item "
        "JOIN regions_organisation AS department ON department.id = item.department_id "
        "WHERE department.area6 = ? ORDER BY item.code LIMIT 1",
        "511602",
    )
    return str(code)


def _file(visitor, code: str) -> tuple[str, str]:
    """File a case; returns its number and query code, as the receipt shows them."""
    begin(visitor, code, number="330881190001010016")
    # the number's check digit is wrong: the page says so, and keeps what was typed
    assert visitor.page.get_by_label("姓名或单位名称").input_value() == "毛小明"
    assert "校验码" in visitor.page.inner_text("main")
    who(visitor)
    fill(visitor, PLAIN_FORM, plain("在峡口镇打井取水，用于果园灌溉。"))
    materials(visitor)
    return send(visitor)


def _progress(visitor, number: str, code: str) -> str:
    visitor.open("/progress/")
    visitor.page.get_by_label("办件编号").fill(number)
    visitor.page.get_by_label("查询码").fill(code.lower().replace("-", ""))
    visitor.follow(visitor.page.locator("main form button[type=submit]").first)
    return visitor.page.inner_text("main")


def _act(visitor, number: str, verb: str, button: str, **typed: str) -> None:
    visitor.open(f"/cases/{number}/")
    action = visitor.page.locator(f"main form[action='/cases/{number}/{verb}/']").first
    if not action.is_visible():  # an act that asks something waits behind its name
        visitor.page.locator("summary").filter(has_text=button).first.click()
    for label, text in typed.items():
        action.get_by_label(label).first.fill(text)
    for paper in action.locator("input[name=brought]").all():
        paper.check()
    visitor.follow(action.get_by_role("button").first)


def rate(visitor) -> None:
    """From the page of a case that is done: the third of five by keyboard, looked at, sent."""
    visitor.press("评价这次服务", role="link")
    visitor.page.get_by_role("radio").first.focus()
    for key in ("Space", "ArrowDown", "ArrowDown"):
        visitor.page.keyboard.press(key)
    visitor.press("下一步")
    visitor.press("提交评价")
    assert "谢谢您" in visitor.page.inner_text("main")


@pytest.mark.early
def test_from_filing_to_delivery(city, visitor):
    item = _first_imported_item(city)
    citizen = visitor(large=True)
    number, code = _file(citizen, item)
    assert "收件" in _progress(visitor(), number, code)

    clerk = visitor(width=1280, height=900)
    clerk.sign_in("e2e-ck")
    clerk.press("窗口要收、要核、要送", role="link")
    assert number in clerk.page.inner_text("main")
    _act(clerk, number, "receive", "收件")
    _act(clerk, number, "accept", "受理")
    handler = visitor(width=1280, height=900)
    handler.sign_in("e2e-cb")
    _act(handler, number, "claim", "领取办理")
    _act(handler, number, "examine", "提交审查意见", 审查意见="材料齐全，符合条件。")
    approver = visitor(width=1280, height=900)
    approver.sign_in("e2e-sp")
    _act(approver, number, "grant", "准予", 决定理由="符合法定条件。")
    while "盖章登记：" in approver.page.inner_text("main"):
        _act(approver, number, "do/seal", "盖章登记：")
    _act(clerk, number, "hand-over", "送达")

    holder = visitor(large=True)
    seen = _progress(holder, number, code)
    assert "已送达" in seen
    assert "毛小明" not in seen  # a stranger with the code sees the way, not the name
    rate(holder)
    clerk.open(f"/cases/{number}/")
    assert "基本满意" not in clerk.page.inner_text("main")  # nor who rated, nor how
    assert "账本完好" in city.run("verify")


def test_filing_works_without_scripts(city, visitor):
    item = _first_imported_item(city)
    person = visitor(scripts=False)
    number, code = _file(person, item)
    assert "已提交" in _progress(person, number, code)


def test_the_public_pages_and_the_desk_at_all_sizes(city, visitor):
    for width, large in ((390, False), (390, True), (1280, False), (1280, True)):
        person = visitor(width=width, large=large)
        size = f"{'large' if large else 'standard'}-{width}"
        person.open("/")
        person.picture(f"home-{size}")
        for path in ("/items/", "/items/?q=许可", "/progress/", "/sign-in/", "/nowhere/"):
            person.open(path)
        person.open("/items/330881-016-001/")
        person.picture(f"item-{size}")
        person.sign_in("chuangkou")
        person.open("/desk/?tab=done")
        person.open("/desk/")
        person.picture(f"desk-{size}")
        person.follow(person.page.locator("main a[href*='/cases/']").first)
        person.picture(f"case-{size}")
