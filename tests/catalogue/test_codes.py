"""Codes of service items: real shapes taken apart, doubts told, nothing guessed."""

import pytest

from mingtang.catalogue.rules import CodeScheme, CodeUnusable, ItemKind, recognise_code
from mingtang.catalogue.rules.codes import body_doubts, kind_doubt

BODY = "113308810026310171"


def test_a_code_of_fourteen_is_taken_apart() -> None:
    code = recognise_code(f"331A0138000002-330881000000-000-{BODY}-1-00")
    assert code.scheme is CodeScheme.IMPLEMENTED
    assert (code.basic, code.type_code, code.kind) == ("331A0138000002", "1A", ItemKind.PERMIT)
    assert (code.area, code.place, code.body) == ("330881000000", "000", BODY)
    assert (code.body_nature, code.variant) == ("1", "00")
    assert code.doubts == ()


@pytest.mark.parametrize(
    ("given", "basic", "kind"),
    [
        (f"331Z07001006-330881000000-000-{BODY}-1-00", "331Z07001006", ItemKind.OTHER_POWER),
        (f"331F33033003-330881000000-000-{BODY}-2-00", "331F33033003", ItemKind.CONFIRMATION),
        (f"332001002003-330881000000-000-{BODY}-1-00", "332001002003", ItemKind.PUBLIC_SERVICE),
        (f"332B0053300008-330881000000-000-{BODY}-1-00", "332B0053300008", ItemKind.PUBLIC_SERVICE),
        (f"333A0161200000-330881000000-000-{BODY}-1-00", "333A0161200000", None),
        (f"G-000007-001-330881000000-000-{BODY}-1-00", "G-000007-001", ItemKind.BENEFIT),
        (f"A-005818-5818-330881000000-000-{BODY}-1-00", "A-005818-5818", ItemKind.PERMIT),
        (f"1J-3300-00027-330881000000-000-{BODY}-1-00", "1J-3300-00027", None),
    ],
)
def test_other_shapes_in_use_are_known(given: str, basic: str, kind: ItemKind | None) -> None:
    code = recognise_code(given)
    assert (code.basic, code.kind, code.doubts) == (basic, kind, ())


@pytest.mark.parametrize("body", ["00263101-7", "002631017"])
def test_a_body_may_be_told_by_its_organisation_code(body: str) -> None:
    code = recognise_code(f"331A0138000002-330881000000-000-{body}-1-00")
    assert (code.body, code.body_nature, code.variant, code.doubts) == (body, "1", "00", ())


def test_the_oldest_shape_without_region_is_known_and_doubtful() -> None:
    code = recognise_code(f"E-000004-001-{BODY}")
    assert (code.basic, code.area, code.body) == ("E-000004-001", "", BODY)
    assert code.doubts == ("编码中没有区划", "编码不完整：缺少末尾两段")


def test_the_national_code_is_known() -> None:
    code = recognise_code(f"{BODY}4330101001000")
    assert code.scheme is CodeScheme.NATIONAL
    assert (code.body, code.level, code.basic) == (BODY, "4", "330101001000")
    assert code.kind is ItemKind.PERMIT
    assert recognise_code(f"{BODY}433010100100002").variant == "02"


def test_a_basic_code_alone_and_a_local_code_are_known() -> None:
    assert recognise_code("330101001000").scheme is CodeScheme.BASIC
    local = recognise_code("330881-016-001")
    assert (local.scheme, local.area, local.body) == (CodeScheme.LOCAL, "330881", "016")
    assert local.doubts == ()


def test_an_unknown_shape_is_kept_with_a_doubt() -> None:
    code = recognise_code("XK0010100Y")
    assert (code.code, code.scheme) == ("XK0010100Y", CodeScheme.UNKNOWN)
    assert "不是已知的编码结构" in code.doubts[0]


@pytest.mark.parametrize(
    ("body", "doubt"),
    [
        ("113308810026310172", "第18位（校验码）"),
        ("00263101-8", "第9位（校验码）"),
        ("1133088100263101", "有16位"),
        ("2222222222222", "像是占位"),
        ("11330800mb0r57773w", "含小写字母"),
    ],
)
def test_what_is_doubtful_in_a_body_is_told(body: str, doubt: str) -> None:
    code = recognise_code(f"331A0138000002-330881000000-000-{body}-1-00")
    assert [doubt in text for text in code.doubts] == [True]


def test_a_right_body_raises_no_doubt() -> None:
    assert list(body_doubts(BODY, "实施主体")) == []


def test_a_kind_that_contradicts_the_code_is_doubtful() -> None:
    code = recognise_code("331A0138000002")
    assert kind_doubt(code, ItemKind.PERMIT) is None
    assert "行政许可" in (kind_doubt(code, ItemKind.PUBLIC_SERVICE) or "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "没有填写"),
        ("9" * 65, "有65位，最多64位"),
        ("331A/0138", "第5位是“/”"),
        ("331A 0138", "第5位是“ ”"),
        ("许可1", "第1位是“许”"),
        ("..", "应以数字或字母开头"),
    ],
)
def test_a_code_that_cannot_stand_in_an_address_is_refused(given: str, reason: str) -> None:
    with pytest.raises(CodeUnusable, match=reason):
        recognise_code(given)
