"""The failover drill: people file and clerks accept over HTTP while the primary's plug is pulled.

    python -m deploy.ha.drill [--kills 1] [--minutes M] [--control]

Three machines on loopback (etcd, Patroni, PostgreSQL), the program's own web server and worker on
top. Told: acknowledged acts that are missing on the new primary, and the longest time in which no
act was acknowledged. `--control`: without a synchronous standby, and with the sending held up for
some seconds before the plug is pulled; the drill must then find acts lost, or it looks at nothing.
"""

import argparse
import itertools
import json
import os
import signal
import socket
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from deploy.ha.cluster import Cluster, Machine, until
from deploy.ha.configure import SCOPE, Choice

CLIENTS = 4
HELD_SECONDS = 3.0
QUIET_SECONDS = 6.0  # of acts before the plug is pulled, and after the first one that follows
GOAL_SECONDS = 20


class Acts:
    """When an act was acknowledged, by time.monotonic."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.cuts: list[float] = []  # when a plug was pulled
        self._turn = threading.Lock()

    def note(self) -> None:
        with self._turn:
            self.times.append(time.monotonic())

    def longest_gap(self) -> float:
        pairs = itertools.pairwise(sorted(self.times))
        return max((after - before for before, after in pairs), default=float("inf"))

    def gap_at(self, moment: float) -> float:
        """Between the last act acknowledged before a moment and the first one after it."""
        before = max(one for one in self.times if one <= moment)
        return min(one for one in self.times if one > moment) - before

    def is_after(self, moment: float) -> bool:
        return bool(self.times) and self.times[-1] > moment


class Follower(threading.Thread):
    """Looks twice a second how far behind the replica is that boards would be read from; who looks
    finds nothing while a machine is away."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seconds: list[float] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        from django.db import DatabaseError, connections

        from mingtang.base import replica

        while not self.is_over.wait(0.5):
            try:
                self.seconds.append(replica.THE._lag.seconds(time.monotonic()))
            except DatabaseError:
                connections.close_all()
        connections.close_all()

    def told(self) -> dict[str, Any]:
        """The share of looks that found it near enough, and the middle of what these found."""
        from django.conf import settings

        near = [one for one in self.seconds if one <= settings.MINGTANG_REPLICA_LAG]
        return {
            "replica_near": round(len(near) / len(self.seconds), 3),
            "replica_behind": round(statistics.median(near), 2),
            "replica_refuses": _is_refused(),
        }


def _is_refused() -> bool:
    """Whether the replica is a standby, and a row sent there comes to nothing."""
    from django.db import DatabaseError, connections

    from mingtang.base.clock import now
    from mingtang.base.models import Marker
    from mingtang.base.replica import REPLICA

    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        is_standby = bool(cursor.fetchone()[0])
    try:
        Marker.objects.using(REPLICA).create(name="drill", value="", marked_at=now())
    except DatabaseError:
        return is_standby
    return False


def _make_database(cluster: Cluster) -> None:
    """The program's own role and database: no superuser."""
    address = cluster.address("postgres", "postgres") + "?target_session_attrs=read-write"
    with psycopg.connect(address, autocommit=True) as line:
        line.execute(f"CREATE ROLE {SCOPE} LOGIN PASSWORD 'drill'")
        line.execute(f"CREATE DATABASE {SCOPE} OWNER {SCOPE}")


def _hold_sending(cluster: Cluster, machine: Machine) -> None:
    """What sends the log to the standbys stands still: what is acknowledged now is here alone."""
    address = f"postgresql://postgres:drill@127.0.0.1:{machine.node.postgres}/postgres"
    with psycopg.connect(address) as line:
        rows = line.execute("SELECT pid FROM pg_stat_replication").fetchall()
    ours = set(machine.of_postgres())
    for (pid,) in rows:
        assert pid in ours
        os.kill(pid, signal.SIGSTOP)
    time.sleep(HELD_SECONDS)


def _pull(cluster: Cluster, acts: Acts, *, control: bool) -> Machine:
    """The primary is gone; until acts are acknowledged again for a while."""
    machine = cluster.primary()
    assert machine is not None
    if control:
        _hold_sending(cluster, machine)
    machine.cut()
    gone = time.monotonic()
    acts.cuts.append(gone)
    until("acts on the new primary", lambda: acts.is_after(gone + 0.5))
    time.sleep(QUIET_SECONDS)
    return machine


@dataclass(frozen=True)
class Plan:
    """So many kills, or as many as fit into the minutes; `control`: as the module says; `keeps`:
    the figures are written for the docs."""

    kills: int = 1
    minutes: float = 0
    control: bool = False
    keeps: bool = False


def drill(home: Path, plan: Plan) -> dict[str, Any]:
    """Figures of a drill: kills, acts acknowledged, lost, the longest gap in seconds …"""
    with Cluster(Choice(is_synchronous=not plan.control, watchdog="off")) as cluster:
        _make_database(cluster)
        os.environ["DATABASE_URL"] = cluster.address(SCOPE, SCOPE)
        os.environ["MINGTANG_REPLICA_URL"] = cluster.address(SCOPE, SCOPE)
        from tests.faults import killed_server

        killed_server._set_up(home)
        from django.db import connections

        port = _free_port()
        hall, acts = killed_server._city(port), Acts()
        noted = hall.note
        hall.note = lambda *told: (noted(*told), acts.note())  # type: ignore[method-assign]
        connections.close_all()
        follower = Follower()
        follower.start()
        try:
            done = _while_serving(killed_server.Service(port), hall, cluster, acts, plan)
        finally:
            follower.is_over.set()
        follower.join()
        found: dict[str, Any] = {"kills": done, **hall.found}
        found["longest_gap"] = round(acts.longest_gap(), 2)
        found["gaps"] = [round(acts.gap_at(one), 2) for one in acts.cuts]
        if not plan.control:
            found |= follower.told()
        found |= killed_server._checked(hall)
        found["seconds_of_acts"] = round(acts.times[-1] - acts.times[0], 1)
        if not plan.control:
            found |= killed_server._controls(hall)
        if plan.keeps:
            found["file"] = str(_kept(found))
        connections.close_all()
        return found


def _while_serving(service: Any, hall: Any, cluster: Cluster, acts: Acts, plan: Plan) -> int:
    """Pull the plug as often as planned while clients are served. Returns how often that was."""
    clients = [threading.Thread(target=hall.run) for _ in range(CLIENTS)]
    end, done = time.monotonic() + plan.minutes * 60, 0
    try:
        service.start()
        for one in clients:
            one.start()
        begin = time.monotonic()
        until("acts before anything happens", lambda: acts.is_after(begin + QUIET_SECONDS))
        while time.monotonic() < end if plan.minutes else done < plan.kills:
            gone = _pull(cluster, acts, control=plan.control)
            done += 1
            if not plan.control:
                gone.start()
                until("three machines again", cluster.is_whole)
        hall.is_over = True
        for one in clients:
            one.join(60)
            assert not one.is_alive()
    finally:
        hall.is_over = True
        service.kill()
    return done


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _kept(found: dict[str, Any]) -> Path:
    """The figures, where docs/performance.md is made from."""
    from bench.figures import Figure, write

    said = f"{found['acknowledged']} acts acknowledged, {found['kills']} times the primary lost"
    figures = [
        Figure(
            row="16",
            what="acknowledged acts that are missing after a failover",
            goal="0",
            figure=str(found["lost"]),
            yardstick=said,
            ratio=found["lost"],
            most=0,
        ),
        Figure(
            row="16",
            what="longest time in which no act was acknowledged",
            goal=f"≤ {GOAL_SECONDS} s",
            figure=f"{found['longest_gap']:.1f} s",
            yardstick=f"ttl {Choice.ttl} s, loop_wait 2 s",
            ratio=found["longest_gap"] / GOAL_SECONDS,
            most=1,
        ),
    ]
    command = f"python -m deploy.ha.drill --kills {found['kills']}"
    return write("failover", "small", found["seconds_of_acts"], figures, command=command)


def main() -> None:
    asked = argparse.ArgumentParser(prog="drill", description=__doc__)
    asked.add_argument("--kills", type=int, default=1)
    asked.add_argument("--minutes", type=float, default=0)
    asked.add_argument("--control", action="store_true")
    asked.add_argument("--no-file", action="store_true", help="keep no figures for the docs")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingtang-drill-") as home:
        keeps = not told.control and not told.no_file
        found = drill(Path(home), Plan(told.kills, told.minutes, told.control, keeps))
    print(json.dumps(found, indent=1))
    if told.control:
        sys.exit(0 if found["lost"] else "the control lost nothing: the drill proves nothing")
    sys.exit(found["lost"] + found["halves"] + found["breaks"])


if __name__ == "__main__":
    main()
