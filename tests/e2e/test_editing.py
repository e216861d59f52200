"""Edit, review, publish; the citizen reads and prints; an old case keeps its edition."""

import re

import pytest

from tests.e2e.filling import PLAIN_FORM, file
from tests.world import plain

pytestmark = pytest.mark.e2e
ITEM = "330881-025-004"  # of no other test: a draft that is open there would stand in the way
PROMISED = "#id_promised_amount"


def _press_act(person, verb: str) -> None:
    person.follow(
        person.page.locator(f"main form[action='/items/{ITEM}/draft/{verb}/'] button").first
    )


def _file(citizen) -> str:
    return file(citizen, ITEM, plain("在江滨路开一家小吃店。"), PLAIN_FORM)[0]


def _promise(person) -> str:
    """The promised limit as the page of an item shows it."""
    found = re.search(r"承诺时限\s*(\d+个工作日|当场办结)", person.page.inner_text("main"))
    assert found, person.page.inner_text("main")
    return found[1]


def test_edit_review_publish_guide_print_and_an_old_case_keeps_its_edition(city, visitor) -> None:
    number = _file(visitor(large=True))

    author = visitor(width=1280, height=900)
    author.sign_in("shengai")
    author.open(f"/items/{ITEM}/")
    before = _promise(author)
    author.open(f"/items/{ITEM}/draft/")
    _press_act(author, "open")
    page = author.page
    after = str(int(re.match(r"\d+", before)[0]) - 1)
    page.locator(PROMISED).fill("365")  # longer than the law allows: kept, but not let through
    author.press("保存草稿")
    _press_act(author, "submit")
    assert "长于法定时限" in page.inner_text("main")
    author.press("继续编辑", role="link")
    assert page.locator(PROMISED).input_value() == "365"
    page.locator(PROMISED).fill(after)
    page.locator("textarea[name=conditions]").fill("有固定的经营场所，布局合理。")
    author.press("保存草稿")
    author.press("预览", role="link")
    assert _promise(author) == f"{after}个工作日"
    author.open(f"/items/{ITEM}/draft/")
    _press_act(author, "submit")
    assert not page.locator("form[action$='/draft/publish/']").count()  # not by the author

    reader = visitor()
    reader.open(f"/items/{ITEM}/")
    assert _promise(reader) == before  # nothing is public before a second person says so

    reviewer = visitor(width=1280, height=900)
    reviewer.sign_in("shengai-sh")
    reviewer.open(f"/items/{ITEM}/draft/")
    assert "有固定的经营场所" in reviewer.page.inner_text("main")
    _press_act(reviewer, "publish")
    reviewer.open(f"/items/{ITEM}/editions/")
    reviewer.open(f"/items/{ITEM}/history/")
    assert "发布第 2 版" in reviewer.page.inner_text("main")

    reader.open(f"/items/{ITEM}/")
    assert _promise(reader) == f"{after}个工作日"
    reader.press("打印办事指南", role="link")
    assert "第 2 版" in reader.page.inner_text("main")
    assert len(reader.page.pdf(prefer_css_page_size=True)) > 10_000
    made = reader.page.request.get(f"{reader.url}/items/{ITEM}/guide.pdf")
    assert made.status == 200
    assert made.body()[:5] == b"%PDF-"

    clerk = visitor(width=1280, height=900)
    clerk.sign_in("chuangkou")
    clerk.open(f"/cases/{number}/")
    clerk.press("办事指南第 1 版", role="link")
    assert _promise(clerk) == before
    assert "现行的是第 2 版" in clerk.page.inner_text("main")
