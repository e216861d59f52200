"""Services of channels: releases are entered, proven, withdrawn; each lands in the ledger."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.errors import DomainError, NotAllowed, NotFound
from mingtang.channels import queries, rules
from mingtang.channels.models import Channel, Distribution, Evidence, Release
from mingtang.channels.rules import BadRelease, NewRelease
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record, record_all
from mingtang.regions import queries as regions
from mingtang.timing.queries import working_days_later

Result = dict[str, Any]
DATA = Path(__file__).parent / "data"


@command("channel.load_shipped")
def load_shipped(*, actor: Actor, at: datetime, command_id: str) -> Result:
    """Put the usual channels into the register; what has the code of one already stays as it is.
    Returns {"codes"}."""
    known = set(Channel.objects.values_list("code", flat=True))
    with (DATA / "channels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] not in known]
    made = [_channel(row, position) for position, row in enumerate(rows, start=len(known) + 1)]
    Channel.objects.bulk_create(made)
    facts = {"codes": [one.code for one in made]}
    record(
        stream="channel:all",
        kind="channel.loaded",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return facts


def _channel(row: Mapping[str, str], position: int) -> Channel:
    return Channel(
        code=row["code"],
        name=row["name"],
        carrier=rules.Carrier(row["carrier"]).value,
        line=rules.Line(row["line"]).value,
        measure=rules.Measure(row["measure"]).value,
        proof=rules.Proof(row["proof"]).value,
        organisation_id=(
            regions.organisation_by_code(row["organisation"]).id if row["organisation"] else None
        ),
        is_automatic=row["is_automatic"] == "1",
        position=position,
    )


@command("release.make")
def release(
    *,
    organisation_id: int,
    new: NewRelease,
    released_at: datetime | None = None,
    file: StoredFile | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Enter one release by hand. `file` is its proof, a photograph for one.

    Records "release.made". Returns {"release_id"}. Raises BadRelease, NotFound.
    """
    if file is not None and not new.evidence:
        new = _with_evidence(new, file)
    row = enter(organisation_id, [new], moment=released_at, actor=actor, at=at)[0]
    if file is not None:
        attach(file, subject=row.stream, at=at)
    tell_made([row], actor=actor, at=at, command_id=command_id)
    return {"release_id": str(row.id)}


def _with_evidence(new: NewRelease, file: StoredFile) -> NewRelease:
    return rules.replace(new, evidence=file.original_name[: rules.LONGEST_EVIDENCE])


@command("release.make_many")
def release_many(
    *,
    organisation_id: int,
    rows: Sequence[NewRelease],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Enter many releases of one unit at once, all or none: an import, a month's bulk entries.

    Records one "release.many_made" for each channel. Returns {"rows", "quantity"}.
    """
    if not rows:
        raise BadRelease("没有要登记的发布，请至少填一行。")
    if len(rows) > rules.MOST_ROWS:
        raise BadRelease(f"一次最多登记 {rules.MOST_ROWS} 行，现在是 {len(rows)} 行，请分几次。")
    made = enter(organisation_id, rows, actor=actor, at=at)
    _tell_many(organisation_id, made, actor, at, command_id)
    return {"rows": len(made), "quantity": sum(one.quantity for one in made)}


def enter(
    organisation_id: int,
    rows: Sequence[NewRelease],
    *,
    moment: datetime | None = None,
    is_automatic: bool = False,
    actor: Actor,
    at: datetime,
) -> list[Release]:
    """Write the rows of a command that is open; the caller tells the ledger.

    `moment` is the instant of release of all of them; without it, noon of each row's day, which
    is all that is known of what is entered later.
    """
    channels = _channels_of(rows, organisation_id)
    _check(rows, channels, legal_date(at))
    person = _person(actor, is_automatic)
    places = _places(rows)
    made = [
        Release(
            channel=channels[new.channel],
            organisation_id=organisation_id,
            on_behalf_of_id=new.on_behalf_of,
            region_id=places[new.region] if new.region else None,
            subject=new.subject,
            title=new.title.strip()[:200],
            content_hash=new.content_hash,
            item_count=new.item_count,
            quantity=new.quantity,
            measure=channels[new.channel].measure,
            is_automatic=is_automatic,
            released_at=moment or _noon(new.released_date, at),
            released_date=new.released_date,
            entered_at=at,
            entered_by_id=person,
            is_in_time=in_time,
        )
        for new, in_time in zip(rows, _in_time(rows, at), strict=True)
    ]
    Release.objects.bulk_create(made, batch_size=500)
    _keep_proofs(rows, made, person, at)
    return made


def _keep_proofs(
    rows: Sequence[NewRelease], made: Sequence[Release], person: int | None, at: datetime
) -> None:
    Evidence.objects.bulk_create(
        (
            Evidence(release=row, text=_evidence_of(new), added_at=at, added_by_id=person)
            for new, row in zip(rows, made, strict=True)
            if person is not None and _evidence_of(new)
        ),
        batch_size=500,
    )
    Distribution.objects.bulk_create(
        (
            Distribution(
                release=row, position=place, recipient=line.recipient.strip(), copies=line.copies
            )
            for new, row in zip(rows, made, strict=True)
            for place, line in enumerate(new.distribution, start=1)
        ),
        batch_size=500,
    )


def _evidence_of(new: NewRelease) -> str:
    """A distribution list is itself the proof of printed matter."""
    listed = f"分发清单 {len(new.distribution)} 处" if new.distribution else ""
    return new.evidence.strip() or listed


def _channels_of(rows: Iterable[NewRelease], organisation_id: int) -> dict[str, Channel]:
    codes = {new.channel for new in rows}
    found = {one.code: one for one in queries.channels_for(organisation_id) if one.code in codes}
    if missing := sorted(codes - found.keys()):
        raise NotFound(f"本单位没有渠道“{'、'.join(missing)}”，请先登记渠道或者核对代码。")
    return found


def _check(rows: Sequence[NewRelease], channels: Mapping[str, Channel], today: date) -> None:
    known = {code: queries.rules_of(channel) for code, channel in channels.items()}
    is_one = len(rows) == 1
    for number, new in enumerate(rows, start=1):
        rules.check(new, known[new.channel], today=today, row=None if is_one else number)


def _places(rows: Iterable[NewRelease]) -> dict[str, int]:
    codes = {new.region for new in rows if new.region}
    found = regions.region_ids_of_codes(codes) if codes else {}
    if missing := sorted(codes - found.keys()):
        raise NotFound(f"没有区划代码“{'、'.join(missing[:3])}”，请核对。")
    return found


def _in_time(rows: Sequence[NewRelease], at: datetime) -> list[bool]:
    """Whether each is entered within one working day; each day is reckoned once."""
    days = {new.released_date for new in rows}
    latest = {day: working_days_later(day, rules.IN_TIME_DAYS) for day in days}
    return [legal_date(at) <= latest[new.released_date] for new in rows]


def _noon(day: date, at: datetime) -> datetime:
    """Today's are of this moment; of an earlier day nobody knows the hour."""
    return at if day == legal_date(at) else datetime.combine(day, time(12), LEGAL_ZONE)


def _human(actor: Actor) -> int:
    person = _person(actor, False)
    assert person is not None
    return person


def _person(actor: Actor, is_automatic: bool) -> int | None:
    if actor.id is not None:
        return int(actor.id)
    if not is_automatic:
        raise NotAllowed("登记发布要由登录的工作人员来做。")
    return None


def tell_made(made: Sequence[Release], *, actor: Actor, at: datetime, command_id: str) -> None:
    """Record "release.made" for each row, on the stream of its own."""
    names = dict(
        Channel.objects.filter(id__in={one.channel_id for one in made}).values_list("id", "code")
    )
    entries = [
        Entry(one.stream, "release.made", _facts(one, names[one.channel_id]), one.released_date)
        for one in made
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)


def _facts(row: Release, channel: str) -> Result:
    return {
        "channel": channel,
        "organisation_id": str(row.organisation_id),
        "on_behalf_of_id": str(row.on_behalf_of_id) if row.on_behalf_of_id else None,
        "subject": row.subject,
        "title": row.title,
        "content_hash": row.content_hash,
        "item_count": row.item_count,
        "quantity": row.quantity,
        "measure": row.measure,
        "is_automatic": row.is_automatic,
        "is_in_time": row.is_in_time,
    }


def _tell_many(
    organisation_id: int, made: Sequence[Release], actor: Actor, at: datetime, command_id: str
) -> None:
    by_channel: dict[str, list[Release]] = {}
    for one in made:
        by_channel.setdefault(one.channel.code, []).append(one)
    entries = [
        Entry(
            f"channel:{code}",
            "release.many_made",
            {
                "organisation_id": str(organisation_id),
                "rows": len(rows),
                "late_rows": sum(not one.is_in_time for one in rows),
                "quantity": sum(one.quantity for one in rows),
                "measure": rows[0].measure,
                "from": min(one.released_date for one in rows).isoformat(),
                "until": max(one.released_date for one in rows).isoformat(),
                "first_id": str(rows[0].id),
            },
        )
        for code, rows in sorted(by_channel.items())
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)


@command("release.prove")
def add_evidence(
    *,
    release_id: int,
    text: str,
    file: StoredFile | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Add what shows that a release took place. Records "release.proven". Raises BadRelease."""
    row = _found(release_id)
    said = text.strip() or (file.original_name if file else "")
    if not said or len(said) > rules.LONGEST_EVIDENCE:
        raise BadRelease(f"请写明凭证或者上传文件，文字不超过 {rules.LONGEST_EVIDENCE} 个字。")
    Evidence.objects.create(release=row, text=said, added_at=at, added_by_id=_human(actor))
    if file is not None:
        attach(file, subject=row.stream, at=at)
    facts = {"text": said, "file": file.sha256 if file else None}
    record(
        stream=row.stream,
        kind="release.proven",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"release_id": str(row.id)}


@command("release.withdraw")
def withdraw(
    *, release_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Take a release back, with the reason; its row stays. Records "release.withdrawn".

    What the system counted by itself goes only with its item: it would stay public otherwise.
    """
    row = _found(release_id)
    if row.is_automatic:
        raise DomainError(
            "这是系统自动发布、自动计数的，不能在台账里单独撤下。"
            "请打开这条信息，由政务公开负责人在那里撤下，台账随之撤下。"
        )
    if row.withdrawn_at is not None:
        raise rules.AlreadyWithdrawn
    take_back([row], reason, actor=actor, at=at, command_id=command_id)
    return {"release_id": str(row.id)}


def take_back(
    rows: Sequence[Release], reason: str, *, actor: Actor, at: datetime, command_id: str
) -> None:
    """Withdraw releases inside a command that is open."""
    if not 2 <= len(reason.strip()) <= 200:
        raise DomainError("请写明撤下的原因，2 到 200 个字。")
    for row in rows:
        row.withdrawn_at, row.withdrawn_by_id = at, _human(actor)
        row.withdrawn_reason = reason.strip()
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    entries = [
        Entry(row.stream, "release.withdrawn", {"reason": reason.strip(), "subject": row.subject})
        for row in rows
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)


def withdraw_subject(
    subject: str, reason: str, *, actor: Actor, at: datetime, command_id: str
) -> int:
    """Withdraw whatever still stands of a thing, inside a command that is open. Returns how many.

    What was printed or broadcast cannot come back: only what still hangs or stands is taken down.
    """
    rows = Release.objects.select_for_update(of=("self",)).filter(
        subject=subject, withdrawn_at=None
    )
    lasting = [*rules.WEB, rules.Line.BOARD, rules.Line.FEED, rules.Line.SCREEN]
    found = list(rows.filter(channel__line__in=[one.value for one in lasting]).order_by("id"))
    if found:
        take_back(found, reason, actor=actor, at=at, command_id=command_id)
    return len(found)


def count_automatic(
    *,
    channel: str,
    organisation_id: int,
    subject: str,
    title: str,
    content_hash: str,
    on_behalf_of: int | None = None,
    quantity: int = 1,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Release | None:
    """Count that the system itself has published something on a channel, once per item and
    content, inside a command that is open. None: counted before."""
    known = Release.objects.filter(
        channel__code=channel,
        subject=subject,
        content_hash=content_hash,
        is_automatic=True,
        withdrawn_at=None,
    )
    if known.exists():
        return None
    new = NewRelease(
        channel=channel,
        title=title,
        released_date=legal_date(at),
        quantity=quantity,
        subject=subject,
        content_hash=content_hash,
        on_behalf_of=on_behalf_of,
    )
    made = enter(organisation_id, [new], moment=at, is_automatic=True, actor=actor, at=at)
    tell_made(made, actor=actor, at=at, command_id=command_id)
    return made[0]


def _found(release_id: int) -> Release:
    row = Release.objects.select_for_update(of=("self",)).filter(id=release_id).first()
    if row is None:
        raise NotFound("没有找到这条发布记录，请从台账进入。")
    return row
