"""Followers of projects: what a joint matter does moves the stage of its project."""

from mingtang.base.ids import parse_id
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.projects.services.planning import keep_stage


def _keep(event: Event) -> None:
    """Read anew, whichever event came: late, twice or out of order, the same."""
    kind, _colon, key = str(event.facts.get("project", "")).partition(":")
    project_id = parse_id(key) if kind == "project" else None
    if project_id is not None:
        keep_stage(project_id)


STAGES = Follower("project_stages", ("joint.*",), _keep)
