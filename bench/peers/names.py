"""tantivy: names by single characters and pairs of them; a question wants all its pairs.

Asked for the best twenty, and for the numbers of all that it found, without which nothing is
counted by what else is known of it.
"""

import json
import sys
import time

import tantivy


def tokens(text: str) -> list[str]:
    plain = "".join(text.split())
    return [*plain, *pairs(plain)]


def pairs(plain: str) -> list[str]:
    return [plain[at : at + 2] for at in range(len(plain) - 1)]


def main() -> None:
    asked = json.load(sys.stdin)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=True, tokenizer_name="whitespace")
    builder.add_integer_field("number", fast=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer()
    for number, name in enumerate(asked["names"]):
        writer.add_document(tantivy.Document(name=" ".join(tokens(name)), number=number))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    times, times_of_all = [], []
    for text in asked["asked"]:
        wanted = pairs("".join(text.split())) or [text]
        begin = time.perf_counter()
        parts = [
            (tantivy.Occur.Must, tantivy.Query.term_query(schema, "name", one)) for one in wanted
        ]
        query = tantivy.Query.boolean_query(parts)
        count = searcher.search(query, limit=20).count
        times.append((time.perf_counter() - begin) * 1e3)
        begin = time.perf_counter()
        hits = searcher.search(query, limit=max(1, count), count=False).hits
        searcher.fast_field_values("number", [address for _, address in hits])
        times_of_all.append((time.perf_counter() - begin) * 1e3)
    json.dump({"milliseconds": times, "all": times_of_all}, sys.stdout)


if __name__ == "__main__":
    main()
