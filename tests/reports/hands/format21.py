"""An office in the format of 2021: six chapters, six tables, sentences that tell their cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.reports.hands.hall import as_cells, as_lines, as_tabs
from tests.reports.hands.kit import Draft, Pen, written

PEOPLE = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
RESULTS = (
    ("（一）予以公开", ""),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ""),
    ("（三）不予公开", "1.属于国家秘密"),
    ("", "2.其他法律行政法规禁止公开"),
    ("", "3.危及“三安全一稳定”"),
    ("", "4.保护第三方合法权益"),
    ("", "5.属于三类内部事务信息"),
    ("", "6.属于四类过程性信息"),
    ("", "7.属于行政执法案卷"),
    ("", "8.属于行政查询事项"),
    ("（四）无法提供", "1.本机关不掌握相关政府信息"),
    ("", "2.没有现成信息需要另行制作"),
    ("", "3.补正后申请内容仍不明确"),
    ("（五）不予处理", "1.信访举报投诉类申请"),
    ("", "2.重复申请"),
    ("", "3.要求提供公开出版物"),
    ("", "4.无正当理由大量反复申请"),
    ("", "5.要求行政机关确认或重新出具已获取信息"),
    ("（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("", "3.其他"),
)
NEW, OLD = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
DONE, TOTAL, LEFT = "三、本年度办理结果", "（七）总计", "四、结转下年度继续办理"
RULE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass
class Matrix:
    """Table three: six kinds of people, what came, what became of it, what is left."""

    new: list[int]
    old: list[int]
    left: list[int]
    results: list[list[int]] = field(default_factory=list)

    @property
    def done(self) -> list[int]:
        return [a + b - c for a, b, c in zip(self.new, self.old, self.left, strict=True)]

    def of(self, *rows: int) -> int:
        return sum(sum(self.results[row]) for row in rows)


def drawn_matrix(rng: Random, busy: int) -> Matrix:
    new = [rng.randint(0, busy)] + [rng.choice((0, 0, rng.randint(0, busy))) for _ in PEOPLE[1:]]
    new[0] = new[0] or 3
    old = [rng.choice((0, 1, 3)) if n else 0 for n in new]
    left = [rng.randint(0, min(4, n)) for n in new]
    one = Matrix(new, old, left, [[0] * len(PEOPLE) for _ in RESULTS])
    for person, count in enumerate(one.done):
        for _ in range(count):
            row = rng.choice((0, 0, 0, 1, 10, 10, 11, rng.randrange(len(RESULTS))))
            one.results[row][person] += 1
    return one


class _Office(Pen):
    def __init__(self, rng: Random, year: int, matrix: Matrix, *, compared: bool) -> None:
        super().__init__(rng)
        self.made, self.gone = self.rng.randint(0, 9), self.rng.randint(0, 4)
        self.valid = self.rng.randint(9, 90)
        self.managed, self.compared = rng.random() < 0.5, compared
        self.comma = False
        self.wide = self.wide and rng.random() < 0.3
        self.y, self.m = year, matrix
        self.we = rng.choice(("我局", "区政府办公室", "本机关", "我县", "街道"))
        self.name = rng.choice(("某某区政府办公室", "清河县财政局", "东湖街道办事处", "市审计局"))
        self.items = rng.randint(100, 5000)
        self.items_before = max(60, int(self.items * rng.uniform(0.6, 1.4)) + 1)
        self.asked = sum(matrix.new)
        self.asked_before = rng.choice([n for n in range(4, 90) if n != self.asked])

    def this(self) -> str:
        return self.year(self.y, self.y - 1, self.y + 1, self.y - 2)

    def change(self, now: int, then: int, *, told: bool) -> str:
        """A rate; the year before stands elsewhere, or nobody can say."""
        up = now > then
        rate = self.percent(abs(now - then), then)
        return (
            self.one("同比", "较上年", "比上一年度")
            + (self.one("增长", "增加") if up else self.one("下降", "减少"))
            + (rate if told else written(rate))
        )

    # 一
    def overview(self) -> list[str]:
        return [
            "一、总体情况",
            f"{self.this()}年，{self.we}以习近平新时代中国特色社会主义思想为指导，"
            + self.one("深入贯彻《条例》，", "认真落实上级部署，")
            + "各项工作有序开展。",
            self.one("（一）主动公开。", "1.主动公开情况。", "") + self.active(),
            self.one("（二）依申请公开。", "2.依申请公开情况。", "") + self.requests(),
            self.one("（三）政府信息管理。", "3.") + self.management(),
            self.one("（四）平台建设。", "4.") + self.platforms(),
            self.one("（五）监督保障。", "5.") + self.control(),
        ]

    def active(self) -> str:
        parts = self.pieces(self.items, 3, 5)
        a, b, d = (self.count(n) for n in parts)
        t = self.count(self.items)
        p = [self.percent(n, self.items) for n in parts]
        told = self.rng.random() < 0.6
        rate = self.change(self.items, self.items_before, told=told)
        return self.one(
            f"全年主动公开政府信息{t}条，{rate}。"
            f"其中，门户网站{a}条，政务微信{b}条，其他渠道{d}条。",
            f"通过政府网站、微信公众号、线下公开栏分别发布{a}条、{b}条、{d}条，共计{t}条，"
            f"占比分别为{p[0]}、{p[1]}、{p[2]}。",
            f"发布信息{t}条：政策解读类{a}条，占{p[0]}，重点领域类{b}条，占{p[1]}，"
            f"其余{d}条为动态类信息。",
        ) + (f"上年主动公开{self.free(self.items_before)}条。" if told else "")

    def requests(self) -> str:
        m = self.m
        new, old, left, done = (sum(n) for n in (m.new, m.old, m.left, m.done))
        n, o, f, d = (self.count(one, "carry") for one in (new, old, left, done))
        due = self.count(new + old, "carry")
        web = self.rng.randint(0, new)
        compared = self.rng.random() < 0.5
        told = [
            f"全年新收政府信息公开申请{n}件，上年结转{o}件，办结{d}件，结转下年度{f}件。",
            (
                f"{self.this()}年共收到申请{n}件，加上上年结转{o}件，应办理{due}件，"
                f"已办结{d}件，结转{f}件。"
            ),
            (
                f"共受理申请{n}件（其中网上{self.count(web)}件，信函{self.count(new - web)}件），"
                f"{self.change(self.asked, self.asked_before, told=compared)}。"
            ),
        ]
        given = m.of(0)
        if done:
            told.append(
                f"全年办结申请{d}件，其中予以公开{self.count(given)}件，"
                f"占{self.percent(given, done)}；部分公开{self.count(m.of(1))}件；"
                f"其他{self.count(done - given - m.of(1))}件。"
            )
        before = f"{self.y - 1}年共收到申请{self.free(self.asked_before)}件。"
        return (before if compared else "") + self.rng.choice(told)

    def management(self) -> str:
        if not self.managed:
            return "严格执行信息发布审查制度，做到先审后发。"
        return (
            f"制定行政规范性文件{self.count(self.made)}件，废止{self.count(self.gone)}件，"
            f"现行有效{self.count(self.valid)}件。"
        )

    def platforms(self) -> str:
        posts = self.pieces(self.rng.randint(100, 3000), 2, 3)
        return self.one(
            f"政务新媒体发布{self.count(sum(posts))}条，其中微信{self.count(posts[0])}条，"
            f"微博{self.count(posts[1])}条。",
            f"政务微信发布{self.count(posts[0])}条、微博发布{self.count(posts[1])}条，"
            f"合计{self.count(sum(posts))}条。",
        )

    def control(self) -> str:
        asked = self.rng.randint(100, 900)
        happy = self.rng.randint(80, asked - 1)
        return self.one(
            f"开展社会评议，发放问卷{self.free(asked)}份，满意{self.free(happy)}份，"
            f"满意率{self.percent(happy, asked)}。",
            f"举办培训{self.free(3)}次。",
        )

    # 二
    def table_two(self) -> list[list[list[str]]]:
        self.permits, self.fines = self.rng.randint(0, 900), self.rng.randint(0, 90)
        put = self.count if self.managed or self.compared else self.free
        rules = [
            ["第二十条第（一）项"],
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "0", "0", "0"],
            ["行政规范性文件", put(self.made), put(self.gone), put(self.valid)],
        ]
        done = "本年处理决定数量"
        return [
            rules,
            [["第二十条第（五）项"], ["信息内容", done], ["行政许可", self.free(self.permits)]],
            [
                ["第二十条第（六）项"],
                ["信息内容", done],
                ["行政处罚", self.free(self.fines)],
                ["行政强制", "0"],
            ],
            [
                ["第二十条第（八）项"],
                ["信息内容", "本年收费金额（单位：万元）"],
                ["行政事业性收费", self.free(self.rng.randint(0, 40))],
            ],
        ]

    # 三
    def table_three(self) -> list[list[str]]:
        m = self.m
        rows = [
            [RULE, "申请人情况"],
            ["自然人", "法人或其他组织", "总计"],
            list(PEOPLE[1:]),
            [NEW, *self.cells(m.new, "carry")],
            [OLD, *self.cells(m.old, "carry")],
        ]
        for at, (group, name) in enumerate(RESULTS):
            head = [DONE] if at == 0 else []
            label = [one for one in (*head, group, name) if one]
            rows.append([*label, *self.cells(m.results[at])])
        rows.append([TOTAL, *self.cells(m.done)])
        rows.append([LEFT, *self.cells(m.left, "carry")])
        return rows

    def cells(self, counts: Sequence[int], kind: str = "sum") -> list[str]:
        return [self.count(n, kind) for n in (*counts, sum(counts))]

    # 四
    def table_four(self) -> list[list[str]]:
        self.fours = [[self.rng.choice((0, 0, 1, 2, 5)) for _ in range(4)] for _ in range(3)]
        names = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
        numbers = [self.count(n) for four in self.fours for n in (*four, sum(four))]
        return [
            ["行政复议", "行政诉讼"],
            ["未经复议直接起诉", "复议后起诉"],
            names * 3,
            numbers,
        ]

    # 五、六
    def rest(self) -> list[str]:
        next_ = self.year(self.y + 1, self.y, self.y - 1)
        return [
            "五、存在的主要问题及改进情况",
            "（一）存在问题。政策解读形式单一，公开专栏更新不够及时。",
            f"（二）改进措施。{next_}年，{self.we}将丰富解读形式，加强专栏维护，及时更新内容。",
            "六、其他需要报告的事项",
            self.one(
                f"{self.this()}年度未收取信息处理费。",
                "按照《政府信息公开信息处理费管理办法》，本年度收取信息处理费0元。",
            ),
        ]

    def whole(self, draw: "Drawing") -> str:
        blocks = self.table_two()
        paragraph = draw.paragraph
        signed = f"{self.year(self.y + 1, self.y, self.y - 1)}年1月{self.rng.randint(5, 30)}日"
        return "\n".join(
            [
                *map(
                    paragraph,
                    [
                        f"{self.name}{self.this()}年政府信息公开工作年度报告",
                        (
                            f"根据《中华人民共和国政府信息公开条例》第五十条规定编制。统计期限自{self.this()}"
                            f"年1月1日起至{self.this()}年12月31日止。"
                        ),
                        *self.overview(),
                        "二、主动公开政府信息情况",
                    ],
                ),
                *map(draw.table, blocks),
                paragraph("三、收到和处理政府信息公开申请情况"),
                draw.table(self.table_three(), 3),
                paragraph("四、政府信息公开行政复议、行政诉讼情况"),
                draw.table(self.table_four(), 3),
                *map(paragraph, self.rest()),
                paragraph(f"{self.name}　{signed}"),
            ]
        )


class Drawing:
    """A way to keep tables; the marked-up ones span heads as the ministry's form does."""

    def __init__(self, suffix: str, plain: object = None) -> None:
        self.suffix, self.plain = suffix, plain

    def paragraph(self, text: str) -> str:
        return f"<p>{text}</p>" if self.suffix == ".html" else text

    def table(self, rows: Sequence[Sequence[str]], heads: int = 0) -> str:
        if callable(self.plain):
            return str(self.plain(rows))
        if self.suffix == ".html":
            body = "\n".join(
                "<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows
            )
            return f"<table>\n{body}\n</table>"
        width = max(len(row) for row in rows)
        full = [[*row, *[""] * (width - len(row))] for row in rows[:heads]]
        full += [[*[""] * (width - len(row)), *row] for row in rows[heads:]]
        lines = ["| " + " | ".join(row) + " |" for row in full]
        return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


WAYS = (
    Drawing(".html"),
    Drawing(".txt", as_lines),
    Drawing(".txt", as_cells),
    Drawing(".txt", as_tabs),
    Drawing(".md"),
)


def draft(rng: Random) -> Draft:
    year, matrix = rng.randint(2021, 2025), drawn_matrix(rng, rng.choice((6, 30)))
    compared = rng.random() < 0.5
    office = _Office(rng, year, matrix, compared=compared)
    before = _last_year(rng, office) if compared else None
    text = office.whole(rng.choice(WAYS))
    suffix = ".html" if "<table>" in text else ".txt"
    if suffix == ".html":
        text = f"<html><body>\n{text}\n</body></html>"
    return Draft(text, suffix, before)


def _last_year(rng: Random, now: _Office) -> str:
    """The report of the year before, from which this one carries on."""
    matrix = drawn_matrix(rng, 9)
    for person, count in enumerate(now.m.old):
        gap = count - matrix.left[person]
        matrix.left[person] = count
        matrix.new[person] += max(0, gap)
        matrix.results[0][person] -= min(0, gap)
    one = _Office(rng, now.y - 1, matrix, compared=False)
    one.valid = now.valid - now.made + now.gone
    one.items = now.items_before
    if one.asked == now.asked:
        one.m.new[0] += 1
        one.m.results[0][0] += 1
        one.asked += 1
    now.asked_before = one.asked
    return written(one.whole(WAYS[1]))
