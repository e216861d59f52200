"""viewflow: cases of four steps one after another, each assigned and done, in SQLite; no pages."""

import json
import sys
import time

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    INSTALLED_APPS=[
        *("django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow"),
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "cases.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process, Task

STEPS = 4


def page(request: object) -> None:
    """No step is done by a page here."""


# A flow belongs to an app, by which its cases find it again: this one passes for part of theirs.
NAME = "viewflow.workflow.bench"
sys.modules[NAME] = sys.modules[__name__]


class Life(flow.Flow):
    __module__ = NAME
    process_class = Process
    begin = flow.StartHandle(this.begun).Next(this.first)
    first = flow.View(page).Next(this.second)
    second = flow.View(page).Next(this.third)
    third = flow.View(page).Next(this.fourth)
    fourth = flow.View(page).Next(this.over)
    over = flow.End()

    def begun(self, activation: object) -> None:
        """A case is there."""


def step(process_id: int, user: User) -> None:
    with transaction.atomic():
        found = Task.objects.select_related("process").get(process_id=process_id, status="NEW")
        activation = found.flow_task.activation_class(found)
        activation.assign(user)
        activation.start(None)
        activation.execute()


def main() -> None:
    count = json.load(sys.stdin)["cases"]
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
    user = User.objects.create(username="handler")
    for _ in range(count):
        Life.begin.run()
    ids = list(Process.objects.order_by("id").values_list("id", flat=True))
    begin = time.process_time()
    for _ in range(STEPS):
        for one in ids:
            step(one, user)
    taken = time.process_time() - begin
    assert not Process.objects.exclude(status="DONE").exists()
    json.dump({"milliseconds": taken / count / STEPS * 1e3}, sys.stdout)


if __name__ == "__main__":
    main()
