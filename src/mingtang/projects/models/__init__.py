"""Tables of projects."""

from mingtang.projects.models.plan import AnnualPlan, NodePlan
from mingtang.projects.models.programme import Programme
from mingtang.projects.models.project import Project, ProjectPaper, ProjectProgramme, ProjectTag
from mingtang.projects.models.report import MonthlyReport, Problem, Suspension

# Tables of agents and of intermediary services (models/agency.py, models/intermediaries.py) are
# named here too.

__all__ = [
    "AnnualPlan",
    "MonthlyReport",
    "NodePlan",
    "Problem",
    "Programme",
    "Project",
    "ProjectPaper",
    "ProjectProgramme",
    "ProjectTag",
    "Suspension",
]
