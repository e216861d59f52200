"""The pictures of the documentation: a few pages of a city that has worked for a year.

`just pictures` takes them; without a folder to put them in there is nothing to do.
"""

import re

import pytest

from mingtang.questions.rules.answers import walk
from mingtang.site.demo_editions import answers_to
from tests.e2e.conftest import PICTURES
from tests.e2e.filling import begin, fill, fill_section, form_of, today

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not PICTURES, reason="MINGTANG_PICTURES names no folder"),
]
MEAL = "330881-027-001"  # 餐饮服务许可
CLERK, MANAGER, INSPECTOR, HANDLER = "chuangkou", "zhongxin", "jiancha", "shuili-cb"
SIZES = {"1280": (1280, 900, False), "390": (390, 844, False), "large-390": (390, 844, True)}
# Page, whose, at which sizes.
PAGES = (
    ("home", "/", "", ("1280", "390", "large-390")),
    ("search", "/items/?q=开小吃店", "", ("1280",)),
    ("item", f"/items/{MEAL}/", "", ("1280", "390")),
    ("places", "/places/", "", ("1280",)),
    ("satisfaction", "/satisfaction/", "", ("1280",)),
    ("today", "/today/", CLERK, ("390",)),
    ("today-manager", "/today/", MANAGER, ("1280",)),
    ("desk", "/desk/", CLERK, ("1280", "390")),
    ("intake", "/desk/intake/?q=取水", CLERK, ("1280",)),
    ("overview", "/desk/overview/", MANAGER, ("1280",)),
    ("bad-ratings", "/desk/bad-ratings/", MANAGER, ("1280",)),
    ("supervision", "/supervision/", INSPECTOR, ("1280",)),
    ("rules", "/supervision/rules/", INSPECTOR, ("1280",)),
)


def someone(visitor, size: str, who: str = ""):
    width, height, large = SIZES[size]
    made = visitor(width=width, height=height, large=large)
    if who:
        made.sign_in(who)
    return made


def test_pages(visitor):
    for name, path, who, sizes in PAGES:
        for size in sizes:
            person = someone(visitor, size, who)
            person.open(path)
            person.picture(f"{name}-{size}")


def test_a_card(visitor):
    person = someone(visitor, "1280", INSPECTOR)
    person.open("/supervision/cards/")
    person.follow(person.page.locator("main tbody a, main .table__title a").first)
    person.picture("card-1280")


def test_an_application_from_its_first_page_to_acceptance(visitor):
    citizen = someone(visitor, "390")
    form, answers = form_of(MEAL), answers_to(MEAL, today())
    begin(citizen, MEAL)
    section, asked = next(walk(form, answers))
    fill_section(citizen, form, (section, asked), answers)
    citizen.picture("question-390")
    fill(citizen, form, answers)
    citizen.picture("materials-390")
    citizen.press("没选的都到窗口带来")
    citizen.press("确认提交")
    citizen.picture("receipt-390")
    number = re.search(r"\d{21}", citizen.page.inner_text("main").replace(" ", ""))[0]

    clerk = someone(visitor, "390", CLERK)
    clerk.open(f"/cases/{number}/")
    clerk.press("收件")
    clerk.picture("case-390")
    accept = clerk.page.locator(f"main form[action='/cases/{number}/accept/']").first
    accept.get_by_role("checkbox").first.check()
    clerk.follow(accept.locator("button[type=submit]"))
    clerk.picture("accepted-390")
    wide = someone(visitor, "1280", CLERK)
    wide.open(f"/cases/{number}/")
    wide.picture("case-1280")

    citizen.open(f"/progress/{number}/")
    citizen.picture("progress-390")
