"""Somebody who fills in an application and knows nothing but what the page says."""

import re
from datetime import date
from typing import Any

from playwright.sync_api import Locator

from mingtang.questions.rules import PLAIN, Form, Kind, Question, compiled, yes_and_no
from mingtang.questions.rules.answers import walk
from mingtang.site.demo_editions import FORMS
from tests import papers

CITIZEN = "330881190001010015"
NUMBER = re.compile(r"\d{21}")
CODE = re.compile(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}")


PLAIN_FORM = compiled(PLAIN)


def form_of(item: str) -> Form:
    """The form of an item of the demo."""
    return next((compiled(one.schema()) for one in FORMS if one.item == item), PLAIN_FORM)


def begin(visitor, item: str, *, number: str = CITIZEN) -> None:
    """From the guide to the first page, and on; with a name, a number and a telephone."""
    visitor.open(f"/items/{item}/")
    visitor.press("我要申请", role="link")
    who(visitor, number=number)


def who(visitor, *, name: str = "毛小明", number: str = CITIZEN) -> None:
    page = visitor.page
    if len(name) > 4:
        page.get_by_label("企业或其他单位").check()
    variants = page.get_by_role("group", name="办哪一种").get_by_role("radio")
    if variants.count():
        variants.first.check()
    page.get_by_label("姓名或单位名称").fill(name)
    page.get_by_label("身份证号或统一社会信用代码").fill(number)
    page.get_by_label("联系电话").fill("13800000001")
    visitor.press("下一步")


def fill(visitor, form: Form, answers: dict[str, Any]) -> None:
    """Every section that is asked, question by question, in the words of the page."""
    for section, asked in walk(form, answers):
        assert visitor.page.get_by_role("heading", level=1).inner_text().strip() == section.title
        fill_section(visitor, form, (section, asked), answers)
        visitor.press("下一步")
        assert visitor.page.locator(".field--wrong").count() == 0, visitor.page.inner_text("main")


def fill_section(visitor, form: Form, part, answers: dict[str, Any]) -> None:
    section, asked = part
    add_rows(visitor, section, answers)
    for one in asked:
        if one.value is not None and one.question.kind is not Kind.ROWS:
            put(place_of(visitor, form, one), one.question, one.value)


def fill_page(visitor, form: Form, answers: dict[str, Any]) -> None:
    """The whole form where it stands on one page, as at the counter."""
    for part in walk(form, answers):
        fill_section(visitor, form, part, answers)


def file(visitor, item: str, answers: dict[str, Any], form: Form) -> tuple[str, str]:
    """From the guide to the receipt; number and query code."""
    begin(visitor, item)
    fill(visitor, form, answers)
    materials(visitor)
    return send(visitor)


def add_rows(visitor, section, answers) -> None:
    for question in section.questions:
        given = (answers.get(section.key) or {}).get(question.key)
        if question.kind is not Kind.ROWS or not given:
            continue
        wanted = len(given)
        group = rows_of(visitor, question)
        if not group.is_visible():  # it waits for an answer before it
            for earlier in section.questions:
                given = (answers.get(section.key) or {}).get(earlier.key)
                if earlier is question or given is None or earlier.kind is Kind.ROWS:
                    continue
                put(visitor.page.locator("main form.card"), earlier, given)
                if group.is_visible():
                    break
        while rows_of(visitor, question).locator("fieldset.rows__row").count() < wanted:
            # “加一行” or “再加一行”
            visitor.follow(rows_of(visitor, question).get_by_role("button", name="加一行").first)


def rows_of(visitor, question: Question) -> Locator:
    return visitor.page.locator("fieldset.rows").filter(
        has=visitor.page.locator("> legend", has_text=question.title)
    )


def place_of(visitor, form: Form, one) -> Locator:
    if one.row is None:
        return visitor.page.locator("main form.card")
    path = one.question.path.rpartition(".")[0]
    rows = next(question for question in form.questions() if question.path == path)
    return rows_of(visitor, rows).locator("fieldset.rows__row").nth(one.row)


def put(place: Locator, question: Question, value: Any) -> None:
    """Answer one question, found by its words."""
    if question.kind is Kind.ADDRESS:
        control(place, f"{question.title}：在哪个村（社区）").select_option(value["region"])
        control(place, f"{question.title}：街路和门牌号").fill(value["detail"])
    elif question.kind is Kind.YES_NO:
        words = yes_and_no(question.title)
        group(place, question).get_by_label(words[not value], exact=True).check()
    elif question.kind is Kind.SEVERAL:
        for one in value:
            group(place, question).get_by_label(question.options[one], exact=True).check()
    elif question.kind is Kind.ONE and group(place, question).count():
        group(place, question).get_by_label(question.options[value], exact=True).check()
    elif question.kind is Kind.ONE:
        control(place, question.title).select_option(label=question.options[value])
    else:
        control(place, question.title).fill(str(value))


def _words(title: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(title)}\s*(（选填）)?\s*$")


def control(place: Locator, title: str) -> Locator:
    label = place.locator("label.field__label").filter(has_text=_words(title)).first
    return place.page.locator(f'[id="{label.get_attribute("for")}"]')


def group(place: Locator, question: Question) -> Locator:
    legends = place.page.locator("legend").filter(has_text=_words(question.title))
    return place.locator("fieldset.field").filter(has=legends).first


def materials(visitor) -> None:
    """One photograph for the first, all others are brought to the window."""
    page = visitor.page
    if page.get_by_role("heading", level=1).inner_text().strip() != "申请材料":
        return
    sections = page.locator("section.given")
    for number in range(1, sections.count()):
        sections.nth(number).get_by_label("到窗口时带来").check()
    sections.first.get_by_label("现在上传").check()
    picture = {"name": "照片.png", "mimeType": "image/png", "buffer": papers.png()}
    sections.first.locator("input[type=file]").set_input_files(picture)
    if visitor.has_scripts:
        sections.first.get_by_text("已上传").first.wait_for()
    visitor.press("下一步")


def send(visitor) -> tuple[str, str]:
    """From the page where everything is read over; number and query code of the receipt."""
    assert visitor.page.get_by_role("heading", level=1).inner_text().strip() == "核对并提交"
    visitor.press("确认提交")
    text = visitor.page.inner_text("main")
    assert "/filed/" in visitor.page.url, text
    return NUMBER.search(text.replace(" ", ""))[0], CODE.search(text)[0]


def today() -> date:
    from mingtang.base.clock import today as legal_today

    return legal_today()
