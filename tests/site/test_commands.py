"""Every command of ours: help in two languages, its result as JSON, its end by one table, and no
stack trace for what a person did wrong."""

import io
import json
import re
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import CommandError
from django.db import OperationalError

from mingtang.base import progress, speech
from mingtang.base.errors import DomainError
from mingtang.base.space import NoRoom
from mingtang.site import cli
from mingtang.site.command import HouseCommand
from mingtang.site.exits import Exit, of
from mingtang.site.management.commands import doctor
from mingtang.site.settings.env import WrongSetting

NAMES = [name for _heading, names in cli.COMMANDS for name in names]
ALONE = {"lint_report", "bottlenecks", "witness"}  # they need no installation
HAN = re.compile(r"[\u3400-\u9fff]")
DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


class Said:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def told(self):
        return json.loads(self.out)


@pytest.fixture
def mingtang(monkeypatch, capsys):
    """The command line in this process."""

    # Django closes the connections after a command: here they are the test's
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)

    def run(*words):
        monkeypatch.setenv("MINGTANG_LANGUAGE", "zh")
        monkeypatch.setattr(sys, "argv", ["mingtang", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


def arguments_for(name, path):
    """What a command needs to begin at all, each file of it being `path`."""
    found = []
    parser = load_command_class("mingtang.site", name).create_parser("", name)
    for action in parser._actions:
        if action.choices and action.required and not action.option_strings:
            return _of_verb(action.choices)
        if not action.required:
            continue
        value = str(path) if action.type is Path else _filling(action)
        found += [action.option_strings[0], value] if action.option_strings else [value]
    return found + (["--to", "sqlite:////nowhere/x"] if name == "move_database" else [])


def _of_verb(verbs):
    verb = next(iter(verbs))
    found = [verb]
    for action in verbs[verb]._actions:
        if action.required:
            found += [action.option_strings[0], _filling(action)]
    return found


def _filling(action):
    if action.choices:
        return str(next(iter(action.choices)))
    return "2013-01-01" if action.dest in {"since", "until"} else "2013"


# ── help ──────────────────────────────────────────────────────────────────────────────────────


def test_every_command_tells_its_help_in_both_languages():
    for name in NAMES:
        parsers = {}
        for tongue in speech.LANGUAGES:
            command = load_command_class("mingtang.site", name)
            assert isinstance(command, HouseCommand), name
            parsers[tongue] = command.create_parser("", name)
            speech.speak(parsers[tongue], tongue)
        zh, en = (speech.texts(parsers[tongue]) for tongue in speech.LANGUAGES)
        assert len(zh) == len(en) > 0
        for chinese, english in zip(zh, en, strict=True):
            assert not HAN.search(english), f"{name}: {english} has no English: django.po"
            if HAN.search(chinese):
                assert chinese != english, f"{name}: {chinese} has no English: django.po"


def test_a_text_without_english_would_be_seen():
    parser = ArgumentParser(description="没有人翻译过的一句话")
    speech.speak(parser, "en")
    assert HAN.search(speech.texts(parser)[0])


@pytest.mark.parametrize("name", ["doctor", "lint-report", "witness"])
def test_help_on_the_command_line_is_in_the_language_asked_for(mingtang, name):
    assert HAN.search(mingtang(name, "--help").out)
    assert not HAN.search(mingtang(name, "--help", "--lang", "en").out)


def test_the_list_of_commands_is_in_the_language_asked_for(mingtang):
    assert not HAN.search(mingtang("help", "--lang=en").out)
    assert HAN.search(mingtang("help").out)


@pytest.mark.parametrize(
    ("environment", "arguments", "tongue"),
    [
        ({}, [], "zh"),
        ({"LANG": "en_US.UTF-8"}, [], "en"),
        ({"LANG": "C.UTF-8"}, [], "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, [], "zh"),
        ({"LANG": "zh_CN.UTF-8", "MINGTANG_LANGUAGE": "en"}, [], "en"),
        ({"MINGTANG_LANGUAGE": "en"}, ["--lang", "zh"], "zh"),
    ],
)
def test_the_language_is_that_of_option_variable_or_system(environment, arguments, tongue):
    assert speech.language(arguments, environment) == tongue


# ── the result as JSON ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ALONE])
def test_a_result_is_one_json_document_and_words_go_to_the_other_stream(
    mingtang, monkeypatch, tmp_path, name
):
    kind = type(load_command_class("mingtang.site", name))

    def handle(self, *_args, **_options):
        self.tell("做了一件。", count=1)
        print("还有一行")

    monkeypatch.setattr(kind, "handle", handle)
    word = name.replace("_", "-")
    said = mingtang(word, "--format", "json", *arguments_for(name, tmp_path))
    assert said.code == 0, said.err
    assert said.told == {
        "count": 1,
        "said": ["做了一件。", "还有一行"],
        "command": word,
        "ok": True,
        "exit": 0,
    }
    assert "做了一件。" in said.err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("due", "2013-09-17", "5"), "due"),
        (("verify",), "breaks"),
        (("replay", "day_counts"), "owed"),
        (("resend",), "count"),
        (("retain",), "over_time"),
        (("cards",), "cards"),
        (("add-client", "--list"), "clients"),
        (("ledger", "keys"), "keys"),
        (("reindex",), "items"),
        (("export-log",), "events"),
        (("load-rules",), "added"),
    ],
)
def test_what_commands_find_stands_in_their_document(mingtang, words, key):
    said = mingtang(*words, "--format", "json")
    assert said.code == 0, said.err
    assert key in said.told
    plain = mingtang(*words)  # control: without the option it is none
    assert plain.code == 0
    assert not plain.out.startswith("{")


# ── how it ends ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_wrong_use_is_a_sentence_and_code_2(mingtang, name):
    if name == "training":  # takes any words
        return
    word = name.replace("_", "-")
    said = mingtang(word, "--no-such-thing", "--format", "json")
    assert said.code == Exit.USE, said.err
    assert "Traceback" not in said.err + said.out
    if name not in ALONE:
        assert said.told["exit"] == Exit.USE


def test_an_unknown_command_is_wrong_use(mingtang):
    said = mingtang("no-such-command", "--format", "json")
    assert (said.code, said.told["ok"]) == (Exit.USE, False)
    assert "no-such-command" in said.told["error"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {*ALONE, "training"}])
def test_a_missing_database_is_a_sentence_and_code_3(mingtang, monkeypatch, tmp_path, name):
    kind = type(load_command_class("mingtang.site", name))

    def handle(self, *_args, **_options):
        raise OperationalError("no such table: ledger_event")

    monkeypatch.setattr(kind, "handle", handle)
    said = mingtang(name.replace("_", "-"), *arguments_for(name, tmp_path), "--format", "json")
    assert (said.code, said.told["exit"]) == (Exit.NOT_NOW, Exit.NOT_NOW)
    assert "mingtang migrate" in said.told["error"]
    assert "Traceback" not in said.err


READS = [
    ("import-items",),
    ("import-basic", "--from", "2013-01-01"),
    ("import-standard", "--organ", "x"),
    ("import-calendar", "--year", "2027", "--dry-run"),
    ("import-legacy", "--profile"),
    ("load-life-events",),
    ("load-places",),
    ("load-synonyms",),
    ("exchange", "validate"),
    ("exchange", "receive"),
    ("exchange", "returned"),
    ("archive", "check"),
    ("restore",),
    ("lint-report",),
]


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("what", ["absent", "torn", "folder"])
def test_a_bad_file_is_a_sentence(mingtang, tmp_path, words, what):
    path = tmp_path / "file.csv"
    if what == "torn":
        path.write_bytes(b"PK\x03\x04\x00\xff\xfe\x00torn")
    if what == "folder":
        path.mkdir()
    said = mingtang(*words, path, "--format", "json")
    assert said.code in {Exit.FOUND, Exit.USE, Exit.OK}, said.err
    assert "Traceback" not in said.err + said.out
    if words[0] != "lint-report":
        assert said.told["exit"] == said.code
        assert said.code != Exit.OK or words[-1] == "--profile"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DomainError("不行。"), Exit.FOUND),
        (CommandError("不行。"), Exit.FOUND),
        (NoRoom(), Exit.NOT_NOW),
        (OperationalError("database is locked"), Exit.NOT_NOW),
        (OSError(28, "No space left on device", "/x"), Exit.NOT_NOW),
        (FileNotFoundError(2, "No such file or directory", "/x"), Exit.FOUND),
        (KeyboardInterrupt(), Exit.STOPPED),
        (ZeroDivisionError("nothing"), Exit.FAULT),
    ],
)
def test_each_trouble_has_its_code(error, code):
    found, sentence = of(error)
    assert found is code
    assert sentence.endswith("。") or code is Exit.NOT_NOW


def test_a_fault_keeps_its_trace_for_who_asks(mingtang, monkeypatch):
    def handle(self, *_args, **_options):
        raise ZeroDivisionError("nothing")

    monkeypatch.setattr(doctor.Command, "handle", handle)
    said = mingtang("doctor", "--format", "json")
    assert (said.code, said.told["exit"]) == (Exit.FAULT, Exit.FAULT)
    assert "ZeroDivisionError" in said.told["error"]
    with pytest.raises(ZeroDivisionError):
        mingtang("doctor", "--traceback")


def test_a_wrong_setting_is_wrong_use(mingtang, monkeypatch):
    def wrong(*_):
        raise WrongSetting("MINGTANG_NODE", "应为 0 到 1023 之间的整数。")

    monkeypatch.setattr(cli, "_run", wrong)
    said = mingtang("doctor", "--format", "json")
    assert (said.code, said.told["exit"]) == (Exit.USE, Exit.USE)
    assert "MINGTANG_NODE" in said.err


def test_the_table_in_the_docs_is_that_of_the_code():
    told = {
        int(code): label
        for code, label in re.findall(r"^\| `(\d+)` \| (.+) \|$", DOCS.read_text(), re.MULTILINE)
    }
    assert told == {int(one): one.label for one in Exit}


# ── progress ──────────────────────────────────────────────────────────────────────────────────


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_is_drawn_on_a_terminal_alone(monkeypatch):
    def handle(self, *_args, **_options):
        list(progress.steps("数一数", range(3), 3))

    monkeypatch.setattr(doctor.Command, "handle", handle)
    seen = {}
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        doctor.Command(stdout=io.StringIO()).execute(
            format="text", skip_checks=True, **vars(Namespace(no_color=True, force_color=False))
        )
        seen[stream.isatty()] = stream.getvalue()
    assert "数一数" in seen[True]
    assert "3/3\n" in seen[True]
    assert seen[False] == ""


def test_who_works_gets_all_rows_whether_anybody_looks_or_not():
    told = []
    assert list(progress.steps("x", "abc")) == ["a", "b", "c"]
    with progress.shown(lambda *one: told.append(one)):
        assert list(progress.steps("x", "ab", 2)) == ["a", "b"]
    assert told == [("x", 1, 2), ("x", 2, 2), ("x", 2, 2)]
