"""The tables of 2021 as many hands lay them out: flattened, drawn in HTML, drawn in DOCX."""

import html
import io
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
DONE = "三、本年度办理结果"
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("（一）予以公开", ()),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ()),
    (
        "（三）不予公开",
        (
            "1.属于国家秘密",
            "2.其他法律行政法规禁止公开",
            "3.危及“三安全一稳定”",
            "4.保护第三方合法权益",
            "5.属于三类内部事务信息",
            "6.属于四类过程性信息",
            "7.属于行政执法案卷",
            "8.属于行政查询事项",
        ),
    ),
    (
        "（四）无法提供",
        (
            "1.本机关不掌握相关政府信息",
            "2.没有现成信息需要另行制作",
            "3.补正后申请内容仍不明确",
        ),
    ),
    (
        "（五）不予处理",
        (
            "1.信访举报投诉类申请",
            "2.重复申请",
            "3.要求提供公开出版物",
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息",
        ),
    ),
    (
        "（六）其他处理",
        (
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "3.其他",
        ),
    ),
    ("（七）总计", ()),
)
FIRST, SECOND = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
LAST = "四、结转下年度继续办理"
RULE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"

Figures = dict[int, Sequence[int]]  # row number (0 to 24) to six applicants; the rest is nothing


def matrix(figures: Figures) -> list[list[str]]:
    """Twenty-five rows of seven cells: totals are reckoned, 22 and 23 (sum, carried out) too."""
    rows = [list(figures.get(at, (0,) * 6)) for at in range(25)]
    for column in range(6):
        rows[23][column] = sum(rows[at][column] for at in range(2, 23))
        rows[24][column] = rows[0][column] + rows[1][column] - rows[23][column]
    return [[str(cell) for cell in (*row, sum(row))] for row in rows]


def labels() -> list[tuple[str, ...]]:
    """The labels before each row's numbers, with those that a merged cell gives."""
    found: list[tuple[str, ...]] = [(FIRST,), (SECOND,)]
    for group, rows in GROUPS:
        found += [(DONE, group, row) for row in rows] if rows else [(DONE, group)]
    return [*found, (LAST,)]


def _fresh(names: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Labels as they stand when merged cells are written once."""
    seen: set[str] = set()
    return [
        [name for name in row if name not in seen and not (len(name) < 12 and seen.add(name))]
        for row in names
    ]


def cell_by_cell(cells: list[list[str]]) -> str:
    lines = [RULE, "申请人情况", "自然人", "法人或其他组织", "总计", *COLUMNS[1:6]]
    for names, row in zip(_fresh(labels()), cells, strict=True):
        lines += [*names, *row]
    return "\n".join(lines)


def with_tabs(cells: list[list[str]]) -> str:
    lines = [RULE + "\t申请人情况", "\t\t\t自然人\t法人或其他组织\t\t\t\t\t总计"]
    lines.append("\t\t\t\t" + "\t".join(COLUMNS[1:6]))
    for names, row in zip(labels(), cells, strict=True):
        lines.append("\t".join([*names, *[""] * (3 - len(names)), *row]))
    return "\n".join(lines)


def with_bars(cells: list[list[str]]) -> str:
    lines = ["| 办理情况 | 自然人 | " + " | ".join(COLUMNS[1:]) + " |", "|---|" + "---|" * 7]
    for names, row in zip(labels(), cells, strict=True):
        lines.append("| " + " ".join(names) + " | " + " | ".join(row) + " |")
    return "\n".join(lines)


def wrapped(cells: list[list[str]]) -> str:
    """Long labels over two lines, numbers in columns of blanks."""
    lines = ["    ".join(COLUMNS)]
    for names, row in zip(_fresh(labels()), cells, strict=True):
        label = " ".join(names)
        if len(label) > 22:
            lines.append(label[:20])
            label = label[20:]
        lines.append(label + "   " + "    ".join(row))
    return "\n".join(lines)


def label_then_row(cells: list[list[str]]) -> str:
    lines = list[str]()
    for names, row in zip(_fresh(labels()), cells, strict=True):
        lines += [*names, "\u3000".join(row)]
    return "\n".join(lines)


def _td(text: str, *, columns: int = 1, rows: int = 1) -> str:
    spans = (f' colspan="{columns}"' if columns > 1 else "") + (
        f" rowspan={rows}" if rows > 1 else ""
    )
    return f"<td{spans} style='border:1px solid'><p>{html.escape(text) or '&nbsp;'}</p></td>\n"


def drawn_html(cells: list[list[str]]) -> str:
    out = [
        "<table><tbody><tr>"
        + _td(RULE, columns=3, rows=3)
        + _td("申请人情况", columns=7)
        + "</tr>",
        "<tr>"
        + _td("自然人", rows=2)
        + _td("法人或其他组织", columns=5)
        + _td("总计", rows=2)
        + "</tr>",
        "<tr>" + "".join(map(_td, COLUMNS[1:6])) + "</tr>",
    ]
    seen: set[str] = set()
    for names, row in zip(labels(), cells, strict=True):
        line = "<tr>"
        for at, name in enumerate(names):
            if at == len(names) - 1:
                line += _td(name, columns=3 - at)
            elif name not in seen:
                depth = 22 if name == DONE else len(dict(GROUPS)[name])
                line += _td(name, rows=depth)
                seen.add(name)
        out.append(line + "".join(map(_td, row)) + "</tr>")
    return "\n".join(out) + "</tbody></table>"


def _tc(text: str, *, span: int = 1, merge: str = "") -> str:
    props = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + (
        {"": "", "first": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[merge]
    )
    runs = "".join(
        f"<w:r><w:t>{escape(piece)}</w:t></w:r>" for piece in (text[:3], text[3:]) if piece
    )
    return f"<w:tc><w:tcPr>{props}</w:tcPr><w:p>{runs}</w:p></w:tc>"


def drawn_docx(cells: list[list[str]]) -> str:
    rows = ["<w:tr>" + _tc(RULE, span=3) + _tc("申请人情况", span=7) + "</w:tr>"]
    rows.append("<w:tr>" + _tc("", span=3) + "".join(map(_tc, COLUMNS)) + "</w:tr>")
    seen: set[str] = set()
    for names, row in zip(labels(), cells, strict=True):
        line = "<w:tr>"
        for at, name in enumerate(names):
            if at == len(names) - 1:
                line += _tc(name, span=3 - at)
            else:
                line += _tc("" if name in seen else name, merge="on" if name in seen else "first")
                seen.add(name)
        rows.append(line + "".join(map(_tc, row)) + "</w:tr>")
    return "<w:tbl>" + "".join(rows) + "</w:tbl>"


def docx(parts: Sequence[str]) -> bytes:
    """Paragraphs, and tables that are XML already, in a file of their own."""
    body = "".join(
        part
        if part.startswith("<w:tbl>")
        else "".join(
            f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in part.split("\n")
        )
        for part in parts
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
    return out.getvalue()


LAYOUTS: tuple[Callable[[list[list[str]]], str], ...] = (
    cell_by_cell,
    with_tabs,
    with_bars,
    wrapped,
    label_then_row,
    drawn_html,
    drawn_docx,
)


def remedies(layout: str, numbers: Sequence[int | str]) -> str:
    """Table four."""
    cells = [str(one) for one in numbers]
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    if layout == "drawn_html":
        first = _td("行政复议", columns=5, rows=2) + _td("行政诉讼", columns=10)
        second = _td("未经复议直接起诉", columns=5) + _td("复议后起诉", columns=5)
        rows = [first, second, "".join(map(_td, heads * 3)), "".join(map(_td, cells))]
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    if layout == "drawn_docx":
        drawn = [
            _tc("行政复议", span=5) + _tc("行政诉讼", span=10),
            _tc("", span=5) + _tc("未经复议直接起诉", span=5) + _tc("复议后起诉", span=5),
            "".join(map(_tc, heads * 3)),
            "".join(map(_tc, cells)),
        ]
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in drawn) + "</w:tbl>"
    gap = {"cell_by_cell": "\n", "label_then_row": "\n", "with_bars": " | "}.get(layout, "\t")
    edge = "| " if layout == "with_bars" else ""
    lines = [["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"], heads * 3, cells]
    return "\n".join(edge + gap.join(line) for line in lines)


def active(layout: str, numbers: Sequence[int | str]) -> str:
    """Table two: rules 3, normative documents 3, licences, penalties, coercion, fees."""
    one = [str(number) for number in numbers]
    rows = [
        ["第二十条第（一）项"],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", *one[:3]],
        ["行政规范性文件", *one[3:6]],
        ["第二十条第（五）项"],
        ["信息内容", "本年处理决定数量"],
        ["行政许可", one[6]],
        ["第二十条第（六）项"],
        ["信息内容", "本年处理决定数量"],
        ["行政处罚", one[7]],
        ["行政强制", one[8]],
        ["第二十条第（八）项"],
        ["信息内容", "本年收费金额（单位：万元）"],
        ["行政事业性收费", one[9]],
    ]

    def span(row: list[str]) -> list[int]:
        return [4] if len(row) == 1 else [1, 3] if len(row) == 2 else [1] * 4

    if layout == "drawn_html":
        lines = [
            "".join(_td(text, columns=wide) for text, wide in zip(row, span(row), strict=True))
            for row in rows
        ]
        return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
    if layout == "drawn_docx":
        lines = [
            "".join(_tc(text, span=wide) for text, wide in zip(row, span(row), strict=True))
            for row in rows
        ]
        return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"
    gap = {"cell_by_cell": "\n", "with_bars": " | "}.get(layout, "\t")
    edge = "| " if layout == "with_bars" else ""
    return "\n".join(edge + gap.join(row) for row in rows)
