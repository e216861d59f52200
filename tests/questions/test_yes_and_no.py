"""A question is answered in its own words."""

import pytest

from mingtang.questions.rules import yes_and_no


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("有没有红绿灯", ("有", "没有")),
        ("25 米以内有没有公厕、垃圾站或者猪圈鸡舍", ("有", "没有")),
        ("凉菜是不是在单独的小间里做", ("是", "不是")),
        ("会不会挡住别人家的门", ("会", "不会")),
        ("要不要纸的营业执照", ("要", "不要")),
        ("这个地方接得上自来水吗", ("是", "否")),
        ("", ("是", "否")),
    ],
)
def test_the_two_answers_are_those_that_it_asks_for(title, words):
    assert yes_and_no(title) == words
