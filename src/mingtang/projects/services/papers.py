"""Commands: the shared library of a project's papers: scanned once, reused by every filing."""

from datetime import datetime

from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import Project, ProjectPaper
from mingtang.projects.rules.moves import Deed
from mingtang.projects.rules.states import PaperKind
from mingtang.projects.services.common import Facts, held, person_of, said, tell


def keep_paper(
    project: Project,
    kind: PaperKind,
    title: str,
    file: StoredFile,
    person_id: int,
    at: datetime,
) -> ProjectPaper:
    """Put a stored file among the papers of a project, inside the open transaction."""
    return ProjectPaper.objects.create(
        project=project,
        upload=attach(file, subject=project.stream, at=at),
        kind=kind.value,
        title=title,
        added_at=at,
        added_by_id=person_id,
    )


@command("project.add_paper")
def add_paper(
    *,
    project_id: int,
    title: str,
    file: StoredFile,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Add a paper that filings of the project may reuse. Returns {"paper_id"}."""
    project = held(project_id, Deed.ADD_PAPER)
    title = said(title, "材料的名称")
    paper = keep_paper(project, PaperKind.SHARED, title, file, person_of(actor), at)
    facts = {"paper": str(paper.id), "title": title, "sha256": file.sha256}
    tell(project, "paper_added", facts, actor, at, command_id)
    return {"paper_id": str(paper.id)}
