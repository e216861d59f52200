"""The acts over HTTP, as systems and browsers do them: what the server and the database compute."""

import json
import secrets
import statistics
from typing import Any

from django.test import Client
from tests.world import NUMBERS, new_command_id, plain

from bench.figures import Figure, spread
from bench.measure import database_cpu
from bench.town import Hall
from bench.web import OURS, Server, collect_static
from mingtang.accounts.models import Person

ROUNDS, CASES, MOST_MS = 3, 40, 5  # 10 ms, a tick of /proc, are a quarter of one for each
API = "/api/v1"
LIFE = ("file", "receive", "accept", "claim", "opinion", "decide")
WHO = {"applicant_kind": "natural", "applicant_name": "毛小明", "phone": "13800000001"}


class Desk:
    """The people of the hall, each in a browser of their own, before one server."""

    def __init__(self, server: Server, hall: Hall) -> None:
        world = hall.world
        self.server, self.item = server, hall.item
        people = (world.citizen, world.clerk, world.handler, world.approver)
        self.citizen, self.clerk, self.handler, self.approver = (headers_of(one) for one in people)

        told = self._send(self.citizen, f"items/{self.item}")
        self.materials = [one["id"] for one in told["materials"]]

    def file(self) -> str:
        given = [{"id": one, "way": "to_bring"} for one in self.materials]
        said = {**WHO, "identity_number": NUMBERS[0], "answers": plain("取水灌溉。")}
        path = f"items/{self.item}/cases"
        return str(self._send(self.citizen, path, {**said, "materials": given})["number"])

    def act(self, name: str, number: str) -> None:
        step = {"step_key": "review"}
        who, verb, said = {
            "receive": (self.clerk, "receive", {}),
            "accept": (self.clerk, "accept", {"brought": self.materials}),
            "claim": (self.handler, "claim", step),
            "opinion": (self.handler, "examine", {**step, "opinion": "符合", "finding": "fit"}),
            "decide": (self.approver, "grant", {"reason": "符合条件，同意。"}),
        }[name]
        self._send(who, f"cases/{number}/acts/{verb}", said)

    def _send(self, who: dict[str, str], path: str, said: Any = None) -> Any:
        headers = {**who, "Idempotency-Key": new_command_id(), "Content-Type": "application/json"}
        body = "" if said is None else json.dumps(said)
        return json.loads(self.server.ask(f"{API}/{path}", headers, body))


def headers_of(person: Person) -> dict[str, str]:
    """A session, with the mark of the site's own pages."""
    client, mark = Client(), secrets.token_hex(16)
    client.force_login(person)
    session = client.cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={mark}", "X-CSRFToken": mark}


def run(size: str) -> list[Figure]:
    """CPU of server and database for each act, over some cases at a time."""
    hall = Hall()
    collect_static()
    server = Server(OURS)
    try:
        desk = Desk(server, hall)
        _round(desk)  # warm
        rounds = [_round(desk) for _ in range(ROUNDS)]
    finally:
        server.close()
    acts = ("file", "accept", "opinion", "decide")
    return [_figure(name, [one[name] for one in rounds]) for name in acts]


def _round(desk: Desk) -> dict[str, float]:
    """Milliseconds of CPU of one request of each act."""
    costs: dict[str, float] = {}
    numbers: list[str] = []
    for name in LIFE:
        before = desk.server.cpu() + database_cpu()
        if name == "file":
            numbers += [desk.file() for _ in range(CASES)]
        else:
            for number in numbers:
                desk.act(name, number)
        costs[name] = (desk.server.cpu() + database_cpu() - before) / CASES * 1e3
    return costs


def _figure(name: str, costs: list[float]) -> Figure:
    cost = statistics.median(costs)
    return Figure(
        row="2",
        what=f"{name} over HTTP, server CPU",
        goal=f"≤ {MOST_MS} ms",
        figure=spread(costs, "ms CPU"),
        yardstick=f"{MOST_MS} ms",
        ratio=cost / MOST_MS,
        most=1,
        cpu_ms=cost,
        note="" if cost <= MOST_MS else WHY,
    )


WHY = (
    "of an opinion, as profiled on SQLite, the command is a bit more than a third; a quarter finds"
    " the case by the reader's right and what the form of the act may offer; the answer kept"
    " against doing it twice, the session with the right to the act, and the framework around"
    " share the rest evenly. On PostgreSQL each statement is a way to another process and back,"
    " some twenty of them, which cost more than what they ask."
)
