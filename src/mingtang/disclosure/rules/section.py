"""Rules of the public section: what its columns are for, and the law that it rests on. Pure."""

from dataclasses import dataclass
from datetime import date

from mingtang.disclosure.rules.items import Column

# What stands under a column, for its heading and for the page tags ColumnDescription and
# ColumnKeywords (政府网站发展指引，国办发〔2017〕47号).
ABOUT = {
    Column.ABOUT: "机构职能、内设机构、办公地址、办公时间、联系方式和负责人",
    Column.POLICY: "规章、规范性文件和其他政策文件，及其解读",
    Column.POWER: "行政许可、处罚、收费等的依据、条件、程序和办理结果",
    Column.WORK: "工作动态、通知公告、规划、统计和重大项目",
    Column.PERSONNEL: "人事任免、公务员招考的职位、名额、条件和录用结果",
    Column.REPORT: "政府信息公开工作年度报告",
}
# ColumnType as the guideline has it.
TYPES = {
    Column.ABOUT: "概况信息",
    Column.POLICY: "政策文件",
    Column.POWER: "办事服务",
    Column.WORK: "工作动态",
    Column.PERSONNEL: "人事信息",
    Column.REPORT: "政府信息公开年报",
}
CATEGORY_GROUPS = (
    ("20", "《政府信息公开条例》第二十条"),
    ("21", "《政府信息公开条例》第二十一条"),
)


@dataclass(frozen=True)
class Law:
    """A text that the section rests on, from its first day to its last."""

    title: str
    number: str
    valid_from: date
    valid_to: date | None = None

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


LAWS = (
    Law("中华人民共和国政府信息公开条例", "国务院令第711号", date(2019, 5, 15)),
    Law(
        *("中华人民共和国政府信息公开条例", "国务院令第492号"),
        *(date(2008, 5, 1), date(2019, 5, 14)),
    ),
    Law("政府网站发展指引", "国办发〔2017〕47号", date(2017, 5, 15)),
    Law("政府网站与政务新媒体检查指标", "国办秘函〔2019〕19号", date(2019, 4, 1)),
    Law(
        "国务院办公厅政府信息与政务公开办公室关于规范政府信息公开平台有关事项的通知",
        "国办公开办函〔2019〕61号",
        date(2019, 12, 3),
    ),
    Law("政府信息公开信息处理费管理办法", "国办函〔2020〕109号", date(2021, 1, 1)),
    Law(
        "中华人民共和国政府信息公开工作年度报告格式",
        "国办公开办函〔2021〕30号",
        date(2021, 9, 26),
    ),
)


def laws_on(on: date) -> list[Law]:
    """Those in force first, then those that were; those to come are not told yet."""
    known = [law for law in LAWS if law.valid_from <= on]
    return sorted(known, key=lambda law: not law.is_in_force(on))
