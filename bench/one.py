"""One bench in a process of its own: `python -m bench.one NAME SIZE`, which `-m bench` starts."""

import importlib
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")

import json

import django


def main(name: str, size: str) -> None:
    """An empty database, the bench, its table."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from bench.figures import table, write

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing is collected here
    )
    call_command("migrate", verbosity=0)
    begin = time.perf_counter()
    found = importlib.import_module(f"bench.{name}").run(size)
    path = write(name, size, time.perf_counter() - begin, found)
    print(table(json.loads(path.read_text(encoding="utf-8"))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
