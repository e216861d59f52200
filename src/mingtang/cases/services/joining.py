"""Commands: a case that is part of a joint matter is filed and accepted in one act."""

from collections.abc import Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.cases.models import Case, GivenMaterial
from mingtang.cases.rules import Applicant, Channel, Deferred, Given, GivenWay, Verb
from mingtang.cases.services.accepting import begin_handling, came_later, keep_deferred, notice
from mingtang.cases.services.common import Facts, answer, lead, locked, move, person_of, save, tell
from mingtang.cases.services.filing import filed_facts, first_clocks, unsaved_case
from mingtang.cases.services.handing_in import HandedIn, keep_submission
from mingtang.catalogue import queries as catalogue
from mingtang.files.services import share
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.questions.rules import Answers, relevant


@command("case.open_part", asks_once=True)
def open_part(
    *,
    joint: str,
    item_code: str,
    edition_id: int,
    applicant: Applicant,
    answers: Answers,
    given: Sequence[Given],
    intake_organisation_id: int | None,
    lead_organisation_id: int,
    accepted_by_id: int | None,
    since: date,
    deferred: Sequence[Deferred] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """File and accept one department's part of a joint matter (`joint:42`), which was checked and
    accepted as a whole by `accepted_by_id`; None: by the law alone, as nobody answered in time.

    `edition_id`: the edition as of the day on which the whole was filed. `since`: the day from
    which its limits count. The uploads in `given` are the matter's, shared with the case;
    `deferred`: what was promised for the whole and has not come. From here on it is a case like
    any other. Returns {"case_id", "number", "state", "document_id", "organisation_id"}.
    """
    item, _current = catalogue.published(item_code)
    edition = catalogue.edition(edition_id)
    edition.item = item
    case = unsaved_case(edition, applicant, Channel.JOINT.value, at)
    case.intake_organisation_id = intake_organisation_id
    case.is_deemed_accepted = accepted_by_id is None
    case.is_mandate_seen = accepted_by_id is not None if applicant.proxy else None
    case.save(force_insert=True)
    told = {"joint": joint, "lead_organisation_id": str(lead_organisation_id)}
    _file(case, told, applicant, answers, given, accepted_by_id, actor, at, command_id)
    document_id = _accept(case, told, accepted_by_id, since, deferred, actor, at, command_id)
    return answer(case, document_id=document_id, organisation_id=str(case.organisation_id))


@command("case.supply_part", asks_once=True)
def supply_part(
    *,
    case_id: int,
    joint: str,
    given: Sequence[Given],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """What was promised for the whole has come: the part has it too, by the same uploads."""
    case = locked(case_id)
    uploads = [upload_id for one in given for upload_id in one.upload_ids]
    share(uploads, from_subject=joint, to_subject=case.stream)
    facts = came_later(case, [one.material_id for one in given], [], at, given)
    _note_paper(case, [one for one in given if one.way is GivenWay.TO_BRING], actor, at)
    tell("case.deferred_supplied", case, {**facts, "joint": joint}, actor, at, command_id)
    return answer(case)


def _note_paper(case: Case, given: Sequence[Given], actor: Actor, at: datetime) -> None:
    """Of what came on paper, who took it."""
    if given:
        rows = GivenMaterial.objects.filter(submission__case=case, way=GivenWay.TO_BRING.value)
        rows.filter(material_id__in=[one.material_id for one in given]).update(
            brought_at=at, brought_by_id=person_of(actor)
        )


def _file(
    case: Case,
    told: Facts,
    applicant: Applicant,
    answers: Answers,
    given: Sequence[Given],
    accepted_by_id: int | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    uploads = [upload_id for one in given for upload_id in one.upload_ids]
    share(uploads, from_subject=told["joint"], to_subject=case.stream)
    handed = HandedIn({"form": relevant(catalogue.form_of(case.edition), answers)}, (), given)
    submission = keep_submission(case, 1, handed, at, applicant)
    if accepted_by_id is not None:
        GivenMaterial.objects.filter(submission=submission, way=GivenWay.TO_BRING.value).update(
            brought_at=at, brought_by_id=accepted_by_id
        )
    clocks = first_clocks(case, legal_date(at))
    facts = filed_facts(case, submission, handed, clocks)
    tell("case.submitted", case, {**facts, **told}, actor, at, command_id)


def _accept(
    case: Case,
    told: Facts,
    accepted_by_id: int | None,
    since: date,
    deferred: Sequence[Deferred],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> str:
    move(case, Verb.RECEIVE)
    move(case, Verb.ACCEPT)
    case.received_at, case.received_by_id = at, accepted_by_id
    case.accepted_at, case.accepted_by_id = at, accepted_by_id
    clocks, steps = begin_handling(case, since, at)
    clocks += keep_deferred(case, deferred, at)
    is_by_law = accepted_by_id is None and since < legal_date(at)
    kind = "deemed_accepted" if is_by_law else "accepted"
    document = notice(case, kind, clocks, since, deferred, at)
    lead(case)
    save(case, "received_at", "received_by", "accepted_at", "accepted_by")
    facts = {**told, "clocks": clocks, "steps": steps, "document": document.facts()}
    facts |= {"since": since.isoformat(), "deferred": len(deferred)}
    facts |= {"brought": [], "is_late": False}
    tell("case.accepted", case, facts, actor, at, command_id)
    return str(document.id)
