"""`mingtang NAME …`: one command line. Names are written with hyphens."""

import os
import sys

from django.db import DatabaseError

from mingtang.base.errors import DomainError

NO_SUCH_TABLE_OR_COLUMN = {"42P01", "42703"}  # PostgreSQL's codes


def is_not_migrated(error: DatabaseError) -> bool:
    """Whether the database lacks a table or a column that the code knows."""
    if getattr(error.__cause__, "sqlstate", None) in NO_SUCH_TABLE_OR_COLUMN:
        return True
    return str(error).startswith(("no such table", "no such column"))


# What `mingtang help` lists, in the order in which people come to need it. The line behind each
# name is the command's own.
COMMANDS = (
    ("试用和演练", ("demo", "simulate", "training")),
    ("运行", ("migrate", "serve", "work", "tick")),
    ("检查", ("doctor", "verify", "ledger", "witness", "archive", "replay", "resend", "reindex")),
    ("个人信息", ("retain", "keys")),
    ("备份和搬运", ("backup", "restore", "move_database")),
    ("人员和系统", ("add_staff", "add_client", "unlink_identity")),
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
    ("流程再造", ("bottlenecks", "export_log")),
    ("数据交换", ("exchange", "import_legacy")),
    (
        "信息公开",
        (
            *("load_channels", "import_standard", "export_standard", "bundle"),
            *("report", "lint_report"),
        ),
    ),
)
ASKS_FOR_HELP: tuple[list[str], ...] = ([], ["help"], ["--help"], ["-h"])


def print_help() -> None:
    """Our own commands, a line each. Those of the framework are there too, and seldom needed."""
    import django
    from django.core.management import load_command_class

    django.setup()
    lines = ["用法：mingtang 命令 …　　（没有安装的：./start 命令 …）"]
    for heading, names in COMMANDS:
        lines += ["", heading]
        for name in names:
            said = load_command_class("mingtang.site", name).help
            lines.append(f"  {name.replace('_', '-'):<18}{said}")
    lines += ["", "一个命令怎么用：mingtang 命令 --help"]
    sys.stdout.write("\n".join(lines) + "\n")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
    arguments = sys.argv[:]
    if arguments[1:2] == ["lint-report"]:  # needs no installation, and must not make one
        from mingtang.reports.linting import main as lint_report

        sys.exit(lint_report(arguments[2:]))
    if arguments[1:2] == ["bottlenecks"]:  # nor does this
        from mingtang.bottlenecks.log.command import main as bottlenecks

        sys.exit(bottlenecks(arguments[2:]))
    if arguments[1:2] == ["witness"]:  # nor does this: it is another party's
        from mingtang.ledger.witness import main as witness

        sys.exit(witness(arguments[2:]))
    if arguments[1:] in ASKS_FOR_HELP:
        print_help()
        return
    if len(arguments) > 1:
        arguments[1] = arguments[1].replace("-", "_") if arguments[1][:1] != "-" else arguments[1]
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(arguments)
    except DomainError as error:
        sys.exit(error.message)
    except DatabaseError as error:
        if not is_not_migrated(error):
            raise
        sys.exit("数据库还没有建好或不是最新的，请先运行 mingtang migrate。")


if __name__ == "__main__":
    main()
