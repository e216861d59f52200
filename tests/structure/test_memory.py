"""A web process loads what it needs: libraries for whole files come with the first such file."""

import os
import subprocess
import sys

import pytest

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
