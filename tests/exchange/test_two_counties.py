"""Two counties, a home and a database each: they share nothing but the batches of the exchange."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from tests.exchange.test_downward import Node, batches

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def counties(tmp_path, db):
    made = []
    for name in ("jiangshan", "changshan"):
        home = tmp_path / name
        home.mkdir()
        made.append(Node(home))
        made[-1].inbox.mkdir()
    yield made
    for one in made:
        if one.process is not None:
            one.kill()


def _content(home: Path) -> dict[str, str]:
    """Every table of a county's database, and every file but the database's own."""
    found = {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("mingtang.sqlite3")
    }
    with sqlite3.connect(f"file:{home}/mingtang.sqlite3?mode=ro", uri=True) as database:
        lines = "\n".join(database.iterdump())
    found["database"] = hashlib.sha256(lines.encode()).hexdigest()
    return found


def _opened(node: Node) -> list[Path]:
    """What the process of a county has open now."""
    folder = Path(f"/proc/{node.process.pid}/fd")
    found = []
    for one in folder.iterdir():
        try:
            found.append(one.readlink())
        except OSError:  # closed meanwhile
            continue
    return found


def _works_on_its_own(node: Node) -> bool:
    return node.home / "mingtang.sqlite3" in _opened(node)


def _strays(node: Node, other: Node) -> list[Path]:
    return [path for path in _opened(node) if path.is_relative_to(other.home)]


def _rows(node: Node) -> int:
    return sum(node.acts().values())


def test_what_one_does_the_other_learns_by_a_batch_alone(counties):
    one, other = counties
    (batch,) = batches(1, 3)
    before = _content(other.home)
    for node in counties:
        node.start()
    one.put("b0", batch)
    one.settle(60)
    assert _rows(one) > 0
    assert _works_on_its_own(one)
    assert _strays(one, other) == _strays(other, one) == []
    assert _content(other.home) == before | _keys(other.home)
    after = _content(one.home)
    other.put("b0", batch)
    other.settle(60)
    assert _rows(other) == _rows(one)
    assert _works_on_its_own(other)
    assert _strays(one, other) == _strays(other, one) == []
    assert _content(one.home) == after
    keys = [_keys(node.home) for node in counties]
    assert keys[0].keys() == keys[1].keys() != set()
    assert not set(keys[0].values()) & set(keys[1].values())


def _keys(home: Path) -> dict[str, str]:
    return {name: digest for name, digest in _content(home).items() if name.startswith("keys/")}


def test_a_county_that_worked_on_the_others_database_would_be_seen(counties):
    """The positive control."""
    one, other = counties
    other.environment["DATABASE_URL"] = f"sqlite://{one.home}/mingtang.sqlite3"
    before = _content(one.home)
    other.start()
    (batch,) = batches(1, 3)
    other.put("b0", batch)
    other.settle(60)
    assert _strays(other, one)
    assert json.dumps(_content(one.home)) != json.dumps(before)
