"""tantivy: names by single characters and pairs of them; a question wants all its pairs."""

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
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer()
    for name in asked["names"]:
        writer.add_document(tantivy.Document(name=" ".join(tokens(name))))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    times = []
    for text in asked["asked"]:
        wanted = pairs("".join(text.split())) or [text]
        begin = time.perf_counter()
        parts = [
            (tantivy.Occur.Must, tantivy.Query.term_query(schema, "name", one)) for one in wanted
        ]
        searcher.search(tantivy.Query.boolean_query(parts), limit=20)
        times.append((time.perf_counter() - begin) * 1e3)
    json.dump({"milliseconds": times}, sys.stdout)


if __name__ == "__main__":
    main()
