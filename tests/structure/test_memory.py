"""A process loads what it needs: libraries for whole files come with the first such file, the
pages of the house with the first one that is opened."""

import os
import subprocess
import sys

import pytest
from django.core.checks import Error, register
from django.core.checks.registry import registry
from django.core.management import call_command
from django.core.management.base import SystemCheckError

SELDOM = {"pikepdf", "xlsxwriter", "weasyprint", "PIL", "segno", "python_calamine"}
LOADED = """
import sys, {first}
import django
django.setup()
from django.urls import get_resolver
get_resolver()._populate()
print(*(sys.modules.keys() & {seldom}))
"""


def _loaded(first: str) -> set[str]:
    """Which of these are there when all routes are known."""
    code = LOADED.format(first=first, seldom=SELDOM)
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "mingtang.site.settings.test"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True
    )
    return set(told.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize(("first", "found"), [("os", set()), ("xlsxwriter", {"xlsxwriter"})])
def test_no_web_process_holds_what_few_requests_need(first, found):
    """The second is the control: one import too many is seen."""
    assert _loaded(first) == found


COMMAND = """
import sys
{first}
from mingtang.site.cli import main
sys.argv = ["mingtang", "due", "2013-09-17", "20"]
main()
print("mingtang.site.urls" in sys.modules)
"""
CHECKED = """
from mingtang.site.command import HouseCommand
HouseCommand.requires_system_checks = "__all__"
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "found"), [("", "False"), (CHECKED, "True")], ids=["as is", "checked"]
)
def test_a_command_loads_no_pages(tmp_path, first, found):
    """The second is the control: with the framework's checks at each start they come."""
    env = os.environ | {"MINGTANG_HOME": str(tmp_path)}
    env.pop("DATABASE_URL", None)
    env["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.installation"
    told = subprocess.run(
        [sys.executable, "-c", COMMAND.format(first=first)],
        env=env,
        check=True,
        capture_output=True,
    )
    assert told.stdout.decode().split()[-1] == found


def test_the_frameworks_checks_find_nothing():
    """Commands leave them out: they are run here. The second is the control."""
    call_command("check")

    @register
    def sees_a_fault(**_kwargs):
        return [Error("something is wrong")]

    try:
        with pytest.raises(SystemCheckError, match="something is wrong"):
            call_command("check")
    finally:
        registry.registered_checks.remove(sees_a_fault)
