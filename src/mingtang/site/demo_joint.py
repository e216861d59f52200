"""The demo's joint matter: a factory's land and permits, filed once at the general window, examined
by three departments side by side, one of them against a simulated result."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mingtang.cases.rules import Applicant, ApplicantKind, Channel, GivenWay
from mingtang.joint import queries, services
from mingtang.ledger.rules import Actor

CLERK, PLANNER = "chuangkou", "guihua-cb"
ROUTE = "enterprise-graph"
NODES = ("land-check", "environment", "soil", "land", "land-plan")
FIRM = Applicant(
    ApplicantKind.LEGAL, "江山市演示木业有限公司", "113325000026455663", "0570-4000000"
)
SAID = {"p1_matter": {"summary": "在贺村镇新建木门生产车间，用地三十亩，年产木门二十万套。"}}


def load(
    at: datetime,
    *,
    actor_of: Callable[[str, datetime], Actor],
    command_id: Callable[[str], str],
) -> None:
    """Nothing where the demo's route is not there, or does not offer these nodes, or where nobody
    sat at the window six days ago."""
    edition = queries.route_edition(ROUTE)
    if edition is None or not services.fileable(edition.id) >= set(NODES):
        return

    def by(step: str, days: int, who: str = CLERK) -> dict[str, Any]:
        moment = at - timedelta(days=days, minutes=30)
        return {
            "actor": actor_of(who, moment),
            "at": moment,
            "command_id": command_id(f"joint/{step}"),
        }

    if by("file", 6)["actor"].organisation_id is None:
        return
    wanted = [one.key for one in services.wanted_for(edition.id, NODES)]
    made = services.open_matter(
        edition_id=edition.id,
        nodes=NODES,
        title="木门生产车间新建项目",
        applicant=FIRM,
        answers=SAID,
        handed=[services.Handed(key, GivenWay.TO_BRING) for key in wanted],
        channel=Channel.COUNTER.value,
        **by("file", 6),
    )
    joint_id = int(made["joint_id"])
    services.accept(joint_id=joint_id, brought=wanted, **by("accept", 6))
    services.simulate(joint_id=joint_id, part="land-plan", **by("simulate", 5, PLANNER))
