"""Writes random annual reports of both forms, right in every number, or with one fault planted.

It shares no code with the linter. A number is printed through `slot`, a date or a year too: planting
a fault means that one slot prints something else.
"""

# ruff: noqa: E501 - sentences stand as they are printed

import random
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import escape

CITIES = ["清溪市", "云岭县", "白沙区", "临江市", "青禾县", "东屏市", "石梁区", "望湖县"]
BODIES = [
    "水利局",
    "教育局",
    "民政局",
    "交通运输局",
    "农业农村局",
    "司法局",
    "卫生健康局",
    "人民政府办公室",
    "财政局",
    "市场监督管理局",
    "自然资源和规划局",
    "政务服务管理办公室",
]
HAN = "零一二三四五六七八九"
ROWS = 25


def han(number: int) -> str:
    """A number up to 9999 in Chinese numerals."""
    if number == 0:
        return "零"
    out, zero = "", False
    for step, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // step % 10
        if digit:
            out += ("零" if zero and out else "") + HAN[digit] + name
            zero = False
        elif out:
            zero = True
    return out[1:] if out.startswith("一十") else out


@dataclass
class Writer:
    """One report. `fault` names the slot that goes wrong; `slots` are those that could."""

    seed: int
    fault: str = ""
    slots: dict[str, object] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    year_fixed: int = 0
    note: str = ""

    def __post_init__(self):
        self.rng = random.Random(self.seed)
        self.other = random.Random(f"{self.seed} {self.fault}")
        rng = self.rng
        self.style = rng.choice(["plain", "plain", "comma", "full", "plain"])
        self.organ = rng.choice(CITIES) + rng.choice(BODIES)
        self.we = rng.choice(["我局", "本机关", "我单位", "全局", "本单位"])

    # ── printing

    def slot(self, name, value, *, fault=None):
        self.slots[name] = value
        if name != self.fault:
            return value
        wrong = fault(value) if fault else self.spoil(value)
        self.note = f"{name}: {value} → {wrong}"
        return wrong

    def spoil(self, value):
        ways = [value + self.other.randint(1, 9), value + self.other.randint(10, 60)]
        if value > 3:
            ways.append(value - self.other.randint(1, min(value - 1, 9)))
        if value >= 100:
            digits = list(str(value))
            at = self.other.randrange(len(digits) - 1)
            if digits[at] != digits[at + 1] and digits[at + 1] != "0":
                digits[at], digits[at + 1] = digits[at + 1], digits[at]
                ways.append(int("".join(digits)))
        return self.other.choice(ways)

    def show(self, value):
        if self.style == "comma":
            return f"{value:,}"
        if self.style == "full":
            return "".join(chr(ord(c) + 0xFEE0) for c in str(value))
        return str(value)

    def n(self, name, value):
        return self.show(self.slot(name, value))

    def small(self, name, value, unit):
        """A small number may be written in Chinese numerals."""
        shown = self.slot(name, value)
        if 2 < shown < 100 and self.rng.random() < 0.12:
            return han(shown) + unit
        return self.show(shown) + unit

    def percent(self, name, part, whole):
        places = self.rng.choice([0, 1, 1, 2, 2])
        true = part * 100 / whole
        scaled = (part * 100 * 10**places * 2 + whole) // (2 * whole)  # half up
        del true

        def spoil(text):
            step = (
                self.other.choice([3, 5, 11, -4, 7, 20])
                if places
                else self.other.choice([2, 3, -2, 5, 9])
            )
            bad = scaled + step if scaled + step > 0 else scaled + abs(step)
            return f"{bad / 10**places:.{places}f}%"

        return self.slot(name, f"{scaled / 10**places:.{places}f}%", fault=spoil)

    def split(self, total, count, least=1):
        """Random parts of a total."""
        if total < count * least:
            raise ValueError
        cuts = sorted(self.rng.sample(range(total - count * least + count - 1), count - 1))
        parts, last = [], -1
        for cut in [*cuts, total - count * least + count - 1]:
            parts.append(cut - last - 1 + least)
            last = cut
        return parts

    def year(self, name, value):
        return self.slot(
            name, value, fault=lambda right: right + self.other.choice([-1, -1, 1, -2])
        )

    def add(self, *lines):
        self.lines.extend(lines)

    def maybe(self, chance):
        return self.rng.random() < chance

    # ── phrases that both forms use

    def channels(self, key, total, subject):
        rng = self.rng
        kinds = rng.choice(
            [
                [
                    "通过政府门户网站公开{}条",
                    "通过本单位网站公开{}条",
                    "通过政务微信公众号公开{}条",
                    "通过公示栏公开{}条",
                ],
                ["门户网站{}条", "微信公众号{}条", "微博{}条"],
                ["政府网站公开{}条", "政务新媒体公开{}条", "其他方式公开{}条"],
                [
                    "政策文件类{}条",
                    "工作动态类{}条",
                    "财政信息类{}条",
                    "人事信息类{}条",
                    "公告公示类{}条",
                ],
                ["机构职能{}条", "规划计划{}条", "统计信息{}条"],
                ["在县政府门户网站发布{}条", "在本单位网站发布{}条"],
                ["通过报刊、广播、电视公开{}条", "通过网站公开{}条", "通过公开栏公开{}条"],
            ]
        )
        parts = self.split(total, len(kinds))
        shown = [
            kind.format(self.n(f"{key}.{at}", part))
            for at, (kind, part) in enumerate(zip(kinds, parts, strict=True))
        ]
        whole = self.n(f"{key}.total", total)
        sep = rng.choice(["，", "，", "；", "、"])
        listed = sep.join(shown)
        return (
            rng.choice(
                [
                    f"{subject}主动公开政府信息{whole}条，其中{listed}。",
                    f"{subject}共主动公开政府信息{whole}条，其中：{listed}。",
                    f"{subject}累计公开各类信息{whole}条。其中，{listed}。",
                    f"{subject}主动公开政府信息共计{whole}条，包括{listed}。",
                    f"{subject}{listed}，合计{whole}条。",
                    f"{subject}主动公开信息总数为{whole}条（其中{listed}）。",
                ]
            ),
            parts,
            [kind.split("{}")[0] for kind in kinds],
        )

    def compared(self, key, now, subject, what, unit):
        """This year against the last one."""
        rng = self.rng
        last = max(1, now + rng.randint(-now // 2, now // 2 + 3))
        up = now >= last
        word = "增加" if up else "减少"
        rate = "增长" if up else "下降"
        far = lambda right: right * 2 + self.other.randint(3, 9)  # noqa: E731 - past any rounding
        a = self.show(self.slot(f"{key}.now", now, fault=far))
        b = self.show(self.slot(f"{key}.last", last, fault=far))
        d = self.show(self.slot(f"{key}.change", abs(now - last), fault=far))
        p = self.percent(f"{key}.percent", abs(now - last), last)
        forms = [
            (
                f"{subject}{what}{a}{unit}，比上年的{b}{unit}{word}{d}{unit}，{rate}{p}。",
                "now last change percent",
            ),
            (f"{subject}{what}{a}{unit}，上年为{b}{unit}，同比{rate}{p}。", "now last percent"),
            (
                f"{subject}{what}{a}{unit}，较上年{word}{d}{unit}，同比{rate}{p}。",
                "now change percent",
            ),
            (
                f"{subject}{what}{a}{unit}，与去年同期{b}{unit}相比{word}了{d}{unit}，{'增' if up else '降'}幅为{p}。",
                "now last change percent",
            ),
            (f"{subject}{what}{a}{unit}（上年{b}{unit}），{word}{d}{unit}。", "now last change"),
        ]
        text, used = rng.choice(forms)
        for name in ("now", "last", "change", "percent"):
            if name not in used.split():
                self.slots.pop(f"{key}.{name}", None)
        if now == last:
            for name in ("now", "last", "change", "percent"):
                self.slots.pop(f"{key}.{name}", None)
            return f"{subject}{what}{self.show(now)}{unit}，与上年持平。"
        return text

    def shared(self, key, total, subject, what, unit, names):
        """Parts with their percentages."""
        rng = self.rng
        first, second = self.split(total, 2)
        t, a, b = (
            self.n(f"{key}.total", total),
            self.n(f"{key}.a", first),
            self.n(f"{key}.b", second),
        )
        p, q = self.percent(f"{key}.p", first, total), self.percent(f"{key}.q", second, total)
        return rng.choice(
            [
                f"{subject}{what}{t}{unit}，其中{names[0]}{a}{unit}，占总数的{p}；{names[1]}{b}{unit}，占{q}。",
                f"{subject}{what}共{t}{unit}，其中{names[0]}{a}{unit}，占{p}，{names[1]}{b}{unit}，占{q}。",
                f"{subject}{what}{t}{unit}，其中{names[0]}{a}{unit}（占{p}），{names[1]}{b}{unit}（占{q}）。",
                f"{subject}{what}{t}{unit}，其中{names[0]}、{names[1]}分别为{a}{unit}、{b}{unit}，分别占{p}和{q}。",
            ]
        )

    def dates(self, year):
        rng = self.rng
        month = rng.randint(1, 3)
        day = rng.randint(2, 28)
        self.day = (year + 1, month, day)
        return self.day

    def numbered(self, name, latest):
        rng = self.rng
        mark = rng.choice(["清政办发", "云办〔公开〕"[:2], "东政办函", "临府办发", "国办公开办函"])
        year = self.slot(name, latest, fault=lambda right: self.told + 2)
        return f"{mark}〔{year}〕{rng.randint(1, 90)}号"

    def signed(self):
        y, m, d = self.day
        early = lambda right: right - self.other.choice([1, 1, 2])  # noqa: E731
        y = self.slot("date.signed", y, fault=early)
        if self.maybe(0.2):
            shown = "".join("〇一二三四五六七八九"[int(c)] for c in str(y))
            return f"{shown}年{han(m)}月{han(d)}日"
        return f"{y}年{m}月{d}日"

    # ── the form of 2008

    def old(self):
        rng = self.rng
        year = self.year_fixed or rng.randint(2009, 2018)
        self.told = year
        self.dates(year)
        if self.maybe(0.4):
            y, m, d = self.day
            shown = self.slot("date.head", y, fault=lambda right: right - self.other.choice([1, 2]))
            self.add(
                f"索引号：{rng.randint(1000, 9999)}-{y}-{rng.randint(1, 999):05} 主题分类：政务公开",
                f"发布机构：{self.organ} 成文日期：{shown}-{m:02}-{d:02}",
            )
        t = self.year("year.title", year)
        self.add(
            *rng.choice(
                [
                    [f"{self.organ}{t}年政府信息公开工作年度报告"],
                    [self.organ, f"{t}年政府信息公开工作年度报告"],
                    [f"{self.organ}{t}年度政府信息公开年报"],
                    [f"{self.organ}关于{t}年政府信息公开工作情况的报告"],
                ]
            ),
            "",
        )
        intro = "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）"
        if self.maybe(0.5):
            intro += f"和《关于做好政府信息公开工作年度报告的通知》（{self.numbered('cited', rng.choice([year, year + 1]))}）"
        intro += f"的要求，{rng.choice(['特向社会公布', '现公布', '编制'])}{self.organ}{year}年度政府信息公开工作报告。"
        if self.maybe(0.6):
            a = self.slot("year.span", year, fault=lambda right: right - 1)
            intro += rng.choice(
                [
                    f"本报告中所列数据的统计期限自{a}年1月1日起至{a}年12月31日止。",
                    f"本报告统计数据的期限为{a}年1月1日—12月31日。",
                    f"所列数据统计期限从{a}年1月1日至{a}年12月31日。",
                ]
            )
        if self.maybe(0.4):
            intro += "如有疑问，请与本机关办公室联系（地址：人民路18号，邮编：324100，电话：0570-4012345）。"
        self.add(intro, "")
        self.old_general(year)
        self.old_active(year)
        self.old_requests(year)
        self.old_rest(year)
        if self.maybe(0.8):
            self.add("", self.organ, self.signed())
        else:
            self.slots.pop("date.signed", None)
        return self.text()

    def old_general(self, year):
        rng = self.rng
        self.add(rng.choice(["一、概述", "一、政府信息公开工作概况", "一、基本情况"]), "")
        y = self.year("year.body", year)
        self.add(
            rng.choice(
                [
                    f"{y}年，{self.we}认真贯彻落实《条例》精神，深入推进政府信息公开工作，按照“公开为常态、不公开为例外”的原则，做到应公开尽公开。",
                    f"{y}年，在市委、市政府的正确领导下，{self.we}进一步加大政府信息公开力度，提高工作透明度，政府信息公开工作取得新进展。",
                    f"{y}年度，{self.we}以建设服务型机关为目标，把政府信息公开作为转变职能的一项重要工作来抓。",
                ]
            )
        )
        self.add(
            "（一）加强组织领导。"
            + rng.choice(
                [
                    "成立了以局长为组长、分管副局长为副组长的政府信息公开工作领导小组，下设办公室，明确专人负责日常工作。",
                    f"明确{self.small('', 3, '名')}工作人员负责信息公开，做到一级抓一级、层层抓落实。",
                ]
            )
        )
        self.slots.pop("", None)
        if self.maybe(0.5):
            full, part = rng.randint(1, 6), rng.randint(1, 9)
            self.add(
                f"全局从事政府信息公开工作的人员共{self.n('staff.total', full + part)}人，其中专职人员{self.n('staff.full', full)}人，兼职人员{self.n('staff.part', part)}人。"
            )
        if self.maybe(0.4):
            self.add(
                f"（二）健全制度。制定完善信息公开制度{rng.randint(2, 6)}项，举办培训班{rng.randint(1, 4)}期，培训{rng.randint(30, 200)}人次。"
            )
        if self.maybe(0.5):
            self.add(self.clean_up())
        self.add("")

    def clean_up(self):
        rng = self.rng
        words = rng.choice(
            [
                ["保留", "取消", "下放"],
                ["保留", "取消", "下放", "合并"],
                ["保留", "取消", "调整为日常管理事项"],
                ["保留", "取消"],
            ]
        )
        total = rng.randint(40, 600)
        parts = self.split(total, len(words))
        listed = "，".join(
            f"{word}{self.n(f'clean.{at}', part)}项"
            for at, (word, part) in enumerate(zip(words, parts, strict=True))
        )
        whole = self.n("clean.total", total)
        return rng.choice(
            [
                f"经清理，{whole}项行政审批事项，{listed}。",
                f"对{whole}项审批事项进行清理，其中{listed}。",
                f"全年共清理事项{whole}项，{listed}。",
            ]
        )

    def old_active(self, year):
        rng = self.rng
        self.add(rng.choice(["二、主动公开政府信息情况", "二、政府信息主动公开情况"]), "")
        self.add(
            "（一）公开的主要内容",
            "机构职能、政策法规、规划计划、业务工作、统计数据、财政信息、人事信息等。",
            "（二）公开情况",
        )
        total = rng.randint(60, 90_000)
        text, _, _ = self.channels(
            "active", total, rng.choice([f"{year}年，{self.we}", f"{year}年度{self.we}", "全年"])
        )
        self.add(text)
        if self.maybe(0.5):
            self.add(self.compared("more", rng.randint(50, 3000), "", "制发各类信息", "篇"))
        if self.maybe(0.5):
            self.add(
                self.shared(
                    "share",
                    rng.randint(50, 5000),
                    "全年",
                    "编发政务信息",
                    "篇",
                    ["业务类信息", "综合类信息"],
                )
            )
        if self.maybe(0.3):
            self.add(
                f"召开新闻发布会{rng.randint(2, 9)}次，发布政策解读{rng.randint(5, 60)}篇，回应公众关切{rng.randint(5, 80)}次。"
            )
        self.add("")

    def old_requests(self, year):
        rng = self.rng
        self.add(rng.choice(["三、依申请公开政府信息情况", "三、依申请公开办理情况"]), "")
        if self.maybe(0.3):
            y = self.slot("year.zero", year, fault=lambda right: right - 1)
            self.add(
                rng.choice(
                    [
                        f"{y}年，{self.we}未收到依申请公开政府信息的申请。",
                        f"{y}年度，{self.we}没有收到公民、法人或者其他组织提出的政府信息公开申请。",
                    ]
                ),
                "",
            )
            return
        new = rng.randint(8, 300)
        ways = rng.choice(
            [
                ["当面申请", "网络申请", "信函申请"],
                ["通过网上提交", "以信函形式提交", "当面提交"],
                ["线上申请", "线下申请"],
                ["自然人申请", "法人或其他组织申请"],
            ]
        )
        parts = self.split(new, len(ways))
        listed = "，".join(
            f"{way}{self.n(f'ways.{at}', part)}件"
            for at, (way, part) in enumerate(zip(ways, parts, strict=True))
        )
        whole = self.n("ways.total", new)
        self.add(
            rng.choice(
                [
                    f"{year}年，{self.we}共收到政府信息公开申请{whole}件，其中{listed}。",
                    f"{year}年{self.we}收到政府信息公开申请{whole}件。按申请方式分，{listed}。",
                    f"全年受理政府信息公开申请{whole}件，其中：{listed}。",
                    f"全年共收到公开申请{whole}件（{listed}）。",
                ]
            )
        )
        carried, out = rng.randint(0, 5), rng.randint(0, 5)
        done = new + carried - out
        if self.maybe(0.6):
            self.add(
                f"上年结转{self.n('carry.in', carried)}件，本年办结申请{self.n('carry.done', done)}件，结转下年度继续办理{self.n('carry.out', out)}件。"
            )
        results = rng.choice(
            [
                ["予以公开", "部分公开", "不予公开"],
                ["同意公开", "同意部分公开", "不同意公开", "信息不存在"],
                ["属于主动公开范围的", "不属于本机关公开的", "信息不存在的"],
            ]
        )
        try:
            parts = self.split(done, len(results))
        except ValueError:
            parts = []
        if parts:
            listed = "，".join(
                f"{name}{self.n(f'results.{at}', part)}件"
                for at, (name, part) in enumerate(zip(results, parts, strict=True))
            )
            self.add(f"在已作出答复的{self.n('results.total', done)}件申请中，{listed}。")
        self.add("")

    def old_rest(self, year):
        rng = self.rng
        self.add("四、复议、诉讼和申诉情况", "")
        if self.maybe(0.6):
            y = self.slot("year.suits", year, fault=lambda right: right - 1)
            self.add(
                f"{y}年，{self.we}未发生因政府信息公开引起的行政复议、行政诉讼和申诉案件。", ""
            )
        else:
            upheld, changed = rng.randint(1, 9), rng.randint(1, 4)
            self.add(
                f"全年发生涉及政府信息公开的行政复议{self.n('suits.total', upheld + changed)}件，其中维持{self.n('suits.a', upheld)}件，撤销{self.n('suits.b', changed)}件。",
                "",
            )
        self.add("五、政府支出和收费情况", "", f"{year}年，{self.we}没有收取任何费用。", "")
        self.add(
            "六、存在的主要问题和改进措施",
            "",
            "（一）存在的主要问题",
            rng.choice(
                [
                    "一是公开内容还不够全面；二是公开的及时性有待提高。",
                    "一是工作人员业务能力有待加强；二是政策解读形式较为单一。",
                ]
            ),
            "（二）改进措施",
        )
        self.add(
            f"{year + 1}年，{self.we}将"
            + rng.choice(
                [
                    "继续加强学习培训，丰富公开内容，提高公开时效，创新解读形式，推动信息公开工作再上新台阶。",
                    "从以下几方面加以改进：一是丰富公开内容，提高时效；二是加强业务能力培训，创新解读形式。",
                ]
            )
        )

    # ── the form of 2021

    def table_three(self):
        rng = self.rng
        scale = rng.choice([1, 4, 20])
        grid = [[0] * 7 for _ in range(ROWS)]
        for column in range(6):
            weight = scale * (5 if column == 0 else 1)
            for row in range(2, 23):
                if self.maybe(0.3):
                    grid[row][column] = rng.randint(0, weight)
            total = sum(grid[row][column] for row in range(2, 23))
            grid[23][column] = total
            grid[24][column] = rng.randint(0, scale)
            grid[1][column] = rng.randint(0, min(scale, total + grid[24][column]))
            grid[0][column] = total + grid[24][column] - grid[1][column]
        for row in grid:
            row[6] = sum(row[:6])
        return grid

    def new(self):
        rng = self.rng
        year = self.year_fixed or rng.randint(2021, 2025)
        self.told = year
        self.dates(year)
        t = self.year("year.title", year)
        self.add(
            *rng.choice(
                [
                    [f"{self.organ}{t}年政府信息公开工作年度报告"],
                    [self.organ, f"{t}年政府信息公开工作年度报告"],
                ]
            ),
            "",
        )
        a = self.slot("year.span", year, fault=lambda right: right - 1)
        self.add(
            f"本报告根据《中华人民共和国政府信息公开条例》和《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）要求编制，"
            f"所列数据的统计期限自{a}年1月1日起至{a}年12月31日止。",
            "",
        )
        self.three = self.table_three()
        self.two = [[rng.randint(0, 5), rng.randint(0, 3), rng.randint(5, 60)] for _ in range(2)]
        self.two_single = [rng.randint(0, 4000) for _ in range(3)]
        self.fee = rng.choice(["0", f"{rng.randint(1, 900)}.{rng.randint(1, 99):02}"])
        self.four = []
        for _ in range(3):
            cells = [rng.choice([0, 0, rng.randint(0, 6)]) for _ in range(4)]
            self.four += [*cells, sum(cells)]
        self.new_general(year)
        self.add("二、主动公开政府信息情况", "", "@two", "")
        self.add("三、收到和处理政府信息公开申请情况", "", "@three", "")
        self.add("四、政府信息公开行政复议、行政诉讼情况", "", "@four", "")
        self.add(
            "五、存在的主要问题及改进情况",
            "",
            rng.choice(
                [
                    "存在的问题：一是政策解读形式单一；二是基层公开水平有待提高。改进情况：一是丰富解读形式；二是加强业务培训。",
                    f"{year}年，{self.we}政府信息公开工作取得一定成效，但公开内容的深度仍有不足。{year + 1}年，{self.we}将进一步拓展公开内容，加强业务培训。",
                ]
            ),
            "",
            "六、其他需要报告的事项",
            "",
            rng.choice(
                [
                    "本年度未收取信息处理费。",
                    f"{year}年，{self.we}未向申请人收取信息处理费，无其他需要报告的事项。",
                ]
            ),
        )
        if self.maybe(0.6):
            self.add("", self.organ, self.signed())
        else:
            self.slots.pop("date.signed", None)
        return self.lines

    def new_general(self, year):
        rng = self.rng
        self.add("一、总体情况", "")
        y = self.year("year.body", year)
        self.add(
            f"{y}年，{self.we}坚持以习近平新时代中国特色社会主义思想为指导，认真贯彻《条例》，着力提升政府信息公开质量。"
        )
        text, _, _ = self.channels(
            "active", rng.randint(60, 9000), f"（一）主动公开。{year}年，{self.we}"
        )
        self.add(text)
        if self.maybe(0.5):
            self.add(self.compared("more", rng.randint(20, 900), "全年", "发布政策解读材料", "篇"))
        self.add("（二）依申请公开。" + self.new_requests(year))
        self.add(
            f"（三）政府信息管理。制发行政规范性文件{self.n('rules.made', self.two[1][0])}件，废止行政规范性文件{self.n('rules.ended', self.two[1][1])}件，现行有效行政规范性文件{self.n('rules.valid', self.two[1][2])}件。"
            if self.maybe(0.5)
            else "（三）政府信息管理。严格落实信息发布审核制度，及时清理调整公开内容。"
        )
        self.add(
            "（四）平台建设。持续优化门户网站专栏，规范政务新媒体管理。",
            "（五）监督保障。"
            + rng.choice(
                [
                    f"组织业务培训{rng.randint(1, 6)}次，培训{rng.randint(20, 300)}人次。",
                    "将政府信息公开工作纳入年度考核。",
                ]
            ),
            "",
        )
        suits = self.four[9] + self.four[14]
        if self.maybe(0.5):
            if self.four[4]:
                self.add(f"全年因政府信息公开引起的行政复议{self.n('s1.review', self.four[4])}件。")
            if suits == 0:
                self.add("未发生因政府信息公开引起的行政诉讼。")
            self.add("")

    def new_requests(self, year):
        three = self.three
        new, carried, done, out = (three[row][6] for row in (0, 1, 23, 24))
        if new == 0:
            return f"{year}年，{self.we}未收到政府信息公开申请。"
        natural = three[0][0]
        text = f"全年新收政府信息公开申请{self.n('s1.new', new)}件"
        if natural and new - natural and self.maybe(0.5):
            text += f"，其中自然人申请{self.n('s1.natural', natural)}件，法人或其他组织申请{self.n('s1.legal', new - natural)}件"
        text += f"。上年结转{self.n('s1.in', carried)}件，" if self.maybe(0.5) else "。"
        if self.maybe(0.6):
            text += f"全年办结政府信息公开申请{self.n('s1.done', done)}件，结转下年度继续办理{self.n('s1.out', out)}件。"
        groups = {
            "予以公开": three[2][6],
            "部分公开": three[3][6],
            "不予公开": sum(row[6] for row in three[4:12]),
            "无法提供": sum(row[6] for row in three[12:15]),
            "不予处理": sum(row[6] for row in three[15:20]),
            "其他处理": sum(row[6] for row in three[20:23]),
        }
        if self.maybe(0.5) and done:
            text += (
                "从办理结果看，"
                + "，".join(
                    f"{name}{self.n(f's1.{name}', value)}件" for name, value in groups.items()
                )
                + "。"
            )
        return text if text.endswith("。") else text.rstrip("，") + "。"

    # ── tables as cells: (text, columns, rows)

    def spoil_tables(self):
        for row in range(ROWS):
            for column in range(7):
                self.three[row][column] = self.slot(
                    f"three.{row}.{column}", self.three[row][column]
                )
        self.four = [self.slot(f"four.{at}", value) for at, value in enumerate(self.four)]

    def rows_three(self):
        rows = [
            [
                ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
                ("申请人情况", 7, 1),
            ],
            [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
            [
                (name, 1, 1)
                for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
            ],
        ]
        for at, (cells, _) in enumerate(THREE):
            rows.append([*cells, *((str(value), 1, 1) for value in self.three[at])])
        return rows

    def rows_four(self):
        five = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
        return [
            [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
            [*((name, 1, 2) for name in five), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
            [(name, 1, 1) for name in five * 2],
            [(str(value), 1, 1) for value in self.four],
        ]

    def rows_two(self):
        made = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
        rows = [[("第二十条第（一）项", 4, 1)], [(name, 1, 1) for name in made]]
        for name, values in zip(("规章", "行政规范性文件"), self.two, strict=True):
            rows.append([(name, 1, 1), *((str(value), 1, 1) for value in values)])
        for item, names in (("五", ["行政许可"]), ("六", ["行政处罚", "行政强制"])):
            rows += [
                [(f"第二十条第（{item}）项", 4, 1)],
                [("信息内容", 1, 1), ("本年处理决定数量", 3, 1)],
            ]
            for name in names:
                at = ["行政许可", "行政处罚", "行政强制"].index(name)
                rows.append([(name, 1, 1), (str(self.two_single[at]), 3, 1)])
        rows += [
            [("第二十条第（八）项", 4, 1)],
            [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 3, 1)],
            [("行政事业性收费", 1, 1), (self.fee, 3, 1)],
        ]
        return rows

    def tables(self):
        return {"@two": self.rows_two(), "@three": self.rows_three(), "@four": self.rows_four()}

    # ── files

    def text(self):
        """Plain text: long lines, wrapped lines, or half-width marks."""
        lines = list(self.lines)
        if self.maybe(0.3):
            width = self.rng.choice([28, 34, 40])
            lines = [
                line[at : at + width]
                for line in lines
                for at in (range(0, len(line), width) if len(line) > width else [0])
            ]
        text = "\n".join(lines)
        if self.maybe(0.25) and self.style != "comma":
            text = text.translate(str.maketrans("，；：（）", ",;:()"))
        if self.maybe(0.2):
            text = "\n".join(
                "\u3000\u3000" + line if len(line) > 20 else line for line in text.split("\n")
            )
        return text

    def flattened(self):
        way = self.rng.choice(["row", "cell", "tab", "pipe"])
        out = []
        for line in self.lines:
            if not line.startswith("@"):
                out.append(line)
                continue
            for row in self.tables()[line]:
                words = [text for text, _, _ in row]
                out += (
                    words
                    if way == "cell"
                    else [{"row": " ", "tab": "\t", "pipe": " | "}[way].join(words)]
                )
        self.lines = out
        return "\n".join(out)

    def html(self):
        out = [
            "<!DOCTYPE html>",
            "<html><head><meta charset='utf-8'><title>年报</title><style>p{color:red}</style></head><body>",
        ]
        is_layout = self.maybe(0.3)
        if is_layout:
            out.append("<table width='100%'><tr><td>")
        for line in self.lines:
            if line.startswith("@"):
                out.append("<table border='1'><tbody>")
                for row in self.tables()[line]:
                    cells = "".join(
                        f"<td colspan='{columns}' rowspan='{rows}'><p><span>{escape(text)}</span></p></td>"
                        for text, columns, rows in row
                    )
                    out.append(f"<tr>{cells}</tr>")
                out.append("</tbody></table>")
            elif line:
                out.append(f"<p style='text-indent:2em'>{escape(line)}</p>")
        return self.rng.choice(["\n", "", "\n"]).join(
            [*out, "</td></tr></table>" if is_layout else "", "</body></html>"]
        )

    def docx(self):
        body = []
        for line in self.lines:
            if line.startswith("@"):
                body.append(docx_table(self.tables()[line]))
            else:
                half = len(line) // 2
                body.append(
                    "<w:p>"
                    + "".join(
                        f"<w:r><w:t xml:space='preserve'>{escape(part)}</w:t></w:r>"
                        for part in (line[:half], line[half:])
                    )
                    + "</w:p>"
                )
        return docx_file("".join(body))


C3 = [("三、本年度办理结果", 1, 22)]
THREE = [
    ([("一、本年新收政府信息公开申请数量", 3, 1)], 0),
    ([("二、上年结转政府信息公开申请数量", 3, 1)], 1),
    ([*C3, ("（一）予以公开", 2, 1)], 2),
    ([("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 2, 1)], 3),
    ([("（三）不予公开", 1, 8), ("1.属于国家秘密", 1, 1)], 4),
    ([("2.其他法律行政法规禁止公开", 1, 1)], 5),
    ([("3.危及“三安全一稳定”", 1, 1)], 6),
    ([("4.保护第三方合法权益", 1, 1)], 7),
    ([("5.属于三类内部事务信息", 1, 1)], 8),
    ([("6.属于四类过程性信息", 1, 1)], 9),
    ([("7.属于行政执法案卷", 1, 1)], 10),
    ([("8.属于行政查询事项", 1, 1)], 11),
    ([("（四）无法提供", 1, 3), ("1.本机关不掌握相关政府信息", 1, 1)], 12),
    ([("2.没有现成信息需要另行制作", 1, 1)], 13),
    ([("3.补正后申请内容仍不明确", 1, 1)], 14),
    ([("（五）不予处理", 1, 5), ("1.信访举报投诉类申请", 1, 1)], 15),
    ([("2.重复申请", 1, 1)], 16),
    ([("3.要求提供公开出版物", 1, 1)], 17),
    ([("4.无正当理由大量反复申请", 1, 1)], 18),
    ([("5.要求行政机关确认或重新出具已获取信息", 1, 1)], 19),
    (
        [
            ("（六）其他处理", 1, 3),
            ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", 1, 1),
        ],
        20,
    ),
    ([("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", 1, 1)], 21),
    ([("3.其他", 1, 1)], 22),
    ([("（七）总计", 2, 1)], 23),
    ([("四、结转下年度继续办理", 3, 1)], 24),
]


def docx_table(rows):
    """Rows of spanning cells with Word's vertical merges."""
    hanging, out = {}, []
    for row in rows:
        cells, column, left = [], 0, list(row)
        while left or column in hanging:
            if column in hanging:
                columns, depth = hanging.pop(column)
                cells.append(_docx_cell("", columns, "<w:vMerge/>"))
            else:
                text, columns, depth = left.pop(0)
                cells.append(
                    _docx_cell(text, columns, "<w:vMerge w:val='restart'/>" if depth > 1 else "")
                )
            if depth > 1:
                hanging[column] = (columns, depth - 1)
            column += columns
        out.append("<w:tr>" + "".join(cells) + "</w:tr>")
    return "<w:tbl>" + "".join(out) + "</w:tbl>"


def _docx_cell(text, columns, merge):
    return (
        f"<w:tc><w:tcPr><w:gridSpan w:val='{columns}'/>{merge}</w:tcPr>"
        f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:tc>"
    )


def docx_file(body):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f"<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='{space}'><w:body>{body}</w:body></w:document>"
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


def write(seed, form, fault=""):
    """(writer, name, content) of one report."""
    writer = Writer(seed, fault)
    if form == "2008":
        text = writer.old()
        kind = writer.rng.choice(["text", "text", "html", "docx"])
        if kind == "text":
            return writer, "report.txt", text.encode()
    else:
        writer.new()
        writer.spoil_tables()
        kind = writer.rng.choice(["text", "html", "docx", "docx"])
        if kind == "text":
            return writer, "report.txt", writer.flattened().encode()
    if kind == "html":
        return writer, "report.html", writer.html().encode()
    return writer, "report.docx", writer.docx()
