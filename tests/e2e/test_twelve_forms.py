"""The twelve forms of the demo, each filled in and filed by a person who reads only the page:
on a phone in large type, and without scripts."""

import json

import pytest

from mingtang.base.sealed import unseal
from mingtang.questions.rules import compiled
from mingtang.site.demo_editions import FORMS, answers_to
from tests.e2e.filling import begin, fill, materials, send, today

pytestmark = pytest.mark.e2e


def _kept(city, number: str, settings) -> dict:
    """The answers that the case holds, opened with the key of the city."""
    settings.MINGTANG_KEY_FILE = city.home / "keys" / "sealed.key"
    (answers,) = city.ask(
        "SELECT answers FROM cases_submission AS submission "
        "JOIN cases_case ON cases_case.id = submission.case_id "
        "WHERE cases_case.number = ? AND submission.number = 1",
        number,
    )
    return json.loads(unseal(answers, "cases.submission.answers"))["form"]


def _walks():
    """Every form with scripts; without them each third, all of them in `just e2e-all`."""
    for number, form in enumerate(FORMS):
        yield pytest.param(form, True, id=f"{form.name}-scripts")
        marks = [pytest.mark.slow] if number % 3 else []
        yield pytest.param(form, False, id=f"{form.name}-plain", marks=marks)


@pytest.mark.parametrize(("form", "scripts"), list(_walks()))
def test_a_form_is_filed_by_who_reads_the_page(city, visitor, form, scripts, settings):
    person = visitor(large=True, scripts=scripts)
    answers = answers_to(form.item, today())
    begin(person, form.item)
    fill(person, compiled(form.schema()), answers)
    materials(person)
    person.picture(f"check-{form.name}")
    number, _code = send(person)
    assert _kept(city, number, settings) == answers
