"""Pages of those who lead, in the browser: at every size, and standing in without scripts."""

from datetime import timedelta

import pytest

from mingtang.base.clock import today

pytestmark = pytest.mark.e2e

PAGES = {
    "zhongxin": [
        *("/desk/overview/", "/desk/sheet/", "/desk/authority/", "/desk/cashier/"),
        *("/desk/handover/", "/desk/?tab=overdue"),
    ],
    "chuangkou": ["/desk/sheet/", "/desk/cashier/", "/desk/mandates/?q=113325000026455663"],
    "shuili-cb": ["/desk/handover/"],
}


@pytest.mark.parametrize(
    ("width", "large"), [(1280, False), (390, False), (1280, True), (390, True)]
)
def test_every_size_can_be_read(visitor, width, large):
    reader = visitor(width=width, large=large)
    for who, paths in PAGES.items():
        reader.sign_in(who)
        for path in paths:
            reader.open(path)
            reader.picture(f"leads{path.split('?')[0].replace('/', '-')}{width}{'-large' * large}")


def test_a_number_of_the_overview_leads_to_its_cases(visitor):
    manager = visitor(width=1280, height=900)
    manager.sign_in("zhongxin")
    manager.open(f"/desk/overview/?since={today() - timedelta(40)}")
    number = manager.page.locator(".figures-table__sum a").first
    said = int(number.inner_text().split()[0])
    number.focus()
    manager.page.keyboard.press("Enter")
    manager.page.wait_for_url("**/desk/?tab=open")
    manager.look()
    assert said > 0
    assert manager.page.locator("tbody tr").count() == min(said, 30)


def test_standing_in_is_arranged_and_ended_without_scripts(visitor):
    handler = visitor(scripts=False)
    handler.sign_in("gongshang-cb")
    handler.open("/desk/handover/")
    page = handler.page
    page.get_by_label("由谁顶岗").select_option(label="毛芸")
    page.get_by_label("到哪天止").fill((today() + timedelta(5)).isoformat())
    page.get_by_label("原因").first.fill("年休")
    handler.press("安排顶岗")
    assert "顶岗中" in page.inner_text("main")
    handler.press("提前结束")
    assert "没有顶岗安排" in page.inner_text("main")
