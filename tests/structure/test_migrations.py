"""Both ways to the tables, at once and step by step, lead to the same."""

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def tables(*, at_once: bool) -> ProjectState:
    loader = MigrationLoader(None, load=False)
    loader.replace_migrations = at_once
    loader.build_graph()
    return loader.project_state()


def test_the_squashed_migrations_make_what_the_steps_make() -> None:
    at_once, steps = tables(at_once=True), tables(at_once=False)
    assert MigrationAutodetector(steps, at_once)._detect_changes() == {}
    assert MigrationAutodetector(at_once, steps)._detect_changes() == {}


def test_a_difference_would_be_seen() -> None:
    at_once, steps = tables(at_once=True), tables(at_once=False)
    case = at_once.models["cases", "case"]
    case.options = {**case.options, "constraints": case.options["constraints"][1:]}
    assert MigrationAutodetector(steps, at_once)._detect_changes() != {}


def test_what_was_squashed_is_named_whole() -> None:
    loader = MigrationLoader(None, load=False)
    loader.replace_migrations = False
    loader.build_graph()
    squashed = loader.get_migration("cases", "0001_squashed_0011").replaces
    assert [name for _app, name in squashed] == sorted(
        name
        for app, name in loader.disk_migrations
        if app == "cases" and name[:4] <= "0011" and "squashed" not in name
    )
