"""Numbers of persons, bodies and places: agreed vectors, exact reasons for the wrong."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.regions import rules

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "number",
    [
        "330881190001010015",
        "330881190001010023",
        "33088119000101004X",
        "330881190012319990",
        "11010519491231002X",
        "440524188001010014",
    ],
)
def test_a_right_citizen_number_is_taken(number: str) -> None:
    assert rules.check_citizen_number(number, today=TODAY).number == number


def test_a_citizen_number_tells_birthday_and_sex() -> None:
    found = rules.check_citizen_number("33088119000101004X", today=TODAY)
    assert (found.born_on, found.is_male) == (date(1900, 1, 1), False)
    assert rules.check_citizen_number("330881190001010015", today=TODAY).is_male


@pytest.mark.parametrize(
    "given",
    ["33088119000101004x", " ３３０８８１１９０００１０１００４ｘ ", "330881 19000101 004X"],
)
def test_lower_case_full_width_and_spaces_are_normalised(given: str) -> None:
    assert rules.check_citizen_number(given, today=TODAY).number == "33088119000101004X"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "没有填写"),
        ("33088119000101001", "应为18位，您填写的是17位"),
        ("330881190001010016", "第18位（校验码）"),
        ("330881190002290012", "第7至14位（出生日期）不是真实存在的日期"),
        ("330881190013010015", "第7至14位（出生日期）不是真实存在的日期"),
        ("33O881190001010015", "第3位是“O”"),
        ("33088119000101001A", "第18位是“A”"),
        ("3308811900010X0015", "第14位是“X”"),
        ("330881900101001", "15位的旧号码"),
    ],
)
def test_a_wrong_citizen_number_is_refused_with_the_place(number: str, reason: str) -> None:
    with pytest.raises(rules.CitizenNumberError, match=reason):
        rules.check_citizen_number(number, today=TODAY)


def test_the_check_digit_of_the_impossible_date_is_right() -> None:
    """1900 was no leap year: the date alone is what is wrong with it."""
    digits = "33088119000229001"
    total = sum(int(c) * w for c, w in zip(digits, rules.CITIZEN_WEIGHTS, strict=True))
    assert rules.CITIZEN_CHECKS[total % 11] == "2"


def test_a_birthday_may_be_today_but_not_tomorrow() -> None:
    number = "330881190001010015"
    assert rules.check_citizen_number(number, today=date(1900, 1, 1))
    with pytest.raises(rules.CitizenNumberError, match="晚于今天"):
        rules.check_citizen_number(number, today=date(1899, 12, 31))


def test_a_refusal_never_repeats_the_whole_number() -> None:
    with pytest.raises(rules.CitizenNumberError) as refusal:
        rules.check_citizen_number("330881190001010016", today=TODAY)
    assert "19000101" not in str(refusal.value)


@given(st.sampled_from("0123456789"), st.integers(0, 16))
def test_any_single_wrong_digit_is_noticed(digit: str, place: int) -> None:
    right = "330881190012319990"
    wrong = right[:place] + digit + right[place + 1 :]
    if wrong != right:
        with pytest.raises(rules.CitizenNumberError):
            rules.check_citizen_number(wrong, today=TODAY)


@pytest.mark.parametrize(
    ("code", "inner"),
    [
        ("113308810026310171", "002631017"),
        ("11330800MB0R57773W", "MB0R57773"),
        ("113325000026455663", "002645566"),
        ("11371000004359010J", "004359010"),
        ("91110000600037341L", None),
        ("91350100M000100Y43", None),
    ],
)
def test_a_right_credit_code_is_taken_apart(code: str, inner: str | None) -> None:
    found = rules.check_credit_code(code)
    assert found.code == code
    assert found.region == code[2:8]
    if inner:
        assert rules.check_organisation_code(found.organisation_code) == inner


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "没有填写"),
        ("11330881002631017X", "第18位（校验码）"),
        ("1133O8810026310171", "第5位是“O”.*不用字母I、O、S、V、Z"),
        ("11330881002631017", "应为18位，您填写的是17位"),
        ("11330A810026310171", "第6位是“A”，第3至8位是登记机关的区划代码"),
        ("113308810026310184", "第9至17位（组织机构代码）自身的校验码不对"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_place(code: str, reason: str) -> None:
    with pytest.raises(rules.CreditCodeError, match=reason):
        rules.check_credit_code(code)


def test_a_lower_case_credit_code_is_normalised_first() -> None:
    assert rules.check_credit_code("11330800mb0r57773w").code == "11330800MB0R57773W"


@pytest.mark.parametrize(
    "code", ["00263101-7", "MB0R5777-3", "00264556-6", "00435901-0", "002631017"]
)
def test_a_right_organisation_code_is_taken_with_or_without_hyphen(code: str) -> None:
    assert rules.check_organisation_code(code) == code.replace("-", "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("00263101-8", "第9位（校验码）"),
        ("0026310-7", "应为9位，您填写的是8位"),
        ("0026310#7", "第8位是“#”"),
    ],
)
def test_a_wrong_organisation_code_is_refused(code: str, reason: str) -> None:
    with pytest.raises(rules.OrganisationCodeError, match=reason):
        rules.check_organisation_code(code)


@pytest.mark.parametrize(
    ("code", "level", "parents"),
    [
        ("330000000000", "province", []),
        ("330800", "city", ["330000000000"]),
        ("330881", "county", ["330000000000", "330800000000"]),
        ("330881001", "township", ["330000000000", "330800000000", "330881000000"]),
        (
            "330881001001",
            "village",
            ["330000000000", "330800000000", "330881000000", "330881001000"],
        ),
        ("441900003", "township", ["440000000000", "441900000000"]),
        ("３３０８８１００００００", "county", ["330000000000", "330800000000"]),
    ],
)
def test_the_shape_of_a_region_code_tells_its_level(
    code: str, level: str, parents: list[str]
) -> None:
    found = rules.check_region_code(code)
    assert (found.level.value, found.parents) == (level, parents)
    assert len(found.code) == 12


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("33088", "应为6位"),
        ("33088A", "第6位是“A”"),
        ("030881", "第1位不能是0"),
        ("330881000001", "第7至9位"),
        ("330081", "第3至4位"),
    ],
)
def test_a_wrong_region_code_is_refused(code: str, reason: str) -> None:
    with pytest.raises(rules.RegionCodeError, match=reason):
        rules.check_region_code(code)


@dataclass
class Name:
    position: int
    valid_from: date | None = None
    valid_to: date | None = None


def test_a_later_name_of_unknown_date_does_not_hide_the_first() -> None:
    first, later = Name(1), Name(2)
    assert rules.name_on([later, first], TODAY) is first


def test_a_later_name_of_known_date_holds_from_that_day() -> None:
    first, later = Name(1), Name(2, valid_from=date(2014, 1, 1))
    assert rules.name_on([first, later], date(2013, 12, 31)) is first
    assert rules.name_on([first, later], date(2014, 1, 1)) is later


def test_a_name_that_ended_is_left_for_the_next() -> None:
    first, later = Name(1, valid_to=date(2014, 5, 1)), Name(2)
    assert rules.name_on([first, later], date(2014, 5, 1)) is first
    assert rules.name_on([first, later], date(2014, 5, 2)) is later


def test_outside_all_known_days_the_first_name_stands_in() -> None:
    only = Name(1, valid_from=date(2014, 1, 1))
    assert rules.name_on([only], date(2000, 1, 1)) is only
    assert rules.name_on([], TODAY) is None


@pytest.mark.parametrize(
    ("village", "name"),
    [
        ("民声社区", "民声社区便民服务站"),
        ("双溪口村委会", "双溪口村便民服务站"),
        ("平棋村民委员会", "平棋村便民服务站"),
        ("新叶村村民委员会", "新叶村便民服务站"),
        ("新塘边居民委员会", "新塘边便民服务站"),
    ],
)
def test_a_service_point_is_named_after_its_village(village: str, name: str) -> None:
    assert rules.service_point_name(village) == name
