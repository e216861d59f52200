"""Pages of assessment and of ratings, in the browser: at every size, by who reads them."""

import time

import pytest

from mingtang.assessment.rules.periods import period_before
from mingtang.assessment.rules.schemes import Cycle
from mingtang.base.clock import today
from tests import papers

pytestmark = pytest.mark.e2e

SCHEME = "window-performance"
SIZES = [(1280, False), (390, False), (1280, True), (390, True)]


@pytest.fixture
def office(visitor, city):
    """Once for each server: a bad rating by an applicant, and last month opened for judging."""
    if not getattr(city, "is_judged", False):
        _rate_badly(visitor(), city)
        _open_last_month(visitor(width=1280))
        city.is_judged = True
    return city


def _rate_badly(applicant, city):
    number, username = city.ask(
        "SELECT number, username FROM cases_case JOIN accounts_person ON"
        " accounts_person.id = applicant_person_id WHERE state = 'delivered'"
        " ORDER BY number LIMIT 1"
    )
    applicant.sign_in(username)
    applicant.open(f"/progress/{number}/rate/")
    applicant.page.get_by_label("不满意", exact=True).check()
    applicant.page.locator("textarea").fill("等了太久。")
    applicant.follow(applicant.page.locator("main form button[type=submit]").first)
    applicant.follow(applicant.page.locator("main button[value=sure]"))
    for _ in range(100):  # the worker beside the server opens the ticket
        if city.ask("SELECT count(*) FROM interaction_badrating") == (1,):
            return
        time.sleep(0.1)
    raise AssertionError("nobody opened a ticket for the bad rating")


def _open_last_month(manager):
    manager.sign_in("zhongxin")
    manager.open("/assessment/schemes/")
    manager.press("载入示例")
    manager.open(f"/assessment/schemes/{SCHEME}/1/")
    manager.press("启用这一版")
    manager.open("/assessment/")
    manager.page.get_by_label("考核办法").select_option(SCHEME)
    manager.press("打开考核")


def _pages(city):
    period = period_before(Cycle.MONTH, today()).code
    (sheet,) = city.ask("SELECT min(id) FROM assessment_periodsheet WHERE code = ?", SCHEME)
    (ticket,) = city.ask("SELECT id FROM interaction_badrating")
    tickets = ["/desk/bad-ratings/", f"/desk/bad-ratings/{ticket}/", "/desk/ratings/"]
    return {
        "zhongxin": [
            *("/assessment/", f"/assessment/rounds/{SCHEME}/{period}/"),
            *(f"/assessment/sheets/{sheet}/", f"/assessment/sheets/{sheet}/lines/results/"),
            *("/assessment/observations/", "/assessment/schemes/"),
            *(f"/assessment/schemes/{SCHEME}/1/", "/desk/sheet/month/", "/desk/ratings/call/"),
            *tickets,
        ],
        "jiancha": [f"/assessment/schemes/{SCHEME}/1/"],
    }


@pytest.mark.parametrize(("width", "large"), SIZES)
def test_every_size_can_be_read(visitor, office, width, large):
    reader = visitor(width=width, large=large)
    for who, paths in _pages(office).items():
        reader.sign_in(who)
        for number, path in enumerate(paths):
            reader.open(path)
            name = path.strip("/").replace("/", "-")
            kept = f"{number}-{name.rstrip('0123456789-')}"
            reader.picture(f"assessing-{who}-{kept}-{width}{'-large' * large}")
    reader.page.context.clear_cookies(name="sessionid")
    reader.open("/satisfaction/")
    reader.picture(f"assessing--0-satisfaction-{width}{'-large' * large}")


def test_who_leads_the_rated_unit_does_not_learn_who_rated(visitor, office):
    number, unit = office.ask(
        "SELECT c.number, b.organisation_id FROM interaction_badrating b"
        " JOIN cases_case c ON b.subject = 'case:' || c.id"
    )
    (path,) = _pages(office)["zhongxin"][-2:-1]
    lead = visitor()
    (username,) = office.ask(
        "SELECT username FROM accounts_post p JOIN accounts_person n ON n.id = p.person_id"
        " WHERE organisation_id = ? AND role IN ('approver', 'chief_representative')"
        " AND n.id NOT IN (SELECT person_id FROM interaction_concerned) ORDER BY username LIMIT 1",
        unit,
    )
    lead.sign_in(username)
    lead.open(path)
    said = lead.page.inner_text("main")
    assert "等了太久。" in said
    assert number not in said
    lead.picture("assessing-lead-ticket-390")
    manager = visitor()
    manager.sign_in("zhongxin")
    manager.open(path)
    assert number in manager.page.inner_text("main")


def test_points_by_hand_with_a_file_are_confirmed_by_another(visitor, office):
    manager = visitor(scripts=False)
    manager.sign_in("zhongxin")
    path = _pages(office)["zhongxin"][2]
    manager.open(path)
    page = manager.page
    page.get_by_label("分数").fill("-0.5")
    page.get_by_label("理由").fill("未佩证上岗")
    page.get_by_label("依据").fill("巡查记录第3号")
    page.get_by_label("证明文件").set_input_files(
        {"name": "现场.png", "mimeType": "image/png", "buffer": papers.png()}
    )
    manager.press("登记")
    assert "等第二人确认" in page.inner_text("main")
    with page.expect_download() as download:
        page.get_by_role("link", name="现场.png").click()
    assert download.value.suggested_filename == "现场.png"
    looked = visitor(width=1280)
    looked.sign_in("zhongxin")
    looked.open(path)
    looked.picture("assessing-entry-1280")
