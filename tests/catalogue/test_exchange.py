"""Every field of the national tables has a home, and every home is there."""

import csv
import re
from pathlib import Path

import pytest

from mingtang.catalogue.models import Edition, Item
from mingtang.catalogue.rules.content import COLUMNS
from mingtang.catalogue.rules.details import BY_KEY, FEES, MATERIALS
from mingtang.catalogue.rules.exchange import HOMES
from tests.shared import shared_file

DOC = Path(__file__).parents[2] / "docs" / "exchange.md"


def is_there(home: str) -> bool:
    first, _, rest = home.partition(".")
    tables = {"materials": MATERIALS, "fees": FEES}
    if first in tables and rest:
        return rest in {column.key for column in tables[first].columns}
    if first in {"item", "edition"}:
        model = Item if first == "item" else Edition
        return rest in {field.name for field in model._meta.get_fields()}
    return home in {*COLUMNS, *BY_KEY}


@pytest.mark.parametrize("table", sorted(HOMES))
def test_a_home_is_a_field_that_exists(table: str) -> None:
    assert not [home for home in HOMES[table].values() if not is_there(home)]


def test_the_check_of_homes_can_fail() -> None:
    assert not any(map(is_there, ("item.colour", "materials.colour", "colour")))


@pytest.mark.shared
def test_every_national_field_has_a_home_and_stands_in_the_document() -> None:
    with shared_file("data/exchange_fields.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    homeless = [r for r in rows if r["table"] in HOMES and r["field"] not in HOMES[r["table"]]]
    assert (len(rows), homeless) == (146, [])
    parts = re.split(r"^## `(\w+)`$", DOC.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert not [r for r in rows if f"| `{r['field']}` |" not in told[r["table"]]]
