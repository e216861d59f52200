"""Batches between two places over a wire that breaks: nothing is lost, nothing comes in twice."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from mingtang.base.errors import DomainError
from mingtang.exchange import services
from mingtang.exchange.models import Batch, ReceivedRow
from mingtang.exchange.rules.writing import Span
from mingtang.exchange.services.batches import write
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from tests.exchange.batches import SPAN, files, rows
from tests.world import morning, new_command_id

Files = dict[str, bytes]


def sent(count: int, cases: int) -> list[Files]:
    """So many batches, one after another, each with rows of its own."""
    made = []
    for number in range(count):
        day = SPAN.until + timedelta(days=number)
        span = Span(day, day)
        made.append(files(rows(cases, span, f"{number}-"), span))
    return made


def broken(chance: random.Random, whole: Files) -> Files:
    """What arrives where the wire is cut: a file is missing, or ends early."""
    arrived = dict(whole)
    name = chance.choice(sorted(arrived))
    if chance.random() < 0.5:
        del arrived[name]
    else:
        arrived[name] = arrived[name][: chance.randrange(len(arrived[name]))]
    return arrived


def act_guids(batches: list[Files]) -> Counter[str]:
    listed = (one["up_pro_process.csv"].decode().splitlines()[1:] for one in batches)
    return Counter(line.split(",", 1)[0] for lines in listed for line in lines)


@pytest.mark.slow
def test_what_is_cut_is_refused_whole_and_what_comes_twice_is_taken_once(db):
    chance, batches = random.Random(13), sent(4, 2)
    waiting, refused = [*batches, *batches], 0
    chance.shuffle(waiting)  # each twice, in any order
    while waiting:
        whole = waiting.pop()
        arrived = broken(chance, whole) if chance.random() < 0.5 else whole
        by = {"actor": SYSTEM, "at": morning(2013, 11, 1), "command_id": new_command_id()}
        before = ReceivedRow.objects.count()
        try:
            services.receive(files=arrived, **by)
        except DomainError:
            refused += 1
            assert ReceivedRow.objects.count() == before
            waiting.insert(0, whole)  # sent again later
    kept = ReceivedRow.objects.filter(table="up_pro_process").values_list("row_guid", flat=True)
    assert Counter(kept) == act_guids(batches)
    assert Batch.objects.filter(way="received").count() == len(batches)
    assert Event.objects.filter(kind="exchange.received").count() == len(batches)
    assert refused > 1


KEPT = """
import json
from collections import Counter
import django
django.setup()
from mingtang.exchange.models import ReceivedRow
kept = ReceivedRow.objects.filter(table="up_pro_process").values_list("row_guid", flat=True)
print(json.dumps(Counter(kept)))
"""


@pytest.mark.soak
def test_ten_thousand_acts_reach_a_second_process_that_is_cut_off_and_killed(tmp_path):

    chance, batches = random.Random(13), sent(20, 500)
    home = {**os.environ, "MINGTANG_HOME": str(tmp_path / "home")}
    home["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.installation"
    mingtang = [sys.executable, "-m", "mingtang.site.cli"]
    subprocess.run([*mingtang, "migrate", "-v0"], env=home, check=True)
    killed = refused = 0
    for whole in batches:
        for _attempt in range(20):
            arrived = broken(chance, whole) if chance.random() < 0.3 else whole
            ended = _receive(mingtang, home, _laid(tmp_path / "inbox", arrived), chance)
            killed += ended is None
            refused += ended is False
            if ended:
                break
    kept = subprocess.run(
        [sys.executable, "-c", KEPT], env=home, check=True, stdout=subprocess.PIPE
    )
    found = Counter(json.loads(kept.stdout))
    print(f"\n{len(found)} acts, {refused} times cut, {killed} times killed")
    assert found == act_guids(batches)
    assert (len(found), refused > 0) == (10_000, True)


def _receive(mingtang, home, folder, chance) -> bool | None:
    """Whether a process of the second place took it in; None where it was killed over it."""
    receiver = subprocess.Popen(
        [*mingtang, "exchange", "receive", str(folder)],
        env=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return receiver.wait(timeout=chance.choice((2, 3, 60, 60))) == 0
    except subprocess.TimeoutExpired:
        receiver.kill()
        receiver.wait()
        return None


def _laid(folder: Path, arrived: Files) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, arrived)
    return folder
