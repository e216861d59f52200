"""Search: Chinese of any length, sounds and codes; the same on both databases."""

from collections.abc import Iterable

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from mingtang.base import search
from mingtang.base.models import SearchDocument
from mingtang.base.search import CAP, Document
from mingtang.base.search.tokens import bare, runs, sound_tokens, spoken, tokens

pytestmark = pytest.mark.django_db


def fill() -> None:
    search.index(
        [
            Document("item:1", "取水许可", "水资源管理", "江山市水利局", code="330881-QS"),
            Document("item:2", "取水许可变更", unit="江山市水利局", weight=-0.07),
            Document("item:3", "普通护照签发", unit="江山市公安局", body="居民户口簿"),
            Document("item:4", "食品（含保健食品）经营许可核发", unit="江山市监局"),
            Document("letter:5", "取水怎么收费"),
        ]
    )


def found(text: str, kind: str = "item") -> list[str]:
    return [hit.subject for hit in search.search(kind, text)]


# ── tokens ────────────────────────────────────────────────────────────────────────────────────


def test_chinese_is_cut_into_characters_and_pairs_and_letters_stay_words() -> None:
    assert tokens("护照A4 护") == ["护", "照", "护照", "a4"]
    assert runs("ＫＴＶ，开业！") == ["ktv", "开业"]
    assert tokens("，！%") == []


def test_sounds_begin_at_every_syllable() -> None:
    assert spoken("护照、A证") == "hu zhao/zheng"
    assert sound_tokens("hu zhao") == ["ηh", "πhuzhao", "ιhz", "πzhao", "ιz"]
    assert sound_tokens("") == []


def test_a_name_is_also_known_without_its_brackets() -> None:
    assert bare("食品（含保健食品）经营许可") == "食品经营许可"
    assert bare("（空）") == "(空)"


# ── finding ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("取水许可", ["item:1", "item:2"]),
        ("取水许可变更", ["item:2"]),
        ("护", ["item:3"]),
        ("水", ["item:1", "item:2"]),
        ("护照", ["item:3"]),
        ("户口", ["item:3"]),
        ("变更 水利局", ["item:2"]),
        ("qsxk", ["item:1", "item:2"]),
        ("quShui", ["item:1", "item:2"]),
        ("huzhao", ["item:3"]),
        ("zhaoqian", ["item:3"]),
        ("护兆", ["item:3"]),
        ("食品经营许可", ["item:4"]),
        ("330881-qs", ["item:1"]),
        ("ＱＳＸＫ", ["item:1", "item:2"]),
        ("水资源", ["item:1"]),
        ("没有这个", []),
        ("护照 水利局", []),
        ("q", ["item:1", "item:2"]),
        ("Q 变更", ["item:2"]),
        ("x", []),
        ("3", []),
        ("330881", ["item:1"]),
        ("", []),
        ("  ", []),
    ],
)
def test_the_best_answers_come_first(text: str, subjects: list[str]) -> None:
    fill()
    assert found(text) == subjects


@pytest.mark.parametrize(
    "text",
    ["'", '"', '" OR 1', "a*", "NOT", "-", "\\", ":A", "{}:", "😀", "%", "(", "!&|", "户" * 60],
)
def test_no_sign_breaks_the_question(text: str) -> None:
    fill()
    assert found(text) == []
    assert found(f"护照{text}")[:1] in (["item:3"], [])


def test_kinds_are_kept_apart() -> None:
    fill()
    assert found("取水", "letter") == ["letter:5"]


def test_a_very_name_scores_above_all_that_begin_with_it() -> None:
    fill()
    first, second = search.search("item", "取水许可")
    assert first.score > 1 > second.score


def test_a_typed_code_brings_its_document_first() -> None:
    search.index(Document(f"item:{n}", "同名", code=f"1-{n}") for n in (12, 1, 2))
    assert found("1-2")[0] == "item:2"


def test_who_meets_nothing_in_full_is_given_what_is_similar() -> None:
    fill()
    exact, similar = search.look_up("item", "护照"), search.look_up("item", "护照签证本")
    assert (exact.is_loose, similar.is_loose) == (False, True)
    assert [hit.subject for hit in similar.page(0, 5)] == ["item:3"]


def lettered(numbers: Iterable[int]) -> list[Document]:
    """Documents whose numbers are even have the letter a, the others b."""
    return [Document(f"item:{n}", f"事项{n}", facets={"letter": ["ab"[n % 2]]}) for n in numbers]


def test_answers_are_counted_and_narrowed_by_their_facets() -> None:
    search.index(lettered(range(1, 6)))
    asked = search.look_up("item", "事项")
    assert asked.found.counts({}) == {"letter": {"a": 2, "b": 3}}
    only = asked.found.only({"letter": "a"})
    assert [hit.subject for hit in asked.page(0, 9, only)] == ["item:2", "item:4"]
    assert len(only) == 2
    nothing = asked.found.only({"letter": "c"})
    assert asked.page(0, 9, nothing) == search.look_up("item", "没有").page(0, 9) == []
    assert len(asked.found.only({"colour": "red"})) == 0


def test_without_a_text_keys_come_in_order_and_narrowed() -> None:
    search.index(lettered(range(9, 0, -1)))
    search.index([Document("letter:5", "事项", facets={"letter": ["a"]})])
    every = search.every("item")
    assert every.counts({}) == {"letter": {"a": 4, "b": 5}}
    assert every.keys_after(0, 3) == [1, 2, 3]
    assert every.only({"letter": "a"}).keys_after(3, 3) == [4, 6, 8]
    assert every.only({"letter": "c"}).keys_after(0, 3) == []
    assert search.every("unheard").keys_after(0, 3) == []


# ── the index ─────────────────────────────────────────────────────────────────────────────────


def test_what_is_written_is_found_and_what_is_rolled_back_is_not() -> None:
    with transaction.atomic():
        fill()
        assert found("护照") == ["item:3"]
        transaction.set_rollback(True)
    assert found("护照") == []


def test_a_document_takes_the_place_of_the_earlier_one() -> None:
    fill()
    search.index([Document("item:3", "旅行证件")])
    assert (found("护照"), found("旅行")) == ([], ["item:3"])
    assert SearchDocument.objects.filter(subject="item:3").count() == 1


def test_what_is_removed_is_not_found() -> None:
    fill()
    search.remove(["item:3", "item:99"])
    assert found("护照") == []
    search.clear("item")
    assert (found("取水"), found("取水", "letter")) == ([], ["letter:5"])
    search.clear()
    assert found("取水", "letter") == []


def test_many_documents_are_written_with_few_statements(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(40):
        search.index(Document(f"item:{n}", f"第{n}号事项") for n in range(1000))
    assert search.look_up("item", "事项").page(0, CAP)[0].subject


@pytest.mark.parametrize("start", [0, CAP - 7])
def test_pages_have_no_gaps_and_no_repeats_beyond_what_is_judged(start: int) -> None:
    search.index(Document(f"item:{n}", f"事项{n}") for n in range(1, CAP + 60))
    asked = search.look_up("item", "事项")
    seen = []
    while page := asked.page(start + len(seen), 20):
        seen += [hit.key for hit in page]
    assert len(seen) == len(set(seen)) == CAP + 59 - start


@pytest.mark.django_db(transaction=True)
def test_a_flush_empties_the_index() -> None:
    fill()
    assert found("护照") == ["item:3"]
    call_command("flush", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM base_searchtext")
        assert cursor.fetchone()[0] == 0


# ── everyday words ────────────────────────────────────────────────────────────────────────────


def test_an_everyday_word_finds_what_it_means_in_the_order_of_the_list() -> None:
    fill()
    search.replace_synonyms([("出国", "护照"), ("出国", "许可变更"), ("怎么办", "")])
    assert found("出国")[0] == "item:3"
    assert found("出国怎么办") == found("出国") == found("chuguo")
    assert found("出国 水利局") == ["item:2"]


def test_a_list_takes_the_place_of_the_earlier_one() -> None:
    fill()
    assert search.replace_synonyms([("出国", "护照"), ("出国", "护照"), ("！", "护照")]) == 1
    assert search.replace_synonyms([("用井", "取水")]) == search.synonym_count() == 1
    assert (found("出国"), found("用井")) == ([], ["item:1", "item:2"])


def test_a_known_single_character_does_not_cut_longer_words() -> None:
    fill()
    search.replace_synonyms([("水", "护照")])
    assert found("取水许可") == ["item:1", "item:2"]
    assert "item:3" in found("水")


def test_a_search_costs_the_same_with_more_documents(django_assert_num_queries) -> None:
    fill()
    search.index(Document(f"item:{n}", f"取水{n}") for n in range(10, 15))
    for _ in range(2):
        with django_assert_num_queries(3):
            search.every("item")  # what is at hand is brought up to date once after a change
        with django_assert_num_queries(2):
            search.search("item", "取水")
        with django_assert_num_queries(3):  # how names are said is read once
            search.search("item", "qushui")
        with django_assert_num_queries(2):
            search.look_up("item", "qushui").page(0, 20)
        with django_assert_num_queries(1):
            search.every("item").keys_after(0, 20)
        search.index(Document(f"item:{n}", f"取水{n}") for n in range(15, 90))
