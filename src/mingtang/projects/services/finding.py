"""Services: a project as joint filings know it, found by its code or its name."""

from django.db.models import Q

from mingtang.joint.services import Silence, Undertaking
from mingtang.projects.models import Project
from mingtang.projects.rules.states import ProjectState


def find(code_or_name: str) -> Undertaking | None:
    """The project of the library that goes on under this code or name; None for two of them."""
    wanted = Q(code=code_or_name) | Q(name=code_or_name)
    rows = Project.objects.filter(wanted, state=ProjectState.IN_LIBRARY.value).order_by("id")[:2]
    found = list(rows)
    if len(found) != 1:
        return None
    (project,) = found
    return Undertaking(project.stream, project.name, silence_of(project))


def silence_of(project: Project) -> Silence:
    """As a programme of the project has it, by its document; off without one."""
    rows = project.programmes.filter(programme__silence_is_consent=True)
    found = rows.select_related("programme").order_by("id").first()
    return Silence(True, found.programme.consent_basis) if found else Silence()
