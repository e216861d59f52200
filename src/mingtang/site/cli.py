"""`mingtang NAME …`: one command line. Names are written with hyphens."""

import os
import sys

from mingtang.base.errors import DomainError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
    from django.core.management import execute_from_command_line

    arguments = sys.argv[:]
    if len(arguments) > 1:
        arguments[1] = arguments[1].replace("-", "_") if arguments[1][:1] != "-" else arguments[1]
    try:
        execute_from_command_line(arguments)
    except DomainError as error:
        sys.exit(error.message)


if __name__ == "__main__":
    main()
