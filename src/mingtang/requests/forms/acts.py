"""Forms of the office: a request taken in, and each act on one. Fields bear the names of what
their command takes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.messages.forms import CommandForm
from mingtang.requests import queries
from mingtang.requests.forms.base import choice, day, line, text_area
from mingtang.requests.forms.public import FileForm
from mingtang.requests.rules.consulting import Answer, PartyRole
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.fees import FeeBasis
from mingtang.requests.rules.kinds import DRAFTED_KINDS, Kind
from mingtang.requests.rules.moves import Verb
from mingtang.requests.rules.people import Channel, WantedWay
from mingtang.requests.rules.remedies import RemedyKind, RemedyResult
from mingtang.requests.rules.states import State

LONGEST_TERM = 60
PARTS = 4


def _days(label: Any, initial: int | None, **more: Any) -> forms.IntegerField:
    wrong = _("请填 1 至 60 的整数。")
    return forms.IntegerField(
        label=label,
        initial=initial,
        min_value=1,
        max_value=LONGEST_TERM,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        **more,
    )


class TakeInForm(FileForm):
    """A request that came across the counter, by post, fax, mail or word of mouth."""

    identity_number = line(
        _("身份证号或统一社会信用代码"),
        most=40,
        required=False,
        help_text=_("作为身份证明。单位填 18 位统一社会信用代码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    channel = choice(
        _("怎么提出的"),
        [one for one in Channel if one is not Channel.INTERNET],
        _("请选择提出的方式。"),
        initial=Channel.COUNTER.value,
    )
    submitted_date = day(_("提交（寄出）日期"))
    arrived_date = day(_("到达（签收）日期"), help_text=_("当面提交的与提交日期相同。"))
    confirmed_date = day(
        _("双方确认的日期"),
        required=False,
        help_text=_("平信、传真、邮件须与申请人确认；还没有确认的留空，以后登记。"),
    )
    help_note = line(
        _("提供的帮助"),
        most=200,
        required=False,
        help_text=_("阅读、视听有障碍或者口头申请的，写明怎样帮助的。"),
    )

    def came(self) -> dict[str, Any]:
        names = ("channel", "submitted_date", "arrived_date", "confirmed_date", "help_note")
        return {name: self.cleaned_data[name] for name in names}


class ActForm(CommandForm):
    """The form of an act. `about`: the request, for what may be chosen."""

    def __init__(self, *args: Any, about: queries.Request, **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer(about)

    def offer(self, about: queries.Request) -> None:
        """Fill in what may be chosen here."""

    def choose(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


class ConfirmReceiptForm(ActForm):
    confirmed_date = day(_("与申请人确认收到的日期"), help_text=_("从这一天的次日起计算答复期限。"))


class AskCorrectionForm(ActForm):
    wanted = text_area(
        _("要补正什么"),
        _("请写明要补正什么。"),
        help_text=_("一次说全：哪里不明确、怎样写才明确。告知书照此写。"),
    )
    days = _days(_("给多少个工作日"), 10)


class CorrectForm(ActForm):
    text = text_area(_("补正的内容"), _("请写明补正的内容。"))
    corrected_date = day(_("收到补正的日期"), required=False, help_text=_("留空为今天。"))


class ReasonForm(ActForm):
    reason = text_area(_("理由"), _("请写明理由。"), rows=3)


class SearchForm(ActForm):
    place = line(_("在哪里检索"), _("请写明在哪里检索。"), help_text=_("档案室、系统名称等。"))
    words = line(_("用什么词、什么范围"), _("请写明检索词或范围。"), most=200)
    found = text_area(_("结果"), _("请写明结果。"), rows=2)


class AssistanceForm(ActForm):
    party_name = line(_("请哪个单位协办"), _("请填写单位名称。"))
    question = text_area(_("协办的内容"), _("请写明内容。"), rows=2)


class ConsultForm(ActForm):
    role = choice(
        _("征求谁的意见"),
        (PartyRole.THIRD, PartyRole.JOINT),
        _("请选择。"),
        initial=PartyRole.THIRD.value,
        help_text=_("第三方逾期不答，由本机关决定；共同制作机关逾期不答，视为同意。"),
    )
    party_name = line(_("名称"), _("请填写名称。"))
    party_phone = line(_("电话"), most=20, required=False)
    party_address = line(_("地址"), most=200, required=False)
    question = text_area(_("就哪些内容征求意见"), _("请写明内容。"), rows=3)
    days = _days(
        _("期限（工作日）"),
        None,
        required=False,
        help_text=_("2019 年 5 月 15 日以后收到的申请法定为 15 个工作日，不用填。"),
    )
    reached_date = day(
        _("对方签收的日期"), required=False, help_text=_("当场送达的填今天，其余以后登记。")
    )


class _OfConsultation(ActForm):
    number = forms.TypedChoiceField(label=_("哪一次征求意见"), coerce=int)

    def offer(self, about: queries.Request) -> None:
        found = queries.open_consultations(about)
        self.choose("number", [(one.number, f"{one.number} {one.party.name}") for one in found])


class ConsultedForm(_OfConsultation):
    reached_date = day(_("对方签收的日期"))


class AnswerForm(_OfConsultation):
    opinion = choice(_("意见"), Answer, _("请选择意见。"))
    text = text_area(_("理由"), required=False, rows=2, help_text=_("不同意公开的必须写。"))
    answered_date = day(
        _("收到意见的日期"), required=False, help_text=_("留空为今天；逾期未答复的不用填。")
    )


class AskReasonsForm(ActForm):
    wanted = text_area(_("数量、频次的情况"), _("请写明情况。"), rows=3)
    days = _days(_("给多少个工作日"), 10)


class GiveReasonsForm(ActForm):
    text = text_area(_("申请人说明的理由"), _("请写明理由。"))


class DelayForm(ActForm):
    days = _days(_("延长多少个工作日"), 20)
    reason = text_area(_("理由"), _("请写明理由。"), rows=2)


class ChargeForm(ActForm):
    basis = choice(
        _("按哪种标准"), FeeBasis, _("请选择标准。"), help_text=_("只能选一种，不重复计算。")
    )
    quantity = forms.IntegerField(
        label=_("本件的件数或者页数"),
        min_value=1,
        max_value=100_000,
        initial=1,
        help_text=_("按件：一事一申请，本件算几件；本月以前的申请自动累计。按量：本件的页数。"),
    )


class PayForm(ActForm):
    paid_date = day(_("缴费日期"), required=False, help_text=_("留空为今天。"))


class DraftForm(ActForm):
    """Up to four parts; further ones stay blank."""

    override = text_area(
        _("第三方不同意而公开的理由"),
        required=False,
        rows=2,
        help_text=_("写明不公开会对公共利益造成什么重大影响，并会书面告知第三方。"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        groups: dict[str, list[tuple[str, str]]] = {}
        for kind in DRAFTED_KINDS:
            groups.setdefault(kind.group.label, []).append((kind.value, kind.label))
        kinds = [("", _("请选择")), *groups.items()]
        for place in range(1, PARTS + 1):
            self._add(place, kinds)
        self.order_fields([*(name for name in self.fields if name != "override"), "override"])

    def _add(self, place: int, kinds: Any) -> None:
        is_first = place == 1
        names = {
            f"scope_{place}": line(
                _("第 %d 部分：哪项内容") % place, _("请写明内容。"), most=200, required=is_first
            ),
            f"kind_{place}": forms.ChoiceField(
                label=_("怎样处理"),
                choices=kinds,
                required=is_first,
                error_messages={"required": _("请选择怎样处理。")},
            ),
            f"basis_{place}": line(
                _("依据"), most=200, required=False, help_text=_("留空用条例的条款。")
            ),
            f"reason_{place}": text_area(_("理由（公开的写获取方式）"), required=False, rows=2),
        }
        self.fields.update(names)
        if is_first:
            self.fields["scope_1"].initial = _("全部内容")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in range(2, PARTS + 1):
            scope, kind = data.get(f"scope_{place}"), data.get(f"kind_{place}")
            if bool(scope) != bool(kind):
                name = f"kind_{place}" if scope else f"scope_{place}"
                self.add_error(name, _("内容和处理要一起填。"))
        return data

    def content(self) -> dict[str, Any]:
        data = self.cleaned_data
        parts = [
            Part(
                data[f"scope_{place}"],
                Kind(data[f"kind_{place}"]),
                data[f"basis_{place}"],
                data[f"reason_{place}"],
            )
            for place in range(1, PARTS + 1)
            if data[f"kind_{place}"]
        ]
        return {"parts": parts, "override": data["override"]}


class DeliverForm(ActForm):
    way = choice(_("送达方式"), WantedWay, _("请选择送达方式。"))
    delivered_date = day(_("送达日期"), required=False, help_text=_("留空为今天。"))

    def offer(self, about: queries.Request) -> None:
        self.fields["way"].initial = about.wanted_way


class LinkForm(ActForm):
    earlier_number = line(_("以前申请的编号"), _("请填写编号。"), most=40)


class MoveForm(ActForm):
    title = line(_("移送主动公开的信息名称"), _("请填写名称。"))
    reason = text_area(_("理由"), _("请写明理由。"), rows=2)


class RemedyForm(ActForm):
    kind = choice(_("哪一种"), RemedyKind, _("请选择。"))
    body = line(_("受理的机关或者法院"), _("请填写受理的机关或者法院。"))
    raised_date = day(_("提出的日期"))
    reference = line(_("文号"), required=False)
    note = text_area(_("说明"), required=False, rows=2)
    is_admitted = forms.BooleanField(label=_("法院已受理（依法应当先复议的）"), required=False)


class CloseRemedyForm(ActForm):
    remedy_id = forms.TypedChoiceField(label=_("哪一项"), coerce=int)
    result = choice(_("结果"), RemedyResult, _("请选择结果。"))
    closed_date = day(_("结果的日期"), required=False, help_text=_("留空为今天。"))
    note = text_area(_("说明"), required=False, rows=2)

    def offer(self, about: queries.Request) -> None:
        found = queries.open_remedies(about)
        told = [(one.id, f"{one.get_kind_display()} {one.raised_date}") for one in found]
        self.choose("remedy_id", told)


class WithdrawForm(ActForm):
    reason = text_area(_("撤回的原因"), required=False, rows=2)


class PlainForm(ActForm):
    """An act that asks nothing."""


FORMS: dict[Verb, type[ActForm]] = {
    Verb.CONFIRM_RECEIPT: ConfirmReceiptForm,
    Verb.ASK_CORRECTION: AskCorrectionForm,
    Verb.CORRECT: CorrectForm,
    Verb.CONFIRM_LAPSE: ReasonForm,
    Verb.SEARCH: SearchForm,
    Verb.ASK_ASSISTANCE: AssistanceForm,
    Verb.CONSULT: ConsultForm,
    Verb.CONSULTED: ConsultedForm,
    Verb.ANSWER_CONSULTATION: AnswerForm,
    Verb.ASK_REASONS: AskReasonsForm,
    Verb.GIVE_REASONS: GiveReasonsForm,
    Verb.DELAY: DelayForm,
    Verb.EXTEND: ReasonForm,
    Verb.CHARGE: ChargeForm,
    Verb.PAY: PayForm,
    Verb.DRAFT: DraftForm,
    Verb.SEND_BACK: ReasonForm,
    Verb.DECIDE: PlainForm,
    Verb.DELIVER: DeliverForm,
    Verb.LINK: LinkForm,
    Verb.MOVE_TO_ACTIVE: MoveForm,
    Verb.TRANSFER_TO_LETTER: PlainForm,
    Verb.REGISTER_REMEDY: RemedyForm,
    Verb.CLOSE_REMEDY: CloseRemedyForm,
    Verb.WITHDRAW: WithdrawForm,
}


class RegisterForm(forms.Form):
    """What the register is narrowed to, out of its address."""

    q = line(_("编号或内容"), required=False, most=60)
    state = forms.ChoiceField(label=_("状态"), required=False)
    result = forms.ChoiceField(label=_("结果"), required=False)
    since = day(_("提交日期从"), required=False)
    until = day(_("到"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        every = ("", _("全部"))
        for name, kinds in (("state", State), ("result", Kind)):
            told = [(one.value, _name_of(one)) for one in kinds]
            self.fields[name].choices = [every, *told]  # type: ignore[attr-defined]

    def sought(self) -> queries.Sought:
        self.is_valid()
        data = self.cleaned_data
        return queries.Sought(
            words=data.get("q") or "",
            state=data.get("state") or "",
            result=data.get("result") or "",
            since=data.get("since"),
            until=data.get("until"),
        )


def _name_of(one: State | Kind) -> str:
    return one.name_in_full if isinstance(one, Kind) else one.label
