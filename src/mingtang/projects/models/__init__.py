"""Tables of projects."""

from mingtang.projects.models.agency import (
    AgencyAct,
    AgencyHandOver,
    AgencyLetter,
    AgencyRating,
    AgencyStep,
)
from mingtang.projects.models.intermediaries import Engagement, EngagementRating, Intermediary
from mingtang.projects.models.plan import AnnualPlan, NodePlan
from mingtang.projects.models.programme import Programme
from mingtang.projects.models.project import (
    Project,
    ProjectPaper,
    ProjectProgramme,
    ProjectTag,
)
from mingtang.projects.models.report import MonthlyReport, Problem, Suspension

__all__ = [
    "AgencyAct",
    "AgencyHandOver",
    "AgencyLetter",
    "AgencyRating",
    "AgencyStep",
    "AnnualPlan",
    "Engagement",
    "EngagementRating",
    "Intermediary",
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
