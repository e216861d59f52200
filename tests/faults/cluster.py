"""A PostgreSQL of its own on a disk, careful as in real use, that can be killed and started again.

PostgreSQL refuses to run as root, so root hands it to the user postgres.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from glob import glob
from pathlib import Path

PATIENCE = 60  # seconds in which a busy machine has started or ended a process


def _program(name: str) -> str:
    found = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}")) or [shutil.which(name) or name]
    return found[-1]


class Cluster:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mingtang-killed-"))
        self.data = self.folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        given = ("--username=mingtang", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self._run("initdb", f"--pgdata={self.data}", *given)
        self.start()

    @property
    def address(self) -> dict[str, str]:
        """As Django takes it."""
        return {
            "NAME": "postgres",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "USER": "mingtang",
            "PASSWORD": "",
        }

    @property
    def url(self) -> str:
        return f"postgresql://mingtang@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Returns when it answers: after a kill, when it has gone over its log."""
        asked = (
            f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories= -c jit=off"
        )
        log = f"--log={self.folder / 'log'}"
        self._run("pg_ctl", f"--pgdata={self.data}", log, "--wait", f"--options={asked}", "start")

    def kill(self) -> None:
        """SIGKILL to the postmaster and each of its children, once it is sure that it is ours."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        line = Path(f"/proc/{postmaster}/cmdline").read_bytes().split(b"\0")
        assert line[0].endswith(b"/postgres"), line
        assert str(self.data).encode() in line, line
        os.kill(postmaster, signal.SIGSTOP)  # it has no more children from here on
        family = [postmaster, *_children(postmaster)]
        for one in family:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:  # a child that went when its postmaster did
                continue
        end = time.monotonic() + PATIENCE
        while any(_is_alive(one) for one in family):
            assert time.monotonic() < end, "a killed process is still there"
            time.sleep(0.005)
        # Who is dead and not yet waited for would pass for a server that runs.
        (self.data / "postmaster.pid").unlink()

    def take(self, source: dict[str, str]) -> None:
        """The tables and rows of another database, whose address is as Django says it."""
        dump = self.folder / "dump"
        whence = f"host={source['HOST']} port={source['PORT']} user={source['USER']}"
        whence += f" dbname={source['NAME']}"
        asked = [_program("pg_dump"), "--format=custom", "--compress=0", "--no-owner"]
        subprocess.run([*asked, f"--file={dump}", whence], check=True)
        asked = [_program("pg_restore"), "--no-owner", "--single-transaction"]
        subprocess.run([*asked, f"--dbname={self.url}", str(dump)], check=True)

    def remove(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", f"--pgdata={self.data}", "--mode=immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        as_whom: list[str] = []
        if os.getuid() == 0:
            whom = ("--reuid=postgres", "--regid=postgres", "--init-groups")
            as_whom = ["setpriv", *whom]
        line = [*as_whom, _program(program), *arguments]
        subprocess.run(line, check=True, cwd="/", stdout=subprocess.DEVNULL)


def _children(parent: int) -> list[int]:
    told = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(one) for one in told.split()]


def _is_alive(pid: int) -> bool:
    """What is dead and not yet waited for holds no memory and no files."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"
