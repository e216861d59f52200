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
    told = Q(programme__silence_is_consent=True) | Q(programme__absence_is_consent=True)
    rows = project.programmes.filter(told).select_related("programme")
    found = rows.order_by("-programme__silence_is_consent", "id").first()
    if found is None:
        return Silence()
    has = found.programme
    return Silence(has.silence_is_consent, has.consent_basis, has.absence_is_consent)
