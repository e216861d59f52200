"""The walk of a factory, in the browser: its project enters the library and gets an agent, who
files once; of five departments two wait for another, and the plan of the land is simulated before
the land is granted; map and project show it on a desk and on a phone; all is completed.

And of another factory, of whose departments one is weeks late: map, days, cards and scores show it,
and it comes to its end all the same.
"""

import re
import time
from typing import Any

import pytest

from mingtang.site.demo_editions import answers_to
from tests import papers
from tests.e2e.filling import NUMBER, fill_page, form_of, today
from tests.e2e.test_supervision import Judge

pytestmark = pytest.mark.e2e

# By node of the route: whose people see to it, as their sign-in names begin. Soil needs the record,
# the land needs the soil; the plan of the land may be simulated meanwhile.
UNITS = {
    "record": "fagai",
    "quality": "zhujian",
    "soil": "shuili",
    "land": "guotu",
    "land-plan": "guihua",
}
RECORD = "330881-001-001"  # 企业投资项目备案: the one that has a form of its own
CASE = (
    "SELECT MAX(number) FROM cases_case WHERE id = "
    "(SELECT case_id FROM joint_jointpart WHERE joint_id = ? AND key = ?)"
)
NAME = "年产二十万套木门项目"
PAPER = {"name": "同意文件.png", "mimeType": "image/png", "buffer": papers.png()}


class Someone:
    """Somebody who signed in and does one thing after another, each by its form."""

    def __init__(self, visitor: Any, username: str, **size: Any) -> None:
        self.visitor = visitor(**({"width": 1280, "height": 900} | size))
        self.page = self.visitor.page
        self.visitor.sign_in(username)

    def see(self, path: str) -> str:
        """The text of a page. Where somebody is already, they stay."""
        if self.page.url != self.visitor.url + path:
            self.visitor.open(path)
        text: str = self.page.inner_text("main")
        return text

    def do(self, path: str, verb: str = "", /, **typed: Any) -> str:
        """Fill in a form of a page and send it; `verb`: the end of the form's address."""
        self.see(path)
        place = f"main form[action$='/{verb}/']" if verb else "main form[method=post]"
        form = self.page.locator(place).first
        for fold in form.locator("xpath=ancestor::details[not(@open)]/summary").all():
            fold.click()
        for label, value in typed.items():
            for field in form.get_by_label(label).all()[: None if value is True else 1]:
                put(field, value)
        for paper in form.locator("input[name=brought]").all():
            paper.check()
        self.visitor.follow(form.locator("button[type=submit]").last)
        text: str = self.page.inner_text("main")
        assert self.page.locator("main [role=alert]").count() == 0, text[:600]
        return text


def put(field: Any, value: Any) -> None:
    """A tick, a file, a choice by a part of its words, or what is typed."""
    if value is True:
        field.check()
    elif isinstance(value, dict):
        field.set_input_files([value])
    elif field.evaluate("field => field.tagName") == "SELECT":
        chosen = field.locator("option").filter(has_text=value).first
        field.select_option(chosen.get_attribute("value"))
    else:
        field.fill(value)


class Staff:
    """Whoever acts, each with a browser of their own from the first time on."""

    def __init__(self, visitor: Any) -> None:
        self.visitor = visitor
        self.known: dict[str, Someone] = {}

    def __getitem__(self, username: str) -> Someone:
        if username not in self.known:
            self.known[username] = Someone(self.visitor, username)
        return self.known[username]

    def through(self, page: str, unit: str) -> None:
        """A department examines, decides and seals; the window hands over what comes of it."""
        handler, approver, window = self[f"{unit}-cb"], self[f"{unit}-sp"], self["chuangkou"]
        handler.see(page)

        def may(verb: str) -> bool:
            return handler.page.locator(f"main form[action$='/{verb}/']").count() > 0

        while may("claim") or may("examine"):
            if may("claim"):
                handler.do(page, "claim")
            handler.do(page, "examine", 审查意见="符合条件。", 同行人员="何志平")
        approver.do(page, "grant", 决定理由="符合法定条件。")
        seals = approver.page.locator("main form[action$='/do/seal/']")
        for _paper in range(seals.count()):
            approver.do(page, "do/seal")
        window.see(page)
        if window.page.locator("main form[action$='/issue/']").count():
            window.do(page, "issue", 证照编号="地字第330881202600001号")
        window.do(page, "hand-over", 领取人="徐明")


def entered(office: Someone) -> str:
    """A draft; by its document it enters the library, and follows the route. Its address."""
    text = office.do(
        "/projects/new/",
        项目名称=NAME,
        项目性质="新开工",
        建设地点="贺村镇",
        总投资="12000",
        开始年份=str(today().year),
        完成年份=str(today().year + 1),
        项目业主="江山市演示木业有限公司",
        业主统一社会信用代码="113325000026455663",
        业主电话="0570-4000000",
        责任单位="市发改局",
    )
    assert "草稿" in text
    project = office.page.url.removeprefix(office.visitor.url)
    admitted = {"审议同意文件的文号": "演示〔2026〕9号", "文件日期": today().isoformat()}
    office.do(project, "do/admit", 文件扫描件=PAPER, **admitted)
    assert "已入库" in office.page.inner_text("h1")
    text = office.do(project, "do/choose-route", 流程="企业投资项目审批关系图")
    assert "供地（签订合同）" in text
    return project


def entrusted(office: Someone, project: str) -> str:
    """A letter for the whole way, signed by both. Its address."""
    day = today().isoformat()
    until = today().replace(year=today().year + 1, day=1).isoformat()
    office.do(f"{project}agents/", "draw", 代办员="徐明", 从哪天起=day, 到哪天止=until)
    letter = office.page.url.removeprefix(office.visitor.url)
    signed = {"业主签字的日期": day, "代办员签字的日期": day}
    assert "有效" in office.do(letter, "sign", 业主方签字的人="姜大成", **signed)
    return letter


def filed(agent: Someone, letter: str) -> str:
    """All nodes with one form and one set of materials. The number of the matter."""
    agent.see(letter)
    agent.visitor.press("代业主申报", role="link")
    chosen = agent.page.locator("main form[method=get] input[name=node]")
    for box in chosen.all():
        box.set_checked(box.get_attribute("value") in UNITS)
    agent.visitor.press("更新")
    fill_page(agent.visitor, form_of(RECORD), answers_to(RECORD, today()))
    for field in agent.page.locator("main form[method=post] textarea:visible").all():
        if not field.input_value():
            field.fill("在贺村镇新建木门生产车间，用地三十亩。")
    agent.visitor.picture("agent-files-1280")
    agent.visitor.press("代业主提交")
    text = agent.page.inner_text("main")
    assert "已代业主申报" in text, text[:600]
    return NUMBER.search(text)[0]


def begun(city: Any, joint_id: str, key: str) -> str:
    """The page of the case of a part, once what it waited for has been told to it."""
    for _try in range(200):
        (found,) = city.ask(CASE, str(joint_id), key)
        if found:
            return f"/cases/{found}/"
        time.sleep(0.1)
    raise AssertionError(f"{key} does not begin")


@pytest.mark.early
def test_a_factory_from_the_library_to_its_end(city, visitor):
    staff = Staff(visitor)
    office, agent, planner = staff["xiangmu"], staff["daiban"], staff["guihua-cb"]
    project = entered(office)
    letter = entrusted(office, project)
    number = filed(agent, letter)
    (joint_id,) = city.ask("SELECT id FROM joint_jointcase WHERE number = ?", number)
    matter = f"/joint/{joint_id}/"

    def case(key: str) -> str:
        return begun(city, joint_id, key)

    # Accepted as a whole: two begin, two wait, the plan of the land is simulated.
    staff["chuangkou"].do(matter, "accept", 已核对代理人的委托书=True)
    planner.do(matter, "simulate/land-plan")
    said = {"意见的内容": "符合控制性详细规划。", "符合条件": True}
    planner.do(matter, "give_opinion/land-plan", **said)
    phone = {"width": 390, "height": 844, "large": True}
    for size, who in (("1280", planner), ("390", Someone(visitor, "guihua-cb", **phone))):
        text = who.see(f"{matter}map/")
        assert "已模拟审批" in text
        assert "等前置" in text
        who.visitor.picture(f"factory-map-{size}")
    office.visitor.open(project)
    for size, who in (("1280", office), ("390", Someone(visitor, "xiangmu", **phone))):
        text = who.see(project)
        assert number in text
        assert "已模拟审批" in text
        who.visitor.picture(f"factory-project-{size}")

    for key in ("record", "quality", "soil", "land"):
        staff.through(case(key), UNITS[key])
    planner.visitor.open(matter)
    planner.do(matter, "convert/land-plan", 没有变化=True)
    staff.through(case("land-plan"), UNITS["land-plan"])
    planner.visitor.open(f"{matter}map/")
    assert "已全部办结" in planner.page.inner_text("main")

    agent.do(letter, "conclude")
    office.visitor.open(project)
    text = office.do(project, "do/complete", 完成日期=today().isoformat())
    assert "时间用在哪里" in text
    assert "已完成" in office.page.inner_text("h1")
    office.visitor.picture("factory-completed-1280")
    assert "账本完好" in city.run("verify")


@pytest.mark.early
def test_one_department_is_late_and_everything_shows_it(city, visitor):
    """Filed before last month began: two departments decided within days, the water office (soil)
    has said nothing since, and the land waits for it."""
    project_id, letter_id, joint_id = city.past["late"]
    project, matter = f"/projects/{project_id}/", f"/joint/{joint_id}/"
    staff = Staff(visitor)
    planner, office, inspector = staff["guihua-cb"], staff["xiangmu"], staff["jiancha"]

    # The map: who is late, who waits for whom.
    planner.do(matter, "simulate/land-plan")
    said = {"意见的内容": "符合控制性详细规划。", "符合条件": True}
    planner.do(matter, "give_opinion/land-plan", **said)
    text = planner.see(f"{matter}map/")
    assert "超期" in text
    assert "已模拟审批" in text
    planner.visitor.picture("late-map-1280")

    # The days: they are the government's.
    text = office.see(project)
    assert "时间用在哪里" in text
    (government,) = re.findall(r"其中政府方面 (\d+) 个", text)
    assert int(government) > 20
    office.visitor.picture("late-project-1280")

    # The cards: for the promise that was broken, theirs alone. From each case to its cards.
    def broken(key: str) -> list[str]:
        page = begun(city, joint_id, key)
        (case_id,) = city.ask("SELECT id FROM cases_case WHERE number = ?", page.split("/")[-2])
        inspector.visitor.open(f"/supervision/cards/?subject=case:{case_id}")
        rows = [one.inner_text() for one in inspector.page.locator("tbody tr").all()]
        return [one for one in rows if "超过承诺时限" in one]

    assert broken("record") == broken("quality") == []
    assert broken("soil")
    assert all("市水利局" in one for one in broken("soil"))
    inspector.visitor.picture("late-cards-1280")

    # The score of last month: theirs is the lower one.
    judge = Judge(visitor, "zhongxin", width=1280)
    judge.open_last_month()
    assert judge.score("市水利局") < judge.score("市国土资源局")
    judge.visitor.picture("late-scores-1280")

    # It comes to its end all the same.
    staff.through(begun(city, joint_id, "soil"), "shuili")
    staff.through(begun(city, joint_id, "land"), "guotu")
    planner.visitor.open(matter)
    planner.do(matter, "convert/land-plan", 没有变化=True)
    staff.through(begun(city, joint_id, "land-plan"), "guihua")
    planner.visitor.open(f"{matter}map/")
    assert "已全部办结" in planner.page.inner_text("main")
    staff["daiban"].do(f"/agents/letters/{letter_id}/", "conclude")
    office.visitor.open(project)
    office.do(project, "do/complete", 完成日期=today().isoformat())
    assert "已完成" in office.page.inner_text("h1")
