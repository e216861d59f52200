"""Commands: versions of rules, and the profile that holds. Never for days that have begun."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db.models import Max, Q

from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all
from mingtang.supervision import queries
from mingtang.supervision.models import ProfileChoice, Rule, Watch
from mingtang.supervision.rules import BadRule, CardType, Colour, NotRetroactive, check_rule

SHIPPED = Path(__file__).parents[1] / "data" / "rules.json"
DEFAULT_PROFILE = "overdue"
DAY = timedelta(days=1)
Facts = dict[str, Any]


def load_shipped_rules(
    *, since: date, actor: Actor, at: datetime, command_id: str, profile: str = DEFAULT_PROFILE
) -> Facts:
    """The catalogue that comes with the system, in both profiles, in force from a day on.

    What is there already stays as it is: a second run adds nothing. Where no profile was chosen
    yet, `profile` is.
    """
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return _load(
        shipped=shipped,
        since=since,
        profile=profile,
        actor=actor,
        at=at,
        command_id=command_id,
    )


@command("supervision.load_rules")
def _load(
    *,
    shipped: Mapping[str, Any],
    since: date,
    profile: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    queue_up("supervision:rules")
    known = set(Rule.objects.order_by("id").values_list("profile", "code"))
    fresh = [
        _shipped_rule(row, shipped["scores"], name, colour, since, at)
        for row in shipped["rules"]
        for name, colour in row["colours"].items()
        if colour and (name, row["code"]) not in known
    ]
    for rule in fresh:
        check_rule(queries.version_of(rule))
    Rule.objects.bulk_create(fresh)
    entries = [_added(rule) for rule in fresh]
    if not ProfileChoice.objects.exists():
        ProfileChoice.objects.create(profile=profile, since_date=since, chosen_at=at)
        entries.append(_switched(profile, since))
    if entries:
        record_all(entries, actor=actor, at=at, command_id=command_id)
        look_at_all_from(since)
    return {"added": len(fresh)}


def _shipped_rule(
    row: Mapping[str, Any],
    scores: Mapping[str, str],
    profile: str,
    colour: str,
    since: date,
    at: datetime,
) -> Rule:
    return Rule(
        profile=profile,
        code=row["code"],
        version=1,
        name=row["name"],
        trigger=row["trigger"],
        params=row["params"],
        colour=Colour(colour).value,
        type=CardType(row["type"]).value,
        subject_kind=row["subject_kind"],
        score=Decimal(row.get("score", scores[colour])),
        valid_from=since,
        is_on="off_reason" not in row,
        off_reason=row.get("off_reason", ""),
        added_at=at,
    )


@command("supervision.add_rule_version")
def add_rule_version(
    *,
    profile: str,
    code: str,
    name: str,
    trigger: str,
    params: Mapping[str, Any],
    colour: str,
    type: str,
    subject_kind: str,
    score: str,
    valid_from: date,
    valid_until: date | None = None,
    region_id: int | None = None,
    is_on: bool = True,
    off_reason: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A rule, or what a rule is from a day on. Tomorrow at the earliest: today has been judged.

    Returns {"rule_id", "version"}. Raises BadRule with every fault, NotRetroactive.
    """
    _check_from(valid_from, at)
    queue_up("supervision:rules")
    rule = Rule(
        profile=profile,
        code=code.strip(),
        version=_next_version(profile, code.strip(), region_id),
        name=name.strip(),
        trigger=trigger,
        params=dict(params),
        colour=_known(Colour, colour, code, "颜色"),
        type=_known(CardType, type, code, "类型"),
        subject_kind=subject_kind,
        score=_score(score, code),
        region_id=region_id,
        valid_from=valid_from,
        valid_until=valid_until,
        is_on=is_on,
        off_reason=off_reason.strip(),
        added_at=at,
    )
    if not is_on and not rule.off_reason:
        raise BadRule(code, ["停用须写明原因"])
    check_rule(queries.version_of(rule))
    rule.save(force_insert=True)
    record_all([_added(rule)], actor=actor, at=at, command_id=command_id)
    look_at_all_from(valid_from)
    return {"rule_id": str(rule.id), "version": rule.version}


def _check_from(day: date, at: datetime) -> None:
    earliest = legal_date(at) + DAY
    if day < earliest:
        raise NotRetroactive(earliest)


def _known(kinds: type[Colour] | type[CardType], value: str, code: str, what: str) -> str:
    try:
        return kinds(value).value
    except ValueError:
        may = "、".join(kinds)
        raise BadRule(code, [f"不认识的{what}“{value}”，可用：{may}"]) from None


def _score(text: str, code: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise BadRule(code, [f"扣分“{text}”不是数"]) from None
    if not 0 <= found < 1000:
        raise BadRule(code, [f"扣分“{text}”须在 0 和 1000 之间"])
    return found


def _next_version(profile: str, code: str, region_id: int | None) -> int:
    rows = Rule.objects.filter(profile=profile, code=code, region=region_id)
    return int(rows.aggregate(last=Max("version"))["last"] or 0) + 1


@command("supervision.switch_profile")
def switch_profile(
    *, profile: str, since: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Another profile holds from a day on, tomorrow at the earliest. Cards issued stay issued; a
    limit that has a card by a rule gets no second one by the rule of the same code."""
    _check_from(since, at)
    queue_up("supervision:rules")
    if not Rule.objects.filter(profile=profile).exists():
        raise NotFound(f"没有监察方案“{profile}”，请先建立它的规则。")
    if ProfileChoice.objects.filter(since_date=since).exists():
        raise NotRetroactive(since + DAY)
    ProfileChoice.objects.create(profile=profile, since_date=since, chosen_at=at)
    record_all([_switched(profile, since)], actor=actor, at=at, command_id=command_id)
    look_at_all_from(since)
    return {"profile": profile, "since": since.isoformat()}


def look_at_all_from(day: date) -> None:
    """Every stream with an open clock is looked at again on a day: a rule may now concern it."""
    later = Q(next_date=None) | Q(next_date__gt=day)
    Watch.objects.filter(later, is_running=True).update(next_date=day)


def _added(rule: Rule) -> Entry:
    facts = {
        "profile": rule.profile,
        "code": rule.code,
        "version": rule.version,
        "name": rule.name,
        "trigger": rule.trigger,
        "params": rule.params,
        "colour": rule.colour,
        "type": rule.type,
        "score": str(rule.score),
        "valid_from": rule.valid_from.isoformat(),
        "valid_until": rule.valid_until.isoformat() if rule.valid_until else None,
        "region_id": str(rule.region_id) if rule.region_id else None,
        "is_on": rule.is_on,
    }
    return Entry(f"rule:{rule.code}", "rule.added", facts)


def _switched(profile: str, since: date) -> Entry:
    facts = {"profile": profile, "since": since.isoformat()}
    return Entry("supervision:profile", "supervision.profile_switched", facts)
