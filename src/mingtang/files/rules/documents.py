"""Rules of documents: what a paper says, its number, its seal, whether it was altered. Pure."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import zip_longest

from mingtang.base.errors import Conflict, DomainError
from mingtang.ledger.rules import canonical
from mingtang.ledger.verify_ledger import Digest

LONGEST_MARK = 50
LONGEST_SEAL_NAME = 60


class LongMark(DomainError):
    def __init__(self, mark: str) -> None:
        super().__init__(
            f"文号的字“{mark}”超过 {LONGEST_MARK} 个字，请为发文单位登记较短的简称后再办理。"
        )


class AlteredDocument(Conflict):
    """The stored content is not what was drawn up. Nobody should rely on it."""

    heading = "文书内容已被改动"

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


class NoElectronicSeal(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "本机没有接入电子印章，不能电子签章。请在纸质文书上盖章后登记，"
            "或由系统管理员设置 MINGTANG_SEAL_PROVIDER。"
        )


class SealMethod(StrEnum):
    """How a paper was sealed. Stored."""

    PHYSICAL = "physical"
    ELECTRONIC = "electronic"

    @property
    def label(self) -> str:
        return {"physical": "实物印章", "electronic": "电子签章"}[self.value]


class SealState(StrEnum):
    """Acceptance and refusal bear the dedicated seal (《行政许可法》第三十二条第二款); until then a
    print is a draft."""

    DRAFT = "draft"
    SEALED = "sealed"
    ELECTRONIC = "electronic"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]


_STATES = {
    SealState.DRAFT: ("待盖章", "warn"),
    SealState.SEALED: ("已盖章", "ok"),
    SealState.ELECTRONIC: ("已电子签章", "ok"),
    SealState.NOT_NEEDED: ("无需盖章", "info"),
}


def seal_state(*, needs_seal: bool, is_sealed: bool, is_electronic: bool = False) -> SealState:
    if not needs_seal:
        return SealState.NOT_NEEDED
    if not is_sealed:
        return SealState.DRAFT
    return SealState.ELECTRONIC if is_electronic else SealState.SEALED


class Fault(StrEnum):
    """Why a paper does not stand up to its check. Each says what it means for who holds it."""

    CONTENT = "content"
    UNRECORDED = "unrecorded"
    SEAL = "seal"
    SIGNATURE = "signature"
    LEDGER = "ledger"

    @property
    def label(self) -> str:
        return _FAULTS[self]


_FAULTS = {
    Fault.CONTENT: "存档的内容、文号、日期或发文单位与出具时不符。",
    Fault.UNRECORDED: "账本里没有这份文书的登记，或者登记的与存档的不符。",
    Fault.SEAL: "用印情况与账本的登记不符。",
    Fault.SIGNATURE: "电子签名核对不上，或者本机已不能核对。",
    Fault.LEDGER: "这份文书所在的账本记录不完整。",
}


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


def commitment(
    paper: Paper, number: str, day: date, salt: str, *, issuer: str, digest: Digest
) -> str:
    """The digest of all that a document says, salted: 64 hexadecimal digits that give nothing away.

    `issuer`: the unit in whose name it stands, which the paper itself does not say.
    """
    content = canonical([paper, number, day, issuer])
    return digest(bytes.fromhex(salt) + content).hex()


def is_unaltered(
    paper: Paper, number: str, day: date, salt: str, *, issuer: str, committed: str, digest: Digest
) -> bool:
    """Whether a document is still the one that was committed to."""
    told = commitment(paper, number, day, salt, issuer=issuer, digest=digest)
    return hmac.compare_digest(told, committed)


def seal_message(committed: str, seal_name: str, at: datetime) -> bytes:
    """What an electronic seal signs: the document by its commitment, under which name, when."""
    return canonical(["mingtang/seal/1", committed, seal_name, at])
