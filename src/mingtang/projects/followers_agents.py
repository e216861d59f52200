"""Followers of agents: owners, agents and departments are told, each once per event."""

from collections.abc import Iterable

from django.conf import settings

from mingtang.accounts.queries import colleagues, person_names, proxies_of
from mingtang.base.clock import legal_date
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.messages.rules import Audience, Occasion
from mingtang.messages.services import tell
from mingtang.projects.models import Project
from mingtang.projects.queries.agency import UNIT
from mingtang.projects.rules.agency_occasions import OCCASION_OF, OCCASIONS


def _told(event: Event) -> None:
    project = Project.objects.get(id=int(event.facts["project_id"]))
    on = legal_date(event.at)
    if occasion := OCCASION_OF.get((event.kind, Audience.APPLICANT)):
        code = project.owner_credit_code
        people = proxies_of(code, on) if code else []
        _tell(occasion, project, event, people, project.owner_phone)
    if occasion := OCCASION_OF.get((event.kind, Audience.STAFF)):
        _tell(occasion, project, event, _staff(event))


def _staff(event: Event) -> list[int]:
    """The agent whom a hand-over waits for, the department of an engagement, else the agent."""
    if event.kind == "agency.handed_over":
        return [int(event.facts["to_agent_id"])]
    if event.kind.startswith("engagement."):
        unit = int(event.facts["organisation_id"])
        return [one.id for one in colleagues([unit], UNIT, legal_date(event.at))]
    return [int(event.facts["agent_id"])]


def _tell(
    occasion: Occasion, project: Project, event: Event, people: Iterable[int], phone: str = ""
) -> None:
    agent = event.facts.get("agent_id")
    words = {
        "project": project.name,
        "number": str(event.facts.get("number", "")),
        "agent": person_names([int(agent)]).get(int(agent), "") if agent else "",
        "what": str(event.facts.get("name", "")),
        "hotline": settings.MINGTANG_HOTLINE,
    }
    by_sms = [(None, phone)] if phone and occasion.fallback.sms else []
    for person_id, number in [*((one, "") for one in people), *by_sms]:
        tell(
            subject=event.stream,
            event=occasion.event,
            audience=occasion.audience.value,
            fallback=occasion.fallback,
            facts=words,
            person_id=person_id,
            phone=number,
            dedupe=f"{event.id}/{occasion.event}",
            at=event.at,
        )


NOTES = Follower("agency_notes", tuple(dict.fromkeys(one.event for one in OCCASIONS)), _told)
