"""Search: documents of any kind, found by Chinese of any length, pinyin, initials and synonyms.

The index lies in the same database and is written in the same transaction as the data: FTS5 on
SQLite, tsvector with GIN on PostgreSQL. Both answer the same questions and the order of answers
is ours, so that it is the same on both.

    index([Document("item:42", name="取水许可", unit="江山市水利局")])
    remove(["item:42"])
    search("item", "qsxk", limit=20)  # → [Hit(subject="item:42", …)], best first
    every("item").counts({"unit": "7"})  # → {"theme": {"水务": 3}, …}: what each value would leave
"""

from mingtang.base.search.finding import CAP, Search, look_up, search
from mingtang.base.search.index import Document, clear, index, keys_of, remove
from mingtang.base.search.keeping import every
from mingtang.base.search.ranking import Hit
from mingtang.base.search.shelf import Found
from mingtang.base.search.synonyms import replace_synonyms, synonym_count

__all__ = [
    "CAP",
    "Document",
    "Found",
    "Hit",
    "Search",
    "clear",
    "every",
    "index",
    "keys_of",
    "look_up",
    "remove",
    "replace_synonyms",
    "search",
    "synonym_count",
]
