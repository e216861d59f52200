"""Forms of the desk: letters typed in, each act on one, the public copy, the settings. Fields bear
the names of what their command takes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import today
from mingtang.letters import queries
from mingtang.letters.forms.public import WrittenForm, phone
from mingtang.letters.rules.kinds import (
    TYPED,
    CallResult,
    Kind,
    Order,
    Refusal,
    Source,
    Target,
)
from mingtang.letters.rules.limits import LONGEST
from mingtang.letters.rules.moves import State, Verb
from mingtang.messages.forms import CommandForm
from mingtang.requests.forms.base import choice, day, line, text_area

Choices = Sequence[tuple[str, str]]


class TakeInForm(WrittenForm):
    """A letter from the opinion box, or an order of the hotline."""

    kind = choice(_("类别"), Kind, _("请选择类别。"), initial=Kind.ENQUIRY.value)
    source = choice(
        *(_("怎么来的"), [one for one in TYPED if one is not Source.PHONE], _("请选择来源。")),
        initial=Source.BOX.value,
    )
    order_number = line(_("工单编号"), most=40, required=False, help_text=_("12345 工单才填。"))
    order_due = day(_("工单期限"), required=False, help_text=_("12345 工单才填。"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("phone", "writer_name"):
            self.fields[name].required = False

    def clean_writer_name(self) -> str:
        return self.cleaned_data["writer_name"] or "（没有署名）"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("source") == Source.HOTLINE.value:
            for name in ("order_number", "order_due"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("12345 工单须填这一项。"))
        if (due := data.get("order_due")) and due < today():
            self.add_error("order_due", _("工单期限早于今天，请核对。"))
        return data

    def order(self) -> Order | None:
        data = self.cleaned_data
        if data["source"] != Source.HOTLINE.value:
            return None
        return Order(data["order_number"], data["order_due"])


class PhoneForm(WrittenForm):
    """Typed while somebody talks."""

    kind = choice(_("类别"), Kind, _("请选择类别。"), initial=Kind.ENQUIRY.value)


class CallerForm(forms.Form):
    phone = phone()


class ActForm(CommandForm):
    """The form of an act. `about`: the letter; `units`: the organisations to choose from."""

    def __init__(self, *args: Any, about: queries.Letter, units: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer(about, units)

    def offer(self, about: queries.Letter, units: Choices) -> None:
        """Fill in what may be chosen here."""

    def choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


def unit(label: Any, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        empty_value=None,
        error_messages={"required": _("请选择单位。"), "invalid_choice": _("请选择单位。")},
        **more,
    )


class AcceptForm(ActForm):
    kind = choice(_("类别"), Kind, _("请选择类别。"))
    about_id = unit(_("关于哪个单位"), required=False)

    def offer(self, about: queries.Letter, units: Choices) -> None:
        self.choose("about_id", [("", _("不选")), *units])
        self.initial.update(kind=about.kind, about_id=about.about_id)


class DeclineForm(ActForm):
    refusal = choice(_("理由"), Refusal, _("请选择理由。"))
    note = text_area(_("说明"), required=False, rows=2, help_text=_("来信人会看到。"))


class TransferForm(ActForm):
    target = choice(_("转到"), Target, _("请选择转到哪里。"))
    reference = line(_("对方的编号或者经办人"), required=False, most=60)
    organisation_id = unit(_("向哪个单位申请公开"), required=False)
    note = text_area(_("说明"), required=False, rows=2, help_text=_("来信人会看到。"))

    def offer(self, about: queries.Letter, units: Choices) -> None:
        self.choose("organisation_id", [("", _("不是信息公开申请")), *units])


class DispatchForm(ActForm):
    lead_id = unit(_("牵头单位"))
    assisting_ids = forms.TypedMultipleChoiceField(
        label=_("协办单位"),
        coerce=int,
        required=False,
        help_text=_("按住 Ctrl 可以选几个。"),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def offer(self, about: queries.Letter, units: Choices) -> None:
        self.choose("lead_id", [("", _("请选择")), *units])
        self.choose("assisting_ids", units)


class DesignateForm(ActForm):
    lead_id = unit(_("指定哪个单位"), help_text=_("被指定的单位不能再退回。"))

    def offer(self, about: queries.Letter, units: Choices) -> None:
        self.choose("lead_id", [("", _("请选择")), *units])


class ReasonForm(ActForm):
    reason = text_area(_("理由"), _("请写明理由。"), rows=3)


class WordsForm(ActForm):
    words = text_area(_("内容"), _("请写明内容。"), rows=3)


class AnswerForm(ActForm):
    text = text_area(
        _("答复"), _("请写明答复。"), rows=8, help_text=_("来信人会看到。一件一件答清楚。")
    )


class ExtendForm(ActForm):
    days = forms.IntegerField(label=_("延多少个工作日"), min_value=1, max_value=LONGEST)
    reason = text_area(_("理由"), _("请写明理由。"), rows=2)

    def offer(self, about: queries.Letter, units: Choices) -> None:
        self.initial.update(days=about.extension_days)


class CallBackForm(ActForm):
    result = choice(_("来信人说"), CallResult, _("请选择结果。"))
    words = text_area(_("原话"), required=False, rows=2)


class NameReaderForm(ActForm):
    username = line(_("用户名"), _("请填写用户名。"), most=60, help_text=_("承办单位的经办人。"))


FORMS: dict[Verb, type[ActForm]] = {
    Verb.ACCEPT: AcceptForm,
    Verb.DECLINE: DeclineForm,
    Verb.TRANSFER: TransferForm,
    Verb.DISPATCH: DispatchForm,
    Verb.DESIGNATE: DesignateForm,
    Verb.RETURN: ReasonForm,
    Verb.TAKE: ActForm,
    Verb.REPORT: WordsForm,
    Verb.ANSWER: AnswerForm,
    Verb.EXTEND: ExtendForm,
    Verb.URGE: ActForm,
    Verb.DIRECT: WordsForm,
    Verb.CALL_BACK: CallBackForm,
    Verb.REDO: WordsForm,
    Verb.CLOSE: ActForm,
    Verb.HAND_BACK: ActForm,
    Verb.RECUSE: ReasonForm,
    Verb.NAME_READER: NameReaderForm,
}


class RegisterForm(forms.Form):
    q = forms.CharField(label=_("编号或电话"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), *((one.value, _(one.label)) for one in State)],
    )
    kind = forms.ChoiceField(
        label=_("类别"),
        required=False,
        choices=[("", _("全部")), *((one.value, _(one.label)) for one in Kind)],
    )
    source = forms.ChoiceField(
        label=_("来源"),
        required=False,
        choices=[("", _("全部")), *((one.value, _(one.label)) for one in Source)],
    )
    since = day(_("从"), required=False)
    until = day(_("到"), required=False)
    copy = forms.ChoiceField(
        label=_("公开稿"),
        required=False,
        choices=[("", _("全部")), ("waiting", _("等第二个人确认的"))],
    )

    def sought(self) -> queries.Sought:
        """What is asked for; what cannot be read is not asked for."""
        self.is_valid()
        data = self.cleaned_data
        return queries.Sought(
            words=data.get("q", ""),
            state=data.get("state", ""),
            kind=data.get("kind", ""),
            source=data.get("source", ""),
            since=data.get("since"),
            until=data.get("until"),
            has_copy_waiting=data.get("copy") == "waiting",
        )


class CopyForm(CommandForm):
    """What everybody will read."""

    title = line(_("标题"), _("请写标题。"), most=80)
    question = text_area(_("来信内容"), _("请写来信内容。"), rows=8)
    text = text_area(_("答复内容"), _("请写答复内容。"), rows=8)


class PromoteForm(CommandForm):
    question = line(_("问题"), _("请写问题。"), most=200)
    text = text_area(_("答案"), _("请写答案。"), rows=6)


class LimitForm(CommandForm):
    kind = forms.ChoiceField(
        label=_("类别"),
        required=False,
        choices=[("", _("各类")), *((one.value, _(one.label)) for one in Kind)],
    )
    source = forms.ChoiceField(
        label=_("来源"),
        required=False,
        choices=[("", _("各种来源")), *((one.value, _(one.label)) for one in Source)],
    )
    since = day(_("从哪天起"))
    days = forms.IntegerField(label=_("工作日"), min_value=0, max_value=LONGEST)
    extension_days = forms.IntegerField(label=_("可延长"), min_value=0, max_value=LONGEST)
    basis = line(_("依据"), _("请写明依据的文件。"))


class KeeperForm(CommandForm):
    username = line(_("用户名"), _("请填写用户名。"), most=60)


class SettleForm(CommandForm):
    """A quarantined mail made a letter, as a person reads it."""

    title = line(_("标题"), _("请写标题。"), most=40)
    text = text_area(_("内容"), _("请写内容。"), rows=8)
    name = line(_("姓名"), _("请写姓名。"), most=60)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
