"""Three machines: what the configuration says, and (long) that no acknowledged act is lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from deploy.ha.configure import Choice, Node, etcd_config, passwords_in, patroni_config

ROOT = Path(__file__).parents[2]
NODES = [Node(name, f"10.0.0.{number}") for number, name in enumerate(("one", "two", "three"), 1)]
PASSWORDS = {"superuser": "a", "replication": "b", "rewind": "c"}


def _patroni(choice=None):
    text = patroni_config(
        NODES[0], NODES, PASSWORDS, choice or Choice(application=("10.1.0.0/16",))
    )
    return yaml.safe_load(text)


def test_nothing_is_acknowledged_before_two_machines_have_it():
    told = _patroni()["bootstrap"]["dcs"]
    assert told["synchronous_mode"] is told["synchronous_mode_strict"] is True
    assert told["postgresql"]["parameters"]["synchronous_commit"] == "on"
    assert not _patroni(Choice(is_synchronous=False))["bootstrap"]["dcs"]["synchronous_mode"]


def test_a_primary_gives_up_before_another_takes_over():
    told = _patroni()["bootstrap"]["dcs"]
    assert told["loop_wait"] + 2 * told["retry_timeout"] <= told["ttl"]


def test_who_may_come_to_the_database():
    lines = _patroni()["postgresql"]["pg_hba"]
    assert "host mingtang mingtang 10.1.0.0/16 scram-sha-256" in lines
    assert not [line for line in lines if "trust" in line or "0.0.0.0" in line]


def test_each_etcd_names_all_three():
    told = yaml.safe_load(etcd_config(NODES[1], NODES))
    assert told["name"] == "two"
    assert told["initial-cluster"].count("http://10.0.0.") == 3
    assert told["listen-client-urls"] == "http://10.0.0.2:2379"


def test_the_files_are_written_for_their_owner_alone(tmp_path):
    words = [*(f"{one.name}={one.host}" for one in NODES), "--node", "one"]
    words += ["--secrets", str(tmp_path / "secrets.json"), "--out", str(tmp_path)]
    line = [sys.executable, str(ROOT / "deploy/ha/configure.py"), *words]
    subprocess.run(line, check=True, capture_output=True, env={"PYTHONPATH": str(ROOT)})
    made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert made == dict.fromkeys(("secrets.json", "etcd-one.yml", "patroni-one.yml"), 0o600)
    known = passwords_in(tmp_path / "secrets.json")
    assert known["superuser"] in (tmp_path / "patroni-one.yml").read_text()


needs_programs = pytest.mark.skipif(
    not (shutil.which("patroni") and shutil.which("etcd")),
    reason="apt-get install patroni etcd-server",
)


def _drill(*words):
    line = [sys.executable, "-m", "deploy.ha.drill", *words]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout)


@needs_programs
@pytest.mark.soak
def test_a_primary_is_lost_and_no_acknowledged_act_with_it(lasting):
    more = [] if lasting.minutes is None else ["--minutes", str(lasting.minutes)]
    code, found = _drill("--no-file", *more)
    del found["gaps"]  # the longest of them is told
    lasting.tell("the primary of three machines is lost", database="postgresql", **found)
    assert code == found["lost"] == found["extra"] == found["halves"] == found["breaks"] == 0
    assert found["control_lost"] == found["control_extra"] == 1
    assert found["longest_gap"] <= 20
    assert (found["replica_refuses"], found["replica_near"] > 0.5) == (True, True)


@needs_programs
@pytest.mark.soak
def test_without_a_synchronous_standby_the_drill_finds_acts_lost():
    """The positive control."""
    code, found = _drill("--control")
    assert (code, found["lost"] > 0) == (0, True)
