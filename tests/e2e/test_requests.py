"""An information request in the browser: filed without an account on a phone in large type,
confirmed, a third party consulted, extended, disclosed in part, contested; the tables show it."""

import re
from datetime import timedelta

import pytest

from mingtang.base.clock import today

pytestmark = pytest.mark.e2e

WANTED = "峡口水库泄洪闸改造工程的招标文件和中标单位报价明细"


class Office:
    """Somebody of the water office, at a request."""

    def __init__(self, visitor, username: str) -> None:
        self.visitor = visitor(width=1280)
        self.page = self.visitor.page
        self.visitor.sign_in(username)

    def find(self, number: str) -> None:
        self.visitor.open(f"/requests/register/?q={number}")
        self.visitor.follow(self.page.locator("tbody a").first)

    def act(self, verb: str, **typed: str | None) -> None:
        """Unfold an act, fill in its form, send it. None leaves a choice to be ticked."""
        form = self.page.locator(f"form[action$='/{verb}/']")
        summary = form.locator("xpath=ancestor::details/summary")
        if summary.count() and not form.locator("button").first.is_visible():
            summary.click()
        for name, value in typed.items():
            field = form.locator(f"[name={name}]")
            if field.first.get_attribute("type") == "radio":
                form.locator(f"[name={name}][value={value}]").check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value or "")
        self.visitor.follow(form.locator("button[type=submit]"))
        assert "已办理" in self.page.inner_text("main"), self.page.inner_text("main")[:800]


def test_a_request_from_filing_to_reconsideration(visitor):
    citizen = visitor(width=390, large=True)
    number, code = _filed(citizen)
    day, earlier = today().isoformat(), (today() - timedelta(days=1)).isoformat()

    worker, head = Office(visitor, "shuili-gk"), Office(visitor, "shuili-zr")
    worker.find(number)
    worker.act("confirm_receipt", confirmed_date=day)
    worker.act("search", place="局档案室", words="泄洪闸 招标", found="找到招标文件一册")
    worker.act(
        *("consult",),
        role="third",
        party_name="浙江演示建设有限公司",
        question="报价明细",
        reached_date=day,
    )
    assert "暂停计时" in worker.page.inner_text("main")
    head.find(number)
    head.act("extend", reason="招标资料存放在外地，需要调取")
    worker.find(number)
    worker.act("answer_consultation", opinion="object", text="报价明细属于商业秘密。")
    worker.act(
        "draft",
        scope_1="招标文件",
        kind_1="a",
        reason_1="随本答复书以电子件提供。",
        scope_2="报价明细",
        kind_2="c4",
        reason_2="第三方以商业秘密为由不同意公开，理由成立。",
        override="招标文件不涉及商业秘密，公开有利于监督。",
    )
    assert "批准答复" not in worker.page.inner_text("main")
    head.find(number)
    head.act("decide")
    head.act("deliver", way="online")

    _reads_the_answer(citizen, number, code)
    head.act(
        *("register_remedy",),
        kind="reconsideration",
        body="江山市人民政府",
        raised_date=day,
    )
    assert "尚未审结" in head.page.inner_text("main")
    assert earlier < day
    head.visitor.open(f"/requests/report/{today().year}/")
    told = head.page.inner_text("main")
    assert "42 项勾稽关系全部相符" in told
    partly = head.page.locator("tr", has_text="（二）部分公开").locator("a").last
    head.visitor.follow(partly)
    assert number in head.page.inner_text("main")


def _filed(citizen) -> tuple[str, str]:
    """Asks without an account; gets a number and a code."""
    page = citizen.page
    citizen.open("/requests/")
    citizen.press("申请公开政府信息", role="link")
    page.get_by_label("向哪个单位申请").select_option(label="江山市水利局")
    page.get_by_label("想要什么信息").fill(WANTED)
    page.get_by_label("姓名或单位名称").fill("毛小明")
    page.get_by_label("身份证号或统一社会信用代码").fill("330881190001010016")
    page.get_by_label("联系电话").fill("13800000001")
    citizen.press("提交申请")
    assert "校验码" in page.inner_text("main")
    page.get_by_label("身份证号或统一社会信用代码").fill("330881190001010015")
    citizen.press("提交申请")
    keys = page.locator(".receipt__keys dd").all_inner_texts()
    assert re.fullmatch(r"Y\d{19}", keys[0]), keys
    return keys[0], keys[1]


def _reads_the_answer(citizen, number: str, code: str) -> None:
    """Looks it up by number and code, reads why it took so long and how to contest it."""
    page = citizen.page
    citizen.open("/requests/progress/")
    page.get_by_label("申请编号").fill(number)
    page.get_by_label("查询码").fill(code)
    citizen.press("查询")
    text = page.inner_text("main")
    assert "已送达" in text
    assert "部分公开" in text
    assert "检索" not in text
    citizen.press("政府信息公开申请答复书", role="link")
    letter = page.inner_text("main")
    assert "先向江山市人民政府申请行政复议" in letter
    assert re.search(r"水利局公复〔\d{4}〕\d+号", letter)


def test_the_calculator_works_without_scripts(visitor):
    citizen = visitor(width=390, scripts=False)
    citizen.open("/requests/calculator/")
    citizen.page.get_by_label("哪天提交（寄出）").fill("2024-09-02")
    citizen.press("算一算")
    text = citizen.page.inner_text("main")
    assert "2024年9月30日" in text
    assert "调休上班" in text
