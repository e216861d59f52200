"""Readers of reports: what a file says, as a document. Sizes are bounded; nothing is fetched."""

from pathlib import Path

from mingtang.base.errors import DomainError
from mingtang.reports.readers.docx import read_docx
from mingtang.reports.readers.html import read_html
from mingtang.reports.readers.text import read_text
from mingtang.reports.rules.documents import Document

MOST_BYTES = 8 * 1024 * 1024


class UnreadableReport(DomainError):
    """A file that is no report in one of the three forms."""


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableReport(f"{path.name} 是一个目录。请指定一份年度报告文件。")
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableReport(f"{path.name} 超过 8 MB，不像一份年度报告。请另存为较小的文件。")
        content = path.read_bytes()
    except OSError:
        raise UnreadableReport(f"打不开文件 {path.name}。请核对路径和读取权限。") from None
    if not content.strip():
        raise UnreadableReport(f"{path.name} 是空文件。请指定一份年度报告。")
    return content


def _looks_like_html(content: bytes) -> bool:
    start = content[:4096].lower()
    return any(
        tag in start for tag in (b"<html", b"<!doctype", b"<body", b"<p>", b"<table", b"<div")
    )


def read_report(path: Path) -> Document:
    """The document of a file, by what it is and not by what it is called."""
    content = _bytes_of(path)
    try:
        if content[:4] == b"PK\x03\x04":
            return read_docx(content)
        if content[:5] == b"%PDF-":
            raise ValueError("PDF 文件请先另存为 DOCX、HTML 或纯文本")
        if content[:4] == b"\xd0\xcf\x11\xe0":
            raise ValueError("旧版 .doc 文件请先另存为 DOCX")
        return read_html(content) if _looks_like_html(content) else read_text(content)
    except ValueError as problem:
        raise UnreadableReport(f"读不了 {path.name}：{problem}。") from None
