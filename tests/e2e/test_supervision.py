"""A case runs over, in the browser: the handler sees reminder, yellow and red card, explains and
appeals; an inspector proposes to cancel, a second one approves, and only then the department's
score changes; the bulletin prints."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from mingtang.base.clock import today
from tests import papers
from tests.e2e.conftest import LAST_MONTH

pytestmark = pytest.mark.e2e

SCHEME = "department-monthly"
OFFICE = "市住房和城乡建设局"
PNG = {"name": "停电通知.png", "mimeType": "image/png", "buffer": papers.png()}
WORDS = "系统停电两天，无法登记，附供电局通知。"


@pytest.fixture
def overdue(city) -> str:
    """The number of a case that ran over."""
    return str(city.past["overdue"])


class Reader:
    """Somebody who looks at cards."""

    def __init__(self, visitor, username: str, **size) -> None:
        self.visitor = visitor(**size)
        self.page = self.visitor.page
        self.visitor.sign_in(username)

    def act(self, label: str, **typed: str) -> None:
        """Unfold an act, fill in its form, send it. None leaves a choice to be ticked."""
        summary = self.page.locator("details.action > summary", has_text=label).first
        action = summary.locator("xpath=..") if summary.count() else self.page.locator("main")
        if summary.count() and not action.locator("button").first.is_visible():
            summary.click()
        for field, value in typed.items():
            action.get_by_label(field).fill(value)
        self.send(action, label)

    def send(self, action, label: str) -> None:
        self.visitor.follow(action.get_by_role("button", name=label).first)
        assert "已办理" in self.page.inner_text("main"), self.page.inner_text("main")[:600]


class Judge(Reader):
    """Somebody at the centre who judges the departments by last month."""

    def open_last_month(self) -> None:
        """Once in a city: another test may have done it."""
        self.visitor.open("/assessment/")
        if self.page.locator(f"main a[href*='/{SCHEME}/{LAST_MONTH.code}/']").count():
            return
        self.visitor.open("/assessment/schemes/")
        self.visitor.press("载入示例")
        self.visitor.open(f"/assessment/schemes/{SCHEME}/1/")
        self.visitor.press("启用这一版")
        self.visitor.open("/assessment/")
        self.page.get_by_label("考核办法").select_option(SCHEME)
        self.visitor.press("打开考核")

    def score(self, office: str = OFFICE) -> Decimal:
        """Of a department, the ledger having been read anew."""
        self.visitor.open(f"/assessment/rounds/{SCHEME}/{LAST_MONTH.code}/")
        self.visitor.press("重新取数")
        for fold in self.page.locator("details.fold > summary").all():
            fold.click()
        row = self.page.locator("tbody tr", has_text=office).first
        return Decimal(row.locator("td[data-label=得分]").inner_text())


def test_a_case_runs_over_its_card_is_cancelled_by_two_and_only_then_the_score_changes(
    overdue, visitor
):
    judge = Judge(visitor, "zhongxin", width=1280)
    judge.open_last_month()
    scored = judge.score()

    handler = Reader(visitor, "zhujian-cb", width=390, large=True)
    handler.visitor.open("/today/")
    handler.visitor.press("效能监察", role="link")
    handler.visitor.press("全部牌", role="link")
    rows = handler.page.locator("tbody tr", has_text=overdue)
    seen = " ".join(rows.all_inner_texts())
    for told in ("承诺时限将到", "超过承诺时限", "提醒", "黄牌", "红牌", "取代"):
        assert told in seen, seen
    handler.visitor.follow(
        rows.filter(has_text="超过承诺时限两个工作日以上").get_by_role("link").first
    )
    card = handler.page.url.removeprefix(handler.visitor.url)
    assert "时限是怎么算的" in handler.page.inner_text("main")
    handler.act("说明情况", 情况说明=WORDS)
    handler.page.locator("input[type=file]").set_input_files([PNG])
    handler.act("申诉", 申诉的理由和证据=WORDS)
    assert "停电通知.png" in handler.page.inner_text("main")
    assert judge.score() == scored

    inspector = Reader(visitor, "jiancha", width=1280)
    inspector.visitor.open("/supervision/")
    inspector.visitor.press("申诉等待处理", role="link")
    assert overdue in inspector.page.inner_text("main")
    inspector.visitor.open(card)
    inspector.page.locator("summary", has_text="提出核销").click()
    inspector.page.get_by_label("外部系统故障").check()
    inspector.act("提出核销", 核销的依据="核对属实，有通知为证。")
    assert inspector.page.get_by_role("button", name="批准核销").count() == 0
    assert judge.score() == scored

    second = Reader(visitor, "jiancha-er", width=390)
    second.visitor.open(card)
    second.visitor.press("批准核销")
    assert "已核销" in second.page.inner_text("main")
    assert "不计分" in second.page.inner_text("main")
    assert judge.score() == scored + Decimal("1.5")


@pytest.mark.parametrize(
    ("width", "large"), [(1280, False), (390, False), (1280, True), (390, True)]
)
def test_every_size_can_be_read(overdue, visitor, width, large):
    inspector = Reader(visitor, "jiancha", width=width, large=large)
    since = today() - timedelta(100)
    for path in (
        *(f"/supervision/?since={since}", "/supervision/cards/", "/supervision/rules/"),
        *("/supervision/rules/overdue/TIME_PROMISE_OVER/", "/supervision/bulletins/"),
        *(f"/supervision/bulletins/{today():%Y-%m}/", f"/supervision/outliers/?since={since}"),
        *(f"/supervision/authority/?since={since}", "/supervision/tasks/new/"),
        *("/supervision/tasks/", "/supervision/rates/"),
    ):
        inspector.visitor.open(path)
        if "authority" in path:
            inspector.visitor.picture(f"supervision-authority-{width}{'-large' * large}")
    assert inspector.page.get_by_role("table").count() == 1


def test_a_task_is_given_reported_and_closed(overdue, visitor):
    inspector = Reader(visitor, "jiancha", width=1280)
    inspector.visitor.open("/supervision/")
    inspector.visitor.press("督查件", role="link")
    inspector.visitor.press("交办督查件、批示", role="link")
    page = inspector.page
    page.get_by_label("领导批示").check()
    page.get_by_label("督查的事项").fill("窗口授权是否到位")
    page.get_by_label("督查的要求").fill("查有无窗口受理以后，后台再受理一次。")
    page.get_by_label("承办单位").select_option("市住建局")
    page.get_by_label("报告的期限").fill((today() + timedelta(7)).isoformat())
    inspector.visitor.picture("task-new-1280")
    inspector.visitor.press("交办")
    task = page.url.removeprefix(inspector.visitor.url)

    office = Reader(visitor, "zhujian-sp", width=390, large=True)
    office.visitor.open("/supervision/tasks/")
    office.visitor.picture("tasks-390-large")
    office.visitor.press("窗口授权是否到位", role="link")
    assert office.page.url.endswith(task)
    office.act("报告办理情况", 办理情况="查了上月的办件，没有发现二次受理。")
    office.visitor.picture("task-reported-390-large")

    inspector.visitor.open(task)
    inspector.act("了结", 结论="情况属实，同意了结。")
    assert "已了结" in page.inner_text("main")
    inspector.visitor.picture("task-closed-1280")


def test_the_bulletin_prints(overdue, visitor):
    inspector = Reader(visitor, "jiancha", width=1280)
    inspector.visitor.open("/supervision/bulletins/")
    inspector.visitor.press("上月通报", role="link")
    assert "没有发出" not in inspector.page.inner_text("main")
    assert inspector.page.get_by_role("button", name="打印").is_visible()
    assert inspector.page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    link = inspector.page.get_by_role("link", name="下载 PDF").get_attribute("href")
    answer = inspector.page.request.get(inspector.visitor.url + link)
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)
    assert "效能监察通报" in text
