"""The twelve forms of the demo, each filled in and filed by a person who reads only the page:
on a phone in large type, and without scripts."""

import json

import pytest

from mingtang.questions.rules import compiled
from mingtang.site.demo_editions import FORMS, answers_to
from tests.e2e.filling import begin, fill, materials, send, today

pytestmark = pytest.mark.e2e


def _kept(city, number: str) -> dict:
    """The answers that the case holds."""
    said = city.run(
        "shell",
        "-v0",
        "-c",
        (
            "import json;from mingtang.cases.models import Submission;"
            f"s = Submission.objects.get(case__number='{number}', number=1);"
            "print(json.dumps(s.answers['form']))"
        ),
    )
    return json.loads(said.strip().splitlines()[-1])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_a_form_is_filed_by_who_reads_the_page(city, visitor, form, scripts):
    person = visitor(large=True, scripts=scripts)
    answers = answers_to(form.item, today())
    begin(person, form.item)
    fill(person, compiled(form.schema()), answers)
    materials(person)
    person.picture(f"check-{form.name}")
    number, _code = send(person)
    assert _kept(city, number) == answers
