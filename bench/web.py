"""A web server of its own for a bench, over a wire; and one that only says hello: the yardstick."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.measure import OWN, PARENT, TICK, _stat

OURS, HELLO = "mingtang.site.wsgi:application", "bench.web:hello"
BODY = b"hello" * 2_000  # about as long as a page
PATIENCE = 60.0


def hello(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))])
    return [BODY]


class Server:
    """Granian as `mingtang serve` runs it, four threads in each process, until `close`."""

    def __init__(self, application: str, workers: int = 1) -> None:
        self.port = _free_port()
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi"]
        told = ["--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning"]
        self._process = subprocess.Popen([*granian, "--port", str(self.port), *told, application])
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the server did not start")

    def ask(self, path: str, headers: dict[str, str] | None = None, body: str = "") -> bytes:
        """The answer to a GET, or to a POST where something is sent."""
        self._line.request("POST" if body else "GET", path, body or None, headers or {})
        answer = self._line.getresponse()
        read = answer.read()
        assert answer.status in {200, 304}, (answer.status, read.decode()[:600])
        return read

    def asked_by(self, clients: int, each: int, path: str, headers: dict[str, str]) -> list[float]:
        """Milliseconds of each answer, with so many clients who ask so often, one after the other
        for each of them and all at once."""

        def ask(_client: int) -> list[float]:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            times = []
            for _ in range(each):
                begin = time.perf_counter()
                line.request("GET", path, headers=headers)
                answer = line.getresponse()
                answer.read()
                assert answer.status == 200, answer.status
                times.append((time.perf_counter() - begin) * 1e3)
            line.close()
            return times

        with ThreadPoolExecutor(clients) as pool:
            return [one for some in pool.map(ask, range(clients)) for one in some]

    def header(self, path: str, name: str) -> str:
        self._line.request("GET", path)
        answer = self._line.getresponse()
        answer.read()
        return answer.headers[name]

    def cpu(self) -> float:
        """Seconds of CPU that the server and its worker have used."""
        ours = self._processes().values()
        return sum(int(one) for fields in ours for one in fields[OWN]) / TICK

    def memory(self) -> float:
        """Megabytes that the worker holds: of both processes the larger."""
        statuses = [Path(f"/proc/{pid}/status").read_text() for pid in self._processes()]
        return max(int(one.split("VmRSS:")[1].split()[0]) for one in statuses) / 1024

    def _processes(self) -> dict[int, list[str]]:
        """The server and its worker: what /proc says of them, by number."""
        mine = self._process.pid
        pids = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]
        stats = {pid: fields for pid in pids if (fields := _stat(pid))}
        return {one: told for one, told in stats.items() if mine in (one, int(told[PARENT]))}

    def close(self) -> None:
        self._line.close()
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def collect_static() -> None:
    """What `mingtang serve` does before it serves."""
    command = [sys.executable, "-m", "mingtang.site.cli", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, check=True)
