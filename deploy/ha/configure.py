"""The configuration of etcd and Patroni for one of three machines.

    python3 deploy/ha/configure.py one=10.0.0.1 two=10.0.0.2 three=10.0.0.3 --node one \
        --secrets secrets.json --application 10.0.0.0/24 --out .

writes `etcd-one.yml` and `patroni-one.yml` into the folder given. The file of secrets is made at
the first call and must be the same for all three. Needs nothing but Python.
"""

import argparse
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).parent
PASSWORDS = ("superuser", "replication", "rewind")
SCOPE = "mingtang"


@dataclass(frozen=True)
class Node:
    """A machine: its name, its address, where etcd, Patroni and PostgreSQL listen there, and the
    folder in which they keep what they know."""

    name: str
    host: str
    client: int = 2379
    peer: int = 2380
    rest: int = 8008
    postgres: int = 5432
    folder: str = "/var/lib/mingtang-ha"


@dataclass(frozen=True)
class Choice:
    """What is one's own to decide for a cluster. `ttl`: seconds after which a silent machine loses
    its office; `application`: networks from which the program comes; `watchdog`: off, automatic,
    or required."""

    ttl: int = 8
    is_synchronous: bool = True
    application: Sequence[str] = ()
    watchdog: str = "automatic"


def etcd_config(node: Node, nodes: Sequence[Node]) -> str:
    peers = ",".join(f"{one.name}=http://{one.host}:{one.peer}" for one in nodes)
    return _filled("etcd.yml.in", **vars(node), peers=peers, scope=SCOPE)


def patroni_config(
    node: Node, nodes: Sequence[Node], passwords: dict[str, str], choice: Choice
) -> str:
    return _filled(
        "patroni.yml.in",
        **vars(node),
        **passwords,
        scope=SCOPE,
        ttl=choice.ttl,
        synchronous=str(choice.is_synchronous).lower(),
        watchdog=choice.watchdog,
        clients=",".join(f"{one.host}:{one.client}" for one in nodes),
        allowed=_allowed(nodes, choice.application),
        binaries=binaries(),
    )


def binaries() -> str:
    """The folder of PostgreSQL's programs: of the newest that is installed."""
    found = sorted(glob("/usr/lib/postgresql/*/bin"))
    return found[-1] if found else "/usr/bin"


def _allowed(nodes: Sequence[Node], application: Sequence[str]) -> str:
    """Lines of pg_hba: the three machines for one another, the program from its networks."""
    hosts = sorted({one.host for one in nodes})
    lines = [f"host replication replicator {one}/32 scram-sha-256" for one in hosts]
    lines += [f"host all all {one}/32 scram-sha-256" for one in hosts]
    lines += [f"host {SCOPE} {SCOPE} {one} scram-sha-256" for one in application]
    return "\n".join(f"    - {one}" for one in lines)


def _filled(form: str, **values: Any) -> str:
    return Template((HERE / form).read_text(encoding="utf-8")).substitute(values)


def passwords_in(path: Path) -> dict[str, str]:
    """Those of the file, which is made for its owner alone if it is not there."""
    if not path.exists():
        made = {one: secrets.token_urlsafe(24) for one in PASSWORDS}
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(made, file)
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("nodes", nargs=3, metavar="NAME=ADDRESS")
    asked.add_argument("--node", required=True, help="which of them these files are for")
    asked.add_argument("--secrets", type=Path, required=True)
    asked.add_argument("--folder", default=Node.folder)
    asked.add_argument("--application", action="append", default=[], metavar="NETWORK")
    asked.add_argument("--ttl", type=int, default=Choice.ttl)
    asked.add_argument("--watchdog", default=Choice.watchdog)
    asked.add_argument("--out", type=Path, default=Path())
    told = asked.parse_args()
    pairs = [one.partition("=") for one in told.nodes]
    nodes = [Node(name, host, folder=told.folder) for name, _, host in pairs]
    own = [one for one in nodes if one.name == told.node]
    if not own:
        asked.error(f"--node {told.node}: not one of {', '.join(one.name for one in nodes)}")
    choice = Choice(told.ttl, application=told.application, watchdog=told.watchdog)
    text = patroni_config(own[0], nodes, passwords_in(told.secrets), choice)
    for name, content in (("etcd", etcd_config(own[0], nodes)), ("patroni", text)):
        path = told.out / f"{name}-{told.node}.yml"
        path.touch(mode=0o600)
        path.write_text(content, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
