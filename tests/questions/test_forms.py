"""The page of questions: what was typed stays, rows come and go, conditions stand in words."""

import json
import re
from copy import deepcopy
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from mingtang.questions.forms import QuestionsForm
from mingtang.questions.rules import check, compiled
from tests.questions.schemas import EVERY, GOOD, ON, every

FORM = compiled(EVERY)
ALL = [section.key for section in FORM.sections]
PLACES = [("峡口镇", [("330881100200", "峡口镇广渡村")])]


def page(keys: list[str] = ALL, data: Any = None, answers: Any = None, schema: Any = EVERY) -> Any:
    sent = None
    if data is not None:
        sent = QueryDict(mutable=True)
        for name, value in data.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
    known = {} if answers is None else answers
    return QuestionsForm(compiled(schema), keys, data=sent, answers=known, on=ON, places=PLACES)


def sent_by(form: Any) -> dict[str, Any]:
    """What a browser would send from the form as it stands."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def html(form: Any) -> str:
    template = Template("{% load questions %}{% questions form %}")
    return template.render(Context({"form": form}))


def test_what_is_kept_comes_back_from_the_page_the_same() -> None:
    sent = sent_by(page(answers=GOOD))
    form = page(data=sent)
    assert form.is_valid(), form.errors
    assert form.typed == GOOD
    assert not form.is_row_change


def test_a_page_of_one_section_leaves_the_others_alone() -> None:
    known = deepcopy(GOOD)
    form = page(["person"], sent_by(page(["person"], answers=GOOD)), known)
    assert form.is_valid()
    assert form.typed == GOOD == known
    emptied = page(["person"], {}, known)
    assert emptied.typed == {**GOOD, "person": {}}


@pytest.mark.parametrize(
    ("name", "typed", "place"),
    [
        ("works-amount", "三千左右", ("works", "amount")),
        ("works-start", "去年春天", ("works", "start")),
        ("person-phone", "12345", ("person", "phone")),
        ("person-number", "33088119000101", ("person", "number")),
        ("matter-sort", "forged", ("matter", "sort")),
    ],
)
def test_what_cannot_be_read_stays_typed_and_on_the_page(
    name: str, typed: str, place: tuple[str, str]
) -> None:
    form = page(data={**sent_by(page(answers=GOOD)), name: typed})
    assert not form.is_valid()
    assert name in form.errors
    assert form.typed[place[0]][place[1]] == typed
    assert form[name].value() == typed
    if name != "matter-sort":  # no option bears a forged value
        assert f'value="{typed}"' in html(form)


def test_a_comparison_with_what_cannot_be_read_breaks_nothing() -> None:
    form = page(data={"matter-sort": "new", "works-amount": "许多", "works-area": "3"})
    assert list(form.errors) == ["works-amount"]


def test_signs_that_no_database_keeps_are_not_kept() -> None:
    sent = {"works-amount": "许\x00多", "matter-uses": ["\x00x"], "works-place-region": "\x00"}
    form = page(data=sent)
    assert not form.is_valid()
    assert form.typed["works"]["amount"] == "许多"
    assert "\\u0000" not in json.dumps(form.typed)


def test_a_fault_of_an_address_stands_at_the_part_that_is_wrong() -> None:
    street = page(data={"matter-sort": "new", "works-place-region": "330881100200"})
    assert list(street.errors) == ["works-place-detail"]
    village = page(data={"matter-sort": "new", "works-place-detail": "3号"})
    assert list(village.errors) == ["works-place-region"]
    forged = page(data={"works-place-region": "330881999999", "works-place-detail": "3号"})
    assert "请选择所在的乡镇" in str(forged.errors)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────

WELLS = {
    "matter-sort": "change",
    "works-amount": "很多",
    "works-wells-count": "2",
    "works-wells-0-depth": "40",
    "works-wells-0-driller": "打井队",
    "works-wells-1-depth": "深",
}


def wells(form: Any) -> list[str]:
    count = int(form["works-wells-count"].value())
    return [form[f"works-wells-{at}-depth"].value() or "" for at in range(count)]


def test_a_row_more_keeps_all_that_was_typed() -> None:
    form = page(data={**WELLS, "row": "add works-wells"})
    assert form.is_row_change
    assert wells(form) == [40, "深", ""]
    assert form["works-wells-0-driller"].value() == "打井队"
    assert form["works-amount"].value() == "很多"


@pytest.mark.parametrize(("gone", "left"), [(0, ["深"]), (1, [40]), (7, [40, "深"])])
def test_a_row_less_keeps_the_others(gone: int, left: list[Any]) -> None:
    form = page(data={**WELLS, "row": f"remove works-wells {gone}"})
    assert wells(form) == left
    assert form["works-amount"].value() == "很多"
    assert ('value="打井队"' in html(form)) is (gone != 0)


@given(st.lists(st.sampled_from(["", "7", "深"]), max_size=5), st.integers(0, 5), st.booleans())
def test_rows_come_and_go_in_any_number(depths: list[str], at: int, is_more: bool) -> None:
    sent = {f"works-wells-{n}-depth": depth for n, depth in enumerate(depths)}
    verb = "add works-wells" if is_more else f"remove works-wells {at}"
    form = page(data={**sent, "works-wells-count": str(len(depths)), "row": verb})
    said = [int(one) if one == "7" else one for one in depths]
    if is_more:
        assert wells(form) == [*said, ""][:5]
    else:
        del said[at : at + 1]
        assert wells(form) == [one for one in said if one]


@pytest.mark.parametrize("count", ["x", "-1", "9999", ""])
def test_a_forged_count_is_no_crash(count: str) -> None:
    assert len(wells(page(data={**WELLS, "works-wells-count": count}))) <= 5


def test_no_more_rows_are_offered_than_may_be() -> None:
    full = {"works": {"wells": [{"depth": n} for n in range(5)]}}
    assert "再加一行" not in html(page(answers=full))
    assert "再加一行" in html(page(answers={"works": {"wells": [{"depth": 1}]}}))


def test_required_rows_begin_with_one() -> None:
    schema = every("works", required=["wells"])
    assert wells(page(schema=schema)) == [""]
    assert "请至少填写一行“水井”" in str(page(schema=schema, data={"matter-sort": "new"}).errors)


# ── conditions on the page ────────────────────────────────────────────────────────────────────


def test_without_a_script_the_words_of_a_condition_stand_there() -> None:
    shown = html(page(["matter"]))
    assert re.search(r"data-mt-when-words>“办理类型”选“变更”时填写<", shown)
    [tests] = re.findall(r'data-mt-when="([^"]+)"', shown)
    assert json.loads(tests.replace("&quot;", '"')) == [
        {"name": "matter-sort", "test": "is", "value": "change"}
    ]
    assert 'name="matter-old_number"' in shown


def test_what_an_earlier_page_decided_is_said_no_more() -> None:
    known = {"matter": {"sort": "change"}, "works": {"wells": [{"depth": 3}]}}
    shown = html(page(["works"], answers=known))
    assert 'name="works-wells-0-change"' in shown
    assert "“办理类型”" not in shown
    assert "“井深”不小于 30时填写" in shown
    other = html(page(["works"], answers=known | {"matter": {"sort": "new"}}))
    assert 'name="works-wells-0-change"' not in other


def test_a_condition_within_a_row_names_the_input_of_its_own_row() -> None:
    form = page(["works"], answers={"works": {"wells": [{}, {}]}})
    assert "works-wells-1-depth" in html(form)
    names = re.findall(r"name&quot;: &quot;(works-wells-\d-depth)", html(form))
    assert names == ["works-wells-0-depth", "works-wells-1-depth"]


def test_the_page_says_why_each_is_asked_and_what_may_stay_blank() -> None:
    shown = html(page(["works"]))
    assert ("核定水量。" in shown, "（选填）" in shown, "单位：m³。" in shown) == (True, True, True)
    assert "为什么要填这些" in shown


def test_an_error_of_the_page_is_an_error_of_the_rules() -> None:
    sent = {**WELLS, "works-end": "2013-01-01", "works-start": "2013-02-01"}
    form = page(data=sent)
    told = [text for texts in form.errors.values() for text in texts]
    assert told == [fault.text for fault in check(FORM, form.typed, on=ON)]
    for text in told:
        assert text in html(form)
