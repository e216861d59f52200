"""Views: what an office sets and notes beside the lives of things: substitutions, mandates, the
shelf of guides, wordings, rules, numberings, the day's cash, words on the boards."""

from typing import Annotated, Any

from django import forms
from ninja import Query, Router

from mingtang.api import shapes, shapes_pages
from mingtang.api import shapes_house as told
from mingtang.api.views.pages import ids_in, paged, presses, shows, written
from mingtang.cases import views as cases
from mingtang.cases.forms import leads as lead_forms
from mingtang.catalogue import forms as catalogue_forms
from mingtang.catalogue.views import guides, keeping, shelf
from mingtang.disclosure import forms as disclosure_forms
from mingtang.disclosure.views import book, numbering
from mingtang.disclosure.views import keeping as checks
from mingtang.exchange import views as exchange
from mingtang.exchange import views_cutover as cutting
from mingtang.exchange.forms import CodeForm, OutcomeForm, SourceForm, TickForm, UntickForm
from mingtang.interaction import views as ratings
from mingtang.interaction.forms import CallForm, RatingForm
from mingtang.joint.views import paper as joint_paper
from mingtang.letters.forms.desk import KeeperForm, LimitForm
from mingtang.letters.views import paper as letter_paper
from mingtang.letters.views import publishing
from mingtang.messages import views as wordings
from mingtang.messages.forms import CommandForm, TemplateForm
from mingtang.outage import views as outage
from mingtang.outage.forms import PaperReceiptForm, RefuseForm
from mingtang.queues.forms.keeping import QueueForm
from mingtang.queues.views import keeping as queues
from mingtang.requests.views import paper as request_paper
from mingtang.screens.forms import InsertForm, VolumeForm
from mingtang.screens.views import board, devices
from mingtang.supervision.forms import RuleForm, SwitchForm
from mingtang.supervision.views import rulebook

router = Router(tags=["设置和登记"])
Code18 = Annotated[str, Query(max_length=18, description="统一社会信用代码")]


class SwitchedForm(CommandForm):
    is_on = forms.ChoiceField(label="打开或关闭", choices=[("1", "打开"), ("0", "关闭")])


def _rows(name: str) -> Any:
    return lambda shown: paged(shown[name] or (), "")


# ── people who act for others ─────────────────────────────────────────────────────────────────

HANDOVER, MANDATES = "/desk/substitutions", "/desk/mandates"


def _mandates(shown: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {**one, "id": ids_in(one["act"]["url"] if one["act"] else "").get("mandate_id", "")}
        for one in shown.get("rows", ())
    ]
    return paged(rows, "")


shows(
    router,
    HANDOVER,
    cases.handover,
    shapes.Page[told.SubstitutionLine],
    "顶岗",
    _rows("substitutions"),
)
presses(router, HANDOVER, cases.handover, lead_forms.SubstitutionForm, "安排顶岗")
_end = f"{HANDOVER}/{{substitution_id}}/end"
presses(router, _end, cases.end_substitution, CommandForm, "提前结束顶岗")
presses(router, "/desk/steps/hand-over", cases.hand_over_steps, lead_forms.HandOverForm, "交接环节")
shows(
    router,
    MANDATES,
    cases.mandates,
    shapes.Page[told.MandateLine],
    "一家单位的委托",
    _mandates,
    q=Code18,
)
presses(router, MANDATES, cases.mandates, lead_forms.MandateForm, "登记委托")
_end = f"{MANDATES}/{{mandate_id}}/end"
presses(router, _end, cases.end_mandate, lead_forms.EndMandateForm, "终止委托")
presses(router, "/desk/cashier/close", cases.cashier, lead_forms.CloseDayForm, "结清一天的账")

PAPER = "/desk/paper-receipts"


def _paper_receipts(shown: dict[str, Any]) -> dict[str, Any]:
    rows = [{**one, "stage": one["stage"].value} for one in shown["rows"]]
    return paged(rows, shown["next_url"])


shows(
    router,
    PAPER,
    outage.receipts,
    shapes.Page[told.PaperReceiptLine],
    "等待核对的纸质回执",
    _paper_receipts,
)
_one = f"{PAPER}/{{receipt_id}}"
presses(router, f"{_one}/confirm", outage.confirm, CommandForm, "核定收到时间")
presses(router, f"{_one}/refuse", outage.refuse, RefuseForm, "不予核定收到时间")
presses(
    router,
    "/desk/cases/{number}/paper-receipt",
    cases.enter_paper_receipt,
    PaperReceiptForm,
    "登记停机时的纸质回执",
)
presses(
    router,
    "/desk/requests/{request_id}/paper-receipt",
    request_paper.enter_paper_receipt,
    PaperReceiptForm,
    "登记信息公开申请停机时的纸质回执",
)
presses(
    router,
    "/desk/letters/{letter_id}/paper-receipt",
    letter_paper.enter_paper_receipt,
    PaperReceiptForm,
    "登记来信停机时的纸质回执",
)
presses(
    router,
    "/desk/joint/{joint_id}/paper-receipt",
    joint_paper.enter_paper_receipt,
    PaperReceiptForm,
    "登记并联件停机时的纸质回执",
)

# ── paper ─────────────────────────────────────────────────────────────────────────────────────

SHELF = "/desk/shelf"


def _shelf(shown: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"id": one.guide.id, "place": one.guide.place, "state": one.state, "number": one.number}
        for one in shown["rows"]
    ]
    return paged(rows, "")


shows(router, SHELF, shelf.shelf, shapes.Page[told.GuideLine], "取阅架", _shelf)
presses(router, f"{SHELF}/of/{{code}}", shelf.shelve, catalogue_forms.ShelveForm, "指南上架")
for _verb, _act in shelf.ACTS.items():
    _form = catalogue_forms.CopiesForm if _act.counted else CommandForm
    _path = f"{SHELF}/{{guide_id}}/acts/{_verb}"
    presses(router, _path, shelf.shelf_act, _form, str(_act.label), verb=_verb)
presses(
    router, "/desk/printings", keeping.printings, catalogue_forms.PrintingForm, "登记印刷和发放"
)
presses(router, "/desk/enquiries", guides.enquire, catalogue_forms.EnquiryForm, "记一次咨询")

# ── words, limits, rules ──────────────────────────────────────────────────────────────────────

WORDING, RULE = "/desk/wordings/{event}/{audience}", "/desk/rules/{profile}/{code}"


def _rules(shown: dict[str, Any]) -> dict[str, Any]:
    return paged(({**one, **ids_in(one["url"])} for one in shown["rows"]), "")


def _content(shown: dict[str, Any]) -> dict[str, Any]:
    return {"content": written(shown["form"]) if shown["form"] else {}}


shows(router, WORDING, wordings.template, shapes_pages.Written, "一种消息的文字", _content)
presses(router, WORDING, wordings.template, TemplateForm, "改消息的文字", sends={"save": "1"})
presses(router, f"{WORDING}/reset", wordings.template_reset, CommandForm, "恢复自带的文字")
presses(router, "/desk/letters/limits", publishing.limits, LimitForm, "设来信的期限")
presses(router, "/desk/letters/readers", publishing.readers, KeeperForm, "指定举报的阅看人")
_end = "/desk/letters/readers/{reader_id}/end"
presses(router, _end, publishing.end_reader, CommandForm, "不再阅看举报")
shows(router, "/desk/rules", rulebook.rules, shapes.Page[told.RuleLine], "监察规则", _rules)
shows(router, RULE, rulebook.rule, shapes_pages.Written, "一条监察规则", _content)
presses(router, RULE, rulebook.rule, RuleForm, "写新的一版规则", sends={"save": "1"})
presses(router, "/desk/rules/switch", rulebook.switch, SwitchForm, "换监察方案")
presses(router, "/desk/codes/{name}/{ours}", exchange.set_code, CodeForm, "改国家交换的代码")

# ── an old system is switched off ─────────────────────────────────────────────────────────────

CUT_OVER = "/desk/cut-over"
Source = Annotated[str, Query(max_length=60, description="哪个旧系统")]


def _check_list(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": shown.get("source", ""),
        "sources": [one["name"] for one in shown.get("sources", ())],
        "points": [
            {**one, "said": one["tick"].note if one["tick"] else ""}
            for one in shown.get("rows", ())
        ],
        "open": shown.get("open", ()),
        "is_sealed": shown.get("is_sealed", False),
    }


shows(
    router,
    CUT_OVER,
    cutting.cut_over,
    told.CutOverList,
    "停用旧系统的清单",
    _check_list,
    source=Source,
)
presses(router, f"{CUT_OVER}/tick", cutting.tick, TickForm, "登记一项已经核对")
presses(router, f"{CUT_OVER}/untick", cutting.untick, UntickForm, "撤回登记")
presses(router, f"{CUT_OVER}/open", cutting.settle, OutcomeForm, "登记旧件的去向")
presses(router, f"{CUT_OVER}/seal", cutting.seal, SourceForm, "提出或确认停用")

# ── disclosure ────────────────────────────────────────────────────────────────────────────────

presses(router, "/desk/trainings", book.trainings, disclosure_forms.TrainingForm, "登记培训")
presses(router, "/desk/numbering", numbering.schemes, disclosure_forms.SchemeForm, "定索引号规则")
presses(router, "/desk/drafts-by-themselves/{kind}", book.switch, SwitchedForm, "自动起草开关")
presses(
    router,
    "/desk/standard/table",
    checks.catalogue_import,
    disclosure_forms.TableForm,
    "导入公开标准目录",
)
presses(router, "/desk/checks", checks.check_now, CommandForm, "重新检查栏目")

# ── the hall ──────────────────────────────────────────────────────────────────────────────────

QUEUES, INSERTS = "/desk/queues", "/desk/inserts"
shows(router, QUEUES, queues.keep, shapes.Page[told.QueueKept], "排队业务", _rows("queues"))
presses(router, QUEUES, queues.keep, QueueForm, "添排队业务")
presses(router, f"{QUEUES}/{{queue_id}}", queues.keep, QueueForm, "改排队业务")
shows(router, INSERTS, board.inserts, shapes.Page[told.InsertLine], "大屏插播", _rows("rows"))
presses(router, INSERTS, board.inserts, InsertForm, "大屏插播通知")
presses(
    router, f"{INSERTS}/urgent", board.inserts, InsertForm, "大屏紧急插播", sends={"urgent": "1"}
)
presses(router, f"{INSERTS}/{{insert_id}}/end", board.end, CommandForm, "提前结束插播")
presses(router, "/desk/devices/{device_id}/volume", devices.volume, VolumeForm, "叫号声音")
presses(router, "/desk/devices/{device_id}/revoke", devices.revoke, CommandForm, "停用屏幕")
presses(router, "/desk/ratings/calls", ratings.call, CallForm, "登记电话回访的评价")
presses(router, "/rate/{token}", ratings.by_token, RatingForm, "用二维码评价")
