"""The registry of subjects: a lower page asks for an address without knowing the app."""

import pytest

from mingtang.base import subjects


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(subjects, "_finders", {})


def test_the_app_that_registered_a_kind_is_asked_for_its_page():
    subjects.register("case", lambda key, for_staff: f"/{'desk' if for_staff else 'mine'}/{key}/")
    assert subjects.url_of("case:42") == "/mine/42/"
    assert subjects.url_of("case:42", for_staff=True) == "/desk/42/"
    assert subjects.url_of("case:a:b") == "/mine/a:b/"


@pytest.mark.parametrize("subject", ["letter:1", "case", "case:", ""])
def test_what_nobody_knows_has_no_page(subject):
    subjects.register("case", lambda key, for_staff: "/x/")
    assert subjects.url_of(subject) is None
