"""Rules: whose time a project's days were. Each elapsed working day belongs to exactly one. Pure.

Counted against the promise are government, the intermediaries that it commissions, and utilities;
not the owner's own preparation and the owner's intermediaries (浙江“最多90天”, docs: projects).
Where several had something in hand on a day, it is the one's who stands first in `Bucket`: a
project that is suspended waits for nobody, and government does not hide behind what runs beside it.
A day that nobody claims is the owner's preparation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise

from mingtang.joint.rules.route import NodeKind
from mingtang.timing.rules import WorkingCalendar


class Bucket(StrEnum):
    """In the order in which they claim a day. Stored; retired members stay."""

    SUSPENDED = "suspended"
    GOVERNMENT = "government"
    GOVERNMENT_INTERMEDIARY = "government_intermediary"
    UTILITY = "utility"
    OWNER_INTERMEDIARY = "owner_intermediary"
    OWNER = "owner"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_counted(self) -> bool:
        """Whether the time counts against the promise of government."""
        return self in _COUNTED


_LABELS = {
    Bucket.SUSPENDED: "暂停",
    Bucket.GOVERNMENT: "政府审批",
    Bucket.GOVERNMENT_INTERMEDIARY: "政府委托的中介",
    Bucket.UTILITY: "水电气等公用配套",
    Bucket.OWNER_INTERMEDIARY: "业主委托的中介",
    Bucket.OWNER: "业主准备",
}
_COUNTED = frozenset({Bucket.GOVERNMENT, Bucket.GOVERNMENT_INTERMEDIARY, Bucket.UTILITY})
_PLACES = {bucket: place for place, bucket in enumerate(Bucket)}

BUCKET_OF = {  # whose time the work on a node is
    NodeKind.CASE: Bucket.GOVERNMENT,
    NodeKind.JOINT_REVIEW: Bucket.GOVERNMENT,
    NodeKind.SITE_VISIT: Bucket.GOVERNMENT,
    NodeKind.GOVERNMENT_INTERMEDIARY: Bucket.GOVERNMENT_INTERMEDIARY,
    NodeKind.UTILITY: Bucket.UTILITY,
    NodeKind.OWNER_INTERMEDIARY: Bucket.OWNER_INTERMEDIARY,
    NodeKind.OWNER: Bucket.OWNER,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody had it in hand on the days d with after < d ≤ until (None: still), as limits
    count. For a span that names its first day, `after` is the day before."""

    bucket: Bucket
    after: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on end of one bucket: those d with after < d ≤ until, so many of them working days."""

    bucket: Bucket
    after: date
    until: date
    days: int


def stretches(
    claims: Iterable[Claim], since: date, until: date, calendar: WorkingCalendar
) -> list[Stretch]:
    """The days of a project from the day after `since` up to `until`, in order, without a gap."""
    listed = [claim for claim in claims if _ends(claim, until) > claim.after]
    marks = {since, until} | {
        day for one in listed for day in (one.after, _ends(one, until)) if since < day < until
    }
    parts = [
        (_owner(listed, after, end, until), after, end) for after, end in pairwise(sorted(marks))
    ]
    found = []
    for bucket, group in groupby(parts, key=lambda part: part[0]):
        run = list(group)
        first, last = run[0][1], run[-1][2]
        found.append(Stretch(bucket, first, last, calendar.count(first, last)))
    return found


def _ends(claim: Claim, until: date) -> date:
    return claim.until or max(until, claim.after)


def _owner(claims: Sequence[Claim], after: date, end: date, until: date) -> Bucket:
    """Whose the days d with after < d ≤ end are: no claim begins or ends between."""
    there = (one.bucket for one in claims if one.after <= after and end <= _ends(one, until))
    return min(there, key=_PLACES.__getitem__, default=Bucket.OWNER)


def bucket_days(
    claims: Iterable[Claim], since: date, until: date, calendar: WorkingCalendar
) -> dict[Bucket, int]:
    """Working days by bucket, 0 where there are none: they add up to those between both days."""
    days = dict.fromkeys(Bucket, 0)
    for one in stretches(claims, since, until, calendar):
        days[one.bucket] += one.days
    return days
