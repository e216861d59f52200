"""A service centre and its business: tables that lost their form, 万 and 累计, quarters.

Pasted from a PDF (hard line ends, cells that vanish), or kept as markdown or HTML; the statistical
table of 2014–2018 at the end of some.
"""

from collections.abc import Callable, Sequence
from random import Random

from tests.reports.hands.kit import Draft, Pen, listed

DESKS = ("公安窗口", "人社窗口", "税务窗口", "住建窗口", "市场监管窗口", "自然资源窗口", "交通窗口")
TOWNS = ("城关镇", "南湖街道", "石桥镇", "白沙乡", "双塔街道", "清溪镇")


class _Hall(Pen):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.y = rng.randint(2011, 2018)
        self.name = rng.choice(("市政务服务中心", "县行政服务中心", "区政务大厅"))
        self.we = rng.choice(("中心", "我中心", self.name, "本中心"))
        self.old = rng.randint(0, 300)
        self.taken = rng.randint(2000, 90000)
        self.done = self.old + self.taken - rng.randint(1, 200)
        self.left = self.old + self.taken - self.done
        self.taken_before = self.other(self.taken)
        self.released = rng.randint(300, 9000)
        self.released_before = self.other(self.released)

    def other(self, value: int) -> int:
        drawn = int(value * self.rng.uniform(0.55, 1.6))
        return drawn if drawn != value else value + 11

    def this(self) -> str:
        return self.year(self.y, self.y - 1, self.y + 1, self.y - 3)

    def change(self, now: int, then: int) -> str:
        rate = self.percent(abs(now - then), then)
        up = now > then
        return self.one(
            f"同比{'增长' if up else '下降'}{rate}",
            f"{'增长' if up else '下降'}{rate}",
            f"较上年同期{'增长' if up else '减少'}{rate}",
            f"比上一年{'上升' if up else '回落'}{rate}",
        )

    # what is told in prose
    def business(self) -> list[str]:
        c = {n: self.count(n, "carry") for n in {self.old, self.taken, self.done, self.left}}
        due = self.count(self.old + self.taken, "carry")
        rate = self.percent(self.done, self.old + self.taken, 2)
        happy = self.rng.randint(800, 5000)
        rated = happy + self.rng.randint(1, 300)
        early = self.rng.randint(self.done // 3, self.done - 1)
        tale = self.one(
            f"{self.this()}年，{self.we}受理各类事项{c[self.taken]}件，"
            f"加上年初未办结的{c[self.old]}件，应办{due}件，"
            f"办结{c[self.done]}件，年末在办{c[self.left]}件，办结率{rate}。",
            f"年初结存{c[self.old]}件，{self.this()}年新受理{c[self.taken]}件，"
            f"全年办结{c[self.done]}件，年末结存{c[self.left]}件。",
            f"全年应办件{due}件，其中上年结转{c[self.old]}件、当年新收{c[self.taken]}件；"
            f"已办结{c[self.done]}件，办结率达{rate}；剩余{c[self.left]}件转入下年办理。",
        )
        praise = self.one(
            f"共收到群众评价{self.free(rated)}次，满意{self.free(happy)}次，"
            f"满意率{self.percent(happy, rated)}。",
            f"回访办事群众{self.free(rated)}人，表示满意的{self.free(happy)}人，"
            f"群众满意率为{self.percent(happy, rated)}。",
        )
        speed = self.one(
            f"办结件中提前办结{self.free(early)}件，占办结总数{self.count(self.done)}件的"
            f"{self.percent(early, self.done)}。",
            f"在办结的{self.count(self.done)}件中，提前办结{self.free(early)}件，"
            f"按时办结{self.free(self.done - early)}件，无逾期件。",
        )
        return [tale + praise, speed]

    def quarters(self) -> str:
        parts = self.pieces(self.taken, 4, 100)
        c = [self.count(n) for n in parts]
        t = self.count(self.taken)
        names = ("一季度", "二季度", "三季度", "四季度")
        return self.one(
            f"分季度看，{'，'.join(f'{a}{n}件' for a, n in zip(names, c, strict=True))}，"
            f"全年累计受理{t}件。",
            f"一至四季度受理量分别为{listed([n + '件' for n in c], last='、')}，合计{t}件。",
            f"全年受理{t}件，其中上半年{self.count(parts[0] + parts[1])}件，"
            f"下半年{self.count(parts[2] + parts[3])}件。",
        )

    def goods(self) -> str:
        """Things counted in tens of thousands; what is no money may have been rounded."""
        parts = self.pieces(self.rng.randint(900, 30000), 3, 50)
        unit = self.one("万元", "万吨", "亿元", "万平方米", "万户")
        least = 0 if "元" in unit else 2
        a, b, d = (self.money(n, least=least) for n in parts)
        t = self.money(sum(parts), least=least)
        what = {
            "万元": "为群众和企业减免费用",
            "万吨": "服务企业完成货物通关",
            "亿元": "代办项目总投资",
            "万平方米": "办理施工许可建筑面积",
            "万户": "惠及居民",
        }[unit]
        return self.one(
            f"{what}{t}{unit}，其中工业{a}{unit}，商贸{b}{unit}，农业{d}{unit}。",
            f"{what}共计{t}{unit}（工业{a}{unit}、商贸{b}{unit}、农业{d}{unit}）。",
            f"工业、商贸、农业三类{what}分别为{a}{unit}、{b}{unit}、{d}{unit}，"
            f"总计{t}{unit}，工业占{self.percent(parts[0], sum(parts), 1)}。",
        )

    def plan(self) -> str:
        due = self.rng.randint(20, 400)
        done = self.rng.randint(due // 2, due - 1)
        advice, motions = self.rng.randint(3, 60), self.rng.randint(3, 60)
        return self.one(
            f"年初计划进驻事项{self.free(due)}项，实际进驻{self.free(done)}项，"
            f"完成率{self.percent(done, due)}。",
            f"办理人大建议{self.count(advice)}件、政协提案{self.count(motions)}件，"
            f"共计{self.count(advice + motions)}件，办复率100%。",
            f"全年承办建议提案{self.count(advice + motions)}件（人大建议{self.count(advice)}件，"
            f"政协提案{self.count(motions)}件），已全部办结。",
        )

    def hotline(self) -> str:
        calls = self.pieces(self.rng.randint(400, 9000), 3, 40)
        a, b, d = (self.count(n) for n in calls)
        t = self.count(sum(calls))
        return self.one(
            f"接受咨询{t}人次，其中现场咨询{a}人次，电话咨询{b}人次，网上咨询{d}人次。",
            f"现场咨询{a}人次、电话咨询{b}人次、网上咨询{d}人次，三项共计{t}人次。",
            f"全年提供咨询服务{t}人次，除现场咨询{a}人次、电话咨询{b}人次外，"
            f"其余{d}人次为网上咨询。",
        )

    def before_told(self) -> str:
        last = self.y - 1
        return self.one(
            f"{last}年，{self.we}受理{self.free(self.taken_before)}件，"
            f"公开信息{self.free(self.released_before)}条。",
            f"上年受理{self.free(self.taken_before)}件、公开信息"
            f"{self.free(self.released_before)}条。",
        )

    def active(self) -> list[str]:
        web = self.rng.randint(self.released // 2, self.released - 2)
        t = self.count(self.released)
        return [
            (
                f"截至{self.this()}年底，全年主动公开政府信息{t}条，"
                f"{self.change(self.released, self.released_before)}。"
            ),
            self.one(
                f"网上公开{self.count(web)}条，占{self.percent(web, self.released)}；"
                f"线下公开{self.count(self.released - web)}条，"
                f"占{self.percent(self.released - web, self.released)}。",
                f"其中网上公开占{self.percent(web, self.released)}，为{self.count(web)}条；"
                f"线下公开占{self.percent(self.released - web, self.released)}，"
                f"为{self.count(self.released - web)}条。",
            ),
            (
                f"各类事项受理量为{self.count(self.taken)}件，"
                f"{self.change(self.taken, self.taken_before)}。"
            ),
        ]

    # tables
    def desks(self) -> list[list[str]]:
        """Rows of desks: received, by net, on the spot; a sum below, all fixed twice."""
        names = self.rng.sample(DESKS, self.rng.randint(3, 6))
        taken = self.pieces(self.taken, len(names), 20)
        net = [self.rng.choice((0, n // 3, n // 2, n - 4)) for n in taken]
        vanish = self.one("0", "0", "")
        put: Callable[[int], str] = self.count if vanish == "0" or all(net) else self.free

        def row(name: str, total: int, part: int) -> list[str]:
            shown = put(part) if part else self.zero(vanish)
            return [name, put(total), shown, put(total - part)]

        last = self.one("合计", "总计", "合　计")
        return [
            ["窗口", "受理数", "网上受理", "现场受理"],
            *(row(*one) for one in zip(names, taken, net, strict=True)),
            row(last, self.taken, sum(net)),
        ]

    def zero(self, shown: str) -> str:
        return self.digits(shown)

    def towns(self) -> list[list[str]]:
        """A sum at the end of each row; whole numbers and empty cells."""
        rows = [["乡镇", "一季度", "二季度", "三季度", "四季度", "合计"]]
        for name in self.rng.sample(TOWNS, self.rng.randint(2, 5)):
            parts = [self.rng.randint(5, 90) for _ in range(4)]
            rows.append([name, *(self.count(n) for n in parts), self.count(sum(parts))])
        return rows

    def table(self, title: str, rows: Sequence[Sequence[str]]) -> str:
        draw = self.rng.choice(
            (as_lines, as_lines, as_cells, as_markdown, as_tabs, as_html)
            if all(all(row) for row in rows)
            else (as_lines, as_markdown, as_tabs, as_html)
        )
        return f"{title}\n{draw(rows)}"

    # the statistical table of 2014–2018
    def statistics(self) -> str:
        asked = self.rng.randint(4, 90)
        by = self.pieces(asked, 4)
        late = self.rng.randint(0, 3)
        reply = self.pieces(asked, 7)
        kept, mended, other = (self.rng.randint(0, 3) for _ in range(3))
        full, part = self.rng.randint(1, 5), self.rng.randint(1, 9)
        meetings, courses, heads = (self.rng.randint(1, 40) for _ in range(3))
        c = self.count
        rows = [
            ("一、主动公开情况", "——", ""),
            ("（一）主动公开政府信息数", "条", c(self.released)),
            ("其中：主动公开规范性文件数", "条", self.free(self.rng.randint(1, 30))),
            ("三、依申请公开情况", "——", ""),
            ("（一）收到申请数", "件", c(asked)),
            *(
                (f"{at}.{a}", "件", c(n))
                for at, (a, n) in enumerate(
                    zip(("当面申请数", "传真申请数", "网络申请数", "信函申请数"), by, strict=True),
                    1,
                )
            ),
            ("（二）申请办结数", "件", c(asked)),
            ("1.按时办结数", "件", c(asked - late)),
            ("2.延期办结数", "件", c(late)),
            ("（三）申请答复数", "件", c(asked)),
            *(
                (f"{at}.{a}", "件", c(n))
                for at, (a, n) in enumerate(
                    zip(
                        (
                            "属于已主动公开范围数",
                            "同意公开答复数",
                            "同意部分公开答复数",
                            "不属于本行政机关公开数",
                            "申请信息不存在数",
                            "告知作出更改补充数",
                            "告知通过其他途径办理数",
                        ),
                        reply,
                        strict=True,
                    ),
                    1,
                )
            ),
            ("四、行政复议数量", "件", c(kept + mended + other)),
            ("（一）维持具体行政行为数", "件", c(kept)),
            ("（二）被依法纠错数", "件", c(mended)),
            ("（三）其他情形数", "件", c(other)),
            ("八、机构建设和保障经费情况", "——", ""),
            ("（四）从事政府信息公开工作人员数", "人", c(full + part)),
            ("1.专职人员数", "人", c(full)),
            ("2.兼职人员数", "人", c(part)),
            ("九、政府信息公开会议和培训情况", "——", ""),
            ("（一）召开政府信息公开工作会议或专题会议数", "次", self.free(meetings)),
            ("（二）举办各类培训班数", "次", self.free(courses)),
            ("（三）接受培训人员数", "人次", self.free(heads)),
        ]
        head = ("统计指标", "单位", "统计数")
        shown = [head, *((a, u, n) for a, u, n in rows)]
        draw = self.rng.choice((as_lines, as_markdown, as_html, as_tabs, as_cells))
        return f"政府信息公开情况统计表（{self.this()}年度）\n{draw(shown)}"

    def whole(self) -> str:
        y = self.y
        name = self.name
        next_ = self.year(y + 1, y, y - 1)
        body = [
            f"{name}{self.this()}年政府信息公开工作年度报告",
            (
                f"本报告由{name}根据《政府信息公开条例》编制，所列数据统计期限为"
                f"{self.this()}年1月1日至{self.this()}年12月31日。联系电话：0570-4026{self.y}。"
            ),
            self.one("一、工作概况", "一、总体情况"),
            self.before_told(),
            *self.business(),
            self.quarters(),
            self.goods(),
            self.hotline(),
            self.plan(),
            self.table(
                self.one("表1 各窗口受理情况（单位：件）", "各窗口受理情况表"), self.desks()
            ),
            self.one("二、主动公开情况", "二、公开工作情况"),
            *self.active(),
            self.table("乡镇便民服务中心办件量", self.towns()) if self.rng.random() < 0.6 else "",
            "三、存在问题和下一步打算",
            f"公开的深度还不够。{next_}年，{self.we}将继续深化改革，优化服务，提高公开质量。",
            f"{name}\n{self.year(y + 1, y, y - 1)}年1月{self.rng.randint(4, 28)}日",
            self.statistics() if self.rng.random() < 0.5 else "",
        ]
        return self.finish(body)


def as_lines(rows: Sequence[Sequence[str]]) -> str:
    """A row a line, as pdftotext gives it: what was empty is gone."""
    return "\n".join(" ".join(cell for cell in row if cell) for row in rows)


def as_cells(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(cell for row in rows for cell in row if cell)


def as_tabs(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def as_html(rows: Sequence[Sequence[str]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"<table>\n{body}</table>"


def hard_ends(text: str, width: int) -> str:
    """Lines cut where the page ends; a spot is never cut."""
    lines = []
    for line in text.split("\n"):
        if len(line) <= width or line.startswith(("|", "<")) or "\t" in line or "  " in line:
            lines.append(line)
            continue
        lines += _cut(line, width)
    return "\n".join(lines)


def _cut(line: str, width: int) -> list[str]:
    cut, seen, row, hidden = [], 0, "", False
    for sign in line:
        hidden = {"\ue000": True, "\ue002": False}.get(sign, hidden)
        row += sign
        seen += 1 if not hidden else 0
        if (
            seen >= width
            and not hidden
            and not sign.isascii()
            and sign not in "\ue002％０１２３４５６７８９"
        ):
            cut.append(row)
            row, seen = "", 0
    return [*cut, row] if row else cut


def draft(rng: Random) -> Draft:
    hall = _Hall(rng)
    text = hall.whole()
    if "<table>" in text:
        lines = [one if one.startswith("<") else f"<p>{one}</p>" for one in text.split("\n")]
        return Draft("<html><body>\n" + "\n".join(lines) + "\n</body></html>", ".html")
    if rng.random() < 0.3:
        text = hard_ends(text, rng.randint(34, 60))
    return Draft(text)
