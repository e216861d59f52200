"""How Django finds the person of a session. Checking passwords is services' business."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import F
from django.db.models.expressions import RawSQL

from mingtang.accounts.models import Person
from mingtang.base import kept

OF_THE_SESSION = {"factor_key": F("factor__id")}  # what `get_session_auth_hash` asks for
_beside: dict[str, Callable[[], RawSQL]] = {}


def read_beside(name: str, column: Callable[[], RawSQL]) -> None:
    """Say, while the apps load, what else a page reads of whoever signed in: it comes with their
    row, as an attribute of this name, to requests that only read."""
    _beside[name] = column


class PersonBackend(BaseBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """A closed account loses its sessions at once. One statement, in which a request that only
        reads also learns whether all that the process keeps still holds."""
        rows = Person.objects.filter(id=user_id, is_active=True)
        rows = rows.annotate(**OF_THE_SESSION)
        marks = kept.marks()
        if marks is None or marks.are_read:
            return rows.first()
        beside = {name: column() for name, column in _beside.items()}
        person = rows.annotate(**beside, kept_marks=kept.beside()).first()
        if person is not None:
            marks.take(person.kept_marks)
        return person
