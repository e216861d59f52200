"""The table of moves, the guards, numbers and codes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.cases.rules import (
    CODE_ALPHABET,
    DECISIONS,
    MOVE_OF,
    MOVES,
    REMEDIES,
    IllegalMove,
    MissingReason,
    SamePerson,
    State,
    Verb,
    case_number,
    check_decision,
    check_separation,
    moves_from,
    normalise_code,
    spell_code,
    target_of,
)


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_in_every_state_is_allowed_by_the_table_or_refused_with_a_sentence(verb):
    move = MOVE_OF[verb]
    for state in State:
        if state in move.sources:
            stays = move.target is None or state in move.stays_in
            assert target_of(verb, state) is (state if stays else move.target), state
        else:
            with pytest.raises(IllegalMove, match=state.label):
                target_of(verb, state)


def test_every_verb_stands_in_the_table_once():
    assert sorted(move.verb for move in MOVES) == sorted(Verb)


def test_every_state_is_reached_from_filing_and_every_way_ends_in_the_archive():
    reached, waiting = {State.SUBMITTED}, [State.SUBMITTED]
    while waiting:
        state = waiting.pop()
        for move in moves_from(state):
            target = target_of(move.verb, state)
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(State)
    assert moves_from(State.ARCHIVED) == ()
    assert all(moves_from(state) for state in set(State) - {State.ARCHIVED})


# The design's list of what must never happen, as states and verbs.
ILLEGAL = [
    *((state, Verb.ASK_CORRECTION) for state in (State.ACCEPTED, State.REVIEWING, State.PAUSED)),
    *((state, verb) for state in (State.GRANTED, State.REFUSED) for verb in DECISIONS),
    *((State.PAUSED, verb) for verb in (*DECISIONS, Verb.EXTEND, Verb.ASK_EXTENSION)),
    *((state, Verb.WITHDRAW) for state in (State.GRANTED, State.REFUSED, State.DELIVERED)),
    *((state, Verb.TERMINATE) for state in (State.GRANTED, State.REFUSED, State.DELIVERED)),
    *((state, Verb.ACCEPT) for state in (State.SUBMITTED, State.CORRECTING, State.DECLINED)),
    (State.REVIEWING, Verb.HAND_OVER),
    (State.GRANTED, Verb.ARCHIVE),
    (State.CORRECTING, Verb.DEEM_ACCEPTED),
    (State.DELIVERED, Verb.REOPEN),
]


@pytest.mark.parametrize(("state", "verb"), ILLEGAL)
def test_what_the_design_forbids_is_forbidden_by_the_table(state, verb):
    with pytest.raises(IllegalMove, match=MOVE_OF[verb].label):
        target_of(verb, state)


def test_only_the_system_does_what_the_law_does_by_itself():
    alone = {move.verb for move in MOVES if not move.roles and not move.by_applicant}
    assert alone == {Verb.DEEM_ACCEPTED, Verb.DEEM_GRANTED}
    assert all(move.by_system for move in MOVES if move.verb in alone)


def test_a_decision_without_reason_is_refused_and_a_refusal_needs_its_law():
    with pytest.raises(MissingReason):
        check_decision(Verb.GRANT, " ", "", "")
    for verb in (Verb.REFUSE, Verb.GRANT_PARTLY):
        with pytest.raises(MissingReason, match="法律依据"):
            check_decision(verb, "不符合条件", " ", REMEDIES)
        with pytest.raises(MissingReason, match="救济途径"):
            check_decision(verb, "不符合条件", "《水法》第四十八条", "")
        check_decision(verb, "不符合条件", "《水法》第四十八条", REMEDIES)
    check_decision(Verb.GRANT, "符合条件", "", "")


def test_who_examined_does_not_decide():
    with pytest.raises(SamePerson):
        check_separation({7}, {6, 7})
    check_separation({8}, {6, 7})


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_codes_are_ten_clear_letters_and_differ_with_their_bits(one, other):
    assert re.fullmatch(rf"[{CODE_ALPHABET}]{{5}}-[{CODE_ALPHABET}]{{5}}", spell_code(one))
    same_bits = int.from_bytes(one[:8], "big") >> 14 == int.from_bytes(other[:8], "big") >> 14
    assert (spell_code(one) == spell_code(other)) is same_bits


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_understood_as_people_type_it(bits):
    code = spell_code(bits)
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in code.lower())
    for typed in (code.lower(), code.replace("-", ""), f" {code[:3]} {code[3:]} ", full_width):
        assert normalise_code(typed) == code


def test_a_case_number_has_twenty_one_digits_in_four_parts():
    number = case_number(region_code="330881", unit3="016", date_yymmdd="130917", serial=42)
    assert number == "330881016130917000042"
