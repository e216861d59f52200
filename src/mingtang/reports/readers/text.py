"""Reader of plain text, in the encodings that Chinese offices use."""

import codecs

from mingtang.reports.rules.documents import Document, document_of

MOST_LINES = 50_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes) -> str:
    """Text of bytes: by its mark, else UTF-8, else GB 18030."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding).lstrip("\ufeff")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("文字编码既不是 UTF-8 也不是 GB 18030，请另存为 UTF-8 文本")


def check_text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("这不是文本文件，请另存为 DOCX、HTML 或纯文本")
    return text


def read_text(content: bytes) -> Document:
    lines = check_text(decode(content)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise ValueError(f"超过 {MOST_LINES} 行，不像一份年度报告")
    return document_of("text", list(enumerate(lines, start=1)), wraps=True)
