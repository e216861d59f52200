"""What Prometheus is told, by several processes and to whom; requests and commands in the log."""

import json
import logging
import os
import subprocess
import sys
from datetime import timedelta
from logging.config import DictConfigurator  # type: ignore[attr-defined]

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from mingtang.base import metrics
from mingtang.base.durability import LAST_BACKUP
from mingtang.base.requesting import JsonLines, Lines, request_id
from mingtang.cases import services as cases
from mingtang.cases.rules.moves import IllegalMove
from mingtang.ledger.followers import wanting
from mingtang.ledger.models import Event
from mingtang.ledger.outcomes import outcome_of
from mingtang.site import metrics as told
from mingtang.site.settings import env, logs
from tests.world import NUMBERS

TOKEN = "t" * 32


@pytest.fixture
def figures(settings, tmp_path, monkeypatch):
    """On, in a folder of its own. Called, it reads the page."""
    settings.MINGTANG_METRICS, settings.MINGTANG_HOME = TOKEN, tmp_path
    monkeypatch.setattr(metrics, "_meters", None)
    # One process counts for several tests here: its files are let go of, as at its end.
    from prometheus_client import values

    monkeypatch.setattr(values, "ValueClass", values.MultiProcessValue())
    monkeypatch.setattr("prometheus_client.metrics.values.ValueClass", values.ValueClass)

    def read():
        families = text_string_to_metric_families(told.page().decode())
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    return read


def get(client, **headers):
    return client.get(reverse("site:metrics"), headers=headers)


@pytest.mark.django_db
class TestWho:
    def test_nobody_where_it_is_off(self, client):
        assert get(client).status_code == 404

    def test_whoever_brings_the_token(self, client, figures, settings):
        assert get(client, Authorization=f"Bearer {TOKEN}").status_code == 200
        for wrong in (
            {},
            {"Authorization": f"Bearer {TOKEN}x"},
            {"Authorization": f"Basic {TOKEN}"},
        ):
            assert get(client, **wrong).status_code == 404

    def test_this_machine_alone(self, client, figures, settings):
        settings.MINGTANG_METRICS = "loopback"
        assert get(client).status_code == 200
        assert get(Client(REMOTE_ADDR="10.0.0.8")).status_code == 404
        assert get(Client(REMOTE_ADDR="")).status_code == 404

    def test_loopback_is_refused_behind_a_proxy(self, monkeypatch, tmp_path):
        monkeypatch.setenv("M", "loopback")
        assert env.metrics_for("M", is_behind_tls=False) == "loopback"
        with pytest.raises(env.WrongSetting):
            env.metrics_for("M", is_behind_tls=True)
        short = tmp_path / "token"
        short.write_text("short")
        monkeypatch.setenv("M", str(short))
        with pytest.raises(env.WrongSetting):
            env.metrics_for("M", is_behind_tls=True)


@pytest.mark.django_db
class TestFigures:
    def test_requests_are_counted_by_route_and_status_and_no_address_is_told(self, figures, client):
        for path in ("/health/", "/health/", "/no-such-page/330881190001010015/"):
            client.get(path)
        found = figures()
        counted = {
            key[1:]: value for key, value in found.items() if key[0].endswith("requests_total")
        }
        assert counted == {
            (("method", "GET"), ("route", "site:health"), ("status", "200")): 2,
            (("method", "GET"), ("route", "none"), ("status", "404")): 1,
        }
        assert found["mingtang_request_seconds_count", ("route", "site:health")] == 2
        assert NUMBERS[0] not in told.page().decode()

    def test_commands_are_counted_by_what_came_of_them(self, figures, world, at):
        item = world.item()
        before = figures()
        case = world.file(item, at)
        with pytest.raises(IllegalMove):
            world.act(world.clerk, cases.accept, case, at)  # not received yet
        with pytest.raises(ZeroDivisionError), outcome_of("x.y", "1"):
            raise ZeroDivisionError
        found = {key: value for key, value in figures().items() if before.get(key) != value}
        name = "mingtang_commands_total"
        assert found[name, ("command", "case.submit"), ("outcome", "done")] == 1
        assert found[name, ("command", "case.accept"), ("outcome", "refused")] == 1
        assert found[name, ("command", "x.y"), ("outcome", "failed")] == 1

    def test_the_same_command_again_is_a_repeat(self, figures, world, at):
        told_twice = {"command_id": "5" * 32}
        case = world.file(item := world.item(), at, **told_twice)
        assert world.file(item, at, **told_twice) == case
        key = ("mingtang_commands_total", ("command", "case.submit"), ("outcome", "repeated"))
        assert figures()[key] == 1

    def test_lag_queues_clocks_room_and_backup(self, figures, world, at, tmp_path):
        assert not any(key[0] == "mingtang_backup_age_seconds" for key in figures())
        (tmp_path / LAST_BACKUP).write_text((at - timedelta(hours=2)).isoformat())
        world.file(world.item(), at)
        found = told._Now(at + timedelta(seconds=90))
        sums = {}
        for family in found.collect():
            sums[family.name] = sum(sample.value for sample in family.samples)
        names = [name for one in Event.objects.all() for name in wanting(one.kind, one.stream)]
        assert sums["mingtang_deliveries_owed"] == len(names) > 0
        lags = [one for one in found.collect() if one.name == "mingtang_follower_lag_seconds"]
        assert max(sample.value for sample in lags[0].samples) >= 90
        oldest = Event.objects.order_by("at").first().at
        assert sums["mingtang_sequencer_lag_seconds"] == (found.at - oldest).total_seconds()
        assert sums["mingtang_backup_age_seconds"] == 7290
        assert sums["mingtang_disk_free_bytes"] > 0
        assert (sums["mingtang_clocks_open"], sums["mingtang_clocks_overdue"]) == (1, 0)
        late = {one.name: one for one in told._Now(at + timedelta(days=60)).collect()}
        assert sum(one.value for one in late["mingtang_clocks_overdue"].samples) == 1

    def test_an_error_of_the_database_is_counted(self, figures, monkeypatch, client):
        def away():
            raise OperationalError("gone away")

        monkeypatch.setattr("mingtang.timing.queries.last_official_year", away)
        client.raise_request_exception = False
        assert client.get("/health/").status_code >= 500
        assert figures()["mingtang_database_errors_total", ("where", "web")] == 1

    @pytest.mark.slow
    @pytest.mark.once
    def test_several_processes_are_one_sum(self, figures, tmp_path):
        count = (
            "from pathlib import Path\n"
            "from django.conf import settings\n"
            "from mingtang.base import metrics\n"
            f"settings.configure(MINGTANG_METRICS='on', MINGTANG_HOME=Path({str(tmp_path)!r}))\n"
            "metrics.command_run('x.y', 'done')\n"
        )
        for _ in range(2):
            subprocess.run([sys.executable, "-c", count], check=True, timeout=60)
        metrics.command_run("x.y", "done")
        key = ("mingtang_commands_total", ("command", "x.y"), ("outcome", "done"))
        assert figures()[key] == 3
        metrics.begin_anew()
        assert list(metrics.folder().glob(f"*_{os.getpid()}.db")) == list(
            metrics.folder().glob("*_*.db")
        )


def test_without_the_setting_nothing_is_counted(settings, tmp_path):
    settings.MINGTANG_HOME = tmp_path
    metrics.command_run("x.y", "done")
    assert metrics.meters() is None
    assert not metrics.folder().exists()


@pytest.mark.django_db
def test_ready_says_no_where_a_guard_is_missing(client, monkeypatch):
    assert client.get("/ready/").status_code == 200
    monkeypatch.setattr("mingtang.site.views.front.missing_guards", lambda: ["one"])
    assert client.get("/ready/").status_code == 503


class TestLog:
    def line(self, record):
        return json.loads(JsonLines().format(record))

    def record(self, message, **more):
        fields = {"name": "x", "levelname": "INFO", "msg": message, **more}
        return logging.makeLogRecord(fields)

    def test_nor_do_plain_lines_and_traces(self):
        told = f"Key (phone)=(13800000001) of {NUMBERS[0]}\n2013-09-17 ERROR forged"
        with pytest.raises(ValueError, match="phone") as raised:
            raise ValueError(told)
        info = (raised.type, raised.value, raised.tb)
        assert "13800000001" in logging.Formatter().formatException(info), "the mask does it"
        record = self.record(told, exc_info=info, levelname="ERROR")
        line, *trace = Lines("{message}", style="{").format(record).splitlines()
        assert "forged" in line, "one line, whatever stands in it"
        assert "ValueError" in "".join(trace)
        for number in ("13800000001", NUMBERS[0]):
            assert number not in line
            assert number not in "".join(trace)

    def test_the_installation_writes_such_lines(self):
        told = logs.logging()
        made = DictConfigurator(told).configure_formatter(told["formatters"]["line"])
        assert isinstance(made, Lines)
        assert "13800000001" not in made.format(self.record("tried 13800000001"))

    def test_a_line_names_nobody(self):
        said = self.line(self.record(f"毛建国 {NUMBERS[0]} 13800000001"))
        assert NUMBERS[0] not in said["message"]
        assert "13800000001" not in said["message"]
        assert NUMBERS[0] in self.record(NUMBERS[0]).getMessage()  # the mask did it

    def test_a_record_is_one_line_of_json_whatever_stands_in_it(self):
        forged = 'a\n{"level": "ERROR"}\r\u2028b'
        record = self.record(forged)
        assert len(JsonLines().format(record).split("\n")) == 1
        assert self.line(record)["message"].split() == forged.split()
        assert self.line(record)["at"].endswith("+00:00")
        assert len(logging.Formatter().format(record).split("\n")) == 2  # plain lines do not

    @pytest.mark.django_db
    def test_the_id_of_a_request_reaches_its_commands(self, world, at, caplog):
        caplog.set_level(logging.INFO, logger="mingtang")
        token = request_id.set("request-1")
        world.file(world.item(), at, command_id="7" * 32)
        lines = [self.line(one) for one in caplog.records if hasattr(one, "command_id")]
        request_id.reset(token)
        told_of = [one for one in lines if one["command_id"] == "7" * 32]
        assert told_of[0]["request_id"] == "request-1"
        assert (told_of[0]["command"], told_of[0]["outcome"]) == ("case.submit", "done")
        assert "毛小明" not in json.dumps(lines, ensure_ascii=False)

    @pytest.mark.django_db
    def test_an_answer_tells_its_id_one_that_looks_like_one_is_taken(self, client):
        given = client.get("/health/", headers={"X-Request-ID": "proxy-12345"})
        assert given["X-Request-ID"] == "proxy-12345"
        for odd in ("short", "with space and more", "x" * 65, "a\tb-c-d-e-f"):
            own = client.get("/health/", headers={"X-Request-ID": odd})["X-Request-ID"]
            assert own != odd
            assert len(own) == 16


def test_what_cannot_be_counted_undoes_nothing(figures, monkeypatch, caplog):
    def full(*_words):
        raise OSError("no space left")

    monkeypatch.setattr(metrics, "meters", full)
    metrics.command_run("case.submit", "done")
    metrics.request_answered("GET", "home", 200, 0.1)
    assert "not counted: no space left" in caplog.text


def test_a_start_removes_the_files_of_processes_that_are_gone_alone(figures):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine, old = (metrics.folder() / f"counter_{pid}.db" for pid in (os.getpid(), gone.pid))
    metrics.folder().mkdir()
    mine.touch()
    old.touch()
    metrics.begin_anew()
    assert (mine.exists(), old.exists()) == (True, False)
