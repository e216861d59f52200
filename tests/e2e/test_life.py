"""A case with everything in it, in the browser: correction, three units side by side, a special
procedure, an extension, a decision, a licence, delivery; by keyboard where a clerk would."""

import re

import pytest
from playwright.sync_api import expect

from mingtang.site.demo_editions import answers_to
from tests import papers
from tests.e2e.filling import fill, fill_page, form_of, materials, send, today, who
from tests.e2e.test_main_job import rate

pytestmark = pytest.mark.e2e

WELL = "330881-016-001"  # 取水许可申请审批
ITEM = "330881-014-002"  # 建设工程规划许可证核发: survey, water and fire service side by side
PNG = {"name": "图纸.png", "mimeType": "image/png", "buffer": papers.png()}


class Desk:
    """Someone at a desk who acts on one case."""

    def __init__(self, visitor, username: str, number: str) -> None:
        self.visitor, self.number = visitor(width=1280, height=900), number
        self.visitor.sign_in(username)

    def act(self, verb: str, button: str, **typed: str) -> None:
        """Open the case, unfold the act, fill in its form, send it. Values are texts, options of
        a list, or True for a tick."""
        self.open()
        page = self.visitor.page
        forms = page.locator(f"main form[action='/cases/{self.number}/{verb}/']")
        action = forms.first
        summary = page.locator("main summary").filter(has_text=button).first
        if not action.is_visible():
            if not summary.is_visible():
                page.locator("main summary").filter(has_text="其他办理").first.click()
            if not action.is_visible():
                summary.click()
        for label, value in typed.items():
            field = action.get_by_label(label).first
            if value is True:
                field.check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        for paper in action.locator("input[name=brought]").all():
            paper.check()  # whatever was to be brought to the window is there
        self.visitor.follow(action.locator("button[type=submit]").first)
        assert page.locator("main [role=alert]").count() == 0, page.inner_text("main")[:600]

    def seal_all(self) -> None:
        """Enter for each paper that waits for it that it was sealed."""
        forms = f"main form[action='/cases/{self.number}/do/seal/']"
        self.open()
        for _ in range(self.visitor.page.locator(forms).count()):
            self.act("do/seal", "盖章登记：")
        self.open()
        assert self.visitor.page.locator(forms).count() == 0

    def open(self) -> str:
        self.visitor.open(f"/cases/{self.number}/")
        return self.text()

    def text(self) -> str:
        text: str = self.visitor.page.inner_text("main")
        return text


def _file(citizen) -> tuple[str, str]:
    citizen.open(f"/items/{ITEM}/file/")
    who(citizen, name="江山市演示木业有限公司", number="113325000026455663")
    fill(citizen, form_of(ITEM), answers_to(ITEM, today()))
    materials(citizen)
    return send(citizen)


def _progress(visitor, number: str, code: str):
    person = visitor(large=True)
    person.open("/progress/")
    person.page.get_by_label("办件编号").fill(number)
    person.page.get_by_label("查询码").fill(code)
    person.follow(person.page.locator("main form button[type=submit]").first)
    return person


@pytest.mark.early
def test_a_case_with_everything_in_it(city, visitor):
    citizen = visitor(large=True)
    number, code = _file(citizen)
    window = Desk(visitor, "chuangkou", number)
    handler, approver = Desk(visitor, "guihua-cb", number), Desk(visitor, "guihua-sp", number)
    water, fire = Desk(visitor, "shuili-cb", number), Desk(visitor, "xiaofang-cb", number)

    window.act("receive", "收件")
    window.act(
        "ask-correction", "一次性告知补正", 其他要补正的内容="总平面图没有标注退让距离，请补标。"
    )
    assert "待补正" in window.text()

    citizen.open(f"/progress/{number}/")
    assert "请您办理" in citizen.page.inner_text("main")
    citizen.picture("correction-large-390")
    citizen.press("现在补正", role="link")
    assert "退让距离" in citizen.page.inner_text("main")
    citizen.page.get_by_label("补正说明").fill("已在总平面图上标注退让距离。")
    citizen.page.get_by_label("补正材料").set_input_files([PNG, {**PNG, "name": "说明.png"}])
    citizen.press("提交补正")
    assert "已收件" in citizen.page.inner_text("main")

    window.act("accept", "受理")
    window.visitor.press("受理通知书", role="link")
    assert "建设工程规划许可证核发" in window.text()

    handler.act("claim", "领取办理")
    handler.act("examine", "提交审查意见", 审查意见="符合规划条件。")
    # three units side by side: water and fire do not see each other's buttons
    assert "领取办理：水利意见" not in fire.open()
    water.act("claim", "领取办理")
    water.act("examine", "提交审查意见", 审查意见="不占河道。")
    fire.act("claim", "领取办理")
    assert "已完成" in fire.text()
    handler.act("claim", "领取办理")

    handler.act("ask-pause", "申请特别程序", 预计需要="10", 事由="相邻厂房业主申请听证。")
    approver.act("pause", "批准特别程序")
    assert "暂停" in approver.text()
    seen = _progress(visitor, number, code)
    assert "期间不计时" in seen.page.inner_text("main")
    seen.picture("paused-large-390")
    fire.act("examine", "提交审查意见", 审查意见="消防车通道符合规范。")  # others go on meanwhile
    handler.act("resume", "恢复计时", 特别程序的结果="听证后各方同意方案。")

    handler.act("examine", "提交审查意见", 审查意见="现场未开工。", 同行人员="何志平")
    handler.act("claim", "领取办理")
    handler.act("examine", "提交审查意见", 审查意见="各方意见一致。")
    handler.act("ask-extension", "申请延期", 延长="5", 延期的理由="听证意见多，须核对方案。")
    approver.act("extend", "批准延期")
    assert "已延期" in approver.text()
    handler.act("claim", "领取办理")
    handler.act("examine", "提交审查意见", 审查意见="建议准予。")

    approver.act("grant", "准予", 决定理由="符合城乡规划和规划条件。")
    approver.visitor.picture("case-decided-1280")
    approver.seal_all()
    window.act("issue", "出证", 证照编号="建字第330881202600001号")
    citizen.open(f"/progress/{number}/")
    citizen.press("选择领取方式", role="link")
    citizen.page.get_by_label("窗口领取").check()
    citizen.press("保存")
    window.act("hand-over", "送达", 送达方式="窗口领取", 领取人="姜大成")

    seen = _progress(visitor, number, code)
    told = seen.page.inner_text("main")
    assert "已送达" in told
    assert "批准延期" in told
    rate(seen)
    assert "账本完好" in city.run("verify")


def test_the_counter_by_keyboard(city, visitor):
    """From the desk to a printed receipt without a mouse; the scanner finds the case again."""
    clerk = visitor(width=1280, height=900)
    clerk.sign_in("chuangkou")
    page = clerk.page
    clerk.open("/desk/")
    page.keyboard.press("n")
    page.wait_for_url("**/desk/intake/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("江山市水利局 取水许可申请")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/intake/?q=*")
    clerk.look()
    page.locator("h1").click()  # leave the field, as Escape and Tab would
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/intake/330881-016-*/")
    clerk.look()
    page.get_by_label("新办", exact=True).check()
    page.get_by_label("身份证号或统一社会信用代码").fill("33088119000101004X")
    page.get_by_label("姓名或单位名称").fill("周玉兰")
    page.get_by_label("联系电话").fill("13800000003")
    fill_page(clerk, form_of(WELL), answers_to(WELL, today()))
    page.get_by_label("留下的原件").fill("身份证 1\n取水许可申请书 2")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "/desk/taken/" in page.url, page.inner_text("main")
    clerk.look()
    clerk.picture("taken-1280")
    number = re.search(r"\d{21}", page.inner_text("main").replace(" ", ""))[0]
    clerk.press("打印收件凭证", role="link")
    receipt = page.inner_text("main")
    assert "周玉兰" in receipt
    assert "取水许可申请书" in receipt

    clerk.open("/desk/")
    page.keyboard.press("s")
    expect(page.locator("input:focus")).to_be_visible()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{number}/")
    clerk.look()
    assert "在江山市行政服务中心管理办公室" in page.inner_text("main")  # where the originals are
    page.keyboard.press("a")  # goes to the button; nothing is accepted by one stray letter
    assert "已收件" in page.inner_text("h1")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="已受理").wait_for()


def test_correcting_works_without_scripts(city, visitor):
    person = visitor(scripts=False)
    number, code = _file(person)
    window = Desk(visitor, "chuangkou", number)
    window.act("receive", "收件")
    window.act("ask-correction", "一次性告知补正", 其他要补正的内容="请补充地形图。")
    person.open(f"/progress/{number}/correct/")
    person.page.get_by_label("补正说明").fill("地形图已补。")
    person.press("提交补正")
    assert "已收件" in person.page.inner_text("main")
    assert code
