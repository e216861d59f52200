"""Every form of paper as a file: long content, all of it in the text again, tagged, with its QR."""

import io
import os
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from mingtang.base.clock import legal_date
from mingtang.base.pdf import forget
from mingtang.base.qr import qr_svg
from mingtang.cases.rules.papers import FORMS, paper
from mingtang.files import seals
from mingtang.files.codes import code_of
from mingtang.files.models import Document
from mingtang.files.printing import address_of, document_pdf, pdf_name
from mingtang.files.rules.documents import SealMethod
from mingtang.files.services import draw_up, seal_document
from tests.world import new_command_id

pytestmark = [
    *(pytest.mark.django_db, pytest.mark.usefixtures("pdf_machine")),
    pytest.mark.slow,
    pytest.mark.once,
]
HALL = "https://zwfw.jiangshan.gov.example"
PICTURES = os.environ.get("MINGTANG_PICTURES", "")  # where to keep the files, to look at them
DRAFT = "未盖章无效"
ITEM = "建设工程（含临时建设）规划许可证核发"
WHO = "江山市峡口镇大峦口村股份经济合作社（原江山市峡口镇大峦口茶叶专业合作社）"
REASON = (
    "申请材料中的总平面图没有标明与相邻建筑的间距，退让用地红线的距离不足；日照分析的范围没有包括"
    "北侧的村民住宅；消防车道的转弯半径不符合《建筑设计防火规范》的要求，须按所附意见逐条修改后重新报送"
)
REMEDIES = "对决定不服的，可以在知道决定之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。"
LAWS = "《中华人民共和国城乡规划法》第四十条、《浙江省城乡规划条例》第三十六条"
FACTS = {
    "number": "330881014130917000123",
    "applicant": WHO,
    "item": ITEM,
    "day": "2013年9月17日",
    "next": "窗口核对后，五个工作日内告知是否受理或者需要补正的全部内容。",
    "reason": REASON + "。",
    "competent": "衢州市住房和城乡建设局建筑业管理处（衢州市柯城区荷花中路）",
    "note": REASON + "。",
    "due": "2013年10月28日",  # the slip of a result has a sentence here
    "promised": "2013年10月15日",
    "statutory": "2013年11月5日",
    "deferred": "申请人承诺补交：建设项目环境影响评价批复（2013年9月30日前）。",
    "kind": "听证",
    "days": "20",
    "sender": "江山市住房和城乡建设局",
    "receiver": "江山市公安消防大队",
    "result": "准予",
    "renewed": "浙江省江山市取水许可证 取水（浙江江）字〔2008〕第0123号",
    "way": "代理人领取",
    "collect": "请带本单和身份证件（单位带营业执照）到受理窗口领取结果；不便前来的，可以改为邮寄。",
    "count": "37",
    "retention": "永久",
    "missing": "归档时缺少：材料“建设项目环境影响评价批复”没有单独登记。",
    "sum": "12,345.60 元",
    "who": "祝晓芳",
    "limits": "承诺于 2013年9月27日 前办结，法定期限到 2013年10月22日。",
    "finding": "同意",
    "opinion": "情况属实，同意上报。",
}
CELLS = {
    "序号": lambda place: str(place),
    "材料": lambda place: (
        f"第{place}项 建设工程总平面图（电子版和纸质版，比例一比五百，加盖注册章）"
    ),
    "份数": lambda place: "2",
    "需要补正的内容": lambda place: f"缺少图签（第{place}处），没有标明相邻建筑的间距和退让距离。",
    "收费项目": lambda place: f"城市基础设施配套费（第{place}类建筑）",
    "标准": lambda place: "每平方米 105 元，按批准的建筑面积计收",
    "依据": lambda place: "浙价服〔2003〕279号、江政发〔2011〕34号",
    "金额": lambda place: "1,234.50 元",
    "文件": lambda place: f"受理通知书及其附件（第{place}件）",
    "文号": lambda place: f"江山市住房和城乡建设局受〔2013〕{place}号",
    "日期": lambda place: "2013年9月17日",
}
ROWS = {"receipt": 12, "correction": 14, "archive": 37, "payment": 6, "slip": 5}


def rows_of(kind: str) -> list[list[str]]:
    heads = FORMS[kind].heads
    return [
        [CELLS[head](place) for head in heads]
        for place in range(1, (ROWS.get(kind, 3) if heads else 0) + 1)
    ]


@pytest.fixture
def drawn(world, at):
    def make(kind: str, subject: str = "case:42") -> Document:
        told = paper(
            kind,
            unit="江山市住房和城乡建设局",
            addressee=WHO,
            facts=FACTS,
            rows=rows_of(kind),
            is_permit=True,
            remedies=REMEDIES if kind in {"refused", "declined", "granted_partly"} else "",
            legal_basis=LAWS if kind == "refused" else "",
        )
        with transaction.atomic():
            return draw_up(
                told,
                subject=subject,
                organisation_id=world.planning.id,
                on=legal_date(at),
                at=at,
            )

    return make


@pytest.fixture
def sealed(world, at):
    def act(document: Document, method: SealMethod = SealMethod.PHYSICAL) -> Document:
        seal_document(
            document_id=document.id,
            seal_name="江山市规划局行政审批专用章",
            method=method,
            actor=world.actor(world.approver),
            at=at,
            command_id=new_command_id(),
        )
        document.refresh_from_db()
        return document

    return act


def read(document: Document, name: str) -> PdfReader:
    made = document_pdf(document, HALL)
    if PICTURES:
        (Path(PICTURES) / f"{name}.pdf").write_bytes(made)
    return PdfReader(io.BytesIO(made))


def text_of(reader: PdfReader) -> str:
    """What the file says, as one run: where lines and sheets break says nothing."""
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_every_form_says_all_that_it_should_and_is_tagged(drawn, kind):
    document = drawn(kind)
    reader = read(document, f"draft-{kind}" if document.needs_seal else kind)
    said, form = document.paper(), FORMS[kind]
    text = text_of(reader)
    wanted = [
        form.title,
        "" if form.is_internal else f"{WHO}：",
        "江山市规划局",
        "2013年9月17日",
        "扫码核验真伪",
    ]
    wanted += [*said.paragraphs, said.legal_basis, said.remedies, document.number or ""]
    wanted += [cell for row in said.rows for cell in row] + list(said.row_heads)
    wanted += [code_of(document.id, document.salt), f"第1页共{len(reader.pages)}页"]
    running = _running(document, len(reader.pages))
    for one in wanted:
        assert squeezed(one) in _without(text, running), one
    assert (DRAFT in text) is document.needs_seal
    assert ("（盖章处）" in text) is document.needs_seal
    _check_tags(document, reader, has_table=bool(form.heads))


def _running(document: Document, sheets: int) -> list[str]:
    """What stands on each sheet by itself and may cut a paragraph in two."""
    pages = [f"第{place}页共{sheets}页" for place in range(2, sheets + 1)]
    return [*pages, *([squeezed(document.number)] if document.number and sheets > 1 else [])]


def _without(text: str, running: list[str]) -> str:
    """The text itself and the text without what the sheets add: either may hold a sentence."""
    bare = text
    for one in running:
        head, _, tail = bare.partition(one)
        bare = head + (one if one == running[-1] else "") + tail.replace(one, "")
    return text + "\n" + bare + "\n" + bare.replace("草稿·未盖章无效", "")


def _check_tags(document: Document, reader: PdfReader, has_table: bool) -> None:
    """It is tagged and says what it is."""
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == f"{document.title} {document.number or ''}".strip()
    assert reader.metadata.author == "江山市规划局"
    assert document.title in pdf_name(document)
    kinds = set(_tags(root["/StructTreeRoot"]))
    assert {"/H1", "/P", "/Figure"} <= kinds
    assert ("/Table" in kinds) is has_table


def _tags(node):
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from _tags(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from _tags(node["/K"])


def test_a_long_paper_has_its_number_and_page_on_every_sheet(drawn):
    document = drawn("archive")
    reader = read(document, "long-archive")
    assert len(reader.pages) >= 2
    correction = drawn("correction")
    pages = read(correction, "long-correction").pages
    assert len(pages) >= 2
    for place, page in enumerate(pages, 1):
        text = squeezed(page.extract_text())
        assert f"第{place}页共{len(pages)}页" in text
        assert text.count(squeezed(correction.number)) == 1
        assert DRAFT in text  # each sheet of a draft says so


def test_once_sealed_it_is_no_draft(drawn, sealed):
    document = sealed(drawn("granted"))
    text = text_of(read(document, "sealed-granted"))
    assert DRAFT not in text
    assert "（印章：江山市规划局行政审批专用章）" in text


def test_the_local_signature_says_what_it_is_not(drawn, sealed, settings):
    settings.MINGTANG_SEAL_PROVIDER = "local"
    document = sealed(drawn("refused"), SealMethod.ELECTRONIC)
    text = text_of(read(document, "electronic-refused"))
    assert DRAFT not in text
    assert "（电子签章：江山市规划局行政审批专用章）" in text
    assert squeezed(seals.LOCAL_NOTICE) in text


def test_the_qr_code_is_drawn_and_leads_to_the_page(drawn, monkeypatch):
    document, said = drawn("accepted"), []
    monkeypatch.setattr(
        "mingtang.files.printing.qr_svg", lambda text: said.append(text) or qr_svg(text)
    )
    document_pdf(document, HALL)
    code = code_of(document.id, document.salt)
    assert said == [f"{HALL}/verify/{code}/"] == [address_of(code, HALL)]


def test_the_file_is_for_whom_the_paper_is(client, world, drawn, at, monkeypatch):
    case = world.file(world.item(), at, world.citizen)
    document = drawn("accepted", case.stream)
    for person, route, status in (
        (None, "cases:own_document_pdf", 404),
        (world.clerk, "cases:document_pdf", 200),
        (world.colleague, "cases:document_pdf", 404),
        (world.citizen, "cases:own_document_pdf", 200),
        (world.stranger, "cases:own_document_pdf", 404),
    ):
        client.logout()
        if person:
            client.force_login(person)
        answer = client.get(reverse(route, args=[case.number, document.id]))
        assert answer.status_code == status, (person, route)
        assert (answer.headers["Content-Type"] == "application/pdf") is (status == 200)
        assert status == 404 or answer.headers["Cache-Control"] == "no-store, private"
    client.force_login(world.clerk)
    page = client.get(reverse("cases:document", args=[case.number, document.id]))
    assert reverse("cases:document_pdf", args=[case.number, document.id]) in page.content.decode()
    monkeypatch.setattr("mingtang.base.pdf.why_not", lambda: "请运行 apt-get install 字体。")
    forget()
    missing = client.get(reverse("cases:document_pdf", args=[case.number, document.id]))
    assert missing.status_code == 503
    assert "apt-get install" in missing.content.decode()
