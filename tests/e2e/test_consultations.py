"""The public life of a consultation on a phone: found from the front page, spoken to without
signing in or scripts, looked at and answered by the office; results, figures, what is overdue."""

import pytest

pytestmark = pytest.mark.e2e

SAID = "周日也应当开半天，我叫金丝雀，电话13800000009"


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_speaks_up_on_a_phone_and_the_office_answers(visitor, city, scripts):
    somebody = visitor(large=True, scripts=scripts)
    somebody.open("/")
    somebody.press("政民互动", role="link")
    somebody.press("征集调查", role="link")
    somebody.press("延时服务办法", role="link")
    path = somebody.page.url.removeprefix(somebody.url)
    somebody.press("我要提意见", role="link")
    somebody.page.get_by_label("您的意见").fill("好")
    somebody.press("提交")
    assert "4 到 2000 个字" in somebody.page.inner_text("main")
    somebody.page.get_by_label("您的意见").fill(f"{SAID}（{scripts}）")
    somebody.page.get_by_label("称呼").fill("金丝雀")
    somebody.press("提交")
    told = somebody.page.inner_text("main")
    assert "已经收到" in told
    number = somebody.page.locator("main strong").inner_text()
    somebody.open(path)
    assert "金丝雀" not in somebody.page.content()

    clerk = visitor()
    clerk.sign_in("gongkai")
    clerk.open("/today/")
    clerk.press("意见和提问", role="link")
    clerk.press("延时服务办法", role="link")
    clerk.press(f"意见 {number}", role="link")
    assert "不同意引用原话" in clerk.page.inner_text("main")
    keep = clerk.page.locator("form[action$='/keep/']")
    keep.locator("textarea").fill(SAID)
    clerk.follow(keep.locator("button[type=submit]"))
    assert "手机号码" in clerk.page.inner_text("main")  # what leads to somebody is refused
    keep.locator("textarea").fill("建议周日也开半天。")
    clerk.follow(keep.locator("button[type=submit]"))
    reply = clerk.page.locator("form[action$='/answer/']")
    reply.get_by_label("部分采纳").check()
    reply.locator("textarea").fill("先在三个镇试行周日上午开放。")
    clerk.follow(reply.locator("button[type=submit]"))
    somebody.open(path)
    assert "三个镇试行" not in somebody.page.content()  # with the result, after the term


def test_what_came_of_it_can_be_read_by_everybody(visitor, city):
    reader = visitor()
    reader.open("/consultations/")
    reader.press("窗口服务规范", role="link")
    shown = reader.page.inner_text("main")
    assert "共收到意见 4 条：采纳 1 条，部分采纳 1 条，未采纳 1 条，与本次征集无关 1 条" in shown
    assert "价格优惠" not in shown
    reader.open("/consultations/?kind=survey")
    reader.press("大厅服务满意度", role="link")
    reader.page.get_by_text("看数字表").first.click()
    assert reader.page.locator("svg.bars__bar").count() >= 10
    reader.press("对照")
    reader.open("/consultations/?q=中介")
    reader.press("中介服务机构", role="link")
    assert "到现在还没有公布" in reader.page.inner_text("main")


def test_a_citizen_says_how_to_be_told(visitor, city):
    citizen = visitor(large=True)
    citizen.sign_in("jumin")
    citizen.open("/inbox/")
    citizen.press("怎么告诉我", role="link")
    citizen.page.get_by_label("发短信告诉我").uncheck()
    citizen.press("保存")
    assert not citizen.page.get_by_label("发短信告诉我").is_checked()
    citizen.page.get_by_label("发短信告诉我").check()
    citizen.press("保存")
    keeper = visitor(width=1280, height=900)
    keeper.sign_in("guanli")
    keeper.open("/office/messages/sent/")
    assert "消息发送情况" in keeper.page.inner_text("h1")
