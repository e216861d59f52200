"""Pages of television: what is out and nothing else, links that lead somewhere, files that hold."""

import base64
import hashlib
import re
import zipfile
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from mingtang.channels.models import Release
from mingtang.channels.services import load_shipped
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.tv import bundle
from mingtang.tv.pages import Set
from mingtang.tv.rules import SIZES
from mingtang.tv.rules.keys import parse
from mingtang.tv.services import hand_over, sweep
from mingtang.villages.models import Disclosure
from tests.villages.hamlet import FIRST, TOWN, Hamlet
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
LATER = morning(2013, 9, 17)
HREF = re.compile(r'href="([^"]+)"')


def files_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_account_that_is_out_stands_on_television_line_by_line(
    hamlet: Hamlet, client: Client
) -> None:
    one = hamlet.account_out()
    for size in SIZES:
        page = client.get(f"/tv/{size}/e-{one.id}.html")
        text = page.content.decode()
        assert page.status_code == 200
        assert "公共厕所电费" in text
        assert "500.00" in text
        assert f'content="{SIZES[size].view_size}"' in text
        (style,) = re.findall("<style>(.*?)</style>", text)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}';" in page["Content-Security-Policy"]
        assert "unsafe" not in page["Content-Security-Policy"]
        assert "style=" not in text


def test_what_is_not_out_is_not_there(hamlet: Hamlet, client: Client) -> None:
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one)
    for name in (f"e-{one.id}", "v-330881118999", "index-p9", "a-330881118201-nothing", "x"):
        assert client.get(f"/tv/hd/{name}.html").status_code == 404, name
    assert client.get("/tv/4k/index.html").status_code == 404
    assert "330881118201" in client.get(f"/tv/hd/t-{TOWN}.html").content.decode()
    assert one.title not in client.get(f"/tv/hd/a-{FIRST}-finance.html").content.decode()


@pytest.mark.once
def test_a_draft_is_seen_as_on_television_by_those_who_work_on_it_alone(
    hamlet: Hamlet, client: Client
) -> None:
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one)
    address = reverse("tv:preview", args=[one.id, "sd"])
    assert client.get(address).status_code == 302  # a stranger is asked to sign in
    client.force_login(hamlet.neighbour)
    assert client.get(address).status_code == 404
    client.force_login(hamlet.writer)
    answer = client.get(address)
    assert answer.status_code == 200
    assert f"预览：{one.title}" in answer.content.decode()
    shown = client.get(reverse("village_office:preview", args=[one.id])).content.decode()
    assert reverse("tv:preview", args=[one.id, "hd"]) in shown
    assert "href" not in answer.content.decode().split("<body>")[1]  # it leads nowhere


@pytest.mark.once
@pytest.mark.parametrize("name", ["index", f"t-{TOWN}", f"v-{FIRST}", f"a-{FIRST}-finance", "n"])
def test_a_page_asks_no_more_where_there_is_more(
    hamlet: Hamlet, django_assert_max_num_queries, django_assert_num_queries, name: str
) -> None:
    hamlet.account_out()
    shown = Set(SIZES["hd"], LATER.date())
    with django_assert_max_num_queries(6) as told:
        shown.page(parse(name))
    before = len(told)
    again = hamlet.owed(morning(2013, 10, 2))
    hamlet.write(again, opening=1_400_00, at=morning(2013, 10, 3))
    hashes, at = hamlet.hand_in(again, morning(2013, 10, 4)), morning(2013, 10, 8)
    hamlet.do("examine", hamlet.overseer, at, hashes=hashes, verdict="agree")
    hamlet.do("approve", hamlet.officer, at, hashes=hashes, verdict="agree")
    hamlet.do("release", hamlet.officer, at, disclosure_ids=[again.id])
    with django_assert_num_queries(before):
        shown.page(parse(name))


@pytest.mark.slow
def test_the_files_of_a_township_are_whole_and_every_link_leads_to_one(hamlet: Hamlet) -> None:
    one = hamlet.account_out()
    hamlet.object_to(one)
    made = bundle.of_township(TOWN, LATER.date())
    files = files_of(made.content)
    assert made.entry_ids == [one.id]
    for name, text in files.items():
        if name.endswith(".html"):
            folder = name.split("/")[0]
            assert {f"{folder}/{to}" for to in HREF.findall(text)} <= set(files), name
            assert 'src="../keys.js"' in text
            assert "周大明" not in text
            assert "13800000009" not in text
    assert made.content == bundle.of_township(TOWN, LATER.date()).content
    assert f"hd/v-{FIRST}.html" in files
    assert f"sd/e-{one.id}.html" in files


def test_a_file_that_was_changed_is_told(hamlet: Hamlet, tmp_path) -> None:
    made = bundle.of_township(TOWN, LATER.date())
    path = bundle.put(made, tmp_path)
    assert bundle.broken(path) == []
    files = files_of(made.content)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text.replace("凤里村", "别的村"))
    assert f"hd/t-{TOWN}.html" in bundle.broken(path)


@pytest.mark.slow
def test_each_disclosure_counts_on_television_once_and_the_night_comes_once(
    hamlet: Hamlet, tmp_path, settings
) -> None:
    settings.MINGTANG_HOME = tmp_path
    load_shipped(actor=SYSTEM, at=morning(2013, 7, 1), command_id=new_command_id())
    one = hamlet.account_out()
    told = {"actor": SYSTEM, "command_id": new_command_id()}
    first = hand_over(township=TOWN, at=LATER, **told)
    assert first["counted"] == 1
    (row,) = Release.objects.filter(channel__code="tv")
    assert row.subject == one.stream
    assert sweep(morning(2013, 9, 17, 3)) == 0
    assert sweep(morning(2013, 9, 18, 3)) == 1
    assert sweep(morning(2013, 9, 18, 4)) == 0
    assert sweep(morning(2013, 9, 19, 10)) == 0  # by day nobody waits for hundreds of pages
    assert Release.objects.filter(channel__code="tv").count() == 1
    events = Event.objects.filter(stream=f"tv:{TOWN}").order_by("seq")
    assert [event.facts["counted"] for event in events] == [1, 0]
    assert Disclosure.objects.get(id=one.id).content_hash == row.content_hash
    assert bundle.broken(tmp_path / "tv" / f"tv-{TOWN}.zip") == []
