"""PDF: Chinese that can be read again, tags, the same bytes; nothing fetched from elsewhere."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from mingtang.base import pdf
from mingtang.base.pdf import APT_LINE, PdfUnavailable, pdf_of, static_name, why_not
from mingtang.base.qr import qr_svg

needs_pdf = pytest.mark.usefixtures("pdf_machine")
HALL = "https://hall.example/"
PAGE = (
    '<!doctype html><html lang="zh-hans"><head><title>办事指南</title></head>'
    "<body><h1>取水许可</h1><p>江山市水利局：申请书、身份证明，一次告知。</p>{more}</body></html>"
)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    pdf.forget()


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def made(more: str = "") -> bytes:
    return pdf_of(PAGE.format(more=more), base_url=HALL)


@needs_pdf
def test_the_text_in_the_file_is_the_text_we_wrote() -> None:
    (page,) = read(made()).pages
    text = page.extract_text()
    assert "取水许可" in text
    assert "江山市水利局：申请书、身份证明，一次告知。" in text


@needs_pdf
def test_the_page_is_a4_and_tagged_for_those_who_listen() -> None:
    reader = read(made())
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-hans"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "办事指南"
    width, height = reader.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (595, 842)


@needs_pdf
def test_the_same_text_makes_the_same_bytes() -> None:
    assert made() == made()
    assert made() != made("<p>又一句</p>")


@needs_pdf
def test_links_lead_to_the_hall() -> None:
    (page,) = read(made('<p><a href="/items/a/">网页</a></p>')).pages
    (link,) = page["/Annots"]
    assert link.get_object()["/A"]["/URI"] == "https://hall.example/items/a/"


@needs_pdf
def test_a_picture_in_the_text_is_drawn() -> None:
    from base64 import b64encode

    picture = b64encode(qr_svg(HALL)).decode()
    image = f'<img alt="二维码" src="data:image/svg+xml;base64,{picture}">'
    assert len(made(image)) > len(made()) + 500


@needs_pdf
def test_our_own_static_files_are_read() -> None:
    assert len(made('<img alt="" src="/static/base/favicon.svg">')) > len(made())


@needs_pdf
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.svg",
        "https://elsewhere.example/static/base/favicon.svg",
        "file:///etc/passwd",
        "/static/../settings.py",
        "/static/%2e%2e/secret",
        "/static/base/missing.svg",
        "/items/",
        "data:text/html;base64,PGI+",
    ],
)
def test_nothing_else_is_fetched(address: str) -> None:
    with pytest.raises(ValueError, match="may not fetch"):
        made(f'<img alt="" src="{address}">')


def test_an_address_is_ours_by_host_and_folder() -> None:
    assert static_name("https://hall.example/static/base/favicon.svg", HALL) == "base/favicon.svg"
    assert static_name("http://hall.example/static/base/favicon.svg", HALL) == ""


# ── a machine that cannot ─────────────────────────────────────────────────────────────────────


@needs_pdf
def test_this_machine_can() -> None:
    assert why_not() == ""


def test_a_machine_without_the_libraries_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # as if nothing could be imported
    assert "Pango" in why_not()
    with pytest.raises(PdfUnavailable) as refused:
        made()
    assert APT_LINE in refused.value.message
    assert refused.value.status == 503


FONTLESS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"""


@pytest.mark.slow
@needs_pdf
def test_a_machine_without_chinese_letters_says_what_to_install(tmp_path: Path) -> None:
    """A process of its own: fontconfig reads its settings once."""
    (tmp_path / "fonts.conf").write_text(FONTLESS.format(folder=tmp_path))
    source = "from mingtang.base import pdf; print(pdf._has_chinese_font())"
    said = []
    for more in ({}, {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}):
        done = subprocess.run(
            [sys.executable, "-c", source],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        said.append(done.stdout.strip())
    assert said == ["True", "False"]


@needs_pdf
def test_the_sentence_about_letters(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "_has_chinese_font", lambda: False)
    assert "中文字体" in why_not()
    assert APT_LINE in why_not()


@needs_pdf
def test_one_at_a_time_and_nobody_waits_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "WAIT", 0.01)
    with pdf._one_at_a_time, pytest.raises(PdfUnavailable, match="再试"):
        made()
    assert made()
