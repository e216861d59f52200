"""The board: who is masked, what is never shown, until when rows stand, exact sizes."""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

import mingtang
from mingtang.base.errors import DomainError
from mingtang.cases.rules import ApplicantKind
from mingtang.cases.services import Applicant
from mingtang.queues import services as queues
from mingtang.screens import drawing, services
from mingtang.screens.present import _is_private
from mingtang.screens.queries.devices import cookie_of
from mingtang.screens.rules.board import (
    COLUMNS,
    STALE_AFTER,
    TALL_COLUMNS,
    Content,
    Figure,
    Row,
    Size,
    Table,
    WrongSize,
    as_text,
    bounded,
    pages_of,
    size_of,
    spoken_call,
)
from mingtang.screens.views.devices import COOKIE
from tests.queues.hall import Hall
from tests.screens.making import paired
from tests.world import NUMBERS, new_command_id

NOW = datetime(2013, 9, 17, 2, 0, tzinfo=UTC)
FIRM = "江山市金丝雀木业有限公司"


def _table(count: int, key: str = "decisions") -> Table:
    rows = [Row((f"行{n}",), NOW + timedelta(minutes=n)) for n in range(count)]
    return Table(key, "公示", ("甲",), tuple(rows), "没有")


def test_a_row_is_gone_from_its_end_and_nothing_outlives_a_day_without_word():
    pages = pages_of([_table(10)], 4, NOW + timedelta(minutes=3))
    assert [row.cells[0] for page in pages for row in page.rows] == [f"行{n}" for n in range(4, 10)]
    assert [(page.number, page.count, len(page.rows)) for page in pages] == [(1, 2, 4), (2, 2, 2)]
    (empty,) = pages_of([_table(10)], 4, NOW + timedelta(hours=1))
    assert (empty.rows, empty.table.empty) == ((), "没有")
    assert bounded(NOW + timedelta(days=9), NOW) == NOW + STALE_AFTER
    assert bounded(NOW + timedelta(hours=1), NOW) == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("width", "height", "unit", "rows"),
    [(1920, 1080, 32, 9), (1920, 480, 24, 3), (1080, 1920, 30, 23), (3840, 2160, 64, 9)],
)
def test_rows_fit_the_screen(width, height, unit, rows):
    size = Size(width, height)
    assert (size.unit, size.rows) == (unit, rows)


@pytest.mark.parametrize("asked", [("", "1080"), ("1920", "-3"), ("1e3", "900"), ("99999", "900")])
def test_a_size_that_no_screen_has_is_refused(asked):
    with pytest.raises(WrongSize):
        size_of(*asked)


def test_lines_for_old_controllers_leave_out_what_is_over():
    content = Content(
        NOW,
        (Figure("在办", "3"),),
        (_table(2),),
        (Row(("明天停电",), NOW + timedelta(hours=1)),),
        Row(("请有序撤离",), NOW + timedelta(minutes=1)),
    )
    assert as_text(content, NOW, "今天") == (
        "数据时间 今天\r\n请有序撤离\r\n在办 3\r\n\r\n公示\r\n行1\r\n\r\n明天停电\r\n"
    )
    assert "撤离" not in as_text(content, NOW + timedelta(minutes=2), "今天")


@pytest.fixture
def decided(world, at, settings):
    """Four decided cases: two that may be shown, two that never may."""
    settings.MINGTANG_NOTICE_NEVER_ITEMS = ("330881-hidden",)
    firm = Applicant(
        kind=ApplicantKind.LEGAL,
        name=FIRM,
        identity_number="113325000026455663",
        phone="13800000009",
    )
    items = {
        "330881-shown": {},
        "330881-aid": {"kind": "05"},
        "330881-hidden": {},
    }
    for code, more in items.items():
        world.item(code, statutory=20, promised=5, **more)
        case = world.file(code, at, world.citizen)
        world.bring(case, "granted", at)
    world.bring(world.file("330881-shown", at, world.citizen, applicant=firm), "granted", at)


@pytest.mark.usefixtures("decided")
def test_persons_are_masked_firms_in_full_and_circumstances_never_shown(at, client, world):
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        page = client.get(reverse("screens:board")).content.decode()
        told = client.get(reverse("screens:board_json")).json()
        plain = client.get(reverse("screens:board_text") + "?encoding=GBK")
    (decisions,) = [one for one in told["tables"] if one["key"] == "decisions"]
    assert sorted(row["cells"][3] for row in decisions["rows"]) == ["毛*明", FIRM]
    for text in (page, json.dumps(told, ensure_ascii=False), plain.content.decode("gbk")):
        assert FIRM in text
        assert "毛*明" in text
        for canary in ("毛小明", NUMBERS[0], "13800000001", "13800000009"):
            assert canary not in text
    assert plain.headers["Content-Type"].endswith("gbk")
    with time_machine.travel(at + timedelta(days=31), tick=False):
        assert FIRM not in client.get(reverse("screens:board_text")).content.decode()


def test_an_item_under_a_theme_of_private_life_is_never_shown():
    def case(*themes: str) -> SimpleNamespace:
        return SimpleNamespace(edition=SimpleNamespace(details={"themes": list(themes)}))

    private = [_is_private(case(one)) for one in ("婚姻登记", "户籍办理", "社会救助")]
    assert private == [True, True, True]
    assert _is_private(case("规划建设", "死亡殡葬"))
    assert not _is_private(case("规划建设", "准营准办"))
    assert not _is_private(case())


def test_the_style_of_a_size_is_exact(client, db):
    page = client.get(reverse("screens:board") + "?w=1080&h=1920").content.decode()
    assert "/screens/board/size.css?w=1080&amp;h=1920" in page
    style = client.get(reverse("screens:size") + "?w=1080&h=1920")
    assert style.content == b"html{font-size:30px}.board{width:1080px;height:1920px}"
    assert client.get(reverse("screens:board") + "?w=10&h=10").status_code == 422


def test_an_insert_is_shown_at_once_and_ends_by_itself(world, at, client):
    url = reverse("screens:inserts")
    for who, status in ((None, 302), ("clerk", 404), ("manager", 200)):
        if who:
            client.force_login(world.people.made[who])
        assert client.get(url).status_code == status
    form = {"text": "三楼东侧停电", "minutes": "30", "command_id": new_command_id()}
    with time_machine.travel(at, tick=False):
        assert client.post(url, {**form, "text": ""}).status_code == 422
        client.post(url, {**form, "urgent": "1"})
        assert "board__urgent" in client.get(reverse("screens:board")).content.decode()
        other = {**form, "text": "中午不休息", "command_id": new_command_id()}
        client.post(url, {**other, "notice": "1"})
        page = client.get(url).content.decode()
        assert "三楼东侧停电" in page
        assert "中午不休息" in page
    with time_machine.travel(at + timedelta(minutes=30), tick=False):
        assert "停电" not in client.get(reverse("screens:board_text")).content.decode()


def test_a_word_is_taken_down_by_its_own_hall_alone(world, at):
    by = {"actor": world.actor(world.manager), "at": at}
    made = services.insert(
        organisation_id=world.centre.id,
        kind="urgent",
        text="演练",
        ends_at=at + timedelta(hours=1),
        **by,
        command_id=new_command_id(),
    )
    end = {"insert_id": made["insert_id"], **by}
    with pytest.raises(DomainError):
        services.end_insert(halls=[world.water.id], **end, command_id=new_command_id())
    services.end_insert(halls=[world.centre.id], **end, command_id=new_command_id())
    with pytest.raises(DomainError):
        services.end_insert(halls=[world.centre.id], **end, command_id=new_command_id())


def test_a_board_of_a_hall_shows_the_words_of_that_hall(world, at, client):
    from mingtang.screens.queries.devices import cookie_of

    services.insert(
        organisation_id=world.water.id,
        kind="notice",
        text="分中心的话",
        ends_at=at + timedelta(hours=1),
        actor=world.actor(world.manager),
        at=at,
        command_id=new_command_id(),
    )
    with time_machine.travel(at, tick=False):
        assert "分中心的话" in client.get(reverse("screens:board_text")).content.decode()
        client.cookies["mt_device"] = cookie_of(paired(world, at))
        assert "分中心的话" not in client.get(reverse("screens:board_text")).content.decode()


@pytest.mark.usefixtures("has_font")
def test_the_pages_are_drawn_in_exact_pixels():
    """What a row says is drawn where it stands; with an urgent word there is nothing else."""
    tables = (
        Table("calls", "正在叫号", ("号码", "窗口", "办什么"), (_line("A001", "1 号", "综合"),)),
        Table(
            "decisions",
            "办结公示",
            ("编号", "事项", "部门", "申请人", "日期", "结果"),
            (_line("1", "取水许可", "水利局", FIRM * 3, "9月1日", "准予", tone="ok"),),
        ),
    )
    content = Content(NOW, (Figure("在办", "3"),), tables, (_line("明天停电"),))
    for width, height in ((1920, 1080), (1080, 1920), (1920, 480)):
        made = list(drawing.pictures(content, Size(width, height), NOW))
        assert [one.size for one in made] == [(width, height)] * 2
        assert all((98, 227, 154) in _colours(one) for one in made[1:])  # the green of 准予
        assert all((124, 13, 18) in _colours(one) for one in made)  # the notice at the foot
    urgent = replace(content, urgent=_line("请有序撤离"))
    (alone,) = drawing.pictures(urgent, Size(640, 320), NOW)
    assert alone.getpixel((0, 0)) == (124, 13, 18)
    assert alone.tobytes() != Image.new("RGB", (640, 320), (124, 13, 18)).tobytes()


@pytest.fixture
def has_font():
    """Skips where no Chinese font is installed; in CI it fails."""
    try:
        drawing._font_file()
    except drawing.NoFont as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(error.message)


def _line(*cells: str, tone: str = "") -> Row:
    return Row(cells, NOW + timedelta(hours=1), tone)


def _colours(picture: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _count, colour in picture.getcolors(1 << 20)}


def test_the_shares_of_the_columns_are_those_of_the_stylesheet():
    css = (Path(mingtang.__file__).parent / "base/static/base/screens.css").read_text()
    for columns, prefix in ((COLUMNS, ""), (TALL_COLUMNS, ".board--tall ")):
        for key, shares in columns.items():
            told = re.findall(
                rf"^{re.escape(prefix)}\.board__table--{key} th:nth-child\((\d)\)"
                r" \{ width: ([\d.]+)%; \}",
                css,
                re.MULTILINE,
            )
            for place, percent in told:
                assert shares[int(place) - 1] == pytest.approx(float(percent) / 100)
            assert sum(shares) == pytest.approx(1)


@pytest.mark.django_db
@pytest.mark.usefixtures("has_font")
def test_the_command_draws_the_pages_anew(tmp_path, capsys):
    (tmp_path / "board-09.png").write_bytes(b"old")
    call_command("board", png=tmp_path, width="640", height="480")
    assert [one.name for one in tmp_path.iterdir()] == ["board-01.png"]
    with Image.open(tmp_path / "board-01.png") as picture:
        assert picture.size == (640, 480)
    with pytest.raises(WrongSize):
        call_command("board", png=tmp_path, width="1")


# ── calls ─────────────────────────────────────────────────────────────────────────────────────


def test_a_number_is_read_figure_by_figure():
    assert spoken_call("A012", "3") == "请 A 零一二号，到 3 号窗口"


@pytest.mark.django_db
def test_a_board_is_told_the_calls_of_its_hall_and_how_loud_it_is(world, at, client):
    with time_machine.travel(at, tick=False):
        hall = Hall(world, at)
        board, pad = paired(world, at), paired(world, at, "pad", window_id=hall.first.id)
        client.cookies[COOKIE] = cookie_of(board)
        assert client.get(reverse("screens:calls")).json() == {"volume": 0, "calls": []}
        ticket = hall.take(hall.a)
        hall.call()
        first = client.get(reverse("screens:calls")).json()["calls"]
        assert [one["said"] for one in first] == ["请 A 零零一号，到 1 号窗口"]
        hall.move(queues.recall, ticket)
        assert client.get(reverse("screens:calls")).json()["calls"][0]["id"] != first[0]["id"]

        said = {"volume": "60", "command_id": new_command_id()}
        client.force_login(world.clerk)
        assert client.post(reverse("screens:volume", args=[board.id]), said).status_code == 404
        client.force_login(world.manager)
        for volume, device, status in (("60", board, 302), ("61", board, 404), ("60", pad, 409)):
            form = {"volume": volume, "command_id": new_command_id()}
            sent = client.post(reverse("screens:volume", args=[device.id]), form)
            assert sent.status_code == status
        assert client.get(reverse("screens:calls")).json()["volume"] == 60
    worker = client.get(reverse("screens:worker"))
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.content.decode().startswith("// The worker of the board")
