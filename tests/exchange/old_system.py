"""The table of an old approval system, with the dirt that such tables have. One seed, one table."""

import csv
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

HEADS = (
    *("受理编号", "事项名称", "承办部门", "申请人", "证件号码", "当前状态"),
    *("申请日期", "受理日期", "办结日期", "备注"),
)
MAPPING = """
source = "行政审批系统（2005）"
[columns]
old_number = "受理编号"
item_name = "事项名称"
organisation = "承办部门"
applicant_name = "申请人"
identity_number = "证件号码"
state = "当前状态"
submitted_on = "申请日期"
accepted_on = "受理日期"
decided_on = "办结日期"
[states]
"已办结" = "granted"
"不予许可" = "refused"
"退回" = "returned"
"撤件" = "withdrawn"
"在办" = "open"
[items]
"取水许可证核发" = "330881-016-001"
"占道审批（市政）" = "330881-029-001"
"""
STATES = ("已办结",) * 16 + ("不予许可", "退回", "撤件", "在办")
WRITTEN = ("{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}", "{:%Y.%m.%d}", "{:%Y-%m-%d 09:30:00}")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# What makes a row unreadable: by the column that is to be named, what stands in it.
DIRT = {
    "受理编号": ("", "\ufffd\ufffd2009"),
    "事项名称": ("", "早已取消的审批"),
    "当前状态": ("", "未知(9)"),
    "申请日期": ("", "0000-00-00", "2009-02-30", "三月五日", "1009-01-01"),
    "受理日期": ("1999-12-31", "待定"),
    "办结日期": ("", "1999-01-01"),
}


def write(path: Path, count: int, seed: int = 1, encoding: str = "gb18030") -> Counter[str]:
    """Write so many rows; returns how many are unreadable, by column."""
    spoilt: Counter[str] = Counter()
    chance, numbers = random.Random(seed), []
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADS)
        for number in range(1, count + 1):
            row = _row(chance, number)
            if numbers and chance.random() < 0.01:
                row["受理编号"] = chance.choice(numbers)  # entered twice
                spoilt["受理编号"] += 1
            elif chance.random() < 0.03:
                column = chance.choice(list(DIRT))
                row["当前状态"] = "已办结"
                row[column] = chance.choice(DIRT[column])
                spoilt[column] += 1
            elif len(numbers) < 1000:
                numbers.append(row["受理编号"])
            lines.writerow(row.values())
    return spoilt


def _row(chance: random.Random, number: int) -> dict[str, str]:
    day = date(2005, 1, 1) + timedelta(days=chance.randrange(2800))
    state, written = chance.choice(STATES), chance.choice(WRITTEN)
    name = chance.choice(("取水许可证核发", "占道审批（市政）"))
    old = f"SP{day:%Y}{number:07d}"
    days = [day, day + timedelta(days=1), day + timedelta(days=chance.randrange(2, 30))]
    shown = [written.format(one) for one in days]
    return {
        "受理编号": old.translate(FULL_WIDTH) if chance.random() < 0.02 else old,
        "事项名称": f" {name}\u3000" if chance.random() < 0.05 else name,
        "承办部门": chance.choice(("水利局", "水利局 ", "城管执法局", "")),
        "申请人": chance.choice(("毛建国", "姜大成", "某某水产养殖场")),
        "证件号码": f"33088119{chance.randrange(10**9, 10**10)}",
        "当前状态": state,
        "申请日期": shown[0],
        "受理日期": shown[1] if chance.random() < 0.95 else "",
        "办结日期": "" if state == "在办" else shown[2],
        "备注": chance.choice(("", "", "补件", "=1+1", "资料在档案室\n三号柜")),
    }
