"""Uploads in the browser: in pieces, over a line that breaks, after a reload, without a script."""

import json
import os
import random
import subprocess
import sys
from hashlib import sha256

import pytest
from playwright.sync_api import expect

from mingtang.files.inspectors.images import PNG_EFFORT
from tests import papers
from tests.e2e.conftest import _free_port, _wait_until_it_answers
from tests.files.corpus.packages import xlsx
from tests.files.corpus.pictures import encoded, picture

pytestmark = pytest.mark.e2e
CLEAN = encoded(picture(size=(1600, 1200)), "PNG", compress_level=PNG_EFFORT)
LARGE = CLEAN + random.Random(5).randbytes(3_000_000)  # what hides behind a picture stays outside
FILE = {"name": "位置图.png", "mimeType": "image/png", "buffer": LARGE}


SERVE = """
import sys
import django
django.setup()
from tests.e2e.upload_page import serve
serve(int(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The house with one page more, in a process of its own."""
    port = _free_port()
    home = tmp_path_factory.mktemp("uploading")
    environment = {**os.environ, "MINGTANG_HOME": str(home)}
    environment["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.test"
    for name in ("DATABASE_URL", "MINGTANG_NODE"):
        environment.pop(name, None)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}/try/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def visit(site, browser):
    contexts = []

    def open_page(query="", **how):
        context = browser.new_context(**how)
        contexts.append(context)
        page = context.new_page()
        problems = []
        page.on(
            "console",
            lambda said: problems.append(said.text) if "Content Security" in said.text else 0,
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.problems = problems
        page.goto(f"{site}/try/{query}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def handed_in(page):
    """What the server says it has after the form was sent."""
    page.get_by_role("button", name="提交").click()
    expect(page.locator("body")).to_contain_text('"kept"')  # also while one page follows another
    assert [said for said in page.problems if "net::ERR" not in said and "422" not in said] == []
    return json.loads(page.inner_text("body"))


def test_a_file_goes_up_in_pieces_and_the_form_hands_it_in(visit):
    page, pieces = visit(), []
    page.on("request", lambda asked: pieces.append(asked) if asked.method == "PATCH" else 0)
    page.set_input_files("#f", FILE)
    expect(page.get_by_role("status")).to_have_text("“位置图.png”已上传。", timeout=30_000)
    assert len(pieces) >= 3
    said = handed_in(page)
    [[name, digest, size]] = said["kept"]
    assert (name, said["whole"]) == ("位置图.png", 0)
    assert (digest, size) == (sha256(CLEAN).hexdigest(), len(CLEAN))


def test_the_line_breaks_and_comes_back(visit):
    page = visit()
    offsets, state = [], {"down": False}

    def pass_on(route):
        asked = route.request
        if asked.method == "PATCH":
            offsets.append(int(asked.headers["upload-offset"]))
            if len(offsets) == 3:
                state["down"] = True
        if state["down"]:
            route.abort("connectionfailed")
        else:
            route.continue_()

    page.route("**/uploads/**", pass_on)
    page.set_input_files("#f", FILE)
    expect(page.get_by_role("status")).to_contain_text("网络断了", timeout=30_000)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("还没有传完")
    state["down"] = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("status")).to_have_text("“位置图.png”已上传。", timeout=30_000)
    assert offsets[3] == offsets[2] > 0  # nothing was sent twice
    assert handed_in(page)["whole"] == 0


def test_an_answer_that_is_lost_does_not_send_the_piece_twice(visit):
    page, offsets = visit(), []

    def lose(route):
        if route.request.method == "PATCH":
            offsets.append(int(route.request.headers["upload-offset"]))
            if len(offsets) == 2:
                route.fetch()  # it arrives, and the answer does not
                return route.abort("connectionreset")
        return route.continue_()

    page.route("**/uploads/**", lose)
    page.set_input_files("#f", FILE)
    expect(page.get_by_role("status")).to_have_text("“位置图.png”已上传。", timeout=30_000)
    assert offsets == sorted(set(offsets))
    assert handed_in(page)["kept"]


def test_after_a_reload_the_same_file_goes_on_where_it_was(visit, tmp_path):
    path = tmp_path / "位置图.png"
    path.write_bytes(LARGE)
    page, state = visit(), {"down": False, "sent": 0}

    def stop_half_way(route):
        if route.request.method == "PATCH":
            state["sent"] += 1
            state["down"] = state["down"] or state["sent"] > 3
        return route.abort("connectionfailed") if state["down"] else route.continue_()

    page.route("**/uploads/**", stop_half_way)
    page.set_input_files("#f", path)
    expect(page.get_by_role("status")).to_contain_text("网络断了", timeout=30_000)
    page.unroute("**/uploads/**")
    page.reload()
    offsets = []
    page.on(
        "request",
        lambda asked: (
            offsets.append(int(asked.headers["upload-offset"])) if asked.method == "PATCH" else 0
        ),
    )
    page.set_input_files("#f", path)
    expect(page.get_by_role("status")).to_have_text("“位置图.png”已上传。", timeout=30_000)
    assert offsets[0] > 0
    assert handed_in(page)["whole"] == 0


def test_a_refused_file_says_why_and_another_takes_its_place(visit):
    page = visit()
    page.set_input_files("#f", {**FILE, "name": "表.pdf", "buffer": b"%PDF-1.4 nothing"})
    expect(page.locator(".uploads__line--wrong")).to_contain_text("打不开")
    assert not page.evaluate("document.querySelector('form').checkValidity()")
    page.set_input_files("#f", {**FILE, "name": "表.pdf", "buffer": papers.pdf()})
    expect(page.get_by_role("status")).to_have_text("“表.pdf”已上传。")
    expect(page.locator(".uploads__line")).to_have_count(1)
    assert [name for name, *_ in handed_in(page)["kept"]] == ["表.pdf"]


def test_cancelled_it_is_gone_from_the_server_too(visit):
    page = visit()
    page.set_input_files("#f", {**FILE, "name": "表.pdf", "buffer": papers.pdf()})
    expect(page.get_by_role("status")).to_have_text("“表.pdf”已上传。")
    page.keyboard.press("Tab")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="取消上传 表.pdf").click()
    expect(page.get_by_role("status")).to_have_text("已取消“表.pdf”。")
    assert not page.evaluate("document.querySelector('form').checkValidity()")


def test_several_files(visit):
    page = visit("?several")
    files = [{**FILE, "name": f"图{shade}.png", "buffer": papers.png(shade)} for shade in (1, 2, 3)]
    page.set_input_files("#f", files[:2])
    expect(page.locator(".uploads__line input")).to_have_count(2)
    page.set_input_files("#f", files[2:])
    expect(page.locator(".uploads__line input")).to_have_count(3)
    kept = handed_in(page)["kept"]
    assert sorted(name for name, *_ in kept) == ["图1.png", "图2.png", "图3.png"]


def test_without_a_script_the_form_sends_the_file(visit):
    page = visit(java_script_enabled=False)
    page.set_input_files("#f", {**FILE, "name": "表.xlsx", "buffer": xlsx(3)})
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text('"whole": 1')).to_be_visible()
    assert "表.xlsx" in json.loads(page.inner_text("body"))["kept"][0][0]


def test_how_it_looks(visit, tmp_path):
    folder = os.environ.get("MINGTANG_PICTURES") or tmp_path
    for name, width in (("desktop", 1280), ("phone", 390)):
        page = visit("?several", viewport={"width": width, "height": 700})
        page.route("**/uploads/*/", lambda route: route.abort("connectionfailed"))
        page.set_input_files("#f", [FILE, {**FILE, "name": "很长" * 30 + ".pdf"}])
        expect(page.get_by_text("网络断了").first).to_be_visible()
        page.unroute("**/uploads/*/")
        page.set_input_files("#f", {**FILE, "name": "表.pdf", "buffer": b"%PDF-1.4 nothing"})
        # the two from before try again by themselves, and may be refused by now
        expect(page.locator(".uploads__line--wrong", has_text="表.pdf")).to_be_visible()
        page.screenshot(path=f"{folder}/upload-{name}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
