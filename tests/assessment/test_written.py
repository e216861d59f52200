"""Schemes as YAML: there and back, read by another reader, refused line by line."""

import contextlib
from dataclasses import replace

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.assessment.rules.plain_yaml import BadYaml, dump, load
from mingtang.assessment.rules.schemes import BadScheme, RedFlag, Star
from mingtang.assessment.rules.written import read, spelt, written
from tests.assessment.schemes import D, deduct, manual, scheme, steps

WHOLE = scheme(
    deduct("late", "0.50", "15", floor=D(-5), basis="细则：第三条 # 不是注释"),
    steps("on_time", "10", ("0.9", "0.95", "5"), ("0.95", None, "10"), empty="full_marks"),
    manual("tidy", "5"),
    bands=(50, 200), stars=(Star(5, D(95), 3), Star(4, D(90))), head_share=D("0.5"),
    red_flag=RedFlag(3, D("95.5")),
    note='他说："是"\n第二行', basis="yes",
)  # fmt: skip
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t:#-\"' "))


def values(leaves):
    inner = st.dictionaries(KEYS, leaves | st.lists(leaves, min_size=1), min_size=1, max_size=4)
    return st.dictionaries(
        KEYS, leaves | st.lists(inner, min_size=1, max_size=3) | inner, min_size=1, max_size=4
    )


def test_a_scheme_comes_back_as_it_was():
    assert read(load(dump(written(WHOLE)))) == WHOLE


@PATIENT
@given(values(TEXTS))
def test_whatever_is_written_is_read_back(value):
    assert load(dump(value)) == value


@pytest.mark.slow
@PATIENT
@given(values(TEXTS))
def test_another_yaml_reader_reads_the_same(value):
    assert yaml.load(dump(value), Loader=yaml.BaseLoader) == value


def test_what_another_writer_wrote_is_read():
    text = yaml.dump(written(WHOLE), allow_unicode=True, sort_keys=False, width=10_000)
    assert "'0.5'" in text  # in single quotes, which are not how we write
    assert read(load(text.replace("'他说：\"是\"\n\n  第二行'", '"x"'))) == replace(WHOLE, note="x")
    with pytest.raises(BadYaml, match="第 1 行"):
        load('"code": "quoted names are none of ours"')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "空的"),
        ("a: 1\na: 2", "第 2 行：“a”写了两次"),
        ("a:\n\tb: 1", "制表符"),
        ("a: [1, 2]", "不支持以“[”开头"),
        ("a: &x 1", "不支持"),
        ("a: !!python/object:os.system x", "不支持"),
        ('a: "never ends', "没有写完"),
        ('a: "b" c', "后面还有文字"),
        ("just text", "名称: 内容"),
        ("a: 1\n   b: 2", "缩进"),
        ("a:\n  -", "没有内容"),
        ("x" * 100_001, "超过"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text, said):
    with pytest.raises(BadYaml, match=said.replace("[", r"\[")):
        load(text)


def test_depth_ends():
    deep = "\n".join(" " * n + "a:" for n in range(400))
    with pytest.raises(BadYaml, match="太深"):
        load(deep)


def test_comments_and_empty_lines_say_nothing():
    assert load('# 说明\n\na: 1 # 一\nb: "x # y" # z\n') == {"a": "1", "b": "x # y"}


@PATIENT
@given(st.text())
def test_any_text_is_read_or_refused_never_a_crash(text):
    with contextlib.suppress(BadYaml, BadScheme):
        read(load(text))


def test_every_place_that_cannot_be_read_is_told():
    text = written(WHOLE) | {"full": "hundred", "colour": "red", "bands": "50", "stars": ["x"]}
    text["indicators"][0] |= {"weight": "much", "speed": "1"}
    with pytest.raises(BadScheme) as refused:
        read(text)
    told = str(refused.value)
    for word in ("hundred", "colour", "bands", "星级", "much", "speed"):
        assert word in told


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e9", "0.00001", "", "１２a"])
def test_no_number_that_is_none(number):
    with pytest.raises(BadScheme):
        read(written(WHOLE) | {"full": number})


@pytest.mark.parametrize(("number", "text"), [("0.30", "0.3"), ("100", "100"), ("1E+2", "100")])
def test_numbers_are_spelt_short(number, text):
    assert spelt(D(number)) == text


@pytest.mark.parametrize(
    "text", ["a\u2028b", "a\x85b", "\ufeff", "a\r\nb", "𠮷", "yes", "1.0", " x "]
)
def test_what_other_readers_take_for_something_else_is_spelt_out(text):
    assert load(dump({"a": text})) == {"a": text}
    assert yaml.load(dump({"a": text}), Loader=yaml.BaseLoader) == {"a": text}
