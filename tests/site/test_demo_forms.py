"""The demo's forms: whole, in plain words, no question without a reason, none asked twice."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from mingtang.cases.forms import FilingForm
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.rules import recognise_code
from mingtang.questions.rules import Form, Kind, Question, check, compiled, in_order, relevant
from mingtang.regions import queries as regions
from mingtang.site import demo
from mingtang.site.demo_editions import (
    ANSWERS,
    FOLDER,
    FORMS,
    NEED,
    NEW_ITEMS,
    paths_of,
)
from mingtang.site.demo_editions import WRITTEN_ON as ON
from mingtang.site.demo_editions import answers_to as demo_answers

NAMES = [form.name for form in FORMS]
SCHEMAS = {form.name: form.schema() for form in FORMS}
COMPILED = {name: compiled(schema) for name, schema in SCHEMAS.items()}
SHORT = {"marriage_record", "vehicle_permit"}
LONG = {"food_business", "homestead", "low_income"}
# What the applicant's page asks of who applies (《个人信息保护法》第六条: no more than is needed).
OF_THE_APPLICANT = re.compile(
    r"(?:您的?|申请人的?|本人的?|代理人的?|经办人的?)?"
    r"(?:姓名|名称|身份证号|身份证号码|统一社会信用代码|电话|手机号|联系电话|地址|联系地址)"
)


def answers_to(name: str) -> list[dict[str, Any]]:
    """The honest answers to one form: those of its own file first, then those of other cases."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths_of(name)]


SAMPLES = [(name, number) for name in NAMES for number in range(len(answers_to(name)))]


def asked(form: Form) -> list[Question]:
    """What somebody is asked: rows are no question themselves."""
    return [question for question in form.questions() if question.kind is not Kind.ROWS]


def places(form: Form, answers: dict[str, Any]) -> Iterator[tuple[Question, dict[str, Any], Any]]:
    """Each answer given, with its question and the object that holds it; and which row."""
    for section in form.sections:
        given = answers.get(section.key, {})
        for question in section.questions:
            if question.key not in given:
                continue
            yield question, given, None
            if question.kind is Kind.ROWS:
                for number, line in enumerate(given[question.key]):
                    yield from ((one, line, number) for one in question.rows if one.key in line)


def test_each_file_is_the_form_of_one_item_and_no_file_is_left_over():
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(NAMES)
    assert len({form.item for form in FORMS}) == len(FORMS) == 12
    files = {path.stem for path in ANSWERS.glob("*.json")}
    assert all(any(one == name or one.startswith(f"{name}_") for name in NAMES) for one in files)


@pytest.mark.parametrize("name", NAMES)
def test_a_form_has_a_title_a_few_sections_and_no_more_questions_than_its_matter_needs(name):
    form = COMPILED[name]
    assert form.title.endswith(("表", "书", "（餐饮服务）", "（含家庭收入和财产申报）"))
    assert 3 <= len(form.sections) <= 6
    least, most = (5, 9) if name in SHORT else (12, 35)
    least = 25 if name in LONG else least
    assert least <= len(asked(form)) <= most


@pytest.mark.parametrize("name", NAMES)
def test_every_question_says_why_it_is_asked(name):
    for question in COMPILED[name].questions():
        assert len(question.purpose) >= 5, question.path
        assert question.purpose != question.title


@pytest.mark.parametrize("name", NAMES)
def test_no_form_asks_what_the_page_of_the_applicant_asks(name):
    labels = {str(field.label) for field in FilingForm.base_fields.values()}
    for section in COMPILED[name].sections:
        for question in section.questions:
            assert question.title not in labels, question.path
            assert not OF_THE_APPLICANT.fullmatch(question.title), question.path
            assert question.known_as not in {"name", "phone", "identity_number", "address"}
            for inner in question.rows:  # rows are about others: nobody writes themselves again
                assert "self" not in inner.options, inner.path


@pytest.mark.parametrize(
    "title", ["姓名", "申请人姓名", "您的电话", "联系地址", "代理人的身份证号", "申请人类型"]
)
def test_such_titles_would_be_found(title):
    labels = {str(field.label) for field in FilingForm.base_fields.values()}
    assert title in labels or OF_THE_APPLICANT.fullmatch(title)


@pytest.mark.parametrize("name", NAMES)
def test_options_read_well_in_a_row(name):
    """They are told one after the other with 、 between them."""
    for question in COMPILED[name].questions():
        for label in question.options.values():
            assert "、" not in re.sub(r"（[^）]*）", "", label), question.path


def test_what_recurs_is_asked_alike_everywhere():
    kinds: dict[str, set[Kind]] = {}
    for form in COMPILED.values():
        for question in form.questions():
            if question.known_as:
                kinds.setdefault(question.known_as, set()).add(question.kind)
    assert {"place_of_business", "home_address", "firm_name"} <= set(kinds)
    assert all(len(found) == 1 for found in kinds.values())


@pytest.mark.parametrize(("name", "number"), SAMPLES)
def test_honest_answers_have_no_fault_and_nothing_to_spare(name, number):
    answers = answers_to(name)[number]
    assert check(COMPILED[name], answers, on=ON) == []
    assert relevant(COMPILED[name], answers) == answers


@pytest.mark.parametrize("name", NAMES)
def test_the_first_answers_go_through_every_section_and_all_of_them_through_every_question(name):
    form, samples = COMPILED[name], answers_to(name)
    assert list(samples[0]) == [section.key for section in form.sections]
    found = {one.path for sample in samples for one, _given, _row in places(form, sample)}
    assert found == {question.path for question in form.questions()}


@pytest.mark.parametrize(("name", "number"), SAMPLES)
def test_each_required_answer_left_out_is_the_one_fault(name, number):
    form, whole = COMPILED[name], answers_to(name)[number]
    count = 0
    for place, (question, _given, row) in enumerate(places(form, whole)):
        if not question.is_required:
            continue
        answers = copy.deepcopy(whole)
        _same, given, _row = list(places(form, answers))[place]
        del given[question.key]
        faults = check(form, answers, on=ON)
        assert [(one.path, one.row) for one in faults] == [(question.path, row)]
        assert question.title in faults[0].text
        count += 1
    assert count >= 5


@pytest.mark.parametrize("name", NAMES)
def test_days_in_the_wrong_order_and_days_gone_by_are_told(name):
    form = COMPILED[name]
    dated = [one for one in form.questions() if one.kind is Kind.DAY and one.not_before]
    for sample in answers_to(name):
        for place, (question, _given, _row) in enumerate(places(form, sample)):
            if question in dated:
                answers = copy.deepcopy(sample)
                _same, given, _row2 = list(places(form, answers))[place]
                given[question.key] = "2020-01-01"
                assert question.path in {one.path for one in check(form, answers, on=ON)}
    if name not in {"shop_licence", "food_business", "low_income", "marriage_record", "disability"}:
        assert dated


@pytest.fixture
def items_alone(monkeypatch):
    """The demo without the lives that begin when its forms are published, half of its load:
    tests/site/test_demo.py loads all of it."""
    monkeypatch.setattr(demo, "LIVES", ())


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db
def test_the_demo_publishes_each_form_by_a_second_person_and_its_items_are_whole(items_alone, at):
    demo.load(at)
    for form in FORMS:
        item, edition = catalogue.published(form.item)
        assert in_order(edition.details["form"]) == SCHEMAS[form.name], form.item
        assert edition.published_by_label != demo.actor_of(demo.AUTHOR, at).label
        assert catalogue.lacks_of(catalogue.content_of(item), item.department_id, at.date()) == []
        papers = [line for line in edition.materials if line["name"] == form.paper]
        assert [line["need"] for line in papers] == [NEED]
        assert len(edition.materials) >= 3
    towns = regions.places_in("330881000000", at.date())
    found = {code: name for _town, some in towns for code, name in some}
    for name, number in SAMPLES:
        for question, given, _row in places(COMPILED[name], answers_to(name)[number]):
            if question.kind is Kind.ADDRESS:
                value = given[question.key]
                assert found[value["region"]] == value["place"]

    # aid is asked for where people live, and the new items are complete
    _item, aid = catalogue.published("330881-007-002")
    assert aid.details["service_levels"] == ["township", "village"]
    for code in json.loads(NEW_ITEMS.read_text(encoding="utf-8")):
        assert recognise_code(code).code == code
        _item, edition = catalogue.published(code)
        needs = {line["need"] for line in edition.materials}
        assert {"必要", "容缺", NEED} <= needs
        assert edition.number == 1
        assert edition.details["places"]


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db
def test_a_load_that_was_cut_short_goes_on_where_it_was(items_alone, at, monkeypatch):
    from mingtang.site import demo_editions

    class Cut(Exception):
        pass

    publish = demo_editions.catalogue.publish_draft
    monkeypatch.setattr(demo_editions, "FORMS", FORMS[5:8])
    left = [1]

    def cut(**said: Any) -> Any:
        if not left:
            raise Cut
        left.pop()
        return publish(**said)

    monkeypatch.setattr(demo_editions.catalogue, "publish_draft", cut)
    with pytest.raises(Cut):
        demo.load(at)
    monkeypatch.setattr(demo_editions.catalogue, "publish_draft", publish)
    demo.load(at)
    for form in FORMS[5:8]:
        assert in_order(catalogue.published(form.item)[1].details["form"]) == SCHEMAS[form.name]


@pytest.mark.parametrize("on", [date(2013, 3, 1), date(2013, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize(("name", "number"), SAMPLES)
def test_answers_are_as_honest_on_another_day(name, number, on):
    item = next(form.item for form in FORMS if form.name == name)
    assert check(COMPILED[name], demo_answers(item, on, number), on=on) == []
