"""Many cases with all their rows, fast: copies of lives that the real commands have led.

A handful of cases are brought, by the commands and over the days of a year, to where real ones
stand; then all rows of each are written again and again under new ids, numbers and streams, with
the ledger's chain reckoned anew. So a row is what a command would have written, day for day: no
rule is told twice. How often each is copied is skewed as life is: few units and items have most.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, Model

from mingtang.base.ids import next_id
from mingtang.cases.models import Case
from mingtang.files.codes import INDEX, code_of
from mingtang.base.sealed import blind_index
from mingtang.ledger.models import Event
from mingtang.ledger.rules import leaf_hash

TOGETHER = 500  # copies written in one transaction
BY_CASE = (
    *("cases.Case", "cases.Submission", "cases.Step", "cases.Charge", "cases.Original"),
    *("timing.Clock", "files.Document", "ledger.Stream", "ledger.Event", "ledger.Command"),
)
