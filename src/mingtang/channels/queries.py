"""Reads of channels: the register, sums whose every number opens its rows, the ledger's list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.channels.models import Channel as Channel
from mingtang.channels.models import Distribution as Distribution
from mingtang.channels.models import Evidence as Evidence
from mingtang.channels.models import Release as Release
from mingtang.channels.rules import ChannelRules, Line, Measure, Proof, Sums

PAGE = 50


# ── the register ──────────────────────────────────────────────────────────────────────────────


def channels_for(*organisation_ids: int) -> list[Channel]:
    """The open channels of units: their own and every unit's, in their order."""
    rows = Channel.objects.filter(Q(organisation__in=organisation_ids) | Q(organisation=None))
    return list(rows.filter(is_open=True).order_by("position", "id"))


def all_channels() -> list[Channel]:
    return list(Channel.objects.order_by("position", "id"))


def channel_codes() -> set[str]:
    return set(Channel.objects.values_list("code", flat=True))


def units_with_releases(organisation_ids: Iterable[int]) -> list[int]:
    """Of these units, those that ever released anything."""
    rows = Release.objects.filter(organisation__in=list(organisation_ids)).order_by()
    return sorted(rows.values_list("organisation_id", flat=True).distinct())


def rules_of(channel: Channel) -> ChannelRules:
    return ChannelRules(channel.code, channel.name, Measure(channel.measure), Proof(channel.proof))


# ── what is asked for ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Sought:
    """Which releases: of units, on days, on channels, by whom, whole or lacking something."""

    organisation_ids: tuple[int, ...] | None = None  # None: of all units
    since: date | None = None
    until: date | None = None
    channels: tuple[str, ...] = ()
    line: Line | None = None
    is_automatic: bool | None = None
    subject: str = ""
    words: str = ""
    lacks_proof: bool = False
    is_late: bool = False
    with_withdrawn: bool = False

    def rows(self) -> QuerySet[Release]:
        found = Release.objects.filter(self._condition())
        if self.lacks_proof:
            found = found.filter(~_IS_PROVEN).exclude(channel__proof=Proof.NONE.value)
        return found

    def _condition(self) -> Q:
        found = Q() if self.with_withdrawn else Q(withdrawn_at=None)
        if self.organisation_ids is not None:
            found &= Q(organisation__in=self.organisation_ids)
        if self.since:
            found &= Q(released_date__gte=self.since)
        if self.until:
            found &= Q(released_date__lte=self.until)
        if self.channels:
            found &= Q(channel__code__in=self.channels)
        if self.line is not None:
            found &= Q(channel__line=self.line.value)
        if self.is_automatic is not None:
            found &= Q(is_automatic=self.is_automatic)
        if self.subject:
            found &= Q(subject=self.subject)
        if self.words:
            found &= Q(title__icontains=self.words)
        if self.is_late:
            found &= Q(is_in_time=False)
        return found


_IS_PROVEN = Exists(Evidence.objects.filter(release=OuterRef("pk")))


def year_of(organisation_id: int, year: int, *, line: Line | None = None) -> Sought:
    """What a unit released in a calendar year."""
    return Sought(
        organisation_ids=(organisation_id,),
        since=date(year, 1, 1),
        until=date(year, 12, 31),
        line=line,
    )


# ── sums ──────────────────────────────────────────────────────────────────────────────────────


def sums(sought: Sought) -> Sums:
    """What the rows add up to: each unit by itself, different items apart. As rules.add_up."""
    by_measure = dict(
        sought.rows().order_by().values_list("measure").annotate(total=Sum("quantity"))
    )
    found = sought.rows().aggregate(
        rows=Count("id"),
        subjects=Count("subject", distinct=True, filter=~Q(subject="")),
        free=Sum("item_count", filter=Q(subject="")),
        undivided=Count("id", filter=Q(subject="", item_count=None)),
    )
    return Sums(
        rows=found["rows"],
        quantities=tuple(
            (one, by_measure[one.value]) for one in Measure if by_measure.get(one.value)
        ),
        distinct=found["subjects"] + (found["free"] or 0),
        undivided_rows=found["undivided"],
    )


@dataclass(frozen=True)
class ChannelSum:
    """One channel's line of a table: by the system and by hand, with the measure of the channel."""

    channel: Channel
    automatic: int
    by_hand: int
    distinct: int

    @property
    def total(self) -> int:
        return self.automatic + self.by_hand


def by_channel(sought: Sought) -> list[ChannelSum]:
    """The sums of each channel on which anything was released, in the order of the register."""
    rows = (
        sought.rows()
        .order_by()
        .values("channel_id")
        .annotate(
            automatic=Sum("quantity", filter=Q(is_automatic=True)),
            by_hand=Sum("quantity", filter=Q(is_automatic=False)),
            subjects=Count("subject", distinct=True, filter=~Q(subject="")),
            free=Sum("item_count", filter=Q(subject="")),
        )
    )
    found = {row["channel_id"]: row for row in rows}
    return [
        ChannelSum(
            channel=channel,
            automatic=found[channel.id]["automatic"] or 0,
            by_hand=found[channel.id]["by_hand"] or 0,
            distinct=found[channel.id]["subjects"] + (found[channel.id]["free"] or 0),
        )
        for channel in all_channels()
        if channel.id in found
    ]


def hashes_on(channel: str, subjects: Iterable[str]) -> set[tuple[str, str]]:
    """Which contents of these subjects the system has counted on a channel, as (subject, hash)."""
    rows = Release.objects.filter(
        channel__code=channel, subject__in=list(subjects), is_automatic=True, withdrawn_at=None
    )
    return set(rows.values_list("subject", "content_hash"))


def by_month(sought: Sought) -> dict[tuple[int, int], int]:
    """Rows by year and month."""
    rows = sought.rows().order_by().values_list("released_date__year", "released_date__month")
    return {(year, month): count for year, month, count in rows.annotate(count=Count("id"))}


# ── the annual report ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Figures:
    """What the annual report of a unit says of a year. Every number is that of `rows(...)` of the
    same `Sought`: see `of_line`, `on_the_web` and `whole`."""

    organisation_id: int
    year: int
    lines: dict[Line, int] = field(default_factory=dict)  # in the measure of the line's channels
    automatic: dict[Line, int] = field(default_factory=dict)
    distinct: int = 0
    undivided_rows: int = 0
    copies: int = 0
    hours: int = 0
    places_on_tv: int = 0
    rows: int = 0
    in_time: int = 0
    lacking_proof: int = 0

    @property
    def on_the_web(self) -> int:
        """The honest "在政府网站上公开": pages of sites alone."""
        return sum(count for line, count in self.lines.items() if line.is_web)

    @property
    def mixed_total(self) -> int:
        """The number that reports of that time headline: items and copies of the five lines in one.

        Shown beside the honest ones, never instead of them. Screens, television and feeds stand
        apart: no report of that form counts them.
        """
        return sum(self.lines.get(line, 0) for line in HEADLINE)

    def sought(self, line: Line | None = None) -> Sought:
        """The rows behind a number of this report."""
        return year_of(self.organisation_id, self.year, line=line)


HEADLINE = (Line.PORTAL, Line.OWN_SITE, Line.OTHER_SITE, Line.MEDIA, Line.PRINTED, Line.BOARD)


def figures(organisation_id: int, year: int) -> Figures:
    """All numbers of releases for a unit's annual report, in a handful of queries."""
    wanted = year_of(organisation_id, year)
    lines: dict[Line, int] = {}
    automatic: dict[Line, int] = {}
    for one in by_channel(wanted):
        line = Line(one.channel.line)
        lines[line] = lines.get(line, 0) + one.total
        automatic[line] = automatic.get(line, 0) + one.automatic
    whole = sums(wanted)
    quality = record_quality(wanted)
    return Figures(
        organisation_id=organisation_id,
        year=year,
        lines=lines,
        automatic=automatic,
        distinct=whole.distinct,
        undivided_rows=whole.undivided_rows,
        copies=whole.of(Measure.COPY),
        hours=whole.of(Measure.HOUR),
        places_on_tv=places(year_of(organisation_id, year, line=Line.TV)),
        rows=whole.rows,
        in_time=quality.in_time,
        lacking_proof=quality.lacking_proof,
    )


def places(sought: Sought) -> int:
    """In how many places something was shown."""
    return sought.rows().exclude(region=None).values("region").distinct().count()


@dataclass(frozen=True)
class RecordQuality:
    """记录质量: how soon rows were entered, and what they lack."""

    rows: int
    in_time: int
    lacking_proof: int

    @property
    def share_in_time(self) -> float | None:
        return self.in_time / self.rows if self.rows else None


def record_quality(sought: Sought) -> RecordQuality:
    found = sought.rows().aggregate(
        rows=Count("id"), in_time=Count("id", filter=Q(is_in_time=True))
    )
    # Of the rows that need a proof, those without any.
    needing = sought.rows().exclude(channel__proof=Proof.NONE.value)
    return RecordQuality(found["rows"], found["in_time"], needing.filter(~_IS_PROVEN).count())


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Page:
    rows: list[Release]
    next: DateCursor | None


def releases(sought: Sought, after: DateCursor | None = None, size: int = PAGE) -> Page:
    """A page of releases, newest first; total order (released_date, id)."""
    found = sought.rows()
    if after is not None:
        found = found.filter(
            Q(released_date__lt=after.day) | Q(id__lt=after.id), released_date__lte=after.day
        )
    rows = list(_whole(found)[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], DateCursor(last.released_date, last.id) if last else None)


def _whole(rows: QuerySet[Release]) -> QuerySet[Release]:
    related = ("channel", "region", "entered_by", "withdrawn_by")
    found = rows.select_related(*related).prefetch_related("evidence")
    unread = (
        f"{who}__{what}"
        for who in ("entered_by", "withdrawn_by")
        for what in ("identity_number", "phone")
    )
    return found.defer(*unread).order_by("-released_date", "-id")


def every_release(sought: Sought) -> Iterable[Release]:
    """All rows of a list, for an export."""
    return _whole(sought.rows()).iterator(chunk_size=500)


def release_for(release_id: int, organisation_ids: Iterable[int]) -> Release:
    """One release of these units. Raises NotFound."""
    found = _whole(
        Release.objects.filter(id=release_id, organisation__in=list(organisation_ids))
    ).first()
    if found is None:
        raise NotFound("没有找到这条发布记录，请从台账进入。")
    return found


def of_subject(subject: str) -> list[Release]:
    """All releases of a thing, withdrawn ones too, in the order in which they went out."""
    rows = Release.objects.filter(subject=subject).select_related("channel", "entered_by")
    rows = rows.prefetch_related("evidence").order_by("released_at", "id")
    return list(rows.defer("entered_by__identity_number", "entered_by__phone"))


def distribution_of(release_id: int) -> list[Distribution]:
    return list(Distribution.objects.filter(release=release_id).order_by("position"))
