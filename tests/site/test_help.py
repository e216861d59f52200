"""What newcomers are told on the command line, and what the log keeps quiet about."""

import logging
from pathlib import Path

import pytest
from django.core.management import load_command_class

from mingtang.site import cli
from mingtang.site.settings.logs import is_worth_a_line

FOLDER = Path(cli.__file__).parent / "management" / "commands"
NOT_FOR_PEOPLE = {"__init__", "flush"}  # the tests' own


@pytest.mark.parametrize("asked", [[], ["help"], ["--help"], ["-h"]])
def test_help_lists_our_commands_a_line_each(asked, capsys, monkeypatch):
    monkeypatch.setenv("MINGTANG_LANGUAGE", "zh")
    monkeypatch.setattr("sys.argv", ["mingtang", *asked])
    cli.main()
    said = capsys.readouterr().out
    there = {path.stem for path in FOLDER.glob("*.py")} - NOT_FOR_PEOPLE
    assert {name for _heading, names in cli.COMMANDS for name in names} == there
    for name in there:
        line = next(one for one in said.splitlines() if one.split()[:1] == [name.replace("_", "-")])
        assert load_command_class("mingtang.site", name).help in line
        assert any("一" <= char <= "鿿" for char in line), line
    assert "startproject" not in said


@pytest.mark.parametrize(
    ("status", "is_told"), [(422, False), (409, False), (403, True), (500, True)]
)
def test_a_page_that_says_what_to_mend_is_no_warning(status, is_told):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "…", (), None)
    record.status_code = status
    assert is_worth_a_line(record) is is_told
    assert is_worth_a_line(logging.LogRecord("other", logging.WARNING, "", 1, "…", (), None))
