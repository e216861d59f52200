"""How Django finds the person of a session. Checking passwords is services' business."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from mingtang.accounts.models import Person
from mingtang.base import kept
from mingtang.base.prepared import Prepared

OF_THE_SESSION = {"factor_key": F("factor__id")}  # what `get_session_auth_hash` asks for
_beside: dict[str, Callable[[], RawSQL]] = {}


def read_beside(name: str, column: Callable[[], RawSQL]) -> None:
    """Say, while the apps load, what else a page reads of whoever signed in: it comes with their
    row, as an attribute of this name, to requests that only read."""
    _beside[name] = column


def _open(user_id: Any) -> QuerySet[Person]:
    return Person.objects.filter(id=user_id, is_active=True).annotate(**OF_THE_SESSION)


def _with_marks(user_id: Any) -> QuerySet[Person]:
    beside = {name: column() for name, column in _beside.items()}
    return _open(user_id).annotate(**beside, kept_marks=kept.beside())


_person, _reader = Prepared(_open), Prepared(_with_marks)


class PersonBackend(BaseBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """A closed account loses its sessions at once. One statement, in which a request that only
        reads also learns whether all that the process keeps still holds."""
        marks = kept.marks()
        if marks is None or marks.are_read:
            return _person.first(user_id)
        person = _reader.first(user_id)
        if person is not None:
            marks.take(person.kept_marks)  # type: ignore[attr-defined]
        return person
