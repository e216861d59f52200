"""A small clean-up in the browser: notice, self-report, decisions, a second person, the result."""

import pytest

pytestmark = pytest.mark.e2e
ITEM = "330881-016-013"  # of no other test: it is abolished here
TITLE = "水利和规划事项清理"
PAPER = "部门,事项名称,清理建议,理由和依据\n江山市规划局,规划图纸查阅,保留,有人来查\n"


def _only(page, *names: str) -> None:
    """Tick these departments alone."""
    for box in page.locator("input[name=units]").all():
        box.uncheck()
    for name in names:
        page.get_by_label(name, exact=True).check()


def _confirm(person, label: str) -> None:
    """An act that asks once more."""
    person.page.locator("summary", has_text=label).first.click()
    person.press(f"确认{label}")


def _decide(person, number: str, decision: str) -> None:
    page = person.page
    page.locator(f"input[name=numbers][value='{number}']").check()
    page.locator("#decide_decision").select_option(label=decision)
    page.locator("#decide_basis").fill("国发〔2013〕19号第一条")
    page.locator("#decide_effective_date").fill("2013-06-01")
    person.follow(page.locator("#deciding button[type=submit]"))


def test_a_clean_up_from_the_notice_to_the_item_that_is_no_more(city, visitor) -> None:
    (name,) = city.ask("SELECT name FROM catalogue_item WHERE code = ?", ITEM)
    office = visitor(width=1280, height=900)
    office.sign_in("shengai")
    office.open("/catalogue/campaigns/")
    office.press("发起清理", role="link")
    page = office.page
    page.get_by_label("清理的名称").fill(TITLE)
    page.get_by_label("清理哪一类事项").select_option(label="公共服务")
    page.get_by_label("上报截止").fill("2030-06-30")
    _only(page, "市水利局", "市规划局")
    office.press("通知部门")
    address = page.url.removeprefix(office.url)
    assert "还有 2 个没有报" in page.inner_text("main")
    office.press("通知 ", role="link")
    assert "各有关部门" in page.inner_text("main")

    contact = visitor(large=True)  # on a phone, in large type
    contact.sign_in("lianluo")
    contact.open("/catalogue/campaigns/")
    contact.press(TITLE, role="link")
    contact.page.locator("#report_lines").fill(f"{name}|扔掉|没有人办")
    contact.press("只核对")
    assert "第 1 行" in contact.page.inner_text("main")
    contact.page.locator("#report_lines").fill(f"{name}|取消|没有人办")
    contact.follow(contact.page.locator("button[name=go][value=report]"))
    assert "报了 1 项" in contact.page.inner_text("main")

    office.open(address)
    page.locator("summary", has_text="代部门录入").click()
    file = {"name": "规划局.csv", "mimeType": "text/csv", "buffer": PAPER.encode()}
    page.locator("#take_file").set_input_files(file)
    office.follow(page.locator("form[action$='/take/'] button[type=submit]").first)
    office.press("审定勾选的部门")
    assert "已审定 2 个" in page.inner_text("main")
    _confirm(office, "汇总清单")
    assert "清单与决定不符" in page.inner_text("main")
    office.press("逐项决定", role="link")
    numbers = {
        row.locator("td").nth(1).inner_text(): row.locator("input").get_attribute("value")
        for row in page.locator("#entries tbody tr").all()
    }
    _decide(office, numbers[name], "取消")
    _decide(office, next(one for key, one in numbers.items() if key != name), "保留")
    office.open(address)
    assert "2 = 保留 1 + 取消 1" in page.inner_text("main")
    assert "须由审改办另一位同事定稿" in page.inner_text("main")

    second = visitor(width=1280, height=900)
    second.sign_in("shengai-sh")
    second.open(address)
    _confirm(second, "定稿")
    _confirm(second, "公布结果")
    _confirm(second, "落实到事项")

    reader = visitor()
    reader.open("/cleanups/")
    reader.press(TITLE, role="link")
    assert "保留 1 + 取消 1" in reader.page.inner_text("main")
    assert name in reader.page.inner_text("#entries + form, main")
    reader.press("结果公告", role="link")
    assert "清理结果公告" in reader.page.inner_text("main")
    reader.open(f"/items/{ITEM}/")
    assert "取消" in reader.page.inner_text("main")
