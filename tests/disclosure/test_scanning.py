"""The look into files: each fault planted once is found, and the clean twin yields nothing."""

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin

from mingtang.base import privacy
from mingtang.base.pdf import pdf_of, why_not
from mingtang.disclosure import scanning
from mingtang.disclosure.rules import scan
from mingtang.disclosure.scanning import bounds, scan_file
from mingtang.disclosure.scanning.pdf import Reading, glyph_table
from mingtang.files.rules.uploads import BY_EXTENSION
from tests.files.corpus.packages import OFFICE, RELS, packed, relations
from tests.files.corpus.pdfs import pdf_with
from tests.files.corpus.pictures import encoded, located, picture

ID = "330881190001010015"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
CORE = '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc">{}</cp:coreProperties>'
ODF = "http://www.ofdspec.org/2016"


@pytest.fixture
def found(tmp_path):
    def look(content: bytes, name: str = "年度总结.docx", names=()) -> list[str]:
        path = tmp_path / "file"
        path.write_bytes(content)
        findings = scan_file(path, name, names)
        assert all(one.where.startswith(f"附件“{name}”") and one.advice for one in findings)
        return [one.code for one in findings]

    return look


# ── words ─────────────────────────────────────────────────────────────────────────────────────

PLAIN = "<w:p><w:r><w:t>2013年共公开</w:t></w:r><w:r><w:t>120条</w:t></w:r></w:p>"


def docx(body: str = PLAIN, **members: str) -> bytes:
    return packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body>'
            "</w:document>".encode(),
            "word/_rels/document.xml.rels": relations(
                (f"{OFFICE}/hyperlink", "https://a.example/", "External")
            ),
            "docProps/core.xml": CORE.format("<dc:title>年度总结</dc:title>").encode(),
        }
        | {
            name.replace("__", "/").replace("_xml", ".xml"): text.encode()
            for name, text in members.items()
        }
    )


def run(text: str, more: str = "") -> str:
    return f"<w:p><w:r>{more}<w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (docx(PLAIN + run(f"证件{ID}")), privacy.IDENTITY),
        # split by Word into runs, as it does after each edit
        (
            docx("<w:p><w:r><w:t>证件330881</w:t></w:r><w:r><w:t>190001010015</w:t></w:r></w:p>"),
            privacy.IDENTITY,
        ),
        (
            docx(PLAIN + "<w:p><w:del><w:r><w:delText>原稿</w:delText></w:r></w:del></w:p>"),
            scan.TRACKED,
        ),
        (docx(f"<w:p><w:ins>{PLAIN[5:-6]}</w:ins></w:p>"), scan.TRACKED),
        (docx(PLAIN + run("名单", "<w:rPr><w:vanish/></w:rPr>")), scan.HIDDEN_TEXT),
        (
            docx(
                word__comments_xml=f'<w:comments xmlns:w="{W}"><w:comment w:author="a">'
                f"{run('改')}</w:comment></w:comments>"
            ),
            scan.COMMENT,
        ),
        (
            docx(
                word__footnotes_xml=f'<w:footnotes xmlns:w="{W}">{run("13800000001")}</w:footnotes>'
            ),
            privacy.MOBILE,
        ),
        (docx(word__header1_xml=f'<w:hdr xmlns:w="{W}">{run("秘密★一年")}</w:hdr>'), scan.SECRET),
        (docx(docProps__core_xml=CORE.format("<dc:creator>毛小明</dc:creator>")), scan.AUTHOR),
        (docx(docProps__app_xml="<Properties><Company>水利局</Company></Properties>"), scan.AUTHOR),
        (
            docx(
                **{
                    "word__settings_xml": "<a/>",
                    "word__x.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r" '
                    f'Type="{OFFICE}/image" '
                    'Target="http://a.example/x.png" TargetMode="External"/></Relationships>',
                }
            ),
            scan.EXTERNAL,
        ),
    ],
)
def test_each_fault_of_a_word_file_is_found(content, code, found):
    assert found(content) == [code]


def test_clean_word_files_yield_nothing(found):
    assert found(docx()) == []
    assert found(docx(run("可见", '<w:rPr><w:vanish w:val="0"/></w:rPr>'))) == []
    assert found(docx("<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + PLAIN[5:])) == []


def test_the_name_of_a_file_counts(found):
    assert found(docx(), f"毛小明{ID}.docx", ["毛小明"]) == [scan.NAME, privacy.IDENTITY]


# ── sheets ────────────────────────────────────────────────────────────────────────────────────


def cell(reference: str, value: str, kind: str = "") -> str:
    mark = f' t="{kind}"' if kind else ""
    return f'<c r="{reference}"{mark}><v>{value}</v></c>'


ROW = f'<row r="1">{cell("A1", "0", "s")}{cell("B1", "120")}</row>'


def xlsx(sheet: str = f"<sheetData>{ROW}</sheetData>", book: str = "", state: str = "", **more):
    members = {
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="汇总" sheetId="1" r:id="r0"{state}/></sheets>{book}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            (f"{OFFICE}/worksheet", "worksheets/sheet1.xml", "")
        ).decode(),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{S}"><si><t>公开</t></si>'
        f"<si><r><t>330881</t></r><r><t>190001010015</t></r></si></sst>",
    } | {name.replace("__", "/") + ".xml": text for name, text in more.items()}
    return packed({name: text.encode() for name, text in members.items()})


def named(name: str) -> str:
    return f'<definedNames><definedName name="{name}">汇总!A1</definedName></definedNames>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (xlsx(state=' state="hidden"'), scan.HIDDEN_SHEET),
        (xlsx(state=' state="veryHidden"'), scan.HIDDEN_SHEET),
        (
            xlsx(
                f"<sheetData>{ROW.replace('<row ', '<row hidden=' + chr(34) + '1' + chr(34) + ' ')}"
                "</sheetData>"
            ),
            scan.HIDDEN_ROW,
        ),
        (
            xlsx(f'<cols><col min="2" max="2" hidden="1"/></cols><sheetData>{ROW}</sheetData>'),
            scan.HIDDEN_COLUMN,
        ),
        (xlsx(f'<sheetData><row r="5">{cell("C5", "1", "s")}</row></sheetData>'), privacy.IDENTITY),
        (
            xlsx(f'<sheetData><row r="5">{cell("C5", "13800000001")}</row></sheetData>'),
            privacy.MOBILE,
        ),
        (
            xlsx(
                '<sheetData><row r="2"><c r="A2" t="inlineStr"><is><t>浙HA1234</t></is></c></row>'
                "</sheetData>"
            ),
            privacy.PLATE,
        ),
        (xlsx(book=named("名单")), scan.NAMED),
        (xlsx(xl__comments1="<comments/>"), scan.COMMENT),
        (xlsx(xl__threadedComments__threadedComment1="<a/>"), scan.COMMENT),
        (xlsx(xl__pivotCache__pivotCacheDefinition1="<a/>"), scan.PIVOT),
        (xlsx(xl__externalLinks__externalLink1="<a/>"), scan.EXTERNAL),
        (
            xlsx(docProps__core=CORE.format("<cp:lastModifiedBy>毛小明</cp:lastModifiedBy>")),
            scan.AUTHOR,
        ),
    ],
)
def test_each_fault_of_a_sheet_is_found(content, code, found):
    assert found(content, "统计表.xlsx") == [code]


def test_clean_sheets_yield_nothing(found):
    assert found(xlsx(), "统计表.xlsx") == []
    rest = '<cols><col min="5" max="16384" hidden="1"/></cols>'
    assert found(xlsx(f"{rest}<sheetData>{ROW}</sheetData>"), "统计表.xlsx") == []
    blank = '<sheetData><row r="9" hidden="1"><c r="A9"/></row></sheetData>'
    assert found(xlsx(blank), "统计表.xlsx") == []
    assert found(xlsx(book=named("_xlnm.Print_Area")), "统计表.xlsx") == []


def test_a_finding_says_in_which_row_of_which_sheet(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(xlsx(f'<sheetData><row r="705">{cell("C705", "1", "s")}</row></sheetData>'))
    (one,) = scan_file(path, "统计表.xlsx")
    assert one.where == "附件“统计表.xlsx” 工作表“汇总”第 705 行"
    assert one.quote == "330*************15"


# ── slides, OFD ───────────────────────────────────────────────────────────────────────────────


def slide(text: str, more: str = "") -> str:
    return (
        f'<p:sld xmlns:p="{P}" xmlns:a="{A}"{more}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'
    )


def pptx(first: str = slide("年度总结"), **more: str) -> bytes:
    members = {"ppt/slides/slide1.xml": first} | {
        name.replace("__", "/") + ".xml": text for name, text in more.items()
    }
    return packed({name: text.encode() for name, text in members.items()})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pptx(ppt__notesSlides__notesSlide1=slide("这里不要念")), scan.NOTES),
        (pptx(slide("总结", ' show="0"')), scan.HIDDEN_SLIDE),
        (pptx(slide("手机13800000001")), privacy.MOBILE),
        (pptx(ppt__comments__comment1="<a/>"), scan.COMMENT),
    ],
)
def test_each_fault_of_slides_is_found(content, code, found):
    assert found(content, "汇报.pptx") == [code]


DRAWN = f'<c:x xmlns:c="urn:c" xmlns:a="{A}"><a:p><a:r><a:t>13800</a:t></a:r><a:r><a:t>000001</a:t>'
DRAWN += "</a:r></a:p></c:x>"
CACHED = (
    '<c:x xmlns:c="urn:c"><c:pt><c:v>公开</c:v></c:pt><c:pt><c:v>13800000001</c:v></c:pt></c:x>'
)
HEADED = "<headerFooter><oddFooter>&amp;C{}</oddFooter></headerFooter>"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (docx(word__charts__chart1_xml=CACHED), "年报.docx", privacy.MOBILE),
        (docx(word__diagrams__data1_xml=DRAWN), "年报.docx", privacy.MOBILE),
        (docx(**{"word__media__image1.png": "x"}), "年报.docx", scan.NO_TEXT),
        (xlsx(xl__drawings__drawing1=DRAWN), "年报.xlsx", privacy.MOBILE),
        (xlsx(xl__charts__chart1=CACHED), "年报.xlsx", privacy.MOBILE),
        (xlsx(HEADED.format(ID)), "年报.xlsx", privacy.IDENTITY),
        (pptx(ppt__charts__chart1=CACHED), "年报.pptx", privacy.MOBILE),
    ],
)
def test_what_stands_in_parts_of_its_own_is_looked_at(content, name, code, found):
    assert found(content, name) == [code]


def test_clean_slides_yield_nothing(found):
    assert found(pptx(ppt__notesSlides__notesSlide1=slide("1")), "汇报.pptx") == []


def ofd(text: str = "公示", **more: str) -> bytes:
    page = f'<ofd:Page xmlns:ofd="{ODF}"><ofd:TextObject><ofd:TextCode>{text[:3]}</ofd:TextCode>'
    page += f"<ofd:TextCode>{text[3:]}</ofd:TextCode></ofd:TextObject></ofd:Page>"
    members = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{ODF}"></ofd:OFD>',
        "Doc_0/Pages/Page_0/Content.xml": page,
    } | {name.replace("__", "/") + ".xml": value for name, value in more.items()}
    return packed({name: value.encode() for name, value in members.items()})


def test_faults_of_ofd_are_found_and_a_clean_one_yields_nothing(found):
    assert found(ofd(), "公示.ofd") == []
    assert found(ofd(ID), "公示.ofd") == [privacy.IDENTITY]
    author = f'<ofd:OFD xmlns:ofd="{ODF}"><ofd:Author>毛小明</ofd:Author></ofd:OFD>'
    assert found(ofd(OFD=author), "公示.ofd") == [scan.AUTHOR]
    note = f'<ofd:A xmlns:ofd="{ODF}"><ofd:Remark>改</ofd:Remark></ofd:A>'
    assert found(ofd(Doc_0__Annots__Annot_0=note), "公示.ofd") == [scan.ANNOTATION]
    assert found(ofd(Doc_0__Attachs__a="x"), "公示.ofd") == [scan.ATTACHED]


# ── PDF ───────────────────────────────────────────────────────────────────────────────────────


def font(made: pikepdf.Pdf) -> None:
    letters = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for page in made.pages:
        page.Resources = Dictionary(Font=Dictionary(F1=letters))


def pdf(draw: bytes = b"", change=lambda made: None) -> bytes:
    def both(made: pikepdf.Pdf) -> None:
        font(made)
        if draw:
            made.pages[0].Contents = made.make_stream(draw)
        change(made)

    return pdf_with(both)


def author(made: pikepdf.Pdf) -> None:
    made.docinfo["/Author"] = "maoxm"


def note(kind: Name, text: str):
    def change(made: pikepdf.Pdf) -> None:
        row = Dictionary(Type=Name.Annot, Subtype=kind, Rect=[0, 0, 9, 9], Contents=String(text))
        made.pages[0].Annots = Array([made.make_indirect(row)])

    return change


def attach(made: pikepdf.Pdf) -> None:
    made.attachments["list.txt"] = b"x"


def scanned(made: pikepdf.Pdf) -> None:
    dots = made.make_stream(
        b"\x00",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=1,
        Height=1,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )
    made.pages[0].Resources.XObject = Dictionary(Im=dots)
    made.pages[0].Contents = made.make_stream(b"/Im Do")


def filled(made: pikepdf.Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("phone"), V=String("13800000001"))
    group = made.make_indirect(Dictionary(T=String("who"), Kids=[made.make_indirect(field)]))
    made.Root.AcroForm = Dictionary(Fields=Array([group]))


def glyph_by_glyph(text: str, start: int = 0) -> bytes:
    """Each glyph where it stands, as many programs set it; a digit of Helvetica is 5 wide here."""
    set_at = (f"1 0 0 1 {start + 5 * at} 700 Tm ({one}) Tj" for at, one in enumerate(text))
    return f"BT /F1 9 Tf {' '.join(set_at)} ET ".encode()


def test_glyphs_on_one_line_are_one_line_and_columns_are_apart(tmp_path):
    path = tmp_path / "x.pdf"
    steps = b"1 0 0 1 0 9 Tm (Mao) Tj 1 0 0 1 90 9 Tm (Xi) Tj 1 0 0 1 99 9 Tm (ao) Tj"
    path.write_bytes(pdf(b"BT /F1 9 Tf " + steps + b" 1 0 0 1 0 0 Tm (next) Tj ET"))
    with pikepdf.open(path) as made:
        assert Reading().page(made.pages[0]).text.split() == ["Mao", "Xiao", "next"]
        assert "Mao Xiao\n" in Reading().page(made.pages[0]).text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf(b"BT /F1 9 Tf (No 3308811900) Tj (01010015) Tj ET"), privacy.IDENTITY),
        (pdf(b"BT /F1 9 Tf [(138) -20 (0000) 10 (0001)] TJ ET"), privacy.MOBILE),
        (pdf(b"BT /F1 9 Tf 3 Tr (layer) Tj ET"), scan.HIDDEN_TEXT),
        (pdf(change=author), scan.AUTHOR),
        (pdf(change=note(Name.Text, "ask Mao")), scan.ANNOTATION),
        (pdf(change=attach), scan.ATTACHED),
        (pdf(change=scanned), scan.NO_TEXT),
        (pdf(change=filled), privacy.MOBILE),
        (pdf(glyph_by_glyph("13800000001")), privacy.MOBILE),
        (pdf(glyph_by_glyph("2013", 0) + glyph_by_glyph("13800000001", 60)), privacy.MOBILE),
    ],
)
def test_each_fault_of_a_pdf_is_found(content, code, found):
    assert found(content, "总结.pdf") == [code]


def test_clean_pdfs_yield_nothing(found):
    assert found(pdf(), "总结.pdf") == []
    assert found(pdf(change=note(Name.Link, "to the law")), "总结.pdf") == []


@pytest.mark.skipif(bool(why_not()), reason="this machine makes no PDF")
def test_chinese_of_a_pdf_is_read_by_its_fonts(found):
    page = "<html lang=zh><head><title>t</title></head><body><p>{}</p></body></html>"
    text = "申请人手机13800000001，住址：清湖街道和平村12号"
    made = pdf_of(page.format(text), base_url="https://hall.example/")
    assert set(found(made, "公示.pdf")) == {privacy.MOBILE, privacy.HOME}
    clean = pdf_of(page.format("全年公开120条"), base_url="https://hall.example/")
    assert found(clean, "公示.pdf") == []


def test_a_table_of_glyphs_is_read_in_all_its_forms():
    table = (
        "1 beginbfchar <01> <660E> endbfchar 2 beginbfrange <0002> <0004> <0041> "
        "<05> <06> [<5802> <004200430044>] endbfrange"
    )
    assert glyph_table(table) == {1: "明", 2: "A", 3: "B", 4: "C", 5: "堂", 6: "BCD"}


# ── pictures ──────────────────────────────────────────────────────────────────────────────────


def test_faults_of_pictures_are_found_and_clean_ones_say_they_are_not_read(found):
    assert found(encoded(picture(), "JPEG"), "公示栏.jpg") == [scan.NO_TEXT]
    upright = Image.Exif()
    upright[0x0112] = 6
    assert found(encoded(picture(), "JPEG", exif=upright), "公示栏.jpg") == [scan.NO_TEXT]
    assert found(encoded(picture(), "JPEG", exif=located(1)), "公示栏.jpg") == [
        *(scan.PLACE, scan.CAMERA, scan.NO_TEXT)
    ]
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "13800000001")
    assert found(encoded(picture(), "PNG", pnginfo=said), "公示栏.png") == [
        *(scan.NO_TEXT, scan.AUTHOR, privacy.MOBILE)
    ]


# ── what cannot be read ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx", "a.ofd", "a.pdf", "a.jpg", "a.exe"])
def test_what_cannot_be_looked_into_is_stopped(name, found):
    assert found(b"PK\x03\x04nothing", name) == [scan.UNREADABLE]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<w:document",
    ],
)
def test_xml_that_is_no_plain_xml_is_stopped(text, found):
    assert found(packed({"word/document.xml": text.encode()})) == [scan.UNREADABLE]


def test_a_package_that_unpacks_without_end_is_stopped(found, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_UNPACKED", 100_000)
    assert found(docx(run("好" * 20_000))) == []
    assert found(docx(run("好" * 40_000))) == [scan.UNREADABLE]


def test_a_package_of_too_many_members_is_stopped(found, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_MEMBERS", 2)
    assert found(docx()) == [scan.UNREADABLE]


def test_every_kind_that_is_kept_is_looked_into():
    assert set(BY_EXTENSION) <= set(scanning.LOOKERS)
