"""Commands of projects."""

from mingtang.projects.services.entering import admit, change, enter, publish, unpublish
from mingtang.projects.services.life import archive, complete, resume, suspend
from mingtang.projects.services.papers import add_paper
from mingtang.projects.services.planning import add_milestone, choose_route, plan_node
from mingtang.projects.services.problems import raise_problem, solve_problem
from mingtang.projects.services.programmes import (
    add_programme,
    archive_programme,
    change_programme,
    load_programmes,
    reopen_programme,
)
from mingtang.projects.services.reporting import amend_month, plan_year, report_month

# Commands of agents and of intermediary services (agency.py, intermediaries.py) are named here.

__all__ = [
    "add_milestone",
    "add_paper",
    "add_programme",
    "admit",
    "amend_month",
    "archive",
    "archive_programme",
    "change",
    "change_programme",
    "choose_route",
    "complete",
    "enter",
    "load_programmes",
    "plan_node",
    "plan_year",
    "publish",
    "raise_problem",
    "reopen_programme",
    "report_month",
    "resume",
    "solve_problem",
    "suspend",
    "unpublish",
]
