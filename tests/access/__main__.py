"""Probe the city of MINGTANG_HOME, a copy that may be spoilt; print what was found as JSON: by the
walk itself; with cases open to every colleague; and with another sentence for a list that is there
but not theirs. The last two have to be seen. `--each-role`: each role by itself; `--minutes M`:
then people with several posts, for so long in all."""

import argparse
import json
import logging
import time
from unittest import mock

import django

django.setup()
logging.disable(logging.CRITICAL)

from django.db.models import Q  # noqa: E402 – models are there after the setup

from mingtang.base.errors import NotFound  # noqa: E402
from mingtang.cases.queries import reading  # noqa: E402
from tests.access import probe  # noqa: E402
from tests.access.asking import settle  # noqa: E402
from tests.access.routes import routes  # noqa: E402

MOST = 4_000  # probes until people with several posts have seen a widened query

parser = argparse.ArgumentParser()
parser.add_argument("--each-role", action="store_true")
parser.add_argument("--minutes", type=float, default=0)
parser.add_argument("--seed", type=int, default=1)
asked, began = parser.parse_args(), time.monotonic()
routes()  # what the URL conf brings along is loaded by then
settle()
found = probe.run(each=asked.each_role)
probe.run_mixed(found, lambda: time.monotonic() - began < asked.minutes * 60, asked.seed)
reading._by_number.cache_clear()  # statements that were written before would not be widened
with mock.patch("mingtang.cases.queries.reading._by_posts", return_value=Q(pk__isnull=False)):
    widened, mixed = probe.run(only="case"), probe.Findings()
    if asked.minutes:
        probe.run_mixed(mixed, lambda: not mixed.faults and mixed.probes < MOST, asked.seed)
with mock.patch("mingtang.catalogue.queries.lists.keeper_of", side_effect=NotFound):
    told_apart = probe.run(only="power_list")
told = {"found": found, "widened": widened, "mixed": mixed, "told_apart": told_apart}
print(json.dumps({name: vars(one) for name, one in told.items()}, ensure_ascii=False))
