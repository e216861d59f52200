"""Sessions as Django keeps them, read by a statement whose text is written once."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from mingtang.base.clock import now
from mingtang.base.rows import find_rows


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        """One that is over, or none, is Django's to tell."""
        found = find_rows(Session, session_key=self.session_key) if self.session_key else []
        if found and found[0].expire_date > now():
            return found[0]
        inherited: Any = super()
        return inherited._get_session_from_db()  # type: ignore[no-any-return]


def end_sessions(person_id: str, *, but: str | None = None) -> int:
    """End all sessions of a person, except one. Returns how many. Every session that is kept is
    looked at, for they are not kept by person: it is done rarely."""
    ended = [
        one.session_key
        for one in Session.objects.iterator()
        if one.session_key != but and one.get_decoded().get(SESSION_KEY) == person_id
    ]
    return Session.objects.filter(session_key__in=ended).delete()[0]
