"""The guide as a file: what is in it, what asking again costs, what is said where none is made."""

import io
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from mingtang.base import pdf
from mingtang.catalogue.models import Item
from mingtang.catalogue.queries.guides import PLAIN, on_paper
from mingtang.catalogue.rules.details import MATERIALS, ORIGINS
from mingtang.site import demo, doctor
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
needs_pdf = pytest.mark.usefixtures("pdf_machine")


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    pdf.forget()


@pytest.fixture
def code(world: World) -> str:
    return world.item(
        name="取水许可",
        statutory=20,
        promised=5,
        variants="01|新办\n02|变更",
        materials="申请书|表格|2|必要|签字\n取水工程图|图纸|1|必要||办理项=01\n"
        "原取水证|原件|1|必要||办理项=02",
    )


def get(client: Client, code: str, **query: str):
    return client.get(reverse("catalogue:guide_pdf", args=[code]), query)


def text_of(answer) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


@needs_pdf
@pytest.mark.parametrize("who", ["clerk", "citizen", "nobody"])
def test_everyone_takes_the_guide_home_as_a_file(world, client: Client, code: str, who) -> None:
    if who != "nobody":
        client.force_login(getattr(world, who))
    answer = get(client, code)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "inline" in answer["Content-Disposition"]
    said = text_of(answer)
    for one in ("取水许可", "申请书", "取水工程图", "5个工作日", "江山市水利局", "七、收费标准"):
        assert one in said
    assert f"http://testserver/items/{code}/" in said


@needs_pdf
def test_the_file_is_of_the_chosen_variant(client: Client, code: str) -> None:
    said = text_of(get(client, code, variant="02"))
    assert "取水许可（变更）" in said
    assert "原取水证" in said
    assert "取水工程图" not in said


def test_asking_again_lays_nothing_out_again(world, client, code, monkeypatch) -> None:
    asked: list[str] = []

    def counted(text: str, base_url: str) -> bytes:
        asked.append(text)
        return b"%PDF"

    monkeypatch.setattr(pdf, "_made", counted)
    monkeypatch.setattr(pdf, "why_not", str)
    for variant in ("", "", "nonsense", "x" * 500, "\x00"):
        assert get(client, code, variant=variant).content == b"%PDF"
    assert len(asked) == 1
    get(client, code, variant="01")
    assert len(asked) == 2
    world.item(name="取水许可", promised=3)
    get(client, code)
    assert len(asked) == 3


@needs_pdf
def test_the_address_in_the_file_is_the_public_one(client: Client, code: str, settings) -> None:
    settings.MINGTANG_PUBLIC_URL = "https://hall.example"
    assert f"https://hall.example/items/{code}/" in text_of(get(client, code))


@needs_pdf
def test_where_none_can_be_made_a_sentence_says_how_to_mend_it(client, code, monkeypatch) -> None:
    monkeypatch.setattr(pdf, "why_not", lambda: f"缺少字体。请运行 {pdf.APT_LINE}。")
    answer = get(client, code)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "暂时不能提供" in page
    assert pdf.APT_LINE in page
    monkeypatch.undo()
    assert get(client, code).status_code == 200  # the refusal is not remembered


@needs_pdf
def test_the_doctor_says_so_too(monkeypatch, at) -> None:
    assert not [one for one in doctor.findings(at.date()) if "apt-get" in one.text]
    monkeypatch.setattr(doctor, "why_not", lambda: f"缺少字体。请运行 {pdf.APT_LINE}。")
    (found,) = [one for one in doctor.findings(at.date()) if "apt-get" in one.text]
    assert not found.is_serious
    out = io.StringIO()
    with suppress(SystemExit):  # raised for serious findings, which others test
        call_command("doctor", stdout=out)
    assert pdf.APT_LINE in out.getvalue()


# ── little paper ──────────────────────────────────────────────────────────────────────────────

COMMON = (  # what people ask for most, and what has the longest lists
    *("330881-011-001", "330881-014-003", "330881-016-001", "330881-025-001"),
    *("330881-027-001", "330881-029-001", "330881-051-001"),
)


def pages_of(answer) -> int:
    return len(PdfReader(io.BytesIO(answer.content)).pages)


@needs_pdf
def test_the_guides_of_common_items_take_one_sheet_of_paper(client, at, monkeypatch) -> None:
    monkeypatch.setattr(demo, "LIVES", ())  # who asks for the items is not on their guides
    demo.load(at)
    assert Item.objects.filter(code__in=COMMON).count() == len(COMMON)
    pages = {code: pages_of(get(client, code)) for code in COMMON}
    assert {code: count for code, count in pages.items() if count > 2} == {}


@needs_pdf
def test_the_count_of_pages_can_fail(world, client: Client) -> None:
    long = world.item(materials="\n".join(f"材料{n}|表格|2|必要|{'说明' * 40}" for n in range(60)))
    assert pages_of(get(client, long)) > 2


def test_what_goes_without_saying_stays_off_paper(world, client: Client) -> None:
    code = world.item(
        materials="申请书|表格|2|必要|签字盖章。|规格=A4|来源=申请人自备|受理标准=填写完整。\n"
        "平面图|图纸|1|必要||规格=A3|来源=政府部门核发",
        special="无",
        questions="\n".join(f"第{n}问|答" for n in range(1, 6)),
    )
    paper = client.get(reverse("catalogue:guide", args=[code])).content.decode()
    screen = client.get(reverse("catalogue:item", args=[code])).content.decode()
    for one in ("规格：</span>A4<", "申请人自备", "第4问", "签字盖章。", "填写完整。"):
        assert one not in paper
        assert one in screen
    assert "特别程序" not in paper
    for one in ("A3", "政府部门核发", "第3问", "签字盖章", "填写完整"):
        assert one in paper


def test_a_special_procedure_is_told_on_paper(world, client: Client) -> None:
    code = world.item(special="卫生检测|15个工作日|《实施细则》第五条")
    paper = client.get(reverse("catalogue:guide", args=[code])).content.decode()
    assert "特别程序" in paper
    assert "卫生检测" in paper


def test_what_goes_without_saying_is_called_as_the_fields_call_it() -> None:
    labels = {column.key: column.label for column in MATERIALS.columns}
    assert {term for term, _value in PLAIN} == {labels["size"], labels["origin"]}
    assert ("来源", ORIGINS["applicant"].label) in PLAIN


def test_paper_leaves_what_was_told_as_it_was() -> None:
    facts = [{"term": "规格", "value": "A4"}]
    told = {"materials": [{"facts": facts, "note": "签字。"}], "special": [], "questions": []}
    (line,) = on_paper(told)["materials"]
    assert (line["facts"], line["note"]) == ([], "签字")
    assert told["materials"][0] == {"facts": facts, "note": "签字。"}
