"""Services: the list of everyday words by which items are sought, replaced as a whole."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.base.search import replace_synonyms, synonym_count
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

SHIPPED = Path(__file__).parents[1] / "data" / "synonyms.csv"
LONGEST_WORD, LONGEST_MEANING = 40, 80


class SynonymsRefused(DomainError):
    status = 422


def read_synonyms(file: Path) -> list[tuple[str, str]]:
    """Pairs of word and meaning. In the file meanings are parted by `|`; none: ignore the word.

    Raises SynonymsRefused, naming the row.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SynonymsRefused(f"不能读取“{file.name}”，请用 UTF-8 编码的 CSV 文件。") from None
    rows = csv.DictReader(io.StringIO(text))
    if list(rows.fieldnames or []) != ["word", "means"]:
        raise SynonymsRefused(f"“{file.name}”的首行应为“word,means”，请改正表头后重新载入。")
    return [pair for number, row in enumerate(rows, 2) for pair in _pairs(number, row)]


def _pairs(number: int, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    word, means = (row["word"] or "").strip(), (row["means"] or "").strip()
    if not word or len(word) > LONGEST_WORD or " " in word or None in row:
        raise SynonymsRefused(
            f"第{number}行：说法应为{LONGEST_WORD}字以内、不含空格，每行两列，请改正后重新载入。"
        )
    for one in means.split("|"):
        if len(one) > LONGEST_MEANING:
            raise SynonymsRefused(
                f"第{number}行：“{one}”超过{LONGEST_MEANING}字，请缩短后重新载入。"
            )
        yield word, one.strip()


@command("synonyms.load")
def load_synonyms(
    *,
    rows: Sequence[tuple[str, str]],
    source: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Put a list (as `read_synonyms` gives it) in place of the one in use."""
    count = replace_synonyms(rows)
    result = {"source": source, "count": count}
    record(
        stream="synonyms:item",
        kind="synonyms.replaced",
        actor=actor,
        at=at,
        command_id=command_id,
        facts=result,
    )
    return result


def load_shipped_synonyms(*, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """The list that comes with the system."""
    return load_synonyms(
        rows=read_synonyms(SHIPPED),
        source=SHIPPED.name,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def synonyms_loaded() -> bool:
    return synonym_count() > 0
