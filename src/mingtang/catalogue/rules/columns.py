"""Rules: the columns of an import and the headings under which they are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.details import DETAILS
from mingtang.catalogue.rules.fields import Text

LABELS = {
    "department": "部门",
    "main_item": "主项名称",
    "name": "事项名称",
    "task_code": "事项编码",
    "task_type": "事项类型",
    "area_code": "区划代码",
    "dept_code": "部门编码",
    "basis": "设定依据",
    "conditions": "申请条件",
    "materials": "申请材料",
    "procedure": "办理程序",
    "statutory_days": "法定时限",
    "statutory_basis": "法定时限依据",
    "promised_days": "承诺时限",
    "fee": "收费标准",
    "on_the_spot": "即办件",
    "served": "服务对象",
    "profile": "办理程序类别",
    "route": "流程环节",
} | {field.key: field.label for field in DETAILS}
REQUIRED = ("department", "name", "task_code", "task_type")

SYNONYMS = {
    "department": (
        "实施部门",
        "部门名称",
        "实施主体",
        "实施主体名称",
        "单位",
        "单位名称",
        "org_name",
    ),
    "main_item": ("主项", "主事项名称", "大项名称"),
    "name": ("名称", "项目名称", "办理项名称", "子项名称", "事项", "task_name"),
    "task_code": ("编码", "实施编码", "事项代码", "code"),
    "task_type": ("类型", "事项类别", "项目类型", "kind"),
    "area_code": ("区划", "行政区划代码", "行政区划", "地区代码"),
    "dept_code": ("部门代码", "实施主体编码", "单位代码", "统一社会信用代码", "org_code"),
    "basis": ("依据", "办事依据", "法律依据", "legal_basis"),
    "conditions": ("条件", "受理条件", "申报条件", "办理条件"),
    "materials": ("材料", "申报材料", "办理材料", "材料清单"),
    "procedure": ("程序", "办理流程", "流程"),
    "statutory_days": ("法定期限", "法定办结时限", "法定时限（工作日）", "法定时限(工作日)"),
    "statutory_basis": ("时限依据", "法定期限依据"),
    "promised_days": ("承诺期限", "承诺办结时限", "承诺时限（工作日）", "承诺时限(工作日)"),
    "fee": ("收费", "是否收费", "收费情况", "收费标准及依据"),
    "on_the_spot": ("是否即办件", "办件类型", "是否即办"),
    "served": ("办理对象", "申请人类型"),
    "special": ("特别程序种类",),
    "visits": ("到现场次数", "跑动次数"),
    "places": ("办理地点",),
    "enquiry": ("咨询电话", "联系电话"),
    "complaint": ("投诉电话", "监督电话"),
    "variants": ("办理项",),
}
# The national names of plain texts; coded fields are read by the exchange.
NATIONAL = {
    "department": ("dept_name",),
    "basis": ("by_law",),
    "conditions": ("accept_condition",),
    "procedure": ("handle_flow",),
    "statutory_basis": ("anticipate_explain",),
}


def _headings() -> dict[str, str]:
    theirs = NATIONAL | {f.key: tuple(f.exchange) for f in DETAILS if isinstance(f, Text)}
    return {
        heading: column
        for column, label in LABELS.items()
        for heading in (column, label, *SYNONYMS.get(column, ()), *theirs.get(column, ()))
    }


class SheetError(DomainError):
    """A file that cannot be read as a table of items."""


def heading(text: str) -> str:
    """A heading as it is compared: without spaces, marks of need and letter case."""
    return "".join(text.split()).strip("*＊").lower()


@dataclass(frozen=True)
class Sheet:
    """A sort of table: its columns with their labels, those that must be there, all headings."""

    labels: Mapping[str, str]
    required: Sequence[str]
    column_of: Mapping[str, str]

    def recognise(self, cells: Sequence[str]) -> dict[int, str]:
        """Position → column, for the headings known. Raises SheetError where two mean the same."""
        found: dict[int, str] = {}
        for position, cell in enumerate(cells):
            column = self.column_of.get(heading(cell))
            if column is None:
                continue
            if column in found.values():
                raise SheetError(f"有两列都是“{self.labels[column]}”，请删去一列后重试。")
            found[position] = column
        return found

    def looks_like_headings(self, cells: Sequence[str]) -> bool:
        """Whether this row is the header: at least two of the columns that must be there."""
        known = {self.column_of.get(heading(cell)) for cell in cells}
        return sum(column in known for column in self.required) >= 2

    def check_columns(self, columns: Sequence[str]) -> None:
        missing = [self.labels[column] for column in self.required if column not in columns]
        if missing:
            raise SheetError(
                f"缺少必需的列：{'、'.join(missing)}。请补上这些列，或核对第一行的列名。"
            )


ITEMS = Sheet(LABELS, REQUIRED, _headings())
