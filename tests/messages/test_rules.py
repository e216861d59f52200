"""Texts with places, SMS numbers and masks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.messages.rules import (
    LONGEST_SMS,
    MAX_TRIES,
    WAIT_AFTER,
    Audience,
    Occasion,
    SmsTooLong,
    StrayBrace,
    Template,
    UnknownPlace,
    Way,
    fill,
    masked,
    render,
    sms_count,
    sms_number,
)
from tests.messages.occasions import ACCEPTED, FACTS

plain = st.text(st.characters(exclude_characters="{}", exclude_categories=("Cs",)))
names = st.sampled_from(["number", "item", "申请人", "x1"])
facts = st.fixed_dictionaries({name: st.text() for name in ["number", "item", "申请人", "x1"]})
pieces = st.lists(st.tuples(plain, names))


@given(pieces, plain, facts)
def test_places_are_filled_and_nothing_else_is_touched(pieces, tail, facts):
    text = "".join(f"{before}{{{name}}}" for before, name in pieces) + tail
    wanted = "".join(before + facts[name] for before, name in pieces) + tail
    assert fill(text, facts) == wanted


@given(pieces, facts, names)
def test_a_place_that_nobody_fills_is_refused_and_named(pieces, facts, missing):
    del facts[missing]
    text = "".join(f"{before}{{{name}}}" for before, name in pieces) + f"{{{missing}}}"
    with pytest.raises(UnknownPlace, match="不认识"):
        fill(text, facts)


@given(st.text(), st.text(), st.text(), facts)
def test_whatever_is_put_in_title_and_sms_keep_their_form(subject, body, sms, facts):
    try:
        said = render(Template(subject, body, sms[:LONGEST_SMS]), facts)
    except (UnknownPlace, StrayBrace):
        return
    assert len(said.sms) <= LONGEST_SMS
    assert "\n" not in said.title + said.sms


@pytest.mark.parametrize("text", ["{", "}", "{}", "{{number}}", "{a b}", "{number", "{{number}b}"])
def test_a_brace_that_is_no_place_is_refused(text):
    with pytest.raises((StrayBrace, UnknownPlace)):
        fill(text, {"number": "1", "b": "2"})


def test_what_is_put_in_is_not_read_for_places():
    assert fill("{item}", {"item": "{number}"}) == "{number}"


def test_a_long_value_shortens_the_sms_and_a_long_text_is_refused():
    said = render(ACCEPTED, {**FACTS, "item": "长" * 600})
    assert len(said.sms) == LONGEST_SMS
    assert said.sms.endswith("…")
    assert "长" * 600 in said.text
    with pytest.raises(SmsTooLong, match="501"):
        Template("标题", "正文", "字" * 501)


def test_an_occasion_whose_own_text_cannot_be_filled_is_not_made():
    with pytest.raises(UnknownPlace, match=r"\{number\}.*可用的有：无"):
        Occasion("a.b", Audience.STAFF, "标签", Template("{number}", "正文"), {})


@pytest.mark.parametrize(
    ("length", "count"), [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (500, 8)]
)
def test_how_many_sms_a_text_is_charged_as(length, count):
    assert sms_count("字" * length) == count


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("13800000001", "13800000001"),
        (" 138 0000 0001", "13800000001"),
        ("+86-138-0000-0001", "13800000001"),
        ("0570-4012345", ""),
        ("", ""),
        ("138000000011", ""),
    ],
)
def test_an_sms_goes_to_mobile_numbers_only(phone, number):
    assert sms_number(phone) == number


@pytest.mark.parametrize(
    ("way", "recipient", "mask"),
    [
        (Way.SMS, "13800000001", "138****0001"),
        (Way.MAIL, "maoxm@example.cn", "m****@example.cn"),
        (Way.MAIL, "no address", "**********"),
        (Way.MAIL, "@example.cn", "***********"),
        (Way.INBOX, "毛小明", "毛*明"),
    ],
)
def test_a_recipient_is_masked(way, recipient, mask):
    assert masked(way, recipient) == mask


def test_the_waits_grow_and_are_one_fewer_than_the_tries():
    assert list(WAIT_AFTER) == sorted(set(WAIT_AFTER))
    assert MAX_TRIES == 5
