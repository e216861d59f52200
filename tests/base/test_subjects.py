"""The registry of subjects: a lower page asks for an address without knowing the app."""

import pytest

from mingtang.base import subjects


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(subjects, "_finders", {})
    monkeypatch.setattr(subjects, "_pages", {})


def test_the_app_that_registered_a_kind_is_asked_for_its_page():
    subjects.register("case", lambda key, for_staff: f"/{'desk' if for_staff else 'mine'}/{key}/")
    assert subjects.url_of("case:42") == "/mine/42/"
    assert subjects.url_of("case:42", for_staff=True) == "/desk/42/"
    assert subjects.url_of("case:a:b") == "/mine/a:b/"


@pytest.mark.parametrize("subject", ["letter:1", "case", "case:", ""])
def test_what_nobody_knows_has_no_page(subject):
    subjects.register("case", lambda key, for_staff: "/x/")
    assert subjects.url_of(subject) is None


def test_many_are_asked_for_at_once_where_an_app_can():
    asked = []

    def pages(keys, for_staff):
        asked.append((sorted(keys), for_staff))
        return {key: f"/{key}/" for key in keys if key != "3"}

    subjects.register("case", lambda key, for_staff: "/never/", pages=pages)
    subjects.register("letter", lambda key, for_staff: f"/letter/{key}/")
    found = subjects.urls_of(["case:1", "letter:1", "case:3", "card:9"], for_staff=True)
    assert found == {
        "case:1": "/1/",
        "letter:1": "/letter/1/",
        "case:3": None,
        "card:9": None,
    }
    assert asked == [(["1", "3"], True)]
