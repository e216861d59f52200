"""The demo's forms: what twelve items ask, published as their next editions by two people.

The forms are in `demo_forms/`, honest answers to them in `demo_answers/`; the three items that the
demo's list lacks in `demo_new_items.json`.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from mingtang.catalogue import queries as catalogue_queries
from mingtang.catalogue import services as catalogue
from mingtang.catalogue.rules import ItemKind
from mingtang.catalogue.rules.content import Content, named_materials, new_content
from mingtang.catalogue.rules.route import route_of
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

HERE = Path(__file__).parent
FOLDER = HERE / "demo_forms"
ANSWERS = HERE / "demo_answers"
WRITTEN_ON = date(2026, 3, 2)  # the day that the answers were written for
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NEW_ITEMS = HERE / "demo_new_items.json"
FIRST_REVISION = 1  # of a draft that was just opened
NEED = "情形需要"
NOTE = "在网上填过申请表的不用交；到窗口来办的，窗口可以代填打印"


@dataclass(frozen=True)
class DemoForm:
    """A form, the item that asks it, and the paper form among its materials that it replaces."""

    name: str
    item: str
    paper: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    def schema(self) -> dict[str, Any]:
        return _read(FOLDER / f"{self.name}.json")


FORMS = (
    DemoForm("shop_licence", "330881-025-001", "个体工商户登记（备案）申请书"),
    DemoForm("food_business", "330881-027-001", "食品经营许可申请书"),
    DemoForm("water_abstraction", "330881-016-001", "取水许可申请书"),
    DemoForm("planning_permit", "330881-014-002", "建设工程规划许可证申请表"),
    DemoForm("homestead", "330881-011-001", "农村宅基地和建房申请表"),
    # 《社会救助暂行办法》第十一条: one applies to the township where the household is registered.
    DemoForm(
        *("low_income", "330881-007-002", "家庭收入和财产申报表"),
        {
            "service_levels": ["township", "village"],
            "in_centre": False,
            "places": [
                {
                    "name": "乡镇（街道）便民服务中心",
                    "address": "户籍所在的乡镇、街道",
                    "hours": "工作日上午8:30至12:00，下午13:30至17:00",
                },
                {
                    "name": "村（社区）便民服务站",
                    "address": "户籍所在的村、社区，可以代办",
                    "hours": "工作日，忙时可先打电话约",
                },
            ],
        },
    ),
    DemoForm("marriage_record", "330881-007-023", "婚姻登记档案查询证明申请表"),
    DemoForm("disability", "330881-038-001", "残疾人证申请表"),
    DemoForm("road_occupation", "330881-029-001", "临时占用城市道路申请表"),
    DemoForm("outdoor_advertisement", "330881-029-002", "户外广告设施设置申请表"),
    DemoForm("vehicle_permit", "330881-006-031", "货车进城通行证申请表"),
    DemoForm("investment_filing", "330881-001-001", "企业投资项目备案信息表"),
)


def publish_forms(
    *, author: Actor, reviewer: Actor, at: datetime, command_id: Callable[[str], str]
) -> None:
    """Publish each form with the next edition of its item; new items with their first.

    An item that has its form already stays: a load that was cut short goes on where it was.
    """
    new_items = _read(NEW_ITEMS)
    for form in FORMS:
        _Publication(form, author, reviewer, at, command_id).go(new_items.get(form.item))


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class _Publication:
    """Takes one form from the draft to the edition."""

    form: DemoForm
    author: Actor
    reviewer: Actor
    at: datetime
    command_id: Callable[[str], str]

    def go(self, new_item: Mapping[str, Any] | None) -> None:
        if new_item and not catalogue_queries.item_names(codes=[self.form.item], most=1):
            draft_id, content, number = self._created(new_item)
        else:
            item, edition = catalogue_queries.published(self.form.item)
            if edition.details.get("form"):
                return
            content, number = catalogue_queries.content_of(item), edition.number
            opened = catalogue.open_draft(item_id=item.id, **self._by(self.author, "open"))
            draft_id = int(opened["draft_id"])
        self._publish(draft_id, self._asking(content), number)

    def _by(self, actor: Actor, act: str) -> dict[str, Any]:
        identity = self.command_id(f"form/{self.form.name}/{act}")
        return {"actor": actor, "at": self.at, "command_id": identity}

    def _created(self, new_item: Mapping[str, Any]) -> tuple[int, Content, int]:
        name, kind, said = new_item["name"], ItemKind(new_item["kind"]), new_item["content"]
        made = catalogue.create_item(
            department_id=regions.organisation_by_code(new_item["department"]).id,
            name=name,
            kind=kind,
            code=self.form.item,
            **self._by(self.author, "create"),
        )
        content = new_content(name, kind) | said
        content["materials"] = named_materials(said["materials"])
        content["route"] = route_of(said["route"])
        return int(made["draft_id"]), content, 0

    def _asking(self, content: Content) -> Content:
        """The content with the form: what was a paper form is asked for only across the counter."""
        materials = [
            line | {"need": NEED, "note": NOTE} if line["name"] == self.form.paper else line
            for line in content["materials"]
        ]
        asked = {"form": self.form.schema(), "materials": materials}
        return content | dict(self.form.changes) | asked

    def _publish(self, draft_id: int, content: Content, base_number: int) -> None:
        catalogue.save_draft(
            draft_id=draft_id,
            content=content,
            revision=FIRST_REVISION,
            base_number=base_number,
            **self._by(self.author, "save"),
        )
        catalogue.submit_draft(draft_id=draft_id, **self._by(self.author, "submit"))
        catalogue.publish_draft(draft_id=draft_id, **self._by(self.reviewer, "publish"))


# ── honest answers to the forms ───────────────────────────────────────────────────────────────


def answers_to(item: str, on: date, nth: int = 0) -> dict[str, Any]:
    """Answers to the form of an item, as somebody would give them on a day; `nth`: of several
    people. To the plain form for an item without one of its own, {} then."""
    samples = samples_of().get(item, ())
    return _moved(samples[nth % len(samples)], on - WRITTEN_ON) if samples else {}


@cache
def samples_of() -> Mapping[str, Sequence[dict[str, Any]]]:
    """Item → the answers in `demo_answers/`, those of the form's own file first."""
    return {form.item: [_read(path) for path in paths_of(form.name)] for form in FORMS}


def paths_of(name: str) -> list[Path]:
    return [ANSWERS / f"{name}.json", *sorted(ANSWERS.glob(f"{name}_*.json"))]


def _moved(value: Any, by: timedelta) -> Any:
    """The same with all its days moved: what lay ahead still does."""
    if isinstance(value, dict):
        return {key: _moved(one, by) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, by) for one in value]
    if isinstance(value, str) and DAY.fullmatch(value):
        return (date.fromisoformat(value) + by).isoformat()
    return value
