"""Rules of uploads: which kinds, how large, told by the bytes as well as the name. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from mingtang.base.errors import DomainError

MEGABYTE = 1024 * 1024
LONGEST_NAME = 120


class RefusedFile(DomainError):
    """A file we do not keep; the text says why and what to do."""


@dataclass(frozen=True)
class MediaType:
    name: str
    extensions: tuple[str, ...]
    signature: bytes


ALLOWED = (
    MediaType("application/pdf", ("pdf",), b"%PDF-"),
    MediaType("image/jpeg", ("jpg", "jpeg"), b"\xff\xd8\xff"),
    MediaType("image/png", ("png",), b"\x89PNG\r\n\x1a\n"),
)
ALLOWED_LABEL = "PDF、JPG 或 PNG"


def safe_name(name: str) -> str:
    """The last part of a file's name without control or path characters; at most 120 characters."""
    tail = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    clean = "".join(char for char in tail if unicodedata.category(char)[0] != "C").strip(" .")
    if len(clean) <= LONGEST_NAME:
        return clean or "未命名"
    stem, dot, extension = clean.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}"


def media_type_of(name: str, head: bytes) -> str:
    """The type that name and first bytes agree on. Raises RefusedFile."""
    extension = name.rpartition(".")[2].lower()
    for kind in ALLOWED:
        if extension in kind.extensions:
            if head.startswith(kind.signature):
                return kind.name
            raise RefusedFile(
                f"“{name}”的内容与扩展名不符，请用 {ALLOWED_LABEL} 格式重新保存后再上传。"
            )
    raise RefusedFile(f"不能上传“{name}”：只接受 {ALLOWED_LABEL}。请拍照或另存为这些格式。")


def check_size(name: str, size: int, most: int) -> None:
    if size == 0:
        raise RefusedFile(f"“{name}”是空文件，请重新选择。")
    if size > most:
        has, limit = f"{size / MEGABYTE:.1f} MB", f"{most // MEGABYTE} MB"
        raise RefusedFile(f"“{name}”有 {has}，超过 {limit} 的上限，请压缩或分开上传。")
