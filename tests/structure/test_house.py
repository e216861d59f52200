"""The house keeps its rules: policies, rooms, other apps' models, paired columns."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.models import CheckConstraint
from django.urls import URLPattern, URLResolver, get_resolver

import mingtang
from mingtang.accounts.policy import Policy

SOURCE = Path(mingtang.__file__).parent
APPS = sorted(path.name for path in SOURCE.iterdir() if (path / "apps.py").exists())
MAY_READ_MODELS = {"reports", "exchange"}


def _routes(patterns: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path)
        else:
            yield path, pattern


ROUTES = dict(_routes(get_resolver().url_patterns))


def test_every_route_declares_its_policy():
    bare = [
        path
        for path, route in ROUTES.items()
        if not isinstance(getattr(route.callback, "policy", None), Policy)
    ]
    assert ROUTES
    assert bare == []


@cache
def _trees() -> list[tuple[str, Path, ast.Module]]:
    return [
        (path.relative_to(SOURCE).parts[0], path, ast.parse(path.read_text()))
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
    ]


BY_THE_SHEET = {"filing", "file", "take_in"}  # their forms are taken by one that they share
SAYS_METHODS = re.compile(r"require_|POST|form")  # a view that takes a form asks for its method


def _takes_anything(tree: ast.Module) -> list[str]:
    """The pages that name no method and take no form: they would answer a POST like a GET."""
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.decorator_list
        and node.name not in BY_THE_SHEET
        and [one.arg for one in node.args.args[:1]] == ["request"]
        and not SAYS_METHODS.search(ast.unparse(node))
    ]


def test_a_page_that_is_only_read_takes_no_post():
    found = {
        str(path.relative_to(SOURCE)): names
        for app, path, tree in _trees()  # an operation of the API is of one method
        if app != "api" and "views" in str(path) and (names := _takes_anything(tree))
    }
    assert found == {}


def test_the_check_of_methods_can_fail():
    page = "@public\n{}def page(request):\n    return request.GET"
    assert _takes_anything(ast.parse(page.format(""))) == ["page"]
    assert _takes_anything(ast.parse(page.format("@require_GET\n"))) == []


def _foreign_models(app: str, tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            match = re.fullmatch(r"mingtang\.(\w+)\.models", node.module)
            if match and match[1] != app:
                found.append(node.module)
    return found


def test_another_apps_models_are_reached_through_its_services_and_queries():
    offenders = {
        str(path.relative_to(SOURCE)): found
        for app, path, tree in _trees()
        if app not in MAY_READ_MODELS and (found := _foreign_models(app, tree))
    }
    assert offenders == {}


def test_the_check_of_foreign_models_can_fail():
    tree = ast.parse("from mingtang.cases.models import Case")
    assert _foreign_models("counts", tree) == ["mingtang.cases.models"]
    assert _foreign_models("cases", tree) == []


def test_no_model_overrides_save_or_orders_itself():
    for model in apps.get_models():
        if model.__module__.startswith("mingtang."):
            assert "save" not in vars(model), model
            assert not model._meta.ordering, model


def test_columns_in_pairs_share_a_constraint():
    unpaired = []
    for model in apps.get_models():
        if not model.__module__.startswith("mingtang."):
            continue
        names = {field.name for field in model._meta.get_fields()}
        checks = " ".join(
            str(constraint.condition)
            for constraint in model._meta.constraints
            if isinstance(constraint, CheckConstraint)
        )
        for name in sorted(names):
            partner = re.sub(r"_at$", "_by", name)
            if name.endswith("_at") and partner in names and partner not in checks:
                unpaired.append(f"{model._meta.label}.{name}")
    assert unpaired == []


def test_every_app_of_the_tree_is_installed():
    installed = {config.name for config in apps.get_app_configs()}
    assert {f"mingtang.{app}" for app in APPS} <= installed


def test_every_module_says_what_room_it_is():
    bare = [
        str(path.relative_to(SOURCE))
        for _, path, tree in _trees()
        if tree.body and not ast.get_docstring(tree)
    ]
    assert bare == []


LONGEST = {"ledger/verify_ledger.py": 550}  # one file, so that it can be copied by itself


def test_functions_stay_short_and_rooms_small():
    long, large = [], []
    for _, path, tree in _trees():
        lines = path.read_text().count("\n")
        if lines > LONGEST.get(str(path.relative_to(SOURCE)), 500):
            large.append(f"{path.relative_to(SOURCE)}: {lines}")
        long += [
            f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 50
        ]
    assert (long, large) == ([], [])
