"""A notice on its way to the public: the look before release, review by another, four channels,
the count; then how a citizen finds it, on a phone, in large type, without scripts."""

import time

import pytest

pytestmark = pytest.mark.e2e

NUMBER = "330881190001010015"
TITLE = "关于公布低保金发放办法的通知"
BODY = "低保金每月十日发放。\n\n## 联系\n\n有疑问的，到窗口询问。"


def act(who, verb):
    who.follow(who.page.locator(f"form[action$='/do/{verb}/'] button[type=submit]").last)


def write(who, body):
    who.page.get_by_label("正文").fill(body)
    who.follow(who.page.locator("main form button[type=submit]").last)


@pytest.fixture
def notice(visitor, city):
    """Once for each server: the notice, published by two people. Returns its path at the desk."""
    if not getattr(city, "notice", ""):
        city.notice = _publish(visitor(width=1280, height=900), visitor(width=1280, height=900))
    return city.notice


def _publish(drafter, head):
    drafter.sign_in("gongkai")
    drafter.open("/disclosure/office/new/")
    drafter.page.get_by_label("栏目").select_option("policy")
    drafter.page.get_by_label("标题").fill(TITLE)
    drafter.page.get_by_label("成文日期").fill("2026-11-02")
    write(drafter, f"经办人身份证{NUMBER}。\n\n{BODY}")
    desk = drafter.page.url.removeprefix(drafter.url)
    assert "公民身份号码" in drafter.page.content()
    assert "330*************15" in drafter.page.content()
    act(drafter, "submit")

    head.sign_in("gongkai-zr")
    head.open(desk)
    act(head, "review")
    assert "待审核" in head.page.inner_text("main")  # what was found stops the approval
    head.open(desk)
    head.page.locator("summary", has_text="退回").click()
    head.page.locator("form[action$='/do/return/'] textarea").fill("请删去身份证号。")
    head.follow(head.page.locator("form[action$='/do/return/'] button[type=submit]").last)

    drafter.open(f"{desk}edit/")
    write(drafter, BODY)
    assert "没有发现个人信息" in drafter.page.inner_text("main")
    act(drafter, "submit")

    head.open(desk)
    act(head, "review")
    for channel in ("portal", "board", "paper", "led"):
        head.page.locator(f"form[action$='/do/publish/'] input[value={channel}]").check()
    head.page.locator("input[name=quantity_led]").fill("8")
    act(head, "publish")
    assert "记入发布台账 5 行" in head.page.content()
    return desk


def test_a_notice_is_cleaned_reviewed_released_and_counted(visitor, city, notice):
    head = visitor(width=1280, height=900)
    head.sign_in("gongkai-zr")
    head.open(notice)
    told = head.page.inner_text("main")
    for channel in ("市政府门户网站", "公示栏、宣传窗", "今日江山", "LED 大屏"):
        assert channel in told
    head.open(f"/disclosure/office/releases/?q={TITLE}")
    rows = "SELECT count(*), sum(quantity) FROM channels_release WHERE title = ? AND channel_id IN"
    by_hand = f"{rows} (SELECT id FROM channels_channel WHERE NOT is_automatic)"
    assert city.ask(by_hand, TITLE) == (4, 11)
    assert NUMBER not in str(city.ask("SELECT group_concat(facts) FROM ledger_event"))


@pytest.mark.parametrize(
    ("width", "large", "scripts"),
    [(1280, False, True), (390, False, True), (390, True, True), (390, False, False)],
)
def test_a_citizen_finds_and_reads_it(visitor, city, notice, width, large, scripts):
    citizen = visitor(width=width, large=large, scripts=scripts)
    _wait_until_it_is_found(city)
    citizen.open("/sections/openness/")
    citizen.follow(citizen.page.locator("main a[href='/disclosure/']").first)
    citizen.picture(f"openness-{width}{'-large' if large else ''}")
    citizen.page.locator("#openness-q").fill("低保")
    citizen.follow(citizen.page.locator("form[role=search] button").first)
    citizen.follow(citizen.page.get_by_role("link", name=TITLE))
    told = citizen.page.inner_text("main")
    assert "低保金每月十日发放。" in told
    assert "索引号" in told
    assert NUMBER not in citizen.page.content()
    citizen.picture(f"openness-item-{width}{'-large' if large else ''}")


@pytest.mark.parametrize(("width", "large"), [(1280, False), (390, False), (390, True)])
def test_the_section_reads_well_at_every_size(visitor, notice, width, large):
    citizen = visitor(width=width, large=large)
    for path in ("guide/", "system/", "columns/policy/", "search/", "reports/"):
        citizen.open(f"/disclosure/{path}")


@pytest.mark.parametrize(("width", "large"), [(1280, False), (390, False), (390, True)])
def test_the_pages_that_keep_it_in_order(visitor, notice, width, large):
    office = visitor(width=width, large=large)
    office.sign_in("gongkai")
    office.open("/disclosure/office/checks/")
    office.press("现在检查")
    assert "国办秘函〔2019〕19号" in office.page.content()
    office.picture(f"checks-{width}{'-large' if large else ''}")
    table = (
        "序号,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,"
        "全社会,主动,县级\n"
        "1,社会救助,低保金发放,发放办法、标准、时间,《条例》第二十一条,每季度,中心,■政府网站,√,√,√\n"
    )
    office.open("/disclosure/office/standard/")
    office.page.locator("input[type=file]").set_input_files(
        {"name": "目录.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    office.follow(office.page.get_by_role("button", name="导入", exact=True))
    assert "低保金发放" in office.page.inner_text("main")
    office.picture(f"standard-{width}{'-large' if large else ''}")


def test_the_feed_tells_of_it(visitor, city, notice):
    _wait_until_it_is_found(city)
    reader = visitor()
    answer = reader.page.request.get(f"{reader.url}/disclosure/feed.xml")
    assert answer.status == 200
    assert TITLE in answer.text()


def _wait_until_it_is_found(city):
    """The worker beside the server keeps the index."""
    for _ in range(200):
        if city.ask("SELECT count(*) FROM base_searchdocument WHERE name = ?", TITLE) == (1,):
            return
        time.sleep(0.1)
    raise AssertionError("nobody put the notice into the index")
