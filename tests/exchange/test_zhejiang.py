"""The scheme of a province: names from a sample, codes that nobody has seen yet."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.exchange.queries.codes import book_of, shipped
from mingtang.exchange.rules.checking import check
from mingtang.exchange.rules.codes import CodeBook
from mingtang.exchange.rules.schemes import load
from mingtang.exchange.rules.writing import Batch, files_of, in_order, read_batch, row_of
from mingtang.exchange.services.codes import set_code
from tests.exchange.batches import CASE, FILED, SPAN
from tests.world import morning, new_command_id

ZHEJIANG = load("zhejiang")
UNSET = shipped("zhejiang")
SET = [replace(one, code=str(at)) for at, one in enumerate(UNSET, 1)]


def made(codes, change=None):
    """A case with its material, told by the scheme with these codes; `change` spoils rows."""
    book, rows = CodeBook(codes), {}
    for table in ZHEJIANG.tables:
        record = CASE | {"number": "3308811", "name": "申请书", "guid": f"{table.each}-1"}
        record |= {"born_at": FILED, "changed_at": FILED}
        rows[table.name] = in_order([row_of(table, record, book, ZHEJIANG, SPAN)])
    if change:
        table, field, value = change
        rows[table][0][field] = value
    return files_of(ZHEJIANG, Batch("zhejiang", ZHEJIANG.version, SPAN, rows, book.codes))


def test_no_code_is_ours_until_somebody_has_set_it():
    assert {one.code for one in UNSET} == {""}
    assert {one.list for one in UNSET} == ZHEJIANG.lists()
    found = {(one.table, one.field) for one in check(ZHEJIANG, made(UNSET)).faults}
    wanted = {("register", "APPLY_CARDTYPE"), ("register", "APPLYFROM"), ("attachment", "TAKETYPE")}
    assert found == wanted


def test_with_codes_it_passes_and_comes_back_the_same():
    files = made(SET)
    assert check(ZHEJIANG, files).faults == ()
    assert files_of(ZHEJIANG, read_batch(ZHEJIANG, files)) == files


@pytest.mark.parametrize(
    "change",
    [
        ("register", "PROJID", ""),
        ("register", "APPLYNAME", "毛" * 201),
        ("register", "RECEIVETIME", "昨天"),
        ("register", "SERVICEVERSION", "一"),
        ("register", "APPLYFROM", "z9"),
        ("register", "cd_operation", "X"),
        ("attachment", "PROJID", "3308819"),
        ("attachment", "TAKETYPE", "z9"),
        ("attachment", "ATTRNAME", ""),
        ("attachment", "AMOUNT", "x"),
    ],
)
def test_a_planted_error_is_found(change):
    found = {(one.table, one.field) for one in check(ZHEJIANG, made(SET, change)).faults}
    assert (change[0], change[1]) in found


@pytest.mark.django_db
def test_the_office_sets_a_code_and_only_that_one_is_set(world):
    said = {"scheme": "zhejiang", "name": "zhejiang_take", "ours": "uploaded", "code": "1"}
    set_code(
        **said,
        label="电子",
        since=date(2013, 9, 1),
        source="联调纪要",
        actor=world.actor(world.manager),
        at=morning(2013, 9, 1),
        command_id=new_command_id(),
    )
    book = book_of("zhejiang")
    assert book.theirs("zhejiang_take", "uploaded", date(2013, 9, 2)) == "1"
    assert not book.is_known("zhejiang_take", "to_bring", date(2013, 9, 2))
