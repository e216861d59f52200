"""A security key in a real browser, with the key that Chromium plays: registered beside the phone,
it signs in and shows who it is; without it the phone still does."""

import base64
import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from mingtang.accounts import totp
from tests.e2e.conftest import FIRST_PASSWORD, PASSWORD, PATIENCE, City, set_own_password

pytestmark = pytest.mark.e2e


def _code(secret: bytes) -> str:
    """Of the present step; near its end that of the next one, which is taken as well."""
    return totp.code(secret, totp.step_of(datetime.fromtimestamp(time.time() + 3, UTC)))


def play(browser: Browser, url: str, username: str) -> None:
    """The whole story at a site, which a browser must know by a name."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False}
    options = {**key, "hasUserVerification": False, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def give_password(password: str = PASSWORD) -> None:
        page.goto(f"{url}/sign-in/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码", exact=True).fill(password)
        page.locator("form.card button[type=submit]").click()

    give_password(FIRST_PASSWORD)
    page.goto(f"{url}/today/")
    set_own_password(page)
    page.goto(f"{url}/account/factor/")
    written = re.sub(r"\s", "", page.locator("main code").first.inner_text())
    secret = base64.b32decode(written)
    page.get_by_label("手机上显示的 6 位数字").fill(_code(secret))
    page.get_by_label("您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_text("恢复码：只显示这一次")).to_be_visible()
    page.goto(f"{url}/account/factor/")
    page.get_by_label("给这把密钥起个名字").fill("蓝色 U 盘钥匙")
    page.get_by_role("button", name="登记密钥").click()
    expect(page.get_by_text("密钥已登记")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    give_password()
    page.get_by_role("button", name="用安全密钥").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.goto(f"{url}/account/factor/")
    expect(page.get_by_text("上次使用")).to_be_visible()
    page.get_by_role("button", name="移除 蓝色 U 盘钥匙").click()
    expect(page.get_by_text("密钥已移除")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    give_password()
    expect(page.get_by_label("验证码")).to_be_visible()
    expect(page.get_by_role("button", name="用安全密钥")).to_have_count(0)
    page.context.close()


def test_a_key_beside_the_phone(city: City, browser: Browser) -> None:
    play(browser, city.url.replace("127.0.0.1", "localhost"), "keyholder")
