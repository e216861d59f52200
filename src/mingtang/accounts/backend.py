"""How Django finds the person of a session. Checking passwords is services' business."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from mingtang.accounts.models import Person


class PersonBackend(BaseBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """A closed account loses its sessions at once."""
        return Person.objects.filter(id=user_id, is_active=True).first()
