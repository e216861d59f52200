"""Rules of letters: a mail is read, or it is said why not. Whatever the bytes are, one of the two.

Nothing here trusts a mail: parts, depth and length are bounded, a charset is one of a list, HTML
is text and nothing else. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from html.parser import HTMLParser

from mingtang.base.errors import DomainError
from mingtang.letters.rules.kinds import Kind

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS, MOST_DEPTH, MOST_FILES = 100, 12, 10
LONGEST_TEXT, LONGEST_TITLE = 20_000, 60
MOST_A_DAY = 20  # of one sender: more is no correspondence
ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,189}")
NUMBER = re.compile(r"X\d{16,18}")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_SEVEN_BITS = {"iso-2022-jp", "iso-2022-kr", "hz", "hz-gb-2312", "utf-7"}
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "us-ascii": "utf-8", "hz-gb-2312": "hz"}
_CHARSETS = {
    *("utf-8", "utf8", "us-ascii", "ascii", "gb2312", "gbk", "gb18030", "big5", "iso-8859-1"),
    *("windows-1252", "utf-16", "utf-16le", "utf-16be", "shift_jis", "euc-kr"),
    *_SEVEN_BITS,
}


class Outcome(StrEnum):
    """What became of a mail. Stored."""

    LETTER = "letter"
    REPLY = "reply"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"

    @property
    def label(self) -> str:
        return {
            "letter": "来信",
            "reply": "对来信的补充",
            "duplicate": "重复",
            "quarantined": "待人工处理",
        }[self]


class Trouble(StrEnum):
    """Why a mail waits for a person. Stored."""

    OVERSIZE = "oversize"
    UNREADABLE = "unreadable"
    STRUCTURE = "structure"
    SENDER = "sender"
    ENCODING = "encoding"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    AUTOMATIC = "automatic"
    STRANGER = "stranger"
    REUSED = "reused"
    FLOOD = "flood"

    @property
    def label(self) -> str:
        return _TROUBLES[self]


_TROUBLES = {
    Trouble.OVERSIZE: "邮件过大，没有读取",
    Trouble.UNREADABLE: "格式损坏，读不出来",
    Trouble.STRUCTURE: "层次或部分过多",
    Trouble.SENDER: "发件人地址不明",
    Trouble.ENCODING: "文字编码认不出来",
    Trouble.EMPTY: "没有内容",
    Trouble.TOO_LONG: "正文过长",
    Trouble.AUTOMATIC: "自动回复、退信或群发",
    Trouble.STRANGER: "回复的发件人不是原来信人",
    Trouble.REUSED: "邮件标识用过而内容不同",
    Trouble.FLOOD: "同一地址一天内来信过多",
}


class Quarantined(DomainError):
    """A mail that a person has to look at."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(f"{trouble.label}，请工作人员处理。")


@dataclass(frozen=True)
class Enclosure:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Read:
    """What a mail says."""

    sender: str
    sender_name: str
    title: str
    text: str
    message_id: str
    answers: tuple[str, ...]  # the ids of mails that it answers
    number: str  # of a letter, where the subject names one
    files: tuple[Enclosure, ...]


def read(raw: bytes) -> Read:
    """What a mail says. Raises Quarantined."""
    if len(raw) > MOST_BYTES:
        raise Quarantined(Trouble.OVERSIZE)
    try:
        return _read(message_from_bytes(raw))
    except Quarantined:
        raise
    except Exception:  # a parser that breaks on hostile bytes: a person looks at them
        raise Quarantined(Trouble.UNREADABLE) from None


def _read(mail: Message) -> Read:
    if _is_automatic(mail):
        raise Quarantined(Trouble.AUTOMATIC)
    name, sender = _sender(mail)
    parts = list(_parts(mail, 0))
    if len(parts) > MOST_PARTS:
        raise Quarantined(Trouble.STRUCTURE)
    files = tuple(_enclosures(parts))
    text = _body(parts).strip()
    if len(text) > LONGEST_TEXT:
        raise Quarantined(Trouble.TOO_LONG)
    if not text and not files:
        raise Quarantined(Trouble.EMPTY)
    subject = _line("".join(map(_decoded, _headers(mail, "subject")[:1])))
    number = NUMBER.search(subject)
    text = text or "（正文为空，见附件）"
    return Read(
        sender=sender,
        sender_name=_line(name)[:60] or sender.partition("@")[0],
        title=subject[:LONGEST_TITLE] or _line(text)[:20],
        text=text,
        message_id=_first_id(mail),
        answers=_ids(mail),
        number=number[0] if number else "",
        files=files,
    )


def _is_automatic(mail: Message) -> bool:
    told = str(mail.get("Auto-Submitted", "no")).strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    author = str(mail.get("From", "")).lower()
    return (
        told not in {"", "no"}
        or precedence in {"bulk", "junk", "list"}
        or mail.get_content_type() == "multipart/report"
        or "mailer-daemon" in author
        or "postmaster@" in author
    )


def _sender(mail: Message) -> tuple[str, str]:
    given = _headers(mail, "from")
    if len(given) != 1:
        raise Quarantined(Trouble.SENDER)
    name, address = parseaddr(given[0])
    if not ADDRESS.fullmatch(address) or not address.isprintable():
        raise Quarantined(Trouble.SENDER)
    return _decoded(name), address.lower()


def _parts(mail: Message, depth: int) -> Iterator[Message]:
    """The leaves, in order; a mail within a mail is a file and not looked into."""
    if depth > MOST_DEPTH:
        raise Quarantined(Trouble.STRUCTURE)
    inner = mail.get_payload()
    if mail.get_content_maintype() == "multipart" and isinstance(inner, list):
        for part in inner:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    else:
        yield mail


def _is_file(part: Message) -> bool:
    disposition = str(part.get("Content-Disposition", "")).lower()
    return disposition.lstrip().startswith("attachment") or part.get_content_maintype() != "text"


def _body(parts: list[Message]) -> str:
    """The plain texts; without any, what the HTML says."""
    texts = [part for part in parts if not _is_file(part)]
    plain = [_text(part) for part in texts if part.get_content_type() != "text/html"]
    if any(one.strip() for one in plain):
        return "\n".join(plain)
    pages = (part for part in texts if part.get_content_type() == "text/html")
    return "\n".join(_of_html(_text(part)) for part in pages)


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return clean(decoded(content, str(part.get_param("charset") or "").strip("\"' ").lower()))


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text, by what they are before what they say. Raises Quarantined."""
    declared = [_SUPERSETS.get(charset, charset)] if charset in _CHARSETS else []
    order = [*declared, "utf-8"] if charset in _SEVEN_BITS else ["utf-8", *declared]
    for one in dict.fromkeys([*order, "gb18030"]):
        try:
            text = content.decode(one)
        except (UnicodeError, LookupError):
            continue
        if _is_readable(text):
            return text
    raise Quarantined(Trouble.ENCODING)


def _is_readable(text: str) -> bool:
    odd = sum(unicodedata.category(char) in {"Cc", "Co", "Cn", "Cs"} for char in text)
    plain = sum(char in "\r\n\t" for char in text)
    return (odd - plain) * 20 <= len(text)


def clean(text: str) -> str:
    """Text without what no database keeps and what no reader sees."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn"}
    return "".join(
        char for char in lines if char in "\n\t" or unicodedata.category(char) not in hidden
    )


class _Words(HTMLParser):
    """The text of a page: no script, no style, a line for each block."""

    HIDDEN = frozenset({"script", "style", "head", "title", "template"})
    BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "table"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.told.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in self.HIDDEN))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.told.append(data)


def _of_html(page: str) -> str:
    words = _Words()
    words.feed(page)
    words.close()
    return re.sub(r"\n\s*\n+", "\n", clean("".join(words.told)))


def _enclosures(parts: list[Message]) -> Iterator[Enclosure]:
    found = 0
    for part in parts:
        if not _is_file(part):
            continue
        content = part.get_payload(decode=True)
        found += 1
        if found > MOST_FILES:
            raise Quarantined(Trouble.STRUCTURE)
        name = _line(_decoded(str(part.get_filename() or "")))[:120]
        yield Enclosure(name, content if isinstance(content, bytes) else b"")


def _headers(mail: Message, name: str) -> list[str]:
    """Headers of a name, each as it came; bytes beyond ASCII as the text that they are."""
    found = [value for key, value in mail.raw_items() if key.lower() == name]
    return [_plain(str(value)) for value in found]


def _plain(value: str) -> str:
    """The parser keeps such bytes as surrogates."""
    if value.isascii():
        return value
    return decoded(value.encode("utf-8", "surrogateescape"), "")


def _decoded(value: str) -> str:
    """A header as people read it; what cannot be decoded stays as it came."""
    try:
        pieces = decode_header(value)
        return "".join(
            decoded(piece, (charset or "").lower()) if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    except (Quarantined, ValueError, LookupError):
        return value.encode("ascii", "replace").decode("ascii")


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _first_id(mail: Message) -> str:
    found = MESSAGE_ID.search(str(mail.get("Message-ID", "")))
    return found[0] if found else ""


def _ids(mail: Message) -> tuple[str, ...]:
    told = f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"
    return tuple(MESSAGE_ID.findall(told)[:50])


_KIND_WORDS = (
    (Kind.TIP_OFF, "举报"),
    (Kind.COMPLAINT, "投诉"),
    (Kind.SUGGESTION, "建议"),
    (Kind.HELP, "求助"),
)


def kind_of(title: str) -> Kind:
    """What a mail calls itself; whoever accepts it sets it right."""
    return next((kind for kind, word in _KIND_WORDS if word in title), Kind.ENQUIRY)
