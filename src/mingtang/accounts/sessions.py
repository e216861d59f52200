"""Sessions as Django keeps them, read by a statement whose text is written once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils.crypto import salted_hmac

from mingtang.base.clock import now
from mingtang.base.rows import find_rows

ENDS = "ends_at"  # when a session is over, whatever is done in it
MOVED = "moved_at"  # when its person was last seen, to some minutes
BEGAN = "began_at"  # when they signed in
BROWSER = "browser"  # in plain words, see `browsers`
SEEN_EVERY = 300  # seconds: not each page is worth a write


def end_after(session: Any, *, is_staff: bool) -> None:
    """Set the end of a session that begins (ASVS 7.3.2): staff and citizens have limits of their
    own, in hours from now. Nothing moves it."""
    of_staff, of_citizens = settings.MINGTANG_SESSION_HOURS, settings.MINGTANG_CITIZEN_SESSION_HOURS
    hours = of_staff if is_staff else of_citizens
    session[ENDS] = (now() + timedelta(hours=hours)).timestamp()
    session[MOVED] = session[BEGAN] = now().timestamp()


def note_moving(session: Any) -> None:
    """Somebody opened a page behind the sign-in: their session goes on (ASVS 7.3.1)."""
    if now().timestamp() - session.get(MOVED, 0) >= SEEN_EVERY:
        session[MOVED] = now().timestamp()


class SessionStore(db.SessionStore):
    def save(self, must_create: bool = False) -> None:
        """A session of a person without an end, from before there were ends, gets one."""
        if SESSION_KEY in self and ENDS not in self:
            end_after(self, is_staff=True)
        super().save(must_create)

    def get_expiry_date(self, **told: Any) -> datetime:
        """Hours after it last changed; of a person also where nobody moves, and at its end."""
        last: datetime = super().get_expiry_date(**told)
        if ENDS not in self:
            return last
        idle = self.get(MOVED, self[ENDS]) + settings.MINGTANG_IDLE_MINUTES * 60 + SEEN_EVERY
        return min(last, datetime.fromtimestamp(min(self[ENDS], idle), UTC))

    def _get_session_from_db(self) -> Session | None:
        """One that is over, or none, is Django's to tell."""
        found = find_rows(Session, session_key=self.session_key) if self.session_key else []
        if found and found[0].expire_date > now():
            return found[0]
        inherited: Any = super()
        return inherited._get_session_from_db()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Seat:
    """Where somebody is signed in. `mark`: names it on a page, and opens nothing."""

    mark: str
    browser: str
    began_at: datetime | None  # none: from before it was noted
    moved_at: datetime  # to some minutes
    is_here: bool


def seats_of(person_id: str, here: str | None) -> list[Seat]:
    """The sessions of a person that are not over, the one of the key `here` first, then by when
    they were last moved in."""
    return sorted(
        (_seat(kept, here) for kept in _of_person(person_id) if kept.expire_date > now()),
        key=lambda one: (not one.is_here, -one.moved_at.timestamp(), one.mark),
    )


def _seat(kept: Session, here: str | None) -> Seat:
    told = kept.get_decoded()
    began, moved = told.get(BEGAN), told.get(MOVED, 0)
    return Seat(
        mark=mark_of(kept.session_key),
        browser=told.get(BROWSER, ""),
        began_at=datetime.fromtimestamp(began, UTC) if began else None,
        moved_at=datetime.fromtimestamp(moved, UTC),
        is_here=kept.session_key == here,
    )


def mark_of(session_key: str) -> str:
    """64 bits under the key of the house: nobody gets the session back from them."""
    return salted_hmac("mingtang.accounts.seat", session_key).hexdigest()[:16]


def browser_mark(person_id: str) -> str:
    """Whose it is that a script keeps in a browser: 64 bits, no name."""
    return salted_hmac("mingtang.accounts.browser", person_id).hexdigest()[:16]


def end_sessions(person_id: str, *, but: str | None = None, mark: str | None = None) -> int:
    """End all sessions of a person, or the one of a mark; never the one of the key `but`. Returns
    how many."""
    ended = [
        one.session_key
        for one in _of_person(person_id)
        if one.session_key != but and mark in {None, mark_of(one.session_key)}
    ]
    return Session.objects.filter(session_key__in=ended).delete()[0]


def _of_person(person_id: str) -> Iterator[Session]:
    """Every session that is kept is looked at, for they are not kept by person: it is done
    rarely."""
    for one in Session.objects.iterator():
        if one.get_decoded().get(SESSION_KEY) == person_id:
            yield one
