"""The bill of materials says what runs here: whole, in the versions that were pinned."""

import json
import re
import tomllib
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mingtang.site import sbom

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bill():
    return sbom.bill()


@pytest.fixture(scope="module")
def listed(bill):
    return {one["bom-ref"]: one for one in bill["components"]}


def _pinned():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split(";")[0].strip().split("==") for line in lines if "==" in line)
    return {f"pkg:pypi/{sbom.named(name)}@{version}" for name, version in pairs}


def test_whatever_we_ask_for_is_in_it(bill, listed):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"]
    names = {sbom.named(re.match(r"[\w.-]+", line)[0]) for line in asked}
    found = {sbom.named(one["name"]) for one in bill["components"]}
    assert len(names) > 10
    assert names <= found
    assert {"asgiref", "pydantic-core", "cffi"} <= found, "needs of needs"
    has_pg = find_spec("psycopg_binary") is not None
    assert ({"psycopg", "psycopg-binary"} <= found) is has_pg, "an extra, where it is there"
    assert not {"pytest", "ruff", "mypy"} & found, "what its makers use"
    ends = {ref for row in bill["dependencies"] for ref in [row["ref"], *row["dependsOn"]]}
    assert ends <= {*listed, bill["metadata"]["component"]["bom-ref"]}


def test_what_runs_is_what_was_pinned(listed):
    """Control: another version is not."""
    runs = {ref for ref in listed if ref.startswith("pkg:pypi/")}
    assert runs <= _pinned()
    django = sbom.reference(distribution("django"))
    assert django in runs
    assert f"{django}.post1" not in _pinned()


def test_each_has_a_licence_but_what_the_machine_brought(listed):
    bare = {ref for ref, one in listed.items() if not one.get("licenses")}
    assert {ref.split("@")[0] for ref in bare} == {
        *("pkg:generic/cpython", "pkg:generic/openssl", "pkg:generic/sqlite")
    }


def test_the_script_that_is_not_ours_comes_with_its_digest(listed):
    entries = json.loads((sbom.VENDORED / "vendor.json").read_text())
    for entry in entries:
        one = listed[f"pkg:npm/{entry['name']}@{entry['version']}"]
        assert one["hashes"] == [{"alg": "SHA-256", "content": entry["sha256"]}]


def test_the_command_writes_the_file_whole_or_says_why_not(tmp_path, capsys, bill):
    call_command("sbom", out=tmp_path / "sbom.json")
    assert json.loads((tmp_path / "sbom.json").read_text()) == bill
    call_command("sbom")
    assert json.loads(capsys.readouterr().out) == bill
    with pytest.raises(CommandError, match=r"不能写入文件“none\.json”"):
        call_command("sbom", out=tmp_path / "no" / "none.json")
