"""What people take home: guide, information sheet and life events, on screens and on paper."""

import io
import re

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.e2e
ITEM = "330881-027-001"
ONE_PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize(("width", "large"), [(1200, False), (390, False), (390, True)])
def test_guide_and_life_events_can_be_read_by_everyone(visitor, width, large) -> None:
    reader = visitor(width=width, large=large)
    reader.open("/")
    reader.press("开店", role="link")
    reader.press("餐饮服务许可", role="link")
    reader.press("打印办事指南", role="link")
    assert "七、收费标准" in reader.page.inner_text("main")
    reader.open("/life/")
    without = visitor(width=width, scripts=False)
    without.page.goto(f"{without.url}/items/{ITEM}/guide/")
    assert not without.page.get_by_role("button", name="打印").is_visible()


def test_a_full_guide_takes_few_sheets_of_paper(visitor) -> None:
    reader = visitor(width=1200)
    reader.open(f"/items/{ITEM}/guide/")
    assert reader.page.get_by_role("button", name="打印").is_visible()
    assert reader.page.evaluate("document.querySelector('.paper__qr img').naturalWidth") > 0
    assert len(ONE_PAGE.findall(reader.page.pdf(prefer_css_page_size=True))) <= 2


def test_the_guide_comes_as_a_file(visitor) -> None:
    reader = visitor(width=390)
    reader.open(f"/items/{ITEM}/")
    link = reader.page.get_by_role("link", name="下载 PDF")
    answer = reader.page.request.get(reader.url + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.body())).pages
    assert len(pages) <= 2
    assert "餐饮服务许可" in pages[0].extract_text()


def test_the_counter_hands_out_a_sheet_in_two_clicks(visitor) -> None:
    clerk = visitor(width=1200, height=900)
    clerk.sign_in("chuangkou")
    clerk.open("/desk/")
    clerk.press("一次性告知单", role="link")
    clerk.page.get_by_role("searchbox").fill("餐饮服务许可")
    clerk.press("查找")
    clerk.press("出告知单")
    assert "/sheets/" in clerk.page.url
    text = clerk.page.inner_text("main")
    assert re.search(r"第 \d 版", text)
    assert "告知时间" in text
    assert len(ONE_PAGE.findall(clerk.page.pdf(prefer_css_page_size=True))) <= 2


@pytest.mark.parametrize(("width", "large"), [(1280, False), (390, False), (390, True)])
def test_an_unsealed_notice_says_so_and_takes_one_sheet(visitor, width, large) -> None:
    manager = visitor(width=width, large=large)
    manager.sign_in("zhongxin")
    manager.open("/office/seals/")
    manager.page.goto(f"{manager.url}/desk/?tab=waiting")
    manager.follow(manager.page.locator("tr", has_text="待补正").locator("a"))
    manager.press("补正通知书", role="link")
    text = manager.page.inner_text("main")
    assert "未盖章无效" in text
    assert re.search(r"〔\d{4}〕\d+号", text)
    assert len(ONE_PAGE.findall(manager.page.pdf(prefer_css_page_size=True))) == 1
    manager.page.emulate_media(media="print")
    assert manager.page.get_by_text("未盖章无效").count() == 2
    assert not manager.page.get_by_role("link", name="返回办件").is_visible()


def test_anybody_verifies_a_paper_by_its_code(visitor) -> None:
    manager = visitor(width=1280)
    manager.sign_in("zhongxin")
    manager.open("/office/seals/")
    manager.follow(manager.page.locator("td a").first)
    manager.press("准予决定书", role="link")
    number = manager.page.locator(".official__number").inner_text()
    code = manager.page.locator(".official__code").inner_text()
    assert manager.page.evaluate("document.querySelector('.official__check img').naturalWidth") > 0
    link = manager.page.get_by_role("link", name="下载 PDF").get_attribute("href")
    made = manager.page.request.get(manager.url + link)
    text = "".join(PdfReader(io.BytesIO(made.body())).pages[0].extract_text().split())
    assert number in text
    assert code in text
    assert "未盖章" not in text

    for width, large in ((1280, False), (390, False), (390, True)):
        _verified_by(visitor(width=width, large=large), number, code)


def _verified_by(holder, number: str, code: str) -> None:
    holder.open("/")
    holder.press("核验文书", role="link")
    holder.page.get_by_label("文号").fill(number)
    holder.page.get_by_label("核验码").fill(code.lower())
    holder.press("核验")
    told = holder.page.inner_text("main")
    assert "这份文书是真的" in told
    assert number in told
    assert "毛小明" not in told
    holder.press("核验另一份", role="link")
    holder.page.get_by_label("核验码").fill("22222-33333")
    holder.press("核验")
    assert "请不要采信" in holder.page.inner_text("main")


def test_the_archive_hands_its_files_over(visitor) -> None:
    manager = visitor(width=1280)
    manager.sign_in("zhongxin")
    manager.open("/desk/archive/")
    assert "这段时间没有归档的办件" in manager.page.inner_text("main")
