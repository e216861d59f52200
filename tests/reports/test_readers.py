"""Readers: encodings, wrapped lines, spans, layout tables, files that are no reports."""

import pytest

from mingtang.reports.linting import main
from mingtang.reports.readers import UnreadableReport, read_report
from mingtang.reports.readers.html import read_html
from mingtang.reports.readers.text import read_text
from mingtang.reports.rules.numerals import chinese_number, number
from tests.reports.writers import Writer, docx_file

TITLE = "清溪市水利局2023年政府信息公开工作年度报告"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_encoding_of_an_office(encoding):
    document = read_text(f"{TITLE}\n\n一、总体情况\n".encode(encoding))
    assert document.title.raw == TITLE


def test_a_wrapped_number_is_one_and_keeps_its_line():
    lines = ["2013年，我中心主动公开政府信息共1201", "48条，其中网站76979条，公示栏43169条。"]
    (sentence,) = read_text("\n".join(lines).encode()).sentences
    assert "120148条" in sentence.text
    assert sentence.line(sentence.text.index("公示栏")) == 2


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三百零三", 303),
        ("二〇一三", 2013),
        ("一万二千", 12000),
        ("十二", 12),
        ("两千零五", 2005),
        ("条", None),
    ],
)
def test_chinese_numerals(written, value):
    assert chinese_number(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("120,148", 120148), ("１２０１４８", 120148), ("1.2万", 12000), ("12,34", None)],
)
def test_numbers_in_any_width(written, value):
    assert number(written) == value


def test_a_page_laid_out_by_tables_is_text():
    cell = "2013年，我局主动公开政府信息1200条。" * 10
    document = read_html(f"<table><tr><td><p>{TITLE}</p><p>{cell}</p></td></tr></table>".encode())
    assert document.title.raw == TITLE
    assert len(document.sentences) == 10


def test_scripts_and_styles_are_no_text_and_lines_are_those_of_the_source():
    html = f"<html>\n<script>var a = 1;</script>\n<body>\n<p>\n{TITLE}\n</p></body></html>"
    document = read_html(html.encode())
    assert [(one.raw, one.line) for one in document.paragraphs] == [(TITLE, 5)]


@pytest.mark.parametrize("form", ["html", "docx", "flattened"])
def test_the_three_tables_are_read_from_each_kind_of_file(tmp_path, form):
    writer = Writer(7)
    writer.new()
    content = getattr(writer, form)()
    (tmp_path / "report").write_bytes(content if isinstance(content, bytes) else content.encode())
    document = read_report(tmp_path / "report")
    requests = [[int(cell.value) for cell in row] for row in document.requests.rows.values()]
    assert requests == writer.three
    assert [int(c.value) for row in document.remedies.rows.values() for c in row] == writer.four
    rules = [[int(cell.value) for cell in row] for row in list(document.active.rows.values())[:2]]
    assert rules == writer.two


BAD = {
    "empty.txt": (b"  \n", "空文件"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "这不是文本文件|编码"),
    "report.pdf": (b"%PDF-1.7 ...", "PDF"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOCX"),
    "broken.docx": (b"PK\x03\x04 nothing more", "损坏"),
    "entity.docx": (None, "不合规范"),
    "half.docx": (docx_file("<w:p>")[:60], "损坏"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_report_is_told_so(tmp_path, name, capsys):
    content, words = BAD[name]
    if content is None:
        content = docx_file("</w:body></w:document><!DOCTYPE a [<!ENTITY b 'c'>]>")
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableReport, match=words):
        read_report(path)
    assert main([str(path)]) == 2
    assert name in capsys.readouterr().err


def test_a_file_that_is_too_large_or_not_there(tmp_path):
    (tmp_path / "large.txt").write_bytes(b"1" * (8 * 1024 * 1024 + 1))
    for name in ("large.txt", "none.txt", "."):
        with pytest.raises(UnreadableReport):
            read_report(tmp_path / name)


def test_the_text_says_what_passed_failed_and_could_not_be_told(tmp_path, capsys):
    writer = Writer(3)
    writer.new()
    writer.three[5][2] += 1
    (tmp_path / "report.docx").write_bytes(writer.docx())
    assert main([str(tmp_path / "report.docx")]) == 1
    said = capsys.readouterr().out
    for verdict in ("FAIL I3", "PASS I4", "NOT_ASSESSABLE X1"):
        assert verdict in said
    assert "很可能是“2.其他法律行政法规禁止公开”的“科研机构”一格有误" in said
