"""Commands: the committee of the village examines first, then the township. Each opinion is bound
to the hash of what was read; who wrote it, or is kin to the officers, has no say."""

from collections.abc import Mapping
from datetime import datetime

from mingtang.base.errors import DomainError
from mingtang.base.rows import insert_rows
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.villages.models import Check, Disclosure, Kinship, Writer
from mingtang.villages.rules.moves import (
    Changed,
    Deed,
    Kin,
    OwnWriting,
    SameExaminer,
    Stage,
    State,
    Verdict,
)
from mingtang.villages.services.common import Facts, held, person_of, persons_of, tell


@command("village.examine")
def examine(
    *,
    hashes: Mapping[str, str],
    verdict: str,
    opinion: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """村务监督委员会审查: agree, or give back with a reason. `hashes`: of what was read, by id.

    Raises Changed, OwnWriting, Kin, WrongState.
    """
    return _check(Deed.EXAMINE, Stage.COMMITTEE, hashes, verdict, opinion, actor, at, command_id)


@command("village.approve")
def approve(
    *,
    hashes: Mapping[str, str],
    verdict: str,
    opinion: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """乡镇审核: agree, or give back with a reason; several may be agreed to at once.

    Raises Changed, OwnWriting, SameExaminer, WrongState.
    """
    return _check(Deed.APPROVE, Stage.TOWNSHIP, hashes, verdict, opinion, actor, at, command_id)


def _check(
    deed: Deed,
    stage: Stage,
    hashes: Mapping[str, str],
    verdict: str,
    opinion: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    agreed, opinion = Verdict(verdict), opinion.strip()
    if agreed is Verdict.RETURN and not opinion:
        raise DomainError("退回请写明要改什么。")
    found = held(map(int, hashes), deed)
    for one in found:
        if one.content_hash != hashes[str(one.id)]:
            raise Changed
    _check_another(stage, found, persons_of(actor))
    opinions = [
        Check(
            disclosure=one,
            stage=stage.value,
            verdict=agreed.value,
            opinion=opinion[:300],
            content_hash=one.content_hash,
            checked_at=at,
            checked_by_id=person_of(actor),
        )
        for one in found
    ]
    insert_rows(opinions)
    if agreed is Verdict.RETURN:
        for one in found:
            one.state = State.DRAFT.value
    Disclosure.objects.filter(id__in=[one.id for one in found]).update(state=found[0].state)
    verb = "returned" if agreed is Verdict.RETURN else VERBS[stage]
    facts: Facts = {"stage": stage.value, "opinion": opinion}
    tell(found, verb, [facts] * len(found), actor, at, command_id)
    return {"count": len(found), "state": found[0].state}


VERBS = {Stage.COMMITTEE: "examined", Stage.TOWNSHIP: "approved"}


def _check_another(stage: Stage, found: list[Disclosure], persons: set[int]) -> None:
    """The database refuses the same; here it is said in words."""
    if Writer.objects.filter(disclosure__in=found, person__in=persons).exists():
        raise OwnWriting
    others = Check.objects.filter(disclosure__in=found, checked_by__in=persons)
    if others.exclude(stage=stage.value).exists():
        raise SameExaminer
    villages = {one.village_id for one in found}
    kin = Kinship.objects.filter(village__in=villages, person__in=persons, ended_at=None)
    if stage is Stage.COMMITTEE and kin.exists():
        raise Kin
