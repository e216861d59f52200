"""Commands: another person reviews, clears for secrecy, or sends back. Each opinion is bound to the
hash of what was read."""

from collections.abc import Mapping
from datetime import datetime

from mingtang.base.errors import DomainError
from mingtang.disclosure.models import Publication, Review, Version
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.chain import Act, Stage, State, Verdict
from mingtang.disclosure.services import gate
from mingtang.disclosure.services.common import (
    Result,
    check_hash,
    is_secrecy_asked,
    locked,
    person_of,
    persons_of,
    tell,
    tell_all,
    writers_of,
)
from mingtang.disclosure.services.drafting import back_to_draft
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command

MOST_AT_ONCE = 500


@command("disclosure.review")
def review(
    *,
    publication_id: int,
    content_hash: str,
    opinion: str = "",
    asks_secrecy: bool = False,
    justification: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Approve the version that was read; then it waits for release, or for the secrecy reviewer
    where the drafter or a reviewer ever asked for one. Nobody reviews what they wrote themselves.

    `justification`: why what the look before release found may stay, where it would block.

    Records "disclosure.reviewed". Raises Changed, OwnDraft, NotNow, Blocked.
    """
    item = locked(publication_id)
    facts = _approve(item, content_hash, opinion, asks_secrecy, justification, actor, at)
    tell(item, "disclosure.reviewed", facts, actor=actor, at=at, command_id=command_id)
    return {"state": item.state}


def _approve(
    item: Publication,
    content_hash: str,
    opinion: str,
    asks_secrecy: bool,
    justification: str,
    actor: Actor,
    at: datetime,
    *,
    with_title: bool = False,
) -> Result:
    version = check_hash(item, content_hash)
    chain.check_state(Act.REVIEW, item.state)
    chain.check_another(Act.REVIEW, persons_of(actor), writers_of(item))
    findings = gate.check_clean(version, justification, with_title=with_title)
    _note(
        version,
        Stage.REVIEW,
        Verdict.APPROVE,
        opinion,
        actor,
        at,
        asks_secrecy=asks_secrecy,
        findings=gate.kept(findings),
        justification=justification.strip()[:500],
    )
    item.state = (State.SECRECY if is_secrecy_asked(item) else State.APPROVED).value
    item.save(update_fields=["state"])
    return {
        "opinion": opinion.strip(),
        "asks_secrecy": asks_secrecy,
        "findings": sorted({one.code for one in findings}),
        "justification": justification.strip(),
    }


def _note(
    version: Version,
    stage: Stage,
    verdict: Verdict,
    opinion: str,
    actor: Actor,
    at: datetime,
    **more: object,
) -> Review:
    return Review.objects.create(
        version=version,
        content_hash=version.content_hash,
        stage=stage.value,
        verdict=verdict.value,
        opinion=opinion.strip()[:500],
        reviewed_at=at,
        reviewed_by_id=person_of(actor),
        **more,
    )


@command("disclosure.review_many")
def review_many(
    *,
    hashes: Mapping[str, str],
    opinion: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Approve many drafts in one act: `hashes` has the hash that was read by the id of each. All or
    none, each with an opinion and an event of its own; what asks for secrecy waits for it.

    Returns {"reviewed"}.
    """
    if not hashes:
        raise DomainError("没有选中要审核的信息，请先勾选。")
    if len(hashes) > MOST_AT_ONCE:
        raise DomainError(f"一次最多审核 {MOST_AT_ONCE} 条，请分几次。")
    told: list[tuple[Publication, Result]] = []
    for publication_id in sorted(hashes, key=int):
        item = locked(int(publication_id))
        read = hashes[publication_id]
        facts = _approve(item, read, opinion, False, "", actor, at, with_title=True)
        told.append((item, facts | {"together": len(hashes)}))
    tell_all(told, "disclosure.reviewed", actor=actor, at=at, command_id=command_id)
    return {"reviewed": len(told)}


@command("disclosure.clear")
def clear(
    *,
    publication_id: int,
    content_hash: str,
    opinion: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """The secrecy reviewer finds nothing secret (《保守国家秘密法》：先审查后公开). Records
    "disclosure.cleared"."""
    item = locked(publication_id)
    version = check_hash(item, content_hash)
    chain.check_state(Act.CLEAR, item.state)
    chain.check_another(Act.CLEAR, persons_of(actor), writers_of(item))
    _note(version, Stage.SECRECY, Verdict.APPROVE, opinion, actor, at)
    item.state = State.APPROVED.value
    item.save(update_fields=["state"])
    facts = {"opinion": opinion.strip()}
    tell(item, "disclosure.cleared", facts, actor=actor, at=at, command_id=command_id)
    return {"state": item.state}


@command("disclosure.return")
def send_back(
    *,
    publication_id: int,
    content_hash: str,
    opinion: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Send a version back to who drafts, with the reason: from review, from secrecy, or before
    release. Records "disclosure.returned"."""
    item = locked(publication_id)
    version = check_hash(item, content_hash)
    if State(item.state) not in {State.REVIEW, State.SECRECY, State.APPROVED}:
        raise chain.NotNow(Act.REVIEW, State(item.state))
    if len(opinion.strip()) < 4:
        raise DomainError("请写明退回的理由，至少 4 个字，让起草的人知道改什么。")
    stage = Stage.SECRECY if item.state == State.SECRECY else Stage.REVIEW
    _note(version, stage, Verdict.RETURN, opinion, actor, at)
    back_to_draft(item)
    facts = {"opinion": opinion.strip(), "stage": stage.value}
    tell(item, "disclosure.returned", facts, actor=actor, at=at, command_id=command_id)
    return {"state": item.state}
