"""Canonical bytes, leaves and the check of a chain."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.ledger import rules
from mingtang.ledger.models import HASHED_FIELDS
from mingtang.ledger.rules import GENESIS, ChainCheck, canonical, leaf_hash
from mingtang.ledger.verify_ledger import sha256, sm3

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    assert canonical(value) == canonical(dict(reversed(value.items())))


def test_instants_are_utc_with_microseconds_wherever_they_were_read():
    noon = datetime(2013, 9, 17, 4, 0, tzinfo=UTC)
    assert canonical(noon) == canonical(noon.astimezone(timezone(timedelta(hours=8))))
    assert canonical(noon) == b'"2013-09-17T04:00:00.000000+00:00"'
    assert canonical(date(2013, 9, 17)) == b'"2013-09-17"'


def test_composed_and_decomposed_letters_are_one():
    assert canonical("é") == canonical("e\u0301")


@pytest.mark.parametrize("value", [1.5, b"raw", object()])
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"a": value})


class Word(StrEnum):
    SHORT = "e\u0301"


@dataclass(frozen=True)
class Told:
    text: str
    inner: dict[str, object]


ATOMS = (
    *(st.none(), st.booleans(), st.integers(), st.text(max_size=6), st.dates(), st.decimals()),
    *(st.datetimes(timezones=st.just(UTC)), st.sampled_from(Word)),
    st.text(st.sampled_from('e\u0301\u0303n<=\n"\\中ｶﾞ'), max_size=6),
)
VALUES = st.recursive(
    st.one_of(ATOMS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.one_of(ATOMS[:4]), inner, max_size=4)
        | st.builds(Told, st.text(max_size=3), st.dictionaries(st.text(max_size=3), inner))
    ),
    max_leaves=10,
)


def _plainly(value):
    """The spelling in two passes, without the short way."""
    return rules._spelled(rules._plain(value)).encode()


TEXTS = st.text(max_size=6)
ACTORS = st.builds(rules.Actor, st.none() | TEXTS, TEXTS, st.none() | TEXTS, TEXTS, TEXTS, TEXTS)
DIGESTS = st.sampled_from([sha256, sm3])
ENTRIES = st.tuples(TEXTS, st.integers(1, 9), TEXTS, st.dates(), st.dictionaries(TEXTS, VALUES))


def _row(actor, at, command_id, entry, previous=GENESIS):
    stream, seq, kind, on, facts = entry
    own = (stream, seq, kind, at, on, actor.id, actor.label, actor.acting_for_id)
    where = (actor.acting_for_label, actor.organisation_id, actor.organisation_label)
    return dict(zip(HASHED_FIELDS, (*own, *where, command_id, facts, previous), strict=True))


def _leaf(leaves, entry, previous=GENESIS):
    stream, seq, kind, on, facts = entry
    told = {"stream": stream, "seq": seq, "kind": kind, "on": on, "previous": previous}
    return leaves.leaf(facts=canonical(facts), **told)


@settings(max_examples=20, deadline=None)
@given(ACTORS, st.datetimes(timezones=st.just(UTC)), TEXTS, st.lists(ENTRIES, max_size=4), DIGESTS)
def test_events_of_one_command_hash_as_each_by_itself(actor, at, command_id, entries, digest):
    leaves = rules.Leaves(actor, at, command_id, digest)
    for entry in entries:
        assert _leaf(leaves, entry) == leaf_hash(_row(actor, at, command_id, entry), digest)


@pytest.mark.parametrize("changed", HASHED_FIELDS)
def test_a_leaf_covers_each_field(changed):
    """The control of the test above: a row that differs in one field has another leaf."""
    at, entry = datetime(2013, 9, 17, tzinfo=UTC), ("case:1", 1, "k", date(2013, 9, 17), {"a": 1})
    row = _row(rules.SYSTEM, at, "c", entry)
    other, leaf = row | {changed: "x"}, _leaf(rules.Leaves(rules.SYSTEM, at, "c", sha256), entry)
    assert leaf == leaf_hash(row, sha256) != leaf_hash(other, sha256)


@given(VALUES)
def test_the_short_way_spells_as_the_long_one(value):
    assert canonical(value) == _plainly(value)


@pytest.mark.parametrize("weakened", ["_is_simple", "is_normalized"])
def test_without_either_check_the_short_way_spells_otherwise(weakened, monkeypatch):
    values = [{2: "a", 10: "b"}, {"a": "e\u0301"}]
    if weakened == "_is_simple":
        monkeypatch.setattr(rules, "_is_simple", lambda _: True)
    else:
        monkeypatch.setattr(rules.unicodedata, "is_normalized", lambda *_: True)
    assert [canonical(one) for one in values] != [_plainly(one) for one in values]


def _chain(length):
    rows, leaf = [], GENESIS
    for seq in range(1, length + 1):
        row = {"seq": seq, "previous_leaf": leaf, "facts": {"n": seq}}
        leaf = leaf_hash(row, sha256)
        rows.append((row, leaf))
    return rows


def _check(rows):
    check = ChainCheck("case:1", sha256)
    for row, leaf in rows:
        check.read(row, leaf)
    return check.broken


def test_a_sound_chain_holds():
    rows = _chain(5)
    assert _check(rows) is None


@given(st.data())
def test_every_tampering_with_a_chain_is_found(data):
    """But at its end: that nothing was cut off there, nor hashed anew, is for the tree to say."""
    rows = _chain(7)
    place = data.draw(st.integers(0, 5))
    kind = data.draw(st.sampled_from(["alter", "drop", "swap", "repeat", "forge"]))
    tampered = list(rows)
    row, leaf = rows[place]
    if kind == "alter":
        tampered[place] = ({**row, "facts": {"n": -1}}, leaf)
    elif kind == "forge":  # content and leaf both rewritten
        forged = {**row, "facts": {"n": -1}}
        tampered[place] = (forged, leaf_hash(forged, sha256))
    elif kind == "drop":
        del tampered[place]
    elif kind == "repeat":
        tampered.insert(place, rows[place])
    else:
        other = (place + 1) % 6  # of seven: the last stays
        tampered[place], tampered[other] = tampered[other], tampered[place]
    assert _check(tampered) is not None
