"""A village's account in a real browser: from the clerk's phone to the page and the television, an
objection on the phone, its answer; a draft that outlives a lost line and leaves nothing behind."""

import pytest
from playwright.sync_api import Page, expect

from mingtang.villages.rules.money import cents_of, yuan

pytestmark = pytest.mark.e2e
OWED = """SELECT d.id, d.title, d.period_first_date FROM villages_disclosure d
JOIN villages_village v ON v.id = d.village_id
WHERE d.state = 'owed' AND v.township_code = '330881002000' ORDER BY d.id LIMIT 1"""
DRAFTS = "() => Object.keys(localStorage).filter(name => name.startsWith('mingtang-draft:'))"


def booked(clerk, page: Page, kind: str, text: str, amount: str, day: str) -> None:
    page.get_by_label("收还是支").select_option(label=kind)
    page.get_by_label("摘要").fill(text)
    page.locator("[name=amount]").fill(amount)
    page.locator("[name=day]").fill(day)
    clerk.press("记上")


def agreed(person, label: str) -> None:
    person.page.get_by_label("同意").check()
    person.press(f"确认{label}")


def leaves_nothing(clerk, city, work: str) -> None:
    """What was begun is shown to nobody else at this browser, and goes at the sign-out, from other
    windows too. Control: until then it is there."""
    page = clerk.page

    def begin() -> None:
        page.goto(city.url + work)
        page.get_by_label("说明").fill("在公开栏旁边。")
        assert len(page.evaluate(DRAFTS)) == 1

    clerk.sign_in("cunwenshu")
    begin()
    clerk.sign_in("cunjiandu")
    clerk.open(work)
    assert page.evaluate(DRAFTS) == []
    clerk.sign_in("cunwenshu")
    with page.context.new_page() as elsewhere:
        elsewhere.goto(city.url + work)
        begin()
        del city.let_in["cunwenshu"]
        clerk.press("退出")
        assert page.evaluate(DRAFTS) == []
        expect(elsewhere.get_by_role("link", name="登录", exact=True)).to_be_visible()


def test_an_account_goes_from_the_phone_to_everybody(visitor, city) -> None:
    number, title, first = city.ask(OWED)
    work, entry = f"/villages/office/{number}/", f"/villages/entries/{number}/"
    clerk = visitor()
    leaves_nothing(clerk, city, work)
    clerk.sign_in("cunwenshu")
    clerk.open("/villages/office/?tab=write")
    clerk.open(work)
    page = clerk.page
    opening = page.get_by_label("期初余额").input_value()
    page.get_by_label("说明").fill("票据在村委会办公室。")
    page.get_by_label("期末余额").fill(yuan(cents_of(opening) + 40_000))
    page.reload()  # the line was lost before it was sent
    expect(page.get_by_label("说明")).to_have_value("票据在村委会办公室。")
    clerk.press("保存")
    booked(clerk, page, "收入", "店面租金", "900", first)
    booked(clerk, page, "支出", "公共厕所电费", "500", first)
    assert page.evaluate(DRAFTS) == []
    clerk.press("送村务监督委员会")
    committee, town = visitor(), visitor(width=1280)
    for person, name, label in (
        (committee, "cunjiandu", "审查"),
        (town, "zhensanwu", "审核"),
    ):
        person.sign_in(name)
        person.open(work)
        agreed(person, label)
    town.press("发布")
    town.open("/villages/office/overview/")
    villager = visitor(large=True)
    villager.open(entry)
    expect(villager.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(villager.page.get_by_text("公共厕所电费")).to_be_visible()
    villager.press("提出异议", "link")
    villager.page.get_by_label("哪里不对").fill("厕所电费太多")
    villager.page.get_by_label("您的姓名").fill("周大明")
    villager.press("提交异议")
    expect(villager.page.get_by_text("查询码").first).to_be_visible()
    clerk.open(work)
    clerk.follow(page.locator("a[href*='/objections/']").first)
    page.get_by_label("异议的公开摘要").fill("厕所电费偏高")
    page.get_by_label("答复", exact=True).fill("户号有误，已退回多付的电费。")
    clerk.press("答复并公开摘要")
    villager.open(entry)
    expect(villager.page.get_by_text("户号有误，已退回多付的电费。")).to_be_visible()
    assert "周大明" not in villager.page.content()
    screen = visitor(width=1280, height=720, scripts=False)
    screen.open(f"/tv/hd/e-{number}.html")
    assert "公共厕所电费" in screen.page.content()


def test_villages_are_found_and_read_without_scripts(visitor, city) -> None:
    anybody = visitor(scripts=False)
    anybody.open("/sections/openness/")
    anybody.press("三务公开", "link")
    anybody.press("虎山街道", "link")
    anybody.press("江山底村", "link")
    anybody.press("财务公开", "link")
    anybody.press("财务收支", "link")
    expect(anybody.page.get_by_role("heading", level=1)).to_be_visible()
