"""What tests of documents share: a paper with everything in it, and a way to draw it up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from mingtang.files.models import Document
from mingtang.files.rules.documents import Paper
from mingtang.files.services import draw_up, seal_document
from tests.world import World, new_command_id

NOTICE = Paper(
    kind="correction",
    title="补正通知书",
    mark="水利局补正",
    addressee="毛小明",
    paragraphs=("您就“取水许可”提出的申请，材料不齐全。", "请于 2013年9月30日 前补正。"),
    legal_basis="《中华人民共和国行政许可法》第三十二条第一款第（四）项",
    remedies="对本通知有疑问的，可以到窗口询问。",
    rows=(("1", "取水口位置图", "缺少比例尺"), ("2", "身份证明", "已过有效期")),
    row_heads=("序号", "材料", "需要补正的内容"),
)
DAY = date(2013, 9, 17)
SEAL = "水利局行政审批专用章"
Draw = Callable[..., Document]


@pytest.fixture
def draw(world: World, at: datetime) -> Draw:
    """Draws the notice up for the water department; keywords change it or the way it is drawn."""

    def make(subject: str = "case:42", organisation: Any = None, on: date = DAY, **changed: Any):
        paper = replace(NOTICE, **changed)
        unit = organisation or world.water
        with transaction.atomic():
            return draw_up(paper, subject=subject, organisation_id=unit.id, on=on, at=at)

    return make


@pytest.fixture
def seal(world: World, at: datetime) -> Callable[..., dict[str, Any]]:
    def act(document: Document, **changed: Any) -> dict[str, Any]:
        by = {"actor": world.actor(world.approver), "at": at, "command_id": new_command_id()}
        return seal_document(**{"document_id": document.id, "seal_name": SEAL, **by, **changed})

    return act
