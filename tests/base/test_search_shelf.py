"""What a process keeps of the index: exact in its counts, and never older than the index."""

import json
from collections import Counter
from random import Random
from threading import Thread

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base import search
from mingtang.base.ids import next_id
from mingtang.base.models import SearchChange, SearchDocument
from mingtang.base.search import Document, keeping
from mingtang.base.search.shelf import Found, Shelf, written

FACETS = ["unit", "kind", "theme"]
VALUES = st.sampled_from(["a", "b=", '"', "[],", "主题"])
DOCUMENT = st.fixed_dictionaries({facet: st.lists(VALUES, max_size=3) for facet in FACETS})
WANTED = st.dictionaries(st.sampled_from([*FACETS, "unheard"]), st.one_of(VALUES, st.just("")))
NAMES = st.text(alphabet="取水许可", min_size=1, max_size=4)


def row(one: int, key: int, name: str, facets: str = "") -> tuple[int, int, str, str, float, int]:
    return one, key, name, facets, 0.0, 0


def ids(found: Found, phrases: list[str], end: int) -> list[int]:
    return [found.shelf.ids[place] for place in found.first(phrases, end)]


def fits(one: dict[str, list[str]], wanted: dict[str, str], but: str = "") -> bool:
    return all(
        not value or facet == but or value in one.get(facet, []) for facet, value in wanted.items()
    )


# ── exact ─────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(DOCUMENT, max_size=12), st.sets(st.integers(0, 11)), WANTED)
def test_counts_are_those_of_asking_each_document(documents, chosen, wanted) -> None:
    shelf = Shelf(row(n, 100 - n, "x" * n, written(one)) for n, one in enumerate(documents))
    asked = {n: one for n, one in enumerate(documents) if n in chosen}
    found = shelf.found(",".join(map(str, chosen)))
    assert len(found) == len(asked)
    fitting = [n for n, one in asked.items() if fits(one, wanted)]
    only = found.only(wanted)
    assert len(only) == len(fitting)
    assert ids(only, [], 99) == fitting
    assert only.keys_after(-1, 99) == sorted(100 - n for n in fitting)
    counts = found.counts(wanted)
    for facet in FACETS:
        left = [set(one[facet]) for one in asked.values() if fits(one, wanted, but=facet)]
        assert counts.get(facet, {}) == dict(Counter(value for one in left for value in one))


@given(st.lists(NAMES, max_size=15), st.lists(NAMES, max_size=3), st.integers(1, 15))
def test_the_sieve_lays_names_with_more_of_the_phrases_first_then_shorter(
    names, phrases, end
) -> None:
    shelf = Shelf(row(n, n, name) for n, name in enumerate(names))
    plain = sorted(
        range(len(names)),
        key=lambda n: (sum(one not in names[n] for one in phrases), len(names[n]), n),
    )
    assert ids(Found(shelf, shelf.all), phrases, end) == plain[:end]


@given(
    st.lists(st.tuples(NAMES, DOCUMENT), max_size=15),
    st.integers(0, 15),
    st.sets(st.integers(0, 14)),
    st.lists(NAMES, max_size=3),
    WANTED,
)
def test_what_came_later_is_as_if_it_had_always_been_there(
    documents, early, gone, phrases, wanted
) -> None:
    rows = [row(n, 100 - n, name, written(one)) for n, (name, one) in enumerate(documents)]
    middle = (early + len(rows)) // 2
    grown = Shelf(rows[:early])
    for some in (rows[early:middle], rows[:middle], rows[middle:]):
        grown = grown.later(some, gone)
    fresh = Shelf(one for one in rows if one[0] not in gone)
    for found, same in _both(grown, fresh, ",".join(str(one[0]) for one in rows[::2])):
        assert len(found) == len(same)
        assert ids(found, phrases, 9) == ids(same, phrases, 9)
        assert ids(found, phrases, 9) == [found.shelf.ids[at] for at in found._at_once(phrases, 9)]
        assert found.keys_after(90, 9) == same.keys_after(90, 9)
        assert _met(found.counts(wanted)) == _met(same.counts(wanted))
        assert ids(found.only(wanted), [], 9) == ids(same.only(wanted), [], 9)
        assert len(found.between("theme", "a", "")) == len(same.between("theme", "a", ""))


def _met(counts):
    return {facet: values for facet, values in counts.items() if values}


def _both(one: Shelf, other: Shelf, ids: str):
    yield Found(one, one.all), Found(other, other.all)
    yield one.found(ids), other.found(ids)


def test_a_shelf_stays_as_it_is_when_another_grows_out_of_it() -> None:
    shelf = Shelf([row(1, 1, "水", written({"unit": ["a"]}))])
    shelf.later([row(2, 2, "火", written({"unit": ["a"]}))], [1])
    again = shelf.later([row(3, 3, "土")], [])
    assert ids(shelf.found("1,2,3"), [], 9) == [1]
    assert ids(again.found("1,2,3"), [], 9) == [1, 3]
    assert Found(shelf, shelf.all).counts({}) == {"unit": {"a": 1}}


@given(st.lists(st.integers(0, 50), unique=True, max_size=15), st.integers(-1, 51))
def test_keys_follow_the_last_one_seen(keys, last) -> None:
    shelf = Shelf(row(n, key, "名") for n, key in enumerate(keys))
    wanted = sorted(key for key in keys if key > last)
    assert Found(shelf, shelf.all).keys_after(last, 4) == wanted[:4]


@given(DOCUMENT)
def test_facets_are_written_alike_in_any_order(one) -> None:
    turned = {facet: values[::-1] * 2 for facet, values in reversed(one.items())}
    assert written(turned) == written(one)


# ── never older than the index ────────────────────────────────────────────────────────────────


def put(n: int, colour: str) -> None:
    search.index([Document(f"item:{n}", f"事项{n}", facets={"colour": [colour]})])


def colours() -> dict[str, int]:
    """As they are counted without a text, which must be as they are counted with one."""
    found = search.every("item").counts({})
    assert found == search.look_up("item", "事项").found.counts({})
    return found.get("colour", {})


@pytest.mark.django_db
def test_what_was_rolled_back_leaves_nothing_behind() -> None:
    put(1, "red")
    assert colours() == {"red": 1}
    with transaction.atomic():
        put(2, "blue")
        search.remove(["item:1"])
        assert colours() == {"blue": 1}  # the writer sees its own
        transaction.set_rollback(True)
    assert colours() == {"red": 1}
    put(3, "green")  # as many changes as before the rollback, another content
    assert colours() == {"red": 1, "green": 1}


@pytest.mark.django_db
def test_every_sort_of_change_is_seen_at_once() -> None:
    put(1, "red")
    assert colours() == {"red": 1}
    put(1, "blue")
    assert colours() == {"blue": 1}
    search.remove(["item:1"])
    assert colours() == {}
    put(2, "red")
    assert colours() == {"red": 1}
    search.clear("item")
    assert colours() == {}
    put(3, "red")
    assert colours() == {"red": 1}
    search.clear()
    assert colours() == {}


@pytest.mark.django_db
def test_a_change_of_one_kind_leaves_what_is_kept_of_others() -> None:
    put(1, "red")
    kept = search.every("item").shelf
    search.index([Document("letter:1", "信")])
    assert search.every("item").shelf is kept
    search.remove(["item:99"])  # was not there: nothing has changed
    assert search.every("item").shelf is kept
    put(2, "red")
    assert search.every("item").shelf is not kept


def renamed() -> list[float]:
    """How well a document answers before and after it has another name."""
    scores = []
    for name in ("取水许可审批", "取水"):
        search.index([Document("item:1", name)])
        scores.append(search.search("item", "取水")[0].score)
    return scores


@pytest.mark.django_db
def test_what_is_at_hand_of_a_document_is_as_new_as_the_index(monkeypatch) -> None:
    before, after = renamed()
    assert after > before
    search.clear("item")
    with monkeypatch.context() as blind:  # the control: a change that tells nobody is not seen
        put(9, "red")
        search.every("item")
        blind.setitem(search.index.__globals__, "changed", lambda kind, **told: None)
        search.index([Document("item:9", "取水许可审批")])
        assert not search.search("item", "取水")


@pytest.mark.django_db
def test_a_change_of_the_list_of_words_is_seen_at_once() -> None:
    search.index([Document("item:1", "食品经营许可")])
    assert not search.search("item", "小吃店")
    search.replace_synonyms([("小吃店", "食品经营")])
    assert search.search("item", "小吃店")
    with transaction.atomic():
        search.replace_synonyms([])
        assert not search.search("item", "小吃店")  # the writer sees its own
        transaction.set_rollback(True)
    assert search.search("item", "小吃店")


def full_readings(asked) -> int:
    """How often all documents of a kind were read."""
    return sum("base_searchdocument WHERE kind" in one["sql"] for one in asked)


@pytest.mark.django_db
def test_a_change_is_read_by_itself_and_not_with_all_the_rest(
    django_assert_max_num_queries, monkeypatch
) -> None:
    put(1, "red")
    search.every("item")
    with django_assert_max_num_queries(99) as asked:
        for n in range(2, 9):
            put(n, "blue")
        assert colours() == {"red": 1, "blue": 7}
        search.remove(["item:3", "item:1"])
        assert colours() == {"blue": 6}
    assert full_readings(asked) == 0
    monkeypatch.setattr(keeping, "MOST_TOLD", 0)  # the control: a change that does not tell
    put(9, "blue")
    with django_assert_max_num_queries(99) as asked:
        assert colours() == {"blue": 7}
    assert full_readings(asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("most", [0, 4, 9, 2_000])
def test_whatever_happens_no_process_keeps_what_is_not_so(most: int, monkeypatch) -> None:
    """Three processes, played by one that changes what it keeps; they look now and then."""
    monkeypatch.setattr(keeping, "MOST_TOLD", most)
    chance = Random(most)
    processes = [{}, {}, {}]
    for _ in range(60):
        monkeypatch.setattr(keeping, "_kept", processes[chance.randrange(3)])
        with transaction.atomic():
            _something(chance)
            if chance.random() < 0.3:
                assert colours() == _colours_in_truth()
            transaction.set_rollback(chance.random() < 0.2)
        monkeypatch.setattr(keeping, "_kept", processes[chance.randrange(3)])
        assert colours() == _colours_in_truth()


@pytest.mark.django_db
def test_who_has_not_seen_that_news_were_dropped_reads_all_anew() -> None:
    """One writer carries on the only change that was seen, while another drops a third one's."""
    put(1, "red")
    assert colours() == {"red": 1}
    seen = SearchChange.objects.get(kind="item").id
    put(2, "blue")
    SearchChange.objects.filter(kind="item").delete()
    carried, dropped = next_id(), next_id()
    for one, told in ((carried, [[seen], [], [], []]), (dropped, [[], [dropped], [], []])):
        SearchChange.objects.create(id=one, kind="item", told=json.dumps(told))
    assert colours() == {"red": 1, "blue": 1}


def _something(chance: Random) -> None:
    n, act = chance.randrange(12), chance.random()
    if act < 0.6:
        put(n, chance.choice(["red", "blue"]))
    elif act < 0.95:
        search.remove([f"item:{n}", f"item:{n + 1}"])
    else:
        search.clear(chance.choice(["item", ""]))


def _colours_in_truth() -> dict[str, int]:
    texts = (
        SearchDocument.objects.filter(kind="item").order_by("id").values_list("facets", flat=True)
    )
    return dict(Counter(colour for text in texts for _, colour in json.loads(text)))


@pytest.mark.django_db
def test_changes_do_not_pile_up() -> None:
    for n in range(5):
        put(n, "red")
    assert SearchChange.objects.filter(kind="item").count() == 1


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_change_as_soon_as_it_is_committed() -> None:
    """What each process keeps is changed by hand, so that one process can play both."""
    put(1, "red")
    assert colours() == {"red": 1}
    theirs = keeping._kept.copy()
    put(2, "blue")
    assert colours() == {"red": 1, "blue": 1}
    keeping._kept.update(theirs)
    assert colours() == {"red": 1, "blue": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_kept_at_last", [True, False])
def test_who_writes_longer_is_not_lost_behind_who_wrote_later(is_kept_at_last: bool) -> None:
    """The one begins first and ends last; in between nothing waits, and all are told the truth."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    put(1, "red")
    with transaction.atomic():
        put(1, "blue")  # its change has the lower id, and it looks at its own
        assert colours() == {"blue": 1}
        in_a_thread(lambda: put(2, "green"))
        in_a_thread(lambda: colours() == {"red": 1, "green": 1})
        if is_kept_at_last:
            assert colours() == {"blue": 1, "green": 1}
    assert colours() == {"blue": 1, "green": 1}


def in_a_thread(work) -> None:
    """Run in another connection; it must come to an end, and what it says must be true."""
    said = []

    def run() -> None:
        try:
            said.append(work())
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert said in ([True], [None])
