"""Probe the city of MINGTANG_HOME, a copy that may be spoilt; print what was found as JSON: by the
walk itself; with cases open to every colleague; and with another sentence for a list that is there
but not theirs. The last two have to be seen."""

import json
import logging
import sys
from unittest import mock

import django

django.setup()
logging.disable(logging.CRITICAL)

from django.db.models import Q  # noqa: E402 – models are there after the setup

from mingtang.base.errors import NotFound  # noqa: E402
from mingtang.cases.queries import reading  # noqa: E402
from tests.access import probe  # noqa: E402

found = probe.run(each="--each-role" in sys.argv)
reading._by_number.cache_clear()  # statements that were written before would not be widened
with mock.patch("mingtang.cases.queries.reading._by_posts", return_value=Q(pk__isnull=False)):
    widened = probe.run(only="case")
with mock.patch("mingtang.catalogue.queries.lists.keeper_of", side_effect=NotFound):
    told_apart = probe.run(only="power_list")
told = {"found": found, "widened": widened, "told_apart": told_apart}
print(json.dumps({name: vars(one) for name, one in told.items()}, ensure_ascii=False))
