"""A log's analysis as a page of its own: Chinese, no scripts, made to be read and printed."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from html import escape
from zoneinfo import ZoneInfo

from mingtang.bottlenecks.log.writing import MICROS
from mingtang.bottlenecks.rules.graph import BOX_HEIGHT, BOX_WIDTH, Box, Line, Picture, picture
from mingtang.bottlenecks.rules.mining import Activity, Findings
from mingtang.bottlenecks.rules.spread import Spread

ZONE = ZoneInfo("Asia/Shanghai")
MOST_VARIANTS = 30
MINUTE, HOUR, DAY = 60, 3600, 86400
NAME_LINE = 17  # Chinese characters that fit in a line of a box
WORDS = re.compile(r"[^\s\u2e80-\U0010ffff]{1,30}\s*|[\u2e80-\U0010ffff]\s*")
HEADS = ("次数", "中位", "平均", "九成以内")
STYLE = """
:root { color: #15202e; background: #fff; font: 16px/1.6 "Noto Sans CJK SC", "Noto Sans SC",
  "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; }
body { max-width: 70rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
dt { color: #475569; } dd { margin: 0; font-size: 1.25rem; font-weight: 600; }
.wide { overflow-x: auto; }
svg { display: block; max-width: 100%; min-width: 30rem; height: auto; margin: 0 auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: #475569; padding: .25rem 0; }
th, td { border-bottom: 1px solid #cdd8e6; padding: .35rem .6rem; text-align: left; }
thead th { border-bottom: 2px solid #5b6b80; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
ol { margin: 0; padding-left: 1.4rem; } p { margin: .5rem 0; }
.box { fill: #e8f1fc; stroke: #0a4f9f; stroke-width: 1.5; }
.line { fill: none; stroke: #475569; } .head { fill: #475569; }
text { font-size: 13px; fill: #15202e; text-anchor: middle; }
.label { paint-order: stroke; stroke: #fff; stroke-width: 4px; font-size: 12px; }
@media print { body { max-width: none; padding: 0; font-size: 12px; }
  svg { min-width: 0; max-height: 24cm; } thead { display: table-header-group; }
  tr { break-inside: avoid; } .wide { overflow: visible; } @page { margin: 15mm; } }
"""


def as_page(found: Findings, name: str) -> str:
    """`name`: what the log is called."""
    title = f"时间花在哪里：{name}"
    body = "\n".join(
        [
            _head(found, title),
            _graph(found),
            _edge_table(found),
            _activity_table(found),
            _rework(found),
            _variants(found),
            _resources(found),
            _notes(),
        ]
    )
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>"
    )


# ── words and numbers ─────────────────────────────────────────────────────────────────────────


def duration(micros: Fraction) -> str:
    """In the largest unit that fits, as people say it: 6.2 天, 3.5 小时, 12 分钟, 8 秒."""
    seconds = micros / MICROS
    for unit, name in ((DAY, "天"), (HOUR, "小时"), (MINUTE, "分钟")):
        if seconds >= unit:
            return f"{float(seconds / unit):.1f} {name}"
    return f"{float(seconds):.1f} 秒" if seconds else "0 秒"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def _numbers(count: int, spread: Spread | None) -> list[str]:
    if spread is None:
        return [f"{count:,}", "—", "—", "—"]
    return [f"{count:,}", *map(duration, (spread.median, spread.mean, spread.p90))]


def _table(
    caption: str, heads: Sequence[str], rows: Iterable[tuple[Sequence[str], Sequence[str]]]
) -> str:
    """Rows of names and numbers; numbers stand to the right."""
    listed = list(rows)
    words = len(listed[0][0]) if listed else len(heads)
    head = "".join(
        f'<th scope="col"{_side(place >= words)}>{escape(one)}</th>'
        for place, one in enumerate(heads)
    )
    body = "\n".join(
        "<tr>"
        + "".join(f"<td>{escape(one)}</td>" for one in names)
        + "".join(f'<td class="n">{escape(one)}</td>' for one in numbers)
        + "</tr>"
        for names, numbers in listed
    )
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _side(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


# ── parts of the page ─────────────────────────────────────────────────────────────────────────


def _head(found: Findings, title: str) -> str:
    facts = [
        ("办件", f"{found.cases:,} 件"),
        ("事件", f"{found.events:,} 个"),
        ("从第一步到最后一步，中位", duration(found.case_spread.median)),
        ("九成办件在此以内", duration(found.case_spread.p90)),
        ("有返工的办件", f"{found.rework_cases:,} 件"),
    ]
    told = "".join(f"<div><dt>{escape(a)}</dt><dd>{escape(b)}</dd></div>" for a, b in facts)
    span = f"{_moment(found.first)} 至 {_moment(found.last)}（北京时间）"
    return f"<h1>{escape(title)}</h1>\n<p>{span}</p>\n<dl>{told}</dl>"


def _edge_table(found: Findings) -> str:
    rows = (([e.source, e.target], _numbers(e.count, e.spread)) for e in found.edges)
    table = _table(f"全部 {len(found.edges)} 种先后，次数多的在前", ("从", "到", *HEADS), rows)
    return f"<h2>先后和间隔</h2>\n{table}"


def _activity_table(found: Findings) -> str:
    def row(one: Activity) -> tuple[list[str], list[str]]:
        more = [f"{n:,}" for n in (one.cases, one.starts, one.ends)]
        return [one.name], [*_numbers(one.count, one.spread), *more]

    rows = map(row, found.activities)
    heads = ("活动", *HEADS, "办件", "开头", "结尾")
    return f"<h2>每项活动</h2>\n{_table('用时：同一办件上一个事件到这一个事件', heads, rows)}"


def _rework(found: Findings) -> str:
    if not found.rework:
        return "<h2>返工</h2>\n<p>没有一件办件重复做过同一项活动。</p>"

    def row(one: Activity) -> tuple[list[str], list[str]]:
        return [one.name], [f"{n:,}" for n in (one.repeats, one.repeat_cases, one.self_loops)]

    heads = ("活动", "重复次数", "涉及办件", "其中紧接着重复")
    return f"<h2>返工</h2>\n{_table('同一办件里做了不止一次的活动', heads, map(row, found.rework))}"


def _variants(found: Findings) -> str:
    shown = found.variants[:MOST_VARIANTS]
    rows = (
        ([" → ".join(one.activities)], [f"{one.cases:,}", f"{one.cases / found.cases:.1%}"])
        for one in shown
    )
    caption = f"共 {len(found.variants)} 种走法，列出前 {len(shown)} 种"
    return f"<h2>走法</h2>\n{_table(caption, ('走法', '办件', '占比'), rows)}"


def _resources(found: Findings) -> str:
    if not found.resources:
        return ""
    rows = (
        ([one.name], [*_numbers(one.count, one.spread), f"{one.cases:,}"])
        for one in found.resources
    )
    return f"<h2>经办</h2>\n{_table('每个经办的事件', ('经办', *HEADS, '办件'), rows)}"


def _notes() -> str:
    return (
        "<h2>怎样计算</h2>\n<ol>"
        "<li>同一办件的事件按时间排列，时间相同的按文件里的先后。</li>"
        "<li>间隔是前后两个事件之间的时间，按日历时间（含夜间和节假日）计。</li>"
        "<li>中位：一半不超过；九成以内：百分之九十不超过，两数之间按直线内插。</li>"
        "<li>日志只有完成的时刻，所以一项活动的用时含等待；办件的第一个事件没有用时。</li>"
        "</ol>"
    )


# ── the picture ───────────────────────────────────────────────────────────────────────────────


def _graph(found: Findings) -> str:
    drawn = picture(found)
    left = f"，另有 {drawn.left_out} 种先后只列在表里" if drawn.left_out else ""
    return (
        f"<h2>流程图</h2>\n<p>向下直走或走右侧是往后办，走左侧是退回；线越粗次数越多，"
        f"旁边是次数和中位间隔{left}。</p>\n"
        f'<div class="wide">{_svg(drawn)}</div>'
    )


ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="5" refY="4" markerWidth="8" '
    'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
    '<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>'
)


def _svg(drawn: Picture) -> str:
    most = max((line.edge.count for line in drawn.lines), default=1)
    size = f'viewBox="0 0 {drawn.width} {drawn.height}" width="{drawn.width}"'
    parts = [
        f'<svg {size} role="img" aria-label="各项活动先后的流程图，数字见下表">',
        ARROW,
        *(_path(line, most) for line in drawn.lines),
        *(_box(box) for box in drawn.boxes),
        *(_label(line) for line in drawn.lines),
        "</svg>",
    ]
    return "\n".join(parts)


def _path(line: Line, most: int) -> str:
    width = 1 + 5 * line.edge.count / most
    style = f'class="line" stroke-width="{width:.1f}" marker-end="url(#arrow)"'
    return f'<path {style} d="{line.path}"/>'


def _label(line: Line) -> str:
    text = f"{line.edge.count:,} · {duration(line.edge.spread.median)}"
    return f'<text class="label" x="{line.label_x:.0f}" y="{line.label_y:.0f}">{text}</text>'


def _box(box: Box) -> str:
    middle = box.x + BOX_WIDTH // 2
    lines = _wrapped(box.name)
    first = box.y + (28 if len(lines) == 1 else 20)
    texts = [
        f'<text x="{middle}" y="{first + 17 * place}">{escape(line)}</text>'
        for place, line in enumerate([*lines, f"{box.count:,} 次"])
    ]
    shape = (
        f'<rect class="box" x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" '
        f'rx="10"><title>{escape(box.name)}</title></rect>'
    )
    return "\n".join([shape, *texts])


def _wrapped(name: str) -> list[str]:
    """At most two lines; a longer name ends in an ellipsis and stands in full in the title."""
    lines = [""]
    for word in WORDS.findall(name):
        if _width(lines[-1] + word.rstrip()) > NAME_LINE and lines[-1]:
            lines.append("")
        lines[-1] += word
    if len(lines) <= 2:
        return lines
    return [lines[0], lines[1].rstrip() + "…"]


def _width(text: str) -> float:
    return sum(1.0 if ord(char) > 0x2E80 else 0.55 for char in text)
