"""A sound batch passes; each of more than 200 errors planted in it is found where it is."""

import csv
import json
from collections.abc import Callable, Iterator

import pytest

from mingtang.exchange.rules.checking import check, judge
from mingtang.exchange.rules.schemes import UnreadableScheme, read
from mingtang.exchange.rules.writing import (
    CODES,
    MANIFEST,
    Row,
    UnreadableBatch,
    files_of,
    read_batch,
)
from tests.exchange.batches import NATIONAL, batch, files, rows
from tests.shared import shared_file

Rows = dict[str, list[Row]]
Planted = tuple[str, int, str]  # table, line, field that must be named
SOUND = rows()


def test_a_sound_batch_has_no_fault_and_every_field_of_it_is_filled_somewhere() -> None:
    found = check(NATIONAL, files())
    assert found.faults == ()
    assert found.row_count == sum(map(len, SOUND.values())) == 16
    empty = {
        (table.name, field.name)
        for table in NATIONAL.tables
        for field in table.fields
        if field.is_required and not SOUND[table.name][0][field.name]
    }
    assert empty == set()


@pytest.mark.shared
def test_the_scheme_has_every_national_field_with_its_type_and_need() -> None:
    with shared_file("data/exchange_fields.csv").open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    have = {
        (table.name, field.name): (field.kind, field.width, field.is_required, field.label)
        for table in NATIONAL.tables
        for field in table.fields
    }
    for row in told:
        kind, _, width = row["type"].removesuffix(")").partition("(")
        wanted = (kind, int(width or 0), row["required"] == "1", row["label"])
        assert have[row["table"], row["field"]] == wanted
    assert len(told) == 146


def test_what_is_read_and_written_again_is_the_same_byte_for_byte() -> None:
    once = files()
    assert files_of(NATIONAL, read_batch(NATIONAL, once)) == once
    assert b"&amp; &lt;" in once["up_pro_process.xml"]


def _in_fields() -> Iterator[tuple[Planted, str]]:
    """In the first row of each table: every field by what it is declared to be."""
    for table in NATIONAL.tables:
        for field in table.fields:
            where = (table.name, 1, field.name)
            if field.is_required:
                yield where, ""
            if field.kind == "varchar" and not field.list:
                yield where, "字" * (field.width + 1)
            if field.kind == "int":
                yield where, "1.5"
            if field.kind == "datetime":
                yield where, "2013/09/31"
            if field.list:
                yield where, "~"


def _between_rows() -> Iterator[tuple[Planted, Callable[[Rows], None]]]:
    def put(table: str, line: int, name: str, value: str) -> tuple[Planted, Callable[[Rows], None]]:
        return (table, line, name), lambda made: made[table][line - 1].update({name: value})

    yield put("up_pro_accept", 2, "row_guid", "case-1")
    yield put("up_pro_accept", 1, "cd_operation", "X")
    yield put("up_pro_accept", 1, "cd_batch", "20130901-20130902")
    yield put("up_pro_accept", 1, "cd_time", "2013-10-01 00:00:00")
    yield put("up_pro_accept", 1, "accept_date", "2013-09-16 09:29:59")
    yield put("up_pro_accept", 1, "task_code", "330881-016-999")
    yield (
        ("up_pro_accept", 1, "task_code"),  # with its version it is no edition of the batch
        lambda made: made["up_pro_accept"][0].update({"task_version": "2"}),
    )
    yield put("up_pro_accept", 1, "applyer_name", "毛\x07小明")
    yield put("up_pro_accept", 1, "applyer_name", " 毛小明")
    yield put("up_pro_accept", 1, "apply_date", "2013-9-16 09:30:00")
    yield put("up_pro_process", 1, "event_start_time", "2013-09-16 09:29:59")
    yield put("up_pro_process", 1, "event_end_time", "2013-09-16 11:29:59")
    yield put("up_pro_special_procedure", 2, "special_time", "2013-09-01 00:00:00")
    yield put("up_pro_special_procedure", 2, "end_time", "2013-09-16 11:00:00")
    yield put("up_pro_result", 2, "result_date", "2013-09-16 10:00:00")
    yield put("up_task_general_basic", 1, "task_type", "11")  # valid in 2013: see below
    for table in ("process", "special_procedure", "material", "result"):
        yield put(f"up_pro_{table}", 2, "project_no", "330881-none")
    for table in ("extend", "material", "fee_project"):
        yield put(f"up_task_general_{table}", 1, "task_code", "330881-none")


def _copied() -> Rows:
    return {name: [dict(row) for row in listed] for name, listed in SOUND.items()}


LAPSED = ("up_task_general_basic", 1, "task_type")


def _planted() -> Iterator[tuple[Planted, Rows]]:
    for (table, line, name), value in _in_fields():
        made = _copied()
        made[table][line - 1][name] = value
        yield (table, line, name), made
    for where, plant in _between_rows():
        made = _copied()
        plant(made)
        if where == LAPSED:  # 非行政许可审批 was abolished on 10 May 2015
            made[where[0]][0]["cd_time"] = "2015-05-10 00:00:00"
        yield where, made


@pytest.mark.slow
def test_each_planted_error_is_found_in_its_row_and_field() -> None:
    missed, count = [], 0
    for where, made in _planted():
        count += 1
        found = judge(NATIONAL, batch(made))
        if where not in {(one.table, one.line, one.field) for one in found}:
            missed.append(where)
    assert (missed, count > 200) == ([], True)


def _manifest(**said: object) -> Callable[[dict[str, bytes]], None]:
    def plant(made: dict[str, bytes]) -> None:
        made[MANIFEST] = json.dumps(json.loads(made[MANIFEST]) | said).encode()

    return plant


@pytest.mark.parametrize(
    ("plant", "file"),
    [
        (lambda made: made.pop("up_pro_result.xml"), "up_pro_result.xml"),
        (lambda made: made.pop("up_pro_result.csv"), "up_pro_result.csv"),
        (lambda made: made.update({"up_lic_data.xml": b"<table/>"}), "up_lic_data.xml"),
        (lambda made: made.update({"up_lic_data.csv": b"row_guid\r\n"}), "up_lic_data"),
        (lambda made: made.update({CODES: made[CODES].replace(b",01,", b",91,")}), CODES),
        (_manifest(version="0"), MANIFEST),
        (_manifest(batch="20130901-20130902"), MANIFEST),
        (_manifest(rows={"up_pro_accept": 3}), MANIFEST),
    ],
)
def test_files_that_are_not_those_of_the_manifest_are_found(
    plant: Callable[[dict[str, bytes]], object], file: str
) -> None:
    made = files()
    plant(made)
    assert file in {one.table for one in check(NATIONAL, made).faults}


@pytest.mark.parametrize("content", [None, b"{}", b"[]", b"\xff", b'{"since": "2013-09-01"}'])
def test_what_is_no_batch_is_refused_with_a_sentence(content: bytes | None) -> None:
    made = files()
    made.pop(MANIFEST)
    if content is not None:
        made[MANIFEST] = content
    with pytest.raises(UnreadableBatch, match=MANIFEST):
        check(NATIONAL, made)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("name = ", "TOML"),
        ('name = "x"', "common"),
        ('[common]\na = { type = "blob", label = "", home = "" }\n[tables]', "blob"),
    ],
)
def test_a_mapping_file_that_says_too_little_is_refused(text: str, word: str) -> None:
    with pytest.raises(UnreadableScheme, match=word):
        read(text)
