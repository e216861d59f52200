"""Rules: what comes in with an application. Plain data, already normalised and checked."""

from dataclasses import dataclass
from datetime import date

from mingtang.cases.rules.guards import ApplicantKind


@dataclass(frozen=True)
class Proxy:
    """Who files in an applicant's place, and the mandate shown for it."""

    name: str
    identity_number: str
    phone: str = ""
    is_registered: bool = False  # a mandate of theirs is on record here


@dataclass(frozen=True)
class Applicant:
    """Who applies."""

    kind: ApplicantKind
    name: str
    identity_number: str
    phone: str
    address: str = ""
    person_id: int | None = None
    proxy: Proxy | None = None


@dataclass(frozen=True)
class Renewal:
    """The licence that an application asks to renew, and the day on which it expires."""

    number: str
    until: date


@dataclass(frozen=True)
class Deferred:
    """A material that may come later (容缺), what was promised, and by when."""

    material_id: str
    promise: str
    due_date: date
