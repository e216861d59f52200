"""PDF: the one way to make one. HTML and our print stylesheet in, a tagged file (PDF/UA-1) out.

WeasyPrint is loaded on first use: it needs libraries of the system, and pages must not wait for it.
"""

import ctypes
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from mingtang.base.errors import DomainError

APT_LINE = "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
STYLESHEET = "base/pdf.css"
WAIT = 3  # seconds that a request waits for the one before it
KEPT = 64  # in each process, of some 200 kB
# On each sheet of a training, whatever page it is of.
TRAINING = """
body::before { content: "演练 · 无效"; position: fixed; inset: 40% 0 auto; text-align: center;
  font: 72pt "Noto Sans CJK SC", "Noto Sans SC", sans-serif; color: #ddd; z-index: -1; }
"""
FONTCONFIG = ("libfontconfig.so.1", "libfontconfig.1.dylib")
CHINESE = b":lang=zh-cn"

_one_at_a_time = threading.BoundedSemaphore(1)
_kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()


class PdfUnavailable(DomainError):
    """No PDF now: something is missing on this machine, or others are being made."""

    status = 503


def why_not() -> str:
    """What keeps this machine from making a PDF, as a sentence; blank where nothing does."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return _("本机缺少排版用的系统库（Pango），不能生成 PDF。请运行 %(line)s，再重新启动。") % {
            "line": APT_LINE
        }
    if not _has_chinese_font():
        return _("本机没有中文字体，不能生成 PDF。请运行 %(line)s，再重新启动。") % {
            "line": APT_LINE
        }
    return ""


def _has_chinese_font() -> bool:
    """Whether fontconfig knows a font that can write simplified Chinese."""
    for name in FONTCONFIG:
        with suppress(OSError):
            return _count_fonts(ctypes.CDLL(name), CHINESE) > 0
    return True  # WeasyPrint found a fontconfig where we know no name of it


def _count_fonts(library: Any, pattern: bytes) -> int:
    for function in (library.FcNameParse, library.FcObjectSetCreate, library.FcFontList):
        function.restype = ctypes.c_void_p
    wanted = ctypes.c_void_p(library.FcNameParse(pattern))
    names = ctypes.c_void_p(library.FcObjectSetCreate())
    found = ctypes.c_void_p(library.FcFontList(None, wanted, names))
    count = ctypes.cast(found, ctypes.POINTER(ctypes.c_int))[0] if found else 0
    library.FcFontSetDestroy(found)
    library.FcObjectSetDestroy(names)
    library.FcPatternDestroy(wanted)
    return count


def pdf_of(html: str, *, base_url: str) -> bytes:
    """The PDF of a whole HTML document: the same bytes for the same text.

    `base_url` is where our pages live, such as https://hall.example/: links lead there, and of
    what the document names only our static files and pictures in the text itself (data:) are
    read. Raises PdfUnavailable with a sentence for the reader.
    """
    asked = (html, base_url)
    if made := _kept.get(asked):
        return made
    if not _one_at_a_time.acquire(timeout=WAIT):
        raise PdfUnavailable(_("正在生成别人要的 PDF，请过一分钟再试，或直接打印网页。"))
    try:
        if made := _kept.get(asked):  # who came before asked for the same
            return made
        if problem := why_not():
            raise PdfUnavailable(problem)
        _kept[asked] = made = _made(html, base_url)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return made
    finally:
        _one_at_a_time.release()


def whole_pdf_of(html: str, *, base_url: str) -> bytes:
    """The same of a book of hundreds of pages, for a command line that may take minutes: nobody
    else's paper waits for it, and it is not kept. Raises PdfUnavailable."""
    if problem := why_not():
        raise PdfUnavailable(problem)
    return _made(html, base_url)


def forget() -> None:
    """Forget the files made: for tests."""
    _kept.clear()


def _made(html: str, base_url: str) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError

    sheets = [CSS(string=Path(_found(STYLESHEET)).read_text(encoding="utf-8"))]
    if settings.MINGTANG_IS_TRAINING:
        sheets.append(CSS(string=TRAINING))
    document = HTML(string=html, base_url=base_url, url_fetcher=_fetcher(base_url))
    try:
        made: bytes = document.write_pdf(stylesheets=sheets, pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # no Exception: it would take the server down
        raise ValueError(str(error)) from None
    return made


def _fetcher(base_url: str) -> Any:
    from weasyprint.urls import (
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        """Neither the network nor the disk: a document that asks for them is not made."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:image/"):
                return super().fetch(url, headers)
            name = static_name(url, base_url)
            if not name:
                raise FatalURLFetchingError(f"a PDF may not fetch {url[:200]}")
            return URLFetcherResponse(url, Path(_found(name)).read_bytes())

    return OwnFilesOnly(allowed_protocols=("data",))


def static_name(url: str, base_url: str) -> str:
    """Which of our static files an address names; blank for any other address."""
    asked, own = urlsplit(url), urlsplit(base_url)
    path = unquote(asked.path)
    if asked[:2] != own[:2] or ".." in path or not path.startswith(settings.STATIC_URL):
        return ""
    name = path.removeprefix(settings.STATIC_URL)
    return name if finders.find(name) else ""


def _found(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str), name
    return path
