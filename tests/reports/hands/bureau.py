"""A bureau's office of 2010–2018: six chapters of prose, sums in sentences, two years compared."""

from random import Random

from tests.reports.hands.kit import Draft, Pen, listed

ORGANS = ("市水利局", "区民政局", "县农业局", "市质监局", "青石镇人民政府", "县住建局", "市档案局")
WAYS = (
    "门户网站",
    "政务微博",
    "微信公众号",
    "公示栏",
    "电子显示屏",
    "报刊广播电视",
    "档案馆查阅点",
)
SORTS = ("机构概况类", "政策法规类", "规划计划类", "工作动态类", "人事信息类", "财政信息类")
PEOPLE = "人次"


class _Bureau(Pen):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.y = rng.randint(2010, 2018)
        self.organ = rng.choice(ORGANS)
        self.we = rng.choice(("我局", "本机关", "全局")) if "局" in self.organ else "我镇"
        self.total = rng.randint(80, 4000)
        self.before = max(20, int(self.total * rng.uniform(0.6, 1.5)))
        if self.before == self.total:
            self.before += 7
        self.asked = rng.randint(9, 60)
        self.asked_before = rng.choice([n for n in range(5, 70) if n != self.asked])
        self.old, self.left = rng.randint(1, 9), rng.randint(1, 5)
        self.due = self.asked + self.old

    def this(self) -> str:
        return self.year(self.y, self.y - 1, self.y + 1, self.y - 2)

    def last(self) -> str:
        return self.digits(str(self.y - 1))

    def than_last(self, now: int, then: int, unit: str) -> str:
        """How much more or less than in the year before, which is told elsewhere too."""
        more = now > then
        rate = self.percent(abs(now - then), then)
        gap = self.count(abs(now - then))
        word = self.one("增加", "增长") if more else self.one("减少", "下降")
        return self.one(
            f"比上年{word}{rate}",
            f"同比{'增长' if more else '下降'}{rate}",
            f"较{self.last()}年{'增加' if more else '减少'}{gap}{unit}",
            f"比去年{'增加' if more else '减少'}{gap}{unit}，{'增' if more else '降'}幅{rate}",
            f"与上年相比{'上升' if more else '下降'}了{rate}",
            f"比{self.last()}年的{self.free(then)}{unit}{'多' if more else '少'}了{gap}{unit}",
        )

    # 一、概况
    def opening(self) -> list[str]:
        y, n = self.y, self.this
        span = self.one(
            f"本报告所列数据的统计期限自{n()}年1月1日起，至{n()}年12月31日止。",
            f"统计期限为{n()}年1月1日至12月31日。",
            f"报告中数据统计时段为{n()}年1月1日－{n()}年12月31日。",
            "",
        )
        law = self.one(
            "根据《中华人民共和国政府信息公开条例》（国务院令第492号）要求，",
            f"依照《条例》和《关于做好{self.y}年度政府信息公开年度报告工作的通知》要求，",
            "按照上级有关规定，",
        )
        since = self.maybe(
            f"自2008年5月1日《条例》施行以来，{self.we}已累计公开政府信息"
            f"{self.free(self.total + self.before + self.rng.randint(900, 9000))}条。",
            0.4,
        )
        past = self.maybe(f"{y - 2}年启用的查阅点运行正常，24小时开放。", 0.3)
        return [
            f"{law}{self.organ}编制{self.one('', '并公布')}{n()}年度政府信息公开工作报告。{span}",
            self.one("一、概述", "一、基本情况", "一、政府信息公开工作概况"),
            f"{n()}年，{self.we}"
            + self.one("认真贯彻落实《条例》，", "在区委、区政府领导下，", "坚持以公开为常态，")
            + "扎实推进政府信息公开工作。"
            + since
            + past,
            *self.organisation(),
        ]

    def organisation(self) -> list[str]:
        full, part = self.rng.randint(1, 4), self.rng.randint(2, 19)
        first, second = self.rng.randint(1, 6), self.rng.randint(1, 6)
        heads = self.pieces(self.rng.randint(60, 500), 2, 9)
        staff = self.one(
            f"全系统配备信息公开工作人员{self.count(full + part)}名，其中专职{self.count(full)}名，"
            f"兼职{self.count(part)}名。",
            f"现有专职人员{self.count(full)}人、兼职人员{self.count(part)}人，"
            f"共计{self.count(full + part)}人。",
            f"共有{self.count(full + part)}名同志从事此项工作，除{self.count(full)}名专职人员外，"
            f"其余{self.count(part)}名均为兼职。",
        )
        training = self.one(
            f"全年举办培训班{self.count(first + second)}期，上半年{self.count(first)}期，"
            f"下半年{self.count(second)}期；参训{self.count(sum(heads))}{PEOPLE}，"
            f"其中机关{self.count(heads[0])}{PEOPLE}，基层{self.count(heads[1])}{PEOPLE}。",
            f"上半年和下半年分别举办培训{self.count(first)}期、{self.count(second)}期，"
            f"全年共{self.count(first + second)}期。",
            f"召开工作会议{self.free(first)}次。",
        )
        return [self.one("（一）加强组织领导。", "一是健全机制。", "") + staff + training]

    # 二、主动公开
    def active(self) -> list[str]:
        return [
            self.one("二、主动公开政府信息情况", "二、主动公开情况"),
            self.headline(),
            self.by_way(),
            self.by_sort(),
            self.maybe(self.rules_made()),
        ]

    def headline(self) -> str:
        lead = self.one(
            f"{self.this()}年，{self.we}共主动公开政府信息{self.count(self.total)}条，",
            f"本年度主动公开信息{self.count(self.total)}条，",
            f"截至{self.this()}年12月31日，全年累计主动公开信息{self.count(self.total)}条，",
        )
        return lead + self.than_last(self.total, self.before, "条") + "。"

    def by_way(self) -> str:
        names = self.rng.sample(WAYS, self.rng.randint(2, 5))
        parts = self.pieces(self.total, len(names), 3)
        c = [self.count(n) for n in parts]
        t = self.count(self.total)
        rest = self.total - parts[0] - parts[1]
        shares = "".join(
            f"通过{a}公开{self.count(n)}条，占总数的{self.percent(n, self.total)}；"
            for a, n in zip(names, parts, strict=True)
        )
        plain = [f"{a}{n}条" for a, n in zip(names, c, strict=True)]
        ways = [
            f"从公开渠道看，{'，'.join('通过' + one for one in plain)}，合计{t}条。",
            f"通过{listed(names)}公开的分别为{listed([n + '条' for n in c])}，共{t}条。",
            f"从渠道看，{shares[:-1]}。",
            f"在公开的{t}条信息中，{'、'.join(plain)}。",
            f"按公开形式分：{'；'.join(plain)}。以上共计{t}条。",
        ]
        if rest > 0 and len(names) > 2:
            ways.append(
                f"其中，通过{names[0]}公开{c[0]}条，通过{names[1]}公开{c[1]}条，"
                f"{self.one('其余', '剩余')}{self.count(rest)}条通过其他形式公开，总计{t}条。"
            )
        return self.rng.choice(ways)

    def by_sort(self) -> str:
        names = [*self.rng.sample(SORTS, self.rng.randint(3, 5)), "其他类"]
        parts = self.pieces(self.total, len(names), 1)
        c = [self.count(n) for n in parts]
        p = [self.percent(n, self.total) for n in parts]
        t = self.count(self.total)
        rows = list(zip(names, c, p, strict=True))
        return self.rng.choice(
            (
                f"从内容看，全部{t}条信息中："
                + "；".join(f"{a}{n}条，占{q}" for a, n, q in rows)
                + "。",
                (
                    f"主要内容为{listed(names)}，分别公开{listed([n + '条' for n in c])}，"
                    f"分别占{listed(p)}。"
                ),
                "公开的类别："
                + "，".join(f"{a}{n}条（{q}）" for a, n, q in rows)
                + f"，累计{t}条。",
                "".join(f"\n{at}.{a}：{n}条。" for at, (a, n, _) in enumerate(rows, 1)).strip()
                + f"\n以上各类信息合计{t}条。",
            )
        )

    def rules_made(self) -> str:
        made, gone = self.rng.randint(2, 30), self.rng.randint(1, 20)
        kept = self.rng.randint(20, 90)
        return (
            f"对现行规范性文件进行清理，共清理{self.count(made + gone + kept)}件，"
            f"保留{self.count(kept)}件，修改{self.count(made)}件，废止{self.count(gone)}件。"
        )

    # 三、依申请公开
    def on_request(self) -> list[str]:
        return [
            self.one("三、依申请公开政府信息情况", "三、依申请公开办理情况"),
            self.received(),
            self.carried(),
            self.answered(),
        ]

    def received(self) -> str:
        names = self.one("当面、信函、网络、传真", "现场、邮寄、电子邮件、网上平台").split("、")
        parts = self.pieces(self.asked, 4)
        c = [self.count(n) for n in parts]
        t = self.count(self.asked)
        rows = [f"{a}申请{n}件" for a, n in zip(names, c, strict=True)]
        person = self.rng.randint(1, self.asked - 1)
        who = self.one(
            f"按申请人分，公民{self.count(person)}件，占{self.percent(person, self.asked)}；"
            f"法人或其他组织{self.count(self.asked - person)}件，"
            f"占{self.percent(self.asked - person, self.asked)}。",
            f"申请人为公民的{self.count(person)}件，其余{self.count(self.asked - person)}件"
            "申请人为企业。",
        )
        when = self.one(f"{self.this()}年，{self.we}", "本年度", "全年")
        return self.one(
            f"{when}共收到政府信息公开申请{t}件，其中{'，'.join(rows)}。{who}",
            f"{when}受理依申请公开{t}件，{self.than_last(self.asked, self.asked_before, '件')}。"
            f"从申请方式看，{'、'.join(rows)}。{who}",
            f"{when}收到{'、'.join(rows)}，共计{t}件。{who}",
        )

    def carried(self) -> str:
        old, left, due = self.old, self.left, self.due
        c = {n: self.count(n, "carry") for n in {old, left, due, due - left, self.asked}}
        rate = self.percent(due - left, due)
        return self.one(
            f"上年结转{c[old]}件，本年新收{c[self.asked]}件，应办{c[due]}件；"
            f"办结{c[due - left]}件，结转下年度{c[left]}件，办结率{rate}。",
            f"加上上年度结转的{c[old]}件，全年应办理申请{c[due]}件，已办结{c[due - left]}件，"
            f"办结率为{rate}，其余{c[left]}件结转下一年度继续办理。",
            f"全年应答复{c[due]}件（含上年结转{c[old]}件），已答复{c[due - left]}件，"
            f"尚有{c[left]}件正在办理中。",
        )

    def answered(self) -> str:
        done = self.due - self.left
        parts = self.pieces(done, 4)
        t, (a, b, d, e) = self.count(done), (self.count(n) for n in parts)
        wrong = self.percent(parts[0], done)
        return self.one(
            f"在本年答复的{t}件中，同意公开{a}件，占{wrong}；同意部分公开{b}件；"
            f"不同意公开{d}件；信息不存在{e}件。",
            f"已作出答复{t}件：属于已主动公开范围的{a}件，同意公开的{b}件，"
            f"不属于本机关掌握的{d}件，告知作出更改补充的{e}件。",
            f"答复中，“同意公开”{a}件，“部分公开”{b}件，“不予公开”{d}件，“其他”{e}件，合计{t}件。",
        )

    # 四、五
    def remedies(self) -> list[str]:
        kept, mended = self.rng.randint(1, 6), self.rng.randint(1, 4)
        suits = self.rng.randint(2, 9)
        told = self.one(
            f"{self.this()}年，{self.we}没有发生因政府信息公开引起的行政复议和行政诉讼。",
            f"全年发生行政复议{self.count(kept + mended)}件，维持{self.count(kept)}件，"
            f"撤销{self.count(mended)}件；行政诉讼{self.free(suits)}件，均已审结。",
            f"因信息公开引起行政复议{self.count(kept)}件、行政诉讼{self.count(suits)}件，"
            f"两项合计{self.count(kept + suits)}件。",
        )
        return ["四、因政府信息公开申请行政复议、提起行政诉讼情况", told]

    def money_chapter(self) -> list[str]:
        parts = self.pieces(self.rng.randint(400, 9000), 3, 30)
        a, b, d = (self.money(n) for n in parts)
        t = self.money(sum(parts))
        units = self.one("万元", "万元", "元") if self.rng.random() < 0.8 else "万元"
        told = self.one(
            f"全年投入专项经费{t}{units}，其中网站运维{a}{units}，设备购置{b}{units}，"
            f"人员培训{d}{units}。",
            f"网站建设、印刷、培训支出分别为{a}{units}、{b}{units}和{d}{units}，合计{t}{units}。",
            f"共支出{t}{units}，除用于网站的{a}{units}外，设备支出{b}{units}，培训支出{d}{units}。",
        )
        fee = self.one("全年未收取任何费用。", f"{self.this()}年，未向申请人收取费用。")
        return [self.one("五、收费及减免情况", "五、政府支出和收费情况"), fee + told]

    # 六
    def outlook(self) -> list[str]:
        y = self.y
        next_ = self.year(y + 1, y, y - 1, y + 2)
        return [
            "六、存在的主要问题及改进措施",
            self.one("一是公开内容还不够丰富；二是", "主要问题：")
            + "便民性有待提高，队伍力量不足。",
            self.one(
                f"{next_}年，{self.we}将继续加大公开力度，着力做好以下工作：一是充实公开内容，"
                "二是提高便民程度，三是加强队伍建设。",
                f"下一步，{self.we}将在{next_}年重点抓好内容更新、便民服务和队伍培训。",
            ),
        ]

    def compared(self) -> str:
        """Both years in an early chapter; the rates come later."""
        return (
            f"{self.last()}年，{self.we}主动公开信息{self.free(self.before)}条，"
            f"收到申请{self.free(self.asked_before)}件。"
        )

    def whole(self) -> str:
        y = self.y
        title = f"{self.organ}{self.this()}年政府信息公开{self.one('', '工作')}年度报告"
        signed = (
            f"{self.year(y + 1, y, y - 1)}年{self.rng.randint(1, 3)}月{self.rng.randint(1, 28)}日"
        )
        return self.finish(
            [
                title,
                *self.opening(),
                self.compared(),
                *self.active(),
                *self.on_request(),
                *self.remedies(),
                *self.money_chapter(),
                *self.outlook(),
                self.maybe(f"{self.organ}\n{signed}", 0.8),
            ]
        )


def draft(rng: Random) -> Draft:
    return Draft(_Bureau(rng).whole())
