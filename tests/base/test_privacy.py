"""The privacy filter: what leads to somebody is masked, what only looks alike stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.privacy import is_card_number, is_identity_number, mask_text


@pytest.mark.parametrize(
    "number",
    [
        *("330881190001010015", "330881190001010023", "33088119000101004X", "330881190012319990"),
        *("11010519491231002X", "440524188001010014"),
    ],
)
def test_identity_numbers_are_known_by_their_check(number):
    assert is_identity_number(number)
    for written in (number, f"{number[:6]} {number[6:14]} {number[14:]}", number.lower()):
        shown = mask_text(f"我是{written}，请查")
        assert number[6:14] not in shown.replace(" ", "")
        assert "***" in shown


def test_a_wrong_check_is_no_identity_number():
    assert not is_identity_number("330881190001010016")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("电话13800000001找我", "电话138****0001找我"),
        ("电话138-0000-0001找我", "电话138****0001找我"),
        ("+86 13800000001", "138****0001"),
        ("１３８００００００01", "138****0001"),
        ("1\u200b3800000001", "138****0001"),
        ("①3800000001", "138****0001"),
        ("座机0570-4012345", "座机************"),
        ("卡号6222 0212 3456 7890 128", "卡号***************0128"),
        ("车牌浙HA1234停在门口", "车牌浙H*****停在门口"),
        ("浙H·D12345", "浙H*******"),
        ("写信 a.b@example.cn 给我", "写信 ************** 给我"),
    ],
)
def test_what_leads_to_somebody_is_masked(said, shown):
    assert mask_text(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "等了3小时，跑了2趟，2013年9月17日才办好。",
        "花了100000元",
        "窗口12号，很好！",
        "办件330881016130917000001",
    ],
)
def test_plain_words_and_numbers_stay(said):
    assert mask_text(said) == said


def test_names_that_the_case_knows_are_masked():
    assert mask_text("毛小明在窗口等", ["毛小明", ""]) == "毛*明在窗口等"


def test_a_card_has_a_luhn_check():
    assert is_card_number("4111111111111111")
    assert not is_card_number("4111111111111112")


@given(st.text())
def test_any_text_is_taken_and_a_second_time_changes_no_more(text):
    once = mask_text(text)
    assert mask_text(once) == once
