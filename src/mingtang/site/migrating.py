"""How a new database is made at once, and one that stands is upgraded without long waits.

For each step of a migration Django makes all models anew that hang together with the one that
changes, and here all of them do: 20,000 models for 500 steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

from mingtang.catalogue.services import lay_profiles

BY_ITS_STEPS = "base"  # has tables and functions that no model knows, and hangs on no other app


def is_new() -> bool:
    """Whether nothing stands in the database."""
    return not connection.introspection.table_names()


def make_at_once() -> None:
    """The tables as the models of today have them, with the rows that each city begins with.

    The same as all migrations one after another would leave, which are noted as done; only the
    order of columns may differ. tests/site/test_migrating.py compares them.
    """
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes(BY_ITS_STEPS))
    known = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:  # all or nothing
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy and model._meta.db_table not in known:
                editor.create_model(model)
        lay_profiles()
        for app, name in executor.loader.disk_migrations:
            if app != BY_ITS_STEPS:
                executor.recorder.record_applied(app, name)


@contextmanager
def without_remaking() -> Iterator[None]:
    """Meanwhile a new table leaves the others as they are, and a constraint is noted in its place.

    Before code of a migration runs, Django makes everything anew all the same (`is_delayed`).
    """
    ours = {"add_model": _add_model, "_append_option": _append_option}
    theirs = {name: getattr(ProjectState, name) for name in ours}
    _take(ours)
    try:
        yield
    finally:
        _take(theirs)


def _take(methods: dict[str, Any]) -> None:
    for name, method in methods.items():
        setattr(ProjectState, name, method)


def _add_model(state: Any, model: ModelState) -> None:
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.is_delayed = True
        state.apps.render_multiple([model])


def _append_option(state: Any, app_label: str, name: str, option: str, one: Any) -> None:
    model = state.models[app_label, name]
    model.options[option] = [*model.options.get(option, []), one]
    if "apps" in state.__dict__:
        meta = state.apps.get_model(app_label, name)._meta
        setattr(meta, option, [*getattr(meta, option), one])
