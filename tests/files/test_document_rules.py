"""Papers, numbers, commitments, seals: pure."""

import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.files.rules.documents import (
    LONGEST_MARK,
    LongMark,
    Paper,
    SealState,
    chinese_date,
    commitment,
    document_number,
    is_unaltered,
    seal_state,
    series_of,
)
from mingtang.ledger.rules import canonical
from mingtang.ledger.verify_ledger import sha256
from tests.files.conftest import DAY, NOTICE

NUMBER, SALT, OTHER_SALT = "水利局补正〔2013〕12号", "ab" * 16, "cd" * 16
CHANGES = {
    "kind": "accepted",
    "title": "受理通知书",
    "mark": "水利局受",
    "addressee": "毛小朋",
    "paragraphs": (*NOTICE.paragraphs, "另外。"),
    "legal_basis": "",
    "remedies": "",
    "needs_seal": False,
    "rows": NOTICE.rows[:1],
    "row_heads": ("序号", "材料", "内容"),
}


def test_a_number_reads_as_official_numbers_do():
    assert document_number("水利局受", 2013, 12) == "水利局受〔2013〕12号"
    assert chinese_date(date(2013, 9, 7)) == "2013年9月7日"


def test_each_mark_counts_for_itself_every_year():
    assert len({series_of(mark, year) for mark in ("江水受", "江水") for year in (2013, 2014)}) == 4


def test_a_mark_that_no_number_could_hold_is_refused_with_a_way_out():
    assert series_of("字" * LONGEST_MARK, 2013)
    with pytest.raises(LongMark, match="简称"):
        series_of("字" * (LONGEST_MARK + 1), 2013)


def test_a_paper_is_read_back_as_it_was_written():
    assert Paper.read(canonical(NOTICE).decode()) == NOTICE


@given(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=3).map(tuple))
def test_whatever_it_says_it_is_read_back_with_the_same_bytes(addressee, row):
    paper = replace(NOTICE, addressee=addressee, paragraphs=row, rows=(row, row))
    try:
        text = canonical(paper)
    except UnicodeEncodeError:  # a lone surrogate is no text
        return
    assert canonical(Paper.read(text.decode())) == text


def test_cells_go_with_their_headings_and_a_longer_row_loses_nothing():
    paper = replace(NOTICE, row_heads=("序号", "材料"), rows=(("1",), ("2", "甲", "缺章")))
    assert list(paper.cells()) == [
        [("序号", "1")],
        [("序号", "2"), ("材料", "甲"), ("", "缺章")],
    ]


def _unaltered(paper=NOTICE, number=NUMBER, day=DAY, salt=SALT, issuer="7"):
    committed = commitment(NOTICE, NUMBER, DAY, SALT, issuer="7", digest=sha256)
    return is_unaltered(paper, number, day, salt, issuer=issuer, committed=committed, digest=sha256)


def test_what_is_as_it_was_holds():
    assert _unaltered()


@pytest.mark.parametrize("name", [field.name for field in fields(Paper)])
def test_a_change_in_any_part_of_a_paper_is_detected(name):
    assert not _unaltered(paper=replace(NOTICE, **{name: CHANGES[name]}))


@pytest.mark.parametrize(
    "change",
    [
        {"number": "水利局补正〔2013〕13号"},
        {"day": date(2013, 9, 18)},
        {"salt": OTHER_SALT},
        {"issuer": "8"},
    ],
)
def test_another_number_day_issuer_or_salt_is_detected(change):
    assert not _unaltered(**change)


def test_every_single_changed_byte_is_detected():
    text = canonical(replace(NOTICE, paragraphs=(), rows=(), remedies=""))
    found = 0
    for place in range(len(text)):
        spoilt = text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]
        try:
            paper = Paper.read(spoilt.decode())
        except (ValueError, TypeError, KeyError):
            continue
        found += 1
        assert not _unaltered(paper=paper), place
    assert found > 20  # many a changed text still reads: the commitment tells


def test_the_same_text_under_other_salts_gives_nothing_away():
    made = {
        commitment(NOTICE, NUMBER, DAY, salt, issuer="7", digest=sha256)
        for salt in (SALT, OTHER_SALT)
    }
    assert len(made) == 2
    assert all(len(one) == 64 for one in made)


def test_json_that_is_no_paper_is_not_read():
    for text in (
        "",
        "[]",
        "{}",
        json.dumps({"paragraphs": [], "row_heads": [], "rows": [], "x": 1}),
    ):
        with pytest.raises((ValueError, TypeError, KeyError)):
            Paper.read(text)


@pytest.mark.parametrize(
    ("needs_seal", "is_sealed", "state", "label", "tone"),
    [
        (True, False, SealState.DRAFT, "待盖章", "warn"),
        (True, True, SealState.SEALED, "已盖章", "ok"),
        (False, False, SealState.NOT_NEEDED, "无需盖章", "info"),
    ],
)
def test_the_state_of_a_seal(needs_seal, is_sealed, state, label, tone):
    found = seal_state(needs_seal=needs_seal, is_sealed=is_sealed)
    assert (found, found.label, found.tone) == (state, label, tone)
