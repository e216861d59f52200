"""Rules of documents: what a paper says, its number, its seal, whether it was altered. Pure."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from mingtang.base.errors import Conflict, DomainError
from mingtang.ledger.rules import canonical

LONGEST_MARK = 50
LONGEST_SEAL_NAME = 60


class LongMark(DomainError):
    def __init__(self, mark: str) -> None:
        super().__init__(
            f"文号的字“{mark}”超过 {LONGEST_MARK} 个字，请为发文单位登记较短的简称后再办理。"
        )


class AlteredDocument(Conflict):
    """The stored content is not what was drawn up. Nobody should rely on it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}的内容与登记时不符，不能显示、打印或盖章。"
            "请不要使用已打印的文本，并请系统管理员从备份核对。"
        )


class NeedsNoSeal(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name}不需要盖章，没有登记用印。请核对要盖章的是哪一份文书。")


class SealedAlready(Conflict):
    def __init__(self, name: str, day: date) -> None:
        super().__init__(
            f"{name}已于 {chinese_date(day)} 登记用印，一份文书只登记一次。"
            "如需更正，请另出一份文书。"
        )


class NoSealName(DomainError):
    def __init__(self) -> None:
        super().__init__(
            f"请填写印章名称，不超过 {LONGEST_SEAL_NAME} 个字，如“水利局行政审批专用章”。"
        )


class SealState(StrEnum):
    """Acceptance and refusal bear the dedicated seal (《行政许可法》第三十二条第二款); until then a
    print is a draft."""

    DRAFT = "draft"
    SEALED = "sealed"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> str:
        return {"draft": "待盖章", "sealed": "已盖章", "not_needed": "无需盖章"}[self.value]

    @property
    def tone(self) -> str:
        return {"draft": "warn", "sealed": "ok", "not_needed": "info"}[self.value]


def seal_state(*, needs_seal: bool, is_sealed: bool) -> SealState:
    if not needs_seal:
        return SealState.NOT_NEEDED
    return SealState.SEALED if is_sealed else SealState.DRAFT


@dataclass(frozen=True)
class Paper:
    """What a document says. `mark` is the word of its number (水利局受); "" for one without."""

    kind: str
    title: str
    mark: str
    addressee: str
    paragraphs: tuple[str, ...]
    legal_basis: str = ""
    remedies: str = ""
    needs_seal: bool = True
    rows: tuple[tuple[str, ...], ...] = ()
    row_heads: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Paper":
        """A paper from its canonical JSON. Raises ValueError or TypeError for anything else."""
        said = json.loads(text)
        for name in ("paragraphs", "row_heads"):
            said[name] = tuple(said[name])
        return cls(**said | {"rows": tuple(tuple(row) for row in said["rows"])})

    def cells(self) -> Iterator[list[tuple[str, str]]]:
        """Each row as pairs of heading and cell; a cell without a heading has a blank one."""
        for row in self.rows:
            yield list(zip_longest(self.row_heads[: len(row)], row, fillvalue=""))


def document_number(mark: str, year: int, serial: int) -> str:
    """水利局受〔2013〕12号"""
    return f"{mark}〔{year}〕{serial}号"


def series_of(mark: str, year: int) -> str:
    """Whose serials a mark counts with: every mark begins each year at 1. Raises LongMark."""
    if len(mark) > LONGEST_MARK:
        raise LongMark(mark)
    return f"document:{mark}/{year}"


def chinese_date(day: date) -> str:
    """2013年9月17日, as official papers write it (GB/T 9704-2012)."""
    return f"{day.year}年{day.month}月{day.day}日"


def commitment(paper: Paper, number: str, day: date, salt: str, *, issuer: str) -> str:
    """SHA-256 of all that a document says, salted: 64 hexadecimal digits that give nothing away.

    `issuer`: the unit in whose name it stands, which the paper itself does not say.
    """
    content = canonical([paper, number, day, issuer])
    return hashlib.sha256(bytes.fromhex(salt) + content).hexdigest()


def is_unaltered(
    paper: Paper, number: str, day: date, salt: str, *, issuer: str, committed: str
) -> bool:
    """Whether a document is still the one that was committed to."""
    return hmac.compare_digest(commitment(paper, number, day, salt, issuer=issuer), committed)
