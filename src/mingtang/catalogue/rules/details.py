"""Rules: what an edition says beyond the seven disclosures, each field with its national name.

The fields of the national implementation list (国家汇聚表 up_task_general_*) have their homes
here; docs/exchange.md lists them. Words whose national codes are not attested have none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mingtang.accounts.rules import REAL_NAME_LEVELS
from mingtang.catalogue.rules.fields import (
    Asks,
    Choice,
    Day,
    Field,
    Flag,
    Number,
    Option,
    Several,
    Table,
    Text,
    is_blank,
)

# GB/T 39046 A.3, A.5; 权力来源 as one province uploads it.
LEVELS = {
    "national": Option("国家级", "1"),
    "province": Option("省级", "2"),
    "city": Option("市级", "3"),
    "county": Option("县级", "4"),
    "township": Option("乡镇级", "5"),
    "village": Option("村居级", "6"),
    "shared": Option("分级行使", "7"),
}
SOURCES = {
    "own": Option("法定本级行使", "1"),
    "handed_down": Option("上级下放", "2"),
    "authorised_above": Option("上级授权", "3"),
    "authorised_beside": Option("同级授权", "4"),
    "entrusted_above": Option("上级委托", "5"),
    "entrusted_beside": Option("同级委托", "6"),
}
BODIES = {
    "organ": Option("法定机关", "1"),
    "authorised": Option("授权组织", "2"),
    "entrusted": Option("受委托组织", "3"),
    "other": Option("其他", "9"),
}
CHANNELS = {
    "window": Option("窗口", "1"),
    "online": Option("网上", "2"),
    "mobile": Option("移动端", "3"),
    "post": Option("邮寄", "4"),
    "terminal": Option("自助终端"),
}
SERVICE_LEVELS = {
    "county": Option("市"),
    "township": Option("乡镇"),
    "village": Option("村"),
}
PRE_EXAMINERS = {
    "township": Option("乡镇（街道）"),
    "department": Option("市级部门"),
}
DEPTHS = {
    "enquiry": Option("互联网咨询"),
    "intake": Option("互联网收件"),
    "precheck": Option("互联网预审"),
    "acceptance": Option("互联网受理"),
    "handling": Option("互联网办理"),
}
REAL_NAMES = {str(level): Option(label) for level, label in REAL_NAME_LEVELS.items() if level}
AREAS = {
    "nation": Option("全国"),
    "provinces": Option("跨省"),
    "cities": Option("跨市"),
    "counties": Option("跨县"),
    "county": Option("本县"),
}
RESULTS = {
    "licence": Option("证照"),
    "approval": Option("批文"),
    "certificate": Option("证明"),
    "filing": Option("备案回执"),
    "other": Option("其他"),
}

FEES = Table(
    "fees",
    "收费项目",
    (
        Text("name", "收费项目", 200, ("fee_name",)),
        Text("standard", "标准", 256, ("fee_stand",)),
        Text("basis", "依据", 256, ("by_law",)),
        Flag("is_reducible", "可减免", ("is_desc",)),
        Text("waiver", "减免依据", 256, ("desc_explain",)),
    ),
    most=30,
    exchange=("up_task_general_fee_project",),
)
DETAILS: tuple[Field, ...] = (
    Text("basic_code", "基本编码", 12, ("catalog_code",)),
    Text("local_basic_code", "地方基本编码", 50, ("local_catalog_code",)),
    Text("local_code", "地方实施编码", 50, ("local_task_code",)),
    Choice("level", "行使层级", LEVELS, ("use_level",)),
    Choice("power_source", "权力来源", SOURCES, ("power_source",)),
    Choice("body_type", "实施主体性质", BODIES, ("dept_type",)),
    Text("entrusted_by", "委托部门", 100, ("entrust_name",)),
    Table(
        "variants",
        "业务办理项",
        (
            Text("code", "代码", 2, ("task_handle_item",)),
            Text("name", "名称", 60),
            Text("note", "说明", 200),
        ),
        most=20,
        exchange=("task_handle_item",),
    ),
    Several("channels", "办理形式", CHANNELS, ("handle_type", "is_service_terminals")),
    Several("service_levels", "受理层级", SERVICE_LEVELS),
    Text("towns", "乡镇街道代码", 2000, ("town_code",)),
    Text("villages", "村居社区代码", 2000, ("village_code",)),
    Table(
        "special",
        "特别程序",
        (Text("name", "名称", 100), Text("limit", "时限", 100), Text("basis", "依据", 256)),
        most=20,
        exchange=("special_procedure",),
    ),
    Flag("no_statutory_limit", "法律没有规定时限"),
    Text("promised_note", "承诺时限说明", 256, ("promise_explain",)),
    FEES,
    Text("fee_basis", "收费依据", 256, ("fee_basis",)),
    Number("visits", "到办事现场次数", 0, 9, "次", ("limit_scene_num",)),
    Text("visits_note", "到现场说明", 256),
    Table(
        "places",
        "办理地点和时间",
        (
            Text("name", "名称", 100),
            Text("address", "地址", 300, ("transact_addr",)),
            Text("hours", "时间", 200, ("transact_time",)),
            Text("phone", "电话", 60),
        ),
        most=30,
        exchange=("transact_addr", "transact_time"),
    ),
    Text("enquiry", "咨询方式", 256, ("link_way",)),
    Text("complaint", "监督投诉方式", 256, ("supervise_way",)),
    Flag("in_centre", "进驻政务大厅", ("is_entry_center",)),
    Flag("online", "网上办理", ("is_online",)),
    Choice("online_depth", "网上办理深度", DEPTHS, ("online_handle_depth",)),
    Choice("real_name", "网上申请实名要求", REAL_NAMES),
    Text("online_url", "在线办理地址", 256, ("link_addr",)),
    Flag("booking", "预约办理", ("is_schedule",)),
    Flag("online_payment", "网上支付", ("is_pay_online",)),
    Flag("express", "物流快递", ("is_express",)),
    Choice("scope_area", "通办范围", AREAS, ("handle_area",)),
    Several("result_type", "结果类型", RESULTS, ("result_type",)),
    Text("result_name", "结果名称", 200, ("result_name",)),
    Text("joint_bodies", "联办机构", 200, ("other_dept",)),
    Choice("pre_examined_by", "初审单位", PRE_EXAMINERS),
    Number("pre_examination_days", "初审时限", 1, 90, "个工作日"),
    Text("decided_by", "决定机关", 100),
    Text("intermediary", "中介服务", 500, ("service_type",)),
    Text("office", "承办科室", 100),
    Text("discretion", "裁量基准", 2000, is_long=True),
    Text("accountability", "追责情形和依据", 2000, is_long=True),
    Text("quantity_limit", "数量限制", 256, ("limit_explain",)),
    Several("themes", "主题分类", None, ("user_topic_type", "corp_topic_type")),
    Table(
        "questions",
        "常见问题",
        (Text("question", "问", 200), Text("answer", "答", 1000, is_long=True)),
        most=30,
    ),
    Asks("form", "申请表"),
    Day("effective_on", "计划生效日期", ("plan_effective_date",)),
    Day("cancelled_on", "计划取消日期", ("plan_cancel_date",)),
)
BY_KEY: dict[str, Field] = {field.key: field for field in DETAILS}

SHEETS = {
    "original": Option("原件"),
    "copy": Option("复印件"),
    "both": Option("原件和复印件"),
    "electronic": Option("电子"),
}
ORIGINS = {
    "applicant": Option("申请人自备"),
    "government": Option("政府部门核发"),
    "other": Option("其他"),
}
MATERIALS = Table(
    "materials",
    "申报材料",
    (
        Text("name", "名称", 200, ("material_name",)),
        Text("form", "形式", 40, ("material_format",)),
        Number("copies", "份数", 1, 99, "份", ("page_num",)),
        Text("need", "必要性", 20, ("is_need",)),
        Text("note", "说明", 500, ("fill_explain",)),
        Choice("sheet", "类型", SHEETS, ("material_type",)),
        Text("size", "规格", 200, ("page_format",)),
        Choice("origin", "来源", ORIGINS, ("source_type",)),
        Text("origin_note", "来源说明", 500, ("source_explain",)),
        Text("issuer", "出具单位", 100),
        Text("basis", "依据", 256, ("by_law",)),
        Text("standard", "受理标准", 256, ("accept_stand",)),
        Several("variants", "办理项"),
        Text("blank_form", "空白表格", 120),
        Text("sample", "填写样张", 120),
    ),
    in_order=5,
    most=100,
    separators="\n;；",
    exchange=("up_task_general_material",),
)

# In a table a material carries its id where its name does not give it.
MATERIAL_CELLS = replace(MATERIALS, columns=(*MATERIALS.columns, Text("id", "标识", 12)))


def details_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a content is kept as details: only what is said, in the order of the list."""
    return {
        field.key: content[field.key] for field in DETAILS if not is_blank(content.get(field.key))
    }


def contradictions(content: Mapping[str, Any]) -> Iterator[tuple[str, int | None, str]]:
    """Fields that gainsay one another: key, row, sentence after the field's name."""
    codes: dict[str, int] = {}
    for row, variant in enumerate(content.get("variants") or [], 1):
        code = variant.get("code", "")
        if code in codes:
            yield "variants", row, f"代码“{code}”与第{codes[code]}行重复。"
        codes.setdefault(code, row)
    for row, line in enumerate(content.get("materials") or [], 1):
        unknown = [code for code in line.get("variants") or [] if code not in codes]
        if unknown:
            yield "materials", row, f"写了办理项“{'、'.join(unknown)}”，业务办理项里没有它。"
    yield from _referral_gainsaid(content)
    if content.get("no_statutory_limit") and content.get("statutory_amount") is not None:
        yield "no_statutory_limit", None, "选了是，又写了法定时限，请改正其一。"
    start, end = content.get("effective_on"), content.get("cancelled_on")
    if start and end and end < start:
        yield "cancelled_on", None, f"早于计划生效日期{start}，请核对两个日期。"
    if content.get("online_depth") and content.get("online") is False:
        yield "online_depth", None, "写了深度，“网上办理”却选了否，请改正其一。"
    if content.get("is_free") and content.get("fees"):
        yield "fees", 1, "列了收费项目，“是否收费”却选了不收费，请改正其一。"


def _referral_gainsaid(content: Mapping[str, Any]) -> Iterator[tuple[str, int | None, str]]:
    """An item that another level decides says who examines first, and goes up to somebody."""
    by = content.get("pre_examined_by")
    if not by:
        for key in ("pre_examination_days", "decided_by"):
            if content.get(key):
                yield key, None, "填写了，“初审单位”却没有选，请选由谁初审，或删去这一项。"
        return
    if content.get("on_the_spot"):
        yield "pre_examined_by", None, "即办件当场办结，不能先由下级初审，请改正其一。"
    if by == "department" and not content.get("decided_by"):
        yield "decided_by", None, "由市级部门初审的，请写明报给哪个上级机关决定。"
