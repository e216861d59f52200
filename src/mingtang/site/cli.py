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


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
    arguments = sys.argv[:]
    if arguments[1:2] == ["lint-report"]:  # needs no installation, and must not make one
        from mingtang.reports.linting import main as lint_report

        sys.exit(lint_report(arguments[2:]))
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
