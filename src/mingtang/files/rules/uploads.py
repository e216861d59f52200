"""Rules of uploads: which kinds, how large, told by the bytes as well as the name. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError

MEGABYTE = 1024 * 1024
LONGEST_NAME = 120
HEAD_BYTES = 16  # so much of a file tells its kind


class RefusedFile(DomainError):
    """A file we do not keep; the text says why and what to do."""


class HeldBack(Conflict):
    """A file that nobody may open: not yet seen by the virus scanner, or found infected."""


class Flaw(Exception):  # an inspector does not know the file's name
    """What is wrong with the content of a file, and how its owner mends it."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(why, mend)
        self.why, self.mend = why, mend


class ScanState(StrEnum):
    """What the virus scanner said. Without a scanner no file is ever called clean."""

    NOT_SCANNED = "not_scanned"
    CLEAN = "clean"
    QUARANTINED = "quarantined"
    INFECTED = "infected"

    @property
    def label(self) -> str:
        return _SCAN_LABELS[self]

    @property
    def may_leave(self) -> bool:
        """Whether people may open the file."""
        return self in {ScanState.NOT_SCANNED, ScanState.CLEAN}


_SCAN_LABELS = {
    ScanState.NOT_SCANNED: "未查毒",
    ScanState.CLEAN: "已查毒",
    ScanState.QUARANTINED: "等待查毒",
    ScanState.INFECTED: "发现病毒",
}


@dataclass(frozen=True)
class Kind:
    """A kind of file: its names, its first bytes, who looks into it, and how it is kept."""

    media_type: str
    extensions: tuple[str, ...]
    signature: bytes
    inspector: str
    kept_as: str = ""  # the extension it is kept under, where that is another

    @property
    def is_image(self) -> bool:
        return self.inspector == "image"


_OFFICE = "application/vnd.openxmlformats-officedocument"
_ZIP = b"PK\x03\x04"
KINDS = (
    Kind("application/pdf", ("pdf",), b"%PDF-", "pdf"),
    Kind("image/jpeg", ("jpg", "jpeg"), b"\xff\xd8\xff", "image"),
    Kind("image/png", ("png",), b"\x89PNG\r\n\x1a\n", "image"),
    Kind("image/webp", ("webp",), b"RIFF", "image", kept_as="jpg"),
    Kind(f"{_OFFICE}.wordprocessingml.document", ("docx",), _ZIP, "docx"),
    Kind(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",), _ZIP, "xlsx"),
    Kind("application/ofd", ("ofd",), _ZIP, "ofd"),
)
BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
ALLOWED_LABEL = "PDF、JPG、PNG、WEBP、DOCX、XLSX 或 OFD"
ACCEPT = ",".join(f".{extension}" for extension in BY_EXTENSION)

# What people often bring that is not kept: how each becomes one that is.
TURN_INTO = {
    **dict.fromkeys(
        ("heic", "heif"),
        "请在 iPhone 的“设置 → 相机 → 格式”里选“兼容性最佳”后重新拍摄，或把照片另存为 JPG 再上传。",
    ),
    **dict.fromkeys(("doc", "wps", "rtf", "dot"), "请用 Word 或 WPS 另存为 DOCX 或 PDF 再上传。"),
    **dict.fromkeys(("xls", "et", "csv"), "请用 Excel 或 WPS 另存为 XLSX 或 PDF 再上传。"),
    **dict.fromkeys(("docm", "xlsm"), "带宏的文档不能上传，请另存为不带宏的 DOCX、XLSX 或 PDF。"),
    **dict.fromkeys(("zip", "rar", "7z"), "请解压后把里面的文件一个一个上传。"),
    **dict.fromkeys(("bmp", "gif", "tif", "tiff", "svg"), "请把图片另存为 JPG 或 PNG 再上传。"),
}
OTHERWISE = f"只接受 {ALLOWED_LABEL}，请拍照或另存为这些格式。"
_PHOTO_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office of before 2007, or one with a password


def safe_name(name: str) -> str:
    """The last part of a file's name without control or path characters; at most 120 characters."""
    tail = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    clean = "".join(char for char in tail if unicodedata.category(char)[0] != "C").strip(" .")
    if len(clean) <= LONGEST_NAME:
        return clean or "未命名"
    stem, dot, extension = clean.rpartition(".")
    if len(extension) >= LONGEST_NAME:
        return clean[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}"


def extension_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_by_name(name: str) -> Kind:
    """The kind that a name promises. Raises RefusedFile, before a byte was read."""
    extension = extension_of(name)
    kind = BY_EXTENSION.get(extension)
    if kind is None:
        what = f"{extension.upper()[:10]} 格式的文件" if extension else "没有扩展名的文件"
        raise refusal(name, f"不收{what}", TURN_INTO.get(extension, OTHERWISE))
    return kind


def kind_of(name: str, head: bytes) -> Kind:
    """The kind that name and first bytes agree on. Raises RefusedFile."""
    kind = kind_by_name(name)
    if not head.startswith(kind.signature) or _is_other_riff(kind, head):
        raise refusal(name, *_mismatch(head))
    return kind


def _is_other_riff(kind: Kind, head: bytes) -> bool:
    return kind.signature == b"RIFF" and head[8:12] != b"WEBP"


def _mismatch(head: bytes) -> tuple[str, str]:
    if head[4:8] == b"ftyp" and head[8:12] in _PHOTO_BRANDS:
        return "它其实是 HEIC 照片", TURN_INTO["heic"]
    if head.startswith(_OLE):
        return (
            "它是旧版 Office 文件，或设了打开密码",
            "请用 Office 或 WPS 取消密码，另存为 DOCX、XLSX 或 PDF 再上传。",
        )
    return "它的内容与扩展名不符", f"请用 {ALLOWED_LABEL} 格式重新保存后再上传。"


def kept_name(name: str, kind: Kind) -> str:
    """The name that fits how a file is kept: a WEBP becomes a JPG, which every desk opens."""
    return f"{name.rpartition('.')[0] or name}.{kind.kept_as}" if kind.kept_as else name


def kept_type(kind: Kind) -> str:
    return BY_EXTENSION[kind.kept_as].media_type if kind.kept_as else kind.media_type


def refusal(name: str, why: str, mend: str) -> RefusedFile:
    """One sentence: which file, why not, what to do."""
    return RefusedFile(f"不能上传“{name}”：{why}。{mend}")


def check_size(name: str, size: int, most: int) -> None:
    if size <= 0:
        raise RefusedFile(f"“{name}”是空文件，请重新选择。")
    if size > most:
        has, limit = f"{size / MEGABYTE:.1f} MB", f"{most // MEGABYTE} MB"
        raise RefusedFile(f"“{name}”有 {has}，超过 {limit} 的上限，请压缩或分开上传。")
