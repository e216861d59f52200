"""The look before a release: what leads to a person is found and masked, what only looks alike
is left."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base import privacy
from mingtang.disclosure.rules import scan
from mingtang.disclosure.rules.scan import Severity, scan_name, scan_text

ID, OLD_ID, CARD = "330881190001010015", "330881640229123", "6222021234567890128"


def codes(text: str, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.code, one.severity.value) for one in scan_text(text, names)]


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        (f"申请人身份证{ID}，", privacy.IDENTITY, "block"),
        ("330881 19000101 0015", privacy.IDENTITY, "block"),
        ("号码３３０８８１１９０００１０１００１５", privacy.IDENTITY, "block"),
        (f"{ID}@mail.example", privacy.IDENTITY, "block"),
        ("邮箱13800000001@mail.example", privacy.MOBILE, "block"),
        (f"证件号{OLD_ID}", privacy.OLD_IDENTITY, "block"),
        (f"营业执照注册号：{OLD_ID}", privacy.OLD_IDENTITY, "warn"),
        ("联系手机138-0000-0001", privacy.MOBILE, "block"),
        ("电话0570-4012345", privacy.LANDLINE, "warn"),
        (f"补贴打入{CARD}", privacy.CARD, "block"),
        ("账号6222 0212 3456 7890 128", privacy.CARD, "block"),
        ("违停车辆浙HA1234", privacy.PLATE, "block"),
        ("邮箱 maoxm@mail.example", privacy.MAIL, "warn"),
        ("住址：清湖街道和平村12号", privacy.HOME, "block"),
        ("家住虎山街道城南路88号", privacy.HOME, "block"),
        ("位于阳光小区3幢2单元402室", privacy.ROOM, "warn"),
        ("机密★一年", scan.SECRET, "block"),
        ("本件为内部资料", scan.INTERNAL, "warn"),
    ],
)
def test_what_leads_to_somebody_is_found(text, code, severity):
    (found,) = scan_text(f"第一行没有什么。\n{text}\n")
    assert (found.code, found.severity, found.where) == (code, severity, "第 2 行")
    assert found.advice
    assert found.label != found.code


@pytest.mark.parametrize(
    "text",
    [
        "2013年共办理取水许可128件，收费0元，比上年增长12.5%。",
        "办件330881016130917000001已经办结",
        "江政办发〔2014〕1号，索引号113308810026310171/2013-127792",
        "统一社会信用代码113308810026310171",
        "信箱 gongkai@jiangshan.gov.cn",
        "地址：江山市鹿溪北路289号",
        "36799 40180 132 32500",
        "浙江省A类企业",
        "秘密不等于隐私，机密文件另行规定",
        "",
    ],
)
def test_what_only_looks_alike_is_left(text):
    assert scan_text(text) == ()


def test_names_that_are_known_are_found_and_nothing_found_is_quoted_whole():
    text = f"毛小明（{ID}，手机13800000001）家住清湖街道和平村12号，卡号{CARD}"
    found = scan_text(text, ["毛小明", "王", ""])
    assert [one.code for one in found] == [
        *(scan.NAME, privacy.IDENTITY, privacy.MOBILE, privacy.HOME, privacy.CARD)
    ]
    told = " ".join(one.quote for one in found)
    for secret in ("毛小明", "19000101", "0000001", "0000-0001", "和平村", CARD[:8]):
        assert secret not in told
    assert "毛*明" in told


def test_figures_in_a_row_are_doubted_not_stopped():
    """Sums of digits are right by chance once in ten."""
    rows = [f"{n} 40180 132 {n + 7}" for n in range(32000, 32400)]
    assert {one.severity for one in scan_text("\n".join(rows))} <= {Severity.WARN}


def test_the_number_in_a_link_to_an_item_stops_nothing():
    """Ids have nineteen digits, and one in ten has a right sum."""
    found = [scan_text(f"见 /disclosure/items/{303204400690627_3700 + n}/") for n in range(200)]
    assert {one.severity for some in found for one in some} == {Severity.WARN}


def test_a_long_list_is_told_in_a_few_lines():
    found = scan_text("\n".join(f"1380000{n:04}" for n in range(500)))
    assert len(found) == scan.MOST_OF_A_KIND + 1
    assert found[-1].where == "其余 480 处"
    assert found[-1].severity == Severity.BLOCK


def test_what_cannot_be_read_to_its_end_is_stopped(monkeypatch):
    monkeypatch.setattr(scan, "LONGEST_TEXT", 100)
    assert codes("好" * 100) == []
    assert codes("好" * 101) == [(scan.TOO_LONG, "block")]


def test_the_name_of_a_file_is_published_too():
    assert [one.code for one in scan_name(f"毛小明_{ID}.docx", ["毛小明"])] == [
        *(scan.NAME, privacy.IDENTITY)
    ]
    assert [one.code for one in scan_name("通知（送审稿）副本.docx")] == [scan.DRAFT]
    assert scan_name("2013年度工作总结.docx") == ()


def test_only_what_blocks_stops():
    found = scan_text(f"{ID}\n电话0570-4012345")
    assert [one.code for one in scan.blocking(found)] == [privacy.IDENTITY]


@pytest.mark.parametrize(
    "piece",
    [
        *("1", "1 ", "a", "a.", "a@", "a@a.", "@", "浙", "浙A", "住址", "住址1", "1-", "(0570)"),
        *("路1幢", "机密 ", "秘密　", "６２", "\u200b1", "13", "0", "号"),
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(piece):
    """Ten times the text, about ten times the time: a regex gone wild would take a hundred."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begun = time.process_time()
        scan_text(text)
        return time.process_time() - begun

    short = max(min(seconds(2_000) for _ in range(3)), 0.002)
    assert min(seconds(20_000) for _ in range(3)) < short * 30


@given(st.text(alphabet=st.sampled_from("0123456789Xx -a@.浙A号室幢住址路村★机密\n")))
def test_a_masked_text_holds_no_number_any_more(text):
    """Both readers of the one list of detectors agree."""
    kinds = {privacy.IDENTITY, privacy.OLD_IDENTITY, privacy.MOBILE, privacy.LANDLINE}
    masked = privacy.mask_text(text)
    assert not [one for one in scan_text(masked) if one.code in kinds]
