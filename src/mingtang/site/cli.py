"""`mingtang NAME …`: one command line. Names are written with hyphens."""

import gc
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from mingtang.base.speech import language, said, value_of, without_language
from mingtang.site.settings.env import WrongSetting

# What `mingtang help` lists, in the order in which people come to need it. The line behind each
# name is the command's own.
COMMANDS = (
    ("试用和演练", ("demo", "simulate", "training")),
    ("运行", ("migrate", "serve", "work", "tick", "paper_receipts")),
    (
        "检查",
        (
            *("doctor", "sbom", "verify", "ledger", "witness", "archive"),
            *("replay", "resend", "reindex"),
        ),
    ),
    ("个人信息", ("retain", "keys")),
    ("备份和搬运", ("backup", "ship", "restore", "move_database")),
    (
        "人员和系统",
        ("add_staff", "reset_password", "close_account", "add_client", "unlink_identity"),
    ),
    (
        "目录",
        (
            *("import_items", "import_basic", "export_items", "load_life_events"),
            *("load_synonyms", "handbook", "load_routes"),
        ),
    ),
    ("城市", ("load_regions", "load_places", "import_calendar", "due")),
    ("监察和考核", ("load_rules", "cards", "load_schemes", "score")),
    ("重大项目", ("load_programmes",)),
    ("大厅屏幕和电视", ("board", "tv_bundle")),
    ("来信", ("fetch_mail",)),
    ("流程再造", ("bottlenecks", "export_log", "statistics")),
    ("数据交换", ("exchange", "import_legacy", "legacy")),
    (
        "信息公开",
        (
            *("load_channels", "import_standard", "export_standard", "bundle"),
            *("report", "lint_report"),
        ),
    ),
)
ASKS_FOR_HELP: tuple[list[str], ...] = ([], ["help"], ["--help"], ["-h"])
USAGE = "用法：mingtang 命令 …　　（没有安装的：./start 命令 …）"
MORE = "一个命令怎么用：mingtang 命令 --help"
UNKNOWN = "没有这个命令：{}。有哪些命令：mingtang help"


def print_help(tongue: str) -> None:
    """Our own commands, a line each. Those of the framework are there too, and seldom needed."""
    import django
    from django.core.management import load_command_class

    django.setup()
    lines = [said(USAGE, tongue)]
    for heading, names in COMMANDS:
        lines += ["", said(heading, tongue)]
        for name in names:
            told = said(load_command_class("mingtang.site", name).help, tongue)
            lines.append(f"  {name.replace('_', '-'):<18}{told}")
    lines += ["", said(MORE, tongue)]
    sys.stdout.write("\n".join(lines) + "\n")


def without_installation(name: str) -> Callable[[list[str]], int] | None:
    """A command that needs no installation, and must not make one."""
    if name == "lint-report":
        from mingtang.reports.linting import main as lint_report

        return lint_report
    if name == "bottlenecks":
        from mingtang.bottlenecks.log.command import main as bottlenecks

        return bottlenecks
    if name == "witness":  # another party's
        from mingtang.ledger.witness import main as witness

        return witness
    return None


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
    arguments = sys.argv[:]
    name = "".join(arguments[1:2])
    try:
        if alone := without_installation(name):
            sys.exit(alone(arguments[2:]))
        if without_language(arguments[1:]) in ASKS_FOR_HELP:
            print_help(language(arguments))
            return
        _run(name, arguments)
    except (Exception, KeyboardInterrupt) as error:
        from mingtang.site import exits

        code, told = exits.of(error)
        if code is exits.Exit.FAULT and "--traceback" in arguments:
            raise
        _end(code, told)
    except WrongSetting as wrong:
        _misused(name, str(wrong))


def _run(name: str, arguments: list[str]) -> None:
    import django
    from django.core.management import execute_from_command_line, get_commands

    if name[:1] != "-":
        arguments[1] = name.replace("-", "_")
        gc.disable()  # what is loaded stays: to look for garbage in it takes a sixth of the time
        django.setup()
        gc.freeze()
        gc.enable()
        if arguments[1] not in {*get_commands(), "help", "version"}:
            _misused(name, said(UNKNOWN, language(arguments)).format(name))
    execute_from_command_line(arguments)


def _misused(name: str, told: str) -> NoReturn:
    """Before a command is there: the command line, or a setting, cannot be."""
    from mingtang.site import command, exits

    if value_of("--format", sys.argv) == "json":
        sys.stdout.write(command.document(name, exits.Exit.USE, told, {}))
    _end(exits.Exit.USE, told)


def _end(code: int, told: str) -> NoReturn:
    sys.stderr.write(f"{told}\n")
    sys.exit(int(code))


if __name__ == "__main__":
    main()
