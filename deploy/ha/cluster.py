"""Three machines on loopback, for the drill: processes of our own, ended by their handles."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.ha.configure import PASSWORDS, Choice, Node, etcd_config, patroni_config

NAMES = ("one", "two", "three")
PATIENCE = 120  # seconds in which a busy machine has started a cluster
USER = "postgres"  # PostgreSQL refuses to run as root


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for one in probes:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in probes]
    for one in probes:
        one.close()
    return ports


def until(what: str, is_so: Callable[[], bool], patience: float = PATIENCE) -> float:
    """Wait until it is so; seconds that it took. Raises TimeoutError."""
    begin = time.monotonic()
    while not is_so():
        if time.monotonic() - begin > patience:
            raise TimeoutError(f"{what}: not within {patience} s")
        time.sleep(0.2)
    return time.monotonic() - begin


@dataclass
class Machine:
    """A node and the processes that run on it."""

    node: Node
    folder: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self) -> None:
        for program in ("etcd", "patroni"):
            configuration = str(self.folder / f"{program}.yml")
            line = ["etcd", "--config-file", configuration]
            if program == "patroni":
                line = ["patroni", configuration]
            self.running[program] = self._begin(program, line)

    def _begin(self, program: str, line: list[str]) -> "subprocess.Popen[bytes]":
        before = []
        if os.geteuid() == 0:
            before = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups"]
        path = f"{os.environ.get('PATH', '')}:/usr/bin:/usr/sbin"
        with (self.folder / f"{program}.log").open("ab") as log:
            return subprocess.Popen(
                [*before, *line],
                cwd=self.folder,
                env={"PATH": path, "LANG": "C.UTF-8"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def of_postgres(self) -> list[int]:
        """The processes that work in this machine's data folder, the first of them first."""
        found = []
        for one in Path("/proc").iterdir():
            try:
                is_ours = one.name.isdecimal() and (one / "cwd").resolve() == self.folder / "data"
            except OSError:  # it has just ended
                continue
            found += [int(one.name)] if is_ours else []
        return sorted(found)

    def cut(self) -> None:
        """As if its plug were pulled: nothing on it says or writes another word."""
        for one in self.running.values():
            os.killpg(one.pid, signal.SIGKILL)  # not waited for yet: the number is nobody else's
        while there := self.of_postgres():
            for pid in there:
                _kill(pid, signal.SIGKILL)
        for one in self.running.values():
            one.wait()
        self.running.clear()

    def state(self) -> dict[str, Any]:
        """What Patroni says of itself here; nothing where it does not answer."""
        address = f"http://127.0.0.1:{self.node.rest}/patroni"
        try:
            with urllib.request.urlopen(address, timeout=3) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:  # it says so of a standby that starts
            return dict(json.load(error))
        except (OSError, ValueError):
            return {}


def _kill(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


class Cluster:
    """Three machines, a database and its user. Used in a `with`, which ends all of it."""

    def __init__(self, choice: Choice) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="mingtang-ha-"))
        self.root.chmod(0o755)
        ports = iter(_free_ports(4 * len(NAMES)))
        nodes = [
            Node(name, "127.0.0.1", *(next(ports) for _ in range(4)), str(self.root / name))
            for name in NAMES
        ]
        self._passwords = dict.fromkeys(PASSWORDS, "drill")
        self.machines = [self._laid(one, nodes, choice) for one in nodes]
        self._is_synchronous = choice.is_synchronous

    def _laid(self, node: Node, nodes: Sequence[Node], choice: Choice) -> Machine:
        folder = Path(node.folder)
        folder.mkdir(mode=0o700)
        (folder / "etcd.yml").write_text(etcd_config(node, nodes))
        text = patroni_config(node, nodes, self._passwords, choice)
        (folder / "patroni.yml").write_text(text)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            for path in (folder, *folder.iterdir()):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        return Machine(node, folder)

    def __enter__(self) -> "Cluster":
        try:
            for one in self.machines:
                one.start()
            until("a primary with its standbys", self.is_whole)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def end(self) -> None:
        for one in self.machines:
            one.cut()
        shutil.rmtree(self.root)

    def primary(self) -> Machine | None:
        found = [one for one in self.machines if one.state().get("role") in {"master", "primary"}]
        return found[0] if len(found) == 1 else None

    def is_whole(self) -> bool:
        """Whether there is one primary, and all others stream from it, one of them in step."""
        first = self.primary()
        told = first.state().get("replication", []) if first else []
        there = [one for one in told if one.get("application_name") in NAMES]  # not a copying one
        streaming = [one for one in there if one.get("state") == "streaming"]
        in_step = [one for one in streaming if one.get("sync_state") == "sync"]
        others = len(self.machines) - 1
        return len(streaming) == others and bool(in_step) == self._is_synchronous

    def address(self, user: str, name: str) -> str:
        """Of all machines, for DATABASE_URL."""
        places = ",".join(f"127.0.0.1:{one.node.postgres}" for one in self.machines)
        return f"postgresql://{user}:drill@{places}/{name}"
