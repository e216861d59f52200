"""`serve` and its children live and end together; `add-staff` makes a whole person or none."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError

from mingtang.accounts.models import Person, Post
from mingtang.regions.models import Organisation
from mingtang.site import cli, exits
from mingtang.site.management.commands import serve, work

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
WATCHED = """
import os, sys, threading, time
sys.path.insert(0, {source!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.test"
os.environ["MINGTANG_PARENT"] = str({parent})
import mingtang.site.wsgi
print("up", flush=True)
time.sleep(30)
"""

SERVING = """
import os, sys, types

def note():
    with open("pids", "a") as kept:
        print(os.getpid(), file=kept)

def application(environ, start_response):
    start_response("200 OK", [])
    return [b"here"]

os.register_at_fork(after_in_child=note)
sys.path.insert(0, {source!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.test"
import django
django.setup()
from mingtang.site.management.commands.serve import _serve
sys.modules["mingtang.site.wsgi"] = door = types.ModuleType("door")
door.application = application
_serve("127.0.0.1", {port}, 2)
"""


def _wait_until(true, seconds=10.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


class TestTheKeeper:
    @pytest.fixture(autouse=True)
    def _quick(self, monkeypatch):
        monkeypatch.setattr(serve, "WORKER_LOOK_SECONDS", 0.02)
        monkeypatch.setattr(serve, "WORKER_PAUSE_SECONDS", 0.02)

    @pytest.fixture
    def started(self):
        return []

    @pytest.fixture
    def keeper(self, started):
        def start():
            started.append(subprocess.Popen(SLEEPER, start_new_session=True))
            return started[-1]

        keeper = serve.WorkerKeeper(start)
        yield keeper
        keeper.finish()

    def test_a_living_worker_is_left_alone(self, keeper, started):
        time.sleep(0.2)
        assert len(started) == 1
        assert started[0].poll() is None

    @pytest.mark.usefixtures("keeper")
    def test_a_dead_worker_is_started_again(self, started):
        started[0].kill()
        _wait_until(lambda: len(started) == 2)
        assert started[1].poll() is None

    def test_finishing_ends_the_worker_and_starts_no_other(self, keeper, started):
        keeper.finish()
        time.sleep(0.1)
        assert [child.poll() is not None for child in started] == [True]


def test_the_worker_gets_neither_the_fixed_node_nor_the_terminal(monkeypatch):
    seen = {}
    monkeypatch.setenv("MINGTANG_NODE", "7")
    monkeypatch.setenv("MINGTANG_LOG", "INFO")
    monkeypatch.setattr(subprocess, "Popen", lambda line, **rest: seen.update(rest, line=line))
    serve.start_worker()
    assert "MINGTANG_NODE" not in seen["env"]
    assert seen["env"]["MINGTANG_LOG"] == "INFO"
    assert seen["start_new_session"] is True
    assert seen["line"][-2:] == ["--with-parent", str(os.getpid())]


@pytest.mark.parametrize(("count", "node"), [(0, None), (65, None), (2, 7)])
def test_so_many_web_processes_there_cannot_be(settings, count, node):
    settings.MINGTANG_NODE = node
    with pytest.raises(CommandError):
        serve.check_workers(count)


@pytest.mark.parametrize(("count", "node"), [(1, None), (1, 7), (64, None)])
def test_so_many_there_can_be(settings, count, node):
    settings.MINGTANG_NODE = node
    serve.check_workers(count)


@pytest.mark.slow  # with processes of their own
def test_one_web_process_that_dies_is_started_again_and_the_others_answer(tmp_path):
    port, source = _free_port(), str(Path(cli.__file__).parents[2])
    code = SERVING.format(port=port, source=source)
    (tmp_path / "pids").touch()
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as server:
        try:
            _wait_until(lambda: len(_pids(tmp_path)) == 2, 30)
            first = _pids(tmp_path)[0]
            os.kill(first, signal.SIGKILL)
            _wait_until(lambda: len(_pids(tmp_path)) == 3 or server.poll() is not None, 30)
            assert server.poll() is None
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                assert answer.status == 200
        finally:
            server.terminate()


TWO_LENGTHS = (
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 60\r\n\r\nabc",
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: xchunked\r\n\r\nabc",
    b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
)
CHUNKS_GO_FIRST = (
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n0\r\n\r\n"
)


@pytest.mark.slow  # with processes of their own
def test_a_request_of_two_lengths_hides_no_other(tmp_path):
    """Where the end is told in two ways it is refused, or chunks count alone (RFC 9112, 6.3)."""
    port, source = _free_port(), str(Path(cli.__file__).parents[2])
    echo = 'return [b"read %d." % len(environ["wsgi.input"].read())]'
    code = SERVING.format(port=port, source=source).replace('return [b"here"]', echo)
    (tmp_path / "pids").touch()
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as server:
        try:
            _wait_until(lambda: len(_pids(tmp_path)) == 2 and _said(port, CHUNKS_GO_FIRST), 30)
            refused = [_said(port, one).split(b"\r\n")[0] for one in TWO_LENGTHS]
            assert refused == [b"HTTP/1.1 400 Bad Request"] * 3
            read = _said(port, CHUNKS_GO_FIRST)
            assert b"read 5." in read
            assert read.count(b"HTTP/1.1") == 1
        finally:
            server.terminate()


def _said(port, request):
    """The answer, up to its end or that of the connection; nothing while nobody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as line:
            line.sendall(request)
            said = b""
            while b"read" not in said and (piece := line.recv(4096)):
                said += piece
            return said
    except ConnectionRefusedError:
        return b""


def _pids(folder):
    """Of the web processes that came up, in their order; of those, the dead ones too."""
    return [int(line) for line in (folder / "pids").read_text().split()]


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class TestTheWorker:
    @pytest.fixture(autouse=True)
    def _no_signals(self, monkeypatch):
        monkeypatch.setattr(work.signal, "signal", lambda *_: None)

    def test_it_ends_when_its_parent_is_another_than_it_was_told(self, monkeypatch):
        monkeypatch.setattr(work.Worker, "round", lambda *_: pytest.fail("worked on"))
        call_command("work", with_parent=os.getpid())

    def test_it_works_while_its_parent_lives(self, monkeypatch):
        rounds = []
        monkeypatch.setattr(work, "close_old_connections", lambda: None)
        monkeypatch.setattr(work.Worker, "round", lambda *_: rounds.append(1) or 500)
        parents = iter([41, 41, 1])
        monkeypatch.setattr(work.os, "getppid", lambda: next(parents))
        call_command("work", with_parent=41)
        assert len(rounds) == 2

    def test_it_does_not_wait_for_tables_that_only_migrate_can_make(self, monkeypatch):
        def fails(*_):
            raise OperationalError("no such table: ledger_delivery")

        monkeypatch.setattr(work, "close_old_connections", lambda: None)
        monkeypatch.setattr(work.Worker, "round", fails)
        with pytest.raises(OperationalError):
            call_command("work", with_parent=os.getppid())


@pytest.mark.slow  # with processes of their own
class TestTheWebChild:
    def _start(self, parent):
        source = os.path.dirname(os.path.dirname(os.path.dirname(cli.__file__)))
        code = WATCHED.format(source=source, parent=parent)
        return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)

    def test_it_ends_itself_when_serve_is_gone(self):
        with self._start(parent=os.getpid() + 1_000_000) as child:
            assert child.wait(timeout=20) == 1

    def test_it_stays_while_serve_is_there(self):
        with self._start(parent=os.getpid()) as child:
            assert child.stdout.readline() == b"up\n"
            time.sleep(2.5)
            alive = child.poll() is None
            child.terminate()
        assert alive


class TestBeforeMigrate:
    def _main(self, monkeypatch, error):
        def fails(_):
            raise error

        monkeypatch.setattr("django.core.management.execute_from_command_line", fails)
        monkeypatch.setattr("sys.argv", ["mingtang", "doctor"])
        cli.main()

    def test_a_missing_table_is_a_sentence(self, monkeypatch, capsys):
        with pytest.raises(SystemExit) as end:
            self._main(monkeypatch, OperationalError("no such table: ledger_event"))
        assert end.value.code == exits.Exit.NOT_NOW
        assert "请先运行 mingtang migrate" in capsys.readouterr().err

    def test_so_is_postgresqls_code_for_one(self):
        class Undefined(Exception):
            sqlstate = "42P01"

        error = ProgrammingError("relation is not there")
        assert not exits.is_not_migrated(error)
        error.__cause__ = Undefined()
        assert exits.is_not_migrated(error)

    def test_a_busy_database_is_a_sentence_that_names_it(self, monkeypatch, capsys):
        with pytest.raises(SystemExit) as end:
            self._main(monkeypatch, OperationalError("database is locked"))
        assert end.value.code == exits.Exit.NOT_NOW
        assert "database is locked" in capsys.readouterr().err


def test_start_removes_no_folder_that_is_not_an_environment(tmp_path):
    tools, mine = tmp_path / "bin", tmp_path / "mine"
    tools.mkdir()
    mine.mkdir()
    (mine / "file").touch()
    for name in ("dirname", "cat", "cksum", "tr", "rm", "rmdir"):  # and no uv
        (tools / name).symlink_to(shutil.which(name))
    (tools / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tools / "python3").chmod(0o755)
    start = Path(__file__).parents[2] / "start"
    done = subprocess.run(
        ["/bin/sh", start, "doctor"],
        env={"PATH": str(tools), "MINGTANG_VENV": str(mine)},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "不会删除它" in done.stderr.decode()
    assert (mine / "file").exists()


@pytest.mark.django_db
class TestAddStaff:
    def _run(self, monkeypatch, role, organisation):
        monkeypatch.setattr(sys, "stdin", io.StringIO("a-long-password\n"))
        call_command(
            *("add_staff", "zhu", "--name", "祝晓芳", "--role", role),
            *("--organisation", organisation, "--password-stdin"),
            stdout=io.StringIO(),
        )

    def test_person_and_post_are_made_together(self, monkeypatch, world):
        code = Organisation.objects.first().code
        self._run(monkeypatch, "clerk", code)
        assert Post.objects.filter(person__username="zhu", role="clerk").count() == 1

    def test_a_refused_post_leaves_no_person(self, monkeypatch, world):
        code = Organisation.objects.first().code
        with pytest.raises(CommandError, match="事项"):
            self._run(monkeypatch, "general_clerk", code)
        assert not Person.objects.filter(username="zhu").exists()

    def test_an_unknown_organisation_leaves_no_person(self, monkeypatch):
        with pytest.raises(CommandError, match="没有单位"):
            self._run(monkeypatch, "clerk", "nowhere")
        assert not Person.objects.filter(username="zhu").exists()
