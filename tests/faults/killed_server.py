"""The real web server and its worker, killed while people file and clerks accept over HTTP, started
again, killed again. Run by test_killed_server.py; prints figures as JSON.
`python -m tests.faults.killed_server HOME KILLS [MINUTES]`."""

import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

CLIENTS = 4
LONGEST = 1.5  # seconds from the first answer after a start to the kill
PATIENCE = 90  # seconds in which a busy machine has started a server
STATES = ("submitted", "received", "accepted")


@dataclass
class Service:
    """`mingtang serve` without its worker, and `mingtang work`, each a process group of our own."""

    port: int
    running: list[subprocess.Popen] = field(default_factory=list)

    def start(self) -> None:
        command = [sys.executable, "-m", "mingtang.site.cli"]
        for more in (["serve", "--no-worker", "--port", str(self.port)], ["work"]):
            made = subprocess.Popen(
                [*command, *more], start_new_session=True, stdout=subprocess.DEVNULL
            )
            self.running.append(made)
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.running[0].poll() is None, "the server ended before it answered"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return asked(self.port, "GET", "/health/")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self) -> None:
        """Not yet waited for, a process keeps its number: it is nobody else's."""
        for one in self.running:
            assert one.poll() is None, "a process ended by itself"
            os.killpg(one.pid, signal.SIGKILL)
        for one in self.running:
            assert one.wait() == -signal.SIGKILL
        self.running.clear()


def asked(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        content = None if body is None else json.dumps(body)
        line.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


@dataclass
class Hall:
    """What the clients know: where to send, as whom; what was acknowledged."""

    port: int
    code: str
    tokens: dict[str, str]
    lock: threading.Lock = field(default_factory=threading.Lock)
    reached: dict[str, str] = field(default_factory=dict)  # number of a case → state answered
    found: Counter[str] = field(default_factory=Counter)
    is_over: bool = False

    def until_answered(self, who: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send with one key until it is answered: a killed server may have done it or not."""
        key = uuid4().hex
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": key}
        for time_sent in itertools.count():
            try:
                status, content = asked(self.port, "POST", f"/api/v1{path}", body, **headers)
            except (OSError, http.client.HTTPException):
                with self.lock:
                    self.found["sent_again"] += not time_sent
                status = 503
            if status in {429, 503}:
                time.sleep(0.2)
                continue
            assert status == 200, content.decode()
            with self.lock:
                self.found["acknowledged"] += 1
            return dict(json.loads(content))
        raise AssertionError("unreachable")

    def serve_one(self) -> None:
        filed = self.until_answered("citizen", f"/items/{self.code}/cases", APPLICATION)
        number = filed["number"]
        self.note(number, STATES[0])
        for act, state in (("receive", STATES[1]), ("accept", STATES[2])):
            self.until_answered("clerk", f"/cases/{number}/acts/{act}", {})
            self.note(number, state)

    def note(self, number: str, state: str) -> None:
        with self.lock:
            self.reached[number] = state

    def run(self) -> None:
        try:
            while not self.is_over:
                self.serve_one()
        except Exception as error:
            with self.lock:
                self.found["refused"] += 1
            print(f"{type(error).__name__}: {error}", file=sys.stderr)


APPLICATION = {
    "applicant_kind": "natural",
    "applicant_name": "毛小明",
    "identity_number": "330881190001010015",
    "phone": "13800000001",
    "answers": {"matter": {"summary": "在峡口镇取水灌溉。"}},
    "materials": [],
}


def _city(port: int) -> Hall:
    """A small world in the database, and two systems that act for a citizen and a clerk."""
    from tests.api.caller import Caller
    from tests.world import World

    world = World()
    code = world.item(statutory=20, promised=5)
    people = {"citizen": world.citizen, "clerk": world.clerk}
    tokens = {
        name: Caller(who).headers["Authorization"].removeprefix("Bearer ")
        for name, who in people.items()
    }
    return Hall(port, code, tokens)


def _checked(hall: Hall) -> dict[str, int]:
    """What is there in the end of what was acknowledged."""
    from mingtang.base.clock import now
    from mingtang.cases.models import Case
    from mingtang.ledger import queries
    from mingtang.ledger.models import Command, Event
    from mingtang.ledger.services import deliver_all, grow_tree

    there = dict(Case.objects.values_list("number", "state"))
    told = Counter(Event.objects.filter(kind__startswith="case.").values_list("kind", flat=True))
    acts = Counter(STATES.index(state) for state in there.values())
    lost = sum(
        STATES.index(there[number]) < STATES.index(state) if number in there else 1
        for number, state in hall.reached.items()
    )
    commands = set(Command.objects.values_list("command_id", flat=True))
    events = Counter(Event.objects.values_list("command_id", flat=True))
    halves = sum(one not in commands for one in events)
    halves += abs(told["case.received"] - acts[1] - acts[2]) + abs(told["case.accepted"] - acts[2])
    deliver_all(now())
    grow_tree(now(), everything=True)
    return {
        "cases": len(there),
        "lost": lost,
        "extra": len(there.keys() - hall.reached.keys()),
        "halves": halves,
        "breaks": len(queries.verify().breaks),
    }


def _controls(hall: Hall) -> dict[str, int]:
    """What was never filed, and what nobody was told of, is seen."""
    known = next(iter(hall.reached))
    hall.reached["never"] = hall.reached.pop(known)
    found = _checked(hall)
    return {"control_lost": found["lost"], "control_extra": found["extra"]}


def _set_up(home: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mingtang.site.settings.installation",
        "MINGTANG_HOME": str(home),
        "MINGTANG_HOSTS": "127.0.0.1,testserver",
    }
    os.environ.pop("MINGTANG_NODE", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if not connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    (home / "static").mkdir(exist_ok=True)


def main(home: Path, kills: int, minutes: float = 0) -> None:
    _set_up(home)
    from django.db import connection

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    hall, service, dice = _city(port), Service(port), random.Random(kills)
    connection.close()
    end, done = time.monotonic() + minutes * 60, 0
    clients = [threading.Thread(target=hall.run) for _ in range(CLIENTS)]
    try:
        service.start()
        for one in clients:
            one.start()
        while time.monotonic() < end if minutes else done < kills:
            before, late = hall.found["acknowledged"], time.monotonic() + PATIENCE
            while hall.found["acknowledged"] == before:
                assert time.monotonic() < late, "nothing is answered"
                time.sleep(0.01)
            time.sleep(dice.uniform(0, LONGEST))
            service.kill()
            done += 1
            service.start()
        hall.is_over = True
        for one in clients:
            one.join(PATIENCE)
            assert not one.is_alive()
    finally:
        hall.is_over = True
        for one in service.running:
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()
    found = {"kills": done, **hall.found, **_checked(hall)}
    print(json.dumps({**found, **_controls(hall)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:]))
