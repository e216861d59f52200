"""The public section: what is public is found, read, fed and printed; nothing else is."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.base.errors import Conflict
from mingtang.channels.models import Release
from mingtang.disclosure import bundle, search, services
from mingtang.disclosure.services.counting import count_out
from mingtang.files.services import store
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from tests.disclosure.conftest import CONTENT
from tests.files.corpus.pictures import encoded, picture
from tests.world import new_command_id

pytestmark = pytest.mark.once

LATER = timedelta(hours=1)
PNG = encoded(picture(), "PNG")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def told(office):
    """Publish, and let the followers hear of it."""

    def publish(**more):
        item = office.published(**more)
        deliver_all(office.at + LATER)
        return item

    return publish


def page(client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


@pytest.fixture
def hidden(office, told):
    """One of each that must never be seen, with a word that only they hold."""
    office.draft(title="暗号一 草稿")
    office.submit(office.draft(title="暗号二 待审"))
    kept = office.approved(title="暗号三", attribute="withheld", withheld_reason="涉及第三方权益")
    services.keep(**office.bound(kept), **office.by(office.head, 4))
    gone = told(title="暗号四 已撤")
    services.take_down(publication_id=gone.id, reason="内容有误", **office.by(office.head, 5))
    item = told(title="公开的标题", body="公开的正文")
    services.revise(
        **office.bound(item),
        content=office_content(title="暗号五 新稿"),
        **office.by(office.contact, 6),
    )
    deliver_all(office.at + LATER)
    return [kept, gone]


def office_content(**more):
    return replace(CONTENT, **more)


PLACES = (
    *("/disclosure/", "/disclosure/search/", "/disclosure/columns/work/", "/disclosure/feed.xml"),
    *("/disclosure/categories/20-13/", "/disclosure/columns/work/feed.xml", "/"),
)


@pytest.mark.parametrize("path", PLACES)
def test_only_what_is_public_is_shown(client, hidden, path):
    shown = page(client, path)
    assert "公开的标题" in shown or path == "/"
    assert "暗号" not in shown


@pytest.mark.both
def test_what_is_not_public_is_not_found(client, hidden, office):
    for item in hidden:
        for path in ("", "sheet.pdf", "files/1/"):
            assert client.get(f"/disclosure/items/{item.id}/{path}").status_code == 404
    found = page(client, "/disclosure/search/", q="暗号")
    assert not [number for number in "一二三四五" if f"暗号{number}" in found]
    code = office.organ.code
    for path in (f"/disclosure/organs/{code}/", f"/disclosure/organs/{code}/feed.xml"):
        assert "暗号" not in page(client, path)


def _publish_anew(office, item, title: str, minutes: int) -> None:
    changed = office_content(title=title)
    services.revise(**office.bound(item), content=changed, **office.by(office.contact, minutes))
    services.submit(**office.bound(item), **office.by(office.contact, minutes + 1))
    services.review(**office.bound(item), **office.by(office.head, minutes + 2))
    services.publish(**office.bound(item), **office.by(office.head, minutes + 3))
    deliver_all(office.at + LATER)


def _off_by_taking_down(office, item) -> None:
    services.take_down(publication_id=item.id, reason="有个人信息", **office.by(office.head, 5))


def _off_by_keeping(office, item) -> None:
    changed = office_content(title="不公开", attribute="withheld", withheld_reason="涉及个人隐私")
    services.revise(**office.bound(item), content=changed, **office.by(office.contact, 5))
    services.submit(**office.bound(item), **office.by(office.contact, 6))
    services.review(**office.bound(item), **office.by(office.head, 7))
    services.keep(**office.bound(item), **office.by(office.head, 8))


@pytest.mark.parametrize("take_off", [_off_by_taking_down, _off_by_keeping])
def test_a_title_that_was_taken_off_stays_off(client, office, told, tmp_path, take_off):
    item = told(title="王小芳救助金的公示")
    take_off(office, item)
    _publish_anew(office, item, "救助金的公示", 10)
    _publish_anew(office, item, "救助金的公示（更正）", 20)
    shown = page(client, f"/disclosure/items/{item.id}/")
    for number in (1, 2, 3) if take_off is _off_by_taking_down else (1, 3, 4):
        assert f"第 {number} 版" in shown
    assert " · 救助金的公示</li>" in shown, "what was not taken off is told with its title"
    everywhere = [shown, *(page(client, path) for path in PLACES)]
    found = page(client, "/disclosure/search/", q="救助金")
    assert "救助金的公示（更正）" in found
    bundle.make(tmp_path / "mirror", site="", on=date(2013, 9, 17))
    everywhere += [found, *(one.read_text() for one in (tmp_path / "mirror").rglob("*.html"))]
    assert not [one for one in everywhere if "王小芳" in one]


def test_an_item_tells_all_of_its_head(client, office, told):
    item = told(
        document_number="江水〔2013〕7号",
        keywords="饮用水,检查",
        basis="《条例》第二十条",
        validity="valid",
        valid_until=date(2015, 12, 31),
        body="## 一、范围\n\n各乡镇。\n\n- 水源\n- 管网\n\n| 村 | 日期 |\n| 和平 | 9月 |",
    )
    services.add_old_number(
        publication_id=item.id, number="01527918X-2010-153077", **office.by(office.head, 9)
    )
    shown = page(client, f"/disclosure/items/{item.id}/")
    for text in (
        *("330881016/2013-00001", "水利", "通知", "江水〔2013〕7号", "2013年9月10日"),
        *("2013年9月17日", "有效", "2015年12月31日", "工作信息", "全社会", "饮用水,检查"),
        *("01527918X-2010-153077", "<h2>一、范围</h2>", "<li>水源</li>", "<td>和平</td>"),
    ):
        assert text in shown
    for name, value in (
        *(("ArticleTitle", CONTENT.title), ("ContentSource", "市水利局")),
        *(("Keywords", "饮用水,检查"), ("ColumnName", "工作信息"), ("SiteName", "江山市政务服务")),
    ):
        assert f'<meta name="{name}" content="{value}">' in shown
    assert '<meta name="PubDate" content="2013-09-17 ' in shown
    assert '<meta name="SiteDomain"' in shown


def test_the_code_of_the_site_is_on_every_page_once_it_is_known(client, told, settings):
    told()
    assert "SiteIDCode" not in page(client, "/disclosure/")
    settings.MINGTANG_SITE_ID_CODE = "3308810001"
    for path in ("/", "/disclosure/", "/disclosure/columns/work/"):
        assert '<meta name="SiteIDCode" content="3308810001">' in page(client, path)
    shown = page(client, "/disclosure/columns/work/")
    assert '<meta name="ColumnType" content="工作动态">' in shown


def test_a_text_is_text(client, told):
    item = told(title="<script>alert(1)</script>", body="<b>粗</b> & 细")
    shown = page(client, f"/disclosure/items/{item.id}/")
    assert "<script>alert" not in shown
    assert "&lt;b&gt;粗&lt;/b&gt; &amp; 细" in shown


WORDS = ("饮用水工程检查", "饮用", "水", "yysgc", "江水〔2013〕7号", "检查")


@pytest.mark.parametrize("words", WORDS)
def test_it_is_found_by_words_of_any_length(client, told, words):
    told(document_number="江水〔2013〕7号")
    told(title="人事任免", body="任命", column="personnel", theme="人事", source="", category="")
    shown = page(client, "/disclosure/search/", q=words)
    assert CONTENT.title in shown
    assert "人事任免" not in shown


def test_a_number_leads_to_its_item(client, office, told):
    item = told()
    services.add_old_number(
        publication_id=item.id, number="01527918X-2010-153077", **office.by(office.head, 9)
    )
    for number in (item.index_number, "01527918X-2010-153077"):
        answer = client.get("/disclosure/search/", {"q": number})
        assert answer.headers["Location"] == f"/disclosure/items/{item.id}/"


@pytest.mark.both
def test_facets_narrow_and_days_too(client, office, told):
    told(title="九月的通知")
    office.at = office.at.replace(month=11)
    told(title="十一月的报告", genre="report", column="policy", formed_date=date(2013, 11, 1))
    shown = page(client, "/disclosure/search/", genre="report")
    assert "十一月的报告" in shown
    assert "九月的通知" not in shown
    for query in ({"since": "2013-10-01"}, {"q": "的", "since": "2013-10-01"}):
        found = page(client, "/disclosure/search/", **query)
        assert "十一月的报告" in found
        assert "九月的通知" not in found
        assert "共 1 条" in found
    earlier = page(client, "/disclosure/search/", until="2013-09-17", q="的")
    assert "九月的通知" in earlier
    assert "十一月的报告" not in earlier
    both = page(client, "/disclosure/search/", since="2013-09-17", until="2013-11-17")
    assert "共 2 条" in both
    assert "共 2 条" in page(client, "/disclosure/search/", since="昨天", organ="abc")


@pytest.mark.both
@pytest.mark.parametrize("key", ["theme", "category", "genre", "column"])
def test_no_database_is_asked_for_control_codes(client, told, key):
    shown = page(client, "/disclosure/search/", **{key: "\0水利"})
    assert "\0" not in shown


@pytest.mark.slow
@pytest.mark.both
def test_a_long_list_has_pages(client, office, told):
    for number in range(21):
        office.published(title=f"第{number:02}号通知")
    deliver_all(office.at + LATER)
    for path in ("/disclosure/columns/work/", "/disclosure/search/?q=通知"):
        seen: set[str] = set()
        here = path
        for _page in range(3):
            shown = client.get(here).content.decode()
            seen |= {f"第{n:02}号" for n in range(21) if f"第{n:02}号" in shown}
            if 'rel="next"' not in shown:
                break
            onward = shown.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
            here = path.partition("?")[0] + onward.replace("&amp;", "&")
        assert len(seen) == 21, path


@pytest.mark.slow
@pytest.mark.both
def test_it_costs_the_same_with_more_items(client, office, told):
    def counts() -> list[int]:
        found = []
        for path in (*PLACES, f"/disclosure/organs/{office.organ.code}/"):
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                page(client, path)
            found.append(len(captured))
        return found

    told()
    few = counts()
    for number in range(8):
        office.published(title=f"又一条{number}")
    deliver_all(office.at + LATER)
    assert counts() == few
    assert max(few[:-2]) <= 10


def test_the_feed_is_atom_and_asked_again_says_nothing_new(client, told, office):
    item = told()
    answer = client.get("/disclosure/feed.xml")
    assert "Cookie" in answer.headers["Vary"]  # by which the language is chosen
    tree = ET.fromstring(answer.content)
    (entry,) = tree.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == CONTENT.title
    assert entry.find(f"{ATOM}link").get("href").endswith(f"/disclosure/items/{item.id}/")
    again = client.get("/disclosure/feed.xml", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    told(title="新的一条")
    newer = client.get("/disclosure/feed.xml", headers={"If-None-Match": answer.headers["ETag"]})
    assert newer.status_code == 200
    assert client.get("/disclosure/columns/nothing/feed.xml").status_code == 404


def test_a_feed_without_an_item_far_down_is_another_feed(client, told, office):
    first, *_later = [told(title=f"第{number}号通知") for number in range(5)]
    answer = client.get("/disclosure/feed.xml")
    assert "第0号通知" in answer.content.decode()
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/disclosure/feed.xml", headers=known).status_code == 304
    services.take_down(publication_id=first.id, reason="误发", **office.by(office.head, 5))
    since = {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}
    for headers in (known, since):
        again = client.get("/disclosure/feed.xml", headers=headers)
        assert again.status_code == 200
        assert "第0号通知" not in again.content.decode()


def test_each_feed_and_language_has_its_own_tag(client, told):
    told()
    paths = ("/disclosure/feed.xml", "/disclosure/columns/work/feed.xml")
    tags = [client.get(path).headers["ETag"] for path in paths]
    client.cookies["mt_language"] = "en"
    tags += [client.get(path).headers["ETag"] for path in paths]
    assert len(set(tags)) == 4


@pytest.mark.both
def test_the_section_names_its_five_parts_even_when_it_is_empty(client, db):
    shown = page(client, "/disclosure/")
    for part in ("指南", "制度", "法定主动公开内容", "年报", "依申请公开", "还没有公开的信息"):
        assert part in shown
    assert "国务院令第711号" in page(client, "/disclosure/system/")
    assert "索引号" in page(client, "/disclosure/guide/")
    assert client.get("/disclosure/columns/nothing/").status_code == 404
    assert client.get("/disclosure/categories/20-99/").status_code == 404
    assert client.get("/disclosure/organs/nobody/").status_code == 404
    assert client.get("/disclosure/items/abc/").status_code == 404


def test_english_has_the_section_too(client, told):
    item = told()
    client.cookies["mt_language"] = "en"
    assert "Open government information" in page(client, "/disclosure/")
    assert "Index number" in page(client, f"/disclosure/items/{item.id}/")


@pytest.mark.slow
def test_the_sheet_for_the_board_is_a_pdf(client, told, pdf_machine):
    item = told()
    answer = client.get(f"/disclosure/items/{item.id}/sheet.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_file_of_an_item_is_given_and_of_no_other(client, office, told):
    png = SimpleUploadedFile("名单.png", PNG)
    item = told(files=[store(png, command_id=new_command_id())])
    other = told(title="另一条")
    (file,) = item.published_version.attachments
    answer = client.get(f"/disclosure/items/{item.id}/files/{file['upload_id']}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    wrong = client.get(f"/disclosure/items/{other.id}/files/{file['upload_id']}/")
    assert wrong.status_code == 404


# ── what counts itself ────────────────────────────────────────────────────────────────────────


def rows(channel: str) -> list[Release]:
    return list(Release.objects.filter(channel__code=channel).order_by("id"))


@pytest.mark.both
def test_a_feed_counts_once_for_each_content(office, told, client):
    item = told()
    assert [row.is_automatic for row in rows("feed")] == [True]
    client.get("/disclosure/feed.xml")
    client.get(f"/disclosure/items/{item.id}/")
    deliver_all(office.at + LATER)
    assert len(rows("feed")) == len(rows("site")) == 1
    services.revise(
        **office.bound(item),
        content=office_content(title="改过的标题"),
        **office.by(office.contact, 6),
    )
    office.publish(office.review(office.submit(office.item(item.id))))
    deliver_all(office.at + LATER)
    assert len(rows("feed")) == 2


@pytest.mark.slow
def test_a_bundle_holds_all_that_is_public_and_counts_once(office, told, hidden, tmp_path, capsys):
    out = tmp_path / "mirror"
    item = told(files=[store(SimpleUploadedFile("图.png", PNG), command_id=new_command_id())])
    call_command("bundle", out=out, site="https://hall.example")
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["items"] == 2
    assert bundle.broken(out) == []
    everything = "".join(one.read_text() for one in out.rglob("*.html"))
    assert CONTENT.title in everything
    assert "暗号" not in everything
    assert '<meta name="ArticleTitle"' in everything
    assert len(list(out.glob(f"files/{item.id}/*.png"))) == 1
    for one in out.rglob("*.html"):
        for link in one.read_text().split('href="')[1:]:
            target = link.split('"')[0]
            assert (one.parent / target).resolve().exists(), (one, target)
    assert len(rows("bundle")) == 2
    before = {path: one["sha256"] for path, one in manifest["files"].items()}
    call_command("bundle", out=out, site="https://hall.example")
    after = json.loads((out / "manifest.json").read_text())["files"]
    assert {path: one["sha256"] for path, one in after.items()} == before
    assert len(rows("bundle")) == 2
    assert "0 条首次计入" in capsys.readouterr().out


def test_what_was_taken_down_leaves_the_bundle(office, told, tmp_path):
    out = tmp_path / "mirror"
    item = told()
    bundle.make(out, site="", on=date(2013, 9, 17))
    assert (out / "items" / f"{item.id}.html").exists()
    services.take_down(publication_id=item.id, reason="内容有误", **office.by(office.head, 5))
    bundle.make(out, site="", on=date(2013, 9, 17))
    assert not (out / "items" / f"{item.id}.html").exists()


def test_a_bundle_touches_no_folder_of_others(told, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(Conflict):
        bundle.make(tmp_path, site="", on=date(2013, 9, 17))
    assert (tmp_path / "mine.txt").read_text() == "x"


def test_a_bundle_that_was_changed_is_told(told, tmp_path, capsys):
    told()
    out = tmp_path / "mirror"
    bundle.make(out, site="", on=date(2013, 9, 17))
    call_command("bundle", out=out, check=True)
    (out / "index.html").write_text("别的")
    with pytest.raises(SystemExit):
        call_command("bundle", out=out, check=True)
    assert "index.html" in capsys.readouterr().out


def test_nothing_is_counted_on_a_channel_that_the_city_has_not(office, told):
    item = told()
    done = count_out(
        channel="nothing",
        publication_ids=[str(item.id)],
        actor=SYSTEM,
        at=office.at,
        command_id=new_command_id(),
    )
    assert done == {"counted": 0}


def test_the_index_can_be_made_anew(client, told):
    told()
    search.search.clear(search.KIND)
    assert CONTENT.title not in page(client, "/disclosure/search/", q="饮用水")
    call_command("reindex")
    assert CONTENT.title in page(client, "/disclosure/search/", q="饮用水")


def test_requests_stand_behind_their_door(client, db):
    shown = page(client, "/disclosure/")
    assert shown.count('href="/requests/"') == 2
    assert "申请公开政府信息" in shown
    assert client.get("/requests/").status_code == 200
