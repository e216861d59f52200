"""Where much came from one address: a browser works for a second and the lookup goes on; without
scripts the page says how to wait, and what was typed stays."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

ONE_MORE = (
    "INSERT INTO accounts_attempt (id, purpose, key, at) SELECT id + ?, purpose, key, at"
    " FROM accounts_attempt WHERE purpose = 'lookup_source' ORDER BY id DESC LIMIT 1"
)


@pytest.fixture
def database(city):
    address = str(city.home / "mingtang.sqlite3")
    with closing(sqlite3.connect(address, timeout=30, isolation_level=None)) as opened:
        yield opened
        opened.execute("DELETE FROM accounts_attempt")


def ask(visitor) -> None:
    visitor.open("/progress/")
    visitor.page.fill("input[name=number]", "330881016261114000001")
    visitor.page.fill("input[name=code]", "AAAA-BBBB-CC")
    visitor.press("查询")


def test_a_browser_works_and_who_cannot_is_told_to_wait(visitor, database):
    plain, quick = visitor(width=390, scripts=False), visitor(width=390)
    ask(plain)
    assert "不正确" in plain.page.inner_text("main")
    for number in range(1, 60):
        database.execute(ONE_MORE, [number])
    ask(plain)
    assert "请过 15 分钟再按下面的按钮" in plain.page.inner_text("main")
    assert plain.page.input_value("input[name=number]") == "330881016261114000001"
    ask(quick)
    expect(quick.page.get_by_role("status").filter(has_text="核对好了")).to_be_visible()
    quick.picture("puzzle-390")
    quick.press("查询")
    assert "不正确" in quick.page.inner_text("main")
