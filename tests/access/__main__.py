"""Probe the city of MINGTANG_HOME, a copy that may be spoilt; print what was found as JSON: by the
walk itself, and once more with cases open to every colleague, which has to be seen."""

import json
import logging
import sys
from unittest import mock

import django

django.setup()
logging.disable(logging.CRITICAL)

from django.db.models import Q  # noqa: E402 – models are there after the setup

from tests.access import probe  # noqa: E402

found = probe.run(each="--each-role" in sys.argv)
with mock.patch("mingtang.cases.queries.reading._by_posts", return_value=Q(pk__isnull=False)):
    widened = probe.run(only="case")
print(json.dumps({"found": vars(found), "widened": vars(widened)}, ensure_ascii=False))
