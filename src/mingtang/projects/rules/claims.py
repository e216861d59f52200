"""Rules: who had a project in hand when, as claims on its days; `rules.buckets` settles them. Pure.

A limit does not count its first day, and so it is with spans here: from the day after `after` to
`until`, None while it lasts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mingtang.joint.rules.route import NodeKind
from mingtang.projects.rules.buckets import BUCKET_OF, Bucket, Claim


@dataclass(frozen=True)
class Span:
    """The days d with after < d ≤ until (None: still)."""

    after: date
    until: date | None = None


def without(span: Span, holes: Iterable[Span]) -> list[Span]:
    """What is left of a span where holes are cut out of it, in order."""
    found, start = [], span.after
    for hole in sorted(holes, key=lambda one: one.after):
        if span.until is not None and hole.after >= span.until:
            break
        if hole.after > start:
            found.append(Span(start, hole.after))
        if hole.until is None:
            return found
        start = max(start, hole.until)
    if span.until is None or start < span.until:
        found.append(Span(start, span.until))
    return found


def work(kind: NodeKind, span: Span, corrections: Iterable[Span] = ()) -> list[Claim]:
    """Whose days the work on a node is: while the owner corrects what is missing, the owner's."""
    asked = list(corrections)
    net = [Claim(BUCKET_OF[kind], one.after, one.until) for one in without(span, asked)]
    return [*net, *(Claim(Bucket.OWNER, one.after, one.until) for one in asked)]


def still(span: Span) -> Claim:
    """A suspension."""
    return Claim(Bucket.SUSPENDED, span.after, span.until)
