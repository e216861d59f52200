"""What every command of ours is made of: its help in two languages, its result as one JSON
document where that is asked for, bars for long work on a terminal."""

import io
import json
import sys
from argparse import SUPPRESS, ArgumentParser, _SubParsersAction
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from typing import IO, Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter

from mingtang.base import progress, speech
from mingtang.site import exits

USAGE = "用法："


class Formatter(DjangoHelpFormatter):
    """Begins with our own word for how a command is used."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
        if prefix is None:
            prefix = speech.said(USAGE, speech.language(sys.argv))
        super().add_usage(usage, actions, groups, prefix)


class HouseCommand(BaseCommand):
    """`forms` are the formats of its output, the usual one first; `json` is one of them always."""

    forms: ClassVar[tuple[str, ...]] = ("text",)
    # What the framework asks for on every command and nobody here needs to read.
    suppressed_base_arguments: ClassVar[set[str]] = {  # type: ignore[misc]
        *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
        *("--no-color", "--force-color", "--skip-checks"),
    }
    # The framework's checks are of the code, and load every view for that: 0.6 s and fifty
    # megabytes of each command. `just migrations` and tests/structure run them.
    requires_system_checks = ()
    is_json = False
    _found: dict[str, Any]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("formatter_class", Formatter)
        parser = super().create_parser(prog_name, subcommand.replace("_", "-"), **kwargs)
        forms = tuple(dict.fromkeys((*self.forms, "json")))
        _ask(parser, forms, self.forms[0], None)
        for action in parser._actions:
            if action.dest == "skip_checks":
                action.help = SUPPRESS
        if prog_name:  # somebody reads it
            speech.speak(parser, speech.language(sys.argv))
        return parser

    def tell(self, sentence: str, **facts: Any) -> None:
        """A sentence for a person; the facts that it says, for a program."""
        self.stdout.write(sentence)
        self.note(**facts)

    def note(self, **facts: Any) -> None:
        """What only a program is told."""
        self._found.update(facts)

    def execute(self, *args: Any, **options: Any) -> str | None:
        self._found = {}
        self.is_json = options.get("format") == "json"
        bars = progress.shown(progress.Bar(sys.stderr)) if _is_watched() else nullcontext()
        with bars:
            if not self.is_json:
                return super().execute(*args, **options)
            self._as_json(*args, **options)
            return None

    def _as_json(self, *args: Any, **options: Any) -> None:
        """Whatever else is written meanwhile goes to the other stream, and into `said`."""
        out: IO[str] = options.get("stdout") or sys.stdout
        words = _Words(options.get("stderr") or sys.stderr)
        options["stdout"] = words
        code, trouble = int(exits.Exit.OK), ""
        try:
            with redirect_stdout(words):
                super().execute(*args, **options)
        except SystemExit as stop:
            code, trouble = exits.of_stop(stop)
            raise
        except BaseException as error:
            code, trouble = exits.of(error)
            raise
        finally:
            self._found.setdefault("said", words.lines())
            out.write(document(type(self).__module__, code, trouble, self._found))


class _Words(io.TextIOBase):
    """What a command says, kept and passed on."""

    def __init__(self, onward: IO[str]) -> None:
        self._onward, self._kept = onward, io.StringIO()

    def write(self, text: str) -> int:
        self._onward.write(text)
        return self._kept.write(text)

    def lines(self) -> list[str]:
        return self._kept.getvalue().splitlines()


def document(name: str, code: int, trouble: str, facts: dict[str, Any]) -> str:
    """What `--format json` writes: `command`, `ok`, `exit`, where it failed `error`, and what the
    command found out."""
    told: dict[str, Any] = {
        "command": name.rpartition(".")[2].replace("_", "-"),
        "ok": code == exits.Exit.OK,
        "exit": int(code),
    }
    if trouble:
        told["error"] = trouble
    return json.dumps({**facts, **told}, ensure_ascii=False, default=str) + "\n"


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _ask(parser: ArgumentParser, forms: tuple[str, ...], usual: str, above: Any) -> None:
    """Add the two options that every command has, before and behind a verb."""
    given: dict[str, Any] = {"default": usual} if above is None else {"default": SUPPRESS}
    parser.add_argument("--format", choices=forms, help=speech.HELP_OF_FORMAT, **given)
    parser.add_argument(
        speech.OPTION, choices=speech.LANGUAGES, help=speech.HELP_OF_OPTION, default=SUPPRESS
    )
    _end_in_json(parser)
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for sub in action.choices.values():
                _ask(sub, forms, usual, parser)


def _end_in_json(parser: ArgumentParser) -> None:
    """Wrong use on the command line is told as JSON, too, where that was asked for."""
    said: Callable[[str], NoReturn] = parser.error

    def error(message: str) -> NoReturn:
        if speech.value_of("--format", sys.argv) == "json" and sys.argv[1:]:
            name = parser.prog.split()[1] if " " in parser.prog else parser.prog
            sys.stdout.write(document(name, exits.Exit.USE, message, {}))
        said(message)

    parser.error = error  # type: ignore[method-assign]
