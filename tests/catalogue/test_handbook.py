"""The handbook: one file of all guides, with contents that name the right pages."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from mingtang.catalogue.printing import handbook
from tests.world import World, morning

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pdf_machine"), pytest.mark.once]
ON = morning(2013, 9, 17).date()


@pytest.fixture
def hall(world: World) -> World:
    world.item("330881-016-001", name="取水许可", in_centre="是")
    world.item("330881-016-002", name="采砂许可", in_centre="是")
    world.item("330881-016-003", name="不在大厅的", in_centre="否")
    world.item("330881-014-001", name="规划许可", department=world.planning, in_centre="是")
    return world


@pytest.mark.slow
@pytest.mark.both
def test_the_handbook_holds_the_guides_of_the_hall_by_department(hall: World) -> None:
    made = handbook(on=ON, site="https://hall.example")
    assert (made.items, made.departments, made.unpublished) == (3, 2, 0)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages]
    assert "2 个部门，3 项" in pages[0]
    contents = dict(re.findall(r"(\S+?许可)[.\s]+(\d+)", pages[1]))
    assert list(contents) == ["规划许可", "取水许可", "采砂许可"]
    for name, page in contents.items():
        assert name in pages[int(page) - 1]
        assert "一、项目名称" in pages[int(page) - 1]
    assert not any("不在大厅的" in page for page in pages)


@pytest.mark.slow
@pytest.mark.both
def test_the_command_makes_the_handbook_of_one_organ(
    hall: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "指南.pdf"
    call_command("handbook", out=out, organ="slj")
    assert out.read_bytes()[:5] == b"%PDF-"
    assert (
        "已汇编 1 个部门 3 项" in capsys.readouterr().out
    )  # of one's own organ, in the hall or not
    with pytest.raises(CommandError, match="无此单位"):
        call_command("handbook", out=out, organ="无此单位")
