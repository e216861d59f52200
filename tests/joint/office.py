"""Five departments and a route between them, for tests of joint matters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import GivenWay, HandOverWay, Verb
from mingtang.joint import services as joint
from mingtang.joint.models import JointCase, JointPart, RouteEdition
from mingtang.joint.models import Route as RouteRow
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie, content_of
from mingtang.ledger.services import deliver_all
from mingtang.regions.models import Organisation
from tests.world import World, morning, new_command_id, plain

MATERIALS = "营业执照复印件;项目用地红线图;申请书"
KEYS = ("plan", "land", "water", "environment", "fire")
UNITS = {
    "plan": ("fgj", "011", "江山市发展和改革局", "企业投资项目备案"),
    "land": ("gtj", "012", "江山市国土资源局", "建设用地批准"),
    "water": ("slj", "016", "江山市水利局", "取水许可"),
    "environment": ("hbj", "013", "江山市环境保护局", "环境影响评价审批"),
    "fire": ("xfj", "015", "江山市公安消防大队", "消防设计审核"),
}


def node(key: str, *needs: Need, **more: Any) -> Node:
    return Node(key=key, name=UNITS[key][3], item=f"item-{key}", needs=needs, days=10, **more)


def route() -> Route:
    """Five departments side by side; fire and environment need land, water may simulate it."""
    land = Need("land")
    nodes = (
        node("plan"),
        node("land"),
        node("water", Need("land", Tie.SIMULATE)),
        node("environment", land),
        node("fire", land),
    )
    return Route((Stage("review", "审批阶段", nodes, lead="fgj", days=30),))


class Office:
    """A world with five departments, a person for each role of each, and the route."""

    def __init__(self) -> None:
        self.world = World()
        self.units: dict[str, Organisation] = {}
        self.handlers: dict[str, Person] = {}
        self.approvers: dict[str, Person] = {}
        for key in KEYS:
            self._department(key)
        self.clerk = self.world.people.post("fgj-clerk", Role.CLERK, self.units["plan"])
        government = self.world.organisation("zf", "001", "江山市人民政府", kind="other")
        self.mayor = self.world.people.post("mayor", Role.STEERING_GROUP, government)

    def _department(self, key: str) -> None:
        code, unit3, name, item = UNITS[key]
        world = self.world
        unit = world.water if key == "water" else world.organisation(code, unit3, name)
        self.units[key] = unit
        post = world.people.post
        self.handlers[key] = post(f"{code}-handler", Role.HANDLER, unit)
        self.approvers[key] = post(f"{code}-approver", Role.APPROVER, unit)
        world.item(
            f"item-{key}",
            department=unit,
            name=item,
            statutory=20,
            promised=10,
            materials=MATERIALS,
            conditions="符合规划\n用地合法",
        )

    def publish(self, drawn: Route, code: str = "factory") -> RouteEdition:
        row = RouteRow.objects.create(code=code, name="工业项目并联审批")
        edition = RouteEdition.objects.create(
            route=row,
            number=1,
            content=content_of(drawn),
            content_hash="0" * 64,
            published_at=morning(2013, 1, 4),
            published_by_label="测试",
        )
        RouteRow.objects.filter(id=row.id).update(current_edition=edition)
        return edition

    def open(
        self, at: datetime, drawn: Route | None = None, nodes: Sequence[str] = KEYS, **more: Any
    ) -> JointCase:
        known = RouteRow.objects.filter(code="factory").first()
        edition = known.editions.get() if known else self.publish(drawn or route())
        fields: dict[str, Any] = {
            "edition_id": edition.id,
            "nodes": nodes,
            "title": "年产十万吨茶油加工项目",
            "applicant": self.world.applicant(self.world.citizen),
            "answers": {"p1_matter": plain("新建厂房。")["matter"]},
            "handed": [
                joint.Handed(one.key, GivenWay.TO_BRING)
                for one in joint.wanted_for(edition.id, nodes)
            ],
            "channel": "counter",
            "actor": self.world.actor(self.clerk),
            "at": at,
            "command_id": new_command_id(),
            **more,
        }
        return JointCase.objects.get(id=int(joint.open_matter(**fields)["joint_id"]))

    def act(self, who: Person, command: Any, matter: JointCase, at: datetime, **more: Any) -> Any:
        by = {"actor": self.world.actor(who), "at": at, "command_id": new_command_id()}
        found = command(joint_id=matter.id, **by, **more)
        self.settle(at)
        matter.refresh_from_db()
        return found

    def accept(self, matter: JointCase, at: datetime) -> None:
        brought = [one.key for one in matter.materials.filter(way="to_bring", brought_at=None)]
        self.act(self.clerk, joint.accept, matter, at, brought=brought)

    def settle(self, at: datetime) -> None:
        """Deliver what is owed, and what is owed of that."""
        while deliver_all(at=at):
            pass

    def part(self, matter: JointCase, key: str) -> JointPart:
        return matter.parts.get(key=key)

    def statuses(self, matter: JointCase) -> dict[str, str]:
        return dict(matter.parts.order_by("position").values_list("key", "status"))

    def decide(self, matter: JointCase, key: str, at: datetime, verb: Verb = Verb.GRANT) -> Case:
        """Let the department of a part examine and decide its case."""
        case = Case.objects.get(id=self.part(matter, key).case_id)
        act = self.world.act
        act(self.handlers[key], cases.claim, case, at, step_key="review")
        act(self.handlers[key], cases.examine, case, at, step_key="review", opinion="已审查")
        more = {} if verb is Verb.GRANT else {"legal_basis": "《土地管理法》"}
        reason = "符合条件" if verb is Verb.GRANT else "不符合条件"
        act(self.approvers[key], cases.decide, case, at, verb=verb, reason=reason, **more)
        self.settle(at)
        matter.refresh_from_db()
        case.refresh_from_db()
        return case

    def deliver(self, case: Case, at: datetime) -> None:
        self.world.seal(case, at)
        clerk = self.world.people.post(f"c{case.id}", Role.CLERK, case.organisation)
        self.world.act(clerk, cases.hand_over, case, at, way=HandOverWay.WINDOW, note="")
        self.settle(at)


__all__ = ["KEYS", "Need", "Node", "NodeKind", "Office", "Route", "Stage", "Tie", "node", "route"]
